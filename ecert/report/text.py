"""The report in words: the verdict first, then who certified what, then what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from ecert.model.audiences import Audience
from ecert.model.findings import SEVERITIES
from ecert.model.languages import Lang
from ecert.report.content import AttemptPart, CopyPart, ReportContent, SignaturePart, Verdict
from ecert.report.hidden import plain
from ecert.report.telling import (
    asks_for_seal_alone,
    body_on_certificate,
    certifier_on_certificate,
    grouped,
    is_beside_the_point,
    lacks_registry,
    name_with_parent,
    outcome_key,
    proof_kind,
    tells_remedy,
)
from ecert.report.times import Clock, office_clock, prose_clock, told_day
from ecert.words import fill, table

_WIDTH = 92
_MOST_CHARACTERS = 10_000  # of one text


def report_text(content: ReportContent, lang: Lang, audience: Audience) -> str:
    """Return a report's text; ``audience`` is who is told what to do."""
    words: Mapping[str, str] = table("report/text", lang)
    clock = office_clock(content["copy"])
    content = _shown(content)
    lines = [f"{words['verdict'].upper()}: {words[content['verdict']]}"]
    lines += _wrap(content["summary"][lang], _WIDTH)
    if asks_for_seal_alone(content):
        lines += _wrap(words["sealed-only"], _WIDTH)
    lines.append("")
    document = content["document"]
    lines.append(_row(words["file"], document["name"] or document["sha256"][:16]))
    lines.append(_row(words["checked"], clock(content["validation_time"])))
    if content["copy"]:
        lines += ["", *_copy_lines(content["copy"], content["verdict"], words)]
    if content["signatures"]:
        lines += ["", words["signatures"] + ":"]
        lines += [line for s in content["signatures"] for line in _signature_lines(content, s, words, clock)]
    until = _until(content, words, prose_clock(content["copy"], lang))
    if until:
        lines += ["", *_wrap(until, _WIDTH)]
    if content["verdict"] == "VALID" and lacks_registry(content):
        lines += ["", *_wrap(words["competence"], _WIDTH)]
    if content["attempts"]:
        lines += ["", words["attempts"] + ":"]
        lines += [line for a in content["attempts"] for line in _attempt_lines(a, words)]
    lines += _finding_lines(content, words, lang, audience)
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> Any:
    """Return a tree whose texts, some of them a forger's, stay on their line and hide nothing."""
    if isinstance(value, str):
        return plain(value, _MOST_CHARACTERS)
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Break a line at spaces alone, so that codes and names stay whole."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )


def _row(label: str, value: str) -> str:
    return f"{label}: {value}"


def _copy_lines(copy: CopyPart, verdict: Verdict, words: Mapping[str, str]) -> list[str]:
    certifier, body = copy["certifier"], copy["body"]
    return [
        words["copy" if verdict == "VALID" else "claims"] + ":",
        "  " + _row(words["original"], copy["original"]["title"]),
        "  " + _row(words["pages"], str(copy["original"]["pages"])),
        "  " + _row(words["number"], f"{copy['number']}, {words['book']} {copy['book']} - {copy['series']}"),
        "  " + _row(words["date"], told_day(copy["date"]) or ""),
        "  " + _row(words["certifier"], f"{certifier['name']}, {certifier['title']}"),
        *_certificate_lines(certifier_on_certificate(certifier), words),
        "  " + _row(words["body"], name_with_parent(body)),
        *_certificate_lines(body_on_certificate(body), words),
        "  " + _row(words["id"], copy["id"]),
    ]


def _certificate_lines(name: str | None, words: Mapping[str, str]) -> list[str]:
    """Return what the certificate calls certifier or body, where that is another name."""
    return ["    " + _row(words["certificate"], name)] if name else []


def _signature_lines(
    content: ReportContent, signature: SignaturePart, words: Mapping[str, str], clock: Clock
) -> list[str]:
    name = signature["certificate"]["name"] if signature["certificate"] else "?"
    outcome = words[outcome_key(content, signature["indication"])]
    time = signature["best_signature_time"]
    proven = any(t["counts"] for t in signature["timestamps"])
    if not proven:
        time = signature["claimed_time"]
    line = f"{words[signature['role']]}: {name} - {outcome}"
    if time:
        line += f"; {words['at']} {clock(time)} ({words['proven' if proven else 'claimed']}"
        claimed = signature["claimed_time"]
        if proven and claimed and claimed[:16] != time[:16]:  # to the minute
            line += f"; {words['claims-itself']} {clock(claimed)}"
        line += ")"
    return _wrap(line, _WIDTH, first="  ", rest="      ")


def _until(content: ReportContent, words: Mapping[str, str], clock: Clock) -> str | None:
    """Return until when a valid file can be verified by what it holds itself; why then is told in the tree."""
    kind, limit, until = proof_kind(content), content["proof_limit"], content["proof_until"]
    if kind is None:
        return None
    if kind == "none" or limit is None or until is None:
        return words["no-proof"]
    key = "until" if kind == "lasting" else "no-proof-ends"
    return fill(words[key], {"name": limit["name"], "time": clock(until)})


def _attempt_lines(attempt: AttemptPart, words: Mapping[str, str]) -> list[str]:
    """Return who was asked; the outcome itself, in English, is for those who run the service."""
    answered = attempt["outcome"] == "answered"
    line = f"{attempt['url']}: {words['answered' if answered else 'not-answered']}"
    if not answered:
        line += f" ({attempt['outcome']})"
    if "told_by" in attempt:
        line += f", {words['told-by-folder']}"
    return _wrap(line, _WIDTH, first="  ", rest="      ")


def _finding_lines(content: ReportContent, words: Mapping[str, str], lang: Lang, audience: Audience) -> list[str]:
    """Return the findings; what to do is told once for all that have the same way out.

    What is undecided is not told at length under a refusal: it could not change it.
    """
    lines: list[str] = []
    for severity in SEVERITIES:
        chosen = [f for f in content["findings"] if f["severity"] == severity]
        if not chosen:
            continue
        if is_beside_the_point(content["verdict"], severity):
            codes = ", ".join(dict.fromkeys(f["code"] for f in chosen))
            lines += ["", *_wrap(f"{words['undecided-beside']}: {codes}.", _WIDTH)]
            continue
        lines += ["", words[severity] + ":"]
        told = tells_remedy(content["verdict"], severity)
        for remedy, group in grouped(chosen, (audience,) if told else (), lang).items():
            for finding in group:
                lines += _wrap(f"{finding['text'][lang]} [{finding['code']}]", _WIDTH, first="  - ", rest="    ")
            for advice in remedy:
                lines += _wrap(f"{words['remedy']}: {advice}", _WIDTH, first="    ", rest="    ")
    return lines
