"""What is signed: who made the file, who signs it in which order, and what ecert must say of it.

Two people of one body sign, with certificates of one authority and the same organization: ``leader`` and ``body``. In
the controls the second one is a ``stranger``: of another organization, by the same authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from ecert.report import Verdict

Program = Literal["pdfbox", "dss", "itext", "itext5", "openpdf", "signpdf", "pyhanko"]
Maker = Literal["pdfbox", "itext", "itext5", "openpdf", "signpdf", "pdfcpu", "libreoffice", "office", "pyhanko"]
Who = Literal["leader", "body", "stranger"]


@dataclass(frozen=True)
class Step:
    """One signature."""

    program: Program
    who: Who
    visible: bool = True
    permission: int = 0
    lasting: bool = False  # level B-LTA instead of B-B


@dataclass(frozen=True)
class Case:
    """A file, the signatures on it, and the right answer under policy ``signatures``."""

    name: str
    maker: Maker
    kind: str
    steps: tuple[Step, ...]
    verdict: Verdict = "VALID"
    why: str = ""  # it is not VALID


#: What each program signs when nothing else is of interest: a file of its own, or of the library below it.
OWN: Final[dict[Program, tuple[Maker, str]]] = {
    "pdfbox": ("pdfbox", "plain"),
    "dss": ("pdfbox", "packed"),
    "itext": ("itext", "plain"),
    "itext5": ("itext5", "plain"),
    "openpdf": ("openpdf", "plain"),
    "signpdf": ("signpdf", "pdfkit"),
    "pyhanko": ("pdfbox", "plain"),
}
CERTIFIERS: Final[tuple[Program, ...]] = ("pdfbox", "dss", "itext", "itext5", "openpdf", "pyhanko")
PREPARED: Final[tuple[Program, ...]] = ("itext", "itext5", "openpdf", "pyhanko")
LASTING: Final[tuple[Program, ...]] = ("dss", "itext")


def _shapes(first: Program, then: Program) -> dict[str, tuple[Step, ...]]:
    """Return the ways in which two programs sign one after the other."""
    leader, body = Step(first, "leader"), Step(then, "body")
    certified = Step(first, "leader", permission=2)
    shapes = {"once": (leader,), "twice": (leader, body), "twice-unseen": (leader, Step(then, "body", visible=False))}
    if first in CERTIFIERS:
        shapes |= {
            "certified": (certified,),
            "certified-twice": (certified, body),
            "certified-thrice": (certified, body, body),
            "certified-twice-unseen": (certified, Step(then, "body", visible=False)),
        }
    return shapes


def _cases(prefix: str, base: tuple[Maker, str], first: Program, then: Program, *wanted: str) -> list[Case]:
    shapes = _shapes(first, then)
    names = wanted or [name for name in shapes if name != "certified-thrice"]
    return [Case(f"{prefix}-{name}", *base, shapes[name]) for name in names if name in shapes]


_ALONE: Final = [case for program, base in OWN.items() for case in _cases(program, base, program, program)]

_ON_OTHERS: Final = [
    case
    for maker, kind, programs in (
        ("itext", "tagged", ("itext", "itext5", "pdfbox", "openpdf")),
        ("itext", "packed", ("itext", "openpdf")),
        ("pdfbox", "packed", ("pdfbox", "itext5", "pyhanko")),
        ("openpdf", "packed", ("openpdf",)),
        ("pdfcpu", "created", ("itext", "pyhanko")),
        ("pdfcpu", "plain", ("pdfbox", "signpdf")),
        ("pdfcpu", "packed", ("dss", "openpdf")),
        ("libreoffice", "plain", ("signpdf", "openpdf")),
        ("libreoffice", "tagged", ("itext", "itext5", "dss", "pyhanko")),
        ("libreoffice", "pdfa", ("pdfbox", "pyhanko")),
        ("itext", "form", ("itext", "openpdf", "pdfbox", "pyhanko")),
        ("pdfbox", "form", ("pdfbox", "itext5", "openpdf", "dss")),
        ("office", "word", ("pdfbox", "dss", "itext5", "openpdf", "pyhanko")),
        ("office", "excel", ("pdfbox", "itext5")),
        ("office", "several-object-streams", ("openpdf",)),
        ("office", "no-object-stream", ("dss",)),
        ("office", "acrobat-linearized", ("dss", "openpdf")),
        ("office", "pairs", ("pdfbox",)),
    )
    for program in programs
    for case in _cases(f"{maker}-{kind}-by-{program}", (maker, kind), program, program, "twice", "certified-twice")  # type: ignore[arg-type]
]

_MIXED: Final = [
    case
    for first, then in (
        ("itext", "openpdf"),
        ("itext", "itext5"),
        ("itext5", "pyhanko"),
        ("openpdf", "itext"),
        ("dss", "openpdf"),
        ("pdfbox", "pyhanko"),
        ("pyhanko", "pdfbox"),
        ("dss", "itext"),
        ("signpdf", "pdfbox"),
    )
    for case in _cases(f"{first}-then-{then}", OWN[first], first, then, "twice", "certified-twice")  # type: ignore[index,arg-type]
]

_UNSEEN: Final = _cases("itext-then-dss", OWN["itext"], "itext", "dss", "twice-unseen", "certified-twice-unseen")

_STRANGERS: Final = [
    Case(
        f"{program}-certified-then-stranger",
        *OWN[program],
        (Step(program, "leader", permission=2), Step(program, "stranger")),
        "INDETERMINATE",
        "the certifier and the other one do not belong together",
    )
    for program in CERTIFIERS
]


def _refused(verdict: Verdict, why: str, cases: Iterable[Case]) -> list[Case]:
    return [replace(case, verdict=verdict, why=why) for case in cases]


#: What programs do wrong, or beyond what a signature needs.
_FAULTS: Final = [
    *_refused(
        "INVALID",
        "beside its picture, DSS adds an output intent, which decides about the colours of the page",
        _cases("itext-then-dss", OWN["itext"], "itext", "dss", "twice"),
    ),
    *_refused(
        "INDETERMINATE",
        "iText replaces the page in a hidden section; to readers that do not know these, it stays as it was",
        _cases("office-word-by-itext", ("office", "word"), "itext", "itext", "once", "twice"),
    ),
    *_refused(
        "INDETERMINATE",
        "the second signature drops the field of the first one from the form",
        _cases("signpdf-pdf-lib", ("signpdf", "pdf-lib"), "signpdf", "signpdf", "twice", "twice-unseen"),
    ),
    *_refused(
        "INVALID",
        "@signpdf writes the key /AcroForm twice",
        _cases("pdfbox-then-signpdf", OWN["pdfbox"], "pdfbox", "signpdf", "twice"),
    ),
]

#: As a leader signs, and others add number, date and seal.
_THREE: Final = [
    case for program in CERTIFIERS for case in _cases(program, OWN[program], program, program, "certified-thrice")
]

#: Into fields that wait for it.
_PREPARED: Final = [
    case
    for program in PREPARED
    for case in _cases(
        f"fields-by-{program}", ("pyhanko", "plain"), program, program, "once", "twice", "certified-twice"
    )
]

_LASTING: Final = [
    replace(case, name=f"{case.name}-lasting", steps=tuple(replace(step, lasting=True) for step in case.steps))
    for program in LASTING
    for case in _cases(program, OWN[program], program, program, "once", "twice", "certified-twice")
]

_PDF_LIB: Final = _cases("signpdf-pdf-lib", ("signpdf", "pdf-lib"), "signpdf", "signpdf", "once")

CASES: Final = (
    *_ALONE,
    *_ON_OTHERS,
    *_MIXED,
    *_UNSEEN,
    *_THREE,
    *_PREPARED,
    *_LASTING,
    *_PDF_LIB,
    *_STRANGERS,
    *_FAULTS,
)
assert len({case.name for case in CASES}) == len(CASES)
assert all(bool(case.why) is (case.verdict != "VALID") for case in CASES)
