"""adbe.pkcs7.sha1 and adbe.x509.rsa_sha1: verified for what they are, and weak by the usual rules of time."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from ecert.formats.pades.der import NULL, octets, oid, sequence, tlv
from ecert.formats.pades.increments import PendingSignature
from ecert.formats.pdf import Name
from ecert.operations.inspecting import look_inside
from ecert.trust.inquiry import read_inquiry
from tests.raw_signatures import (
    EXTENDED,
    SHA1,
    STAMPING,
    USES,
    Cms,
    Form,
    Person,
    ec_key,
    issue,
    judged,
    name,
    root,
    rsa_key,
    signature,
    token,
)
from tests.raw_signatures import extension as raw

SIGNER = issue(name("Nguyen Van A"), rsa_key("signer"), USES, root())
STRANGER = issue(name("Nguyen Van B"), rsa_key("stranger"), USES, root())
BY_EC = issue(name("Nguyen Van C"), ec_key("signer"), USES, root())
AFTER, BEFORE = b"D:20200101000000Z", b"D:20100101000000Z"


def covered(pending: PendingSignature) -> bytes:
    whole = pending.base + bytes(pending.increment)
    _, gap, after, _ = pending.byte_range
    return whole[:gap] + whole[after:]


def by_pkcs7(cms: Cms, at: bytes | None = None, content: bytes | None = None) -> bytes:
    """Return a file of adbe.pkcs7.sha1; ``content`` is what the CMS signs instead of the file's digest."""
    pending = Form({"M": at} if at else {}, subfilter="adbe.pkcs7.sha1").begin()
    cms.content = hashlib.sha1(covered(pending)).digest() if content is None else content
    return pending.finish(cms.build(hashlib.new(cms.digest, cms.content).digest()))


def by_rsa(
    who: Person = SIGNER,
    *others: Person,
    digest: hashes.HashAlgorithm | None = None,
    at: bytes | None = None,
    contents: bytes | None = None,
    shown: Person | None = None,
) -> bytes:
    """Return a file of adbe.x509.rsa_sha1; ``shown`` is who stands in /Cert instead of who signs."""
    certificates = [(shown or who).der, *(o.der for o in others)]
    stated = certificates if len(certificates) > 1 else certificates[0]
    form = Form({"Cert": stated, **({"M": at} if at else {})}, subfilter="adbe.x509.rsa_sha1")
    pending = form.begin()
    value = signature(who.key, covered(pending), digest or hashes.SHA1())
    return pending.finish(octets(value) if contents is None else contents)


def codes(data: bytes, policy: str = "signatures") -> tuple[str, list[str]]:
    report = judged(data, root().der, policy=policy)
    return report.verdict, report.codes("error") + report.codes("unknown")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, ("INDETERMINATE", ["algorithm-unproven-time"])),
        (BEFORE, ("INDETERMINATE", ["algorithm-unproven-time"])),
        (AFTER, ("INVALID", ["algorithm-too-weak"])),
    ],
)
def test_what_is_bound_by_sha_1_is_too_weak_without_a_proof_of_its_time(
    at: bytes | None, expected: tuple[str, list[str]]
) -> None:
    """Whatever the CMS itself uses: it signs a SHA-1 digest of the file."""
    assert codes(by_pkcs7(Cms(SIGNER), at)) == expected
    assert codes(by_pkcs7(Cms(BY_EC), at)) == expected
    assert codes(by_pkcs7(Cms(SIGNER, attributes=False), at)) == expected
    assert codes(by_rsa(at=at)) == expected


def test_a_time_stamp_of_its_time_makes_it_as_good_as_it_was() -> None:
    """SHA-1 counted until August 2012 (ETSI TS 119 312)."""
    early = sequence(tlv(0x17, b"100101000000Z"), tlv(0x17, b"351231000000Z"))
    above = issue(name("Root"), ec_key("root"), (raw("2.5.29.19", sequence(tlv(1, b"\xff")), True),), times=early)
    signer = issue(name("Nguyen Van A"), rsa_key("signer"), USES, above, times=early)
    stamper = issue(name("TSA"), ec_key("tsa"), (raw(EXTENDED, STAMPING, True),), above, times=early)
    for year, verdict in ((2011, "VALID"), (2013, "INDETERMINATE")):
        at = datetime(year, 1, 1, tzinfo=UTC)

        def stamp(value: bytes, at: datetime = at) -> bytes:
            return token(stamper, value, at)

        assert judged(by_pkcs7(Cms(signer, tokens=[stamp])), above.der).verdict == verdict


