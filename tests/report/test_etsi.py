"""The ETSI TS 119 102-2 report: its schema, its references, what it says beside what EU DSS says."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ecert.model.indications import SubIndication
from ecert.report import Report
from ecert.report.content import TimestampIndication
from ecert.report.etsi.names import (
    NO_SIGNATURE_FOUND,
    OBJECT_INDICATIONS,
    PROCESS,
    SIGNATURE_INDICATIONS,
    reason_uri,
    signature_uri,
    sub_indication_uri,
)
from ecert.testing import Office
from tests import judges
from tests.judges.schemas import dss_words, validation_report_schema
from tests.kit import Desk
from tests.report.conftest import LEVEL_CASES, SITUATIONS, at_level

ReportOf = Callable[[str], Report]
NS = {"vr": "http://uri.etsi.org/19102/v1.4.1#", "ds": "http://www.w3.org/2000/09/xmldsig#", "e": "urn:ecert:report:1"}
#: the words of the standard for a verdict, and for a check's status
OUTCOMES: dict[str, TimestampIndication] = {
    "VALID": "PASSED",
    "INVALID": "FAILED",
    "INDETERMINATE": "INDETERMINATE",
    "pass": "PASSED",
    "fail": "FAILED",
    "unknown": "INDETERMINATE",
}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(report: Report) -> Any:
    return etree.fromstring(report.to_etsi())


def texts(element: Any, path: str) -> list[str]:
    return [str(found.text) for found in element.iterfind(path, NS)]


def word(uri: str) -> str:
    return uri.rpartition(":")[2].upper()


def broken_references(root: Any) -> set[str]:
    """Return what is referred to and not there; ids that stand twice are broken too."""
    ids = [str(each) for each in root.xpath("//@id")]
    used = {each for value in root.xpath("//@VOReference") for each in str(value).split()}
    return (used - set(ids)) | {each for each in ids if ids.count(each) > 1}


@pytest.mark.parametrize("name", SITUATIONS)
def test_it_meets_the_schema_of_the_standard(report_of: ReportOf, name: str):
    schema = validation_report_schema()
    assert schema.validate(read(report_of(name))), schema.error_log


def test_reports_about_foreign_files_do_too(foreign_reports: list[Report]):
    schema = validation_report_schema()
    for report in foreign_reports:
        root = read(report)
        assert schema.validate(root), (report.content["document"], schema.error_log)
        assert broken_references(root) == set()


def test_the_schema_refuses_something(report_of: ReportOf):
    root = read(report_of("level-B-LTA"))
    status = root.find(".//vr:MainIndication", NS)
    assert status is not None
    status.tag = "{urn:x}MainIndication"
    assert not validation_report_schema().validate(root)


@pytest.mark.parametrize("name", SITUATIONS)
def test_references_and_results_are_the_reports(report_of: ReportOf, name: str):
    report = report_of(name)
    root, content = read(report), report.content
    assert broken_references(root) == set()
    signatures = [s for s in content["signatures"] if s["role"] != "timestamp"]
    told = root.findall("vr:SignatureValidationReport", NS)
    if not signatures:
        (only,) = told
        assert texts(only, "vr:SignatureValidationStatus/vr:MainIndication") == [NO_SIGNATURE_FOUND]
    for s, element in zip(signatures, told if signatures else [], strict=True):
        status = element.find("vr:SignatureValidationStatus", NS)
        assert status is not None
        assert texts(status, "vr:MainIndication") == [SIGNATURE_INDICATIONS[s["indication"]]]
        subs = [s["sub_indication"]] if s["sub_indication"] else []
        assert [word(t) for t in texts(status, "vr:SubIndication")] == subs
        assert texts(element, "vr:SignatureIdentifier/ds:SignatureValue") == ([s["value"]] if s["value"] else [])
    for element in told:  # nobody takes a passed signature for a good copy
        assert [v.get("value") for v in element.iterfind(".//e:verdict", NS)] == [report.verdict]


@pytest.mark.parametrize("name", ["level-B-LTA", "untrusted", "no-pdf", "cut", "revoked"])
def test_the_documents_own_report_has_the_verdict_and_every_finding(report_of: ReportOf, name: str):
    report = report_of(name)
    (document,) = read(report).xpath("//vr:ValidationObject[@id='D-0']", namespaces=NS)
    verdict = OUTCOMES[report.verdict]
    status = document.find("vr:ValidationReport/vr:SignatureValidationStatus", NS)
    assert texts(status, "vr:MainIndication") == [OBJECT_INDICATIONS[verdict]]
    found = document.findall(".//e:finding", NS)
    assert [f.get("code") for f in found] == report.codes()
    for element, finding in zip(found, report.content["findings"], strict=True):
        assert {e.get(XML_LANG): e.text for e in element.iterfind("e:text", NS)} == finding["text"]
        for audience, words in finding["remedy"].items():
            told = element.iterfind(f"e:remedy[@audience='{audience}']", NS)
            assert {e.get(XML_LANG): e.text for e in told} == words
    constraints = document.findall(".//vr:ValidationConstraint", NS)
    checks = {
        texts(c, "vr:ValidationConstraintIdentifier")[0].rpartition(":")[2]: texts(
            c, "vr:ValidationStatus/vr:MainIndication"
        )
        for c in constraints
    }
    assert checks == {
        check: [] if state == "not-checked" else [OBJECT_INDICATIONS[OUTCOMES[state]]]
        for check, state in report.content["checks"].items()
    }


def test_a_lasting_signature_tells_what_it_rests_on(report_of: ReportOf):
    report = report_of("level-B-LTA")
    root = read(report)
    signer = root.find("vr:SignatureValidationReport", NS)
    assert signer is not None
    assert texts(signer, ".//vr:SignatureValidationProcessID") == [PROCESS]
    row = report.content["signatures"][0]
    assert texts(signer, ".//vr:SigningTime/vr:Time") == [row["claimed_time"]]
    assert texts(signer, ".//vr:BestSignatureTime/vr:POETime") == [row["best_signature_time"]]
    (proof,) = signer.findall(".//vr:BestSignatureTime/vr:POEObject", NS)
    (stamp,) = signer.findall(".//vr:SignatureTimeStamp/vr:AttributeObject", NS)
    assert proof.get("VOReference") == stamp.get("VOReference")
    (archive,) = signer.findall(".//vr:DocTimeStamp", NS)
    assert texts(archive, "vr:TimeStampValue") == [report.content["signatures"][2]["timestamps"][0]["time"]]
    assert len(signer.findall(".//vr:CertificateChain/*", NS)) == 3
    assert len(signer.findall(".//vr:RelatedValidationObject", NS)) == 2
    assert signer.find(".//vr:SigningCertificate[@Signed='true']", NS) is not None
    assert texts(signer, ".//vr:CryptoInformation/vr:SecureAlgorithm") == ["true"]
    (archived,) = root.xpath("//vr:ValidationObject[vr:POEProvisioning/vr:ValidationObject]", namespaces=NS)
    assert texts(archived, ".//vr:PAdESFieldName") == ["Signer", "Seal"]
    kinds = [word(t) for t in texts(root, ".//vr:ValidationObject/vr:ObjectType")]
    evidence = [e["kind"] for e in report.content["evidence"]]
    assert kinds.count("TIMESTAMP") == evidence.count("timestamp") == 3
    assert kinds.count("CERTIFICATE") == evidence.count("certificate")
    assert kinds.count("SIGNEDDATA") == 4  # the document, and what each of the three covers


def test_a_revocation_is_told_with_time_and_reason(report_of: ReportOf):
    report = report_of("revoked")
    assert "revoked-unproven-time" in report.codes() or "revoked-before-signing" in report.codes()
    (told,) = read(report).findall(".//vr:RevocationStatusInformation", NS)
    (row,) = [
        c["revocation"] for s in report.content["signatures"] for c in s["chain"] if c["revocation"]["revoked_at"]
    ]
    assert texts(told, "vr:RevocationTime") == [row["revoked_at"]]
    assert texts(told, "vr:RevocationReason") == ([reason_uri(row["reason"])] if row["reason"] else [])


def test_the_same_report_gives_the_same_octets(report_of: ReportOf):
    report = report_of("level-B-LTA")
    assert report.to_etsi() == Report(report.verdict, (), copy.deepcopy(report.content)).to_etsi()


def test_sub_indications_are_words_that_dss_knows():
    known = dss_words("SubIndication")
    for each in SubIndication:
        assert sub_indication_uri(each).encode() in known
    indications = dss_words("Indication")
    for uri in (*SIGNATURE_INDICATIONS.values(), *OBJECT_INDICATIONS.values(), NO_SIGNATURE_FOUND):
        assert uri.encode() in indications


def test_algorithms_without_an_identifier_have_none():
    assert signature_uri("rsa-pkcs1", "sha3_256") is None
    assert signature_uri(None, None) is None
    assert signature_uri("rsa-pss", "sha3_256") == ("http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1")
    assert reason_uri("somethingElse") is None


@pytest.mark.parametrize("name", LEVEL_CASES)
def test_dss_sees_the_same_signatures_and_results(desk: Desk, report_of: ReportOf, name: str, tmp_path: Path):
    level: Any = name.removeprefix("level-")
    path = tmp_path / "copy.pdf"
    path.write_bytes(at_level(desk, level))
    office: Office = desk.office
    result = judges.dss(path, office.write_anchors(tmp_path / "anchors"))
    root = read(report_of(name))
    ours = texts(root, "vr:SignatureValidationReport/vr:SignatureValidationStatus/vr:MainIndication")
    assert [word(t) for t in ours] == [s.indication for s in result.signatures]
    stamps = root.xpath(
        "//vr:ValidationObject[vr:ObjectType='urn:etsi:019102:validationObject:timestamp']", namespaces=NS
    )
    results = [texts(t, ".//vr:MainIndication")[0] for t in stamps]
    assert sorted(word(t) for t in results) == sorted(t.indication for t in result.timestamps)


def hostile(value: Any, text: str) -> Any:
    """Return the report's tree with a text put into everything that a document has a say in."""
    if isinstance(value, dict):
        free = ("name", "field", "subject", "issuer", "authority", "vi", "en", "sub_filter", "path")
        return {
            key: text if key in free and isinstance(each, str) else hostile(each, text) for key, each in value.items()
        }
    return [hostile(each, text) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "text",
    [
        "\0\x01\x0b\x1f",
        "\ud800 \udfff",
        "\ufffe\uffff",
        "]]><x/>&amp;&#0;",
        "\r\n\t\x85\u2028",
        "",
        "<!DOCTYPE x>",
        "\U0010ffff",
        " S-1 ",
    ],
)
def test_hostile_names_stay_text(report_of: ReportOf, text: str):
    report = report_of("untrusted")
    content = hostile(copy.deepcopy(report.to_dict()), text)
    root = read(Report(report.verdict, (), content))
    assert validation_report_schema().validate(root)
    (name, *_) = root.findall(".//vr:DAIdentifier", NS)
    kept = "".join(c if c in "\t\n\r" or ord(c) > 31 else "\ufffd" for c in text)
    for bad in "\ud800\udfff\ufffe\uffff":
        kept = kept.replace(bad, "\ufffd")
    assert (name.text or "") == kept


@settings(max_examples=40)
@given(text=st.text(st.characters(categories=None)))
def test_any_text_can_be_written(report_of: ReportOf, text: str):
    report = report_of("no-seal")
    content = hostile(copy.deepcopy(report.to_dict()), text)
    assert broken_references(read(Report(report.verdict, (), content))) == set()


def test_a_year_of_three_digits_is_a_time(report_of: ReportOf):
    report = report_of("long-ago")
    claimed = [s["claimed_time"] for s in report.content["signatures"] if s["claimed_time"]]
    assert claimed
    assert all(time.startswith("0033-") for time in claimed)
    for lang in ("vi", "en"):
        assert report.to_text(lang).startswith(("KẾT LUẬN", "VERDICT"))
