"""The daily report of cash in and out: by day, by document, and what was entered too late.

What must stay true: opening money + in - out = closing money, each read on its own; every entry
that changed money is in the report once, on the day it counts in the books.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Uuid,
    and_,
    distinct,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from accounting.models import JournalEntry, JournalLine
from accounting.rules import cash_report as rules
from accounting.rules.cash_report import NOTHING, CashSums
from accounting.rules.periods import Span, first_day, last_day
from accounting.services import balances, book_settings, chart, journal, rooms
from accounting.services.ledger import CARD_COLUMNS, EntryCard
from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.paging import LIMIT_MAX, Page, Window, page_of
from members.services import access

_LINE: Any = JournalLine.__table__.c
_ENTRY: Any = JournalEntry.__table__.c
_OF_ENTRY = and_(_ENTRY.centre_id == _LINE.centre_id, _ENTRY.id == _LINE.entry_id)


@dataclass(frozen=True, slots=True)
class CashLine:
    """What documents of a kind moved on a day; numbers are those of the first and last entry."""

    kind: str
    count: int
    first_no: int
    last_no: int
    sums: CashSums


@dataclass(frozen=True, slots=True)
class CashDay:
    """A day of the report; `late` counts entries that came after their deadline."""

    day: date
    lines: tuple[CashLine, ...]
    late: int

    @property
    def sums(self) -> CashSums:
        return sum((line.sums for line in self.lines), NOTHING)


@dataclass(frozen=True, slots=True)
class CashReport:
    """A month of cash; opening and closing are read from the money accounts themselves."""

    period_id: int
    working_days: int
    gross: bool
    opening_satang: int
    closing_satang: int
    days: tuple[CashDay, ...]

    @property
    def sums(self) -> CashSums:
        return sum((one.sums for one in self.days), NOTHING)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.days)

    @property
    def explained(self) -> bool:
        """Tell whether the report explains the change of money to the satang."""
        return self.opening_satang + self.sums.net == self.closing_satang


@dataclass(frozen=True, slots=True)
class CashDocument:
    """One document of the report; `number` is its own, when its room knows one."""

    entry: EntryCard
    number: str
    sums: CashSums
    deadline: date
    entered_on: date

    @property
    def late(self) -> bool:
        return self.entered_on > self.deadline and self.entry.kind not in rules.NOT_TIMED


# --- the month -------------------------------------------------------------------------------


def of_month(period_id: int, actor: Actor, gross: bool = False) -> CashReport:
    """Return the report of a month, day by day. Raises Forbidden."""
    access.require(actor, "statement.read")
    centre_id = actor.centre_id
    first, last = first_day(period_id), last_day(period_id)
    working_days = book_settings.of(centre_id).cash_report_days
    late = _late_by_day(centre_id, Span(first, last), working_days)
    lines = _lines_by_day(centre_id, Span(first, last), gross)
    days = [
        CashDay(day, tuple(lines.get(day, ())), late.get(day, 0)) for day in sorted({*lines, *late})
    ]
    before = _money(centre_id, first - timedelta(days=1))
    return CashReport(period_id, working_days, gross, before, _money(centre_id, last), tuple(days))


def late_entries(centre_id: int, period_id: int) -> int:
    """Return how many of a month's entries of money came too late."""
    span = Span(first_day(period_id), last_day(period_id))
    working_days = book_settings.of(centre_id).cash_report_days
    return sum(_late_by_day(centre_id, span, working_days).values())


def _money(centre_id: int, on: date) -> int:
    sums = balances.until(centre_id, on)
    return sum(sums[one][0] - sums[one][1] for one in _money_accounts(centre_id) if one in sums)


def _money_accounts(centre_id: int) -> list[UUID]:
    return [card.id for card in chart.listing(centre_id) if card.money]


def _lines_by_day(centre_id: int, span: Span, gross: bool) -> dict[date, list[CashLine]]:
    accounts = {card.id: card for card in chart.listing(centre_id)}
    where = _not_money(centre_id, span)
    keys = (_LINE.posting_date, _ENTRY.kind)
    found = db.session.execute(
        select(*keys, _LINE.account_id, sum_int(_LINE.debit), sum_int(_LINE.credit))
        .select_from(JournalLine)
        .join(JournalEntry, _OF_ENTRY)
        .where(*where)
        .group_by(*keys, _LINE.account_id)
    )
    sums: dict[tuple[date, str], CashSums] = {}
    for day, kind, account_id, debit, credit in found:
        card = accounts[account_id]
        part = rules.part_of(card.purpose, card.type, kind, gross)
        key = (day, kind)
        sums[key] = sums.get(key, NOTHING) + rules.sums_of(part, debit, credit)
    lines: dict[date, list[CashLine]] = {}
    for (day, kind), (count, first_no, last_no) in sorted(_counts(where, keys).items()):
        line = CashLine(kind, count, first_no, last_no, sums[day, kind])
        lines.setdefault(day, []).append(line)
    return lines


def _counts(
    where: Sequence[ColumnElement[bool]], keys: tuple[Any, Any]
) -> dict[tuple[date, str], tuple[int, int, int]]:
    rows = db.session.execute(
        select(
            *keys,
            func.count(distinct(_LINE.entry_id)),
            func.min(_ENTRY.entry_no),
            func.max(_ENTRY.entry_no),
        )
        .select_from(JournalLine)
        .join(JournalEntry, _OF_ENTRY)
        .where(*where)
        .group_by(*keys)
    )
    return {(day, kind): (count, first, last) for day, kind, count, first, last in rows}


