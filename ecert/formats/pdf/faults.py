"""Why the strict reader refuses a file; each code is a finding."""

from __future__ import annotations

from typing import Literal

FaultCode = Literal["not-a-pdf", "pdf-damaged", "encrypted", "parsers-disagree", "structure-unsupported", "over-limit"]


class StructureFault(Exception):
    """The reader stops here: ``code`` is the finding, ``reason`` its words, ``offset`` the byte."""

    def __init__(self, code: FaultCode, reason: str, *, offset: int | None = None, limit: int | None = None) -> None:
        super().__init__(f"{code}: {reason}" + (f" at byte {offset}" if offset is not None else ""))
        self.code: FaultCode = code
        self.reason = reason
        self.offset = offset
        self.limit = limit


def damaged(reason: str, offset: int | None = None) -> StructureFault:
    """Return the fault for a file that breaks the syntax."""
    return StructureFault("pdf-damaged", reason, offset=offset)
