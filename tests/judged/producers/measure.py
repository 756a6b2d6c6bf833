"""Measure the table of producers anew, and write it and its page.

python -m tests.judged.producers.measure          every case
python -m tests.judged.producers.measure NAME…    these
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.judged.attacks import Table, read_table, write_table
from tests.judged.measure import measure, versions
from tests.judged.producers.cases import CASES
from tests.judged.producers.workshop import Workshop
from tests.judges import missing
from tools import producers_page

DATA: Final = Path(__file__).with_name("table.toml")
REFRESH: Final = "python -m tests.judged.producers.measure"
TOOLS: Final = ("dss", "poppler", "producers")


def main(names: list[str]) -> None:
    """Measure what is asked for, keep the other rows, drop those whose case is gone."""
    for tool in TOOLS:
        if reason := missing(tool):
            sys.exit(reason)
    rows = dict(read_table(DATA).rows)
    with Workshop.open() as workshop, tempfile.TemporaryDirectory() as scratch:
        for case in CASES:
            if case.name in (names or [case.name]):
                rows[case.name] = row = measure(workshop.specimen(case), Path(scratch) / case.name)
                said = "; ".join(f"{judge} {words}" for judge, words in row.others.items())
                sys.stdout.write(f"{case.name}: {row.ecert} {' '.join(row.codes)}; {said}\n")
    write_table(Table(versions(), {case.name: rows[case.name] for case in CASES if case.name in rows}), DATA, REFRESH)
    producers_page.write()


if __name__ == "__main__":
    main(sys.argv[1:])
