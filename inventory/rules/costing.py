"""What goods are worth when they leave: the book value of a lot, followed to the last satang.

What must stay true: over any sequence of issues and returns a lot's level value is exactly its
cost less what left plus what came back, so that the inventory account equals the sum of levels.
Pure; money in satang, quantity in thousandths.
"""

from __future__ import annotations

from core.money import half_up_div
from core.quantity import price_of


def issue_cost(level_milli: int, value_satang: int, taken_milli: int, unit_cost_satang: int) -> int:
    """Return the book value of `taken_milli` leaving a level.

    In proportion while some is left; all of it when the level empties; what goes below zero at
    the lot's unit cost. Never negative: a value that rounding left below nothing stays behind.
    """
    assert taken_milli > 0
    if taken_milli < level_milli:
        return half_up_div(max(value_satang, 0) * taken_milli, level_milli)
    if level_milli < 0:
        return price_of(taken_milli, unit_cost_satang)
    beyond = price_of(taken_milli - level_milli, unit_cost_satang)
    return max(value_satang + beyond, 0)
