"""What `verify` recomputes: the kept figures against the documents, and their parts against each
other.

What must stay true: a day whose documents have grown since is not wrong, only old; it is left to
the worker. One statement for each dimension over all days, read from the documents themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from core.db import db, sum_int
from core.findings import Finding
from pos.models import DayFigure, DayGoods, DayRoll
from pos.rules.day_figures import DIMENSIONS, NAMES, TOTAL, Days, Figures, GoodsFigures, month_end
from pos.services.day_figures import documents, standing

NAMED = "day figures are those of the documents"
MONTHS = "month figures are those of their days"
GOODS = "goods of the day are those of the documents"
GOODS_NAMES = ("quantity_milli", "taken_satang", "producer_satang", "cost_satang")
DAYS_AT_A_TIME = 31


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the findings over everything that is kept of a centre's days."""
    days = sorted(
        db.session.scalars(
            select(DayRoll.day).where(DayRoll.centre_id == centre_id, DayRoll.span == "day")
        )
    )
    held: list[date] = []
    if days:
        held = list(standing.kept_days(centre_id, Days(days[0], days[-1])))
    yield _figures(centre_id, held)
    yield _goods(centre_id, held)
    yield _months(centre_id)


def _figures(centre_id: int, days: list[date]) -> Finding:
    checked = 0
    for some in _in_parts(days):
        for dimension in DIMENSIONS:
            made = documents.of_days(centre_id, some, dimension)
            kept = _kept(centre_id, some, dimension)
            for place in sorted({*made, *kept}):
                checked += 1
                if made.get(place) != kept.get(place):
                    wanted, got = (one.get(place, Figures()) for one in (made, kept))
                    day, key = place
                    return _differs(NAMED, centre_id, wanted, got, f"{day} {dimension} {key}")
    return Finding(NAMED, centre_id, True, checked, checked)


def _goods(centre_id: int, days: list[date]) -> Finding:
    checked = 0
    for some in _in_parts(days):
        made = documents.goods_of_days(centre_id, some)
        table: Any = DayGoods.__table__
        rows = db.session.execute(
            select(
                *(table.c.day, table.c.product_id, table.c.producer_id, table.c.ownership),
                *(table.c[name] for name in GOODS_NAMES),
            ).where(table.c.centre_id == centre_id, table.c.span == "day", table.c.day.in_(some))
        )
        kept = {
            (day, (product, producer, kind)): GoodsFigures(*amounts)
            for day, product, producer, kind, *amounts in rows
        }
        for place in sorted({*made, *kept}):
            checked += 1
            if made.get(place) != kept.get(place):
                wanted, got = (one.get(place, GoodsFigures()) for one in (made, kept))
                words = f"{place[0]} product {place[1][0]}"
                return Finding(
                    GOODS,
                    centre_id,
                    False,
                    wanted.taken_satang,
                    got.taken_satang,
                    "day_goods",
                    place[1][0],
                    words,
                )
    return Finding(GOODS, centre_id, True, checked, checked)


def _months(centre_id: int) -> Finding:
    """The takings and sales of each kept month, against the sums of its days."""
    months = db.session.scalars(
        select(DayRoll.day).where(DayRoll.centre_id == centre_id, DayRoll.span == "month")
    ).all()
    table: Any = DayFigure.__table__

    def sums(span: str, days: Days) -> Figures:
        row = db.session.execute(
            select(*(sum_int(table.c[name]) for name in NAMES)).where(
                *(table.c.centre_id == centre_id, table.c.span == span),
                *(table.c.dimension == TOTAL, table.c.day.between(days.first, days.last)),
            )
        ).one()
        return Figures(*row)

    for month in sorted(months):
        days = Days(month, month_end(month))
        wanted, got = sums("day", days), sums("month", days)
        if wanted != got:
            return _differs(MONTHS, centre_id, wanted, got, f"month of {month}")
    return Finding(MONTHS, centre_id, True, len(months), len(months))


def _kept(centre_id: int, days: list[date], dimension: str) -> dict[tuple[date, str], Figures]:
    table: Any = DayFigure.__table__
    rows = db.session.execute(
        select(table.c.day, table.c.key, *(table.c[name] for name in NAMES)).where(
            *(table.c.centre_id == centre_id, table.c.span == "day"),
            *(table.c.dimension == dimension, table.c.day.in_(days)),
        )
    )
    return {(day, key): Figures(*amounts) for day, key, *amounts in rows}


def _in_parts(days: list[date]) -> Iterator[list[date]]:
    for start in range(0, len(days), DAYS_AT_A_TIME):
        yield days[start : start + DAYS_AT_A_TIME]


def _differs(name: str, centre_id: int, wanted: Figures, got: Figures, words: str) -> Finding:
    """Name the first figure that differs."""
    first = next(one for one in NAMES if getattr(wanted, one) != getattr(got, one))
    told = f"{words}: {first}"
    return Finding(
        name,
        centre_id,
        False,
        getattr(wanted, first),
        getattr(got, first),
        "day_figure",
        detail=told,
    )
