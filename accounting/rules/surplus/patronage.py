"""What patronage is measured by: what members bought and delivered, by group of goods. Pure.

What must stay true: returns are taken off in the year they happen; who returned more than was
bought counts nothing, and takes nothing from others; purchases and deliveries are netted apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.money import half_up_div

WHOLE = 10_000


def weight_of(net: Mapping[str, int], weights: Mapping[str, int], otherwise: int) -> int:
    """Return Σ satang × weight of its group (basis points); never below zero."""
    return max(0, sum(satang * weights.get(group, otherwise) for group, satang in net.items()))


def pools(pool: int, purchase_share_basis_points: int | None) -> tuple[int, int]:
    """Return the purchases' and the deliveries' part of a pool kept as two; they add up to it."""
    assert purchase_share_basis_points is not None
    purchases = half_up_div(pool * purchase_share_basis_points, WHOLE)
    return purchases, pool - purchases
