"""URIs of signing keys: which kinds there are, and how each is written; :mod:`ecert.sign.opening` opens them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote

from ecert.errors import UsageError

#: scheme → how such a URI is written
KEY_URIS: Mapping[str, str] = {"file": "file:PATH", "pkcs11": "pkcs11:token=…;object=…"}
KEY_URIS_HINT = f"write {' or '.join(KEY_URIS.values())}"


def split_key_uri(uri: str) -> tuple[str, str]:
    """Return a key URI's scheme and what follows it.

    Raises:
        UsageError: no key is opened by such a URI; the rest of it is not told, for it may hold a PIN.
    """
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme not in KEY_URIS:
        raise UsageError(f"a key URI cannot begin with {scheme[:20]!r}", hint=KEY_URIS_HINT)
    return scheme, rest


def path_of_key_file(rest: str) -> str:
    """Return the path in what follows ``file:``, written plainly or with two slashes (RFC 8089)."""
    return unquote(rest.removeprefix("//"))


def key_file_uri(path: str) -> str:
    """Return the URI of a key file."""
    return "file:" + quote(path)