def _not_money(centre_id: int, span: Span) -> list[ColumnElement[bool]]:
    """Return what picks the other lines of entries that move money; transfers of ours have none."""
    money = _money_accounts(centre_id)
    moving = select(_LINE.entry_id).where(
        _LINE.centre_id == centre_id,
        _LINE.account_id.in_(money),
        _LINE.posting_date.between(span.first, span.last),
    )
    return [
        _LINE.centre_id == centre_id,
        _LINE.posting_date.between(span.first, span.last),
        _LINE.account_id.not_in(money),
        _LINE.entry_id.in_(moving),
    ]


# --- in time or late -------------------------------------------------------------------------


def _late_by_day(centre_id: int, span: Span, working_days: int) -> dict[date, int]:
    """Count late entries by the day they count on.

    Headers alone tell which days have an entry that came late; only then are lines asked for money.
    """
    timed = [
        _ENTRY.centre_id == centre_id,
        _ENTRY.posting_date.between(span.first, span.last),
        _ENTRY.kind.not_in(rules.NOT_TIMED),
    ]
    lasts = db.session.execute(
        select(_ENTRY.business_date, func.max(_ENTRY.posted_at, type_=_ENTRY.posted_at.type))
        .where(*timed)
        .group_by(_ENTRY.business_date)
    ).all()
    too_late = [
        and_(_ENTRY.business_date == day, _ENTRY.posted_at >= limit)
        for day, posted_at in lasts
        if posted_at >= (limit := _first_late_moment(day, working_days))
    ]
    if not too_late:
        return {}
    rows = db.session.execute(
        select(_ENTRY.posting_date, func.count())
        .where(*timed, *_of_money_entries(centre_id, span), or_(*too_late))
        .group_by(_ENTRY.posting_date)
    )
    return {day: count for day, count in rows}


def _first_late_moment(day: date, working_days: int) -> datetime:
    after = rules.deadline(day, working_days) + timedelta(days=1)
    return datetime.combine(after, time.min, tzinfo=clock.BANGKOK)


def _of_money_entries(centre_id: int, span: Span) -> list[ColumnElement[bool]]:
    """Return what picks the entries the report is about."""
    others = select(_LINE.entry_id).where(*_not_money(centre_id, span))
    return [
        _ENTRY.centre_id == centre_id,
        _ENTRY.posting_date.between(span.first, span.last),
        _ENTRY.id.in_(others),
    ]


# --- document by document --------------------------------------------------------------------


def documents(
    span: Span,
    actor: Actor,
    window: Window,
    gross: bool = False,
    without: tuple[str, ...] = (),
) -> Page[CashDocument]:
    """Return a page of the report's documents, by day; entries of kinds in `without` stay out.

    Raises Forbidden.
    """
    access.require(actor, "statement.read")
    query = select(*CARD_COLUMNS).where(*_of_money_entries(actor.centre_id, span))
    if without:
        query = query.where(_ENTRY.kind.not_in(without))
    after = journal.position(window.after)
    if after is not None:
        behind = tuple_(literal(after[0], Date), literal(after[1], Uuid))
        query = query.where(tuple_(_ENTRY.posting_date, _ENTRY.id) > behind)
    query = query.order_by(_ENTRY.posting_date, _ENTRY.id).limit(window.limit + 1)
    cards = [EntryCard(*row) for row in db.session.execute(query)]
    page = page_of(cards, window, journal.key_of)
    return Page(tuple(_documents(actor.centre_id, page.items, gross)), page.next)


def every_document(
    span: Span, actor: Actor, gross: bool = False, without: tuple[str, ...] = ()
) -> Iterator[CashDocument]:
    """Return all documents of the report, read piece by piece. Raises Forbidden."""
    page = documents(span, actor, Window(limit=LIMIT_MAX), gross, without)
    yield from page.items
    while page.next is not None:
        page = documents(span, actor, Window(page.next, LIMIT_MAX), gross, without)
        yield from page.items


def _documents(centre_id: int, cards: Sequence[EntryCard], gross: bool) -> Iterable[CashDocument]:
    accounts = {card.id: card for card in chart.listing(centre_id)}
    kinds = {card.id: card.kind for card in cards}
    rows = db.session.execute(
        select(_LINE.entry_id, _LINE.account_id, _LINE.debit, _LINE.credit).where(
            _LINE.centre_id == centre_id, _LINE.entry_id.in_(kinds)
        )
    )
    sums: dict[UUID, CashSums] = {}
    for entry_id, account_id, debit, credit in rows:
        account = accounts[account_id]
        if not account.money:
            part = rules.part_of(account.purpose, account.type, kinds[entry_id], gross)
            sums[entry_id] = sums.get(entry_id, NOTHING) + rules.sums_of(part, debit, credit)
    numbers = rooms.numbers_of(centre_id, {(card.source_type, card.source_id) for card in cards})
    working_days = book_settings.of(centre_id).cash_report_days
    for card in cards:
        yield CashDocument(
            card,
            numbers.get((card.source_type, card.source_id), ""),
            sums[card.id],
            rules.deadline(card.business_date, working_days),
            clock.business_date(card.posted_at),
        )
