"""Why a figure of a statement moved: the kinds of documents behind it, and the largest of them.

What must stay true: the reasons of a figure add up to what it moved; they come from the lines
themselves, so they are a second opinion on the maintained sums a statement is made of.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, desc, func, select

from accounting.models import JournalEntry, JournalLine
from accounting.rules import stretches
from accounting.rules.entry import CLOSING_KINDS
from accounting.rules.moved import Part, Reason, moved_much, reasons
from accounting.rules.stretches import Stretch
from accounting.services import book_settings, financial_statements
from accounting.services.chart import AccountCard
from accounting.services.financial_statements import Ask
from accounting.services.ledger import CARD_COLUMNS, EntryCard
from core.actor import Actor
from core.db import db, sum_int
from members.services import access

TOP = 3
"""How many single documents are named."""
_ENTRY: Any = JournalEntry.__table__.c
_LINE: Any = JournalLine.__table__.c
Sums = dict[UUID, dict[str, Part]]


@dataclass(frozen=True, slots=True)
class Document:
    """A single document and what it did to the figure."""

    entry: EntryCard
    amount: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure that moved; `account` is None for all money together."""

    account: AccountCard | None
    before: int
    now: int
    reasons: tuple[Reason, ...]
    documents: tuple[Document, ...]

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Explained:
    """What moved more than `percent` against the months before."""

    percent: int
    items: tuple[Explanation, ...]


def explain(kind: str, stretch: Stretch, actor: Actor) -> Explained:
    """Return what explains a statement's figures, largest change first. Raises Forbidden."""
    access.require(actor, "statement.read")
    return of_centre(kind, stretch, actor.centre_id, actor.centre.fiscal_year_start_month)


def of_centre(kind: str, stretch: Stretch, centre_id: int, start_month: int) -> Explained:
    """Return the same for whoever may already read it (the close pack)."""
    percent = book_settings.of(centre_id).moved_percent
    if kind == "cash_flow":
        return Explained(percent, _money(stretch, centre_id, start_month))
    shown = financial_statements.of_centre(Ask(kind, stretch, "before"), centre_id, start_month)
    moved: dict[UUID, tuple[int, int]] = {}
    for row in shown.statement.rows:
        if row.account_id is not None and moved_much(row.amounts[1], row.amounts[0], percent):
            moved[row.account_id] = (row.amounts[1], row.amounts[0])
    flows = kind == "income"
    now = _by_kind(centre_id, stretch, moved, closing=not flows)
    # A balance moved by what happened since the one before; a flow is set against the flow before.
    then = _by_kind(centre_id, stretches.before(stretch), moved, closing=False) if flows else {}
    largest = _largest(centre_id, stretch, moved, closing=not flows)
    found = []
    for account_id, (before, amount) in moved.items():
        card = shown.accounts[account_id]
        sign = 1 if card.rises_by_debit else -1
        found.append(
            Explanation(
                card,
                before,
                amount,
                reasons(_signed(now, account_id, sign), _signed(then, account_id, sign)),
                tuple(Document(one, sign * net) for one, net in largest.get(account_id, ())),
            )
        )
    found.sort(key=lambda one: (-abs(one.change), one.account.code if one.account else ""))
    return Explained(percent, tuple(found))


def _money(stretch: Stretch, centre_id: int, start_month: int) -> tuple[Explanation, ...]:
    """Return where all money came from and went, always: it is what a cash flow is about."""
    ask = Ask("cash_flow", stretch, "before")
    shown = financial_statements.of_centre(ask, centre_id, start_month)
    now, before = shown.statement.totals["change"]
    ids = [card.id for card in shown.accounts.values() if card.money]
    found = reasons(
        _together(centre_id, stretch, ids),
        _together(centre_id, stretches.before(stretch), ids),
    )
    return (Explanation(None, before, now, found, ()),) if found else ()


def _signed(sums: Sums, account_id: UUID, sign: int) -> dict[str, Part]:
    parts = sums.get(account_id, {})
    return {kind: Part(part.count, sign * part.amount) for kind, part in parts.items()}


def _together(centre_id: int, span: Stretch, accounts: Collection[UUID]) -> dict[str, Part]:
    """Add some accounts up by kind; what only goes from one to another comes to nothing."""
    entry = _entries(centre_id, span, accounts, True).c
    query = select(entry.kind, func.count(entry.entry_id.distinct()), sum_int(entry.net))
    rows = db.session.execute(query.group_by(entry.kind))
    return {kind: Part(count, net) for kind, count, net in rows if net}


def _entries(centre_id: int, span: Stretch, accounts: Collection[UUID], closing: bool) -> Any:
    """Select what each entry of a span did to each of some accounts."""
    where = [
        _LINE.centre_id == centre_id,
        _LINE.account_id.in_(sorted(accounts)),
        _LINE.posting_date.between(span.first, span.last),
    ]
    if not closing:
        where.append(_ENTRY.kind.not_in(CLOSING_KINDS))
    net = sum_int(_LINE.debit - _LINE.credit).label("net")
    return (
        select(_LINE.account_id, _ENTRY.kind, _LINE.entry_id, net)
        .join(
            JournalEntry,
            and_(_ENTRY.centre_id == _LINE.centre_id, _ENTRY.id == _LINE.entry_id),
        )
        .where(*where)
        .group_by(_LINE.account_id, _ENTRY.kind, _LINE.entry_id)
        .subquery()
    )


def _by_kind(centre_id: int, span: Stretch, accounts: Collection[UUID], closing: bool) -> Sums:
    if not accounts:
        return {}
    entry = _entries(centre_id, span, accounts, closing).c
    found: Sums = {}
    query = select(entry.account_id, entry.kind, func.count(), sum_int(entry.net))
    for account_id, kind, count, net in db.session.execute(
        query.group_by(entry.account_id, entry.kind)
    ):
        found.setdefault(account_id, {})[kind] = Part(count, net)
    return found


def _largest(
    centre_id: int, span: Stretch, accounts: Collection[UUID], closing: bool
) -> dict[UUID, list[tuple[EntryCard, int]]]:
    if not accounts:
        return {}
    entry = _entries(centre_id, span, accounts, closing).c
    place = func.row_number().over(
        partition_by=entry.account_id, order_by=(desc(func.abs(entry.net)), entry.entry_id)
    )
    ranked = select(entry.account_id, entry.entry_id, entry.net, place.label("place")).subquery()
    rows = db.session.execute(
        select(ranked.c.account_id, ranked.c.net, *CARD_COLUMNS)
        .join(
            JournalEntry,
            and_(_ENTRY.centre_id == centre_id, _ENTRY.id == ranked.c.entry_id),
        )
        .where(ranked.c.place <= TOP)
        .order_by(ranked.c.account_id, ranked.c.place)
    )
    found: dict[UUID, list[tuple[EntryCard, int]]] = {}
    for account_id, net, *card in rows:
        found.setdefault(account_id, []).append((EntryCard(*card), net))
    return found
