"""The units a supplier's paper is written in: the product's own, or one of its selling units.

What must stay true: an order and a delivery keep the label and factor of their day, whatever the
catalogue says later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.errors import NotFound
from core.money import half_up_div
from core.quantity import MILLI, price_of
from inventory.services import catalogue
from inventory.services.catalogue import ProductCard


class Asked(Protocol):
    """A line that names a product, a unit, how many and the price of one."""

    @property
    def product_id(self) -> UUID: ...
    @property
    def unit_id(self) -> UUID | None: ...
    @property
    def quantity_milli(self) -> int: ...
    @property
    def unit_price_satang(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """A line in its unit, and in the product's own."""

    product: ProductCard
    unit: str
    factor_milli: int
    base_milli: int
    amount_satang: int


def measure(centre_id: int, lines: Sequence[Asked]) -> list[Measured]:
    """Return each line measured; raise NotFound for a product or unit that isn't there."""
    cards = catalogue.for_sale(centre_id, {line.product_id for line in lines})
    return [_measured(number, line, cards) for number, line in enumerate(lines, start=1)]


def _measured(number: int, line: Asked, cards: Mapping[UUID, ProductCard]) -> Measured:
    card = cards.get(line.product_id)
    if card is None:
        raise NotFound(what="product", line_no=number)
    unit, factor = card.unit, MILLI
    if line.unit_id is not None:
        known = {one.id: one for one in card.units}.get(line.unit_id)
        if known is None:
            raise NotFound(what="unit", line_no=number)
        unit, factor = known.label, known.factor_milli
    base = half_up_div(line.quantity_milli * factor, MILLI)
    amount = price_of(line.quantity_milli, line.unit_price_satang)
    return Measured(card, unit, factor, base, amount)
