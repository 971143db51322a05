"""What goods of some sales or refunds were worth to producers and had cost, for sums by day.

The documents are chosen by the room above: a selection of `id` and `day`, or one of their lines
with `line_no` and `paid_satang` besides. What must stay true: one statement whatever their number;
moves are found by their document, never by reading all moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, and_, exists, select
from sqlalchemy.orm import aliased

from core.db import db, sum_int
from inventory.models import Lot, StockMove

_kept = and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id)
CHUNK = 5_000
_other = aliased(StockMove)
_shared = exists().where(
    *(_other.centre_id == StockMove.centre_id, _other.source_type == StockMove.source_type),
    *(_other.source_id == StockMove.source_id, _other.line_no == StockMove.line_no),
    _other.move_no != StockMove.move_no,
)
"""Another lot gave something for the same line."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Goods of a product that left or came back on a day; money in satang."""

    day: date
    product_id: UUID
    share_satang: int
    cost_satang: int


@dataclass(frozen=True, slots=True)
class Portion:
    """What the lots of a product, a producer and a kind gave on a day, or got back."""

    day: date
    product_id: UUID
    producer_id: UUID
    ownership: str
    quantity_milli: int
    paid_satang: int
    """What was paid for the lines these goods were for."""
    share_satang: int
    cost_satang: int


def by_product(centre_id: int, source_type: str, documents: Subquery) -> list[Worth]:
    """Return the worth of the goods of some documents, by day and product."""
    keys = (documents.c.day, Lot.product_id)
    rows = db.session.execute(
        _of(centre_id, source_type, documents, *keys, *_worth()).group_by(*keys)
    )
    return [Worth(*row) for row in rows]


def by_day(centre_id: int, source_type: str, documents: Subquery) -> list[tuple[date, int, int]]:
    """Return day, producers' shares and cost of the goods of some documents."""
    query = (
        select(documents.c.day, *_worth())
        .select_from(documents)
        .join(StockMove, _moved(centre_id, source_type, documents))
        .group_by(documents.c.day)
    )
    return [(day, share, cost) for day, share, cost in db.session.execute(query)]


def of_one_lot(centre_id: int, source_type: str, lines: Subquery) -> list[Portion]:
    """Return what some lines were served with that a single lot served, added up by day and lot."""
    keys = (lines.c.day, StockMove.lot_id)
    sums = (StockMove.quantity_milli, lines.c.paid_satang)
    query = _served(centre_id, source_type, lines, *keys, *map(sum_int, sums), *_worth())
    rows = db.session.execute(query.where(~_shared).group_by(*keys)).all()
    lots = _whose(centre_id, {row.lot_id for row in rows})
    return [Portion(day, *lots[lot], *amounts) for day, lot, *amounts in rows]


def of_several_lots(centre_id: int, source_type: str, lines: Subquery) -> Iterator[list[Portion]]:
    """Yield the portions of each other line, in the order they were drawn; each tells what was paid
    for the whole line.
    """
    line: tuple[Any, ...] = (StockMove.source_id, StockMove.line_no)
    query = _served(
        *(centre_id, source_type, lines, *line, lines.c.day, StockMove.lot_id),
        *(StockMove.quantity_milli, lines.c.paid_satang),
        *(StockMove.share_satang, StockMove.cost_satang),
    )
    rows = db.session.execute(query.where(_shared).order_by(*line, StockMove.move_no)).all()
    lots = _whose(centre_id, {row.lot_id for row in rows})
    for _line, portions in groupby(rows, key=lambda row: row[:2]):
        yield [Portion(day, *lots[lot], *rest) for _, _, day, lot, *rest in portions]


def _whose(centre_id: int, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, UUID, str]]:
    """Return product, producer and ownership of some lots: asked apart, for a planner that takes
    few rows for none joined every lot to every line.
    """
    found: dict[UUID, tuple[UUID, UUID, str]] = {}
    wanted = sorted(ids)
    query = select(Lot.id, Lot.product_id, Lot.producer_id, Lot.ownership)
    query = query.where(Lot.centre_id == centre_id)
    for start in range(0, len(wanted), CHUNK):
        some = Lot.id.in_(wanted[start : start + CHUNK])
        for lot, product, producer, kind in db.session.execute(query.where(some)):
            found[lot] = (product, producer, kind)
    return found


def _worth() -> tuple[Any, Any]:
    return sum_int(StockMove.share_satang), sum_int(StockMove.cost_satang)


def _moved(centre_id: int, source_type: str, documents: Subquery) -> Any:
    return and_(
        StockMove.centre_id == centre_id,
        StockMove.source_type == source_type,
        StockMove.source_id == documents.c.id,
    )


def _served(centre_id: int, source_type: str, lines: Subquery, *columns: Any) -> Any:
    moved = and_(_moved(centre_id, source_type, lines), StockMove.line_no == lines.c.line_no)
    return select(*columns).select_from(lines).join(StockMove, moved)


def _of(centre_id: int, source_type: str, documents: Subquery, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(documents)
        .join(StockMove, _moved(centre_id, source_type, documents))
        .join(Lot, _kept)
    )
