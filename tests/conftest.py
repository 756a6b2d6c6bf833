"""What every test may use: ``require`` for outside tools, ``corpora`` and ``field`` for outside material."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from ecert.testing import Office
from tests.judges import tools
from tests.kit import Desk

# No deadline: how fast the machine is must not decide a test. CI draws the same examples each time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure() -> None:
    """Refuse a misspelt ECERT_REQUIRE before it turns failures into skips."""
    tools.required()


@pytest.fixture(scope="session")
def require() -> Callable[[str], None]:
    """Return the function that skips where a tool is missing and fails where ECERT_REQUIRE names it."""
    return tools.require


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Return the folder of third-party test material."""
    tools.require("corpora")
    return tools.corpora()


@pytest.fixture(scope="session")
def field() -> Path:
    """Return the folder of small files of the kinds that are met in the field."""
    tools.require("field")
    return tools.field()


@pytest.fixture(scope="session")
def desk() -> Iterator[Desk]:
    """Return an office with P-256 keys and the stages of one two-page copy."""
    with Office.create(algorithm="p256") as office:
        yield Desk(office)
