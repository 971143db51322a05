"""The members of a network as counts, small groups folded.

What must stay true: no count of fewer than five households leaves here, nor one that a total less
its neighbours would give away; a centre too small to be told apart is told with the next smallest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from members.services import counting
from members.services.counting import CentreCounts, Group
from pos.rules.rollups import NOBODY, Folded, People, fold, tellable
from pos.services.rollups.scope import Scope


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a network at the end of the period, and who came and went in it.

    A count is None where it can't be told. `villages` are of the centres shown by themselves.
    """

    centres: Folded
    standings: Folded
    joined: int | None
    left: int | None
    villages: Mapping[int, Folded]


def members(scope: Scope) -> Members:
    """Count the members of the scope."""
    counts = counting.of_centres(scope.spans)
    present = {one: counts[one] for one in scope.present if one in counts}
    by_centre = fold({str(one): _people(found.inside) for one, found in present.items()})
    return Members(
        centres=by_centre,
        standings=fold(_standings(present)),
        joined=tellable(_sum([one.joined for one in counts.values()])),
        left=tellable(_sum([one.left for one in counts.values()])),
        villages={
            int(one): fold({name: _people(of) for name, of in present[int(one)].villages.items()})
            for one in by_centre.shown
        },
    )


def _standings(present: Mapping[int, CentreCounts]) -> dict[str, People]:
    found: dict[str, People] = {}
    for one in present.values():
        for state, group in one.standings.items():
            found[state] = found.get(state, NOBODY) + _people(group)
    return found


def _sum(groups: list[Group]) -> People:
    return sum((_people(one) for one in groups), NOBODY)


def _people(group: Group) -> People:
    return People(group.members, group.households)
