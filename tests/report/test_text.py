"""The report in words: what an officer reads aloud is no more than what was proven."""

from __future__ import annotations

import pytest

import ecert
from tests.kit import Desk


@pytest.mark.parametrize(
    ("lang", "proven"), [("vi", "có bằng chứng thời gian"), ("en", "time proven")]
)
def test_a_time_is_proven_only_by_an_authority_that_counts(desk: Desk, lang: str, proven: str):
    data = desk.copy.to_bytes()
    trusted, alone = (
        " ".join(ecert.verify_copy(data, trust=trust).to_text(lang).split())  # lines are wrapped
        for trust in (desk.office.trust, None)
    )
    assert trusted.count(proven) == 3  # signer, seal and archive time-stamp
    assert proven not in alone


def test_nothing_from_a_file_leaves_its_line(desk: Desk):
    """A name on disk, or in a certificate, may hold line ends, terminal commands and turned text."""
    report = ecert.verify_copy(desk.copy.to_bytes())
    content = report.to_dict() | {
        "document": {**report.content["document"], "name": "a\nVERDICT: VALID\x1b[31m\u202egpj.pdf"}
    }
    text = ecert.Report(report.verdict, report.findings, content).to_text("en")
    assert "File: a VERDICT: VALID[U+001B][31m[U+202E]gpj.pdf" in text.splitlines()
    assert not set("\x1b\u202e") & set(text)
