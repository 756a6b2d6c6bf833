"""Tell of every byte of a copy what it is: which token of which part, in streams what they hold.

Object places come from the strict reader, tokens from a scanner of its own: it only has to read what
our writer writes, and a test holds that its spans cover a file without gap or overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ecert.formats.pades.fields import read_signatures
from ecert.formats.pdf import Document, Stream, read_document
from fuzz.mutations.asn1 import cms_parts
from fuzz.mutations.roles import stream_roles

_TOKEN: Final = re.compile(
    rb"(?P<white_space>[\x00\t\n\x0c\r ]+)|(?P<comment>%[^\r\n]*)|(?P<dictionary><<|>>)"
    rb"|(?P<array>[\[\]])|(?P<reference>\d+ \d+ R(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]))"
    rb"|(?P<number>[+-]?[0-9.]+)|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|(?P<hex_string><[0-9a-fA-F]*>)|(?P<string>\((?:[^\\()]|\\.|\([^()]*\))*\))"
    rb"|(?P<keyword>[a-zA-Z]+)",
    re.DOTALL,
)
_HEAD = re.compile(rb"\d+ \d+ obj")
_LINE = re.compile(rb"[^\n]*\n")


class Span(NamedTuple):
    """Bytes of one kind; ``end`` is behind the last."""

    start: int
    end: int
    kind: str


def spans_of(data: bytes) -> list[Span]:
    """Return the spans of a copy in order; they cover it without gap or overlap."""
    document = read_document(data)
    roles = stream_roles(document)
    found = list(_header(data, document))
    for revision in document.revisions:
        for num, entry in revision.objects.items():
            stream = entry.value if isinstance(entry.value, Stream) else None
            role = roles.get((revision.index, num), "other")
            found += _object(data, entry.start, entry.end, stream, role)
        found += _section(data, revision.startxref, revision.end)
    found = _with_contents(document, sorted(found))
    return list(_with_gaps(data, found))


def by_kind(spans: list[Span]) -> dict[str, list[Span]]:
    """Return the spans of each kind."""
    kinds: dict[str, list[Span]] = {}
    for span in spans:
        kinds.setdefault(span.kind, []).append(span)
    return kinds


def _header(data: bytes, document: Document) -> Iterator[Span]:
    first = _LINE.match(data)
    assert first is not None
    yield Span(0, first.end(), "header")
    start = min(o.start for o in document.revisions[0].objects.values())
    yield Span(first.end(), start, "comment")


def _object(data: bytes, start: int, end: int, stream: Stream | None, role: str) -> Iterator[Span]:
    head = _HEAD.match(data, start)
    assert head is not None
    yield Span(start, head.end(), "object header")
    stop = end - len(b"endobj")
    if stream is None:
        yield from _tokens(data, head.end(), stop)
    else:
        stop = stream.start + len(stream.data)
        keyword = data.rindex(b"stream", head.end(), stream.start)
        yield from _tokens(data, head.end(), keyword)
        yield Span(keyword, stream.start, "stream keyword")
        yield Span(stream.start, stop, f"stream: {role}")
        last = data.index(b"endobj", stop)
        yield Span(stop, last, "stream keyword")
        stop = last
    yield Span(stop, end, "object end")


@dataclass
class _Level:
    """An open dictionary or array: whether a key is next, and under which key its values stand."""

    dictionary: bool
    key_next: bool
    under: bytes = field(default=b"")


def _tokens(data: bytes, start: int, end: int) -> Iterator[Span]:
    levels: list[_Level] = []
    pos = start
    while pos < end:
        token = _TOKEN.match(data, pos, end)
        assert token is not None, data[pos : pos + 40]
        pos = token.end()
        group = token.lastgroup or ""
        kind = group.replace("_", " ")
        if group in ("white_space", "comment"):
            yield Span(*token.span(), kind)
            continue
        key = group == "name" and bool(levels) and levels[-1].key_next
        under = b"/ByteRange" if any(v.under == b"/ByteRange" for v in levels) else b""
        if key:
            levels[-1].under, levels[-1].key_next = token[0], False
            kind = "dictionary key"
        elif token[0] in (b"<<", b"["):
            levels.append(_Level(token[0] == b"<<", token[0] == b"<<"))
        elif token[0] in (b">>", b"]"):
            levels.pop()
        if not key and token[0] not in (b"<<", b"[") and levels and levels[-1].dictionary:
            levels[-1].key_next, levels[-1].under = True, b""
        if under and not key:
            kind = "/ByteRange"
        yield Span(*token.span(), kind)


def _section(data: bytes, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of a cross-reference table, its trailer and the end of its revision (7.5.4, 7.5.5)."""
    pos = start
    while not data.startswith(b"trailer", pos):
        line = _LINE.match(data, pos)
        assert line is not None
        row = len(line[0]) == 20
        yield Span(pos, line.end(), "xref row" if row else "xref header")
        pos = line.end()
    last = data.index(b"startxref", pos)
    mark = data.index(b"%%EOF", last)
    yield Span(pos, last, "trailer")
    yield Span(last, mark, "startxref")
    yield Span(mark, end, "end mark")


def _with_contents(document: Document, spans: list[Span]) -> list[Span]:
    """Split the signature values into their parts."""
    gaps = {s.gap[0]: s for s in read_signatures(document) if s.gap is not None}
    found: list[Span] = []
    for span in spans:
        signature = gaps.get(span.start)
        if signature is None:
            found.append(span)
            continue
        digits = span.start + 1
        found.append(Span(span.start, digits, "/Contents: brackets"))
        for start, end, part in cms_parts(signature.contents):
            found.append(Span(digits + 2 * start, digits + 2 * end, f"/Contents: {part}"))
        found.append(Span(span.end - 1, span.end, "/Contents: brackets"))
    return found


def _with_gaps(data: bytes, spans: list[Span]) -> Iterator[Span]:
    pos = 0
    for span in spans:
        if span.start > pos:
            yield Span(pos, span.start, "white space")
        if span.end > span.start:
            yield span
        pos = span.end
    if pos < len(data):
        yield Span(pos, len(data), "white space")
