"""A sale as the counter sends it, and as it is kept: the command, the basket priced, its rows.

What must stay true: a row says what was so at the moment of the sale: names, prices, rates, the
activity; nothing of it is looked up again later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounting.rules.chart import Purpose
from core import clock
from core.actor import Actor
from core.documents import content_of, digest_of
from inventory.services.stock import Portion
from pos.rules.posting import SoldPart
from pos.rules.pricing import LinePrice
from pos.rules.tender import Settled, spread_rounding
from pos.rules.tiers import Bundles, base_quantity
from pos.services.offers import Applied
from pos.services.selling import Selling
from pos.services.tills import Counter

LEFT_OUT = frozenset({"unit_id", "gross_satang", "scheme_id", "voucher_id"})
"""Fields that came later than the first sales; without a value they are not part of a sale."""
NO_BALANCES: Mapping[str, int] = {}
CLOCK_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RecordSaleLine:
    """One line as the counter sends it; `unit_price_satang` is the price the customer was told.

    Quantity and price are of the unit sold by: `unit_id`, or the product's own.
    """

    product_id: UUID
    quantity_milli: int
    unit_price_satang: int
    discount_satang: int = 0
    discount_reason_id: UUID | None = None
    promotion_id: UUID | None = None
    """The promotion that gives the discount; its reason says who bears it."""
    unit_id: UUID | None = None
    gross_satang: int | None = None
    """What the line costs before discounts, as the customer was told; None: what the rule says."""


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """One tender; for cash the money handed over.

    A scheme is named with its reference, a coupon of a fund by its id.
    """

    method: str
    amount_satang: int
    reference: str = ""
    scheme_id: UUID | None = None
    voucher_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordSale:
    """A sale as it happened at the counter, under the id the counter gave it."""

    id: UUID
    till_id: UUID
    shift_id: UUID
    occurred_at: datetime
    lines: tuple[RecordSaleLine, ...]
    payments: tuple[RecordPayment, ...]
    member_id: UUID | None = None
    discount_satang: int = 0
    discount_reason_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """The basket after pricing and tender, before anything moved; `remarks` are for a person."""

    goods: list[Selling]
    """What each line sells, in the order of the lines."""
    bundles: list[tuple[Bundles, ...]]
    """The tier prices in each line."""
    lines: list[LinePrice]
    rates: list[int]
    tender: Settled
    offers: dict[UUID, Applied]
    funds: dict[UUID, Purpose]
    remarks: tuple[str, ...] = ()


def content(command: RecordSale) -> dict[str, Any]:
    """Return what the counter sent; what it left out is left out here, so that a sale sent before
    there were units and schemes is still the same sale when it is sent again."""
    plain = content_of(command)
    for part in (*plain["lines"], *plain["payments"]):
        for name in LEFT_OUT & part.keys():
            if part[name] is None:
                del part[name]
    return plain


def sale_row(
    command: RecordSale,
    content: dict[str, Any],
    counter: Counter,
    actor: Actor,
    priced: Priced,
    parts: Sequence[SoldPart],
    portions: Sequence[Portion],
) -> dict[str, Any]:
    """Return the sale's own row, but for its receipt number."""
    setting = actor.centre.tax_on(counter.business_date)
    recorded_at = clock.now()
    flags = [f"oversold:{no}" for no in sorted({p.line_no for p in portions if p.oversold})]
    flags += priced.remarks
    if counter.late:
        flags.append("late")
    elif abs(recorded_at - command.occurred_at) > CLOCK_SKEW:
        flags.append("clock-skew")
    lines, tender = priced.lines, priced.tender
    return {
        "centre_id": actor.centre_id,
        "id": command.id,
        "receipt_no": "",
        "till_id": command.till_id,
        "shift_id": command.shift_id,
        "business_date": counter.business_date,
        "occurred_at": command.occurred_at,
        "recorded_at": recorded_at,
        "cashier_id": actor.user_id,
        "cashier_name": actor.name,
        "member_id": command.member_id,
        "vat_mode": setting.vat_mode,
        "consignment_basis": setting.consignment_basis,
        "gross_satang": sum(line.gross_satang for line in lines),
        "discount_satang": sum(p.discount_satang + p.basket_discount_satang for p in lines),
        "total_satang": sum(line.net_satang for line in lines),
        "tax_satang": sum(part.tax_satang for part in parts),
        "rounding_satang": tender.rounding_satang,
        "due_satang": tender.due_satang,
        "paid_satang": tender.paid_satang,
        "change_satang": tender.change_satang,
        "producer_satang": sum(part.share_satang for part in parts),
        "late": counter.late,
        "flags": flags,
        "digest": digest_of(content),
        "content": content,
    }


def line_rows(
    command: RecordSale, actor: Actor, priced: Priced, parts: Sequence[SoldPart]
) -> list[dict[str, Any]]:
    """Return the rows of the sale's lines."""
    paid = spread_rounding(
        priced.tender.rounding_satang,
        [price.net_satang for price in priced.lines],
        actor.centre.cash_rounding_satang,
    )
    taxes = dict.fromkeys(range(1, len(priced.lines) + 1), 0)
    for part in parts:
        taxes[part.line_no] += part.tax_satang
    rows = []
    for i, (line, price) in enumerate(zip(command.lines, priced.lines, strict=True)):
        selling = priced.goods[i]
        product = selling.product
        reason_id = line.discount_reason_id
        if line.promotion_id:
            reason_id = priced.offers[line.promotion_id].reason_id
        rows.append(
            {
                "centre_id": actor.centre_id,
                "sale_id": command.id,
                "line_no": i + 1,
                "product_id": product.id,
                "name_th": product.name_th,
                "name_en": product.name_en,
                "unit": selling.unit,
                "unit_id": selling.unit_id,
                "unit_quantity_milli": line.quantity_milli,
                "unit_factor_milli": selling.factor_milli,
                "quantity_milli": base_quantity(line.quantity_milli, selling.factor_milli),
                "unit_price_satang": line.unit_price_satang,
                "tiers": [_tier_row(one) for one in priced.bundles[i]],
                "gross_satang": price.gross_satang,
                "discount_satang": price.discount_satang,
                "discount_reason_id": reason_id,
                "promotion_id": line.promotion_id,
                "basket_discount_satang": price.basket_discount_satang,
                "basket_reason_id": command.discount_reason_id,
                "net_satang": price.net_satang,
                "paid_satang": paid[i],
                "tax_code": product.tax_code,
                "tax_rate_basis_points": priced.rates[i],
                "tax_satang": taxes[i + 1],
                "activity_id": product.activity_id,
            }
        )
    return rows


def _tier_row(bundles: Bundles) -> dict[str, int]:
    return {
        "count": bundles.tier.count,
        "price_satang": bundles.tier.price_satang,
        "quantity_milli": bundles.quantity_milli,
        "members_only": int(bundles.tier.members_only),
    }


def payment_rows(
    command: RecordSale, actor: Actor, balances: Mapping[str, int] = NO_BALANCES
) -> list[dict[str, Any]]:
    """Return the rows of the sale's tenders; `balances` is what a purse holds or is owed after."""
    return [
        {
            "centre_id": actor.centre_id,
            "sale_id": command.id,
            "payment_no": number,
            "method": payment.method,
            "amount_satang": payment.amount_satang,
            "reference": payment.reference,
            "scheme_id": payment.scheme_id,
            "voucher_id": payment.voucher_id,
            "balance_satang": balances.get(payment.method),
        }
        for number, payment in enumerate(command.payments, start=1)
    ]
