"""The findings in words, each with what to do, and the checks at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecert.report.html.markup import Markup, el, foreign
from ecert.report.html.signs import sign
from ecert.report.html.words import Words
from ecert.report.telling import lacks_registry, tells_remedy
from ecert.words import finding_sentence

MAX_FINDINGS = 12  # of one severity in the main part; the technical part has more


def reasons(content: Mapping[str, Any], words: Words, lang: str, severity: str) -> Markup | None:
    """Return the findings of a severity; those with the same way out stand together before it, if it is told."""
    found = [f for f in content["findings"] if f["severity"] == severity]
    if not found:
        return None
    groups: dict[str, list[Mapping[str, Any]]] = {}
    told = tells_remedy(content["verdict"], severity)
    for finding in found[:MAX_FINDINGS]:
        groups.setdefault(citizen_advice(finding, lang) if told else "", []).append(finding)
    rest = len(found) - MAX_FINDINGS
    return el(
        "section",
        el("h2", words[severity]),
        el(
            "ul",
            *(
                el(
                    "li",
                    *(el("p", sign(severity), foreign(f["text"][lang])) for f in group),
                    el("p", el("strong", words["remedy"], ": "), foreign(remedy), class_="remedy") if told else None,
                )
                for remedy, group in groups.items()
            ),
            class_=f"reasons {severity}",
        ),
        el("p", words["more-findings"].format(count=rest)) if rest > 0 else None,
    )


def citizen_advice(finding: Mapping[str, Any], lang: str) -> str:
    """Return what a citizen does about a finding."""
    return finding_sentence(finding["check"], finding["code"], "citizen", lang)


def checks(content: Mapping[str, Any], words: Words) -> Markup:
    """Return every check with its status, in signs and words."""
    rows = []
    for check, status in content["checks"].items():
        label = words.get(f"{check}-check") or words.get(check, check)
        told = words.get(f"{status}-check") or words[status]
        if check == "competence" and lacks_registry(content):
            told = words["no-registry"]
        rows.append(el("li", sign(status), el("span", label, ": ", el("b", told)), class_=f"status-{status}"))
    return el("section", el("h2", words["checks"]), el("ul", *rows, class_="checks"))
