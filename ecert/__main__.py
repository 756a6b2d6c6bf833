"""The process of the command line: ``ecert``, and ``python -m ecert``."""

from __future__ import annotations

import gc
import sys

#: Objects between two searches for garbage; the usual 700 makes dozens of them while modules load (55,000 in all).
_GARBAGE_THRESHOLD = 100_000


def run() -> int:
    """Run the command line as this process's only job; return the exit status."""
    gc.set_threshold(_GARBAGE_THRESHOLD)
    from ecert.cli import main

    try:
        return main()
    finally:
        gc.freeze()  # the process ends: a last search would find nothing that matters


if __name__ == "__main__":
    sys.exit(run())
