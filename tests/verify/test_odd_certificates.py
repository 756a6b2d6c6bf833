"""Certificates with an odd extension: in the signer's, its issuer's and a time-stamping authority's.

Each honest oddity is VALID; what decides something and cannot be read is not decided; what the standard refuses is
refused, under every policy.
"""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from ecert.formats.certificate_parts import issuer_and_number, list_extensions, plainly_written
from ecert.formats.pades.der import NULL, oid, sequence, tlv
from ecert.trust.certificates import load, serial_number
from ecert.trust.extensions import ExtensionFault, basic_constraints, extension, is_ca, listed, policies
from ecert.trust.naming import bears_name
from tests.raw_signatures import (
    AUTHORITY,
    BASIC,
    CA_BASIC,
    CA_USAGE,
    EXTENDED,
    KEY_USAGE,
    POLICIES,
    SIGNING_USAGE,
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
    token,
)
from tests.raw_signatures import extension as raw

_NOTICE = sequence(
    sequence(oid("1.2.3"), sequence(sequence(oid("1.3.6.1.5.5.7.2.2"), sequence(tlv(0x1A, b"gi\xe1 tr\xec")))))
)
_NAMES_BROKEN = sequence(tlv(0x81, b"a\xe9@b"))
#: what honest authorities write, and is read past
ODD = {
    "Latin-1 in a user notice": raw(POLICIES, _NOTICE),
    "critical FALSE in so many words": raw(POLICIES, sequence(sequence(oid("1.2.3"))), False),
    "alternative names in Latin-1": raw("2.5.29.17", _NAMES_BROKEN),
    "alternative names of a kind nobody uses": raw("2.5.29.17", sequence(tlv(0xA3, b""))),
    "an address that is none": raw(
        "1.3.6.1.5.5.7.1.1", sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://\xe9")))
    ),
    "an address of an odd kind": raw(
        "1.3.6.1.5.5.7.1.1", sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), tlv(0xA3, b"")))
    ),
    "a place of CRLs that ends early": raw("2.5.29.31", b"\x30\x09\x30"),
    "a bare key identifier": raw("2.5.29.14", b"12345678"),
    "an authority's key identifier that is none": raw("2.5.29.35", b"\x30\x05\x80"),
    "QCStatements that are none": raw("1.3.6.1.5.5.7.1.3", b"abc"),
    "an empty unknown one": raw("1.2.3.4.5", b""),
    "directory attributes": raw("2.5.29.9", b"\x30\x01"),
    "Netscape's type": raw("2.16.840.1.113730.1.1", bytes.fromhex("030204b0")),
    "Netscape's remark": raw("2.16.840.1.113730.1.13", tlv(0x16, b"\xe9")),
    "how long a key is used": raw("2.5.29.16", b"\x30\x03\x80\x01x"),
}
#: what decides something, and nobody can read
DECIDES = {
    "keyUsage": (KEY_USAGE, bytes.fromhex("030204ff")),
    "extKeyUsage": (EXTENDED, sequence()),
    "nameConstraints": ("2.5.29.30", b"\x30\x09\xa0"),
    "policyConstraints": ("2.5.29.36", b"\x30\x09\x80"),
    "policyMappings": ("2.5.29.33", b"\x30\x09"),
    "inhibitAnyPolicy": ("2.5.29.54", b"\x02\x00"),
    "certificatePolicies": (POLICIES, b"\x30\x09\x30"),
}


def signer(*extensions: bytes, issuer: Person | None = None, subject: bytes = name("Nguyen Van A")) -> Person:
    return issue(subject, ec_key("signer"), extensions or USES, issuer or root())


def authority(*extensions: bytes, subject: bytes = name("Issuing CA")) -> Person:
    return issue(subject, ec_key("issuing"), extensions or AUTHORITY, root())


def signed(who: Person, *others: Person) -> bytes:
    return Form().sign(Cms(who, certificates=[who.der, *(o.der for o in others)]))


