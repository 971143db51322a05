"""Suggest who may stand twice in the register, and remember those who are two.

What must stay true: nobody is merged by a suggestion; two who were told apart are not suggested
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from members.models import Member, NotTheSame, Person, Village
from members.rules import duplicates as rules
from members.rules import membership
from members.rules.duplicates import Known, Pair
from members.services.access import require

SHOWN_MAX = 100
_KNOWN = tuple(getattr(Person, name) for name in Known.__slots__)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person, as a list of suggestions shows them."""

    id: UUID
    name: str
    nickname: str
    phone: str
    house_no: str
    village: str
    birth_year: int | None
    member_no: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two who may be one person."""

    first: PersonCard
    second: PersonCard
    score: int
    reasons: tuple[str, ...]


def listing(actor: Actor) -> tuple[list[Suggestion], int]:
    """Return the likeliest pairs of the centre, and how many there are in all."""
    require(actor, "member.read")
    rows = db.session.execute(
        select(*_KNOWN).where(
            Person.centre_id == actor.centre_id,
            Person.merged_into_id.is_(None),
            Person.erased_at.is_(None),
        )
    )
    pairs = rules.suggestions((Known(*row) for row in rows), _apart(actor.centre_id))
    return _shown(actor.centre_id, pairs[:SHOWN_MAX]), len(pairs)


def card(person_id: UUID, actor: Actor) -> PersonCard:
    """Return one person. Raises NotFound, Forbidden."""
    require(actor, "member.read")
    found = cards(actor.centre_id, [person_id]).get(person_id)
    if found is None:
        raise NotFound(what="person")
    return found


def tell_apart(first_id: UUID, second_id: UUID, actor: Actor) -> None:
    """Remember that two who look alike are two; saying it again changes nothing."""
    require(actor, "person.merge")
    known = cards(actor.centre_id, [first_id, second_id])
    if len(known) != 2:
        raise NotFound(what="person")
    first, second = sorted((first_id, second_id), key=lambda one: one.hex)
    if (first, second) in _apart(actor.centre_id):
        return
    db.session.execute(
        insert(NotTheSame).values(
            centre_id=actor.centre_id,
            first_id=first,
            second_id=second,
            recorded_by=actor.user_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(actor, "person.told_apart", "person", first, other=str(second))


def cards(centre_id: int, person_ids: list[UUID]) -> dict[UUID, PersonCard]:
    """Return people as lists of suggestions show them."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.title,
            Person.first_name,
            Person.last_name,
            Person.nickname,
            Person.phone,
            Person.house_no,
            Village.name,
            Person.birth_year,
            Member.member_no,
        )
        .outerjoin(
            Village,
            (Village.centre_id == Person.centre_id) & (Village.id == Person.village_id),
        )
        .outerjoin(Member, (Member.centre_id == Person.centre_id) & (Member.person_id == Person.id))
        .where(Person.centre_id == centre_id, Person.id.in_(person_ids))
    )
    return {
        row.id: PersonCard(
            row.id,
            membership.full_name(row.title, row.first_name, row.last_name),
            row.nickname,
            row.phone,
            row.house_no,
            row.name or "",
            row.birth_year,
            row.member_no or "",
        )
        for row in rows
    }


def _shown(centre_id: int, pairs: list[Pair]) -> list[Suggestion]:
    known = cards(centre_id, [one for pair in pairs for one in (pair.first, pair.second)])
    return [
        Suggestion(known[pair.first], known[pair.second], pair.score, pair.reasons)
        for pair in pairs
    ]


def _apart(centre_id: int) -> frozenset[tuple[UUID, UUID]]:
    rows = db.session.execute(
        select(NotTheSame.first_id, NotTheSame.second_id).where(NotTheSame.centre_id == centre_id)
    )
    return frozenset((first, second) for first, second in rows)
