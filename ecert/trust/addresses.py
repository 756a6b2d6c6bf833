"""What an address says before anybody is asked: URLs, hosts, and which IP addresses are public.

Nothing here opens a connection or looks a name up. URLs come out of certificates of files that
anyone may have made: they are lies until read here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MAX_URL = 4096  # characters: the addresses of public CAs stay below 200
MAX_SHOWN = 200  # characters of an address in a message
MAX_HOST = 253  # characters of a host name: RFC 1035, 2.3.4
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")  # urlsplit would drop some of them silently
_USER = re.compile(r"(?<=://)[^/?#]*@")
_PORTS = {"http": 80, "https": 443}

# IANA's special-purpose registries, as far as ipaddress of Python 3.11 does not know them
_RESERVED_4 = tuple(ipaddress.IPv4Network(n) for n in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24"))
# out of the public space, yet nobody's but a cloud's own: its host answers there (keys, secrets, the machine's
# identity). Azure's host; IBM's services. The others use 169.254.0.0/16, 100.64.0.0/10, 192.0.0.0/24, fc00::/7
_CLOUD_4 = tuple(ipaddress.IPv4Network(n) for n in ("168.63.129.16/32", "161.26.0.0/16", "166.8.0.0/14"))
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # RFC 4291, 2.4: all that is handed out
_RESERVED_6 = tuple(
    ipaddress.IPv6Network(n)
    for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # Teredo, samples, 6to4
)
_ISATAP = 0x00005EFE  # RFC 5214, 6.1: the upper half of an interface identifier
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052, 2.1: IPv4 from an IPv6-only network


@dataclass(frozen=True)
class Target:
    """Whom a URL means, after ``map_hosts``; ``path`` has the query and is ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return host and port as a Host header has them (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the address that is asked."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def site(self) -> tuple[str, str, int]:
        """Return what a redirect must not change."""
        return (self.scheme, self.host, self.port)


def read_url(url: str, map_hosts: Mapping[str, str] | None = None) -> Target:
    """Read an http or https address; any port may be asked, a user name may not be given.

    Raises:
        ValueError: it is something else.
    """
    if len(url) > MAX_URL or _UNSAFE.search(url):
        raise ValueError("it is too long or has blanks or control characters")
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        raise ValueError("it has another scheme, no host, or a user name")
    host = plain_host(parts.hostname)
    for name, instead in (map_hosts or {}).items():
        if plain_host(name) == host:
            host = plain_host(instead)
            break
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if port == 0:
        raise ValueError("there is no port 0")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, quote(path, safe="/%?:@!$&'()*+,;=~[]|"))


def plain_host(name: str) -> str:
    """Return a host as it is compared: lower case, ASCII, no final dot, IP addresses compressed.

    Raises:
        ValueError: it is neither a host name nor an IP address.
    """
    text = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    if ":" in text:
        if "%" in text:
            raise ValueError("an address with a zone is nobody's but this machine's")
        return str(ipaddress.IPv6Address(text))
    if len(text) > MAX_HOST:
        raise ValueError("a host name of this length does not exist")
    host = text.encode("idna").decode("ascii").lower().removesuffix(".")
    if not _HOST.fullmatch(host):
        raise ValueError("it is not a host name")
    return host


def shown_address(url: str) -> str:
    """Return an address as messages and reports show it: one short line, no password."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in url[: MAX_URL + 1])
    text = _USER.sub("…@", text, count=1)
    if len(text) > MAX_SHOWN:
        text = re.split(r"[?#]", text, maxsplit=1)[0] + "…"
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def is_public(address: str) -> bool:
    """Return whether an IP address is out on the internet, an IPv4 address in IPv6 clothes included.

    Loopback, private, shared (RFC 6598), link-local, multicast, documentation and reserved
    addresses are not; nor are those at which a cloud's host answers its machines, nor Teredo, 6to4
    and ISATAP, which tunnel to an IPv4 address of the sender's choice.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            tunnel = int(ip) >> 32 & 0xFCFFFFFF == _ISATAP  # bits u and g may be set
            return ip in _GLOBAL_UNICAST and not tunnel and not any(ip in network for network in _RESERVED_6)
        ip = inner
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved)
        and not any(ip in network for network in (*_RESERVED_4, *_CLOUD_4))
    )
