"""Many people at once, from a register kept elsewhere: read whole, entered in a few statements.

What must stay true: a number someone brings is kept when it is free; whoever has none gets the next
free one, as at the counter; whoever calls has checked the right to bring old books in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core import audit
from core.actor import Actor
from core.db import db, insert_rows
from core.ids import uuid7
from core.numbering import next_block
from core.text import thai_sort_key
from members.models import Member, Person, Producer
from members.rules import membership
from members.services import members, persons, producers, standing
from members.services.access import require
from members.services.moving_in import villages_in
from members.services.payment_details import PaymentDetails
from members.services.register_numbers import NO_YEAR

SPLIT = 8000
"""The usual part of a producer about whom nothing else is known."""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """Someone of a register: enough to tell who is meant."""

    id: UUID
    number: str
    name: str
    phone: str
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """Someone to enter, as the old register has them."""

    name: str
    number: str = ""
    phone: str = ""
    village: str = ""


@dataclass(frozen=True, slots=True)
class Deliverer:
    """A producer to enter, as a register kept elsewhere has them."""

    name: str
    joined_on: date
    kind: str = "person"
    number: str = ""
    phone: str = ""
    village: str = ""
    split_basis_points: int = SPLIT
    payment: PaymentDetails = field(default_factory=PaymentDetails)
    member_id: UUID | None = None
    person_id: UUID | None = None
    """Who it is, if the register of persons has them."""


def all_producers(centre_id: int) -> list[RegisterLine]:
    """Return every producer of a centre."""
    rows = db.session.execute(
        select(
            Producer.id, Producer.producer_no, Producer.name, Producer.phone, Producer.member_id
        ).where(Producer.centre_id == centre_id)
    )
    return [RegisterLine(*row) for row in rows]


def all_members(centre_id: int) -> list[RegisterLine]:
    """Return every member of a centre, also those who resigned."""
    rows = db.session.execute(
        select(
            Member.id,
            Member.member_no,
            Person.title,
            Person.first_name,
            Person.last_name,
            Person.phone,
        )
        .join(Person, and_(Person.centre_id == Member.centre_id, Person.id == Member.person_id))
        .where(Member.centre_id == centre_id)
    )
    return [
        RegisterLine(one, number, membership.full_name(title, first, last), phone)
        for one, number, title, first, last, phone in rows
    ]


def enter_producers(
    people: Sequence[Brought], joined_on: date, actor: Actor, kind: str = "person"
) -> list[UUID]:
    """Enter producers who delivered on a day, in their order; return their ids.

    Raises Forbidden.
    """
    require(actor, "opening.post")
    return enter_deliverers(
        [
            Deliverer(one.name, joined_on, kind, one.number, one.phone, one.village)
            for one in people
        ],
        actor,
    )


def enter_deliverers(people: Sequence[Deliverer], actor: Actor) -> list[UUID]:
    """Enter producers with all that is known of them, in their order; return their ids.

    Whoever calls has checked the right, and that a member named by one is there and lives.
    """
    if not people:
        return []
    taken = {one.number for one in all_producers(actor.centre_id)}
    numbers = _numbers(people, producers.NUMBER_SERIES, taken, actor)
    villages = villages_in.with_new((one.village for one in people), actor)
    ids = sorted(uuid7() for _ in people)
    known = _persons_of(people, numbers, villages, actor)
    insert_rows(
        Producer,
        [
            {
                "centre_id": actor.centre_id,
                "id": producer_id,
                "producer_no": number,
                "kind": one.kind,
                "name": one.name,
                "phone": one.phone,
                "person_id": person_id,
                "member_id": one.member_id,
                "village_id": villages.get(one.village),
                "split_basis_points": one.split_basis_points,
                **asdict(one.payment),
                "active": True,
                "sort_key": thai_sort_key(one.name),
                "search_key": membership.search_key((number, one.name, one.phone)),
                "version": 1,
            }
            for producer_id, person_id, number, one in zip(ids, known, numbers, people, strict=True)
        ],
    )
    by_day = sorted(zip(people, ids, strict=True), key=lambda pair: (pair[0].joined_on, pair[1]))
    for day, pairs in groupby(by_day, lambda pair: pair[0].joined_on):
        standing.begin([producer_id for _, producer_id in pairs], day, actor, "producer")
    for person_id, one in zip(known, people, strict=True):
        if person_id is not None and one.person_id is not None:
            persons.reindex(actor.centre_id, person_id)
    audit.record(actor, "producer.brought_in", "producer", ids[0], count=len(ids))
    return ids


def _persons_of(
    people: Sequence[Deliverer],
    numbers: Sequence[str],
    villages: Mapping[str, UUID],
    actor: Actor,
) -> list[UUID | None]:
    """Return who each is: somebody known, somebody written down now; of a group, nobody."""
    new = [one.kind == "person" and one.person_id is None for one in people]
    brought = [one for one, is_new in zip(people, new, strict=True) if is_new]
    theirs = [number for number, is_new in zip(numbers, new, strict=True) if is_new]
    entered = iter(persons.enter_all(actor.centre_id, _said(brought, theirs, villages)))
    return [
        next(entered) if is_new else one.person_id for one, is_new in zip(people, new, strict=True)
    ]


def enter_members(people: Sequence[Brought], joined_on: date, actor: Actor) -> list[UUID]:
    """Enter members who were members on a day, in their order; return their ids.

    Raises Forbidden.
    """
    require(actor, "opening.post")
    taken = {one.number for one in all_members(actor.centre_id)}
    numbers = _numbers(people, members.NUMBER_SERIES, taken, actor)
    villages = villages_in.with_new((one.village for one in people), actor)
    ids = sorted(uuid7() for _ in people)
    known = persons.enter_all(actor.centre_id, _said(people, numbers, villages))
    insert_rows(
        Member,
        [
            {
                "centre_id": actor.centre_id,
                "id": member_id,
                "person_id": person_id,
                "member_no": number,
                "joined_on": joined_on,
                "resigned_on": None,
                "version": 1,
            }
            for member_id, person_id, number in zip(ids, known, numbers, strict=True)
        ],
    )
    standing.begin(ids, joined_on, actor)
    if people:
        audit.record(actor, "member.brought_in", "member", ids[0], count=len(ids))
    return ids


def _said(
    people: Sequence[Brought | Deliverer], numbers: Sequence[str], villages: Mapping[str, UUID]
) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    return [
        (persons.facts_of_name(one.name, one.phone, villages.get(one.village)), (number,))
        for one, number in zip(people, numbers, strict=True)
    ]


def _numbers(
    people: Sequence[Brought | Deliverer], series: str, taken: set[str], actor: Actor
) -> list[str]:
    """Return a number for each: the one brought, or the next that nobody has."""
    kept = [one.number if one.number not in taken else "" for one in people]
    taken |= set(kept)
    free: list[str] = []
    missing = kept.count("")
    while len(free) < missing:
        drawn = next_block(actor.centre_id, series, NO_YEAR, missing - len(free))
        free += [text for number in drawn if (text := f"{number:05d}") not in taken]
    rest = iter(free)
    return [number or next(rest) for number in kept]
