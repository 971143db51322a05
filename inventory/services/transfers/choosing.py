"""What a transfer can be made of: the lots that lie at a place, found by name, lot or producer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from core.actor import Actor
from core.db import db
from core.text import skeleton
from inventory.models import Lot, Product, StockLevel
from inventory.services import levels
from members.services import access, producers

LOTS_MAX = 100


@dataclass(frozen=True, slots=True)
class LyingLot:
    """A lot that lies at a place, and how much of it."""

    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    ownership: str
    producer_name: str
    expires_on: date | None
    quantity_milli: int


def lying_at(actor: Actor, location_id: UUID, text: str = "") -> list[LyingLot]:
    """Return the lots at a place in Thai order, at most a hundred; `text` narrows them."""
    access.require(actor, "transfer.read")
    query: Any = (
        select(Lot, Product, StockLevel.quantity_milli)
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .join(StockLevel, and_(StockLevel.centre_id == Lot.centre_id, StockLevel.lot_id == Lot.id))
        .where(
            Lot.centre_id == actor.centre_id,
            StockLevel.location_id == location_id,
            levels.ON_HAND,
        )
    )
    if text:
        of_people = [one.id for one in producers.search(actor.centre_id, text)]
        query = query.where(
            or_(
                Product.search_key.contains(skeleton(text), autoescape=True),
                Lot.lot_no == text.upper(),
                Lot.producer_id.in_(of_people),
            )
        )
    rows = db.session.execute(query.order_by(Product.sort_key, Lot.lot_no).limit(LOTS_MAX)).all()
    people = producers.names(actor.centre_id, {lot.producer_id for lot, _, _ in rows})
    return [
        LyingLot(
            lot_id=lot.id,
            lot_no=lot.lot_no,
            product_id=product.id,
            name_th=product.name_th,
            name_en=product.name_en,
            unit=product.unit,
            ownership=lot.ownership,
            producer_name=people[lot.producer_id].name,
            expires_on=lot.expires_on,
            quantity_milli=quantity,
        )
        for lot, product, quantity in rows
    ]
