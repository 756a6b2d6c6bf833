"""The last signature of a person or body, and what the file gained after it."""

from __future__ import annotations

from ecert.errors import Reason
from ecert.model.findings import Code, Found
from ecert.verify.case import Case, SignatureCase

#: what is said of a revision that holds more than validation data and document time-stamps
_MORE: frozenset[Code] = frozenset(
    {
        "changed-after-signature",
        "form-filled-in",
        "annotation-added",
        "appearance-not-proven",
        "field-added-and-signed",
        "field-added-by-another",
        "field-covers-page",
    }
)
_UNUSED = "changes.objects-without-use"  # what unusual-structure says of objects that a revision added


def last_signature(case: Case) -> SignatureCase | None:
    """Return the newest signature that is no document time-stamp; None: nobody signed, or two are equally new."""
    newest = max((s.revision for s in case.signed), default=-1)
    found = [s for s in case.signed if s.revision == newest]
    return found[0] if len(found) == 1 else None


def stands_over_all(case: Case, s: SignatureCase) -> bool:
    """Return whether nothing came after a signature but validation data and document time-stamps.

    Ask where the changes are judged by the rules for other people's files: they let nothing else pass without a
    finding that names the revision. Dates in the metadata may change.
    """
    if s.changes_after == "forbidden":
        return False
    return not any(_tells_more(f) and f.where.get("revision", -1) > s.revision for f in case.findings)


def _tells_more(found: Found) -> bool:
    what = found.values.get("what")
    return found.code in _MORE or (isinstance(what, Reason) and what.code == _UNUSED)
