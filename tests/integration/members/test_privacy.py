"""Consents, requests about data, being forgotten, and two rows that were one person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from members.models import Member
from members.services import consents, duplicates, erasure, members, merging, national_ids, standing
from members.services.consents import SayConsent
from members.services.erasure import FORGOTTEN, WriteRequest
from members.services.members import MemberDetail, NewMember
from members.services.merging import MergePeople
from members.services.standing import RecordFact

DAY = date(2026, 10, 1)


def member(actor: Actor, first: str, last: str, **more) -> MemberDetail:
    new = NewMember(first_name=first, last_name=last, joined_on=date(2020, 1, 1), **more)
    return in_transaction(members.create, new, actor)


def person_of(actor: Actor, member_id: UUID) -> UUID:
    person = Member.__table__.c
    return db.session.execute(
        select(person.person_id).where(
            person.centre_id.in_([actor.centre_id, actor.centre_id + 1]), person.id == member_id
        )
    ).scalar_one()


def deposit(actor: Actor, member_id: UUID, satang: int) -> None:
    lines = (
        NewLine(Purpose.CASH_SAFE, debit=satang),
        NewLine(Purpose.MEMBER_PURSE, credit=satang, member_id=member_id),
    )
    entry = NewEntry("opening", "opening", uuid7(), DAY, clock.now(), lines)
    in_transaction(ledger.post, entry, actor)


def purse(actor: Actor, member_id: UUID) -> int:
    held = ledger.sub_ledger(actor.centre_id, Purpose.MEMBER_PURSE, "member", [member_id])
    return -held.get(member_id, 0)


# --- consents --------------------------------------------------------------------------------


def test_the_latest_word_holds_and_every_word_stays(stock_keeper: Actor):
    person_id = person_of(stock_keeper, member(stock_keeper, "ดำ", "ทองแก้ว").id)
    for given, day in ((True, date(2026, 1, 5)), (False, date(2026, 3, 1))):
        word = SayConsent(uuid7(), person_id, "photo", given, day)
        in_transaction(consents.say, word, stock_keeper)
        in_transaction(consents.say, word, stock_keeper)
    assert consents.agreed(person_id, stock_keeper) == {"photo": False}
    assert [one.given for one in consents.log(person_id, stock_keeper)] == [False, True]


def test_nothing_is_agreed_to_until_somebody_says_so(stock_keeper: Actor, auditor: Actor):
    person_id = person_of(stock_keeper, member(stock_keeper, "ดำ", "ทองแก้ว").id)
    assert consents.agreed(person_id, auditor) == {}
    word = SayConsent(uuid7(), person_id, "line", True, DAY)
    with pytest.raises(Forbidden):
        in_transaction(consents.say, word, auditor)
    with pytest.raises(NotFound):
        in_transaction(consents.say, SayConsent(uuid7(), uuid7(), "line", True, DAY), stock_keeper)


@pytest.mark.parametrize("table", ["consent", "data_request", "person_merge", "not_the_same"])
def test_the_database_keeps_every_word(stock_keeper: Actor, manager: Actor, table: str):
    first = person_of(stock_keeper, member(stock_keeper, "ประนอม", "อาญคงหาญ").id)
    second = person_of(stock_keeper, member(stock_keeper, "ประนอม", "อาจคงหาญ").id)
    third = person_of(stock_keeper, member(stock_keeper, "ประนอม", "อาจคงหาญ").id)
    in_transaction(consents.say, SayConsent(uuid7(), first, "photo", True, DAY), stock_keeper)
    request = WriteRequest(uuid7(), first, "access", DAY, "refused", "ไม่ใช่เจ้าของข้อมูล")
    in_transaction(erasure.write, request, stock_keeper)
    in_transaction(duplicates.tell_apart, first, third, manager)
    in_transaction(merging.merge, MergePeople(uuid7(), first, second, "คนเดียวกัน"), manager)
    for attack in (f"DELETE FROM {table}", f"UPDATE {table} SET recorded_by = NULL"):
        column = attack.replace("recorded_by", "merged_by") if table == "person_merge" else attack
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(column))
        db.session.rollback()


def test_a_refusal_without_a_reason_is_refused_by_the_database(stock_keeper: Actor):
    person_id = person_of(stock_keeper, member(stock_keeper, "ดำ", "ทองแก้ว").id)
    with pytest.raises(DBAPIError, match="refusal_with_reason"):
        in_transaction(
            erasure.write, WriteRequest(uuid7(), person_id, "erasure", DAY, "refused"), stock_keeper
        )


# --- two rows, one person --------------------------------------------------------------------


def test_two_spellings_are_suggested_merged_and_found_under_one(
    stock_keeper: Actor, manager: Actor
):
    kept = member(stock_keeper, "ประนอม", "อาญคงหาญ")
    gone = member(stock_keeper, "ประนอม", "อาจคงหาญ", phone="0812345678", nickname="หนอม")
    [suggested], count = duplicates.listing(manager)
    assert count == 1
    both = {suggested.first.id, suggested.second.id}
    assert both == {person_of(manager, kept.id), person_of(manager, gone.id)}
    deposit(manager, gone.id, 250_00)
    merge = MergePeople(
        uuid7(), person_of(manager, kept.id), person_of(manager, gone.id), "บัตรประชาชนเดียวกัน"
    )
    in_transaction(merging.merge, merge, manager)
    in_transaction(merging.merge, merge, manager)
    found = members.search(manager.centre_id, "ประนอม")
    assert [card.id for card in found] == [kept.id]
    assert [card.id for card in members.search(manager.centre_id, "0812345678")] == [kept.id]
    assert standing.survivors(manager.centre_id) == {gone.id: kept.id}
    assert (purse(manager, gone.id), purse(manager, kept.id)) == (0, 250_00)
    assert gone.id in members.names(manager.centre_id, [gone.id]), "its documents keep their name"
    with pytest.raises(members.NotAMember):
        members.require_active(manager.centre_id, gone.id)
    assert duplicates.listing(manager) == ([], 0)


def test_who_was_merged_is_not_merged_again(stock_keeper: Actor, manager: Actor):
    ids = [person_of(manager, member(stock_keeper, "ประนอม", "อาญคงหาญ").id) for _ in range(3)]
    in_transaction(merging.merge, MergePeople(uuid7(), ids[0], ids[1], "ซ้ำ"), manager)
    for kept, merged in ((ids[2], ids[1]), (ids[1], ids[2])):
        with pytest.raises(merging.MergedBefore):
            in_transaction(merging.merge, MergePeople(uuid7(), kept, merged, "ซ้ำ"), manager)
    with pytest.raises(Forbidden):
        in_transaction(merging.merge, MergePeople(uuid7(), ids[0], ids[2], "ซ้ำ"), stock_keeper)


def test_the_national_id_passes_to_the_one_that_stands_and_two_ids_are_two_people(
    stock_keeper: Actor, manager: Actor
):
    kept, gone, other = (
        person_of(manager, member(stock_keeper, "ประนอม", "อาญคงหาญ").id) for _ in range(3)
    )
    in_transaction(national_ids.put, gone, "1526018159086", manager)
    in_transaction(national_ids.put, other, "1301661318601", manager)
    in_transaction(merging.merge, MergePeople(uuid7(), kept, gone, "บัตรเดียวกัน"), manager)
    assert in_transaction(national_ids.reveal, kept, manager) == "1526018159086"
    with pytest.raises(merging.DifferentPeople):
        in_transaction(merging.merge, MergePeople(uuid7(), kept, other, "ซ้ำ"), manager)


def test_nobody_is_merged_across_centres(stock_keeper: Actor, manager: Actor, other_centre: Centre):
    here = person_of(manager, member(stock_keeper, "ประนอม", "อาญคงหาญ").id)
    there = person_of(manager, member(system_actor(other_centre), "ประนอม", "อาญคงหาญ").id)
    with pytest.raises(NotFound):
        in_transaction(merging.merge, MergePeople(uuid7(), here, there, "ซ้ำ"), manager)


# --- being forgotten -------------------------------------------------------------------------


def test_a_member_is_not_forgotten_while_anything_is_open(stock_keeper: Actor, manager: Actor):
    dam = member(stock_keeper, "ดำ", "ทองแก้ว", phone="0812345678")
    person_id = person_of(manager, dam.id)
    with pytest.raises(erasure.StillAMember):
        in_transaction(erasure.erase, person_id, uuid7(), DAY, manager)
    deposit(manager, dam.id, 100)
    left = RecordFact(fact_id=uuid7(), member_id=dam.id, kind="resigned", on_date=DAY)
    in_transaction(standing.record, left, stock_keeper)
    with pytest.raises(erasure.StillSomethingOpen) as refused:
        in_transaction(erasure.erase, person_id, uuid7(), DAY, manager)
    assert refused.value.facts["open_satang"] == 100


def test_who_is_forgotten_leaves_a_number_on_the_books(stock_keeper: Actor, manager: Actor):
    dam = member(stock_keeper, "ดำ", "ทองแก้ว", phone="0812345678", nickname="หมี")
    person_id = person_of(manager, dam.id)
    left = RecordFact(fact_id=uuid7(), member_id=dam.id, kind="resigned", on_date=DAY)
    in_transaction(standing.record, left, stock_keeper)
    in_transaction(erasure.erase, person_id, uuid7(), DAY, manager)
    card = members.names(manager.centre_id, [dam.id])[dam.id]
    assert (card.name, card.nickname, card.member_no) == (FORGOTTEN, "", dam.member_no)
    assert members.search(manager.centre_id, "ทองแก้ว") == []
    assert members.search(manager.centre_id, "0812345678") == []
    [request] = erasure.requests(person_id, manager)
    assert (request.kind, request.outcome) == ("erasure", "done")
    with pytest.raises(erasure.AlreadyForgotten):
        in_transaction(erasure.erase, person_id, uuid7(), DAY, manager)


def test_a_copy_tells_everything_that_is_kept(stock_keeper: Actor, manager: Actor):
    dam = member(stock_keeper, "ดำ", "ทองแก้ว", phone="0812345678")
    deposit(manager, dam.id, 250_00)
    sections = in_transaction(erasure.copy_of, person_of(manager, dam.id), manager)
    by_title = {one.title: one for one in sections}
    assert ("Phone", "0812345678") in by_title["Person"].rows
    [line] = by_title["Lines of the books"].rows
    assert line[-1] == "250.00"
    assert "Bought as a member" in by_title
    with pytest.raises(Forbidden):
        in_transaction(erasure.copy_of, person_of(manager, dam.id), stock_keeper)
