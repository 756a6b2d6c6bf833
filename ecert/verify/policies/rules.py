"""Through whom which kind of body certifies copies, and when: dated, cited data.

The district level ceased to exist on 1-Jul-2025; since 1-Nov-2025 a commune's Chairman certifies, or whom
the Chairman has authorised or assigned: a Vice-Chairman no longer does so by office, and is ``delegated``
like anybody else. A registry may replace the rules of a kind with its own ``[[rule]]`` tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ecert.formats.record.fields import Capacity


@dataclass(frozen=True)
class Span:
    """The days from ``first`` to ``last``, both included; None: open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether a day is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, first: date, last: date) -> bool:
        """Return whether any of them lies between two days."""
        start, end = self.order
        return start <= last and first <= end

    @property
    def order(self) -> tuple[date, date]:
        """Return both ends as days, for sorting."""
        return self.first or date.min, self.last or date.max


@dataclass(frozen=True)
class Rule:
    """Which capacities certify for a kind of body, and by which text."""

    kind: str
    capacities: tuple[Capacity, ...]
    span: Span
    basis: str


#: Electronic copies exist since NĐ 45/2020/NĐ-CP (Đ.10); the capacities come from NĐ 23/2015/NĐ-CP, Đ.5,
#: and since 1-Nov-2025 from NĐ 280/2025/NĐ-CP, which amends it.
_ELECTRONIC = date(2020, 5, 22)  # NĐ 45/2020/NĐ-CP in force
_LAST_DISTRICT_DAY = date(2025, 6, 30)  # two levels of local government from 1-Jul-2025
_LAST_DAY_BEFORE, _FIRST_DAY = date(2025, 10, 31), date(2025, 11, 1)  # NĐ 280/2025/NĐ-CP in force

RULES: tuple[Rule, ...] = (
    Rule("commune", ("head", "deputy"), Span(_ELECTRONIC, _LAST_DAY_BEFORE), "NĐ 23/2015/NĐ-CP Đ.5"),
    Rule("commune", ("head", "delegated"), Span(_FIRST_DAY), "NĐ 280/2025/NĐ-CP"),
    Rule("district-justice", ("head", "deputy"), Span(_ELECTRONIC, _LAST_DISTRICT_DAY), "NĐ 23/2015/NĐ-CP Đ.5"),
    Rule("notary-office", ("notary",), Span(_ELECTRONIC, _LAST_DAY_BEFORE), "NĐ 23/2015/NĐ-CP Đ.5"),
    Rule("notary-office", ("notary",), Span(_FIRST_DAY), "NĐ 280/2025/NĐ-CP"),
    Rule("consular", ("consular",), Span(_ELECTRONIC, _LAST_DAY_BEFORE), "NĐ 23/2015/NĐ-CP Đ.5"),
    Rule("consular", ("consular",), Span(_FIRST_DAY), "NĐ 280/2025/NĐ-CP"),
)
