"""Spoiled images end as pages or as a typed refusal, whatever byte is spoiled."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecert.capture.scan import Scan
from ecert.errors import InputError
from tests.capture.images import encode, exif, jpeg, picture, smooth
from tests.capture.test_scanned_pdf import scanned


def webp() -> bytes:
    out = io.BytesIO()
    smooth().save(out, "WEBP", exif=exif(3, 100))
    return out.getvalue()


FILES = {
    "jpeg": jpeg(exif=exif(6)),
    "png": encode(picture("P"), "PNG"),
    "png-alpha": encode(picture("RGBA"), "PNG"),
    "tiff-g4": encode(picture("1"), "TIFF", compression="group4"),
    "tiff-lzw": encode(picture("RGB"), "TIFF", compression="tiff_lzw", tiffinfo={278: 9, 317: 2}),
    "tiff-jpeg": encode(smooth("RGB"), "TIFF", compression="jpeg"),
    "jp2": encode(picture("L"), "JPEG2000"),
    "j2k": encode(picture("RGB"), "JPEG2000", no_jp2=True),
    "webp": webp(),
    "pdf": scanned(jpeg()),
}


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60)
@given(
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    cut=st.one_of(st.just(1.0), st.floats(0, 1)),
    grown=st.binary(max_size=40),
)
def test_spoiled_files(name: str, changes: list[tuple[float, int]], cut: float, grown: bytes):
    data = bytearray(FILES[name])
    for where, value in changes:
        data[int(where**2 * len(data))] = value  # more often in the headers, at the front
    spoiled = bytes(data[: int(cut * len(data))]) + grown
    assert outcome(spoiled)


def outcome(data: bytes) -> str:
    """Return the way out that a refusal names, or the encoding of the first page."""
    try:
        return Scan.from_files([data], dpi=300).pages[0].encoding
    except InputError as error:
        return error.hint
