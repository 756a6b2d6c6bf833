"""Another country from scan to verdict: its words on the statement, its clock in every sentence, its rules."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from PIL import Image

import ecert
from ecert.cli.inspect_text import inspection_text
from ecert.formats.ecert1 import statement
from ecert.formats.ecert1.statement import statement_content
from ecert.model import profiles
from ecert.operations import look_inside
from ecert.testing import Office
from tests.country.exampleland import XX_2026, XX_STATEMENT
from tests.formats.test_record import copy_record

NOW = datetime(2026, 10, 1, 22, 30, tzinfo=UTC)  # half past midnight of the second in Exampleland


@pytest.fixture(scope="module", autouse=True)
def exampleland() -> Iterator[None]:
    """Add the country's two rows, as a change of the package would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(profiles.PROFILES, XX_2026.id, XX_2026)
        patch.setitem(statement.TEMPLATES, XX_STATEMENT.id, XX_STATEMENT)
        yield


@pytest.fixture(scope="module")
def office(exampleland: None) -> Iterator[Office]:
    with Office.create(NOW, algorithm="p256") as office:
        yield office


def scan(dpi: int) -> ecert.Scan:
    buffer = io.BytesIO()
    Image.new("L", (400, 560), 230).save(buffer, "JPEG", dpi=(dpi, dpi))
    return ecert.Scan.from_files([buffer.getvalue()])


@pytest.fixture(scope="module")
def copy(office: Office) -> ecert.CertifiedCopy:
    return office.certify(scan=scan(150), profile="xx-2026", level="B-LTA")


def test_its_statement_has_its_own_words(copy: ecert.CertifiedCopy):
    reader = pypdf.PdfReader(io.BytesIO(copy.to_bytes()))
    text = reader.pages[-1].extract_text()
    for words in ("COMMONWEALTH OF EXAMPLELAND", "TRUE COPY OF AN ORIGINAL", "No. 152, volume 01/2026"):
        assert words in text
    widgets = [annotation.get_object() for annotation in reader.pages[-1].annotations or ()]
    left, _, right, _ = next(map(float, w["/Rect"]) for w in widgets if w.get("/T") == "Seal")
    assert right - left == pytest.approx(40 * 72 / 25.4, abs=0.01)


def test_its_template_is_frozen():
    """As tests/formats/test_frozen_templates.py has it of the packaged ones."""
    record = replace(copy_record(), language="en", profile="xx-2026", template="xx-statement-1")
    assert hashlib.sha256(statement_content(record)).hexdigest()[:16] == "2230754e999b4434"


def test_its_copy_is_valid_and_told_by_its_clock(office: Office, copy: ecert.CertifiedCopy):
    report = ecert.verify_copy(copy.to_bytes(), trust=office.trust, at=office.clock.now())
    assert report.verdict == "VALID"
    assert report.codes() == []
    for lang in ("vi", "en"):
        for told in (report.to_text(lang), report.to_html(lang)):
            assert "02/10/2026 00:30:00 +02:00" in told
            assert "+07:00" not in told


def test_findings_tell_its_time(office: Office, copy: ecert.CertifiedCopy):
    """Beyond the end of its own evidence the copy's certificates have expired: told with a time."""
    late = office.clock.now() + timedelta(days=4_000)
    report = ecert.verify_copy(copy.to_bytes(), trust=office.trust, at=late, revocation="if-present")
    told = [f.text["vi"] for f in report.findings if {"time", "until"} & f.data.keys()]
    assert told, report.codes()
    assert all("+02:00" in text for text in told)


def test_its_day_is_its_own(office: Office):
    """At half past ten in the evening, UTC, it is tomorrow there: a record of that day is no record of the future."""
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    assert record.date.isoformat() == "2026-10-02"
    draft = ecert.prepare_copy(scan(150), record, profile="xx-2026", at=NOW)
    assert draft.record.language == "en"
    with pytest.raises(ecert.RecordError, match="lies in the future"):
        ecert.prepare_copy(scan(150), record, profile="xx-2026", at=NOW - timedelta(hours=1))


def test_its_floor_is_its_own(office: Office):
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    with pytest.raises(ecert.InputError, match="asks for 150"):
        ecert.prepare_copy(scan(149), record, profile="xx-2026", at=NOW)
    with pytest.raises(ecert.InputError, match="asks for 200"):
        ecert.prepare_copy(scan(150), record, at=NOW)


@pytest.mark.parametrize(
    ("profile", "code"), [("xx-2026", "claimed-time-ahead"), ("vn-2025-11-en", "claimed-time-7h-off")]
)
def test_seven_hours_mean_something_in_vietnam_alone(office: Office, profile: str, code: str):
    """A device that claims to be seven hours ahead was set to local time there; elsewhere it is wrong."""
    copy = office.certify(scan=scan(200), profile=profile, level="B-T", at=NOW + timedelta(hours=7))
    report = ecert.verify_copy(
        copy.to_bytes(), trust=office.trust, at=NOW + timedelta(hours=8), revocation="if-present"
    )
    assert code in report.codes()


def test_the_command_line_tells_its_time(copy: ecert.CertifiedCopy):
    for lang in ("vi", "en"):
        told = inspection_text(look_inside(copy.to_bytes(), "copy.pdf"), lang)
        assert "02/10/2026 00:30:00 +02:00" in told
        assert "+07:00" not in told
