"""Which figures moved so much that someone will ask why, and what explains them. Pure.

What must stay true: the reasons of a figure add up to its change, to the satang.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind of document did to a figure: how many, and how much."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of document now and before; for a balance there is no before: it moved, or not."""

    kind: str
    now: Part
    before: Part

    @property
    def change(self) -> int:
        return self.now.amount - self.before.amount


def moved_much(before: int, now: int, percent: int) -> bool:
    """Tell whether a figure moved by more than so many percent; from nothing, any move is much."""
    return abs(now - before) * 100 > percent * abs(before)


def reasons(now: Mapping[str, Part], before: Mapping[str, Part]) -> tuple[Reason, ...]:
    """Return what each kind of document did, the largest change first."""
    found: Iterable[Reason] = (
        Reason(kind, now.get(kind, Part()), before.get(kind, Part())) for kind in {*now, *before}
    )
    return tuple(sorted(found, key=lambda one: (-abs(one.change), one.kind)))
