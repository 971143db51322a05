"""The producer's part of a consigned sale under the terms frozen on the lot.

What must stay true: the producer's share is the terms applied to the shared base, the centre's is
the remainder, so the two always add up. Pure; money in satang, terms in 1/10,000.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.money import half_up_div, split_by_weight

WHOLE_BASIS_POINTS = 10_000


def producer_share(base_satang: int, split_basis_points: int) -> int:
    """Return the producer's part of a shared base, halves rounded up (to the producer)."""
    assert 0 <= split_basis_points <= WHOLE_BASIS_POINTS
    return half_up_div(base_satang * split_basis_points, WHOLE_BASIS_POINTS)


def over_lots(amount_satang: int, quantities_milli: Sequence[int]) -> list[int]:
    """Spread an amount of a line over the lots that serve it, by quantity."""
    return split_by_weight(amount_satang, quantities_milli)
