"""Rows of the close for the guarded world: a month closed twice (once undone), a seal, settings."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert

from accounting.models import (
    NO_ACTIVITY,
    AccountMonth,
    Activity,
    BookSettings,
    MonthClose,
    MonthCloseApproval,
    MonthReopening,
    MonthReopeningApproval,
    Seal,
    StepWaiver,
)
from accounting.rules.seals import BEGINNING
from core.db import db
from core.ids import uuid7

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
PREPARER, SIGNER = uuid7(), uuid7()


def sign_month(centre_id: int, period_id: int = 202611) -> UUID:
    """Put two signatures under a month without locking it; runs inside a transaction."""
    close_id = uuid7()
    db.session.execute(
        insert(MonthClose).values(
            centre_id=centre_id,
            id=close_id,
            period_id=period_id,
            prepared_at=NOON,
            prepared_by=PREPARER,
            content={},
            digest="0" * 64,
        )
    )
    db.session.execute(
        insert(MonthCloseApproval).values(
            centre_id=centre_id,
            close_id=close_id,
            prepared_by=PREPARER,
            signed_by=SIGNER,
            signed_at=NOON,
            sealed_to=0,
            seal_hash=BEGINNING,
            content_hash="0" * 64,
        )
    )
    return close_id


def undo(centre_id: int, close_id: UUID) -> None:
    """Let two people agree that a close is undone; runs inside a transaction."""
    reopening_id = uuid7()
    db.session.execute(
        insert(MonthReopening).values(
            centre_id=centre_id,
            id=reopening_id,
            close_id=close_id,
            reason="ใบเสร็จตกหล่น",
            asked_by=PREPARER,
            asked_at=NOON,
        )
    )
    db.session.execute(
        insert(MonthReopeningApproval).values(
            centre_id=centre_id,
            reopening_id=reopening_id,
            close_id=close_id,
            asked_by=PREPARER,
            agreed_by=SIGNER,
            agreed_at=NOON,
        )
    )


def write(centre_id: int, account_id: UUID) -> None:
    """Write the rows; the first entry of 2569 is there and worth 100 satang."""
    undo(centre_id, sign_month(centre_id))
    sign_month(centre_id)
    db.session.execute(
        insert(StepWaiver).values(
            centre_id=centre_id,
            period_id=202611,
            step="stock",
            opened=1,
            reason="น้ำท่วม",
            waived_by=PREPARER,
            waived_at=NOON,
        )
    )
    db.session.execute(
        insert(Seal).values(
            centre_id=centre_id,
            sequence=1,
            fiscal_year=2569,
            first_no=1,
            last_no=1,
            entry_count=1,
            debit_total=100_00,
            previous=BEGINNING,
            hash="1" * 64,
            marks=b"12345678",
            sealed_at=NOON,
        )
    )
    db.session.execute(
        insert(AccountMonth).values(
            centre_id=centre_id,
            account_id=account_id,
            period_id=202611,
            activity_id=NO_ACTIVITY,
            closing=False,
            debit=100,
            credit=0,
        )
    )
    db.session.execute(
        insert(Activity).values(
            centre_id=centre_id,
            id=uuid7(),
            code="water",
            name_th="น้ำดื่ม",
            name_en="Water",
            active=True,
        )
    )
    db.session.execute(
        insert(BookSettings).values(
            centre_id=centre_id,
            approval_limit_satang=1,
            turnover_limit_satang=1,
            moved_percent=20,
            cash_report_days=3,
            aged_payable_days=60,
            version=1,
        )
    )
