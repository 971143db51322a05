"""The figures of some days, added up from their sales and refunds.

A document belongs to the business day of its shift. What must stay true: days are found by the
index of the business day; the statements don't grow with the documents; every way of parting gives
the same takings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Subquery,
    and_,
    case,
    cast,
    distinct,
    extract,
    func,
    literal,
    select,
)

from core.db import db, sum_int
from core.money import split_by_weight
from inventory.services import goods_sold
from pos.models import Payment, Refund, RefundLine, RefundPayment, Sale, SaleLine
from pos.rules.day_figures import (
    CASHIER,
    HOUR,
    PRODUCT,
    TENDER,
    TILL,
    TOTAL,
    Figures,
    GoodsFigures,
)

Keyed = dict[tuple[date, str], Figures]
"""By day and key."""
GoodsKey = tuple[UUID, UUID, str]
"""Product, producer, ownership."""
KeyedGoods = dict[tuple[date, GoodsKey], GoodsFigures]

HOURS_EAST = 7
"""Bangkok is so many hours before UTC, all year."""
_line_of_sale = and_(SaleLine.centre_id == Sale.centre_id, SaleLine.sale_id == Sale.id)
_line_of_refund = and_(RefundLine.centre_id == Refund.centre_id, RefundLine.refund_id == Refund.id)
_line_refunded = and_(
    SaleLine.centre_id == RefundLine.centre_id,
    SaleLine.sale_id == RefundLine.sale_id,
    SaleLine.line_no == RefundLine.line_no,
)


def of_days(centre_id: int, days: Collection[date], dimension: str) -> Keyed:
    """Return the figures of some days parted by a dimension; nothing where nothing happened."""
    if not days:
        return {}
    found: Keyed = {}
    for rows in _ROWS[dimension](centre_id, days):
        for day, key, figures in rows:
            place = day, key_of(key)
            found[place] = found.get(place, Figures()) + figures
    return found


def goods_of_days(centre_id: int, days: Collection[date]) -> KeyedGoods:
    """Return what each product of each producer brought on some days.

    A line served by several lots is shared among them by weight, to the satang.
    """
    found: KeyedGoods = {}
    if not days:
        return found
    for source_type, sign in (("sale", 1), ("refund", -1)):
        lines = _lines(centre_id, days, source_type)
        for one in goods_sold.of_one_lot(centre_id, source_type, lines):
            _add(found, one, sign, one.paid_satang)
        for several in goods_sold.of_several_lots(centre_id, source_type, lines):
            weights = [one.quantity_milli for one in several]
            parts = split_by_weight(several[0].paid_satang, weights)
            for one, satang in zip(several, parts, strict=True):
                _add(found, one, sign, satang)
    return found


def key_of(value: object) -> str:
    """Return a key as it is kept: an id's digits, an hour in Bangkok, a word, nothing."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, int):
        return f"{(value + HOURS_EAST) % 24:02d}"
    return "" if value is None else str(value)


# --- whole documents ------------------------------------------------------------------------


def _within(table: Any, centre_id: int, days: Collection[date]) -> tuple[Any, Any]:
    return table.centre_id == centre_id, table.business_date.in_(sorted(days))


def _heads(centre_id: int, days: Collection[date], on_sale: Any, on_refund: Any) -> Iterable[Any]:
    member = Sale.member_id.is_not(None)
    sold = _grouped(
        select(
            *(Sale.business_date, on_sale, func.count()),
            *(sum_int(one) for one in (Sale.gross_satang, Sale.discount_satang)),
            *(sum_int(one) for one in (Sale.due_satang, Sale.tax_satang)),
            sum_int(case((member, 1), else_=0)),
            sum_int(case((member, Sale.due_satang), else_=0)),
        ).where(*_within(Sale, centre_id, days)),
        *(Sale.business_date, on_sale),
    )
    yield (
        (
            day,
            key,
            Figures(
                sales=sales,
                gross_satang=gross,
                discount_satang=off,
                taken_satang=due,
                tax_satang=tax,
                member_sales=named,
                member_satang=theirs,
            ),
        )
        for day, key, sales, gross, off, due, tax, named, theirs in sold
    )
    back = _grouped(
        select(
            *(Refund.business_date, on_refund, func.count()),
            *(sum_int(one) for one in (Refund.paid_satang, Refund.tax_satang)),
        ).where(*_within(Refund, centre_id, days)),
        *(Refund.business_date, on_refund),
    )
    yield (
        (day, key, Figures(refunds=count, back_satang=paid, tax_satang=-tax))
        for day, key, count, paid, tax in back
    )


def _grouped(query: Any, *keys: Any) -> list[Any]:
    return list(db.session.execute(query.group_by(*keys)).all())


def _total(centre_id: int, days: Collection[date]) -> Iterable[Any]:
    yield from _heads(centre_id, days, literal(None), literal(None))
    for source_type, sign in (("sale", 1), ("refund", -1)):
        documents = _documents(centre_id, days, source_type)
        yield (
            (day, None, Figures(producer_satang=sign * share, cost_satang=sign * cost))
            for day, share, cost in goods_sold.by_day(centre_id, source_type, documents)
        )


def _hours(centre_id: int, days: Collection[date]) -> Iterable[Any]:
    moments = (Sale.occurred_at, Refund.occurred_at)
    hours = (cast(extract("hour", one), Integer) for one in moments)
    return _heads(centre_id, days, *hours)


