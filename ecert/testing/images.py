"""Small pictures in every format a scanner or a phone may hand over, for test matrices."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from ecert.testing.fonts import font

SIZE = (60, 80)  # pixels


@lru_cache(maxsize=1)
def _samples() -> tuple[tuple[str, bytes], ...]:
    colour = _picture()
    grey, bilevel = colour.convert("L"), colour.convert("1")
    see_through = colour.copy()  # from clear at the top to solid at the bottom
    ramp = Image.linear_gradient("L").resize(SIZE)
    see_through.putalpha(ramp.point([max(0, min(255, 2 * v - 40)) for v in range(256)]))
    oriented = Image.Exif()
    oriented[0x0112] = 6  # Orientation: turn clockwise by 90 degrees to see it upright
    grey_jpeg = _saved(grey, "JPEG", quality=90, dpi=(72, 72))
    rgb_jpeg = _saved(colour, "JPEG", quality=90, dpi=(150, 150))
    return (
        ("grey.jpg", grey_jpeg),
        ("rgb.jpg", rgb_jpeg),
        ("progressive.jpg", _saved(colour, "JPEG", progressive=True, dpi=(100, 100))),
        ("oriented.jpg", _saved(colour, "JPEG", exif=oriented, dpi=(100, 100))),
        # Pillow stores CMYK as Adobe does: inverted, with the APP14 marker that says so
        ("cmyk.jpg", _saved(colour.convert("CMYK"), "JPEG", quality=90, dpi=(200, 200))),
        ("bilevel.png", _saved(bilevel, "PNG", dpi=(200, 200))),
        ("grey.png", _saved(grey, "PNG", dpi=(96, 96))),
        ("grey16.png", _saved(_sixteen(grey), "PNG", dpi=(100, 100))),
        ("palette.png", _saved(colour.quantize(16), "PNG", dpi=(72, 72))),
        ("rgb.png", _saved(colour, "PNG", dpi=(150, 150))),
        ("rgba.png", _saved(see_through, "PNG", dpi=(150, 150))),
        ("g4.tif", _saved(bilevel, "TIFF", compression="group4", dpi=(200, 200))),
        ("lzw.tif", _saved(colour, "TIFF", compression="tiff_lzw", dpi=(100, 100))),
        ("rgb.jp2", _saved(colour, "JPEG2000", irreversible=False)),
        ("rgb.webp", _saved(colour, "WEBP", lossless=True)),
        ("scanner.pdf", _scanner_pdf([(rgb_jpeg, 150), (grey_jpeg, 72)])),
    )


def sample_images() -> dict[str, bytes]:
    """Return one small picture (60 × 80 pixels) per format, by file name.

    JPEG (grey, RGB, progressive, EXIF orientation 6, Adobe-inverted CMYK), PNG (1 bit, 8 and 16 bit
    grey, palette, RGB, RGBA), TIFF (G4, LZW), JPEG 2000, WebP, and a PDF of two pages as scanners
    make them. Resolutions lie between 72 and 200 dpi; JPEG 2000 and WebP name none.
    """
    return dict(_samples())


def _picture() -> Image.Image:
    """Return the RGB picture: a colour ramp, so that swapped channels show, and a letter for up."""
    ramp = Image.linear_gradient("L").resize(SIZE)
    picture = Image.merge("RGB", (ramp, ramp.rotate(180), Image.new("L", SIZE, 200)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((4, 4, 20, 14), fill=(208, 24, 32))
    draw.text((30, 62), "Mẫ", fill=(20, 20, 30), font=font(38, bold=True), anchor="ms")
    return picture


def _sixteen(grey: Image.Image) -> Image.Image:
    """Return the picture in 16 bits, with values that 8 bits cannot hold."""
    octets = bytearray()
    for index, value in enumerate(grey.tobytes()):
        octets += bytes([index % 256, value])  # little end first
    return Image.frombytes("I;16", grey.size, bytes(octets))


def _saved(image: Image.Image, format: str, **options: object) -> bytes:  # noqa: A002
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def _scanner_pdf(pages: list[tuple[bytes, int]]) -> bytes:
    """Return a PDF with one JPEG per page, filling it, and no text: what a scanner writes."""
    import pikepdf

    pdf = pikepdf.new()
    for jpeg, dpi in pages:
        with Image.open(io.BytesIO(jpeg)) as image:
            width, height = image.size
            space = "/DeviceGray" if image.mode == "L" else "/DeviceRGB"
        stream = pdf.make_stream(
            jpeg,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name(space),
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        across, down = width * 72 / dpi, height * 72 / dpi
        page = pdf.add_blank_page(page_size=(across, down))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
        page.Contents = pdf.make_stream(f"q {across:g} 0 0 {down:g} 0 0 cm /Im0 Do Q".encode())
    pdf.docinfo["/Producer"] = "ecert.testing scanner"
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, force_version="1.4")
    return out.getvalue()
