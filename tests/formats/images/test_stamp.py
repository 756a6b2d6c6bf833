"""The picture of a signature or seal: decoded with its transparency, refused by name where it is none."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from ecert.errors import InputError
from ecert.formats.images import stamp
from ecert.formats.images.stamp import read_stamp


def picture(mode: str, colour: object, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (3, 2), colour).save(buffer, kind)  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "rgb", "alpha"),
    [
        (picture("RGBA", (1, 2, 3, 128)), bytes((1, 2, 3)), b"\x80"),
        (picture("RGBA", (1, 2, 3, 255)), bytes((1, 2, 3)), None),
        (picture("RGB", (1, 2, 3)), bytes((1, 2, 3)), None),
        (picture("LA", (7, 0)), bytes((7, 7, 7)), b"\0"),
        (picture("L", 128, "JPEG"), bytes((128, 128, 128)), None),
    ],
)
def test_colours_and_transparency_are_kept_apart(data: bytes, rgb: bytes, alpha: bytes | None):
    found = read_stamp(data, name="seal.png")
    assert (found.width, found.height) == (3, 2)
    assert zlib.decompress(found.rgb) == 6 * rgb
    assert (zlib.decompress(found.alpha) if found.alpha is not None else None) == (alpha and 6 * alpha)


@pytest.mark.parametrize("data", [b"", b"hello", picture("RGB", 0, "TIFF"), picture("RGB", 0)[:40]])
def test_what_is_no_picture_is_refused(data: bytes):
    with pytest.raises(InputError, match="is not a readable picture"):
        read_stamp(data, name="seal.png")


def test_limits(monkeypatch: pytest.MonkeyPatch):
    data = picture("RGB", 0)
    monkeypatch.setattr(stamp, "MAX_STAMP_PIXELS", 5)
    with pytest.raises(InputError, match="3 × 2 pixels"):
        read_stamp(data, name="seal.png")
    monkeypatch.setattr(stamp, "MAX_STAMP_BYTES", len(data) - 1)
    with pytest.raises(InputError, match=f"more than {len(data) - 1} bytes"):
        read_stamp(data, name="seal.png")
