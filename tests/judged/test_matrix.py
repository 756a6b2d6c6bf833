"""Every kind of copy before every judge: format by format, level by level, key by key."""

from __future__ import annotations

from pathlib import Path

import pytest

import ecert
from ecert.formats.pdf import read_document
from ecert.testing import SoftToken
from tests import judges
from tests.judged import claims
from tests.judged.cases import CASES, DEFAULT, KEYS, LASTING, LEVELS
from tests.judged.press import Case, Copy, Press
from tests.judges import require


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def copy(press: Press, request: pytest.FixtureRequest) -> Copy:
    case = request.param
    if case.token:
        require("softhsm")
    return press.copy(case)


def test_verapdf_passes_every_stage_as_3b(copy: Copy) -> None:
    for stage in copy.stages:
        assert claims.verapdf(stage) == [], stage.name


def test_dss_has_nothing_to_say(copy: Copy) -> None:
    assert claims.dss(copy, copy.sealed) == []
    if copy.case in (*LEVELS, DEFAULT):  # elsewhere the signed copy would only take time
        assert claims.dss(copy, copy.signed) == []


def test_pdfsig_says_valid(copy: Copy) -> None:
    for stage in (copy.signed, copy.sealed):
        assert claims.pdfsig(stage) == [], stage.name


def test_qpdf_finds_every_stage_clean(copy: Copy) -> None:
    for stage in copy.stages:
        assert claims.qpdf(stage) == [], stage.name


def test_ecert_says_valid(copy: Copy) -> None:
    assert claims.ecert_verdict(copy, copy.sealed) == []


def test_pyhanko_and_pypdf_agree(copy: Copy) -> None:
    assert claims.second_opinions(copy, copy.sealed) == []


def test_stages_open_again_and_only_as_what_they_are(copy: Copy) -> None:
    kinds = (ecert.Draft, ecert.SignedCopy, ecert.CertifiedCopy)
    for kind, stage in zip(kinds, copy.stages, strict=True):
        opened = kind.open(stage.path)
        assert opened.to_bytes() == stage.data
        assert opened.record == copy.record
        assert not opened.report.codes("error")
        assert kind is not ecert.Draft or opened.report.verdict == "VALID"
        for other in kinds:
            if other is not kind:
                with pytest.raises(ecert.StageError):
                    other.open(stage.path)


def test_each_stage_only_appends(copy: Copy) -> None:
    draft, signed, sealed = (stage.data for stage in copy.stages)
    assert signed.startswith(draft)
    assert sealed.startswith(signed)
    assert sealed.endswith(b"%%EOF\n")


def test_the_scanners_own_bytes_are_stored(copy: Copy) -> None:
    for stage in copy.stages:
        assert claims.streams(copy, stage) == [], stage.name


def test_pages_look_like_the_input(copy: Copy) -> None:
    assert claims.looks(copy, copy.sealed) == []


def test_dss_passes_the_default_copy_where_changes_fail(press: Press) -> None:
    copy = press.copy(DEFAULT)
    assert claims.dss(copy, copy.sealed, "changes-fail") == []


def test_signer_and_seal_may_lie_on_one_token(press: Press) -> None:
    require("softhsm")
    office = press.keyring().office
    with SoftToken.create("One", pin="123456") as token:
        uris = [token.add(office.signer, "sign"), token.add(office.seal, "seal")]
        with (
            ecert.open_key(uris[0], pin=lambda request: "123456") as signer,
            ecert.open_key(uris[1], pin=lambda request: "wrong", beside=signer) as seal,
        ):
            assert signer.name == office.signer.name
            assert seal.name == office.seal.name


@pytest.mark.parametrize("case", [*LEVELS, *KEYS, *LASTING], ids=str)
def test_verapdf_passes_every_revision(press: Press, case: Case, tmp_path: Path) -> None:
    """Also those that no step hands out, such as the sealed one below the validation data."""
    if case.token:
        require("softhsm")
    data = press.copy(case).sealed.data
    for revision in read_document(data).revisions:
        path = tmp_path / f"revision-{revision.index}.pdf"
        path.write_bytes(data[: revision.end])
        assert judges.verapdf(path, "3b").passed, revision.index
