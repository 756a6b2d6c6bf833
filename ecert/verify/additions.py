"""Signatures that came after others and can be seen: who added them, and what they can hide.

A contract that several parties sign is honest, and so is each added signature. Yet whoever signs later decides what is
drawn over the page that the others signed. So each is told, with page and place; what hides much is not decided.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby

from ecert.errors import Reason
from ecert.formats.pdf import Ref
from ecert.model.indications import Indication
from ecert.trust.certificates import common_name
from ecert.verify.case import Case, SignatureCase
from ecert.verify.changes.placement import PlacedField

#: of a page that one later signer may hide: a signature block of 15 × 5 cm takes a ninth of A4, a paragraph more
MAX_PAGE_SHARE = 0.12
#: of an earlier signature's place: a seal covers a third of the signature (NĐ 30/2020, annex I)
MAX_FIELD_SHARE = 0.40
_MOST_PAGES = 10  # that a finding lists


def judge_additions(case: Case) -> None:
    """Judge every visible signature that was made after others; findings name its field, page and signer."""
    fields = {(s.revision, s.signature.field.ref): s for s in case.signatures}
    taken: defaultdict[tuple[int, bytes], float] = defaultdict(float)  # by page and signer
    placed = sorted(case.placed, key=_field)  # stable: page by page within each
    for (revision, ref), group in groupby(placed, key=_field):
        places, s = list(group), fields[revision, ref]
        if not all(p.was_there for p in places):
            _judge_addition(case, s, places)
        for place in places:
            _judge_cover(case, s, place, taken)


def _field(placed: PlacedField) -> tuple[int, Ref]:
    return placed.revision, placed.field


def _judge_addition(case: Case, s: SignatureCase, places: list[PlacedField]) -> None:
    """A field that the earlier signers never saw."""
    first = places[0]
    where = {"field": s.name, "page": first.page, "revision": s.revision}
    if s.indication is Indication.TOTAL_FAILED:
        what = Reason("changes.field-added-not-valid", name=s.name)
        last = [e for e in case.signatures if e.revision < s.revision][-1]
        last.changes_after = "forbidden"
        case.add("changed-after-signature", **{**where, "field": last.name}, what=what)
        return
    told = {"signer": signer_name(s), "pages": _pages(places), "signed": min(e.revision for e in case.signed)}
    if s.indication is not Indication.TOTAL_PASSED:
        case.add("field-added-by-another", **where, **told)
        return
    left, top, width, height = first.place or ("?",) * 4
    case.add("field-added-and-signed", **where, **told, left=left, top=top, width=width, height=height)


def _pages(places: list[PlacedField]) -> str:
    pages = list(dict.fromkeys(str(p.page or "?") for p in places))
    return ", ".join(pages[:_MOST_PAGES]) + (" …" if len(pages) > _MOST_PAGES else "")


def _judge_cover(
    case: Case, s: SignatureCase, placed: PlacedField, taken: defaultdict[tuple[int, bytes], float]
) -> None:
    """What hides much of a page, or of who signed before, is not decided; several of one signer count together."""
    where = {"field": s.name, "page": placed.page, "revision": s.revision}
    signed = min(e.revision for e in case.signed)
    if placed.of_page is None or placed.of_field is None or placed.page is None:
        case.add("field-covers-page", **where, signed=signed, what=Reason("changes.place-unknown"))
        return
    certificate = s.message.signer_certificate if s.message else None
    taken[placed.page, certificate or s.name.encode()] += placed.of_page
    share = taken[placed.page, certificate or s.name.encode()]
    if share > MAX_PAGE_SHARE:
        what = Reason("changes.share-of-page", share=f"{share:.1%}")
        case.add("field-covers-page", **where, signed=signed, what=what)
    if placed.of_field > MAX_FIELD_SHARE:
        what = Reason("changes.share-of-signature", share=f"{placed.of_field:.0%}")
        case.add("field-covers-page", **where, signed=signed, what=what)


def signer_name(s: SignatureCase) -> str:
    """Return the name on a signature's certificate; a question mark where it brings none."""
    certificate = s.message.signer_certificate if s.message else None
    return common_name(certificate) if certificate else "?"
