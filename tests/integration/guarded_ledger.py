"""Rows of the ledger for the guarded world: an entry and its reversal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.services import chart
from core import clock
from core.db import insert_rows

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def write(centre_id: int, ids: dict[str, UUID]) -> UUID:
    """Write an entry and its reversal; return the account of the first line."""
    cash = chart.account_for(centre_id, Purpose.CASH_SAFE).id
    other = chart.account_for(centre_id, Purpose.BROUGHT_FORWARD).id
    sides = (("entry", 1, 100_00, 0, None), ("reversal", 2, 0, 100_00, ids["entry"]))
    for name, number, debit, credit, reverses in sides:
        insert_rows(
            JournalLine,
            [
                line_of(centre_id, ids[name], 1, cash, debit, credit),
                line_of(centre_id, ids[name], 2, other, credit, debit),
            ],
        )
        insert_rows(
            JournalEntry,
            [header_of(centre_id, ids[name], number, 100_00) | {"reverses_id": reverses}],
        )
    return cash


def line_of(
    centre_id: int, entry_id: UUID, line_no: int, account_id: UUID, debit: int, credit: int
) -> dict[str, Any]:
    """Return a journal line's columns."""
    return {
        "centre_id": centre_id,
        "entry_id": entry_id,
        "line_no": line_no,
        "account_id": account_id,
        "posting_date": DAY,
        "debit": debit,
        "credit": credit,
        "memo": "",
    }


def header_of(centre_id: int, entry_id: UUID, entry_no: int, total: int) -> dict[str, Any]:
    """Return the columns of an entry of two lines."""
    return {
        "centre_id": centre_id,
        "id": entry_id,
        "fiscal_year": 2569,
        "entry_no": entry_no,
        "period_id": 202611,
        "business_date": DAY,
        "posting_date": DAY,
        "occurred_at": NOON,
        "posted_at": clock.now(),
        "kind": "opening",
        "source_type": "opening",
        "source_id": entry_id,
        "memo": "",
        "line_count": 2,
        "debit_total": total,
        "credit_total": total,
    }