def answer(data: bytes) -> tuple[str, list[str], str]:
    report = judged(data, root().der)
    told = [f.text["en"] for f in report.findings if f.severity in ("error", "unknown")]
    return report.verdict, report.codes("error") + report.codes("unknown"), " ".join(told)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_extension_that_decides_nothing_is_read_past(odd: str) -> None:
    leaf, middle = signer(*USES, ODD[odd]), authority(*AUTHORITY, ODD[odd])
    assert answer(signed(leaf)) == ("VALID", [], "")
    below = signer(issuer=middle)
    assert answer(signed(below, middle)) == ("VALID", [], "")
    stamper = issue(name("TSA"), ec_key("tsa"), (raw(EXTENDED, STAMPING, True), ODD[odd]), root())
    data = Form().sign(Cms(signer(), tokens=[lambda value: token(stamper, value)]))
    report = judged(data, root().der)
    assert report.verdict == "VALID"
    assert "time-not-proven" not in report.codes()


def test_an_authority_whose_key_usage_cannot_be_read_proves_nothing() -> None:
    unreadable = raw(KEY_USAGE, bytes.fromhex("030204ff"))
    stamper = issue(name("TSA"), ec_key("tsa"), (raw(EXTENDED, STAMPING, True), unreadable), root())
    report = judged(Form().sign(Cms(signer(), tokens=[lambda value: token(stamper, value)])), root().der)
    assert report.verdict == "VALID"
    assert {"timestamp-not-trusted", "time-not-proven"} <= set(report.codes("warning"))
    refused = issue(name("TSA"), ec_key("tsa"), (raw(EXTENDED, STAMPING, True), *[unreadable] * 2), root())
    report = judged(Form().sign(Cms(signer(), tokens=[lambda value: token(refused, value)])), root().der)
    assert report.codes("error") == ["timestamp-broken"]


@pytest.mark.parametrize("odd", ODD)
def test_an_authority_bears_its_name_beside_an_odd_extension(odd: str) -> None:
    stamper = issue(name("TSA"), ec_key("tsa"), (raw(EXTENDED, STAMPING, True), ODD[odd]), root())
    assert bears_name(stamper.der, "directory_name", name("TSA"))
    assert not bears_name(stamper.der, "directory_name", name("Other"))
    assert not bears_name(stamper.der, "rfc822_name", b"\x81\x01a")


@pytest.mark.parametrize("odd", ODD)
def test_where_it_is_critical_the_certificate_is_refused(odd: str) -> None:
    (stated,) = list_extensions(signer(ODD[odd]).der)
    critical = raw(stated.oid, stated.value, True)
    verdict, codes, _ = answer(signed(signer(*USES, critical)))
    if odd == "critical FALSE in so many words":
        assert verdict == "VALID"
        return
    assert verdict != "VALID"
    assert set(codes) <= {"certificate-wrong-usage", "signature-not-trusted"}
    middle = authority(*AUTHORITY, critical)
    verdict, codes, _ = answer(signed(signer(issuer=middle), middle))
    assert verdict != "VALID"
    assert codes == ["signature-not-trusted"]


