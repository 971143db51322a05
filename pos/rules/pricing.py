"""The price of a basket, and who bears each discount.

A line's net is quantity × price (halves up) − its discounts; a basket discount is shared over the
lines by largest remainder on their net. The same sums run in the counter's `money.js`; both are
held to tests/vectors/pricing.json. Pure; money in satang, quantity in thousandths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import N_, DomainError
from core.money import split_by_weight
from core.quantity import price_of


class DiscountTooLarge(DomainError):
    """A discount is more than what its bearer has in the line or basket."""

    code, status, title = "discount-too-large", 409, N_("The discount is too large")
    detail = N_("At most %(largest_satang)s baht can be taken off here. Enter a smaller discount.")


class NothingToSell(DomainError):
    """The whole basket is worth nothing before any discount."""

    code, status, title = "nothing-to-sell", 409, N_("There is nothing to sell")
    detail = N_("Add a product with a price, then take payment.")


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line before pricing. `bearer` (centre, producer, shared) belongs to its own discount."""

    quantity_milli: int
    unit_price_satang: int
    discount_satang: int = 0
    bearer: str = "centre"


@dataclass(frozen=True, slots=True)
class LinePrice:
    """A priced line: gross − discount − basket_discount = net; the three `_borne` sum to both."""

    gross_satang: int
    discount_satang: int
    basket_discount_satang: int
    net_satang: int
    centre_borne_satang: int
    producer_borne_satang: int
    shared_borne_satang: int


def price_basket(
    lines: Sequence[BasketLine], basket_discount_satang: int = 0, basket_bearer: str = "centre"
) -> list[LinePrice]:
    """Price every line; raise `DiscountTooLarge` or `NothingToSell`."""
    grosses = [price_of(line.quantity_milli, line.unit_price_satang) for line in lines]
    if sum(grosses) == 0:
        raise NothingToSell
    for line, gross in zip(lines, grosses, strict=True):
        if line.discount_satang > gross:
            raise DiscountTooLarge(largest_satang=gross)
    nets = [gross - line.discount_satang for line, gross in zip(lines, grosses, strict=True)]
    if basket_discount_satang > sum(nets):
        raise DiscountTooLarge(largest_satang=sum(nets))
    shares = (
        split_by_weight(basket_discount_satang, nets)
        if basket_discount_satang
        else [0] * len(lines)
    )
    return [
        _line_price(line, gross, share, basket_bearer)
        for line, gross, share in zip(lines, grosses, shares, strict=True)
    ]


def _line_price(line: BasketLine, gross: int, share: int, basket_bearer: str) -> LinePrice:
    borne = {"centre": 0, "producer": 0, "shared": 0}
    borne[line.bearer] += line.discount_satang
    borne[basket_bearer] += share
    return LinePrice(
        gross_satang=gross,
        discount_satang=line.discount_satang,
        basket_discount_satang=share,
        net_satang=gross - line.discount_satang - share,
        centre_borne_satang=borne["centre"],
        producer_borne_satang=borne["producer"],
        shared_borne_satang=borne["shared"],
    )
