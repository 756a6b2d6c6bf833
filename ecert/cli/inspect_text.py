"""The content of a file in words; see :mod:`ecert.operations.inspecting`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ecert.cli.terminal import megabytes
from ecert.report.times import Clock, profile_clock
from ecert.words import table


def inspection_text(content: Mapping[str, Any], lang: str) -> str:
    """Return what :func:`~ecert.operations.inspecting.look_inside` found, for people."""
    file, record, signatures = content["file"], content["record"], content["signatures"]
    words, clock = table("cli/inspect", lang), profile_clock(record["profile"] if record else None)
    size = megabytes(file["size"], lang)
    lines = [
        f"{words['file']}: {file['name']} ({size}, {content['pages']} {words['pages']})",
        f"SHA-256: {file['sha256']}",
        "",
        f"{words['revisions']}:",
    ]
    for r in content["revisions"]:
        signed = f"; {', '.join(r['signatures'])}" if r["signatures"] else ""
        title = words["revision"].format(n=r["revision"])
        objects = words["objects"].format(n=r["objects"])
        lines.append(f"  {title}: {r['start']}-{r['end']}, {objects}{signed}")
    if content["bytes_unaccounted"]:
        lines.append("  " + words["unaccounted"].format(n=content["bytes_unaccounted"]))
    if content["fields"]:
        states = (f"{f['field']} ({words['signed' if f['signed'] else 'empty']})" for f in content["fields"])
        lines += ["", f"{words['fields']}: {', '.join(states)}"]
    if signatures:
        lines += ["", f"{words['signatures']}:"]
        lines += [line for s in signatures for line in _signature(s, words, clock)]
    lines += ["", f"{words['record']}:", *_record(content, words)]
    if record:
        lines += ["", f"{words['scans']}:", *_pages(record["pages"], words)]
    counts = words["counts"].format_map(content["validation_data"])
    lines += ["", f"{words['data']}: {counts}", "", words["note"]]
    return "\n".join(lines)


def _signature(s: Mapping[str, Any], words: Mapping[str, str], clock: Clock) -> list[str]:
    certificate = s["certificate"] or {"name": "?", "organization": None}
    covers = words["whole-file"]
    if s["covers"] != "whole-file":
        covers = words["revision-only"].format(n=s["revision"])
    of = f" ({certificate['organization']})" if certificate["organization"] else ""
    lines = [f"  {s['field']}, {words[s['kind']]}: {certificate['name']}{of}; {covers}"]
    if s["claimed_time"]:
        lines.append(f"    {words['claims']}: {clock(s['claimed_time'])}")
    lines += [f"    {words['stamped']}: {clock(t['time'])}, {t['authority'] or '?'}" for t in s["timestamps"]]
    lines += [f"    {words['problem']}: {problem}" for problem in s["problems"]]
    return lines


def _record(content: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    record = content["record"]
    if record is None:
        reason = content["record_problem"]
        text = words["bad-record"].format(reason=reason) if reason else words["no-record"]
        return [f"  {text}"]
    original, certifier, body = record["original"], record["certifier"], record["body"]
    parent = f" ({body['parent']})" if body.get("parent") else ""
    rows = [
        ("original", f"{original['title']}, {original['pages']} {words['pages']}"),
        ("number", f"{record['number']}, {words['book']} {record['book']} - {record['series']}"),
        ("date", "/".join(reversed(record["date"].split("-")))),
        ("certifier", f"{certifier['name']}, {certifier['title']}"),
        ("body", body["name"] + parent),
        ("officer", record["officer"]["name"]),
        ("id", record["id"]),
        ("format", f"{record['format']}, {record['profile']}, {words['level']} {record['level']}"),
    ]
    return [f"  {words[label]}: {value}" for label, value in rows]


#: a stream's filter as people know the format
_ENCODINGS = {"DCTDecode": "JPEG", "JPXDecode": "JPEG 2000", "FlateDecode": "Flate", "CCITTFaxDecode": "fax"}


def _pages(pages: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> list[str]:
    """Return a table, each column as wide as its widest cell."""
    rows = [(words["page"], words["pixels"], "dpi", words["size"], words["colour"], words["encoding"], "SHA-256")]
    for number, p in enumerate(pages, 1):
        across, down = p["width"] * 25.4 / p["dpi_x"], p["height"] * 25.4 / p["dpi_y"]
        if p["orientation"] > 4:
            across, down = down, across
        dpi = f"{p['dpi_x']:g}" if p["dpi_x"] == p["dpi_y"] else f"{p['dpi_x']:g}×{p['dpi_y']:g}"
        encoding = _ENCODINGS.get(p["encoding"], p["encoding"]) + (f", {words['reencoded']}" if p["reencoded"] else "")
        rows.append(
            (
                str(number),
                f"{p['width']}×{p['height']}",
                dpi,
                f"{across:.0f}×{down:.0f}",
                words["colour-bits"].format(colour=words[p["colour"]], bits=p["bits"]),
                encoding,
                p["sha256"][:16] + "…",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]
