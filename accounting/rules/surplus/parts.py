"""A pool shared out to the satang, and each member's sum divided. Pure.

Largest remainder (Hare–Niemeyer): everybody gets the whole satang of the exact part; the satang
left over go one each to the largest remainders, ties to the one who stands first.

What must stay true: the parts add up to the pool; more weight never gets less; each member's cash
and retained parts add up to that member's total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import half_up_div, split_by_weight

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Shared:
    """A pool shared out: parts in the order of the weights, and what explains the rounding."""

    pool: int
    weight: int
    """Σ of the weights: one unit of weight earns pool ÷ weight."""
    left: int
    """Satang left over when everybody had the whole satang: so many got one more."""
    satang: tuple[int, ...]
    remainders: tuple[int, ...]
    """(pool × weight of the part) mod Σ weights."""
    places: tuple[int, ...]
    """The place of each among the remainders; the first `left` got one more. 0: no remainder."""


def share_out(pool: int, weights: Sequence[int]) -> Shared:
    """Share `pool` by weight; the order of the weights breaks ties."""
    total = sum(weights)
    assert pool >= 0 and total > 0 and min(weights) >= 0
    satang, remainders = [], []
    for weight in weights:
        whole, over = divmod(pool * weight, total)
        satang.append(whole)
        remainders.append(over)
    left = pool - sum(satang)
    places = [0] * len(satang)
    # Python's sort is stable: equal remainders stay in the order given.
    order = sorted((i for i, over in enumerate(remainders) if over), key=lambda i: -remainders[i])
    for place, i in enumerate(order, start=1):
        places[i] = place
        if place <= left:
            satang[i] += 1
    return Shared(pool, total, left, tuple(satang), tuple(remainders), tuple(places))


@dataclass(frozen=True, slots=True)
class Divided:
    """One member's sum, divided: dividend + refunds = cash + retained."""

    dividend: int
    purchase_refund: int
    delivery_refund: int
    cash_dividend: int
    cash_patronage: int
    retained: int


def to_keep(satang: int, retained_basis_points: int) -> int:
    """Return what of a member's sum is to become shares."""
    return half_up_div(satang * retained_basis_points, WHOLE)


def divide(dividend: int, purchase_refund: int, delivery_refund: int, retained: int) -> Divided:
    """Return what of a member's sum becomes shares and what is paid; patronage gives first."""
    patronage = purchase_refund + delivery_refund
    assert 0 <= retained <= dividend + patronage
    of_patronage = min(retained, patronage)
    return Divided(
        dividend=dividend,
        purchase_refund=purchase_refund,
        delivery_refund=delivery_refund,
        cash_dividend=dividend - (retained - of_patronage),
        cash_patronage=patronage - of_patronage,
        retained=retained,
    )


def split_refund(refund: int, purchase_weight: int, delivery_weight: int) -> tuple[int, int]:
    """Return a member's refund from one common pool as purchases' and deliveries' part."""
    if refund == 0:
        return 0, 0
    purchases, deliveries = split_by_weight(refund, [purchase_weight, delivery_weight])
    return purchases, deliveries
