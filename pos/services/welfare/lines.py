"""The receipts behind a product's figures: line by line, each beside its references.

What must stay true: the lines of a product are exactly those its row of the report counts, and
each shows what it adds; whoever sums them by hand finds the report's figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, literal, or_, select, union_all

from accounting.services import welfare_settings
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.paging import Page, Window, page_of
from inventory.rules.reference_prices import FARM_GATE, SHELF, Reference
from inventory.services import producer_gains, reference_prices
from members.services import access
from pos.models import Refund, RefundLine, Sale, SaleLine
from pos.rules.welfare.facts import MILS, worth
from pos.services.welfare.gathering import Days


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A line of a receipt, or of a return (below zero), with the references of its sale's day."""

    kind: str
    document_id: UUID
    document_no: str
    line_no: int
    day: date
    sold_on: date
    quantity_milli: int
    paid_satang: int
    part_satang: int
    shelf: Reference | None
    farm_gate: Reference | None

    @property
    def buyers_mils(self) -> int | None:
        if self.shelf is None:
            return None
        return worth(self.quantity_milli, self.shelf).mid - self.paid_satang * MILS

    @property
    def producers_mils(self) -> int | None:
        if self.farm_gate is None:
            return None
        return self.part_satang * MILS - worth(self.quantity_milli, self.farm_gate).mid


def of_product(product_id: UUID, span: Days, actor: Actor, window: Window) -> Page[GoodsLine]:
    """Return a product's lines, oldest first. Raises Forbidden, NotFound."""
    access.require(actor, "welfare.read")
    aims = welfare_settings.on(actor.centre_id, span.last)
    book = reference_prices.book(actor.centre_id, span.last, aims.reference_days)
    rows = _rows(actor.centre_id, product_id, span, window)
    documents = {(row.kind, row.document_id) for row in rows}
    parts = producer_gains.of_lines(actor.centre_id, documents)
    lines = [
        GoodsLine(
            kind=row.kind,
            document_id=row.document_id,
            document_no=row.document_no,
            line_no=row.line_no,
            day=row.day,
            sold_on=row.sold_on,
            quantity_milli=row.quantity,
            paid_satang=row.paid,
            part_satang=parts.get((row.kind, row.document_id, row.line_no), 0),
            shelf=book.on(product_id, SHELF, row.sold_on),
            farm_gate=book.on(product_id, FARM_GATE, row.sold_on),
        )
        for row in rows
    ]
    return page_of(lines, window, key=_key)


def _key(line: GoodsLine) -> str:
    return f"{line.day.isoformat()}~{line.document_no}~{line.line_no}"


def _rows(centre_id: int, product_id: UUID, span: Days, window: Window) -> Sequence[Any]:
    lines = union_all(_sold(centre_id, product_id), _back(centre_id, product_id)).subquery()
    query = select(lines).where(lines.c.day >= span.first, lines.c.day <= span.last)
    if window.after is not None:
        day, number, line_no = _place(window.after)
        same_day = lines.c.day == day
        query = query.where(
            or_(
                lines.c.day > day,
                and_(same_day, lines.c.document_no > number),
                and_(same_day, lines.c.document_no == number, lines.c.line_no > line_no),
            )
        )
    query = query.order_by(lines.c.day, lines.c.document_no, lines.c.line_no)
    return db.session.execute(query.limit(window.limit + 1)).all()


def _sold(centre_id: int, product_id: UUID) -> access.AnySelect:
    return (
        select(
            cast(literal("sale"), String(10)).label("kind"),
            Sale.id.label("document_id"),
            Sale.receipt_no.label("document_no"),
            SaleLine.line_no.label("line_no"),
            Sale.business_date.label("day"),
            Sale.business_date.label("sold_on"),
            SaleLine.quantity_milli.label("quantity"),
            SaleLine.paid_satang.label("paid"),
        )
        .join(Sale, and_(Sale.centre_id == SaleLine.centre_id, Sale.id == SaleLine.sale_id))
        .where(SaleLine.centre_id == centre_id, SaleLine.product_id == product_id)
    )


def _back(centre_id: int, product_id: UUID) -> access.AnySelect:
    return (
        select(
            cast(literal("refund"), String(10)),
            Refund.id,
            Refund.refund_no,
            RefundLine.line_no,
            Refund.business_date,
            Sale.business_date,
            -RefundLine.quantity_milli,
            -RefundLine.paid_satang,
        )
        .select_from(SaleLine)
        .join(
            RefundLine,
            and_(
                RefundLine.centre_id == SaleLine.centre_id,
                RefundLine.sale_id == SaleLine.sale_id,
                RefundLine.line_no == SaleLine.line_no,
            ),
        )
        .join(
            Refund,
            and_(Refund.centre_id == RefundLine.centre_id, Refund.id == RefundLine.refund_id),
        )
        .join(Sale, and_(Sale.centre_id == SaleLine.centre_id, Sale.id == SaleLine.sale_id))
        .where(SaleLine.centre_id == centre_id, SaleLine.product_id == product_id)
    )


def _place(after: str) -> tuple[date, str, int]:
    try:
        day, number, line_no = after.split("~")
        return date.fromisoformat(day), number, int(line_no)
    except ValueError:
        raise NotFound(what="page") from None
