"""The validation report of one signature (TS 119 102-2, 4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from ecert.model.algorithms import NEVER, first_to_end, signature_limits
from ecert.model.times import rfc3339
from ecert.report.content import AlgorithmsPart, CertificatePart, LinkPart, PolicyPart, SignaturePart, TimestampPart
from ecert.report.etsi.elements import (
    Element,
    add,
    add_digest,
    add_digest_parts,
    add_finding,
    add_proof,
    add_reference,
    add_status,
    add_verdict,
    from_hex,
)
from ecert.report.etsi.names import (
    NO_SIGNATURE_FOUND,
    PROCESS,
    SIGNATURE_INDICATIONS,
    reason_uri,
    signature_uri,
    sub_indication_uri,
)
from ecert.report.etsi.objects import DOCUMENT, ValidationObjects


def add_signature_report(parent: Element, objects: ValidationObjects, number: int) -> None:
    """Append the report of signature ``number`` of the report's list."""
    content = objects.content
    signature = content["signatures"][number]
    report = add(parent, "SignatureValidationReport")
    _identifier(report, signature, number)
    add_policy(add(report, "ValidationConstraintsEvaluationReport"), content["policy"])
    times = add(report, "ValidationTimeInfo")
    add(times, "ValidationTime", content["validation_time"])
    add_proof(times, "BestSignatureTime", *objects.best_time(number))
    _document(report, objects, number)
    _attributes(report, objects, number)
    if signature["certificate"]:
        add_signer(report, objects, signature["certificate"])
    process = add(report, "SignatureValidationProcess")
    add(process, "SignatureValidationProcessID", PROCESS)
    status = add_status(
        report, "SignatureValidationStatus", SIGNATURE_INDICATIONS[signature["indication"]], sub_indications(signature)
    )
    about = [f for f in content["findings"] if f["where"].get("field") == signature["field"]]
    data = add_associated_data(status, objects, signature, f"S-{number + 1}")
    additional = add(data, "AdditionalValidationReportData")
    add_verdict(additional, content)
    for finding in about:
        add_finding(additional, finding)
    _role(report, signature)


def add_empty_report(parent: Element, objects: ValidationObjects) -> None:
    """Append what stands for the signatures of a document that has none."""
    report = add(parent, "SignatureValidationReport")
    add_policy(add(report, "ValidationConstraintsEvaluationReport"), objects.content["policy"])
    document = add(report, "SignersDocument")
    add_reference(document, "SignersDocumentRepresentation", DOCUMENT)
    status = add_status(report, "SignatureValidationStatus", NO_SIGNATURE_FOUND)
    data = add(status, "AssociatedValidationReportData")
    add_verdict(add(data, "AdditionalValidationReportData"), objects.content)


def add_policy(parent: Element, policy: PolicyPart) -> None:
    """Append what was asked of the document (4.3.5.2)."""
    element = add(parent, "SignatureValidationPolicy")
    named = add(add(element, "SignaturePolicyIdentifier"), "xades:SignaturePolicyId")
    identifier = add(named, "xades:SigPolicyId")
    uri = f"urn:ecert:policy:{quote(policy['id'], safe='')}:{quote(policy['version'], safe='')}"
    add(identifier, "xades:Identifier", uri)
    add_digest_parts(add(named, "xades:SigPolicyHash"), "sha256", policy["sha256"])
    add(element, "PolicyName", policy["id"])


def add_signer(report: Element, objects: ValidationObjects, certificate: CertificatePart) -> None:
    """Append who signed (4.3.9)."""
    element = add(report, "SignerInformation")
    add_reference(element, "SignerCertificate", objects.item("certificate", certificate["sha256"]))
    add(element, "Signer", certificate["name"])


def sub_indications(row: SignaturePart | TimestampPart) -> list[str]:
    """Return the URI of a row's sub-indication, if it has one."""
    return [sub_indication_uri(row["sub_indication"])] if row["sub_indication"] else []


def add_associated_data(
    status: Element, objects: ValidationObjects, row: SignaturePart | TimestampPart, own_id: str
) -> Element:
    """Append what the status of a signature or time-stamp rests on (4.3.12)."""
    data = add(status, "AssociatedValidationReportData")
    chain = row["chain"]
    ids = [objects.item("certificate", c["sha256"]) for c in chain]
    if ids:
        add_reference(data, "TrustAnchor", ids[-1])
        path = add(data, "CertificateChain")
        add_reference(path, "SigningCertificate", ids[0])
        for each in ids[1:-1]:
            add_reference(path, "IntermediateCertificate", each)
        add_reference(path, "TrustAnchor", ids[-1])
    for each in dict.fromkeys(_revocation_ids(objects, chain)):
        add_reference(data, "RelatedValidationObject", each)
    _revoked(data, objects, chain)
    _crypto(data, objects, row["algorithms"], own_id)
    return data


