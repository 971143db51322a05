"""Meetings of the community: called with an agenda, minuted point by point, with who came.

What must stay true: there is one meeting of a kind a day; who came is a member of this centre or a
guest by name; the minutes change only on a look at what they say now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update

from accounting.models import AgendaItem, Attendance, Meeting
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from members.services import access, members
from members.services.members import MemberCard

AGENDA_MAX = 40


class MeetingKnown(DomainError):
    """There is such a meeting on this day already."""

    code, status, title = "meeting-known", 409, N_("This meeting is in the list already")
    detail = N_("Open the meeting of that day and go on there.")


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting to hold: `kind` is monthly, general or committee; `agenda` its points in order."""

    id: UUID
    kind: str
    held_on: date
    place: str = ""
    note: str = ""
    agenda: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting as lists show it."""

    id: UUID
    kind: str
    held_on: date
    place: str
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the agenda with what was said."""

    title: str
    minutes: str = ""


@dataclass(frozen=True, slots=True)
class SaveMinutes:
    """The whole agenda with its minutes, and where; made on a look at `version`."""

    meeting_id: UUID
    version: int
    points: tuple[Point, ...]
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attends:
    """Someone who came: a member, or a guest by name."""

    id: UUID
    member: MemberCard | None
    guest_name: str

    @property
    def name(self) -> str:
        return self.member.name if self.member else self.guest_name


@dataclass(frozen=True, slots=True)
class Attend:
    """Note that someone came: `member_id`, or `guest_name`."""

    id: UUID
    meeting_id: UUID
    member_id: UUID | None = None
    guest_name: str = ""


_CARD = tuple(getattr(Meeting, name) for name in MeetingCard.__slots__)


# --- reading ---------------------------------------------------------------------------------


