"""Which orders were taken home, as the counter above tells, and what still lies promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, case, select

from core import clock
from core.appointed import Appointed
from core.db import db, sum_int
from inventory.models import (
    JointRoundItem,
    JointRoundShare,
    JointRoundSharing,
    Lot,
    StockLevel,
)
from inventory.services import locations
from inventory.services.joint_rounds.reading import OrderDoc, RoundDoc

Handed = Callable[[int, Sequence[UUID]], Mapping[UUID, UUID]]
"""(centre, orders) → the sale each was handed out by; those that wait are left out."""
HANDED: Appointed[Handed] = Appointed()
KEPT_DAYS = 30
"""For so long after the sharing the till counts what waits as not for sale."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of an item waits for those it was bought for, and what lies of it where."""

    item_no: int
    promised_milli: int
    on_shelf_milli: int
    stored_milli: int
    """In the store room and other places of ours; carried to the shelf before it is handed out."""

    @property
    def missing_milli(self) -> int:
        """What lacks on the shelf."""
        return max(self.promised_milli - self.on_shelf_milli, 0)

    @property
    def to_carry_milli(self) -> int:
        """What of the missing lies in the store room; the rest was sold to others meanwhile."""
        return min(self.missing_milli, self.stored_milli)


def sales_of(centre_id: int, order_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the sale of each order that was handed out."""
    found: dict[UUID, UUID] = {}
    for handed in HANDED:
        found.update(handed(centre_id, order_ids))
    return found


def waiting(
    found: RoundDoc, orders: Sequence[OrderDoc], sales: Mapping[UUID, UUID], centre_id: int
) -> list[Waiting]:
    """Return what waits of each item of a round that was shared out.

    A till may still sell of it (it is told what is free): the shelf is told beside, for people.
    """
    promised = dict.fromkeys((item.item_no for item in found.items), 0)
    for order in orders:
        if order.id not in sales:
            for share in order.shares:
                promised[share.item_no] += share.given_milli
    level = StockLevel
    on_shelf = level.location_id == locations.shop(centre_id).id
    rows = db.session.execute(
        select(
            level.product_id,
            sum_int(case((on_shelf, level.quantity_milli), else_=0)),
            sum_int(case((on_shelf, 0), else_=level.quantity_milli)),
        )
        .join(Lot, and_(Lot.centre_id == level.centre_id, Lot.id == level.lot_id))
        .where(
            level.centre_id == centre_id,
            level.product_id.in_(item.product_id for item in found.items),
            Lot.ownership == "own",  # a producer's are not handed out at the round's price
        )
        .group_by(level.product_id)
    )
    lying = {row[0]: (max(row[1], 0), max(row[2], 0)) for row in rows}
    return [
        Waiting(item.item_no, promised[item.item_no], *lying.get(item.product_id, (0, 0)))
        for item in found.items
        if promised[item.item_no]
    ]


def promised(centre_id: int) -> dict[UUID, int]:
    """Return what waits of each product in rounds shared lately."""
    share, head, item = JointRoundShare, JointRoundSharing, JointRoundItem
    rows = db.session.execute(
        select(share.order_id, item.product_id, share.given_milli)
        .join(head, and_(head.centre_id == share.centre_id, head.id == share.sharing_id))
        .join(
            item,
            and_(
                item.centre_id == share.centre_id,
                item.round_id == head.round_id,
                item.item_no == share.item_no,
            ),
        )
        .where(
            share.centre_id == centre_id,
            share.order_id.is_not(None),
            head.business_date > clock.today() - timedelta(days=KEPT_DAYS),
        )
    ).all()
    taken = sales_of(centre_id, [row.order_id for row in rows]) if rows else {}
    found: dict[UUID, int] = {}
    for row in rows:
        if row.order_id not in taken:
            found[row.product_id] = found.get(row.product_id, 0) + row.given_milli
    return found


def dues(centre_id: int) -> dict[UUID, int]:
    """Return what each order that was shared something out owes, for the checks of the counter."""
    rows = db.session.execute(
        select(JointRoundShare.order_id, sum_int(JointRoundShare.due_satang))
        .where(JointRoundShare.centre_id == centre_id, JointRoundShare.order_id.is_not(None))
        .group_by(JointRoundShare.order_id)
    )
    return {order_id: due for order_id, due in rows if order_id is not None}
