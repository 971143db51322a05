"""A week's duties: put in, taken out, copied from the week before, published.

What must stay true: what can't be is refused by `members.rules.roster`; a week is changed by one at
a time; a published roster with a day without a cashier says why; a change after it was published
shows at once and is on the trail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.dates import format_date
from core.db import db, serialise_on
from core.errors import ChangedMeanwhile, DomainError, NotFound
from core.ids import uuid7
from members.models import Duty, RosterWeek
from members.rules import roster as rules
from members.services.access import require
from members.services.roster import reading
from members.services.roster.reading import DutyCard, Week


@dataclass(frozen=True, slots=True)
class AddDuty:
    """Ask somebody to work at one time of one day."""

    id: UUID
    worker_id: UUID
    on_date: date
    work_time_id: UUID
    task: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Copied:
    """What of last week came along, and what could not: who and why."""

    copied: int
    left_out: tuple[str, ...]


def add(command: AddDuty, actor: Actor) -> DutyCard:
    """Put a duty in; the same again changes nothing.

    Raises NotAble, OnLeave, TwoAtOnce, NotFound, Forbidden.
    """
    require(actor, "roster.plan")
    monday = rules.monday_of(command.on_date)
    _open(monday, actor)
    week = reading.week(monday, actor)
    for duty in week.duties:
        if duty.id == command.id:
            return duty
    _put(command, week, actor)
    _touch(week, actor, "duty.added")
    return next(one for one in reading.week(monday, actor).duties if one.id == command.id)


def remove(duty_id: UUID, actor: Actor) -> date:
    """Take a duty out; return its week's Monday. Raises NoCashier, NotFound, Forbidden."""
    require(actor, "roster.plan")
    monday = db.session.scalar(
        select(Duty.monday).where(Duty.centre_id == actor.centre_id, Duty.id == duty_id)
    )
    if monday is None:
        raise NotFound(what="duty")
    _open(monday, actor)
    week = reading.week(monday, actor)
    db.session.execute(
        delete(Duty)
        .where(Duty.centre_id == actor.centre_id, Duty.id == duty_id)
        .execution_options(synchronize_session=False)
    )
    bare = [
        day
        for day in reading.week(monday, actor).without_cashier
        if day not in week.without_cashier
    ]
    if bare and week.published_at is not None and not week.no_cashier_reason:
        raise _no_cashier(bare, actor)
    _touch(week, actor, "duty.removed")
    return monday


def copy_last_week(monday: date, actor: Actor) -> Copied:
    """Put in what last week's roster had, but what can't be or stands already. Again adds nothing.

    Raises Forbidden.
    """
    require(actor, "roster.plan")
    monday = rules.monday_of(monday)
    _open(monday, actor)
    before = reading.week(monday - timedelta(days=7), actor)
    now = reading.week(monday, actor)
    there = {(one.worker_id, one.on_date, one.work_time_id) for one in now.duties}
    active = {one.id for one in now.workers if one.active}
    copied, left_out = 0, []
    for duty in before.duties:
        day = duty.on_date + timedelta(days=7)
        if (duty.worker_id, day, duty.work_time_id) in there:
            continue
        command = AddDuty(uuid7(), duty.worker_id, day, duty.work_time_id, duty.task, duty.note)
        try:
            if duty.worker_id not in active:
                raise rules.OnLeave(name=duty.worker)
            _put(command, reading.week(monday, actor), actor)
            copied += 1
        except DomainError:
            left_out.append(f"{duty.worker} {format_date(day, actor.locale)}")
    if copied:
        _touch(now, actor, "roster.copied")
    return Copied(copied, tuple(left_out))


def publish(monday: date, version: int, no_cashier_reason: str, actor: Actor) -> Week:
    """Show a week to everybody. Raises NoCashier, ChangedMeanwhile, Forbidden."""
    require(actor, "roster.plan")
    monday = rules.monday_of(monday)
    _open(monday, actor)
    week = reading.week(monday, actor)
    if week.version != version:
        raise ChangedMeanwhile
    bare = week.without_cashier
    reason = no_cashier_reason.strip()
    if bare and not reason:
        raise _no_cashier(bare, actor)
    db.session.execute(
        update(RosterWeek)
        .where(RosterWeek.centre_id == actor.centre_id, RosterWeek.monday == monday)
        .values(
            published_at=clock.now(),
            published_by=actor.user_id,
            no_cashier_reason=reason,
            version=version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    audit.record(
        actor,
        "roster.published",
        "roster_week",
        monday.isoformat(),
        without_cashier=[day.isoformat() for day in bare],
        reason=reason,
    )
    return reading.week(monday, actor)


def _no_cashier(days: list[date], actor: Actor) -> rules.NoCashier:
    named = ", ".join(format_date(day, actor.locale) for day in days)
    return rules.NoCashier(days=named, field="no_cashier_reason")


def _put(command: AddDuty, week: Week, actor: Actor) -> None:
    worker = next((one for one in week.workers if one.id == command.worker_id), None)
    time = next((one for one in week.times if one.id == command.work_time_id), None)
    if worker is None or time is None:
        raise NotFound(what="worker" if worker is None else "work_time")
    wanted = rules.Planned(
        worker.id, rules.Slot(command.on_date, time.starts_minute, time.ends_minute), command.task
    )
    rules.require_possible(wanted, worker.name, worker.tasks, week.planned, week.off)
    db.session.execute(
        insert(Duty).values(
            centre_id=actor.centre_id,
            id=command.id,
            monday=week.monday,
            on_date=command.on_date,
            worker_id=command.worker_id,
            work_time_id=command.work_time_id,
            task=command.task,
            note=command.note,
        )
    )


def _open(monday: date, actor: Actor) -> None:
    """Let one at a time change a week, which is there from then on."""
    serialise_on(_key(actor.centre_id, monday))
    known = db.session.scalar(
        select(RosterWeek.version).where(
            RosterWeek.centre_id == actor.centre_id, RosterWeek.monday == monday
        )
    )
    if known is None:
        db.session.execute(insert(RosterWeek).values(centre_id=actor.centre_id, monday=monday))


def _key(centre_id: int, monday: date) -> UUID:
    return UUID(int=(centre_id << 32) | monday.toordinal())


def _touch(week: Week, actor: Actor, action: str) -> None:
    db.session.execute(
        update(RosterWeek)
        .where(RosterWeek.centre_id == actor.centre_id, RosterWeek.monday == week.monday)
        .values(version=RosterWeek.version + 1)
        .execution_options(synchronize_session=False)
    )
    if week.published_at is not None:
        audit.record(actor, action, "roster_week", week.monday.isoformat())
