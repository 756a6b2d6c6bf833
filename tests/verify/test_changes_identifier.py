"""A file keeps its first identifier; of a longer one 16 bytes are enough, as OpenPDF leaves them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import ecert
from ecert.formats.pdf.objects import Hex, PdfValue
from ecert.testing import Press
from ecert.testing.specimens.foreign import foreign
from ecert.testing.specimens.increments import FORGED, append

LONG = bytes(range(64))
OTHER = Hex(b"e" * 16)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as found:
        yield found


def verdict(press: Press, first: bytes, later: PdfValue) -> str:
    """Return what comes of a signed form whose appended trailer has another /ID."""
    data = append(foreign(press, trailer={"ID": [Hex(first), Hex(first)]}), {60: FORGED}, trailer={"ID": later})
    report = ecert.verify_copy(
        data, trust=press.office.trust, policy="signatures", at=press.now(), evidence=press.evidence
    )
    refused = report.codes("error", "unknown")
    assert set(refused) <= {"changed-after-signature"}
    return report.verdict


@pytest.mark.parametrize("length", [16, 17, 32, 64])
def test_the_first_sixteen_bytes_may_be_kept_of_it(press: Press, length: int) -> None:
    assert verdict(press, LONG[:length], [Hex(LONG[:16]), OTHER]) == "VALID"


@pytest.mark.parametrize(
    "later",
    [
        [Hex(LONG[:15]), OTHER],
        [Hex(LONG[:17]), OTHER],
        [Hex(LONG[16:32]), OTHER],
        [Hex(b""), OTHER],
        [Hex(LONG[:16])],
        [Hex(LONG[:16]), OTHER, OTHER],
        [Hex(LONG[:16]), Hex(bytes(65))],
        Hex(LONG[:16]),
    ],
    ids=str,
)
def test_anything_else_is_another_identifier(press: Press, later: PdfValue) -> None:
    assert verdict(press, LONG, later) == "INVALID"


def test_a_shorter_one_does_not_grow(press: Press) -> None:
    assert verdict(press, LONG[:16], [Hex(LONG), OTHER]) == "INVALID"
