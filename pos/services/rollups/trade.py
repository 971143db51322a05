"""The sales of a network by centre and month: how many and what was taken; no customer, no till."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pos.rules.day_figures import Days
from pos.services.day_figures import many
from pos.services.rollups.scope import Scope


@dataclass(frozen=True, slots=True)
class Takings:
    """Sales of some days and what they brought, refunds taken off."""

    sales: int = 0
    taken_satang: int = 0

    def __add__(self, other: Takings) -> Takings:
        return Takings(self.sales + other.sales, self.taken_satang + other.taken_satang)


@dataclass(frozen=True, slots=True)
class Trade:
    """Takings by month (its first day) and by centre; both add up to the same."""

    months: dict[date, Takings]
    centres: dict[int, Takings]

    @property
    def total(self) -> Takings:
        return sum(self.months.values(), Takings())


def trade(scope: Scope) -> Trade:
    """Return the takings of the scope; some statements for each different part of the period."""
    spans: dict[tuple[date, date], list[int]] = {}
    for one in scope.parts:
        spans.setdefault((one.first, one.last), []).append(one.centre_id)
    months: dict[date, Takings] = {}
    by_centre: dict[int, Takings] = {}
    for (first, last), centre_ids in spans.items():
        for centre_id, day, sales, taken in many.takings(centre_ids, Days(first, last)):
            month, found = day.replace(day=1), Takings(sales, taken)
            months[month] = months.get(month, Takings()) + found
            by_centre[centre_id] = by_centre.get(centre_id, Takings()) + found
    return Trade(dict(sorted(months.items())), by_centre)
