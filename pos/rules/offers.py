"""Promotions: what is in force for a product and a customer, and how much it takes off.

What must stay true: offers never add up, a line takes the one that takes most off; an offer never
takes more than the price. The same sums run in the counter's `cart.js`; both are held to
tests/vectors/offers.json. Pure; money in satang, quantity in thousandths.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.money import half_up_div
from core.quantity import MILLI, price_of

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion as agreed: for one product, a category, or (neither) all goods.

    `value` is basis points off (percent), satang off a unit (amount) or the unit's price (price);
    «unit» is the product's own, whatever it is sold by.
    """

    id: UUID
    product_id: UUID | None
    category: str
    members_only: bool
    kind: str
    value: int
    valid_from: date
    valid_until: date | None = None
    active: bool = True


def in_force(offer: Offer, day: date) -> bool:
    """Tell whether an offer holds on a day, both ends included."""
    ended = offer.valid_until is not None and offer.valid_until < day
    return offer.active and offer.valid_from <= day and not ended


def covers(offer: Offer, product_id: UUID, category: str) -> bool:
    """Tell whether an offer is about this product."""
    if offer.product_id is not None:
        return offer.product_id == product_id
    return offer.category in ("", category)


def off_of(offer: Offer, price_satang: int, factor_milli: int = MILLI) -> int:
    """Return what an offer takes off the price of a unit, never more than the price.

    `factor_milli` is how much of the product's own unit the unit sold by holds: 5 baht off an egg
    are 150 off a tray of 30.
    """
    if offer.kind == "percent":
        off = half_up_div(price_satang * offer.value, WHOLE)
    elif offer.kind == "amount":
        off = price_of(factor_milli, offer.value)
    else:
        off = price_satang - price_of(factor_milli, offer.value)
    return max(0, min(off, price_satang))


def discount_of(quantity_milli: int, off_satang: int) -> int:
    """Return the discount of a line at so much off a unit, halves rounded up."""
    return price_of(quantity_milli, off_satang)


def ranked(
    offers: Iterable[Offer], price_satang: int, units: Sequence[tuple[int, int]] = ()
) -> list[tuple[Offer, int]]:
    """Return the offers that take anything off a price, each with how much, the best first.

    `units` are the price and factor of the other units sold by: an offer that takes something off
    one of them is told, too, be it worth nothing off the price itself. Of equals the one that began
    last, for it was meant to replace the other; then by id.
    """
    worth = [(offer, off_of(offer, price_satang)) for offer in offers]
    return sorted(
        (
            (offer, off)
            for offer, off in worth
            if off or any(off_of(offer, price, factor) for price, factor in units)
        ),
        key=lambda one: (one[1], one[0].valid_from, one[0].id),
        reverse=True,
    )
