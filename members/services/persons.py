"""Writing the register of persons: the one place where a person's facts are kept.

What must stay true: whoever changes a person comes through here, so that the keys, the household
and the producer's name on documents always follow; whoever calls has checked the right to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_, update

from core.db import db, insert_rows
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from core.text import thai_sort_key
from members.models import Household, Member, Person, Producer
from members.rules import membership
from members.rules.persons import FACTS, UNKNOWN, Birth, person_search_key, sort_key

HOUSES_AT_ONCE = 500
"""So many households are looked up by one statement."""


class NotInRegister(DomainError):
    """The row of the register was erased, or merged into another."""

    code, status, title = "not-in-register", 409, N_("This person is not in the register any more")
    detail = N_("The row was erased, or made one with another. Look in the register who stands.")


def enter(
    centre_id: int,
    facts: Mapping[str, Any],
    numbers: Iterable[str] = (),
    person_id: UUID | None = None,
) -> UUID:
    """Write down a person nobody knew; return the id."""
    ids = [person_id] if person_id else None
    return enter_all(centre_id, [(facts, tuple(numbers))], ids)[0]


def enter_all(
    centre_id: int,
    people: Sequence[tuple[Mapping[str, Any], tuple[str, ...]]],
    ids: Sequence[UUID] | None = None,
) -> list[UUID]:
    """Write down many people at once, each with the numbers they are found by."""
    ids = list(ids) if ids else [uuid7() for _ in people]
    houses = _houses(centre_id, [facts for facts, _ in people])
    insert_rows(
        Person,
        [
            {
                "centre_id": centre_id,
                "id": person_id,
                **{name: facts[name] for name in FACTS},
                **_birth(facts.get("birth", UNKNOWN)),
                "household_id": houses.get(_place(facts)),
                "guardian_person_id": facts.get("guardian_person_id"),
                "note": facts.get("note", ""),
                **_keys(facts, numbers),
                "version": 1,
            }
            for person_id, (facts, numbers) in zip(ids, people, strict=True)
        ],
    )
    return ids


def rewrite(centre_id: int, person_id: UUID, facts: Mapping[str, Any]) -> None:
    """Write what is known now over what was; names on documents follow where they were the same.

    `facts` hold all of `FACTS`, and `birth`, `note` and `guardian_person_id` when they change too.
    Raises NotInRegister, NotFound.
    """
    require_there(centre_id, person_id)
    before = known(centre_id, person_id)
    values: dict[str, Any] = {name: facts[name] for name in FACTS}
    if "birth" in facts:
        values |= _birth(facts["birth"])
    values |= {name: facts[name] for name in ("note", "guardian_person_id") if name in facts}
    houses = _houses(centre_id, [facts])
    db.session.execute(
        update(Person)
        .where(Person.centre_id == centre_id, Person.id == person_id)
        .values(
            **values,
            household_id=houses.get(_place(facts)),
            **_keys(facts, numbers_of(centre_id, person_id)),
            version=Person.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    _follow(centre_id, person_id, before, facts)


def selves(centre_id: int, person_id: UUID) -> list[UUID]:
    """Return a person's row and all that were merged into it, one after the other."""
    found = [person_id]
    more = found
    while more:
        more = list(
            db.session.scalars(
                select(Person.id)
                .where(Person.centre_id == centre_id, Person.merged_into_id.in_(more))
                .order_by(Person.id)
            )
        )
        found += more
    return found


