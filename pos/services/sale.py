"""Record a sale: price → tender → stock → ledger → number → receipt, in one transaction.

Read it top to bottom; it is the shape of every use-case here. What must stay true: a sale is there
once with its stock moves and its balanced entry, or not at all; at most twelve statements whatever
the number of lines; the same id and content again is answered with the same receipt. One that
comes after its shift was counted is a fact nobody can change any more: it is taken as told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from accounting.rules import tax
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import insert_rows
from core.documents import differences, digest_of
from core.errors import N_, DifferentContent
from core.numbering import buddhist_year
from inventory.services import stock
from inventory.services.stock import IssueLine, IssueOrder, Portion
from members.services import access, standing
from members.services import members as member_register
from members.services.members import MemberCard, NotAMember
from pos.models import Payment, Sale, SaleLine
from pos.rules import parts as part_rules
from pos.rules import pricing
from pos.rules.parts import PaidLine
from pos.rules.posting import Money, SoldPart, sale_lines
from pos.rules.pricing import BasketLine, NothingToSell
from pos.rules.tender import AT_BANK, Settled, settle_tender
from pos.services import limits, offers, receipts, sale_goods, sale_rows, tendering, tills
from pos.services.receipts import Receipt
from pos.services.sale_goods import (
    LinePriceChanged,
    PriceChanged,
    ProductNotForSale,
    TooLittle,
    UnitNotForSale,
)
from pos.services.sale_rows import Priced, RecordPayment, RecordSale, RecordSaleLine
from pos.services.selling import Selling
from pos.services.tendering import Taken
from pos.services.tills import Counter

__all__ = [
    "LINES_MAX",
    "LinePriceChanged",
    "PriceChanged",
    "ProductNotForSale",
    "RecordPayment",
    "RecordSale",
    "RecordSaleLine",
    "TooLittle",
    "UnitNotForSale",
    "record",
]

LINES_MAX = 500


class SaleDiffers(DifferentContent):
    """The sale's id came again with other content; the first sale stands."""

    code, title = "sale-differs", N_("This sale was already recorded with other content")
    detail = N_("The first sale is kept. Start a new sale for the change.")


