"""What entries did to control accounts, by whom and by document: the books' side of every tie-out.

What must stay true: nothing here knows what a document is worth; it says what was posted for it, so
that whoever keeps the documents can compare.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.sql import Select

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.rules.sources import OWN_DOCUMENTS
from accounting.services.chart import account_for
from accounting.services.ledger import KEY_COLUMNS
from core.db import Uuid, db, sum_int

_OF_ENTRY = and_(
    JournalLine.centre_id == JournalEntry.centre_id, JournalLine.entry_id == JournalEntry.id
)


def producer_entries(
    centre_id: int, producer_id: UUID, purposes: Collection[Purpose], without: Collection[str]
) -> Select[Any]:
    """Select credit − debit of a producer on some accounts, one row an entry; zero left out.

    Entries of the source types in `without` are left to whoever shows those documents in detail.
    """
    accounts = [account_for(centre_id, purpose).id for purpose in sorted(purposes)]
    amount: Any = sum_int(JournalLine.credit - JournalLine.debit)
    columns = (
        JournalEntry.id,
        JournalEntry.entry_no,
        JournalEntry.source_type,
        JournalEntry.source_id,
        JournalEntry.occurred_at,
        JournalEntry.business_date,
    )
    return (
        select(*columns, amount.label("amount_satang"))
        .join(JournalLine, _OF_ENTRY)
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.producer_id == producer_id,
            JournalLine.account_id.in_(accounts),
            JournalEntry.source_type.not_in(sorted(without)),
        )
        .group_by(*columns)
        .having(func.sum(JournalLine.credit - JournalLine.debit) != 0)
    )


def by_key(
    centre_id: int, purpose: Purpose, key: str, until: date | None = None
) -> dict[UUID | None, int]:
    """Return debits less credits of an account by sub-ledger key, in one statement.

    Unlike `ledger.sub_ledger` it adds up to the account: lines that lack the key stand under None.
    Without a `key` all of the account stands there.
    """
    column: Any = KEY_COLUMNS[key] if key else literal(None, Uuid)
    net = sum_int(JournalLine.debit - JournalLine.credit)
    query = select(column, net).where(
        JournalLine.centre_id == centre_id,
        JournalLine.account_id == account_for(centre_id, purpose).id,
    )
    if until is not None:
        query = query.where(JournalLine.posting_date <= until)
    if key:
        query = query.group_by(column).having(net != 0)
    return {identity: satang for identity, satang in db.session.execute(query) if satang}


def standing_since(
    centre_id: int, purpose: Purpose, key: str, edge: date, on: date
) -> dict[UUID, int]:
    """Return by sub-ledger key what is owed at the end of `on` since `edge` or longer, in satang.

    For accounts of what we owe, the oldest debt being paid first: what was owed then, less all
    that was paid since.
    """
    column: Any = KEY_COLUMNS[key]
    owed_then = case(
        (JournalLine.posting_date <= edge, JournalLine.credit - JournalLine.debit), else_=0
    )
    paid_since = case((JournalLine.posting_date > edge, JournalLine.debit), else_=0)
    left = sum_int(owed_then - paid_since)
    rows = db.session.execute(
        select(column, left)
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.account_id == account_for(centre_id, purpose).id,
            JournalLine.posting_date <= on,
            column.is_not(None),
        )
        .group_by(column)
        .having(left > 0)
    )
    return {identity: satang for identity, satang in rows}


def effects(centre_id: int, purpose: Purpose, key: str) -> Select[Any]:
    """Select what each line did to an account: party_id, source_type, source_id, counted_on,
    satang (debit − credit).
    """
    column: Any = KEY_COLUMNS[key] if key else literal(None, Uuid)
    return (
        select(
            column.label("party_id"),
            JournalEntry.source_type.label("source_type"),
            JournalEntry.source_id.label("source_id"),
            JournalLine.posting_date.label("counted_on"),
            (JournalLine.debit - JournalLine.credit).label("satang"),
        )
        .join(JournalLine, _OF_ENTRY)
        .where(
            JournalEntry.centre_id == centre_id,
            JournalLine.account_id == account_for(centre_id, purpose).id,
        )
    )


def own_effects(centre_id: int, purpose: Purpose, key: str) -> Select[Any]:
    """Select, as `effects` does, what the books' own documents did: they are what they posted.

    They are few beside the sales on the same account, so their entries are found first.
    """
    own = select(JournalEntry.id).where(
        JournalEntry.centre_id == centre_id, JournalEntry.source_type.in_(sorted(OWN_DOCUMENTS))
    )
    return effects(centre_id, purpose, key).where(
        JournalLine.centre_id == centre_id, JournalLine.entry_id.in_(own)
    )


def counted_after(centre_id: int, on: date) -> Select[Any]:
    """Select source_type, source_id of documents dated up to a day that count only after it.

    Their own month was locked before they came; few, and found by the day they count on.
    """
    columns: tuple[Any, ...] = (JournalEntry.source_type, JournalEntry.source_id)
    return select(*columns).where(
        JournalEntry.centre_id == centre_id,
        JournalEntry.posting_date > on,
        JournalEntry.business_date <= on,
    )


def numbers(centre_id: int, sources: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the printed number of the first entry of each of some documents."""
    rows = db.session.execute(
        select(
            JournalEntry.source_type,
            JournalEntry.source_id,
            JournalEntry.fiscal_year,
            JournalEntry.entry_no,
        )
        .where(
            JournalEntry.centre_id == centre_id,
            JournalEntry.source_id.in_(sorted({source_id for _, source_id in sources})),
        )
        .order_by(JournalEntry.fiscal_year.desc(), JournalEntry.entry_no.desc())
    )
    return {(kind, source_id): f"J-{year}-{no:05d}" for kind, source_id, year, no in rows}
