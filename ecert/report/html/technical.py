"""The technical part: the report's tree as it is, its keys untranslated, closed until somebody opens it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ecert.model.audiences import Audience
from ecert.model.languages import Lang
from ecert.report.content import FindingPart, ReportContent, RevisionPart, SignaturePart
from ecert.report.html.markup import Labels, Markup, el, foreign
from ecert.report.telling import tells_remedy
from ecert.words import Part, finding_sentence

MAX_ROWS = 400  # of one table: a damaged file can have thousands of findings
_MOST = 1500  # characters of one row
_RAW = frozenset({"value", "to_be_signed", "signed_data"})  # of signatures: for programs alone


def technical(content: ReportContent, labels: Labels, lang: Lang, audiences: Sequence[Audience]) -> Markup:
    """Return everything else the report knows, for those who look into a case."""
    copy, evidence = content["copy"], content["evidence"]
    revisions = content["history"]["revisions"] if content["history"] else []
    document = {
        "document": content["document"],
        "verdict": content["verdict"],
        "certified": content["certified"],
        "cause": content["cause"],
        "proof_until": content["proof_until"],
        "proof_limit": content["proof_limit"]["text"][lang] if content["proof_limit"] else None,
        "validation_time": content["validation_time"],
        "verified_at": content["verified_at"],
        "checks": content["checks"],
    }
    policy = {"policy": content["policy"], "trust": content["trust"]}
    parts = [
        ("t-document", _table(document)),
        ("t-policy", _table(policy)),
        ("t-copy", _table(copy) if copy else None),
        ("t-signatures", _signatures(content["signatures"])),
        ("history", _history(revisions, labels) if revisions else None),
        ("t-evidence", _table(evidence) if evidence else None),
        ("t-attempts", _table(content["attempts"]) if content["attempts"] else None),
        ("t-findings", _findings(content, labels, lang, audiences)),
    ]
    return el(
        "details",
        el("summary", el("h2", labels["technical"])),
        el("p", labels["technical-note"], class_="note"),
        *(el("section", el("h3", labels[label]), part) for label, part in parts if part),
        class_="technical",
    )


def _signatures(signatures: Sequence[SignaturePart]) -> Markup | None:
    """Return a table for each signature, without what only programs read."""
    tables = [
        el("section", el("h4", foreign(s["field"])), _table({k: v for k, v in s.items() if k not in _RAW}))
        for s in signatures
    ]
    return Markup("".join(tables)) if tables else None


def _findings(content: ReportContent, labels: Labels, lang: Lang, audiences: Sequence[Audience]) -> Markup:
    findings, verdict = content["findings"], content["verdict"]
    if not findings:
        return el("p", labels["none"])
    items = [
        el(
            "li",
            el("p", el("code", f["code"]), f" {f['severity']}, {f['check']}"),
            el("p", foreign(f["text"][lang])),
            *(
                el("p", foreign(f["remedy"][who][lang]))
                for who in (audiences if tells_remedy(verdict, f["severity"]) else ())
            ),
            *_advice(f, lang),
            _values({"where": f["where"], "data": f["data"]}),
        )
        for f in findings[:MAX_ROWS]
    ]
    return el("ol", *items, _rest(len(findings)))


def _advice(finding: FindingPart, lang: Lang) -> tuple[Markup, ...]:
    """Return what usually causes a finding, and what a developer does about it."""
    parts: tuple[Part, ...] = ("cause", "developer")
    return tuple(el("p", finding_sentence(finding["check"], finding["code"], part, lang)) for part in parts)


def _history(revisions: Sequence[RevisionPart], labels: Labels) -> Markup:
    """Return what each revision signed, added and replaced."""
    heads = ("revision", "bytes", "signed", "added", "replaced", "removed")
    rows = [
        (
            str(r["index"] + 1),
            f"{r['start']}–{r['end']}",
            ", ".join(r["signed"]),
            str(r["added"]),
            str(len(r["replaced"])),
            str(r["removed"]),
        )
        for r in revisions[:MAX_ROWS]
    ]
    head = el("thead", el("tr", *(el("th", labels[h], scope="col") for h in heads)))
    body = el("tbody", *(el("tr", *(el("td", foreign(v)) for v in row)) for row in rows))
    return el("div", el("table", head, body), class_="wide")


def _table(value: Mapping[str, object] | Sequence[Mapping[str, object]]) -> Markup:
    """Return nested values as rows, each with its path in the tree; what is empty is left out."""
    rows = list(islice(_rows("", value), MAX_ROWS + 1))
    shown = [
        el("tr", el("th", el("code", path), scope="row"), el("td", foreign(text, _MOST)))
        for path, text in rows[:MAX_ROWS]
    ]
    more = el("p", "…") if len(rows) > MAX_ROWS else None
    return Markup(el("table", el("tbody", *shown)) + (more or ""))


def _rows(path: str, value: Mapping[str, object] | Sequence[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """Yield (path, text): a row for each leaf of a mapping, and one for each item of a list."""
    if not isinstance(value, Mapping):
        for index, item in enumerate(value):
            where = f"{path}.{index}".lstrip(".")
            leaves, lists = _split(item)
            yield where, "; ".join(f"{key}: {text}" for key, text in leaves)
            for key, inner in lists:
                yield from _rows(f"{where}.{key}", inner)
        return
    leaves, lists = _split(value)
    yield from leaves
    for key, inner in lists:
        yield from _rows(key, inner)


def _split(value: Mapping[str, object]) -> tuple[list[tuple[str, str]], list[tuple[str, list[Mapping[str, object]]]]]:
    """Return a mapping's leaves, those of mappings in it too, and its lists of mappings; no empty ones."""
    leaves: list[tuple[str, str]] = []
    lists: list[tuple[str, list[Mapping[str, object]]]] = []
    for key, item in value.items():
        if isinstance(item, Mapping):
            inner_leaves, inner_lists = _split(item)
            leaves += ((f"{key}.{k}", v) for k, v in inner_leaves)
            lists += ((f"{key}.{k}", v) for k, v in inner_lists)
        elif isinstance(item, list) and item and all(isinstance(i, Mapping) for i in item):
            lists.append((key, item))
        elif isinstance(item, list):
            leaves += [(key, ", ".join(map(str, item)))] if item else []
        elif item is not None and item != "":
            leaves.append((key, json.dumps(item) if isinstance(item, bool) else str(item)))
    return leaves, lists


def _values(values: Mapping[str, object]) -> Markup | None:
    told = {k: v for k, v in values.items() if v}
    if not told:
        return None
    return el("p", el("code", foreign(json.dumps(told, ensure_ascii=False, default=str), _MOST)))


def _rest(count: int) -> Markup | None:
    return el("li", f"… (+{count - MAX_ROWS})") if count > MAX_ROWS else None
