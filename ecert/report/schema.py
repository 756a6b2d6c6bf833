"""The report's JSON Schema (draft 2020-12): ``report-1.schema.json``, the file that is published."""

from __future__ import annotations

import json
from typing import Any

from ecert.model.files import packaged

SCHEMA_FILE = "report-1.schema.json"
SCHEMA_ID = "urn:ecert:report:1"


def report_schema() -> dict[str, Any]:
    """Return the schema that every report of version 1 meets, as plain values.

    It lets unknown keys pass, as readers must: within version 1 keys may be added.

    >>> report_schema()["$id"]
    'urn:ecert:report:1'
    """
    schema: dict[str, Any] = json.loads(packaged(f"report/{SCHEMA_FILE}"))
    return schema
