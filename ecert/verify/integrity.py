"""Integrity of each signature: byte range, digest, CMS (EN 319 102-1, 5.2.2 to 5.2.7; EN 319 142-1, 5)."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from ecert.errors import Reason
from ecert.formats.pades.algorithms import algorithm_name, check_signature, digest_of, weakness
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
from ecert.formats.pades.old_subfilters import (
    OLD_SUBFILTERS,
    PKCS7_SHA1,
    RSA_SHA1,
    read_certificates,
    read_pkcs7_sha1,
    read_rsa_sha1,
)
from ecert.formats.pades.ranges import RangeDigests, TooMuchHashed
from ecert.formats.pades.undeclared import first_page_with, undeclared_signatures
from ecert.formats.pades.unsigned_part import has_standard_form
from ecert.formats.pdf import Document, StructureFault
from ecert.model.indications import SubIndication as Sub
from ecert.model.limits import MAX_FILE_CMS_VALUES, MAX_FILE_TOKENS, MAX_HASHED_LENGTHS
from ecert.model.roles import SignatureRole, role_of_field
from ecert.trust.certificates import CertificateTooLarge, KeyTooLarge, KeyUnsupported, public_key
from ecert.trust.library_reasons import library_reason
from ecert.trust.timestamp_tokens import certificate_id_fault
from ecert.verify.case import Case, SignatureCase, TimestampCase
from ecert.verify.structure import report_fault
from ecert.verify.tokens import Tokens, report_unjudged_token


def read_cases(case: Case, document: Document) -> list[SignatureCase]:
    """Return the document's signatures as cases, oldest first."""
    try:
        found = read_signatures(document, several_fields=not case.policy.is_copy)
        if not case.policy.is_copy:  # in a copy every object has its one place
            _report_undeclared(case, document, found)
            _report_several_fields(case, found)
    except StructureFault as fault:
        report_fault(case, fault)
        case.form_is_readable = False
        return []
    return [SignatureCase(s, _role(case, s)) for s in found]


def _report_undeclared(case: Case, document: Document, declared: list[PdfSignature]) -> None:
    """Report that the file holds signatures which the form does not declare: nothing proves what they show."""
    found = undeclared_signatures(document, declared)
    for number in found.usage_rights:
        case.add("unusual-structure", object=number, what=Reason("changes.usage-rights"))
    shown = found.widgets or found.dictionaries
    if shown:
        page = first_page_with(document, set(shown))
        case.add("undeclared-signature", page=page, object=shown[0], count=len(shown))


def _report_several_fields(case: Case, found: list[PdfSignature]) -> None:
    """Tell that several fields show one signature: whoever reads the pages may count several signatures."""
    for s in found:
        if s.more_fields:
            what = Reason("pades.one-signature-several-fields", count=len(s.fields))
            case.add("unusual-structure", field=s.name, what=what)


def _role(case: Case, signature: PdfSignature) -> SignatureRole:
    if signature.is_timestamp:
        return "timestamp"
    role = role_of_field(signature.name) if case.policy.is_copy else None
    return role or "other"


def check_integrity(case: Case, digests: RangeDigests) -> None:
    """Check every signature's bytes, digest and signature value; findings name the field."""
    spent, tokens = _Spent(), Tokens(case)
    for s in case.signatures:
        if s.signature.faults:
            s.fail(Sub.FORMAT_FAILURE)
            for reason in s.signature.faults:
                case.add("signature-malformed", field=s.name, reason=reason)
            continue
        try:
            _check_padding(case, s)
            spent.check()
            if s.role == "timestamp":
                _check_document_timestamp(case, s, digests, tokens)
            else:
                _check_signature(case, s, digests, spent, tokens)
            spent.add(s.message)
        except (CmsUnsupported, UnsupportedAlgorithm) as fault:
            _report_unsupported(case, s, fault)
        except CmsFault as fault:
            _report_malformed(case, s, fault)
        except TooMuchHashed:
            excess = CmsOverLimit(Reason("limits.byte-range-lengths"), MAX_HASHED_LENGTHS)
            _report_malformed(case, s, excess)
    tokens.finish()


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
            raise CmsOverLimit(Reason("limits.all-signature-values"), MAX_FILE_CMS_VALUES)
        if self.tokens > MAX_FILE_TOKENS:
            raise CmsOverLimit(Reason("limits.all-signature-timestamps"), MAX_FILE_TOKENS)


def _report_malformed(case: Case, s: SignatureCase, fault: CmsFault) -> None:
    """What is beyond a limit may be right in a foreign file; no writer of our format goes there."""
    if isinstance(fault, CmsOverLimit) and not case.policy.is_copy:
        s.doubt(Sub.FORMAT_FAILURE)
        case.add("over-limit", field=s.name, what=fault.reason, limit=fault.limit)
        return
    s.fail(Sub.FORMAT_FAILURE)
    case.add("signature-malformed", field=s.name, reason=fault.reason)


