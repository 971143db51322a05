"""What lies here and when it came, for telling what to order and what to ask producers for.

What the centre reckons with (days goods take to come, days they shall last) is kept by the room
above, which is appointed. What must stay true: a fixed number of statements, over lots that have
something left and over the goods that are asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, select

from core import clock
from core.appointed import Appointed
from core.db import db, sum_int
from core.money import half_up_div
from core.quantity import MILLI
from inventory.models import (
    GoodsReceiptCancellation,
    Location,
    Lot,
    Product,
    PurchaseLine,
    PurchaseOrder,
    PurchaseOrderLine,
    StockLevel,
)
from inventory.rules.sell_through import Supply
from inventory.services import levels

SETTINGS: Appointed[Callable[[int], Supply]] = Appointed(lambda _centre_id: Supply())
"""What a centre's hints reckon with."""
OUR_PLACES = ("shop", "storage", "work")
CHUNK = 5_000

GoodsKey = tuple[UUID, UUID, str]
"""Product, producer, ownership."""


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product as a table names it."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    unit: str
    category: str
    active: bool


@dataclass(frozen=True, slots=True)
class OldLot:
    """A lot with something left whose day is near or past."""

    id: UUID
    lot_no: str
    product_id: UUID
    producer_id: UUID
    ownership: str
    on_hand_milli: int
    value_satang: int
    expires_on: date


def settings(centre_id: int) -> Supply:
    """Return what the centre's hints reckon with."""
    return SETTINGS.only(centre_id)


def products(centre_id: int, ids: Collection[UUID]) -> dict[UUID, ProductName]:
    """Return the names of some products."""
    found: dict[UUID, ProductName] = {}
    wanted = sorted(ids)
    columns = (getattr(Product, name) for name in ProductName.__dataclass_fields__)
    query = select(*columns).where(Product.centre_id == centre_id)
    for start in range(0, len(wanted), CHUNK):
        some = Product.id.in_(wanted[start : start + CHUNK])
        found.update((row.id, ProductName(*row)) for row in db.session.execute(query.where(some)))
    return found


def on_hand(centre_id: int) -> dict[GoodsKey, int]:
    """Return what lies here of each product of each producer, in all our places."""
    keys = (Lot.product_id, Lot.producer_id, Lot.ownership)
    rows = db.session.execute(
        select(*keys, sum_int(StockLevel.quantity_milli))
        .select_from(StockLevel)
        .join(Lot, and_(Lot.centre_id == StockLevel.centre_id, Lot.id == StockLevel.lot_id))
        .join(
            Location,
            and_(Location.centre_id == StockLevel.centre_id, Location.id == StockLevel.location_id),
        )
        .where(
            StockLevel.centre_id == centre_id,
            levels.ON_HAND,
            Location.kind.in_(OUR_PLACES),
        )
        .group_by(*keys)
    )
    return {(product, producer, kind): milli for product, producer, kind, milli in rows}


def days_there(
    centre_id: int, product_ids: Collection[UUID], window_days: int, today: date
) -> dict[GoodsKey, int]:
    """Return how many days of the window each producer's goods were here: since their first lot."""
    found: dict[GoodsKey, int] = {}
    wanted = sorted(product_ids)
    keys = (Lot.product_id, Lot.producer_id, Lot.ownership)
    query = select(*keys, func.min(Lot.received_at)).where(Lot.centre_id == centre_id)
    for start in range(0, len(wanted), CHUNK):
        some = Lot.product_id.in_(wanted[start : start + CHUNK])
        for product, producer, kind, first in db.session.execute(query.where(some).group_by(*keys)):
            days = (today - clock.business_date(first)).days + 1
            found[product, producer, kind] = max(1, min(days, window_days))
    return found


def coming(centre_id: int) -> dict[UUID, int]:
    """Return what is ordered and not here yet, by product in its own unit."""
    expected = PurchaseOrder.state.in_(("sent", "partly"))
    lines = db.session.execute(
        select(
            *(PurchaseOrderLine.order_id, PurchaseOrderLine.line_no, PurchaseOrderLine.product_id),
            *(PurchaseOrderLine.quantity_milli, PurchaseOrderLine.factor_milli),
        )
        .join(
            PurchaseOrder,
            and_(
                PurchaseOrder.centre_id == PurchaseOrderLine.centre_id,
                PurchaseOrder.id == PurchaseOrderLine.order_id,
            ),
        )
        .where(PurchaseOrder.centre_id == centre_id, expected)
    ).all()
    taken_back = exists().where(
        GoodsReceiptCancellation.centre_id == PurchaseLine.centre_id,
        GoodsReceiptCancellation.goods_receipt_id == PurchaseLine.goods_receipt_id,
    )
    keys = (PurchaseLine.order_id, PurchaseLine.order_line_no)
    orders = select(PurchaseOrder.id).where(PurchaseOrder.centre_id == centre_id, expected)
    came = db.session.execute(
        select(*keys, sum_int(Lot.quantity_milli))
        .join(Lot, and_(Lot.centre_id == PurchaseLine.centre_id, Lot.id == PurchaseLine.lot_id))
        .where(PurchaseLine.centre_id == centre_id, PurchaseLine.order_id.in_(orders), ~taken_back)
        .group_by(*keys)
    )
    here = {(order, line): milli for order, line, milli in came}
    found: dict[UUID, int] = {}
    for order, line, product, quantity, factor in lines:
        left = max(half_up_div(quantity * factor, MILLI) - here.get((order, line), 0), 0)
        found[product] = found.get(product, 0) + left
    return found


def expiring(centre_id: int, until: date, limit: int) -> list[OldLot]:
    """Return lots with something left whose day is until a day, the oldest first."""
    left = sum_int(StockLevel.quantity_milli)
    keys = (Lot.id, Lot.lot_no, Lot.product_id, Lot.producer_id, Lot.ownership)
    rows: Any = db.session.execute(
        select(*keys, left, sum_int(StockLevel.value_satang), Lot.expires_on)
        .select_from(StockLevel)
        .join(Lot, and_(Lot.centre_id == StockLevel.centre_id, Lot.id == StockLevel.lot_id))
        .where(
            StockLevel.centre_id == centre_id,
            levels.ON_HAND,
            Lot.expires_on <= until,
        )
        .group_by(*keys, Lot.expires_on)
        .order_by(Lot.expires_on, Lot.lot_no)
        .limit(limit)
    )
    return [OldLot(*row) for row in rows]


def window(supply: Supply, today: date) -> tuple[date, date]:
    """Return the days that are looked at, today included."""
    return today - timedelta(days=supply.window_days - 1), today
