"""The packaged serif font (`ecert/formats/ecert1/fonts`), as Pillow takes it."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import ImageFont

from ecert.model.files import packaged


@lru_cache(maxsize=2)
def _program(bold: bool) -> bytes:
    name = "serif-bold.ttf" if bold else "serif-regular.ttf"
    return packaged(f"formats/ecert1/fonts/{name}")


@lru_cache(maxsize=64)
def font(size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the packaged serif font at ``size`` pixels per em.

    The basic layout engine is asked for: the font has no layout tables, and precomposed Vietnamese
    needs none.
    """
    return ImageFont.truetype(BytesIO(_program(bold)), size, layout_engine=ImageFont.Layout.BASIC)
