"""Certificates, CRLs, OCSP answers and time-stamps: crowds, long names, long lists."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from asn1crypto import core, ocsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from ecert.formats.pades.der import integer, octets, oid, sequence, tlv
from ecert.formats.pdf import Name, Stream
from ecert.testing.pki import Identity
from fuzz.growth.ground import form, ground, name, sign, with_store

GROUP = 8  # signatures in files with crowds


def packed(data: bytes) -> Stream:
    """Return a compressed stream."""
    small = zlib.compress(data, 9)
    return Stream({"Length": len(small), "Filter": Name("FlateDecode")}, small)


# ── crowds ───────────────────────────────────────────────────────────────────────────────────────


def crowd(count: int) -> bytes:
    """Return eight signatures, each with so many made-up certificates of the authority's name."""
    g = ground()
    named = g.issuing.certificate.subject
    data = form(fields=GROUP)
    for number in range(GROUP):
        data = sign(data, number, certificates=[g.certificate(named, named) for _ in range(count)])
    return data


def crowd_of_one_key(count: int) -> bytes:
    """Return the same with the authority's own key in each."""
    g = ground()
    named, key = g.issuing.certificate.subject, g.issuing.key.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    data = form(fields=GROUP)
    for number in range(GROUP):
        made = [g.certificate(named, named, key=key) for _ in range(count)]
        data = sign(data, number, certificates=made)
    return data


def crowd_below_the_root(count: int) -> bytes:
    """Return the same, each naming the anchor as its issuer."""
    g = ground()
    named, above = g.issuing.certificate.subject, g.root.certificate.subject
    data = form(fields=GROUP)
    for number in range(GROUP):
        data = sign(data, number, certificates=[g.certificate(named, above) for _ in range(count)])
    return data


def crowd_of_strangers(count: int) -> bytes:
    """Return eight signatures of unknown persons, all of a name that so many made-up authorities have."""
    g = ground()
    named = name("crowd")
    data = form(fields=GROUP)
    for number in range(GROUP):
        key = ec.generate_private_key(ec.SECP256R1())
        own = g.certificate(named, named, key=key.public_key(), signer=key, authority=False)
        made = [g.certificate(named, named) for _ in range(count)]
        data = sign(data, number, certificates=made, identity=_person(key, own))
    return data


def crowd_of_the_roots_name(count: int) -> bytes:
    """Return the same, the authorities and persons of the anchor's name."""
    g = ground()
    named = g.root.certificate.subject
    data = form(fields=GROUP)
    for number in range(GROUP):
        key = ec.generate_private_key(ec.SECP256R1())
        own = g.certificate(named, named, key=key.public_key(), signer=key, authority=False)
        made = [g.certificate(named, named) for _ in range(count)]
        data = sign(data, number, certificates=made, identity=_person(key, own))
    return data


def _person(key: ec.EllipticCurvePrivateKey, certificate: bytes) -> Identity:
    own = x509.load_der_x509_certificate(certificate)
    return Identity(key, own, (own,))


def strangers(count: int) -> bytes:
    """Return signatures of so many unknown persons, each with a tower of authorities of its own."""
    g = ground()
    fields = 10
    data = form(fields=fields)
    for number in range(fields):
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(count + 1)]
        names = [name(f"stranger {number}/{i % 3}") for i in range(count + 1)]
        tower = [
            g.certificate(names[i], names[i + 1], key=keys[i].public_key(), signer=keys[i + 1]) for i in range(count)
        ]
        own = g.certificate(
            name(f"person {number}"), names[0], key=keys[-1].public_key(), signer=keys[0], authority=False
        )
        data = sign(data, number, certificates=tower, identity=_person(keys[-1], own))
    return data


def ring(count: int) -> bytes:
    """Return a signature with so many authorities that all certified the next three."""
    g = ground()
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(count)]
    names = [name("ring", str(i)) for i in range(count)]
    made = [
        g.certificate(names[(i + step) % count], names[i], key=keys[(i + step) % count].public_key(), signer=keys[i])
        for i in range(count)
        for step in (1, 2, 3)
    ]
    last = [g.certificate(g.issuing.certificate.subject, names[i], signer=keys[i]) for i in range(3)]
    return sign(form(), certificates=[*last, *made])


def stamps(count: int) -> bytes:
    """Return five signatures with so many time-stamps each."""
    data = form(fields=5)
    for number in range(5):
        data = sign(data, number, stamps=count)
    return data