def test_rsa_without_cms_may_state_a_better_digest() -> None:
    """ISO 32000-1, table 257: SHA-256 since PDF 1.6."""
    for digest in (hashes.SHA256(), hashes.SHA384(), hashes.SHA512()):
        assert codes(by_rsa(digest=digest)) == ("VALID", [])
        assert codes(by_rsa(SIGNER, STRANGER, digest=digest)) == ("VALID", [])


def test_a_changed_file_is_broken() -> None:
    for data in (by_pkcs7(Cms(SIGNER)), by_rsa(), by_rsa(digest=hashes.SHA256())):
        changed = data.replace(b"q Q\n", b"Q q\n", 1)
        assert changed != data
        assert codes(changed)[1] == ["signature-broken"]


def test_another_signature_or_certificate_is_broken() -> None:
    assert codes(by_pkcs7(Cms(SIGNER), content=bytes(20)))[1] == ["signature-broken"]
    wrong = Cms(SIGNER, value=lambda data: signature(STRANGER.key, data))
    assert codes(by_pkcs7(wrong))[1] == ["signature-broken"]
    bare = Cms(SIGNER, attributes=False, value=lambda data: signature(SIGNER.key, data + b"x"))
    assert codes(by_pkcs7(bare))[1] == ["signature-broken"]
    assert codes(by_rsa(shown=STRANGER))[1] == ["signature-broken"]
    assert codes(by_rsa(contents=octets(bytes(256))))[1] == ["signature-broken"]


def test_what_is_neither_is_malformed() -> None:
    assert codes(by_pkcs7(Cms(SIGNER), content=b"nineteen bytes, not"))[1] == ["signature-malformed"]
    assert codes(by_rsa(contents=sequence(NULL)))[1] == ["signature-malformed"]
    nobody = Form({"Cert": b"x"}, subfilter="adbe.x509.rsa_sha1").begin()
    assert codes(nobody.finish(octets(bytes(256))))[1] == ["signature-malformed"]
    nothing = Form(subfilter="adbe.x509.rsa_sha1").begin()
    assert codes(nothing.finish(octets(bytes(256))))[1] == ["signature-malformed"]
    not_rsa = Form({"Cert": BY_EC.der}, subfilter="adbe.x509.rsa_sha1").begin()
    assert codes(not_rsa.finish(octets(bytes(70))))[1] == ["algorithm-not-supported"]
    other = Form(subfilter="adbe.pkcs7.md5").begin()
    assert codes(other.finish(octets(bytes(70))))[1] == ["signature-malformed"]


def test_a_digest_inside_counts_under_its_own_name_alone() -> None:
    """A CMS with content is no detached signature, and a detached one is none with a digest inside."""
    pending = Form(subfilter="adbe.pkcs7.detached").begin()
    inside = hashlib.sha1(covered(pending)).digest()
    cms = Cms(SIGNER, content=inside)
    assert codes(pending.finish(cms.build(hashlib.sha256(inside).digest())))[1] == ["signature-malformed"]
    pending = Form(subfilter="adbe.pkcs7.sha1").begin()
    assert codes(pending.finish(Cms(SIGNER).build(pending.digest("sha256"))))[1] == ["signature-malformed"]


def test_no_copy_has_one() -> None:
    for data in (by_pkcs7(Cms(SIGNER)), by_rsa(digest=hashes.SHA256())):
        verdict, found = codes(data, "certified-copy")
        assert verdict == "INVALID"
        assert "signature-malformed" in found


def test_an_ordinary_sha_1_signature_is_judged_likewise() -> None:
    cms = Cms(SIGNER, sequence(oid("1.2.840.113549.1.1.5"), NULL), "sha1", SHA1, hashes.SHA1())
    assert codes(Form(subfilter="adbe.pkcs7.detached").sign(cms))[1] == ["algorithm-unproven-time"]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=80))
def test_whatever_stands_in_contents_the_answer_is_typed(contents: bytes) -> None:
    form = Form({"Cert": [SIGNER.der, Name("x")]}, subfilter="adbe.x509.rsa_sha1")
    assert codes(form.begin().finish(contents))[0] != "VALID"
    assert codes(by_rsa(contents=contents))[0] != "VALID"
    assert codes(Form(subfilter="adbe.pkcs7.sha1").begin().finish(contents))[0] != "VALID"


def test_it_can_be_looked_into_and_its_signer_asked_about() -> None:
    data = by_rsa(SIGNER, STRANGER)
    (signature,) = look_inside(data, "x")["signatures"]
    assert signature["certificate"]["name"] == "Nguyen Van A"
    assert signature["problems"] == []
    asked = read_inquiry(data)
    assert asked is not None
    assert [(q.certificate, q.others) for q in asked.questions] == [(SIGNER.der, (STRANGER.der,))]
