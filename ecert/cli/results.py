"""What a writing command prints: the path, then one line; or one line of JSON."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ecert.cli.session import Session
from ecert.cli.terminal import megabytes
from ecert.operations.files import prepare_folder

if TYPE_CHECKING:
    from ecert.stages import CertifiedCopy, Draft, SignedCopy


def write_result(
    session: Session,
    copy: Draft | SignedCopy | CertifiedCopy,
    path: Path,
    *,
    stage: str,
    level: str,
    force: bool,
    format_: str,
) -> int:
    """Write a copy and print what was written; ``level`` is what it has reached or promises.

    Raises:
        InputError: the file exists, or cannot be written.
    """
    for attempt in copy.attempts:
        if attempt.outcome != "answered" and not session.quiet:
            told = session.words("no-answer", url=attempt.url, outcome=attempt.outcome)
            session.tell("warning", told)
    prepare_folder(path)
    copy.write(path, force=force)
    data, record = copy.to_bytes(), copy.record
    act = record.certification
    if format_ == "json":
        digest = hashlib.sha256(data).hexdigest()
        session.print_json(
            {
                "file": str(path),
                "stage": stage,
                "level": level,
                "id": record.id,
                "pages": len(record.pages),
                "size": len(data),
                "sha256": digest,
            }
        )
        return 0
    session.print(str(path))
    session.print(
        session.words(
            {"draft": "prepared"}.get(stage, stage),
            pages=len(record.pages),
            size=megabytes(len(data), session.lang),
            level=level,
            id=record.id,
            certifier=act.certifier.name,
            body=act.body.name,
        )
    )
    return 0
