"""Purchase orders as people read them: the list and each one whole, with what came of it.

What must stay true: what came is counted from intakes that stand, never kept beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.sql import Select

from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.money import half_up_div
from core.paging import Page, Window, page_of
from core.quantity import MILLI
from core.sought import NOTHING, Sought, matching
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Lot,
    Product,
    PurchaseLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from members.services import access, finding, producers
from members.services.producers import ProducerCard


@dataclass(frozen=True, slots=True)
class OrderLineDoc:
    """A line: what was asked for in its unit, and what came in the product's own."""

    line_no: int
    product_id: UUID
    name_th: str
    name_en: str
    base_unit: str
    unit_id: UUID | None
    unit: str
    factor_milli: int
    quantity_milli: int
    unit_price_satang: int
    amount_satang: int
    received_milli: int = 0
    """Of the product's own unit."""

    @property
    def base_milli(self) -> int:
        """What was asked for in the product's own unit."""
        return half_up_div(self.quantity_milli * self.factor_milli, MILLI)

    @property
    def open_milli(self) -> int:
        """What has not come yet, in the product's own unit."""
        return max(self.base_milli - self.received_milli, 0)


@dataclass(frozen=True, slots=True)
class OrderIntake:
    """A delivery that came on an order."""

    id: UUID
    receipt_no: str
    business_date: date
    owed_satang: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class OrderDoc:
    """An order; in a list without its lines and deliveries."""

    id: UUID
    order_no: str
    producer: ProducerCard
    state: str
    ordered_on: date
    expected_on: date | None
    prices: str
    terms_days: int
    note: str
    amount_satang: int
    recorded_at: datetime
    recorded_name: str
    sent_at: datetime | None
    sent_name: str
    ended_at: datetime | None
    ended_name: str
    reason: str
    version: int
    lines: tuple[OrderLineDoc, ...] = ()
    intakes: tuple[OrderIntake, ...] = ()

    @property
    def producer_id(self) -> UUID:
        return self.producer.id

    @property
    def producer_name(self) -> str:
        return self.producer.name

    @property
    def expecting(self) -> bool:
        """Tell whether goods can come on it."""
        return self.state in ("sent", "partly")


_HEAD = [name for name in OrderDoc.__slots__ if name not in ("producer", "lines", "intakes")]


def get(order_id: UUID, actor: Actor) -> OrderDoc:
    """Return an order; raises NotFound, Forbidden."""
    access.require(actor, "purchase.read")
    return of(actor.centre_id, order_id)


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, *, producer_id: UUID | None = None
) -> Page[OrderDoc]:
    """Return orders, newest first; of one supplier if given. Raises Forbidden."""
    access.require(actor, "purchase.read")
    named = finding.of_producer(actor.centre_id, PurchaseOrder.producer_id)
    narrowed = matching(
        sought,
        day=PurchaseOrder.ordered_on,
        state=PurchaseOrder.state,
        text=(PurchaseOrder.order_no, PurchaseOrder.note, named),
    )
    query = _heads(actor.centre_id).where(*narrowed)
    if producer_id is not None:
        query = query.where(PurchaseOrder.producer_id == producer_id)
    if (last := uuid_or_none(window.after)) is not None:
        query = query.where(PurchaseOrder.id < last)
    rows = db.session.execute(query.order_by(PurchaseOrder.id.desc()).limit(window.limit + 1)).all()
    page = page_of(rows, window, lambda row: str(row.id))
    people = producers.names(actor.centre_id, {row.producer_id for row in page.items})
    return Page(tuple(_doc(row, people[row.producer_id]) for row in page.items), page.next)


def of(centre_id: int, order_id: UUID) -> OrderDoc:
    """Return an order whole; raise NotFound."""
    row = db.session.execute(_heads(centre_id).where(PurchaseOrder.id == order_id)).one_or_none()
    if row is None:
        raise NotFound(what="order")
    producer = producers.get(centre_id, row.producer_id)
    return _doc(row, producer, _lines(centre_id, order_id), _intakes(centre_id, order_id))


def numbers(centre_id: int, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the printed numbers of orders."""
    rows = db.session.execute(
        select(PurchaseOrder.id, PurchaseOrder.order_no).where(
            PurchaseOrder.centre_id == centre_id, PurchaseOrder.id.in_(sorted(order_ids))
        )
    )
    return {identity: number for identity, number in rows}


def received_by_line(centre_id: int, order_id: UUID) -> dict[int, int]:
    """Return what came on each line of an order, in the product's own unit."""
    rows = db.session.execute(
        select(PurchaseLine.order_line_no, sum_int(Lot.quantity_milli))
        .join(Lot, and_(Lot.centre_id == PurchaseLine.centre_id, Lot.id == PurchaseLine.lot_id))
        .where(
            PurchaseLine.centre_id == centre_id,
            PurchaseLine.order_id == order_id,
            ~_cancelled(PurchaseLine.goods_receipt_id, centre_id),
        )
        .group_by(PurchaseLine.order_line_no)
    )
    return {line_no: milli for line_no, milli in rows if line_no is not None}


def _cancelled(receipt_id: Any, centre_id: int) -> Any:
    return (
        select(GoodsReceiptCancellation.id)
        .where(
            GoodsReceiptCancellation.centre_id == centre_id,
            GoodsReceiptCancellation.goods_receipt_id == receipt_id,
        )
        .exists()
    )


def _heads(centre_id: int) -> Select[Any]:
    columns = [column for column in PurchaseOrder.__table__.c if column.name != "content"]
    return select(*columns).where(PurchaseOrder.centre_id == centre_id)


def _doc(
    row: Any,
    producer: ProducerCard,
    lines: Iterable[OrderLineDoc] = (),
    intakes: Iterable[OrderIntake] = (),
) -> OrderDoc:
    head = {name: getattr(row, name) for name in _HEAD}
    return OrderDoc(producer=producer, lines=tuple(lines), intakes=tuple(intakes), **head)


def _lines(centre_id: int, order_id: UUID) -> list[OrderLineDoc]:
    came = received_by_line(centre_id, order_id)
    line, product = PurchaseOrderLine, Product
    rows: Any = db.session.execute(
        select(
            *(line.line_no, line.product_id, product.name_th, product.name_en),
            *(product.unit, line.unit_id, line.unit.label("label"), line.factor_milli),
            *(line.quantity_milli, line.unit_price_satang, line.amount_satang),
        )
        .join(product, and_(product.centre_id == line.centre_id, product.id == line.product_id))
        .where(line.centre_id == centre_id, line.order_id == order_id)
        .order_by(line.line_no)
    )
    return [replace(OrderLineDoc(*row), received_milli=came.get(row.line_no, 0)) for row in rows]


def _intakes(centre_id: int, order_id: UUID) -> list[OrderIntake]:
    rows: Any = db.session.execute(
        select(
            GoodsReceipt.id,
            GoodsReceipt.receipt_no,
            GoodsReceipt.business_date,
            GoodsReceipt.owed_satang,
            _cancelled(GoodsReceipt.id, centre_id),
        )
        .where(GoodsReceipt.centre_id == centre_id, GoodsReceipt.order_id == order_id)
        .order_by(GoodsReceipt.recorded_at, GoodsReceipt.id)
    )
    return [OrderIntake(*row) for row in rows]
