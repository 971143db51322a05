"""Memberships by dated facts: entered late, withdrawn with a reason, summed up in two days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.errors import DifferentContent, Forbidden, NotFound
from core.ids import uuid7
from members.services import members, standing
from members.services.members import ChangeMember, NewMember, NotAMember
from members.services.standing import (
    FactDoesNotFit,
    FactInFuture,
    FactWithdrawn,
    RecordFact,
    Standing,
)
from members.services.standing_facts import FactCard

pytestmark = pytest.mark.usefixtures("app")
JOINED = date(2024, 1, 10)


@pytest.fixture
def member_id(manager: Actor) -> UUID:
    new = NewMember(first_name="ก", joined_on=JOINED)
    return in_transaction(members.create, new, manager).id


def record(member_id: UUID, kind: str, day: date, actor: Actor) -> FactCard:
    fact = RecordFact(fact_id=uuid7(), member_id=member_id, kind=kind, on_date=day, reason="")
    return in_transaction(standing.record, fact, actor)


def on(member_id: UUID, day: date, actor: Actor) -> Standing:
    found = standing.on(actor.centre_id, day)[member_id]
    assert found == standing.of(member_id, actor.centre_id, day)
    return found


def days_of(member_id: UUID, actor: Actor) -> tuple[date, date | None]:
    return members.dates(actor.centre_id)[member_id]


def test_a_new_member_is_one_from_the_day_of_joining(manager: Actor, member_id: UUID) -> None:
    assert on(member_id, JOINED, manager) == Standing("member", JOINED)
    before = on(member_id, JOINED - timedelta(1), manager)
    assert before == Standing("not_yet", JOINED) and not before.is_member


def test_what_is_entered_late_counts_on_its_own_day(manager: Actor, member_id: UUID) -> None:
    record(member_id, "resigned", date(2024, 6, 1), manager)
    record(member_id, "suspended", date(2024, 3, 1), manager)
    assert on(member_id, date(2024, 2, 28), manager).state == "member"
    assert on(member_id, date(2024, 3, 1), manager) == Standing("suspended", date(2024, 3, 1))
    assert on(member_id, date(2024, 3, 1), manager).is_member
    assert on(member_id, date(2024, 6, 1), manager).state == "resigned"
    assert days_of(member_id, manager) == (JOINED, date(2024, 6, 1))


def test_any_order_of_entering_that_fits_ends_in_the_same(manager: Actor) -> None:
    facts = (
        ("suspended", date(2024, 3, 1)),
        ("reinstated", date(2024, 4, 1)),
        ("resigned", date(2024, 6, 1)),
        ("joined", date(2024, 9, 1)),
    )
    outcomes = set()
    for order in permutations(facts):
        new = NewMember(first_name="ข", joined_on=JOINED)
        one = in_transaction(members.create, new, manager).id
        left = list(order)
        while left:  # what does not fit yet is entered after what it needs
            for fact in left:
                try:
                    record(one, *fact, manager)
                except FactDoesNotFit:
                    continue
                left.remove(fact)
                break
        now = tuple(
            on(one, date(2024, month, 15), manager).state for month in (1, 3, 4, 6, 8, 9, 12)
        )
        outcomes.add((now, days_of(one, manager)))
    states = ("member", "suspended", "member", "resigned", "resigned", "member", "member")
    assert outcomes == {(states, (date(2024, 9, 1), None))}


def test_a_wrong_fact_is_withdrawn_and_stays_to_be_read(manager: Actor, member_id: UUID) -> None:
    wrong = record(member_id, "died", date(2024, 6, 1), manager)
    with pytest.raises(NotAMember):
        members.require_active(manager.centre_id, member_id)
    in_transaction(standing.withdraw, wrong.id, "คนละคนชื่อเดียวกัน", manager)
    assert members.require_active(manager.centre_id, member_id).id == member_id
    kept = standing.timeline(member_id, manager)[-1]
    assert (kept.kind, kept.withdrawn_reason) == ("died", "คนละคนชื่อเดียวกัน")
    assert kept.withdrawn_by == manager.user_id
    with pytest.raises(FactWithdrawn):
        in_transaction(standing.withdraw, wrong.id, "อีกครั้ง", manager)


def test_what_others_stand_on_is_not_withdrawn(manager: Actor, member_id: UUID) -> None:
    joined = standing.timeline(member_id, manager)[0]
    suspended = record(member_id, "suspended", date(2024, 3, 1), manager)
    record(member_id, "reinstated", date(2024, 4, 1), manager)
    for fact in (joined, suspended):
        with pytest.raises(FactDoesNotFit):
            in_transaction(standing.withdraw, fact.id, "ผิด", manager)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("joined", date(2024, 5, 1)),
        ("reinstated", date(2024, 5, 1)),
        ("resigned", JOINED - timedelta(1)),
        ("suspended", JOINED - timedelta(1)),
    ],
)
def test_what_contradicts_is_refused(manager: Actor, member_id: UUID, kind: str, day: date) -> None:
    with pytest.raises(FactDoesNotFit):
        record(member_id, kind, day, manager)
    assert len(standing.timeline(member_id, manager)) == 1


def test_nothing_is_recorded_before_it_happened(manager: Actor, member_id: UUID) -> None:
    with pytest.raises(FactInFuture):
        record(member_id, "resigned", clock.today() + timedelta(1), manager)


def test_the_same_fact_again_is_the_same_fact(manager: Actor, member_id: UUID) -> None:
    fact = RecordFact(
        fact_id=uuid7(), member_id=member_id, kind="resigned", on_date=date(2024, 6, 1)
    )
    first = in_transaction(standing.record, fact, manager)
    assert in_transaction(standing.record, fact, manager) == first
    with pytest.raises(DifferentContent):
        in_transaction(standing.record, replace(fact, kind="died"), manager)


def test_the_two_days_of_the_register_become_facts(manager: Actor, member_id: UUID) -> None:
    known = members.get(member_id, manager)
    left = ChangeMember(
        member_id=member_id, version=known.version, first_name="ก", resigned_on=date(2024, 6, 1)
    )
    after = in_transaction(members.change, left, manager)
    assert (after.version, after.resigned_on) == (known.version + 1, date(2024, 6, 1))
    back = replace(left, version=after.version, resigned_on=None, joined_on=date(2024, 1, 5))
    in_transaction(members.change, back, manager)
    assert days_of(member_id, manager) == (date(2024, 1, 5), None)
    kinds = [(one.kind, one.withdrawn_at is None) for one in standing.timeline(member_id, manager)]
    assert kinds == [("joined", True), ("joined", False), ("resigned", False)]


def test_a_cashier_records_nothing(cashier: Actor, manager: Actor, member_id: UUID) -> None:
    with pytest.raises(Forbidden):
        record(member_id, "died", date(2024, 6, 1), cashier)
    with pytest.raises(Forbidden):
        in_transaction(standing.withdraw, standing.timeline(member_id, manager)[0].id, "x", cashier)


def test_a_fact_of_another_centre_is_not_there(
    manager: Actor, other_centre: Centre, member_id: UUID
) -> None:
    stranger = system_actor(other_centre)
    with pytest.raises(NotFound):
        record(member_id, "died", date(2024, 6, 1), stranger)
    fact = standing.timeline(member_id, manager)[0]
    with pytest.raises(NotFound):
        in_transaction(standing.withdraw, fact.id, "x", stranger)
    assert standing.on(other_centre.id, clock.today()) == {}
    assert standing.timeline(member_id, stranger) == []
