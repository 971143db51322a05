"""What a line sells: the product, the unit it is sold by, its price and tiers, as one thing.

What must stay true: one statement whatever the number of lines, units and tiers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from core.quantity import MILLI
from inventory.services import catalogue
from inventory.services.catalogue import ProductCard
from pos.rules.tiers import Tier

Key = tuple[UUID, UUID | None]
"""A product and the selling unit meant; None for the product's own."""


@dataclass(frozen=True, slots=True)
class Selling:
    """A product as a line sells it: one `unit` is `factor_milli` thousandths of its own unit."""

    product: ProductCard
    unit_id: UUID | None
    unit: str
    factor_milli: int
    price_satang: int
    active: bool
    """Whether both the product and the unit are sold now."""
    tiers: tuple[Tier, ...] = ()


def for_sale(centre_id: int, asked: Collection[Key]) -> dict[Key, Selling]:
    """Return what is asked for, and each product by its own unit; what is unknown is missing."""
    products = catalogue.for_sale(centre_id, {product_id for product_id, _ in asked})
    wanted = {unit_id for _, unit_id in asked if unit_id is not None}
    found: dict[Key, Selling] = {}
    for product in products.values():
        found[product.id, None] = Selling(
            product,
            None,
            product.unit,
            MILLI,
            product.price_satang,
            product.active,
            _tiers(product, None),
        )
        for unit in product.units:
            if unit.id in wanted:
                found[product.id, unit.id] = Selling(
                    product,
                    unit.id,
                    unit.label,
                    unit.factor_milli,
                    unit.price_satang,
                    product.active and unit.active,
                    _tiers(product, unit.id),
                )
    return found


def _tiers(product: ProductCard, unit_id: UUID | None) -> tuple[Tier, ...]:
    return tuple(
        Tier(one.count, one.price_satang, one.members_only)
        for one in product.tiers
        if one.unit_id == unit_id
    )
