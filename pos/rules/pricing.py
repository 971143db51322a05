"""The price of a basket, and who bears each discount.

A line's gross is what its quantity costs by unit price and tiers (pos/rules/tiers.py), its net that
− its discounts; a basket discount is shared over the lines by largest remainder on their net. The
same sums run in the counter's `money.js`; both are held to tests/vectors/pricing.json. Pure; money
in satang, quantity in thousandths.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.errors import N_, DomainError
from core.money import half_up_div, split_by_weight
from core.quantity import price_of


class DiscountTooLarge(DomainError):
    """A discount is more than what its bearer has in the line or basket."""

    code, status, title = "discount-too-large", 409, N_("The discount is too large")
    detail = N_("At most %(largest_satang)s baht can be taken off here. Enter a smaller discount.")


class NothingToSell(DomainError):
    """The whole basket is worth nothing before any discount."""

    code, status, title = "nothing-to-sell", 409, N_("There is nothing to sell")
    detail = N_("Add a product with a price, then take payment.")


WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Bearing:
    """Who bears a discount: centre, producer, or shared (by the split, or by the producer's set
    part in basis points); of a fund's discount the centre is relieved by the fund."""

    bearer: str = "centre"
    producer_basis_points: int | None = None
    fund_id: UUID | None = None


CENTRE = Bearing()


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line before discounts, in the unit it is sold by. `bearing` belongs to its own discount."""

    quantity_milli: int
    unit_price_satang: int
    discount_satang: int = 0
    bearing: Bearing = CENTRE
    priced_satang: int | None = None
    """What it costs where tiers or a printed label say so; None: quantity × price."""

    @property
    def gross_satang(self) -> int:
        """What the line costs before any discount."""
        if self.priced_satang is not None:
            return self.priced_satang
        return price_of(self.quantity_milli, self.unit_price_satang)


@dataclass(frozen=True, slots=True)
class LinePrice:
    """A priced line: gross − discount − basket_discount = net; the three `_borne` and what is
    `charged` to funds sum to both."""

    gross_satang: int
    discount_satang: int
    basket_discount_satang: int
    net_satang: int
    centre_borne_satang: int
    producer_borne_satang: int
    shared_borne_satang: int
    """Borne by both in the proportion of the lot's terms."""
    charged: tuple[tuple[UUID, int], ...] = ()
    """What each fund pays of the line in the customer's stead."""


def price_basket(
    lines: Sequence[BasketLine], basket_discount_satang: int = 0, basket_bearing: Bearing = CENTRE
) -> list[LinePrice]:
    """Price every line; raise `DiscountTooLarge` or `NothingToSell`."""
    grosses = [line.gross_satang for line in lines]
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
        _line_price(line, gross, share, basket_bearing)
        for line, gross, share in zip(lines, grosses, shares, strict=True)
    ]


def borne_instead(price: LinePrice, fund_ids: Collection[UUID]) -> LinePrice:
    """Let the centre bear what these funds should have paid of a line."""
    ours = sum(amount for fund_id, amount in price.charged if fund_id in fund_ids)
    return replace(
        price,
        centre_borne_satang=price.centre_borne_satang + ours,
        charged=tuple(one for one in price.charged if one[0] not in fund_ids),
    )


def charged_of(discounts: Sequence[tuple[Bearing, int]]) -> tuple[tuple[UUID, int], ...]:
    """Return what each fund pays of these discounts of one line, in the order they were given."""
    charged: dict[UUID, int] = {}
    for bearing, amount in discounts:
        if bearing.fund_id is not None and amount:
            charged[bearing.fund_id] = charged.get(bearing.fund_id, 0) + amount
    return tuple(charged.items())


def producer_part(bearing: Bearing, amount_satang: int) -> int:
    """Return what of a discount the producer bears in satang, before any split by terms."""
    if bearing.bearer == "producer":
        return amount_satang
    return half_up_div(amount_satang * (bearing.producer_basis_points or 0), WHOLE)


def _line_price(line: BasketLine, gross: int, share: int, basket_bearing: Bearing) -> LinePrice:
    discounts = [(line.bearing, line.discount_satang), (basket_bearing, share)]
    charged = charged_of(discounts)
    shared = sum(amount for bearing, amount in discounts if _by_split(bearing))
    producer = sum(
        producer_part(bearing, amount) for bearing, amount in discounts if not _by_split(bearing)
    )
    given = line.discount_satang + share
    return LinePrice(
        gross_satang=gross,
        discount_satang=line.discount_satang,
        basket_discount_satang=share,
        net_satang=gross - given,
        centre_borne_satang=given - producer - shared - sum(amount for _, amount in charged),
        producer_borne_satang=producer,
        shared_borne_satang=shared,
        charged=charged,
    )


def _by_split(bearing: Bearing) -> bool:
    return bearing.bearer == "shared" and bearing.producer_basis_points is None
