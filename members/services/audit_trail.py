"""Reading the trail of who did what; writing it is core.audit's.

What must stay true: it is only read here, latest first, in pages that no new row can shift.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.models import AuditEvent
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import users
from members.services.access import require


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing someone did."""

    id: UUID
    at: datetime
    user_id: UUID | None
    user_name: str
    action: str
    subject_type: str
    subject_id: str
    facts: dict[str, Any]


def listing(
    actor: Actor,
    window: Window,
    sought: Sought = NOTHING,
    *,
    subject_type: str = "",
    subject_id: str = "",
    user_id: UUID | None = None,
) -> Page[AuditEntry]:
    """Return a page of the trail of the actor's centre, latest first."""
    require(actor, "audit.read")
    statement = select(
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.user_id,
        AuditEvent.action,
        AuditEvent.subject_type,
        AuditEvent.subject_id,
        AuditEvent.facts,
    ).where(AuditEvent.centre_id == actor.centre_id, *matching(sought, day=AuditEvent.at))
    if subject_type:
        statement = statement.where(AuditEvent.subject_type == subject_type)
    if subject_id:
        statement = statement.where(AuditEvent.subject_id == subject_id)
    if user_id is not None:
        statement = statement.where(AuditEvent.user_id == user_id)
    if window.after is not None:
        try:
            statement = statement.where(AuditEvent.id < UUID(window.after))
        except ValueError:
            raise NotFound from None
    # Ids are UUIDv7: their order is the order of time.
    rows = db.session.execute(
        statement.order_by(AuditEvent.id.desc()).limit(window.limit + 1)
    ).all()
    people = users.names({row.user_id for row in rows if row.user_id is not None})
    entries = [
        AuditEntry(
            row.id,
            row.at,
            row.user_id,
            people.get(row.user_id, "") if row.user_id else "",
            row.action,
            row.subject_type,
            row.subject_id,
            row.facts,
        )
        for row in rows
    ]
    return page_of(entries, window, lambda entry: str(entry.id))
