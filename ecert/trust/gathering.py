"""Gather validation data: issuers, OCSP answers and CRLs, from files and from the addresses in certificates.

:class:`Gatherer` serves both desks. Who writes needs everything (:meth:`Gatherer.complete` raises);
who verifies takes what can be had (:meth:`Gatherer.look_up` lists what could not).

An answer lives until its nextUpdate, often a day; who signs now may have been revoked since. So where
:class:`Anew` is given the status must come from an answer that is recent, whatever is known or kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from ecert.errors import ServiceError, SettingsError
from ecert.model import files
from ecert.model.evidence import Evidence
from ecert.model.limits import MAX_EVIDENCE_BYTES
from ecert.model.roles import AnchorRole
from ecert.model.times import CLOCK_TOLERANCE
from ecert.trust.certificates import fingerprint, is_self_issued, load, subject_text, try_load
from ecert.trust.client import Client
from ecert.trust.paths import CertificatePath, PathFault, find_path
from ecert.trust.revocation import RevocationStatus, Statement, made_at, revocation_status, unproven_signers
from ecert.trust.services import Services
from ecert.trust.sources import crl_urls, decode_crl, decode_issuers, decode_ocsp, issuer_urls, ocsp_request, ocsp_urls
from ecert.trust.store import TrustStore

Now = Callable[[], datetime]

#: How long an issuer's certificate is kept: it does not change, but the address may go elsewhere.
_ISSUER_LIFE = timedelta(days=1)
_MAX_CRL_FILE_BYTES = 2 * MAX_EVIDENCE_BYTES  # of one CRL, which PEM makes a third longer
_MAX_CHAIN = 8  # issuers above one certificate: the longest hierarchies met have four
_DECIDED = ("good", "revoked", "on-hold")


@dataclass(frozen=True)
class Anew:
    """How recent an answer about a certificate must be: made ``since`` a time, or fetched for it.

    One of a kind in ``from_memory`` also counts where it was fetched within ``status_max_age_s``.
    """

    since: datetime
    from_memory: tuple[str, ...] = ("ocsp", "crl")
    required: bool = True  # where somebody can be asked; else what is known serves as well


class Gatherer:
    """Collects evidence for one document; everything is asked once."""

    def __init__(
        self, trust: TrustStore | None, services: Services, now: Now, known: Evidence, client: Client | None = None
    ) -> None:
        """Begin with what is ``known``; ``client`` continues one act's count of requests."""
        self._trust = trust
        self._services = services
        self._now = now
        self.client = client or Client(services)
        self._asked: set[str] = set()
        self._issuer_faults: list[str] = []
        self._vouching: set[bytes] = set()
        self._fetched: set[bytes] = set()  # answers that came from the network just now
        self._recent: set[bytes] = set()  # and those kept that came a moment ago
        self.evidence = known + Evidence(crls=tuple(_read_crl_files(services)))
        #: what :meth:`complete` found to be needed: all that a file has to hold
        self.needed = Evidence()

    # ── who writes: everything, or an error ──────────────────────────────────────────────────────

    def path(
        self, leaf: bytes, role: AnchorRole | None, others: Iterable[bytes], moment: datetime
    ) -> CertificatePath | PathFault:
        """Return a path valid at ``moment``, missing issuers fetched where that is allowed."""
        known = [*others, *self.evidence.certificates]
        found = find_path(leaf, trust=self._trust, role=role, others=known, moment=moment)
        if isinstance(found, PathFault) and found.kind == "no-path":
            chain = self._climb(leaf, known)
            found = find_path(leaf, trust=self._trust, role=role, others=[*known, *chain], moment=moment)
        return found

    def explain(self, fault: PathFault) -> str:
        """Return why there is no path, and what became of the questions for missing issuers."""
        tried = "; ".join(dict.fromkeys(self._issuer_faults))
        return f"{fault.reason} (tried: {tried})" if tried and fault.kind == "no-path" else str(fault.reason)

    def complete(self, path: CertificatePath, moment: datetime, anew: Anew | None = None) -> None:
        """Gather what proves that no certificate of a path was revoked at ``moment``.

        ``anew``: how recent the answer about the first certificate must be.

        Raises:
            ServiceError: it cannot be had; the message names the certificate and what was tried.
        """
        self.evidence += Evidence(certificates=path.certificates)
        self.needed += Evidence(certificates=path.certificates)
        anchor = path.certificates[-1]
        for certificate, issuer in path.issued():
            recent = anew if certificate == path.certificates[0] else None
            status, tried = self._ask_status(certificate, issuer, anchor, moment, recent)
            if recent and not (recent.required and self._may_ask(certificate)):
                status, more = self._ask_status(certificate, issuer, anchor, moment)
                tried += more
            self._need(certificate, issuer, anchor, moment, set())
            if status.status in _DECIDED:
                continue
            known = self.status(certificate, issuer, anchor, moment).status in _DECIDED
            raise ServiceError(
                f"there is no {'new ' if known else ''}revocation data for the certificate "
                f"{subject_text(certificate)} "
                f"(tried: {'; '.join(tried) or 'nothing, no address may be asked'})",
                code="revocation-missing",
                hint="repeat the step later; where CRLs come as files alone, set services.revocation = []"
                if known
                else "allow its addresses, give CRL files, or choose level B-B or B-T",
            )

    def _need(self, certificate: bytes, issuer: bytes, anchor: bytes, moment: datetime, seen: set[bytes]) -> None:
        """Note what a certificate's status leans on, and the status of those who told it."""
        seen.add(certificate)
        sources = set(self.status(certificate, issuer, anchor, moment).sources)
        self.needed += Evidence(
            ocsps=tuple(d for d in self.evidence.ocsps if d in sources),
            crls=tuple(d for d in self.evidence.crls if d in sources),
        )
        leaning = Evidence(self.evidence.certificates, self.needed.ocsps, self.needed.crls)
        for signer, above in self._signers(certificate, issuer, anchor, leaning):
            if signer not in seen:
                self.needed += Evidence(certificates=(signer, above))
                self._need(signer, above, anchor, moment, seen)

    def _signers(
        self, certificate: bytes, issuer: bytes, anchor: bytes, evidence: Evidence
    ) -> list[tuple[bytes, bytes]]:
        known_by = self._now() + CLOCK_TOLERANCE
        return unproven_signers(certificate, issuer, evidence, known_by=known_by, anchor=anchor)

    def status(
        self, certificate: bytes, issuer: bytes, anchor: bytes | None, moment: datetime, anew: Anew | None = None
    ) -> RevocationStatus:
        """Return what the evidence gathered so far says of a certificate; with ``anew`` what is recent of it."""

        def is_recent(statement: Statement) -> bool:
            assert anew is not None
            made = statement.item.this_update >= anew.since
            return made or not (self._fetched | self._recent).isdisjoint(statement.sources)

        known_by = self._now() + CLOCK_TOLERANCE
        return revocation_status(
            certificate,
            issuer,
            self.evidence,
            moment=moment,
            known_by=known_by,
            anchor=anchor,
            counts=is_recent if anew else None,
        )

    # ── who verifies: what can be had ────────────────────────────────────────────────────────────

    def look_up(self, leaf: bytes, others: Iterable[bytes], *, anew: bool = False) -> None:
        """Gather issuers and present statuses of a certificate and those above it.

        What cannot be had stands among the client's attempts. An expired certificate whose status is
        known from its lifetime is not asked about again. ``anew``: about the first one somebody is asked
        whatever is known; what was made too late to count leaves no trace where enough is known.
        """
        now = self._now()
        chain = [leaf, *self._climb(leaf, [*others, *self.evidence.certificates])]
        self.evidence += Evidence(certificates=tuple(chain[1:]))
        if anew and len(chain) > 1:
            held, anchor = self.evidence, chain[-1]
            known = self.status(leaf, chain[1], anchor, now).status in _DECIDED
            self._ask_status(leaf, chain[1], anchor, now, self.recent())
            if known:
                self.evidence = held + _made_by(self.evidence - held, now + CLOCK_TOLERANCE)
        for certificate, issuer in pairwise(chain):
            expired = load(certificate).not_valid_after_utc < now
            if expired and self.status(certificate, issuer, chain[-1], now).item is not None:
                continue
            self._ask_status(certificate, issuer, chain[-1], now)

    def ask_again(self, certificate: bytes, issuer: bytes, anchor: bytes, moment: datetime) -> RevocationStatus:
        """Ask about one certificate whatever is known; return what is known then. Who does not answer is let be."""
        self._ask_status(certificate, issuer, anchor, moment, self.recent())
        return self.status(certificate, issuer, anchor, moment)

    # ── both ─────────────────────────────────────────────────────────────────────────────────────

    def recent(self) -> Anew:
        """Return what is asked of an answer now about a certificate that is about to sign."""
        return Anew(self._now() - timedelta(seconds=self._services.status_max_age_s))

    def _may_ask(self, certificate: bytes) -> bool:
        """Return whether a certificate names anybody who may be asked about it."""
        kinds = self._services.revocation if self._services.network else ()
        return any(ocsp_urls(certificate) if k == "ocsp" else crl_urls(certificate) for k in kinds)

    def _ask_status(
        self, certificate: bytes, issuer: bytes, anchor: bytes, moment: datetime, anew: Anew | None = None
    ) -> tuple[RevocationStatus, list[str]]:
        """Ask until the status is decided, with ``anew`` by an answer that is recent; return it, and what was tried."""
        tried: list[str] = []
        status = self.status(certificate, issuer, anchor, moment, anew)
        for kind in self._services.revocation:
            for url in ocsp_urls(certificate) if kind == "ocsp" else crl_urls(certificate):
                if status.status in _DECIDED:
                    break
                question = f"{kind} {url}"
                if kind == "ocsp":  # an OCSP answer is about one certificate, a CRL about many
                    question += f" {fingerprint(certificate)}"
                for answer in self._answers(question, kind, url, certificate, issuer, tried, anew):
                    self.evidence += answer
                    self._ask_about_signers(certificate, issuer, anchor, moment)
                    status = self.status(certificate, issuer, anchor, moment, anew)
                    if status.status in _DECIDED:
                        self._keep(question, answer, status)
                        break
        return status, tried

    def _ask_about_signers(self, certificate: bytes, issuer: bytes, anchor: bytes, moment: datetime) -> None:
        """Ask for the status of those who told one: OCSP responders and CRL signers of their own."""
        for signer, above in self._signers(certificate, issuer, anchor, self.evidence):
            if signer not in self._vouching:
                self._vouching.add(signer)
                self.evidence += Evidence(certificates=(signer, above))
                self._ask_status(signer, above, anchor, moment)

    def _answers(
        self, question: str, kind: str, url: str, certificate: bytes, issuer: bytes, tried: list[str], anew: Anew | None
    ) -> Iterator[Evidence]:
        """Yield what the cache has, and if that decides nothing, what the network gives."""
        max_age_s = self._services.status_max_age_s if anew else None
        kept = self._services.cache.get(question, self._now(), max_age_s=max_age_s)
        if kept is not None:
            with suppress(ValueError):  # whatever lies in the cache's folder
                held = _read(kind, kept)
                if anew and kind in anew.from_memory:
                    self._recent.update(held.items())
                yield held
        if question in self._asked:
            return
        self._asked.add(question)
        try:
            if kind == "ocsp":
                body = ocsp_request(certificate, issuer)
                answer = self.client.post(url, body, "application/ocsp-request")
            else:
                answer = self.client.get(url)
        except ServiceError as exc:
            tried.append(exc.message)
            return
        try:
            fetched = _read(kind, answer)
            self._fetched.update(fetched.items())
            yield fetched
            reason = "it says nothing that counts"  # whoever takes it stops here
        except ValueError as exc:
            reason = str(exc)
        self.client.reject(url, reason)
        tried.append(f"{url} gave an unusable answer: {reason}")

    def _keep(self, question: str, answer: Evidence, status: RevocationStatus) -> None:
        """Keep a fetched answer that decided something for as long as it allows (its nextUpdate)."""
        if status.item is not None and status.item.next_update is not None:
            for der in self._fetched.intersection(answer.items()):
                until, now = status.item.next_update, self._now()
                self._services.cache.put(question, der, until, fetched=now)

    def _climb(self, leaf: bytes, known: Iterable[bytes]) -> list[bytes]:
        """Return the issuers above a certificate, lowest first, fetched where they are missing (4.2.2.1)."""
        anchors = [a.certificate for a in self._trust.anchors] if self._trust else []
        pool = list(dict.fromkeys([*known, *anchors]))
        chain: list[bytes] = []
        current = leaf
        while len(chain) < _MAX_CHAIN and current not in anchors and not _is_root(current):
            issuer = _issuer_among(current, pool)
            if issuer is None and self._services.fetch_issuers:
                pool += self._fetch_issuers(current)
                issuer = _issuer_among(current, pool)
            if issuer is None or issuer in chain:
                break
            chain.append(issuer)
            current = issuer
        return chain

    def _fetch_issuers(self, certificate: bytes) -> list[bytes]:
        for url in issuer_urls(certificate):
            question = f"issuer {url}"
            if question in self._asked:
                continue
            self._asked.add(question)
            now = self._now()
            kept = self._services.cache.get(question, now)
            try:
                answer = kept if kept is not None else self.client.get(url)
                found = decode_issuers(answer)
            except ServiceError as exc:
                self._issuer_faults.append(exc.message)
                continue
            except ValueError as exc:
                self.client.reject(url, str(exc))
                self._issuer_faults.append(f"{url} gave an unusable answer: {exc}")
                continue
            if kept is None:
                self._services.cache.put(question, answer, now + _ISSUER_LIFE)
            return found
        return []


