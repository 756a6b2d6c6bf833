"""Measure the table of attacks anew, and write it and its pages.

python -m tests.judged.measure          every specimen
python -m tests.judged.measure --new    those that have no row yet
python -m tests.judged.measure NAME…    these
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from ecert.testing import Press, Specimen, specimen_names
from tests.judged.attacks import OTHERS, Row, Table, read_table, write_table
from tests.judged.opinions import Written, ask_dss, ask_pdfsig
from tests.judged.pyhanko_judge import ask_pyhanko
from tests.judges import missing
from tests.judges.install import DSS
from tools import attacks_page


def measure(specimen: Specimen, folder: Path) -> Row:
    """Ask all verifiers about a specimen."""
    written = Written.of(specimen, folder)
    report = specimen.judge()
    said = {"pyhanko": ask_pyhanko(specimen), "pdfsig": ask_pdfsig(written), **ask_dss(written)}
    return Row(
        report.verdict,
        tuple(sorted(set(report.codes("error", "unknown")))),
        {judge: str(said[judge]) for judge in OTHERS},
    )


def versions() -> dict[str, str]:
    """Return the releases of the verifiers that are here, by the columns' names."""
    said = subprocess.run(["pdfsig", "-v"], capture_output=True, check=True, text=True).stderr
    found = re.search(r"version (\S+)", said)
    assert found is not None, said
    (jar,) = DSS.jars.glob("dss-pades-[0-9]*.jar")
    dss = jar.stem.removeprefix("dss-pades-")
    return dict(zip(OTHERS, (version("pyhanko"), found[1], dss, dss), strict=True))


def main(words: list[str]) -> None:
    """Measure what is asked for, keep the other rows, drop those whose specimen is gone."""
    for tool in ("dss", "poppler"):
        if reason := missing(tool):
            sys.exit(reason)
    old, names = read_table(), specimen_names()
    wanted = [n for n in names if n not in old.rows] if words == ["--new"] else words or names
    rows = {name: row for name, row in old.rows.items() if name in names}
    with Press() as press, tempfile.TemporaryDirectory() as scratch:
        for number, name in enumerate(wanted, 1):
            rows[name] = measure(press.make(name), Path(scratch) / name)
            said = "; ".join(f"{judge} {words}" for judge, words in rows[name].others.items())
            sys.stdout.write(f"{number}/{len(wanted)} {name}: {rows[name].ecert}; {said}\n")
    write_table(Table(versions(), {name: rows[name] for name in names if name in rows}))
    attacks_page.write()


if __name__ == "__main__":
    main(sys.argv[1:])
