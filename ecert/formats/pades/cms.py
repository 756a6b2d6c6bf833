"""Read CMS SignedData (RFC 5652) and RFC 3161 tokens, as honest signers write them, into plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import algos, cms, core, parser, tsp, x509

from ecert.errors import Reason
from ecert.formats.asn1_bounds import Excess, certificate_excess, cms_excess, crl_excess, ocsp_excess
from ecert.formats.certificate_parts import subject_key_identifier
from ecert.formats.pades.algorithms import EC_PUBLIC_KEY, WITH_SHA3, SignatureScheme, algorithm_name, digest_of
from ecert.formats.pades.asn1 import set_up
from ecert.model.limits import MAX_ACCURACY_S, MAX_CERTIFICATES, MAX_REVOCATION_ITEMS, MAX_TOKENS_OF_SIGNATURE


class CmsFault(Exception):
    """The bytes are not a CMS structure this module can judge; ``reason`` is why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class CmsUnsupported(CmsFault):
    """Nothing is wrong with the structure, but it uses an algorithm that is not judged here."""


class CmsOverLimit(CmsFault):
    """The structure holds more than is judged: ``limit`` says of what the most is."""

    def __init__(self, what: Reason, limit: int) -> None:
        super().__init__(what)
        self.limit = limit


@dataclass(frozen=True)
class CertificateId:
    """One certificate that an ESS attribute names: ESSCertID (RFC 2634, 5.4.1) or ESSCertIDv2 (RFC 5035, 4)."""

    algorithm: str
    digest: bytes
    issuer: bytes | None = None  # the name in issuerSerial, DER; None: there is none, or no plain name
    serial: int | None = None

    @property
    def states_issuer(self) -> bool:
        """Return whether it has an issuerSerial."""
        return self.serial is not None


@dataclass(frozen=True)
class SignerId:
    """How a CMS names its signer's certificate (RFC 5652, 5.3): issuer, DER, and serial number, or key identifier."""

    issuer: bytes | None
    serial: int | None
    key_identifier: bytes | None = None


@dataclass(frozen=True)
class SignedMessage:
    """One CMS SignedData with exactly one signer, as plain values; certificates are DER."""

    content_type: str
    content: bytes | None
    certificates: tuple[bytes, ...]
    signer_certificate: bytes | None
    signer_id: SignerId | None  # None: a signature without CMS
    digest_algorithm: str
    signature_algorithm: str  # its OID in dots, as it stands
    scheme: SignatureScheme
    to_be_verified: bytes | None  # the DER of the signed attributes; None: there are none
    content_type_attribute: str | None
    message_digest: bytes | None
    certificate_ids: tuple[CertificateId, ...]  # of signing-certificate(-v2), in their order
    certificate_attributes: int  # values of signing-certificate and signing-certificate-v2
    attributes_sorted: bool  # the signed attributes stand in the order of DER (X.690, 11.6)
    protected_algorithms: bool | None  # RFC 6211: agree (True), differ (False), absent
    claimed_time: datetime | None
    signature: bytes
    timestamps: tuple[bytes, ...]
    unsigned_attributes: tuple[str, ...]
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    values: int  # of ASN.1 that reading it took
    bound_by: str | None = None  # the digest through which alone it covers the file, where it is another one

    def names_certificate(self, certificate: bytes) -> bool:
        """Return whether signing-certificate(-v2) names this certificate; no attribute names none."""
        if not self.certificate_ids:
            return False
        first = self.certificate_ids[0]
        return _digest(first.algorithm, certificate) == first.digest


@dataclass(frozen=True)
class TimestampToken:
    """An RFC 3161 token: what it says (TSTInfo) and the message that signs it.

    ``time`` is genTime, which may be off by ``accuracy`` either way: what is stamped existed by
    ``proven``. ``fault`` says why nobody may rely on it (2.4.2), whoever signed it.
    """

    time: datetime
    accuracy: timedelta
    proven: datetime
    imprint_algorithm: str
    imprint: bytes
    nonce: int | None
    policy: str
    authority: tuple[str, bytes] | None  # the field tsa: kind of name as asn1crypto calls it, DER
    fault: Reason | None
    message: SignedMessage
    der: bytes


def _digest(algorithm: str, data: bytes) -> bytes | None:
    try:
        return digest_of(algorithm, data)
    except ValueError:
        return None


