"""Lock a month in a test without going through its checklist: two signatures and the lock."""

from __future__ import annotations

from sqlalchemy import insert

from accounting.models import MonthClose, MonthCloseApproval
from accounting.rules.seals import BEGINNING
from accounting.services import periods
from accounting.services.closing import checklist
from core import clock
from core.actor import Actor
from core.db import db
from core.ids import uuid7


def lock_month(period_id: int, preparer: Actor, signer: Actor) -> None:
    """Lock a month for two people, in the running transaction; the guards watch as ever."""
    assert preparer.user_id is not None and signer.user_id is not None
    centre_id, close_id = preparer.centre_id, uuid7()
    periods.hold(centre_id, period_id)
    db.session.execute(
        insert(MonthClose).values(
            centre_id=centre_id,
            id=close_id,
            period_id=period_id,
            prepared_at=clock.now(),
            prepared_by=preparer.user_id,
            content={},
            digest="0" * 64,
        )
    )
    db.session.execute(
        insert(MonthCloseApproval).values(
            centre_id=centre_id,
            close_id=close_id,
            prepared_by=preparer.user_id,
            signed_by=signer.user_id,
            signed_at=clock.now(),
            sealed_to=0,
            seal_hash=BEGINNING,
            content_hash=checklist.content_hash(BEGINNING, {}),
        )
    )
    periods.lock(centre_id, period_id, signer.user_id)
