"""What meetings resolved: the word a document names when it needs the meeting's.

What must stay true: a resolution is found only in its own centre, and its words never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from accounting.models import Meeting, Resolution, ResolutionOutcome
from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DifferentContent, DomainError, NotFound
from members.services import access

DROPPED = "dropped"


class ResolutionNoTaken(DomainError):
    """Another resolution of the centre has this number."""

    code, status, title = "resolution-no-taken", 409, N_("Another resolution has this number")
    detail = N_("Look at the minutes; resolutions are numbered like 3/2569.")


class NoSuchResolution(DomainError):
    """The resolution a document names was not minuted here."""

    code, status, title = "no-such-resolution", 422, N_("This resolution is not in the minutes")
    detail = N_("Enter the meeting and its resolution first, then choose it here.")


class ResolutionDropped(DomainError):
    """Nothing new is done under a resolution a later meeting dropped."""

    code, status, title = "resolution-dropped", 409, N_("A later meeting dropped this resolution")
    detail = N_("What was done under it stands. Choose the resolution that holds now.")


class MeetingToCome(DomainError):
    """A meeting resolves nothing before it is held."""

    code, status, title = "meeting-to-come", 409, N_("This meeting was not held yet")
    detail = N_("Minute what it resolves on its day or later.")


class ResolutionSettled(DomainError):
    """Something else was said of this resolution before."""

    code, status, title = "resolution-settled", 409, N_("This resolution is settled already")
    detail = N_("What was said of it stays; a later meeting can resolve anew.")


@dataclass(frozen=True, slots=True)
class NewResolution:
    """A resolution to minute; `resolution_no` is the community's own, e.g. 3/2569."""

    id: UUID
    meeting_id: UUID
    resolution_no: str
    text: str
    owner_name: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class SettleResolution:
    """What came of a resolution: `done`, or `dropped` by a later word."""

    resolution_id: UUID
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ResolutionCard:
    """A resolution with its meeting's day, and what came of it (empty: open)."""

    id: UUID
    meeting_id: UUID
    meeting_kind: str
    resolved_on: date
    resolution_no: str
    text: str
    owner_name: str
    due_on: date | None
    outcome: str


def card(centre_id: int, resolution_id: UUID) -> ResolutionCard:
    """Return a resolution of the centre; raise NoSuchResolution."""
    row = db.session.execute(_cards(centre_id).where(Resolution.id == resolution_id)).one_or_none()
    if row is None:
        raise NoSuchResolution(field="resolution_id")
    return _card(row)


def require_held(centre_id: int, resolution_id: UUID) -> ResolutionCard:
    """Return a resolution for a new document to name; raise NoSuchResolution, ResolutionDropped."""
    found = card(centre_id, resolution_id)
    if found.outcome == DROPPED:
        raise ResolutionDropped(field="resolution_id")
    return found


def listing(
    centre_id: int, meeting_id: UUID | None = None, *, open_only: bool = False
) -> list[ResolutionCard]:
    """Return resolutions, latest meeting first; of one meeting, or only those still open."""
    query = _cards(centre_id)
    if meeting_id is not None:
        query = query.where(Resolution.meeting_id == meeting_id)
    if open_only:
        query = query.where(ResolutionOutcome.kind.is_(None))
    query = query.order_by(Meeting.held_on.desc(), Resolution.recorded_at, Resolution.id)
    return [_card(row) for row in db.session.execute(query)]


def record(command: NewResolution, actor: Actor) -> ResolutionCard:
    """Minute a resolution; the same id again changes nothing.

    Raises ResolutionNoTaken, MeetingToCome, DifferentContent, NotFound, Forbidden.
    """
    access.require(actor, "meeting.record")
    centre_id = actor.centre_id
    meeting = db.session.get(Meeting, (centre_id, command.meeting_id))
    if meeting is None:
        raise NotFound(what="meeting")
    if meeting.held_on > clock.today():
        raise MeetingToCome
    known = db.session.execute(_cards(centre_id).where(Resolution.id == command.id)).one_or_none()
    if known is not None:
        differs = [name for name in _SAID if getattr(known, name) != getattr(command, name)]
        if differs:
            raise DifferentContent(differs=differs)
        return _card(known)
    taken = select(Resolution.id).where(
        Resolution.centre_id == centre_id, Resolution.resolution_no == command.resolution_no
    )
    if db.session.execute(taken).first():
        raise ResolutionNoTaken(field="resolution_no")
    db.session.execute(
        insert(Resolution).values(
            centre_id=centre_id,
            id=command.id,
            meeting_id=command.meeting_id,
            resolution_no=command.resolution_no,
            text=command.text,
            owner_name=command.owner_name,
            due_on=command.due_on,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(
        actor, "resolution.minuted", "resolution", command.id, number=command.resolution_no
    )
    return card(centre_id, command.id)


_SAID = ("meeting_id", "resolution_no", "text", "owner_name", "due_on")


def settle(command: SettleResolution, actor: Actor) -> ResolutionCard:
    """Say what came of a resolution, once; saying the same again changes nothing.

    Raises NoSuchResolution, ResolutionSettled, Forbidden.
    """
    access.require(actor, "meeting.record")
    serialise_on(command.resolution_id)
    known = card(actor.centre_id, command.resolution_id)
    if known.outcome == command.kind:
        return known
    if known.outcome:
        raise ResolutionSettled
    db.session.execute(
        insert(ResolutionOutcome).values(
            centre_id=actor.centre_id,
            resolution_id=command.resolution_id,
            kind=command.kind,
            note=command.note,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(
        actor, "resolution.settled", "resolution", command.resolution_id, outcome=command.kind
    )
    return card(actor.centre_id, command.resolution_id)


def numbers(centre_id: int) -> list[str]:
    """Return the numbers of all resolutions."""
    return list(
        db.session.scalars(
            select(Resolution.resolution_no).where(Resolution.centre_id == centre_id)
        )
    )


def _cards(centre_id: int) -> Any:
    return (
        select(
            Resolution.id,
            Resolution.meeting_id,
            Meeting.kind,
            Meeting.held_on,
            Resolution.resolution_no,
            Resolution.text,
            Resolution.owner_name,
            Resolution.due_on,
            func.coalesce(ResolutionOutcome.kind, ""),
        )
        .join(
            Meeting,
            (Meeting.centre_id == Resolution.centre_id) & (Meeting.id == Resolution.meeting_id),
        )
        .outerjoin(
            ResolutionOutcome,
            (ResolutionOutcome.centre_id == Resolution.centre_id)
            & (ResolutionOutcome.resolution_id == Resolution.id),
        )
        .where(Resolution.centre_id == centre_id)
    )


def _card(row: Any) -> ResolutionCard:
    return ResolutionCard(*row)
