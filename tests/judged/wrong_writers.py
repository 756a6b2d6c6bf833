"""Writers that write something else than they are told, to show that the self-check looks at what was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from ecert.formats import ecert1
from ecert.formats.ecert1 import FirstRevision, build_first_revision
from ecert.formats.pdf.objects import Name, Ref, Stream
from ecert.formats.pdf.writer import write_revision


def write_with(patch: pytest.MonkeyPatch, user: str, **functions: Callable[..., Any]) -> None:
    """Give a module that writes, such as ``ecert.capture.draft``, wrong functions; the verifier keeps its own."""
    wrong = SimpleNamespace(**{**vars(ecert1), **functions})
    patch.setattr(f"{user}.writer_of", lambda record: wrong)


def rewritten(change: Callable[[dict[int, Any]], object]) -> Callable[..., FirstRevision]:
    """Return a writer of revision 0 that changes its objects before they become bytes."""

    def write(*arguments: Any, **options: Any) -> FirstRevision:
        revision = build_first_revision(*arguments, **options)
        if not options.get("for_gate"):
            change(revision.objects)
        chunks = write_revision(revision.objects, revision.trailer)
        return FirstRevision(revision.objects, revision.trailer, chunks)

    return write


def rewritten_bytes(change: Callable[[bytes], bytes]) -> Callable[..., FirstRevision]:
    """Return a writer of revision 0 that changes its bytes; the gate before it sees sound ones."""

    def write(*arguments: Any, **options: Any) -> FirstRevision:
        revision = build_first_revision(*arguments, **options)
        if options.get("for_gate"):
            return revision
        return replace(revision, chunks=[change(b"".join(revision.chunks))])

    return write


def with_visible_timestamp(objects: Any, trailer: Any, **options: Any) -> Any:
    """Write a revision in which a document time-stamp's field has a place and an appearance."""
    objects = dict(objects)
    fields = [n for n, v in objects.items() if isinstance(v, dict) and v.get("T") == b"Archive1"]
    for number in fields:
        paint = b"1 g 0 0 300 300 re f"
        form = {"Type": Name("XObject"), "Subtype": Name("Form"), "BBox": [0, 0, 300, 300], "Length": len(paint)}
        new = max(objects) + 1
        objects[new] = Stream(form, paint)
        objects[number] = {**objects[number], "Rect": [90, 90, 390, 390], "AP": {"N": Ref(new)}}
        trailer = {**trailer, "Size": new + 1}
    return write_revision(objects, trailer, **options)
