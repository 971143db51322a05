"""Consignment terms that go along when goods are packed anew in another unit. Pure.

What must stay true: what was agreed for a unit is agreed for the same weight in the new unit, so
that the producer gets the same for a kilogram in sacks and in bags, but for the rounding of one
satang a unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.money import half_up_div


def carried(
    terms: Mapping[str, Any] | None, unit_grams: int, new_unit_grams: int
) -> dict[str, Any] | None:
    """Return frozen terms as they hold for a unit of another weight.

    Floor, fee and steps by price are money for a unit; steps by quantity count units. The parts in
    1/10,000 stay.
    """
    if terms is None or unit_grams == new_unit_grams:
        return None if terms is None else dict(terms)

    def money(amount: int) -> int:
        return half_up_div(amount * new_unit_grams, unit_grams)

    def count(quantity: int) -> int:
        return half_up_div(quantity * unit_grams, new_unit_grams)

    tiers = [
        {**tier, "from": money(tier["from"]) if tier["by"] == "price" else count(tier["from"])}
        for tier in terms.get("tiers", ())
    ]
    return {
        **terms,
        "tiers": tiers,
        "floor_satang": money(terms.get("floor_satang", 0)),
        "fee_satang": money(terms.get("fee_satang", 0)),
    }
