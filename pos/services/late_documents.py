"""Sales and refunds that came after their shift was counted, and what they did to the books.

What must stay true: the cash of such a document lay in the drawer when it was counted, or was gone
from it; so it stands in over and short, never in the drawer, and each document there has exactly
its cash. They are few, and found by an index of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all

from accounting.rules.chart import Purpose
from accounting.services import sub_ledgers
from core.clock import BANGKOK
from core.db import db, sum_int
from pos.models import Payment, Refund, RefundPayment, Sale, Till


@dataclass(frozen=True, slots=True)
class LateDocument:
    """A late sale, or a late refund (its money negative): when it happened and when it came."""

    type: str
    id: UUID
    number: str
    till_code: str
    shift_id: UUID
    business_date: date
    occurred_at: datetime
    recorded_at: datetime
    due_satang: int
    cash_satang: int

    @property
    def other_satang(self) -> int:
        """What was not paid in cash, or not given back so."""
        return self.due_satang - self.cash_satang


def of_shift(centre_id: int, shift_id: UUID) -> tuple[LateDocument, ...]:
    """Return a shift's late documents in the order they came."""
    return _found(centre_id, lambda table: table.shift_id == shift_id)


def of_days(centre_id: int, first: date, last: date) -> tuple[LateDocument, ...]:
    """Return late documents dated on some days or that came on them, in the order they came."""
    since, until = (_midnight(day) for day in (first, last + timedelta(days=1)))

    def meant(table: Any) -> ColumnElement[bool]:
        came = and_(table.recorded_at >= since, table.recorded_at < until)
        return or_(table.business_date.between(first, last), came)

    return _found(centre_id, meant)


def cash_by_document(centre_id: int) -> dict[tuple[str, UUID], int]:
    """Return the cash of every late document, negative for refunds; none without any cash."""
    late = _late(centre_id, lambda _table: literal(True)).subquery()
    rows = db.session.execute(
        select(late.c.type, late.c.id, late.c.cash_satang).where(late.c.cash_satang != 0)
    )
    return {(kind, id_): satang for kind, id_, satang in rows}


def posted_by_document(
    centre_id: int, ids: Sequence[UUID] | None = None
) -> dict[tuple[str, UUID], int]:
    """Return what sales and refunds did to over and short in the books (debit − credit)."""
    effect = sub_ledgers.effects(centre_id, Purpose.CASH_OVER_SHORT, "till").subquery()
    query = select(effect.c.source_type, effect.c.source_id, sum_int(effect.c.satang)).where(
        effect.c.source_type.in_(("sale", "refund"))
    )
    if ids is not None:
        query = query.where(effect.c.source_id.in_(ids))
    rows = db.session.execute(query.group_by(effect.c.source_type, effect.c.source_id))
    return {(kind, id_): satang for kind, id_, satang in rows}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BANGKOK)


def _found(centre_id: int, meant: Any) -> tuple[LateDocument, ...]:
    late = _late(centre_id, meant).subquery()
    rows = db.session.execute(select(late).order_by(late.c.recorded_at, late.c.number))
    return tuple(LateDocument(*row) for row in rows)


def _late(centre_id: int, meant: Any) -> Any:
    return union_all(_sales(centre_id, meant), _refunds(centre_id, meant))


def _sales(centre_id: int, meant: Any) -> Any:
    transferred = (
        select(sum_int(Payment.amount_satang))
        .where(
            Payment.centre_id == Sale.centre_id,
            Payment.sale_id == Sale.id,
            Payment.method != "cash",
        )
        .scalar_subquery()
    )
    return (
        select(
            literal("sale").label("type"),
            Sale.id,
            Sale.receipt_no.label("number"),
            Till.code,
            Sale.shift_id,
            Sale.business_date,
            Sale.occurred_at,
            Sale.recorded_at,
            Sale.due_satang,
            (Sale.due_satang - transferred).label("cash_satang"),
        )
        .join(Till, and_(Till.centre_id == Sale.centre_id, Till.id == Sale.till_id))
        .where(Sale.centre_id == centre_id, Sale.late, meant(Sale))
    )


def _refunds(centre_id: int, meant: Any) -> Any:
    in_cash = (
        select(sum_int(RefundPayment.amount_satang))
        .where(
            RefundPayment.centre_id == Refund.centre_id,
            RefundPayment.refund_id == Refund.id,
            RefundPayment.method == "cash",
        )
        .scalar_subquery()
    )
    return (
        select(
            literal("refund").label("type"),
            Refund.id,
            Refund.refund_no.label("number"),
            Till.code,
            Refund.shift_id,
            Refund.business_date,
            Refund.occurred_at,
            Refund.recorded_at,
            (-Refund.paid_satang).label("due_satang"),
            (-in_cash).label("cash_satang"),
        )
        .join(Till, and_(Till.centre_id == Refund.centre_id, Till.id == Refund.till_id))
        .where(Refund.centre_id == centre_id, Refund.late, meant(Refund))
    )
