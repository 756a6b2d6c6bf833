"""The press: one office, its honest copies in every stage, and what spoiled ones are made from.

Every stage is made on first use and kept; only the specimens themselves are made anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property

from ecert.capture.scan import Scan
from ecert.formats.record import CertificationRecord
from ecert.model.evidence import Evidence
from ecert.stages import CertifiedCopy, Draft, SignedCopy, prepare_copy, seal_copy, sign_copy
from ecert.testing.office import Office
from ecert.testing.specimens.increments import cut
from ecert.testing.specimens.registry import find, specimen_names
from ecert.testing.specimens.sheets import draw_sheets
from ecert.testing.specimens.specimen import AttackClass, Specimen
from ecert.trust.client import Client

MANY = 100_000  # requests that one client may make: there is one for all specimens


class Press:
    """Makes specimens; a context manager.

    Without ``office`` it founds one with P-256 keys, whose clock stands still at the moment of
    founding; it closes what it founded.
    """

    def __init__(self, office: Office | None = None) -> None:
        """Take an office, or found one."""
        self._own = ExitStack()
        self.office = office or self._own.enter_context(
            Office.create(datetime.now(UTC).replace(microsecond=0), algorithm="p256")
        )

    def close(self) -> None:
        """Close the offices that were founded here."""
        self._own.close()

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── specimens ────────────────────────────────────────────────────────────────────────────

    def make(self, name: str) -> Specimen:
        """Make a specimen.

        Raises:
            UsageError: there is none of this name.
        """
        recipe = find(name)
        data = recipe.make(self)
        return Specimen(
            name=recipe.name,
            attack=recipe.attack,
            title={"vi": recipe.vi, "en": recipe.en},
            verdict=recipe.verdict,
            codes=recipe.codes,
            policy=recipe.policy,
            at=self.now(),
            anchors=tuple(self.office.anchors),
            data=data,
            evidence=self.evidence if recipe.with_evidence else Evidence(),
        )

    def all(self, attack: Iterable[AttackClass] | None = None) -> Iterator[Specimen]:
        """Make every specimen, or those of some classes, one after the other."""
        return map(self.make, specimen_names(attack))

    # ── the office ───────────────────────────────────────────────────────────────────────────

    def now(self) -> datetime:
        """Return the office's time."""
        return self.office.clock.now()

    @cached_property
    def client(self) -> Client:
        """Return the network client of whoever works here: it asks the office alone, as often as it likes."""
        office = self.office
        return Client(office.services_with(office.tsa_url, max_fetches=MANY))

    @property
    def evidence(self) -> Evidence:
        """Return the CRLs of all the office's authorities."""
        authorities = self.office.responders.authorities.values()
        return Evidence.of(crls=[self.office.crl(each) for each in authorities])

    @cached_property
    def stranger(self) -> Office:
        """Return an office of the same names that nobody trusts: keys and roots are its own."""
        return self._own.enter_context(Office.create(self.now(), algorithm="p256"))

    @cached_property
    def elsewhere(self) -> Press:
        """Return the press of the stranger's office."""
        return Press(self.stranger)

    # ── honest work ──────────────────────────────────────────────────────────────────────────

    @cached_property
    def sheets(self) -> list[bytes]:
        """Return the scanned pages: two small JPEGs."""
        return draw_sheets()

    @cached_property
    def scan(self) -> Scan:
        """Return the scan of the original."""
        return Scan.from_files(self.sheets)

    @cached_property
    def record(self) -> CertificationRecord:
        """Return the record of the act."""
        return CertificationRecord.from_dict(self.office.record(pages=len(self.sheets)))

    @cached_property
    def draft(self) -> Draft:
        """Return the draft, nobody has signed it yet."""
        return prepare_copy(self.scan, self.record, at=self.now())

    @cached_property
    def signed(self) -> SignedCopy:
        """Return the copy that waits for its seal (B-T)."""
        return self._sign(self.draft)

    @cached_property
    def sealed(self) -> CertifiedCopy:
        """Return the certified copy at the level promised, B-LTA; the usual victim."""
        return self._seal(self.signed)

    @property
    def copy(self) -> bytes:
        """Return the bytes of the certified copy, B-LTA."""
        return self.sealed.to_bytes()

    @cached_property
    def bare(self) -> bytes:
        """Return the same copy as it was right after the seal, B-T: no validation data follows."""
        return cut(self.copy, 2)

    @cached_property
    def other(self) -> CertifiedCopy:
        """Return another copy of the same office: another number, another original."""
        sheets = draw_sheets(area="98,0", number="16")
        given = self.office.record(pages=len(sheets), number=153)
        record = CertificationRecord.from_dict(given)
        draft = prepare_copy(Scan.from_files(sheets), record, at=self.now())
        return self._seal(self._sign(draft))

    def _sign(self, draft: Draft) -> SignedCopy:
        office = self.office
        return sign_copy(
            draft,
            office.key("signer"),
            trust=office.trust,
            services=office.services,
            image=office.signature_image,
            at=self.now(),
        )

    def _seal(self, signed: SignedCopy) -> CertifiedCopy:
        office = self.office
        return seal_copy(
            signed,
            office.key("seal"),
            trust=office.trust,
            services=office.services,
            image=office.seal_image,
            at=self.now(),
        )
