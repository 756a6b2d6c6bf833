"""One document, one flat row of plain values: the seam for bulk work, on any engine or on none.

:func:`judge_row` is a pure function of its arguments (and of the clock, where no time is given). They can be pickled,
so it runs as it is in pandas, Dask, Ray, Spark or :mod:`concurrent.futures`; nothing here knows any of them.

Every row has the columns of :data:`COLUMNS`, in this order; None is "there is none". A column is never taken away
and never changes its meaning; new ones come at the end.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ecert.errors import InputError, UsageError
from ecert.model.levels import LEVELS
from ecert.model.roles import Role
from ecert.model.times import rfc3339
from ecert.report import Report, SignatureView
from ecert.report.content import CopyPart, SignaturePart
from ecert.verify.copy import verify_copy
from ecert.verify.policies import Policy, get_policy

if TYPE_CHECKING:
    from ecert.model.evidence import Evidence
    from ecert.sandbox import Sandbox
    from ecert.trust.store import TrustStore

Row = dict[str, str | int | None]

#: column → type of its values, where they are not None
COLUMNS: Mapping[str, type[str] | type[int]] = {
    "file": str,
    "size": int,
    "sha256": str,
    "pages": int,
    "error": str,
    "error_text": str,
    "verdict": str,
    "summary_vi": str,
    "summary_en": str,
    "codes": str,
    "proof_until": str,
    "level": str,
    "signatures": int,
    "signers": str,
    "stage": str,
    "copy_id": str,
    "replaces": str,
    "format": str,
    "profile": str,
    "promised_level": str,
    "number": int,
    "book": str,
    "series": str,
    "date": str,
    "original_title": str,
    "original_pages": int,
    "body": str,
    "certifier": str,
    "signer": str,
    "signer_sha256": str,
    "signer_indication": str,
    "signer_time": str,
    "seal": str,
    "seal_sha256": str,
    "seal_indication": str,
    "seal_time": str,
    "policy": str,
    "trust_sha256": str,
    "validation_time": str,
    "generator": str,
    "certified": int,
    "cause": str,
}


def judge_row(
    document: str | Path | bytes,
    *,
    trust: TrustStore | None = None,
    policy: str | Path | Policy = "certified-copy",
    revocation: str | None = None,
    at: datetime | None = None,
    evidence: Evidence | None = None,
    sandbox: Sandbox | None = None,
) -> Row:
    """Judge a document and return the report as one row; opens no connection.

    The arguments are those of :func:`ecert.verify_copy`. Give ``at``, so that all rows of one run are of the same time.
    A file that cannot be read is a row with ``error`` and without a verdict, a bad document one with its findings.
    ``sandbox`` judges in a process with limits of time and memory; it cannot be pickled, each worker makes its own.

    Raises:
        ServiceError: ``busy``: every slot of the sandbox and every place in its line is taken.
        SettingsError: the anchors' own source, a bundle or list, has expired, or a policy file is refused.
        UsageError: the policy is unknown, ``at`` has no time zone, or ``document`` is no path and no bytes.

    Example:
        >>> row = judge_row(b"no PDF at all")
        >>> row["verdict"], row["size"], row["error"]
        ('INVALID', 13, None)
        >>> judge_row("nowhere.pdf")["error"]
        'not-readable'
    """
    if not isinstance(document, str | os.PathLike | bytes):
        raise UsageError(
            f"a document is a path or bytes, not {type(document).__name__}", hint="leave out rows without a file"
        )
    name = None if isinstance(document, bytes) else os.fspath(document)
    verify = verify_copy if sandbox is None else sandbox.verify_copy
    chosen = get_policy(policy, revocation)
    try:
        report = verify(document, trust=trust, policy=chosen, at=at, evidence=evidence)
    except InputError as exc:
        return _row(file=name, error=exc.code, error_text=str(exc))
    return report_row(report, name)


def report_row(report: Report, file: str | None = None) -> Row:
    """Return a report as one row; ``file`` is what its first column says (None: nothing)."""
    content = report.content
    document, copy = content["document"], content["copy"]
    signed = [s for s in content["signatures"] if s["role"] != "timestamp"]
    return _row(
        file=file,
        size=document["size"],
        sha256=document["sha256"],
        pages=document["pages"],
        verdict=report.verdict,
        summary_vi=content["summary"]["vi"],
        summary_en=content["summary"]["en"],
        codes=" ".join(report.codes()),
        proof_until=content["proof_until"],
        level=_lowest_level(signed),
        signatures=len(signed),
        signers="; ".join(_name(s) or "?" for s in signed),
        policy=content["policy"]["id"],
        trust_sha256=content["trust"]["sha256"],
        validation_time=content["validation_time"],
        generator="{name} {version}".format_map(content["generator"]),
        certified=int(content["certified"]),
        cause=content["cause"],
        **_copy(copy) if copy else {},
        **_signature("signer", report.signer),
        **_signature("seal", report.seal),
    )


def _row(**values: str | int | None) -> Row:
    """Return a whole row; of texts what UTF-8 cannot hold, such as a byte of a file's name, is replaced."""
    return {column: _plain(values.get(column)) for column in COLUMNS}


def _plain(value: str | int | None) -> str | int | None:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value


def _copy(copy: CopyPart) -> Row:
    """Return what the record says: claimed, until the verdict is VALID."""
    return {
        "stage": copy["stage"],
        "copy_id": copy["id"],
        "replaces": " ".join(copy["replaces"]),
        "format": copy["format"],
        "profile": copy["profile"],
        "promised_level": copy["level"],
        "number": copy["number"],
        "book": copy["book"],
        "series": copy["series"],
        "date": copy["date"],
        "original_title": copy["original"]["title"],
        "original_pages": copy["original"]["pages"],
        "body": copy["body"]["name"],
        "certifier": copy["certifier"]["name"],
    }


def _signature(role: Role, found: SignatureView | None) -> Row:
    """Return what is said of the signature that has a role of a copy; nothing where there is none."""
    if found is None:
        return {}
    return {
        role: found.name,
        f"{role}_sha256": found.certificate.sha256 if found.certificate else None,
        f"{role}_indication": found.indication,
        f"{role}_time": rfc3339(found.best_signature_time) if found.best_signature_time else None,
    }


def _name(s: SignaturePart) -> str | None:
    return s["certificate"]["name"] if s["certificate"] else None


def _lowest_level(signed: Sequence[SignaturePart]) -> str | None:
    """Return the level that every signature has; None: there is none, or one has no level."""
    levels = [s["level"] for s in signed if s["level"] is not None]
    return min(levels, key=LEVELS.index, default=None) if len(levels) == len(signed) else None
