"""Rows of the old books for the guarded world: an import that was taken, and what it left due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from accounting.models import JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from accounting.services import chart
from core.db import db, insert_rows
from inventory.models import OpeningDue, OpeningImport, OpeningTaking
from tests.integration.guarded_ledger import header_of, line_of

DAY = date(2026, 11, 20)
IMPORT = UUID("00000000-0000-0000-0000-0000000000f1")
ENTRY = UUID("00000000-0000-0000-0000-0000000000f2")
DUE = UUID("00000000-0000-0000-0000-0000000000f3")


def write(centre_id: int, producer_id: UUID) -> None:
    """Write an import, its entry, its taking, and 50 baht owed for consigned goods."""
    recorded: dict[str, Any] = {
        "recorded_at": datetime(2026, 11, 20, 5, tzinfo=UTC),
        "recorded_by": None,
        "recorded_name": "นิด",
    }
    found: dict[str, Any] = {"tables": {}, "digests": {}, "choices": {}}
    db.session.execute(
        insert(OpeningImport).values(
            centre_id=centre_id,
            id=IMPORT,
            import_no="OB-2569-00001",
            opening_on=DAY,
            state="open",
            **found,
            **recorded,
        )
    )
    safe = chart.account_for(centre_id, Purpose.CASH_SAFE).id
    owed = chart.account_for(centre_id, Purpose.CONSIGNMENT_PAYABLE).id
    insert_rows(
        JournalLine,
        [
            line_of(centre_id, ENTRY, 1, safe, 50_00, 0) | {"producer_id": None},
            line_of(centre_id, ENTRY, 2, owed, 0, 50_00) | {"producer_id": producer_id},
        ],
    )
    source = {"kind": "opening_import", "source_type": "opening_import", "source_id": IMPORT}
    insert_rows(JournalEntry, [header_of(centre_id, ENTRY, 900, 50_00) | source])
    db.session.execute(
        insert(OpeningTaking).values(
            centre_id=centre_id,
            import_id=IMPORT,
            entry_id=ENTRY,
            business_date=DAY,
            total_satang=50_00,
            people=0,
            lots=0,
            **recorded,
        )
    )
    db.session.execute(
        update(OpeningImport)
        .where(OpeningImport.centre_id == centre_id, OpeningImport.id == IMPORT)
        .values(state="taken")
    )
    db.session.execute(
        insert(OpeningDue).values(
            centre_id=centre_id,
            id=DUE,
            import_id=IMPORT,
            producer_id=producer_id,
            kind="consignment",
            amount_satang=50_00,
            business_date=DAY,
        )
    )
