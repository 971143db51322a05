"""Record a sale: price → tender → stock → ledger → number → receipt, in one transaction.

Read it top to bottom; it is the shape of every use-case here. What must stay true: a sale is there
once with its stock moves and its balanced entry, or not at all; at most twelve statements whatever
the number of lines; the same id and content again is answered with the same receipt. One that
comes after its shift was counted is a fact nobody can change any more: it is taken as told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from accounting.rules import tax
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import insert_rows
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.numbering import buddhist_year
from core.quantity import MILLI
from inventory.rules.intake import WholePieces
from inventory.services import catalogue, stock
from inventory.services.catalogue import ProductCard
from inventory.services.stock import IssueLine, IssueOrder, Portion
from members.services import access
from members.services import members as member_register
from pos.models import Payment, Sale, SaleLine
from pos.rules import parts as part_rules
from pos.rules import pricing
from pos.rules.parts import PaidLine
from pos.rules.posting import Money, SoldPart, sale_lines
from pos.rules.pricing import BasketLine, NothingToSell
from pos.rules.tender import Settled, settle_tender
from pos.services import offers, receipts, sale_rows, tills
from pos.services.receipts import Receipt
from pos.services.sale_rows import Priced, RecordPayment, RecordSale, RecordSaleLine
from pos.services.tills import Counter

__all__ = ["LINES_MAX", "RecordPayment", "RecordSale", "RecordSaleLine", "record"]

LINES_MAX = 500


class SaleDiffers(DifferentContent):
    """The sale's id came again with other content; the first sale stands."""

    code, title = "sale-differs", N_("This sale was already recorded with other content")
    detail = N_("The first sale is kept. Start a new sale for the change.")


class PriceChanged(DomainError):
    """The price the customer was told is no longer the price."""

    code, status, title = "price-changed", 409, N_("The price has changed")
    detail = N_("%(name_th)s is now %(price_satang)s baht. Tell the customer, then confirm again.")


class ProductNotForSale(DomainError):
    """No such product in this centre, or it is no longer sold."""

    code, status, title = "product-not-for-sale", 409, N_("This product is not for sale")
    detail = N_("Remove the line, or ask the manager to put the product on sale.")


def record(command: RecordSale, actor: Actor) -> tuple[Receipt, bool]:
    """Record the sale and return its receipt, and whether it is new.

    Raises SaleDiffers, OutsideShift, ProductNotForSale, WholePieces, PriceChanged, OfferChanged,
    DiscountTooLarge, BelowFloor, FundShort, NothingToSell, TenderShort, TenderTooMuch, OutOfStock,
    PeriodClosed, Forbidden, NotFound.
    """
    access.require(actor, "sale.record")
    content = content_of(command)
    counter = tills.at_counter(command, actor, _reason_ids(command))
    if counter.earlier is not None:
        if counter.earlier.digest != digest_of(content):
            raise SaleDiffers(differs=differences(counter.earlier.content, content))
        return receipts.get(command.id, actor), False
    counter = counter.at(command.occurred_at)

    member = None
    if command.member_id is not None:
        member = member_register.require_active(actor.centre_id, command.member_id)
    priced = _price(command, counter, actor)
    gross_taxed = _gross_taxed(counter, actor)
    order = _issue_order(command, counter, priced, gross_taxed)
    portions = stock.issue(order, _as_told(actor) if counter.late else actor)
    parts = _parts(command, priced, portions, gross_taxed)
    entry = ledger.post(
        NewEntry(
            kind="sale",
            source_type="sale",
            source_id=command.id,
            business_date=counter.business_date,
            occurred_at=command.occurred_at,
            lines=_journal_lines(parts, priced, command, counter.late),
            may_be_late=True,
        ),
        actor,
        also_number=(f"receipt:{counter.till_code}", buddhist_year(counter.business_date)),
    )
    sale_row = sale_rows.sale_row(command, content, counter, actor, priced, parts, portions)
    sale_row["receipt_no"] = (
        f"{counter.till_code}-{buddhist_year(counter.business_date)}-{entry.also_no:05d}"
    )
    line_rows = sale_rows.line_rows(command, actor, priced, parts)
    payment_rows = sale_rows.payment_rows(command, actor)
    insert_rows(Sale, [sale_row])
    insert_rows(SaleLine, line_rows)
    insert_rows(Payment, payment_rows)
    receipt = receipts.fresh(sale_row, line_rows, payment_rows, counter, member, priced.offers)
    return receipt, True


def _reason_ids(command: RecordSale) -> frozenset[UUID]:
    named = {command.discount_reason_id, *(line.discount_reason_id for line in command.lines)}
    return frozenset(reason for reason in named if reason is not None)


def _as_told(actor: Actor) -> Actor:
    """Return the actor of a late sale: the goods are gone, whatever the shelf says."""
    return replace(actor, centre=replace(actor.centre, oversell_policy="allow_and_flag"))


def _known(command: RecordSale, counter: Counter, actor: Actor) -> dict[UUID, ProductCard]:
    """Return the products of the basket; refuse what isn't sold or costs another price today."""
    products = catalogue.for_sale(actor.centre_id, {line.product_id for line in command.lines})
    for line_no, line in enumerate(command.lines, start=1):
        product = products.get(line.product_id)
        if product is None or not (product.active or counter.late):
            raise ProductNotForSale(product_id=str(line.product_id))
        if product.sold_by == "piece" and line.quantity_milli % MILLI:
            raise WholePieces(line_no=line_no, name_th=product.name_th, unit=product.unit)
        if product.price_satang != line.unit_price_satang and not counter.late:
            raise PriceChanged(
                product_id=str(product.id),
                name_th=product.name_th,
                price_satang=product.price_satang,
                told_satang=line.unit_price_satang,
            )
    return products


