"""One press per process: it makes each copy once, when the first judge asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.judged.press import Press


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Return the press of this process."""
    with Press(tmp_path_factory.mktemp("judged")) as found:
        yield found
