"""What is still open: lines of statements without the books, lines of the books without the bank.

What must stay true: at the end of any day, statement less open lines is the book less open items.
A match of which a part lies after that day was open on it, whenever it was made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select, true

from accounting.models import (
    BankLine,
    BankMatchItem,
    BankMatchLine,
    BankStatement,
    JournalEntry,
    JournalLine,
)
from accounting.rules import bank_matching as rules
from core.clock import BANGKOK
from core.db import db, sum_int
from core.sought import Sought, matching

_LINE: Any = BankLine.__table__.c
_ITEM: Any = JournalLine.__table__.c
_ENTRY: Any = JournalEntry.__table__.c
_NET: Any = _ITEM.debit - _ITEM.credit
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of a statement; what came in is above zero."""

    id: UUID
    account_id: UUID
    position: int
    kind: str
    day: date
    at: str
    amount_satang: int
    balance_satang: int
    reference: str
    description: str

    @property
    def rule(self) -> rules.Line:
        """The line as the rule of matching knows it."""
        words = rules.words_of(self.reference, self.description)
        minute = rules.minute_of(self.at)
        return rules.Line(self.id, self.day, minute, self.amount_satang, words, self.account_id)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A line of the books on an account that is money at a bank."""

    entry_id: UUID
    line_no: int
    account_id: UUID
    day: date
    amount_satang: int
    memo: str
    entry_no: int
    fiscal_year: int
    kind: str
    source_type: str
    source_id: UUID
    occurred_at: datetime

    @property
    def key(self) -> rules.Key:
        return self.entry_id, self.line_no

    @property
    def number(self) -> str:
        """The printed number of its entry."""
        return f"J-{self.fiscal_year}-{self.entry_no:05d}"

    @property
    def written(self) -> str:
        """How a form names it."""
        return f"{self.entry_id}:{self.line_no}"

    @property
    def rule(self) -> rules.Item:
        """The item as the rule of matching knows it."""
        local = self.occurred_at.astimezone(BANGKOK)
        minute = local.hour * 60 + local.minute if local.date() == self.day else None
        return rules.Item(self.key, self.day, minute, self.amount_satang, rules.words_of(self.memo))


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much together."""

    count: int
    satang: int


# --- what is open ----------------------------------------------------------------------------


def narrowed(sought: Sought) -> list[ColumnElement[bool]]:
    """Return the conditions of the bank's lines on some days, of what the bank said of them."""
    return matching(sought, day=_LINE.day, text=(_LINE.description, _LINE.reference))


def lines(
    centre_id: int,
    account_id: UUID,
    on: date | None = None,
    *where: ColumnElement[bool],
    limit: int | None = None,
) -> list[OpenLine]:
    """Return open lines of an account's statements in their order, at the end of a day or now."""
    query = _lines(centre_id, account_id, on, *where).order_by(_LINE.position).limit(limit)
    return [OpenLine(*row) for row in db.session.execute(query)]


def items(
    centre_id: int,
    account_ids: Collection[UUID],
    on: date | None = None,
    *where: ColumnElement[bool],
    limit: int | None = None,
) -> list[OpenItem]:
    """Return open lines of the books on some accounts, oldest first."""
    query = _items(centre_id, account_ids, on, *where)
    query = query.order_by(_ITEM.posting_date, _ITEM.entry_id, _ITEM.line_no).limit(limit)
    return [OpenItem(*row) for row in db.session.execute(query)]


def lines_sum(centre_id: int, account_id: UUID, on: date | None = None) -> Sum:
    """Return how many lines are open, and their sum."""
    return _sum(_lines(centre_id, account_id, on).subquery().c.amount_satang)


def items_sum(centre_id: int, account_id: UUID, on: date | None = None) -> Sum:
    """Return how many lines of the books are open on an account, and their sum."""
    # Without the entries: a year of transfers is summed here at each close.
    amounts = select(_NET.label("amount_satang")).where(_ITEM.centre_id == centre_id)
    return _sum(_open(amounts, centre_id, [account_id], on).subquery().c.amount_satang)


def amount_among(amounts: Collection[int]) -> ColumnElement[bool]:
    """Say that an item is one of these amounts."""
    found: ColumnElement[bool] = _NET.in_(sorted(amounts))
    return found


def days_between(first: date, last: date) -> ColumnElement[bool]:
    """Say that an item lies in these days."""
    found: ColumnElement[bool] = _ITEM.posting_date.between(first, last)
    return found


def line_days(first: date | None, last: date) -> ColumnElement[bool]:
    """Say that a line of a statement lies in these days."""
    within: ColumnElement[bool] = _LINE.day <= last
    return within if first is None else and_(within, _LINE.day >= first)


def after_position(position: int) -> ColumnElement[bool]:
    """Say that a line of a statement stands behind a place."""
    found: ColumnElement[bool] = _LINE.position > position
    return found


# --- by id, open or not ----------------------------------------------------------------------


def lines_by_id(centre_id: int, line_ids: Collection[UUID]) -> list[OpenLine]:
    """Return lines of statements that count, in their order."""
    query = _live_lines(centre_id).where(_LINE.id.in_(line_ids)).order_by(_LINE.position)
    return [OpenLine(*row) for row in db.session.execute(query)]


def taken_lines(
    centre_id: int, account_id: UUID, *where: ColumnElement[bool], last: bool = False
) -> list[OpenLine]:
    """Return every line of an account's statements, open or not; or only the last one."""
    query = _live_lines(centre_id).where(_LINE.account_id == account_id, *where)
    query = query.order_by(_LINE.position.desc() if last else _LINE.position)
    return [OpenLine(*row) for row in db.session.execute(query.limit(1) if last else query)]


