"""Take goods in from a supplier, on an order or without: what came, at what price, on what paper.

What must stay true: every difference to the order (more than asked, another price, goods nobody
ordered) was decided by a person; lots are made by the intake like all others; what the supplier is
owed is the lots' cost and the input VAT claimed.

`receive` is how goods bought come in, for other services too (`place` puts them elsewhere than on
the shelf).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from accounting.rules.tax import rate_on
from core import clock
from core.actor import Actor
from core.db import insert_rows
from core.documents import content_of, differences
from core.errors import N_, DomainError
from inventory.models import PurchaseLine, PurchaseOrder
from inventory.rules import buying as rules
from inventory.rules.buying import Priced
from inventory.rules.intake import CostTooSmall
from inventory.services import intake, receipts
from inventory.services.buying import order_documents, orders, suppliers, units
from inventory.services.buying.order_documents import OrderDoc, OrderLineDoc
from inventory.services.buying.suppliers import SupplierDoc
from inventory.services.buying.units import Measured
from inventory.services.intake import Bought, GoodsReceiptDoc, IntakeDiffers, RecordIntake
from members.services import access

LINES_MAX = intake.LINES_MAX


class OverDelivered(DomainError):
    """More came than is open on the order's line."""

    code, status, title = "over-delivered", 409, N_("More came than was ordered")
    detail = N_("Line %(line_no)s: open are %(open_milli)s. Take all of it, or enter less.")


class OtherPrice(DomainError):
    """The supplier asks for another price than agreed."""

    code, status, title = "other-price", 409, N_("The price isn't what was agreed")
    detail = N_(
        "Line %(line_no)s: agreed were %(agreed_satang)s baht. Accept the new price, or correct it."
    )


class NotOnOrder(DomainError):
    """Something came that the order doesn't ask for."""

    code, status, title = "not-on-order", 422, N_("This is not on the order")
    detail = N_("Line %(line_no)s: choose a line of the order, or take it in without the order.")


class InvoiceNeeded(DomainError):
    """A tax invoice has a number and a day."""

    code, status, title = "invoice-needed", 422, N_("Enter number and date of the tax invoice")
    detail = N_("Without them its VAT can't be claimed.")


@dataclass(frozen=True, slots=True)
class ReceiveLine:
    """One thing that came: so many units at the price on the paper.

    On an order it names the order's line; `accept_over` and `accept_price` are a person's decisions
    about what differs.
    """

    product_id: UUID
    quantity_milli: int
    unit_price_satang: int
    unit_id: UUID | None = None
    order_line_no: int | None = None
    grade: str = ""
    expires_on: date | None = None
    accept_over: bool = False
    accept_price: bool = False


@dataclass(frozen=True, slots=True)
class ReceiveGoods:
    """What a supplier delivered, under the id the edge gave it.

    `paid` is payable, or cash from the drawer of a shift; `prices` says what they say of VAT (none,
    included, added); a full tax invoice makes the VAT claimable where the centre is registered.
    `rest_dropped` closes the order: what is missing isn't coming.
    """

    id: UUID
    producer_id: UUID
    lines: tuple[ReceiveLine, ...]
    order_id: UUID | None = None
    paid: str = "payable"
    shift_id: UUID | None = None
    prices: str = "none"
    tax_invoice: bool = False
    invoice_no: str = ""
    invoice_on: date | None = None
    tax_satang: int | None = None
    """The VAT as the paper says it; None: as we reckon."""
    terms_days: int | None = None
    """None: as the order, or the supplier, gives."""
    rest_dropped: bool = False
    note: str = ""


def receive(command: ReceiveGoods, actor: Actor, place: UUID | None = None) -> GoodsReceiptDoc:
    """Take bought goods in and return the intake; the same command again changes nothing.

    Raises IntakeDiffers, OrderNotSent, OrderEnded, NotOnOrder, OverDelivered, OtherPrice,
    PricesWithoutTax, InvoiceNeeded, InvoiceInFuture, InvoiceTooOld, TaxFarOff, ShiftNeeded,
    ShiftClosed, WholePieces, CostTooSmall, PeriodClosed, NotFound, Forbidden.
    """
    return receive_once(command, actor, place)[0]


def receive_once(
    command: ReceiveGoods, actor: Actor, place: UUID | None = None
) -> tuple[GoodsReceiptDoc, bool]:
    """Take bought goods in; return the intake and whether it is new. Raises what `receive` does."""
    access.require(actor, "intake.record")
    order = orders.locked(command.order_id, actor.centre_id) if command.order_id else None
    content = content_of(command)
    earlier = receipts.content_of_earlier(actor.centre_id, command.id)
    if earlier is not None:
        if differs := differences(earlier, content):
            raise IntakeDiffers(differs=differs)
        return receipts.get(command.id, actor), False
    supplier = suppliers.require_known(actor.centre_id, command.producer_id)
    orders.require_taxed(command.prices, supplier)
    lines = units.measure(actor.centre_id, command.lines)
    asked: dict[int, OrderLineDoc] = {}
    if order is not None:
        doc = _on_order(order, command)
        asked = {line.line_no: line for line in doc.lines}
        _decided(command.lines, lines, asked)
    priced = _priced(command, lines, actor)
    bought = _bought(command, supplier, order, priced)
    lots = intake.take_in(_as_intake(command, lines, priced), content, actor, place, bought)
    _store_lines(command, lots, lines, priced, asked, actor.centre_id)
    if order is not None:
        orders.follow(order, rest_dropped=command.rest_dropped, reason=command.note, actor=actor)
    return receipts.get(command.id, actor), True


