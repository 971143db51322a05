"""What many centres' accounts and funds moved, each in its own part of a period, centre by centre.

What must stay true: a figure of a centre here is the figure of its own books (a test compares
them); there are a few statements for all centres together, however many they are. Nothing here
names a person, a document, or an account a centre named itself. Whoever calls has checked the
right to see the centres' totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, case, func, select, true, union_all
from sqlalchemy.sql import Select

from accounting.models import Account, AccountMonth, Fund, JournalEntry, JournalLine, Seal
from accounting.rules.chart import Purpose, SeedAccount, read_chart
from accounting.rules.entry import CLOSING_KINDS
from accounting.rules.funds import KEPT_IN
from accounting.rules.periods import first_day, last_day, next_period, period_of, previous_period
from accounting.rules.rollups import SharedAccount, Sums, seed_codes, shared
from accounting.services.chart import SEED
from core.db import db, sum_int
from core.models import NumberSeries

Part = tuple[int, date | None, date]
"""A centre, and the days that count of it: from (None: the beginning) until."""

_ACCOUNT: Any = Account.__table__.c
_ENTRY: Any = JournalEntry.__table__.c
_LINE: Any = JournalLine.__table__.c
_MONTH: Any = AccountMonth.__table__.c
_SERIES: Any = NumberSeries.__table__.c


@dataclass(frozen=True, slots=True)
class FundSums:
    """What came into and went out of the funds of a kind in a centre, and what they held after."""

    centre_id: int
    kind: str
    came: int
    went: int
    held: int


@lru_cache(maxsize=1)
def seed_accounts() -> dict[str, SeedAccount]:
    """Return the seed chart by purpose: its names stand for all centres."""
    with SEED.open(encoding="utf-8") as lines:
        return {one.purpose.value: one for one in read_chart(lines)}


def moved(parts: Sequence[Part], closing: bool = True) -> dict[int, dict[SharedAccount, Sums]]:
    """Return debits and credits by centre and account; parts of a centre add up.

    `closing=False` leaves out the entries that close a year.
    """
    found: dict[int, dict[SharedAccount, Sums]] = {one: {} for one, _, _ in parts}
    codes = seed_codes(seed_accounts().values())
    for (first, last), centre_ids in _by_span(parts):
        rows = db.session.execute(_grouped(centre_ids, first, last, closing))
        for centre_id, purpose, type_, start, money, debit, credit in rows:
            account = shared(purpose, type_, start, money, codes)
            sums = found[centre_id]
            before = sums.get(account, (0, 0))
            sums[account] = before[0] + debit, before[1] + credit
    return found


def producers_owe(centre_ids: Sequence[int], day: date) -> dict[int, int]:
    """Return what producers owe within what a centre owes producers; one statement for all."""
    by_producer = (
        select(_LINE.centre_id, sum_int(_LINE.debit - _LINE.credit).label("net"))
        .join(Account, _OF_ACCOUNT)
        .where(
            _LINE.centre_id.in_(centre_ids),
            _ACCOUNT.purpose == Purpose.CONSIGNMENT_PAYABLE,
            _LINE.posting_date <= day,
        )
        .group_by(_LINE.centre_id, _LINE.producer_id)
        .subquery()
    )
    rows = db.session.execute(
        select(by_producer.c.centre_id, sum_int(by_producer.c.net))
        .where(by_producer.c.net > 0)
        .group_by(by_producer.c.centre_id)
    )
    return {centre_id: net for centre_id, net in rows}


def funds(parts: Sequence[Part]) -> tuple[FundSums, ...]:
    """Return the funds by centre and kind; what they hold is at the end of each part."""
    found: dict[tuple[int, str], FundSums] = {}
    kept = {purpose.value for purpose in KEPT_IN}
    for (first, last), centre_ids in _by_span(parts):
        within = _LINE.posting_date >= first if first is not None else true()
        rows = db.session.execute(
            select(
                _LINE.centre_id,
                Fund.kind,
                sum_int(case((within, _LINE.credit), else_=0)),
                sum_int(case((within, _LINE.debit), else_=0)),
                sum_int(_LINE.credit - _LINE.debit),
            )
            .select_from(JournalLine)
            .join(Fund, and_(Fund.centre_id == _LINE.centre_id, Fund.id == _LINE.fund_id))
            .join(Account, _OF_ACCOUNT)
            .where(
                _LINE.centre_id.in_(centre_ids),
                _LINE.fund_id.is_not(None),
                _LINE.posting_date <= last,
                _ACCOUNT.purpose.in_(kept),
            )
            .group_by(_LINE.centre_id, Fund.kind)
        )
        for centre_id, kind, came, went, held in rows:
            before = found.get((centre_id, kind), FundSums(centre_id, kind, 0, 0, 0))
            found[centre_id, kind] = FundSums(
                centre_id, kind, before.came + came, before.went + went, held
            )
    return tuple(found[key] for key in sorted(found))


def _by_span(parts: Sequence[Part]) -> Iterator[tuple[tuple[date | None, date], list[int]]]:
    spans: dict[tuple[date | None, date], list[int]] = {}
    for centre_id, first, last in parts:
        spans.setdefault((first, last), []).append(centre_id)
    yield from spans.items()


def _grouped(
    centre_ids: Sequence[int], first: date | None, last: date, closing: bool
) -> Select[Any]:
    """Select the sums of the centres' accounts in a span, by centre and kind of account."""
    lines = union_all(*_parts(centre_ids, first, last, closing)).subquery()
    start = func.substr(_ACCOUNT.code, 1, 2)
    by_account = (
        select(
            lines.c.centre_id,
            lines.c.account_id,
            sum_int(lines.c.debit).label("debit"),
            sum_int(lines.c.credit).label("credit"),
        )
        .group_by(lines.c.centre_id, lines.c.account_id)
        .subquery()
    )
    return select(
        by_account.c.centre_id,
        _ACCOUNT.purpose,
        _ACCOUNT.type,
        start,
        _ACCOUNT.money,
        by_account.c.debit,
        by_account.c.credit,
    ).join(
        Account,
        and_(
            _ACCOUNT.centre_id == by_account.c.centre_id,
            _ACCOUNT.id == by_account.c.account_id,
        ),
    )


