"""Decode stored pages with programs that are not ours: qpdf for samples, poppler for what is seen."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
from PIL import Image, ImageChops

from ecert.model.images import StoredImage

_CHANNELS = {"grey": 1, "indexed": 1, "rgb": 3, "cmyk": 4}
_SPACES = {"grey": pikepdf.Name.DeviceGray, "rgb": pikepdf.Name.DeviceRGB, "cmyk": pikepdf.Name.DeviceCMYK}
#: Orientation → matrix that puts the stored image upright: signs of the sides w and h, and corners.
_MATRICES = {
    1: "{w} 0 0 {h} {left} {bottom}",
    2: "-{w} 0 0 {h} {right} {bottom}",
    3: "-{w} 0 0 -{h} {right} {top}",
    4: "{w} 0 0 -{h} {left} {top}",
    5: "0 -{h} -{w} 0 {right} {top}",
    6: "0 -{h} {w} 0 {left} {top}",
    7: "0 {h} {w} 0 {left} {bottom}",
    8: "0 {h} -{w} 0 {right} {bottom}",
}
_INSET = 0.25  # points: poppler paints every pixel that the image touches, and one more at its edge


def to_pdf(pages: list[StoredImage]) -> bytes:
    """Return a PDF of one image per page, one point per pixel, turned upright."""
    with pikepdf.new() as pdf:
        for page in pages:
            _add(pdf, page)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def samples(page: StoredImage) -> bytes:
    """Return the packed samples of a Flate page, predictors undone by qpdf."""
    assert page.encoding == "FlateDecode"
    with pikepdf.new() as pdf:
        return image_stream(pdf, page).read_bytes()


def bilevel(page: StoredImage) -> Image.Image:
    """Return the picture of a page of single bits; what stands behind a row's end counts for nothing."""
    image = Image.frombytes("1", (page.width, page.height), samples(page))
    return ImageChops.invert(image) if page.inverted else image


def render(pages: list[StoredImage], folder: Path) -> list[Image.Image]:
    """Return every page as poppler shows it, pixel for pixel, in grey or RGB."""
    path = folder / "pages.pdf"
    path.write_bytes(to_pdf(pages))
    command = ["pdftoppm", "-r", "72", str(path), str(folder / "shown")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    shown = []
    for file in sorted(folder.glob("shown*.ppm")):
        with Image.open(file) as image:
            shown.append(image.copy())
        file.unlink()
    return shown


def image_stream(pdf: pikepdf.Pdf, page: StoredImage) -> pikepdf.Stream:
    """Return the image XObject of a page as ISO 32000-1, 8.9.5 describes it."""
    stream = pikepdf.Stream(pdf, page.data)
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = page.width, page.height
    stream.Filter = pikepdf.Name("/" + page.encoding)
    channels = _CHANNELS[page.colour]
    if page.encoding != "JPXDecode":
        stream.BitsPerComponent = page.bits
    if page.colour == "indexed":
        assert page.palette is not None
        stream.ColorSpace = pikepdf.Array(
            [pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, len(page.palette) // 3 - 1, pikepdf.String(page.palette)]
        )
    else:
        stream.ColorSpace = _SPACES[page.colour]
    if page.inverted:
        stream.Decode = pikepdf.Array([1, 0] * channels)
    if page.predictor:
        stream.DecodeParms = pikepdf.Dictionary(
            Predictor=15, Colors=channels, BitsPerComponent=page.bits, Columns=page.width
        )
    return stream


def _add(pdf: pikepdf.Pdf, page: StoredImage) -> None:
    across, down = page.width, page.height
    if page.orientation > 4:
        across, down = down, across
    pdf.add_blank_page(page_size=(across, down))
    target = pdf.pages[-1]
    target.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image_stream(pdf, page)))
    matrix = _MATRICES[page.orientation].format(
        w=across - 2 * _INSET, h=down - 2 * _INSET, left=_INSET, bottom=_INSET, right=across - _INSET, top=down - _INSET
    )
    target.Contents = pikepdf.Stream(pdf, f"{matrix} cm /I Do".encode())
