"""What a reader sees on the statement page: the seal at its true size over a third of the signature."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from tests import judges
from tests.judged.cases import DEFAULT
from tests.judged.press import Press, Stage

DPI = 100
PIXELS_PER_MM = DPI / 25.4


def added(before: Stage, after: Stage) -> Image.Image:
    """Return a mask of what a step painted on the statement page."""
    pages = [judges.pdftoppm(s.path, page=2, dpi=DPI).convert("RGB") for s in (before, after)]
    return ImageChops.difference(*pages).convert("L").point([255 * (v > 24) for v in range(256)])


def box(mask: Image.Image) -> tuple[int, int, int, int]:
    found = mask.getbbox()
    assert found is not None
    return found


def test_the_seal_has_its_true_size_over_a_third_of_the_signature(press: Press) -> None:
    copy = press.copy(DEFAULT)
    left, top, right, _ = box(added(copy.draft, copy.signed))
    seal = added(copy.signed, copy.sealed)
    seal_left, seal_top, seal_right, _ = box(seal)
    assert seal_right - seal_left == pytest.approx(36 * PIXELS_PER_MM, abs=3)
    # its time stands below the disc: where the ring ends, a row is empty
    assert _rows(seal, seal_top).index(None) == pytest.approx(36 * PIXELS_PER_MM, abs=3)
    # of the ink; the picture has margins of its own
    assert 0.2 < (seal_right - left) / (right - left) < 0.45
    assert seal_left < left < seal_right < right
    assert abs(seal_top - top) < 0.2 * (seal_right - seal_left)


def _rows(mask: Image.Image, top: int) -> list[tuple[int, int, int, int] | None]:
    return [mask.crop((0, y, mask.width, y + 1)).getbbox() for y in range(top, mask.height)]


def test_nothing_is_painted_on_the_scanned_page(press: Press) -> None:
    copy = press.copy(DEFAULT)
    pages = [judges.pdftoppm(s.path, page=1, dpi=50) for s in (copy.draft, copy.sealed)]
    assert pages[0].tobytes() == pages[1].tobytes()
