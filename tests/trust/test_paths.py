"""Certification paths among certificates that anybody may have put there."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ecert.model.algorithms import digest_limit, key_limit
from ecert.model.roles import ANCHOR_ROLES
from ecert.trust.anchors import TrustAnchor
from ecert.trust.chains import MAX_CHECKED_SIGNATURES, MAX_HOLDERS, MAX_LENGTH, ChainSearch
from ecert.trust.paths import (
    MAX_PATHS,
    CertificatePath,
    PathFault,
    PathLink,
    find_path,
    find_paths,
    path_to,
    valid_paths,
    weakest_links,
)
from ecert.trust.signed import SignatureAlgorithm, certified_by
from ecert.trust.store import TrustStore
from ecert.trust.usage import refuse_document_signing, refuse_time_stamping
from tests.trust.authorities import CA, NOW, UNKNOWN, YEAR, Extension, Holder, key, name, root

ROOT = root()
ISSUING = ROOT.issue("issuing", *CA)
LEAF = ISSUING.issue("leaf")
SECOND = timedelta(seconds=2)  # certvalidator allows one of tolerance


def path(
    leaf: Holder = LEAF, *others: Holder | bytes, anchors: tuple[Holder, ...] = (ROOT,), at=NOW
) -> CertificatePath | PathFault:
    trust = TrustStore.from_certificates([a.certificate for a in anchors])
    ders = [o if isinstance(o, bytes) else o.der for o in others]
    return find_path(leaf.der, trust=trust, role="signer", others=ders, moment=at)


def ders(*holders: Holder) -> CertificatePath:
    return CertificatePath(tuple(h.der for h in holders))


def kind(found: CertificatePath | PathFault) -> str:
    return found.kind if isinstance(found, PathFault) else "path"


# ── what may lie beside a path ────────────────────────────────────────────────────────────────────


def test_order_duplicates_strangers_and_rubbish_change_nothing():
    middle = ROOT.issue("middle", *CA)
    below = middle.issue("below", *CA)
    leaf = below.issue("deep leaf")
    stranger = root("stranger")
    others: list[Holder | bytes] = [
        leaf,
        below,
        below,
        middle,
        ROOT,
        stranger,
        stranger.issue("middle", *CA),
        LEAF,
        b"",
        b"rubbish",
        b"\x30\x82\xff\xff",
        below.der[:-1],
        b"\x30\x00",
    ]
    for seed in range(10):
        random.Random(seed).shuffle(others)
        assert path(leaf, *others) == ders(leaf, below, middle, ROOT)


def test_names_are_compared_as_the_standard_says():
    """RFC 5280, 7.1: letter case, runs of spaces and the kind of string do not matter."""
    written = x509.NameAttribute(NameOID.COMMON_NAME, "Cơ Quan  Mẫu ")
    spelled = ROOT.issue("spelled", *CA, subject=x509.Name([written]))
    said = ROOT.issue("spelled", *CA, subject=name("cơ quan mẫu"))
    leaf = said.issue("leaf of it")
    assert path(leaf, spelled) == ders(leaf, spelled, ROOT)


def test_two_authorities_of_one_name_and_serial_number_are_two():
    first = ROOT.issue("one", *CA, subject=name("shared"), serial=7)
    second = ROOT.issue("two", *CA, subject=name("shared"), serial=7)
    for authority in (first, second):
        leaf = authority.issue("leaf")
        for others in ((first, second), (second, first)):
            assert path(leaf, *others) == ders(leaf, authority, ROOT)


def test_a_leaf_may_share_name_and_serial_number_with_its_issuer():
    authority = ROOT.issue("shared", *CA, serial=9)
    leaf = authority.issue("shared leaf", subject=name("root"), serial=authority.certificate.serial_number)
    assert path(leaf, authority) == ders(leaf, authority, ROOT)


def test_a_renewed_authority_is_found_behind_its_expired_certificate():
    old = ROOT.issue("issuing", *CA, start=NOW - 3 * YEAR, end=NOW - YEAR)
    assert path(LEAF, old, ISSUING) == ders(LEAF, ISSUING, ROOT)
    assert kind(path(LEAF, old)) == "expired"
    assert kind(path(LEAF, old, ISSUING, at=NOW - 2 * YEAR)) == "not-yet-valid"


def test_cross_certificates_lead_to_either_anchor():
    other = root("other root")
    cross = other.issue("issuing", *CA)
    assert path(LEAF, ISSUING, cross, anchors=(other,)) == ders(LEAF, cross, other)
    assert path(LEAF, ISSUING, cross) == ders(LEAF, ISSUING, ROOT)
    for seed in range(10):
        others = [ISSUING, cross, other, ROOT]
        random.Random(seed).shuffle(others)
        found = {path(LEAF, *others, anchors=pair) for pair in ((ROOT, other), (other, ROOT))}
        assert len(found) == 1, "which of two valid paths is taken depends on nothing but them"


def test_rings_end():
    ring = [root(f"ring {n}") for n in range(4)]
    turned = [ring[n].issue(f"ring {(n + 1) % 4}", *CA) for n in range(4)]
    leaf = ring[0].issue("leaf of a ring")
    assert kind(path(leaf, *turned, *ring)) == "no-path"
    gate = ROOT.issue("ring 2", *CA)
    found = path(leaf, *turned, gate)
    assert isinstance(found, CertificatePath)
    assert found.certificates[-2:] == (gate.der, ROOT.der)


@pytest.mark.parametrize(("length", "expected"), [(MAX_LENGTH, "path"), (MAX_LENGTH + 1, "no-path")])
def test_long_paths_are_followed_up_to_a_limit(length: int, expected: str):
    chain = [ROOT]
    while len(chain) < length:
        chain.append(chain[-1].issue(f"level {len(chain)}", *CA))
    assert kind(path(chain[-1], *chain[:-1])) == expected


# ── built to be searched for ever ─────────────────────────────────────────────────────────────────


def test_many_of_one_name_cost_a_bounded_number_of_signatures():
    """All have the leaf's issuer's name and are certified; eight of them by the root itself."""
    crowd = [ROOT.issue(f"crowd {n}", *CA, subject=name("crowd")) for n in range(8)]
    crowd += [crowd[n % 8].issue(f"crowd {n}", *CA, subject=name("crowd")) for n in range(8, 200)]
    stranger = root("nobody's").issue("leaf of the crowd")
    forged = x509.load_der_x509_certificate(stranger.der.replace(b"nobody's", b"crowd   "))
    leaf = Holder(forged, stranger.key)
    before = certified_by.cache_info().misses
    assert kind(path(leaf, *crowd)) == "invalid"
    assert certified_by.cache_info().misses - before <= MAX_CHECKED_SIGNATURES + MAX_HOLDERS
    before = certified_by.cache_info().misses
    path(crowd[150].issue("leaf from the back"), *crowd)
    assert 8 < certified_by.cache_info().misses - before <= MAX_CHECKED_SIGNATURES
    honest = crowd[7].issue("honest leaf")
    assert path(honest, *crowd) == ders(honest, crowd[7], ROOT)


def _crowd(count: int, *, of: Holder) -> list[Holder]:
    """Return certificates of an authority's name that nobody certified, half of them with its own key."""
    liar = root("liar")
    signs_as_root = Holder(ROOT.certificate, liar.key)
    return [
        (liar if n % 4 < 2 else signs_as_root).issue(
            f"crowd {n}", *CA, subject=of.certificate.subject, private=of.key if n % 2 else None
        )
        for n in range(count)
    ]


