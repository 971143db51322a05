"""Rows of the bank for the guarded world: two lines of a statement, one of them matched."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert

from accounting.models import (
    BankFile,
    BankLine,
    BankMapping,
    BankMatch,
    BankMatchItem,
    BankMatchLine,
    BankStatement,
)
from core.db import db
from core.ids import uuid7

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
FILE, STATEMENT, LINE, FREE, MATCH = (UUID(int=0xBA00 + number) for number in range(5))


def write(centre_id: int, account_id: UUID, entry_id: UUID) -> None:
    """Write the rows; the first line of the entry is on the account and worth 100 baht."""
    here = {"centre_id": centre_id, "account_id": account_id}
    db.session.execute(insert(BankMapping).values(**here, content={}, version=1))
    db.session.execute(
        insert(BankFile).values(
            **here, id=FILE, name="x.csv", content=b"x", digest="0" * 64, uploaded_at=NOON
        )
    )
    db.session.execute(
        insert(BankStatement).values(
            **here,
            id=STATEMENT,
            file_id=FILE,
            digest="0" * 64,
            first_day=DAY,
            last_day=DAY,
            opening_satang=0,
            closing_satang=200_00,
            line_count=2,
            known_count=0,
            mapping={},
            imported_at=NOON,
            imported_by=uuid7(),
            imported_name="คุณ",
            live=True,
        )
    )
    for position, line_id in enumerate((LINE, FREE), start=1):
        db.session.execute(
            insert(BankLine).values(
                **here,
                id=line_id,
                position=position,
                statement_id=STATEMENT,
                row_no=position,
                kind="line",
                day=DAY,
                at="",
                amount_satang=100_00,
                balance_satang=position * 100_00,
                reference="",
                description="",
            )
        )
    part = {"centre_id": centre_id, "match_id": MATCH, "live": True}
    db.session.execute(insert(BankMatchLine).values(**part, line_id=LINE))
    db.session.execute(insert(BankMatchItem).values(**part, entry_id=entry_id, line_no=1))
    db.session.execute(
        insert(BankMatch).values(
            **here,
            id=MATCH,
            kind="direct",
            how="person",
            amount_satang=100_00,
            matched_at=NOON,
            matched_by=uuid7(),
            matched_name="คุณ",
            digest="0" * 64,
            content={},
            live=True,
        )
    )
