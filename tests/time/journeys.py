"""Copies that travel through time: how each was made, when it is judged, and what must come out.

``dss`` tells what EU DSS says of the same file at the same time: ``AGREES``, or what it says instead
and why ours stands. None: DSS is not asked, because the case needs evidence from outside the file or
a policy that DSS's default one does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

import ecert
from ecert.formats.pades import cms_writer
from ecert.formats.pades.increments import append_validation_data
from ecert.formats.pdf import read_document
from ecert.sign.steps import append_archive, finish_signature, lay_out_signature
from ecert.stages import CertifiedCopy, SignedCopy
from ecert.testing import Office
from ecert.testing.hierarchy import VALIDITY
from ecert.trust.client import Client
from tests.kit import small_page

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # a Monday morning in Vietnam
DAY, YEAR = timedelta(days=1), timedelta(days=365)

PASSED = ("TOTAL-PASSED", None)
AGREES = "agrees"


@dataclass(frozen=True)
class Journey:
    """A file, whom to believe, what else is known, and the time of validation."""

    data: bytes
    anchors: list[x509.Certificate]
    at: datetime
    evidence: ecert.Evidence = field(default_factory=ecert.Evidence)

    def judge(self, **options: Any) -> ecert.Report:
        trust = ecert.TrustStore.from_certificates(self.anchors)
        return ecert.verify_copy(self.data, **{"trust": trust, "at": self.at, "evidence": self.evidence, **options})


@dataclass(frozen=True)
class Instead:
    """What DSS says where it does not say the same."""

    signer: tuple[str, str | None]
    seal: tuple[str, str | None]
    why: str


@dataclass(frozen=True)
class Expected:
    """What must come out: the verdict, ETSI's words for both signatures, the codes that explain them."""

    verdict: str
    signer: tuple[str, str | None] = PASSED
    seal: tuple[str, str | None] = PASSED
    codes: tuple[str, ...] = ()
    dss: str | Instead | None = AGREES
    options: dict[str, Any] = field(default_factory=dict)


_DSS_NO_DATA = ("INDETERMINATE", "CERTIFICATE_CHAIN_GENERAL_FAILURE")
_NO_DATA = (
    "it has this word of its own policy for revocation data that is missing; table 6 has TRY_LATER, "
    "or what is wrong besides"
)

JOURNEYS: dict[str, tuple[Callable[[], Journey], Expected]] = {}


def journey(expected: Expected) -> Callable[[Callable[[Office], Journey]], Callable[[Office], Journey]]:
    """Enter a journey that begins in a fresh office."""

    def enter(make: Callable[[Office], Journey]) -> Callable[[Office], Journey]:
        def begin() -> Journey:
            with office() as founded:
                return make(founded)

        JOURNEYS[make.__name__.replace("_", "-")] = (begin, expected)
        return make

    return enter


@contextmanager
def office(**options: Any) -> Iterator[Office]:
    """Found an office on that Monday."""
    with Office.create(**{"now": NOW, "algorithm": "p256", **options}) as founded:
        yield founded


def certify(office: Office, level: str = "B-LTA") -> CertifiedCopy:
    scan = ecert.Scan.from_files([small_page()])
    return office.certify(scan=scan, level=level)


def extend(office: Office, copy: CertifiedCopy, **options: Any) -> CertifiedCopy:
    return ecert.extend_copy(copy, trust=office.trust, services=office.services, at=office.clock.now(), **options)


def arrive(office: Office, copy: CertifiedCopy | bytes, evidence: Any = None) -> Journey:
    """Judge now, by the office's clock."""
    data = copy if isinstance(copy, bytes) else copy.to_bytes()
    return Journey(data, office.anchors, office.clock.now(), evidence or ecert.Evidence())


def statuses(office: Office) -> ecert.Evidence:
    """Return what every authority says now."""
    holders = (office.signer, office.seal, office.tsa)
    return ecert.Evidence.of(
        ocsps=[office.ocsp(each) for each in holders],
        crls=[office.crl(each) for each in office.responders.authorities.values()],
    )


# ── the plain life of a copy ─────────────────────────────────────────────────────────────────────


@journey(Expected("VALID"))
def on_the_day(office: Office) -> Journey:
    return arrive(office, certify(office))


@journey(Expected("VALID", codes=("archive-status-dated",)))
def a_year_later(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=365)
    return arrive(office, copy)


@journey(Expected("VALID", codes=("archive-status-dated",)))
def after_signer_and_seal_expired(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=3 * 365)
    return arrive(office, copy)


