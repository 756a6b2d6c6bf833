"""Integrity of each signature: byte range, digest, CMS (EN 319 102-1, 5.2.2 to 5.2.7; EN 319 142-1, 5)."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from ecert.formats.pades.algorithms import check_signature, digest_of, weakness
from ecert.formats.pades.cms import (
    CmsFault,
    CmsOverLimit,
    CmsUnsupported,
    SignedMessage,
    der_length,
    read_signed_data,
    read_timestamp,
)
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pades.ranges import RangeDigests, TooMuchHashed
from ecert.formats.pades.undeclared import first_page_with, undeclared_signatures
from ecert.formats.pades.unsigned_part import has_standard_form
from ecert.formats.pdf import Document, StructureFault
from ecert.model.indications import SubIndication as Sub
from ecert.model.limits import MAX_FILE_CMS_VALUES, MAX_FILE_TOKENS, MAX_HASHED_LENGTHS
from ecert.model.roles import role_of_field
from ecert.trust.certificates import CertificateTooLarge, KeyTooLarge, public_key
from ecert.trust.tokens import certificate_id_fault, statement_fault, token_fault
from ecert.verify.case import Case, SignatureCase, SignatureRole, TimestampCase
from ecert.verify.structure import report_fault


def read_cases(case: Case, document: Document) -> list[SignatureCase]:
    """Return the document's signatures as cases, oldest first."""
    try:
        found = read_signatures(document)
        if not case.policy.is_copy:  # in a copy every object has its one place
            _report_undeclared(case, document, found)
    except StructureFault as fault:
        report_fault(case, fault)
        case.form_is_readable = False
        return []
    return [SignatureCase(s, _role(case, s)) for s in found]


def _report_undeclared(case: Case, document: Document, declared: list[PdfSignature]) -> None:
    """Say that the file holds signatures which the form does not declare: nothing proves what they show."""
    found = undeclared_signatures(document, declared)
    for number in found.usage_rights:
        case.find("unusual-structure", object=number, what="a signature that grants usage rights")
    shown = found.widgets or found.dictionaries
    if shown:
        page = first_page_with(document, set(shown))
        case.find("undeclared-signature", page=page, object=shown[0], count=len(shown))


def _role(case: Case, signature: PdfSignature) -> SignatureRole:
    if signature.is_timestamp:
        return "timestamp"
    role = role_of_field(signature.name) if case.policy.is_copy else None
    return role or "other"


def check_integrity(case: Case, digests: RangeDigests) -> None:
    """Check every signature's bytes, digest and signature value; findings name the field."""
    spent = _Spent()
    for s in case.signatures:
        if s.signature.faults:
            s.fail(Sub.FORMAT_FAILURE)
            for reason in s.signature.faults:
                case.find("signature-malformed", field=s.name, reason=reason)
            continue
        try:
            _check_padding(case, s)
            spent.check()
            if s.role == "timestamp":
                _check_document_timestamp(case, s, digests)
            else:
                _check_signature(case, s, digests, spent)
            spent.add(s.message)
        except (CmsUnsupported, UnsupportedAlgorithm) as fault:
            _report_unsupported(case, s, fault)
        except CmsFault as fault:
            _report_malformed(case, s, fault)
        except TooMuchHashed:
            excess = CmsOverLimit("lengths of the file in byte ranges", MAX_HASHED_LENGTHS)
            _report_malformed(case, s, excess)


@dataclass
class _Spent:
    """What the signatures of one file have had of what all of them may have together."""

    values: int = 0  # of CMS structures
    tokens: int = 0

    def add(self, message: SignedMessage | None) -> None:
        """Count one CMS that was read."""
        self.values += message.values if message is not None else 0

    def check(self, tokens: int = 0) -> None:
        """Refuse to read on beyond the limits.

        Raises:
            CmsOverLimit: they are reached.
        """
        self.tokens += tokens
        if self.values > MAX_FILE_CMS_VALUES:
            raise CmsOverLimit("values of all signatures", MAX_FILE_CMS_VALUES)
        if self.tokens > MAX_FILE_TOKENS:
            raise CmsOverLimit("time-stamps of all signatures", MAX_FILE_TOKENS)


