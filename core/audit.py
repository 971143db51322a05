"""The append-only trail: who did what to which record, written in the same transaction.

Documents (sale, intake, shift …) carry their own who and when; the trail is for everything else a
person may later be asked about: rights given, prices changed, settings, reprints, sign-ins.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from core import clock
from core.actor import Actor
from core.db import db
from core.ids import uuid7
from core.models import AuditEvent


def record(
    actor: Actor, action: str, subject_type: str, subject_id: UUID | int | str, **facts: Any
) -> None:
    """Add one row to the trail. `facts` must be JSON; never put secrets or whole persons in it."""
    db.session.execute(
        insert(AuditEvent).values(
            centre_id=actor.centre_id,
            id=uuid7(),
            at=clock.now(),
            user_id=actor.user_id,
            action=action,
            subject_type=subject_type,
            subject_id=str(subject_id),
            facts=facts,
        )
    )
