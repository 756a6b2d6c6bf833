"""The copies that are judged: formats, levels and keys, each varied on its own."""

from __future__ import annotations

from itertools import product
from typing import Final, get_args

from tests.judged.inputs import INPUTS
from tests.judged.press import Case, KeyKind, Stamps

#: Nothing chosen, as in the README: one A4 page at 300 dpi, RSA-2048, with signature and seal images.
DEFAULT: Final = Case("default", input="scan", key="rsa-pkcs1", stamps="alpha")

FORMATS: Final = (*(Case(name, input=name) for name in INPUTS), Case("orientations", input="orientations"))
LEVELS: Final = tuple(
    Case(f"{level}-{stamps}", level=level, stamps=stamps)
    for level, stamps in product(("B-B", "B-T", "B-LT", "B-LTA"), get_args(Stamps))
)
MIXED: Final = (
    Case("cmyk-B-B", input="cmyk.jpg", level="B-B", stamps="alpha"),
    Case("g4-B-T", input="g4.tif", level="B-T", stamps="opaque"),
    Case("jp2-B-T", input="rgb.jp2", level="B-T"),
    Case("scanner-B-B", input="scanner.pdf", level="B-B"),
    Case("english", profile="vn-2025-11-en", stamps="alpha"),
)
KEYS: Final = tuple(
    Case(f"{key}-{'token' if token else 'file'}", key=key, token=token)
    for key, token in product(get_args(KeyKind), (False, True))
)
_LASTING_KEYS: Final[tuple[KeyKind, ...]] = ("rsa-pkcs1", "rsa-pss", "p256")
LASTING: Final = tuple(
    Case(f"{key}-{'token' if token else 'file'}-B-LT", level="B-LT", key=key, token=token)
    for key, token in product(_LASTING_KEYS, (False, True))
)

CASES: Final = (*FORMATS, *LEVELS, *MIXED, *KEYS, *LASTING, DEFAULT)
SMALL: Final = Case("rgb.jpg", input="rgb.jpg")  # the one that is spoiled in test_claims

assert SMALL in FORMATS
assert len({case.name for case in CASES}) == len(CASES)
