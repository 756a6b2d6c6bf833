"""Every encoding a copy may store becomes the picture that poppler makes of its page."""

from __future__ import annotations

import base64
import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

import ecert
from ecert.testing import contested
from tests.kit import Desk

SIZE = (400, 560)


def drawn(mode: str) -> Image.Image:
    """Return a page without any symmetry: a ramp, a dark block at top left, a pale one below."""
    page = Image.new("RGB", SIZE, (245, 240, 230))
    pen = ImageDraw.Draw(page)
    for x in range(SIZE[0]):
        pen.line((x, 300, x, 420), fill=(x // 2, 255 - x // 2, 90))
    pen.rectangle((20, 20, 160, 220), fill=(30, 40, 150))
    pen.rectangle((240, 470, 380, 540), fill=(200, 80, 60))
    if mode == "P":
        return page.quantize(16)
    if mode == "I;16":
        grey = page.convert("L")
        data = b"".join(bytes((v // 2, v)) for v in grey.tobytes())
        return Image.frombytes("I;16", SIZE, data)
    return page.convert(mode, dither=Image.Dither.NONE) if mode == "1" else page.convert(mode)


def saved(mode: str, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    drawn(mode).save(buffer, kind, dpi=(200, 200), **options)
    return buffer.getvalue()


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    return saved("RGB", "JPEG", exif=exif)


#: ProPhoto's primaries with gamma 1.8: without it the colours of a page are dull and its greys dark
WIDE = contested.rgb_profile(
    contested.gamma(1.8), ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))
)
GREY = contested.grey_profile(contested.gamma(1.8))
KINDS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved("RGB", "JPEG"),
    "jpeg-grey": lambda: saved("L", "JPEG"),
    "jpeg-progressive": lambda: saved("RGB", "JPEG", progressive=True),
    "jpeg-cmyk": lambda: saved("CMYK", "JPEG"),
    "png-rgb": lambda: saved("RGB", "PNG"),
    "png-grey": lambda: saved("L", "PNG"),
    "png-palette": lambda: saved("P", "PNG"),
    "png-palette-4": lambda: saved("P", "PNG", bits=4),
    "png-black-white": lambda: saved("1", "PNG"),
    "png-16-bit": lambda: saved("I;16", "PNG"),
    "png-alpha": lambda: saved("RGBA", "PNG"),
    "tiff-g4": lambda: saved("1", "TIFF", compression="group4"),
    "tiff-g4-black-is-zero": lambda: saved("1", "TIFF", compression="group4", tiffinfo={262: 1}),
    "tiff-g4-white-is-zero": lambda: saved("1", "TIFF", compression="group4", tiffinfo={262: 0}),
    "tiff-raw": lambda: saved("RGB", "TIFF"),
    "tiff-black-white": lambda: saved("1", "TIFF"),
    "tiff-white-is-zero": lambda: saved("L", "TIFF", tiffinfo={262: 0}),
    "tiff-cmyk": lambda: saved("CMYK", "TIFF"),
    "tiff-16-bit": lambda: saved("I;16", "TIFF"),
    "jpeg-wide-gamut": lambda: saved("RGB", "JPEG", icc_profile=WIDE),
    "png-grey-profile": lambda: saved("L", "PNG", icc_profile=GREY),
    "jpeg-2000": lambda: saved("RGB", "JPEG2000"),
    **{f"turned-{n}": (lambda n=n: turned(n)) for n in range(1, 9)},  # type: ignore[misc]
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_is_the_page(desk: Desk, kind: str, tmp_path: Path, require: Callable[[str], None]):
    require("poppler")
    scan = ecert.Scan.from_files([KINDS[kind]()], dpi=200)
    record = ecert.CertificationRecord.from_dict(desk.office.record(pages=1))
    draft = ecert.prepare_copy(scan, record)
    draft.write(tmp_path / "draft.pdf")
    (uri,) = re.findall(r'data:image/jpeg;base64,([^"]+)', draft.report.to_html("vi", document=draft.to_bytes()))
    found = Image.open(io.BytesIO(base64.b64decode(uri))).convert("RGB")
    command = ["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-singlefile", "-png", "draft.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True)
    wanted = Image.open(tmp_path / "page.png").convert("RGB")
    # a draft is not valid: its page is crossed out; compare beside the cross, and coarsely: decoders and
    # colour profiles differ a little, a wrong sense of black or a page on its side differs a lot
    assert abs(found.width / found.height - wanted.width / wanted.height) < 0.01
    small = (80, 80)
    one, two = found.resize(small, Image.Resampling.BOX), wanted.resize(small, Image.Resampling.BOX)
    cross = Image.new("L", small, 255)
    pen = ImageDraw.Draw(cross)
    pen.line((0, 0, *small), fill=0, width=7)
    pen.line((0, small[1], small[0], 0), fill=0, width=7)
    apart = ImageStat.Stat(ImageChops.difference(one, two), cross).mean
    assert max(apart) < (40 if "cmyk" in kind else 12), apart
