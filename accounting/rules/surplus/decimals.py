"""A fraction of whole numbers as people read it: digits by long division, never a float. Pure."""

from __future__ import annotations


def decimal(numerator: int, denominator: int, places: int) -> str:
    """Return a fraction of natural numbers to `places` digits, halves up: 1/3 to 4 → 0.3333."""
    assert numerator >= 0 and denominator > 0 and places >= 0
    scaled = (2 * numerator * 10**places + denominator) // (2 * denominator)
    whole, part = divmod(scaled, 10**places)
    return f"{whole:,}.{part:0{places}d}" if places else f"{whole:,}"


def cut(numerator: int, denominator: int, places: int) -> str:
    """Return a fraction with the digits behind `places` cut off: what is shown is not rounded."""
    assert numerator >= 0 and denominator > 0 and places > 0
    whole, part = divmod(numerator * 10**places // denominator, 10**places)
    return f"{whole:,}.{part:0{places}d}"