def test_a_crowd_of_its_name_and_key_hides_no_authority():
    below = ISSUING.issue("below", *CA)
    leaf = below.issue("leaf in a crowd")
    others = [ISSUING, below, *_crowd(200, of=ISSUING), *_crowd(200, of=below)]
    others += [h.issue("below", *CA) for h in _crowd(80, of=ISSUING) if h.key != ISSUING.key]
    assert path(leaf, *others) == ders(leaf, below, ISSUING, ROOT)


def test_made_up_certificates_lead_nowhere_and_multiply_nothing():
    """Each of 30 has the true key and is certified by each of 30 of another name: 900 roads to nowhere."""
    outer = [root("liar") for _ in range(30)]
    inner = [o.issue("issuing", *CA, private=ISSUING.key) for o in outer]
    others = [o.der for o in outer] + [i.der for i in inner] + [ISSUING.der]
    search = ChainSearch(LEAF.der, [ROOT.der], others, NOW)
    assert list(search.chains(verified=True)) == [(LEAF.der, ISSUING.der, ROOT.der)]
    assert not search.gave_up


def test_a_search_that_was_given_up_says_so():
    crowd = [ISSUING.issue(f"crowd {n}", *CA, subject=name("crowd")) for n in range(MAX_CHECKED_SIGNATURES + 9)]
    leaf = root("nobody's").issue("leaf of the crowd")
    forged = leaf.der.replace(b"nobody's", b"crowd   ")
    others = (ISSUING.der, *(c.der for c in crowd))
    found = valid_paths(forged, (ROOT.der,), others, NOW)
    assert found.found == ()
    assert found.gave_up
    assert not valid_paths(LEAF.der, (ROOT.der,), others, NOW).gave_up


