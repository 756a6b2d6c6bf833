"""The certification record: what is refused by path, and its XML and JSON twins."""

from __future__ import annotations

import copy
import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecert.errors import RecordError
from ecert.formats.record import CertificationRecord, CopyRecord, PageFacts, read_record_xml, write_record_xml

TOML = """
number = 152
series = "SCTĐT/BS"
book   = "01/2026"
date   = 2026-10-01
id     = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
[original]
title  = "Sổ hộ khẩu"
pages  = 1
kind   = "Sổ"
date   = 2010-05-03
[body]
name   = "Ủy ban nhân dân xã Mẫu"
parent = "Ủy ban nhân dân tỉnh Mẫu"
identifiers = ["MNS:H00.01"]
[certifier]
name   = "Nguyễn Văn Mẫu"
title  = "Phó Chủ tịch"
capacity = "delegated"
[certifier.delegation]
decision = "12/QĐ-UBND"
scope = "Chứng thực bản sao từ bản chính"
valid_from = 2026-01-01
valid_to = 2026-12-31
[officer]
name   = "Trần Thị Mẫu"
confirms = ["unaltered", "legible", "not-secret", "lawful", "legalised-or-exempt", "not-self-made"]
[capture]
device = "Máy quét"
"""
PAGE = PageFacts(1654, 2339, 200.0, 199.5, 6, "rgb", 8, "DCTDecode", False, False, False, False, False, "0" * 64)


def values() -> dict[str, Any]:
    return tomllib.loads(TOML)


def copy_record() -> CopyRecord:
    record = CertificationRecord.from_dict(values())
    assert record.id is not None
    return CopyRecord("ecert-1", "vn-2025-11", "vi", "B-LTA", record.id, "vn-statement-1", record, (PAGE,))


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the record with one value changed; None removes it."""
    result = copy.deepcopy(values())
    *tables, key = path.split(".")
    table = result
    for name in tables:
        table = table[name]
    if value is None:
        del table[key]
    else:
        table[key] = value
    return result


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("number", None),
        ("number", 0),
        ("number", "152"),
        ("number", True),
        ("series", ""),
        ("book", None),
        ("date", None),
        ("date", "1.10.2026"),
        ("date", "2026-02-30"),
        ("id", "no-uuid"),
        ("verify_at", "ftp://example.org"),
        ("surplus", 1),
        ("original.title", None),
        ("original.title", "  "),
        ("original.title", "a\nb"),
        ("original.title", "a\u202eb"),
        ("original.title", "x" * 501),
        ("original.pages", 0),
        ("original.pages", 1001),
        ("body.name", None),
        ("body.surplus", "x"),
        ("certifier.capacity", "king"),
        ("certifier.delegation", None),
        ("certifier.delegation.valid_to", "2025-12-31"),
        ("officer.name", None),
        ("officer.confirms", []),
        ("officer.confirms", ["unaltered"] * 6),
        ("officer.confirms", "unaltered"),
        ("capture", "scanner"),
    ],
)
def test_a_wrong_field_is_refused_with_its_path(path: str, value: Any) -> None:
    with pytest.raises(RecordError) as caught:
        CertificationRecord.from_dict(changed(path, value))
    assert caught.value.path.startswith(path.rpartition(".")[0] or path)
    assert caught.value.path in caught.value.message


def test_a_missing_confirmation_names_what_is_missing() -> None:
    words = [w for w in values()["officer"]["confirms"] if w != "legible"]
    with pytest.raises(RecordError, match="legible") as caught:
        CertificationRecord.from_dict(changed("officer.confirms", words))
    assert caught.value.code == "confirmation-missing"


def test_a_date_outside_the_delegation_is_refused() -> None:
    with pytest.raises(RecordError, match=r"certifier\.delegation"):
        CertificationRecord.from_dict(changed("date", "2027-01-01"))


def test_xml_is_valid_stable_and_reversible() -> None:
    record = copy_record()
    xml = write_record_xml(record)
    assert read_record_xml(xml) == record
    assert write_record_xml(read_record_xml(xml)) == xml


def test_json_is_the_twin_of_xml() -> None:
    record = copy_record()
    assert CopyRecord.from_dict(json.loads(record.to_json())) == record


@pytest.mark.parametrize("suffix", ["toml", "json", "xml"])
def test_every_file_form_gives_the_same_record(tmp_path: Path, suffix: str) -> None:
    record = CertificationRecord.from_dict(values())
    path = tmp_path / f"record.{suffix}"
    if suffix == "toml":
        path.write_text(TOML, encoding="utf-8")
    elif suffix == "json":
        path.write_text(json.dumps(record.to_dict()), encoding="utf-8")
    else:
        xml = write_record_xml(copy_record()).decode()
        start, end = xml.index("  <format>"), xml.index("  <id>")
        xml = xml[:start] + xml[end:]
        xml = xml[: xml.rindex("  <pages>")].replace("<record ", "<certification ")
        path.write_text(xml + "</certification>\n", encoding="utf-8")
    assert CertificationRecord.from_file(path) == record


@pytest.mark.parametrize(
    "change",
    [
        ("<number>152</number>", "<number>152</number><number>153</number>"),
        ("<sha256>0", "<sha256>G"),
        ('<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE record [<!ENTITY a "b">]>'),
        ("<title>Sổ", "<title>&a;Sổ"),
        ("urn:ecert:record:1", "urn:ecert:record:2"),
        ("<format>ecert-1<", "<format>ecert-2<"),
    ],
)
def test_strange_xml_is_refused(change: tuple[str, str]) -> None:
    xml = write_record_xml(copy_record()).decode()
    assert change[0] in xml
    with pytest.raises(RecordError):
        read_record_xml(xml.replace(*change, 1).encode())


def test_a_newer_version_is_told_apart_from_a_broken_one() -> None:
    xml = write_record_xml(copy_record())
    for newer in (xml.replace(b"record:1", b"record:2"), xml.replace(b">ecert-1<", b">ecert-2<")):
        with pytest.raises(RecordError) as caught:
            read_record_xml(newer)
        assert caught.value.code == "record-too-new"


@given(st.binary(max_size=300))
def test_rubbish_is_a_record_error(data: bytes) -> None:
    with pytest.raises(RecordError):
        read_record_xml(data)


def test_names_as_certificates_write_them() -> None:
    record = CertificationRecord.from_dict(values())
    assert record.with_names({}) == record
    assert record.with_names({"Nobody": "X"}) == record
    named = record.with_names({record.body.name.upper(): " UBND  XA MAU ", record.officer.name: "X"})
    assert named.body.name == "UBND  XA MAU"
    assert replace(named, body=record.body) == record
    for wrong in ("", "a\nb", "x" * 501):
        with pytest.raises(RecordError, match=r"body\.name"):
            record.with_names({record.body.name: wrong})


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"dpi_x": 1.0}, "schema"),
        ({"dpi_y": 4801.0}, "schema"),
        ({"width": 4, "dpi_x": 300.0}, "page of 0.96 x"),
        ({"height": 60_000, "dpi_y": 20.0}, "216000 points"),
    ],
)
def test_a_page_that_capture_makes_none_of_is_refused(facts: dict[str, Any], words: str):
    record = copy_record()
    (page,) = record.pages
    page = replace(page, orientation=1)
    data = write_record_xml(replace(record, pages=(replace(page, **facts),)))
    with pytest.raises(RecordError, match=words):
        read_record_xml(data)
    values = replace(record, pages=(replace(page, **facts),)).to_dict()
    with pytest.raises(RecordError, match=r"not within"):
        CopyRecord.from_dict(values)
