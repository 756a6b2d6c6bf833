"""The JSON Schema: what it lets pass, and that reports say nothing it does not describe."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import jsonschema
import pytest

from ecert.model.findings import CATALOGUE, CHECKS, SEVERITIES
from ecert.model.indications import Indication, SubIndication
from ecert.model.levels import LEVELS
from ecert.report import REPORT_VERSION, Report, report_schema
from tests.report.conftest import SITUATIONS

ReportOf = Callable[[str], Report]


def strict(schema: Any) -> Any:
    """Return the schema without room for keys it does not describe, but where it leaves room by name."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: strict(value) for key, value in schema.items()}
    if "properties" in schema and isinstance(schema["properties"], dict) and "type" in schema:
        inner.setdefault("additionalProperties", False)
    return inner


FORMATS = jsonschema.FormatChecker(["date", "uuid"])


@FORMATS.checks("date-time", raises=ValueError)
def is_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def validator(schema: dict[str, Any]) -> Any:
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


LENIENT = validator(report_schema())
STRICT = validator(strict(report_schema()))


def complaints(judge: Any, report: Report) -> list[str]:
    """Return what is wrong with a report, read back from its JSON."""
    errors = judge.iter_errors(json.loads(report.to_json()))
    return [f"{error.json_path}: {error.message}" for error in errors]


def subschemas(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property's and definition's schema with its path."""
    if isinstance(schema, dict):
        for group in ("properties", "$defs"):
            for name, inner in schema.get(group, {}).items():
                yield f"{path}/{name}", inner
        for key, inner in schema.items():
            if key in ("properties", "$defs"):
                for name, each in inner.items():
                    yield from subschemas(each, f"{path}/{name}")
            elif isinstance(inner, dict | list):
                yield from subschemas(inner, path)
    elif isinstance(schema, list):
        for inner in schema:
            yield from subschemas(inner, path)


def test_the_schema_is_one_and_says_its_name():
    schema = report_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:ecert:report:{REPORT_VERSION}"


def test_everything_is_described():
    found = list(subschemas(report_schema()))
    assert len(found) > 150
    assert [path for path, inner in found if not inner.get("description")] == []
    definitions = report_schema()["$defs"]
    assert [name for name, inner in definitions.items() if not inner.get("title")] == []


def test_the_vocabularies_are_those_of_the_code():
    schema = report_schema()
    definitions = schema["$defs"]
    finding = definitions["finding"]["properties"]
    assert tuple(definitions["checks"]["properties"]) == CHECKS
    assert tuple(finding["check"]["enum"]) == CHECKS
    assert tuple(finding["severity"]["enum"]) == SEVERITIES
    assert tuple(definitions["level"]["enum"]) == LEVELS
    indications = definitions["signature"]["properties"]["indication"]["enum"]
    assert indications == [str(each) for each in Indication]
    assert definitions["sub_indication"]["examples"] == [str(each) for each in SubIndication]
    assert finding["code"]["examples"] == list(CATALOGUE), "run python -m tools.findings_page"


@pytest.mark.parametrize("name", SITUATIONS)
def test_reports_meet_the_schema_and_say_nothing_else(report_of: ReportOf, name: str):
    assert complaints(STRICT, report_of(name)) == []


def test_reports_about_foreign_files_do_too(foreign_reports: list[Report]):
    assert len(foreign_reports) > 30
    for report in foreign_reports:
        assert complaints(STRICT, report) == [], report.content["document"]


def test_readers_let_unknown_keys_pass(report_of: ReportOf):
    content: Any = copy.deepcopy(report_of("level-B-LTA").to_dict())
    content["from_tomorrow"] = content["signatures"][0]["from_tomorrow"] = 1
    content["copy"]["original"]["from_tomorrow"] = content["policy"]["settings"]["new"] = True
    later = Report("VALID", (), content)
    assert complaints(LENIENT, later) == []
    assert len(complaints(STRICT, later)) == 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verdict",), "TRUE"),
        (("report_version",), 2),
        (("validation_time",), "2026-10-01T09:03:04+07:00"),
        (("validation_time",), "2026-02-30T09:03:04Z"),
        (("document", "sha256"), "AB" * 32),
        (("summary",), {"en": "valid"}),
        (("checks", "structure"), "passed"),
        (("checks", "competence"), None),
        (("signatures", 0, "indication"), "PASSED"),
        (("signatures", 0, "byte_range"), [0, 1]),
        (("signatures", 0, "chain", 0, "revocation", "status"), "fine"),
        (("signatures", 0, "timestamps", 0, "kind"), "archive"),
        (("evidence", 0, "proven_since"), None),
        (("copy", "date"), "01/10/2026"),
        (("copy", "certifier", "capacity"), "king"),
        (("findings",), [{"code": "Not A Code"}]),
    ],
)
def test_what_no_report_says_is_refused(report_of: ReportOf, path: tuple[str | int, ...], value: object):
    content: Any = copy.deepcopy(report_of("level-B-LTA").to_dict())
    place: Any = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert complaints(LENIENT, Report("VALID", (), content))


@pytest.mark.parametrize("key", report_schema()["required"])
def test_no_key_may_be_missing(report_of: ReportOf, key: str):
    content: Any = report_of("level-B-LTA").to_dict()
    del content[key]
    assert complaints(LENIENT, Report("VALID", (), content)) == [f"$: '{key}' is a required property"]
