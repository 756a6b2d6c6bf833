"""One signer, then one seal, each locking what the format asks (NĐ 30/2020 Đ.32.2(d))."""

from __future__ import annotations

from ecert.errors import Reason
from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Document, PdfValue
from ecert.formats.pdf.writer import write_object
from ecert.formats.record import embedded_record
from ecert.model.roles import SEAL_FIELD, SIGNER_FIELD
from ecert.trust.certificates import public_key_info
from ecert.verify.case import Case, SignatureCase


def check_order(case: Case) -> None:
    """Check presence and order of signer and seal, as far as the policy's stage asks."""
    if not case.form_is_readable:
        return
    signers, seals, others = (case.by_role(r) for r in ("signer", "seal", "other"))
    stage = case.policy.stage if case.policy.is_copy else None
    if stage is not None and _is_saved_anew(case):
        case.add("saved-anew")
    if stage is None:
        if not case.signatures:
            case.add("unsigned", cause="not-signed")
        return
    for s in others:
        case.add("extra-signature", field=s.name)
    if stage == "draft":
        for s in case.signatures:
            case.add("extra-signature", field=s.name)
        return
    if not signers and not seals and not others:
        case.add("unsigned")
        return
    if signers:
        _check_certification(case, signers[0])
    else:
        case.add("signer-missing")
    if stage == "signed":
        for s in seals:
            case.add("extra-signature", field=s.name)
    elif seals:
        _check_seal_lock(case, seals[0])
    else:
        case.add("seal-missing")
    if signers and seals:
        _check_pair(case, signers[0], seals[0])


def _check_pair(case: Case, signer: SignatureCase, seal: SignatureCase) -> None:
    """Check the order signer → seal, and that two keys made them."""
    if seal.revision <= signer.revision and not _is_saved_anew(case):
        case.add("seal-before-signer")
    if _public_key(signer) is not None and _public_key(signer) == _public_key(seal):
        case.add("same-key-twice")


def _is_saved_anew(case: Case) -> bool:
    """Return whether a program has written the whole file again: it has one revision then.

    Whoever signs appends another (7.5.6). Where the signatures are gone, a record is still attached, and
    the catalogue is not written as the format writes it.
    """
    document = case.document
    if document is None or len(document.revisions) != 1:
        return False
    return bool(case.signatures) or (embedded_record(document) is not None and not _is_written_by_us(document))


def _is_written_by_us(document: Document) -> bool:
    """Return whether the catalogue stands there in the writer's very bytes, whatever it says."""
    catalogue = document.view(0).get(NUMBERS.CATALOG)
    if catalogue is None:
        return False
    written = b"".join(map(bytes, write_object(catalogue.num, catalogue.value)))
    return document.data.startswith(written.rstrip(b"\n"), catalogue.start)


def _check_certification(case: Case, signer: SignatureCase) -> None:
    """Check that the signer's signature certifies with P=2 and the catalogue says so (12.8.4)."""
    if signer.signature.faults or case.document is None:
        return
    permissions = case.document.dictionary(case.document.root().get("Perms"))
    if permissions.get("DocMDP") != signer.signature.ref:
        reason = Reason("order.not-the-certification")
        case.add("signature-malformed", field=signer.name, reason=reason)
    if signer.signature.docmdp != 2:
        reason = Reason("order.docmdp-permission", value=str(signer.signature.docmdp))
        case.add("signature-malformed", field=signer.name, reason=reason)
    if _transforms(case, signer) != ["DocMDP"]:
        reason = Reason("order.transforms")
        case.add("signature-malformed", field=signer.name, reason=reason)


def _check_seal_lock(case: Case, seal: SignatureCase) -> None:
    """Check that the seal locks both fields and nothing else, as its field asks (12.7.4.5)."""
    if seal.signature.faults or case.document is None:
        return
    document = case.document
    names = [SIGNER_FIELD.encode(), SEAL_FIELD.encode()]
    locks = [
        document.dictionary(document.dictionary(reference).get("TransformParams"))
        for reference in document.array(seal.signature.dictionary.get("Reference"))
    ]
    ours = [p for p in locks if p.get("Action") == "Include" and p.get("Fields") == names]
    if _transforms(case, seal) != ["FieldMDP"] or len(ours) != 1:
        reason = Reason("order.transforms")
        case.add("signature-malformed", field=seal.name, reason=reason)


def _transforms(case: Case, s: SignatureCase) -> list[PdfValue]:
    """Return the transform methods of a signature's references (12.8.1, table 253)."""
    document = case.document
    assert document is not None
    references = document.array(s.signature.dictionary.get("Reference"))
    return [document.dictionary(r).get("TransformMethod") for r in references]


def _public_key(s: SignatureCase) -> bytes | None:
    if s.message is None or s.message.signer_certificate is None:
        return None
    try:
        return public_key_info(s.message.signer_certificate)
    except ValueError:
        return None
