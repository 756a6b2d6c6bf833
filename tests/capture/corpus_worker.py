"""Run in a process of its own: read corpus files, render what became pages, compare with Pillow.

``python -m tests.capture.corpus_worker FOLDER < names > results`` writes one JSON line per file.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from ecert.capture.scan import Scan
from ecert.errors import InputError

_ADDRESS_SPACE = 4 << 30  # a net below the machine's; the test itself looks at the peak


def main(folder: Path) -> None:
    """Judge every file named on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        for line in sys.stdin:
            result = judge(folder / line.strip(), Path(scratch))
            print(json.dumps({"file": line.strip(), **result}), flush=True)  # noqa: T201


def judge(path: Path, scratch: Path) -> dict[str, Any]:
    """Return what became of one file."""
    started = time.perf_counter()
    try:
        scan = Scan.from_files([path], dpi=72)
    except InputError as error:
        return _seen("refused", started, code=error.code, message=str(error), hint=error.hint)
    except Exception as error:  # noqa: BLE001  what must never happen is told, not raised
        return _seen("crashed", started, message=repr(error))
    result = _seen("pages", started)
    result["pages"] = [
        {"encoding": page.encoding, "colour": page.colour, "reencoded": page.reencoded, "alpha": page.alpha_flattened}
        for page in scan.pages
    ]
    result["differences"] = _differences(path, scan, scratch)
    return result


def _differences(path: Path, scan: Scan, scratch: Path) -> list[tuple[int, float]]:
    from tests.capture.reader import render
    from tests.capture.sources import difference, expected_pages

    try:
        wanted = list(expected_pages(path))
    except Exception as error:  # noqa: BLE001  whatever Pillow raises is an answer here
        print(f"{path}: Pillow: {error!r}", file=sys.stderr)  # noqa: T201
        return [(-1, 0.0) for _ in scan.pages]
    shown = render(list(scan.pages), scratch)
    if len(shown) != len(wanted):
        return [(255, 255.0)]
    return [difference(one, other) for one, other in zip(wanted, shown, strict=True)]


def _seen(outcome: str, started: float, **more: Any) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"outcome": outcome, "seconds": time.perf_counter() - started, "peak": peak, **more}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
