"""Gather everything the report of a closed shift says, in a fixed number of statements.

Only of closed shifts: while one is open its count is to be blind, and its figures still move. What
must stay true: it reads documents and the close, and works nothing out that a rule doesn't. What
came after the count stands apart, so that the report of the close says the same for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from accounting.rules.chart import Purpose
from accounting.services import movements as ledger
from accounting.services import shift_cash
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_, DomainError
from inventory.services import drawer, intake
from members.services import access
from pos.models import (
    CashCount,
    CashMovement,
    DiscountReason,
    Payment,
    Refund,
    RefundPayment,
    Sale,
    SaleLine,
)
from pos.rules.shift_report import (
    Drawer,
    Hour,
    Sold,
    Tender,
    by_hour,
    by_tender,
    cash_moved,
)
from pos.services import late_documents
from pos.services import shift as shifts
from pos.services.late_documents import LateDocument
from pos.services.shift import MovementDoc, ShiftDoc

PRODUCTS_SHOWN = 10


class ShiftStillOpen(DomainError):
    """A shift's report is made of a closed shift: the count at its close is blind."""

    code, status, title = "shift-still-open", 409, N_("The shift is still open")
    detail = N_("Count the drawer and close the shift first; then ask for its report.")


@dataclass(frozen=True, slots=True)
class DiscountRow:
    """What was taken off for one reason."""

    name_th: str
    name_en: str
    bearer: str
    satang: int


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund given in the shift."""

    refund_no: str
    receipt_no: str
    methods: tuple[str, ...]
    reason: str
    paid_satang: int


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What was sold of one product, before refunds."""

    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    net_satang: int


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """A closed shift from its float to its count; money in satang."""

    shift: ShiftDoc
    sale_count: int
    first_receipt: str
    last_receipt: str
    gross_satang: int
    discount_satang: int
    total_satang: int
    rounding_satang: int
    due_satang: int
    tax_satang: int
    producer_satang: int
    flagged_count: int
    hours: tuple[Hour, ...]
    tenders: tuple[Tender, ...]
    discounts: tuple[DiscountRow, ...]
    refunds: tuple[RefundRow, ...]
    movements: tuple[MovementDoc, ...]
    drawer: Drawer
    counts: tuple[tuple[int, int], ...]
    products: tuple[ProductRow, ...]
    product_count: int
    late: tuple[LateDocument, ...]
    late_posted_satang: int
    """What the books took out of over and short for the late documents."""

    @property
    def late_satang(self) -> int:
        return sum(one.due_satang for one in self.late)

    @property
    def late_cash_satang(self) -> int:
        return sum(one.cash_satang for one in self.late)

    @property
    def late_tied(self) -> bool:
        return self.late_cash_satang == self.late_posted_satang

    @property
    def over_short_satang(self) -> int:
        """What is over or short once the late documents' cash is known."""
        return self.drawer.over_short_satang - self.late_cash_satang

    @property
    def refund_satang(self) -> int:
        return sum(refund.paid_satang for refund in self.refunds)


def require_closed(shift_id: UUID, actor: Actor) -> ShiftDoc:
    """Return a closed shift of the actor's centre; raise Forbidden, NotFound or ShiftStillOpen."""
    access.require(actor, "shift.read")
    return _closed(actor.centre_id, shift_id)


def of(centre_id: int, shift_id: UUID) -> ShiftReport:
    """Return the report of a closed shift; raise NotFound or ShiftStillOpen."""
    shift = _closed(centre_id, shift_id)
    assert shift.closed_at is not None
    mine = (Sale.centre_id == centre_id, Sale.shift_id == shift_id, Sale.late.is_(False))
    sums = _sums(mine)
    sales = db.session.execute(select(Sale.occurred_at, Sale.due_satang).where(*mine)).all()
    refunds = _refunds(centre_id, shift_id)
    movements = _movements(centre_id, shift_id)
    tenders = by_tender(sums["due_satang"], _paid(mine), _by_method(centre_id, shift_id))
    products = _products(mine)
    late = late_documents.of_shift(centre_id, shift_id)
    return ShiftReport(
        shift=shift,
        **sums,
        flagged_count=_flagged(mine),
        hours=by_hour([Sold(*row) for row in sales], shift.opened_at, shift.closed_at),
        tenders=tenders,
        discounts=_discounts(mine),
        refunds=refunds,
        movements=movements,
        drawer=_drawer(centre_id, shift, tenders, movements),
        counts=_counts(centre_id, shift_id),
        products=tuple(products[:PRODUCTS_SHOWN]),
        product_count=len(products),
        late=late,
        late_posted_satang=_posted(centre_id, late),
    )


