"""Why the strict reader refuses a file; each code is a finding."""

from __future__ import annotations

from typing import Literal

from ecert.errors import Reason

FaultCode = Literal[
    "not-a-pdf",
    "pdf-damaged",
    "encrypted",
    "encrypted-not-judged",
    "parsers-disagree",
    "structure-unsupported",
    "over-limit",
]


class StructureFault(Exception):
    """The reader stops here: ``code`` is the finding, ``reason`` why, ``offset`` the byte."""

    def __init__(self, code: FaultCode, reason: Reason, *, offset: int | None = None, limit: int | None = None) -> None:
        super().__init__(code, reason, offset)
        self.code: FaultCode = code
        self.reason = reason
        self.offset = offset
        self.limit = limit

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}" + (f" at byte {self.offset}" if self.offset is not None else "")


def damaged(reason: Reason, offset: int | None = None) -> StructureFault:
    """Return the fault for a file that breaks the syntax."""
    return StructureFault("pdf-damaged", reason, offset=offset)
