"""The register of producers: the people and groups that deliver goods.

What must stay true: a producer's usual split is only a suggestion for the next intake; what was
agreed for goods already delivered stands on their lot. Whether a producer delivers follows from
dated facts (`standing`), which alone writes `active`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, or_, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DifferentContent, DomainError, NotFound
from core.ids import uuid7
from core.paging import Page, Window, page_of
from core.text import ascii_digits, thai_sort_key
from members.models import Member, Producer, Village
from members.rules import membership
from members.services import persons, standing, villages
from members.services.access import AnySelect, require
from members.services.register_numbers import next_free

NUMBER_SERIES = "producer"


class ProducerNoTaken(DomainError):
    """Another producer of the centre has this number."""

    code, status, title = "producer-no-taken", 409, N_("This producer number is taken")
    detail = N_("Leave the number empty to get the next free one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProducer:
    """A producer to enter; without `producer_no` the next free number is given.

    With a `producer_id` (made at the edge) the entry can be sent again without harm.
    """

    name: str
    kind: str = "person"
    phone: str = ""
    member_id: UUID | None = None
    village_id: UUID | None = None
    split_basis_points: int = 8000
    producer_no: str = ""
    producer_id: UUID | None = None
    joined_on: date | None = None
    """Delivers since; today if left out."""
    person_id: UUID | None = None
    """Who it is, if the register of persons has them; a new person is written down otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProducer:
    """What is known of a producer now, made on a look at `version`.

    The number stays as it is unless given, and so does whether the producer delivers.
    """

    producer_id: UUID
    version: int
    name: str
    kind: str = "person"
    phone: str = ""
    member_id: UUID | None = None
    village_id: UUID | None = None
    split_basis_points: int = 8000
    producer_no: str = ""
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class ProducerCard:
    """A producer, as rooms and lists need them."""

    id: UUID
    producer_no: str
    name: str
    kind: str
    member_id: UUID | None
    split_basis_points: int
    village: str
    active: bool
    phone: str = ""
    village_id: UUID | None = None
    version: int = 1
    person_id: UUID | None = None


_CARD = (
    Producer.id,
    Producer.producer_no,
    Producer.name,
    Producer.kind,
    Producer.member_id,
    Producer.split_basis_points,
    Village.name.label("village"),
    Producer.active,
    Producer.phone,
    Producer.village_id,
    Producer.version,
    Producer.person_id,
)


# --- reading ---------------------------------------------------------------------------------


def get(centre_id: int, producer_id: UUID) -> ProducerCard:
    """Return a producer of a centre; raises NotFound."""
    found = _find(centre_id, producer_id)
    if found is None:
        raise NotFound
    return found


def by_number(centre_id: int, producer_no: str) -> ProducerCard:
    """Return the one with a number; raises NotFound."""
    row = db.session.execute(
        _cards(centre_id).where(Producer.producer_no == producer_no.strip())
    ).one_or_none()
    if row is None:
        raise NotFound(field="producer_no")
    return _card(row)


def names(centre_id: int, producer_ids: Collection[UUID | None]) -> dict[UUID, ProducerCard]:
    """Return the cards of many producers at once; unknown ids are left out."""
    wanted = {producer_id for producer_id in producer_ids if producer_id is not None}
    if not wanted:
        return {}
    rows = db.session.execute(_cards(centre_id).where(Producer.id.in_(wanted)))
    return {row.id: _card(row) for row in rows}


def search(centre_id: int, text: str, limit: int = 20) -> list[ProducerCard]:
    """Return active producers whose number, name or phone holds every word of `text`.

    A producer whose number is exactly `text` comes first, then by name; no text, nobody.
    """
    words = membership.search_words(text)
    if not words:
        return []
    exactly = Producer.producer_no == ascii_digits(text).strip()
    statement = (
        _cards(centre_id)
        .where(_holds(words), Producer.active)
        .order_by(exactly.desc(), Producer.sort_key, Producer.id)
        .limit(limit)
    )
    return [_card(row) for row in db.session.execute(statement)]


