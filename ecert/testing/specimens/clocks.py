"""Clocks, keys and certificates that nobody may rely on, and evidence that is older than what it vouches for.

Every signature value in these files is right; what is wrong stands in certificates, time-stamps, the
attributes that were signed, or in what nobody signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from ecert.formats.pades.algorithms import SignatureScheme
from ecert.formats.pades.cms import read_signed_data
from ecert.formats.pades.cms_writer import build_signed_data
from ecert.formats.pades.der import integer, octets, oid, sequence, set_of, tlv
from ecert.formats.pades.increments import append_validation_data
from ecert.formats.pdf import read_document
from ecert.model.evidence import Evidence
from ecert.model.roles import SEAL_FIELD
from ecert.sign.keys import SigningKey
from ecert.sign.steps import finish_signature, lay_out_signature
from ecert.testing import extensions, names
from ecert.testing.extensions import TIME_STAMPING, Part, Use
from ecert.testing.keys import new_key
from ecert.testing.pki import YEAR, Authority, Identity, der
from ecert.testing.signing import sign_certificate
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import contents, with_contents
from ecert.testing.specimens.time_stamps import begin_stamp, seal_with_token
from ecert.testing.status import Revocation, crl
from ecert.testing.timestamps import TimeStampAuthority

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_WEEK = timedelta(days=7)
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"


# ── time-stamp tokens ────────────────────────────────────────────────────────────────────────────


def _token(authority: TimeStampAuthority, imprint: bytes, press: Press, shift: timedelta = timedelta(0)) -> bytes:
    """Return a token over a SHA-256 imprint, by a clock that is off by ``shift``."""
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "cert_req": True,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint},
        }
    )
    answer = authority.answer(request.dump(), press.now() + shift)
    return bytes(tsp.TimeStampResp.load(answer)["time_stamp_token"].dump())


def _seal_stamped_by(press: Press, authority: TimeStampAuthority) -> bytes:
    """Exchange the seal's time-stamp for one of another authority."""
    value = read_signed_data(contents(press.bare, SEAL_FIELD)).signature
    return seal_with_token(press, _token(authority, hashlib.sha256(value).digest(), press))


def _time_stamping(press: Press, use: Use) -> Identity:
    """Return a time-stamp service below the office's authority, with another key usage."""
    above, now = press.office.tsa_authority, press.now()
    return above.issue(
        names.authority_name("ecert throwaway odd time-stamp service"),
        not_before=now - YEAR,
        not_after=now + YEAR,
        algorithm="p256",
        use=use,
    )


@specimen(
    "control",
    verdict="VALID",
    with_evidence=True,
    vi="Dấu thời gian của con dấu ghi cả tên tổ chức cấp dấu thời gian, đúng như chứng thư số.",
    en="The seal's time-stamp names its authority, as its certificate does.",
)
def time_stamp_that_names_its_authority(press: Press) -> bytes:
    own = press.office.tsa
    name = asn1.Certificate.load(der(own.certificate)).subject
    return _seal_stamped_by(press, TimeStampAuthority(own, name=name))


@specimen(
    "time-stamp",
    "timestamp-broken",
    with_evidence=True,
    vi="Dấu thời gian của con dấu ghi tên một tổ chức khác với chứng thư số.",
    en="The seal's time-stamp names another authority than its certificate does.",
)
def time_stamp_that_names_another_authority(press: Press) -> bytes:
    name = asn1.Name.build({"country_name": "VN", "common_name": "Another time-stamp service"})
    return _seal_stamped_by(press, TimeStampAuthority(press.office.tsa, name=name))


@specimen(
    "time-stamp",
    "timestamp-broken",
    with_evidence=True,
    vi="Dấu thời gian của con dấu có phần mở rộng bắt buộc mà không ai biết.",
    en="The seal's time-stamp has a critical extension that nobody knows.",
)
def time_stamp_with_an_unknown_extension(press: Press) -> bytes:
    unknown = sequence(oid("2.999.1"), b"\x01\x01\xff", octets(b"\x05\x00"))
    return _seal_stamped_by(press, TimeStampAuthority(press.office.tsa, extensions=unknown))


