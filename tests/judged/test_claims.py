"""No claim is a question that nothing could answer with no: each is put to a good copy and to a spoiled one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, get_args

import pytest

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf.objects import Stream
from ecert.testing.specimens.increments import append
from tests import judges
from tests.judged import claims
from tests.judged.cases import SMALL
from tests.judged.claims import JUDGES, Judge
from tests.judged.press import Copy, Press, Stage


def one_bit_of_the_page(copy: Copy) -> bytes:
    """Flip a bit in the entropy-coded data of the scanned page."""
    data, page = copy.sealed.data, copy.case.inputs[0].data
    at = data.index(page) + len(page) - 20
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def wrong_pointer(copy: Copy) -> bytes:
    """Let the file's last cross-reference pointer miss its table."""
    data = copy.sealed.data
    at = data.rindex(b"startxref\n") + len(b"startxref\n")
    return data[:at] + b"9" + data[at + 1 :]


def painted_page(copy: Copy) -> bytes:
    """Paint a grey box in place of the scanned page."""
    paint = b"q 0.5 g 5 5 20 20 re f Q"
    return append(copy.sealed.data, {NUMBERS.FIRST_PAGE + 1: Stream({"Length": len(paint)}, paint)})


#: A way to spoil a copy, and who must refuse what comes of it.
SPOILED: Final[dict[Callable[[Copy], bytes], tuple[Judge, ...]]] = {
    one_bit_of_the_page: ("dss", "dss-changes-fail", "pdfsig", "streams"),
    wrong_pointer: ("dss", "dss-changes-fail", "verapdf", "qpdf"),
    painted_page: ("dss", "dss-changes-fail", "looks"),
}


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_a_spoiled_copy_is_refused_by_whom_it_concerns(
    spoil: Callable[[Copy], bytes], press: Press, tmp_path: Path
) -> None:
    copy = press.copy(SMALL)
    path = tmp_path / "spoiled.pdf"
    path.write_bytes(spoil(copy))
    stage = Stage("sealed", path.read_bytes(), path)
    for judge in SPOILED[spoil]:
        assert JUDGES[judge](copy, stage), judge


@pytest.mark.parametrize("judge", get_args(Judge))
def test_every_judge_passes_the_good_file_and_refuses_another(press: Press, judge: Judge) -> None:
    assert JUDGES[judge](press.copy(SMALL), press.copy(SMALL).sealed) == []
    assert any(judge in refusing for refusing in SPOILED.values())


def test_dss_passes_nothing_without_the_anchors(press: Press) -> None:
    copy = press.copy(SMALL)
    strangers = press.keyring("rsa-pkcs1").anchors
    for signature in judges.dss(copy.sealed.path, strangers).signatures:
        assert signature.indication == "INDETERMINATE"
        assert signature.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_judge_of_another_file_is_not_believed(press: Press, tmp_path: Path) -> None:
    sealed, other = press.copy(SMALL).sealed, tmp_path / "other.pdf"
    other.write_bytes(press.copy(SMALL).signed.data)
    with pytest.raises(AssertionError, match="another file"):
        claims.verapdf(Stage("sealed", sealed.data, other))
