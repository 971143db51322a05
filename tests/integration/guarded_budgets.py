"""A line of a budget for the guarded world."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert

from accounting.models import NO_ACTIVITY, BudgetLine
from core.db import db
from core.ids import uuid7

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def write(centre_id: int, account_id: UUID) -> None:
    """Write the row."""
    months = {f"month_{number}": 1_000_00 for number in range(1, 13)}
    db.session.execute(
        insert(BudgetLine).values(
            centre_id=centre_id,
            id=uuid7(),
            fiscal_year=2569,
            account_id=account_id,
            activity_id=NO_ACTIVITY,
            version=1,
            made_at=NOON,
            made_by=None,
            **months,
        )
    )