def items_by_key(centre_id: int, keys: Sequence[rules.Key]) -> list[OpenItem]:
    """Return lines of the books by entry and number, oldest first."""
    wanted = set(keys)
    query = _posted(centre_id).where(_ITEM.entry_id.in_({entry_id for entry_id, _ in wanted}))
    query = query.order_by(_ITEM.posting_date, _ITEM.entry_id, _ITEM.line_no)
    found = [OpenItem(*row) for row in db.session.execute(query)]
    return [item for item in found if item.key in wanted]


def matched_lines(centre_id: int, line_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these lines stand in a match that counts."""
    query = select(BankMatchLine.line_id).where(
        BankMatchLine.centre_id == centre_id,
        BankMatchLine.line_id.in_(line_ids),
        BankMatchLine.live.is_not(None),
    )
    return set(db.session.scalars(query))


def matched_items(centre_id: int, keys: Sequence[rules.Key]) -> set[rules.Key]:
    """Return which of these lines of the books stand in a match that counts."""
    query = select(BankMatchItem.entry_id, BankMatchItem.line_no).where(
        BankMatchItem.centre_id == centre_id,
        BankMatchItem.entry_id.in_({entry_id for entry_id, _ in keys}),
        BankMatchItem.live.is_not(None),
    )
    return {(entry_id, line_no) for entry_id, line_no in db.session.execute(query)} & set(keys)


# --- queries ---------------------------------------------------------------------------------


def _live_lines(centre_id: int) -> Select[Any]:
    return (
        select(
            *(_LINE.id, _LINE.account_id, _LINE.position, _LINE.kind, _LINE.day, _LINE.at),
            *(_LINE.amount_satang, _LINE.balance_satang, _LINE.reference, _LINE.description),
        )
        .join(
            BankStatement,
            and_(
                BankStatement.centre_id == _LINE.centre_id,
                BankStatement.id == _LINE.statement_id,
            ),
        )
        .where(_LINE.centre_id == centre_id, BankStatement.live.is_not(None))
    )


def _posted(centre_id: int) -> Select[Any]:
    return (
        select(
            *(_ITEM.entry_id, _ITEM.line_no, _ITEM.account_id, _ITEM.posting_date),
            _NET.label("amount_satang"),
            (_ITEM.memo + " " + _ENTRY.memo).label("memo"),
            *(_ENTRY.entry_no, _ENTRY.fiscal_year, _ENTRY.kind),
            *(_ENTRY.source_type, _ENTRY.source_id, _ENTRY.occurred_at),
        )
        .join(
            JournalEntry,
            and_(_ENTRY.centre_id == _ITEM.centre_id, _ENTRY.id == _ITEM.entry_id),
        )
        .where(_ITEM.centre_id == centre_id)
    )


def _lines(
    centre_id: int, account_id: UUID, on: date | None, *where: ColumnElement[bool]
) -> Select[Any]:
    matched = (
        select(true())
        .where(
            BankMatchLine.centre_id == _LINE.centre_id,
            BankMatchLine.line_id == _LINE.id,
            BankMatchLine.live.is_not(None),
            *_not_after(centre_id, BankMatchLine.match_id, on),
        )
        .exists()
    )
    query = _live_lines(centre_id).where(_LINE.account_id == account_id, ~matched, *where)
    return query if on is None else query.where(_LINE.day <= on)


def _items(
    centre_id: int, account_ids: Collection[UUID], on: date | None, *where: ColumnElement[bool]
) -> Select[Any]:
    return _open(_posted(centre_id), centre_id, account_ids, on, *where)


def _open(
    query: Select[Any],
    centre_id: int,
    account_ids: Collection[UUID],
    on: date | None,
    *where: ColumnElement[bool],
) -> Select[Any]:
    """Narrow a query of lines of the books to those of some accounts that are open."""
    matched = (
        select(true())
        .where(
            BankMatchItem.centre_id == _ITEM.centre_id,
            BankMatchItem.entry_id == _ITEM.entry_id,
            BankMatchItem.line_no == _ITEM.line_no,
            BankMatchItem.live.is_not(None),
            *_not_after(centre_id, BankMatchItem.match_id, on),
        )
        .exists()
    )
    query = query.where(_ITEM.account_id.in_(account_ids), ~matched, *where)
    return query if on is None else query.where(_ITEM.posting_date <= on)


def _not_after(centre_id: int, match_id: Any, on: date | None) -> list[ColumnElement[bool]]:
    """Leave out matches of which a part lies after the day."""
    if on is None:
        return []
    late_lines = (
        select(BankMatchLine.match_id)
        .join(
            BankLine,
            and_(_LINE.centre_id == BankMatchLine.centre_id, _LINE.id == BankMatchLine.line_id),
        )
        .where(
            BankMatchLine.centre_id == centre_id, BankMatchLine.live.is_not(None), _LINE.day > on
        )
        .correlate(None)
    )
    late_items = (
        select(BankMatchItem.match_id)
        .join(
            JournalLine,
            and_(
                _ITEM.centre_id == BankMatchItem.centre_id,
                _ITEM.entry_id == BankMatchItem.entry_id,
                _ITEM.line_no == BankMatchItem.line_no,
            ),
        )
        .where(
            BankMatchItem.centre_id == centre_id,
            BankMatchItem.live.is_not(None),
            _ITEM.posting_date > on,
        )
        .correlate(None)
    )
    return [match_id.not_in(late_lines), match_id.not_in(late_items)]


def _sum(amount: Any) -> Sum:
    count, satang = db.session.execute(select(func.count(), sum_int(amount))).one()
    return Sum(count, satang)
