"""pyHanko and pypdf agree with us on every level we write, and object where we would be wrong."""

from __future__ import annotations

import asyncio
import builtins
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyhanko.sign.validation.pdf_embedded  # noqa: F401  before a test replaces its reader
import pytest

import ecert
from ecert.formats.pdf import Document
from ecert.model.levels import Level
from ecert.report import Report
from ecert.testing import make, specimen_names
from ecert.verify import second_opinion
from ecert.verify.case import Case
from ecert.verify.integrity import check_integrity
from ecert.verify.second_opinion import Difference, pages
from tests.kit import Desk

LEVELS: tuple[Level, ...] = ("B-B", "B-T", "B-LT", "B-LTA")
SECOND = {"second-opinion-differs", "second-opinion-unavailable"}


@pytest.fixture(scope="module")
def copies(desk: Desk) -> dict[str, bytes]:
    office = desk.office
    return {
        level: ecert.certify_copy(
            desk.scan,
            desk.record,
            signer=office.key("signer"),
            seal=office.key("seal"),
            trust=office.trust,
            services=office.services,
            level=level,
        ).to_bytes()
        for level in LEVELS
    }


def ask(desk: Desk, data: bytes, **options: Any) -> Report:
    options = {"trust": desk.office.trust, "revocation": "if-present", **options}
    return ecert.verify_copy(data, cross_check=True, **options)


def differing(report: Report) -> dict[str, list[str]]:
    """Return the reasons of all differences, by tool."""
    found: dict[str, list[str]] = {}
    for f in report.findings:
        if f.code == "second-opinion-differs":
            found.setdefault(f.data["tool"], []).append(f.data["reason"])
    return found


@pytest.mark.parametrize("level", LEVELS)
def test_both_agree_on_what_we_write(desk: Desk, copies: dict[str, bytes], level: str):
    report = ask(desk, copies[level])
    assert report.verdict == "VALID"
    assert not SECOND & set(report.codes())


def test_both_agree_on_draft_and_signed_copy(desk: Desk):
    for stage in (desk.draft, desk.signed):
        assert not SECOND & set(ask(desk, stage.to_bytes()).codes())


def test_it_works_inside_a_running_event_loop(desk: Desk, copies: dict[str, bytes]):
    async def inside() -> Report:
        return ask(desk, copies["B-LTA"])

    assert asyncio.run(inside()).verdict == "VALID"


def test_the_same_report_every_time(desk: Desk, copies: dict[str, bytes]):
    at = desk.office.clock.now()
    first, again = (ask(desk, copies["B-LTA"], at=at).to_json() for _ in range(2))
    assert first == again


