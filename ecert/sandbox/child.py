"""What runs in the child: one job about one document, then the end.

1. import what judging needs, and say so with one byte;
2. read the job from the parent, who is believed;
3. give up files, sockets, memory and time (:mod:`ecert.sandbox.confine`);
4. only now read the document; do the job; answer with one frame.

Whatever happens is an answer; what cannot even answer, the parent sees as a child that died.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from ecert.formats.pades.dss import read_dss
from ecert.formats.pdf import StructureFault
from ecert.model.evidence import Evidence
from ecert.sandbox.confine import confine
from ecert.sandbox.frames import LENGTH_BYTES, READY, Job, pack, pack_reason
from ecert.trust.inquiry import read_inquiry
from ecert.trust.pathcheck import preload
from ecert.verify.copy import judge


def judge_one() -> None:
    """Do one job and end the process; nothing at exit runs, nothing is left to clean up."""
    preload()
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # what a library prints is no answer
    sink.write(READY)
    sink.flush()
    text = _read(source)
    if not text:  # nobody needs this one any more
        os._exit(0)
    job = pickle.loads(text)  # noqa: S301  the parent's own words
    if job.arguments.get("cross_check"):
        from ecert.verify.second_opinion import load_tools

        load_tools()  # now, for it opens files (docs/adr/0010-sandbox.md)
    confine(job.seconds, job.memory_bytes)
    try:
        answer = _JOBS[job.kind](_read(source), job)
    except BaseException as exc:  # noqa: BLE001  whatever it is, it is the answer
        answer = _EXHAUSTED if isinstance(exc, MemoryError) else pack({"fault": type(exc).__name__})
    sink.write(answer)
    sink.flush()
    os._exit(0)


def _read(source: BinaryIO) -> bytes:
    return source.read(int.from_bytes(source.read(LENGTH_BYTES), "big"))


def _judge(data: bytes, job: Job) -> bytes:
    case, report = judge(data, **job.arguments)
    if any(f.data.get("fault") == "MemoryError" for f in report.findings):
        raise MemoryError  # the sandbox set the limit, so it can be named: over-limit, no fault of the verifier
    inside = Evidence()
    if case.document is not None:
        with suppress(StructureFault):  # an unreadable one brings nothing
            inside = read_dss(case.document)
    reasons = [{key: pack_reason(reason) for key, reason in f.reasons.items()} for f in report.findings]
    return _with_evidence({"report": report.to_dict(), "reasons": reasons}, inside)


def _inquire(data: bytes, _: Job) -> bytes:
    inquiry = read_inquiry(data)
    if inquiry is None:
        return pack({"inquiry": None})
    blobs: list[bytes] = []
    rows: list[list[object]] = []
    for q in inquiry.questions:
        rows.append([q.field, q.role, len(q.others)])
        blobs += [q.certificate, *q.others]
    return _with_evidence({"inquiry": rows}, inquiry.known, blobs)


def _with_evidence(head: dict[str, Any], found: Evidence, blobs: list[bytes] | None = None) -> bytes:
    counts = [len(found.certificates), len(found.ocsps), len(found.crls)]
    return pack({**head, "evidence": counts}, [*(blobs or ()), *found.items()])


_EXHAUSTED = pack({"fault": "MemoryError"})  # made while there is memory
_JOBS: dict[str, Callable[[bytes, Job], bytes]] = {"judge": _judge, "inquire": _inquire}
