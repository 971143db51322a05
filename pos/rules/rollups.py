"""Which groups of people a roll-up may show: none of fewer than five households.

What must stay true: every group shown has five households or more; what is not shown is shown
together, as two groups or more with five households or more, or not at all; so no sum less the
shown parts leaves a small group. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST_HOUSEHOLDS = 5


@dataclass(frozen=True, slots=True)
class People:
    """A group of people: how many, in how many households."""

    members: int
    households: int

    def __add__(self, other: People) -> People:
        return People(self.members + other.members, self.households + other.households)

    @property
    def large(self) -> bool:
        return self.households >= FEWEST_HOUSEHOLDS


NOBODY = People(0, 0)


@dataclass(frozen=True, slots=True)
class Folded:
    """The groups that may be shown, the others together (None: there are none), and how many.

    `hidden` says that even all together are too few to be told.
    """

    shown: Mapping[str, People]
    rest: People | None
    rest_groups: int
    hidden: bool = False

    @property
    def total(self) -> People | None:
        """All of them; None when even that is too few."""
        if self.hidden:
            return None
        return sum(self.shown.values(), self.rest or NOBODY)


def fold(groups: Mapping[str, People]) -> Folded:
    """Fold small groups into one; the next smallest goes with them while they would stand out.

    Empty groups are nobody's secret: they are left out. Ties are broken by name, so that the same
    groups always fold alike.
    """
    there = {name: one for name, one in groups.items() if one.members}
    by_size = sorted(there, key=lambda name: (there[name].households, there[name].members, name))
    small = [name for name in by_size if not there[name].large]
    if not small:
        return Folded(there, None, 0)
    folded = len(small)
    while folded < len(by_size) and not _safe([there[name] for name in by_size[:folded]]):
        folded += 1
    together = [there[name] for name in by_size[:folded]]
    rest = sum(together, NOBODY)
    shown = {name: there[name] for name in there if name not in set(by_size[:folded])}
    if not rest.large:
        return Folded({}, None, folded, hidden=True)
    return Folded(shown, rest, folded)


def tellable(people: People) -> int | None:
    """Return how many there are, or None when they are too few households to be told."""
    return people.members if people.large or not people.members else None


def _safe(together: list[People]) -> bool:
    return len(together) > 1 and sum(together, NOBODY).large
