"""What accounts moved, from the months' maintained sums and the few entries not yet sealed.

What must stay true: every figure equals the sum of the lines (`verify` works it out again), whether
or not the sealing chore has come by. Whole months come from `account_month`; only days of a month
that is cut in two are read line by line. Sums and tail are one statement, so that a seal committed
meanwhile is counted once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, null, select, union_all
from sqlalchemy.sql import Select

from accounting.models import NO_ACTIVITY, AccountMonth, JournalEntry, JournalLine, Seal
from accounting.rules.entry import CLOSING_KINDS
from accounting.rules.periods import first_day, last_day, next_period, period_of, previous_period
from accounting.services import sealing
from core.db import db, sum_int
from core.models import NumberSeries

Sums = tuple[int, int]
"""Debits and credits, in satang."""

_ENTRY: Any = JournalEntry.__table__.c
_LINE: Any = JournalLine.__table__.c
_MONTH: Any = AccountMonth.__table__.c


def until(centre_id: int, day: date) -> dict[UUID, Sums]:
    """Return debits and credits of every account ever posted to, up to and including a day."""
    moved = _moved(centre_id, None, day, True)
    rows = db.session.execute(
        select(moved.c.account_id, sum_int(moved.c.debit), sum_int(moved.c.credit)).group_by(
            moved.c.account_id
        )
    )
    return {account_id: (debit, credit) for account_id, debit, credit in rows}


def between(
    centre_id: int, first: date | None, last: date, closing: bool = True
) -> dict[tuple[UUID, UUID | None], Sums]:
    """Return what each account moved from `first` to `last`, by (account, activity).

    `closing=False` leaves out the entries that close a year.
    """
    moved = _moved(centre_id, first, last, closing)
    keys = (moved.c.account_id, moved.c.activity_id)
    rows = db.session.execute(
        select(*keys, sum_int(moved.c.debit), sum_int(moved.c.credit)).group_by(*keys)
    )
    return {(account, activity): (debit, credit) for account, activity, debit, credit in rows}


def by_month(
    centre_id: int, first_period: int, last_period: int, closing: bool = True
) -> dict[tuple[int, UUID, UUID | None], Sums]:
    """Return what each account moved in each month, by (period, account, activity)."""
    moved = _moved(centre_id, first_day(first_period), last_day(last_period), closing)
    keys = (moved.c.period_id, moved.c.account_id, moved.c.activity_id)
    rows = db.session.execute(
        select(*keys, sum_int(moved.c.debit), sum_int(moved.c.credit)).group_by(*keys)
    )
    return {(month, account, of): (debit, credit) for month, account, of, debit, credit in rows}


def _moved(centre_id: int, first: date | None, last: date, closing: bool) -> Any:
    """Select what moved in a span: whole months as maintained, their tail, and parts of months."""
    first_whole = None if first is None else _whole_from(first)
    last_whole = _whole_to(last)
    parts: list[Select[Any]] = []
    if first_whole is None or first_whole <= last_whole:
        parts += [
            _maintained(centre_id, first_whole, last_whole, closing),
            *_tail(centre_id, first_whole, last_whole, closing),
        ]
        if first is not None and period_of(first) != first_whole:
            parts.append(_days(centre_id, first, last_day(period_of(first)), closing))
        if period_of(last) != last_whole:
            parts.append(_days(centre_id, first_day(period_of(last)), last, closing))
    else:
        assert first is not None
        parts.append(_days(centre_id, first, last, closing))
    return union_all(*parts).subquery()


def _whole_from(first: date) -> int:
    return period_of(first) if first.day == 1 else next_period(period_of(first))


def _whole_to(last: date) -> int:
    period = period_of(last)
    return period if last == last_day(period) else previous_period(period)


def _maintained(centre_id: int, first: int | None, last: int, closing: bool) -> Select[Any]:
    activity = case((_MONTH.activity_id == NO_ACTIVITY, null()), else_=_MONTH.activity_id)
    where = [_MONTH.centre_id == centre_id, _MONTH.period_id <= last]
    if first is not None:
        where.append(_MONTH.period_id >= first)
    if not closing:
        where.append(~_MONTH.closing)
    return select(
        _MONTH.account_id.label("account_id"),
        activity.label("activity_id"),
        _MONTH.period_id.label("period_id"),
        _MONTH.debit.label("debit"),
        _MONTH.credit.label("credit"),
    ).where(*where)


def _tail(centre_id: int, first: int | None, last: int, closing: bool) -> Iterator[Select[Any]]:
    """Yield a select of the lines not sealed yet, year by year, found by their numbers.

    The last sealed number, asked for before, only lets the index begin there; what is sealed is
    asked again inside the statement, for a seal may have been committed meanwhile.
    """
    series: Any = NumberSeries.__table__.c
    years = db.session.scalars(
        select(series.year).where(series.centre_id == centre_id, series.series == "journal")
    ).all()
    sealed = sealing.sealed_to(centre_id)
    for year in years:
        now_sealed = (
            select(func.coalesce(func.max(Seal.last_no), 0))
            .where(Seal.centre_id == centre_id, Seal.fiscal_year == year)
            .scalar_subquery()
        )
        where = [
            _ENTRY.centre_id == centre_id,
            _ENTRY.fiscal_year == year,
            _ENTRY.entry_no > sealed.get(year, 0),
            _ENTRY.entry_no > now_sealed,
            _ENTRY.period_id <= last,
        ]
        if first is not None:
            where.append(_ENTRY.period_id >= first)
        yield (
            select(*_LINE_COLUMNS)
            .select_from(JournalEntry)
            .join(JournalLine, _OF_ENTRY)
            .where(*where, *_kinds(closing))
        )


def _days(centre_id: int, first: date, last: date, closing: bool) -> Select[Any]:
    """Select the lines of some days, sealed or not."""
    return (
        select(*_LINE_COLUMNS)
        .select_from(JournalEntry)
        .join(JournalLine, _OF_ENTRY)
        .where(
            _ENTRY.centre_id == centre_id,
            _ENTRY.posting_date.between(first, last),
            *_kinds(closing),
        )
    )


def _kinds(closing: bool) -> list[Any]:
    return [] if closing else [_ENTRY.kind.not_in(CLOSING_KINDS)]


_OF_ENTRY = and_(_LINE.centre_id == _ENTRY.centre_id, _LINE.entry_id == _ENTRY.id)
_LINE_COLUMNS = (
    _LINE.account_id.label("account_id"),
    _LINE.activity_id.label("activity_id"),
    _ENTRY.period_id.label("period_id"),
    _LINE.debit.label("debit"),
    _LINE.credit.label("credit"),
)
