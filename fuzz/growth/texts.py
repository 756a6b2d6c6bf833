"""Text files: PEM, TOML, XML."""

from __future__ import annotations

from collections.abc import Callable

from ecert.testing.pki import pem
from fuzz.growth.ground import ground
from fuzz.seeds import _RECORD


def unclosed_pem(count: int) -> bytes:
    """Return so many beginnings of certificates, none of which ends."""
    return b"-----BEGIN CERTIFICATE-----\n" * count


def closed_pem(count: int) -> bytes:
    """Return so many certificates."""
    return pem(ground().root.certificate) * count


def _toml(line: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda count: "\n".join(line(i) for i in range(count)).encode()


def _once(pattern: str, piece: str) -> Callable[[int], bytes]:
    return lambda count: (pattern % (piece * count)).encode()


def _deep(count: int) -> bytes:
    return ("x = " + "[" * count + "]" * count).encode()


def _registry(count: int) -> bytes:
    rows = [
        f'[[body]]\nid = "b{i}"\nkind = "commune"\n[[body.name]]\ntext = "Ủy ban nhân dân xã {i}"\n'
        f'[[body.key]]\ncertificates = ["{i:064x}"]\n[[certifier]]\nname = "Người {i}"\nbody = "b{i}"\n'
        f'certificates = ["{i + 10**9:064x}"]\ncapacity = "head"\n'
        for i in range(count)
    ]
    return ('id = "vn.example"\nversion = "1"\n' + "".join(rows)).encode()


def _xml(piece: str, *, close: str = "") -> Callable[[int], bytes]:
    return lambda count: (
        f'<certification xmlns="urn:ecert:record:1">{piece * count}{close * count}</certification>'.encode()
    )


def _attributes(count: int) -> bytes:
    names = " ".join(f'a{i}="1"' for i in range(count))
    return f'<certification xmlns="urn:ecert:record:1" {names}/>'.encode()


def _spaces(count: int) -> bytes:
    names = " ".join(f'xmlns:a{i}="u:{i}"' for i in range(count))
    return f'<certification xmlns="urn:ecert:record:1" {names}>{"<b/>" * count}</certification>'.encode()


def _entities(count: int) -> bytes:
    return (
        '<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa">]><certification xmlns="urn:ecert:record:1">'
        f"{'&a;' * count}</certification>"
    ).encode()


def _digits(count: int) -> bytes:
    return _RECORD.replace(b"number = 152", b"number = " + b"9" * count)


def _xml_digits(count: int) -> bytes:
    return f'<certification xmlns="urn:ecert:record:1"><number>{"9" * count}</number></certification>'.encode()


CASES = [
    ("pem-without-end", "anchors", 9_000, unclosed_pem),
    ("pem-of-certificates", "anchors", 400, closed_pem),
    ("evidence-pem-without-end", "evidence", 9_000, unclosed_pem),
    ("evidence-pem-of-certificates", "evidence", 400, closed_pem),
    ("toml-dotted-keys", "policy", 2_000, _once("a%s = 1", ".a")),
    ("toml-keys", "policy", 4_000, _toml(lambda i: f"k{i} = 1")),
    ("toml-tables", "policy", 4_000, _toml(lambda i: f"[t{i}]")),
    ("toml-tables-of-one-array", "policy", 4_000, _once("%s", "[[t]]\n")),
    ("toml-nested-tables", "policy", 300, _toml(lambda i: "[" + ".".join(["t"] * (i + 1)) + "]")),
    ("toml-dotted-keys-of-one-table", "policy", 4_000, _toml(lambda i: f"a.b.c.d.e.f.g.k{i} = 1")),
    ("toml-tables-in-depth", "policy", 1_000, _toml(lambda i: f"[{'a.' * 40}t{i}]")),
    ("toml-depth", "policy", 200, _deep),
    ("toml-array", "policy", 20_000, _once("a = [%s]", "1,")),
    ("toml-inline-table", "policy", 2_000, lambda n: ("a = {" + ",".join(f"k{i}=1" for i in range(n)) + "}").encode()),
    ("toml-string", "policy", 60_000, _once('a = "%s"', "x")),
    ("toml-escapes", "policy", 10_000, _once('a = "%s"', "\\\\u0041")),
    ("toml-quotes", "policy", 60_000, _once('a = """%s"""', 'x"" ')),
    ("toml-digits", "policy", 60_000, _once("a = %s", "9")),
    ("toml-comment", "policy", 60_000, _once("#%s", "#")),
    ("toml-blank", "policy", 60_000, _once("a = 1%s", " ")),
    ("settings-keys", "settings", 4_000, _toml(lambda i: f"k{i} = 1")),
    ("settings-dotted", "settings", 2_000, _once("a%s = 1", ".a")),
    ("record-dotted", "record.toml", 10_000, _once("a%s = 1", ".a")),
    ("record-dotted-of-one-table", "record.toml", 10_000, _toml(lambda i: f"a.b.c.d.e.f.g.k{i} = 1")),
    ("record-digits", "record.toml", 200_000, _digits),
    ("record-xml-digits", "record.xml", 200_000, _xml_digits),
    ("record-xml-elements", "record.xml", 20_000, _xml("<a/>")),
    ("record-xml-depth", "record.xml", 50, _xml("<a>", close="</a>")),
    ("record-xml-attributes", "record.xml", 10_000, _attributes),
    ("record-xml-namespaces", "record.xml", 5_000, _spaces),
    ("record-xml-entities", "record.xml", 50_000, _entities),
    ("record-xml-identifiers", "record.xml", 5_000, _xml("<replaces>a</replaces>")),
    ("registry", "registry", 2_000, _registry),
]
