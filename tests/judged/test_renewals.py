"""Copies that were renewed twice, with new time-stamp authorities, before the outside judges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest

import ecert
from ecert.formats.pdf import read_document
from ecert.testing import Office, SoftToken
from tests import judges
from tests.judged.claims import OVERLAP
from tests.judged.press import ALGORITHMS, KeyKind
from tests.judges import require
from tests.kit import small_page

PIN = "123456"


@dataclass(frozen=True)
class Renewed:
    """The file after its second renewal, and what judging it takes."""

    folder: Path
    data: bytes
    anchors: list[Path]
    trust: ecert.TrustStore
    at: datetime

    @property
    def path(self) -> Path:
        return self.folder / "renewed.pdf"


@pytest.fixture(
    scope="module",
    params=[(kind, token) for kind in get_args(KeyKind) for token in (False, True)],
    ids=lambda p: f"{p[0]}-{'token' if p[1] else 'soft'}",
)
def renewed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Renewed:
    kind, token = request.param
    if token:
        require("softhsm")
    algorithm, scheme = ALGORITHMS[kind]
    folder = tmp_path_factory.mktemp("renewed")
    start = datetime.fromisoformat("2026-11-16T09:00:00+07:00")
    with ExitStack() as stack:
        office = stack.enter_context(Office.create(now=start, algorithm=algorithm))
        uris = list(_keys(stack, office, folder, token=token))
        given: dict[str, Any] = {"pin": lambda _: PIN, "algorithm": scheme}
        signer = stack.enter_context(ecert.open_key(uris[0], **given))
        seal = stack.enter_context(ecert.open_key(uris[1], **given, beside=signer))
        copy = office.certify(scan=ecert.Scan.from_files([small_page()]), signer=signer, seal=seal)
        for _ in range(2):
            office.clock.advance(days=300)  # until RSA-2048 is only ageing, in 2029
            office.renew_tsa(new_root=True)
            copy = ecert.extend_copy(copy, trust=office.trust, services=office.services, at=office.clock.now())
        anchors = office.write_anchors(folder / "anchors")
        found = Renewed(folder, copy.to_bytes(), anchors, office.trust, office.clock.now())
    copy.write(found.path)
    return found


def _keys(stack: ExitStack, office: Office, folder: Path, *, token: bool) -> Iterator[str]:
    if token:
        store = stack.enter_context(SoftToken.create("Both", pin=PIN))
        yield store.add(office.signer, "sign", issuers=True)
        yield store.add(office.seal, "seal")
        return
    for name, identity in (("signer", office.signer), ("seal", office.seal)):
        identity.write_pkcs12(folder / f"{name}.p12", PIN)
        yield f"file:{folder / name}.p12"


def test_verapdf_passes_every_revision(renewed: Renewed) -> None:
    revisions = read_document(renewed.data).revisions
    assert len(revisions) == 6  # draft, signer, seal, archive, two renewals
    for revision in revisions:
        path = renewed.folder / f"revision-{revision.index}.pdf"
        path.write_bytes(renewed.data[: revision.end])
        result = judges.verapdf(path, "3b")
        assert result.passed, (revision.index, result.failures)


def test_dss_says_lta_without_a_word_about_changes(renewed: Renewed) -> None:
    for policy in ("default", "changes-fail"):
        said = judges.dss(renewed.path, renewed.anchors, at=renewed.at, policy=policy)
        assert [s.field for s in said.signatures] == ["Signer", "Seal"]
        for s in said.signatures:
            assert (s.indication, s.level) == ("TOTAL-PASSED", "PAdES-BASELINE-LTA"), s
            assert not [w for w in (*s.errors, *s.warnings) if not w.startswith(OVERLAP)], s
            assert not [c for c in s.changes if not c.startswith(("extension: ", "form-fill: "))]
        assert [t.indication for t in said.timestamps] == ["PASSED"] * 5


def test_pdfsig_and_qpdf_have_nothing_to_say(renewed: Renewed) -> None:
    signatures = [s for s in judges.pdfsig(renewed.path) if s.type == "ETSI.CAdES.detached"]
    assert [s.valid for s in signatures] == [True, True]
    assert judges.qpdf_check(renewed.path).clean


def test_ecert_says_valid_offline(renewed: Renewed) -> None:
    report = ecert.verify_copy(renewed.path, trust=renewed.trust, at=renewed.at)
    assert report.verdict == "VALID"
    assert {s["level"] for s in report.content["signatures"]} == {"B-LTA", None}


def test_the_dss_holds_everything_once(renewed: Renewed) -> None:
    from ecert.formats.pades.dss import read_dss_items

    items = [(i.array, i.der) for i in read_dss_items(read_document(renewed.data))]
    assert len(items) == len(set(items))