def record(
    command: RecordSale, actor: Actor, *, agreed_lots: Collection[UUID] | None = None
) -> tuple[Receipt, bool]:
    """Record the sale and return its receipt, and whether it is new.

    `agreed_lots`: its prices were agreed elsewhere (a joint buying round), not those of the shelf,
    for goods that were bought in these lots; they go before any other.

    Raises SaleDiffers, OutsideShift, ProductNotForSale, UnitNotForSale, WholePieces, TooLittle,
    PriceChanged, LinePriceChanged, OfferChanged, DiscountTooLarge, BelowFloor, FundShort,
    OverrideNeeded, NothingToSell, TenderShort, TenderTooMuch, OutOfStock, PeriodClosed, Forbidden,
    NotFound, and what `tendering.take` refuses.
    """
    access.require(actor, "sale.record")
    content = sale_rows.content(command)
    counter = tills.at_counter(command, actor, _reason_ids(command))
    if counter.earlier is not None:
        if counter.earlier.digest != digest_of(content):
            raise SaleDiffers(differs=differences(counter.earlier.content, content))
        return receipts.get(command.id, actor), False
    counter = counter.at(command.occurred_at)

    member = None
    if command.member_id is not None:
        member = _buyer(command.member_id, actor, late=counter.late)
        command = replace(command, member_id=member.id)
    priced = _price(command, counter, actor, told=counter.late or agreed_lots is not None)
    taken = tendering.take(command, priced.tender, _by_category(priced), counter, actor)
    priced = replace(priced, remarks=(*priced.remarks, *taken.remarks))
    gross_taxed = _gross_taxed(counter, actor)
    order = _issue_order(command, counter, priced, gross_taxed, agreed_lots or ())
    portions = stock.issue(order, _as_told(actor) if counter.late else actor)
    parts = _parts(priced, portions, gross_taxed)
    entry = ledger.post(
        NewEntry(
            kind="sale",
            source_type="sale",
            source_id=command.id,
            business_date=counter.business_date,
            occurred_at=command.occurred_at,
            lines=_journal_lines(parts, priced, taken, command, counter.late),
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
    payment_rows = sale_rows.payment_rows(command, actor, taken.balances)
    insert_rows(Sale, [sale_row])
    insert_rows(SaleLine, line_rows)
    insert_rows(Payment, payment_rows)
    tendering.write(command, taken, counter, actor)
    receipt = receipts.fresh(sale_row, line_rows, payment_rows, counter, member, priced.offers)
    return receipt, True


def _reason_ids(command: RecordSale) -> frozenset[UUID]:
    named = {command.discount_reason_id, *(line.discount_reason_id for line in command.lines)}
    return frozenset(reason for reason in named if reason is not None)


def _buyer(member_id: UUID, actor: Actor, *, late: bool) -> MemberCard:
    """Return who buys: of a membership merged since, who stands for it.

    A late sale may name somebody who has left since. Raises NotAMember.
    """
    try:
        return member_register.require_active(actor.centre_id, member_id)
    except NotAMember:
        stands = standing.survivors(actor.centre_id).get(member_id, member_id)
        known = member_register.names(actor.centre_id, [stands])
        if late and stands in known:
            return known[stands]
        if stands == member_id:
            raise
        return member_register.require_active(actor.centre_id, stands)


def _as_told(actor: Actor) -> Actor:
    """Return the actor of a late sale: the goods are gone, whatever the shelf says."""
    return replace(actor, centre=replace(actor.centre, oversell_policy="allow_and_flag"))


def _price(command: RecordSale, counter: Counter, actor: Actor, *, told: bool) -> Priced:
    goods = sale_goods.of_basket(command, actor.centre_id, late=told)
    remarks = sale_goods.remarks(command, goods) if counter.late else ()
    given = offers.named(actor.centre_id, (line.promotion_id for line in command.lines))
    days = {counter.business_date, clock.business_date(command.occurred_at)}
    member = command.member_id is not None
    over = offers.require_as_told(
        command.lines, given, goods, days, member=member, late=counter.late
    )
    if command.discount_satang or any(
        line.discount_satang and line.promotion_id is None for line in command.lines
    ):
        access.require(actor, "discount.give")
    costs = [
        sale_goods.gross(line_no, line, one, member=member, late=told)
        for line_no, (line, one) in enumerate(zip(command.lines, goods, strict=True), start=1)
    ]
    lines = pricing.price_basket(
        [
            BasketLine(
                line.quantity_milli,
                line.unit_price_satang,
                line.discount_satang,
                given[line.promotion_id].bearing
                if line.promotion_id
                else counter.bearing(line.discount_reason_id, line.discount_satang),
                gross_satang,
            )
            for line, (gross_satang, _) in zip(command.lines, costs, strict=True)
        ],
        command.discount_satang,
        counter.bearing(command.discount_reason_id, command.discount_satang),
    )
    beyond = limits.require_discount(command, lines, actor, late=counter.late)
    tender = settle_tender(
        sum(line.net_satang for line in lines),
        [(payment.method, payment.amount_satang) for payment in command.payments],
        actor.centre.cash_rounding_satang,
    )
    paid = offers.covered(actor.centre_id, lines, late=counter.late)
    return Priced(
        goods=goods,
        bundles=[bundles for _, bundles in costs],
        lines=paid.lines,
        rates=_rates(goods, counter, actor),
        tender=tender,
        offers=given,
        funds=paid.funds,
        remarks=(*remarks, *over, *beyond, *paid.remarks),
    )


def _rates(goods: Sequence[Selling], counter: Counter, actor: Actor) -> list[int]:
    if actor.centre.tax_on(counter.business_date).vat_mode != "registered":
        return [0] * len(goods)
    return [tax.rate_on(one.product.tax_code, counter.business_date) for one in goods]


def _gross_taxed(counter: Counter, actor: Actor) -> bool:
    return actor.centre.tax_on(counter.business_date).consignment_basis == "gross"


def _issue_order(
    command: RecordSale,
    counter: Counter,
    priced: Priced,
    gross_taxed: bool,
    first: Collection[UUID],
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
                quantity_milli=sale_goods.base_quantity(line, goods),
                base_satang=part_rules.shared_base(
                    price.gross_satang - price.shared_borne_satang, rate, gross_taxed=gross_taxed
                ),
                producer_discount_satang=price.producer_borne_satang,
                first=first,
            )
            for line_no, (line, goods, price, rate) in enumerate(
                zip(command.lines, priced.goods, priced.lines, priced.rates, strict=True), start=1
            )
        ],
    )


def _parts(priced: Priced, portions: Sequence[Portion], gross_taxed: bool) -> list[SoldPart]:
    lines = [
        PaidLine(
            line_no=line_no,
            net_satang=price.net_satang,
            discount_satang=price.discount_satang + price.basket_discount_satang,
            rate_basis_points=rate,
            charged=price.charged,
            activity_id=goods.product.activity_id,
        )
        for line_no, (goods, price, rate) in enumerate(
            zip(priced.goods, priced.lines, priced.rates, strict=True), start=1
        )
    ]
    return part_rules.split_lines(lines, portions, gross_taxed=gross_taxed)


def _by_category(priced: Priced) -> list[tuple[str, int]]:
    """Return what each line costs, by the category of its goods."""
    return [
        (goods.product.category, price.net_satang)
        for goods, price in zip(priced.goods, priced.lines, strict=True)
    ]


def _journal_lines(
    parts: Sequence[SoldPart], priced: Priced, taken: Taken, command: RecordSale, late: bool
) -> tuple[NewLine, ...]:
    money = _money(priced.tender, taken, command, late)
    lines = sale_lines(parts, money, command.member_id, priced.funds)
    if not lines:
        # All of it given away, and none of it ours: no money and no goods of ours moved.
        raise NothingToSell
    return lines


def _money(tender: Settled, taken: Taken, command: RecordSale, late: bool) -> Money:
    return Money(
        cash_satang=tender.cash_kept_satang,
        transferred_satang=tender.transferred_satang,
        rounding_satang=tender.rounding_satang,
        till_id=command.till_id,
        counted=late,
        references=" ".join(
            payment.reference
            for payment in command.payments
            if payment.method in AT_BANK and payment.reference
        ),
        credit_satang=taken.credit_satang,
        purse_satang=taken.purse_satang,
        member_id=command.member_id,
        scheme_satang=tender.scheme_satang,
        scheme_reference=taken.scheme_reference,
        funded=taken.funded,
        borne_satang=taken.borne_satang,
    )
