"""Money is integer satang; these are the only ways to divide it.

Every division here says where the remainder goes, so no satang is ever made or lost.
"""

from __future__ import annotations

from collections.abc import Sequence

SATANG_MAX = 100_000_000_000
"""The largest amount one field may hold: 1,000,000,000.00 baht. Sums stay far below 2**63."""


def half_up_div(numerator: int, denominator: int) -> int:
    """Divide, rounding halves away from zero: 1/2 → 1, -1/2 → -1."""
    assert denominator > 0
    if numerator < 0:
        return -half_up_div(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def split_by_weight(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` out by weight so that the parts sum to it exactly.

    Largest remainder first (Hare–Niemeyer), ties by position. `total` ≥ 0; weights ≥ 0 and not
    all zero.
    """
    weight_sum = sum(weights)
    assert total >= 0 and weight_sum > 0 and min(weights) >= 0
    shares = [total * weight // weight_sum for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda i: (-(total * weights[i] % weight_sum), i)
    )
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def telescope(amount: int, whole: int, before: int, taken: int) -> int:
    """Return the part of `amount` for `taken` of `whole`, when `before` is already gone.

    round(amount × (before+taken)/whole) − round(amount × before/whole): any way of taking the whole
    in parts adds up to `amount` exactly.
    """
    assert before >= 0 and taken >= 0 and before + taken <= whole
    return half_up_div(amount * (before + taken), whole) - half_up_div(amount * before, whole)
