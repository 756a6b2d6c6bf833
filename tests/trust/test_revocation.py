"""What CRLs and OCSP answers prove: each rule with real ones, made for it."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from ecert.model.evidence import Evidence
from ecert.trust.revocation import (
    DEFAULT_LIFE,
    RevocationStatus,
    made_at,
    needs_no_check,
    revocation_status,
    unproven_signers,
)
from ecert.trust.revocation.authentic import statements
from ecert.trust.revocation.authorities import MAX_CHECKS
from ecert.trust.revocation.inquiry import MAX_QUESTIONS, MAX_STATUS_DEPTH
from tests.trust.authorities import (
    CA,
    DAY,
    HOLD,
    NO_CHECK,
    NOW,
    REMOVED,
    RESPONDER,
    UNKNOWN,
    YEAR,
    Extension,
    Holder,
    extension,
    generalized,
    idp,
    name,
    place,
    root,
    usage,
)

ROOT = root()
ISSUING = ROOT.issue("issuing", *CA, end=NOW + 3 * YEAR)
LEAF = ISSUING.issue("leaf")
OTHER = ISSUING.issue("other leaf")
RESPONDS = ISSUING.issue("responder", *RESPONDER, NO_CHECK)
COMPROMISED = x509.ReasonFlags.key_compromise
EARLIER = NOW - 30 * DAY
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
EXPIRED_CERTS = x509.ObjectIdentifier("2.5.29.60")
KEYS = x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise
REST = frozenset(x509.ReasonFlags) - {x509.ReasonFlags.unspecified, x509.ReasonFlags.remove_from_crl} - set(KEYS)


def status(
    *items: bytes,
    who: Holder = LEAF,
    issuer: Holder = ISSUING,
    moment: datetime = NOW,
    known_by: datetime | None = None,
    certificates: tuple[Holder, ...] = (),
    anchor: Holder | None = ROOT,
    proven: datetime | None = None,
    anchored_until: datetime | None = None,
) -> RevocationStatus:
    """Ask about a certificate with these CRLs and OCSP answers, told apart by what they are."""
    answers = [der for der in items if _is_answer(der)]
    evidence = Evidence.of([c.der for c in certificates], answers, [d for d in items if d not in answers])
    return revocation_status(
        who.der,
        issuer.der,
        evidence,
        moment=moment,
        known_by=known_by or moment,
        anchor=anchor.der if anchor else None,
        anchored_until=anchored_until,
        proven=(lambda _: proven) if proven else None,
    )


def plain(value: object) -> str | None:
    """Name a parameter: keys are fresh in every process, so bytes would name a test anew each time."""
    if isinstance(value, bytes):
        return "der"
    return value.certificate.subject.rfc4514_string() if isinstance(value, Holder) else None


def _is_answer(der: bytes) -> bool:
    try:
        return bool(ocsp.OCSPResponse.load(der)["response_status"].native)
    except (ValueError, TypeError):
        return False


def answer(who: Holder = LEAF, *told: Any, by: Holder | None = None, **options: Any) -> bytes:
    """Return an answer of the issuing authority about one certificate."""
    outer = {k: options.pop(k) for k in ("produced", "sha1") if k in options}
    return ISSUING.answer(ISSUING.single(who, *told, **options), by=by, **outer)


# ── one source ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", [ISSUING.crl(), answer(), answer(by=RESPONDS)], ids=plain)
def test_one_good_statement_is_enough(source: bytes):
    found = status(source)
    assert found.status == "good"
    assert found.item is not None
    assert found.item.der == source
    assert status(source, anchor=None).status == "good"
    assert status(source, moment=NOW + 7 * DAY).status == "stale"
    assert status(source, known_by=NOW - 2 * DAY).status == "missing"


def test_nothing_and_rubbish_is_missing():
    assert status() == RevocationStatus("missing")
    assert status(b"", b"\x30\x00", b"\x30\x82", LEAF.der, ISSUING.crl()[:-1]).status == "missing"


def test_a_list_of_a_version_that_does_not_exist_is_rubbish():
    der = ISSUING.crl()
    (changed,) = (der.replace(b"\x02\x01\x01", bytes([2, 1, version]), 1) for version in (17,))
    assert changed != der
    assert made_at(der) is not None
    assert made_at(changed) is None


def test_an_answer_without_next_update_counts_for_a_day():
    source = answer(until=None)
    assert status(source).status == "good"
    assert status(source, moment=NOW - DAY + DEFAULT_LIFE).status == "good"
    assert status(source, moment=NOW - DAY + DEFAULT_LIFE + timedelta(seconds=1)).status == "stale"


def test_an_answer_made_later_than_it_says_is_not_known_before():
    source = answer(at=NOW - 2 * DAY, produced=NOW - DAY)
    assert status(source, known_by=NOW - DAY).status == "good"
    assert status(source, known_by=NOW - DAY - timedelta(seconds=1)).status == "missing"


@pytest.mark.parametrize(
    "source",
    [
        ISSUING.crl((LEAF, EARLIER, COMPROMISED)),
        ISSUING.crl((LEAF, EARLIER)),
        answer(LEAF, EARLIER, "key_compromise"),
        answer(LEAF, EARLIER, by=RESPONDS),
    ],
    ids=plain,
)
def test_revoked_is_told_with_its_time_whenever_asked(source: bytes):
    for moment in (EARLIER - YEAR, NOW, NOW + 30 * DAY):
        found = status(source, moment=moment, known_by=NOW + 30 * DAY)
        assert found.status == "revoked"
        assert found.item is not None
        assert found.item.revoked_at == EARLIER


def test_the_revocation_time_is_not_the_invalidity_date():
    before = (x509.InvalidityDate((EARLIER - YEAR).replace(tzinfo=None)), True)
    found = status(ISSUING.crl((LEAF, EARLIER, COMPROMISED), entry_extensions=(before,)))
    assert found.item is not None
    assert found.item.revoked_at == EARLIER


def test_when_something_was_made_is_told():
    assert made_at(ISSUING.crl()) == NOW - DAY
    assert made_at(answer(at=NOW - 2 * DAY, produced=NOW - DAY)) == NOW - DAY
    assert made_at(LEAF.der) is None
    assert made_at(bytes(ocsp.OCSPResponse({"response_status": "try_later"}).dump())) is None


# ── several statements ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("newer", [ISSUING.crl(), answer()], ids=plain)
@pytest.mark.parametrize(
    "older",
    [
        ISSUING.crl((LEAF, EARLIER, COMPROMISED), at=NOW - 5 * DAY),
        answer(LEAF, EARLIER, "superseded", at=NOW - 5 * DAY, until=NOW),
    ],
    ids=plain,
)
def test_nobody_takes_a_revocation_back(older: bytes, newer: bytes):
    assert status(older, newer).status == "revoked"


def test_of_several_revocation_times_the_earliest_counts():
    found = status(ISSUING.crl((LEAF, EARLIER)), answer(LEAF, EARLIER - DAY, at=NOW - 2 * DAY, until=NOW))
    assert found.item is not None
    assert found.item.revoked_at == EARLIER - DAY


ON_HOLD = ISSUING.crl((LEAF, EARLIER, HOLD), at=NOW - 5 * DAY)


@pytest.mark.parametrize(
    "source", [ON_HOLD, answer(LEAF, EARLIER, "certificate_hold", at=NOW - 5 * DAY, until=NOW)], ids=plain
)
def test_a_hold_is_in_force_until_it_is_lifted(source: bytes):
    found = status(source)
    assert found.status == "on-hold"
    assert found.item is not None
    assert found.item.revoked_at == EARLIER
    assert status(source, answer(at=NOW - 6 * DAY)).status == "on-hold", "an older one lifts nothing"
    assert status(source, answer(at=NOW - 5 * DAY)).status == "on-hold", "nor does one as old"
    for lifting in (
        ISSUING.crl(),
        answer(),
        ISSUING.crl((LEAF, EARLIER, REMOVED)),
        answer(LEAF, EARLIER, "remove_from_crl"),
    ):
        assert status(source, lifting).status == "good"
        assert status(source, lifting, moment=NOW + 30 * DAY).status == "stale"


def test_a_hold_may_become_a_revocation():
    assert status(ON_HOLD, ISSUING.crl((LEAF, NOW - DAY, COMPROMISED))).status == "revoked"


def test_a_hold_placed_later_is_told_with_its_time():
    later = ISSUING.crl((LEAF, NOW, HOLD), at=NOW + DAY)
    found = status(ISSUING.crl(), later, known_by=NOW + 2 * DAY)
    assert found.status == "on-hold"
    assert found.item is not None
    assert found.item.revoked_at == NOW


def test_what_proves_nothing_lifts_no_hold():
    dead = ISSUING.issue("short-lived responder", *RESPONDER, NO_CHECK, end=NOW - DAY / 2)
    assert status(ON_HOLD, answer(by=dead)).status == "on-hold"


def test_the_order_of_evidence_changes_nothing():
    twin = ROOT.issue("issuing", *CA, end=NOW + YEAR)
    items = [
        ISSUING.crl(),
        answer(),
        answer(by=RESPONDS),
        ON_HOLD,
        ISSUING.crl(at=NOW - 2 * DAY),
        ISSUING.delta((LEAF, EARLIER, REMOVED), base=1, number=2),
        answer(at=NOW - 2 * DAY),
        ISSUING.crl(extensions=(idp(only_some_reasons=frozenset(KEYS)),)),
        b"rubbish",
    ]
    holders = [ISSUING, twin, RESPONDS, LEAF]
    for extra in ([], [ISSUING.crl((LEAF, EARLIER)), answer(LEAF, EARLIER)]):
        found = set()
        for seed in range(25):
            shuffle = random.Random(seed)
            mixed, certificates = [*items, *extra], [*holders]
            shuffle.shuffle(mixed)
            shuffle.shuffle(certificates)
            found.add(status(*mixed, certificates=tuple(certificates)))
        assert len(found) == 1
        assert found.pop().status == ("revoked" if extra else "good")


# ── revoked, but only later ───────────────────────────────────────────────────────────────────────

THEN = NOW - 10 * DAY  # the moment asked for
SINCE = NOW - 2 * DAY  # the revocation, after it
DEAD = ISSUING.issue("dead responder", *RESPONDER, NO_CHECK, end=NOW - DAY / 2)
STOLEN = ISSUING.issue("stolen responder", *RESPONDER, NO_CHECK)
UNPROVEN = [
    answer(LEAF, SINCE, by=DEAD),
    answer(LEAF, SINCE, "certificate_hold", by=DEAD),
    answer(LEAF, NOW + YEAR, by=DEAD),
    answer(LEAF, SINCE, by=ISSUING.issue("without a status", *RESPONDER, place())),
    ISSUING.delta((LEAF, SINCE), base=5, number=6),
    ISSUING.delta((LEAF, SINCE, HOLD), base=5, number=6),
    ISSUING.crl((LEAF, SINCE), extensions=(idp(only_some_reasons=frozenset(KEYS)),)),
]


@pytest.mark.parametrize("source", UNPROVEN, ids=plain)
def test_revoked_later_is_as_good_as_good_so_it_needs_the_same_proof(source: bytes):
    """Anybody with the key of an expired responder could make it today."""
    assert status(source, moment=THEN, known_by=NOW).status == "missing"
    found = status(source, ISSUING.crl(at=THEN), moment=THEN, known_by=NOW)
    assert found.clean_at(THEN), "it hides nothing that proves itself"
    held = ISSUING.crl((LEAF, EARLIER, HOLD), at=THEN)
    assert status(source, held, moment=THEN, known_by=NOW).status == "on-hold"


@pytest.mark.parametrize("source", UNPROVEN, ids=plain)
def test_revoked_by_then_needs_no_proof(source: bytes):
    found = status(source, ISSUING.crl(), moment=NOW + 2 * YEAR, known_by=NOW + 2 * YEAR)
    assert found.status in ("revoked", "on-hold")


def test_what_a_revoked_signer_says_of_later_proves_nothing():
    source = answer(LEAF, SINCE, by=STOLEN)
    against = answer(STOLEN, NOW - 3 * DAY, "key_compromise")
    assert status(source, moment=THEN, known_by=NOW).status == "revoked"
    assert status(source, against, moment=THEN, known_by=NOW).status == "missing"


def test_a_weak_algorithm_proves_nothing_of_later_either():
    start, then = datetime(2009, 1, 1, tzinfo=UTC), datetime(2011, 1, 1, tzinfo=UTC)
    old = root("old", start=start)
    leaf = old.issue("old leaf", start=start)
    source = old.crl((leaf, then), at=then, sha1=True)
    asked: dict[str, Any] = {"who": leaf, "issuer": old, "anchor": old, "moment": then - DAY}
    assert status(source, **asked, known_by=NOW, proven=then).status == "revoked"
    assert status(source, **asked, known_by=NOW).status == "missing"


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (ISSUING.crl((LEAF, SINCE)), "revoked"),
        (ISSUING.crl((LEAF, SINCE, HOLD)), "on-hold"),
        (answer(LEAF, SINCE, by=RESPONDS), "revoked"),
        (answer(LEAF, SINCE, until=NOW - DAY / 2), "revoked"),
    ],
    ids=plain,
)
def test_revoked_later_and_proven_says_that_nothing_had_happened(source: bytes, word: str):
    found = status(source, moment=THEN, known_by=NOW)
    assert found.status == word
    assert found.sources == (source,)
    assert found.clean_at(THEN)
    assert not found.clean_at(SINCE)
    both = status(source, ISSUING.crl(at=THEN), moment=THEN, known_by=NOW)
    assert both == found, "it tells more than that it was good"


def test_of_an_expired_certificate_an_entry_proves_what_its_absence_does_not():
    moment, since = NOW - 15 * DAY, NOW - 11 * DAY
    assert status(ISSUING.crl(), who=EXPIRED, moment=moment, known_by=NOW).status == "missing"
    listed = ISSUING.crl((EXPIRED, since))
    assert status(listed, who=EXPIRED, moment=moment, known_by=NOW).status == "revoked"


def test_lists_for_some_reasons_tell_of_later_together():
    def told(*sources: bytes) -> RevocationStatus:
        return status(*sources, moment=THEN, known_by=NOW)

    keys, rest = _some(KEYS, (LEAF, SINCE, COMPROMISED)), _some(REST)
    found = told(keys, rest)
    assert (found.status, set(found.sources)) == ("revoked", {keys, rest})
    assert told(keys, _some(KEYS)).status == "missing"
    earlier = told(keys, _some(REST, (LEAF, SINCE - DAY, HOLD)))
    assert earlier.status == "on-hold"
    assert earlier.item is not None
    assert earlier.item.revoked_at == SINCE - DAY


def test_a_hold_that_became_a_revocation_was_not_lifted():
    held = ISSUING.crl((LEAF, EARLIER, HOLD), at=NOW - 20 * DAY)
    for later in (ISSUING.crl((LEAF, SINCE)), ISSUING.crl((LEAF, SINCE, HOLD))):
        found = status(held, later, moment=THEN, known_by=NOW)
        assert found.status == "on-hold"
        assert not found.clean_at(THEN)
        lifted = ISSUING.crl(at=NOW - 15 * DAY)
        assert status(held, lifted, later, moment=THEN, known_by=NOW).clean_at(THEN)


def test_a_revocation_yet_to_come_goes_stale_like_any_word():
    announced = answer(LEAF, NOW + YEAR, at=NOW - 5 * DAY, until=NOW - 3 * DAY)
    assert status(announced, moment=NOW - 4 * DAY, known_by=NOW).status == "revoked"
    assert status(announced).status == "stale"


# ── anchors that are believed for a time ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "source", [ROOT.crl(), ROOT.crl((ISSUING, NOW + DAY), at=NOW + DAY), ROOT.answer(ROOT.single(ISSUING))], ids=plain
)
def test_what_is_not_proven_while_the_anchor_was_believed_proves_nothing(source: bytes):
    def clean(until: datetime | None, proven: datetime | None = None) -> bool:
        return status(
            source, who=ISSUING, issuer=ROOT, known_by=NOW + 9 * DAY, anchored_until=until, proven=proven
        ).clean_at(NOW)

    assert clean(None)
    assert clean(NOW + 10 * DAY)
    assert not clean(NOW + 9 * DAY)
    assert clean(NOW + 9 * DAY, proven=NOW + 8 * DAY)
    assert not clean(NOW + 2 * DAY)


def test_a_withdrawn_anchor_is_heard_when_it_says_revoked():
    found = status(ROOT.crl((ISSUING, EARLIER)), who=ISSUING, issuer=ROOT, anchored_until=NOW - DAY)
    assert found.status == "revoked"


# ── certificates that have expired ────────────────────────────────────────────────────────────────

EXPIRED = ISSUING.issue("expired leaf", end=NOW - 10 * DAY)


def _cutoff(moment: datetime) -> list[dict[str, Any]]:
    return [extension(ARCHIVE_CUTOFF, generalized(moment))]


def _expired_on_crl(moment: datetime) -> tuple[Extension, ...]:
    return ((x509.UnrecognizedExtension(EXPIRED_CERTS, generalized(moment)), False),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (ISSUING.crl(), "missing"),
        (ISSUING.crl(extensions=_expired_on_crl(NOW - 10 * DAY)), "good"),
        (ISSUING.crl(extensions=_expired_on_crl(NOW - 9 * DAY)), "missing"),
        (answer(EXPIRED), "missing"),
        (answer(EXPIRED, extensions=_cutoff(NOW - 10 * DAY)), "good"),
        (answer(EXPIRED, extensions=_cutoff(NOW - 9 * DAY)), "missing"),
        (ISSUING.crl(at=NOW - 10 * DAY, until=NOW), "good"),
        (answer(EXPIRED, at=NOW - 11 * DAY), "good"),
        (ISSUING.crl((EXPIRED, EARLIER)), "revoked"),
        (answer(EXPIRED, EARLIER), "revoked"),
    ],
    ids=plain,
)
def test_after_expiry_only_who_keeps_its_status_calls_a_certificate_good(source: bytes, expected: str):
    assert status(source, who=EXPIRED).status == expected


def test_a_cutoff_that_cannot_be_read_is_none():
    spoiled = [extension(ARCHIVE_CUTOFF, b"\x18\x03abc")]
    assert status(answer(EXPIRED, extensions=spoiled), who=EXPIRED).status == "missing"


# ── proof: the signer's time ──────────────────────────────────────────────────────────────────────

SHORT = ROOT.issue("short authority", *CA, end=NOW + 2 * DAY)
OF_SHORT = SHORT.issue("leaf of the short one")


@pytest.mark.parametrize("source", [SHORT.crl(), SHORT.answer(SHORT.single(OF_SHORT))], ids=plain)
def test_a_key_that_outlived_its_certificate_proves_nothing(source: bytes):
    def of_short(**options: Any) -> str:
        return status(source, who=OF_SHORT, issuer=SHORT, **options).status

    later = NOW + 20 * YEAR
    assert of_short(moment=NOW, known_by=NOW + 2 * DAY) == "good"
    assert of_short(moment=NOW, known_by=NOW + 3 * DAY) == "missing"
    assert of_short(moment=NOW, known_by=later, proven=NOW + DAY) == "good"
    assert of_short(moment=NOW, known_by=later, proven=NOW + 3 * DAY) == "missing"


def test_a_renewed_certificate_of_the_same_key_keeps_a_crl():
    renewed = ROOT.issue("short authority", *CA, end=NOW + 3 * YEAR)
    other_key = ROOT.issue("another", *CA, subject=name("short authority"), end=NOW + 3 * YEAR)
    stranger = root("elsewhere").issue("short authority", *CA, end=NOW + 3 * YEAR)

    def with_(*certificates: Holder, anchor: Holder | None = ROOT, against: bytes = b"") -> str:
        return status(
            SHORT.crl(),
            against,
            who=OF_SHORT,
            issuer=SHORT,
            known_by=NOW + 5 * DAY,
            certificates=certificates,
            anchor=anchor,
        ).status

    assert with_(renewed) == "good"
    middle = ROOT.issue("middle", *CA, end=NOW + 3 * YEAR)
    deeper = middle.issue("short authority", *CA, end=NOW + 3 * YEAR)
    assert with_(deeper, middle) == "good"
    assert with_(deeper, middle, against=ROOT.crl((middle, EARLIER))) == "missing"
    assert with_(renewed, anchor=None) == "missing"
    assert with_(other_key, stranger) == "missing"


def test_what_says_revoked_needs_no_living_signer():
    found = status(SHORT.crl((OF_SHORT, EARLIER)), who=OF_SHORT, issuer=SHORT, known_by=NOW + 3 * DAY)
    assert found.status == "revoked"


@pytest.mark.parametrize(
    ("revoked_at", "expected"), [(NOW - 2 * DAY, "missing"), (NOW, "missing"), (NOW + DAY, "good")], ids=plain
)
def test_an_authority_revoked_before_the_proof_proves_nothing(revoked_at: datetime, expected: str):
    against = ROOT.crl((ISSUING, revoked_at, COMPROMISED), at=NOW + 2 * DAY)
    for source in (ISSUING.crl(), answer(), answer(by=RESPONDS)):
        found = status(source, against, known_by=NOW + 3 * DAY, proven=NOW, moment=NOW)
        assert found.status == expected
        assert status(source, against, known_by=NOW + DAY, proven=NOW).status == "good"


def test_an_authority_on_hold_is_judged_in_the_path_alone():
    held = ROOT.crl((ISSUING, EARLIER, HOLD))
    assert status(ISSUING.crl(), held).status == "good"
    assert status(held, who=ISSUING, issuer=ROOT).status == "on-hold"


def test_a_statement_rests_on_algorithms_reliable_when_it_is_proven():
    start, then = datetime(2009, 1, 1, tzinfo=UTC), datetime(2011, 1, 1, tzinfo=UTC)
    old = root("old", start=start)
    leaf = old.issue("old leaf", start=start)
    sources = [old.crl(at=then, sha1=True), old.answer(old.single(leaf, at=then, until=then + 7 * DAY), sha1=True)]
    for source in sources:
        asked: dict[str, Any] = {"who": leaf, "issuer": old, "anchor": old, "moment": then}
        assert status(source, **asked).status == "good"
        assert status(source, **asked, known_by=NOW, proven=then).status == "good"
        assert status(source, **asked, known_by=NOW).status == "missing"


# ── OCSP ──────────────────────────────────────────────────────────────────────────────────────────

CRITICAL = [extension("1.2.3.4.5", b"\x05\x00", critical=True)]
HARMLESS = [extension("1.2.3.4.5", b"\x05\x00")]
IMPOSTOR = root("impostor").issue("responder", *RESPONDER, NO_CHECK)


def _tampered(der: bytes) -> bytes:
    return der[:-1] + bytes([der[-1] ^ 1])


@pytest.mark.parametrize(
    "source",
    [
        bytes(ocsp.OCSPResponse({"response_status": "malformed_request"}).dump()),
        _tampered(answer()),
        _tampered(answer(by=RESPONDS)),
        answer(OTHER),
        answer(status="unknown"),
        answer(issuer_key_hash=b"\0" * 20),
        answer(issuer_name_hash=b"\0" * 20),
        answer(hash_algorithm={"algorithm": "md5"}),
        answer(produced=NOW - 2 * DAY),
        answer(until=NOW - 2 * DAY),
        answer(extensions=CRITICAL),
        ISSUING.answer(ISSUING.single(LEAF), extensions=CRITICAL),
        answer(by=ISSUING.issue("no purpose")),
        answer(by=ISSUING.issue("wrong usage", *RESPONDER, (usage(key_agreement=True), True))),
        answer(by=ISSUING.issue("critical", *RESPONDER, NO_CHECK, (UNKNOWN, True))),
        answer(by=ISSUING.issue("sha-1", *RESPONDER, NO_CHECK, sha1=True)),
        answer(by=ISSUING.issue("late", *RESPONDER, NO_CHECK, start=NOW - DAY / 2)),
        answer(by=ROOT.issue("above", *RESPONDER, NO_CHECK)),
        answer(by=IMPOSTOR),
        answer(by=ROOT),
        answer(by=OTHER),
        ROOT.answer(ROOT.single(LEAF)),
        answer(sha1=True),
    ],
    ids=plain,
)
def test_an_answer_that_is_not_authentic_or_not_about_it_is_none(source: bytes):
    assert status(source).status == "missing"


def test_harmless_extensions_and_digital_signature_change_nothing():
    signs = (usage(digital_signature=True), True)
    responder = ISSUING.issue("usual", *RESPONDER, NO_CHECK, signs)
    assert status(answer(extensions=HARMLESS, by=responder)).status == "good"


def test_of_several_answers_in_one_the_right_and_the_worst_count():
    both = ISSUING.answer(ISSUING.single(OTHER, EARLIER), ISSUING.single(LEAF))
    assert status(both).status == "good"
    assert status(both, who=OTHER).status == "revoked"
    twice = ISSUING.answer(ISSUING.single(LEAF), ISSUING.single(LEAF, EARLIER))
    assert status(twice).status == "revoked"
    cutoff = _cutoff(NOW - YEAR)
    kept = ISSUING.answer(ISSUING.single(LEAF), ISSUING.single(EXPIRED, extensions=cutoff))
    assert status(kept, who=EXPIRED).status == "good"
    assert status(kept).status == "good"
    spoiled = ISSUING.answer(ISSUING.single(LEAF, extensions=CRITICAL), ISSUING.single(OTHER))
    assert status(spoiled).status == "missing"
    assert status(spoiled, who=OTHER).status == "good"


def test_a_responder_must_live_at_the_proven_time():
    brief = ISSUING.issue("brief", *RESPONDER, NO_CHECK, end=NOW + DAY)
    source = answer(by=brief)
    assert status(source, known_by=NOW + DAY).status == "good"
    assert status(source, known_by=NOW + 2 * DAY).status == "missing"
    assert status(source, known_by=NOW + 9 * YEAR, proven=NOW).status == "good"
    dead = ISSUING.issue("dead", *RESPONDER, NO_CHECK, end=NOW - 2 * DAY)
    assert status(answer(by=dead), proven=NOW - 3 * DAY).status == "missing"


def test_a_responder_without_nocheck_needs_a_status_where_it_names_a_place_to_ask():
    named = ISSUING.issue("named", *RESPONDER, place())
    source = answer(by=named)
    assert status(source).status == "missing"
    assert status(source, answer(named, by=named)).status == "missing", "not by itself"
    evidence = Evidence(ocsps=(source,))
    wanted = unproven_signers(LEAF.der, ISSUING.der, evidence, known_by=NOW)
    assert wanted == [(named.der, ISSUING.der)]
    assert status(source, answer(named, at=NOW - 2 * DAY)).status == "good"
    assert status(source, answer(named, at=NOW - 2 * DAY, by=RESPONDS)).status == "good"
    assert status(source, answer(named, at=NOW - 9 * DAY, until=NOW - 2 * DAY)).status == "missing"
    unnamed = ISSUING.issue("unnamed", *RESPONDER)
    assert status(answer(by=unnamed)).status == "good"
    asked = Evidence(ocsps=(answer(by=unnamed), answer(by=RESPONDS), answer()))
    assert unproven_signers(LEAF.der, ISSUING.der, asked, known_by=NOW) == []


@pytest.mark.parametrize("extensions", [(), (NO_CHECK,), (place(),)], ids=plain)
def test_a_revoked_responder_is_believed_no_more(extensions: tuple[Extension, ...]):
    known = ISSUING.issue(f"revoked responder {len(extensions)}", *RESPONDER, *extensions)
    source = answer(by=known)
    for at, expected in ((NOW - 2 * DAY, "missing"), (NOW, "missing"), (NOW + DAY, "good")):
        against = answer(known, at, "key_compromise", at=NOW + 2 * DAY, until=None)
        for certificates in ((), (ISSUING,)):
            found = status(source, against, known_by=NOW + 3 * DAY, proven=NOW, certificates=certificates)
            assert found.status == expected
    held = answer(known, NOW - DAY / 2, "certificate_hold", at=NOW + DAY)
    good = answer(known, at=NOW - 2 * DAY)
    found = status(source, good, held, known_by=NOW + 3 * DAY, proven=NOW)
    assert found.status == ("missing" if extensions == (place(),) else "good")


def test_nocheck_means_something_on_responders_alone():
    assert needs_no_check(RESPONDS.der)
    assert not needs_no_check(ISSUING.issue("leaf with it", NO_CHECK).der)
    assert not needs_no_check(LEAF.der)


# ── CRLs: whose business ──────────────────────────────────────────────────────────────────────────

PLACED = ISSUING.issue("placed leaf", place("http://crl.invalid/a"))
AUTHORITY = ROOT.issue("placed authority", *CA)
RELATIVE = x509.RelativeDistinguishedName([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a")])


@pytest.mark.parametrize(
    ("who", "point", "expected"),
    [
        (PLACED, idp("http://crl.invalid/a"), "good"),
        (PLACED, idp("http://crl.invalid/b"), "missing"),
        (PLACED, idp(only_contains_user_certs=True), "good"),
        (PLACED, idp(only_contains_ca_certs=True), "missing"),
        (PLACED, idp(only_contains_attribute_certs=True), "missing"),
        (PLACED, idp(indirect_crl=True), "good"),
        (PLACED, idp(relative_name=RELATIVE), "missing"),
        (LEAF, idp("http://crl.invalid/a"), "missing"),
        (LEAF, idp(full_name=[x509.DirectoryName(name("issuing"))]), "good"),
        (LEAF, idp(full_name=[x509.DirectoryName(name("other"))]), "missing"),
        (PLACED, (UNKNOWN, True), "missing"),
        (PLACED, (UNKNOWN, False), "good"),
    ],
    ids=plain,
)
def test_a_crl_speaks_within_its_scope(who: Holder, point: Extension, expected: str):
    assert status(ISSUING.crl(extensions=(point,)), who=who).status == expected
    revoked = ISSUING.crl((who, EARLIER), extensions=(point,))
    assert status(revoked, who=who).status == ("missing" if expected == "missing" else "revoked")


def test_a_relative_place_hangs_below_the_issuer():
    point = x509.DistributionPoint(None, RELATIVE, None, None)
    who = ISSUING.issue("relative leaf", (x509.CRLDistributionPoints([point]), False))
    assert status(ISSUING.crl(extensions=(idp(relative_name=RELATIVE),)), who=who).status == "good"
    whole = x509.Name([*name("issuing").rdns, RELATIVE])
    full = idp(full_name=[x509.DirectoryName(whole)])
    assert status(ISSUING.crl(extensions=(full,)), who=who).status == "good"
    assert status(ISSUING.crl(extensions=(idp("http://x.invalid"),)), who=who).status == "missing"


def test_lists_of_authorities_are_for_authorities():
    for point, expected in (
        (idp(only_contains_ca_certs=True), "good"),
        (idp(only_contains_user_certs=True), "missing"),
    ):
        found = status(ROOT.crl(extensions=(point,)), who=AUTHORITY, issuer=ROOT)
        assert found.status == expected


def test_an_unknown_critical_entry_spoils_the_whole_list():
    spoiled = ISSUING.crl((OTHER, EARLIER), entry_extensions=((UNKNOWN, True),))
    assert status(spoiled).status == "missing"
    assert status(spoiled, who=OTHER).status == "missing"
    assert status(ISSUING.crl((OTHER, EARLIER), entry_extensions=((UNKNOWN, False),))).status == "good"


@pytest.mark.parametrize(
    "source",
    [_tampered(ISSUING.crl()), ROOT.crl(), ISSUING.crl(by=ROOT), ISSUING.crl(by=IMPOSTOR), ISSUING.crl(sha1=True)],
    ids=plain,
)
def test_a_list_of_others_is_none(source: bytes):
    assert status(source).status == "missing"


def test_a_key_must_be_allowed_to_sign_lists():
    certifies = ROOT.issue("certifies only", CA[0], (usage(key_cert_sign=True), True))
    leaf = certifies.issue("its leaf")
    assert status(certifies.crl(), who=leaf, issuer=certifies).status == "missing"
    silent = ROOT.issue("without usage", CA[0])
    leaf = silent.issue("another leaf")
    assert status(silent.crl(), who=leaf, issuer=silent).status == "good"


# ── CRLs: some reasons each ───────────────────────────────────────────────────────────────────────


def _some(reasons: Any, *entries: Any, **options: Any) -> bytes:
    point = idp(only_some_reasons=frozenset(reasons))
    return ISSUING.crl(*entries, extensions=(point,), **options)


def test_every_reason_must_be_covered():
    assert status(_some(KEYS)).status == "missing"
    assert status(_some(KEYS), _some(KEYS, at=NOW - 2 * DAY)).status == "missing"
    assert status(_some(KEYS), _some(REST)).status == "good"
    assert status(_some(KEYS), ISSUING.crl(at=NOW - 2 * DAY)).status == "good"
    assert status(_some(KEYS), _some(REST, (LEAF, EARLIER, x509.ReasonFlags.superseded))).status == "revoked"
    assert status(_some(KEYS, (LEAF, EARLIER, COMPROMISED))).status == "revoked"


def test_of_lists_for_some_reasons_the_first_to_end_decides():
    brief = _some(REST, until=NOW + DAY)
    found = status(_some(KEYS), brief)
    assert found.item is not None
    assert found.item.der == brief
    assert status(_some(KEYS), brief, moment=NOW + 2 * DAY).status == "stale"


def test_a_hold_is_lifted_by_who_speaks_of_holds():
    held = _some(REST, (LEAF, EARLIER, HOLD), at=NOW - 3 * DAY)
    assert status(held, _some(KEYS)).status == "on-hold"
    assert status(held, _some(KEYS), _some(REST)).status == "good"


def test_reasons_of_the_certificate_limit_a_list_too():
    who = ISSUING.issue("limited leaf", place("http://crl.invalid/a", reasons=frozenset(KEYS)))
    assert status(ISSUING.crl(extensions=(idp("http://crl.invalid/a"),)), who=who).status == "missing"
    assert status(ISSUING.crl(), who=who).status == "good", "a list for all needs no place"


# ── CRLs: other signers ───────────────────────────────────────────────────────────────────────────

LISTS = ROOT.issue("list signer", (usage(crl_sign=True), True))
INDIRECT = idp(indirect_crl=True)
NAMING = ISSUING.issue("leaf with a list elsewhere", place("", issuers=[name("list signer")]))
ROOT_LIST = ROOT.crl(at=NOW - 3 * DAY)


def _named(authority: x509.Name) -> tuple[Extension, ...]:
    return ((x509.CertificateIssuer([x509.DirectoryName(authority)]), True),)


def elsewhere(*items: bytes, signer: Holder = LISTS, **options: Any) -> str:
    options = {"who": NAMING, "certificates": (ISSUING, signer), **options}
    return status(*items, **options).status


def test_an_indirect_list_speaks_where_the_certificate_names_its_signer():
    good = LISTS.crl(extensions=(INDIRECT,))
    assert elsewhere(good, ROOT_LIST) == "good"
    assert elsewhere(good, ROOT_LIST, anchor=None) == "missing"
    assert elsewhere(good, ROOT_LIST, certificates=()) == "missing"
    assert elsewhere(good, ROOT_LIST, who=LEAF) == "missing", "which does not name it"
    assert elsewhere(LISTS.crl(), ROOT_LIST) == "missing", "which is not indirect"
    assert elsewhere(good) == "missing", "whose signer has no status"
    wanted = unproven_signers(
        NAMING.der, ISSUING.der, Evidence((LISTS.der,), (), (good,)), known_by=NOW, anchor=ROOT.der
    )
    assert wanted == [(LISTS.der, ROOT.der)]


def test_entries_of_an_indirect_list_name_their_authority_or_inherit_it():
    def of(authority: x509.Name, *entries: Any) -> str:
        source = LISTS.crl(*entries, extensions=(INDIRECT,), entry_extensions=_named(authority))
        return elsewhere(source, ROOT_LIST)

    assert of(name("issuing"), (NAMING, EARLIER)) == "revoked"
    assert of(name("ISSUING"), (NAMING, EARLIER)) == "revoked", "names are compared, not letters"
    assert of(name("somebody"), (NAMING, EARLIER)) == "good"
    unnamed = LISTS.crl((NAMING, EARLIER), extensions=(INDIRECT,))
    assert elsewhere(unnamed, ROOT_LIST) == "good", "a certificate of the signer's own"
    inherited = _inheriting(name("issuing"), OTHER, NAMING)
    assert elsewhere(inherited, ROOT_LIST) == "revoked"


def _inheriting(authority: x509.Name, first: Holder, second: Holder) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(LISTS.certificate.subject)
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
        .add_extension(INDIRECT[0], critical=True)
    )
    for number, who in enumerate((first, second)):
        revoked = x509.RevokedCertificateBuilder().revocation_date(EARLIER)
        revoked = revoked.serial_number(who.certificate.serial_number)
        if number == 0:
            revoked = revoked.add_extension(_named(authority)[0][0], critical=True)
        builder = builder.add_revoked_certificate(revoked.build())
    return builder.sign(LISTS.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_another_signer_needs_the_right_a_path_and_a_status():
    indirect = (INDIRECT,)
    powerless = ROOT.issue("list signer", (usage(digital_signature=True), True))
    silent = ROOT.issue("list signer")
    stranger = root("elsewhere").issue("list signer", (usage(crl_sign=True), True))
    for signer in (powerless, silent, stranger):
        assert elsewhere(signer.crl(extensions=indirect), ROOT_LIST, signer=signer) == "missing"
        bad = signer.crl((NAMING, EARLIER), extensions=indirect, entry_extensions=_named(name("issuing")))
        assert elsewhere(bad, ROOT_LIST, signer=signer) == "missing", "nor do they revoke"
    brief = ROOT.issue("list signer", (usage(crl_sign=True), True), end=NOW + DAY)
    source = brief.crl(extensions=indirect)
    assert elsewhere(source, ROOT_LIST, signer=brief) == "good"
    assert elsewhere(source, ROOT_LIST, signer=brief, known_by=NOW + 2 * DAY) == "missing"
    late = {"known_by": NOW + 20 * YEAR, "proven": NOW}
    assert elsewhere(source, ROOT_LIST, signer=brief, **late) == "good"
    revoked = ROOT.crl((LISTS, NOW - 2 * DAY, COMPROMISED), at=NOW - DAY)
    assert elsewhere(LISTS.crl(extensions=indirect), ROOT_LIST, revoked) == "missing"


def test_an_authority_may_have_a_key_of_its_own_for_lists():
    """Same name, two certificates: one issues, the other signs lists (PKITS 4.4.19)."""
    twin = ROOT.issue("key for lists", CA[0], (usage(crl_sign=True), True), subject=name("issuing"))
    assert status(twin.crl(), ROOT_LIST, certificates=(twin,)).status == "good"
    assert status(twin.crl(), certificates=(twin,)).status == "missing"
    revoked = twin.crl((LEAF, EARLIER))
    assert status(revoked, certificates=(twin,)).status == "revoked"
    below = ISSUING.issue("vouches for itself", (usage(crl_sign=True), True), subject=name("issuing"))
    assert status(below.crl(), ROOT_LIST, certificates=(below, ISSUING)).status == "missing"


# ── delta CRLs ────────────────────────────────────────────────────────────────────────────────────

KEY_NAMED: Extension = (x509.AuthorityKeyIdentifier(b"another", None, None), False)
USERS = idp(only_contains_user_certs=True)
BASE = ISSUING.crl((OTHER, EARLIER, HOLD), at=NOW - 3 * DAY, number=5)


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (ISSUING.delta(base=5, number=6), "on-hold"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=5, number=6), "good"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=4, number=6), "good"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=6, number=7), "on-hold"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=5, number=5), "on-hold"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=5, number=6, by=IMPOSTOR), "on-hold"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=5, number=6, extensions=(USERS,)), "on-hold"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=5, number=6, extensions=(KEY_NAMED,)), "on-hold"),
        (ISSUING.delta((OTHER, EARLIER, REMOVED), base=5, number=6, at=NOW - 3 * DAY), "good"),
        (ISSUING.delta((OTHER, NOW, COMPROMISED), base=5, number=6), "revoked"),
        (ISSUING.delta((OTHER, NOW, COMPROMISED), base=9, number=10), "revoked"),
    ],
    ids=plain,
)
def test_a_delta_changes_the_base_it_belongs_to(delta: bytes, expected: str):
    assert status(BASE, delta, who=OTHER).status == expected


def test_a_delta_alone_proves_nothing_good():
    assert status(ISSUING.delta(base=5, number=6)).status == "missing"
    assert status(ISSUING.delta((LEAF, EARLIER, REMOVED), base=5, number=6)).status == "missing"
    assert status(ISSUING.delta((LEAF, EARLIER, HOLD), base=5, number=6)).status == "on-hold"
    assert status(ISSUING.delta((LEAF, EARLIER), base=5, number=6)).status == "revoked"


def test_base_and_delta_count_as_long_as_both_do():
    delta = ISSUING.delta(base=5, number=6, until=NOW + DAY)
    assert status(BASE, delta).item.der == delta  # type: ignore[union-attr]
    found = status(BASE, delta, moment=NOW + 2 * DAY)
    assert found.status == "good"
    assert found.item is not None
    assert found.item.der == BASE, "the base goes on by itself"
    assert status(BASE, delta, moment=NOW + 5 * DAY).status == "stale"
    old = ISSUING.crl(at=NOW - 9 * DAY, number=5)
    assert status(old, delta).status == "stale"


def test_a_delta_of_another_key_belongs_to_no_base():
    twin = ROOT.issue("key for lists", CA[0], (usage(crl_sign=True), True), subject=name("issuing"))
    lifting = twin.delta((OTHER, EARLIER, REMOVED), base=5, number=6)
    found = status(BASE, lifting, ROOT_LIST, who=OTHER, certificates=(twin, ISSUING))
    assert found.status == "on-hold"


def test_base_and_delta_are_proven_when_both_are():
    base, delta = (SHORT.crl(number=5, at=NOW - 3 * DAY, until=NOW - DAY), SHORT.delta(base=5, number=6))
    whole = SHORT.crl(number=5, at=NOW - 3 * DAY)
    late = {base: NOW, whole: NOW, delta: NOW + 3 * DAY}
    for first, last, expected in ((whole, delta, "good"), (base, delta, "stale")):
        found = revocation_status(
            OF_SHORT.der,
            SHORT.der,
            Evidence(crls=(first, last)),
            moment=NOW,
            known_by=NOW + 9 * DAY,
            proven=late.__getitem__,
        )
        assert found.status == expected
        assert found.item is not None
        assert found.item.der == first, "the delta is proven too late to add anything"


def test_base_and_delta_keep_expired_certificates_as_far_as_both_do():
    kept = {"number": 5, "at": NOW - 3 * DAY, "extensions": _expired_on_crl(NOW - YEAR)}
    base = ISSUING.crl((EXPIRED, EARLIER, HOLD), **kept)  # type: ignore[arg-type]
    for since, expected in ((NOW - 10 * DAY, "good"), (NOW - 9 * DAY, "on-hold")):
        delta = ISSUING.delta((EXPIRED, EARLIER, REMOVED), base=5, number=6, extensions=_expired_on_crl(since))
        assert status(base, delta, who=EXPIRED).status == expected


def test_a_delta_takes_no_revocation_back():
    base = ISSUING.crl((LEAF, EARLIER, COMPROMISED), at=NOW - 3 * DAY, number=5)
    delta = ISSUING.delta((LEAF, EARLIER, REMOVED), base=5, number=6)
    assert status(base, delta).status == "revoked"


# ── crowds ────────────────────────────────────────────────────────────────────────────────────────

MIDDLE = ROOT.issue("middle", *CA)
DEEP = MIDDLE.issue("deep", *CA)
OF_DEEP = DEEP.issue("leaf of the deep one")


def _crowd(label: str, count: int, private: Any = None, *extensions: Extension) -> list[Holder]:
    """Return certificates of a name that nobody certified, with keys of their own or a true one."""
    liar = root("liar")
    return [liar.issue(f"crowd {n}", *(extensions or CA), subject=name(label), private=private) for n in range(count)]


SAYS_NO_LISTS = (CA[0], (usage(key_cert_sign=True), True))


@pytest.mark.parametrize(
    "crowd",
    [
        _crowd("middle", 90),
        _crowd("middle", 90, MIDDLE.key, *SAYS_NO_LISTS),
        [*_crowd("middle", 90), *_crowd("middle", 90, MIDDLE.key)],
    ],
    ids=["other keys", "its key, without cRLSign", "both"],
)
def test_a_crowd_of_an_authoritys_name_hides_no_revocation(crowd: list[Holder]):
    asked: dict[str, Any] = {"who": OF_DEEP, "issuer": DEEP, "certificates": (MIDDLE, *crowd)}
    assert status(DEEP.crl(), **asked).status == "good"
    for against in (MIDDLE.crl((DEEP, EARLIER)), MIDDLE.answer(MIDDLE.single(DEEP, EARLIER))):
        assert status(DEEP.crl(), against, **asked).status == "missing"


def test_a_crowd_hides_nobody_who_signs_lists():
    signs = (usage(crl_sign=True), True)
    twin = ROOT.issue("key for lists", CA[0], signs, subject=name("issuing"))
    crowd = [*_crowd("issuing", 90, None, CA[0], signs), *_crowd("issuing", 30, twin.key, CA[0], signs)]
    found = status(twin.crl((LEAF, EARLIER)), ISSUING.crl(at=NOW - 2 * DAY), certificates=(twin, *crowd))
    assert found.status == "revoked"


def test_a_crowd_hides_no_renewed_certificate():
    renewed = ROOT.issue("short authority", *CA, end=NOW + 3 * YEAR)
    crowd = _crowd("short authority", 30, SHORT.key)
    asked = {"who": OF_SHORT, "issuer": SHORT, "known_by": NOW + 5 * DAY}
    found = status(SHORT.crl(), certificates=(renewed, *crowd), **asked)  # type: ignore[arg-type]
    assert found.status == "good"


def test_where_not_everything_was_looked_at_nothing_is_good():
    crowd = _crowd("middle", MAX_CHECKS + 1)
    asked: dict[str, Any] = {"who": OF_DEEP, "issuer": DEEP}
    assert status(DEEP.crl(), certificates=(MIDDLE, *crowd), **asked).status == "missing"
    signs = (usage(crl_sign=True), True)
    crowd = _crowd("deep", MAX_CHECKS + 1, None, CA[0], signs)
    unknown = DEEP.crl(by=IMPOSTOR)
    for other, expected in ((unknown, "missing"), (DEEP.crl((OF_DEEP, EARLIER)), "revoked")):
        found = status(DEEP.crl(), unknown, other, certificates=(MIDDLE, *crowd), **asked)
        assert found.status == expected
    assert status(DEEP.crl(), certificates=(MIDDLE, *crowd), **asked).status == "good"


# ── rows and rings of those who vouch ─────────────────────────────────────────────────────────────


def test_responders_that_vouch_for_each_other_are_given_up():
    """Asked in every order there is, nine of them would take a million questions."""
    ring = [ISSUING.issue(f"ring {n}", *RESPONDER, place()) for n in range(9)]
    sources = [answer(by=one) for one in ring]
    sources += [answer(of, by=one) for one in ring for of in ring if of is not one]

    def asked() -> int:
        info = statements.cache_info()
        return info.hits + info.misses

    before = asked()
    assert status(*sources).status == "missing"
    assert asked() - before < 4 * MAX_QUESTIONS
    assert status(*sources, answer(ring[3])).status == "good", "one of them is vouched for"
    evidence = Evidence(ocsps=tuple(sources))
    assert len(unproven_signers(LEAF.der, ISSUING.der, evidence, known_by=NOW)) == len(ring)


@pytest.mark.parametrize(("length", "expected"), [(MAX_STATUS_DEPTH, "good"), (MAX_STATUS_DEPTH + 1, "missing")])
def test_a_row_of_responders_is_followed_so_far(length: int, expected: str):
    row = [LEAF, *(ISSUING.issue(f"row {n}", *RESPONDER, place()) for n in range(length))]
    sources = [answer(of, by=by) for of, by in itertools.pairwise(row)]
    assert status(*sources, answer(row[-1])).status == expected


# ── hostile certificates ──────────────────────────────────────────────────────────────────────────


def test_what_is_no_certificate_has_no_status():
    evidence = Evidence((b"x", LEAF.der), (answer(),), (ISSUING.crl(),))
    for certificate, issuer in ((b"x", ISSUING.der), (LEAF.der, b"x"), (b"", b"")):
        found = revocation_status(certificate, issuer, evidence, moment=NOW, known_by=NOW)
        assert found.status == "missing"
        assert unproven_signers(certificate, issuer, evidence, known_by=NOW) == []
