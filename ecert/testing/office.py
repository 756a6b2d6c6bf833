"""A whole office without an office: PKI, keys, services, clock, and the record of an act.

Example:
    >>> with Office.create(algorithm="p256") as office:
    ...     record = office.record(pages=2)
    ...     office.signer.name == record["certifier"]["name"]
    True
"""

from __future__ import annotations

from collections.abc import Collection
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
from ecert.testing.hierarchy import YEAR, Hierarchy, found
from ecert.testing.keys import Algorithm, PrivateKey
from ecert.testing.pki import Authority, Identity, pem
from ecert.testing.responders import Responders
from ecert.testing.status import Revocation, ocsp_request
from ecert.trust.services import Services, TimestampService
from ecert.trust.store import TrustStore

Role = Literal["signer", "seal", "tsa"]


class Office:
    """An office of the fictitious commune "Xã Mẫu", made by ``Office.create``; a context manager.

    Hierarchy: ``root`` → ``issuing`` → ``signer`` and ``seal``; ``tsa_root`` → ``tsa_authority`` →
    ``tsa``, where ``tsa_root`` is ``root`` unless asked otherwise. Every authority publishes a CRL;
    ``issuing`` and ``tsa_authority`` answer OCSP too. All answers are given at ``clock``'s time.
    """

    def __init__(self, clock: Clock, responders: Responders, hierarchy: Hierarchy) -> None:
        """Bind a clock, services and certificates together; ``Office.create`` makes all three."""
        self.clock = clock
        self.responders = responders
        self.hierarchy = hierarchy
        self.root, self.tsa_root = hierarchy.root, hierarchy.tsa_root
        self.issuing, self.tsa_authority = hierarchy.issuing, hierarchy.tsa_authority
        self.signer, self.seal, self.tsa = hierarchy.signer, hierarchy.seal, hierarchy.tsa
        for root in hierarchy.roots:
            responders.add(root)
        responders.add(self.issuing, hierarchy.issuing_ocsp)
        responders.add(self.tsa_authority, hierarchy.tsa_ocsp)
        self.tsa_url = responders.add_time_stamps("office", self.tsa)

    @classmethod
    def create(
        cls,
        now: datetime | None = None,
        *,
        algorithm: Algorithm = "rsa2048",
        responders: bool = True,
        separate_tsa_root: bool = False,
    ) -> Office:
        """Make an office whose clock stands at ``now`` (aware), or follows real time (None).

        Args:
            now: the moment it is founded; certificates are valid around it (signer and seal from
                one year before to two years after).
            algorithm: of the signer's and the seal's keys. The authorities and the TSA use the same
                curve, RSA-2048 beside any RSA key, P-256 beside Ed25519.
            responders: listen on a free loopback port. Without it certificates point to
                ``http://ecert.invalid``, and ``office.responders.handle`` still answers.
            separate_tsa_root: put the TSA under a root of its own.
        """
        clock = Clock(now)
        services = Responders(clock, listen=responders)
        try:
            hierarchy = found(
                services.url, clock.now(), algorithm, separate_tsa_root=separate_tsa_root
            )
            return cls(clock, services, hierarchy)
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
    def anchors(self) -> list[x509.Certificate]:
        """Return the root certificates: one, or two with a separate TSA root."""
        return [root.certificate for root in self.hierarchy.roots]

    def write_anchors(self, folder: Path) -> list[Path]:
        """Write every root as ``<slug>.pem`` into ``folder``, made if missing; return the files."""
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for root in self.hierarchy.roots:
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

    def revoke(
        self,
        who: Role | Identity,
        *,
        at: datetime | None = None,
        reason: str = "keyCompromise",
    ) -> None:
        """Revoke a certificate from ``at`` on (default: now); ``reason`` as in RFC 5280, 5.3.1.

        Answers change at the clock's time ``at``; what was handed out before stays as it is.

        Raises:
            ValueError: no such reason (``keyCompromise``, ``cessationOfOperation``, …).
        """
        identity = getattr(self, who) if isinstance(who, str) else who
        moment = (at or self.clock.now()).replace(microsecond=0)
        revocation = Revocation(moment, x509.ReasonFlags(reason))
        authority = self._issuer_of(identity)
        self.responders.revocations[authority.slug][identity.certificate.serial_number] = revocation

    def crl(self, authority: Authority) -> bytes:
        """Return the DER CRL of an authority, as of now, without the network."""
        return self.responders.crl(authority.slug)

    def ocsp(self, identity: Identity) -> bytes:
        """Return a DER OCSP response (no nonce) for a leaf, as of now, without the network."""
        authority = self._issuer_of(identity)
        request = ocsp_request(identity.certificate, authority.certificate)
        return self.responders.ocsp_answer(authority.slug, request)

    def time_stamp(self, request: bytes) -> bytes:
        """Return the DER TimeStampResp to a DER TimeStampReq, without the network."""
        return self.responders.time_stamps["office"].answer(request, self.clock.now())

    # ── the act ──────────────────────────────────────────────────────────────────────────────

    @property
    def trust(self) -> TrustStore:
        """Return the office's roots as a trust store, for every role."""
        return TrustStore.from_certificates(self.anchors)

    @property
    def services(self) -> Services:
        """Return the office's own services on loopback: TSA, OCSP, CRL, issuers."""
        return Services(
            timestamps=(TimestampService(self.tsa_url),), allow_hosts=frozenset({"127.0.0.1"})
        )

    def key(self, who: Role | Identity, *, scheme: SignatureScheme | None = None) -> SigningKey:
        """Return the key of signer, seal or another identity, in memory."""
        identity = getattr(self, who) if isinstance(who, str) else who
        chain = [c.public_bytes(Encoding.DER) for c in (identity.certificate, *identity.issuers)]
        return SoftKey(
            identity.key, chain, scheme or default_scheme(identity.certificate.public_key())
        )

    def certify(self, *, pages: int = 1, scan: Scan | None = None, **options: Any) -> CertifiedCopy:
        """Certify a drawn sample scan, or ``scan``, with everything this office has.

        ``options`` are those of :func:`ecert.certify_copy`.
        """
        from ecert.testing.drawing import sample_scan

        scan = scan or Scan.from_files(sample_scan(pages))
        record = CertificationRecord.from_dict(self.record(pages=len(scan.pages)))
        given: dict[str, Any] = {
            "signer": self.key("signer"), "seal": self.key("seal"), "trust": self.trust,
            "services": self.services, "at": self.clock.now(), **options,
        }  # fmt: skip
        return certify_copy(scan, given.pop("record", record), **given)

    def record(self, *, pages: int = 1, **changes: Any) -> dict[str, Any]:
        """Return a certification record of today that fits signer and seal; see ``records``."""
        return records.record(
            date=self.clock.today(),
            pages=pages,
            certifier=self.signer.name,
            changes=changes,
        )

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

    def _issuer_of(self, identity: Identity) -> Authority:
        for authority in (self.issuing, self.tsa_authority):
            if authority.certificate == identity.chain[0]:
                return authority
        raise ValueError(f"{identity.name!r} was not issued by this office")
