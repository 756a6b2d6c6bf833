"""A whole office without an office: PKI, keys, services, clock, and the record of an act.

Example:
    >>> with Office.create(algorithm="p256") as office:
    ...     record = office.record(pages=2)
    ...     office.signer.name == record["certifier"]["name"]
    True
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ecert.capture.scan import Scan
from ecert.certify import certify_copy
from ecert.formats.pades.algorithms import SignatureScheme, default_scheme
from ecert.formats.record import CertificationRecord
from ecert.sign.keys import SigningKey
from ecert.sign.soft import SoftKey
from ecert.stages import CertifiedCopy
from ecert.testing import records
from ecert.testing.clock import Clock
from ecert.testing.extensions import SIGNING, Part, Use
from ecert.testing.hierarchy import Founding, Hierarchy, Span, TimeStampBranch, found, found_time_stamps
from ecert.testing.keys import Algorithm, Digest, PrivateKey, new_key
from ecert.testing.listening import LOOPBACK
from ecert.testing.pki import YEAR, Authority, Identity, pem
from ecert.testing.responders import Responders
from ecert.testing.status import Revocation, ocsp_request
from ecert.trust.services import Services, TimestampService
from ecert.trust.store import TrustStore

KeyHolder = Literal["signer", "seal", "tsa"]


class Office:
    """An office of the fictitious commune "Xã Mẫu", made by ``Office.create``; a context manager.

    Hierarchy: ``root`` → ``issuing`` → ``signer`` and ``seal``; ``tsa_root`` → ``tsa_authority`` →
    ``tsa``, where ``tsa_root`` is ``root`` unless asked otherwise. Every authority publishes a CRL;
    ``issuing`` and ``tsa_authority`` answer OCSP too. All answers are given at ``clock``'s time.
    """

    def __init__(self, clock: Clock, responders: Responders, plan: Founding, first: Hierarchy):
        """Bind a clock, services and certificates together; ``Office.create`` makes all of them."""
        self.clock = clock
        self.responders = responders
        self._plan = plan
        self.root, self.issuing = first.root, first.issuing
        self.signer, self.seal = first.signer, first.seal
        responders.add(self.root)
        responders.add(self.issuing, first.issuing_ocsp)
        self._branches = 0
        self._take(first, "office")

    @classmethod
    def create(
        cls,
        now: datetime | None = None,
        *,
        algorithm: Algorithm = "rsa2048",
        tsa_algorithm: Algorithm | None = None,
        digest: Digest | None = None,
        validity: Mapping[str, Span] | None = None,
        responders: bool = True,
        host: str = LOOPBACK,
        port: int = 0,
        separate_tsa_root: bool = False,
    ) -> Office:
        """Make an office whose clock stands at ``now`` (aware), or follows real time (None).

        Args:
            now: the moment it is founded; certificates are valid around it (signer and seal from
                one year before to two years after).
            algorithm: of the signer's and the seal's keys. The authorities and the TSA use the same
                curve, RSA-2048 beside any RSA key, P-256 beside Ed25519.
            tsa_algorithm: of the TSA, its authority and that authority's OCSP responder.
            digest: of every signature on certificates, CRLs, OCSP answers and time-stamps:
                ``"sha1"`` makes an office of old times.
            validity: from how long before ``now`` to how long after it a certificate is valid, by
                name: ``{"tsa": (timedelta(days=1), timedelta(days=30))}``; the names and what holds
                for the others are in ``ecert.testing.hierarchy.VALIDITY``.
            responders: listen on a free loopback port. Without it certificates point to
                ``http://ecert.invalid``, and ``office.responders.handle`` still answers.
            host: the name by which certificates call the responders, for a ``NameServer`` to know.
            port: the loopback port to listen on; 0 is a free one.
            separate_tsa_root: put the TSA under a root of its own.
        """
        clock = Clock(now)
        services = Responders(clock, listen=responders, host=host, port=port)
        try:
            plan = Founding(services.url, clock.now(), algorithm, tsa_algorithm, digest, validity)
            return cls(clock, services, plan, found(plan, separate_tsa_root=separate_tsa_root))
        except BaseException:
            services.close()
            raise

    def close(self) -> None:
        """Stop listening."""
        self.responders.close()

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── trust ────────────────────────────────────────────────────────────────────────────────

    @property
    def roots(self) -> list[Authority]:
        """Return every root there ever was: one, or more with time-stamp roots of their own."""
        return [each for each in self.responders.authorities.values() if each.issuer is None]

    @property
    def anchors(self) -> list[x509.Certificate]:
        """Return the certificates of the roots."""
        return [root.certificate for root in self.roots]

    def write_anchors(self, folder: Path) -> list[Path]:
        """Write every root as ``<slug>.pem`` into ``folder``, made if missing; return the files."""
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for root in self.roots:
            path = folder / f"{root.slug}.pem"
            path.write_bytes(pem(root.certificate))
            files.append(path)
        return files

    # ── certificates and their status ────────────────────────────────────────────────────────

    def issue(
        self,
        subject: x509.Name,
        *,
        algorithm: Algorithm = "rsa2048",
        key: PrivateKey | None = None,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        use: Use = SIGNING,
        omit: Collection[Part] = (),
    ) -> Identity:
        """Issue one more certificate below ``issuing``; default validity: −1 to +2 years."""
        now = self.clock.now()
        return self.issuing.issue(
            subject,
            not_before=not_before or now - YEAR,
            not_after=not_after or now + 2 * YEAR,
            algorithm=algorithm,
            key=key,
            use=use,
            omit=omit,
        )

    def revoke(self, who: KeyHolder | Identity, *, at: datetime | None = None, reason: str = "keyCompromise") -> None:
        """Revoke a certificate from ``at`` on (default: now); ``reason`` as in RFC 5280, 5.3.1.

        Answers change at the clock's time ``at``; what was handed out before stays as it is.

        Raises:
            ValueError: no such reason (``keyCompromise``, ``cessationOfOperation``, …).
        """
        moment = (at or self.clock.now()).replace(microsecond=0)
        entries, serial = self._entries(who)
        entries[serial] = Revocation(moment, x509.ReasonFlags(reason))

    def release(self, who: KeyHolder | Identity, *, at: datetime | None = None) -> None:
        """Lift a ``certificateHold`` from ``at`` on (default: now).

        From then on OCSP says good and complete CRLs leave the certificate out; a delta CRL to a
        base that lists it says ``removeFromCRL`` (RFC 5280, 5.3.1).

        Raises:
            ValueError: the certificate is not on hold.
        """
        moment = (at or self.clock.now()).replace(microsecond=0)
        entries, serial = self._entries(who)
        found = entries.get(serial)
        if found is None or found.reason is not x509.ReasonFlags.certificate_hold:
            raise ValueError("only a certificate on hold (certificateHold) can be released")
        entries[serial] = replace(found, released=moment)

    def renew(self, who: Literal["signer", "seal"]) -> Identity:
        """Give signer or seal a new key and certificate of the same name, valid around now."""
        key = new_key(self._plan.algorithm)
        identity = self._plan_now().holder(who, self.issuing, key)
        setattr(self, who, identity)
        return identity

    def renew_tsa(
        self,
        *,
        new_root: bool = False,
        algorithm: Algorithm | None = None,
        digest: Digest | None = None,
        validity: Mapping[str, Span] | None = None,
    ) -> str:
        """Found a new time-stamp authority and TSA, valid around now; return the TSA's URL.

        It is the office's TSA from now on; the old one is still served, and so are CRL and OCSP of
        its authority. The new authority stands below the present ``tsa_root``, whose digest it
        signs with, or below a new root, which joins ``anchors``.
        """
        plan = replace(
            self._plan_now(),
            tsa_algorithm=algorithm or self._plan.tsa_algorithm,
            digest=digest,
            validity={**(self._plan.validity or {}), **(validity or {})},
        )
        number = self._branches + 1
        branch = found_time_stamps(plan, None if new_root else self.tsa_root, number)
        return self._take(branch, f"office-{number}")

    def crl(self, authority: Authority) -> bytes:
        """Return the DER CRL of an authority, as of now, without the network."""
        return self.responders.crl(authority.slug)

    def ocsp(self, identity: Identity) -> bytes:
        """Return a DER OCSP response (no nonce) for a leaf, as of now, without the network."""
        authority = self.responders.issuer_of(identity)
        request = ocsp_request(identity.certificate, authority.certificate)
        return self.responders.ocsp_answer(authority.slug, request)

    def time_stamp(self, request: bytes) -> bytes:
        """Return the DER TimeStampResp to a DER TimeStampReq, without the network."""
        return self.responders.time_stamps[self._tsa_name].answer(request, self.clock.now())

    # ── the act ──────────────────────────────────────────────────────────────────────────────

    @property
    def trust(self) -> TrustStore:
        """Return the office's roots as a trust store, for every role."""
        return TrustStore.from_certificates(self.anchors)

    @property
    def services(self) -> Services:
        """Return the office's own services on loopback: TSA, OCSP, CRL, issuers."""
        return self.services_with(self.tsa_url)

    def services_with(self, *urls: str, **changes: Any) -> Services:
        """Return the office's services with these time-stamp addresses, in order of preference.

        ``changes`` are fields of :class:`ecert.Services`.
        """
        given: dict[str, Any] = {
            "timestamps": tuple(TimestampService(url) for url in urls),
            "allow_hosts": frozenset({LOOPBACK, self.responders.host}),
        }
        return Services(**(given | changes))

    @cached_property
    def second_tsa_url(self) -> str:
        """Return a second TSA, with a key of its own, so that the first may fail: ``/tsa/second``."""
        plan, name = self._plan_now(), "ecert throwaway second time-stamp service"
        identity = plan.tsa(self.tsa_authority, name, new_key(plan.for_tsa))
        return self.responders.add_time_stamps("second", identity)

    def key(self, who: KeyHolder | Identity, *, scheme: SignatureScheme | None = None) -> SigningKey:
        """Return the key of signer, seal or another identity, in memory."""
        identity = getattr(self, who) if isinstance(who, str) else who
        chain = [c.public_bytes(Encoding.DER) for c in (identity.certificate, *identity.issuers)]
        return SoftKey(identity.key, chain, scheme or default_scheme(identity.certificate.public_key()))

    def certify(self, *, pages: int = 1, scan: Scan | None = None, **options: Any) -> CertifiedCopy:
        """Certify a drawn sample scan, or ``scan``, with everything this office has.

        ``options`` are those of :func:`ecert.certify_copy`.
        """
        from ecert.testing.drawing import sample_scan

        scan = scan or Scan.from_files(sample_scan(pages))
        record = CertificationRecord.from_dict(self.record(pages=len(scan.pages)))
        given: dict[str, Any] = {
            "signer": self.key("signer"),
            "seal": self.key("seal"),
            "trust": self.trust,
            "services": self.services,
            "at": self.clock.now(),
            **options,
        }
        return certify_copy(scan, given.pop("record", record), **given)

    def record(self, *, pages: int = 1, **changes: Any) -> dict[str, Any]:
        """Return a certification record of today that fits signer and seal; see ``records``."""
        return records.record(date=self.clock.today(), pages=pages, certifier=self.signer.name, changes=changes)

    @cached_property
    def signature_image(self) -> bytes:
        """Return the signer's handwritten-looking signature: a transparent PNG."""
        from ecert.testing.drawing import signature_image

        return signature_image()

    @cached_property
    def seal_image(self) -> bytes:
        """Return the office's red seal: a transparent PNG, 36 mm at 600 dpi."""
        from ecert.testing.drawing import seal_image

        return seal_image()

    def _take(self, branch: TimeStampBranch, name: str) -> str:
        """Publish a time-stamp branch and make it the office's own; return the TSA's URL."""
        self._branches += 1
        self._tsa_name = name
        self.tsa_root, self.tsa_authority, self.tsa = (branch.tsa_root, branch.tsa_authority, branch.tsa)
        self.responders.add(branch.tsa_root)
        self.responders.add(branch.tsa_authority, branch.tsa_ocsp)
        self.tsa_url = self.responders.add_time_stamps(name, branch.tsa)
        return self.tsa_url

    def _plan_now(self) -> Founding:
        return replace(self._plan, now=self.clock.now())

    def _entries(self, who: KeyHolder | Identity) -> tuple[dict[int, Revocation], int]:
        """Return the revocation list a certificate belongs to, and its serial number."""
        identity = getattr(self, who) if isinstance(who, str) else who
        slug = self.responders.issuer_of(identity).slug
        return self.responders.revocations[slug], identity.certificate.serial_number
