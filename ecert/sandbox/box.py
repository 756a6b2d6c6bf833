"""The calls of the library that read hostile documents, done in a process of their own.

A fresh process for every document: nothing one document did can reach the next. Inside a ``with`` block
the next one is started while the last works, so that its start costs nobody's time. How many there are at
once: :mod:`ecert.sandbox.pool`.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from ecert.errors import Reason, UsageError
from ecert.model.evidence import Evidence
from ecert.model.findings import Code
from ecert.model.limits import (
    DOCUMENT_LIMITS,
    MAX_REPORT_BYTES,
    MAX_SANDBOX_MEMORY_MB,
    MAX_SANDBOX_SECONDS,
    MAX_STORE_BYTES,
    MAX_STRUCTURE_BYTES,
    MIN_SANDBOX_MEMORY_MB,
    SANDBOX_MEMORY_MB,
    SANDBOX_SECONDS,
    DocumentLimits,
)
from ecert.model.times import read_clock
from ecert.sandbox.frames import BrokenAnswer, Job, OverlongAnswer, unpack
from ecert.sandbox.pool import Pool
from ecert.sandbox.worker import WorkerEnd

if TYPE_CHECKING:
    from ecert.report import Report
    from ecert.trust.inquiry import Inquiry
    from ecert.trust.services import Services
    from ecert.trust.store import TrustStore
    from ecert.verify.policies import Policy

_log = logging.getLogger(__name__)
MAX_SLOTS = 1024  # children at work at once: each may take ``memory_mb``


@dataclass(frozen=True)
class Judgement:
    """A report, and the validation data the document brings along (its DSS)."""

    report: Report
    evidence: Evidence


class Sandbox:
    """Judges documents in child processes with limits of time and memory; safe to share by threads.

    What a document exceeds, or kills the child with, is the finding ``over-limit``; a child that talks nonsense
    is ``verifier-fault``. Reports are those of :func:`ecert.verify_copy`, byte for byte. Calls block until their
    document is judged; a forked process that goes on using a sandbox starts children of its own.

    Example:
        >>> import ecert
        >>> with ecert.Sandbox(seconds=20, memory_mb=1024) as sandbox:
        ...     sandbox.verify_copy(b"no PDF").verdict
        'INVALID'
    """

    def __init__(
        self,
        *,
        seconds: float = SANDBOX_SECONDS,
        memory_mb: int = SANDBOX_MEMORY_MB,
        slots: int | None = None,
        line: int | None = None,
    ) -> None:
        """Set the limits for one document: seconds (wall clock) and MiB of address space.

        At most ``slots`` documents are judged at once (default: as many as there are processors for this process);
        ``line`` callers may wait for their turn, any number by default, the next one is told ``busy``.

        Raises:
            UsageError: this is not Linux, or a limit is out of range.
        """
        if sys.platform != "linux":
            raise UsageError(
                f"there is no sandbox on {sys.platform}",
                code="sandbox-unavailable",
                hint="run it on Linux, or judge without the sandbox",
            )
        if not 0 < seconds <= MAX_SANDBOX_SECONDS:
            raise UsageError(f"{seconds} seconds are out of range", hint=f"at most {MAX_SANDBOX_SECONDS:g}")
        if not MIN_SANDBOX_MEMORY_MB <= memory_mb <= MAX_SANDBOX_MEMORY_MB:
            raise UsageError(
                f"{memory_mb} MB of memory are out of range",
                hint=f"give {MIN_SANDBOX_MEMORY_MB} to {MAX_SANDBOX_MEMORY_MB}",
            )
        self.seconds = seconds
        self.memory_mb = memory_mb
        self.slots = len(os.sched_getaffinity(0)) if slots is None else slots
        if not 1 <= self.slots <= MAX_SLOTS or (line is not None and line < 0):
            raise UsageError(
                f"{self.slots} slots and a line of {line} are out of range",
                hint=f"give 1 to {MAX_SLOTS} slots, and a line of 0 or more",
            )
        self._pool = Pool(self.slots, line)

    def __enter__(self) -> Self:
        self._pool.warm_up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that waits for the next document."""
        self._pool.close()

    # ── the calls ────────────────────────────────────────────────────────────────────────────────

    def verify_copy(
        self,
        document: str | Path | bytes,
        *,
        trust: TrustStore | None = None,
        policy: str | Policy = "certified-copy",
        revocation: str | None = None,
        at: datetime | None = None,
        evidence: Evidence | None = None,
        cross_check: bool = False,
    ) -> Report:
        """Judge a document as :func:`ecert.verify_copy` does, within the limits.

        Raises:
            InputError: the file cannot be read from disk.
            ServiceError: ``busy``: every slot and every place in the line is taken.
            SettingsError: the anchors' own source, a bundle or list, has expired.
            UsageError: the policy is unknown, ``at`` has no time zone, or an argument cannot be handed
                to another process.
        """
        from ecert.verify.copy import read_input
        from ecert.verify.policies import get_policy

        data, name = read_input(document)
        return self.judge(
            data,
            policy=get_policy(policy, revocation),
            trust=trust,
            at=at,
            evidence=evidence,
            cross_check=cross_check,
            name=name,
        ).report

    def judge(
        self,
        data: bytes,
        *,
        policy: Policy,
        trust: TrustStore | None = None,
        at: datetime | None = None,
        evidence: Evidence | None = None,
        cross_check: bool = False,
        name: str = "",
        limits: DocumentLimits = DOCUMENT_LIMITS,
    ) -> Judgement:
        """Judge bytes under a policy; return what the document brings along besides the report.

        Raises:
            ServiceError: ``busy``: every slot and every place in the line is taken.
            SettingsError: the anchors' own source has expired.
            UsageError: ``at`` has no time zone, or an argument cannot be handed to another process.
        """
        now = read_clock(at)
        if trust is not None:
            trust.check_time(now)
        about: dict[str, Any] = {"policy": policy, "trust": trust, "at": now, "evidence": evidence, "name": name}
        if len(data) > limits.file_bytes:
            return _unjudged(data, about, _OverLimit(Reason("limits.bytes"), limits.file_bytes))
        outcome = self._do("judge", data, about | {"cross_check": cross_check, "limits": limits})
        try:
            head, blobs = self._said(outcome)
            from ecert.sandbox.answers import read_evidence, read_report

            known = _unjudged(data, about, _Fault("")).report
            found = read_evidence(head.get("evidence"), blobs)
            return Judgement(read_report(head.get("report"), head.get("reasons"), known), found)
        except (_NoAnswer, BrokenAnswer) as exc:
            told = exc if isinstance(exc, _NoAnswer) else _Fault(_NONSENSE)
            _log.error("sandbox: %s", told.code)
            return _unjudged(data, about, told)

    def gather_evidence(
        self,
        document: str | Path | bytes,
        services: Services,
        *,
        trust: TrustStore | None = None,
        evidence: Evidence | None = None,
        at: datetime | None = None,
    ) -> Evidence:
        """Fetch evidence as :func:`ecert.gather_evidence` does; the document is read in a child.

        The child says which certificates matter, this process asks the network about them. A document
        that cannot be read within the limits gives no evidence.

        Raises:
            InputError: the file cannot be read from disk.
            ServiceError: ``busy``: every slot and every place in the line is taken.
            UsageError: ``at`` has no time zone.
        """
        from ecert.trust.questions import gather_for
        from ecert.verify.copy import read_input

        now = read_clock(at)
        inquiry = self._inquire(read_input(document)[0])
        return gather_for(inquiry, services, trust=trust, evidence=evidence, at=now)

    def _inquire(self, data: bytes) -> Inquiry | None:
        from ecert.sandbox.answers import read_questions

        try:
            head, blobs = self._said(self._do("inquire", data, {}))
            if head.get("inquiry") is None:
                return None
            return read_questions(head["inquiry"], head.get("evidence"), blobs)
        except (_NoAnswer, BrokenAnswer):  # judging says what is wrong with it
            return None

    # ── the child ────────────────────────────────────────────────────────────────────────────────

    def _do(self, kind: Literal["judge", "inquire"], data: bytes, arguments: dict[str, Any]) -> WorkerEnd:
        job = Job(kind, self.seconds, self.memory_mb << 20, arguments)
        try:
            told = pickle.dumps(job)
        except (pickle.PicklingError, TypeError, AttributeError) as exc:
            raise UsageError(
                f"an argument cannot be handed to the sandbox ({type(exc).__name__})",
                hint="use policies, anchors and evidence of ecert's own types",
            ) from exc
        most = MAX_REPORT_BYTES + MAX_STORE_BYTES
        with self._pool.worker() as worker:
            return worker.do(told, data, seconds=self.seconds, most=most)

    def _said(self, outcome: WorkerEnd) -> tuple[dict[str, Any], list[bytes]]:
        if outcome.kind == "too-slow":
            raise self._too_slow()
        if outcome.kind == "too-long":
            raise _OverLimit(Reason("limits.report-bytes"), MAX_REPORT_BYTES)
        if outcome.kind == "killed":
            raise _OverLimit(Reason("limits.crashes"), 0, signal=outcome.word)
        if outcome.kind == "died":
            raise _Fault(outcome.word)
        try:
            head, blobs = unpack(outcome.answer, MAX_REPORT_BYTES)
        except OverlongAnswer:
            raise _OverLimit(Reason("limits.report-structure-bytes"), MAX_STRUCTURE_BYTES) from None
        fault = head.get("fault")
        if fault == "MemoryError":
            raise _OverLimit(Reason("limits.megabytes"), self.memory_mb)
        if fault is not None:
            # the name of an exception's class goes into the report, and nothing else that a child might say
            word = fault if isinstance(fault, str) and fault.isidentifier() else _NONSENSE
            raise _Fault(word[:100])
        return head, blobs

    def _too_slow(self) -> _OverLimit:
        limit = int(self.seconds) if self.seconds == int(self.seconds) else self.seconds
        return _OverLimit(Reason("limits.seconds"), limit)


_NONSENSE = "nonsense"


class _NoAnswer(Exception):
    """There is no report; ``code`` and ``values`` are the finding that says why."""

    code: Code
    values: dict[str, object]


class _OverLimit(_NoAnswer):
    code = "over-limit"

    def __init__(self, what: Reason, limit: float, **more: str) -> None:
        super().__init__(what)
        self.values = {"what": what, "limit": limit, **more}


class _Fault(_NoAnswer):
    code = "verifier-fault"

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.values = {"fault": word}


def _unjudged(data: bytes, about: dict[str, Any], why: _NoAnswer) -> Judgement:
    """Return the report about a document that nobody could judge: one finding says why."""
    from ecert.verify.copy import report_unjudged

    values: dict[str, Any] = {**about, **why.values}
    return Judgement(report_unjudged(data, why.code, **values), Evidence())
