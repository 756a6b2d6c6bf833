"""The openssl command, as a second opinion on what the kit makes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.judges import tools


def openssl(*arguments: str | Path) -> str:
    """Return what openssl printed; fail the test where it did not succeed, skip where it is missing."""
    tools.require("openssl")
    done = subprocess.run(
        ["openssl", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    printed = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, f"openssl {arguments[0]}: {printed}"
    return printed
