"""Times: what is taken for one, and how the last that exists is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ecert.errors import UsageError
from ecert.model.times import office_time, read_clock, rfc3339


def test_a_time_is_read_into_utc() -> None:
    at = datetime.fromisoformat("2026-10-01T09:03:04.5+07:00")
    assert read_clock(at).isoformat() == "2026-10-01T02:03:04+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59+00:00",
        "0001-01-01T00:00:00+12:00",
        "1949-12-31T00:00:00+00:00",
        "2026-10-01T09:03:04",
    ],
)
def test_what_no_certificate_could_be_judged_at_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_clock(datetime.fromisoformat(text))


def test_the_last_time_of_all_can_be_told() -> None:
    """99991231235959Z stands for no well-defined end (RFC 5280, 4.1.2.5); in Vietnam it would be year 10000."""
    assert office_time(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), 7) == ("31/12/9999 23:59:59 +00:00")


def test_years_before_1000_have_four_digits() -> None:
    """RFC 3339, 5.6: a file may name them in /M, and a token in genTime."""
    assert rfc3339(datetime(33, 4, 3, 15, 0, 0, tzinfo=UTC)) == "0033-04-03T15:00:00Z"
