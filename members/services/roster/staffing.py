"""Who can be asked to work, at which times, and when they can't.

What must stay true: a change is made on a look at `version`; a time of work that duties name keeps
its hours, another is made for other hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from members.models import AppUser, DayOff, Duty, RoleGrant, Worker, WorkTime
from members.rules import roster as rules
from members.services.access import require


class TimeInUse(DomainError):
    """Duties stand at this time of work, so its hours stay as they are."""

    code, status, title = "work-time-in-use", 409, N_("Duties are planned at this time")
    detail = N_("Put it out of use and add another with the new hours.")


class UserTaken(DomainError):
    """The user is somebody else in the list of those who work."""

    code, status, title = "worker-user-taken", 409, N_("Somebody else signs in with this name")
    detail = N_("Each user stands once in the list. Choose another, or none.")


class DaysMixed(DomainError):
    """Days off end on or after the day they begin, and no later than a year after it."""

    code, status, title = "days-mixed", 422, N_("The last day is before the first, or too late")
    detail = N_("Enter days in their order, a year at the most.")


@dataclass(frozen=True, slots=True)
class SaveTime:
    """A time of work, new (version 0) or changed."""

    id: UUID
    name: str
    starts_minute: int
    ends_minute: int
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class SaveWorker:
    """Somebody who can be asked to work, new (version 0) or changed."""

    id: UUID
    name: str
    tasks: tuple[str, ...]
    user_id: UUID | None = None
    hourly_satang: int = 0
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class TakeOff:
    """Days on which somebody is on leave, can't come, or would rather not."""

    id: UUID
    worker_id: UUID
    kind: str
    first_day: date
    last_day: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimeCard:
    """A time of work."""

    id: UUID
    name: str
    starts_minute: int
    ends_minute: int
    active: bool
    version: int

    @property
    def hours(self) -> str:
        return f"{rules.clock_of(self.starts_minute)}–{rules.clock_of(self.ends_minute)}"


@dataclass(frozen=True, slots=True)
class WorkerCard:
    """Somebody who works."""

    id: UUID
    name: str
    user_id: UUID | None
    tasks: tuple[str, ...]
    hourly_satang: int
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class OffCard:
    """Days off of somebody."""

    id: UUID
    worker_id: UUID
    worker: str
    kind: str
    first_day: date
    last_day: date
    note: str


def save_time(command: SaveTime, actor: Actor) -> None:
    """Add or change a time of work. Raises TimesMixed, TimeInUse, ChangedMeanwhile, Forbidden."""
    require(actor, "roster.plan")
    if not 0 <= command.starts_minute < command.ends_minute <= 24 * 60:
        raise rules.TimesMixed(field="ends")
    values = {
        "name": command.name,
        "starts_minute": command.starts_minute,
        "ends_minute": command.ends_minute,
        "active": command.active,
    }
    known = {card.id: card for card in times(actor.centre_id)}.get(command.id)
    if known is None:
        db.session.execute(
            insert(WorkTime).values(
                centre_id=actor.centre_id, id=command.id, **(values | {"active": True})
            )
        )
        return
    if known.version == 1 and command.version == 0:
        return  # the same form once more
    moved = (known.starts_minute, known.ends_minute) != (command.starts_minute, command.ends_minute)
    if moved and _has_duties(actor.centre_id, command.id):
        raise TimeInUse(field="starts")
    _update(WorkTime, command.id, command.version, values, actor)


def save_worker(command: SaveWorker, actor: Actor) -> None:
    """Add or change somebody who works. Raises UserTaken, ChangedMeanwhile, NotFound, Forbidden."""
    require(actor, "roster.plan")
    everybody = {card.id: card for card in workers(actor.centre_id)}
    if command.user_id is not None:
        _require_colleague(command.user_id, actor.centre_id)
        if any(
            one.user_id == command.user_id and one.id != command.id for one in everybody.values()
        ):
            raise UserTaken(field="user_id")
    values = {
        "name": command.name,
        "tasks": list(command.tasks),
        "user_id": command.user_id,
        "hourly_satang": command.hourly_satang,
        "active": command.active,
    }
    known = everybody.get(command.id)
    if known is None:
        db.session.execute(
            insert(Worker).values(
                centre_id=actor.centre_id, id=command.id, **(values | {"active": True})
            )
        )
        audit.record(actor, "worker.entered", "worker", command.id)
    elif not (known.version == 1 and command.version == 0):
        _update(Worker, command.id, command.version, values, actor)
        audit.record(actor, "worker.changed", "worker", command.id)


