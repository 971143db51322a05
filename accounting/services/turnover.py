"""The turnover of the last twelve months, from the months' sums."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, or_, select

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.periods import first_day, last_day, previous_period
from accounting.rules.turnover import MONTHS, OWN, MonthTurnover, Turnover
from accounting.services import balances, book_settings, chart
from core.actor import Actor
from core.db import db, sum_int
from members.services import access

_LINE: Any = JournalLine.__table__.c
_ENTRY: Any = JournalEntry.__table__.c


def of(period_id: int, actor: Actor) -> Turnover:
    """Return the twelve months that end with a month. Raises Forbidden."""
    access.require(actor, "statement.read")
    months = _twelve(period_id)
    own = _own(actor.centre_id, months)
    producers = _producers(actor.centre_id, months)
    limit = book_settings.of(actor.centre_id).turnover_limit_satang
    cards = (MonthTurnover(one, own.get(one, 0), producers.get(one, 0)) for one in months)
    return Turnover(tuple(cards), limit)


def own_of(centre_id: int, period_id: int) -> int:
    """Return our own turnover of the twelve months that end with a month."""
    return sum(_own(centre_id, _twelve(period_id)).values())


def _twelve(period_id: int) -> list[int]:
    months = [period_id]
    while len(months) < MONTHS:
        months.insert(0, previous_period(months[0]))
    return months


def _own(centre_id: int, months: list[int]) -> dict[int, int]:
    """Sum by month; accounts people added under income are not known to be sales and stay out."""
    accounts = {chart.account_for(centre_id, purpose).id for purpose in OWN}
    moved = balances.by_month(centre_id, months[0], months[-1], closing=False)
    own: dict[int, int] = {}
    for (month, account_id, _activity), (debit, credit) in moved.items():
        if account_id in accounts:
            own[month] = own.get(month, 0) + credit - debit
    return own


def _producers(centre_id: int, months: list[int]) -> dict[int, int]:
    """Sum what of consigned sales went to producers and, as a levy, to funds, by month."""
    payable = chart.account_for(centre_id, Purpose.CONSIGNMENT_PAYABLE).id
    # A fund's debit of a sale is what it pays of the price: money of the sale, no part of it.
    levied = and_(
        _LINE.fund_id.is_not(None),
        or_(
            and_(_ENTRY.kind == "sale", _LINE.credit > 0),
            and_(_ENTRY.kind == "refund", _LINE.debit > 0),
        ),
    )
    whose = case((or_(_LINE.account_id == payable, levied), _LINE.credit - _LINE.debit), else_=0)
    rows = db.session.execute(
        select(_ENTRY.period_id, sum_int(whose))
        .select_from(JournalEntry)
        .join(
            JournalLine,
            and_(_LINE.centre_id == _ENTRY.centre_id, _LINE.entry_id == _ENTRY.id),
        )
        .where(
            _ENTRY.centre_id == centre_id,
            _ENTRY.posting_date.between(first_day(months[0]), last_day(months[-1])),
            _ENTRY.kind.in_(("sale", "refund")),
            or_(_LINE.account_id == payable, _LINE.fund_id.is_not(None)),
        )
        .group_by(_ENTRY.period_id)
    )
    return {period_id: satang for period_id, satang in rows}
