"""Two rows made one, with all that hangs on them: groups, guardians, deaths, erasure, PINs."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.models import AppUser, Person
from members.rules.membership import uncovered
from members.services import (
    erasure,
    groups,
    members,
    merging,
    national_ids,
    people,
    pins,
    producers,
    registering,
    standing,
)
from members.services.erasure import FORGOTTEN
from members.services.groups import InGroupAlready, JoinGroup
from members.services.members import ChangeMember, MemberDetail, NewMember
from members.services.merging import MergePeople, OneHasDied
from members.services.persons import NotInRegister
from members.services.producers import NewProducer
from members.services.registering import NewPerson
from members.services.standing import FactInFuture, RecordFact
from members.services.standing_facts import FactOfMerged

pytestmark = pytest.mark.usefixtures("app")


def member(actor: Actor, name: str = "อาญคงหาญ") -> MemberDetail:
    new = NewMember(first_name=name, joined_on=date(2020, 1, 1))
    return in_transaction(members.create, new, actor)


def person(actor: Actor, **facts: object) -> UUID:
    new = NewPerson(person_id=uuid7(), first_name="อาจคงหาญ", **facts)  # type: ignore[arg-type]
    return in_transaction(registering.create, new, actor).id


def merge(actor: Actor, kept: UUID, merged: UUID) -> None:
    in_transaction(merging.merge, MergePeople(uuid7(), kept, merged, "คนเดียวกัน"), actor)


def happens(actor: Actor, member_id: UUID, kind: str) -> None:
    fact = RecordFact(fact_id=uuid7(), member_id=member_id, kind=kind, on_date=clock.today())
    in_transaction(standing.record, fact, actor)


def test_who_stands_belongs_to_the_groups_of_both_and_no_day_twice(manager: Actor) -> None:
    group = in_transaction(producers.create, NewProducer(name="กลุ่มทอผ้า", kind="group"), manager)
    other = in_transaction(producers.create, NewProducer(name="กลุ่มจักสาน", kind="group"), manager)
    kept, merged = person(manager), person(manager)

    def joins(group_id: UUID, who: UUID, day: date, until: date | None = None) -> None:
        identity = uuid7()
        in_transaction(groups.join, JoinGroup(
            id=identity, producer_id=group_id, person_id=who, joined_on=day), manager)  # fmt: skip
        if until is not None:
            in_transaction(groups.leave, identity, until, manager)

    joins(group.id, kept, date(2021, 1, 1), date(2022, 1, 1))
    joins(group.id, merged, date(2020, 1, 1))
    joins(other.id, merged, date(2023, 1, 1))
    merge(manager, kept, merged)
    belongs = groups.people_of(group.id, manager)
    assert {one.person_id for one in belongs} == {kept}
    assert sorted((one.joined_on, one.left_on or date.max) for one in belongs) == [
        (date(2020, 1, 1), date(2021, 1, 1)),
        (date(2021, 1, 1), date(2022, 1, 1)),
        (date(2022, 1, 1), date.max),
    ]
    assert [one.person_id for one in groups.people_of(other.id, manager)] == [kept]
    for day, refusal in ((date(2019, 1, 1), InGroupAlready), (date(2999, 1, 1), FactInFuture)):
        with pytest.raises(refusal):
            joins(group.id, kept if refusal is InGroupAlready else person(manager), day)


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([], [(1, None)]),
        ([(1, None)], []),
        ([(3, 5)], [(1, 3), (5, None)]),
        ([(5, None), (1, 3)], [(3, 5)]),
        ([(1, 2), (2, 4)], [(4, None)]),
    ],
)
def test_what_others_leave_of_a_time(
    others: list[tuple[int, int | None]], left: list[tuple[int, int | None]]
) -> None:
    def days(span: tuple[int, int | None]) -> tuple[date, date | None]:
        return date(2020, 1, span[0]), date(2020, 1, span[1]) if span[1] else None

    assert uncovered(days((1, None)), map(days, others)) == list(map(days, left))


def test_nobody_becomes_their_own_guardian(manager: Actor) -> None:
    parent = person(manager)
    child = person(manager, guardian_person_id=parent)
    merge(manager, child, parent)
    assert people.get(child, manager).guardian_person_id is None


def test_a_death_of_one_of_the_two_is_cleared_first(manager: Actor) -> None:
    kept, merged = member(manager), member(manager, "อาจคงหาญ")
    alone = person(manager)
    happens(manager, merged.id, "died")
    with pytest.raises(OneHasDied):
        merge(manager, kept.person_id, merged.person_id)
    happens(manager, kept.id, "died")
    merge(manager, kept.person_id, merged.person_id)
    merge(manager, kept.person_id, alone)  # of who is nothing here no death can be recorded
    assert standing.survivors(manager.centre_id) == {merged.id: kept.id}


def test_nothing_happens_to_a_membership_that_was_merged(manager: Actor) -> None:
    kept, merged = member(manager), member(manager, "อาจคงหาญ")
    merge(manager, kept.person_id, merged.person_id)
    with pytest.raises(FactOfMerged):
        happens(manager, merged.id, "joined")
    ended = standing.timeline(merged.id, manager)[-1]
    with pytest.raises(FactOfMerged):
        in_transaction(standing.withdraw, ended.id, "ผิด", manager)
    known = members.get(merged.id, manager)
    again = ChangeMember(member_id=merged.id, version=known.version, first_name="อาจคงหาญ")
    with pytest.raises(NotInRegister):
        in_transaction(members.change, again, manager)
    found = members.search(manager.centre_id, "คงหาญ")
    assert [card.id for card in found] == [kept.id]


def test_who_was_merged_twice_over_is_forgotten_whole_and_signs_in_no_more(manager: Actor) -> None:
    first, second, last = (person(manager) for _ in range(3))
    new = NewProducer(name="ยายอาจ", phone="0812345678", person_id=first)
    producer = in_transaction(producers.create, new, manager)
    user_id = pins.state(producer.id, manager)
    in_transaction(pins.give, producer.id, manager)
    user_id = pins.state(producer.id, manager)
    assert user_id is not None
    merge(manager, second, first)
    merge(manager, last, second)
    stopped = RecordFact(
        fact_id=uuid7(), producer_id=producer.id, kind="resigned", on_date=clock.today()
    )
    in_transaction(standing.record, stopped, manager)
    with pytest.raises(NotInRegister):
        in_transaction(erasure.erase, second, uuid7(), clock.today(), manager)
    in_transaction(erasure.erase, last, uuid7(), clock.today(), manager)
    names = select(Person.first_name).where(Person.id.in_([first, second, last]))
    assert set(db.session.scalars(names)) == {FORGOTTEN}
    account = db.session.execute(
        select(AppUser.username, AppUser.display_name).where(AppUser.id == user_id.user_id)
    ).one()
    assert "0812345678" not in account.username and account.display_name == producer.producer_no
    assert pins.state(producer.id, manager) is None
    with pytest.raises(NotInRegister):
        in_transaction(national_ids.put, last, "1526018159086", manager)
    for wrong in (first, last):
        with pytest.raises(NotInRegister):
            in_transaction(producers.create, NewProducer(name="ก", person_id=wrong), manager)