def test_towers_of_cross_certificates_are_given_up():
    """Two authorities on each of 20 floors, each certified by both above: a million paths to nowhere."""
    floors = [[root(f"floor {n}{side}") for side in "ab"] for n in range(20)]
    cross = [upper.issue(f"floor {n}{side}", *CA) for n in range(19) for side in "ab" for upper in floors[n + 1]]
    leaf = floors[0][0].issue("leaf of the tower")
    search = ChainSearch(leaf.der, [ROOT.der], [c.der for c in cross], NOW)
    assert list(search.chains(verified=True)) == []
    assert kind(path(leaf, *cross)) == "no-path"
    gates = [ROOT.issue("floor 5a", *CA) for _ in range(3 * MAX_PATHS)]
    assert kind(path(leaf, *cross, *gates)) == "path"


# ── what is wrong with a path ─────────────────────────────────────────────────────────────────────


def test_faults_are_told_apart():
    assert kind(path(LEAF)) == "no-path"
    assert kind(path(LEAF, ISSUING, anchors=(root("other root"),))) == "no-path"
    assert kind(path(LEAF, ISSUING, at=NOW + YEAR)) == "path"
    expired = path(LEAF, ISSUING, at=NOW + YEAR + SECOND)
    assert (kind(expired), expired.time) == ("expired", NOW + YEAR)  # type: ignore[union-attr]
    early = path(LEAF, ISSUING, at=NOW - YEAR - SECOND)
    assert (kind(early), early.time) == ("not-yet-valid", NOW - YEAR)  # type: ignore[union-attr]
    assert kind(find_path(LEAF.der, trust=None, role=None, others=(), moment=NOW)) == "no-path"
    assert kind(path_to(b"rubbish", [ROOT.der], (), NOW)) == "invalid"
    trust = TrustStore.from_certificates([ROOT.certificate])
    assert kind(find_path(b"", trust=trust, role=None, others=(), moment=NOW)) == "invalid"


@pytest.mark.parametrize(
    "extensions",
    [(), (CA[0], (x509.KeyUsage(*[True] + [False] * 8), True)), (*CA, (UNKNOWN, True))],
    ids=["no-ca", "no-certificates", "critical"],
)
def test_who_may_not_issue_leads_nowhere(extensions: tuple[Extension, ...]):
    authority = ROOT.issue("authority", *extensions)
    assert kind(path(authority.issue("leaf"), authority)) == "invalid"


def test_a_forged_signature_is_told_as_such():
    forged = LEAF.der[:-1] + bytes([LEAF.der[-1] ^ 1])
    found = path_to(forged, [ROOT.der], [ISSUING.der], NOW)
    assert isinstance(found, PathFault)
    assert str(found.reason) == "the signature of the end-entity certificate could not be verified"
    twin = ROOT.issue("twin", *CA, subject=name("issuing"))
    assert kind(path_to(forged, [ROOT.der], [ISSUING.der, twin.der], NOW)) == "invalid"


def test_an_algorithm_that_does_not_fit_the_key_is_a_fault():
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    authority = ROOT.issue("rsa authority", *CA, private=other)
    ecdsa = ROOT.issue("rsa authority", *CA)
    leaf = ecdsa.issue("leaf")
    assert kind(path(leaf, authority)) == "invalid"
    assert path(leaf, ecdsa, authority) == ders(leaf, ecdsa, ROOT)
    assert kind(path(authority.issue("leaf"), ecdsa)) == "invalid"


