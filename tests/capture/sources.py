"""What a source file's pages should look like, decoded by Pillow alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageOps, ImageStat


def expected_pages(path: Path) -> Iterator[Image.Image]:
    """Yield the frames of an image file, upright, on white, as grey, RGB or CMYK."""
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            if image.format == "TIFF" and image.getexif().get(254, 0) & 1:
                continue
            # Pillow has turned TIFF upright by itself
            upright = image if image.format == "TIFF" else ImageOps.exif_transpose(image)
            yield on_white(upright)


def on_white(image: Image.Image) -> Image.Image:
    """Return an 8-bit picture without transparency."""
    if image.mode.startswith("I;16"):
        raw = image.tobytes()
        big = image.mode == "I;16B" or (image.mode == "I;16N" and sys.byteorder == "big")
        return Image.frombytes("L", image.size, raw[0 if big else 1 :: 2])
    if image.mode == "CMYK":
        return image
    if image.mode in ("LA", "RGBA", "PA", "La", "RGBa") or "transparency" in image.info:
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), clear).convert("RGB")
    return image.convert("RGB")


def difference(expected: Image.Image, shown: Image.Image) -> tuple[int, float]:
    """Return the largest and the mean difference of two pictures, (255, 255) for other sizes."""
    if expected.size != shown.size:
        return 255, 255.0
    delta = ImageChops.difference(expected.convert("RGB"), shown.convert("RGB"))
    largest = max(high for _, high in delta.getextrema())  # type: ignore[misc]
    return int(largest), sum(ImageStat.Stat(delta).mean) / 3