def signatures(count: int) -> bytes:
    """Return so many signatures, one revision each."""
    data = form(fields=count)
    for number in range(count):
        data = sign(data, number)
    return data


# ── long certificates ────────────────────────────────────────────────────────────────────────────


def _in_store(data: bytes, certificates: Sequence[bytes]) -> bytes:
    return with_store(data, Certs=[packed(each) for each in certificates])


def long_names(count: int) -> bytes:
    """Return a copy with a certificate in its DSS that has so many name parts."""
    g = ground()
    long = name("long", *["u"] * count)
    return _in_store(g.copy.data, [g.certificate(long, long)])


def long_names_at_home(count: int) -> bytes:
    """Return a copy with so many certificates of long names, alike in all but the last."""
    g = ground()
    made = [g.certificate(name(str(i), *["u"] * 1500), name(str(i + 1), *["u"] * 1500)) for i in range(count)]
    return _in_store(g.copy.data, made)


def points(count: int) -> bytes:
    """Return a form signed with a certificate that names so many places of CRLs."""
    point = x509.DistributionPoint([x509.UniformResourceIdentifier("u:a")], None, None, None)
    return _signed_with(x509.CRLDistributionPoints([point] * count), count)


def other_names(count: int) -> bytes:
    """Return a form signed with a certificate of so many other names."""
    return _signed_with(x509.SubjectAlternativeName([x509.DNSName("a.b")] * count), count)


def policies(count: int) -> bytes:
    """Return a form signed with a certificate of so many policies."""
    made = [x509.PolicyInformation(x509.ObjectIdentifier(f"2.999.{i}"), ["u:a"]) for i in range(count)]
    return _signed_with(x509.CertificatePolicies(made), count)


def _signed_with(extension: x509.ExtensionType, count: int) -> bytes:
    g = ground()
    key = ec.generate_private_key(ec.SECP256R1())
    above = g.issuing.key
    assert isinstance(above, ec.EllipticCurvePrivateKey)
    made = g.certificate(
        name("signer", str(count)),
        g.issuing.certificate.subject,
        key=key.public_key(),
        signer=above,
        authority=False,
        extensions=[extension],
    )
    own = x509.load_der_x509_certificate(made)
    person = Identity(key, own, (g.issuing.certificate, g.root.certificate))
    return with_store(sign(form(), identity=person), CRLs=[packed(_crl(1))])


# ── OCSP answers and CRLs ────────────────────────────────────────────────────────────────────────


def _answer(count: int) -> bytes:
    """Return an OCSP answer that tells of so many certificates, signed by nobody."""
    g = ground()
    single = ocsp.SingleResponse(
        {
            "cert_id": {
                "hash_algorithm": {"algorithm": "sha1"},
                "issuer_name_hash": bytes(20),
                "issuer_key_hash": bytes(20),
                "serial_number": g.signer.certificate.serial_number,
            },
            "cert_status": ocsp.CertStatus("good", core.Null()),
            "this_update": g.now,
        }
    ).dump()
    when = tlv(0x18, g.now.strftime("%Y%m%d%H%M%SZ").encode())
    responses = sequence(*[single] * count)
    data = sequence(tlv(0xA2, octets(bytes(20))), when, responses)
    algorithm = sequence(oid("1.2.840.10045.4.3.2"))
    basic = sequence(data, algorithm, tlv(0x03, b"\0" + sequence(integer(1), integer(1))))
    wrapped = sequence(oid("1.3.6.1.5.5.7.48.1.1"), octets(basic))
    return sequence(b"\x0a\x01\x00", tlv(0xA0, wrapped))


def answers(count: int) -> bytes:
    """Return a copy with an OCSP answer in its DSS that tells of so many certificates."""
    return with_store(ground().copy.data, OCSPs=[packed(_answer(count))])


def many_answers(count: int) -> bytes:
    """Return a copy with so many OCSP answers in its DSS, none of which counts."""
    made = [packed(_distinct(i)) for i in range(count)]
    return with_store(ground().copy.data, OCSPs=made)


def _distinct(number: int) -> bytes:
    whole = bytearray(_answer(5))
    whole[-1] = number % 128  # of the signature's two numbers
    whole[-4] = number // 128
    return bytes(whole)


