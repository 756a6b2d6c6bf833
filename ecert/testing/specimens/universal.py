"""Universal signature forgery: /Contents and /ByteRange broken so that a lenient verifier has nothing to compare.

After Mladenov and others, “1 Trillion Dollar Refund” (CCS 2019). All in place, in the seal's own dictionary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.pades.cms import read_signed_data
from ecert.formats.pades.der import integer, oid, sequence, set_of, tlv
from ecert.model.roles import SEAL_FIELD, SIGNER_FIELD
from ecert.testing.specimens.increments import append
from ecert.testing.specimens.registry import Make, Recipe, add, specimen
from ecert.testing.specimens.surgery import (
    contents,
    find_signature,
    overwrite,
    with_contents,
    with_entry,
    without_entry,
)
from ecert.testing.specimens.time_stamps import seal_with_token

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_DATA, _SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"  # RFC 5652, 4 and 5.1

#: entry → name of the specimen → (value, in Vietnamese, in English); None: taken out
_VALUES: Final[dict[str, dict[str, tuple[bytes | None, str, str]]]] = {
    "ByteRange": {
        "byte-range-missing": (None, "bị xóa", "taken out"),
        "byte-range-null": (b"null", "là null", "null"),
        "byte-range-empty": (b"[]", "là mảng rỗng", "an empty array"),
        "byte-range-zeros": (
            b"[0 0 0 0]",
            "toàn số 0, tức không phủ byte nào",
            "all zeros, so that no byte is covered",
        ),
        "byte-range-negative": (b"[0 -1 -1 -1]", "có số âm", "negative numbers"),
        "byte-range-huge": (b"[0 9999999999 9999999999 9]", "vượt xa cuối tệp", "numbers far beyond the file's end"),
        "byte-range-of-strings": (b"[(0) (1) (2) (3)]", "là chuỗi thay vì số", "strings instead of numbers"),
        "byte-range-of-reals": (b"[0.5 1.5 2.5 3.5]", "là số lẻ", "numbers with fractions"),
        "byte-range-of-three": (b"[0 1000 2000]", "chỉ có ba số", "three numbers only"),
        "byte-range-a-number": (b"1000", "là một số", "a single number"),
    },
    "Contents": {
        "contents-missing": (None, "bị xóa", "taken out"),
        "contents-null": (b"null", "là null", "null"),
        "contents-empty": (b"<>", "rỗng", "empty"),
        "contents-a-number": (b"0", "là một số", "a number"),
        "contents-a-literal-string": (b"(0)", "là chuỗi thường", "a literal string"),
        "contents-a-reference": (b"1 0 R", "dẫn tới một đối tượng khác", "a reference to another object"),
    },
    "SubFilter": {
        "sub-filter-missing": (None, "bị xóa", "taken out"),
        "sub-filter-unknown": (b"/ETSI.Unknown", "là một kiểu không có thật", "a kind that does not exist"),
        "sub-filter-of-a-time-stamp": (b"/ETSI.RFC3161", "là kiểu của dấu thời gian", "that of a time-stamp"),
    },
}


def _with(key: str, value: bytes | None) -> Make:
    def make(press: Press) -> bytes:
        if value is None:
            return without_entry(press.copy, SEAL_FIELD, key)
        return with_entry(press.copy, SEAL_FIELD, key, value)

    return make


for _key, _values in _VALUES.items():
    for _name, (_value, _vi, _en) in _values.items():
        add(
            Recipe(
                _name,
                "universal-forgery",
                f"Mục /{_key} trong chữ ký số của con dấu {_vi}.",
                f"The /{_key} of the seal's signature is {_en}.",
                ("signature-malformed",),
                _with(_key, _value),
            )
        )


@specimen(
    "universal-forgery",
    "signature-malformed",
    vi="Giá trị chữ ký số của con dấu toàn số 0.",
    en="The value of the seal's signature is all zeros.",
)
def contents_zeros(press: Press) -> bytes:
    return with_contents(press.copy, SEAL_FIELD, b"")


@specimen(
    "universal-forgery",
    "signature-broken",
    vi="Giá trị chữ ký số của con dấu bị cắt mất 60 byte cuối.",
    en="The value of the seal's signature lost its last 60 bytes.",
)
def contents_cut_short(press: Press) -> bytes:
    data = seal_with_token(press, None)
    return with_contents(data, SEAL_FIELD, contents(data, SEAL_FIELD)[:-60])


@specimen(
    "universal-forgery",
    "signature-malformed",
    vi="Giá trị chữ ký số của con dấu là một vỏ CMS rỗng, không có người ký nào.",
    en="The value of the seal's signature is an empty CMS shell that nobody signed.",
)
def contents_without_a_signer(press: Press) -> bytes:
    data = sequence(integer(1), set_of(), sequence(oid(_DATA)), set_of())
    value = sequence(oid(_SIGNED_DATA), tlv(0xA0, data))
    return with_contents(press.bare, SEAL_FIELD, value)


@specimen(
    "universal-forgery",
    "signature-broken",
    vi="Giá trị chữ ký số của con dấu bị thay bằng giá trị chữ ký số của người ký.",
    en="The value of the seal's signature was replaced by that of the signer's.",
)
def contents_of_the_signer(press: Press) -> bytes:
    return with_contents(press.bare, SEAL_FIELD, contents(press.bare, SIGNER_FIELD))


@specimen(
    "universal-forgery",
    "signature-malformed",
    "changed-after-signer",
    vi="Ghi đè từ điển chữ ký số của con dấu bằng một từ điển không có giá trị.",
    en="The seal's signature dictionary was written over by one without a value.",
)
def signature_written_over(press: Press) -> bytes:
    signature = find_signature(press.copy, SEAL_FIELD)
    kept = {k: v for k, v in signature.dictionary.items() if k in ("Type", "Filter", "SubFilter")}
    return append(press.copy, {signature.ref.num: kept})


@specimen(
    "universal-forgery",
    "seal-missing",
    "changed-after-signer",
    vi="Ô con dấu bị đổi thành chưa ký, hình con dấu vẫn còn.",
    en="The seal's field was made unsigned again, its picture is still shown.",
)
def field_without_its_value(press: Press) -> bytes:
    field = find_signature(press.copy, SEAL_FIELD).field
    return append(press.copy, {field.ref.num: {**field.widget, "V": None}})


@specimen(
    "universal-forgery",
    "signature-malformed",
    vi="Giấu 16 byte vào phần đệm sau giá trị dấu thời gian lưu trữ, nơi không chữ ký số nào phủ tới.",
    en="Sixteen bytes were hidden in the padding behind the archive time-stamp, which no signature covers.",
)
def rubbish_in_the_padding(press: Press) -> bytes:
    gap = find_signature(press.copy, "Archive1").gap
    assert gap is not None
    return overwrite(press.copy, gap[1] - 33, gap[1] - 1, b"deadbeef" * 4)


@specimen(
    "universal-forgery",
    "signature-malformed",
    vi="Chữ số thập lục phân của dấu thời gian lưu trữ được viết lẫn chữ hoa và chữ thường.",
    en="The hexadecimal digits of the archive time-stamp mix capitals and small letters.",
)
def mixed_case_in_the_contents(press: Press) -> bytes:
    gap = find_signature(press.copy, "Archive1").gap
    assert gap is not None
    half = gap[0] + 1000
    return overwrite(press.copy, gap[0], half, press.copy[gap[0] : half].upper())


@specimen(
    "universal-forgery",
    "signature-broken",
    vi="Đảo một bit trong giá trị chữ ký số của con dấu.",
    en="One bit of the seal's signature value was flipped.",
)
def one_bit_of_the_signature(press: Press) -> bytes:
    der = contents(press.bare, SEAL_FIELD)
    value = read_signed_data(der).signature
    at = der.index(value) + len(value) - 1
    return with_contents(press.bare, SEAL_FIELD, der[:at] + bytes([der[at] ^ 1]) + der[at + 1 :])