@specimen(
    "time-stamp",
    "timestamp-broken",
    with_evidence=True,
    vi="Dấu thời gian của con dấu thuộc phiên bản 2, chưa có tiêu chuẩn nào quy định.",
    en="The seal's time-stamp is of version 2, which no standard knows.",
)
def time_stamp_of_another_version(press: Press) -> bytes:
    return _seal_stamped_by(press, TimeStampAuthority(press.office.tsa, version=2))


@specimen(
    "time-stamp",
    "timestamp-broken",
    with_evidence=True,
    vi="Dấu thời gian của con dấu do khóa không được dùng để ký tạo ra.",
    en="The seal's time-stamp was made with a key that is not for signing.",
)
def time_stamp_of_a_key_that_may_not_sign(press: Press) -> bytes:
    use = replace(TIME_STAMPING, digital_signature=False, non_repudiation=False)
    identity = _time_stamping(press, use)
    return _seal_stamped_by(press, TimeStampAuthority(identity))


@specimen(
    "time-stamp",
    "timestamp-broken",
    with_evidence=True,
    vi="Dấu thời gian của con dấu do một tổ chức cấp chứng thư (CA) tự đóng.",
    en="The seal's time-stamp was made by a certification authority itself.",
)
def time_stamp_of_a_ca(press: Press) -> bytes:
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = _authority(press, press.office.tsa_root, stamping, critical=True, signs=True)
    identity = Identity(made.key, made.certificate, press.office.tsa_root.chain)
    return _seal_stamped_by(press, TimeStampAuthority(identity))


def _archived(press: Press, shift: timedelta) -> bytes:
    """Append an archive time-stamp whose clock is off to a copy with two time-stamps."""
    pending = begin_stamp(press.bare, {})
    authority = TimeStampAuthority(press.office.tsa)
    return pending.finish(_token(authority, pending.digest("sha256"), press, shift))


@specimen(
    "time-stamp",
    "timestamps-contradict",
    verdict="INDETERMINATE",
    with_evidence=True,
    vi="Dấu thời gian lưu trữ ghi sớm hơn hai giờ so với các dấu thời gian mà nó bao trùm.",
    en="The archive time-stamp says it is two hours older than the time-stamps it covers.",
)
def time_stamps_that_contradict_each_other(press: Press) -> bytes:
    return _archived(press, -timedelta(hours=2))


@specimen(
    "control",
    verdict="VALID",
    with_evidence=True,
    vi="Đồng hồ của dịch vụ đóng dấu thời gian lưu trữ chậm một phút: điều này bình thường.",
    en="The clock of whoever made the archive time-stamp is a minute slow, as clocks are.",
)
def time_stamps_a_minute_apart(press: Press) -> bytes:
    return _archived(press, -timedelta(minutes=1))


# ── what was signed, and what nobody signs ───────────────────────────────────────────────────────


def _sealed(
    press: Press, key: SigningKey, change: Callable[[bytes, list[bytes]], Iterable[bytes]] | None = None
) -> bytes:
    """Seal by hand at B-T; ``change`` gives the signed attributes, of the certificate and those as usual."""
    signed = press.signed
    laid_out = lay_out_signature(
        signed.document, "seal", signed.record, key.identity, press.now(), None, timestamped=True
    )
    usual = [a.dump() for a in cms.CMSAttributes.load(laid_out.to_be_signed)]
    if change is not None:
        attributes = tlv(0x31, *change(key.certificate, usual))
        laid_out = replace(laid_out, to_be_signed=attributes)
    value = key.sign(laid_out.to_be_signed)
    return finish_signature(laid_out, value, press.office.services, press.client)


def _attribute(kind: str, *certificate_id: bytes) -> bytes:
    """Return signing-certificate(-v2) that names one certificate."""
    return sequence(oid(kind), set_of(sequence(sequence(sequence(*certificate_id)))))


def _by_sha1(certificate: bytes) -> bytes:
    return _attribute(_SIGNING_CERTIFICATE, octets(hashlib.sha1(certificate).digest()))


def _with_serial(certificate: bytes, step: int) -> bytes:
    """Return signing-certificate-v2 with an issuerSerial whose number is off by ``step``."""
    parsed: Any = x509.load_der_x509_certificate(certificate)
    issuer = sequence(tlv(0xA4, parsed.issuer.public_bytes()))
    return _attribute(
        _SIGNING_CERTIFICATE_V2,
        octets(hashlib.sha256(certificate).digest()),
        sequence(issuer, integer(parsed.serial_number + step)),
    )


