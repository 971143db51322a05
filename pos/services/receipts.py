"""Receipts: a recorded sale as the customer, the page and the API see it.

What must stay true: a receipt is read from what was stored at the sale, never worked out again, so
a copy printed in ten years says what the first one said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from core import clock
from core.actor import Actor
from core.audit import record as audit
from core.db import db, serialise_on, sum_int
from core.errors import NotFound
from members.services import access
from members.services import members as member_register
from members.services.members import MemberCard
from pos.models import Payment, ReceiptPrint, Refund, RefundLine, Sale, SaleLine, Till
from pos.services import offers
from pos.services.offers import Applied
from pos.services.tills import Counter

NOTHING = (0, 0)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line of a receipt; `net_satang` after both discounts.

    `unit_quantity_milli` of `unit` at `unit_price_satang` is what the customer bought;
    `quantity_milli` is the same goods in the product's own unit.
    """

    line_no: int
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    unit_id: UUID | None
    unit_quantity_milli: int
    unit_factor_milli: int
    quantity_milli: int
    unit_price_satang: int
    tiers: list[dict[str, int]]
    """Tier prices in the gross: count, price_satang, quantity_milli of `unit`, members_only."""
    gross_satang: int
    discount_satang: int
    discount_reason_id: UUID | None
    promotion_id: UUID | None
    basket_discount_satang: int
    basket_reason_id: UUID | None
    net_satang: int
    paid_satang: int
    tax_code: str
    tax_rate_basis_points: int
    tax_satang: int
    activity_id: UUID | None
    refunded_milli: int
    """How much came back, in the product's own unit."""
    refunded_unit_milli: int
    """The same in the unit sold by."""
    promotion_th: str = ""
    promotion_en: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptPayment:
    """One tender of a receipt."""

    method: str
    amount_satang: int
    reference: str
    scheme_id: UUID | None = None
    voucher_id: UUID | None = None
    balance_satang: int | None = None
    """What the purse held afterwards, or what was owed on the account."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sale as it was recorded; money in satang, quantity in thousandths."""

    id: UUID
    receipt_no: str
    till_id: UUID
    till_code: str
    shift_id: UUID
    business_date: date
    occurred_at: datetime
    recorded_at: datetime
    cashier: str
    member: MemberCard | None
    vat_mode: str
    lines: tuple[ReceiptLine, ...]
    payments: tuple[ReceiptPayment, ...]
    gross_satang: int
    discount_satang: int
    total_satang: int
    tax_satang: int
    rounding_satang: int
    due_satang: int
    paid_satang: int
    change_satang: int
    producer_satang: int
    late: bool
    flags: tuple[str, ...]
    copies: int = 0
    refunds: tuple[tuple[UUID, str, int], ...] = ()
    """Refunds of this receipt: id, number, satang paid back."""


@dataclass(frozen=True, slots=True)
class SaleSummary:
    """A sale in a list."""

    id: UUID
    receipt_no: str
    till_code: str
    occurred_at: datetime
    business_date: date
    cashier: str
    due_satang: int
    flags: tuple[str, ...]


def fresh(
    sale: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    payments: Sequence[Mapping[str, Any]],
    counter: Counter,
    member: MemberCard | None,
    promotions: Mapping[UUID, Applied],
) -> Receipt:
    """Return the receipt of the sale being recorded, from the very rows just written."""
    return _receipt(sale, lines, payments, counter.till_code, member, {}, promotions)


def get(sale_id: UUID, actor: Actor) -> Receipt:
    """Return the receipt of a sale of the actor's centre; raise NotFound."""
    access.require(actor, "sale.read")
    return _load(actor.centre_id, Sale.id == sale_id)


def find(receipt_no: str, actor: Actor) -> Receipt:
    """Return the receipt with a printed number; raise NotFound."""
    access.require(actor, "sale.read")
    return _load(actor.centre_id, Sale.receipt_no == receipt_no.strip().upper())


