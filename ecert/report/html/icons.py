"""Icons beside the words, drawn, so that no font has to have them: yes, no, a question, a stroke."""

from __future__ import annotations

from ecert.report.html.markup import Markup, el

_YES = "M6.5 12.5l3.6 3.6 7.4-8"
_NO = "M7.5 7.5l9 9m0-9l-9 9"
_ASK = "M8.8 9.2a3.2 3.2 0 1 1 4.9 2.7c-1.1.7-1.7 1.3-1.7 2.6m0 2.7v.3"
_STROKE = "M7 12h10"
_PATHS = {
    "VALID": _YES,
    "TOTAL-PASSED": _YES,
    "pass": _YES,
    "INVALID": _NO,
    "TOTAL-FAILED": _NO,
    "fail": _NO,
    "error": _NO,
    "INDETERMINATE": _ASK,
    "unknown": _ASK,
    "not-checked": _STROKE,
    "matches-its-part": _STROKE,
    "warning": "M12 6.5v7m0 3.2v.3",
    "info": "M12 10.5v7m0-10.9v.3",
}


def icon(kind: str) -> Markup:
    """Return the icon of a verdict, an outcome, a check's status or a severity; hidden from screen readers.

    Its shape says what its colour says; the words stand beside it.
    """
    ring = el("circle", cx="12", cy="12", r="11", fill="currentColor")
    stroke = el(
        "path",
        d=_PATHS[kind],
        fill="none",
        stroke="var(--paper)",
        stroke_width="2.4",
        stroke_linecap="round",
        stroke_linejoin="round",
    )
    return el("svg", ring, stroke, class_="sign", viewBox="0 0 24 24", aria_hidden="true")