def _made_by(evidence: Evidence, time: datetime) -> Evidence:
    """Return evidence without the answers made after a time."""
    late = [d for d in evidence.items() if (made := made_at(d)) is not None and made > time]
    return evidence - Evidence(ocsps=tuple(late), crls=tuple(late))


def _read(kind: str, data: bytes) -> Evidence:
    if kind == "ocsp":
        return Evidence(ocsps=(decode_ocsp(data),))
    return Evidence(crls=(decode_crl(data),))


def _is_root(certificate: bytes) -> bool:
    found = try_load(certificate)
    return found is None or is_self_issued(found)


def _issuer_among(certificate: bytes, pool: Iterable[bytes]) -> bytes | None:
    """Return the certificate whose key signed this one, by name and by signature."""
    subject = load(certificate)
    for der in pool:
        candidate = try_load(der)
        if candidate is None or der == certificate or candidate.subject != subject.issuer:
            continue
        try:
            subject.verify_directly_issued_by(candidate)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            continue
        return der
    return None


def _read_crl_files(services: Services) -> Iterable[bytes]:
    for path in services.crl_files:
        try:
            yield decode_crl(files.read(path, _MAX_CRL_FILE_BYTES))
        except files.UnreadableError as exc:
            raise SettingsError(f"cannot read the CRL {path}: {exc.why}", hint="check services.crl_files") from exc
        except ValueError as exc:
            raise SettingsError(f"{path} is not a CRL", hint="give CRLs in DER or PEM") from exc
