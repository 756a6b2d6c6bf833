"""Sample certification records: plainly fictitious, in the shape of ``record.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ecert.formats.record.fields import CONFIRMATIONS
from ecert.testing import names

#: The same name as in the seal's certificate, in the case people write.
BODY = "Ủy ban nhân dân xã Mẫu"


def record(
    *, date: dt.date, pages: int = 1, certifier: str = names.CHAIRMAN, changes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a record as a dict of new objects; ``date`` is the day in +07:00.

    ``changes`` are laid over it: tables are merged (``{"body": {"parent": "…"}}``), other values
    replaced, and None takes a key away.
    """
    sample: dict[str, Any] = {
        "number": 152,
        "series": "SCTĐT/BS",
        "book": f"01/{date.year}",
        "date": date,
        "original": {"title": "Giấy xác nhận (mẫu)", "pages": pages},
        "body": {"name": BODY, "identifiers": [names.BODY_IDENTIFIER]},
        "certifier": {"name": certifier, "title": "Chủ tịch", "capacity": "head"},
        "officer": {"name": names.OFFICER, "confirms": list(CONFIRMATIONS)},
    }
    return _merge(sample, changes or {})


def _merge(base: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in changes.items():
        if value is None:
            base.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(base.get(key), dict):
            base[key] = _merge(base[key], value)
        else:
            base[key] = value
    return base