def _remarks(command: RecordSale, products: dict[UUID, ProductCard]) -> list[str]:
    """Return what a person should look at in a late sale: other prices, goods no longer sold."""
    remarks = []
    for line_no, line in enumerate(command.lines, start=1):
        product = products[line.product_id]
        if product.price_satang != line.unit_price_satang:
            remarks.append(f"price-changed:{line_no}")
        if not product.active:
            remarks.append(f"not-for-sale:{line_no}")
    return remarks


def _at_told_prices(
    command: RecordSale, products: dict[UUID, ProductCard]
) -> dict[UUID, ProductCard]:
    return {
        line.product_id: replace(products[line.product_id], price_satang=line.unit_price_satang)
        for line in command.lines
    }


def _price(command: RecordSale, counter: Counter, actor: Actor) -> Priced:
    products = _known(command, counter, actor)
    remarks = _remarks(command, products) if counter.late else ()
    if counter.late:
        products = _at_told_prices(command, products)
    given = offers.named(actor.centre_id, (line.promotion_id for line in command.lines))
    days = {counter.business_date, clock.business_date(command.occurred_at)}
    member = command.member_id is not None
    offers.require_as_told(command.lines, given, products, days, member=member)
    if command.discount_satang or any(
        line.discount_satang and line.promotion_id is None for line in command.lines
    ):
        access.require(actor, "discount.give")
    lines = pricing.price_basket(
        [
            BasketLine(
                line.quantity_milli,
                line.unit_price_satang,
                line.discount_satang,
                given[line.promotion_id].bearing
                if line.promotion_id
                else counter.bearing(line.discount_reason_id, line.discount_satang),
            )
            for line in command.lines
        ],
        command.discount_satang,
        counter.bearing(command.discount_reason_id, command.discount_satang),
    )
    tender = settle_tender(
        sum(line.net_satang for line in lines),
        [(payment.method, payment.amount_satang) for payment in command.payments],
        actor.centre.cash_rounding_satang,
    )
    funds = offers.require_covered(actor.centre_id, lines)
    rates = _rates(command, counter, products, actor)
    return Priced(products, lines, rates, tender, given, funds, tuple(remarks))


def _rates(
    command: RecordSale, counter: Counter, products: dict[UUID, ProductCard], actor: Actor
) -> list[int]:
    if actor.centre.tax_on(counter.business_date).vat_mode != "registered":
        return [0] * len(command.lines)
    return [
        tax.rate_on(products[line.product_id].tax_code, counter.business_date)
        for line in command.lines
    ]


def _gross_taxed(counter: Counter, actor: Actor) -> bool:
    return actor.centre.tax_on(counter.business_date).consignment_basis == "gross"


def _issue_order(
    command: RecordSale, counter: Counter, priced: Priced, gross_taxed: bool
) -> IssueOrder:
    return IssueOrder(
        source_type="sale",
        source_id=command.id,
        business_date=counter.business_date,
        moved_at=command.occurred_at,
        location_id=counter.location_id,
        lines=[
            IssueLine(
                line_no=line_no,
                product_id=line.product_id,
                quantity_milli=line.quantity_milli,
                base_satang=part_rules.shared_base(
                    price.gross_satang - price.shared_borne_satang, rate, gross_taxed=gross_taxed
                ),
                producer_discount_satang=price.producer_borne_satang,
            )
            for line_no, (line, price, rate) in enumerate(
                zip(command.lines, priced.lines, priced.rates, strict=True), start=1
            )
        ],
    )


def _parts(
    command: RecordSale, priced: Priced, portions: Sequence[Portion], gross_taxed: bool
) -> list[SoldPart]:
    lines = [
        PaidLine(
            line_no=line_no,
            net_satang=price.net_satang,
            discount_satang=price.discount_satang + price.basket_discount_satang,
            rate_basis_points=rate,
            charged=price.charged,
            activity_id=priced.products[line.product_id].activity_id,
        )
        for line_no, (line, price, rate) in enumerate(
            zip(command.lines, priced.lines, priced.rates, strict=True), start=1
        )
    ]
    return part_rules.split_lines(lines, portions, gross_taxed=gross_taxed)


def _journal_lines(
    parts: Sequence[SoldPart], priced: Priced, command: RecordSale, late: bool
) -> tuple[NewLine, ...]:
    money = _money(priced.tender, command, late)
    lines = sale_lines(parts, money, command.member_id, priced.funds)
    if not lines:
        # All of it given away, and none of it ours: no money and no goods of ours moved.
        raise NothingToSell
    return lines


def _money(tender: Settled, command: RecordSale, late: bool) -> Money:
    return Money(
        cash_satang=tender.cash_kept_satang,
        transferred_satang=tender.transferred_satang,
        rounding_satang=tender.rounding_satang,
        till_id=command.till_id,
        counted=late,
        references=" ".join(
            payment.reference
            for payment in command.payments
            if payment.method != "cash" and payment.reference
        ),
    )
