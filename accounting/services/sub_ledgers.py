"""What entries did to one producer's standing, entry by entry: the documents behind a balance."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.sql import Select

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.services.chart import account_for
from core.db import sum_int


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
        .join(
            JournalLine,
            and_(
                JournalLine.centre_id == JournalEntry.centre_id,
                JournalLine.entry_id == JournalEntry.id,
            ),
        )
        .where(
            JournalLine.centre_id == centre_id,
            JournalLine.producer_id == producer_id,
            JournalLine.account_id.in_(accounts),
            JournalEntry.source_type.not_in(sorted(without)),
        )
        .group_by(*columns)
        .having(func.sum(JournalLine.credit - JournalLine.debit) != 0)
    )
