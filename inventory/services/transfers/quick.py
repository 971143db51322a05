"""Carry goods from one place of ours to another, by product: the lots that expire first go first.

What must stay true: it is a transfer like any other, so lots stay what they are, no level falls
below zero, and nothing is posted; what was suggested and what goes are chosen by the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from inventory.models import Lot, StockTransfer, StockTransferLine
from inventory.rules.allocation import Shelf, draw
from inventory.rules.intake import require_whole
from inventory.services import catalogue, levels, stock
from inventory.services.transfers import sending
from inventory.services.transfers.sending import SendGoods, SendLine, TransferDiffers
from members.services import access


@dataclass(frozen=True, slots=True)
class CarryLine:
    """So much of a product."""

    product_id: UUID
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class CarryGoods:
    """Goods to carry between two places of this centre."""

    id: UUID
    from_location_id: UUID
    to_location_id: UUID
    lines: tuple[CarryLine, ...]
    note: str = ""


def carry(command: CarryGoods, actor: Actor) -> UUID:
    """Carry goods; the same command again changes nothing.

    Raises OutOfStock, WholePieces and what sending raises.
    """
    access.require(actor, "transfer.record")
    earlier = db.session.get(StockTransfer, (actor.centre_id, command.id))
    if earlier is not None:
        _require_same(earlier, command)
        return command.id
    lines = _lots(command, actor)
    return sending.send(
        SendGoods(
            id=command.id,
            from_location_id=command.from_location_id,
            to_location_id=command.to_location_id,
            lines=tuple(lines),
            note=command.note,
        ),
        actor,
    )


def _lots(command: CarryGoods, actor: Actor) -> list[SendLine]:
    """Choose the lots, locked until the commit; each lot stands on one line."""
    wanted = {line.product_id for line in command.lines}
    products = catalogue.for_sale(actor.centre_id, wanted)
    shelves = levels.locked_shelves(
        actor.centre_id, command.from_location_id, wanted, may_oversell=False
    )
    asked: dict[UUID, int] = {}
    for line_no, line in enumerate(command.lines, start=1):
        if line.product_id not in products:
            raise NotFound(what="product", line_no=line_no)
        asked[line.product_id] = asked.get(line.product_id, 0) + line.quantity_milli
        require_whole(
            line_no,
            line.quantity_milli,
            products[line.product_id].sold_by,
            products[line.product_id].name_th,
            products[line.product_id].unit,
        )
        _require_there(line_no, line.product_id, asked, shelves.get(line.product_id, ()), actor)
    return [
        SendLine(one.shelf.lot_id, one.quantity_milli)
        for product_id, quantity in asked.items()
        for one in draw(shelves.get(product_id, ()), quantity, may_oversell=False)[0]
    ]


def _require_there(
    line_no: int,
    product_id: UUID,
    asked: dict[UUID, int],
    shelves: Sequence[Shelf],
    actor: Actor,
) -> None:
    there = sum(max(shelf.quantity_milli, 0) for shelf in shelves)
    if asked[product_id] > there:
        raise stock.out_of_stock(
            actor.centre_id,
            product_id,
            asked_milli=asked[product_id],
            available_milli=there,
            line_no=line_no,
        )


def _require_same(earlier: StockTransfer, command: CarryGoods) -> None:
    """Raise TransferDiffers unless the first one carried the same goods the same way."""
    rows = db.session.execute(
        select(Lot.product_id, sum_int(StockTransferLine.quantity_milli))
        .join(
            Lot,
            and_(Lot.centre_id == StockTransferLine.centre_id, Lot.id == StockTransferLine.lot_id),
        )
        .where(
            StockTransferLine.centre_id == earlier.centre_id,
            StockTransferLine.transfer_id == earlier.id,
        )
        .group_by(Lot.product_id)
    )
    asked: dict[UUID, int] = {}
    for line in command.lines:
        asked[line.product_id] = asked.get(line.product_id, 0) + line.quantity_milli
    differs = []
    if (earlier.from_location_id, earlier.to_location_id) != (
        command.from_location_id,
        command.to_location_id,
    ):
        differs.append("to_location_id")
    if {product_id: quantity for product_id, quantity in rows} != asked:
        differs.append("lines")
    if differs:
        raise TransferDiffers(differs=differs)
