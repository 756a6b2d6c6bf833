"""Algorithms and keys that are not judged here are named, never called broken; those of SHA-3 are judged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed448
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.formats.pades.der import NULL, integer, octets, oid, sequence, tlv
from ecert.trust.certificates import serial_number
from tests.raw_signatures import (
    AT,
    AUTHORITY,
    ECDSA_SHA256,
    EXTENDED,
    RSA_SHA256,
    SHA1,
    STAMPING,
    USES,
    Cms,
    Form,
    Key,
    Person,
    ec_key,
    issue,
    judged,
    name,
    root,
    rsa_key,
    token,
)
from tests.raw_signatures import extension as raw

GOST_KEY = sequence(
    sequence(oid("1.2.643.7.1.1.1.1"), sequence(oid("1.2.643.2.2.35.1"), oid("1.2.643.7.1.1.2.2"))),
    tlv(3, b"\0" + octets(bytes(64))),
)
GOST_SIGNATURE, GOST_DIGEST = sequence(oid("1.2.643.7.1.1.3.2")), sequence(oid("1.2.643.7.1.1.2.2"))
_N = rsa_key("signer").public_key().public_numbers()
#: a modulus without the zero in front of its first bit, as some writers have it
NEGATIVE_KEY = sequence(
    sequence(oid("1.2.840.113549.1.1.1"), NULL),
    tlv(3, b"\0" + sequence(tlv(2, _N.n.to_bytes(256, "big")), integer(_N.e))),
)
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_POINT = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
#: P-256 in full, as the forgers of CVE-2020-0601 wrote curves of their own
EXPLICIT_KEY = sequence(
    sequence(
        oid("1.2.840.10045.2.1"),
        sequence(
            integer(1),
            sequence(oid("1.2.840.10045.1.1"), integer(_P)),
            sequence(octets((_P - 3).to_bytes(32, "big")), octets(bytes(32))),
            octets(_POINT),
            integer(_ORDER),
        ),
    ),
    tlv(3, b"\0" + _POINT),
)
DSA_KEY = sequence(
    sequence(oid("1.2.840.10040.4.1"), sequence(integer(2**1023 + 1), integer(2**159 + 1), integer(3))),
    tlv(3, b"\0" + integer(5)),
)
ECDSA_PLAIN = sequence(oid("1.2.840.10045.2.1"))
SHA3 = {
    "sha3_256": ("8", hashes.SHA3_256()),
    "sha3_384": ("9", hashes.SHA3_384()),
    "sha3_512": ("10", hashes.SHA3_512()),
}


def signer(key: Key | None = None, **options: object) -> Person:
    return issue(name("Nguyen Van A"), key or ec_key("signer"), USES, root(), **options)  # type: ignore[arg-type]


def check(data: bytes, code: str, *words: str, anchor: Person | None = None) -> None:
    report = judged(data, (anchor or root()).der)
    assert report.verdict == "INDETERMINATE", report.codes()
    assert report.codes("error") == []
    assert report.codes("unknown") == [code]
    (finding,) = [f for f in report.findings if f.code == code]
    for lang in ("en", "vi"):
        assert all(word in finding.text[lang] for word in words), finding.text
    copy = judged(data, (anchor or root()).der, policy="certified-copy")
    assert copy.verdict == "INVALID"


@pytest.mark.parametrize(
    ("cms", "words"),
    [
        (Cms(signer(public_key=GOST_KEY), GOST_SIGNATURE, digest_algorithm=GOST_DIGEST), "GOST R 34.10-2012 (256)"),
        (Cms(signer(public_key=GOST_KEY), ECDSA_SHA256), "GOST R 34.10-2012 (256)"),
        (Cms(signer(), digest_algorithm=GOST_DIGEST, algorithm=sequence(oid("1.2.840.10045.2.1"))), "34.11-2012"),
        (Cms(signer(rsa_key("signer"), public_key=NEGATIVE_KEY)), "RSA"),
        (Cms(signer(public_key=DSA_KEY), sequence(oid("2.16.840.1.101.3.4.3.2"))), "dsa"),
        (Cms(signer(public_key=EXPLICIT_KEY)), "EC"),
        (Cms(signer(), sequence(oid("1.3.101.113"))), "Ed448"),
        (Cms(signer(), sequence(oid("1.2.156.10197.1.501"))), "SM2"),
        (Cms(signer(), sequence(oid("2.999.5"))), "2.999.5"),
        (Cms(signer(public_key=sequence(sequence(oid("2.999.6")), tlv(3, b"\0x")))), "2.999.6"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_not_judged_is_named(cms: Cms, words: str) -> None:
    check(Form().sign(cms), "algorithm-not-supported", words)


def test_ed448_is_not_judged_in_the_key_of_an_issuer() -> None:
    key = ed448.Ed448PrivateKey.generate()
    above = issue(name("Root"), key, AUTHORITY, algorithm=sequence(oid("1.3.101.113")))
    leaf = issue(name("Nguyen Van A"), ec_key("signer"), USES, above, algorithm=sequence(oid("1.3.101.113")))
    check(Form().sign(Cms(leaf)), "algorithm-not-supported", "Ed448", "Nguyen Van A", anchor=above)


def test_gost_is_not_judged_in_the_key_of_an_issuer() -> None:
    above = issue(name("Root"), ec_key("gost"), AUTHORITY, algorithm=GOST_SIGNATURE, public_key=GOST_KEY)
    leaf = issue(name("Nguyen Van A"), ec_key("signer"), USES, above, algorithm=GOST_SIGNATURE)
    check(Form().sign(Cms(leaf)), "algorithm-not-supported", "GOST", anchor=above)


def test_a_negative_modulus_of_an_issuer_is_not_judged() -> None:
    above = issue(name("Root"), rsa_key("signer"), AUTHORITY, public_key=NEGATIVE_KEY)
    leaf = issue(name("Nguyen Van A"), ec_key("signer"), USES, above)
    check(Form().sign(Cms(leaf)), "algorithm-not-supported", "RSA", anchor=above)


def test_a_wrong_signature_of_a_known_algorithm_is_no_unknown_one() -> None:
    """An issuer that did not sign is told as such, whatever the algorithm that it did not use."""
    leaf = issue(name("Nguyen Van A"), ec_key("signer"), USES, root(), algorithm=RSA_SHA256)
    report = judged(Form().sign(Cms(leaf)), root().der)
    assert report.codes("unknown") == ["signature-not-trusted"]
    broken = signer(public_key=sequence(sequence(oid("1.2.840.113549.1.1.1"), NULL), tlv(3, b"\0\x30\x00")))
    assert judged(Form().sign(Cms(broken)), root().der).codes("error") == ["signature-malformed"]


@pytest.mark.parametrize("unknown", [GOST_SIGNATURE, sequence(oid("1.3.101.113"))])
def test_a_time_stamp_of_an_unknown_algorithm_is_not_called_broken(unknown: bytes) -> None:
    stamper = issue(name("TSA"), ec_key("tsa"), (raw(EXTENDED, STAMPING, True),), root())
    data = Form().sign(Cms(signer(), tokens=[lambda value: token(stamper, value, algorithm=unknown)]))
    report = judged(data, root().der)
    assert report.verdict == "INDETERMINATE"
    assert report.codes("error") == []
    assert report.codes("unknown") == ["algorithm-not-supported"]
    odd = issue(name("TSA"), ec_key("tsa"), (raw(EXTENDED, STAMPING, True),), root(), public_key=GOST_KEY)
    data = Form().sign(Cms(signer(), tokens=[lambda value: token(odd, value)]))
    assert judged(data, root().der).codes("unknown") == ["algorithm-not-supported"]


@pytest.mark.parametrize("digest", SHA3)
def test_sha_3_is_judged(digest: str) -> None:
    last, used = SHA3[digest]
    number = int(last)
    named = sequence(oid(f"2.16.840.1.101.3.4.2.{last}"))
    ecdsa, rsa = (sequence(oid(f"2.16.840.1.101.3.4.3.{number + n}")) for n in (2, 6))
    for key, algorithm in ((ec_key("signer"), ecdsa), (rsa_key("signer"), rsa)):
        for stated in (algorithm, sequence(oid("1.2.840.113549.1.1.1"), NULL) if algorithm == rsa else ECDSA_PLAIN):
            cms = Cms(signer(key), stated, digest=digest, digest_algorithm=named, hash=used)
            assert judged(Form().sign(cms), root().der).verdict == "VALID"
            other = Cms(signer(key), stated, digest=digest, digest_algorithm=named, hash=hashes.SHA256())
            assert judged(Form().sign(other), root().der).codes("error") == ["signature-broken"]


@pytest.mark.parametrize("digest", SHA3)
@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_certificates_that_were_signed_with_sha_3_are_judged(digest: str, kind: str) -> None:
    last, used = SHA3[digest]
    algorithm = sequence(oid(f"2.16.840.1.101.3.4.3.{int(last) + (2 if kind == 'ec' else 6)}"))
    above = root(kind)
    leaf = issue(name("Nguyen Van A"), ec_key("signer"), USES, above, algorithm=algorithm, digest=used)
    assert judged(Form().sign(Cms(leaf)), above.der).verdict == "VALID"
    wrong = issue(name("Nguyen Van A"), ec_key("signer"), USES, above, algorithm=algorithm, digest=hashes.SHA256())
    report = judged(Form().sign(Cms(wrong)), above.der)
    assert report.codes("unknown") == ["signature-not-trusted"]


def test_a_key_stated_as_the_algorithm_takes_its_digest_from_beside_it() -> None:
    """id-ecPublicKey as signatureAlgorithm; a weak digest beside it is as weak as ever."""
    assert judged(Form().sign(Cms(signer(), ECDSA_PLAIN)), root().der).verdict == "VALID"
    other = Cms(signer(), ECDSA_PLAIN, hash=hashes.SHA384())
    assert judged(Form().sign(other), root().der).codes("error") == ["signature-broken"]
    with_rsa = Cms(signer(rsa_key("signer")), ECDSA_PLAIN)
    assert judged(Form().sign(with_rsa), root().der).codes("error") == ["signature-broken"]
    weak = Cms(signer(), ECDSA_PLAIN, digest="sha1", digest_algorithm=SHA1, hash=hashes.SHA1())
    assert judged(Form().sign(weak), root().der).codes("unknown") == ["algorithm-unproven-time"]


def test_sha_1_is_told_of_the_certificate_where_that_was_signed_with_it() -> None:
    algorithm = sequence(oid("1.2.840.10045.4.1"))
    leaf = issue(name("Nguyen Van A"), ec_key("signer"), USES, root(), algorithm=algorithm, digest=hashes.SHA1())
    report = judged(Form().sign(Cms(leaf)), root().der)
    (finding,) = [f for f in report.findings if f.code == "algorithm-unproven-time"]
    assert "SHA-1 (by which the certificate “Nguyen Van A” was signed)" in finding.text["en"]
    assert "SHA-1 (dùng để ký chứng thư số «Nguyen Van A»)" in finding.text["vi"]
    weak = Cms(signer(), ECDSA_PLAIN, digest="sha1", digest_algorithm=SHA1, hash=hashes.SHA1())
    own = judged(Form().sign(weak), root().der)
    (finding,) = [f for f in own.findings if f.code == "algorithm-unproven-time"]
    assert "certificate" not in finding.text["en"]


def test_revocation_data_of_an_unknown_algorithm_is_named() -> None:
    """It says nothing, good or bad; that it is there is told instead of that nothing is."""
    who = issue(name("Nguyen Van A"), ec_key("signer"), USES, root())
    data = Form().sign(Cms(who))
    own = x509.load_der_x509_certificate(root().der)
    builder = x509.CertificateRevocationListBuilder().issuer_name(own.subject)
    builder = builder.last_update(AT - timedelta(hours=1)).next_update(AT + timedelta(days=1))
    honest = builder.sign(root().key, hashes.SHA256()).public_bytes(Encoding.DER)
    listing = x509.RevokedCertificateBuilder().serial_number(serial_number(who.der)).revocation_date(AT - timedelta(1))
    revoked = builder.add_revoked_certificate(listing.build()).sign(root().key, hashes.SHA256())
    for crl in (honest, revoked.public_bytes(Encoding.DER)):
        odd = crl.replace(ECDSA_SHA256, GOST_SIGNATURE)
        assert odd != crl
        report = judged(data, root().der, evidence=ecert.Evidence(crls=(odd,)), revocation="require")
        assert (report.verdict, report.codes("unknown")) == ("INDETERMINATE", ["algorithm-not-supported"])
        (finding,) = [f for f in report.findings if f.code == "algorithm-not-supported"]
        assert "GOST" in finding.text["en"]
    report = judged(data, root().der, evidence=ecert.Evidence(crls=(honest,)), revocation="require")
    assert report.verdict == "VALID"
    assert judged(data, root().der, revocation="require").codes("unknown") == ["revocation-missing"]
