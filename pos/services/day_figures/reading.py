"""The figures of a period: kept months and days and the documents of the rest, put together.

What must stay true: a page reads a row for each kept month or day and key, and the documents of
today and of the few days the worker has not come to; never all sales.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from core.actor import Actor
from core.db import db, sum_int
from members.services import access
from pos.models import DayFigure, DayGoods
from pos.rules.day_figures import (
    HOUR,
    NAMES,
    TOTAL,
    Days,
    Figures,
    GoodsFigures,
    total,
)
from pos.services.day_figures import documents, standing
from pos.services.day_figures.documents import GoodsKey, Keyed
from pos.services.day_figures.standing import Standing


@dataclass(frozen=True, slots=True)
class Read:
    """A period of a centre whose figures may be read; made by `open_period`."""

    centre_id: int
    standing: Standing
    _lived: dict[str, Keyed] = field(default_factory=dict, repr=False, compare=False)
    """What was read of the living days, so that one page reads it once."""

    @property
    def days(self) -> Days:
        return self.standing.days

    @property
    def waiting(self) -> tuple[date, ...]:
        """Days the worker has not added up yet, which are missing in every figure."""
        return self.standing.waiting

    def by_key(self, dimension: str) -> dict[str, Figures]:
        """Return the figures of the period parted by a dimension."""
        found: dict[str, Figures] = {}
        for key, figures in _kept(self, dimension):
            found[key] = found.get(key, Figures()) + figures
        for (_, key), figures in self._living(dimension).items():
            found[key] = found.get(key, Figures()) + figures
        return found

    def whole(self) -> Figures:
        """Return the figures of the whole period."""
        return total(self.by_key(TOTAL).values())

    def by_day(self, dimension: str = TOTAL, key: str = "") -> dict[date, Figures]:
        """Return the figures of each day for one key; days without any are left out."""
        found: dict[date, Figures] = {}
        table: Any = DayFigure.__table__
        rows = db.session.execute(
            select(table.c.day, *(table.c[name] for name in NAMES)).where(
                *(table.c.centre_id == self.centre_id, table.c.span == "day"),
                *(table.c.dimension == dimension, table.c.key == key),
                table.c.day.between(self.days.first, self.days.last),
            )
        )
        lived = {*self.standing.live, *self.standing.waiting}
        for day, *amounts in rows:
            if day not in lived:
                found[day] = Figures(*amounts)
        for (day, one), figures in self._living(dimension).items():
            if one == key:
                found[day] = found.get(day, Figures()) + figures
        return dict(sorted(found.items()))

    def goods(self) -> dict[GoodsKey, GoodsFigures]:
        """Return what each product of each producer brought in the period."""
        found: dict[GoodsKey, GoodsFigures] = {}
        for key, one in _kept_goods(self):
            found[key] = found.get(key, GoodsFigures()) + one
        live = documents.goods_of_days(self.centre_id, self.standing.live)
        for (_, key), one in live.items():
            found[key] = found.get(key, GoodsFigures()) + one
        return found

    def _living(self, dimension: str) -> Keyed:
        if dimension not in self._lived:
            live = self.standing.live
            self._lived[dimension] = documents.of_days(self.centre_id, live, dimension)
        return self._lived[dimension]


def open_period(days: Days, actor: Actor) -> Read:
    """Return the figures of some days, to be read part by part. Raises Forbidden."""
    access.require(actor, "report.read")
    return of_centre(actor.centre_id, days)


def of_centre(centre_id: int, days: Days) -> Read:
    """Return the same for our own work: whoever asks was checked before."""
    return Read(centre_id, standing.of(centre_id, days))


def days_with(centre_id: int, days: Days, keys: Mapping[str, str]) -> list[date]:
    """Return the days that may have sales under every key (by dimension), newest first: those whose
    kept figures say so, and those nobody has added up yet.
    """
    found = standing.of(centre_id, days)
    unknown = {*found.live, *found.waiting}
    table: Any = DayFigure.__table__
    having: set[date] | None = None
    for dimension, key in keys.items():
        some = set(
            db.session.scalars(
                select(table.c.day).where(
                    *(table.c.centre_id == centre_id, table.c.span == "day"),
                    *(table.c.dimension == dimension, table.c.key == key, table.c.sales > 0),
                    table.c.day.between(days.first, days.last),
                )
            )
        )
        having = some if having is None else having & some
    return sorted((having or set()) | unknown, reverse=True)


def hours_of(days: Iterable[date], actor: Actor) -> dict[date, dict[str, Figures]]:
    """Return the hours of some single days, each by itself. Raises Forbidden."""
    return {day: open_period(Days(day, day), actor).by_key(HOUR) for day in days}


def _kept(read: Read, dimension: str) -> Iterable[tuple[str, Figures]]:
    table: Any = DayFigure.__table__
    asked = _asked(table, read.standing)
    if asked is None:
        return
    query = select(table.c.key, *(sum_int(table.c[name]) for name in NAMES)).where(
        table.c.centre_id == read.centre_id,
        table.c.span.in_(("day", "month")),
        table.c.dimension == dimension,
        asked,
    )
    for key, *amounts in db.session.execute(query.group_by(table.c.key)):
        yield key, Figures(*amounts)


def _kept_goods(read: Read) -> Iterable[tuple[GoodsKey, GoodsFigures]]:
    table: Any = DayGoods.__table__
    asked = _asked(table, read.standing)
    if asked is None:
        return
    keys = (table.c.product_id, table.c.producer_id, table.c.ownership)
    names = ("quantity_milli", "taken_satang", "producer_satang", "cost_satang")
    query = select(*keys, *(sum_int(table.c[name]) for name in names)).where(
        table.c.centre_id == read.centre_id, table.c.span.in_(("day", "month")), asked
    )
    product: UUID
    for product, producer, ownership, *amounts in db.session.execute(query.group_by(*keys)):
        yield (product, producer, ownership), GoodsFigures(*amounts)


def _asked(table: Any, found: Standing) -> Any:
    """Return which kept rows make up a period; None when there are none."""
    parts = [
        and_(table.c.span == span, table.c.day.in_(days))
        for span, days in (("month", found.months), ("day", found.kept))
        if days
    ]
    return or_(*parts) if parts else None
