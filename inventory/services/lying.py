"""Where goods of a lot lie, for documents that take them out; and taking them out.

What must stay true: the level is locked before anything is decided about it, so goods sold
meanwhile are never given away, and its change stands beside the move that explains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db
from inventory.models import Location, StockLevel
from inventory.rules.intake import require_whole
from inventory.services import catalogue, levels, moves, stock
from inventory.services.catalogue import ProductDoc
from inventory.services.lots import LotCard
from inventory.services.moves import Journey, NewMove

Level = tuple[int, int]
"""Quantity and book value."""


def place_with(
    centre_id: int, lot: LotCard, quantity_milli: int, location_id: UUID | None = None
) -> tuple[UUID, Level]:
    """Return a place where enough of a lot lies, and its level there, locked.

    Without a place named it is the one with the most. Raises OutOfStock.
    """
    found = {place: level for (_, place), level in levels.locked(centre_id, [lot.id]).items()}
    if location_id is not None:
        found = {place: level for place, level in found.items() if place == location_id}
    place = max(found, key=lambda one: found[one][0], default=None)
    if place is None or found[place][0] < quantity_milli:
        raise stock.out_of_stock(
            centre_id,
            lot.product_id,
            asked_milli=quantity_milli,
            available_milli=max(found[place][0], 0) if place else 0,
        )
    return place, found[place]


def whole_product(centre_id: int, lot: LotCard, quantity_milli: int) -> ProductDoc:
    """Return the product of a lot; raise WholePieces when pieces are not counted whole."""
    product = catalogue.get_doc(centre_id, lot.product_id)
    require_whole(1, quantity_milli, product.sold_by, product.name_th, product.unit)
    return product


def take_out(centre_id: int, journey: Journey, gone: NewMove) -> None:
    """Take goods of one lot out of their locked level and write the move."""
    levels.change(
        centre_id,
        journey.from_location_id,
        {gone.lot_id: (-gone.quantity_milli, -gone.cost_satang)},
    )
    moves.write(centre_id, journey, [gone])


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place where something of a lot lies."""

    id: UUID
    name_th: str
    name_en: str
    quantity_milli: int


def places_of(centre_id: int, lot_id: UUID) -> list[PlaceCard]:
    """Return where a lot lies, the most first."""
    rows = db.session.execute(
        select(Location.id, Location.name_th, Location.name_en, StockLevel.quantity_milli)
        .join(
            StockLevel,
            and_(StockLevel.centre_id == Location.centre_id, StockLevel.location_id == Location.id),
        )
        .where(
            StockLevel.centre_id == centre_id,
            StockLevel.lot_id == lot_id,
            levels.ON_HAND,
        )
        .order_by(StockLevel.quantity_milli.desc(), Location.code)
    )
    return [PlaceCard(*row) for row in rows]
