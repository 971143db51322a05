"""Quantity is integer thousandths of the product's unit: 1 jar = 1000, 237 g of kilograms = 237."""

from __future__ import annotations

from core.money import half_up_div

MILLI = 1000
QUANTITY_MAX = 1_000_000_000
"""The largest quantity one field may hold: a million units."""


def price_of(quantity_milli: int, unit_price_satang: int) -> int:
    """Return the price in satang of a quantity at a price a unit, halves rounded up."""
    return half_up_div(quantity_milli * unit_price_satang, MILLI)
