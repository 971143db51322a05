"""What joint buying rounds keep about a person, for a copy of it: every order made as a member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db
from core.errors import N_
from core.sheets import Figure
from inventory.models import (
    JointRound,
    JointRoundItem,
    JointRoundOrder,
    JointRoundOrderLine,
    Product,
)
from members.services.erasure import Section


def tell(centre_id: int, members: Sequence[UUID], _producers: Sequence[UUID]) -> Iterator[Section]:
    """Yield what someone ordered in joint rounds, line by line; what was withdrawn says so."""
    order, line, item = JointRoundOrder, JointRoundOrderLine, JointRoundItem
    rows = db.session.execute(
        select(
            order.order_no,
            JointRound.name,
            Product.name_th,
            line.quantity_milli,
            item.unit,
            order.note,
            order.withdrawn_at,
        )
        .join(line, and_(line.centre_id == order.centre_id, line.order_id == order.id))
        .join(
            JointRound,
            and_(JointRound.centre_id == order.centre_id, JointRound.id == order.round_id),
        )
        .join(
            item,
            and_(
                item.centre_id == order.centre_id,
                item.round_id == order.round_id,
                item.item_no == line.item_no,
            ),
        )
        .join(Product, and_(Product.centre_id == item.centre_id, Product.id == item.product_id))
        .where(order.centre_id == centre_id, order.member_id.in_(members))
        .order_by(order.order_no, line.item_no)
    )
    yield Section(
        N_("Ordered in joint rounds"),
        (
            *(N_("Number"), N_("Joint round"), N_("Product"), N_("Quantity"), N_("Unit")),
            *(N_("Note"), N_("Order withdrawn")),
        ),
        tuple(
            (
                *row[:3],
                Figure(f"{row.quantity_milli // 1000}.{row.quantity_milli % 1000:03d}"),
                row.unit,
                row.note,
                row.withdrawn_at.isoformat() if row.withdrawn_at else "",
            )
            for row in rows
        ),
    )