# --- against the order -----------------------------------------------------------------------


def _on_order(order: PurchaseOrder, command: ReceiveGoods) -> OrderDoc:
    orders.require_expecting(order)
    if order.producer_id != command.producer_id:
        raise NotOnOrder(line_no=1, field="producer_id")
    return order_documents.of(order.centre_id, order.id)


def _decided(
    lines: Sequence[ReceiveLine], found: Sequence[Measured], asked: dict[int, OrderLineDoc]
) -> None:
    """Refuse what differs from the order and nobody decided."""
    left = {number: line.open_milli for number, line in asked.items()}
    for number, (line, measured) in enumerate(zip(lines, found, strict=True), start=1):
        ordered = asked.get(line.order_line_no or 0)
        if ordered is None or ordered.product_id != line.product_id:
            raise NotOnOrder(line_no=number)
        if measured.base_milli > left[ordered.line_no] and not line.accept_over:
            raise OverDelivered(line_no=number, open_milli=left[ordered.line_no])
        left[ordered.line_no] = max(left[ordered.line_no] - measured.base_milli, 0)
        same = rules.same_price(
            line.unit_price_satang,
            measured.factor_milli,
            ordered.unit_price_satang,
            ordered.factor_milli,
        )
        if not same and not line.accept_price:
            raise OtherPrice(line_no=number, agreed_satang=ordered.unit_price_satang)


# --- what it costs ---------------------------------------------------------------------------


def _priced(command: ReceiveGoods, lines: Sequence[Measured], actor: Actor) -> list[Priced]:
    """Return each line's cost and claimed VAT; raise what is wrong with the paper."""
    today = clock.today()
    claimed = _claims(command, actor, today)
    if command.invoice_on is not None:
        rules.check_invoice_day(command.invoice_on, today, claimed=claimed)
    taxed_on = command.invoice_on or today
    rates = [rate_on(line.product.tax_code, taxed_on) for line in lines]
    priced = rules.price_lines(
        [line.amount_satang for line in lines],
        rates,
        command.prices,
        claimed=claimed,
        told_tax_satang=command.tax_satang,
    )
    for number, line in enumerate(priced, start=1):
        if line.cost_satang <= 0:
            raise CostTooSmall(line_no=number)
    return priced


def _claims(command: ReceiveGoods, actor: Actor, today: date) -> bool:
    """Tell whether the paper's VAT is claimed: a full tax invoice, and we are registered."""
    if not command.tax_invoice or command.prices == "none":
        return False
    if not command.invoice_no or command.invoice_on is None:
        raise InvoiceNeeded(field="invoice_no" if not command.invoice_no else "invoice_on")
    return actor.centre.tax_on(today).vat_mode == "registered"


def _bought(
    command: ReceiveGoods,
    supplier: SupplierDoc,
    order: PurchaseOrder | None,
    priced: Sequence[Priced],
) -> Bought:
    usual = order.terms_days if order is not None else supplier.terms_days
    terms = usual if command.terms_days is None else command.terms_days
    from_day = command.invoice_on or clock.today()
    tax = sum(line.tax_satang for line in priced)
    # A tax invoice is found in the purchase tax report by these words.
    who = (supplier.producer.name, supplier.tax_id, supplier.branch_no) if tax else ()
    return Bought(
        costs=tuple(line.cost_satang for line in priced),
        order_id=command.order_id,
        tax_satang=tax,
        due_on=rules.due_day(from_day, terms) if command.paid == "payable" else None,
        invoice_no=command.invoice_no,
        invoice_on=command.invoice_on,
        memo=" · ".join(part for part in (command.invoice_no, *who, command.note) if part),
    )


def _as_intake(
    command: ReceiveGoods, lines: Sequence[Measured], priced: Sequence[Priced]
) -> RecordIntake:
    told = RecordIntake(
        id=command.id,
        producer_id=command.producer_id,
        kind="outright",
        lines=(),
        paid=command.paid,
        shift_id=command.shift_id,
        note=command.note,
    )
    made = [
        intake.RecordIntakeLine(
            product_id=line.product_id,
            gross_milli=measured.base_milli,
            grade=line.grade,
            unit_cost_satang=rules.per_base_unit(cost.cost_satang, measured.base_milli),
            expires_on=line.expires_on,
        )
        for line, measured, cost in zip(command.lines, lines, priced, strict=True)
        if measured.base_milli > 0
    ]
    if len(made) != len(lines):
        raise CostTooSmall(line_no=1 + [line.base_milli > 0 for line in lines].index(False))
    return replace(told, lines=tuple(made))


def _store_lines(
    command: ReceiveGoods,
    lots: Sequence[UUID],
    lines: Sequence[Measured],
    priced: Sequence[Priced],
    asked: dict[int, OrderLineDoc],
    centre_id: int,
) -> None:
    insert_rows(
        PurchaseLine,
        [
            {
                "centre_id": centre_id,
                "lot_id": lot_id,
                "goods_receipt_id": command.id,
                "order_id": command.order_id,
                "order_line_no": line.order_line_no if command.order_id else None,
                "unit_id": line.unit_id,
                "unit": measured.unit,
                "factor_milli": measured.factor_milli,
                "quantity_milli": line.quantity_milli,
                "unit_price_satang": line.unit_price_satang,
                "agreed_price_satang": asked[line.order_line_no or 0].unit_price_satang
                if command.order_id
                else None,
                "amount_satang": cost.owed_satang,
                "tax_satang": cost.tax_satang,
            }
            for lot_id, line, measured, cost in zip(lots, command.lines, lines, priced, strict=True)
        ],
    )