def listing(actor: Actor, text: str, window: Window) -> Page[ProducerCard]:
    """Return a page of the register, by name, of those `text` finds (all without it)."""
    require(actor, "producer.read")
    words = membership.search_words(text)
    statement = _cards(actor.centre_id)
    if words:
        statement = statement.where(_holds(words))
    after = _place_of(window.after, actor.centre_id)
    if after is not None:
        sort_key, producer_id = after
        statement = statement.where(
            or_(
                Producer.sort_key > sort_key,
                and_(Producer.sort_key == sort_key, Producer.id > producer_id),
            )
        )
    statement = statement.order_by(Producer.sort_key, Producer.id).limit(window.limit + 1)
    rows = [_card(row) for row in db.session.execute(statement)]
    return page_of(rows, window, lambda card: str(card.id))


def _find(centre_id: int, producer_id: UUID) -> ProducerCard | None:
    row = db.session.execute(_cards(centre_id).where(Producer.id == producer_id)).one_or_none()
    return _card(row) if row else None


def _cards(centre_id: int) -> AnySelect:
    here = and_(Village.centre_id == Producer.centre_id, Village.id == Producer.village_id)
    return select(*_CARD).outerjoin(Village, here).where(Producer.centre_id == centre_id)


def _card(row: Any) -> ProducerCard:
    card = ProducerCard(*row)
    return card if card.village else replace(card, village="")


def _holds(words: list[str]) -> Any:
    return and_(
        *(Producer.search_key.like(membership.like_pattern(word), escape="\\") for word in words)
    )


def _place_of(after: str | None, centre_id: int) -> tuple[str, UUID] | None:
    """Find the row a page ended at; a name changed meanwhile goes on from its new place."""
    if after is None:
        return None
    try:
        producer_id = UUID(after)
    except ValueError:
        raise NotFound from None
    sort_key = db.session.execute(
        select(Producer.sort_key).where(Producer.centre_id == centre_id, Producer.id == producer_id)
    ).scalar_one_or_none()
    if sort_key is None:
        raise NotFound
    return sort_key, producer_id


# --- changing --------------------------------------------------------------------------------


def create(new: NewProducer, actor: Actor) -> ProducerCard:
    """Enter a producer into the register of the actor's centre."""
    require(actor, "producer.change")
    if new.producer_id is not None and (known := _find(actor.centre_id, new.producer_id)):
        return _replay(new, known)
    _require_links(new, actor.centre_id)
    joined_on = new.joined_on or clock.today()
    if joined_on > clock.today():
        raise standing.FactInFuture(field="joined_on")
    producer_no = new.producer_no or next_free(actor.centre_id, NUMBER_SERIES, _is_taken)
    if _is_taken(actor.centre_id, producer_no):
        raise ProducerNoTaken(field="producer_no")
    producer_id = new.producer_id or uuid7()
    person_id = _person_of(new, new.person_id, actor.centre_id)
    standing.require_living(actor.centre_id, person_id)
    db.session.execute(
        insert(Producer).values(
            centre_id=actor.centre_id,
            id=producer_id,
            person_id=person_id,
            producer_no=producer_no,
            active=True,
            version=1,
            **_said(new),
            **_keys(producer_no, new),
        )
    )
    standing.begin([producer_id], joined_on, actor, "producer")
    if person_id is not None:
        persons.reindex(actor.centre_id, person_id)
    audit.record(actor, "producer.created", "producer", producer_id, producer_no=producer_no)
    return get(actor.centre_id, producer_id)


