"""What a quantity costs in the unit it is sold by: tier prices first, the rest at the price of one.

A tier of two or more is a bundle: so many *whole* units together for one price (3 for 100). A tier
of one is a lower price of a unit (the members' price), and holds for parts of a unit as well. The
bundles with the lowest price a unit are filled first; a tier that is not cheaper than the price of
one is never used, so no quantity costs more for having a tier. The same sums run in the counter's
`money.js`; both are held to tests/vectors/pricing.json. Pure; money in satang, quantity in
thousandths of the unit sold by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.money import half_up_div
from core.quantity import MILLI, price_of


@dataclass(frozen=True, slots=True)
class Tier:
    """`count` whole units together for `price_satang`; some for members only."""

    count: int
    price_satang: int
    members_only: bool = False

    @property
    def price_of_one(self) -> Fraction:
        """What one unit costs within it, in satang, exactly."""
        return Fraction(self.price_satang, self.count)


@dataclass(frozen=True, slots=True)
class Bundles:
    """How much of a line went at one tier's price."""

    tier: Tier
    quantity_milli: int

    @property
    def satang(self) -> int:
        """What that much costs: bundles are whole, a lower price of one rounds halves up."""
        return half_up_div(self.quantity_milli * self.tier.price_satang, self.tier.count * MILLI)


@dataclass(frozen=True, slots=True)
class Gross:
    """What a line costs before discounts, and the tiers it took."""

    satang: int
    bundles: tuple[Bundles, ...] = ()


def allowed(tiers: Iterable[Tier], *, member: bool) -> list[Tier]:
    """Return the tiers this customer may have."""
    return [tier for tier in tiers if member or not tier.members_only]


def gross_of(quantity_milli: int, unit_price_satang: int, tiers: Sequence[Tier] = ()) -> Gross:
    """Return what a quantity costs by the tiers given, all of which the customer may have."""
    lowered, price_satang = _price_of_one(unit_price_satang, tiers)
    found: list[Bundles] = []
    whole = quantity_milli // MILLI
    for tier in sorted(tiers, key=lambda one: (one.price_of_one, -one.count, one.members_only)):
        if tier.count > 1 and tier.price_of_one < price_satang and whole >= tier.count:
            taken = whole - whole % tier.count
            found.append(Bundles(tier, taken * MILLI))
            whole -= taken
    rest_milli = quantity_milli - sum(one.quantity_milli for one in found)
    if lowered is not None and rest_milli:
        found.append(Bundles(lowered, rest_milli))
        rest_milli = 0
    satang = sum(one.satang for one in found) + price_of(rest_milli, unit_price_satang)
    return Gross(satang, tuple(found))


def base_quantity(quantity_milli: int, factor_milli: int) -> int:
    """Return so much of a selling unit in the product's own unit, halves rounded up: 2 trays of 30
    are 60000, 2.5 ขีด of a kilogram 250."""
    return half_up_div(quantity_milli * factor_milli, MILLI)


def quantity_at(price_satang: int, unit_price_satang: int) -> int:
    """Return the thousandths that a printed price means at a price a unit, halves rounded up, at
    least one; the same as `inventory.rules.scale_codes.quantity` reads off a label."""
    return max(1, half_up_div(price_satang * MILLI, unit_price_satang))


def may_be_printed(gross_satang: int, quantity_milli: int, unit_price_satang: int) -> bool:
    """Tell whether a scale may have printed this price for this weight.

    A scale knows more of the weight than a thousandth, so its price can be some satang off ours;
    it is right when it means the very same thousandths.
    """
    return unit_price_satang > 0 and quantity_at(gross_satang, unit_price_satang) == quantity_milli


def _price_of_one(unit_price_satang: int, tiers: Sequence[Tier]) -> tuple[Tier | None, int]:
    """Return the tier that lowers the price of one unit, if any does, and that price."""
    ones = [tier for tier in tiers if tier.count == 1 and tier.price_satang < unit_price_satang]
    if not ones:
        return None, unit_price_satang
    best = min(ones, key=lambda tier: (tier.price_satang, tier.members_only))
    return best, best.price_satang
