"""Whether a file is encrypted, and whether it opens without a password (ISO 32000-1, 7.6; ISO 32000-2, 7.6.4).

Nothing is decrypted here: a signature in an encrypted file is not judged. Who asks is told what to do, and that depends
on whether anybody can open the file, or only who knows a password.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ecert.errors import Reason
from ecert.formats.pdf.faults import StructureFault
from ecert.formats.pdf.lexer import Lexer
from ecert.formats.pdf.objects import PdfDict, PdfValue, Ref, same
from ecert.formats.pdf.xref import Entry, Section

#: what an empty password is filled up with (algorithm 2)
_PADDING: Final = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def refuse_encrypted(data: bytes, groups: list[list[Section]], *, foreign: bool) -> None:
    """Refuse a file that a trailer calls encrypted, in whichever revision.

    Readers differ in which trailer they ask, and decrypt what others show as it is: a foreign file may say it from
    the first revision on and always by the same dictionary; then it is not judged, else it is refused as any is.

    Raises:
        StructureFault: it is.
    """
    said = [[d["Encrypt"] for d in _dictionaries(group) if "Encrypt" in d] for group in groups]
    if not any(said):
        return
    if not foreign:
        raise StructureFault("encrypted", Reason("pdf.encrypted"))
    first = said[0][0] if said[0] else None
    if not all(values and all(same(value, first) for value in values) for values in said):
        raise StructureFault("encrypted", Reason("pdf.encrypted"))
    handler = _read_handler(data, first, list(chain(*groups)))
    reason = _how(handler, next((d["ID"] for d in _dictionaries(groups[0]) if "ID" in d), None))
    raise StructureFault("encrypted-not-judged", reason)


def _dictionaries(group: Iterable[Section]) -> Iterator[PdfDict]:
    for section in group:
        yield section.trailer
        if section.completing is not None:
            yield section.completing.trailer


def _read_handler(data: bytes, value: PdfValue, sections: list[Section]) -> PdfDict:
    """Return the encryption dictionary; an empty one where it cannot be read.

    Raises:
        StructureFault: a revision has replaced it.
    """
    if not isinstance(value, Ref):
        return value if isinstance(value, dict) else {}
    places = {s.entries[value.num] for s in sections if value.num in s.entries}
    if len(places) > 1:
        raise StructureFault("encrypted", Reason("pdf.encrypted"))
    place = next(iter(places), Entry("f", 0, 0))
    if place.kind != "n":
        return {}
    lexer = Lexer(data, place.offset)
    try:
        if lexer.integer() != value.num or lexer.integer() != value.gen:
            return {}
        lexer.expect(b"obj")
        found = lexer.value()
    except StructureFault:
        return {}
    return found if isinstance(found, dict) else {}


def _how(handler: PdfDict, identifiers: PdfValue) -> Reason:
    """Return what is known about the lock."""
    opens = handler.get("Filter") == "Standard" and _opens_without_password(handler, identifiers)
    if handler.get("Filter") != "Standard" or opens is None:
        return Reason("pdf.encrypted-somehow")
    return Reason("pdf.encrypted-for-permissions") if opens else Reason("pdf.encrypted-for-opening")


def _opens_without_password(handler: PdfDict, identifiers: PdfValue) -> bool | None:
    """Return whether the empty password is the user's (algorithms 6 and 11); None: that cannot be told."""
    revision, owner, user = handler.get("R"), handler.get("O"), handler.get("U")
    if not isinstance(owner, bytes) or not isinstance(user, bytes) or len(user) < 32:
        return None
    if revision in (5, 6):
        salt, digest = user[32:40], user[:32]
        return (hashlib.sha256(salt).digest() if revision == 5 else _hardened(salt)) == digest
    permissions, length = handler.get("P"), handler.get("Length", 40)
    first = identifiers[0] if isinstance(identifiers, list) and identifiers else b""
    if revision not in (2, 3, 4) or type(permissions) is not int or not isinstance(first, bytes):
        return None
    if type(length) is not int or length % 8 or not 40 <= length <= 128:
        return None
    size = 5 if revision == 2 else 16 if revision == 4 else length // 8
    parts = [_PADDING, owner[:32], (permissions & 0xFFFFFFFF).to_bytes(4, "little"), first]
    if revision == 4 and handler.get("EncryptMetadata") is False:
        parts.append(b"\xff" * 4)
    key = _md5(b"".join(parts))
    if revision == 2:
        return _rc4(key[:size], _PADDING) == user[:32]
    for _ in range(50):
        key = _md5(key[:size])
    mark = _md5(_PADDING + first)
    for turn in range(20):
        mark = _rc4(bytes(byte ^ turn for byte in key[:size]), mark)
    return mark == user[:16]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    """Encrypt a few bytes by RC4, of which libraries take leave."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _hardened(salt: bytes) -> bytes:
    """Return the hash of the empty password (ISO 32000-2, algorithm 2.B)."""
    key, turn, last = hashlib.sha256(salt).digest(), 0, 0
    while turn < 64 or last > turn - 32:
        machine = Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        mixed = machine.update(key * 64)
        name = ("sha256", "sha384", "sha512")[sum(mixed[:16]) % 3]
        key, last, turn = hashlib.new(name, mixed).digest(), mixed[-1], turn + 1
    return key[:32]