@journey(
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("expired-unproven-time", "timestamp-not-trusted"),
        dss=Instead(
            ("INDETERMINATE", "OUT_OF_BOUNDS_NOT_REVOKED"),
            ("INDETERMINATE", "OUT_OF_BOUNDS_NOT_REVOKED"),
            "its default policy asks for no freshness (5.2.5); what was said two years before the "
            "certificates ended does not tell that they were not revoked in their time",
        ),
    )
)
def after_the_time_stamp_authority_expired(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=6 * 365)
    return arrive(office, copy)


@journey(Expected("VALID", codes=("archive-status-dated",)))
def renewed_before_the_time_stamp_authority_expired(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=4 * 365)
    office.renew_tsa(new_root=True)
    renewed = extend(office, copy)
    office.clock.advance(days=2 * 365)
    return arrive(office, renewed)


@journey(Expected("VALID", codes=("archive-status-dated",)))
def renewed_twice_with_new_authorities(office: Office) -> Journey:
    copy = certify(office)
    for _ in range(2):
        office.clock.advance(days=4 * 365)
        office.renew_tsa(new_root=True)
        copy = extend(office, copy)
    office.clock.advance(days=2 * 365)
    return arrive(office, copy)


@journey(Expected("VALID", codes=("archive-status-dated",)))
def thirty_years_later(office: Office) -> Journey:
    copy = certify(office)
    for _ in range(7):
        office.clock.advance(days=4 * 365)
        office.renew_tsa(new_root=True)
        copy = extend(office, copy)
    office.clock.advance(days=2 * 365)
    return arrive(office, copy)


def _short_lived_responders() -> Journey:
    """OCSP responders' certificates live for a week, as in the field; the copy is judged years later."""
    week = (DAY, 7 * DAY)
    with office(validity={"issuing_ocsp": week, "tsa_ocsp": week}) as founded:
        copy = certify(founded)
        founded.clock.advance(days=3 * 365)
        return arrive(founded, copy)


JOURNEYS["responders-that-lived-for-a-week"] = (
    _short_lived_responders,
    Expected("VALID", codes=("archive-status-dated",)),
)


# ── before the archive time-stamp ────────────────────────────────────────────────────────────────


@journey(Expected("VALID", codes=("level-below-promise",)))
def b_lt_today(office: Office) -> Journey:
    return arrive(office, _sealed(office, "B-LT"))


@journey(Expected("VALID", codes=("archive-status-dated", "level-below-promise")))
def b_lt_after_the_crls_next_update(office: Office) -> Journey:
    copy = _sealed(office, "B-LT")
    office.clock.advance(days=30)
    return arrive(office, copy)


@journey(Expected("VALID", codes=("archive-status-dated",)))
def b_lt_signer_expired(office: Office) -> Journey:
    copy = _sealed(office, "B-LT")
    office.clock.advance(days=3 * 365)
    return arrive(office, copy)


@journey(
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "OUT_OF_BOUNDS_NOT_REVOKED"),
        ("INDETERMINATE", "OUT_OF_BOUNDS_NOT_REVOKED"),
        ("expired-unproven-time", "time-not-proven"),
        dss=None,
    )
)
def b_b_signer_expired(office: Office) -> Journey:
    """What the CA said in the certificates' last hour: they ended without having been revoked."""
    copy = certify(office, "B-B")
    office.clock.set(office.signer.certificate.not_valid_after_utc - timedelta(hours=1))
    known = statuses(office)
    office.clock.set(NOW + 3 * YEAR)
    return arrive(office, copy, known)


@journey(
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("expired-unproven-time",),
        dss=Instead(_DSS_NO_DATA, _DSS_NO_DATA, _NO_DATA),
    )
)
def b_b_signer_expired_nothing_known(office: Office) -> Journey:
    copy = certify(office, "B-B")
    office.clock.advance(days=3 * 365)
    return arrive(office, copy)


@journey(
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "TRY_LATER"),
        ("INDETERMINATE", "TRY_LATER"),
        ("revocation-missing", "evidence-after-time", "claimed-time-ahead"),
        dss=Instead(
            PASSED,
            PASSED,
            "it takes time-stamps and revocation data from the future; a proof of existence lies at or "
            "before the time of validation (5.6.2.3), which is the current time here",
        ),
    )
)
def judged_before_the_signatures(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=-1)
    return arrive(office, copy)


# ── revocation ───────────────────────────────────────────────────────────────────────────────────


@journey(Expected("VALID", dss=None))
def signer_revoked_after(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=30)
    office.revoke("signer")
    office.clock.advance(days=1)
    return arrive(office, copy, statuses(office))


