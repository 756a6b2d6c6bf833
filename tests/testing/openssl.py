"""The openssl command, as a second opinion on what the kit makes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.judges import tools


def openssl(*arguments: str | Path) -> str:
    """Return what openssl printed; fail the test where it did not succeed, skip where it is missing."""
    done, printed = _run(arguments)
    assert done == 0, f"openssl {arguments[0]}: {printed}"
    return printed


def refusal(*arguments: str | Path) -> str:
    """Return what openssl printed when it refused; fail the test where it succeeded."""
    done, printed = _run(arguments)
    assert done != 0, f"openssl {arguments[0]} took it: {printed}"
    return printed


def _run(arguments: tuple[str | Path, ...]) -> tuple[int, str]:
    tools.require("openssl")
    done = subprocess.run(
        ["openssl", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")
