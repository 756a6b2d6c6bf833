"""Opened and saved by another program: the pages look the same, the layer of signatures is gone or dead.

Viewers do so without a question (unicornforms.com, 2025); nobody need mean any harm. The whole file is
written again, so it has one revision, whatever it had before.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from ecert.model.findings import Code
from ecert.testing.specimens.foreign import foreign
from ecert.testing.specimens.increments import cut
from ecert.testing.specimens.registry import Make, Recipe, add

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


def _saved(data: bytes, change: Callable[[Any], None] | None = None, **options: Any) -> bytes:
    """Open a file and write it again by a program that knows nothing of signatures."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if change is not None:
            change(pdf)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is left without its form, as is meant here
            pdf.save(out, **options)
    return out.getvalue()


def _packed(data: bytes) -> bytes:
    """Write it with object streams and everything compressed anew."""
    import pikepdf

    streams = pikepdf.ObjectStreamMode.generate
    return _saved(data, object_stream_mode=streams, recompress_flate=True)


def _without_fields(pdf: Any) -> None:
    """Drop the form and every widget, as a viewer does that knows no forms."""
    for key in ("/AcroForm", "/Perms", "/DSS"):
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        if "/Annots" in page:
            del page["/Annots"]


def _flattened(pdf: Any) -> None:
    """Paint what the fields show into the pages, and drop the form."""
    pdf.flatten_annotations("all")
    _without_fields(pdf)


def _first_page(pdf: Any) -> None:
    """Keep the first page alone."""
    while len(pdf.pages) > 1:
        del pdf.pages[-1]


def _last_page(pdf: Any) -> None:
    """Keep the last page alone with what it shows, as by carrying it over to a file of its own."""
    while len(pdf.pages) > 1:
        del pdf.pages[0]
    for key in ("/AcroForm", "/Perms", "/DSS", "/Names", "/AF"):
        del pdf.Root[key]


_ANEW: Final = "saved-anew"
#: name → (how, codes, in Vietnamese, in English)
_WAYS: Final[dict[str, tuple[Callable[[bytes], bytes], tuple[Code, ...], str, str]]] = {
    "saved-by-another-program": (
        _saved,
        (_ANEW,),
        "Bản sao được mở và lưu lại bằng một phần mềm khác, các ô chữ ký vẫn còn.",
        "The copy was opened and saved by another program, which kept the signature fields.",
    ),
    "saved-in-object-streams": (
        _packed,
        (_ANEW,),
        "Bản sao được phần mềm khác lưu lại, nén thành các luồng đối tượng.",
        "The copy was saved by another program that packed it into object streams.",
    ),
    "saved-for-the-web": (
        lambda d: _saved(d, linearize=True),
        (_ANEW,),
        "Bản sao được phần mềm khác lưu lại ở dạng tuyến tính hóa cho mạng.",
        "The copy was saved by another program, linearized for the web.",
    ),
    "saved-without-its-fields": (
        lambda d: _saved(d, _without_fields),
        (_ANEW, "unsigned"),
        "Bản sao được phần mềm khác lưu lại và bỏ hết các ô chữ ký: nhìn như cũ, không còn chữ ký số.",
        "The copy was saved by another program that dropped its fields: no signature is left.",
    ),
    "saved-with-its-fields-painted": (
        lambda d: _saved(d, _flattened),
        (_ANEW, "unsigned"),
        "Bản sao được lưu lại sau khi hình chữ ký và con dấu được vẽ hẳn vào trang.",
        "The copy was saved after the pictures of signature and seal were painted into the page.",
    ),
    "saved-with-one-page": (
        lambda d: _saved(d, _first_page),
        (_ANEW,),
        "Bản sao được lưu lại chỉ với trang đầu.",
        "The copy was saved with its first page alone.",
    ),
    "statement-page-extracted": (
        lambda d: _saved(d, _last_page),
        ("unsigned", "record-missing"),
        "Trang lời chứng được tách thành một tệp riêng, vẫn hiện chữ ký và con dấu.",
        "The statement page was carried over to a file of its own, where signature and seal still show.",
    ),
    "draft-saved-by-another-program": (
        lambda d: _saved(cut(d, 0)),
        (_ANEW, "unsigned"),
        "Bản dự thảo chưa ai ký được phần mềm khác lưu lại.",
        "The draft that nobody has signed was saved by another program.",
    ),
}


def _of(change: Callable[[bytes], bytes], victim: Make) -> Make:
    return lambda press: change(victim(press))


def _copy(press: Press) -> bytes:
    return press.copy


for _name, (_change, _codes, _vi, _en) in _WAYS.items():
    add(Recipe(_name, "cut-back", _vi, _en, _codes, _of(_change, _copy)))

#: what the policy for any signed file says of the same
_FOREIGN: Final[dict[str, tuple[Callable[[bytes], bytes], Code, str, str]]] = {
    "foreign-saved-by-another-program": (
        _saved,
        "signature-malformed",
        "Biểu mẫu đã ký của nơi khác được một phần mềm lưu lại, ô chữ ký vẫn còn.",
        "A signed form of somebody else was saved by another program, which kept its fields.",
    ),
    "foreign-saved-without-its-fields": (
        lambda d: _saved(d, _without_fields),
        "unsigned",
        "Biểu mẫu đã ký của nơi khác được một phần mềm lưu lại và bỏ hết các ô.",
        "A signed form of somebody else was saved by another program that dropped its fields.",
    ),
}
for _name, (_change, _code, _vi, _en) in _FOREIGN.items():
    add(
        Recipe(
            _name, "foreign-file", _vi, _en, (_code,), _of(_change, foreign), policy="signatures", with_evidence=True
        )
    )
