"""Ask pyHanko and pypdf what they see, and compare: structure, pages, coverage, changes, digests.

Never trust or time: those are judged by EN 319 102-1 alone. What counts as a difference:

* a conclusion of ours that another reader does not share, where ours is the *milder* one: it sees
  other pages, content, fields, record or coverage, a changed byte, or a change it does not permit;
* a digest or signature value that we call wrong and pyHanko calls right: one of us miscomputes.

Where we refuse more (padding, byte accounting, form rules) no finding says so: that is on purpose. These
differences are returned with ``milder`` false, so that tests can hold each against its reason.
A tool that reports damage in a file we have no error for differs too. A tool that breaks down for
another reason, or refuses a feature by its settings, was not available: a warning.
Both are asked in this process, so limits of time and memory are the sandbox's.

* :mod:`~ecert.verify.second_opinion.asking`: how a tool is asked, and what its exceptions mean.
* :mod:`~ecert.verify.second_opinion.pages`: pypdf. :mod:`~ecert.verify.second_opinion.signatures`: pyHanko.
"""

from contextlib import suppress
from importlib import import_module

from ecert.verify.case import Case
from ecert.verify.second_opinion.asking import Difference, Tool, ask
from ecert.verify.second_opinion.pages import compare_pages
from ecert.verify.second_opinion.signatures import compare_signatures

__all__ = ["Difference", "ask_second_opinions", "load_tools"]


def load_tools() -> None:
    """Load both tools, as far as they are installed, before it is too late: a confined process reads little."""
    for module in ("pypdf", "pyhanko.sign.diff_analysis", "pyhanko.sign.validation.pdf_embedded"):
        with suppress(ImportError):  # asking says that it is not there
            import_module(module)


def ask_second_opinions(case: Case) -> list[Difference]:
    """Add what pyHanko and pypdf see differently, or why they could not be asked; return all differences.

    Everything they raise is a finding. Works inside a running event loop too.
    """
    if case.document is None:
        return []
    differences: list[Difference] = []
    ask(Tool("pypdf", case, differences), compare_pages)
    ask(Tool("pyHanko", case, differences), compare_signatures)
    return differences
