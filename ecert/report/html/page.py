"""The report as one HTML page: verdict, what was certified, reasons, pages, signatures, the technical part."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ecert.model.files import packaged
from ecert.report.hidden import plain
from ecert.report.html.drawing import font_faces
from ecert.report.html.gallery import gallery
from ecert.report.html.markup import Markup, el, foreign
from ecert.report.html.pictures import page_pictures
from ecert.report.html.reasons import checks, reasons
from ecert.report.html.signs import sign
from ecert.report.html.technical import technical
from ecert.report.html.times import told_day, told_time
from ecert.report.html.words import WORDS, Words
from ecert.report.telling import asks_for_copy, named, named_on_certificate, proof_kind

#: Nothing is fetched and nothing runs; what the page shows, it brings along.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
)


def report_html(content: Mapping[str, Any], lang: str, document: bytes | None = None) -> str:
    """Return a report's page; ``document`` is the file that was judged, for the pictures.

    An unknown language raises ``KeyError``, as for the text.
    """
    words = WORDS[lang]
    pictures = page_pictures(content, document)
    bad = content["verdict"] != "VALID"
    copy = content["copy"]
    why = [reasons(content, words, lang, s) for s in ("error", "unknown", "warning", "info")]
    main = el(
        "main",
        _verdict(content, words, lang),
        *(why[:2] if bad else ()),
        _certified(content, words) if copy else None,
        *(why[2:] if bad else why),
        gallery(content, pictures, words) if copy else None,
        _signatures(content, words),
        _until(content, words, lang),
        None if bad else checks(content, words),
        technical(content, words, lang),
    )
    serif = any(page.kind == "statement" and page.drawing for page in pictures.pages)
    head = _head(content, words, font_faces() if serif else "")
    body = el("body", main, _footer(content, words))
    return "<!DOCTYPE html>\n" + el("html", head, "\n", body, lang=lang) + "\n"


def _head(content: Mapping[str, Any], words: Words, faces: str) -> Markup:
    name = content["document"]["name"]
    title = words[content["verdict"]] + (f": {plain(name)}" if name else "")
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=CONTENT_SECURITY_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("meta", name="robots", content="noindex"),  # names of persons stand below
        el("meta", name="format-detection", content="telephone=no"),
        el("meta", name="color-scheme", content="light"),
        el("link", rel="icon", href="data:,"),
        el("title", title),
        el("style", Markup(_style() + faces)),
    )


@cache
def _style() -> str:
    return packaged("report/html/style.css").decode()


def _verdict(content: Mapping[str, Any], words: Words, lang: str) -> Markup:
    verdict, document = content["verdict"], content["document"]
    is_copy = asks_for_copy(content)
    name = document["name"]
    facts = el(
        "dl",
        el("div", el("dt", words["file"]), el("dd", foreign(name))) if name else None,
        el("div", el("dt", words["checked"]), el("dd", told_time(content["validation_time"]))),
        class_="facts",
    )
    return el(
        "header",
        el("p", words["title-copy" if is_copy else "title-signatures"], class_="kicker"),
        el("h1", sign(verdict), el("span", words[verdict])),
        el("p", foreign(content["summary"][lang], 400), class_="summary"),
        None if is_copy else el("p", words["signatures-only"]),
        el("p", words["not-forged"]) if verdict == "INDETERMINATE" else None,
        facts,
        class_=f"verdict {verdict.lower()}",
    )


def _certified(content: Mapping[str, Any], words: Words) -> Markup:
    """Return who certified what, for which body; below VALID it is what the file claims."""
    copy, valid = content["copy"], content["verdict"] == "VALID"
    original, certifier, body = copy["original"], copy["certifier"], copy["body"]
    entry = words["entry-value"].format_map({k: copy[k] for k in ("number", "book", "series")})
    rows = [
        ("original", original["title"]),
        ("kind", original.get("kind")),
        ("original-number", original.get("number")),
        ("issuer", original.get("issuer")),
        ("original-date", told_day(original.get("date"))),
        ("pages", original["pages"]),
        ("certifier", f"{certifier['name']}, {certifier['title']}"),
        ("certificate", named_on_certificate(certifier)),
        ("body", named(body)),
        ("certificate", named_on_certificate(body)),
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
                el("tr", el("th", words[label], scope="row"), el("td", foreign(value)))
                for label, value in rows
                if value is not None
            ),
        ),
        class_="rows",
    )
    return el(
        "section",
        el("h2", words["certified" if valid else "claimed"]),
        None if valid else el("p", words["claims-note"], class_="note"),
        table,
    )


def _signatures(content: Mapping[str, Any], words: Words) -> Markup:
    items = [_signature(s, words) for s in content["signatures"]]
    return el(
        "section",
        el("h2", words["signatures"]),
        el("ul", *items, class_="cards") if items else el("p", words["no-signatures"]),
    )


def _signature(signature: Mapping[str, Any], words: Words) -> Markup:
    certificate = signature["certificate"] or {"name": None, "organization": None}
    name = certificate["name"] or certificate["organization"]
    outcome = signature["indication"]
    role = signature["role"]
    badge = {"signer": "1", "seal": "2"}.get(role)
    told = words["signature-INDETERMINATE" if outcome == "INDETERMINATE" else outcome]
    return el(
        "li",
        el("h3", el("span", badge, class_=f"badge {role}") if badge else None, el("span", words[f"role-{role}"])),
        el("p", foreign(name) if name else words["unknown-name"], class_="name"),
        el("p", _when(signature, words)),
        el("p", sign(outcome), el("span", told), class_=f"outcome {_TONES[outcome]}"),
    )


_TONES = {"TOTAL-PASSED": "valid", "TOTAL-FAILED": "invalid", "INDETERMINATE": "indeterminate"}


def _when(signature: Mapping[str, Any], words: Words) -> str:
    claimed, best = signature["claimed_time"], signature["best_signature_time"]
    proven = any(t["counts"] for t in signature["timestamps"])
    if signature["role"] == "timestamp":
        proven = signature["indication"] == "TOTAL-PASSED"
    if proven and best:
        told = f"{told_time(best)} ({words['proven']})"
        if claimed and claimed[:16] != best[:16]:  # to the minute
            told += "; " + words["says"].format(time=told_time(claimed))
        return told
    return f"{told_time(claimed)} ({words['by-itself']})" if claimed else words["no-time"]


def _until(content: Mapping[str, Any], words: Words, lang: str) -> Markup | None:
    kind, limit = proof_kind(content), content["proof_limit"]
    if kind is None:
        return None
    if kind == "none":
        told = words["no-proof"]
    else:
        key = "until-value" if kind == "lasting" else "no-proof-ends"
        time = told_time(content["proof_until"])
        told = words[key].format(time=time, why=limit["text"][lang], name=plain(limit["name"]))
    return el("section", el("h2", words["until"]), el("p", told))


def _footer(content: Mapping[str, Any], words: Words) -> Markup:
    generator = content["generator"]
    made = words["footer"].format(time=told_time(content["validation_time"]), **generator)
    return el(
        "footer",
        el("p", words["not-signed"]),
        el("p", made),
        el("p", words["digest"], " ", el("code", content["document"]["sha256"])),
    )