def _tenders(centre_id: int, days: Collection[date]) -> Iterable[Any]:
    """Cash taken is what is due less what other ways paid, for cash handed over has its change."""
    paid = _grouped(
        select(Sale.business_date, Payment.method, func.count(), sum_int(Payment.amount_satang))
        .select_from(Sale)
        .join(Payment, and_(Payment.centre_id == Sale.centre_id, Payment.sale_id == Sale.id))
        .where(*_within(Sale, centre_id, days)),
        *(Sale.business_date, Payment.method),
    )
    change = _grouped(
        select(Sale.business_date, sum_int(Sale.change_satang)).where(
            *_within(Sale, centre_id, days), Sale.change_satang > 0
        ),
        Sale.business_date,
    )
    back = _grouped(
        select(
            Refund.business_date,
            RefundPayment.method,
            func.count(),
            sum_int(RefundPayment.amount_satang),
        )
        .select_from(Refund)
        .join(
            RefundPayment,
            and_(
                RefundPayment.centre_id == Refund.centre_id, RefundPayment.refund_id == Refund.id
            ),
        )
        .where(*_within(Refund, centre_id, days)),
        *(Refund.business_date, RefundPayment.method),
    )  # fmt: skip
    yield (
        (day, method, Figures(sales=count, taken_satang=satang))
        for day, method, count, satang in paid
    )
    yield ((day, "cash", Figures(taken_satang=-satang)) for day, satang in change)
    yield (
        (day, method, Figures(refunds=count, back_satang=satang))
        for day, method, count, satang in back
    )


# --- lines ----------------------------------------------------------------------------------


def _products(centre_id: int, days: Collection[date]) -> Iterable[Any]:
    yield _sold(centre_id, days)
    yield _brought_back(centre_id, days)
    for source_type, sign in (("sale", 1), ("refund", -1)):
        documents = _documents(centre_id, days, source_type)
        yield (
            (
                one.day,
                one.product_id,
                Figures(
                    producer_satang=sign * one.share_satang, cost_satang=sign * one.cost_satang
                ),
            )
            for one in goods_sold.by_product(centre_id, source_type, documents)
        )


def _sold(centre_id: int, days: Collection[date]) -> Iterable[Any]:
    keys = Sale.business_date, SaleLine.product_id
    rows = _grouped(
        select(
            *(*keys, func.count(distinct(SaleLine.sale_id))),
            *(sum_int(one) for one in (SaleLine.quantity_milli, SaleLine.gross_satang)),
            sum_int(SaleLine.discount_satang + SaleLine.basket_discount_satang),
            *(sum_int(one) for one in (SaleLine.paid_satang, SaleLine.tax_satang)),
        )
        .select_from(Sale)
        .join(SaleLine, _line_of_sale)
        .where(*_within(Sale, centre_id, days)),
        *keys,
    )
    for day, product, sales, quantity, gross, off, paid, tax in rows:
        figures = Figures(
            sales=sales,
            quantity_milli=quantity,
            gross_satang=gross,
            discount_satang=off,
            taken_satang=paid,
            tax_satang=tax,
        )
        yield day, product, figures


def _brought_back(centre_id: int, days: Collection[date]) -> Iterable[Any]:
    keys = Refund.business_date, SaleLine.product_id
    rows = _grouped(
        select(
            *(*keys, func.count(distinct(RefundLine.refund_id))),
            *(sum_int(one) for one in (RefundLine.quantity_milli, RefundLine.paid_satang)),
            sum_int(RefundLine.tax_satang),
        )
        .select_from(Refund)
        .join(RefundLine, _line_of_refund)
        .join(SaleLine, _line_refunded)
        .where(*_within(Refund, centre_id, days)),
        *keys,
    )
    for day, product, count, quantity, paid, tax in rows:
        figures = Figures(refunds=count, back_milli=quantity, back_satang=paid, tax_satang=-tax)
        yield day, product, figures


def _documents(centre_id: int, days: Collection[date], source_type: str) -> Subquery:
    table: Any = Sale if source_type == "sale" else Refund
    chosen = select(table.id, table.business_date.label("day"))
    return chosen.where(*_within(table, centre_id, days)).subquery(f"{source_type}s")


def _lines(centre_id: int, days: Collection[date], source_type: str) -> Subquery:
    head: Any = Sale if source_type == "sale" else Refund
    line: Any = SaleLine if source_type == "sale" else RefundLine
    joined = _line_of_sale if source_type == "sale" else _line_of_refund
    chosen = select(head.id, line.line_no, head.business_date.label("day"), line.paid_satang)
    return (
        chosen.select_from(head)
        .join(line, joined)
        .where(*_within(head, centre_id, days))
        .subquery(f"{source_type}_lines")
    )


def _add(found: KeyedGoods, one: goods_sold.Portion, sign: int, paid_satang: int) -> None:
    key = one.day, (one.product_id, one.producer_id, one.ownership)
    found[key] = found.get(key, GoodsFigures()) + GoodsFigures(
        sign * one.quantity_milli,
        sign * paid_satang,
        sign * one.share_satang,
        sign * one.cost_satang,
    )


_ROWS: dict[str, Any] = {
    TOTAL: _total,
    HOUR: _hours,
    TENDER: _tenders,
    PRODUCT: _products,
    CASHIER: lambda centre, days: _heads(centre, days, Sale.cashier_id, Refund.cashier_id),
    TILL: lambda centre, days: _heads(centre, days, Sale.till_id, Refund.till_id),
}
