"""The findings in words, each with what to do, and the checks at a glance."""

from __future__ import annotations

from ecert.model.findings import Severity
from ecert.model.languages import Lang
from ecert.report.content import FindingPart, ReportContent
from ecert.report.html.icons import icon
from ecert.report.html.markup import Labels, Markup, el, foreign
from ecert.report.telling import lacks_registry, tells_remedy
from ecert.words import finding_sentence

MAX_FINDINGS = 12  # of one severity in the main part; the technical part has more


def reasons(content: ReportContent, labels: Labels, lang: Lang, severity: Severity) -> Markup | None:
    """Return the findings of a severity; those with the same way out stand together before it, if it is told."""
    found = [f for f in content["findings"] if f["severity"] == severity]
    if not found:
        return None
    groups: dict[str, list[FindingPart]] = {}
    told = tells_remedy(content["verdict"], severity)
    for finding in found[:MAX_FINDINGS]:
        groups.setdefault(citizen_advice(finding, lang) if told else "", []).append(finding)
    rest = len(found) - MAX_FINDINGS
    return el(
        "section",
        el("h2", labels[severity]),
        el(
            "ul",
            *(
                el(
                    "li",
                    *(el("p", icon(severity), foreign(f["text"][lang])) for f in group),
                    el("p", el("strong", labels["remedy"], ": "), foreign(remedy), class_="remedy") if told else None,
                )
                for remedy, group in groups.items()
            ),
            class_=f"reasons {severity}",
        ),
        el("p", labels["more-findings"].format(count=rest)) if rest > 0 else None,
    )


def citizen_advice(finding: FindingPart, lang: Lang) -> str:
    """Return what a citizen does about a finding."""
    return finding_sentence(finding["check"], finding["code"], "citizen", lang)


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
