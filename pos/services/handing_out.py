"""Hand out an order of a joint buying round: an ordinary sale, at what its share says.

What must stay true: an order is handed out once, whole, for exactly what is due; receipt, tenders,
VAT, drawer and patronage are those of any sale, because it is one. What was bought for the round
goes first: a producer's goods on consignment are not sold at what the round cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from core.money import half_up_div
from core.quantity import MILLI
from inventory.services.joint_rounds import handed, reading, sharing
from inventory.services.joint_rounds.reading import OrderDoc, RoundDoc
from inventory.services.joint_rounds.rounds import RoundNotOrdered
from inventory.services.stock import OutOfStock
from members.services import access, standing
from members.services import members as member_register
from members.services.members import NotAMember
from pos.models import JointRoundHandout
from pos.services import sale
from pos.services.receipts import Receipt
from pos.services.sale_rows import RecordPayment, RecordSale, RecordSaleLine


class HandedOutAlready(DomainError):
    """The order was paid for and taken home."""

    code, status, title = "round-handed-out", 409, N_("This order was already handed out")
    detail = N_("Its receipt shows what was taken and paid. Give money back there, if need be.")


class NothingToHandOut(DomainError):
    """The order got nothing when the round was shared out."""

    code, status, title = "round-nothing-to-hand-out", 409, N_("This order got nothing")
    detail = N_("Too little came. There is nothing to take home and nothing to pay.")


class StillStored(DomainError):
    """What is handed out comes from the shelf; the goods lie in another of our places."""

    code, status, title = "round-goods-stored", 409, N_("The goods are still in the store room")
    detail = N_(
        "%(name_th)s: %(stored_milli)s %(unit)s lie in the store room. Carry them to the shelf"
        " first, then hand out."
    )


@dataclass(frozen=True, slots=True)
class HandOut:
    """An order paid for at a till; `id` is the sale's."""

    id: UUID
    order_id: UUID
    till_id: UUID
    shift_id: UUID
    occurred_at: datetime
    payments: tuple[RecordPayment, ...]


def record(command: HandOut, actor: Actor) -> Receipt:
    """Sell an order its share and return the receipt; the same again returns the same receipt.

    Raises HandedOutAlready, NothingToHandOut, StillStored, RoundNotOrdered, NotFound, Forbidden,
    and what `sale.record` raises.
    """
    access.require(actor, "sale.record")
    serialise_on(command.order_id)
    order = reading.order_of(actor.centre_id, command.order_id)
    known = sale_of(actor.centre_id, command.order_id)
    if known is not None and known != command.id:
        raise HandedOutAlready(sale_id=str(known))
    found = reading.of(actor.centre_id, order.round_id)
    try:
        receipt, new = sale.record(
            _as_sale(command, order, found, actor),
            actor,
            agreed_lots=sharing.lots(found, actor.centre_id),
        )
    except OutOfStock:
        _require_on_shelf(order, found, actor.centre_id)
        raise
    if new:
        db.session.execute(
            insert(JointRoundHandout).values(
                centre_id=actor.centre_id, order_id=command.order_id, sale_id=command.id
            )
        )
    return receipt


def sale_of(centre_id: int, order_id: UUID) -> UUID | None:
    """Return the sale an order was handed out by, None while it waits."""
    return db.session.scalar(
        select(JointRoundHandout.sale_id).where(
            JointRoundHandout.centre_id == centre_id, JointRoundHandout.order_id == order_id
        )
    )


def sales_of(centre_id: int, order_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the sale of each order that was handed out."""
    rows = db.session.execute(
        select(JointRoundHandout.order_id, JointRoundHandout.sale_id).where(
            JointRoundHandout.centre_id == centre_id, JointRoundHandout.order_id.in_(order_ids)
        )
    )
    return {order_id: sale_id for order_id, sale_id in rows}


def _require_on_shelf(order: OrderDoc, found: RoundDoc, centre_id: int) -> None:
    """Raise StillStored for goods of an order that lack on the shelf and lie elsewhere."""
    items = {item.item_no: item for item in found.items}
    for one in handed.waiting(found, [order], {}, centre_id):
        if one.to_carry_milli:
            item = items[one.item_no]
            raise StillStored(
                name_th=item.name_th,
                name_en=item.name_en,
                stored_milli=one.stored_milli,
                unit=item.base_unit,
            )


def _as_sale(command: HandOut, order: OrderDoc, found: RoundDoc, actor: Actor) -> RecordSale:
    if found.sharing is None:
        raise RoundNotOrdered
    items = {item.item_no: item for item in found.items}
    lines = tuple(
        RecordSaleLine(
            product_id=items[share.item_no].product_id,
            quantity_milli=share.given_milli,
            unit_price_satang=half_up_div(share.due_satang * MILLI, share.given_milli),
            gross_satang=share.due_satang,
        )
        for share in order.shares
        if share.given_milli
    )
    if not lines:
        raise NothingToHandOut
    return RecordSale(
        id=command.id,
        till_id=command.till_id,
        shift_id=command.shift_id,
        occurred_at=command.occurred_at,
        lines=lines,
        payments=command.payments,
        member_id=_member_today(order, actor.centre_id),
    )


def _member_today(order: OrderDoc, centre_id: int) -> UUID | None:
    """Return who buys: the member who stands for the orderer today; none for a group, or for one
    who has left, who may still take home what was bought for them."""
    if order.member_id is None:
        return None
    member_id = standing.survivors(centre_id).get(order.member_id, order.member_id)
    try:
        return member_register.require_active(centre_id, member_id).id
    except NotAMember:
        return None