@contextmanager
def _reading(what: Reason) -> Iterator[None]:
    """Turn whatever the ASN.1 library raises on hostile input into one fault of ours."""
    try:
        yield
    except CmsFault:
        raise
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        OverflowError,
        NotImplementedError,
        RecursionError,
    ) as exc:
        raise CmsFault(Reason("pades.unreadable", part=what, error=type(exc).__name__)) from exc


def der_length(data: bytes) -> int:
    """Return the length of the first ASN.1 value in ``data``.

    Raises:
        CmsFault: there is none.
    """
    if len(data) > 6 and data[0] == 0x30 and 0x80 < data[1] < 0x85:
        count = data[1] & 0x7F
        return min(len(data), 2 + count + int.from_bytes(data[2 : 2 + count], "big"))
    with _reading(Reason("pades.signature-value")):
        return int(parser.peek(data))


def read_signed_data(der: bytes) -> SignedMessage:
    """Read a CMS SignedData with exactly one signer.

    Raises:
        CmsFault: it is anything else, or not readable.
    """
    # counted in the bytes, before the library makes an object of every value
    excess, values = cms_excess(der)
    _refuse(excess)
    set_up()
    with _reading(Reason("pades.cms-structure")):
        info = cms.ContentInfo.load(der, strict=True)
        if info["content_type"].native != "signed_data":
            raise CmsFault(Reason("pades.not-signed-data"))
        data = info["content"]
        signers = data["signer_infos"]
        if len(signers) != 1:
            raise CmsFault(Reason("pades.signer-count", count=len(signers)))
        return _read_signer(data, signers[0], values)


def _refuse(excess: Excess | None) -> None:
    if excess is not None:
        raise CmsOverLimit(*excess)


def _read_signer(data: cms.SignedData, signer: cms.SignerInfo, counted: int) -> SignedMessage:
    certificates = [c.chosen for c in data["certificates"] or () if c.name == "certificate"]
    if len(certificates) > MAX_CERTIFICATES:
        raise CmsOverLimit(Reason("limits.signature-certificates"), MAX_CERTIFICATES)
    for certificate in certificates:  # none was parsed so far
        _refuse(certificate_excess(certificate.dump()))
    encapsulated = data["encap_content_info"]
    content = encapsulated["content"]
    attributes = signer["signed_attrs"]
    values = _attribute_values(attributes) if attributes else {}
    unsigned = _attribute_values(signer["unsigned_attrs"]) if signer["unsigned_attrs"] else {}
    digest_algorithm = signer["digest_algorithm"]["algorithm"].native
    scheme = _scheme(signer["signature_algorithm"], digest_algorithm)
    own = _signer_certificate(signer["sid"], certificates)
    crls, ocsps = _revocation(data, values)
    encoded, ordered = None, True
    if attributes:
        each = [attribute.dump() for attribute in attributes]
        ordered = each == sorted(each)
        # signed as an explicit SET OF, not under its implicit [0] tag (RFC 5652, 5.4)
        raw = attributes.dump()
        encoded = b"\x31" + raw[1:]
    tokens = unsigned.get("signature_time_stamp_token", ())
    if len(tokens) > MAX_TOKENS_OF_SIGNATURE:
        raise CmsOverLimit(Reason("limits.signature-timestamps"), MAX_TOKENS_OF_SIGNATURE)
    return SignedMessage(
        content_type=encapsulated["content_type"].native,
        content=bytes(content) if isinstance(content, core.OctetString | core.ParsableOctetString) else None,
        certificates=tuple(c.dump() for c in certificates),
        signer_certificate=own.dump() if own is not None else None,
        signer_id=_signer_id(signer["sid"]),
        digest_algorithm=digest_algorithm,
        signature_algorithm=signer["signature_algorithm"]["algorithm"].dotted,
        scheme=scheme,
        to_be_verified=encoded,
        content_type_attribute=_one(values, "content_type", "native"),
        message_digest=_one(values, "message_digest", "native"),
        certificate_ids=_certificate_ids(values),
        certificate_attributes=sum(len(values.get(name, ())) for name in _ESS),
        attributes_sorted=ordered,
        protected_algorithms=_protection(values, signer),
        claimed_time=_one(values, "signing_time", "native"),
        signature=signer["signature"].native,
        timestamps=tuple(t.dump() for t in tokens),
        unsigned_attributes=tuple(unsigned),
        crls=crls,
        ocsps=ocsps,
        values=counted,
    )