def _with_extension_twice(holder: Holder) -> bytes:
    found = asn1.Certificate.load(holder.der)
    found["tbs_certificate"]["extensions"].append(found["tbs_certificate"]["extensions"][0].copy())
    data = found["tbs_certificate"].dump(force=True)
    found["signature_value"] = key("root").sign(data, ec.ECDSA(hashes.SHA256()))
    return bytes(found.dump(force=True))


def test_one_extension_twice_is_read_in_two_ways_and_refused():
    """RFC 5280, 4.2: not more than one instance of a particular extension."""
    leaf = ROOT.issue("leaf", (x509.BasicConstraints(ca=False, path_length=None), True))
    assert path(leaf) == ders(leaf, ROOT)
    twice = _with_extension_twice(leaf)
    assert certified_by(twice, ROOT.der) is not None
    assert kind(path_to(twice, [ROOT.der], [], NOW)) == "invalid"
    told = "the extension basicConstraints stands twice in the certificate “leaf”"
    assert str(refuse_document_signing(twice)) == told
    assert str(refuse_time_stamping(twice)) == told


# ── several paths ─────────────────────────────────────────────────────────────────────────────────


def test_every_valid_path_is_given_shortest_first():
    other = root("other root")
    middle = other.issue("middle", *CA)
    cross, longer = other.issue("issuing", *CA), middle.issue("issuing", *CA)
    expired = other.issue("issuing", *CA, start=NOW - 3 * YEAR, end=NOW - YEAR)
    trust = TrustStore.from_certificates([ROOT.certificate, other.certificate])
    others = [middle.der, cross.der, expired.der, longer.der, ISSUING.der]

    def found(leaf: bytes = LEAF.der, **options: int) -> list[CertificatePath]:
        return list(find_paths(leaf, trust=trust, role="signer", others=others, moment=NOW, **options))

    short = {ders(LEAF, ISSUING, ROOT), ders(LEAF, cross, other)}
    assert len(found()) == 3
    assert set(found()[:2]) == short
    assert found()[2] == ders(LEAF, longer, middle, other)
    first = find_path(LEAF.der, trust=trust, role="signer", others=others, moment=NOW)
    assert found()[0] == first
    given = found()
    for seed in range(5):
        random.Random(seed).shuffle(others)
        assert found() == given
    assert [found(most=most) for most in (0, 1, 2)] == [[], given[:1], given[:2]]
    assert found(b"rubbish") == []
    assert all(p.believed_until is not None for p in given)


def test_an_anchor_itself_and_nobody_have_no_further_paths():
    trust = TrustStore.from_certificates([LEAF.certificate, ROOT.certificate])
    asked = {"trust": trust, "role": "signer", "others": [ISSUING.der], "moment": NOW}
    assert list(find_paths(LEAF.der, **asked)) == [CertificatePath((LEAF.der,), direct=True)]  # type: ignore[arg-type]
    assert list(find_paths(LEAF.der, **{**asked, "trust": None})) == []  # type: ignore[arg-type]


# ── anchors ───────────────────────────────────────────────────────────────────────────────────────


def test_an_anchor_is_believed_until_its_certificate_ends():
    """RFC 5280, 6.1.1 (d): how long, is the trust store's to say; the proven time decides."""
    old = root("old root", start=NOW - 9 * YEAR, end=NOW - YEAR)
    leaf = old.issue("leaf below it", start=NOW - 4 * YEAR)
    assert path(leaf, anchors=(old,), at=NOW - 2 * YEAR) == ders(leaf, old)
    fault = path(leaf, anchors=(old,))
    assert isinstance(fault, PathFault)
    assert str(fault.reason) == "its trust anchor is not believed at that time"


def test_a_window_says_how_long_an_anchor_is_believed():
    old = root("old root", start=NOW - 9 * YEAR, end=NOW - YEAR)
    leaf = old.issue("leaf below it", start=NOW - 4 * YEAR)
    anchor = TrustAnchor(old.der, frozenset(ANCHOR_ROLES), valid_until=NOW + YEAR)
    store = TrustStore((anchor,))
    found = find_path(leaf.der, trust=store, role="signer", others=(), moment=NOW)
    assert found == ders(leaf, old)
    assert isinstance(found, CertificatePath)
    assert found.believed_until == NOW + YEAR
    later = find_path(leaf.der, trust=store, role="signer", others=(), moment=NOW + YEAR)
    assert isinstance(later, PathFault)


