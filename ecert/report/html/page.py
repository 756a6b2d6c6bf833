"""The report as one HTML page: verdict, what was certified, reasons, pages, signatures, the technical part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from ecert.model.audiences import AUDIENCES, Audience
from ecert.model.files import packaged
from ecert.model.findings import SEVERITIES
from ecert.model.languages import Lang
from ecert.report.content import CopyPart, ReportContent, SignatureIndication, SignaturePart, Verdict
from ecert.report.hidden import plain
from ecert.report.html.drawing import font_faces
from ecert.report.html.gallery import gallery
from ecert.report.html.icons import icon
from ecert.report.html.markup import Labels, Markup, el, foreign
from ecert.report.html.pictures import page_pictures
from ecert.report.html.reasons import checks, reasons
from ecert.report.html.technical import technical
from ecert.report.telling import (
    asks_for_copy,
    asks_for_seal_alone,
    body_on_certificate,
    certifier_on_certificate,
    name_with_parent,
    outcome_key,
    proof_kind,
)
from ecert.report.times import Clock, office_clock, prose_clock, told_day
from ecert.words import table

#: Nothing is fetched and nothing runs; what the page shows, it brings along.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
)


def report_html(
    content: ReportContent, lang: Lang, document: bytes | None = None, audiences: Sequence[Audience] = AUDIENCES
) -> str:
    """Return a report's page; ``document`` is the file that was judged, for the pictures.

    ``audiences`` are told what to do, in this order.
    """
    labels: Labels = table("report/html", lang)
    clock = office_clock(content["copy"])
    pictures = page_pictures(content, document)
    bad = content["verdict"] != "VALID"
    copy = content["copy"]
    why = [reasons(content, labels, lang, s, audiences) for s in SEVERITIES]
    main = el(
        "main",
        _verdict(content, labels, lang, clock),
        *(why[:2] if bad else ()),
        _certified(copy, content["verdict"], labels) if copy else None,
        *(why[2:] if bad else why),
        _signatures(content, labels, clock) if content["document"]["pages"] is not None else None,
        _until(content, labels, prose_clock(content["copy"], lang)),
        None if bad else checks(content, labels),
        gallery(content, pictures, labels) if copy else None,
        technical(content, labels, lang, audiences),
    )
    serif = any(page.kind == "statement" and page.drawing for page in pictures.pages)
    head = _head(content, labels, font_faces() if serif else "")
    body = el("body", main, _footer(content, labels, clock))
    return "<!DOCTYPE html>\n" + el("html", head, "\n", body, lang=lang) + "\n"


def _head(content: ReportContent, labels: Labels, faces: str) -> Markup:
    name = content["document"]["name"]
    title = labels[content["verdict"]] + (f": {plain(name)}" if name else "")
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=CONTENT_SECURITY_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="robots", content="noindex"),  # names of persons stand below
        el("meta", name="format-detection", content="telephone=no"),
        el("meta", name="color-scheme", content="light dark"),
        el("link", rel="icon", href="data:,"),
        el("title", title),
        el("style", Markup(_style() + faces)),
    )


@cache
def _style() -> str:
    return packaged("report/html/style.css").decode()


def _verdict(content: ReportContent, labels: Labels, lang: Lang, clock: Clock) -> Markup:
    verdict, document = content["verdict"], content["document"]
    is_copy = asks_for_copy(content)
    name = document["name"]
    facts = el(
        "dl",
        el("div", el("dt", labels["file"]), el("dd", foreign(name))) if name else None,
        el("div", el("dt", labels["checked"]), el("dd", clock(content["validation_time"]))),
        class_="facts",
    )
    return el(
        "header",
        el("p", labels["title-copy" if is_copy else "title-signatures"], class_="kicker"),
        el("h1", icon(verdict), el("span", labels[verdict])),
        el("p", foreign(content["summary"][lang], 400), class_="summary"),
        None if is_copy else el("p", labels["sealed-only" if asks_for_seal_alone(content) else "signatures-only"]),
        el("p", labels["not-forged"]) if verdict == "INDETERMINATE" else None,
        facts,
        class_=f"verdict {verdict.lower()}",
    )


def _certified(copy: CopyPart, verdict: Verdict, labels: Labels) -> Markup:
    """Return who certified what, for which body; below VALID it is what the file claims."""
    valid = verdict == "VALID"
    original, certifier, body = copy["original"], copy["certifier"], copy["body"]
    entry = labels["entry-value"].format(number=copy["number"], book=copy["book"], series=copy["series"])
    rows = [
        ("original", original["title"]),
        ("kind", original.get("kind")),
        ("original-number", original.get("number")),
        ("issuer", original.get("issuer")),
        ("original-date", told_day(original.get("date"))),
        ("pages", original["pages"]),
        ("certifier", f"{certifier['name']}, {certifier['title']}"),
        ("certificate", certifier_on_certificate(certifier)),
        ("body", name_with_parent(body)),
        ("certificate", body_on_certificate(body)),
        ("date", told_day(copy["date"])),
        ("entry", entry),
        ("id", copy["id"]),
        ("replaces", ", ".join(copy["replaces"]) or None),
    ]
    table = el(
        "table",
        el(
            "tbody",
            *(
                el("tr", el("th", labels[label], scope="row"), el("td", foreign(value)))
                for label, value in rows
                if value is not None
            ),
        ),
        class_="rows",
    )
    return el(
        "section",
        el("h2", labels["certified" if valid else "claimed"]),
        None if valid else el("p", labels["claims-note"], class_="note"),
        table,
    )


def _signatures(content: ReportContent, labels: Labels, clock: Clock) -> Markup:
    items = [_signature(content, s, labels, clock) for s in content["signatures"]]
    return el(
        "section",
        el("h2", labels["signatures"]),
        el("ul", *items, class_="cards") if items else el("p", labels["no-signatures"]),
    )


def _signature(content: ReportContent, signature: SignaturePart, labels: Labels, clock: Clock) -> Markup:
    certificate = signature["certificate"]
    name = (certificate["name"] or certificate["organization"]) if certificate else None
    outcome = signature["indication"]
    role = signature["role"]
    badge = {"signer": "1", "seal": "2"}.get(role)
    told = outcome_key(content, outcome)
    tone = "plain" if told == "matches-its-part" else _TONES[outcome]
    return el(
        "li",
        el("h3", el("span", badge, class_=f"badge {role}") if badge else None, el("span", labels[f"role-{role}"])),
        el("p", foreign(name) if name else labels["unknown-name"], class_="name"),
        el("p", _when(signature, labels, clock)),
        el(
            "p",
            icon(told if told == "matches-its-part" else outcome),
            el("span", labels[told]),
            class_=f"outcome {tone}",
        ),
    )


_TONES: Mapping[SignatureIndication, str] = {
    "TOTAL-PASSED": "valid",
    "TOTAL-FAILED": "invalid",
    "INDETERMINATE": "indeterminate",
}


def _when(signature: SignaturePart, labels: Labels, clock: Clock) -> str:
    claimed, best = signature["claimed_time"], signature["best_signature_time"]
    proven = any(t["counts"] for t in signature["timestamps"])
    if signature["role"] == "timestamp":
        proven = signature["indication"] == "TOTAL-PASSED"
    if proven and best:
        told = f"{clock(best)} ({labels['proven']})"
        if claimed and claimed[:16] != best[:16]:  # to the minute
            told += "; " + labels["says"].format(time=clock(claimed))
        return told
    return f"{clock(claimed)} ({labels['by-itself']})" if claimed else labels["no-time"]


def _until(content: ReportContent, labels: Labels, clock: Clock) -> Markup | None:
    """Return until when the file can be verified by what it holds; what ends that is told in the technical part."""
    kind, limit, until = proof_kind(content), content["proof_limit"], content["proof_until"]
    if kind is None:
        return None
    if kind == "none" or limit is None or until is None:
        told = labels["no-proof"]
    else:
        key = "until-value" if kind == "lasting" else "no-proof-ends"
        time = clock(until)
        told = labels[key].format(time=time, name=plain(limit["name"]))
    return el("section", el("h2", labels["until"]), el("p", told))


def _footer(content: ReportContent, labels: Labels, clock: Clock) -> Markup:
    generator = content["generator"]
    made = labels["footer"].format(time=clock(content["validation_time"]), **generator)
    return el(
        "footer",
        el("p", labels["not-signed"]),
        el("p", made),
        el("p", labels["digest"], " ", el("code", content["document"]["sha256"])),
    )