def _posted(centre_id: int, late: Sequence[LateDocument]) -> int:
    ids = [one.id for one in late]
    return sum(late_documents.posted_by_document(centre_id, ids).values()) if ids else 0


def _closed(centre_id: int, shift_id: UUID) -> ShiftDoc:
    shift = shifts.get(centre_id, shift_id)
    if shift.closed_at is None:
        raise ShiftStillOpen(shift_no=shift.shift_no, shift_id=str(shift_id))
    return shift


def _sums(mine: Sequence[ColumnElement[bool]]) -> dict[str, Any]:
    names = ("gross", "discount", "total", "rounding", "due", "tax", "producer")
    found = db.session.execute(
        select(
            func.count().label("sale_count"),
            func.coalesce(func.min(Sale.receipt_no), "").label("first_receipt"),
            func.coalesce(func.max(Sale.receipt_no), "").label("last_receipt"),
            *(sum_int(getattr(Sale, f"{n}_satang")).label(f"{n}_satang") for n in names),
        ).where(*mine)
    )
    return dict(found.mappings().one())


def _flagged(mine: Sequence[ColumnElement[bool]]) -> int:
    """Flags are few; JSON is not compared alike by both databases."""
    return sum(bool(flags) for flags in db.session.scalars(select(Sale.flags).where(*mine)))


def _paid(mine: Sequence[ColumnElement[bool]]) -> dict[str, tuple[int, int]]:
    rows = db.session.execute(
        select(Payment.method, func.count(), sum_int(Payment.amount_satang))
        .join(Sale, and_(Sale.centre_id == Payment.centre_id, Sale.id == Payment.sale_id))
        .where(*mine)
        .group_by(Payment.method)
    )
    return {method: (number, satang) for method, number, satang in rows}


def _refunds(centre_id: int, shift_id: UUID) -> tuple[RefundRow, ...]:
    rows = db.session.execute(
        select(Refund.id, Refund.refund_no, Sale.receipt_no, Refund.reason, Refund.paid_satang)
        .join(Sale, and_(Sale.centre_id == Refund.centre_id, Sale.id == Refund.sale_id))
        .where(Refund.centre_id == centre_id, Refund.shift_id == shift_id, Refund.late.is_(False))
        .order_by(Refund.recorded_at, Refund.refund_no)
    )
    ways: dict[UUID, list[str]] = {}
    for refund_id, method in db.session.execute(
        select(RefundPayment.refund_id, RefundPayment.method)
        .join(
            Refund,
            and_(Refund.centre_id == RefundPayment.centre_id, Refund.id == RefundPayment.refund_id),
        )
        .where(Refund.centre_id == centre_id, Refund.shift_id == shift_id)
        .order_by(RefundPayment.payment_no)
    ):
        ways.setdefault(refund_id, []).append(method)
    return tuple(
        RefundRow(number, receipt_no, tuple(ways.get(one, ())), reason, satang)
        for one, number, receipt_no, reason, satang in rows
    )


def _by_method(centre_id: int, shift_id: UUID) -> dict[str, int]:
    rows = db.session.execute(
        select(RefundPayment.method, sum_int(RefundPayment.amount_satang))
        .join(
            Refund,
            and_(Refund.centre_id == RefundPayment.centre_id, Refund.id == RefundPayment.refund_id),
        )
        .where(Refund.centre_id == centre_id, Refund.shift_id == shift_id, Refund.late.is_(False))
        .group_by(RefundPayment.method)
    )
    return {method: satang for method, satang in rows}


