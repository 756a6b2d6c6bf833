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