def test_a_path_tells_how_long_its_anchor_is_believed():
    """Of several windows for one certificate and role, the last to end counts."""
    end = ROOT.certificate.not_valid_after_utc
    signers, seals = frozenset({"signer"}), frozenset({"seal"})

    def until(*anchors: TrustAnchor) -> datetime | None:
        found = find_path(ISSUING.der, trust=TrustStore(anchors), role="signer", others=(), moment=NOW)
        assert isinstance(found, CertificatePath)
        return found.believed_until

    brief = TrustAnchor(ROOT.der, signers, valid_until=NOW + SECOND)  # type: ignore[arg-type]
    longer = TrustAnchor(ROOT.der, signers, valid_until=end + YEAR)  # type: ignore[arg-type]
    plain = TrustAnchor(ROOT.der, signers)  # type: ignore[arg-type]
    elsewhere = TrustAnchor(ROOT.der, seals, valid_until=end + 2 * YEAR)  # type: ignore[arg-type]
    assert until(brief) == NOW + SECOND
    assert until(brief, longer, elsewhere) == end + YEAR
    without = until(brief, plain)
    assert without is not None
    assert end < without < end + SECOND, "its last second is part of it"


def test_a_path_ends_at_the_first_anchor():
    assert path(LEAF, ISSUING, ROOT, anchors=(ISSUING,)) == ders(LEAF, ISSUING)
    assert path(LEAF, ISSUING, anchors=(ISSUING, ROOT)) == ders(LEAF, ISSUING)


def test_a_leaf_that_is_an_anchor_stands_for_itself_in_its_time():
    found = path(LEAF, anchors=(LEAF,))
    assert found == CertificatePath((LEAF.der,), direct=True)
    assert kind(path(LEAF, anchors=(LEAF,), at=NOW + 2 * YEAR)) == "expired"
    assert kind(path(LEAF, anchors=(LEAF,), at=NOW - 2 * YEAR)) == "not-yet-valid"
    below = LEAF.issue("below a leaf")
    assert kind(path(below, LEAF, anchors=(LEAF,))) == "no-path"


# ── algorithms ────────────────────────────────────────────────────────────────────────────────────


def test_weak_links_are_refused_from_the_day_they_were_given_up():
    old = root("old", start=datetime(2009, 1, 1, tzinfo=UTC))
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    ages = {"start": datetime(2010, 1, 1, tzinfo=UTC)}
    authority = old.issue("short key", *CA, private=short, **ages)  # type: ignore[arg-type]
    leaf = authority.issue("leaf", **ages)  # type: ignore[arg-type]
    sha1 = old.issue("sha-1 leaf", sha1=True, **ages)  # type: ignore[arg-type]
    for found, others, end in (
        (leaf, [authority], key_limit("rsa-pkcs1", 1024).until),
        (sha1, [], digest_limit("sha1").until),
    ):
        assert end is not None
        assert kind(path(found, *others, anchors=(old,), at=end - SECOND)) == "path"
        fault = path(found, *others, anchors=(old,), at=end)
        assert (kind(fault), fault.time) == ("weak", end)  # type: ignore[union-attr]


def test_a_forecast_refuses_nothing():
    long = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    authority = ROOT.issue("rsa", *CA, private=long)
    limit = key_limit("rsa-pkcs1", 2048)
    assert limit.passed(NOW)
    assert limit.forecast
    assert kind(path(authority.issue("leaf"), authority)) == "path"
    assert SignatureAlgorithm("rsa-pkcs1", "sha256", 2048).reliable(NOW)


def test_links_are_told_for_a_dated_judgement():
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    authority = ROOT.issue("short key", *CA, private=short, sha1=True)
    leaf = authority.issue("leaf")
    found = weakest_links(ders(leaf, authority, ROOT))
    assert found == [PathLink(leaf.der, "rsa-pkcs1", "sha256", 1024), PathLink(authority.der, "ecdsa", "sha1", 256)]
    assert weakest_links(CertificatePath((LEAF.der,), direct=True)) == []
    unreadable = weakest_links(CertificatePath((b"x", b"y")))
    assert unreadable == [PathLink(b"x", "unknown", "unknown", 0)]
    assert key_limit("unknown", 0).passed(NOW)
    assert digest_limit("unknown").passed(NOW)
