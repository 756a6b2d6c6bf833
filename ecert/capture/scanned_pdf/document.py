"""The file as a whole: what no scan may be or hold, and its pages one after the other."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecert.capture.scanned_pdf.image import stored_image
from ecert.capture.scanned_pdf.page import read_page
from ecert.errors import InputError
from ecert.formats.images import refusals
from ecert.formats.images.resolution import check_page, plausible, tidy
from ecert.formats.record import RECORD_FILE_NAME
from ecert.model.images import StoredImage
from ecert.model.limits import MAX_DPI, MAX_PAGES, MAX_PDF_OBJECTS, MIN_DPI

if TYPE_CHECKING:
    import pikepdf

_IS_A_COPY = "certify the paper original, or verify this file with: ecert verify"
_EXPORT_PLAIN = "scan the pages as plain image PDF, without {}"
_SIGNED = re.compile(rb"/ByteRange(?![\w.])|/FT\s*/Sig(?![\w.])|/Type\s*/(?:Sig|DocTimeStamp)(?![\w.])")
#: Names that must not occur in any object → code, what it is called.
_FORBIDDEN = (
    (re.compile(rb"/(?:JavaScript|JS)(?![\w.])"), "javascript", "scripts"),
    (re.compile(rb"/(?:EmbeddedFiles?|Filespec|EF)(?![\w.])"), "embedded-files", "attachments"),
    (re.compile(rb"/(?:OCProperties|OCG|OCMD)(?![\w.])"), "optional-content", "layers"),
    (re.compile(rb"/(?:Launch|RichMedia|XFA|Movie|Sound|Rendition|3D)(?![\w.])"), "active-content", "active content"),
)


def read_scanned_pdf(data: bytes, *, name: str, max_pages: int = MAX_PAGES) -> Iterator[StoredImage]:
    """Yield the pages of a scanner PDF; the resolution is that of the image as placed.

    Raises:
        InputError: ``damaged-pdf``, ``encrypted``, ``source-is-a-copy``, ``too-many-pages``,
            ``javascript``, ``embedded-files``, ``optional-content``, ``active-content``,
            ``form``, ``annotations``, ``text-layer``, ``vector-paint``, ``inline-image``,
            ``transparency``, ``several-images``, ``page-layout``, ``jbig2``, and the codes of
            :func:`ecert.formats.images.read_pages` for the images themselves.
    """
    import pikepdf

    with _reading(name):
        try:
            pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
        except pikepdf.PasswordError as error:
            raise _encrypted(name) from error
        with pdf:
            count = _check_document(pdf, name, max_pages)
            for number, page in enumerate(pdf.pages, start=1):
                label = name if count == 1 else f"{name}, page {number}"
                image = _page(page, label)
                if pdf.get_warnings():
                    raise _damaged(name)
                yield image


def _page(page: pikepdf.Page, name: str) -> StoredImage:
    placed = read_page(page, name=name)
    if not plausible(placed.dpi):
        raise InputError(
            f"{name}: the image is placed at {placed.dpi[0]:.0f} x {placed.dpi[1]:.0f} dpi",
            code="page-layout",
            hint=f"scan again at {MIN_DPI} to {MAX_DPI} dpi",
        )
    density = tidy(placed.dpi[0]), tidy(placed.dpi[1])
    image = stored_image(placed, dpi=density, name=name)
    check_page(name, image.size_points)
    return image


def _check_document(pdf: pikepdf.Pdf, name: str, max_pages: int) -> int:
    """Refuse what the document as a whole must not be or hold; return its number of pages."""
    import pikepdf

    if pdf.is_encrypted:
        raise _encrypted(name)
    if pdf.get_warnings():
        raise _damaged(name)
    if len(pdf.objects) > MAX_PDF_OBJECTS:
        message = f"{name}: {len(pdf.objects):,} PDF objects, the limit is {MAX_PDF_OBJECTS:,}"
        raise InputError(message, code="too-large", hint="give the pages as several files")
    texts = []
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            texts.append(_text(item))
            if _names_record(item):
                raise _copy(name, "a certified copy")
    if any(_SIGNED.search(text) for text in texts):
        raise _copy(name, "a signed PDF")
    for pattern, code, what in _FORBIDDEN:
        if any(pattern.search(text) for text in texts):
            raise InputError(f"{name}: the PDF holds {what}", code=code, hint=_EXPORT_PLAIN.format(what))
    form = pdf.Root.get("/AcroForm")
    if form is not None and len(form.get("/Fields", [])):
        raise InputError(f"{name}: the PDF holds a form", code="form", hint=_EXPORT_PLAIN.format("form fields"))
    if int(pdf.Root["/Pages"].get("/Count", 0)) > max_pages or len(pdf.pages) > max_pages:
        raise refusals.too_many_pages(name)
    if not len(pdf.pages):
        raise _damaged(name)
    return len(pdf.pages)


def _text(item: pikepdf.Object) -> bytes:
    """Return an object's own syntax; of a stream, its dictionary's."""
    import pikepdf

    if isinstance(item, pikepdf.Stream):
        return item.stream_dict.unparse()
    return item.unparse(resolved=True)


def _names_record(item: pikepdf.Object) -> bool:
    import pikepdf

    if not isinstance(item, pikepdf.Dictionary):
        return False
    return any(
        isinstance(value := item.get(key), pikepdf.String) and str(value) == RECORD_FILE_NAME for key in ("/F", "/UF")
    )


def _copy(name: str, what: str) -> InputError:
    return InputError(f"{name}: this is {what}", code="source-is-a-copy", hint=_IS_A_COPY)


def _encrypted(name: str) -> InputError:
    hint = "save the scan without a password"
    return InputError(f"{name}: the PDF is encrypted", code="encrypted", hint=hint)


def _damaged(name: str) -> InputError:
    hint = "scan again; a damaged file is not repaired, for nobody could say what was lost"
    return InputError(f"{name}: the PDF is damaged", code="damaged-pdf", hint=hint)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn whatever the PDF library raises on hostile files into a refusal."""
    try:
        yield
    except (InputError, GeneratorExit):
        raise
    except Exception as error:  # PdfError, ValueError, TypeError, KeyError, RecursionError, ...
        raise _damaged(name) from error
