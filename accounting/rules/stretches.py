"""The months a statement is about: a month, a quarter or a fiscal year, and those beside it. Pure.

What must stay true: a quarter is three whole months of one fiscal year and a year is its four
quarters, whatever month the year begins in; so parts always add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounting.rules.periods import first_day, last_day, previous_period

LENGTHS = {"month": 1, "quarter": 3, "year": 12}
KINDS = tuple(LENGTHS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole months, from `first_period` to `last_period`, both included."""

    kind: str
    first_period: int
    last_period: int

    @property
    def first(self) -> date:
        return first_day(self.first_period)

    @property
    def last(self) -> date:
        return last_day(self.last_period)

    @property
    def months(self) -> tuple[int, ...]:
        """The periods it is made of."""
        return months_between(self.first_period, self.last_period)


def shifted(period_id: int, months: int) -> int:
    """Return the period some months later (or earlier, below zero)."""
    year, month = divmod(period_id, 100)
    count = year * 12 + month - 1 + months
    return count // 12 * 100 + count % 12 + 1


def months_between(first: int, last: int) -> tuple[int, ...]:
    """Return the periods from one to another, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = shifted(first, 1)
    return tuple(found)


def stretch_of(kind: str, period_id: int, start_month: int = 1) -> Stretch:
    """Return the month, quarter or fiscal year a period lies in."""
    length = LENGTHS[kind]
    into_year = (period_id % 100 - start_month) % 12
    first = shifted(period_id, -(into_year % length))
    return Stretch(kind, first, shifted(first, length - 1))


def before(stretch: Stretch) -> Stretch:
    """Return the one of the same length just before."""
    length = LENGTHS[stretch.kind]
    first = shifted(stretch.first_period, -length)
    return Stretch(stretch.kind, first, previous_period(stretch.first_period))


def year_before(stretch: Stretch) -> Stretch:
    """Return the same months a year earlier."""
    first, last = shifted(stretch.first_period, -12), shifted(stretch.last_period, -12)
    return Stretch(stretch.kind, first, last)


def parts(stretch: Stretch) -> tuple[Stretch, ...]:
    """Return its months; of a year its quarters."""
    if stretch.kind == "year":
        starts = range(0, 12, 3)
        firsts = [shifted(stretch.first_period, start) for start in starts]
        return tuple(Stretch("quarter", first, shifted(first, 2)) for first in firsts)
    return tuple(Stretch("month", month, month) for month in stretch.months)


def quarter_number(stretch: Stretch, start_month: int = 1) -> int:
    """Return which quarter of its fiscal year it is, 1 to 4."""
    return (stretch.first_period % 100 - start_month) % 12 // 3 + 1
