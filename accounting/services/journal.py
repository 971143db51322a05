"""Reading the books by entry: the journal, latest first, and one entry whole.

What must stay true: an entry is shown exactly as posted, with both ends of a reversal linked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, literal, select, tuple_

from accounting.models import JournalEntry, JournalLine
from accounting.rules.periods import ALWAYS, Span
from accounting.services import chart, ledger, parties
from accounting.services.chart import AccountCard
from accounting.services.ledger import CARD_COLUMNS, EntryCard
from accounting.services.parties import Party
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import LIMIT_MAX, Page, Window, page_of
from members.services import access, users


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of an entry."""

    line_no: int
    account: AccountCard
    debit_satang: int
    credit_satang: int
    memo: str
    party: Party | None
    lot_id: UUID | None
    till_id: UUID | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its lines and what it is linked to."""

    entry: EntryCard
    posted_by: str
    lines: tuple[EntryLine, ...]
    reverses: EntryCard | None
    reversed_by: EntryCard | None


def listing(
    actor: Actor, window: Window, span: Span = ALWAYS, kind: str | None = None
) -> Page[EntryCard]:
    """Return a page of entries, latest first. Raises Forbidden."""
    access.require(actor, "journal.read")
    key = tuple_(JournalEntry.posting_date, JournalEntry.id)
    query = select(*CARD_COLUMNS).where(JournalEntry.centre_id == actor.centre_id)
    if span.first is not None:
        query = query.where(JournalEntry.posting_date >= span.first)
    if span.last is not None:
        query = query.where(JournalEntry.posting_date <= span.last)
    if kind:
        query = query.where(JournalEntry.kind == kind)
    after = position(window.after)
    if after is not None:
        query = query.where(key < tuple_(literal(after[0], Date), literal(after[1], Uuid)))
    query = query.order_by(JournalEntry.posting_date.desc(), JournalEntry.id.desc())
    cards = [EntryCard(*row) for row in db.session.execute(query.limit(window.limit + 1))]
    return page_of(cards, window, key_of)


def every_line(
    actor: Actor, span: Span = ALWAYS, kind: str | None = None
) -> Iterator[tuple[EntryCard, EntryLine]]:
    """Return every line of those entries, latest entry first, read piece by piece.

    Raises Forbidden.
    """
    return _pieces(actor, span, kind, listing(actor, Window(limit=LIMIT_MAX), span, kind))


def _pieces(
    actor: Actor, span: Span, kind: str | None, page: Page[EntryCard]
) -> Iterator[tuple[EntryCard, EntryLine]]:
    while True:
        lines = lines_of(actor.centre_id, [card.id for card in page.items])
        for card in page.items:
            for line in lines[card.id]:
                yield card, line
        if page.next is None:
            return
        page = listing(actor, Window(page.next, LIMIT_MAX), span, kind)


def key_of(card: EntryCard) -> str:
    """Return the `after` that goes on behind an entry."""
    return f"{card.posting_date.isoformat()}_{card.id}"


def position(after: str | None) -> tuple[date, UUID] | None:
    """Return the key a page goes on after; nonsense starts from the beginning."""
    day, _, entry = (after or "").partition("_")
    entry_id = uuid_or_none(entry)
    try:
        return None if entry_id is None else (date.fromisoformat(day), entry_id)
    except ValueError:
        return None


def get(entry_id: UUID, actor: Actor) -> EntryView:
    """Return one entry. Raises Forbidden, NotFound."""
    access.require(actor, "journal.read")
    query = select(*CARD_COLUMNS, JournalEntry.posted_by).where(
        JournalEntry.centre_id == actor.centre_id, JournalEntry.id == entry_id
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(what="journal_entry")
    *columns, posted_by = row
    entry = EntryCard(*columns)
    names = users.names({posted_by}) if posted_by else {}
    reverses = entry.reverses_id
    return EntryView(
        entry,
        names.get(posted_by, ""),
        tuple(lines_of(actor.centre_id, [entry_id])[entry_id]),
        ledger.find(actor.centre_id, reverses) if reverses else None,
        ledger.reversal_of(actor.centre_id, entry_id),
    )


def lines_of(centre_id: int, entry_ids: Collection[UUID]) -> dict[UUID, list[EntryLine]]:
    """Return the lines of many entries, by entry and in their order, with their names."""
    query = (
        select(
            JournalLine.entry_id,
            JournalLine.line_no,
            JournalLine.account_id,
            JournalLine.debit,
            JournalLine.credit,
            JournalLine.memo,
            JournalLine.producer_id,
            JournalLine.member_id,
            JournalLine.lot_id,
            JournalLine.till_id,
        )
        .where(JournalLine.centre_id == centre_id, JournalLine.entry_id.in_(entry_ids))
        .order_by(JournalLine.entry_id, JournalLine.line_no)
    )
    rows = db.session.execute(query).all()
    accounts = {card.id: card for card in chart.listing(centre_id)}
    known = parties.of_lines(centre_id, rows)
    lines: dict[UUID, list[EntryLine]] = {}
    for row in rows:
        lines.setdefault(row.entry_id, []).append(_line(row, accounts, known))
    return lines


def _line(
    row: Any, accounts: dict[UUID, AccountCard], known: dict[UUID | None, Party]
) -> EntryLine:
    return EntryLine(
        row.line_no,
        accounts[row.account_id],
        row.debit,
        row.credit,
        row.memo,
        known.get(row.producer_id) or known.get(row.member_id),
        row.lot_id,
        row.till_id,
    )
