"""Time-stamp tokens that came without their authority's certificate: found elsewhere, or proving nothing."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

import ecert
from ecert.formats.certificate_parts import issuer_and_number
from ecert.formats.pades.cms import read_timestamp
from ecert.formats.pdf import Name
from ecert.operations.inspecting import look_inside
from ecert.trust.inquiry import read_inquiry
from ecert.trust.timestamp_tokens import with_authority
from tests.raw_signatures import EXTENDED, STAMPING, USES, Cms, Form, Person, ec_key, issue, judged, name, root, token
from tests.raw_signatures import extension as raw

ALONE = (raw(EXTENDED, STAMPING, True),)
SIGNER = issue(name("Nguyen Van A"), ec_key("signer"), USES, root())
TSA = issue(name("TSA"), ec_key("tsa"), ALONE, root())
#: same name, number and key; other bytes
TWIN = issue(name("TSA"), ec_key("tsa"), ALONE, root(), serial=issuer_and_number(TSA.der)[1])
IDENTIFIER = hashlib.sha1(b"tsa").digest()
BY_KEY = issue(name("TSA"), ec_key("tsa"), (*ALONE, raw("2.5.29.14", b"\x04\x14" + IDENTIFIER)), root())


def stamped(who: Person = TSA, *carried: Person, store: tuple[bytes, ...] = (), **options: Any) -> bytes:
    """Return a signed file whose time-stamp has no certificate; ``carried`` come with the signature."""
    cms = Cms(
        SIGNER,
        certificates=[SIGNER.der, *(c.der for c in carried)],
        tokens=[lambda value: token(who, value, certificates=[], **options)],
    )
    return Form(store=store).sign(cms)


def proven(report: ecert.Report) -> bool:
    return "time-not-proven" not in report.codes()


def test_without_it_the_token_proves_nothing_and_nothing_speaks_against_the_file() -> None:
    report = judged(stamped(), root().der)
    assert report.verdict == "VALID"
    assert {"time-not-proven", "timestamp-not-trusted"} <= set(report.codes("warning"))
    assert not proven(report)


@pytest.mark.parametrize("where", ["signature", "store", "evidence", "anchors"])
def test_it_is_found_wherever_certificates_lie(where: str) -> None:
    evidence = ecert.Evidence(certificates=(TSA.der,)) if where == "evidence" else ecert.Evidence()
    anchors = (root().der, TSA.der) if where == "anchors" else (root().der,)
    data = stamped(TSA, *([TSA] if where == "signature" else []), store=(TSA.der,) if where == "store" else ())
    report = judged(data, *anchors, evidence=evidence)
    assert report.verdict == "VALID"
    assert proven(report)


def test_a_signer_that_is_named_by_its_key_is_found_likewise() -> None:
    assert proven(judged(stamped(BY_KEY, BY_KEY, key_id=IDENTIFIER), root().der))
    assert not proven(judged(stamped(BY_KEY, BY_KEY, key_id=IDENTIFIER[::-1]), root().der))


@pytest.mark.parametrize("stated", [b"", SIGNER.der, TWIN.der])
def test_one_that_the_token_does_not_name_does_not_count(stated: bytes) -> None:
    """No attribute, another certificate's hash, and a twin of the same name, number and key."""
    report = judged(stamped(TSA, TSA, stated=stated), root().der)
    assert report.verdict == "VALID"
    assert not proven(report)


def test_a_twin_is_not_taken_for_it() -> None:
    assert issuer_and_number(TWIN.der) == issuer_and_number(TSA.der)
    assert not proven(judged(stamped(TSA, TWIN), root().der))
    both = stamped(TSA, TWIN, TSA)
    assert proven(judged(both, root().der))


def test_one_whose_name_is_another_does_not_count_though_its_hash_is_named() -> None:
    """The hash alone does not make it the signer: the CMS names another."""
    other = issue(name("Other"), ec_key("tsa"), ALONE, root())
    assert not proven(judged(stamped(TSA, other, stated=other.der), root().der))


@pytest.mark.parametrize(
    ("extensions", "code"),
    [
        (USES, "timestamp-broken"),
        ((raw(EXTENDED, STAMPING),), "timestamp-broken"),
        ((*USES, raw(EXTENDED, STAMPING + STAMPING[2:], True)), "timestamp-broken"),
    ],
)
def test_what_is_found_must_be_a_time_stamping_authority(extensions: tuple[bytes, ...], code: str) -> None:
    """A signer's own certificate, named by a token that its key made, would set any time."""
    false = issue(name("TSA"), ec_key("tsa"), extensions, root())
    report = judged(stamped(false, false), root().der)
    assert report.codes("error") == [code]


def test_what_is_found_must_have_signed() -> None:
    report = judged(stamped(Person(ec_key("stranger"), TSA.der, TSA.subject), TSA), root().der)
    assert report.codes("error") == ["timestamp-broken"]


def test_what_is_found_must_lead_to_an_anchor() -> None:
    strange = issue(name("Root"), ec_key("strange root"), (), None)
    false = issue(name("TSA"), ec_key("tsa"), ALONE, strange)
    report = judged(stamped(false, false), root().der)
    assert report.verdict == "VALID"
    assert "timestamp-not-trusted" in report.codes("warning")
    assert not proven(report)


def test_a_token_for_something_else_is_broken_without_its_certificate_too() -> None:
    cms = Cms(SIGNER, tokens=[lambda _: token(TSA, b"other data", certificates=[])])
    assert judged(Form().sign(cms), root().der).codes("error") == ["timestamp-broken"]


def test_in_copies_it_is_refused_as_ever() -> None:
    for data in (stamped(), stamped(TSA, TSA)):
        report = judged(data, root().der, policy="certified-copy")
        assert report.verdict == "INVALID"
        assert "signature-malformed" in report.codes("error")  # the unsigned part of a copy's CMS has one form


def test_a_document_time_stamp_without_its_certificate_proves_nothing() -> None:
    for store, intact in (((), False), ((TSA.der,), True)):
        form = Form({"Type": Name("DocTimeStamp")}, store, subfilter="ETSI.RFC3161")
        pending = form.begin()
        covered = pending.base + bytes(pending.increment)
        _, gap, after, _ = pending.byte_range
        data = pending.finish(token(TSA, covered[:gap] + covered[after:], certificates=[]))
        report = judged(data, root().der)
        assert report.codes("error") in (["unsigned"], [])
        assert ("timestamp-not-trusted" in report.codes("warning")) != intact


def test_a_token_that_has_its_certificate_is_left_as_it_is() -> None:
    whole = read_timestamp(token(TSA, b"x"))
    assert with_authority(whole, TWIN.der) is None
    bare = read_timestamp(token(TSA, b"x", certificates=[]))
    found = with_authority(bare, TSA.der)
    assert found is not None
    assert found.message.signer_certificate == TSA.der
    assert with_authority(bare, b"no certificate") is None


def test_whose_status_is_asked_for_is_told_by_what_the_file_holds() -> None:
    inside = read_inquiry(stamped(TSA, store=(TSA.der,)))
    bare = read_inquiry(stamped(TSA))
    assert inside is not None
    assert bare is not None
    assert [q.certificate for q in inside.questions] == [SIGNER.der, TSA.der]
    assert [q.certificate for q in bare.questions] == [SIGNER.der]


def test_a_look_inside_says_that_nobody_is_named() -> None:
    (signature,) = look_inside(stamped(TSA), "x")["signatures"]
    assert signature["timestamps"] == [{"authority": None, "time": "2026-11-16T02:00:00Z"}]