def _believing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make our own judgement blind: every signature is intact, no change is found."""
    from ecert.verify import copy

    def blind(case: Case, digests: Any) -> None:
        count = len(case.findings)
        check_integrity(case, digests)
        del case.findings[count:]
        for s in case.signatures:
            s.intact = True

    monkeypatch.setattr(copy, "check_integrity", blind)
    monkeypatch.setattr(copy, "check_changes", lambda case, digests: None)
    monkeypatch.setattr(copy, "check_content", lambda case, document, digests: None)
    monkeypatch.setattr(copy, "validate_signatures", lambda case: None)


def test_changed_bytes_are_seen_where_we_are_blind(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    data = copies["B-LTA"]
    at = data.index(b"\xff\xda") + 40
    _believing(monkeypatch)
    report = ask(desk, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert report.verdict == "INVALID"
    reasons = differing(report)["pyHanko"]
    assert reasons.count("it finds the signed bytes changed") == 3


def test_later_changes_are_seen_where_we_are_blind(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    from ecert.testing.specimens.increments import CONTENT, FORGED, append

    _believing(monkeypatch)
    data = append(copies["B-LTA"], {CONTENT: FORGED})
    reasons = differing(ask(desk, data))["pyHanko"]
    assert reasons.count("it does not permit the later changes (OTHER)") == 3


def test_another_count_of_pages_is_seen(desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    real = Document.pages
    monkeypatch.setattr(Document, "pages", lambda self, revision=-1: [*real(self, revision)][:2])
    assert "it sees 3 pages, not 2" in differing(ask(desk, copies["B-B"]))["pypdf"]


def test_other_content_of_a_page_is_seen(desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "_our_content", lambda *_: "another")
    (reasons,) = differing(ask(desk, copies["B-LTA"])).values()
    moments = (1, 2, 3)  # signer, seal, now
    assert reasons == [
        f"it sees something else on page {page} of revision {index}" for page in (1, 2, 3) for index in moments
    ]


def test_another_picture_is_seen(desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "_our_images", lambda *_: iter([("Im", "0" * 64)]))
    assert differing(ask(desk, copies["B-B"])).keys() == {"pypdf"}


def test_another_record_is_seen(desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "_record_bytes", lambda case: b"<other/>")
    assert differing(ask(desk, copies["B-B"])) == {"pypdf": ["it reads another record"]}


def test_hidden_signatures_and_revisions_are_seen(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    from ecert.verify import copy
    from ecert.verify.integrity import read_cases

    monkeypatch.setattr(copy, "read_cases", lambda case, document: read_cases(case, document)[:2])
    found = differing(ask(desk, copies["B-LTA"]))
    wanted = "it sees the signatures ['Archive1', 'Seal', 'Signer'], not ['Seal', 'Signer']"
    assert found == {"pypdf": [wanted], "pyHanko": [wanted]}


def test_a_right_digest_we_call_wrong_is_seen(desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    from ecert.verify import integrity

    monkeypatch.setattr(integrity, "check_signature", lambda *args: False)
    reasons = differing(ask(desk, copies["B-B"]))["pyHanko"]
    assert reasons == ["it finds digest and signature value right"] * 2


@pytest.mark.parametrize("fault", [KeyError("x"), TypeError(), RecursionError(), MemoryError()])
def test_a_tool_that_breaks_down_is_a_warning(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, fault: Exception
):
    def broken(*args: Any, **options: Any) -> None:
        raise fault

    monkeypatch.setattr("pypdf.PdfReader", broken)
    monkeypatch.setattr("pyhanko.pdf_utils.reader.PdfFileReader", broken)
    report = ask(desk, copies["B-B"])
    assert report.verdict == "VALID"
    assert report.codes().count("second-opinion-unavailable") == 2


def test_damage_only_the_other_tool_sees_is_a_difference(
    desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    from pyhanko.pdf_utils.misc import PdfStrictReadError
    from pypdf.errors import PdfReadError

    def raising(kind: type[Exception]) -> Callable[..., None]:
        def broken(*args: Any, **options: Any) -> None:
            raise kind("damaged")

        return broken

    monkeypatch.setattr("pypdf.PdfReader", raising(PdfReadError))
    monkeypatch.setattr("pyhanko.pdf_utils.reader.PdfFileReader", raising(PdfStrictReadError))
    found = differing(ask(desk, copies["B-B"]))
    assert found == {
        "pypdf": ["it calls the file damaged (PdfReadError)"],
        "pyHanko": ["it calls the file damaged (PdfStrictReadError)"],
    }


def test_a_missing_tool_is_a_warning(desk: Desk, copies: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] == "pypdf":
            raise ImportError(name=name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    report = ask(desk, copies["B-B"])
    assert report.verdict == "VALID"
    assert "second-opinion-unavailable" in report.codes("warning")


#: what we refuse and pyHanko takes, by our finding → why
STRICTER = {
    "signature-malformed": "padding, byte ranges and CMS are held to their standards to the letter",
    "algorithm-not-supported": "an algorithm that is not judged here",
    "changed-after-signature": "a second field shows the signature of the first",
}


def _opinions(monkeypatch: pytest.MonkeyPatch) -> list[Difference]:
    """Collect what the second opinions return, besides the findings they make."""
    collected: list[Difference] = []
    real = second_opinion.ask_second_opinions

    def ask_and_keep(case: Case) -> list[Difference]:
        found = real(case)
        collected.extend(found)
        return found

    monkeypatch.setattr(second_opinion, "ask_second_opinions", ask_and_keep)
    return collected


def test_both_answer_about_every_foreign_file(corpora: Path, monkeypatch: pytest.MonkeyPatch):
    """They object to no file we accept, annotations under P=3 aside; what we refuse beyond them has its reason."""
    opinions = _opinions(monkeypatch)
    objected, stricter = set(), 0
    for name in ("pyhanko", "signed-then-changed"):
        folder = corpora / name
        with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
            files = [row["file"] for row in csv.DictReader(file) if row["file"].endswith(".pdf")]
        for file_name in files:
            opinions.clear()
            report = ecert.verify_copy(folder / file_name, policy="signatures", cross_check=True)
            assert "verifier-fault" not in report.codes(), file_name
            if any(o.milder for o in opinions):
                objected.add(file_name)
            if any(not o.milder for o in opinions):
                stricter += 1
                assert STRICTER.keys() & set(report.codes("error", "unknown")), file_name
    assert objected == {"eaa_cert_p3_freetext.pdf", "eaa_cert_p3_stamp.pdf"}
    assert stricter > 30


#: spoiled copies in which another reader sees what we have refused already → why it sees that
SEEN_BY_OTHERS = {
    "sub-filter-missing": "pyHanko does not count a signature without its /SubFilter",
    "sub-filter-unknown": "nor one whose /SubFilter it does not know",
    "field-without-its-value": "pypdf keeps the value that a later revision took away",
    "content-freed": "pypdf shows the content of a freed object",
    "content-of-another-generation": "pypdf does not look at generations",
    "two-fields-called-seal": "others keep fields by name: one hides the other",
    "empty-field-called-seal": "others keep fields by name: one hides the other",
    "time-stamp-called-seal": "others keep fields by name: one hides the other",
    "field-listed-twice": "we read no signature from a form that is no tree",
    "record-renamed": "pypdf finds the record under both names",
    "record-left-out-of-the-names": "pypdf finds attachments by the name tree alone",
    "record-replaced": "pypdf reads the newer record, we the one that was signed",
    "sealed-before-signed": "to pyHanko a certification signature may not follow another",
    "scripts-by-name": "pypdf finds attachments by the name tree alone, which was replaced",
    "file-attached": "pypdf lists the added file",
    "signature-of-an-unknown-kind": "pyHanko does not count a signature whose /SubFilter it does not know",
    "signature-without-a-kind": "nor one without any",
    "signature-of-a-kind-given-up": "nor one of a kind given up long ago",
    "time-stamp-of-an-unknown-kind": "nor a time-stamp of such a kind",
    "foreign-signature-of-an-unknown-kind": "nor such a signature in a foreign file",
    "foreign-change-under-an-unknown-kind": "nor one that hides a change",
    "field-below-the-seal": "we take a field with fields below it for no signature field",
    "value-on-a-widget": "others look for values in fields alone",
}


@pytest.mark.parametrize("name", specimen_names())
def test_no_specimen_is_judged_milder_than_others_do(name: str, monkeypatch: pytest.MonkeyPatch):
    opinions = _opinions(monkeypatch)
    specimen = make(name)
    report = ecert.verify_copy(
        specimen.data,
        trust=specimen.trust,
        at=specimen.at,
        policy=specimen.policy,
        evidence=specimen.evidence,
        cross_check=True,
    )
    assert report.verdict == specimen.verdict
    milder = [o for o in opinions if o.milder]
    assert bool(milder) == (name in SEEN_BY_OTHERS), milder
    if milder:  # nothing of what we call VALID
        assert report.verdict == "INVALID"
        assert set(report.codes("error")) - {"second-opinion-differs"}