def _attribute_values(attributes: cms.CMSAttributes) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for attribute in attributes:
        name = attribute["type"].native
        if name in values:
            raise CmsFault(Reason("pades.attribute-twice", attribute=name))
        values[name] = attribute["values"]
    return values


def _one(values: dict[str, Any], name: str, field: str) -> Any:
    found = values.get(name)
    if found is None:
        return None
    if len(found) != 1:
        raise CmsFault(Reason("pades.attribute-values", attribute=name, count=len(found)))
    return getattr(found[0], field)


def _signer_certificate(sid: cms.SignerIdentifier, certificates: Iterable[x509.Certificate]) -> x509.Certificate | None:
    for certificate in certificates:
        if sid.name == "issuer_and_serial_number":
            if certificate.serial_number == sid.chosen["serial_number"].native and _same_name(
                certificate.issuer, sid.chosen["issuer"]
            ):
                return certificate
        elif subject_key_identifier(certificate.dump()) == sid.chosen.native:
            return certificate
    return None


def _signer_id(sid: cms.SignerIdentifier) -> SignerId:
    if sid.name == "issuer_and_serial_number":
        return SignerId(bytes(sid.chosen["issuer"].dump()), sid.chosen["serial_number"].native)
    return SignerId(None, None, bytes(sid.chosen.native))


def _same_name(a: x509.Name, b: x509.Name) -> bool:
    """Compare distinguished names, by their bytes first (RFC 5280, 7.1)."""
    return bool(a.dump() == b.dump() or a == b)


_ESS = ("signing_certificate_v2", "signing_certificate")


def _certificate_ids(values: dict[str, Any]) -> tuple[CertificateId, ...]:
    found: list[CertificateId] = []
    for name in _ESS:
        for value in values.get(name, ()):
            for item in value["certs"]:
                algorithm = item["hash_algorithm"]["algorithm"].native if name.endswith("v2") else "sha1"
                issuer, serial = _issuer_serial(item["issuer_serial"])
                found.append(CertificateId(algorithm, item["cert_hash"].native, issuer, serial))
    return tuple(found)


def _issuer_serial(stated: Any) -> tuple[bytes | None, int | None]:
    """Return what an issuerSerial says: one directory name (RFC 5035, 5), and a serial number."""
    if not stated:
        return None, None
    names = stated["issuer"]
    plain = len(names) == 1 and names[0].name == "directory_name"
    return _encoded(names[0]) if plain else None, stated["serial_number"].native


def _encoded(name: x509.GeneralName) -> bytes:
    """Return a general name's value; a directory name without the tag around it (RFC 5280, 4.2.1.6)."""
    value = name.chosen
    return bytes(value.untag().dump() if name.name == "directory_name" else value.dump())


def _protection(values: dict[str, Any], signer: cms.SignerInfo) -> bool | None:
    found = values.get("cms_algorithm_protection")
    if found is None:
        return None
    stated = found[0]
    return bool(
        stated["digest_algorithm"].native == signer["digest_algorithm"].native
        and stated["signature_algorithm"].native == signer["signature_algorithm"].native
    )


_ECDSA_WITHOUT_HASH = (EC_PUBLIC_KEY, "1.2.840.10045.4")  # id-ecPublicKey; asn1crypto's plain ECDSA


def _scheme(algorithm: algos.SignedDigestAlgorithm, digest: str) -> SignatureScheme:
    name, number = algorithm["algorithm"].native, algorithm["algorithm"].dotted
    if name in ("rsassa_pkcs1v15", "rsa"):  # rsaEncryption names no hash: it is the signer's digestAlgorithm (RFC 3370)
        return SignatureScheme("rsa-pkcs1", digest)
    if number in _ECDSA_WITHOUT_HASH:  # likewise (RFC 5753, 2.1.1, and what some signers write instead)
        return SignatureScheme("ecdsa", digest)
    if number in WITH_SHA3:
        return _agreeing(SignatureScheme(*WITH_SHA3[number]), digest)
    try:
        kind = algorithm.signature_algo
    except ValueError as exc:
        raise CmsUnsupported(Reason("pades.signature-algorithm", algorithm=algorithm_name(number))) from exc
    if kind == "rsassa_pkcs1v15":
        return _agreeing(SignatureScheme("rsa-pkcs1", algorithm.hash_algo), digest)
    if kind == "rsassa_pss":
        parameters = algorithm["parameters"]
        hash_name = parameters["hash_algorithm"]["algorithm"].native
        mask = parameters["mask_gen_algorithm"]
        if mask["algorithm"].native != "mgf1" or mask["parameters"]["algorithm"].native != hash_name:
            raise CmsUnsupported(Reason("pades.pss-mask-differs"))
        return _agreeing(SignatureScheme("rsa-pss", hash_name, parameters["salt_length"].native), digest)
    if kind == "ecdsa":
        return _agreeing(SignatureScheme("ecdsa", algorithm.hash_algo), digest)
    if kind == "ed25519":
        return SignatureScheme("ed25519", "sha512")
    told = algorithm_name(number)
    raise CmsUnsupported(Reason("pades.signature-algorithm", algorithm=name if told == number else told))


