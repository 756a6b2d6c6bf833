"""Odd digits, escaped names and object 0, in the revision that :mod:`.leniency` writes as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecert.formats.pdf import Ref, read_document
from ecert.model.findings import Code
from ecert.testing.specimens.increments import append_section, changed
from ecert.testing.specimens.leniency import Writing, grown, written
from ecert.testing.specimens.registry import Make, Recipe, add, specimen
from ecert.testing.specimens.surgery import find_signature, overwrite

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

# ── hexadecimal strings of an odd number of digits (7.3.4.3) ─────────────────────────────────────


@specimen(
    "universal-forgery",
    "signature-malformed",
    vi="Giá trị dấu thời gian lưu trữ có một số lẻ chữ số thập lục phân, chữ cuối là khoảng trắng.",
    en="The archive time-stamp's value has an odd number of digits, the last one is a blank.",
)
def contents_of_odd_digits(press: Press) -> bytes:
    gap = find_signature(press.copy, "Archive1").gap
    assert gap is not None
    return overwrite(press.copy, gap[1] - 2, gap[1] - 1, b" ")


def _with_identifier(press: Press, digits: bytes) -> bytes:
    """Write the second identifier in other digits than its own."""
    data = written(press, Writing())
    old = read_document(data).revisions[-1].trailer["ID"][1].hex().encode()
    at = data.rindex(old)
    return overwrite(data, at, at + len(old), digits)


@specimen(
    "control",
    verdict="VALID",
    vi="Mã định danh thứ hai của tệp có số lẻ chữ số thập lục phân, điều tiêu chuẩn cho phép.",
    en="The file's second identifier has an odd number of digits, which the standard permits.",
)
def identifier_of_odd_digits(press: Press) -> bytes:
    return _with_identifier(press, b"0123456789abcdef0123456789abcde")


@specimen(
    "structure",
    "pdf-damaged",
    vi="Mã định danh thứ hai của tệp có chữ không phải chữ số thập lục phân.",
    en="The file's second identifier has letters that are no hexadecimal digits.",
)
def identifier_of_other_letters(press: Press) -> bytes:
    return _with_identifier(press, b"0123456789abcdefghij")


# ── the dictionary of a cross-reference stream (7.5.8.2) ─────────────────────────────────────────


def _by_a_stream(press: Press) -> bytes:
    return append_section(press.copy, grown(press))


def _in_a_stream(old: bytes, new: bytes) -> Make:
    """Exchange bytes of the section's dictionary; no offset depends on what follows them."""

    def make(press: Press) -> bytes:
        data, base = _by_a_stream(press), len(press.copy)
        return data[:base] + _exchange_once(data[base:], old, new)

    return make


def _exchange_once(data: bytes, old: bytes, new: bytes) -> bytes:
    """Exchange the one occurrence of ``old``, for more or fewer bytes.

    Raises:
        ValueError: it occurs never or several times.
    """
    if data.count(old) != 1:
        raise ValueError(f"{old!r} stands {data.count(old)} times")
    return data.replace(old, new)


_IN_A_STREAM: Final[dict[str, tuple[bytes, bytes, Code, str, str]]] = {
    "escaped-letter-in-a-section": (
        b"/Index ",
        b"/Inde#78 ",
        "parsers-disagree",
        "Luồng tham chiếu chéo viết khóa /Index với chữ x ở dạng thoát.",
        "A cross-reference stream writes /Index with its x escaped.",
    ),
    "escaped-kind-of-a-section": (
        b"/Type /XRef",
        b"/Type /XRe#66",
        "parsers-disagree",
        "Luồng tham chiếu chéo viết loại của mình với chữ f ở dạng thoát.",
        "A cross-reference stream writes its own kind with the f escaped.",
    ),
    "widths-with-a-sign-too-many": (
        b"/W [1 4 2]",
        b"/W [1 +-4 2]",
        "pdf-damaged",
        "Bề rộng cột của luồng tham chiếu chéo có cả dấu cộng lẫn dấu trừ.",
        "A width of a cross-reference stream has a plus and a minus sign.",
    ),
    "widths-as-real-numbers": (
        b"/W [1 4 2]",
        b"/W [1 4.0 2]",
        "pdf-damaged",
        "Bề rộng cột của luồng tham chiếu chéo là số thực.",
        "A width of a cross-reference stream is a real number.",
    ),
}
for _name, (_old, _new, _code, _vi, _en) in _IN_A_STREAM.items():
    add(Recipe(_name, "structure", _vi, _en, (_code,), _in_a_stream(_old, _new)))


@specimen(
    "control",
    verdict="VALID",
    vi="Dữ liệu kiểm tra nhận thêm một mục, ghi bằng luồng tham chiếu chéo: điều này được phép.",
    en="The validation data was given one more item, listed by a cross-reference stream.",
)
def validation_data_added_by_a_stream(press: Press) -> bytes:
    return _by_a_stream(press)


# ── object 0, which is never in use (7.5.4) ──────────────────────────────────────────────────────


@specimen(
    "structure",
    "parsers-disagree",
    vi="Một chứng thư số trong dữ liệu kiểm tra mang số 0, số không đối tượng nào được dùng.",
    en="A certificate of the validation data is object 0, which no object may be.",
)
def certificate_numbered_zero(press: Press) -> bytes:
    document = read_document(press.copy)
    ref = document.root()["DSS"]
    store = document.dictionary(ref)
    item = document.resolve(store["Certs"][0])
    grown = changed(press.copy, ref.num, Certs=[*store["Certs"], Ref(0)])
    return append_section(press.copy, {ref.num: grown, 0: item})
