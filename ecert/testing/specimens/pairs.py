"""Byte ranges of other numbers than two pairs: allowed by the letter of ISO 32000-1, 12.8.1, refused by most readers.

Each is signed so by the true key, so the digest is right over what the range names; what lies in the
gaps nobody signed (pdf-association/pdf-issues, 764 and 777).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pades.ranges import ByteRange
from ecert.model.roles import SEAL_FIELD
from ecert.sign.keys import SigningKey
from ecert.testing.specimens.foreign import foreign
from ecert.testing.specimens.registry import Recipe, add
from ecert.testing.specimens.surgery import find_signature, with_contents, with_entry

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

Numbers = Sequence[int]
#: from where on a middle gap leaves bytes out, counted from the end of the value; and how many
_AT, _LEFT_OUT = 20, 9


def _resigned(data: bytes, field: str, key: SigningKey, change: Callable[[ByteRange], Numbers]) -> bytes:
    """Let a key sign other ranges of what it signed, each pair as it stands there."""
    byte_range = find_signature(data, field).byte_range
    assert byte_range is not None
    numbers = list(change(byte_range))
    written = b"[%s]" % b" ".join(b"%d" % n for n in numbers)
    data = with_entry(data, field, "ByteRange", written)
    state = hashlib.new(key.scheme.digest)
    for start, length in zip(numbers[::2], numbers[1::2], strict=False):
        state.update(data[max(start, 0) : max(start, 0) + max(length, 0)])
    attributes = signed_attributes(state.digest(), key.certificate, key.scheme)
    value = build_signed_data(attributes, key.sign(attributes), key.scheme, key.chain)
    # the place of the value, which the new range no longer tells
    at, stop = byte_range[1], byte_range[2]
    return data[: at + 1] + value.hex().encode().ljust(stop - at - 2, b"0") + data[stop - 1 :]


#: name → (the new numbers, what they are, in Vietnamese and English)
_RANGES: Final[dict[str, tuple[Callable[[ByteRange], Numbers], str, str]]] = {
    "byte-range-of-three-pairs": (
        lambda r: (*r[:3], _AT, r[2] + _AT + _LEFT_OUT, r[3] - _AT - _LEFT_OUT),
        "gồm ba cặp số, bỏ trống thêm một khoảng sau giá trị chữ ký số",
        "has three pairs and leaves out some bytes behind the value too",
    ),
    "byte-range-of-three-pairs-without-a-gap": (
        lambda r: (*r[:3], _AT, r[2] + _AT, r[3] - _AT),
        "gồm ba cặp số liền nhau, phủ đúng những byte như thường lệ",
        "has three pairs, two of them adjoining, over the very bytes as usual",
    ),
    "byte-range-with-an-empty-pair": (
        lambda r: (*r, r[2] + r[3], 0),
        "có thêm một cặp dài 0 byte ở cuối",
        "has one more pair of no bytes at its end",
    ),
    "byte-range-that-goes-back": (
        lambda r: (*r, 0, 9),
        "có thêm một cặp quay về đầu tệp",
        "has one more pair that goes back to the file's beginning",
    ),
    "byte-range-with-a-negative-pair": (
        lambda r: (*r, -9, 9),
        "có thêm một cặp bắt đầu trước đầu tệp",
        "has one more pair that begins before the file",
    ),
    "byte-range-of-five-numbers": (
        lambda r: (*r, r[2] + r[3]),
        "có năm số, số cuối lẻ cặp",
        "has five numbers, the last without its fellow",
    ),
    "byte-range-of-one-pair": (
        lambda r: r[:2],
        "chỉ gồm một cặp, dừng trước giá trị chữ ký số",
        "has one pair alone and ends before the value",
    ),
}


def _of_a_copy(change: Callable[[ByteRange], Numbers]) -> Callable[[Press], bytes]:
    return lambda press: _resigned(press.bare, SEAL_FIELD, press.office.key("seal"), change)


def _of_a_form(change: Callable[[ByteRange], Numbers]) -> Callable[[Press], bytes]:
    return lambda press: _resigned(foreign(press), "first", press.office.key("signer"), change)


for _name, (_change, _vi, _en) in _RANGES.items():
    add(
        Recipe(
            _name,
            "byte-range",
            f"Người giữ khóa con dấu ký một vùng {_vi}.",
            f"The holder of the seal's key signed a range that {_en}.",
            ("signature-malformed",),
            _of_a_copy(_change),
        )
    )
    add(
        Recipe(
            f"foreign-{_name}",
            "foreign-file",
            f"Chữ ký của nơi khác phủ một vùng {_vi}.",
            f"A signature of somebody else covers a range that {_en}.",
            ("signature-malformed",),
            _of_a_form(_change),
            policy="signatures",
            with_evidence=True,
        )
    )


def _padded(press: Press) -> bytes:
    """Write the usual four numbers with zeros before them and spaces between (7.3.3)."""
    data = foreign(press)
    byte_range = find_signature(data, "first").byte_range
    assert byte_range is not None
    written = b"[00 %08d %08d  %06d]" % byte_range[1:]
    data = with_entry(data, "first", "ByteRange", written)
    state = hashlib.new("sha256")
    for start, length in (byte_range[:2], byte_range[2:]):
        state.update(data[start : start + length])
    key = press.office.key("signer")
    attributes = signed_attributes(state.digest(), key.certificate, key.scheme)
    value = build_signed_data(attributes, key.sign(attributes), key.scheme, key.chain)
    return with_contents(data, "first", value)


add(
    Recipe(
        "foreign-byte-range-with-leading-zeros",
        "control",
        "Vùng được ký của nơi khác là hai cặp số như thường, chỉ viết thêm số 0 ở đầu.",
        "The byte range of somebody else has the usual two pairs, written with zeros before them.",
        (),
        _padded,
        "VALID",
        policy="signatures",
        with_evidence=True,
    )
)
