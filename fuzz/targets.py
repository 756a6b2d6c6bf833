"""The targets; each is a function of bytes."""

from __future__ import annotations

from collections.abc import Callable

import ecert
from ecert.errors import InputError, RecordError
from ecert.formats.record import read_record_xml


def verify(data: bytes) -> None:
    """Judge any bytes under both policies; a fault of ours is a crash."""
    for policy in ("certified-copy", "signatures"):
        report = ecert.verify_copy(data, policy=policy)
        assert "verifier-fault" not in report.codes()


def record(data: bytes) -> None:
    """Read any bytes as a record."""
    try:
        read_record_xml(data)
    except RecordError:
        return


def scan(data: bytes) -> None:
    """Read any bytes as a scan."""
    try:
        ecert.Scan.from_files([data], dpi=300)
    except InputError:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {"verify": verify, "record": record, "scan": scan}
