"""Signatures that came after others and can be seen: who added them, and what they can hide.

A contract that several parties sign is honest, and so is each added signature. Yet whoever signs later decides what is
drawn over the page that the others signed. So each is told, with page and place; what hides much is not decided. Where
the first signer certified the document (P=2), only those who belong to him may bring a visible field along.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby

from ecert.errors import Reason
from ecert.formats.pdf import Ref, StructureFault
from ecert.model.indications import Indication
from ecert.model.names import normal_name
from ecert.trust.certificates import common_name
from ecert.verify.belonging import belongs_together
from ecert.verify.case import Case, SignatureCase
from ecert.verify.changes.boxes import MAX_JOINED, Box, Comparisons, joined_area
from ecert.verify.changes.placement import PlacedField
from ecert.verify.structure import report_fault

#: of a page that one later signer may hide: a signature block of 15 × 5 cm takes a ninth of A4, a paragraph more
MAX_PAGE_SHARE = 0.12
#: of a page that all later signers together may hide: twenty blocks of 6 × 2.5 cm
MAX_PAGE_SUM = 0.50
#: of an earlier signature's place: a seal covers a third of the signature (NĐ 30/2020, annex I)
MAX_FIELD_SHARE = 0.40
#: of a page of a certified document that one added field may hide: twice what seals and signatures take of A4
MAX_CERTIFIED_SHARE = 0.06
#: of such a page that all later fields together may hide
MAX_CERTIFIED_SUM = 0.15
_MOST_PAGES = 10  # that a finding lists


def judge_additions(case: Case) -> None:
    """Judge every visible signature that was made after others; findings name its field, page and signer."""
    certifier = certifier_of(case)
    for s, places in added_fields(case):
        _judge_addition(case, s, places, certifier)
    covers = _Covers(case, is_certified=certifier is not None and not all(p.was_there for p in case.placed))
    try:
        for s, places in _later_fields(case):
            for place in places:
                covers.judge(s, place)
    except StructureFault as fault:
        report_fault(case, fault)


def added_fields(case: Case) -> list[tuple[SignatureCase, list[PlacedField]]]:
    """Return the signatures whose visible fields came after another signature, oldest first, with their widgets."""
    return [(s, places) for s, places in _later_fields(case) if not all(p.was_there for p in places)]


def _later_fields(case: Case) -> list[tuple[SignatureCase, list[PlacedField]]]:
    fields = {(s.revision, s.signature.field.ref): s for s in case.signatures}
    placed = sorted(case.placed, key=_field)  # stable: page by page within each
    return [(fields[key], list(group)) for key, group in groupby(placed, key=_field)]


def certifier_of(case: Case) -> SignatureCase | None:
    """Return the first signature where it certifies the document with P=2 (ISO 32000-1, 12.8.2.2)."""
    first = next(iter(case.signed), None)
    return first if first is not None and first.signature.docmdp == 2 else None


def _field(placed: PlacedField) -> tuple[int, Ref]:
    return placed.revision, placed.field


def _judge_addition(case: Case, s: SignatureCase, places: list[PlacedField], certifier: SignatureCase | None) -> None:
    """A field that the earlier signers never saw."""
    first = places[0]
    where = {"field": s.name, "page": first.page, "revision": s.revision}
    if s.indication is Indication.TOTAL_FAILED:
        what = Reason("changes.field-added-not-valid", name=s.name)
        last = [e for e in case.signatures if e.revision < s.revision][-1]
        last.changes_after = "forbidden"
        case.add("changed-after-signature", **{**where, "field": last.name}, what=what)
        return
    told = {"signer": signer_name(s), "pages": page_list(places), "signed": min(e.revision for e in case.signed)}
    why = _strangeness(case, s, certifier)
    if why is not None:
        case.add("field-added-by-another", **where, **told, what=why)
        return
    left, top, width, height = first.place or ("?",) * 4
    case.add("field-added-and-signed", **where, **told, left=left, top=top, width=width, height=height)


def _strangeness(case: Case, s: SignatureCase, certifier: SignatureCase | None) -> Reason | None:
    """Return why nobody can rely on who added a field; None: on him one can."""
    if s.indication is not Indication.TOTAL_PASSED:
        return Reason("changes.signer-not-confirmed")
    if certifier is None or certifier is s:
        return None
    why = belongs_together(case, certifier, s)
    return Reason("changes.signer-not-of-certifier", certifier=signer_name(certifier), reason=why) if why else None


def page_list(places: list[PlacedField]) -> str:
    """Return the pages that widgets stand on, as a finding lists them."""
    pages = list(dict.fromkeys(str(p.page or "?") for p in places))
    return ", ".join(pages[:_MOST_PAGES]) + (" …" if len(pages) > _MOST_PAGES else "")


class _Covers:
    """What later signers' fields hide of pages and of earlier signatures, one after the other."""

    def __init__(self, case: Case, *, is_certified: bool) -> None:
        self._case = case
        #: something was added to a certified document: then all later fields count together
        self._is_certified = is_certified
        self._by_signer: defaultdict[tuple[int, str], float] = defaultdict(float)
        self._by_field: defaultdict[tuple[int, int, Ref], float] = defaultdict(float)
        self._by_page: defaultdict[int, float] = defaultdict(float)
        self._over: defaultdict[tuple[int, Box], list[Box]] = defaultdict(list)
        self._comparisons = Comparisons()

    def judge(self, s: SignatureCase, placed: PlacedField) -> None:
        """What hides much of a page, or of who signed before, is not decided.

        Raises:
            StructureFault: there are more places than are compared.
        """
        if placed.of_page is None or placed.page is None:
            self._tell(s, placed, Reason("changes.place-unknown"))
            return
        page, most = self._page_share(s, placed, placed.page, placed.of_page)
        if page > most:
            self._tell(s, placed, Reason("changes.share-of-page", share=f"{page:.1%}"))
        field = self._field_share(placed, placed.page)
        if field > MAX_FIELD_SHARE:
            self._tell(s, placed, Reason("changes.share-of-signature", share=f"{field:.0%}"))

    def _page_share(self, s: SignatureCase, placed: PlacedField, page: int, share: float) -> tuple[float, float]:
        """Return the share of the page that counts, and the most it may be."""
        # by name: some authorities give a person a new certificate for each signature
        own, field = (page, normal_name(signer_name(s))), (page, placed.revision, placed.field)
        self._by_signer[own] += share
        self._by_field[field] += share
        self._by_page[page] += share
        alone, most, together = self._by_signer[own], MAX_PAGE_SHARE, MAX_PAGE_SUM
        if self._is_certified:
            together = MAX_CERTIFIED_SUM
            if not placed.was_there:
                alone, most = self._by_field[field], MAX_CERTIFIED_SHARE
        return (alone, most) if alone > most else (self._by_page[page], together)

    def _field_share(self, placed: PlacedField, page: int) -> float:
        """Return the most that all fields so far cover of one earlier signature."""
        assert placed.shown is not None
        found = [0.0]
        self._comparisons.count(len(placed.earlier))
        for place in placed.earlier:
            shared = placed.shown.meet(place)
            if shared.area:
                over = self._over[page, place]
                over.append(shared)
                self._comparisons.count(len(over) * min(len(over), MAX_JOINED))
                found.append(joined_area(over) / place.area)
        return max(found)

    def _tell(self, s: SignatureCase, placed: PlacedField, what: Reason) -> None:
        signed = min(e.revision for e in self._case.signed)
        self._case.add(
            "field-covers-page", field=s.name, page=placed.page, revision=s.revision, signed=signed, what=what
        )


def signer_name(s: SignatureCase) -> str:
    """Return the name on a signature's certificate; a question mark where it brings none."""
    certificate = s.message.signer_certificate if s.message else None
    return common_name(certificate) if certificate else "?"