def _but_ess(attributes: list[bytes]) -> list[bytes]:
    return [a for a in attributes if oid(_SIGNING_CERTIFICATE_V2) not in a]


@specimen(
    "control",
    verdict="VALID",
    with_evidence=True,
    vi="Con dấu ghi chứng thư số kèm nơi cấp và số sê-ri, đúng như chứng thư số.",
    en="The seal names its certificate with issuer and serial number, as they are.",
)
def seal_that_states_its_issuer(press: Press) -> bytes:
    def change(certificate: bytes, usual: list[bytes]) -> list[bytes]:
        return sorted([*_but_ess(usual), _with_serial(certificate, 0)])

    return _sealed(press, press.office.key("seal"), change)


@specimen(
    "universal-forgery",
    "signature-malformed",
    with_evidence=True,
    vi="Con dấu ghi số sê-ri của một chứng thư số khác.",
    en="The seal states the serial number of another certificate.",
)
def seal_that_states_another_serial_number(press: Press) -> bytes:
    def change(certificate: bytes, usual: list[bytes]) -> list[bytes]:
        return sorted([*_but_ess(usual), _with_serial(certificate, 1)])

    return _sealed(press, press.office.key("seal"), change)


@specimen(
    "universal-forgery",
    "signature-malformed",
    with_evidence=True,
    vi="Con dấu chỉ ghi chứng thư số bằng giá trị băm SHA-1.",
    en="The seal names its certificate by SHA-1 alone.",
)
def certificate_named_by_sha1(press: Press) -> bytes:
    def change(certificate: bytes, usual: list[bytes]) -> list[bytes]:
        return sorted([*_but_ess(usual), _by_sha1(certificate)])

    return _sealed(press, press.office.key("seal"), change)


@specimen(
    "universal-forgery",
    "signature-malformed",
    with_evidence=True,
    vi="Con dấu ghi chứng thư số hai lần, bằng hai thuộc tính.",
    en="The seal names its certificate twice, in two attributes.",
)
def certificate_named_twice(press: Press) -> bytes:
    def change(certificate: bytes, usual: list[bytes]) -> list[bytes]:
        return sorted([*usual, _by_sha1(certificate)])

    return _sealed(press, press.office.key("seal"), change)


@specimen(
    "universal-forgery",
    "signature-malformed",
    with_evidence=True,
    vi="Các thuộc tính được ký không theo thứ tự của DER: phần mềm mã hóa lại sẽ thấy chữ ký sai.",
    en="The signed attributes are not in DER order: software that encodes them anew finds the signature wrong.",
)
def attributes_out_of_order(press: Press) -> bytes:
    return _sealed(press, press.office.key("seal"), lambda _, usual: reversed(usual))


def _pss_sealed(press: Press) -> tuple[bytes, SigningKey]:
    """Seal with RSA-PSS; no attribute protects the algorithms (RFC 6211), so nothing signs the salt's length."""
    identity = press.office.issue(names.body_name())
    key = press.office.key(identity, scheme=SignatureScheme("rsa-pss", "sha256", 32))

    def change(_: bytes, usual: list[bytes]) -> list[bytes]:
        return [a for a in usual if oid(_ALGORITHM_PROTECTION) not in a]

    return _sealed(press, key, change), key


@specimen(
    "control",
    verdict="VALID",
    with_evidence=True,
    vi="Con dấu ký bằng RSA-PSS với muối 32 byte.",
    en="The seal is signed with RSA-PSS and a salt of 32 bytes.",
)
def seal_with_rsa_pss(press: Press) -> bytes:
    return _pss_sealed(press)[0]


@specimen(
    "universal-forgery",
    "signature-broken",
    with_evidence=True,
    vi="Độ dài muối ghi trong chữ ký RSA-PSS của con dấu, phần không ai ký, bị đổi từ 32 thành 0.",
    en="The salt length stated in the seal's RSA-PSS signature, which nobody signs, was changed from 32 to 0.",
)
def salt_of_another_length(press: Press) -> bytes:
    data, key = _pss_sealed(press)
    message = read_signed_data(contents(data, SEAL_FIELD))
    assert message.to_be_verified is not None
    other = SignatureScheme("rsa-pss", "sha256", 0)
    value = build_signed_data(message.to_be_verified, message.signature, other, key.chain, message.timestamps[0])
    return with_contents(data, SEAL_FIELD, value)


