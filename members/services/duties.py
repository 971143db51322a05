"""Keep two duties apart, or write down that one person did both, under which waiver.

What must stay true: `require_apart` is the only way to let one person do both of a waivable pair;
each use is a row that names waiver, document and person; a waiver never changes, it ends.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid7, uuid_or_none
from core.paging import Page, Window, page_of
from members.models import DutyWaiver, DutyWaiverEnd, DutyWaiverUse
from members.rules import duties as rules
from members.services.access import require


class WaiverDiffers(DifferentContent):
    """The waiver's id came again with other content."""

    code, title = "waiver-differs", N_("This waiver was already recorded with other content")


@dataclass(frozen=True, slots=True)
class Document:
    """What is approved, as the list of uses names it."""

    type: str
    id: UUID
    number: str = ""


@dataclass(frozen=True, slots=True)
class RecordWaiver:
    """Let one person do both of some pairs, until a day."""

    id: UUID
    pairs: tuple[str, ...]
    reason: str
    valid_from: date
    valid_until: date
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class WaiverDoc:
    """A waiver as people read it."""

    id: UUID
    pairs: tuple[str, ...]
    reason: str
    resolution: str
    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    recorded_name: str
    ended_at: datetime | None
    ended_name: str
    ended_reason: str

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on a day (today: an end counts at once)."""
        last = self.valid_until or date.max
        return self.ended_at is None and self.valid_from <= day <= last


@dataclass(frozen=True, slots=True)
class UseDoc:
    """One document in which one person did both."""

    id: UUID
    waiver_id: UUID
    pair: str
    document_type: str
    document_id: UUID
    document_no: str
    facts: tuple[str, ...]
    used_at: datetime
    used_name: str


def require_apart(
    pair: str,
    done_by: Collection[UUID | None],
    document: Document,
    actor: Actor,
    refusal: type[DomainError],
    facts: Sequence[str] = (),
) -> str:
    """Return "" when somebody else did the first duty; else the waiver's reason, its use noted.

    Nobody's work (None) counts as one's own. Raises `refusal` where no waiver holds today.
    """
    assert rules.BY_KEY[pair].waivable
    if actor.user_id is not None and actor.user_id not in done_by and None not in done_by:
        return ""
    waiver = in_force(actor.centre_id, pair)
    if waiver is None:
        raise refusal(pair=pair)
    serialise_on(document.id)
    known = db.session.scalar(
        select(DutyWaiverUse.id).where(
            DutyWaiverUse.centre_id == actor.centre_id,
            DutyWaiverUse.pair == pair,
            DutyWaiverUse.document_type == document.type,
            DutyWaiverUse.document_id == document.id,
            DutyWaiverUse.used_by == actor.user_id,
        )
    )
    if known is None:
        db.session.execute(
            insert(DutyWaiverUse).values(
                centre_id=actor.centre_id,
                id=uuid7(),
                waiver_id=waiver.id,
                pair=pair,
                document_type=document.type,
                document_id=document.id,
                document_no=document.number,
                facts=list(facts),
                used_at=clock.now(),
                used_by=actor.user_id,
                used_name=actor.name,
            )
        )
    return waiver.reason


def in_force(centre_id: int, pair: str) -> WaiverDoc | None:
    """Return the waiver of a pair that holds today, the newest if there are several."""
    today = clock.today()
    for waiver in _waivers(centre_id):
        if pair in waiver.pairs and waiver.holds_on(today):
            return waiver
    return None


def record(command: RecordWaiver, actor: Actor) -> WaiverDoc:
    """Record a waiver; the same again changes nothing.

    Raises WaiverNamesNothing, WaiverUnexplained, WaiverTooLong, WaiverDiffers, Forbidden.
    """
    require(actor, "duty_waiver.record")
    serialise_on(command.id)
    content = content_of(command)
    digest = digest_of(content)
    earlier = db.session.scalar(
        select(DutyWaiver.digest).where(
            DutyWaiver.centre_id == actor.centre_id, DutyWaiver.id == command.id
        )
    )
    if earlier is not None:
        if earlier != digest:
            raise WaiverDiffers
        return get(command.id, actor)
    rules.require_sound(
        command.pairs, command.reason, command.valid_from, command.valid_until, clock.today()
    )
    db.session.execute(
        insert(DutyWaiver).values(
            centre_id=actor.centre_id,
            id=command.id,
            pairs=[key for key in rules.WAIVABLE if key in command.pairs],
            reason=command.reason.strip(),
            resolution=command.resolution.strip(),
            valid_from=command.valid_from,
            valid_until=command.valid_until,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest,
            content=content,
        )
    )
    audit.record(actor, "duty_waiver.recorded", "duty_waiver", command.id, pairs=[*command.pairs])
    return get(command.id, actor)


def end(waiver_id: UUID, reason: str, actor: Actor) -> WaiverDoc:
    """End a waiver today; again changes nothing. Raises WaiverUnexplained, NotFound, Forbidden."""
    require(actor, "duty_waiver.record")
    serialise_on(waiver_id)
    waiver = get(waiver_id, actor)
    if waiver.ended_at is not None:
        return waiver
    if not reason.strip():
        raise rules.WaiverUnexplained(field="reason")
    db.session.execute(
        insert(DutyWaiverEnd).values(
            centre_id=actor.centre_id,
            waiver_id=waiver_id,
            reason=reason.strip(),
            ended_at=clock.now(),
            ended_by=actor.user_id,
            ended_name=actor.name,
        )
    )
    audit.record(actor, "duty_waiver.ended", "duty_waiver", waiver_id)
    return get(waiver_id, actor)


def listing(actor: Actor) -> list[WaiverDoc]:
    """Return every waiver, newest first: a centre has a few."""
    require(actor, "duty_waiver.read")
    return _waivers(actor.centre_id)


def get(waiver_id: UUID, actor: Actor) -> WaiverDoc:
    """Return one waiver; raise NotFound."""
    require(actor, "duty_waiver.read")
    for waiver in _waivers(actor.centre_id):
        if waiver.id == waiver_id:
            return waiver
    raise NotFound(what="duty_waiver")


def uses(actor: Actor, window: Window, pair: str = "") -> Page[UseDoc]:
    """Return each use of a waiver, newest first."""
    require(actor, "duty_waiver.read")
    query = select(*_USE).where(DutyWaiverUse.centre_id == actor.centre_id)
    if pair:
        query = query.where(DutyWaiverUse.pair == pair)
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(DutyWaiverUse.id < last)
    rows = db.session.execute(query.order_by(DutyWaiverUse.id.desc()).limit(window.limit + 1))
    return page_of([_use(row) for row in rows], window, lambda one: str(one.id))


def every_use(actor: Actor, pair: str = "") -> list[UseDoc]:
    """Return all uses for a file, oldest first."""
    require(actor, "duty_waiver.read")
    query = select(*_USE).where(DutyWaiverUse.centre_id == actor.centre_id)
    if pair:
        query = query.where(DutyWaiverUse.pair == pair)
    return [_use(row) for row in db.session.execute(query.order_by(DutyWaiverUse.id))]


_USE = tuple(getattr(DutyWaiverUse, name) for name in UseDoc.__dataclass_fields__)


def _use(row: Any) -> UseDoc:
    values = dict(zip(UseDoc.__dataclass_fields__, row, strict=True))
    return UseDoc(**(values | {"facts": tuple(values["facts"])}))


def _waivers(centre_id: int) -> list[WaiverDoc]:
    rows = db.session.execute(
        select(DutyWaiver, DutyWaiverEnd)
        .outerjoin(
            DutyWaiverEnd,
            (DutyWaiverEnd.centre_id == DutyWaiver.centre_id)
            & (DutyWaiverEnd.waiver_id == DutyWaiver.id),
        )
        .where(DutyWaiver.centre_id == centre_id)
        .order_by(DutyWaiver.recorded_at.desc(), DutyWaiver.id.desc())
    ).all()
    return [
        WaiverDoc(
            id=waiver.id,
            pairs=tuple(waiver.pairs),
            reason=waiver.reason,
            resolution=waiver.resolution,
            valid_from=waiver.valid_from,
            valid_until=waiver.valid_until,
            recorded_at=waiver.recorded_at,
            recorded_name=waiver.recorded_name,
            ended_at=ended.ended_at if ended else None,
            ended_name=ended.ended_name if ended else "",
            ended_reason=ended.reason if ended else "",
        )
        for waiver, ended in rows
    ]