def _identifier(report: Element, signature: SignaturePart, number: int) -> None:
    """Append how the signature is told from others (4.3.3): by what was signed, value, and field."""
    element = add(report, "SignatureIdentifier", id=f"S-{number + 1}")
    signed = signature["to_be_signed"]
    if signed:
        add_digest(element, signed["algorithm"], signed["digest"])
    if signature["value"]:
        add(element, "ds:SignatureValue", signature["value"])
    add(element, "HashOnly", "false")
    add(element, "DocHashOnly", "false")
    add(element, "DAIdentifier", signature["field"])


def _document(report: Element, objects: ValidationObjects, number: int) -> None:
    signed = objects.content["signatures"][number]["signed_data"]
    element = add(report, "SignersDocument")
    if signed:
        add_digest(element, signed["algorithm"], signed["digest"])
    add_reference(element, "SignersDocumentRepresentation", objects.data(number))


def _attributes(report: Element, objects: ValidationObjects, number: int) -> None:
    """Append the attributes the report knows (annex A); ``M`` of the dictionary is among what is signed."""
    content = objects.content
    signature = content["signatures"][number]
    element = add(report, "SignatureAttributes")
    if signature["claimed_time"]:
        add(add(element, "SigningTime", Signed="true"), "Time", signature["claimed_time"])
    if signature["names_certificate"] and signature["certificate"]:
        named = objects.item("certificate", signature["certificate"]["sha256"])
        add_reference(add(element, "SigningCertificate", Signed="true"), "AttributeObject", named)
    for row in signature["timestamps"]:
        _stamp(element, "SignatureTimeStamp", objects.timestamp(row, number), row["time"])
    if signature["message_digest"]:
        digest = add(element, "MessageDigest", Signed="true")
        add(digest, "Digest", from_hex(signature["message_digest"]))
    for later, other in enumerate(content["signatures"]):
        if other["role"] == "timestamp" and other["revision"] > signature["revision"]:
            for row in other["timestamps"]:
                _stamp(element, "DocTimeStamp", objects.timestamp(row, later), row["time"])
    if signature["sub_filter"]:
        name = add(element, "SubFilter", Signed="true")
        add(name, "SubFilterElement", signature["sub_filter"])
    if signature["byte_range"]:
        add(element, "ByteRange", " ".join(map(str, signature["byte_range"])))
    if not len(element):
        report.remove(element)


def _stamp(parent: Element, name: str, own_id: str, time: str) -> None:
    element = add(parent, name)
    add_reference(element, "AttributeObject", own_id)
    add(element, "TimeStampValue", time)


def _role(report: Element, signature: SignaturePart) -> None:
    """Append what the signature is to the document, which only a copy's own rules know."""
    other = add(report, "OtherInformation")
    add(
        other,
        "ecert:signature",
        role=signature["role"],
        level=signature["level"],
        covers=signature["covers"],
        revision=str(signature["revision"]),
        changes_after=signature["changes_after"],
    )


def _revocation_ids(objects: ValidationObjects, chain: Iterable[LinkPart]) -> Iterable[str]:
    for row in chain:
        item = row["revocation"]
        if item["source"] and item["sha256"]:
            yield objects.item(item["source"], item["sha256"])


def _revoked(data: Element, objects: ValidationObjects, chain: Iterable[LinkPart]) -> None:
    """Append the revocation nearest to the anchor: it ends all below (4.3.12.6)."""
    revoked = [row for row in chain if row["revocation"]["revoked_at"]]
    if not revoked:
        return
    row = revoked[-1]
    item = row["revocation"]
    element = add(data, "RevocationStatusInformation")
    add_reference(element, "ValidationObjectId", objects.item("certificate", row["sha256"]))
    add(element, "RevocationTime", item["revoked_at"])
    reason = reason_uri(item["reason"])
    if reason:
        add(element, "RevocationReason", reason)
    if item["source"] and item["sha256"]:
        add_reference(element, "RevocationObject", objects.item(item["source"], item["sha256"]))


def _crypto(data: Element, objects: ValidationObjects, algorithms: AlgorithmsPart, own_id: str) -> None:
    """Append the algorithm and until when it is held to be reliable (4.3.12.7)."""
    scheme, digest = algorithms["signature"], algorithms["digest"]
    uri = signature_uri(scheme, digest)
    if uri is None or scheme is None or digest is None:
        return
    limit = first_to_end(signature_limits(scheme, digest, algorithms["key_size"] or 0))
    until = limit.until if limit else None
    secure = until is None or rfc3339(until) > objects.content["validation_time"]
    element = add(data, "CryptoInformation")
    add_reference(element, "ValidationObjectId", own_id)
    add(element, "Algorithm", uri)
    add(element, "SecureAlgorithm", str(secure).lower())
    if until is not None and until != NEVER:
        add(element, "NotAfter", rfc3339(until))