# ── authorities for other uses ───────────────────────────────────────────────────────────────────


def _authority(
    press: Press, above: Authority, purposes: x509.ExtendedKeyUsage, *, critical: bool = False, signs: bool = False
) -> Authority:
    """Make an authority whose own certificate lists extended key usages."""
    now, key = press.now(), new_key("p256")
    name = names.authority_name("ecert throwaway authority for some uses")
    builder = extensions.start(name, above.certificate.subject, key, now - YEAR, now + 2 * YEAR).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    usage = x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(purposes, critical=critical)
    omit: tuple[Part, ...] = ("ocsp",)
    builder = extensions.pointers(
        builder, above.key, crl_url=above.crl_url, ocsp_url=above.ocsp_url, issuer_url=above.certificate_url, omit=omit
    )
    certificate = sign_certificate(builder, above.key, above.digest)
    return Authority("some-uses", key, certificate, above.base_url, above)


def _sealed_below(press: Press, *purposes: ObjectIdentifier) -> bytes:
    """Seal with a certificate of the body's name below an authority that is for these uses alone."""
    now = press.now()
    made = _authority(press, press.office.root, x509.ExtendedKeyUsage(purposes))
    identity = made.issue(names.body_name(), not_before=now - YEAR, not_after=now + YEAR, algorithm="p256")
    data = _sealed(press, press.office.key(identity))
    known = Evidence(crls=(crl(made, {}, now, _WEEK),))
    return append_validation_data(read_document(data), known)


@specimen(
    "control",
    verdict="VALID",
    with_evidence=True,
    vi="Nơi cấp chứng thư số con dấu được phép cấp chứng thư cho thư điện tử và ký tài liệu.",
    en="The authority above the seal may issue certificates for e-mail and for signing documents.",
)
def authority_for_signing(press: Press) -> bytes:
    return _sealed_below(press, extensions.DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)


@specimen(
    "roles",
    "seal-not-trusted",
    verdict="INDETERMINATE",
    with_evidence=True,
    vi="Nơi cấp chứng thư số con dấu chỉ được phép cấp chứng thư cho máy chủ.",
    en="The authority above the seal may issue certificates for servers alone.",
)
def authority_for_servers_alone(press: Press) -> bytes:
    return _sealed_below(press, ExtendedKeyUsageOID.SERVER_AUTH)


# ── evidence that is older than the signature ────────────────────────────────────────────────────


def _with_older_lists(press: Press, *more: bytes) -> bytes:
    """Append lists of two days ago as validation data, and others."""
    then = press.now() - timedelta(days=2)
    authorities = press.office.responders.authorities.values()
    lists = [crl(each, {}, then, _WEEK) for each in authorities]
    return append_validation_data(read_document(press.bare), Evidence(crls=(*lists, *more)))


@specimen(
    "validation-data",
    "revocation-older-than-signature",
    verdict="VALID",
    vi="Dữ liệu thu hồi trong tệp có trước khi ký hai ngày: khóa bị thu hồi trong khoảng đó vẫn có thể đã ký.",
    en="The revocation data inside is two days older than the signatures: a key revoked in between could have made "
    "them.",
)
def revocation_data_older_than_the_signature(press: Press) -> bytes:
    return _with_older_lists(press)


@specimen(
    "validation-data",
    "revoked-before-signing",
    vi="Dữ liệu thu hồi trong tệp có trước khi ký, nhưng một danh sách mới hơn ghi rằng khóa của người ký đã bị thu "
    "hồi một ngày trước khi ký.",
    en="The revocation data inside is older than the signatures, but a newer list says that the signer's key was "
    "revoked a day before.",
)
def revoked_between_the_data_and_the_signature(press: Press) -> bytes:
    office, now = press.office, press.now()
    revoked = {office.signer.certificate.serial_number: Revocation(now - timedelta(days=1))}
    return _with_older_lists(press, crl(office.issuing, revoked, now, _WEEK))
