"""What counts in a product's own unit, so that the unit can't become another under it.

What must stay true: while goods of a product lie here, are on their way or on order, its quantities
mean what they meant when they were written; the same unit spelt anew means the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.sql import Select

from core.db import db
from core.errors import N_, DomainError
from inventory.models import (
    JointRound,
    JointRoundItem,
    Lot,
    Product,
    PurchaseOrder,
    PurchaseOrderLine,
    StockLevel,
    StockTransfer,
    StockTransferLine,
    TransferArrival,
    TransferArrivalLine,
    TransferDifference,
)


class UnitInUse(DomainError):
    """Stock or an open document counts in the product's own unit."""

    code, status, title = (
        "unit-in-use",
        409,
        N_("The unit stays while goods lie here or are on order"),
    )
    detail = N_(
        "%(held_by)s counts in %(unit)s. First sell or write off what is left and close what is"
        " open, or enter a new product. To sell in another unit as well, add a selling unit."
    )


def require_none(product_id: UUID, centre_id: int, *, unit: str, field: str) -> None:
    """Raise UnitInUse, beside a field, while anything counts in the product's own unit.

    The product's row is locked first: an intake meanwhile has ended or waits, for a lot names it.
    """
    db.session.execute(
        select(Product.id)
        .where(Product.centre_id == centre_id, Product.id == product_id)
        .with_for_update()
    )
    for query in _counting(centre_id, product_id):
        held_by = db.session.scalar(query.limit(1))
        if held_by is not None:
            raise UnitInUse(field=field, held_by=held_by, unit=unit)


def _counting(centre_id: int, product_id: UUID) -> Iterator[Select[Any]]:
    """Yield what tells the number of a lot or an open document with quantities of the product."""
    yield (
        select(Lot.lot_no)
        .join(StockLevel, and_(StockLevel.centre_id == Lot.centre_id, StockLevel.lot_id == Lot.id))
        .where(
            Lot.centre_id == centre_id,
            Lot.product_id == product_id,
            StockLevel.quantity_milli != 0,
        )
        .order_by(Lot.id)
    )
    line, order = PurchaseOrderLine, PurchaseOrder
    yield (
        select(order.order_no)
        .join(line, and_(line.centre_id == order.centre_id, line.order_id == order.id))
        .where(
            order.centre_id == centre_id,
            line.product_id == product_id,
            order.state.in_(("draft", "sent", "partly")),
        )
    )
    yield (
        select(JointRound.round_no)
        .join(
            JointRoundItem,
            and_(
                JointRoundItem.centre_id == JointRound.centre_id,
                JointRoundItem.round_id == JointRound.id,
            ),
        )
        .where(
            JointRound.centre_id == centre_id,
            JointRoundItem.product_id == product_id,
            JointRound.state.in_(("collecting", "ordered")),
        )
    )
    yield _on_the_way(centre_id, product_id)


def _on_the_way(centre_id: int, product_id: UUID) -> Select[Any]:
    """Tell the number of a transfer of which something may still come back to its lot."""
    sent, line, came, there = StockTransfer, StockTransferLine, TransferArrival, TransferArrivalLine
    settled = TransferDifference
    return (
        select(sent.transfer_no)
        .join(line, and_(line.centre_id == sent.centre_id, line.transfer_id == sent.id))
        .join(Lot, and_(Lot.centre_id == line.centre_id, Lot.id == line.lot_id))
        .outerjoin(came, and_(came.from_centre_id == sent.centre_id, came.transfer_id == sent.id))
        .outerjoin(
            there,
            and_(
                there.centre_id == came.centre_id,
                there.arrival_id == came.id,
                there.line_no == line.line_no,
            ),
        )
        .outerjoin(
            settled, and_(settled.centre_id == sent.centre_id, settled.transfer_id == sent.id)
        )
        .where(
            sent.centre_id == centre_id,
            sent.to_centre_id.is_not(None),
            Lot.product_id == product_id,
            func.coalesce(there.received_milli, 0) < line.quantity_milli,
            settled.transfer_id.is_(None),
        )
    )
