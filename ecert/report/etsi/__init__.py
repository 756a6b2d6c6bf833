"""The report as ETSI TS 119 102-2 V1.4.1 has it: an XML validation report, one part per signature.

The TS speaks of signatures, each for itself. Our one verdict about the document stands as the
validation report of the document's own object (``D-0``), where our checks are its constraints, and
beside every signature's result as additional report data; docs/reference/report.md has the mapping.

* :mod:`~ecert.report.etsi.names`: the URIs.
* :mod:`~ecert.report.etsi.elements`: how elements are written.
* :mod:`~ecert.report.etsi.signatures`: the validation report of a signature (4.3).
* :mod:`~ecert.report.etsi.objects`: the validation objects and what proves them (4.4).
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from ecert.report.content import CheckStatus, ReportContent, TimestampIndication, TimestampPart, Verdict
from ecert.report.etsi.elements import (
    Element,
    add,
    add_digest,
    add_finding,
    add_proof,
    add_reference,
    add_status,
    add_verdict,
    root,
)
from ecert.report.etsi.names import APPLIED, DISABLED, OBJECT_INDICATIONS, OBJECT_TYPES, OWN
from ecert.report.etsi.objects import DOCUMENT, ValidationObject, ValidationObjects
from ecert.report.etsi.signatures import (
    add_associated_data,
    add_empty_report,
    add_policy,
    add_signature_report,
    add_signer,
    sub_indications,
)

_VERDICTS: Mapping[Verdict, TimestampIndication] = {
    "VALID": "PASSED",
    "INVALID": "FAILED",
    "INDETERMINATE": "INDETERMINATE",
}
_STATUSES: Mapping[CheckStatus, TimestampIndication] = {"pass": "PASSED", "fail": "FAILED", "unknown": "INDETERMINATE"}


def report_etsi(content: ReportContent) -> bytes:
    """Return a report, version 1, as a TS 119 102-2 validation report: UTF-8, not signed."""
    top = root("ValidationReport")
    objects = ValidationObjects(content)
    # 1. the signatures; document time-stamps are no signatures but validation objects (4.4.4)
    signed = [i for i, s in enumerate(content["signatures"]) if s["role"] != "timestamp"]
    for number in signed:
        add_signature_report(top, objects, number)
    if not signed:
        add_empty_report(top, objects)
    for number, signature in enumerate(content["signatures"]):
        for row in signature["timestamps"]:
            objects.timestamp(row, number)
    # 2. what they sign and rest on; reporting on a time-stamp makes the list longer
    listed = add(top, "SignatureValidationObjects")
    for found in objects.found:
        _add_object(listed, objects, found)
    # 3. who says so
    identity = add(add(top, "SignatureValidator"), "DigitalId")
    generator = content["generator"]
    add(add(identity, "tsl:Other"), "ecert:software", name=generator["name"], version=generator["version"])
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_object(parent: Element, objects: ValidationObjects, found: ValidationObject) -> None:
    element = add(parent, "ValidationObject", id=found.id)
    add(element, "ObjectType", OBJECT_TYPES[found.kind])
    add_digest(add(element, "ValidationObjectRepresentation"), found.algorithm, found.digest)
    since = found.since or objects.content["validation_time"]
    add_proof(element, "POE", since, found.proof)
    if found.timestamp is not None:
        _add_timestamp(element, objects, found, found.timestamp)
    elif found.id == DOCUMENT:
        _add_document(element, objects.content)


def _add_timestamp(element: Element, objects: ValidationObjects, found: ValidationObject, row: TimestampPart) -> None:
    """Append what a time-stamp proves, and its own validation report (EN 319 102-1, 5.4)."""
    if row["counts"]:
        proven = add(element, "POEProvisioning")
        add(proven, "POETime", row["time"])
        if row["kind"] == "document":
            add_reference(proven, "ValidationObject", objects.data(found.signed))
        for field in _covered(objects.content, found.signed, row):
            add(add(proven, "SignatureReference"), "PAdESFieldName", field)
    report = add(element, "ValidationReport")
    if row["certificate"]:
        add_signer(report, objects, row["certificate"])
    status = add_status(
        report, "SignatureValidationStatus", OBJECT_INDICATIONS[row["indication"]], sub_indications(row)
    )
    add_associated_data(status, objects, row, found.id)


def _covered(content: ReportContent, number: int, row: TimestampPart) -> list[str]:
    """Return the fields whose signatures a time-stamp covers."""
    own = content["signatures"][number]
    if row["kind"] == "signature":
        return [own["field"]]
    return [s["field"] for s in content["signatures"] if s["revision"] < own["revision"]]


def _add_document(element: Element, content: ReportContent) -> None:
    """Append the verdict about the document: our checks as constraints, every finding."""
    report = add(element, "ValidationReport")
    constraints = add(report, "ValidationConstraintsEvaluationReport")
    add_policy(constraints, content["policy"])
    for check, outcome in content["checks"].items():
        constraint = add(constraints, "ValidationConstraint")
        add(constraint, "ValidationConstraintIdentifier", f"{OWN}:check:{check}")
        applied = add(constraint, "ConstraintStatus")
        if outcome == "not-checked":
            add(applied, "Status", DISABLED)
            continue
        add(applied, "Status", APPLIED)
        add_status(constraint, "ValidationStatus", OBJECT_INDICATIONS[_STATUSES[outcome]])
    verdict = OBJECT_INDICATIONS[_VERDICTS[content["verdict"]]]
    status = add_status(report, "SignatureValidationStatus", verdict)
    data = add(add(status, "AssociatedValidationReportData"), "AdditionalValidationReportData")
    add_verdict(data, content)
    for finding in content["findings"]:
        add_finding(data, finding)
