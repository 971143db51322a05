"""Adding up days that are over, and months: done by the worker, never by a sale or a page.

What must stay true: a day's rows are made anew whole, in one transaction with the number of
documents they are the sum of; a month's rows are the sums of its days' rows. Sales of such a day
may still come (late ones, or while its shift is open): then it is due again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import and_, delete, func, insert, select

from core import clock
from core.db import db, insert_rows, sum_int
from pos.models import DayFigure, DayGoods, DayRoll
from pos.rules.day_figures import DIMENSIONS, NAMES, Days, month_end
from pos.services.day_figures import documents, standing

GOODS_NAMES = ("quantity_milli", "taken_satang", "producer_satang", "cost_satang")


def due(centre_id: int) -> tuple[date, ...]:
    """Return the days before today whose kept figures are missing or no longer hold, oldest first.

    Two statements over shifts and rolls and a few over documents that came late, whatever the
    number of sales.
    """
    return standing.due_before(centre_id, clock.today())


def roll(centre_id: int, day: date) -> None:
    """Add a day up anew, and its month when all of the month's days are."""
    assert day < clock.today(), "a day is added up once it is over"
    seen = standing.seen(centre_id, day)
    for table in (DayFigure, DayGoods, DayRoll):
        _forget(table, centre_id, "day", day)
    base = {"centre_id": centre_id, "span": "day", "day": day}
    figures = [
        {**base, "dimension": dimension, "key": key, **{name: getattr(one, name) for name in NAMES}}
        for dimension in DIMENSIONS
        for (_, key), one in sorted(documents.of_days(centre_id, [day], dimension).items())
    ]
    insert_rows(DayFigure, figures)
    goods = [
        {
            **base,
            "product_id": product,
            "producer_id": producer,
            "ownership": ownership,
            **{name: getattr(one, name) for name in GOODS_NAMES},
        }
        for (_, (product, producer, ownership)), one in sorted(
            documents.goods_of_days(centre_id, [day]).items()
        )
    ]
    insert_rows(DayGoods, goods)
    _note(base, seen)
    _roll_month(centre_id, day.replace(day=1))


def _note(base: dict[str, Any], seen: standing.Seen) -> None:
    db.session.execute(
        insert(DayRoll).values(
            **base,
            documents=seen.documents,
            late=seen.late,
            counted=seen.counted,
            rolled_at=clock.now(),
        )
    )


def _roll_month(centre_id: int, month: date) -> None:
    """Add up a month that is over and whose every day is; else see that it has no rows."""
    for table in (DayFigure, DayGoods, DayRoll):
        _forget(table, centre_id, "month", month)
    days = Days(month, month_end(month))
    if days.last >= clock.today() or not standing.all_rolled(centre_id, days):
        return
    of_days: Any
    for table, keys, names in (
        (DayFigure, ("dimension", "key"), NAMES),
        (DayGoods, ("product_id", "producer_id", "ownership"), GOODS_NAMES),
    ):
        of_days = table.__table__
        columns = [of_days.c[name] for name in keys]
        sums = select(*columns, *(sum_int(of_days.c[name]).label(name) for name in names)).where(
            of_days.c.centre_id == centre_id,
            of_days.c.span == "day",
            of_days.c.day.between(days.first, days.last),
        )
        if table is DayFigure:
            # So that the key is walked from its start.
            sums = sums.where(of_days.c.dimension.in_(DIMENSIONS))
        rows = db.session.execute(sums.group_by(*columns)).mappings()
        base = {"centre_id": centre_id, "span": "month", "day": month}
        insert_rows(table, [{**base, **row} for row in rows])
    _note({"centre_id": centre_id, "span": "month", "day": month}, standing.Seen(0, 0, True))


def _forget(table: Any, centre_id: int, span: str, day: date) -> None:
    held: Iterable[Any] = (table.centre_id == centre_id, table.span == span, table.day == day)
    if table is DayFigure:
        held = (*held, table.dimension.in_(DIMENSIONS))
    db.session.execute(
        delete(table).where(and_(*held)), execution_options={"synchronize_session": False}
    )


def rolled_days(centre_id: int) -> int:
    """Return how many days are added up."""
    query = select(func.count()).where(DayRoll.centre_id == centre_id, DayRoll.span == "day")
    return db.session.scalar(query) or 0
