"""How far a cashier goes alone with discounts. Pure; satang, parts in 1/10,000.

What must stay true: a discount rounded to the satang from a percentage within the limit is within
the limit; promotions are not the cashier's gift and are not given here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import half_up_div
from core.quantity import MILLI

WHOLE = 10 * MILLI


@dataclass(frozen=True, slots=True)
class Given:
    """A line's price before discounts, and what was taken off it by hand."""

    gross_satang: int
    by_hand_satang: int


def beyond(
    lines: Sequence[Given], basket_satang: int, part: int | None, satang: int | None
) -> bool:
    """Tell whether discounts by hand go beyond a part of the price or a sum.

    No line may lose more than its part, nor the bill; the sum holds for the whole bill.
    """
    total = basket_satang + sum(line.by_hand_satang for line in lines)
    if not total:
        return False
    if satang is not None and total > satang:
        return True
    if part is None:
        return False
    gross = sum(line.gross_satang for line in lines)
    over_line = any(line.by_hand_satang > _part(line.gross_satang, part) for line in lines)
    return over_line or total > _part(gross, part)


def _part(satang: int, part: int) -> int:
    return half_up_div(satang * part, WHOLE)
