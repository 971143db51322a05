"""Which lots a line is served from: first what expires first, then what came first.

What must stay true: the portions of a line sum to what was asked, and no lot gives more than it
has unless the centre lets a sale through and flags it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Shelf:
    """One lot lying at one location: how much, at what book value, under which terms."""

    lot_id: UUID
    product_id: UUID
    ownership: str
    producer_id: UUID
    member_id: UUID | None
    quantity_milli: int
    value_satang: int
    unit_cost_satang: int
    split_basis_points: int | None
    expires_on: date | None
    received_at: datetime
    terms: dict[str, Any] | None = None
    """The whole terms frozen on the lot; None when only the split was agreed."""


@dataclass(frozen=True, slots=True)
class Draw:
    """So much of one lot for one line; `oversold` when it is more than lies there."""

    shelf: Shelf
    quantity_milli: int
    oversold: bool = False


def first_expiring(shelves: Iterable[Shelf]) -> list[Shelf]:
    """Sort lots into the order they leave in: expiry (none last), then arrival, then id."""
    return sorted(
        shelves,
        key=lambda shelf: (
            shelf.expires_on or date.max,
            shelf.received_at,
            shelf.lot_id.int,
        ),
    )


def draw(
    shelves: Sequence[Shelf], asked_milli: int, *, may_oversell: bool
) -> tuple[list[Draw], int]:
    """Serve a line from lots in the order given; return its draws and what is still missing.

    With `may_oversell` the rest comes from the last lot, below zero; then only a product that
    never had a lot is missing anything.
    """
    assert asked_milli > 0
    draws: list[Draw] = []
    missing = asked_milli
    for shelf in shelves:
        taken = min(missing, max(shelf.quantity_milli, 0))
        if taken:
            draws.append(Draw(shelf, taken))
            missing -= taken
        if not missing:
            return draws, 0
    if not may_oversell or not shelves:
        return draws, missing
    last = shelves[-1]
    if draws and draws[-1].shelf.lot_id == last.lot_id:
        missing += draws.pop().quantity_milli
    draws.append(Draw(last, missing, oversold=True))
    return draws, 0
