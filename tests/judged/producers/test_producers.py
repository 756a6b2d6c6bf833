"""Files of current software: honest ones are VALID, their forged twins INVALID, and others say what the table has.

``python -m tests.judged.producers.measure`` writes the table and its page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from ecert.testing import Specimen
from tests.judged import attacks
from tests.judged.measure import measure, versions
from tests.judged.producers.cases import CASES, Case
from tests.judged.producers.measure import DATA, REFRESH, TOOLS
from tests.judged.producers.workshop import Workshop
from tests.judges import require
from tools import producers_page

TABLE = attacks.read_table(DATA)


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    """Return one office for all files of this process."""
    for tool in TOOLS:
        require(tool)
    with Workshop.open() as found:
        yield found


def forged(specimen: Specimen) -> Specimen:
    """Return the same with another content of its page, in an appended revision (7.5.6)."""
    data = specimen.data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        content = pdf.pages[0].obj.Contents
        number, generation = (content[0] if isinstance(content, pikepdf.Array) else content).objgen
        root, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
    previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    data += b"\n"
    at = len(data)
    data += b"%d %d obj\n<</Length 18>>stream\n0 0 300 300 re f  \nendstream\nendobj\n" % (number, generation)
    table = len(data)
    data += b"xref\n%d 1\n%010d %05d n \ntrailer\n" % (number, at, generation)
    data += b"<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, previous, table)
    return replace(specimen, data=data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_verifier_says_what_it_shall(case: Case, workshop: Workshop, tmp_path: Path) -> None:
    specimen = workshop.specimen(case)
    now = measure(specimen, tmp_path)
    assert now.ecert == case.verdict, now.codes
    if case.name not in TABLE.rows:
        pytest.fail(f"no row for {case.name}: {REFRESH} {case.name}", pytrace=False)
    if case.verdict == "VALID":
        later = forged(specimen).judge()
        assert (later.verdict, "changed-after-signature" in later.codes("error")) == ("INVALID", True)
    then, here = TABLE.rows[case.name], versions()
    changed = {
        judge: (said, then.others[judge])
        for judge, said in now.others.items()
        if said != then.others[judge] and here[judge] == TABLE.versions[judge]
    }
    assert (now.codes, changed) == (then.codes, {}), f"if right: {REFRESH} {case.name}"


def test_the_table_is_about_these_cases() -> None:
    assert list(TABLE.rows) == [case.name for case in CASES]


def test_the_page_shows_the_table() -> None:
    assert producers_page.PAGE.read_text("utf-8") == producers_page.page(TABLE)
