"""Which days of a period are added up and still hold, and which must be read from documents.

A document belongs to the business day of its shift and is never taken away, so a day holds as long
as it has as many documents as were added up. Once every shift of the day is counted only late ones
can come, and those have an index of their own: a page asks for the few late ones of its period and
for the few days whose shifts were still open, never for all sales.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from core import clock
from core.db import db
from pos.models import DayRoll, Refund, Sale, Shift
from pos.rules.day_figures import Days, month_end

LIVE_SALES_MAX = 8_000
"""So many documents of days that are not added up may a page read; the worker sees to the rest."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The documents of a day: all, the late ones, and whether all its shifts are counted."""

    documents: int
    late: int
    counted: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the figures of each day of a period come from."""

    days: Days
    months: tuple[date, ...]
    """First days of whole months that are added up."""
    kept: tuple[date, ...]
    """Days that are added up, outside of those months."""
    live: tuple[date, ...]
    """Days to be read from their documents."""
    waiting: tuple[date, ...]
    """Days for which the worker must come first: too many documents to read for a page."""


def of(centre_id: int, days: Days) -> Standing:
    """Return where the figures of a period come from."""
    traded = _traded(centre_id, days)
    rolls = _rolls(centre_id, days)
    holding = _holding(centre_id, days, rolls)
    open_days = sorted((traded | rolls.keys()) - holding, reverse=True)
    broken = {day.replace(day=1) for day in open_days}
    whole = tuple(one for one in _months(centre_id, days) if one not in broken)
    kept = tuple(day for day in sorted(holding) if day.replace(day=1) not in whole)
    live, waiting = _affordable(centre_id, open_days)
    return Standing(days, whole, kept, live, waiting)


def kept_days(centre_id: int, days: Days) -> tuple[date, ...]:
    """Return the days of a period whose kept figures hold."""
    return tuple(sorted(_holding(centre_id, days, _rolls(centre_id, days))))


def due_before(centre_id: int, today: date) -> tuple[date, ...]:
    """Return the days before a day that are not added up, or no longer hold."""
    first = first_day(centre_id)
    if first is None or first >= today:
        return ()
    days = Days(first, date.fromordinal(today.toordinal() - 1))
    rolls = _rolls(centre_id, days)
    holding = _holding(centre_id, days, rolls)
    # One whose last shift was counted since is added up once more: then it holds for good.
    open_then = [day for day, one in rolls.items() if not one.counted]
    settled = set(open_then) - _uncounted(centre_id, open_then)
    return tuple(sorted((_traded(centre_id, days) - holding) | settled))


def first_day(centre_id: int) -> date | None:
    """Return the business day of a centre's first shift; None before there is one."""
    return db.session.scalar(
        select(func.min(Shift.business_date)).where(Shift.centre_id == centre_id)
    )


def seen(centre_id: int, day: date) -> Seen:
    """Return the documents of a day as they are now."""
    days = Days(day, day)
    documents = sum(_counts(centre_id, [day]).values())
    late = _late(centre_id, days).get(day, 0)
    return Seen(documents, late, not _uncounted(centre_id, [day]))


def all_rolled(centre_id: int, days: Days) -> bool:
    """Tell whether every day of a period that had a shift is added up."""
    return _traded(centre_id, days) <= _rolls(centre_id, days).keys()


def _traded(centre_id: int, days: Days) -> set[date]:
    """Return the days that had a shift: no other has a document."""
    query = (
        select(Shift.business_date)
        .distinct()
        .where(Shift.centre_id == centre_id, Shift.business_date.between(days.first, days.last))
    )
    return set(db.session.scalars(query))


def _rolls(centre_id: int, days: Days) -> dict[date, Seen]:
    query = select(DayRoll.day, DayRoll.documents, DayRoll.late, DayRoll.counted).where(
        DayRoll.centre_id == centre_id,
        DayRoll.span == "day",
        DayRoll.day.between(days.first, days.last),
    )
    rows: Any = db.session.execute(query)
    return {day: Seen(*rest) for day, *rest in rows}


def _months(centre_id: int, days: Days) -> tuple[date, ...]:
    """Return the months added up that lie whole in a period."""
    query = select(DayRoll.day).where(
        DayRoll.centre_id == centre_id,
        DayRoll.span == "month",
        DayRoll.day.between(days.first, days.last),
    )
    found = sorted(db.session.scalars(query))
    return tuple(one for one in found if month_end(one) <= days.last)


def _holding(centre_id: int, days: Days, rolls: dict[date, Seen]) -> set[date]:
    late = _late(centre_id, days)
    open_then = [day for day, one in rolls.items() if not one.counted]
    counts = _counts(centre_id, open_then)
    today = clock.today()
    return {
        day
        for day, one in rolls.items()
        if day < today
        and one.late == late.get(day, 0)
        and (one.counted or one.documents == counts.get(day, 0))
    }


def _late(centre_id: int, days: Days) -> dict[date, int]:
    found: dict[date, int] = {}
    for table in (Sale, Refund):
        what: Any = table
        query = (
            select(what.business_date, func.count())
            .where(
                what.centre_id == centre_id,
                what.late,
                what.business_date.between(days.first, days.last),
            )
            .group_by(what.business_date)
        )
        for day, count in db.session.execute(query):
            found[day] = found.get(day, 0) + count
    return found


def _counts(centre_id: int, days: Collection[date]) -> dict[date, int]:
    """Return how many documents some days have: counted in the index, no row is read."""
    found: dict[date, int] = {}
    if not days:
        return found
    for table in (Sale, Refund):
        what: Any = table
        query = (
            select(what.business_date, func.count())
            .where(what.centre_id == centre_id, what.business_date.in_(sorted(days)))
            .group_by(what.business_date)
        )
        for day, count in db.session.execute(query):
            found[day] = found.get(day, 0) + count
    return found


def _uncounted(centre_id: int, days: Collection[date]) -> set[date]:
    """Return those of some days that have a shift still open."""
    if not days:
        return set()
    query = select(Shift.business_date).where(
        Shift.centre_id == centre_id,
        Shift.business_date.in_(sorted(days)),
        Shift.closed_at.is_(None),
    )
    return set(db.session.scalars(query))


def _affordable(centre_id: int, days: list[date]) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Part days, the latest first, into those a page may read and those it may not."""
    counts = _counts(centre_id, days[:31])
    today, left = clock.today(), LIVE_SALES_MAX
    live, waiting = [], []
    for place, day in enumerate(days):
        left -= counts.get(day, 0)
        # Today is read whatever it holds: nobody adds it up before it is over.
        if day >= today or (left >= 0 and place < 31):
            live.append(day)
        else:
            waiting.append(day)
    return tuple(sorted(live)), tuple(sorted(waiting))
