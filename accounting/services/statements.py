"""Reading the books by account: the trial balance at a day, and an account's ledger.

What must stay true: every figure equals the sum of the posted lines (the trial balance takes it
from the maintained months), and every list goes on by key, so a page costs the same at any depth.
Nothing here is stored or changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, Uuid, and_, literal, select, tuple_

from accounting.models import NO_ACTIVITY, JournalEntry, JournalLine
from accounting.rules.entry import CLOSING_KINDS
from accounting.rules.periods import ALWAYS, Span
from accounting.services import balances, chart, ledger, parties
from accounting.services.chart import AccountCard
from accounting.services.ledger import CARD_COLUMNS, EntryCard
from accounting.services.parties import Party
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from members.services import access


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account with what was debited and credited up to the day."""

    account: AccountCard
    debit_satang: int
    credit_satang: int

    @property
    def balance_satang(self) -> int:
        """Debits less credits."""
        return self.debit_satang - self.credit_satang

    @property
    def debit_balance_satang(self) -> int:
        return max(self.balance_satang, 0)

    @property
    def credit_balance_satang(self) -> int:
        return max(-self.balance_satang, 0)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account that was ever posted to, as it stood at the end of a day."""

    on: date
    rows: tuple[TrialRow, ...]

    @property
    def debit_satang(self) -> int:
        return sum(row.debit_balance_satang for row in self.rows)

    @property
    def credit_satang(self) -> int:
        return sum(row.credit_balance_satang for row in self.rows)

    @property
    def balances(self) -> bool:
        return self.debit_satang == self.credit_satang


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of an account, with the balance (debits less credits) after it."""

    entry: EntryCard
    line_no: int
    debit_satang: int
    credit_satang: int
    balance_satang: int
    memo: str
    party: Party | None

    @property
    def key(self) -> str:
        return f"{self.entry.posting_date.isoformat()}_{self.entry.id}_{self.line_no}"


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """A page of an account's lines; opening and closing are of the whole span of days."""

    account: AccountCard
    opening_satang: int
    debit_satang: int
    credit_satang: int
    page: Page[LedgerRow]

    @property
    def closing_satang(self) -> int:
        return self.opening_satang + self.debit_satang - self.credit_satang


@dataclass(frozen=True, slots=True)
class PartyBalance:
    """What stands on an account for one producer or member (debits less credits)."""

    party: Party
    balance_satang: int


@dataclass(frozen=True, slots=True)
class PartyBalances:
    """A control account by its sub-ledger, at the end of a day."""

    on: date
    account: AccountCard
    rows: tuple[PartyBalance, ...]

    @property
    def balance_satang(self) -> int:
        return sum(row.balance_satang for row in self.rows)


PIECE = 500
"""How many lines of a file are read at a time."""
_LINES = JournalLine.__table__.c
_DEBIT, _CREDIT = sum_int(_LINES.debit), sum_int(_LINES.credit)

# --- trial balance ---------------------------------------------------------------------------


def trial_balance(on: date, actor: Actor) -> TrialBalance:
    """Return the trial balance at the end of a day. Raises Forbidden."""
    access.require(actor, "trial_balance.read")
    sums = balances.until(actor.centre_id, on)
    accounts = chart.listing(actor.centre_id)
    return TrialBalance(
        on, tuple(TrialRow(card, *sums[card.id]) for card in accounts if card.id in sums)
    )


def accounts(actor: Actor) -> tuple[AccountCard, ...]:
    """Return the chart by code. Raises Forbidden."""
    access.require(actor, "ledger.read")
    return chart.listing(actor.centre_id)


def account(account_id: UUID, actor: Actor) -> AccountCard:
    """Return one account of the chart. Raises Forbidden, NotFound."""
    access.require(actor, "ledger.read")
    return chart.get(actor.centre_id, account_id)


def by_party(account_id: UUID, on: date, actor: Actor) -> PartyBalances:
    """Return what an account owes or is owed, by producer or member, at the end of a day.

    Raises Forbidden, NotFound (also for an account that is kept by neither).
    """
    card = account(account_id, actor)
    if card.control_key not in parties.KINDS:
        raise NotFound(what="account")
    column = _LINES[f"{card.control_key}_id"]
    net = sum_int(_LINES.debit - _LINES.credit)
    sums: dict[UUID, int] = dict(
        iter(
            db.session.execute(
                select(column, net)
                .where(
                    *_account_lines(actor.centre_id, account_id, {}),
                    JournalLine.posting_date <= on,
                )
                .group_by(column)
                .having(net != 0)
            )
        )
    )
    known = parties.named(actor.centre_id, card.control_key, sums.keys())
    rows = [PartyBalance(known[key], net) for key, net in sums.items() if key in known]
    return PartyBalances(on, card, tuple(sorted(rows, key=lambda row: row.party.number)))


# --- an account's ledger ---------------------------------------------------------------------


