"""The images of others: each becomes pages that look like the source, or a typed refusal.

Known differences stand below as data with reasons; a difference that disappears must be taken out.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from tests.judges.tools import ROOT

PEAK: Final = 1_500_000_000  # bytes of memory, poppler aside
PROCESSES: Final = 2
SECONDS: Final = 240  # for all files: a hang, not a speed, is what this catches

_XMP = "Pillow also reads orientation from XMP; viewers and this product read EXIF alone"
#: Files whose page differs from Pillow's picture → why that is right, or known.
DIFFERENT: Final = {
    "pillow/exif_imagemagick_orientation.png": "EXIF in ImageMagick's text chunk, not in eXIf",
    "pillow/xmp_tags_orientation.png": _XMP,
    "pillow/xmp_tags_orientation_exiftool.png": _XMP,
}
#: Files that the corpus says are readable and that are refused → (code, reason).
REFUSED: Final = {
    "pillow/10ct_32bit_128.tiff": ("lossless-impossible", "floating point"),
    "pillow/16_bit_binary_pgm.tiff": ("lossless-impossible", "signed 32 bits"),
    "pillow/16bit.s.tif": ("lossless-impossible", "signed samples"),
    "pillow/child_ifd_jpeg.tiff": ("page-size", "one pixel"),
    "pillow/cross_scan_line.png": ("page-size", "two pixels"),
    "pillow/expected_to_read.jp2": ("truncated", "no image in the file"),
    "pillow/hopper.Lab.tif": ("lossless-impossible", "CIE Lab"),
    "pillow/hopper_unknown_pixel_mode.tif": ("lossless-impossible", "32 bits"),
    "pillow/hopper_webp.tif": ("unsupported-format", "WebP inside TIFF"),
    "pillow/jpeg_ff00_header.jpg": ("damaged-image", "bytes between JPEG segments"),
    "pillow/multiple_exif.jpg": ("page-size", "one pixel"),
    "pillow/orientation_rectangle.jpg": ("page-size", "two pixels"),
    "pillow/photoshop-200dpi-broken.jpg": ("damaged-image", "bytes between JPEG segments"),
    "pillow/raw_negative_stride.bin": ("unsupported-format", "McIDAS area file"),
    "pillow/rdf.tif": ("unsupported-format", "palette with opacity"),
    "pillow/separate_planar_extra_samples.tiff": ("lossless-impossible", "signed samples"),
    "pillow/sugarshack_bad_mpo_header.jpg": ("several-images", "a second picture at the end"),
    "pillow/tRNS_null_1x1.png": ("page-size", "one pixel"),
    "pillow/tiff_overflow_rows_per_strip.tif": ("damaged-image", "more strips than its rows need"),
    "pillow/zero_height.j2k": ("damaged-image", "no rows"),
}
#: Formats nobody asked for, and frames that move, are refused whatever the corpus expects.
NOT_ASKED: Final = (".gif", ".bmp", ".avif", ".ico")
ANIMATED: Final = ("pillow/apng/", "pillow/iss634.webp")
#: Largest and mean difference from Pillow's 8-bit picture, by what is compared: the lower half of
#: 16-bit samples is cut by one and rounded by the other, and CMYK is shown in their own ways.
EXACT, FLATTENED, CMYK = (1, 0.5), (2, 0.6), (32, 8.0)


@pytest.fixture(scope="module")
def outcomes(corpora: Path) -> dict[str, dict[str, Any]]:
    """Return what became of every file, found out in processes of their own."""
    with (corpora / "images" / "index.csv").open(newline="", encoding="utf-8") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    command = [sys.executable, "-m", "tests.capture.corpus_worker", str(corpora / "images")]
    workers = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        for _ in range(PROCESSES)
    ]
    for number, worker in enumerate(workers):
        assert worker.stdin is not None
        worker.stdin.write("\n".join(names[number::PROCESSES]))
        worker.stdin.close()
        worker.stdin = None
    lines: list[str] = []
    for worker in workers:
        try:
            lines += worker.communicate(timeout=SECONDS)[0].splitlines()
        finally:
            worker.kill()
    found = {result["file"]: result for result in map(json.loads, lines)}
    assert list(names) == [name for name in names if name in found], "a process died"
    return found


@pytest.fixture(scope="module")
def expected(corpora: Path) -> dict[str, str]:
    """Return what the corpus says of every file."""
    with (corpora / "images" / "index.csv").open(newline="", encoding="utf-8") as file:
        return {row["file"]: row["expected"] for row in csv.DictReader(file)}


def test_every_file_becomes_pages_or_a_refusal(outcomes: dict[str, dict[str, Any]]):
    crashed = {name: r["message"] for name, r in outcomes.items() if r["outcome"] == "crashed"}
    assert not crashed
    for name, result in outcomes.items():
        if result["outcome"] == "refused":
            assert result["code"], name
            assert result["hint"], name
            assert Path(name).name in result["message"], name


def test_memory_stays_within_bounds(outcomes: dict[str, dict[str, Any]]):
    assert max(result["peak"] for result in outcomes.values()) < PEAK


def test_pages_look_like_their_sources(outcomes: dict[str, dict[str, Any]], require):
    require("poppler")
    different = {}
    for name, result in outcomes.items():
        for page, (largest, mean) in zip(result.get("pages", ()), result.get("differences", ()), strict=True):
            limits = CMYK if page["colour"] == "cmyk" else FLATTENED if page["alpha"] else EXACT
            if largest < 0 or largest > limits[0] or mean > limits[1]:
                different[name] = (largest, mean)
    assert different.keys() == DIFFERENT.keys(), different


def test_readable_files_are_read(outcomes: dict[str, dict[str, Any]], expected: dict[str, str]):
    refused = {
        name: result["code"]
        for name, result in outcomes.items()
        if expected[name] in ("pass", "implied:pass")
        and result["outcome"] == "refused"
        and not name.endswith(NOT_ASKED)
        and not name.startswith(ANIMATED)
    }
    assert refused == {name: code for name, (code, _) in REFUSED.items()}


def test_broken_files_are_refused(outcomes: dict[str, dict[str, Any]], expected: dict[str, str]):
    read = [
        name for name, result in outcomes.items() if expected[name] == "must_raise" and result["outcome"] != "refused"
    ]
    assert not read


def test_streams_are_passed_through_where_pdf_can_carry_them(outcomes: dict[str, dict[str, Any]]):
    kinds = Counter(
        (page["encoding"], page["reencoded"]) for result in outcomes.values() for page in result.get("pages", ())
    )
    assert kinds["DCTDecode", False] >= 30
    assert kinds["DCTDecode", True] == 0
    assert kinds["FlateDecode", False] >= 29
    assert kinds["JPXDecode", False] >= 4


def test_malformed_pdf_is_refused(corpora: Path):
    from ecert.capture.scan import Scan
    from ecert.errors import InputError

    codes: Counter[str] = Counter()
    for path in sorted((corpora / "malformed").rglob("*.pdf")):
        with pytest.raises(InputError) as caught:
            Scan.from_files([path])
        assert caught.value.hint
        codes[caught.value.code] += 1
    assert codes["damaged-pdf"] > 50