@journey(Expected("INVALID", ("TOTAL-FAILED", "REVOKED"), codes=("revoked-before-signing",), dss=None))
def signer_revoked_before(office: Office) -> Journey:
    """The CA makes a revocation known that lies before the signature (RFC 5280, 5.3.2 allows it)."""
    copy = certify(office)
    office.clock.advance(days=1)
    office.revoke("signer", at=NOW - DAY)
    return arrive(office, copy, statuses(office))


@journey(Expected("INDETERMINATE", ("INDETERMINATE", "REVOKED_NO_POE"), codes=("revoked-unproven-time",), dss=None))
def signer_revoked_no_time_proven(office: Office) -> Journey:
    copy = certify(office, "B-B")
    office.clock.advance(days=1)
    office.revoke("signer")
    office.clock.advance(hours=1)
    return arrive(office, copy, statuses(office))


@journey(Expected("INDETERMINATE", ("INDETERMINATE", "TRY_LATER"), codes=("certificate-suspended",), dss=None))
def signer_on_hold_no_time_proven(office: Office) -> Journey:
    copy = certify(office, "B-B")
    office.clock.advance(days=1)
    office.revoke("signer", reason="certificateHold")
    office.clock.advance(hours=1)
    return arrive(office, copy, statuses(office))


@journey(Expected("VALID", dss=None))
def signer_on_hold_after_the_proven_time(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=1)
    office.revoke("signer", reason="certificateHold")
    office.clock.advance(hours=1)
    return arrive(office, copy, statuses(office))


@journey(Expected("VALID", codes=("time-not-proven",), dss=None))
def signer_released_from_hold(office: Office) -> Journey:
    """A complete CRL and a delta with removeFromCRL (RFC 5280, 5.3.1); no OCSP answer helps."""
    copy = certify(office, "B-B")
    office.clock.advance(days=1)
    office.revoke("signer", reason="certificateHold")
    office.clock.advance(hours=1)
    office.responders.delta_base = office.clock.now()
    crls = [office.crl(each) for each in office.responders.authorities.values()]
    office.clock.advance(hours=1)
    office.release("signer")
    office.clock.advance(minutes=1)
    delta = office.responders.delta_crl(office.issuing.slug)
    return arrive(office, copy, ecert.Evidence.of(crls=[*crls, delta]))


@journey(
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "REVOKED_CA_NO_POE"),
        ("INDETERMINATE", "REVOKED_CA_NO_POE"),
        ("revoked-unproven-time",),
        dss=None,
    )
)
def ca_revoked_no_time_proven(office: Office) -> Journey:
    copy = certify(office, "B-B")
    known = statuses(office)
    office.clock.advance(hours=1)
    _revoke_ca(office)
    office.clock.advance(hours=1)
    return arrive(office, copy, known + ecert.Evidence(crls=(office.crl(office.root),)))


@journey(Expected("VALID", dss=None))
def ca_revoked_after_the_archive_time_stamp(office: Office) -> Journey:
    copy = certify(office)
    office.clock.advance(days=1)
    _revoke_ca(office)
    office.clock.advance(hours=1)
    return arrive(office, copy, ecert.Evidence(crls=(office.crl(office.root),)))


@journey(
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "TRY_LATER"),
        codes=("revocation-missing",),
        dss=Instead(_DSS_NO_DATA, PASSED, _NO_DATA),
    )
)
def one_answer_missing(office: Office) -> Journey:
    """The DSS lacks the OCSP answer about the signer; everything else is there."""
    signed = _signed(office)
    copy = _seal(office, signed, level="B-T")
    known = statuses(office)
    others = ecert.Evidence.of(
        [c for i in (office.signer, office.seal, office.tsa) for c in _chain(i)],
        known.ocsps[1:],
        [office.crl(office.root)],
    )
    return arrive(office, append_validation_data(read_document(copy.to_bytes()), others))


# ── authorities that end ─────────────────────────────────────────────────────────────────────────


def ca_expired(level: str) -> Journey:
    """The issuing CA ends a year after the signature, the time-stamp authorities live on."""
    with office(
        validity={
            "issuing": (3 * YEAR, YEAR),
            "signer": (YEAR, YEAR),
            "seal": (YEAR, YEAR),
            "issuing_ocsp": (YEAR, YEAR),
        }
    ) as founded:
        copy = certify(founded) if level == "B-LTA" else _sealed(founded, level)
        founded.clock.advance(days=2 * 365)
        return arrive(founded, copy)


