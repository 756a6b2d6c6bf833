"""Draft → SignedCopy → CertifiedCopy: a stage is bytes that passed every check of that stage which needs no key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from ecert.errors import StageError
from ecert.formats.pdf import Document
from ecert.formats.record import CopyRecord
from ecert.model import files
from ecert.model.evidence import Attempt
from ecert.model.images import in_colour
from ecert.model.limits import MAX_FILE_BYTES
from ecert.model.profiles import get_profile
from ecert.report import Report
from ecert.verify.copy import judge
from ecert.verify.policies import CERTIFIED_COPY, DRAFT, SIGNED_COPY, Policy


@dataclass(frozen=True)
class Stage:
    """Bytes of one stage, with the record they hold and the report that let them pass.

    ``notes`` say what the step that made it left open; of an opened file there are none.
    """

    document: Document
    record: CopyRecord
    report: Report
    notes: tuple[str, ...] = ()

    policy: ClassVar[Policy]
    title: ClassVar[str]

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a file of this stage.

        Raises:
            InputError: it cannot be read, or is larger than any copy.
            StageError: it is not of this stage; the findings are named.
        """
        return cls.from_bytes(files.read(Path(path), MAX_FILE_BYTES), name=str(path))

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str = "the document") -> Self:
        """Take bytes of this stage after every check that needs no key and no anchor.

        Raises:
            StageError: they are not of this stage; the findings are named.
        """
        case, report = judge(data, policy=cls.policy)
        blocking = [f for f in report.findings if f.severity in ("error", "unknown")]
        blocking = [f for f in blocking if f.check not in ("trust", "time")]
        if blocking or case.record is None or case.document is None:
            words = blocking[0].to_dict()["text"]["en"] if blocking else "it holds no record"
            raise StageError(f"{name} is not {cls.title}: {words}", hint="run: ecert verify FILE")
        return cls(case.document, case.record, report)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return the notes, and what the profile would rather have otherwise: pages that are not in colour."""
        if not get_profile(self.record.profile).warn_not_colour:
            return self.notes
        pages = (
            f"page {number} is not in colour"
            for number, page in enumerate(self.record.pages, 1)
            if not in_colour(page.colour, page.bits)
        )
        return (*self.notes, *pages)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Return who was asked while it was made; of an opened file nothing is known."""
        return tuple(Attempt(a["url"], a["outcome"]) for a in self.report.content["attempts"])

    def to_bytes(self) -> bytes:
        """Return the PDF."""
        return self.document.data

    def write(self, path: str | Path, *, force: bool = False) -> None:
        """Write the PDF atomically; an existing file is replaced only with ``force``.

        Raises:
            InputError: the file exists, or cannot be written.
        """
        files.write_file(Path(path), self.to_bytes(), force=force)


class Draft(Stage):
    """Revision 0: scanned pages, statement, record, two empty fields."""

    policy = DRAFT
    title = "a draft"


class SignedCopy(Stage):
    """A draft that the competent person signed."""

    policy = SIGNED_COPY
    title = "a signed copy that waits for the seal"


class CertifiedCopy(Stage):
    """A signed copy that the body sealed."""

    policy = CERTIFIED_COPY
    title = "a certified copy"
