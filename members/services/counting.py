"""The members of many centres as counts: by standing, by village with its households. No names.

What must stay true: nothing that leaves this module says who anybody is; small groups are the
caller's to fold, for which each count comes with its households. Whoever calls has checked the
right to see the centres' totals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db
from members.models import Member, Person, StandingFact, Village
from members.rules.standing import MEMBER, NOT_YET, SUSPENDED, Happening, spans

INSIDE = (MEMBER, SUSPENDED)
JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Group:
    """Some members and their households; of unknown houses each family name counts as one."""

    members: int
    households: int


@dataclass(frozen=True, slots=True)
class CentreCounts:
    """The members of a centre in its part of a period.

    `standings` are those on the last day; `villages` are of today's members by name ("" unknown).
    """

    centre_id: int
    inside: Group
    standings: Mapping[str, Group]
    joined: Group
    left: Group
    villages: Mapping[str, Group]


@dataclass(frozen=True, slots=True)
class _Life:
    """A membership: where it lives, and its standings in turn."""

    house: object
    village: str
    turns: tuple[tuple[str, date], ...]

    def on(self, day: date) -> str:
        state = NOT_YET
        for becomes, since in self.turns:
            if since <= day:
                state = becomes
        return state

    def became(self, inside: bool, first: date, last: date) -> bool:
        """Tell whether it went in (or out) between two days."""
        before = NOT_YET
        for becomes, since in self.turns:
            turned = (becomes in INSIDE) != (before in INSIDE) and (becomes in INSIDE) is inside
            if turned and first <= since <= last:
                return True
            before = becomes
        return False


def of_centres(parts: Sequence[tuple[int, date, date]]) -> dict[int, CentreCounts]:
    """Return the counts of each centre in its part (its last, if it has two); two statements."""
    lives = _lives([centre_id for centre_id, _, _ in parts])
    by_centre: dict[int, list[tuple[date, date]]] = {}
    for centre_id, first, last in parts:
        by_centre.setdefault(centre_id, []).append((first, last))
    return {
        centre_id: _counted(centre_id, lives.get(centre_id, []), spans_of)
        for centre_id, spans_of in by_centre.items()
    }


def _counted(
    centre_id: int, lives: Sequence[_Life], days: Sequence[tuple[date, date]]
) -> CentreCounts:
    end = max(last for _, last in days)
    by_state: dict[str, list[_Life]] = {}
    villages: dict[str, list[_Life]] = {}
    for life in lives:
        state = life.on(end)
        if state != NOT_YET:
            by_state.setdefault(state, []).append(life)
        if state in INSIDE:
            villages.setdefault(life.village, []).append(life)
    inside = [life for state in INSIDE for life in by_state.get(state, ())]
    return CentreCounts(
        centre_id,
        _group(inside),
        {state: _group(some) for state, some in sorted(by_state.items())},
        _group([one for one in lives if any(one.became(True, *span) for span in days)]),
        _group([one for one in lives if any(one.became(False, *span) for span in days)]),
        {name: _group(some) for name, some in sorted(villages.items())},
    )


def _group(lives: Sequence[_Life]) -> Group:
    return Group(len(lives), len(Counter(life.house for life in lives)))


def _lives(centre_ids: Sequence[int]) -> dict[int, list[_Life]]:
    facts = _facts(centre_ids)
    homes = db.session.execute(
        select(Member.centre_id, Member.id, Person.household_id, Person.last_name, Village.name)
        .join(Person, and_(Person.centre_id == Member.centre_id, Person.id == Member.person_id))
        .outerjoin(
            Village, and_(Village.centre_id == Person.centre_id, Village.id == Person.village_id)
        )
        .where(Member.centre_id.in_(centre_ids), Member.merged_into_id.is_(None))
    )
    found: dict[int, list[_Life]] = {}
    for centre_id, member_id, household_id, last_name, village in homes:
        turns = facts.get((centre_id, member_id), ())
        # Rather too few households than too many: a family without a number is one.
        house = household_id or (village, last_name)
        life = _Life(house, village or "", turns)
        found.setdefault(centre_id, []).append(life)
    return found


def _facts(centre_ids: Sequence[int]) -> dict[tuple[int, UUID], tuple[tuple[str, date], ...]]:
    rows = db.session.execute(
        select(
            StandingFact.centre_id,
            StandingFact.member_id,
            StandingFact.kind,
            StandingFact.on_date,
        )
        .where(
            StandingFact.centre_id.in_(centre_ids),
            StandingFact.member_id.is_not(None),
            StandingFact.withdrawn_at.is_(None),
        )
        .order_by(StandingFact.centre_id, StandingFact.member_id)
    )
    return dict(_turned(rows))


def _turned(rows: Any) -> Iterator[tuple[tuple[int, UUID], tuple[tuple[str, date], ...]]]:
    for key, facts in groupby(rows, lambda row: (row.centre_id, row.member_id)):
        happened = [Happening(row.kind, row.on_date) for row in facts]
        if len(happened) == 1 and happened[0].kind == JOINED:
            # Nearly everybody: they joined, and that is all.
            yield key, ((MEMBER, happened[0].on_date),)
        else:
            yield key, tuple((span.state, span.since) for span in spans(happened))
