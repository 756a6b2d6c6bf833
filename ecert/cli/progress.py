"""Progress: on a terminal, on stderr; nothing in a pipe, nothing with ``--quiet``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ecert.cli.session import Session

Tell = Callable[..., None]


def _say_nothing(key: str, **values: object) -> None:
    del key, values


@contextmanager
def show_progress(session: Session) -> Iterator[Tell]:
    """Yield ``tell(key, **values)``, which shows a sentence of ``words`` until the next one."""
    if session.quiet or not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("") as status:
        yield lambda key, **values: status.update(Text(session.words(key, **values)))
