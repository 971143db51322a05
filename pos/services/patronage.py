"""What members bought in a year, by group of goods, for the patronage refund.

A purchase counts what was paid for the goods: the price less discounts, VAT included, before cash
rounding; a refund takes its lines off in the year it is given. What must stay true: each sum is one
grouped statement whatever the number of sales; a member's documents add up to what is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all
from sqlalchemy.sql import Select

from accounting.rules.periods import Span
from accounting.services.surplus.patronage_sources import (
    PURCHASES,
    Counted,
    LateOne,
    Since,
    Source,
)
from core.clock import business_date
from core.db import db, sum_int
from inventory.services import patronage as goods
from pos.models import Refund, RefundLine, Sale, SaleLine, Shift

NAMED_MAX = 5
LATE_MAX = 500

_line_of_sale = and_(SaleLine.centre_id == Sale.centre_id, SaleLine.sale_id == Sale.id)
_sale_of_refund = and_(Sale.centre_id == Refund.centre_id, Sale.id == Refund.sale_id)
_line_of_refund = and_(RefundLine.centre_id == Refund.centre_id, RefundLine.refund_id == Refund.id)
_line_refunded = and_(
    SaleLine.centre_id == RefundLine.centre_id,
    SaleLine.sale_id == RefundLine.sale_id,
    SaleLine.line_no == RefundLine.line_no,
)


def sums(centre_id: int, span: Span) -> Iterator[tuple[UUID, str, int]]:
    """Yield member, group and satang of what was bought, and (below zero) of what came back."""
    group = goods.groups_of(centre_id).subquery()
    for statement, sign, net in (
        (_bought, 1, SaleLine.net_satang),
        (_returned, -1, RefundLine.net_satang),
    ):
        query = (
            statement(centre_id, span, Sale.member_id, group.c.category, sum_int(net))
            .join(group, group.c.product_id == SaleLine.product_id)
            .group_by(Sale.member_id, group.c.category)
        )
        for member_id, category, satang in db.session.execute(query):
            yield member_id, category, sign * satang


def documents(centre_id: int, span: Span, member_ids: Collection[UUID]) -> list[Counted]:
    """Return every receipt and refund counted for a person, by day."""
    group = goods.groups_of(centre_id).subquery()
    mine = Sale.member_id.in_(sorted(member_ids))
    found = []
    for kind, statement, table, number, sign, net in (
        ("sale", _bought, Sale, Sale.receipt_no, 1, SaleLine.net_satang),
        ("refund", _returned, Refund, Refund.refund_no, -1, RefundLine.net_satang),
    ):
        head: Any = (table.id, number, table.business_date, group.c.category, table.late)
        query = (
            statement(centre_id, span, *head, sum_int(net))
            .join(group, group.c.product_id == SaleLine.product_id)
            .where(mine)
            .group_by(*head)
        )
        for document, no, on, category, late_one, satang in db.session.execute(query):
            if satang:
                found.append(Counted(kind, document, no, on, category, sign * satang, late_one))
    return sorted(found, key=lambda one: (one.on, one.source_id, one.group))


def late(centre_id: int, span: Span) -> list[LateOne]:
    """Return sales and refunds of the year that came after their shift was counted.

    They count for the member who bought, or for those whose consigned goods they sold.
    """
    found = []
    for kind, table, number, sign in (
        ("sale", Sale, Sale.receipt_no, 1),
        ("refund", Refund, Refund.refund_no, -1),
    ):
        what: Any = table
        head = (what.id, number, what.business_date, what.recorded_at)
        query = select(*head, Sale.member_id, what.total_satang)
        if table is Refund:
            query = query.join(Sale, _sale_of_refund)
        rows = db.session.execute(
            query.where(
                what.centre_id == centre_id,
                what.late,
                what.business_date.between(span.first, span.last),
                or_(
                    Sale.member_id.is_not(None),
                    and_(what.producer_satang > 0, goods.earned(centre_id, span, kind, what.id)),
                ),
            )
            .order_by(what.business_date, number)
            .limit(LATE_MAX)
        )
        for document, no, on, recorded_at, member_id, satang in rows:
            recorded_on = business_date(recorded_at)
            found.append(LateOne(kind, document, no, on, recorded_on, member_id, sign * satang))
    return found


def since(centre_id: int, span: Span, moment: datetime) -> Since:
    """Return sales and refunds of the year entered after a moment that change someone's part.

    They came late, or into a shift that was not counted by then: both are found by an index.
    """
    assert span.first is not None and span.last is not None
    found = union_all(
        *(
            query
            for table, number in ((Sale, Sale.receipt_no), (Refund, Refund.refund_no))
            for query in _entered(centre_id, span.first, span.last, moment, table, number)
        )
    ).subquery()
    count = db.session.scalar(select(func.count()).select_from(found)) or 0
    if not count:
        return Since(0, ())
    some = db.session.scalars(select(found.c.number).order_by(found.c.number).limit(NAMED_MAX))
    return Since(count, tuple(some))


def _entered(
    centre_id: int, first: date, last: date, moment: datetime, table: Any, number: Any
) -> Iterator[Select[Any]]:
    of_member: ColumnElement[bool] = Sale.member_id.is_not(None)
    query = select(number.label("number")).where(
        table.centre_id == centre_id,
        table.business_date.between(first, last),
        table.recorded_at > moment,
        or_(of_member, table.producer_satang > 0),
    )
    if table is Refund:
        query = query.join(Sale, _sale_of_refund)
    open_then = select(Shift.id).where(
        Shift.centre_id == centre_id,
        Shift.business_date <= last,
        or_(Shift.closed_at.is_(None), Shift.closed_at > moment),
    )
    yield query.where(table.late)
    yield query.where(table.late == literal(False), table.shift_id.in_(open_then))


def _bought(centre_id: int, span: Span, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Sale)
        .join(SaleLine, _line_of_sale)
        .where(
            Sale.centre_id == centre_id,
            Sale.member_id.is_not(None),
            Sale.business_date.between(span.first, span.last),
        )
    )


def _returned(centre_id: int, span: Span, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Refund)
        .join(RefundLine, _line_of_refund)
        .join(SaleLine, _line_refunded)
        .join(Sale, _sale_of_refund)
        .where(
            Refund.centre_id == centre_id,
            Sale.member_id.is_not(None),
            Refund.business_date.between(span.first, span.last),
        )
    )


SOURCE = Source(PURCHASES, sums, documents, late, since, goods.groups)
