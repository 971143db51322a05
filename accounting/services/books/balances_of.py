"""Books made of balances: the statements, what cost the goods sold, capital, receivables.

What must stay true: opening + debits - credits = closing in every row, from the ledger's sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.models import JournalEntry, JournalLine
from accounting.rules import sources
from accounting.rules.books import Book, Column, Name, Note, Row, total_row
from accounting.rules.chart import Purpose
from accounting.rules.periods import Span
from accounting.rules.stretches import Stretch
from accounting.services import balances, chart, financial_statements, parties
from accounting.services.chart import AccountCard
from accounting.services.financial_statements import Ask
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_

DAY = timedelta(days=1)
STATEMENT_COLUMNS = (
    Column(N_("Code"), "code"),
    Column(N_("Item"), "words"),
    Column(N_("Baht"), "money"),
)
MOVED_COLUMNS = (
    Column(N_("Code"), "code"),
    Column(N_("Account")),
    Column(N_("Brought forward"), "money"),
    Column(N_("Added"), "money"),
    Column(N_("Taken off"), "money"),
    Column(N_("Carried forward"), "money"),
)
PARTY_COLUMNS = (Column(N_("Number"), "code"), Column(N_("Name")), *MOVED_COLUMNS[2:])
RECEIVABLES = (
    Purpose.MEMBER_RECEIVABLE,
    Purpose.PRODUCER_RECEIVABLE,
    Purpose.PRODUCER_ADVANCES,
    Purpose.SCHEME_RECEIVABLE,
)
_LINE: Any = JournalLine.__table__.c
_ENTRY: Any = JournalEntry.__table__.c


def name_of(card: AccountCard) -> Name:
    """Return an account's name in both languages."""
    return Name(card.name_th, card.name_en)


def span_of(stretch: Stretch) -> Span:
    """Return the days of some months."""
    return Span(stretch.first, stretch.last)


def statement(kind: str, title: str, stretch: Stretch, actor: Actor) -> Book:
    """Return a statement without anything beside it. Raises Forbidden."""
    shown = financial_statements.show(Ask(kind, stretch, "none"), actor)
    styles = {"heading": "heading", "subtotal": "total", "total": "total"}
    rows = []
    for row in shown.statement.rows:
        card = shown.accounts.get(row.account_id) if row.account_id else None
        amount = row.amounts[0] if row.amounts else None
        code = card.code if card else ""
        words = name_of(card) if card else row.words
        rows.append(Row((code, words, amount), style=styles.get(row.role, "")))
    days = span_of(stretch) if kind == "income" else Span(stretch.last, stretch.last)
    return Book(kind, title, days, STATEMENT_COLUMNS, tuple(rows))


# --- what cost the goods sold ----------------------------------------------------------------


def cost_of_sales(stretch: Stretch, actor: Actor) -> Book:
    """Return how the stock of own goods became the cost of what was sold."""
    centre_id, span = actor.centre_id, span_of(stretch)
    inventory = chart.account_for(centre_id, Purpose.INVENTORY).id
    before = _net(balances.until(centre_id, stretch.first - DAY), inventory)
    after = _net(balances.until(centre_id, stretch.last), inventory)
    by_kind = _by_kind(centre_id, inventory, span)
    sold = -sum(by_kind.pop(kind, 0) for kind in ("sale", "refund"))
    rows = [Row(("", N_("Own goods at the beginning"), before))]
    for kind, net in sorted(by_kind.items(), key=lambda one: (-one[1], one[0])):
        rows.append(Row(("", sources.KINDS.get(kind, kind), net)))
    rows.append(Row(("", N_("Own goods at the end"), -after)))
    total = Row((N_("Cost of own goods sold"), None, sold), style="total")
    assert sum(cell for row in rows if isinstance(cell := row.cells[2], int)) == sold
    return Book(
        "cost-of-sales",
        N_("Cost of goods sold"),
        span,
        STATEMENT_COLUMNS,
        (*rows, total),
        notes=(
            Note(
                N_(
                    "Consigned goods are their producers' and cost the centre nothing. What left "
                    "the stock otherwise than by sale is shown by itself."
                )
            ),
        ),
    )


def _by_kind(centre_id: int, account_id: UUID, span: Span) -> dict[str, int]:
    rows = db.session.execute(
        select(_ENTRY.kind, sum_int(_LINE.debit - _LINE.credit))
        .select_from(JournalLine)
        .join(
            JournalEntry,
            and_(_ENTRY.centre_id == _LINE.centre_id, _ENTRY.id == _LINE.entry_id),
        )
        .where(
            _LINE.centre_id == centre_id,
            _LINE.account_id == account_id,
            _LINE.posting_date.between(span.first, span.last),
        )
        .group_by(_ENTRY.kind)
    )
    return {kind: net for kind, net in rows if net}