def listing(
    actor: Actor,
    *,
    after: UUID | None = None,
    on: date | None = None,
    shift_id: UUID | None = None,
    limit: int = 50,
) -> list[SaleSummary]:
    """Return sales (of a day, of a shift), newest first, keyset-paged by id (ordered by time)."""
    access.require(actor, "sale.read")
    query = (
        select(
            Sale.id,
            Sale.receipt_no,
            Till.code,
            Sale.occurred_at,
            Sale.business_date,
            Sale.cashier_name,
            Sale.due_satang,
            Sale.flags,
        )
        .join(Till, (Till.centre_id == Sale.centre_id) & (Till.id == Sale.till_id))
        .where(Sale.centre_id == actor.centre_id)
        .order_by(Sale.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(Sale.id < after)
    if on is not None:
        query = query.where(Sale.business_date == on)
    if shift_id is not None:
        query = query.where(Sale.shift_id == shift_id)
    return [SaleSummary(*row[:-1], tuple(row[-1])) for row in db.session.execute(query)]


def count_print(sale_id: UUID, actor: Actor) -> int:
    """Count one print of a receipt; returns 0 for the first, then the number of the copy."""
    access.require(actor, "receipt.print")
    receipt = get(sale_id, actor)
    serialise_on(sale_id)
    printed = db.session.scalar(
        select(func.count())
        .select_from(ReceiptPrint)
        .where(ReceiptPrint.centre_id == actor.centre_id, ReceiptPrint.sale_id == sale_id)
    )
    copy_no = printed or 0
    db.session.execute(
        insert(ReceiptPrint).values(
            centre_id=actor.centre_id,
            sale_id=sale_id,
            copy_no=copy_no,
            printed_at=clock.now(),
            printed_by=actor.user_id,
        )
    )
    if copy_no:
        audit(
            actor, "receipt.reprint", "sale", sale_id, receipt_no=receipt.receipt_no, copy=copy_no
        )
    return copy_no


def refunded(centre_id: int, sale_id: UUID) -> dict[int, tuple[int, int]]:
    """Return how much of each line of a sale came back so far: line_no → thousandths of the
    product's own unit, and of the unit sold by."""
    rows = db.session.execute(
        select(
            RefundLine.line_no,
            sum_int(RefundLine.quantity_milli),
            sum_int(RefundLine.unit_quantity_milli),
        )
        .where(RefundLine.centre_id == centre_id, RefundLine.sale_id == sale_id)
        .group_by(RefundLine.line_no)
    )
    return {line_no: (base, units) for line_no, base, units in rows}


def _load(centre_id: int, condition: Any) -> Receipt:
    sale = (
        db.session.execute(select(Sale.__table__).where(Sale.centre_id == centre_id, condition))
        .mappings()
        .one_or_none()
    )
    if sale is None:
        raise NotFound(what="sale")
    sale_id = sale["id"]

    def rows(table: Any, *order: Any) -> Sequence[Any]:
        query = select(table.__table__).where(
            table.centre_id == centre_id, table.sale_id == sale_id
        )
        return db.session.execute(query.order_by(*order)).mappings().all()

    member = None
    if sale["member_id"] is not None:
        names = member_register.names(centre_id, {sale["member_id"]})
        member = names[sale["member_id"]]
    copies = len(rows(ReceiptPrint, ReceiptPrint.copy_no))
    refunds = tuple(
        (row["id"], row["refund_no"], row["paid_satang"]) for row in rows(Refund, Refund.id)
    )
    till_code = db.session.scalar(
        select(Till.code).where(Till.centre_id == centre_id, Till.id == sale["till_id"])
    )
    lines = rows(SaleLine, SaleLine.line_no)
    return _receipt(
        sale,
        lines,
        rows(Payment, Payment.payment_no),
        till_code or "",
        member,
        refunded(centre_id, sale_id),
        offers.named(centre_id, (line["promotion_id"] for line in lines)),
        copies,
        refunds,
    )


def _receipt(
    sale: Any,
    lines: Sequence[Mapping[str, Any]],
    payments: Sequence[Mapping[str, Any]],
    till_code: str,
    member: MemberCard | None,
    back: Mapping[int, tuple[int, int]],
    promotions: Mapping[UUID, Applied],
    copies: int = 0,
    refunds: tuple[tuple[UUID, str, int], ...] = (),
) -> Receipt:
    names = [name for name in ReceiptLine.__dataclass_fields__ if name in SaleLine.__table__.c]
    kept = [
        name
        for name in Receipt.__dataclass_fields__
        if name in sale and name not in {"flags", "member"}
    ]
    return Receipt(
        **{name: sale[name] for name in kept},
        till_code=till_code,
        cashier=sale["cashier_name"],
        member=member,
        flags=tuple(sale["flags"]),
        lines=tuple(
            ReceiptLine(
                **{name: line[name] for name in names},
                refunded_milli=back.get(line["line_no"], NOTHING)[0],
                refunded_unit_milli=back.get(line["line_no"], NOTHING)[1],
                **_names_of(promotions.get(line["promotion_id"])),
            )
            for line in lines
        ),
        payments=tuple(
            ReceiptPayment(**{name: one[name] for name in ReceiptPayment.__dataclass_fields__})
            for one in payments
        ),
        copies=copies,
        refunds=refunds,
    )


def _names_of(promotion: Applied | None) -> dict[str, Any]:
    if promotion is None:
        return {}
    return {"promotion_th": promotion.name_th, "promotion_en": promotion.name_en}
