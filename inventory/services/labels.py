"""Labels of lots: what stands on them, and how many are likely wanted.

What must stay true: the price is today's at the counter; the barcode is the lot's number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select

from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.quantity import MILLI
from inventory.models import GoodsReceipt, Lot, Product, StockLevel
from members.services import access, producers

COPIES_MAX = 500
"""Of one lot at a time: a printer's roll, and half a minute of a worker."""


@dataclass(frozen=True, slots=True)
class LotLabel:
    """What a lot's label says; `copies` is how many pieces lie here."""

    lot_id: UUID
    lot_no: str
    name_th: str
    name_en: str
    unit: str
    producer_name: str
    village: str
    price_satang: int
    by_weight: bool
    received_on: date
    expires_on: date | None
    copies: int


@dataclass(frozen=True, slots=True)
class LabelJob:
    """The labels of a lot, or of an intake with all its lots, under its document's number."""

    number: str
    labels: tuple[LotLabel, ...]


def of_lot(lot_id: UUID, actor: Actor) -> LabelJob:
    """Return the label of a lot; raise NotFound, Forbidden."""
    access.require(actor, "label.print")
    [label] = _labels(actor.centre_id, Lot.id == lot_id) or _nothing("lot")
    return LabelJob(label.lot_no, (label,))


def of_receipt(receipt_id: UUID, actor: Actor) -> LabelJob:
    """Return the labels of all lots of an intake, in its order; raise NotFound, Forbidden."""
    access.require(actor, "label.print")
    number = db.session.scalar(
        select(GoodsReceipt.receipt_no).where(
            GoodsReceipt.centre_id == actor.centre_id, GoodsReceipt.id == receipt_id
        )
    )
    if number is None:
        raise NotFound(what="goods_receipt")
    return LabelJob(number, tuple(_labels(actor.centre_id, Lot.goods_receipt_id == receipt_id)))


def _nothing(what: str) -> list[LotLabel]:
    raise NotFound(what=what)


def _labels(centre_id: int, which: object) -> list[LotLabel]:
    lying = (
        select(StockLevel.lot_id, sum_int(StockLevel.quantity_milli).label("on_hand"))
        .where(StockLevel.centre_id == centre_id)
        .group_by(StockLevel.lot_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Lot.id,
            Lot.lot_no,
            Product.name_th,
            Product.name_en,
            Product.unit,
            Product.sold_by,
            Product.price_satang,
            Lot.producer_id,
            Lot.received_at,
            Lot.expires_on,
            lying.c.on_hand,
        )
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .outerjoin(lying, lying.c.lot_id == Lot.id)
        .where(Lot.centre_id == centre_id, which)  # type: ignore[arg-type]
        .order_by(Lot.line_no)
    ).all()
    people = producers.names(centre_id, {row.producer_id for row in rows})
    return [
        LotLabel(
            lot_id=row.id,
            lot_no=row.lot_no,
            name_th=row.name_th,
            name_en=row.name_en,
            unit=row.unit,
            producer_name=people[row.producer_id].name,
            village=people[row.producer_id].village,
            price_satang=row.price_satang,
            by_weight=row.sold_by == "weight",
            received_on=clock.business_date(row.received_at),
            expires_on=row.expires_on,
            copies=_likely(row.sold_by, row.on_hand or 0),
        )
        for row in rows
    ]


def _likely(sold_by: str, on_hand_milli: int) -> int:
    """One label a piece; goods sold by weight lie in one crate, which needs one."""
    if on_hand_milli <= 0:
        return 0
    return 1 if sold_by == "weight" else min(-(-on_hand_milli // MILLI), COPIES_MAX)