JOURNEYS["ca-expired"] = (lambda: ca_expired("B-LTA"), Expected("VALID", codes=("archive-status-dated",)))
JOURNEYS["ca-expired-without-archive-time-stamp"] = (
    lambda: ca_expired("B-LT"),
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("revocation-unproven-time",),
    ),
)


# ── time-stamp authorities revoked ───────────────────────────────────────────────────────────────


@journey(
    Expected(
        "INDETERMINATE",
        ("INDETERMINATE", "TRY_LATER"),
        ("INDETERMINATE", "TRY_LATER"),
        ("timestamp-not-trusted", "time-not-proven", "revocation-stale"),
        dss=None,
    )
)
def time_stamp_authority_revoked(office: Office) -> Journey:
    """Whoever has its key can set any time: nothing proves that the time-stamps are older."""
    copy = certify(office)
    office.clock.advance(days=30)
    office.revoke("tsa")
    office.clock.advance(days=1)
    return arrive(office, copy, ecert.Evidence(ocsps=(office.ocsp(office.tsa),)))


@journey(Expected("VALID", codes=("timestamp-not-trusted", "time-not-proven"), dss=None))
def time_stamp_authority_revoked_signers_still_good(office: Office) -> Journey:
    """No time is proven any more, but the certificates are in their time and good today."""
    copy = certify(office)
    office.clock.advance(days=30)
    office.revoke("tsa")
    office.clock.advance(days=1)
    return arrive(office, copy, statuses(office))


@journey(Expected("VALID", dss=None))
def time_stamp_authority_retired(office: Office) -> Journey:
    """It ended in order (RFC 3161, 4 (1)): what it stamped before remains valid."""
    copy = certify(office)
    office.clock.advance(days=30)
    office.revoke("tsa", reason="cessationOfOperation")
    office.clock.advance(days=1)
    return arrive(office, copy, ecert.Evidence(ocsps=(office.ocsp(office.tsa),)))


@journey(Expected("VALID", dss=None))
def time_stamp_authority_revoked_after_the_renewal(office: Office) -> Journey:
    old = office.tsa
    copy = certify(office)
    office.clock.advance(days=30)
    office.renew_tsa(validity={"tsa": (DAY, 9 * YEAR)})
    copy = extend(office, copy)
    office.clock.advance(days=1)
    office.revoke(old)
    office.clock.advance(days=1)
    known = statuses(office) + ecert.Evidence(ocsps=(office.ocsp(old),))
    return arrive(office, copy, known)


# ── two desks ────────────────────────────────────────────────────────────────────────────────────


@journey(Expected("VALID"))
def sealed_days_after_signing(office: Office) -> Journey:
    signed = _signed(office)
    office.clock.advance(days=5)
    return arrive(office, _seal(office, signed))


@journey(Expected("VALID"))
def validation_data_between_signer_and_seal(office: Office) -> Journey:
    """Another tool brought the signer's revision to B-LT before the seal came."""
    signed = _signed(office)
    known = statuses(office)
    between = ecert.Evidence.of([c for i in (office.signer, office.tsa) for c in _chain(i)], known.ocsps, known.crls)
    data = append_validation_data(read_document(signed.to_bytes()), between)
    office.clock.advance(days=5)
    return arrive(office, _seal(office, SignedCopy.from_bytes(data)))


@journey(Expected("VALID", dss=None))
def signer_revoked_between_the_desks(office: Office) -> Journey:
    """The signer's time-stamp is older than the revocation; the DSS tells of both."""
    signed = _signed(office)
    office.clock.advance(days=2)
    office.revoke("signer", reason="cessationOfOperation")
    office.clock.advance(days=2)
    return arrive(office, _seal(office, signed))


# ── algorithms, then and now ─────────────────────────────────────────────────────────────────────

THEN = datetime(2009, 3, 2, 2, 0, tzinfo=UTC)
SIGNATURES = {"policy": "signatures"}
_LONG = (DAY, 25 * YEAR)
_LIVING = dict.fromkeys(VALIDITY, _LONG)
_NO_POE = ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")


def weak(
    algorithm: Any, digest: Any, end: datetime, at: datetime, renewed: datetime | None = None, tsa: Any = None
) -> Journey:
    """A file signed in 2009, in an office of that time; certificates live so long that nothing else ends."""
    with Office.create(
        now=THEN, algorithm=algorithm, tsa_algorithm=tsa or algorithm, digest=digest, validity=_LIVING
    ) as founded:
        data = _by_hand(founded, digest or "sha256")
        data = _archive(founded, data)
        if renewed is not None:
            founded.clock.set(renewed)
            founded.renew_tsa(new_root=True, algorithm="p256", digest="sha256")
            settled = {"Signer", "Seal"} | ({"Archive1"} if renewed > end else set())
            data = _archive(founded, data, settled)
        founded.clock.set(at)
        return arrive(founded, data)


