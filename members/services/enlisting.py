"""A whole village enlisted at once: members with house, nickname and the day each joined.

What must stay true: these are the same rows, keys and facts that enlisting one by one makes, in a
few statements for all of them; a number given is kept, the next free ones follow the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, insert_rows
from core.ids import uuid7
from members.models import Member
from members.rules.persons import UNKNOWN, Birth
from members.services import members, persons, standing
from members.services.access import require
from members.services.register_numbers import free_block, pass_over


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Someone to enlist."""

    title: str
    first_name: str
    last_name: str
    nickname: str
    house_no: str
    village_id: UUID | None
    joined_on: date
    phone: str = ""
    birth: Birth = UNKNOWN
    note: str = ""
    member_no: str = ""
    """Nobody's yet; empty: the next free one."""


def enlist(people: Sequence[Newcomer], actor: Actor) -> list[UUID]:
    """Enlist many members, in their order; return their ids. Raises Forbidden."""
    require(actor, "member.change")
    if not people:
        return []
    numbers = _numbers(people, actor.centre_id)
    ids = sorted(uuid7() for _ in people)
    known = persons.enter_all(
        actor.centre_id,
        [(facts_of(one), (number,)) for one, number in zip(people, numbers, strict=True)],
    )
    insert_rows(
        Member,
        [
            {
                "centre_id": actor.centre_id,
                "id": member_id,
                "person_id": person_id,
                "member_no": number,
                "joined_on": one.joined_on,
                "resigned_on": None,
                "version": 1,
            }
            for member_id, person_id, number, one in zip(ids, known, numbers, people, strict=True)
        ],
    )
    by_day = sorted(zip(ids, people, strict=True), key=lambda pair: (pair[1].joined_on, pair[0]))
    for day, pairs in groupby(by_day, lambda pair: pair[1].joined_on):
        standing.begin([member_id for member_id, _ in pairs], day, actor)
    audit.record(actor, "member.enlisted", "member", ids[0], count=len(ids))
    return ids


def facts_of(one: Newcomer) -> dict[str, Any]:
    """Return somebody's facts as the register of persons writes them."""
    return {name: getattr(one, name) for name in one.__slots__}


def _numbers(people: Sequence[Newcomer], centre_id: int) -> list[str]:
    given = [one.member_no for one in people if one.member_no]
    pass_over(centre_id, members.NUMBER_SERIES, given)
    missing = len(people) - len(given)

    def taken_of(texts: list[str]) -> set[str]:
        rows = select(Member.member_no).where(
            Member.centre_id == centre_id, Member.member_no.in_(texts)
        )
        return {*db.session.scalars(rows), *given}

    free = iter(free_block(centre_id, members.NUMBER_SERIES, missing, taken_of) if missing else ())
    return [one.member_no or next(free) for one in people]
