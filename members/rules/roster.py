"""The duty roster's rules: who can be asked, what stands against it, which day has no cashier.

What must stay true: nobody is in two places at once, nobody works on leave or at what they can't
do (refused); a wish is only warned of; a day on which somebody works and nobody minds a till is
always named. Pure; minutes after midnight, money in satang.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core.errors import N_, DomainError
from core.money import half_up_div

TILL = "till"
TIME_PATTERN = r"([01]?[0-9]|2[0-3])[:.][0-5][0-9]|24[:.]00"
MINUTES_A_WEEK = 48 * 60
"""More than 48 hours a week is against section 23 of the Labour Protection Act B.E. 2541."""


class TwoAtOnce(DomainError):
    """Somebody would work in two places at the same time."""

    code, status, title = "two-at-once", 409, N_("This person already works at that time")
    detail = N_("%(name)s has another duty then. Take that one away first, or ask somebody else.")


class OnLeave(DomainError):
    """Somebody is on leave or can't come that day."""

    code, status, title = "on-leave", 409, N_("This person is not there that day")
    detail = N_("%(name)s is on leave or can't come. Ask somebody else.")


class NotAble(DomainError):
    """Somebody can't do that work."""

    code, status, title = "not-able", 409, N_("This person doesn't do this work")
    detail = N_("%(name)s: choose other work, or add it to what the person can do.")


class NoCashier(DomainError):
    """A roster with days without a cashier is published only for a reason."""

    code, status, title = "no-cashier", 409, N_("The roster has days without a cashier")
    detail = N_("%(days)s: put somebody at the till, or write why nobody is needed.")


class TimesMixed(DomainError):
    """A time of work ends after it begins, on the same day."""

    code, status, title = "times-mixed", 422, N_("The end must be after the beginning")
    detail = N_("Enter both as hours and minutes, such as 08:00 and 12:00.")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of a day."""

    on_date: date
    starts_minute: int
    ends_minute: int

    @property
    def minutes(self) -> int:
        return self.ends_minute - self.starts_minute


@dataclass(frozen=True, slots=True)
class Off:
    """Days somebody is not there (`leave`, `unavailable`) or would rather not be (`wish`)."""

    worker_id: UUID
    kind: str
    first_day: date
    last_day: date

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Planned:
    """A duty as the rules see it."""

    worker_id: UUID
    slot: Slot
    task: str


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def minutes_of(text: str) -> int:
    """Return minutes after midnight for 8:30, 08.30 or 24:00."""
    hours, _, minutes = text.replace(".", ":").partition(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minute: int) -> str:
    """Return 08:30 for 510."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def overlap(one: Slot, other: Slot) -> bool:
    """Tell whether two times of a day share a minute."""
    return (
        one.on_date == other.on_date
        and one.starts_minute < other.ends_minute
        and other.starts_minute < one.ends_minute
    )


def require_possible(
    wanted: Planned, name: str, tasks: Iterable[str], others: Iterable[Planned], off: Iterable[Off]
) -> None:
    """Refuse a duty that can't be: NotAble, OnLeave, TwoAtOnce."""
    if wanted.task not in set(tasks):
        raise NotAble(name=name)
    mine = [one for one in off if one.worker_id == wanted.worker_id]
    if any(one.kind != "wish" and one.covers(wanted.slot.on_date) for one in mine):
        raise OnLeave(name=name)
    if any(one.worker_id == wanted.worker_id and overlap(one.slot, wanted.slot) for one in others):
        raise TwoAtOnce(name=name)


def days_without_cashier(
    monday: date, planned: Sequence[Planned], cant_come: Collection[Planned] = ()
) -> list[date]:
    """Return the days of a week on which nobody minds a till; who can't come minds none.

    A day on which nobody works at all is a day the centre is shut, but a week nobody works in is
    a roster without cashiers: all of its days.
    """
    week = [monday + timedelta(days=n) for n in range(7)]
    worked = {one.slot.on_date for one in planned} or set(week)
    minded = {one.slot.on_date for one in planned if one.task == TILL and one not in cant_come}
    return [day for day in week if day in worked - minded]


def minutes_by_worker(planned: Iterable[Planned]) -> dict[UUID, int]:
    """Return how long each works."""
    found: dict[UUID, int] = {}
    for one in planned:
        found[one.worker_id] = found.get(one.worker_id, 0) + one.slot.minutes
    return found


def wage(minutes: int, hourly_satang: int) -> int:
    """Return what so many minutes come to, to the satang: a hint, nothing is paid by it."""
    return half_up_div(minutes * hourly_satang, 60)
