"""Intake documents as people read them: the list and each one whole, with its cancellation.

What must stay true: a document shows what was recorded and frozen, never today's terms or prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from inventory.models import GoodsReceipt, GoodsReceiptCancellation, Lot, Product
from members.services import access, finding, producers, users
from members.services.producers import ProducerCard

SOURCE = "goods_receipt"


class ShiftNeeded(DomainError):
    """Cash goes through a drawer, and a drawer is open only in a shift."""

    code, status, title = "shift-needed", 422, N_("Paying in cash needs an open shift")
    detail = N_("Open a shift on the till that pays, or leave the amount owed to the producer.")


@dataclass(frozen=True, slots=True)
class LotLine:
    """One line of an intake: the lot it made."""

    line_no: int
    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    gross_milli: int
    tare_milli: int
    deduction_milli: int
    quantity_milli: int
    grade: str
    unit_cost_satang: int
    cost_satang: int
    split_basis_points: int | None
    expires_on: date | None
    terms: dict[str, Any] | None
    """The whole terms frozen on the lot; None when only the split was agreed."""


@dataclass(frozen=True, slots=True)
class CancellationDoc:
    """Why and by whom an intake was taken back."""

    id: UUID
    business_date: date
    recorded_at: datetime
    recorded_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class GoodsReceiptDoc:
    """An intake whole."""

    id: UUID
    receipt_no: str
    producer: ProducerCard
    kind: str
    paid: str
    till_id: UUID | None
    location_id: UUID
    business_date: date
    recorded_at: datetime
    recorded_by: str
    note: str
    cost_satang: int
    lines: tuple[LotLine, ...]
    cancellation: CancellationDoc | None
    order_id: UUID | None = None
    tax_satang: int = 0
    due_on: date | None = None
    invoice_no: str = ""
    invoice_on: date | None = None

    @property
    def owed_satang(self) -> int:
        """What is owed, or was paid at once: the cost and the input VAT beside it."""
        return self.cost_satang + self.tax_satang


@dataclass(frozen=True, slots=True)
class GoodsReceiptCard:
    """An intake in a list."""

    id: UUID
    receipt_no: str
    producer_id: UUID
    producer_name: str
    kind: str
    paid: str
    business_date: date
    recorded_at: datetime
    cost_satang: int
    cancelled: bool


def cash_paid(centre_id: int, shift_id: UUID, after: date | None = None) -> int:
    """Return the satang intakes took out of a shift's drawer, less what cancelled ones put back.

    With a day, only what is dated after it.
    """
    paid = select(sum_int(GoodsReceipt.owed_satang)).where(
        GoodsReceipt.centre_id == centre_id,
        GoodsReceipt.paid == "cash",
        GoodsReceipt.shift_id == shift_id,
        *((GoodsReceipt.business_date > after,) if after else ()),
    )
    put_back = (
        select(sum_int(GoodsReceipt.owed_satang))
        .join(
            GoodsReceiptCancellation,
            and_(
                GoodsReceiptCancellation.centre_id == GoodsReceipt.centre_id,
                GoodsReceiptCancellation.goods_receipt_id == GoodsReceipt.id,
            ),
        )
        .where(
            GoodsReceipt.centre_id == centre_id,
            GoodsReceiptCancellation.shift_id == shift_id,
            *((GoodsReceiptCancellation.business_date > after,) if after else ()),
        )
    )
    return (db.session.scalar(paid) or 0) - (db.session.scalar(put_back) or 0)


def content_of_earlier(centre_id: int, receipt_id: UUID) -> dict[str, Any] | None:
    """Return the command an intake was recorded by, if there is one under this id."""
    return db.session.scalar(
        select(GoodsReceipt.content).where(
            GoodsReceipt.centre_id == centre_id, GoodsReceipt.id == receipt_id
        )
    )


def get(receipt_id: UUID, actor: Actor) -> GoodsReceiptDoc:
    """Return an intake of the actor's centre; a producer's own is open to that producer.

    Raises NotFound, Forbidden.
    """
    row = db.session.execute(
        select(GoodsReceipt.__table__).where(
            GoodsReceipt.centre_id == actor.centre_id, GoodsReceipt.id == receipt_id
        )
    ).one_or_none()
    own = row is not None and actor.producer_id == row.producer_id
    access.require(actor, "producer_account.read" if own else "intake.read")
    if row is None:
        raise NotFound(what="goods_receipt")
    return _doc(row)


def of(centre_id: int, receipt_id: UUID) -> GoodsReceiptDoc:
    """Return an intake for another service, which has asked for its own right; raise NotFound."""
    row = db.session.execute(
        select(GoodsReceipt.__table__).where(
            GoodsReceipt.centre_id == centre_id, GoodsReceipt.id == receipt_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="goods_receipt")
    return _doc(row)


def _doc(row: Any) -> GoodsReceiptDoc:
    cancellation = _cancellations(row.centre_id, [row.id]).get(row.id)
    people = users.names({who for who in (row.recorded_by,) if who is not None})
    return GoodsReceiptDoc(
        id=row.id,
        receipt_no=row.receipt_no,
        producer=producers.get(row.centre_id, row.producer_id),
        kind=row.kind,
        paid=row.paid,
        till_id=row.till_id,
        location_id=row.location_id,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_by=people.get(row.recorded_by, ""),
        note=row.note,
        cost_satang=row.cost_satang,
        lines=tuple(_lines(row.centre_id, row.id)),
        cancellation=cancellation,
        order_id=row.order_id,
        tax_satang=row.tax_satang,
        due_on=row.due_on,
        invoice_no=row.invoice_no,
        invoice_on=row.invoice_on,
    )


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, *, producer_id: UUID | None = None
) -> Page[GoodsReceiptCard]:
    """Return intakes, newest first; of one producer if given."""
    own = producer_id is not None and actor.producer_id == producer_id
    access.require(actor, "producer_account.read" if own else "intake.read")
    named = finding.of_producer(actor.centre_id, GoodsReceipt.producer_id)
    texts = (GoodsReceipt.receipt_no, GoodsReceipt.invoice_no, GoodsReceipt.note, named)
    query = select(GoodsReceipt).where(
        GoodsReceipt.centre_id == actor.centre_id,
        *matching(sought, day=GoodsReceipt.business_date, text=texts),
    )
    if producer_id is not None:
        query = query.where(GoodsReceipt.producer_id == producer_id)
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(GoodsReceipt.id < last)
    rows = db.session.scalars(query.order_by(GoodsReceipt.id.desc()).limit(window.limit + 1)).all()
    page = page_of(rows, window, lambda row: str(row.id))
    return Page(tuple(_cards(actor.centre_id, page.items)), page.next)


def _cards(centre_id: int, rows: Sequence[GoodsReceipt]) -> Iterable[GoodsReceiptCard]:
    names = producers.names(centre_id, {row.producer_id for row in rows})
    gone = _cancellations(centre_id, [row.id for row in rows])
    for row in rows:
        yield GoodsReceiptCard(
            id=row.id,
            receipt_no=row.receipt_no,
            producer_id=row.producer_id,
            producer_name=names[row.producer_id].name,
            kind=row.kind,
            paid=row.paid,
            business_date=row.business_date,
            recorded_at=row.recorded_at,
            cost_satang=row.cost_satang,
            cancelled=row.id in gone,
        )


def _lines(centre_id: int, receipt_id: UUID) -> Iterable[LotLine]:
    rows: Any = db.session.execute(
        select(
            Lot.line_no,
            Lot.id,
            Lot.lot_no,
            Lot.product_id,
            Product.name_th,
            Product.name_en,
            Product.unit,
            Lot.gross_milli,
            Lot.tare_milli,
            Lot.deduction_milli,
            Lot.quantity_milli,
            Lot.grade,
            Lot.unit_cost_satang,
            Lot.cost_satang,
            Lot.split_basis_points,
            Lot.expires_on,
            Lot.terms,
        )
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Lot.centre_id == centre_id, Lot.goods_receipt_id == receipt_id)
        .order_by(Lot.line_no)
    )
    return [LotLine(*row) for row in rows]


def _cancellations(centre_id: int, receipt_ids: Sequence[UUID]) -> dict[UUID, CancellationDoc]:
    rows = db.session.scalars(
        select(GoodsReceiptCancellation).where(
            GoodsReceiptCancellation.centre_id == centre_id,
            GoodsReceiptCancellation.goods_receipt_id.in_(receipt_ids),
        )
    ).all()
    people = users.names({row.recorded_by for row in rows if row.recorded_by is not None})
    return {
        row.goods_receipt_id: CancellationDoc(
            id=row.id,
            business_date=row.business_date,
            recorded_at=row.recorded_at,
            recorded_by=people.get(row.recorded_by, "") if row.recorded_by else "",
            reason=row.reason,
        )
        for row in rows
    }