def take_off(command: TakeOff, actor: Actor) -> None:
    """Note days off: a planner anybody's, everybody their own. The same again changes nothing.

    Raises DaysMixed, NotFound, Forbidden.
    """
    _require_own_or_planner(command.worker_id, actor)
    if not 0 <= (command.last_day - command.first_day).days <= 366:
        raise DaysMixed(field="last_day")
    known = select(DayOff.id).where(DayOff.centre_id == actor.centre_id, DayOff.id == command.id)
    if db.session.scalar(known) is not None:
        return
    db.session.execute(
        insert(DayOff).values(
            centre_id=actor.centre_id,
            id=command.id,
            worker_id=command.worker_id,
            kind=command.kind,
            first_day=command.first_day,
            last_day=command.last_day,
            note=command.note,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
        )
    )


def come_after_all(off_id: UUID, actor: Actor) -> None:
    """Take days off away again. Raises NotFound, Forbidden."""
    worker_id = db.session.scalar(
        select(DayOff.worker_id).where(DayOff.centre_id == actor.centre_id, DayOff.id == off_id)
    )
    if worker_id is None:
        raise NotFound(what="day_off")
    _require_own_or_planner(worker_id, actor)
    db.session.execute(
        delete(DayOff)
        .where(DayOff.centre_id == actor.centre_id, DayOff.id == off_id)
        .execution_options(synchronize_session=False)
    )


def times(centre_id: int) -> list[TimeCard]:
    """Return the times of work, by their beginning."""
    rows = db.session.execute(
        select(*(getattr(WorkTime, name) for name in TimeCard.__dataclass_fields__))
        .where(WorkTime.centre_id == centre_id)
        .order_by(WorkTime.starts_minute, WorkTime.ends_minute, WorkTime.id)
    )
    return [TimeCard(*row) for row in rows]


def workers(centre_id: int) -> list[WorkerCard]:
    """Return everybody who can be asked to work, by name."""
    rows = db.session.execute(
        select(*(getattr(Worker, name) for name in WorkerCard.__dataclass_fields__))
        .where(Worker.centre_id == centre_id)
        .order_by(Worker.name, Worker.id)
    )
    return [
        WorkerCard(row[0], row[1], row[2], tuple(row[3]), *row[4:])  # JSON gives a list
        for row in rows
    ]


def own(actor: Actor) -> WorkerCard | None:
    """Return who the actor is in the list, if anybody."""
    mine = (one for one in workers(actor.centre_id) if one.user_id == actor.user_id)
    return next(mine, None) if actor.user_id is not None else None


def days_off(centre_id: int, since: date, worker_id: UUID | None = None) -> list[OffCard]:
    """Return days off that end on a day or later, by day."""
    query = (
        select(
            DayOff.id,
            DayOff.worker_id,
            Worker.name,
            DayOff.kind,
            DayOff.first_day,
            DayOff.last_day,
            DayOff.note,
        )
        .join(Worker, (Worker.centre_id == DayOff.centre_id) & (Worker.id == DayOff.worker_id))
        .where(DayOff.centre_id == centre_id, DayOff.last_day >= since)
        .order_by(DayOff.first_day, Worker.name, DayOff.id)
        .limit(500)
    )
    if worker_id is not None:
        query = query.where(DayOff.worker_id == worker_id)
    return [OffCard(*row) for row in db.session.execute(query)]


def colleagues(centre_id: int) -> list[tuple[UUID, str]]:
    """Return those who sign in here and may be named in the list, by name."""
    rows = db.session.execute(
        select(AppUser.id, AppUser.display_name)
        .join(RoleGrant, RoleGrant.user_id == AppUser.id)
        .where(RoleGrant.centre_id == centre_id, RoleGrant.role != "producer", AppUser.active)
        .distinct()
        .order_by(AppUser.display_name, AppUser.id)
    )
    return [(row.id, row.display_name) for row in rows]


def _require_colleague(user_id: UUID, centre_id: int) -> None:
    if user_id not in dict(colleagues(centre_id)):
        raise NotFound(what="user")


def _require_own_or_planner(worker_id: UUID, actor: Actor) -> None:
    found = {one.id: one for one in workers(actor.centre_id)}.get(worker_id)
    if found is None:
        raise NotFound(what="worker")
    mine = actor.user_id is not None and found.user_id == actor.user_id
    require(actor, "roster.read" if mine else "roster.plan")


def _has_duties(centre_id: int, time_id: UUID) -> bool:
    query = select(Duty.id).where(Duty.centre_id == centre_id, Duty.work_time_id == time_id)
    return db.session.scalar(query.limit(1)) is not None


def _update(
    model: type[WorkTime | Worker],
    row_id: UUID,
    version: int,
    values: Mapping[str, object],
    actor: Actor,
) -> None:
    done = db.session.execute(
        update(model)
        .where(model.centre_id == actor.centre_id, model.id == row_id, model.version == version)
        .values(**values, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