def _parts(
    centre_ids: Sequence[int], first: date | None, last: date, closing: bool
) -> Iterator[Select[Any]]:
    """Yield the whole months as maintained, their unsealed tail, and the days of cut months."""
    whole_from = None if first is None else _whole_from(first)
    whole_to = (
        period_of(last) if last == last_day(period_of(last)) else (previous_period(period_of(last)))
    )
    if whole_from is not None and whole_from > whole_to:
        assert first is not None
        yield _days(centre_ids, first, last, closing)
        return
    yield _maintained(centre_ids, whole_from, whole_to, closing)
    yield _tail(centre_ids, whole_from, whole_to, closing)
    if first is not None and period_of(first) != whole_from:
        yield _days(centre_ids, first, last_day(period_of(first)), closing)
    if period_of(last) != whole_to:
        yield _days(centre_ids, first_day(period_of(last)), last, closing)


def _whole_from(first: date) -> int:
    return period_of(first) if first.day == 1 else next_period(period_of(first))


def _maintained(
    centre_ids: Sequence[int], first: int | None, last: int, closing: bool
) -> Select[Any]:
    where = [_MONTH.centre_id.in_(centre_ids), _MONTH.period_id <= last]
    if first is not None:
        where.append(_MONTH.period_id >= first)
    if not closing:
        where.append(~_MONTH.closing)
    return select(_MONTH.centre_id, _MONTH.account_id, _MONTH.debit, _MONTH.credit).where(*where)


def _tail(centre_ids: Sequence[int], first: int | None, last: int, closing: bool) -> Select[Any]:
    """Select the lines not sealed yet, found year by year behind the last sealed number."""
    sealed = (
        select(func.coalesce(func.max(Seal.last_no), 0))
        .where(Seal.centre_id == _SERIES.centre_id, Seal.fiscal_year == _SERIES.year)
        .correlate(NumberSeries)
        .scalar_subquery()
    )
    where = [
        _SERIES.centre_id.in_(centre_ids),
        _SERIES.series == "journal",
        _ENTRY.entry_no > sealed,
        _ENTRY.period_id <= last,
    ]
    if first is not None:
        where.append(_ENTRY.period_id >= first)
    of_series = and_(_ENTRY.centre_id == _SERIES.centre_id, _ENTRY.fiscal_year == _SERIES.year)
    return (
        select(*_LINE_COLUMNS)
        .select_from(NumberSeries)
        .join(JournalEntry, of_series)
        .join(JournalLine, _OF_ENTRY)
        .where(*where, *_kinds(closing))
    )


def _days(centre_ids: Sequence[int], first: date, last: date, closing: bool) -> Select[Any]:
    return (
        select(*_LINE_COLUMNS)
        .select_from(JournalEntry)
        .join(JournalLine, _OF_ENTRY)
        .where(
            _ENTRY.centre_id.in_(centre_ids),
            _ENTRY.posting_date.between(first, last),
            *_kinds(closing),
        )
    )


def _kinds(closing: bool) -> list[Any]:
    return [] if closing else [_ENTRY.kind.not_in(CLOSING_KINDS)]


_OF_ENTRY = and_(_LINE.centre_id == _ENTRY.centre_id, _LINE.entry_id == _ENTRY.id)
_OF_ACCOUNT = and_(_ACCOUNT.centre_id == _LINE.centre_id, _ACCOUNT.id == _LINE.account_id)
_LINE_COLUMNS = (_LINE.centre_id, _LINE.account_id, _LINE.debit, _LINE.credit)