def require_there(centre_id: int, person_id: UUID) -> None:
    """Refuse whoever was erased or merged into somebody; raise NotInRegister, NotFound."""
    row = db.session.execute(
        select(Person.erased_at, Person.merged_into_id).where(
            Person.centre_id == centre_id, Person.id == person_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="person")
    if row.erased_at is not None or row.merged_into_id is not None:
        raise NotInRegister


def reindex(centre_id: int, person_id: UUID) -> None:
    """Let a person be found by the numbers they have now; who was merged, by nothing."""
    facts = known(centre_id, person_id)
    keys = _keys(facts, numbers_of(centre_id, person_id))
    merged = select(Person.merged_into_id).where(
        Person.centre_id == centre_id, Person.id == person_id
    )
    if db.session.scalars(merged).one() is not None:
        keys["search_key"] = ""
    db.session.execute(
        update(Person)
        .where(Person.centre_id == centre_id, Person.id == person_id)
        .values(**keys)
        .execution_options(synchronize_session=False)
    )


def known(centre_id: int, person_id: UUID) -> dict[str, Any]:
    """Return the facts of a person who is there."""
    row = db.session.execute(
        select(*(getattr(Person, name) for name in FACTS)).where(
            Person.centre_id == centre_id, Person.id == person_id
        )
    ).one()
    return dict(zip(FACTS, row, strict=True))


def numbers_of(centre_id: int, person_id: UUID) -> tuple[str, ...]:
    """Return the numbers a person has in the registers of members and producers."""
    of_member = select(Member.member_no).where(
        Member.centre_id == centre_id, Member.person_id == person_id
    )
    of_producer = select(Producer.producer_no).where(
        Producer.centre_id == centre_id, Producer.person_id == person_id
    )
    return tuple(db.session.scalars(of_member)) + tuple(sorted(db.session.scalars(of_producer)))


def facts_of_name(
    name: str, phone: str = "", village_id: UUID | None = None, **more: Any
) -> dict[str, Any]:
    """Return the facts of someone known by a name written whole."""
    title, first, last = membership.parted(name)
    return {
        "title": title,
        "first_name": first[:80],
        "last_name": last[:80],
        "nickname": "",
        "phone": phone,
        "house_no": "",
        "village_id": village_id,
        **more,
    }


def _follow(
    centre_id: int, person_id: UUID, before: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    """A producer who delivers under the person's name or phone goes on doing so."""
    producers = db.session.execute(
        select(Producer.id, Producer.producer_no, Producer.name, Producer.phone).where(
            Producer.centre_id == centre_id, Producer.person_id == person_id
        )
    ).all()
    old_name, new_name = _full_name(before), _full_name(now)
    for row in producers:
        name = new_name[:160] if row.name == old_name else row.name
        phone = now["phone"] if row.phone == before["phone"] else row.phone
        if (name, phone) == (row.name, row.phone):
            continue
        db.session.execute(
            update(Producer)
            .where(Producer.centre_id == centre_id, Producer.id == row.id)
            .values(
                name=name,
                phone=phone,
                sort_key=thai_sort_key(name),
                search_key=membership.search_key((row.producer_no, name, phone)),
                version=Producer.version + 1,
            )
            .execution_options(synchronize_session=False)
        )


def _houses(
    centre_id: int, people: Sequence[Mapping[str, Any]]
) -> dict[tuple[UUID, str] | None, UUID]:
    """Return the household of each house number of a village; new ones are added."""
    wanted = sorted({place for facts in people if (place := _place(facts)) is not None})
    if not wanted:
        return {}
    found: dict[tuple[UUID, str] | None, UUID] = {}
    for start in range(0, len(wanted), HOUSES_AT_ONCE):
        query = select(Household.village_id, Household.house_no, Household.id).where(
            Household.centre_id == centre_id,
            tuple_(Household.village_id, Household.house_no).in_(
                wanted[start : start + HOUSES_AT_ONCE]
            ),
        )
        found |= {(village, number): one for village, number, one in db.session.execute(query)}
    new = {place: uuid7() for place in wanted if place not in found}
    insert_rows(
        Household,
        [
            {"centre_id": centre_id, "id": one, "village_id": village, "house_no": number}
            for (village, number), one in new.items()
        ],
    )
    return found | new


def _place(facts: Mapping[str, Any]) -> tuple[UUID, str] | None:
    """Where a household is; without village or number there is none to tell."""
    if facts["village_id"] is None or not facts["house_no"]:
        return None
    return facts["village_id"], facts["house_no"]


def _keys(facts: Mapping[str, Any], numbers: Iterable[str]) -> dict[str, str]:
    return {
        "sort_key": sort_key(facts["first_name"], facts["last_name"]),
        "search_key": person_search_key(facts, numbers),
    }


def _birth(birth: Birth) -> dict[str, int | None]:
    return {"birth_year": birth.year, "birth_month": birth.month, "birth_day": birth.day}


def _full_name(facts: Mapping[str, Any]) -> str:
    return membership.full_name(facts["title"], facts["first_name"], facts["last_name"])