def account_ledger(
    account_id: UUID,
    actor: Actor,
    window: Window,
    span: Span = ALWAYS,
    keys: dict[str, UUID] | None = None,
    closing: bool = True,
) -> AccountLedger:
    """Return a page of an account's lines with the running balance.

    `keys` narrows it to a sub-ledger (producer, member, lot or till) or to an activity, where
    `NO_ACTIVITY` stands for lines of none; without `closing` entries that close a year are left
    out, as an income statement does. Raises Forbidden, NotFound.
    """
    card = account(account_id, actor)
    where = _account_lines(actor.centre_id, account_id, keys or {}, closing)
    opening = _net(*where, JournalLine.posting_date < span.first) if span.first else 0
    debit, credit = _turnover(*where, *_within(span, JournalLine.posting_date))
    after = _position(window.after)
    before_page = opening if after is None else _net(*where, _key_of(*after) >= _KEY)
    if after is not None:
        where.append(_key_of(*after) < _KEY)
    found = _posted_lines(where, span, window.limit + 1)
    rows = _with_balance(actor.centre_id, found, before_page)
    return AccountLedger(card, opening, debit, credit, page_of(rows, window, lambda row: row.key))


def every_line(
    account_id: UUID,
    actor: Actor,
    span: Span = ALWAYS,
    keys: dict[str, UUID] | None = None,
    closing: bool = True,
) -> Iterator[LedgerRow]:
    """Return all lines of an account, read piece by piece. Raises Forbidden, NotFound."""
    account(account_id, actor)
    where = _account_lines(actor.centre_id, account_id, keys or {}, closing)
    opening = _net(*where, JournalLine.posting_date < span.first) if span.first else 0
    return _pieces(actor.centre_id, where, span, opening)


def _pieces(
    centre_id: int, where: list[ColumnElement[bool]], span: Span, balance: int
) -> Iterator[LedgerRow]:
    rows = _with_balance(centre_id, _posted_lines(where, span, PIECE), balance)
    while rows:
        yield from rows
        last = rows[-1]
        beyond = _key_of(last.entry.posting_date, last.entry.id, last.line_no) < _KEY
        found = _posted_lines([*where, beyond], span, PIECE)
        rows = _with_balance(centre_id, found, last.balance_satang)


_KEY = tuple_(JournalLine.posting_date, JournalLine.entry_id, JournalLine.line_no)


def _key_of(day: date, entry_id: UUID, line_no: int) -> Any:
    return tuple_(literal(day, Date), literal(entry_id, Uuid), literal(line_no, Integer))


def _position(after: str | None) -> tuple[date, UUID, int] | None:
    """Read the key a page goes on after; nonsense starts from the beginning."""
    day, _, rest = (after or "").partition("_")
    entry, _, line_no = rest.partition("_")
    entry_id = uuid_or_none(entry)
    if entry_id is None or not (line_no.isascii() and line_no.isdigit() and len(line_no) < 7):
        return None
    try:
        return date.fromisoformat(day), entry_id, int(line_no)
    except ValueError:
        return None


def _account_lines(
    centre_id: int, account_id: UUID, keys: dict[str, UUID], closing: bool = True
) -> list[ColumnElement[bool]]:
    closes = select(JournalEntry.id).where(
        JournalEntry.centre_id == centre_id, JournalEntry.kind.in_(CLOSING_KINDS)
    )
    return [
        *([] if closing else [JournalLine.entry_id.not_in(closes)]),
        JournalLine.centre_id == centre_id,
        JournalLine.account_id == account_id,
        *(_is_key(name, key) for name, key in keys.items()),
    ]


def _is_key(name: str, key: UUID) -> ColumnElement[bool]:
    if name != "activity":
        return ledger.KEY_COLUMNS[name] == key
    return (
        JournalLine.activity_id.is_(None) if key == NO_ACTIVITY else JournalLine.activity_id == key
    )


def _within(span: Span, column: Any) -> list[ColumnElement[bool]]:
    bounds = []
    if span.first is not None:
        bounds.append(column >= span.first)
    if span.last is not None:
        bounds.append(column <= span.last)
    return bounds


def _net(*where: ColumnElement[bool]) -> int:
    net = select(sum_int(JournalLine.debit - JournalLine.credit)).where(*where)
    return db.session.scalar(net) or 0


def _turnover(*where: ColumnElement[bool]) -> tuple[int, int]:
    sums = select(_DEBIT, _CREDIT).where(*where)
    debit, credit = db.session.execute(sums).one()
    return debit, credit


def _posted_lines(where: Sequence[ColumnElement[bool]], span: Span, limit: int) -> Sequence[Any]:
    entry_of_line = and_(
        JournalEntry.centre_id == JournalLine.centre_id, JournalEntry.id == JournalLine.entry_id
    )
    return db.session.execute(
        select(
            JournalLine.line_no,
            JournalLine.debit,
            JournalLine.credit,
            JournalLine.memo.label("line_memo"),
            JournalLine.producer_id,
            JournalLine.member_id,
            *CARD_COLUMNS,
        )
        .join(JournalEntry, entry_of_line)
        .where(*where, *_within(span, JournalLine.posting_date))
        .order_by(JournalLine.posting_date, JournalLine.entry_id, JournalLine.line_no)
        .limit(limit)
    ).all()


def _with_balance(centre_id: int, found: Sequence[Any], balance: int) -> list[LedgerRow]:
    known = parties.of_lines(centre_id, found)
    rows = []
    for line_no, debit, credit, memo, producer_id, member_id, *card in found:
        balance += debit - credit
        party = known.get(producer_id) or known.get(member_id)
        rows.append(LedgerRow(EntryCard(*card), line_no, debit, credit, balance, memo, party))
    return rows