def change(command: ChangeProducer, actor: Actor) -> ProducerCard:
    """Change what is known of a producer, unless someone else did meanwhile."""
    require(actor, "producer.change")
    _require_links(command, actor.centre_id)
    before = get(actor.centre_id, command.producer_id)
    producer_no = command.producer_no or before.producer_no
    if producer_no != before.producer_no and _is_taken(actor.centre_id, producer_no):
        raise ProducerNoTaken(field="producer_no")
    person_id = _person_now(command, before, actor.centre_id)
    if person_id != before.person_id:
        standing.require_living(actor.centre_id, person_id)
    done = db.session.execute(
        update(Producer)
        .where(
            Producer.centre_id == actor.centre_id,
            Producer.id == command.producer_id,
            Producer.version == command.version,
        )
        .values(
            **_said(command),
            **_keys(producer_no, command),
            producer_no=producer_no,
            person_id=person_id,
            version=Producer.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    _tell_person(before, person_id, command, actor.centre_id)
    if command.active is not None:
        standing.switch(command.producer_id, command.active, actor)
    after = get(actor.centre_id, command.producer_id)
    changed = [n for n in ProducerCard.__slots__ if getattr(before, n) != getattr(after, n)]
    audit.record(actor, "producer.changed", "producer", before.id, fields=changed)
    return after


def _replay(new: NewProducer, known: ProducerCard) -> ProducerCard:
    """Answer an entry that was made before; other content under the same id is refused."""
    said = _said(new) | ({"producer_no": new.producer_no} if new.producer_no else {})
    differs = [name for name, value in said.items() if getattr(known, name) != value]
    if differs:
        raise DifferentContent(differs=differs)
    return known


def _require_links(source: NewProducer | ChangeProducer, centre_id: int) -> None:
    villages.require_known(centre_id, source.village_id)
    if source.member_id is not None:
        _person_of_member(source.member_id, centre_id)


def _person_of_member(member_id: UUID, centre_id: int) -> UUID:
    person_id = db.session.execute(
        select(Member.person_id).where(Member.centre_id == centre_id, Member.id == member_id)
    ).scalar_one_or_none()
    if person_id is None:
        raise NotFound
    return person_id


def _person_of(
    source: NewProducer | ChangeProducer, known: UUID | None, centre_id: int
) -> UUID | None:
    """Return who delivers: the member, the person known, or someone new; of a group, nobody."""
    if source.kind != "person":
        return None
    if source.member_id is not None:
        return _person_of_member(source.member_id, centre_id)
    if known is not None:
        persons.require_there(centre_id, known)
        return known
    return persons.enter(
        centre_id, persons.facts_of_name(source.name, source.phone, source.village_id)
    )


def _person_now(command: ChangeProducer, before: ProducerCard, centre_id: int) -> UUID | None:
    """Whoever is no longer said to be that member is somebody else."""
    parted = before.member_id is not None and command.member_id is None
    return _person_of(command, None if parted else before.person_id, centre_id)


def _tell_person(
    before: ProducerCard, person_id: UUID | None, command: ChangeProducer, centre_id: int
) -> None:
    """Write a new name, phone or village of a producer who is no member into the person's facts."""
    for one in {before.person_id, person_id} - {None, person_id}:
        assert one is not None
        persons.reindex(centre_id, one)
    if person_id is None:
        return
    names = ("name", "phone", "village_id")
    changed = [name for name in names if getattr(before, name) != getattr(command, name)]
    if not changed or command.member_id is not None or person_id != before.person_id:
        persons.reindex(centre_id, person_id)
        return
    facts = persons.known(centre_id, person_id)
    told = persons.facts_of_name(command.name, command.phone, command.village_id)
    names_of = {"name": ("title", "first_name", "last_name")}
    for name in changed:
        for fact in names_of.get(name, (name,)):
            facts[fact] = told[fact]
    persons.rewrite(centre_id, person_id, facts)


def _said(source: NewProducer | ChangeProducer) -> dict[str, Any]:
    fields = ("name", "kind", "phone", "member_id", "village_id", "split_basis_points")
    return {name: getattr(source, name) for name in fields}


def _keys(producer_no: str, source: NewProducer | ChangeProducer) -> dict[str, str]:
    texts = (producer_no, source.name, source.phone)
    return {"sort_key": thai_sort_key(source.name), "search_key": membership.search_key(texts)}


def _is_taken(centre_id: int, producer_no: str) -> bool:
    statement = select(Producer.id).where(
        Producer.centre_id == centre_id, Producer.producer_no == producer_no
    )
    return db.session.execute(statement).first() is not None
