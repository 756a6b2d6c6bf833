"""Run the benchmarks and print the table; see :mod:`bench`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import ssl
import sys
import time
from collections.abc import Iterator

from bench.measure import Row, table
from bench.processes import command_row, import_row, memory_rows
from bench.rows import FULL, QUICK, Effort, slope_rows, speed_rows
from bench.work import Work


def main() -> None:
    """Measure every row; exit status 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="ecert beside its peers")
    parser.add_argument("--quick", action="store_true", help="few repetitions, under a minute")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args()
    logging.getLogger("pyhanko").setLevel(logging.ERROR)
    effort = QUICK if options.quick else FULL
    start = time.perf_counter()
    rows = []
    for row in _rows(effort):
        rows.append(row)
        if sys.stderr.isatty():
            print(f"  {time.perf_counter() - start:4.0f} s  {row.what}", file=sys.stderr)
    seconds = time.perf_counter() - start
    if options.json:
        found = [row.to_dict() for row in rows]
        print(json.dumps({"machine": _machine(), "seconds": seconds, "rows": found}, indent=1))
    else:
        print(f"{table(rows)}\n\n{_machine()}; {effort.runs} rounds, medians; {seconds:.0f} s in all")


def _rows(effort: Effort) -> Iterator[Row]:
    with Work() as work:
        yield from speed_rows(work, effort)
        yield from slope_rows(work, effort)
        yield from memory_rows(work, effort)
        yield from import_row(work, effort)
        yield from command_row(work, work.certify(work.pages, "B-LTA"), effort)


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    if hasattr(os, "getloadavg"):
        system += f", load {os.getloadavg()[0]:.1f}"
    return f"{system}, Python {platform.python_version()}, {ssl.OPENSSL_VERSION}"


if __name__ == "__main__":
    main()
