"""No judge says yes to everything: each is shown spoiled copies, made in this run from a good one."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

import ecert
from ecert.verify import copy as verify
from tests import judges
from tests.judged import claims
from tests.judged.cases import SMALL
from tests.judged.claims import JUDGES, Judge
from tests.judged.press import Press, Stage
from tests.judged.spoiled import SPOILED, Spoil, Spoiled, another_record, painted_over


@pytest.fixture(scope="module", params=SPOILED, ids=lambda spoiled: spoiled.name)
def spoiled(request: pytest.FixtureRequest) -> Spoiled:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def stage(spoiled: Spoiled, press: Press, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return _made(spoiled.make, press, tmp_path_factory.mktemp("spoiled"))


def _made(spoil: Spoil, press: Press, folder: Path) -> Stage:
    data = spoil(press.copy(SMALL), press.keyring())
    assert data != press.copy(SMALL).sealed.data
    path = folder / f"{spoil.__name__}.pdf"
    path.write_bytes(data)
    return Stage("sealed", data, path)


def test_ecert_refuses_it_and_says_why(spoiled: Spoiled, stage: Stage, press: Press) -> None:
    report = ecert.verify_copy(stage.path, trust=press.copy(SMALL).trust)
    assert report.verdict == (
        "INDETERMINATE" if spoiled.code.startswith("revocation") else "INVALID"
    )
    assert spoiled.code in report.codes("error", "unknown")


def test_it_is_refused_by_whom_it_concerns(spoiled: Spoiled, stage: Stage, press: Press) -> None:
    for judge in spoiled.refused_by:
        assert JUDGES[judge](press.copy(SMALL), stage), judge


def test_who_misses_it_is_known(spoiled: Spoiled, stage: Stage, press: Press) -> None:
    """Fails where a judge has learned to see it: then the table is to be changed."""
    assert bool(spoiled.missed_by) == bool(spoiled.reason)
    for judge in spoiled.missed_by:
        assert JUDGES[judge](press.copy(SMALL), stage) == [], judge


@pytest.mark.parametrize("judge", get_args(Judge))
def test_every_judge_passes_the_good_file_and_refuses_another(press: Press, judge: Judge) -> None:
    assert JUDGES[judge](press.copy(SMALL), press.copy(SMALL).sealed) == []
    assert any(judge in spoiled.refused_by for spoiled in SPOILED)


def test_dss_passes_nothing_without_the_anchors(press: Press, tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("spoil", "tool"),
    [(painted_over, "pyHanko"), (another_record, "pypdf")],
    ids=["pyhanko", "pypdf"],
)
def test_second_opinions_differ_where_our_own_eyes_are_shut(
    press: Press, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spoil: Spoil, tool: str
) -> None:
    stage = _made(spoil, press, tmp_path)
    monkeypatch.setattr(verify, "check_changes", lambda case: None)
    trust = press.copy(SMALL).trust
    assert ecert.verify_copy(stage.path, trust=trust).verdict == "VALID"
    report = ecert.verify_copy(stage.path, trust=trust, cross_check=True)
    assert report.verdict == "INVALID"
    differing = [f for f in report.findings if f.code == "second-opinion-differs"]
    assert tool in {str(f.data["tool"]) for f in differing}
