"""Documents that came after their month was locked: they count later, and amend the close.

What must stay true: a locked month's figures never move; what came late is listed with it, so that
a reader of the close sees by how many documents and how much it was amended.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from accounting.models import JournalEntry
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
    """Return how many documents dated in a month count in a later one, and their sum."""
    count, satang = db.session.execute(
        select(func.count(), sum_int(JournalEntry.debit_total)).where(*_late(centre_id, period_id))
    ).one()
    return Amendment(count, satang)


def documents(centre_id: int, period_id: int) -> list[EntryCard]:
    """Return the first of those entries, in the order posted."""
    rows = db.session.execute(
        select(*CARD_COLUMNS)
        .where(*_late(centre_id, period_id))
        .order_by(JournalEntry.posting_date, JournalEntry.id)
        .limit(SHOWN_MAX)
    )
    return [EntryCard(*row) for row in rows]


def _late(centre_id: int, period_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        JournalEntry.centre_id == centre_id,
        JournalEntry.business_date.between(first_day(period_id), last_day(period_id)),
        JournalEntry.posting_date != JournalEntry.business_date,
        JournalEntry.posting_date > last_day(period_id),
    )
