"""A centre in sums alone: what a network's officer may see. No person, no document, no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Actor
from core.db import db, sum_int
from members.services import access
from pos.models import Refund, Sale

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """Takings of a month: `month` is its first day; money in satang, refunds taken off."""

    month: date
    sales: int
    taken_satang: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What the centre holds and owes now, and what it took month by month, latest first."""

    cash_satang: int
    awaited_satang: int
    goods_satang: int
    owed_to_producers_satang: int
    months: tuple[MonthTotals, ...]


def of(actor: Actor) -> Totals:
    """Return the totals of the actor's centre. Raises Forbidden."""
    access.require(actor, "network.read")

    def books(purpose: Purpose) -> int:
        return ledger.balance(actor.centre_id, purpose)

    return Totals(
        cash_satang=books(Purpose.CASH_TILL) + books(Purpose.CASH_SAFE),
        awaited_satang=books(Purpose.TRANSFERS_AWAITING),
        goods_satang=books(Purpose.INVENTORY),
        owed_to_producers_satang=-books(Purpose.CONSIGNMENT_PAYABLE)
        - books(Purpose.PAYABLE_OUTRIGHT),
        months=_months(actor.centre_id),
    )


def _months(centre_id: int) -> tuple[MonthTotals, ...]:
    sold: dict[date, tuple[int, int]] = {}
    days = db.session.execute(
        select(Sale.business_date, func.count(), sum_int(Sale.due_satang))
        .where(Sale.centre_id == centre_id)
        .group_by(Sale.business_date)
    )
    back = db.session.execute(
        select(Refund.business_date, sum_int(Refund.paid_satang))
        .where(Refund.centre_id == centre_id)
        .group_by(Refund.business_date)
    )
    for day, count, taken in days:
        number, satang = sold.get(day.replace(day=1), (0, 0))
        sold[day.replace(day=1)] = (number + count, satang + taken)
    for day, given in back:
        number, satang = sold.get(day.replace(day=1), (0, 0))
        sold[day.replace(day=1)] = (number, satang - given)
    latest = sorted(sold, reverse=True)[:MONTHS]
    return tuple(MonthTotals(month, *sold[month]) for month in latest)
