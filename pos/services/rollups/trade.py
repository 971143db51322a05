"""The sales of a network by centre and month: how many and what was taken; no customer, no till."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from core.db import db, sum_int
from pos.models import Refund, Sale
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
    """Return the takings of the scope; two statements for each different part of the period."""
    spans: dict[tuple[date, date], list[int]] = {}
    for one in scope.parts:
        spans.setdefault((one.first, one.last), []).append(one.centre_id)
    months: dict[date, Takings] = {}
    by_centre: dict[int, Takings] = {}
    for (first, last), centre_ids in spans.items():
        for centre_id, day, found in _of_days(centre_ids, first, last):
            month = day.replace(day=1)
            months[month] = months.get(month, Takings()) + found
            by_centre[centre_id] = by_centre.get(centre_id, Takings()) + found
    return Trade(dict(sorted(months.items())), by_centre)


def _of_days(centre_ids: list[int], first: date, last: date) -> list[tuple[int, date, Takings]]:
    def within(table: Any) -> tuple[Any, Any]:
        return table.centre_id.in_(centre_ids), table.business_date.between(first, last)

    sold = db.session.execute(
        select(Sale.centre_id, Sale.business_date, func.count(), sum_int(Sale.due_satang))
        .where(*within(Sale))
        .group_by(Sale.centre_id, Sale.business_date)
    )
    back = db.session.execute(
        select(Refund.centre_id, Refund.business_date, sum_int(Refund.paid_satang))
        .where(*within(Refund))
        .group_by(Refund.centre_id, Refund.business_date)
    )
    return [(one, day, Takings(count, taken)) for one, day, count, taken in sold] + [
        (one, day, Takings(0, -given)) for one, day, given in back
    ]
