"""Producers by dated facts: people and groups, who deliver, are suspended, stop, and die."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.errors import DifferentContent, Forbidden, NotFound
from core.ids import uuid7
from members.services import (
    delivering,
    erasure,
    members,
    producers,
    register_checks,
    standing,
)
from members.services.delivering import ProducerInactive, ProducerSuspended
from members.services.erasure import StillAMember
from members.services.members import NewMember
from members.services.producers import ChangeProducer, NewProducer, ProducerCard
from members.services.standing import (
    CHANGED_IN_REGISTER,
    CorrectFact,
    FactDoesNotFit,
    FactInFuture,
    FactWithdrawn,
    PersonHasDied,
    RecordFact,
    Standing,
)
from members.services.standing_facts import FactCard

pytestmark = pytest.mark.usefixtures("app")
BEGAN = date(2024, 1, 10)


@pytest.fixture(params=["person", "group"])
def producer(manager: Actor, request: pytest.FixtureRequest) -> ProducerCard:
    new = NewProducer(name="ป้าแดง", kind=request.param, joined_on=BEGAN)
    return in_transaction(producers.create, new, manager)


@pytest.fixture(autouse=True)
def registers_hold(centre: Centre):
    """After each test the registers say what the facts say."""
    yield
    failed = [finding for finding in register_checks.checks(centre.id) if not finding.ok]
    assert not failed, failed


def happens(producer_id: UUID, kind: str, day: date, actor: Actor) -> FactCard:
    fact = RecordFact(fact_id=uuid7(), producer_id=producer_id, kind=kind, on_date=day)
    return in_transaction(standing.record, fact, actor)


def on(producer_id: UUID, day: date, actor: Actor) -> str:
    found = standing.producers_on(actor.centre_id, day)[producer_id]
    assert found == standing.of_producer(producer_id, actor.centre_id, day)
    return found.state


def kinds(producer_id: UUID, actor: Actor) -> list[tuple[str, bool]]:
    facts = standing.producer_timeline(producer_id, actor)
    return [(fact.kind, fact.withdrawn_at is None) for fact in facts]


def test_a_producer_delivers_from_the_day_entered(manager: Actor, producer: ProducerCard) -> None:
    assert producer.active
    assert on(producer.id, BEGAN - timedelta(1), manager) == "not_yet"
    assert on(producer.id, BEGAN, manager) == "member"
    today = in_transaction(producers.create, NewProducer(name="ตามี"), manager)
    found = standing.of_producer(today.id, manager.centre_id, clock.today())
    assert found == Standing("member", clock.today())
    late = NewProducer(name="ตามี", joined_on=clock.today() + timedelta(1))
    with pytest.raises(FactInFuture):
        in_transaction(producers.create, late, manager)


def test_who_is_suspended_or_stopped_delivers_nothing_new(
    manager: Actor, producer: ProducerCard
) -> None:
    def refused(refusal: type[ProducerInactive]) -> None:
        with pytest.raises(refusal) as caught:
            delivering.require(manager.centre_id, producer.id)
        assert type(caught.value) is refusal
        assert not producers.get(manager.centre_id, producer.id).active

    happens(producer.id, "suspended", date(2024, 3, 1), manager)
    refused(ProducerSuspended)
    happens(producer.id, "reinstated", date(2024, 4, 1), manager)
    assert delivering.require(manager.centre_id, producer.id).active
    happens(producer.id, "resigned", date(2024, 6, 1), manager)
    refused(ProducerInactive)
    states = [on(producer.id, date(2024, month, 15), manager) for month in (2, 3, 4, 6)]
    assert states == ["member", "suspended", "member", "resigned"]
    happens(producer.id, "joined", date(2024, 9, 1), manager)
    assert delivering.require(manager.centre_id, producer.id).active


def test_what_contradicts_or_has_not_come_is_refused(
    manager: Actor, producer: ProducerCard
) -> None:
    with pytest.raises(FactDoesNotFit):
        happens(producer.id, "reinstated", date(2024, 3, 1), manager)
    with pytest.raises(FactDoesNotFit):
        happens(producer.id, "suspended", BEGAN - timedelta(1), manager)
    with pytest.raises(FactInFuture):
        happens(producer.id, "resigned", clock.today() + timedelta(1), manager)
    assert kinds(producer.id, manager) == [("joined", True)]


def test_a_wrong_fact_is_withdrawn_and_stays_to_be_read(
    manager: Actor, producer: ProducerCard
) -> None:
    wrong = happens(producer.id, "expelled", date(2024, 3, 1), manager)
    assert not producers.get(manager.centre_id, producer.id).active
    in_transaction(standing.withdraw, wrong.id, "คนละคน", manager)
    assert producers.get(manager.centre_id, producer.id).active
    assert kinds(producer.id, manager) == [("joined", True), ("expelled", False)]
    with pytest.raises(FactWithdrawn):
        in_transaction(standing.withdraw, wrong.id, "อีกครั้ง", manager)


def test_a_fact_of_the_wrong_day_moves_to_the_right_one(
    manager: Actor, producer: ProducerCard
) -> None:
    [joined] = standing.producer_timeline(producer.id, manager)
    moved = CorrectFact(
        wrong_id=joined.id, fact_id=uuid7(), on_date=date(2023, 5, 1), reason="พิมพ์ผิดปี"
    )
    fact = in_transaction(standing.correct, moved, manager)
    assert in_transaction(standing.correct, moved, manager) == fact
    assert on(producer.id, date(2023, 5, 1), manager) == "member"
    assert kinds(producer.id, manager) == [("joined", True), ("joined", False)]
    stopped = happens(producer.id, "resigned", date(2024, 3, 1), manager)
    back = CorrectFact(wrong_id=stopped.id, fact_id=uuid7(), on_date=date(2022, 1, 1), reason="ผิด")
    with pytest.raises(FactDoesNotFit):
        in_transaction(standing.correct, back, manager)
    assert on(producer.id, clock.today(), manager) == "resigned"
    other = CorrectFact(wrong_id=joined.id, fact_id=fact.id, on_date=date(2023, 6, 1), reason="ผิด")
    with pytest.raises(DifferentContent):
        in_transaction(standing.correct, other, manager)


def test_the_tick_of_the_register_becomes_facts(manager: Actor, producer: ProducerCard) -> None:
    def tick(active: bool | None) -> ProducerCard:
        known = producers.get(manager.centre_id, producer.id)
        command = ChangeProducer(
            producer_id=known.id,
            version=known.version,
            name=known.name,
            kind=known.kind,
            active=active,
        )
        return in_transaction(producers.change, command, manager)

    assert tick(None).active and tick(True).active
    assert not tick(False).active
    assert kinds(producer.id, manager) == [("joined", True), ("resigned", True)]
    assert not tick(None).active
    assert tick(True).active  # on the same day: it never happened
    facts = standing.producer_timeline(producer.id, manager)
    assert [fact.withdrawn_reason for fact in facts] == ["", CHANGED_IN_REGISTER]
    happens(producer.id, "suspended", date(2024, 3, 1), manager)
    assert not tick(False).active
    assert tick(True).active
    assert kinds(producer.id, manager)[-1] == ("reinstated", True)
    happens(producer.id, "died", clock.today(), manager)
    with pytest.raises(FactDoesNotFit):
        tick(True)


def test_a_death_is_noted_of_all_that_the_person_is_here(manager: Actor) -> None:
    new = NewMember(first_name="แดง", joined_on=date(2020, 1, 1))
    member = in_transaction(members.create, new, manager)
    made = NewProducer(name="ป้าแดง", member_id=member.id, joined_on=BEGAN)
    producer = in_transaction(producers.create, made, manager)
    day = date(2024, 6, 1)
    wrong = happens(producer.id, "died", day, manager)
    assert standing.of(member.id, manager.centre_id, day) == Standing("died", day)
    in_transaction(standing.withdraw, wrong.id, "คนชื่อเดียวกัน", manager)
    found = standing.of(member.id, manager.centre_id, day)
    assert found is not None and found.state == "member"
    assert producers.get(manager.centre_id, producer.id).active
    died = RecordFact(fact_id=uuid7(), member_id=member.id, kind="died", on_date=day)
    in_transaction(standing.record, died, manager)
    in_transaction(standing.record, died, manager)
    assert on(producer.id, day, manager) == "died"
    assert not producers.get(manager.centre_id, producer.id).active
    assert kinds(producer.id, manager) == [("joined", True), ("died", False), ("died", True)]


def test_a_death_that_one_of_the_two_contradicts_is_refused(manager: Actor) -> None:
    new = NewMember(first_name="แดง", joined_on=date(2020, 1, 1))
    member = in_transaction(members.create, new, manager)
    made = NewProducer(name="ป้าแดง", member_id=member.id, joined_on=BEGAN)
    producer = in_transaction(producers.create, made, manager)
    died = RecordFact(
        fact_id=uuid7(), member_id=member.id, kind="died", on_date=BEGAN - timedelta(1)
    )
    with pytest.raises(FactDoesNotFit):
        in_transaction(standing.record, died, manager)
    assert on(producer.id, clock.today(), manager) == "member"


def test_nobody_is_forgotten_who_is_only_suspended(manager: Actor) -> None:
    producer = in_transaction(producers.create, NewProducer(name="ลุงดำ", joined_on=BEGAN), manager)
    assert producer.person_id is not None
    happens(producer.id, "suspended", date(2024, 3, 1), manager)
    asked = (producer.person_id, uuid7(), clock.today(), manager)
    with pytest.raises(StillAMember):
        in_transaction(erasure.erase, *asked)
    happens(producer.id, "resigned", date(2024, 4, 1), manager)
    copy = in_transaction(erasure.copy_of, producer.person_id, manager)
    [told] = [section for section in copy if section.title == "Standing as a producer"]
    assert [row[1] for row in told.rows] == [
        "Began to deliver",
        "Was suspended from delivering",
        "Stopped delivering",
    ]
    in_transaction(erasure.erase, *asked)
    assert on(producer.id, clock.today(), manager) == "resigned"


def test_only_the_store_records_and_only_its_own(
    manager: Actor, cashier: Actor, other_centre: Centre, producer: ProducerCard
) -> None:
    with pytest.raises(Forbidden):
        happens(producer.id, "died", date(2024, 6, 1), cashier)
    with pytest.raises(Forbidden):
        standing.producer_timeline(producer.id, cashier)
    stranger = system_actor(other_centre)
    with pytest.raises(NotFound):
        happens(producer.id, "died", date(2024, 6, 1), stranger)
    [joined] = standing.producer_timeline(producer.id, manager)
    for actor, refusal in ((cashier, Forbidden), (stranger, NotFound)):
        moved = CorrectFact(
            wrong_id=joined.id, fact_id=uuid7(), on_date=date(2023, 5, 1), reason="x"
        )
        with pytest.raises(refusal):
            in_transaction(standing.correct, moved, actor)
    assert standing.producers_on(other_centre.id, clock.today()) == {}


def test_nobody_begins_to_deliver_after_their_death(manager: Actor) -> None:
    new = NewMember(first_name="แดง", last_name="คงหาญ", joined_on=BEGAN)
    member = in_transaction(members.create, new, manager)
    died = RecordFact(fact_id=uuid7(), member_id=member.id, kind="died", on_date=BEGAN)
    in_transaction(standing.record, died, manager)
    with pytest.raises(PersonHasDied):
        in_transaction(
            producers.create, NewProducer(name="แดง คงหาญ", member_id=member.id), manager
        )
    living = in_transaction(producers.create, NewProducer(name="แดง คงหาญ"), manager)
    linked = ChangeProducer(
        producer_id=living.id, version=living.version, name=living.name, member_id=member.id
    )
    with pytest.raises(PersonHasDied):
        in_transaction(producers.change, linked, manager)
