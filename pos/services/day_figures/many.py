"""The takings of many centres by day, for a network: kept days, and documents of the others.

What must stay true: the statements don't grow with the centres, nor what they read with the sales
of days that are added up. A day holds as in `standing`: every shift of it counted, and as many
late documents as were added up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select, tuple_

from core import clock
from core.db import db, sum_int
from pos.models import DayFigure, DayRoll, Refund, Sale, Shift
from pos.rules.day_figures import TOTAL, Days

PAIRS_AT_A_TIME = 500
Place = tuple[int, date]
"""A centre and a day."""
Takings = tuple[int, date, int, int]
"""Centre, day, sales, and what they brought less what was given back."""


def takings(centre_ids: Collection[int], days: Days) -> list[Takings]:
    """Return the takings of each day of some centres; whoever asks was checked before."""
    ids = sorted(centre_ids)
    late = _late(ids, days)
    added_up: dict[Place, int] = {
        (centre, day): count for centre, day, count in db.session.execute(_rolls(ids, days))
    }
    old = {place for place in {*late, *added_up} if late.get(place, 0) != added_up.get(place, 0)}
    kept = [row for row in db.session.execute(_kept(ids, days)) if (row[0], row[1]) not in old]
    found: list[Takings] = [(centre, day, sales, net) for centre, day, sales, net in kept]
    found += _of_documents(_living(ids, days))
    # Of a day that is not added up the late ones were read with the others.
    again = sorted(old & added_up.keys())
    for start in range(0, len(again), PAIRS_AT_A_TIME):
        found += _of_places(again[start : start + PAIRS_AT_A_TIME])
    return found


def _holds(ids: list[int], days: Days) -> tuple[Any, ...]:
    """The days that are added up and whose shifts were all counted then."""
    return (
        DayRoll.centre_id.in_(ids),
        DayRoll.span == "day",
        DayRoll.day.between(days.first, days.last),
        DayRoll.day < clock.today(),
        DayRoll.counted,
    )


def _rolls(ids: list[int], days: Days) -> Any:
    return select(DayRoll.centre_id, DayRoll.day, DayRoll.late).where(*_holds(ids, days))


def _kept(ids: list[int], days: Days) -> Any:
    return (
        select(
            *(DayFigure.centre_id, DayFigure.day, DayFigure.sales),
            DayFigure.taken_satang - DayFigure.back_satang,
        )
        .join(
            DayRoll,
            and_(
                DayRoll.centre_id == DayFigure.centre_id,
                DayRoll.span == DayFigure.span,
                DayRoll.day == DayFigure.day,
            ),
        )
        .where(DayFigure.dimension == TOTAL, *_holds(ids, days))
    )


def _living(ids: list[int], days: Days) -> Any:
    """Select the days of trade that must be read from documents."""
    rolled = and_(
        DayRoll.centre_id == Shift.centre_id,
        DayRoll.span == "day",
        DayRoll.day == Shift.business_date,
    )
    not_held = or_(
        DayRoll.day.is_(None), DayRoll.counted.is_(False), Shift.business_date >= clock.today()
    )
    return (
        select(Shift.centre_id, Shift.business_date.label("day"))
        .distinct()
        .outerjoin(DayRoll, rolled)
        .where(
            Shift.centre_id.in_(ids),
            Shift.business_date.between(days.first, days.last),
            not_held,
        )
        .subquery()
    )


def _late(ids: list[int], days: Days) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for table in (Sale, Refund):
        what: Any = table
        rows = db.session.execute(
            select(what.centre_id, what.business_date, func.count())
            .where(
                what.centre_id.in_(ids),
                what.late,
                what.business_date.between(days.first, days.last),
            )
            .group_by(what.centre_id, what.business_date)
        )
        for centre, day, count in rows:
            found[centre, day] = found.get((centre, day), 0) + count
    return found


def _of_documents(living: Any) -> list[Takings]:
    def there(table: Any) -> Any:
        return and_(table.centre_id == living.c.centre_id, table.business_date == living.c.day)

    return _summed(lambda query, table: query.select_from(living).join(table, there(table)))


def _of_places(places: Iterable[Place]) -> list[Takings]:
    some = list(places)

    def chosen(query: Any, table: Any) -> Any:
        # Both alone as well: SQLite finds no index for the pair.
        return query.where(
            table.centre_id.in_({centre for centre, _ in some}),
            table.business_date.in_({day for _, day in some}),
            tuple_(table.centre_id, table.business_date).in_(some),
        )

    return _summed(chosen)


def _summed(chosen: Any) -> list[Takings]:
    sales: Any = chosen(
        select(Sale.centre_id, Sale.business_date, func.count(), sum_int(Sale.due_satang)), Sale
    ).group_by(Sale.centre_id, Sale.business_date)
    refunds: Any = chosen(
        select(Refund.centre_id, Refund.business_date, sum_int(Refund.paid_satang)), Refund
    ).group_by(Refund.centre_id, Refund.business_date)
    sold = [(one, day, count, due) for one, day, count, due in db.session.execute(sales)]
    return sold + [(one, day, 0, -back) for one, day, back in db.session.execute(refunds)]
