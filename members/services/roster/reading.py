"""A week's roster as people read it: who works when, what is missing, what it comes to.

What must stay true: hours and wages are sums of what is planned, nothing is paid by them; who may
not plan sees published weeks only, and everybody's own duties are found by the own account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from members.models import Duty, RosterWeek
from members.rules import roster as rules
from members.rules.roles import allowed
from members.services.access import require
from members.services.roster import staffing
from members.services.roster.staffing import TimeCard, WorkerCard


@dataclass(frozen=True, slots=True)
class DutyCard:
    """A duty with its names."""

    id: UUID
    on_date: date
    worker_id: UUID
    worker: str
    work_time_id: UUID
    time: TimeCard
    task: str
    note: str

    @property
    def planned(self) -> rules.Planned:
        slot = rules.Slot(self.on_date, self.time.starts_minute, self.time.ends_minute)
        return rules.Planned(self.worker_id, slot, self.task)


@dataclass(frozen=True, slots=True)
class Hours:
    """What somebody's week comes to."""

    worker: WorkerCard
    minutes: int
    wage_satang: int

    @property
    def too_many(self) -> bool:
        return self.minutes > rules.MINUTES_A_WEEK


@dataclass(frozen=True, slots=True)
class Week:
    """A week with everything its page needs."""

    monday: date
    version: int
    published_at: datetime | None
    no_cashier_reason: str
    times: tuple[TimeCard, ...]
    workers: tuple[WorkerCard, ...]
    duties: tuple[DutyCard, ...]
    off: tuple[rules.Off, ...]

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=n) for n in range(7)]

    @property
    def planned(self) -> list[rules.Planned]:
        return [duty.planned for duty in self.duties]

    @property
    def without_cashier(self) -> list[date]:
        cant_come = {duty.planned for duty in self.no_longer_possible}
        return rules.days_without_cashier(self.monday, self.planned, cant_come)

    @property
    def against_wishes(self) -> list[DutyCard]:
        """Duties on days somebody would rather not work."""
        wishes = [one for one in self.off if one.kind == "wish"]
        return [
            duty
            for duty in self.duties
            if any(one.worker_id == duty.worker_id and one.covers(duty.on_date) for one in wishes)
        ]

    @property
    def no_longer_possible(self) -> list[DutyCard]:
        """Duties of people who have taken leave, unlearnt the work or left since."""
        away = [one for one in self.off if one.kind != "wish"]
        tasks = {one.id: one.tasks for one in self.workers if one.active}
        return [
            duty
            for duty in self.duties
            if duty.task not in tasks.get(duty.worker_id, ())
            or any(one.worker_id == duty.worker_id and one.covers(duty.on_date) for one in away)
        ]

    @property
    def hours(self) -> list[Hours]:
        minutes = rules.minutes_by_worker(self.planned)
        return [
            Hours(one, minutes[one.id], rules.wage(minutes[one.id], one.hourly_satang))
            for one in self.workers
            if one.id in minutes
        ]

    def at(self, worker_id: UUID, day: date) -> list[DutyCard]:
        return [duty for duty in self.duties if (duty.worker_id, duty.on_date) == (worker_id, day)]

    def off_on(self, worker_id: UUID, day: date) -> str:
        """Return why somebody is off on a day, the strongest word first; empty when not."""
        kinds = {one.kind for one in self.off if one.worker_id == worker_id and one.covers(day)}
        return next((kind for kind in ("leave", "unavailable", "wish") if kind in kinds), "")


def week(day: date, actor: Actor) -> Week:
    """Return the week a day is in; who may not plan sees it empty until it is published."""
    require(actor, "roster.read")
    centre_id, monday = actor.centre_id, rules.monday_of(day)
    found = db.session.execute(
        select(RosterWeek.version, RosterWeek.published_at, RosterWeek.no_cashier_reason).where(
            RosterWeek.centre_id == centre_id, RosterWeek.monday == monday
        )
    ).one_or_none()
    version, published_at, reason = found or (0, None, "")
    hidden = published_at is None and not allowed(actor.roles, "roster.plan")
    times = staffing.times(centre_id)
    workers = staffing.workers(centre_id)
    sunday = monday + timedelta(days=6)
    duties = [] if hidden else _duties(centre_id, monday, sunday, times, workers)
    off = [
        rules.Off(one.worker_id, one.kind, one.first_day, one.last_day)
        for one in staffing.days_off(centre_id, monday)
        if one.first_day <= sunday
    ]
    there = {duty.worker_id for duty in duties}
    return Week(
        monday=monday,
        version=version,
        published_at=published_at,
        no_cashier_reason=reason,
        times=tuple(times),
        workers=tuple(one for one in workers if one.active or one.id in there),
        duties=tuple(duties),
        off=tuple(off),
    )


def mine(actor: Actor, days: int = 28) -> list[DutyCard]:
    """Return the actor's own published duties from today on."""
    require(actor, "roster.read")
    me = staffing.own(actor)
    if me is None:
        return []
    today = clock.today()
    published = select(RosterWeek.monday).where(
        RosterWeek.centre_id == actor.centre_id, RosterWeek.published_at.is_not(None)
    )
    weeks = set(db.session.scalars(published.where(RosterWeek.monday > today - timedelta(days=7))))
    last = today + timedelta(days=days)
    times, workers = staffing.times(actor.centre_id), [me]
    return [
        duty
        for duty in _duties(actor.centre_id, today, last, times, workers)
        if rules.monday_of(duty.on_date) in weeks
    ]


def _duties(
    centre_id: int,
    first: date,
    last: date,
    times: list[TimeCard],
    workers: list[WorkerCard],
) -> list[DutyCard]:
    time_of = {one.id: one for one in times}
    name_of = {one.id: one.name for one in workers}
    rows = db.session.execute(
        select(Duty.id, Duty.on_date, Duty.worker_id, Duty.work_time_id, Duty.task, Duty.note)
        .where(
            Duty.centre_id == centre_id,
            Duty.on_date.between(first, last),
            Duty.worker_id.in_(name_of),
        )
        .order_by(Duty.on_date)
    ).all()
    cards = [
        DutyCard(
            row.id,
            row.on_date,
            row.worker_id,
            name_of[row.worker_id],
            row.work_time_id,
            time_of[row.work_time_id],
            row.task,
            row.note,
        )
        for row in rows
    ]
    return sorted(cards, key=lambda one: (one.on_date, one.time.starts_minute, one.worker))
