"""The register of persons to read: members, producers and those who are neither.

What must stay true: a list never shows more of a person than is needed to know who is meant; sums
by household never take two households for more than two, nor guess one where none is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.paging import Page, Window, page_of
from members.models import Household, Member, Person, Producer, Village
from members.rules import membership
from members.rules.persons import Birth, is_minor
from members.services import finding
from members.services.access import AnySelect, require

MEMBERS, PRODUCERS, NEITHER = "members", "producers", "neither"
KINDS = ("", MEMBERS, PRODUCERS, NEITHER)
HOUSEHOLD_MAX = 200


@dataclass(frozen=True, slots=True)
class PersonCard:
    """As much of a person as a list needs."""

    id: UUID
    name: str
    nickname: str
    house_no: str
    village: str
    member_no: str
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class ProducerLink:
    """A producership of a person."""

    id: UUID
    producer_no: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """What is known of a person, the national id left out."""

    id: UUID
    title: str
    first_name: str
    last_name: str
    nickname: str
    phone: str
    house_no: str
    village_id: UUID | None
    household_id: UUID | None
    birth: Birth
    note: str
    guardian_person_id: UUID | None
    has_national_id: bool
    erased_at: datetime | None
    merged_into_id: UUID | None
    version: int
    village: str
    member_id: UUID | None
    member_no: str
    producers: tuple[ProducerLink, ...]

    @property
    def name(self) -> str:
        return membership.full_name(self.title, self.first_name, self.last_name)


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A house and the people of it."""

    id: UUID
    house_no: str
    village_id: UUID
    village: str
    people: tuple[PersonCard, ...]


_MEMBER_OF = and_(Member.centre_id == Person.centre_id, Member.person_id == Person.id)
_VILLAGE_OF = and_(Village.centre_id == Person.centre_id, Village.id == Person.village_id)
_CARD = (
    Person.id,
    Person.title,
    Person.first_name,
    Person.last_name,
    Person.nickname,
    Person.house_no,
    Village.name.label("village"),
    Member.member_no,
    Member.id.label("member_id"),
)


# --- lists -----------------------------------------------------------------------------------


def is_under_age(centre_id: int, member_id: UUID, day: date) -> bool:
    """Tell whether a member is under age on a day, as far as the register knows their birth."""
    row = db.session.execute(
        select(Person.birth_year, Person.birth_month, Person.birth_day)
        .join(Member, _MEMBER_OF)
        .where(Member.centre_id == centre_id, Member.id == member_id)
    ).one_or_none()
    return row is not None and is_minor(Birth(*row), day)


def listing(actor: Actor, text: str, kind: str, window: Window) -> Page[PersonCard]:
    """Return a page of the register by name: everybody, members, producers or neither."""
    require(actor, "member.read")
    words = membership.search_words(text)
    statement = _cards(actor.centre_id).add_columns(Person.sort_key)
    if words:
        statement = statement.where(finding.holds(words))
    produces = exists().where(
        Producer.centre_id == Person.centre_id, Producer.person_id == Person.id
    )
    if kind == MEMBERS:
        statement = statement.where(Member.id.is_not(None))
    elif kind == PRODUCERS:
        statement = statement.where(produces)
    elif kind == NEITHER:
        statement = statement.where(Member.id.is_(None), ~produces)
    after = _place_of(window.after, actor.centre_id)
    if after is not None:
        sort_key, person_id = after
        statement = statement.where(
            or_(
                Person.sort_key > sort_key,
                and_(Person.sort_key == sort_key, Person.id > person_id),
            )
        )
    statement = statement.order_by(Person.sort_key, Person.id).limit(window.limit + 1)
    rows = [_card(row) for row in db.session.execute(statement)]
    return page_of(rows, window, lambda card: str(card.id))


# --- one -------------------------------------------------------------------------------------


def get(person_id: UUID, actor: Actor) -> PersonDetail:
    """Return everything about a person of the actor's centre; raises NotFound."""
    require(actor, "member.read")
    row = db.session.execute(
        select(Person, Village.name, Member.id, Member.member_no)
        .select_from(Person)
        .outerjoin(Village, _VILLAGE_OF)
        .outerjoin(Member, _MEMBER_OF)
        .where(Person.centre_id == actor.centre_id, Person.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    person, village, member_id, member_no = row
    facts = {
        name: getattr(person, name) for name in PersonDetail.__slots__ if hasattr(Person, name)
    }
    db.session.expunge(person)
    return PersonDetail(
        **facts,
        birth=Birth(person.birth_year, person.birth_month, person.birth_day),
        has_national_id=person.national_id_hash is not None,
        village=village or "",
        member_id=member_id,
        member_no=member_no or "",
        producers=_producers(actor.centre_id, person_id),
    )


def household(household_id: UUID, actor: Actor) -> HouseholdCard:
    """Return a house and who lives in it; raises NotFound."""
    require(actor, "member.read")
    row = db.session.execute(
        select(Household.house_no, Household.village_id, Village.name)
        .join(
            Village,
            and_(Village.centre_id == Household.centre_id, Village.id == Household.village_id),
        )
        .where(Household.centre_id == actor.centre_id, Household.id == household_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    people = db.session.execute(
        _cards(actor.centre_id)
        .where(Person.household_id == household_id)
        .order_by(Person.sort_key, Person.id)
        .limit(HOUSEHOLD_MAX)
    )
    cards = tuple(_card(one) for one in people)
    return HouseholdCard(household_id, row.house_no, row.village_id, row.name, cards)


def _producers(centre_id: int, person_id: UUID) -> tuple[ProducerLink, ...]:
    rows = db.session.execute(
        select(Producer.id, Producer.producer_no, Producer.name)
        .where(Producer.centre_id == centre_id, Producer.person_id == person_id)
        .order_by(Producer.producer_no)
    )
    return tuple(ProducerLink(*row) for row in rows)


# --- where people live, for sums -------------------------------------------------------------


def _cards(centre_id: int) -> AnySelect:
    return (
        select(*_CARD)
        .select_from(Person)
        .outerjoin(Village, _VILLAGE_OF)
        .outerjoin(Member, _MEMBER_OF)
        .where(Person.centre_id == centre_id, Person.merged_into_id.is_(None))
    )


def _card(row: Any) -> PersonCard:
    return PersonCard(
        row.id,
        membership.full_name(row.title, row.first_name, row.last_name),
        row.nickname,
        row.house_no,
        row.village or "",
        row.member_no or "",
        row.member_id,
    )


def _place_of(after: str | None, centre_id: int) -> tuple[str, UUID] | None:
    """Find the row a page ended at; a name changed meanwhile goes on from its new place."""
    if after is None:
        return None
    try:
        person_id = UUID(after)
    except ValueError:
        raise NotFound from None
    sort_key = db.session.execute(
        select(Person.sort_key).where(Person.centre_id == centre_id, Person.id == person_id)
    ).scalar_one_or_none()
    if sort_key is None:
        raise NotFound
    return sort_key, person_id
