"""The findings in words, each with what to do, and the checks at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from ecert.model.audiences import Audience
from ecert.model.findings import Severity
from ecert.model.languages import Lang
from ecert.report.content import FindingPart, ReportContent
from ecert.report.html.icons import icon
from ecert.report.html.markup import Labels, Markup, el, foreign
from ecert.report.telling import grouped, is_beside_the_point, lacks_registry, tells_remedy

MAX_OPEN = 3  # findings of one severity that stand open: a print of the report is one page
MAX_FINDINGS = 12  # of one severity in the main part; the technical part has more


def reasons(
    content: ReportContent, labels: Labels, lang: Lang, severity: Severity, audiences: Sequence[Audience]
) -> Markup | None:
    """Return the findings of a severity; those with the same way out stand together before it, if it is told.

    The first few stand open, the rest can be opened. What could not change the verdict can be opened alone: what is
    undecided, or worth knowing, about a file that is refused.
    """
    verdict = content["verdict"]
    found = [f for f in content["findings"] if f["severity"] == severity]
    if not found:
        return None
    told = tuple(audiences) if tells_remedy(verdict, severity) else ()
    shown, rest = found[:MAX_FINDINGS], len(found) - MAX_FINDINGS
    more = el("p", labels["more-findings"].format(count=rest)) if rest > 0 else None
    if is_beside_the_point(verdict, severity):
        title = labels["undecided-beside"].format(count=len(found))
        return _folded(title, _groups(shown, labels, lang, severity, told), more)
    if verdict != "VALID" and severity in ("warning", "info"):
        return _folded(f"{labels[severity]} ({len(found)})", _groups(shown, labels, lang, severity, told), more)
    first, later = shown[:MAX_OPEN], shown[MAX_OPEN:]
    title = labels["more-findings"].format(count=len(found) - MAX_OPEN)
    return el(
        "section",
        el("h2", labels[severity]),
        _groups(first, labels, lang, severity, told),
        el("details", el("summary", title), _groups(later, labels, lang, severity, told), more) if later else None,
    )


def _folded(title: str, *children: Markup | None) -> Markup:
    return el("details", el("summary", el("h2", title)), *children, class_="folded")


def _groups(
    findings: Sequence[FindingPart], labels: Labels, lang: Lang, severity: Severity, told: tuple[Audience, ...]
) -> Markup:
    return el(
        "ul",
        *(
            el(
                "li",
                *(el("p", icon(severity), foreign(f["text"][lang])) for f in group),
                *(
                    el("p", el("strong", _label(labels, told, who), ": "), foreign(advice), class_="remedy")
                    for who, advice in zip(told, remedy, strict=True)
                ),
            )
            for remedy, group in grouped(findings, told, lang).items()
        ),
        class_=f"reasons {severity}",
    )


def _label(labels: Labels, told: tuple[Audience, ...], who: Audience) -> str:
    return labels["remedy"] if len(told) == 1 else labels[f"remedy-{who}"]


def checks(content: ReportContent, labels: Labels) -> Markup:
    """Return every check with its status, in signs and words."""
    rows = []
    for check, status in content["checks"].items():
        label = labels.get(f"{check}-check") or labels.get(check, check)
        told = labels.get(f"{status}-check") or labels[status]
        if check == "competence" and lacks_registry(content):
            told = labels["no-registry"]
        rows.append(el("li", icon(status), el("span", label, ": ", el("b", told)), class_=f"status-{status}"))
    return el("section", el("h2", labels["checks"]), el("ul", *rows, class_="checks"))