def _movements(centre_id: int, shift_id: UUID) -> tuple[MovementDoc, ...]:
    columns = (getattr(CashMovement, name) for name in MovementDoc.__dataclass_fields__)
    rows = db.session.execute(
        select(*columns)
        .where(CashMovement.centre_id == centre_id, CashMovement.shift_id == shift_id)
        .order_by(CashMovement.recorded_at, CashMovement.movement_no)
    )
    return tuple(MovementDoc(*row) for row in rows)


def _discounts(mine: Sequence[ColumnElement[bool]]) -> tuple[DiscountRow, ...]:
    """Return discounts by reason, the largest first: of lines and of whole baskets together."""
    found: dict[tuple[str, str, str], int] = {}
    borne_by = case((DiscountReason.fund_id.is_not(None), "fund"), else_=DiscountReason.bearer)
    for reason, amount in (
        (SaleLine.discount_reason_id, SaleLine.discount_satang),
        (SaleLine.basket_reason_id, SaleLine.basket_discount_satang),
    ):
        rows = db.session.execute(
            select(
                DiscountReason.name_th,
                DiscountReason.name_en,
                borne_by.label("borne_by"),
                sum_int(amount),
            )
            .join(Sale, and_(Sale.centre_id == SaleLine.centre_id, Sale.id == SaleLine.sale_id))
            .join(
                DiscountReason,
                and_(DiscountReason.centre_id == SaleLine.centre_id, DiscountReason.id == reason),
            )
            .where(*mine, amount > 0)
            .group_by(DiscountReason.name_th, DiscountReason.name_en, "borne_by")
        )
        for name_th, name_en, bearer, satang in rows:
            key = (name_th, name_en, bearer)
            found[key] = found.get(key, 0) + satang
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(DiscountRow(*names, satang) for names, satang in ordered)


def _drawer(
    centre_id: int, shift: ShiftDoc, tenders: Sequence[Tender], movements: Sequence[MovementDoc]
) -> Drawer:
    assert shift.closed_at is not None
    assert shift.expected_satang is not None
    assert shift.counted_satang is not None
    lines = ledger.by_source(
        centre_id, Purpose.CASH_TILL, shift.till_id, shift.opened_at, shift.closed_at
    )
    moved = {"pay_in": 0, "pay_out": 0}
    for movement in movements:
        moved[movement.kind] += movement.amount_satang
    cash = next((tender for tender in tenders if tender.method == "cash"), None)
    return Drawer(
        float_satang=shift.float_satang,
        sales_satang=cash.taken_satang if cash else 0,
        refunds_satang=cash.returned_satang if cash else 0,
        paid_in_satang=moved["pay_in"],
        paid_out_satang=moved["pay_out"],
        producers_satang=intake.cash_paid(centre_id, shift.id)
        + drawer.paid_out(centre_id, shift.id),
        books_satang=shift.expected_satang,
        lines_satang=shift.float_satang + cash_moved(lines),
        counted_satang=shift.counted_satang,
        members_satang=shift_cash.taken_out(centre_id, shift.id),
    )


def _counts(centre_id: int, shift_id: UUID) -> tuple[tuple[int, int], ...]:
    rows = db.session.execute(
        select(CashCount.denomination_satang, CashCount.pieces)
        .where(CashCount.centre_id == centre_id, CashCount.shift_id == shift_id)
        .order_by(CashCount.denomination_satang.desc())
    )
    return tuple((denomination, pieces) for denomination, pieces in rows)


def _products(mine: Sequence[ColumnElement[bool]]) -> list[ProductRow]:
    net = sum_int(SaleLine.net_satang)
    rows = db.session.execute(
        select(
            SaleLine.name_th,
            SaleLine.name_en,
            SaleLine.unit,
            sum_int(SaleLine.unit_quantity_milli),
            net,
        )
        .join(Sale, and_(Sale.centre_id == SaleLine.centre_id, Sale.id == SaleLine.sale_id))
        .where(*mine)
        .group_by(SaleLine.product_id, SaleLine.name_th, SaleLine.name_en, SaleLine.unit)
        .order_by(net.desc(), SaleLine.product_id)
    )
    return [ProductRow(*row) for row in rows]