@pytest.mark.parametrize("decides", DECIDES)
def test_what_decides_something_and_cannot_be_read_is_not_decided(decides: str) -> None:
    kind, value = DECIDES[decides]
    others = [e for e in USES if decides != "keyUsage" or e != USES[1]]
    verdict, codes, text = answer(signed(signer(*others, raw(kind, value))))
    assert (verdict, codes) == ("INDETERMINATE", ["certificate-unreadable"])
    assert f"the extension {decides} of the certificate “Nguyen Van A” cannot be read" in text
    kept = [AUTHORITY[0]] if decides == "keyUsage" else list(AUTHORITY)
    middle = authority(*kept, raw(kind, value))
    verdict, codes, text = answer(signed(signer(issuer=middle), middle))
    assert (verdict, codes) == ("INDETERMINATE", ["certificate-unreadable"])
    assert decides in text
    assert "Issuing CA" in text
    refused = answer(signed(signer(*others, raw(kind, value, True))))
    assert refused[:2] == ("INVALID", ["certificate-wrong-usage"])
    assert f"the critical extension {decides}" in refused[2]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (sequence(), (False, None)),
        (CA_BASIC, (True, None)),
        (sequence(tlv(1, b"\xff"), tlv(2, b"\x03")), (True, 3)),
        (sequence(tlv(1, b"\0")), (False, None)),
        (sequence(tlv(2, b"\0")), (False, None)),  # a path length, and no CA
        (sequence(tlv(1, b"\0"), tlv(2, b"\0")), (False, None)),
        (sequence(tlv(1, b"\x01")), None),
        (sequence(tlv(1, b"\xff"), tlv(2, b"\xff")), None),
        (sequence(tlv(1, b"\xff"), tlv(2, b"")), None),
        (sequence(tlv(2, b"\0"), tlv(1, b"\xff")), None),
        (sequence(tlv(1, b"\xff")) + b"\0", None),
        (b"", None),
    ],
)
def test_basic_constraints_are_read_as_they_stand(value: bytes, expected: tuple[bool, int | None] | None) -> None:
    der = signer(raw(BASIC, value)).der
    if expected is None:
        with pytest.raises(ExtensionFault):
            basic_constraints(der)
        assert not is_ca(der)
    else:
        assert basic_constraints(der) == expected


@pytest.mark.parametrize(
    "basic", [sequence(tlv(2, b"\0")), sequence(tlv(1, b"\0"), tlv(2, b"\0")), sequence(tlv(1, b"\0"))]
)
def test_who_states_a_path_length_and_no_ca_is_none_anywhere(basic: bytes) -> None:
    """In the leaf it is harmless; above a leaf it would let anybody issue."""
    for critical in (None, True):
        odd = raw(BASIC, basic, critical)
        assert answer(signed(signer(odd, USES[1])))[0] == "VALID"
        middle = authority(odd, AUTHORITY[1])
        verdict, codes, _ = answer(signed(signer(issuer=middle), middle))
        assert (verdict, codes) == ("INDETERMINATE", ["signature-not-trusted"])
        nobody = authority(odd, USES[1])
        assert answer(signed(signer(issuer=nobody), nobody))[0] == "INDETERMINATE"


def test_an_issuer_whose_basic_constraints_cannot_be_read_is_told_by_its_name() -> None:
    middle = authority(raw(BASIC, sequence(tlv(1, b"\x01"))), AUTHORITY[1])
    verdict, codes, text = answer(signed(signer(issuer=middle), middle))
    assert (verdict, codes) == ("INDETERMINATE", ["certificate-unreadable"])
    assert "the extension basicConstraints of the certificate “Issuing CA” cannot be read" in text


@pytest.mark.parametrize("twice", [raw(POLICIES, sequence(sequence(oid("1.2.3")))), raw("1.2.3.4", b""), USES[1]])
def test_what_stands_twice_is_refused(twice: bytes) -> None:
    verdict, codes, text = answer(signed(signer(*USES, twice, twice)))
    assert (verdict, codes) == ("INVALID", ["certificate-wrong-usage"])
    assert "stands twice in the certificate “Nguyen Van A”" in text
    middle = authority(*AUTHORITY, raw("1.2.3.4", b""), raw("1.2.3.4", b""))
    verdict, codes, text = answer(signed(signer(issuer=middle), middle))
    assert (verdict, codes) == ("INDETERMINATE", ["signature-not-trusted"])
    assert "stands twice in the certificate “Issuing CA”" in text


def test_two_uses_of_which_each_reader_takes_one_are_refused_though_another_is_odd() -> None:
    """An odd extension must not hide one that stands twice from whoever reads them one by one."""
    twice = (raw(KEY_USAGE, CA_USAGE), raw(KEY_USAGE, SIGNING_USAGE))
    assert answer(signed(signer(USES[0], *twice, ODD["Latin-1 in a user notice"])))[0] == "INVALID"


