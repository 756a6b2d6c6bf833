"""What decided a verdict in words of those who handed the file in: the cause they can do something about.

Findings say what a check met, one by one and exactly. People ask for one sentence and one way out: a download that
broke off shows as bytes nobody accounts for, and as a missing seal. :data:`_CAUSES` is the one table of such causes,
the most telling first; their words are ``causes.toml`` of :mod:`ecert.words`. A cause never changes a verdict:
findings alone do (:func:`~ecert.report.tree.decide`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from ecert.errors import Reason
from ecert.model.findings import SEVERITIES, Code, Found
from ecert.model.roles import SEAL_FIELD, SIGNER_FIELD
from ecert.report.content import SignaturePart

CauseName = Literal[
    "empty",
    "archive",
    "office-file",
    "picture",
    "web-page",
    "xml-file",
    "cut-off",
    "not-signed",
    "page-altered-after-seal",
    "page-altered-after-signer",
    "page-changed-after-seal",
    "page-changed-after-signer",
    "page-changed-after-signature",
    "put-before",
    "appended",
    "clock-slow",
    "clock-fast",
]
CAUSES: Final[tuple[CauseName, ...]] = get_args(CauseName)


@dataclass(frozen=True)
class Cause:
    """Why a verdict is as it is: the finding that leads, and what the cause's sentences are filled with."""

    name: CauseName
    found: Found
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Circumstances:
    """What a cause is told from besides the findings: when it was judged, and what was known of certificates."""

    at: str
    signatures: Sequence[SignaturePart] = ()

    @property
    def all_expired(self) -> bool:
        """Return whether every certificate in the file, the time-stamps' too, has expired by now."""
        ends = [part["certificate"]["not_after"] for part in self._parts() if part["certificate"]]
        return bool(ends) and all(end is not None and end < self.at for end in ends)

    def _parts(self) -> list[Any]:
        return [*self.signatures, *(t for s in self.signatures for t in s["timestamps"])]


_Matcher = Callable[[Sequence[Found], Circumstances | None], Found | None]


def find_cause(found: Sequence[Found], circumstances: Circumstances | None = None) -> Cause | None:
    """Return the cause to tell first; None: the worst finding's own words say it best.

    Only findings that decided the verdict are asked: nothing is told of a valid document.
    """
    worst = min((SEVERITIES.index(f.severity) for f in found), default=len(SEVERITIES))
    if worst > SEVERITIES.index("unknown"):
        return None
    deciding = [f for f in found if SEVERITIES.index(f.severity) == worst]
    for name, matches in _CAUSES:
        leading = matches(deciding, circumstances)
        if leading is not None:
            time = {"time": circumstances.at} if circumstances else {}
            return Cause(name, leading, {**leading.where, **_page(leading), **leading.values, **time})
    return None


def _stated(name: CauseName) -> _Matcher:
    """The check that looked at the bytes names the cause itself."""
    return lambda found, _: next((f for f in found if f.values.get("cause") == name), None)


def _not_signed(found: Sequence[Found], _: Circumstances | None) -> Found | None:
    """Nobody signed, and it is no draft of ours either: often a print, but an invoice is none."""
    no_draft = any(f.code == "record-missing" for f in found)
    return next((f for f in found if f.code == "unsigned" and (no_draft or f.values.get("cause"))), None)


def _page_altered(after: str) -> _Matcher:
    """A page is not the scanned one, and what was signed over it does not match any more."""

    def matches(found: Sequence[Found], _: Circumstances | None) -> Found | None:
        broken = {f.where.get("field") for f in found if f.code == "signature-broken"}
        pages = [f for f in found if f.code == "pages-differ" and "page" in f.where]
        return min(pages, key=lambda f: f.where["page"]) if pages and after in broken else None

    return matches


def _page_changed(code: Code) -> _Matcher:
    """A later revision shows something else on a page."""

    def matches(found: Sequence[Found], _: Circumstances | None) -> Found | None:
        return next((f for f in found if f.code == code and _page(f)), None)

    return matches


def _page(found: Found) -> dict[str, Any]:
    """Return the page that a change is about, as its reason names it."""
    what = found.values.get("what")
    if not isinstance(what, Reason) or not what.code.startswith(("changes.page-", "changes.annotation-")):
        return {}
    return {"page": what.values["page"]} if "page" in what.values else {}


def _clock_slow(found: Sequence[Found], _: Circumstances | None) -> Found | None:
    return next((f for f in found if f.code in ("signed-in-the-future", "not-yet-valid")), None)


def _clock_fast(found: Sequence[Found], circumstances: Circumstances | None) -> Found | None:
    """What is undecided is all of trust, and every certificate has expired: the file is old, or the clock is fast."""
    expired = circumstances is not None and circumstances.all_expired
    trust_alone = all(f.check in ("trust", "time", "competence") and f.severity == "unknown" for f in found)
    unnamed = any(f.code == "no-anchors" for f in found)
    return found[0] if found and expired and trust_alone and not unnamed else None


#: the causes, the one to tell first at the head; each finds its leading finding among those that decided
_CAUSES: tuple[tuple[CauseName, _Matcher], ...] = (
    ("empty", _stated("empty")),
    ("archive", _stated("archive")),
    ("office-file", _stated("office-file")),
    ("picture", _stated("picture")),
    ("web-page", _stated("web-page")),
    ("xml-file", _stated("xml-file")),
    ("cut-off", _stated("cut-off")),
    ("not-signed", _not_signed),
    ("page-altered-after-seal", _page_altered(SEAL_FIELD)),
    ("page-altered-after-signer", _page_altered(SIGNER_FIELD)),
    ("page-changed-after-seal", _page_changed("changed-after-seal")),
    ("page-changed-after-signer", _page_changed("changed-after-signer")),
    ("page-changed-after-signature", _page_changed("changed-after-signature")),
    ("put-before", _stated("put-before")),
    ("appended", _stated("appended")),
    ("clock-slow", _clock_slow),
    ("clock-fast", _clock_fast),
)
