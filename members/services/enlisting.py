"""A whole village enlisted at once: members with house, nickname and the day each joined.

What must stay true: these are the same rows, keys and facts that enlisting one by one makes, in a
few statements for all of them; numbers follow the order given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from core import audit
from core.actor import Actor
from core.db import insert_rows
from core.ids import uuid7
from core.numbering import next_block
from members.models import Member
from members.services import members, persons, standing
from members.services.access import require
from members.services.register_numbers import NO_YEAR


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


def enlist(people: Sequence[Newcomer], actor: Actor) -> list[UUID]:
    """Enlist many members, in their order; return their ids. Raises Forbidden."""
    require(actor, "member.change")
    if not people:
        return []
    drawn = next_block(actor.centre_id, members.NUMBER_SERIES, NO_YEAR, len(people))
    numbers = [f"{number:05d}" for number in drawn]
    ids = sorted(uuid7() for _ in people)
    known = persons.enter_all(
        actor.centre_id,
        [
            ({name: getattr(one, name) for name in one.__slots__}, (number,))
            for one, number in zip(people, numbers, strict=True)
        ],
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
