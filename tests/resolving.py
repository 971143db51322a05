"""Meetings and their resolutions in tests."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from accounting.services.meetings import meetings, resolutions
from accounting.services.meetings.meetings import NewMeeting
from accounting.services.meetings.resolutions import NewResolution
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7


def resolve(
    actor: Actor, number: str = "1/2569", text: str = "ให้ดำเนินการ", on: date | None = None
) -> UUID:
    """Hold a general meeting (one a day) that resolves something; return the resolution's id."""
    day = on or clock.today()
    meeting_id = uuid7()
    try:
        in_transaction(meetings.create, NewMeeting(meeting_id, "general", day), actor)
    except meetings.MeetingKnown:
        meeting_id = in_transaction(_of_day, day, actor)
    command = NewResolution(uuid7(), meeting_id, number, text)
    return in_transaction(resolutions.record, command, actor).id


def _of_day(day: date, actor: Actor) -> UUID:
    from sqlalchemy import select

    from accounting.models import Meeting
    from core.db import db

    return db.session.scalars(
        select(Meeting.id).where(
            Meeting.centre_id == actor.centre_id,
            Meeting.kind == "general",
            Meeting.held_on == day,
        )
    ).one()