def test_an_odd_extension_does_not_hide_what_another_says() -> None:
    """Each rule holds beside an oddity: a CA that may issue for servers alone, a leaf that may not sign."""
    notice = ODD["Latin-1 in a user notice"]
    encipherment = raw(KEY_USAGE, bytes.fromhex("03020520"), True)
    assert answer(signed(signer(USES[0], encipherment, notice)))[1] == ["certificate-wrong-usage"]
    servers = raw(EXTENDED, sequence(oid("1.3.6.1.5.5.7.3.1")))
    assert answer(signed(signer(*USES, servers, notice)))[1] == ["certificate-wrong-usage"]
    middle = authority(*AUTHORITY, servers, notice)
    assert answer(signed(signer(issuer=middle), middle))[1] == ["signature-not-trusted"]
    no_signing = authority(AUTHORITY[0], raw(KEY_USAGE, SIGNING_USAGE, True), notice)
    assert answer(signed(signer(issuer=no_signing), no_signing))[1] == ["signature-not-trusted"]
    short = authority(raw(BASIC, sequence(tlv(1, b"\xff"), tlv(2, b"\0")), True), AUTHORITY[1], notice)
    below = issue(name("Below"), ec_key("below"), AUTHORITY, short)
    assert answer(signed(signer(issuer=below), below, short))[1] == ["signature-not-trusted"]
    unknown = signer(*USES, raw("1.2.3.4", b"", True), notice)
    assert answer(signed(unknown))[1] == ["signature-not-trusted"]


def test_names_that_nobody_can_read_do_not_pass_an_authority_that_permits_some() -> None:
    """A CA held to names must not be let loose by a leaf whose alternative names are broken."""
    permitted = sequence(tlv(0xA0, sequence(tlv(0x81, b"xa-mau.example"))))
    middle = authority(*AUTHORITY, raw("2.5.29.30", permitted, True))
    honest = signer(*USES, raw("2.5.29.17", sequence(tlv(0x81, b"a@xa-mau.example"))), issuer=middle)
    assert answer(signed(honest, middle))[0] == "VALID"
    stranger = signer(*USES, raw("2.5.29.17", sequence(tlv(0x81, b"a@other.example"))), issuer=middle)
    assert answer(signed(stranger, middle))[1] == ["signature-not-trusted"]
    broken = signer(*USES, raw("2.5.29.17", sequence(tlv(0x81, b"a\xe9@other.example"))), issuer=middle)
    verdict, codes, text = answer(signed(broken, middle))
    assert (verdict, codes) == ("INDETERMINATE", ["certificate-unreadable"])
    assert "subjectAltName" in text


def test_policies_count_by_their_numbers_beside_a_notice_that_cannot_be_read() -> None:
    """requireExplicitPolicy holds: with the policy there is a path, without it there is none."""
    policy = raw(POLICIES, sequence(sequence(oid("1.2.3"))), True)
    demand = raw("2.5.29.36", sequence(tlv(0x80, b"\0")), True)
    middle = authority(*AUTHORITY, policy, demand)
    assert answer(signed(signer(*USES, ODD["Latin-1 in a user notice"], issuer=middle), middle))[0] == "VALID"
    other = raw(POLICIES, _NOTICE.replace(oid("1.2.3"), oid("1.2.4")))
    assert answer(signed(signer(*USES, other, issuer=middle), middle))[0] == "INDETERMINATE"
    assert policies(signer(*USES, other).der) == ("1.2.4",)


@pytest.mark.parametrize(
    "subject",
    [
        name(b"T&T @ Xa_Mau", 0x13),
        name(b"Caf\xe9", 0x13),
        name(b"Caf\xe9", 0x14),
        name(b"a\xe9", 0x16),
        # a country of three letters, of which the library warns (warnings are errors here)
        sequence(
            tlv(0x31, sequence(oid("2.5.4.6"), tlv(0x13, b"VNM"))),
            tlv(0x31, sequence(oid("2.5.4.3"), tlv(0x0C, b"CN"))),
        ),
        # two attributes of one RDN that do not stand in DER's order
        sequence(tlv(0x31, sequence(oid("2.5.4.10"), tlv(0x0C, b"O")), sequence(oid("2.5.4.3"), tlv(0x0C, b"CN")))),
    ],
)
def test_names_in_odd_strings_are_read(subject: bytes) -> None:
    assert answer(signed(signer(subject=subject)))[0] == "VALID"
    middle = authority(subject=subject)
    assert answer(signed(signer(issuer=middle), middle))[0] == "VALID"


