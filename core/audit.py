"""The append-only trail: who did what to which record, written in the same transaction.

Documents (sale, intake, shift …) carry their own who and when; the trail is for everything else a
person may later be asked about: rights given, prices changed, settings, reprints, sign-ins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.ids import uuid7
from core.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Event:
    """What was done to which record; `facts` must be JSON."""

    action: str
    subject_type: str
    subject_id: UUID | int | str
    facts: Mapping[str, Any]


def record(
    actor: Actor, action: str, subject_type: str, subject_id: UUID | int | str, **facts: Any
) -> None:
    """Add one row to the trail. `facts` must be JSON; never put secrets or whole persons in it."""
    event = Event(action, subject_type, subject_id, facts)
    db.session.execute(insert(AuditEvent).values(**_row(event, actor)))


def record_many(actor: Actor, events: Sequence[Event]) -> None:
    """Add a row for each of many things done at once, with one statement."""
    insert_rows(AuditEvent, [_row(event, actor) for event in events])


def _row(event: Event, actor: Actor) -> dict[str, Any]:
    return {
        "centre_id": actor.centre_id,
        "id": uuid7(),
        "at": clock.now(),
        "user_id": actor.user_id,
        "action": event.action,
        "subject_type": event.subject_type,
        "subject_id": str(event.subject_id),
        "facts": dict(event.facts),
    }
