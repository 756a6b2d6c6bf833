"""What honest programs write and a strict reader refuses: let pass on request, and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ecert.errors import Reason
from ecert.formats.pdf.faults import StructureFault


class Oddity(NamedTuple):
    """Something in a file that readers take in different ways, though not with different outcomes.

    ``code`` is the finding, ``offset`` the byte of the first of its kind.
    """

    code: Literal["unusual-structure", "structure-unsupported"]
    reason: Reason
    offset: int | None = None


@dataclass
class Oddities:
    """The oddities of one file, the first of each kind; those of a strict reading stay empty.

    ``repairing``: some of them make some programs rebuild the cross-reference table, so that the file must read the
    same to these (:mod:`~ecert.formats.pdf.two_readings`).
    """

    let_pass: bool
    repairing: bool = False
    nowhere: set[int] = field(default_factory=set)  # numbers listed at offset 0
    _found: dict[str, Oddity] = field(default_factory=dict)

    def admit(self, reason: Reason, fault: StructureFault, *, offset: int | None = None) -> None:
        """Note an oddity after which some programs rebuild the file.

        Raises:
            StructureFault: ``fault``, where the reading is strict.
        """
        if not self.let_pass:
            raise fault
        self.repairing = True
        self._found.setdefault(reason.code, Oddity("unusual-structure", reason, offset))

    def leave_open(self, reason: Reason) -> None:
        """Note an oddity whose effect on what is shown cannot be told."""
        self._found.setdefault(reason.code, Oddity("structure-unsupported", reason))

    def told(self) -> list[Oddity]:
        """Return the oddities, those that leave something open first."""
        return sorted(self._found.values(), key=lambda oddity: oddity.code)
