"""What sold goods brought their producers, and how long they waited for it: for the welfare report.

What must stay true: a statement or two each, whatever the number of sales; rows come by product,
producer and day, and are read as they come. A return counts in the days it happened, at the
references of the day of its sale, so that it takes back exactly what the sale counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select, union_all

from core.db import db, sum_int
from inventory.models import (
    Lot,
    Payout,
    PayoutLine,
    SettledMove,
    Settlement,
    SettlementOutcome,
    StockMove,
)

_move: Any = StockMove.__table__.alias("moved")
_sold: Any = StockMove.__table__.alias("sold")
_lot: Any = Lot.__table__
ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class PartRow:
    """Goods of a product from a producer sold on a day; returns are below zero.

    `part_satang` is the producer's: the agreed part of consigned goods, the cost of bought ones.
    """

    product_id: UUID
    producer_id: UUID
    own: bool
    day: date
    quantity_milli: int
    part_satang: int


@dataclass(frozen=True, slots=True)
class WaitRow:
    """Consigned goods sold on a day and the day their producers were paid; None: not yet."""

    sold_on: date
    paid_on: date | None
    part_satang: int


def parts(centre_id: int, first: date, last: date) -> Iterator[PartRow]:
    """Yield what goods sold (and returned) from `first` to `last` brought their producers."""
    part = case((_lot.c.ownership == "own", _move.c.cost_satang), else_=_move.c.share_satang)
    kept = and_(_lot.c.centre_id == _move.c.centre_id, _lot.c.id == _move.c.lot_id)
    span = (
        _move.c.centre_id == centre_id,
        _move.c.business_date >= first,
        _move.c.business_date <= last,
    )
    goods = (_lot.c.product_id, _lot.c.producer_id, _lot.c.ownership)
    sold = (
        select(
            *goods,
            _move.c.business_date.label("day"),
            _move.c.quantity_milli.label("quantity"),
            part.label("part"),
        )
        .join(_lot, kept)
        .where(*span, _move.c.source_type == "sale")
    )
    back = (
        select(*goods, _sold.c.business_date, -_move.c.quantity_milli, -part)
        .select_from(_move)
        .join(_lot, kept)
        .join(
            _sold,
            and_(
                _sold.c.centre_id == _move.c.centre_id,
                _sold.c.source_type == _move.c.original_type,
                _sold.c.source_id == _move.c.original_id,
                _sold.c.move_no == _move.c.original_move_no,
            ),
        )
        .where(*span, _move.c.source_type == "refund")
    )
    moved = union_all(sold, back).subquery()
    keys = (moved.c.product_id, moved.c.producer_id, moved.c.ownership, moved.c.day)
    query = select(*keys, sum_int(moved.c.quantity), sum_int(moved.c.part)).group_by(*keys)
    for product, producer, ownership, day, quantity, satang in read_groups(query):
        yield PartRow(product, producer, ownership == "own", day, quantity, satang)


def read_groups(query: Select[Any]) -> Iterator[Any]:
    """Yield grouped rows, few of them as objects at a time.

    No cursor of the server's: PostgreSQL plans one for the first rows alone, and never in parallel.
    """
    yield from db.session.connection().execute(query).yield_per(ROWS_AT_A_TIME)


def waits(centre_id: int, first: date, last: date) -> list[WaitRow]:
    """Return how long producers of consigned goods sold in these days waited for their money.

    A settlement is paid when all of it is. What was too little to pay out is paid with the next
    settlement that carries nothing on.
    """
    ended = _ends_of(centre_id, first)
    query = (
        select(_move.c.business_date, SettledMove.settlement_id, sum_int(_move.c.share_satang))
        .join(_lot, and_(_lot.c.centre_id == _move.c.centre_id, _lot.c.id == _move.c.lot_id))
        .outerjoin(
            SettledMove,
            and_(
                SettledMove.centre_id == _move.c.centre_id,
                SettledMove.source_type == _move.c.source_type,
                SettledMove.source_id == _move.c.source_id,
                SettledMove.move_no == _move.c.move_no,
            ),
        )
        .where(
            _move.c.centre_id == centre_id,
            _move.c.source_type == "sale",
            _move.c.business_date >= first,
            _move.c.business_date <= last,
            _lot.c.ownership == "consigned",
            _move.c.share_satang > 0,
        )
        .group_by(_move.c.business_date, SettledMove.settlement_id)
    )
    sums: dict[tuple[date, date | None], int] = {}
    for sold_on, settlement_id, satang in db.session.execute(query):
        key = sold_on, ended.get(settlement_id)
        sums[key] = sums.get(key, 0) + satang
    return [WaitRow(*key, satang) for key, satang in sums.items()]


def _ends_of(centre_id: int, since: date) -> dict[UUID, date | None]:
    """Return when the money of each settlement posted since a day had come; None: not yet.

    A settlement that advances or returns took whole was paid before; it counts on the day it was
    posted.
    """
    paid = (
        select(
            PayoutLine.document_id,
            func.max(Payout.business_date).label("day"),
            func.sum(PayoutLine.amount_satang).label("satang"),
        )
        .join(
            Payout,
            and_(Payout.centre_id == PayoutLine.centre_id, Payout.id == PayoutLine.payout_id),
        )
        .where(PayoutLine.centre_id == centre_id, PayoutLine.kind == "settlement")
        .group_by(PayoutLine.document_id)
        .subquery()
    )
    day = case(
        (Settlement.payout_satang == 0, SettlementOutcome.business_date),
        (paid.c.satang >= Settlement.payout_satang, paid.c.day),
    )
    posted = (
        select(Settlement.producer_id, Settlement.id, Settlement.carried_satang, day)
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
            ),
        )
        .outerjoin(paid, paid.c.document_id == Settlement.id)
        .where(
            Settlement.centre_id == centre_id,
            SettlementOutcome.kind == "posted",
            SettlementOutcome.business_date >= since,
        )
        .order_by(SettlementOutcome.recorded_at, Settlement.id)
    )
    ended: dict[UUID, date | None] = {}
    carrying: dict[UUID, list[UUID]] = {}
    for producer_id, settlement_id, carried, end in db.session.execute(posted):
        if carried:
            carrying.setdefault(producer_id, []).append(settlement_id)
            continue
        for one in (*carrying.pop(producer_id, ()), settlement_id):
            ended[one] = end
    return ended


def of_lines(
    centre_id: int, documents: Collection[tuple[str, UUID]]
) -> dict[tuple[str, UUID, int], int]:
    """Return the producers' part of each line of some sales and refunds, returns below zero."""
    part = case((_lot.c.ownership == "own", _move.c.cost_satang), else_=_move.c.share_satang)
    keys = (_move.c.source_type, _move.c.source_id, _move.c.line_no)
    rows = db.session.execute(
        select(*keys, sum_int(part))
        .join(_lot, and_(_lot.c.centre_id == _move.c.centre_id, _lot.c.id == _move.c.lot_id))
        .where(
            _move.c.centre_id == centre_id,
            _move.c.source_type.in_(("sale", "refund")),
            _move.c.source_id.in_({document_id for _, document_id in documents}),
        )
        .group_by(*keys)
    )
    return {
        (kind, document_id, line_no): satang if kind == "sale" else -satang
        for kind, document_id, line_no, satang in rows
    }