def _report_unsupported(case: Case, s: SignatureCase, fault: Exception) -> None:
    """What is not judged here is no fault of a foreign file (5.2.8.4); our format excludes it."""
    reason = _reason(fault)
    if s.role == "timestamp" and not case.policy.is_copy:
        report_unjudged_token(case, s, reason)
        return
    if case.policy.is_copy:
        s.fail(Sub.CRYPTO_CONSTRAINTS_FAILURE)
        case.add("signature-malformed", field=s.name, reason=Reason("pades.not-supported", reason=reason))
        return
    s.doubt(Sub.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
    case.add("algorithm-not-supported", field=s.name, reason=reason)


def _reason(fault: Exception) -> Reason:
    return fault.reason if isinstance(fault, CmsFault) else library_reason(fault)


def _check_padding(case: Case, s: SignatureCase) -> None:
    """Behind the DER there are only zeros, in one hexadecimal case and without white space."""
    contents, gap = s.signature.contents, s.signature.gap
    length = der_length(contents)
    if contents[length:].strip(b"\0"):
        if case.policy.is_copy:
            raise CmsFault(Reason("pades.padding-not-zero"))
        case.add("unusual-structure", field=s.name, what=Reason("pades.contents-padding"))
    assert gap is not None
    digits = case.data[gap[0] + 1 : gap[1] - 1]
    written = contents.hex().encode()
    if case.policy.is_copy and digits not in (written, written.upper()):
        raise CmsFault(Reason("pades.contents-not-plain-hexadecimal"))


def _check_document_timestamp(case: Case, s: SignatureCase, digests: RangeDigests, tokens: Tokens) -> None:
    token = read_timestamp(_exact(s))
    s.message = token.message
    s.timestamps = [TimestampCase("document", token)]
    try:
        digest = digests.digest(token.imprint_algorithm, s.signature.ranges)
    except ValueError as exc:
        raise _unknown_digest(token.imprint_algorithm) from exc
    if digest != token.imprint:
        s.fail(Sub.HASH_FAILURE)
        case.add("timestamp-broken", field=s.name, reason=Reason("pades.other-data"))
    else:
        tokens.take(s, "document", token)


def _unknown_digest(name: str) -> CmsUnsupported:
    return CmsUnsupported(Reason("pades.digest-algorithm", algorithm=algorithm_name(name)))


def _check_signature(case: Case, s: SignatureCase, digests: RangeDigests, spent: _Spent, tokens: Tokens) -> None:
    message, key = _read_message(case, s)
    s.message = message
    if message.bound_by is not None:
        assert message.content is not None
        if digests.digest(message.bound_by, s.signature.ranges) != message.content:
            s.fail(Sub.HASH_FAILURE)
            case.add("signature-broken", field=s.name, reason=Reason("pades.signed-bytes-changed"))
            return
    try:
        if message.bound_by is not None:
            digest = digest_of(message.digest_algorithm, message.content or b"")
        else:
            digest = digests.digest(message.digest_algorithm, s.signature.ranges)
    except ValueError as exc:
        raise _unknown_digest(message.digest_algorithm) from exc
    if message.to_be_verified is not None and digest != message.message_digest:
        s.fail(Sub.HASH_FAILURE)
        case.add("signature-broken", field=s.name, reason=Reason("pades.signed-bytes-changed"))
        return
    if not _is_signed(case, s, message, key, digest, digests):
        s.fail(Sub.SIG_CRYPTO_FAILURE)
        case.add("signature-broken", field=s.name, reason=Reason("pades.signature-value-wrong"))
        return
    weak = weakness(message.scheme, key) if case.policy.is_copy else None
    if weak:  # never in this format; elsewhere its date decides (verify.validation.constraints)
        s.fail(Sub.CRYPTO_CONSTRAINTS_FAILURE)
        case.add("algorithm-too-weak", field=s.name, algorithm=weak)
        return
    if case.policy.is_copy and not has_standard_form(_exact(s)):
        raise CmsFault(Reason("pades.unsigned-part"))
    spent.check(len(message.timestamps))
    _read_signature_timestamps(case, s, message, spent, tokens)
    s.intact = True


def _read_message(case: Case, s: SignatureCase) -> tuple[SignedMessage, PublicKeyTypes]:
    """Return what /Contents holds, its form looked at, and the signer's key.

    Raises:
        CmsFault: it is not a signature that can be judged.
    """
    kind = s.signature.dictionary.get("SubFilter")
    if kind in OLD_SUBFILTERS and case.policy.is_copy:
        raise CmsFault(Reason("pades.subfilter", filter=str(kind)))
    if kind == RSA_SHA1:
        certificates = read_certificates(s.signature.dictionary.get("Cert"))
        key = _key_of(certificates[0])
        return read_rsa_sha1(_exact(s), certificates, key), key
    message = read_pkcs7_sha1(_exact(s)) if kind == PKCS7_SHA1 else read_signed_data(_exact(s))
    s.message = message
    reason = _format_fault(message, pades=kind == "ETSI.CAdES.detached", ours=case.policy.is_copy)
    if reason:
        raise CmsFault(reason)
    assert message.signer_certificate is not None
    return message, _key_of(message.signer_certificate)


def _key_of(certificate: bytes) -> PublicKeyTypes:
    try:
        return public_key(certificate)
    except KeyUnsupported as exc:
        raise CmsUnsupported(exc.reason) from exc
    except KeyTooLarge as exc:
        raise CmsOverLimit(Reason("limits.rsa-key-bits"), exc.limit) from exc
    except CertificateTooLarge as exc:
        raise CmsOverLimit(exc.what, exc.limit) from exc
    except ValueError as exc:
        raise CmsFault(Reason("pades.own-certificate-unreadable")) from exc


def _is_signed(
    case: Case, s: SignatureCase, message: SignedMessage, key: PublicKeyTypes, digest: bytes, digests: RangeDigests
) -> bool:
    """Return whether the signature value is right: over the signed attributes, else over the ranges themselves."""
    scheme, value = message.scheme, message.signature
    if message.to_be_verified is not None:
        return check_signature(key, scheme, value, message.to_be_verified)
    if scheme.kind != "ed25519" and scheme.digest == message.digest_algorithm:
        return check_signature(key, scheme, value, digest, hashed=True)
    if message.bound_by is not None:
        return check_signature(key, scheme, value, message.content or b"")
    digests.spend(sum(n for _, n in s.signature.ranges))
    signed = b"".join(case.data[a : a + n] for a, n in s.signature.ranges)
    return check_signature(key, scheme, value, signed)


def _exact(s: SignatureCase) -> bytes:
    contents = s.signature.contents
    return contents[: der_length(contents)]


def _format_fault(message: SignedMessage, *, pades: bool, ours: bool) -> Reason | None:
    """Return what in the CMS is not as PAdES wants it (EN 319 142-1, 5.2 and 6.3), or None."""
    if ours and not pades:
        return Reason("time.not-pades-signature")
    if message.signer_certificate is None:
        return Reason("pades.signer-certificate-missing")
    if message.content is not None and message.bound_by is None:
        return Reason("pades.not-detached")
    if message.content_type != "data":
        return Reason("pades.content-type")
    if message.protected_algorithms is False:
        return Reason("pades.protected-algorithms")
    if message.to_be_verified is None:
        return Reason("trust.no-signed-attributes") if pades else None
    if message.content_type_attribute != "data" or message.message_digest is None:
        return Reason("pades.mandatory-attribute")
    if message.certificate_ids and not message.names_certificate(message.signer_certificate):
        return Reason("trust.names-another-certificate")
    if not message.certificate_ids and pades:
        return Reason("pades.no-signing-certificate")
    return _signed_part_fault(message, message.signer_certificate) if ours else None


def _signed_part_fault(message: SignedMessage, certificate: bytes) -> Reason | None:
    """Return what in a copy's signed attributes is not as the standards write it, or None.

    The hash in signing-certificate (RFC 2634, 5.4) is SHA-1; a certificate made to have the same one could
    take the signer's place. Readers that encode the attributes anew find only those in DER order intact.
    """
    if message.claimed_time is not None:
        return Reason("pades.signing-time")
    if not message.attributes_sorted:
        return Reason("pades.attribute-order")
    if message.certificate_attributes != 1:
        return Reason("pades.several-signing-certificates")
    if message.certificate_ids[0].algorithm == "sha1":
        return Reason("pades.named-by-sha1")
    return certificate_id_fault(message, certificate)


def _read_signature_timestamps(
    case: Case, s: SignatureCase, message: SignedMessage, spent: _Spent, tokens: Tokens
) -> None:
    """Read the signature time-stamps (EN 319 122-1, 5.3) and hold their imprint against the value.

    Raises:
        CmsOverLimit: the file has more of them than are judged.
    """
    for der in message.timestamps:
        spent.check()
        try:
            token = read_timestamp(der)
            spent.add(token.message)
            digest = _imprint(token.imprint_algorithm, message.signature)
        except (CmsUnsupported, UnsupportedAlgorithm) as exc:
            report_unjudged_token(case, s, _reason(exc))
            continue
        except (CmsFault, ValueError) as exc:
            case.add("timestamp-broken", field=s.name, reason=_reason(exc))
            continue
        if digest != token.imprint:
            case.add("timestamp-broken", field=s.name, reason=Reason("pades.another-signature"))
        else:
            tokens.take(s, "signature", token)


def _imprint(algorithm: str, value: bytes) -> bytes:
    try:
        return digest_of(algorithm, value)
    except ValueError as exc:
        raise _unknown_digest(algorithm) from exc