def _report_malformed(case: Case, s: SignatureCase, fault: CmsFault) -> None:
    """What is beyond a limit may be right in a foreign file; no writer of our format goes there."""
    if isinstance(fault, CmsOverLimit) and not case.policy.is_copy:
        s.doubt(Sub.FORMAT_FAILURE)
        case.find("over-limit", field=s.name, what=str(fault), limit=fault.limit)
        return
    s.fail(Sub.FORMAT_FAILURE)
    case.find("signature-malformed", field=s.name, reason=str(fault))


def _report_unsupported(case: Case, s: SignatureCase, fault: Exception) -> None:
    """What is not judged here is no fault of a foreign file (5.2.8.4); our format excludes it."""
    if case.policy.is_copy:
        s.fail(Sub.CRYPTO_CONSTRAINTS_FAILURE)
        case.find("signature-malformed", field=s.name, reason=f"{fault} is not supported")
        return
    s.doubt(Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
    case.find("structure-unsupported", field=s.name, reason=str(fault))


def _check_padding(case: Case, s: SignatureCase) -> None:
    """Behind the DER there are only zeros, in one hexadecimal case and without white space."""
    contents, gap = s.signature.contents, s.signature.gap
    length = der_length(contents)
    if contents[length:].strip(b"\0"):
        if case.policy.is_copy:
            raise CmsFault("there is something else than zeros behind the signature value")
        case.find("unusual-structure", field=s.name, what="padding of /Contents is not zero")
    assert gap is not None
    digits = case.data[gap[0] + 1 : gap[1] - 1]
    written = contents.hex().encode()
    if case.policy.is_copy and digits not in (written, written.upper()):
        raise CmsFault("/Contents is not written in plain hexadecimal")


def _check_document_timestamp(case: Case, s: SignatureCase, digests: RangeDigests) -> None:
    token = read_timestamp(_exact(s))
    s.message = token.message
    s.timestamps = [TimestampCase("document", token)]
    try:
        digest = digests.digest(token.imprint_algorithm, s.signature.ranges)
    except ValueError as exc:
        raise CmsUnsupported(f"the digest algorithm {token.imprint_algorithm}") from exc
    reason = token_fault(token)
    if digest != token.imprint:
        s.fail(Sub.HASH_FAILURE)
        case.find("timestamp-broken", field=s.name, reason="it is for other data")
    elif reason:
        s.fail(Sub.SIG_CRYPTO_FAILURE)
        case.find("timestamp-broken", field=s.name, reason=reason)
    elif case.policy.is_copy and token.message.unsigned_attributes:
        s.fail(Sub.FORMAT_FAILURE)
        case.find("timestamp-broken", field=s.name, reason="it has unsigned attributes")
    elif case.policy.is_copy and not has_standard_form(token.der):
        s.fail(Sub.FORMAT_FAILURE)
        reason = "what nothing signs in it is not as the standards write it"
        case.find("timestamp-broken", field=s.name, reason=reason)
    elif case.policy.is_copy and (reason := statement_fault(token)):
        s.fail(Sub.FORMAT_FAILURE)
        case.find("timestamp-broken", field=s.name, reason=reason)
    else:
        s.intact = True


def _check_signature(case: Case, s: SignatureCase, digests: RangeDigests, spent: _Spent) -> None:
    message = read_signed_data(_exact(s))
    s.message = message
    pades = s.signature.dictionary.get("SubFilter") == "ETSI.CAdES.detached"
    reason = _format_fault(message, pades=pades, ours=case.policy.is_copy)
    if reason:
        raise CmsFault(reason)
    assert message.signer_certificate is not None
    try:
        digest = digests.digest(message.digest_algorithm, s.signature.ranges)
    except ValueError as exc:
        raise CmsUnsupported(f"the digest algorithm {message.digest_algorithm}") from exc
    try:
        key = public_key(message.signer_certificate)
    except KeyTooLarge as exc:
        raise CmsOverLimit("bits of an RSA key", exc.limit) from exc
    except CertificateTooLarge as exc:
        raise CmsOverLimit(exc.what, exc.limit) from exc
    except ValueError as exc:
        raise CmsFault("its certificate cannot be read") from exc
    if message.to_be_verified is not None and digest != message.message_digest:
        s.fail(Sub.HASH_FAILURE)
        case.find("signature-broken", field=s.name, reason="the signed bytes were changed")
        return
    if not _is_signed(case, s, message, key, digest, digests):
        s.fail(Sub.SIG_CRYPTO_FAILURE)
        case.find("signature-broken", field=s.name, reason="the signature value is wrong")
        return
    weak = weakness(message.scheme, key) if case.policy.is_copy else None
    if weak:  # never in this format; elsewhere its date decides (verify.validation.constraints)
        s.fail(Sub.CRYPTO_CONSTRAINTS_FAILURE)
        case.find("algorithm-too-weak", field=s.name, algorithm=weak)
        return
    if case.policy.is_copy and not has_standard_form(_exact(s)):
        raise CmsFault("what nothing signs in it is not as the standards write it")
    spent.check(len(message.timestamps))
    _read_signature_timestamps(case, s, message, spent)
    s.intact = True


def _is_signed(
    case: Case, s: SignatureCase, message: SignedMessage, key: PublicKeyTypes, digest: bytes, digests: RangeDigests
) -> bool:
    """Tell whether the signature value is right: over the signed attributes, else over the ranges themselves."""
    scheme, value = message.scheme, message.signature
    if message.to_be_verified is not None:
        return check_signature(key, scheme, value, message.to_be_verified)
    if scheme.kind != "ed25519" and scheme.digest == message.digest_algorithm:
        return check_signature(key, scheme, value, digest, hashed=True)
    digests.spend(sum(n for _, n in s.signature.ranges))
    signed = b"".join(case.data[a : a + n] for a, n in s.signature.ranges)
    return check_signature(key, scheme, value, signed)


def _exact(s: SignatureCase) -> bytes:
    contents = s.signature.contents
    return contents[: der_length(contents)]


def _format_fault(message: SignedMessage, *, pades: bool, ours: bool) -> str | None:
    """Say what in the CMS is not as PAdES wants it (EN 319 142-1, 5.2 and 6.3), or None."""
    if ours and not pades:
        return "it is not a PAdES signature"
    if message.signer_certificate is None:
        return "the signer's certificate is not in the signature"
    if message.content is not None:
        return "it is not detached"
    if message.content_type != "data":
        return "it signs something else than data"
    if message.protected_algorithms is False:
        return "the protected algorithms differ from those used"
    if message.to_be_verified is None:
        return "it has no signed attributes" if pades else None
    if message.content_type_attribute != "data" or message.message_digest is None:
        return "a mandatory signed attribute is missing or wrong"
    if message.certificate_ids and not message.names_certificate(message.signer_certificate):
        return "its signing-certificate attribute names another certificate"
    if not message.certificate_ids and pades:
        return "it has no signing-certificate attribute"
    return _signed_part_fault(message, message.signer_certificate) if ours else None


def _signed_part_fault(message: SignedMessage, certificate: bytes) -> str | None:
    """Say what in a copy's signed attributes is not as the standards write it, or None.

    The hash in signing-certificate (RFC 2634, 5.4) is SHA-1; a certificate made to have the same one could
    take the signer's place. Readers that encode the attributes anew find only those in DER order intact.
    """
    if message.claimed_time is not None:
        return "it has a signing-time attribute, which PAdES forbids"
    if not message.attributes_sorted:
        return "its signed attributes are not in the order of DER"
    if message.certificate_attributes != 1:
        return "it has more than one signing-certificate attribute"
    if message.certificate_ids[0].algorithm == "sha1":
        return "its signing-certificate attribute names the certificate by SHA-1 alone"
    return certificate_id_fault(message, certificate)


def _read_signature_timestamps(case: Case, s: SignatureCase, message: SignedMessage, spent: _Spent) -> None:
    """Read the signature time-stamps (EN 319 122-1, 5.3) and hold their imprint against the value.

    Raises:
        CmsOverLimit: the file has more of them than are judged.
    """
    for der in message.timestamps:
        spent.check()
        try:
            token = read_timestamp(der)
            spent.add(token.message)
            digest = digest_of(token.imprint_algorithm, message.signature)
            reason = token_fault(token)
            if reason is None and case.policy.is_copy:
                reason = statement_fault(token)
        except (CmsFault, UnsupportedAlgorithm, ValueError) as exc:
            case.find("timestamp-broken", field=s.name, reason=str(exc))
            continue
        if digest != token.imprint:
            case.find("timestamp-broken", field=s.name, reason="it is for another signature")
        elif reason:
            case.find("timestamp-broken", field=s.name, reason=reason)
        else:
            s.timestamps.append(TimestampCase("signature", token))
