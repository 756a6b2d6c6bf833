"""Byte ranges that leave out more or less than /Contents, and what is signed only to look signed.

The first ones are changed in place by anybody; the others are signed so by somebody who holds the
seal's key: the digest is right, and part of the revision is still not covered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pades.ranges import ByteRange, RangeDigests
from ecert.model.roles import SEAL_FIELD
from ecert.testing.specimens.increments import append
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import find_signature, with_contents, with_entry

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


def _written(byte_range: ByteRange) -> bytes:
    return b"[%d %d %d %d]" % byte_range


def _moved(data: bytes, change: Callable[[ByteRange], ByteRange]) -> bytes:
    """Write another byte range into the seal's dictionary."""
    byte_range = find_signature(data, SEAL_FIELD).byte_range
    assert byte_range is not None
    return with_entry(data, SEAL_FIELD, "ByteRange", _written(change(byte_range)))


def _signed_anew(press: Press, change: Callable[[ByteRange], ByteRange]) -> bytes:
    """Let the seal's key sign another byte range of the copy: the digest is right."""
    data = _moved(press.bare, change)
    byte_range = find_signature(data, SEAL_FIELD).byte_range
    assert byte_range is not None
    first, second = byte_range[:2], byte_range[2:]
    key = press.office.key("seal")
    if first[0]:
        raise ValueError("a byte range to be signed begins at 0")
    digest = RangeDigests(data).digest(key.scheme.digest, [first, second])
    attributes = signed_attributes(digest, key.certificate, key.scheme)
    value = build_signed_data(attributes, key.sign(attributes), key.scheme, key.chain)
    return with_contents(data, SEAL_FIELD, value)


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Vùng được ký của con dấu không bắt đầu từ byte đầu tiên.",
    en="The seal's byte range does not begin at the first byte.",
)
def byte_range_begins_late(press: Press) -> bytes:
    return _moved(press.copy, lambda r: (9, r[1] - 9, r[2], r[3]))


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Hai phần của vùng được ký chồng lên nhau, phủ cả giá trị chữ ký số.",
    en="Both parts of the seal's byte range overlap, over the signature value.",
)
def byte_range_overlaps(press: Press) -> bytes:
    return _moved(press.copy, lambda r: (0, r[2] + 10, r[1] - 10, r[3]))


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Vùng được ký của con dấu chạy quá cuối tệp.",
    en="The seal's byte range runs past the end of the file.",
)
def byte_range_runs_past_the_end(press: Press) -> bytes:
    return _moved(press.copy, lambda r: (*r[:3], len(press.copy)))


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Vùng được ký của con dấu phủ toàn tệp, không chừa chỗ cho giá trị chữ ký số.",
    en="The seal's byte range covers the whole file, its own value included.",
)
def byte_range_without_a_gap(press: Press) -> bytes:
    return _moved(press.copy, lambda _: (0, len(press.copy), len(press.copy), 0))


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Vùng được ký của con dấu lấy theo bản sao khác.",
    en="The seal's byte range is that of another copy.",
)
def byte_range_of_another_copy(press: Press) -> bytes:
    other = find_signature(press.other.to_bytes(), SEAL_FIELD).byte_range
    assert other is not None
    return _moved(press.copy, lambda r: (other[0], other[1] + 1, other[2] + 1, r[3]))


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Người giữ khóa con dấu ký một vùng bỏ trống thêm 60 byte trước giá trị chữ ký số.",
    en="The holder of the seal's key signed a range that leaves out 60 bytes before the value too.",
)
def gap_wider_than_the_contents(press: Press) -> bytes:
    return _signed_anew(press, lambda r: (0, r[1] - 60, r[2], r[3]))


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Người giữ khóa con dấu ký một vùng dừng trước bảng tham chiếu của phiên bản.",
    en="The holder of the seal's key signed a range that ends before the revision's cross-reference section.",
)
def byte_range_ends_early(press: Press) -> bytes:
    end = press.bare.rindex(b"\nxref\n") + 1
    return _signed_anew(press, lambda r: (*r[:3], end - r[2]))


@specimen(
    "byte-range",
    "signature-malformed",
    vi="Người giữ khóa con dấu chỉ ký phần đầu của tệp.",
    en="The holder of the seal's key signed the first part of the file alone.",
)
def byte_range_of_one_part(press: Press) -> bytes:
    return _signed_anew(press, lambda r: (*r[:3], 0))


@specimen(
    "byte-range",
    "changed-after-seal",
    vi="Một phiên bản rỗng chen vào sau con dấu, vùng được ký không còn phủ hết tệp.",
    en="After the seal an empty revision follows: what is signed is no longer the whole file.",
)
def seal_no_longer_covers_the_file(press: Press) -> bytes:
    return append(press.bare, {})