@pytest.mark.parametrize("serial", [b"\xff", b"\0", b"\x80\x01", b"\x01" * 25])
def test_serial_numbers_of_old_authorities_are_read(serial: bytes) -> None:
    """Negative, zero, longer than 20 octets; the CMS names the same."""
    odd = issue(name("Nguyen Van A"), ec_key("signer"), USES, root(), serial=tlv(2, serial))
    assert serial_number(odd.der) == int.from_bytes(serial, "big", signed=True)
    assert answer(signed(odd))[0] == "VALID"


def test_null_behind_ecdsa_is_read_and_changes_no_bytes() -> None:
    algorithm = sequence(oid("1.2.840.10045.4.3.2"), NULL)
    leaf = issue(name("Nguyen Van A"), ec_key("signer"), USES, root(), algorithm=algorithm)
    assert answer(signed(leaf))[0] == "VALID"
    wrong = issue(name("Nguyen Van A"), ec_key("signer"), USES, root(), algorithm=algorithm, value=sequence(NULL, NULL))
    assert answer(signed(wrong))[0] == "INDETERMINATE"


def test_what_is_written_plainly_is_believed_only_as_it_stood() -> None:
    """The plain writing of a certificate has other bytes; its signature is that of the certificate."""
    odd = raw(KEY_USAGE, SIGNING_USAGE, False)
    leaf = signer(odd)
    assert plainly_written(leaf.der) != leaf.der
    assert load(leaf.der).subject == load(plainly_written(leaf.der)).subject
    assert answer(signed(leaf))[0] == "VALID"
    forged = Person(leaf.key, plainly_written(leaf.der), leaf.subject)
    assert answer(signed(forged))[1] == ["signature-not-trusted"]
    changed = leaf.der.replace(raw(KEY_USAGE, SIGNING_USAGE, False), raw(KEY_USAGE, CA_USAGE, False))
    assert answer(signed(Person(leaf.key, changed, leaf.subject)))[0] != "VALID"


def test_a_copy_is_not_made_laxer_by_an_odd_certificate() -> None:
    report = judged(signed(signer(*USES, ODD["Latin-1 in a user notice"])), root().der, policy="certified-copy")
    assert report.verdict == "INVALID"


@settings(deadline=None, max_examples=150)
@given(value=st.binary(max_size=40), kind=st.sampled_from([BASIC, KEY_USAGE, EXTENDED, POLICIES, "2.5.29.30", "1.2.3"]))
def test_whatever_stands_in_an_extension_the_answer_is_typed(value: bytes, kind: str) -> None:
    der = signer(raw(kind, value)).der
    assert listed(der)[kind].value == value
    assert answer(signed(signer(raw(kind, value))))[0] in ("VALID", "INDETERMINATE", "INVALID")


@settings(deadline=None, max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), by=st.integers(1, 255))
def test_a_certificate_with_a_changed_byte_is_never_believed(place: float, by: int) -> None:
    leaf = signer(*USES, ODD["Latin-1 in a user notice"])
    changed = bytearray(leaf.der)
    changed[int(place * len(changed))] ^= by
    try:
        load(bytes(changed))
        issuer_and_number(bytes(changed))
    except ValueError:
        return
    assert answer(signed(Person(leaf.key, bytes(changed), leaf.subject)))[0] != "VALID"


def test_a_reader_that_finds_one_extension_finds_the_others_untouched() -> None:
    from cryptography import x509

    leaf = signer(*USES, ODD["Latin-1 in a user notice"])
    found = extension(leaf.der, x509.KeyUsage)
    assert found is not None
    assert found.critical
    assert found.value.digital_signature
    assert extension(leaf.der, x509.ExtendedKeyUsage) is None
    with pytest.raises(ExtensionFault):
        extension(leaf.der, x509.CertificatePolicies)
    assert isinstance(load(leaf.der).signature_hash_algorithm, hashes.SHA256)