def _agreeing(scheme: SignatureScheme, digest: str) -> SignatureScheme:
    if scheme.digest != digest:
        raise CmsFault(Reason("pades.digest-algorithms-differ", one=scheme.digest, other=digest))
    return scheme


def _revocation(data: cms.SignedData, values: dict[str, Any]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return CRLs and OCSP answers carried in the CMS: /crls and Adobe's attribute."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    for item in data["crls"] or ():
        if item.name == "crl":
            crls.append(item.chosen.dump())
        elif item.name == "other" and item.chosen["other_rev_info_format"].native == "ocsp_response":
            ocsps.append(item.chosen["other_rev_info"].dump())
    for archive in values.get("adobe_revocation_info_archival", ()):
        parsed = archive.parsed if hasattr(archive, "parsed") else archive
        crls += [c.dump() for c in parsed["crl"] or ()]
        ocsps += [o.dump() for o in parsed["ocsp"] or ()]
    if max(len(crls), len(ocsps)) > MAX_REVOCATION_ITEMS:
        raise CmsOverLimit(Reason("limits.signature-revocation-data"), MAX_REVOCATION_ITEMS)
    for der in crls:
        _refuse(crl_excess(der))
    for der in ocsps:
        _refuse(ocsp_excess(der))
    return tuple(crls), tuple(ocsps)


def read_timestamp(der: bytes) -> TimestampToken:
    """Read an RFC 3161 time-stamp token.

    Raises:
        CmsFault: it is anything else.
    """
    message = read_signed_data(der)
    if message.content_type != "tst_info" or message.content is None:
        raise CmsFault(Reason("pades.not-a-timestamp"))
    with _reading(Reason("pades.timestamp-token")):
        info = tsp.TSTInfo.load(message.content, strict=True)
        imprint, authority = info["message_imprint"], info["tsa"]
        time, accuracy = _in_utc(info["gen_time"].native), _accuracy(info["accuracy"])
        return TimestampToken(
            time=time,
            accuracy=accuracy,
            proven=time + accuracy,
            imprint_algorithm=imprint["hash_algorithm"]["algorithm"].native,
            imprint=imprint["hashed_message"].native,
            nonce=info["nonce"].native,
            policy=info["policy"].native,
            authority=(authority.name, _encoded(authority)) if authority else None,
            fault=_info_fault(info),
            message=message,
            der=der,
        )


def _info_fault(info: tsp.TSTInfo) -> Reason | None:
    """Return why a TSTInfo may not be relied on (RFC 3161, 2.4.2), or None: we know version 1, and no extension."""
    if info["version"].native != "v1":
        return Reason("trust.version")
    if any(extension["critical"].native for extension in info["extensions"] or ()):
        return Reason("trust.critical-extension")
    return None


def _accuracy(stated: Any) -> timedelta:
    """Return how far genTime may be off; nothing stated is taken for none (RFC 3161, 2.4.2)."""
    if not stated:
        return timedelta(0)
    seconds, millis, micros = (stated[name].native or 0 for name in ("seconds", "millis", "micros"))
    if min(seconds, millis, micros) < 0 or seconds > MAX_ACCURACY_S or max(millis, micros) > 999:
        raise CmsFault(Reason("trust.accuracy-malformed"))
    return timedelta(seconds=seconds, milliseconds=millis, microseconds=micros)


def _in_utc(time: Any) -> datetime:
    """Return a genTime; one without the Z, or of a year no clock shows, is none (RFC 3161, 2.4.2)."""
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise CmsFault(Reason("trust.time-malformed"))
    return time.astimezone(UTC)