def _net(sums: dict[UUID, tuple[int, int]], account_id: UUID) -> int:
    debit, credit = sums.get(account_id, (0, 0))
    return debit - credit


# --- capital ---------------------------------------------------------------------------------


def capital(stretch: Stretch, actor: Actor) -> Book:
    """Return the owners' accounts and the surplus that is not shared out yet."""
    centre_id = actor.centre_id
    before = balances.until(centre_id, stretch.first - DAY)
    after = balances.until(centre_id, stretch.last)
    cards = chart.listing(centre_id)
    rows = [
        row
        for card in cards
        if card.type == "equity"
        if (row := _moved((card.code, name_of(card)), before, after, {card.id})) is not None
    ]
    results = {card.id for card in cards if card.type in {"income", "expense"}}
    surplus = _moved(("", N_("Surplus not carried over yet")), before, after, results)
    rows += [surplus] if surplus else []
    columns = (MOVED_COLUMNS[0], Column(N_("Account"), "words"), *MOVED_COLUMNS[2:])
    return Book(
        "capital",
        N_("Capital and surplus"),
        span_of(stretch),
        columns,
        (*rows, total_row(columns, rows, N_("Total"))) if rows else (),
    )


def _moved(
    names: tuple[str, Any],
    before: dict[UUID, tuple[int, int]],
    after: dict[UUID, tuple[int, int]],
    accounts: Iterable[UUID],
) -> Row | None:
    """Return opening, credits, debits and closing of accounts that rise by credits."""
    opening = debits = credits_ = 0
    for account_id in accounts:
        old_debit, old_credit = before.get(account_id, (0, 0))
        new_debit, new_credit = after.get(account_id, (0, 0))
        opening += old_credit - old_debit
        debits += new_debit - old_debit
        credits_ += new_credit - old_credit
    if not (opening or debits or credits_):
        return None
    return Row((*names, opening, credits_, debits, opening + credits_ - debits))


# --- by member and producer ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """What stood on an account for one party, what was added, what was taken off."""

    opening: int
    debits: int
    credits_: int

    @property
    def closing(self) -> int:
        return self.opening + self.debits - self.credits_


def by_key(centre_id: int, account_id: UUID, key: Any, span: Span) -> dict[UUID, Moved]:
    """Return what an account moved in some days by a sub-ledger key (a column of the lines)."""

    def sums(where: Any) -> dict[UUID, tuple[int, int]]:
        rows = db.session.execute(
            select(key, sum_int(_LINE.debit), sum_int(_LINE.credit))
            .where(
                _LINE.centre_id == centre_id,
                _LINE.account_id == account_id,
                key.is_not(None),
                where,
            )
            .group_by(key)
        )
        return {whose: (debit, credit) for whose, debit, credit in rows}

    before = sums(_LINE.posting_date < span.first)
    within = sums(_LINE.posting_date.between(span.first, span.last))
    found = {}
    for whose in {*before, *within}:
        debit, credit = before.get(whose, (0, 0))
        moved = Moved(debit - credit, *within.get(whose, (0, 0)))
        if moved.opening or moved.debits or moved.credits_:
            found[whose] = moved
    return found


def receivables(stretch: Stretch, actor: Actor) -> Book:
    """Return what members, producers and schemes owe the centre, one by one."""
    centre_id, span = actor.centre_id, span_of(stretch)
    rows: list[Row] = []
    for purpose in RECEIVABLES:
        card = chart.account_for(centre_id, purpose)
        mine = list(_party_rows(centre_id, card, span))
        if mine:
            rows.append(Row((card.code, name_of(card), *[None] * 4), style="heading"))
            rows += [*mine, total_row(PARTY_COLUMNS, mine, N_("Total"))]
    return Book("receivables", N_("Receivables one by one"), span, PARTY_COLUMNS, tuple(rows))


def _party_rows(centre_id: int, card: AccountCard, span: Span) -> Iterable[Row]:
    if card.control_key not in parties.KINDS:
        assert span.first is not None and span.last is not None
        before = balances.until(centre_id, span.first - DAY)
        after = balances.until(centre_id, span.last)
        row = _moved((card.code, name_of(card)), _turned(before), _turned(after), {card.id})
        return [row] if row else []
    found = by_key(centre_id, card.id, _LINE[f"{card.control_key}_id"], span)
    known = parties.named(centre_id, card.control_key, found.keys())
    rows = [
        Row(
            (
                known[whose].number,
                known[whose].name,
                one.opening,
                one.debits,
                one.credits_,
                one.closing,
            )
        )
        for whose, one in found.items()
        if whose in known
    ]
    return sorted(rows, key=lambda row: str(row.cells[0]))


def _turned(sums: dict[UUID, tuple[int, int]]) -> dict[UUID, tuple[int, int]]:
    return {account: (credit, debit) for account, (debit, credit) in sums.items()}


Maker = Callable[[Stretch, Actor], Book]
"""Makes a book of some months; raises Forbidden."""
