"""The paper of a meeting: asked for by people, or by the schedule some days before.

What must stay true: from two days before the meeting the schedule asks once for each state of the
month's close, so that a month locked on the eve of the meeting is told as locked, and nothing is
made over and over.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from accounting.models import JournalEntry
from accounting.rules import meetings as rules
from accounting.rules.meeting_tasks import MEETING_PACK
from accounting.rules.periods import first_day, last_day
from accounting.services import book_settings
from accounting.services.closing import signing
from accounting.services.meetings import meetings
from accounting.services.meetings.meetings import MeetingCard, NewMeeting
from core import clock, jobs
from core.actor import Actor, Centre, system_actor
from core.dates import format_date
from core.db import db
from core.ids import uuid7
from core.jobs import JobCard
from members.services import access

FAILURES_MAX = 3


def request(meeting_id: UUID, actor: Actor) -> UUID:
    """Ask the worker for a meeting's paper; return its job.

    Raises Forbidden, NotFound, TooManyJobs.
    """
    access.require(actor, "meeting.read")
    return _request(meetings.card(actor.centre_id, meeting_id), actor)


def last(centre_id: int, meeting_id: UUID) -> JobCard | None:
    """Return the job of the paper asked for last, if there is one."""
    return jobs.last_asked(centre_id, MEETING_PACK, "meeting_id", str(meeting_id), FAILURES_MAX)


def make_due(centre: Centre, agenda: tuple[str, ...]) -> int:
    """Call the monthly meeting that is near and ask for its paper; return how many were asked for.

    For the schedule. A centre that posted nothing in the month before is left alone.
    """
    held_on = rules.due(clock.today(), book_settings.of(centre.id).meeting_day)
    if held_on is None or not _works(centre.id, rules.month_before(held_on)):
        return 0
    actor = system_actor(centre)
    meeting = meetings.on(centre.id, "monthly", held_on)
    if meeting is None:
        command = NewMeeting(uuid7(), "monthly", held_on, agenda=agenda)
        meeting = meetings.create(command, actor)
    key = _key(centre.id, meeting)
    if jobs.last_asked(centre.id, MEETING_PACK, "key", key, FAILURES_MAX) is not None:
        return 0
    _request(meeting, actor)
    return 1


def _works(centre_id: int, period_id: int) -> bool:
    some = exists().where(
        JournalEntry.centre_id == centre_id,
        JournalEntry.posting_date.between(first_day(period_id), last_day(period_id)),
    )
    return bool(db.session.scalar(select(some)))


def _key(centre_id: int, meeting: MeetingCard) -> str:
    """Return what a paper is of: the meeting, and the month's close as it stands.

    One made before its days tells of books that go on: it is not the meeting's.
    """
    close = signing.in_force(centre_id, rules.month_before(meeting.held_on))
    early = ":early" if clock.today() < rules.ready_from(meeting.held_on) else ""
    return f"{meeting.id}:{close.id if close else 'open'}{early}"


def _request(meeting: MeetingCard, actor: Actor) -> UUID:
    return jobs.request(
        actor,
        MEETING_PACK,
        {
            "meeting_id": str(meeting.id),
            "key": _key(actor.centre_id, meeting),
            "subject": format_date(meeting.held_on, "th"),
            "locale": "th",
        },
    )
