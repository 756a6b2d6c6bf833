"""How another tool is asked about a document, and what its exceptions mean."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from ecert.errors import Reason
from ecert.formats.pdf.objects import references
from ecert.model.quiet import quietly
from ecert.report import decide
from ecert.verify.case import Case

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """Something another tool sees differently; ``milder`` says that ours is the milder conclusion."""

    tool: str
    reason: Reason
    field: str | None
    milder: bool


@dataclass
class Tool:
    """Another tool, the case it is asked about, and the differences found."""

    name: str
    case: Case
    differences: list[Difference]

    def differs(self, reason: Reason, field: str | None = None) -> None:
        """Note a conclusion that is milder than the tool's: a finding."""
        self.differences.append(Difference(self.name, reason, field, milder=True))
        self.case.add("second-opinion-differs", tool=self.name, reason=reason, field=field)

    def permits(self, reason: Reason, field: str | None = None) -> None:
        """Note a conclusion that is stricter than the tool's: no finding."""
        self.differences.append(Difference(self.name, reason, field, milder=False))

    def is_unavailable(self, reason: Reason, field: str | None = None) -> None:
        """Note that the tool could not be asked: a warning."""
        self.case.add("second-opinion-unavailable", tool=self.name, reason=reason, field=field)

    def raised(self, exc: Exception, field: str | None = None) -> None:
        """Damage that only the other tool sees is a difference; anything else makes it unavailable."""
        kind = type(exc).__name__
        _log.info("%s raised %s", self.name, kind)
        own = (f for f in self.case.findings if f.code != "second-opinion-differs")
        if _is_damage(exc) and kind == "PdfStrictReadError" and _leads_nowhere(self.case):
            self.is_unavailable(Reason("opinion.dangling-references"), field)
        elif _is_damage(exc) and decide(own) != "INVALID":
            self.differs(Reason("opinion.calls-it-damaged", error=kind), field)
        else:
            self.is_unavailable(Reason("opinion.stopped", error=kind), field)


def ask(tool: Tool, question: Callable[[Tool], None]) -> None:
    """Ask a tool; whatever it raises is an answer."""
    try:
        with quietly():  # their log lines: ecert.logs
            question(tool)
    except ImportError as exc:
        tool.is_unavailable(Reason("opinion.not-installed", module=str(exc.name)))
    except Exception as exc:  # noqa: BLE001  whatever a tool raises is an answer
        tool.raised(exc)


def _leads_nowhere(case: Case) -> bool:
    """Return whether a reference leads to no object, which is null and no error (ISO 32000-1, 7.3.10)."""
    assert case.document is not None
    states = [case.document.view(r.index) for r in case.document.revisions]
    return any(not references(entry.value).keys() <= view.keys() for view in states for entry in view.values())


def _is_damage(exc: Exception) -> bool:
    """Return whether an exception is a tool's word for a file that is not as it must be."""
    known = {
        ("pypdf.errors", "PdfReadError"),
        ("pypdf.errors", "PdfStreamError"),
        ("pyhanko.pdf_utils.misc", "PdfReadError"),
        ("pyhanko.sign.validation.errors", "SignatureValidationError"),
    }
    return any((c.__module__, c.__name__) in known for c in type(exc).__mro__)
