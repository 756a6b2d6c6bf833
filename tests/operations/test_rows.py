"""A report as one flat row: its columns, every kind of document, other processes."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

import ecert
from ecert.errors import SettingsError, UsageError
from ecert.operations import COLUMNS, Row, judge_row, report_row
from ecert.sandbox import Sandbox
from ecert.testing import Press, specimen_names
from tests.kit import Desk

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rows.md"


def is_row(row: Row) -> bool:
    """Return whether a row has all columns in their order, each empty or of its type, and can be written as UTF-8."""
    fits = all(value is None or type(value) is COLUMNS[column] for column, value in row.items())
    return list(row) == list(COLUMNS) and fits and bool(json.dumps(row, ensure_ascii=False).encode())


@pytest.fixture(scope="module")
def folder(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy, a signed copy, a draft, a text, and a file whose name is no UTF-8."""
    found = tmp_path_factory.mktemp("rows")
    desk.copy.write(found / "copy.pdf")
    desk.signed.write(found / "signed.pdf")
    desk.draft.write(found / "draft.pdf")
    (found / "text.pdf").write_text("no PDF")
    (found / os.fsdecode(b"\xff\n.pdf")).write_bytes(desk.copy.to_bytes())
    return found


def test_a_valid_copy(desk: Desk, folder: Path) -> None:
    at = desk.office.clock.now()
    row = judge_row(folder / "copy.pdf", trust=desk.office.trust, at=at)
    report = ecert.verify_copy(folder / "copy.pdf", trust=desk.office.trust, at=at)
    record = desk.copy.record.certification
    assert is_row(row)
    assert row == report_row(report, str(folder / "copy.pdf"))
    assert row["file"] == str(folder / "copy.pdf")
    assert row["verdict"] == "VALID"
    assert row["error"] is row["error_text"] is None
    assert (row["copy_id"], row["number"]) == (desk.copy.record.id, record.number)
    assert (row["date"], row["body"]) == (record.date.isoformat(), record.body.name)
    assert row["certifier"] == record.certifier.name
    assert row["signers"] == f"{row['signer']}; {row['seal']}"
    assert (row["level"], row["promised_level"]) == ("B-LTA", "B-LTA")
    assert row["signer_indication"] == row["seal_indication"] == "TOTAL-PASSED"
    signer, seal = report.to_dict()["signatures"][:2]
    assert (row["signer_time"], row["seal_time"]) == (signer["best_signature_time"], seal["best_signature_time"])
    assert row["seal_sha256"] == seal["certificate"]["sha256"]
    assert row["proof_until"] == report.content["proof_until"]


def test_every_document_is_a_row(desk: Desk, folder: Path) -> None:
    rows = {path.name: judge_row(path, trust=desk.office.trust) for path in folder.iterdir()}
    assert all(map(is_row, rows.values()))
    assert rows["text.pdf"]["verdict"] == "INVALID"
    assert (rows["text.pdf"]["codes"], rows["text.pdf"]["signers"]) == ("not-a-pdf", "")
    assert rows["draft.pdf"]["stage"] == "draft"
    assert (rows["signed.pdf"]["seal"], rows["signed.pdf"]["signatures"]) == (None, 1)
    odd = rows[os.fsdecode(b"\xff\n.pdf")]["file"]
    assert isinstance(odd, str)
    assert odd.endswith("\ufffd\n.pdf")
    bytes_alone = judge_row((folder / "copy.pdf").read_bytes(), trust=desk.office.trust)
    assert bytes_alone == {**rows["copy.pdf"], "file": None, "validation_time": bytes_alone["validation_time"]}


def test_specimens_of_every_kind_are_rows() -> None:
    with Press() as press:
        for specimen in map(press.make, specimen_names()[::10]):
            row = judge_row(
                specimen.data, trust=specimen.trust, policy=specimen.policy, at=specimen.at, evidence=specimen.evidence
            )
            assert is_row(row), specimen.name
            assert row["verdict"] == specimen.verdict, specimen.name


def test_what_cannot_be_read_is_a_row_with_an_error(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.pdf", "not-readable"), (tmp_path, "not-readable"), ("\0", "not-readable")):
        row = judge_row(path)
        assert is_row(row)
        assert (row["file"], row["error"], row["verdict"]) == (str(path), code, None)
        assert {column for column, value in row.items() if value is not None} == {"file", "error", "error_text"}


def test_calls_that_are_refused(tmp_path: Path) -> None:
    for wrong in (None, float("nan"), 7):
        with pytest.raises(UsageError, match="a document is a path or bytes"):
            judge_row(wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        judge_row(b"", policy="no-policy")
    (tmp_path / "policy.toml").write_text("x = 1")
    with pytest.raises(SettingsError):
        judge_row(b"", policy=tmp_path / "policy.toml")


def test_in_the_sandbox_a_row_is_the_same(desk: Desk, folder: Path) -> None:
    at = desk.office.clock.now()
    with Sandbox(seconds=60) as sandbox:
        for path in (*sorted(folder.iterdir()), folder / "none.pdf"):
            here, there = (judge_row(path, trust=desk.office.trust, at=at, sandbox=s) for s in (None, sandbox))
            assert here == there


def test_in_other_processes(desk: Desk, folder: Path) -> None:
    judge = partial(judge_row, trust=desk.office.trust, at=desk.office.clock.now(), evidence=ecert.Evidence())
    assert pickle.loads(pickle.dumps(judge)).keywords.keys() == judge.keywords.keys()
    paths = [*sorted(folder.iterdir()), folder / "none.pdf"]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        rows = list(pool.map(judge, paths))
    assert rows == [judge(path) for path in paths]
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    table.seek(0)
    assert [row["verdict"] for row in csv.DictReader(table)] == [row["verdict"] or "" for row in rows]


def test_the_page_names_every_column_with_its_type() -> None:
    told = re.findall(r"^\| `(\w+)` \| (text|number) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert told == [(column, "text" if kind is str else "number") for column, kind in COLUMNS.items()]
