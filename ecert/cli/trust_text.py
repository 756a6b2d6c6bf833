"""What is trusted, in words that an officer can read aloud; see :mod:`ecert.cli.trust`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ecert.words import table

_Clock = Callable[[datetime], str]

#: codes of refusals that :func:`check_text` has a sentence for
REFUSALS = frozenset(key for key in table("cli/trust", "en") if key.startswith(("bundle-", "list-")))


def source_text(facts: Mapping[str, Any], lang: str, clock: _Clock) -> str:
    """Return a source and its anchors, for people."""
    words = table("cli/trust", lang)
    told = _with_times(facts, clock)
    lines = [words[facts["kind"]].format_map(told)]
    if facts["kind"] == "bundle":
        lines.append("  " + words["times"].format_map(told))
    elif facts["kind"] == "list":
        lines.append("  " + words["times-of-list" if facts["expires"] else "closed"].format_map(told))
    if facts.get("at"):
        lines.append("  " + words["as-of"].format(time=_told(facts["at"], clock)))
    lines.append("  " + words[facts["status"]])
    if facts["code"]:
        lines.append("  " + words[facts["code"]])
    lines += ["  " + words["from-list"].format_map(s) for s in facts.get("sources", ())]
    for number, anchor in enumerate(facts["anchors"], 1):
        lines += ["", *_anchor(number, anchor, words, clock)]
    return "\n".join(lines if facts["anchors"] else [*lines, "  " + words["nothing"]])


def check_text(outcome: Mapping[str, Any], lang: str, clock: _Clock) -> str:
    """Return whether a source may be used, why not, and what to see to."""
    words = table("cli/trust", lang)
    error = outcome["error"]
    lines = [words["bad" if error else "good"].format_map(outcome)]
    if error:
        told = words[error["code"]] if error["code"] in REFUSALS else None
        lines += [f"  {told}"] if told else [f"  {error['message']}", f"  {error['hint']}"]
    lines += ["  " + words[w["code"]].format_map(_with_times(w, clock)) for w in outcome["warnings"]]
    return "\n".join(lines)


def built_text(facts: Mapping[str, Any], lang: str, clock: _Clock) -> str:
    """Return what was built, and what its receivers must name."""
    words = table("cli/trust", lang)
    lines = [facts["file"], words["built"].format_map(_with_times(facts, clock)), words["signer-is"]]
    return "\n".join([*lines, *_pairs(facts["signer"], "  ")])


def _anchor(number: int, anchor: Mapping[str, Any], words: Mapping[str, str], clock: _Clock) -> list[str]:
    of = f" ({anchor['organization']})" if anchor["organization"] else ""
    start, end = _told(anchor["valid_from"], clock), _told(anchor["valid_until"], clock)
    window = "window" if start and end else "since" if start else "until" if end else "always"
    rows = [
        f"{words['for']}: {', '.join(words[r] for r in anchor['roles'])}",
        words[window].format(start=start, end=end),
        words["ends"].format(time=_told(anchor["certificate_ends"], clock)),
        *([words["direct"]] if anchor["direct"] else []),
        *([f"{words['source']}: {anchor['source']}"] if anchor["source"] else []),
        "SHA-256:",
    ]
    title = f"  {number}. {anchor['name']}{of}"
    return [title, *(f"     {row}" for row in rows), *_pairs(anchor["sha256"], "       ")]


def _pairs(digest: str, indent: str) -> Sequence[str]:
    """Return a fingerprint in pairs, sixteen to a line."""
    pairs = [digest[i : i + 2].upper() for i in range(0, len(digest), 2)]
    return [indent + " ".join(pairs[i : i + 16]) for i in range(0, len(pairs), 16)]


def _with_times(facts: Mapping[str, Any], clock: _Clock) -> dict[str, Any]:
    keys = ("issued", "next_update", "expires", "time")
    return {k: _told(v, clock) if k in keys else v for k, v in facts.items()}


def _told(text: str | None, clock: _Clock) -> str | None:
    return clock(datetime.fromisoformat(text)) if text else None
