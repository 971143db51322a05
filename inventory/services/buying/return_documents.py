"""Returns to suppliers as people read them: the list, each one whole, and what could go back.

What must stay true: a return shows what went back and what it was worth then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_, DomainError, NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import (
    GoodsReceipt,
    Lot,
    PayoutLine,
    Product,
    SupplierReturn,
    SupplierReturnLine,
)
from inventory.services import levels, locations, receipts
from members.services import access, finding, producers
from members.services.producers import ProducerCard

CREDIT = "credit"


class NotBought(DomainError):
    """Only what was bought outright goes back to its supplier like this."""

    code, status, title = "not-bought", 409, N_("These goods were not bought outright")
    detail = N_("Consigned goods are given back from the page of unsold goods.")


@dataclass(frozen=True, slots=True)
class ReturnLineDoc:
    """A part of a lot that went back."""

    line_no: int
    lot_id: UUID
    lot_no: str
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    cost_satang: int
    tax_satang: int


@dataclass(frozen=True, slots=True)
class SupplierReturnDoc:
    """A return; in a list without its lines. `used_satang` of its credit was taken off payments."""

    id: UUID
    return_no: str
    goods_receipt_id: UUID
    receipt_no: str
    producer: ProducerCard
    settled: str
    amount_satang: int
    cost_satang: int
    tax_satang: int
    used_satang: int
    note_no: str
    note_on: date | None
    reason: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    lines: tuple[ReturnLineDoc, ...] = ()


@dataclass(frozen=True, slots=True)
class Returnable:
    """A lot of an intake, and what of it lies at a place."""

    line_no: int
    lot_id: UUID
    lot_no: str
    name_th: str
    name_en: str
    unit: str
    lying_milli: int
    value_satang: int


def get(return_id: UUID, actor: Actor) -> SupplierReturnDoc:
    """Return a return with its lines; raises NotFound, Forbidden."""
    access.require(actor, "purchase.read")
    return of(actor.centre_id, return_id)


def of(centre_id: int, return_id: UUID) -> SupplierReturnDoc:
    """Return a return whole; raise NotFound."""
    row = db.session.execute(_select(centre_id).where(SupplierReturn.id == return_id)).one_or_none()
    if row is None:
        raise NotFound(what="supplier_return")
    lines: Any = db.session.execute(
        select(
            SupplierReturnLine.line_no,
            SupplierReturnLine.lot_id,
            Lot.lot_no,
            Product.name_th,
            Product.name_en,
            Product.unit,
            SupplierReturnLine.quantity_milli,
            SupplierReturnLine.cost_satang,
            SupplierReturnLine.tax_satang,
        )
        .join(
            Lot,
            and_(
                Lot.centre_id == SupplierReturnLine.centre_id, Lot.id == SupplierReturnLine.lot_id
            ),
        )
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(SupplierReturnLine.centre_id == centre_id, SupplierReturnLine.return_id == return_id)
        .order_by(SupplierReturnLine.line_no)
    )
    whole = tuple(ReturnLineDoc(*line) for line in lines)
    return _doc(row, producers.get(centre_id, row.producer_id), whole)


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, *, producer_id: UUID | None = None
) -> Page[SupplierReturnDoc]:
    """Return returns, newest first; of one supplier if given. Raises Forbidden."""
    access.require(actor, "purchase.read")
    named = finding.of_producer(actor.centre_id, SupplierReturn.producer_id)
    texts = (SupplierReturn.return_no, SupplierReturn.note_no, SupplierReturn.reason, named)
    query = _select(actor.centre_id).where(
        *matching(sought, day=SupplierReturn.business_date, text=texts)
    )
    if producer_id is not None:
        query = query.where(SupplierReturn.producer_id == producer_id)
    if (last := uuid_or_none(window.after)) is not None:
        query = query.where(SupplierReturn.id < last)
    ordered = query.order_by(SupplierReturn.id.desc()).limit(window.limit + 1)
    page = page_of(db.session.execute(ordered).all(), window, lambda row: str(row.id))
    people = producers.names(actor.centre_id, {row.producer_id for row in page.items})
    return Page(tuple(_doc(row, people[row.producer_id]) for row in page.items), page.next)


def returnable(receipt_id: UUID, actor: Actor, place: UUID | None = None) -> list[Returnable]:
    """Return the lots of an intake and what of each lies at a place (the shelf if none is named).

    Raises NotBought, NotFound, Forbidden.
    """
    access.require(actor, "purchase.return")
    receipt = receipts.get(receipt_id, actor)
    if receipt.kind != "outright" or receipt.cancellation is not None:
        raise NotBought
    where = place or locations.shop(actor.centre_id).id
    there = levels.locked(actor.centre_id, [line.lot_id for line in receipt.lines])
    return [
        Returnable(
            line.line_no,
            line.lot_id,
            line.lot_no,
            line.name_th,
            line.name_en,
            line.unit,
            *(max(one, 0) for one in there.get((line.lot_id, where), (0, 0))),
        )
        for line in receipt.lines
    ]


def _select(centre_id: int) -> Any:
    used = (
        select(-sum_int(PayoutLine.amount_satang))
        .where(
            PayoutLine.centre_id == centre_id,
            PayoutLine.kind == CREDIT,
            PayoutLine.document_id == SupplierReturn.id,
        )
        .scalar_subquery()
    )
    columns = (column for column in SupplierReturn.__table__.c if column.name != "content")
    return (
        select(*columns, GoodsReceipt.receipt_no, used.label("used_satang"))
        .join(
            GoodsReceipt,
            and_(
                GoodsReceipt.centre_id == SupplierReturn.centre_id,
                GoodsReceipt.id == SupplierReturn.goods_receipt_id,
            ),
        )
        .where(SupplierReturn.centre_id == centre_id)
    )


def _doc(
    row: Any, producer: ProducerCard, lines: tuple[ReturnLineDoc, ...] = ()
) -> SupplierReturnDoc:
    names = [one for one in SupplierReturnDoc.__slots__ if one not in ("producer", "lines")]
    head = {name: getattr(row, name) for name in names}
    return SupplierReturnDoc(producer=producer, lines=lines, **head)