def _enter_weak(name: str, algorithm: Any, digest: Any, end: datetime) -> None:
    def expected(verdict: str, outcome: tuple[str, str | None] = PASSED, codes: tuple[str, ...] = ()) -> Expected:
        return Expected(verdict, outcome, outcome, codes, options=SIGNATURES)

    after, before = end + 30 * DAY, end - 30 * DAY
    JOURNEYS[f"{name}-then"] = (lambda: weak(algorithm, digest, end, THEN + DAY / 2), expected("VALID"))
    JOURNEYS[f"{name}-now"] = (
        lambda: weak(algorithm, digest, end, after),
        expected("INDETERMINATE", _NO_POE, ("algorithm-unproven-time",)),
    )
    JOURNEYS[f"{name}-now-renewed-in-time"] = (
        lambda: weak(algorithm, digest, end, after, renewed=before),
        expected("VALID"),
    )
    JOURNEYS[f"{name}-now-renewed-too-late"] = (
        lambda: weak(algorithm, digest, end, after + DAY, renewed=after),
        expected("INDETERMINATE", _NO_POE, ("algorithm-unproven-time",)),
    )


_RSA_1024 = datetime(2019, 10, 1, tzinfo=UTC)
_enter_weak("sha-1", "rsa2048", "sha1", datetime(2012, 8, 1, tzinfo=UTC))
_enter_weak("rsa-1024", "rsa1024", None, _RSA_1024)
JOURNEYS["rsa-1024-under-the-time-stamp-of-a-longer-key"] = (
    lambda: weak("rsa1024", None, _RSA_1024, _RSA_1024 + YEAR, tsa="rsa2048"),
    Expected("VALID", options=SIGNATURES),
)


# ── the steps that the public ones do not offer ──────────────────────────────────────────────────


def _signed(office: Office) -> SignedCopy:
    now = office.clock.now()
    return ecert.sign_copy(draft(office), office.key("signer"), trust=office.trust, services=office.services, at=now)


def draft(office: Office) -> ecert.Draft:
    record = ecert.CertificationRecord.from_dict(office.record(pages=1))
    scan = ecert.Scan.from_files([small_page()])
    return ecert.prepare_copy(scan, record, at=office.clock.now())


def _seal(office: Office, signed: SignedCopy, **options: Any) -> CertifiedCopy:
    return ecert.seal_copy(
        signed, office.key("seal"), trust=office.trust, services=office.services, at=office.clock.now(), **options
    )


def _sealed(office: Office, level: str) -> CertifiedCopy:
    return _seal(office, _signed(office), level=level)


def _by_hand(office: Office, digest: str) -> bytes:
    """Sign and seal with algorithms that the public steps refuse and our writer has no words for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(cms_writer._DIGESTS, "sha1", "1.3.14.3.2.26")
        patch.setitem(cms_writer._RSA, "sha1", "1.2.840.113549.1.1.5")
        return _signed_and_sealed(office, digest)


def _signed_and_sealed(office: Office, digest: str) -> bytes:
    made, now = draft(office), office.clock.now()
    data, services = made.to_bytes(), office.services
    for role, name in (("signer", "signer"), ("seal", "seal")):
        plain = office.key(name)  # type: ignore[arg-type]
        key = office.key(name, scheme=replace(plain.scheme, digest=digest))  # type: ignore[arg-type]
        laid_out = lay_out_signature(
            read_document(data),
            role,  # type: ignore[arg-type]
            made.record,
            key.identity,
            now,
            None,
            timestamped=True,
        )
        value = key.sign(laid_out.to_be_signed)
        data = finish_signature(laid_out, value, services, Client(services))
    return data


def _archive(office: Office, data: bytes, settled: Collection[str] = ()) -> bytes:
    services = office.services
    return append_archive(
        data, office.trust, services, Client(services), office.clock.now, timestamp=True, settled=settled
    )


def _chain(identity: Any) -> list[bytes]:
    from cryptography.hazmat.primitives.serialization import Encoding

    return [c.public_bytes(Encoding.DER) for c in (identity.certificate, *identity.issuers)]


def _revoke_ca(office: Office) -> None:
    from ecert.testing.status import Revocation

    entry = Revocation(office.clock.now(), x509.ReasonFlags.ca_compromise)
    serial = office.issuing.certificate.serial_number
    office.responders.revocations[office.root.slug][serial] = entry
