"""Documents that came after their month was locked: they count later, and amend the close.

What must stay true: a locked month's figures never move; what came late is listed with it, so that
a reader of the close sees by how many documents and how much it was amended.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from accounting.models import Account, JournalEntry, JournalLine
from accounting.rules.periods import first_day, last_day
from accounting.services.ledger import CARD_COLUMNS, EntryCard
from core.db import db, sum_int

SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Amendment:
    """What came late for a month: how many documents, worth how much."""

    count: int
    satang: int


def amendment(centre_id: int, period_id: int) -> Amendment:
    """Return how many documents dated in a month count in a later one, and their sum.

    A sale counts with what was due for it, a refund below zero: what its entry did to income, debts
    and funds, apart from what the goods cost.
    """
    count = select(func.count()).where(*_late(centre_id, period_id))
    return Amendment(db.session.scalar(count) or 0, sum(_worth(centre_id, period_id).values()))


def documents(centre_id: int, period_id: int) -> list[tuple[EntryCard, int]]:
    """Return the first of those entries, in the order posted, and what each is worth."""
    worth = _worth(centre_id, period_id)
    rows = db.session.execute(
        select(*CARD_COLUMNS)
        .where(*_late(centre_id, period_id))
        .order_by(JournalEntry.posting_date, JournalEntry.id)
        .limit(SHOWN_MAX)
    )
    cards = [EntryCard(*row) for row in rows]
    return [(card, worth.get(card.id, 0)) for card in cards]


def _worth(centre_id: int, period_id: int) -> dict[UUID, int]:
    rows = db.session.execute(
        select(JournalEntry.id, sum_int(JournalLine.credit - JournalLine.debit))
        .join(
            JournalLine,
            and_(
                JournalLine.centre_id == JournalEntry.centre_id,
                JournalLine.entry_id == JournalEntry.id,
            ),
        )
        .join(
            Account,
            and_(Account.centre_id == JournalLine.centre_id, Account.id == JournalLine.account_id),
        )
        .where(*_late(centre_id, period_id), Account.type.in_(("income", "liability", "equity")))
        .group_by(JournalEntry.id)
    )
    return {entry_id: satang for entry_id, satang in rows}


def _late(centre_id: int, period_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        JournalEntry.centre_id == centre_id,
        JournalEntry.business_date.between(first_day(period_id), last_day(period_id)),
        JournalEntry.posting_date != JournalEntry.business_date,
        JournalEntry.posting_date > last_day(period_id),
    )
