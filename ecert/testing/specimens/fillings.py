"""Forms of others that were signed, then filled in: what the fields show, and what they say.

Honest fillings of the kinds that are proven, and the ways to let readers see another text than the value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ecert.formats.pdf import Name, PdfValue, Ref, Stream
from ecert.formats.pdf.objects import PdfDict, text_string
from ecert.model.findings import Code
from ecert.report import Verdict
from ecert.testing.specimens.foreign import sign_form
from ecert.testing.specimens.increments import append, changed, stream
from ecert.testing.specimens.registry import Recipe, add
from ecert.testing.specimens.specimen import AttackClass

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_SIGNATURE, _AMOUNT, _NOTE, _COMBO, _BOX, _RADIO, _BUTTON, _TWICE, _LIST = range(6, 15)
_ONE, _OTHER, _UPPER, _LOWER = (15, 16, 17, 18)  # the radio's widgets, and those of the field shown twice
_YES, _OFF, _CAPTION, _OLD, _BLACK = 20, 21, 22, 23, 24
_HELVETICA, _LYING, _RENAMED, _EMBEDDED, _MAP, _PROGRAM, _ACROBAT = range(30, 37)
_NEW: Final = 60
_FONT: Final[PdfDict] = {
    "Type": Name("Font"),
    "Subtype": Name("Type1"),
    "BaseFont": Name("Helvetica"),
    "Encoding": Name("WinAnsiEncoding"),
}
#: a nine is a one, to those who copy it
_COPIED_WRONG: Final = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
    b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <39> <0031> endbfchar endcmap end end"
)
#: what every form made by Acrobat calls PDFDocEncoding, as far as it is needed here
_DOC_DIFFERENCES: Final = [
    24,
    Name("breve"),
    Name("caron"),
    39,
    Name("quotesingle"),
    96,
    Name("grave"),
    128,
    Name("bullet"),
    Name("dagger"),
    160,
    Name("Euro"),
]


def picture(
    paint: bytes, font: int = _HELVETICA, *, width: float = 200, height: float = 20, **entries: PdfValue
) -> Stream:
    """Return the picture of a widget."""
    head: PdfDict = {
        "Type": Name("XObject"),
        "Subtype": Name("Form"),
        "BBox": [0, 0, width, height],
        "Resources": {"Font": {"Helv": Ref(font)}},
    }
    return stream(paint, **{**head, **entries})


def written(text: bytes, font: int = _HELVETICA, **entries: PdfValue) -> Stream:
    """Return the picture of one line, as Acrobat draws it."""
    return picture(_line(b"0 g 2 6.548 Td (%s) Tj" % text), font, **entries)


def _line(inner: bytes, size: float = 12, clip: bytes = b"2 2 196 16 re W n") -> bytes:
    return b"/Tx BMC\nq\n%s\nBT\n/Helv %g Tf\n%s\nET\nQ\nEMC" % (clip, size, inner)


def filled_form(press: Press, **amount: PdfValue) -> bytes:
    """Sign a form with fields of every kind; ``amount`` are more entries of its first text field."""
    widget: PdfDict = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3), "F": 4}
    shown = (_SIGNATURE, _AMOUNT, _NOTE, _COMBO, _BOX, _BUTTON, _LIST, _ONE, _OTHER, _UPPER, _LOWER)
    states = {"N": {"Yes": Ref(_YES), "Off": Ref(_OFF)}}
    objects: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(5)},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
        3: {
            "Type": Name("Page"),
            "Parent": Ref(2),
            "MediaBox": [0, 0, 300, 400],
            "Contents": Ref(4),
            "Resources": {"Font": {"Helv": Ref(_HELVETICA)}},
            "Annots": [Ref(n) for n in shown],
        },
        4: stream(b"BT /Helv 14 Tf 40 370 Td (Loan agreement) Tj ET"),
        5: {
            "Fields": [Ref(n) for n in range(_SIGNATURE, _LIST + 1)],
            "SigFlags": 3,
            "DA": b"/Helv 12 Tf 0 g",
            "DR": {
                "Font": {
                    "Helv": Ref(_HELVETICA),
                    "Lie": Ref(_LYING),
                    "Ren": Ref(_RENAMED),
                    "Emb": Ref(_EMBEDDED),
                    "Acro": Ref(_ACROBAT),
                }
            },
        },
        _SIGNATURE: {**widget, "FT": Name("Sig"), "T": b"signature", "Rect": [0, 0, 0, 0]},
        _AMOUNT: {**widget, "FT": Name("Tx"), "T": b"amount", "Rect": [40, 330, 240, 350], **amount},
        _NOTE: {**widget, "FT": Name("Tx"), "T": b"note", "Ff": 1 << 12, "Rect": [40, 260, 240, 320]},
        _COMBO: {
            **widget,
            "FT": Name("Ch"),
            "T": b"term",
            "Ff": 1 << 17,
            "V": b"one year",
            "Opt": [b"one year", b"five years"],
            "Rect": [40, 230, 240, 250],
        },
        _BOX: {
            **widget,
            "FT": Name("Btn"),
            "T": b"agreed",
            "V": Name("Off"),
            "AS": Name("Off"),
            "Rect": [40, 200, 60, 220],
            "AP": states,
        },
        _RADIO: {"FT": Name("Btn"), "T": b"payment", "Ff": 1 << 15, "V": Name("Off"), "Kids": [Ref(_ONE), Ref(_OTHER)]},
        _BUTTON: {
            **widget,
            "FT": Name("Btn"),
            "T": b"button",
            "Ff": 1 << 16,
            "MK": {"CA": b"100"},
            "Rect": [80, 200, 280, 220],
            "AP": {"N": Ref(_CAPTION)},
        },
        _TWICE: {"FT": Name("Tx"), "T": b"payee", "V": b"Nobody", "Kids": [Ref(_UPPER), Ref(_LOWER)]},
        _LIST: {
            **widget,
            "FT": Name("Ch"),
            "T": b"list",
            "V": b"one",
            "Opt": [b"one", b"two"],
            "Rect": [40, 20, 240, 60],
        },
        _ONE: {
            **widget,
            "Parent": Ref(_RADIO),
            "AS": Name("Off"),
            "Rect": [40, 170, 60, 190],
            "AP": {"N": {"cash": Ref(_YES), "Off": Ref(_OFF)}},
        },
        _OTHER: {
            **widget,
            "Parent": Ref(_RADIO),
            "AS": Name("Off"),
            "Rect": [80, 170, 100, 190],
            "AP": {"N": {"bank": Ref(_YES), "Off": Ref(_OFF)}},
        },
        _UPPER: {**widget, "Parent": Ref(_TWICE), "Rect": [40, 140, 240, 160], "AP": {"N": Ref(_OLD)}},
        _LOWER: {**widget, "Parent": Ref(_TWICE), "Rect": [40, 110, 240, 130], "AP": {"N": Ref(_OLD)}},
        _YES: picture(b"q 2 2 16 16 re f Q", width=20),
        _OFF: picture(b"", width=20),
        _CAPTION: picture(b"q BT /Helv 12 Tf 2 6 Td (100) Tj ET Q"),
        _OLD: written(b"Nobody"),
        _HELVETICA: _FONT,
        _LYING: {**_FONT, "ToUnicode": Ref(_MAP)},
        _MAP: stream(_COPIED_WRONG),
        _RENAMED: {**_FONT, "Encoding": {"Type": Name("Encoding"), "Differences": [49, Name("nine")]}},
        _EMBEDDED: {
            "Type": Name("Font"),
            "Subtype": Name("TrueType"),
            "BaseFont": Name("ABCDEF+Arial"),
            "Encoding": Name("WinAnsiEncoding"),
            "FirstChar": 49,
            "LastChar": 49,
            "Widths": [556],
            "FontDescriptor": {
                "Type": Name("FontDescriptor"),
                "FontName": Name("ABCDEF+Arial"),
                "Flags": 32,
                "FontFile2": Ref(_PROGRAM),
            },
        },
        _PROGRAM: stream(b"no font at all", Length1=14),
        _ACROBAT: {
            **_FONT,
            "Name": Name("Helv"),
            "Encoding": {"Type": Name("Encoding"), "Differences": _DOC_DIFFERENCES},
        },
    }
    return sign_form(press, objects, _SIGNATURE)


def _filled(data: bytes, shown: Stream, value: bytes = b"100", **entries: PdfValue) -> bytes:
    """Fill in the amount with a picture."""
    new = changed(data, _AMOUNT, V=value, AP={"N": Ref(_NEW)}, **entries)
    return append(data, {_AMOUNT: new, _NEW: shown})


def _amount(shown: Stream, value: bytes = b"100", **form: PdfValue) -> Callable[[Press], bytes]:
    """Return how to sign the form and to fill in its amount; ``form``: what the field had before."""
    return lambda press: _filled(filled_form(press, **form), shown, value)


def _inner(inner: bytes) -> Callable[[Press], bytes]:
    return _amount(picture(_line(inner)))


Change = Callable[[bytes], bytes]


def _then(change: Change, **form: PdfValue) -> Callable[[Press], bytes]:
    return lambda press: change(filled_form(press, **form))


def _set(num: int, **entries: PdfValue) -> Change:
    return lambda data: append(data, {num: changed(data, num, **entries)})


def _redrawn(data: bytes) -> bytes:
    """Let readers draw every field anew."""
    return append(data, {5: changed(data, 5, NeedAppearances=True)})


def _twice(data: bytes, *widgets: int) -> bytes:
    """Fill in the field that is shown twice, and draw some of its widgets."""
    objects: dict[int, PdfValue] = {_TWICE: changed(data, _TWICE, V=b"Somebody"), _NEW: written(b"Somebody")}
    objects |= {num: changed(data, num, AP={"N": Ref(_NEW)}) for num in widgets}
    return append(data, objects)


def _noted(data: bytes) -> bytes:
    paint = _line(
        b"0 g 2 46 Td (first line ) Tj 0 -13.872 Td (goes on) Tj 0 -13.872 Td (second line) Tj",
        clip=b"2 2 196 56 re W n",
    )
    new = changed(data, _NOTE, V=b"first line goes on\rsecond line", AP={"N": Ref(_NEW)})
    return append(data, {_NOTE: new, _NEW: picture(paint, height=60)})


def _simple_form(press: Press) -> bytes:
    """Sign the form without the fields that readers would draw in their own way."""
    objects = [Ref(_SIGNATURE), Ref(_AMOUNT), Ref(_NOTE)]
    unsigned: PdfDict = {"V": b"100", "AP": {"N": Ref(_OLD)}}
    widget: PdfDict = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3), "F": 4}
    return sign_form(
        press,
        {
            1: {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(5)},
            2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
            3: {"Type": Name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 300, 400], "Annots": objects},
            5: {"Fields": objects, "SigFlags": 3, "DA": b"/Helv 12 Tf 0 g", "DR": {"Font": {"Helv": Ref(_HELVETICA)}}},
            _SIGNATURE: {**widget, "FT": Name("Sig"), "T": b"signature", "Rect": [0, 0, 0, 0]},
            _AMOUNT: {**widget, "FT": Name("Tx"), "T": b"amount", "Rect": [40, 330, 240, 350], **unsigned},
            _NOTE: {**widget, "FT": Name("Tx"), "T": b"note", "Rect": [40, 300, 240, 320]},
            _OLD: written(b"100"),
            _HELVETICA: _FONT,
        },
        _SIGNATURE,
    )


_RED: Final = b"1 0 0 rg"
_BY_PYPDF: Final = b"q\n/Tx BMC \nq\n2 0 194.0 20.0 re\nW\nBT\n/Helv 12.0 Tf 0 g\n2 5.692 Td\n(100) Tj\nET\nQ\nEMC\nQ\n"

_BY_PDFBOX: Final = (
    b"/Tx BMC\n\nq\n1 1 198 18 re\nW\nn\nBT\n/Helv 12 Tf\n/DeviceGray cs\n0 sc\n2 5.692 Td\n(100) Tj\nET\nQ\nEMC\n"
)

#: name → (how it is made, in Vietnamese, in English)
_HONEST: Final[dict[str, tuple[Callable[[Press], bytes], str, str]]] = {
    "filling-of-one-line": (
        _amount(written(b"100")),
        "Ô một dòng được điền sau khi ký, như Acrobat vẽ.",
        "A field of one line was filled in after signing, as Acrobat draws it.",
    ),
    "filling-of-several-lines": (
        _then(_noted),
        "Ô nhiều dòng được điền sau khi ký.",
        "A field of several lines was filled in after signing.",
    ),
    "filling-in-red-and-in-hexadecimal": (
        _inner(_RED + b" 2 6 Td <313030> Tj"),
        "Ô được điền bằng chữ đỏ, chuỗi viết ở dạng thập lục phân.",
        "A field was filled in with red letters, its string in hexadecimal.",
    ),
    "filling-by-pypdf": (_amount(picture(_BY_PYPDF)), "Ô được điền bằng pypdf.", "A field was filled in by pypdf."),
    "filling-by-pdfbox": (_amount(picture(_BY_PDFBOX)), "Ô được điền bằng PDFBox.", "A field was filled in by PDFBox."),
    "filling-with-the-encoding-of-acrobat": (
        _amount(written(b"100\\240", _ACROBAT), b"100\xa0", DA=b"/Acro 12 Tf 0 g"),
        "Ô được điền bằng phông có bảng mã PDFDocEncoding của Acrobat.",
        "A field was filled in with a font in Acrobat's PDFDocEncoding.",
    ),
    "filling-of-a-combo-without-picture": (
        _then(_set(_COMBO, V=b"five years")),
        "Chọn một mục trong danh sách thả xuống, không kèm hình.",
        "An option of a combo box was chosen, without a picture.",
    ),
    "filling-of-a-check-box": (
        _then(_set(_BOX, V=Name("Yes"), AS=Name("Yes"))),
        "Đánh dấu một ô kiểm.",
        "A check box was ticked.",
    ),
    "redrawn-without-a-difference": (
        lambda press: _redrawn(_simple_form(press)),
        "Yêu cầu phần mềm đọc tự vẽ lại các ô, kết quả không đổi.",
        "Readers are told to draw the fields anew, which changes nothing.",
    ),
}
_DISHONEST: Final[dict[str, tuple[Callable[[Press], bytes], str, str]]] = {
    "picture-of-a-field-exchanged": (
        lambda press: append(
            filled_form(press),
            {_UPPER: changed(filled_form(press), _UPPER, AP={"N": Ref(_NEW)}), _NEW: written(b"Somebody")},
        ),
        "Thay hình của một ô, giá trị giữ nguyên.",
        "The picture of a field was exchanged, its value stayed.",
    ),
    "picture-of-a-field-stale": (
        _then(_set(_TWICE, V=b"Somebody")),
        "Đổi giá trị của một ô, hình cũ giữ nguyên.",
        "The value of a field was changed, its old picture stayed.",
    ),
    "picture-of-a-second-widget-stale": (
        _then(lambda d: _twice(d, _UPPER)),
        "Điền một trường hiện ở hai chỗ, chỗ thứ hai vẫn hiển thị như cũ.",
        "A field that is shown twice was filled in, and the second place still shows the old text.",
    ),
    "filling-that-shows-another-amount": (
        _amount(written(b"900")),
        "Ô được điền 100 nhưng hiển thị 900.",
        "A field was filled in with 100 and shows 900.",
    ),
    "filling-that-lies-in-hexadecimal": (
        _inner(b"0 g 2 6 Td <39 30 30> Tj"),
        "Ô được điền 100 nhưng chuỗi thập lục phân hiển thị 900.",
        "A field was filled in with 100, and its hexadecimal string shows 900.",
    ),
    "filling-with-a-lying-font": (
        _amount(written(b"900", _LYING), DA=b"/Lie 12 Tf 0 g"),
        "Phông chuẩn bị sẵn khai (ToUnicode) rằng chữ 9 là chữ 1.",
        "A font prepared before signing says (ToUnicode) that a nine is a one.",
    ),
    "picture-of-a-button-exchanged": (
        _then(lambda d: append(d, {_BUTTON: changed(d, _BUTTON, AP={"N": Ref(_NEW)}), _NEW: written(b"900")})),
        "Thay hình của một nút bấm.",
        "The picture of a button was exchanged.",
    ),
    "caption-of-a-button-changed": (
        _then(_set(_BUTTON, MK={"CA": b"900"})),
        "Đổi chữ trên nút bấm.",
        "The caption of a button was changed.",
    ),
    "state-without-value": (
        _then(_set(_BOX, AS=Name("Yes"))),
        "Ô kiểm chuyển sang trạng thái khác, giá trị giữ nguyên.",
        "A check box shows another state, its value stayed.",
    ),
}


def _state_picture(data: bytes) -> bytes:
    new = changed(data, _BOX, V=Name("Yes"), AS=Name("Yes"), AP={"N": {"Yes": Ref(_NEW), "Off": Ref(_OFF)}})
    return append(data, {_BOX: new, _NEW: picture(b"BT /Helv 6 Tf (NO) Tj ET", width=20)})


_WHITE: Final = b"1 g 2 6 Td (100) Tj"
_OPEN: Final[dict[str, tuple[Callable[[Press], bytes], str, str]]] = {
    "redrawn-with-another-amount": (
        lambda press: _redrawn(filled_form(press, V=b"900", AP={"N": Ref(_OLD)})),
        "Yêu cầu phần mềm đọc tự vẽ lại các ô, một ô sẽ hiển thị khác đi.",
        "Readers are told to draw the fields anew, and one will show something else.",
    ),
    "picture-of-a-state-exchanged-with-its-value": (
        _then(_state_picture),
        "Ô kiểm được đánh dấu, hình của trạng thái bị thay.",
        "A check box was ticked, and the picture of that state was exchanged.",
    ),
    "filling-with-an-embedded-font": (
        _amount(written(b"100", _EMBEDDED), DA=b"/Emb 12 Tf 0 g"),
        "Ô được điền bằng phông chữ nhúng.",
        "A field was filled in with an embedded font.",
    ),
    "filling-with-a-renamed-glyph": (
        _amount(written(b"100", _RENAMED), DA=b"/Ren 12 Tf 0 g"),
        "Bảng mã của phông đổi chữ 1 thành chữ 9.",
        "The font's encoding makes a nine of a one.",
    ),
    "filling-outside-the-box": (
        _inner(b"0 g 250 6 Td (100) Tj"),
        "Chữ được điền nằm ngoài khung.",
        "The text that was filled in stands outside its box.",
    ),
    "filling-longer-than-the-box": (
        _amount(written(b"100" + b"0" * 60), b"100" + b"0" * 60),
        "Chữ được điền dài quá khung, phần cuối không thấy được.",
        "The text that was filled in is longer than its box, its end cannot be seen.",
    ),
    "filling-white-on-white": (
        _inner(_WHITE),
        "Chữ được điền màu trắng trên nền trắng.",
        "White text on white was filled in.",
    ),
    "filling-in-an-invisible-mode": (
        _inner(b"3 Tr 0 g 2 6 Td (100) Tj"),
        "Chữ được điền ở chế độ không hiển thị.",
        "Text was filled in that is not painted (3 Tr).",
    ),
    "filling-clipped-to-nothing": (
        _amount(picture(_line(b"0 g 2 6 Td (100) Tj", clip=b"2 2 0 0 re W n"))),
        "Chữ được điền bị cắt hết.",
        "The text that was filled in is clipped to nothing.",
    ),
    "filling-too-small": (
        _amount(picture(_line(b"0 g 2 6 Td (100) Tj", size=1)), DA=b"/Helv 0 Tf 0 g"),
        "Chữ được điền nhỏ đến mức không đọc được.",
        "The text that was filled in is too small to be read.",
    ),
    "filling-of-one-line-over-another": (
        _then(
            lambda d: append(
                d,
                {
                    _NOTE: changed(d, _NOTE, V=b"100\r900", AP={"N": Ref(_NEW)}),
                    _NEW: picture(_line(b"0 g 2 6 Td (100) Tj 0 -1 Td (900) Tj"), height=60),
                },
            )
        ),
        "Hai dòng được điền viết đè lên nhau.",
        "Two lines were filled in, one over the other.",
    ),
    "filling-with-a-mouse-over-picture": (
        _then(
            lambda d: append(
                d,
                {
                    _AMOUNT: changed(d, _AMOUNT, V=b"100", AP={"N": Ref(_NEW), "R": Ref(_NEW + 1)}),
                    _NEW: written(b"100"),
                    _NEW + 1: written(b"900"),
                },
            )
        ),
        "Ô được điền hiển thị số khác khi đưa chuột vào.",
        "A field was filled in that shows another amount under the mouse.",
    ),
    "filling-with-rich-text": (
        _amount(written(b"100"), RV=b"<body>900</body>"),
        "Ô có chữ định dạng (/RV) được điền.",
        "A field with rich text (/RV) was filled in.",
    ),
    "filling-that-paints-more": (
        _amount(picture(b"0 g 50 5 20 10 re f " + _line(b"0 g 2 6 Td (100) Tj"))),
        "Hình của ô được điền vẽ thêm ngoài chữ.",
        "The picture of a field that was filled in paints more than its text.",
    ),
    "filling-in-an-optional-layer": (
        _amount(written(b"100", OC={"Type": Name("OCG"), "Name": b"layer"})),
        "Hình của ô được điền thuộc một lớp có thể tắt.",
        "The picture of a field that was filled in belongs to a layer that can be switched off.",
    ),
    "filling-of-a-list-box": (
        _then(_set(_LIST, V=b"two")),
        "Chọn mục khác trong danh sách nhiều dòng.",
        "Another item of a list box was chosen.",
    ),
    "filling-without-picture": (
        _then(_set(_AMOUNT, V=b"100")),
        "Ô được điền giá trị mà không có hình.",
        "A field was given a value and no picture.",
    ),
    "filling-in-vietnamese": (
        _amount(written(b"mot tram"), text_string("một trăm")),
        "Ô được điền tiếng Việt, hình bỏ dấu.",
        "A field was filled in with Vietnamese, and its picture has no marks.",
    ),
}


def _add_all(
    fillings: dict[str, tuple[Callable[[Press], bytes], str, str]],
    verdict: Verdict,
    code: Code,
    attack: AttackClass = "foreign-file",
) -> None:
    for name, (make, vi, en) in fillings.items():
        add(Recipe(name, attack, vi, en, (code,), make, verdict, policy="signatures", with_evidence=True))


_add_all(_HONEST, "VALID", "form-filled-in", "control")
_add_all(_DISHONEST, "INVALID", "changed-after-signature")
_add_all(_OPEN, "INDETERMINATE", "appearance-not-proven")
