"""veraPDF and EU DSS, each in one JVM per process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from tests.judges.install import DSS, VERA
from tests.judges.jvm import Jvm
from tests.judges.tools import require

Policy = Literal["default", "changes-fail"]

_VERA: Final = Jvm(VERA)
_DSS: Final = Jvm(DSS)


@dataclass(frozen=True)
class VeraResult:
    """veraPDF's answer on one file."""

    path: Path
    sha256: str
    passed: bool
    failures: tuple[str, ...]  # "6.2.11.4.1-1: what is wrong", each rule once

    @property
    def clauses(self) -> tuple[str, ...]:
        """Return the failed rules alone: "6.2.11.4.1-1"; an unreadable file gives "unreadable"."""
        return tuple(failure.partition(":")[0] for failure in self.failures)


@dataclass(frozen=True)
class DssSignature:
    """One signature in the words of EN 319 102-1."""

    id: str
    fields: tuple[str, ...]
    indication: str  # TOTAL-PASSED, INDETERMINATE, TOTAL-FAILED
    sub_indication: str | None  # HASH_FAILURE, FORMAT_FAILURE, …
    level: str  # PAdES-BASELINE-LTA, …
    errors: tuple[str, ...]  # "KEY: text"
    warnings: tuple[str, ...]
    infos: tuple[str, ...]
    signing_time: datetime | None
    best_signature_time: datetime | None
    changes: tuple[str, ...]  # "undefined: MODIFICATION /Catalog …": what DSS saw change afterwards

    @property
    def field(self) -> str:
        """Return the one field that holds this signature."""
        (field,) = self.fields
        return field


@dataclass(frozen=True)
class DssTimestamp:
    """One time-stamp: a signature's own, or a document time-stamp."""

    id: str
    type: str  # SIGNATURE_TIMESTAMP, DOCUMENT_TIMESTAMP, …
    signature: str | None  # id of the first signature it belongs to; None: detached
    fields: tuple[str, ...]  # a document time-stamp's field
    indication: str  # PASSED, INDETERMINATE, FAILED
    sub_indication: str | None
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    infos: tuple[str, ...]
    time: datetime | None
    changes: tuple[str, ...]


@dataclass(frozen=True)
class DssResult:
    """EU DSS's answer on one file; ``refused`` says why where DSS would not judge it at all."""

    path: Path
    sha256: str
    refused: str | None
    signatures: tuple[DssSignature, ...]
    timestamps: tuple[DssTimestamp, ...]

    def by_field(self, name: str) -> DssSignature:
        """Return the signature in a field."""
        (found,) = (s for s in self.signatures if name in s.fields)
        return found


def verapdf(path: Path, flavour: str = "3b") -> VeraResult:
    """Ask veraPDF whether a file complies with a PDF/A flavour. An unreadable file does not."""
    require("verapdf")
    answer = _ask(_VERA, path, [flavour, str(path.resolve())])
    return VeraResult(path, answer["sha256"], answer["passed"], tuple(answer["failures"]))


def dss(path: Path, anchors: Sequence[Path], at: datetime | None = None, policy: Policy = "default") -> DssResult:
    """Ask EU DSS about every signature and time-stamp, trusting ``anchors`` alone, without network.

    ``anchors`` are certificate files (PEM or DER, one certificate each); ``at`` is the validation
    time, now by default. ``policy="changes-fail"`` turns the default policy's warnings about
    changes after signing into failures (all but overlapping annotations: the seal is drawn over
    the signature on purpose).
    """
    return dss_under([policy], path, anchors, at)[policy]


def dss_under(
    policies: Sequence[Policy],
    path: Path,
    anchors: Sequence[Path],
    at: datetime | None = None,
    *,
    ocsps: Sequence[Path] = (),
    crls: Sequence[Path] = (),
) -> dict[Policy, DssResult]:
    """Ask EU DSS under several policies at the price of one: it looks at the file once.

    ``ocsps`` and ``crls`` are files of revocation data (DER), for a file that does not bring its own.
    """
    require("dss")
    if at is not None and at.tzinfo is None:
        raise ValueError("the validation time needs a time zone")
    time = "" if at is None else str(round(at.timestamp() * 1000))
    words = [" ".join(policies), time, str(path.resolve())]
    words += [str(anchor.resolve()) for anchor in anchors]
    words += [f"ocsp:{each.resolve()}" for each in ocsps] + [f"crl:{each.resolve()}" for each in crls]
    answer = _ask(_DSS, path, words)
    nothing: dict[str, Any] = {"signatures": [], "timestamps": []}
    return {
        policy: DssResult(
            path=path,
            sha256=answer["sha256"],
            refused=answer["refused"],
            signatures=tuple(DssSignature(**_typed(facts)) for facts in said["signatures"]),
            timestamps=tuple(DssTimestamp(**_typed(facts)) for facts in said["timestamps"]),
        )
        for policy in policies
        for said in [answer["policies"].get(policy, nothing)]
    }


def _ask(jvm: Jvm, path: Path, words: Sequence[str]) -> dict[str, Any]:
    """Ask, and hold the answer against the file as it was when the question was put."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    answer = jvm.ask(words)
    assert answer["sha256"] == sha256, f"{path} changed while it was judged"
    return answer


def _typed(facts: dict[str, Any]) -> dict[str, Any]:
    """Turn JSON's lists into tuples and its times into datetimes."""
    return {
        key: tuple(value)
        if isinstance(value, list)
        else datetime.fromisoformat(value)
        if value and key in ("signing_time", "best_signature_time", "time")
        else value
        for key, value in facts.items()
    }
