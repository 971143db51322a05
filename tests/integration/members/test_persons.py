"""The register of persons: one place for a person's facts, found by any part, ids kept locked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor, Centre, system_actor
from core.config import Settings
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, DifferentContent, Forbidden, NotFound
from core.ids import uuid7
from core.models import AuditEvent
from core.paging import Window
from core.vault import CanNotOpen
from members.models import Person
from members.rules.persons import Birth
from members.services import members, national_ids, people, producers, registering, villages
from members.services.members import ChangeMember, MemberAlready, NewMember
from members.services.national_ids import NationalIdTaken, NotANationalId
from members.services.people import PersonDetail
from members.services.producers import ChangeProducer, NewProducer
from members.services.registering import ChangePerson, NewPerson, NotABirth, OwnGuardian
from members.services.villages import NewVillage

pytestmark = pytest.mark.usefixtures("app")
NUMBER, OTHER_NUMBER = "1526018159086", "1301661318601"


def write_down(actor: Actor, first_name: str, **facts: object) -> PersonDetail:
    new = NewPerson(person_id=uuid7(), first_name=first_name, **facts)  # type: ignore[arg-type]
    return in_transaction(registering.create, new, actor)


def changed(known: PersonDetail, **facts: object) -> ChangePerson:
    names = ("title", "first_name", "last_name", "nickname", "phone", "house_no", "village_id")
    values = {name: getattr(known, name) for name in (*names, "birth", "note")}
    values |= {"person_id": known.id, "version": known.version} | facts
    return ChangePerson(**values)


def village(actor: Actor, name: str) -> UUID:
    return in_transaction(villages.create, NewVillage(name=name), actor).id


# --- one place -------------------------------------------------------------------------------


def test_a_member_who_delivers_is_one_person(manager: Actor) -> None:
    member = in_transaction(
        members.create, NewMember(first_name="แดง", phone="0812345678"), manager
    )
    new = NewProducer(name="ป้าแดง", member_id=member.id)
    producer = in_transaction(producers.create, new, manager)
    assert producer.person_id == member.person_id
    person = people.get(member.person_id, manager)
    assert (person.member_no, person.producers[0].name) == (member.member_no, "ป้าแดง")
    assert person.name == "แดง"  # the name they deliver under is not theirs


def test_a_producer_who_is_no_member_is_a_person_all_the_same(manager: Actor) -> None:
    card = in_transaction(
        producers.create, NewProducer(name="นายดำ ใจดี", phone="0899999999"), manager
    )
    assert card.person_id is not None
    person = people.get(card.person_id, manager)
    assert (person.title, person.first_name, person.last_name) == ("นาย", "ดำ", "ใจดี")
    group = in_transaction(producers.create, NewProducer(name="กลุ่มทอผ้า", kind="group"), manager)
    assert group.person_id is None


def test_a_producer_renamed_is_a_person_renamed_and_the_other_way(manager: Actor) -> None:
    card = in_transaction(producers.create, NewProducer(name="นายดำ ใจดี"), manager)
    assert card.person_id is not None
    command = ChangeProducer(producer_id=card.id, version=card.version, name="นายดำ ใจงาม")
    in_transaction(producers.change, command, manager)
    person = people.get(card.person_id, manager)
    assert person.last_name == "ใจงาม"
    in_transaction(registering.change, changed(person, last_name="ใจบุญ"), manager)
    assert producers.get(manager.centre_id, card.id).name == "นายดำ ใจบุญ"


def test_a_member_unlinked_from_a_producer_is_somebody_else(manager: Actor) -> None:
    member = in_transaction(members.create, NewMember(first_name="แดง"), manager)
    new = NewProducer(name="แดง", member_id=member.id)
    card = in_transaction(producers.create, new, manager)
    alone = ChangeProducer(producer_id=card.id, version=card.version, name="แดง ใหม่")
    after = in_transaction(producers.change, alone, manager)
    assert after.person_id not in (None, member.person_id)
    assert members.get(member.id, manager).first_name == "แดง"


def test_a_person_joins_once(manager: Actor) -> None:
    person = write_down(manager, "ขาว", nickname="ใหญ่")
    new = NewMember(first_name="ขาว", nickname="ใหญ่", person_id=person.id)
    member = in_transaction(members.create, new, manager)
    assert member.person_id == person.id
    assert [one.id for one in members.search(manager.centre_id, "ใหญ่")] == [member.id]
    with pytest.raises(MemberAlready):
        in_transaction(members.create, new, manager)


def test_a_person_changed_makes_a_look_at_the_member_old(manager: Actor) -> None:
    member = in_transaction(members.create, NewMember(first_name="ก"), manager)
    person = people.get(member.person_id, manager)
    in_transaction(registering.change, changed(person, first_name="ข"), manager)
    late = ChangeMember(member_id=member.id, version=member.version, first_name="ค")
    with pytest.raises(ChangedMeanwhile):
        in_transaction(members.change, late, manager)
    with pytest.raises(ChangedMeanwhile):
        in_transaction(registering.change, changed(person, first_name="ค"), manager)
    assert members.get(member.id, manager).first_name == "ข"


def test_the_same_person_again_is_the_same_person(manager: Actor) -> None:
    new = NewPerson(person_id=uuid7(), first_name="ก", birth=Birth(1947))
    first = in_transaction(registering.create, new, manager)
    assert in_transaction(registering.create, new, manager) == first
    with pytest.raises(DifferentContent):
        in_transaction(registering.create, replace(new, first_name="ข"), manager)


def test_nobody_is_born_tomorrow_nor_their_own_guardian(manager: Actor) -> None:
    tomorrow = clock.today() + timedelta(1)
    for birth in (Birth(tomorrow.year, tomorrow.month, tomorrow.day), Birth(tomorrow.year + 1)):
        with pytest.raises(NotABirth):
            write_down(manager, "ก", birth=birth)
    assert write_down(manager, "ก", birth=Birth(clock.today().year)).birth.year is not None
    child = write_down(manager, "เด็ก")
    with pytest.raises(OwnGuardian):
        in_transaction(registering.change, changed(child, guardian_person_id=child.id), manager)
    with pytest.raises(NotFound):
        in_transaction(registering.change, changed(child, guardian_person_id=uuid7()), manager)


# --- finding ---------------------------------------------------------------------------------


def test_a_person_is_found_by_anything_people_say(manager: Actor) -> None:
    home = village(manager, "ลำใน")
    known = in_transaction(
        members.create,
        NewMember(
            title="ร้อยตำรวจตรี",
            first_name="ประยูร",
            last_name="สุขแก้ว",
            nickname="ตุ๊ก",
            phone="081-234-5678",
            house_no="145/2",
            village_id=home,
        ),
        manager,
    )
    for query in ("ประ", "ยูร", "สุขแก", "ตุก", "3456", "145/2", "00001", "ร้อยตำรวจตรีประยูร"):
        assert [one.id for one in members.search(manager.centre_id, query)] == [known.id], query
    assert members.search(manager.centre_id, "สมชาย") == []
    assert members.search(manager.centre_id, "|%_\\") == []


def test_the_exact_number_is_first_then_beginnings_then_the_rest(manager: Actor) -> None:
    names = (("ก", "00012"), ("000123", "A-1"), ("ข 00012", "B-2"), ("ค1000129", "C-3"))
    for name, number in names:
        first, _, last = name.partition(" ")
        new = NewMember(first_name=first, last_name=last, member_no=number)
        in_transaction(members.create, new, manager)
    found = [one.member_no for one in members.search(manager.centre_id, "00012")]
    assert found[0] == "00012"
    assert set(found[1:3]) == {"A-1", "B-2"}
    assert found[3:] == ["C-3"]
    assert len(members.search(manager.centre_id, "0", limit=2)) == 2


def test_what_many_have_is_found_in_the_order_of_names(manager: Actor) -> None:
    for number in range(205):
        name = "หนู" if number % 2 else "แก้วหนู"
        new = NewMember(first_name=name, last_name=f"{number:03d}")
        in_transaction(members.create, new, manager)
    found = members.search(manager.centre_id, "หนู", limit=5)
    assert [one.name for one in found] == [f"หนู {n:03d}" for n in (1, 3, 5, 7, 9)]
    found = members.search(manager.centre_id, "วหนู", limit=2)
    assert [one.name for one in found] == ["แก้วหนู 000", "แก้วหนู 002"]


def test_the_register_shows_whom_one_asks_for_in_thai_order(manager: Actor) -> None:
    in_transaction(members.create, NewMember(first_name="ไข่"), manager)
    in_transaction(producers.create, NewProducer(name="เกษร"), manager)
    write_down(manager, "ขนม")

    def names(kind: str, text: str = "") -> list[str]:
        page = people.listing(manager, text, kind, Window(None, 10))
        return [one.name for one in page.items]

    assert names("") == ["เกษร", "ขนม", "ไข่"]
    assert names("members") == ["ไข่"]
    assert names("producers") == ["เกษร"]
    assert names("neither") == ["ขนม"]
    assert names("", "ข") == ["ขนม", "ไข่"]
    first = people.listing(manager, "", "", Window(None, 2))
    rest = people.listing(manager, "", "", Window(first.next, 2))
    assert [one.name for one in (*first.items, *rest.items)] == ["เกษร", "ขนม", "ไข่"]


def test_people_of_another_centre_are_not_there(manager: Actor, other_centre: Centre) -> None:
    person = write_down(manager, "ก")
    stranger = system_actor(other_centre)
    assert members.search(stranger.centre_id, "ก") == []
    with pytest.raises(NotFound):
        people.get(person.id, stranger)
    with pytest.raises(NotFound):
        in_transaction(registering.change, changed(person), stranger)


# --- households ------------------------------------------------------------------------------


def test_people_of_one_house_number_are_one_household(manager: Actor) -> None:
    home, away = village(manager, "ลำใน"), village(manager, "ลำนอก")
    one = write_down(manager, "ก", house_no="12/3", village_id=home)
    two = write_down(manager, "ข", house_no="12/3", village_id=home)
    other = write_down(manager, "ค", house_no="12/3", village_id=away)
    assert one.household_id == two.household_id != other.household_id
    assert one.household_id is not None
    house = people.household(one.household_id, manager)
    assert [card.name for card in house.people] == ["ก", "ข"]
    moved = in_transaction(registering.change, changed(two, house_no="99"), manager)
    assert moved.household_id not in (None, one.household_id)
    homeless = in_transaction(registering.change, changed(moved, village_id=None), manager)
    assert homeless.household_id is None


# --- national ids ----------------------------------------------------------------------------


def test_an_id_is_kept_locked_and_shown_in_full_to_few(
    accountant: Actor, manager: Actor, stock_keeper: Actor
) -> None:
    person = write_down(manager, "ก")
    in_transaction(national_ids.put, person.id, "๑-๕๒๖๐-๑๘๑๕๙-๐๘-๖", accountant)
    row = db.session.execute(
        select(Person.national_id_cipher, Person.national_id_hash).where(Person.id == person.id)
    ).one()
    for kept in row:
        assert kept and NUMBER not in kept and NUMBER[4:9] not in kept
    assert national_ids.masked(person.id, manager.centre_id) == "1-5260-XXXXX-08-6"
    assert people.get(person.id, manager).has_national_id
    with pytest.raises(Forbidden):
        in_transaction(national_ids.reveal, person.id, stock_keeper)
    with pytest.raises(Forbidden):
        in_transaction(national_ids.put, person.id, OTHER_NUMBER, stock_keeper)
    assert in_transaction(national_ids.reveal, person.id, accountant) == NUMBER
    in_transaction(national_ids.reveal, person.id, accountant)
    events = db.session.execute(
        select(AuditEvent).where(AuditEvent.subject_id == str(person.id))
    ).scalars()
    trail = list(events)
    assert [one.action for one in trail].count("person.id_revealed") == 2
    assert all(NUMBER not in str(vars(one)) for one in trail)


def test_one_id_belongs_to_one_person_of_a_centre(manager: Actor, other_centre: Centre) -> None:
    one, two = write_down(manager, "อาญคงหาญ"), write_down(manager, "อาจคงหาญ")
    in_transaction(national_ids.put, one.id, NUMBER, manager)
    in_transaction(national_ids.put, one.id, NUMBER, manager)
    with pytest.raises(NationalIdTaken) as refusal:
        in_transaction(national_ids.put, two.id, NUMBER, manager)
    assert refusal.value.facts["name"] == "อาญคงหาญ"
    stranger = system_actor(other_centre)
    theirs = write_down(stranger, "อาญคงหาญ")
    in_transaction(national_ids.put, theirs.id, NUMBER, stranger)
    in_transaction(national_ids.put, one.id, "", manager)
    in_transaction(national_ids.put, two.id, NUMBER, manager)
    assert not people.get(one.id, manager).has_national_id
    assert national_ids.masked(one.id, manager.centre_id) == ""


def test_who_stands_for_both_has_the_number(manager: Actor) -> None:
    one, two = write_down(manager, "ก"), write_down(manager, "ข")
    in_transaction(national_ids.put, one.id, NUMBER, manager)
    in_transaction(national_ids.move, one.id, two.id, manager.centre_id)
    assert in_transaction(national_ids.reveal, two.id, manager) == NUMBER
    assert not people.get(one.id, manager).has_national_id


@pytest.mark.parametrize("typed", ["1526018159087", "152601815908", "abc", "1526018159086 7"])
def test_a_slip_in_an_id_is_noticed(manager: Actor, typed: str) -> None:
    person = write_down(manager, "ก")
    with pytest.raises(NotANationalId):
        in_transaction(national_ids.put, person.id, typed, manager)


def test_an_id_opens_neither_elsewhere_nor_with_another_key(
    manager: Actor, app: Flask, settings: Settings
) -> None:
    one, two = write_down(manager, "ก"), write_down(manager, "ข")
    in_transaction(national_ids.put, one.id, NUMBER, manager)
    in_transaction(national_ids.put, two.id, OTHER_NUMBER, manager)
    stolen = db.session.get(Person, (manager.centre_id, one.id))
    target = db.session.get(Person, (manager.centre_id, two.id))
    assert stolen and target
    target.national_id_cipher = stolen.national_id_cipher
    db.session.flush()
    with pytest.raises(CanNotOpen):
        national_ids.masked(two.id, manager.centre_id)
    db.session.rollback()
    kept = app.config["SUNRUAM"]
    app.config["SUNRUAM"] = replace(settings, person_key="another key of at least 32 characters")
    try:
        with pytest.raises(CanNotOpen):
            national_ids.masked(one.id, manager.centre_id)
    finally:
        app.config["SUNRUAM"] = kept
