"""Goods between centres in sums alone: what each sent to each other, and what of it arrived.

What must stay true: only own goods have a cost on the road; consigned goods are nobody's asset and
their producer is owed where they are sold, so nothing of them is between two centres' books.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, or_, select

from core.db import db, sum_int
from inventory.models import StockTransfer, TransferArrival, TransferDifference


@dataclass(frozen=True, slots=True)
class Road:
    """Goods from one centre to another, at cost; what fell short was settled by the sender."""

    from_centre_id: int
    to_centre_id: int
    sent_satang: int
    arrived_satang: int
    settled_satang: int

    @property
    def on_the_way_satang(self) -> int:
        return self.sent_satang - self.arrived_satang - self.settled_satang


def until(centre_ids: Sequence[int], day: date) -> tuple[Road, ...]:
    """Return the roads that begin or end at one of the centres, up to a day; one statement."""
    arrived = and_(
        TransferArrival.centre_id == StockTransfer.to_centre_id,
        TransferArrival.from_centre_id == StockTransfer.centre_id,
        TransferArrival.transfer_id == StockTransfer.id,
    )
    settled = and_(
        TransferDifference.centre_id == StockTransfer.centre_id,
        TransferDifference.transfer_id == StockTransfer.id,
    )
    pair = StockTransfer.centre_id, StockTransfer.to_centre_id
    rows = db.session.execute(
        select(
            *pair,
            sum_int(StockTransfer.cost_satang),
            sum_int(
                case((TransferArrival.business_date <= day, TransferArrival.cost_satang), else_=0)
            ),
            sum_int(
                case(
                    (TransferDifference.business_date <= day, TransferDifference.cost_satang),
                    else_=0,
                )
            ),
        )
        .outerjoin(TransferArrival, arrived)
        .outerjoin(TransferDifference, settled)
        .where(
            StockTransfer.to_centre_id.is_not(None),
            StockTransfer.business_date <= day,
            or_(*(one.in_(centre_ids) for one in pair)),
        )
        .group_by(*pair)
        .order_by(*pair)
    )
    return tuple(Road(sender, receiver or 0, *sums) for sender, receiver, *sums in rows)