def card(centre_id: int, meeting_id: UUID) -> MeetingCard:
    """Return a meeting; raise NotFound."""
    row = db.session.execute(
        select(*_CARD).where(Meeting.centre_id == centre_id, Meeting.id == meeting_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="meeting")
    return MeetingCard(*row)


def on(centre_id: int, kind: str, held_on: date) -> MeetingCard | None:
    """Return the meeting of a kind on a day, if it is in the list."""
    row = db.session.execute(
        select(*_CARD).where(
            Meeting.centre_id == centre_id, Meeting.kind == kind, Meeting.held_on == held_on
        )
    ).one_or_none()
    return None if row is None else MeetingCard(*row)


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[MeetingCard]:
    """Return the meetings, latest first. Raises Forbidden."""
    access.require(actor, "meeting.read")
    texts = (Meeting.place, Meeting.note)
    query = select(*_CARD).where(
        Meeting.centre_id == actor.centre_id,
        *matching(sought, day=Meeting.held_on, text=texts),
    )
    if window.after is not None:
        after = card(actor.centre_id, _uuid(window.after))
        query = query.where(
            or_(
                Meeting.held_on < after.held_on,
                and_(Meeting.held_on == after.held_on, Meeting.id < after.id),
            )
        )
    query = query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(window.limit + 1)
    rows = [MeetingCard(*row) for row in db.session.execute(query)]
    return page_of(rows, window, lambda one: str(one.id))


def points(centre_id: int, meeting_id: UUID) -> tuple[Point, ...]:
    """Return the agenda with its minutes, in order."""
    rows = db.session.execute(
        select(AgendaItem.title, AgendaItem.minutes)
        .where(AgendaItem.centre_id == centre_id, AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.item_no)
    )
    return tuple(Point(*row) for row in rows)


def attendance(centre_id: int, meeting_id: UUID) -> tuple[Attends, ...]:
    """Return who came, in the order they were noted."""
    rows = db.session.execute(
        select(Attendance.id, Attendance.member_id, Attendance.guest_name)
        .where(Attendance.centre_id == centre_id, Attendance.meeting_id == meeting_id)
        .order_by(Attendance.recorded_at, Attendance.id)
    ).all()
    known = members.names(centre_id, [row.member_id for row in rows])
    return tuple(
        Attends(row.id, known.get(row.member_id) if row.member_id else None, row.guest_name)
        for row in rows
    )


def came(centre_id: int) -> dict[UUID, int]:
    """Return how many came to each meeting."""
    rows = db.session.execute(
        select(Attendance.meeting_id, func.count())
        .where(Attendance.centre_id == centre_id)
        .group_by(Attendance.meeting_id)
    )
    return dict(iter(rows))


# --- changing --------------------------------------------------------------------------------


def create(command: NewMeeting, actor: Actor) -> MeetingCard:
    """Put a meeting into the list; the same id again changes nothing.

    Raises MeetingKnown, Forbidden.
    """
    access.require(actor, "meeting.record")
    known = on(actor.centre_id, command.kind, command.held_on)
    if known is not None and known.id != command.id:
        raise MeetingKnown(field="held_on")
    if known is None and db.session.get(Meeting, (actor.centre_id, command.id)) is None:
        db.session.execute(
            insert(Meeting).values(
                centre_id=actor.centre_id,
                id=command.id,
                kind=command.kind,
                held_on=command.held_on,
                place=command.place,
                note=command.note,
                created_by=actor.user_id,
                created_at=clock.now(),
                version=1,
            )
        )
        _write(actor.centre_id, command.id, tuple(Point(title) for title in command.agenda))
        audit.record(actor, "meeting.created", "meeting", command.id, kind=command.kind)
    return card(actor.centre_id, command.id)


def save(command: SaveMinutes, actor: Actor) -> MeetingCard:
    """Write agenda and minutes anew, unless someone else did meanwhile.

    Raises ChangedMeanwhile, NotFound, Forbidden.
    """
    access.require(actor, "meeting.record")
    centre_id = actor.centre_id
    card(centre_id, command.meeting_id)
    done = db.session.execute(
        update(Meeting)
        .where(
            Meeting.centre_id == centre_id,
            Meeting.id == command.meeting_id,
            Meeting.version == command.version,
        )
        .values(place=command.place, note=command.note, version=Meeting.version + 1)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    db.session.execute(
        delete(AgendaItem).where(
            AgendaItem.centre_id == centre_id, AgendaItem.meeting_id == command.meeting_id
        )
    )
    _write(centre_id, command.meeting_id, command.points)
    audit.record(
        actor, "meeting.minuted", "meeting", command.meeting_id, points=len(command.points)
    )
    return card(centre_id, command.meeting_id)


def attend(command: Attend, actor: Actor) -> None:
    """Note that someone came; noting a member twice changes nothing. Raises NotFound, Forbidden."""
    access.require(actor, "meeting.record")
    centre_id = actor.centre_id
    card(centre_id, command.meeting_id)
    if command.member_id and not members.names(centre_id, [command.member_id]):
        raise NotFound(what="member")
    known = attendance(centre_id, command.meeting_id)
    if any(
        one.id == command.id or (one.member and one.member.id == command.member_id) for one in known
    ):
        return
    db.session.execute(
        insert(Attendance).values(
            centre_id=centre_id,
            id=command.id,
            meeting_id=command.meeting_id,
            member_id=command.member_id,
            guest_name="" if command.member_id else command.guest_name,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )


def leave(meeting_id: UUID, attendance_id: UUID, actor: Actor) -> None:
    """Take a name off the list of those who came. Raises Forbidden."""
    access.require(actor, "meeting.record")
    db.session.execute(
        delete(Attendance).where(
            Attendance.centre_id == actor.centre_id,
            Attendance.meeting_id == meeting_id,
            Attendance.id == attendance_id,
        )
    )


def _write(centre_id: int, meeting_id: UUID, items: tuple[Point, ...]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "centre_id": centre_id,
            "meeting_id": meeting_id,
            "item_no": number,
            "title": point.title,
            "minutes": point.minutes,
        }
        for number, point in enumerate(items, 1)
    ]
    if rows:
        insert_rows(AgendaItem, rows)


def _uuid(key: str) -> UUID:
    found = uuid_or_none(key)
    if found is None:
        raise NotFound(what="page")
    return found
