"""Share out what a joint buying round brought: goods by what was asked, money to the satang.

Nobody gets more than they asked for; when too little came, everybody gets the same part of what
they asked (whole units, largest remainder). What the goods cost is shared by quantity over all that
came, so the parts of those who ordered and what is left for sale sum to the cost exactly; transport
is shared likewise, by cost or by quantity. Pure; money in satang, quantity in thousandths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import N_, DomainError
from core.money import half_up_div, split_by_weight

WHOLE = 10_000


class MoreThanCame(DomainError):
    """The parts given out by hand are more than what came."""

    code, status, title = "more-than-came", 409, N_("More is given out than came")
    detail = N_(
        "%(name_th)s: %(given_milli)s are given out, %(came_milli)s came. Lower somebody's part."
    )


class MoreThanAsked(DomainError):
    """Somebody would be given more than they asked for, and have to pay for it."""

    code, status, title = "more-than-asked", 409, N_("Somebody is given more than they asked for")
    detail = N_("%(name_th)s: give at most what was asked; the rest stays for sale.")


@dataclass(frozen=True, slots=True)
class Came:
    """One item of a round as it came: how much, and what it cost in all."""

    quantity_milli: int
    cost_satang: int
    step_milli: int
    """What can't be parted any further: one unit, or 1 for what is weighed."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one order (or, last, what is left) gets of an item."""

    quantity_milli: int
    goods_satang: int
    extra_satang: int = 0


def quantities(came: Came, asked: Sequence[int]) -> list[int]:
    """Return what each order gets, in thousandths; all they asked if enough came.

    Of too little, each gets by what they asked in whole steps (largest remainder, earlier orders
    first among equals), never more than asked.
    """
    if sum(asked) <= came.quantity_milli:
        return list(asked)
    steps = came.quantity_milli // came.step_milli
    wanted = [half_up_div(one, came.step_milli) if came.step_milli > 1 else one for one in asked]
    given = split_by_weight(steps, wanted) if sum(wanted) else [0] * len(asked)
    return [min(one * came.step_milli, most) for one, most in zip(given, asked, strict=True)]


def goods(came: Came, given: Sequence[int]) -> list[int]:
    """Return what each part costs, the last being what is left: they sum to the cost exactly."""
    left = came.quantity_milli - sum(given)
    assert left >= 0
    weights = [*given, left]
    return split_by_weight(came.cost_satang, weights) if sum(weights) else [0] * len(weights)


def extras(total_satang: int, weights: Sequence[int]) -> list[int]:
    """Return each part of transport and the like; they sum to it exactly."""
    if not total_satang or not sum(weights):
        return [0] * len(weights)
    return split_by_weight(total_satang, weights)


def margin(cost_satang: int, basis_points: int) -> int:
    """Return what the centre adds to a cost for its work."""
    return half_up_div(cost_satang * basis_points, WHOLE)


def tax_on_top(net_satang: int, rate_basis_points: int) -> int:
    """Return the VAT that comes on top of a price without it."""
    return half_up_div(net_satang * rate_basis_points, WHOLE)