def _crl(count: int, *, indirect: bool = False, critical: bool = False, mark: int = 0) -> bytes:
    """Return a CRL of so many entries by the issuing authority's name, signed by nobody."""
    g = ground()
    when = tlv(0x17, b"260101000000Z")
    reason = sequence(oid("2.5.29.21"), *([b"\x01\x01\xff"] if critical else []), octets(b"\x0a\x01\x01"))
    entries = tlv(
        0x30, *(sequence(tlv(0x02, b"\x01" + i.to_bytes(4, "big")), when, sequence(reason)) for i in range(count))
    )
    extensions = b""
    if indirect:
        distribution = sequence(oid("2.5.29.28"), b"\x01\x01\xff", octets(sequence(tlv(0x84, b"\xff"))))
        extensions = tlv(0xA0, sequence(distribution))
    algorithm = sequence(oid("1.2.840.10045.4.3.2"))
    updated = tlv(0x17, g.now.strftime("%y%m%d%H%M%SZ").encode())
    content = sequence(
        integer(1),
        algorithm,
        g.issuing.certificate.subject.public_bytes(),
        updated,
        updated,
        *([entries] if count else []),
        extensions,
    )
    key = g.issuing.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    from cryptography.hazmat.primitives import hashes

    value = key.sign(content, ec.ECDSA(hashes.SHA256())) if not mark else integer(mark)
    return sequence(content, algorithm, tlv(0x03, b"\0" + value))


def _with_crls(crls: Sequence[bytes], certificates: Sequence[bytes] = ()) -> bytes:
    return with_store(sign(form(), certificates=certificates), CRLs=[packed(c) for c in crls])


def long_crl(count: int) -> bytes:
    """Return a signed form with an authentic CRL of so many entries."""
    return _with_crls([_crl(count)])


def long_critical_crl(count: int) -> bytes:
    """Return the same, every entry with a critical extension."""
    return _with_crls([_crl(count, critical=True)])


def long_indirect_crl(count: int) -> bytes:
    """Return the same, indirect."""
    return _with_crls([_crl(count, indirect=True)])


def crls_and_signers(count: int) -> bytes:
    """Return a signed form with so many CRLs, and as many certificates of their issuer's name."""
    g = ground()
    named = g.issuing.certificate.subject
    usage = x509.KeyUsage(*[False] * 5, True, True, False, False)  # keyCertSign, cRLSign
    made = [g.certificate(named, named, extensions=[usage]) for _ in range(count)]
    return _with_crls([_crl(100, mark=i + 1) for i in range(count)], made)


def large_crls_and_signers(count: int) -> bytes:
    """Return a signed form with four CRLs of a megabyte, and certificates of their issuer's name."""
    g = ground()
    named = g.issuing.certificate.subject
    usage = x509.KeyUsage(*[False] * 5, True, True, False, False)
    made = [g.certificate(named, named, extensions=[usage]) for _ in range(count)]
    return _with_crls([_crl(25_000, mark=i + 1) for i in range(4)], made)


CASES = [
    ("certificates-of-one-name", "signatures", 35, crowd),
    ("certificates-of-one-key", "signatures", 35, crowd_of_one_key),
    ("certificates-below-the-root", "signatures", 35, crowd_below_the_root),
    ("certificates-of-an-unknown-name", "signatures", 35, crowd_of_strangers),
    ("certificates-of-the-roots-name", "signatures", 35, crowd_of_the_roots_name),
    ("towers-of-strangers", "signatures", 5, strangers),
    ("ring-of-authorities", "signatures", 16, ring),
    ("time-stamps-of-a-signature", "signatures", 5, stamps),
    ("signatures", "signatures", 20, signatures),
    ("parts-of-a-name", "copy", 25_000, long_names),
    ("certificates-of-long-names", "copy", 25, long_names_at_home),
    ("distribution-points", "signatures", 4_000, points),
    ("subject-alternative-names", "signatures", 8_000, other_names),
    ("certificate-policies", "signatures", 3_000, policies),
    ("single-responses", "copy", 8_000, answers),
    ("ocsp-answers", "copy", 90, many_answers),
    ("entries-of-a-crl", "signatures", 50_000, long_crl),
    ("critical-entries-of-a-crl", "signatures", 50_000, long_critical_crl),
    ("entries-of-an-indirect-crl", "signatures", 50_000, long_indirect_crl),
    ("crls-and-signers", "signatures", 40, crls_and_signers),
    ("signers-of-large-crls", "signatures", 40, large_crls_and_signers),
]
