"""What goods of some sales or refunds were worth to producers and had cost, for sums by day.

The documents are chosen by the room above: a selection of `id` and `day`. What must stay true: one
statement whatever their number; moves are found by their document, never by reading all moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, and_, select

from core.db import db, sum_int
from inventory.models import Lot, StockMove

_kept = and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id)


@dataclass(frozen=True, slots=True)
class Worth:
    """Goods of a product that left or came back on a day; money in satang."""

    day: date
    product_id: UUID
    share_satang: int
    cost_satang: int


@dataclass(frozen=True, slots=True)
class Portion:
    """What one lot gave for one line, or got back."""

    day: date
    source_id: UUID
    line_no: int
    product_id: UUID
    producer_id: UUID
    ownership: str
    quantity_milli: int
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


def portions(centre_id: int, source_type: str, documents: Subquery) -> Iterator[Portion]:
    """Yield what each lot gave for each line, line by line in the order it was drawn."""
    order: tuple[Any, ...] = (StockMove.source_id, StockMove.line_no)
    rows = db.session.execute(
        _of(
            centre_id,
            source_type,
            documents,
            documents.c.day,
            *order,
            *(Lot.product_id, Lot.producer_id, Lot.ownership, StockMove.quantity_milli),
            *(StockMove.share_satang, StockMove.cost_satang),
        ).order_by(*order, StockMove.move_no)
    )
    for row in rows:
        yield Portion(*row)


def _worth() -> tuple[Any, Any]:
    return sum_int(StockMove.share_satang), sum_int(StockMove.cost_satang)


def _moved(centre_id: int, source_type: str, documents: Subquery) -> Any:
    return and_(
        StockMove.centre_id == centre_id,
        StockMove.source_type == source_type,
        StockMove.source_id == documents.c.id,
    )


def _of(centre_id: int, source_type: str, documents: Subquery, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(documents)
        .join(StockMove, _moved(centre_id, source_type, documents))
        .join(Lot, _kept)
    )
