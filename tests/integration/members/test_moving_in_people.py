"""People brought from files: looked over line by line, taken in turns, given out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.table_forms import HeadingsAlike
from members.models import Member, Person, TableImport, TableImportLine
from members.services import members
from members.services.members import NewMember
from members.services.moving_in import (
    checking,
    discarding,
    files,
    imports,
    people,
    reading,
    tables,
    taking,
)
from members.services.moving_in.imports import ColumnUnknown, TableBroughtBefore, TableNotOpen
from members.services.moving_in.taking import NoGoodLines
from tests.integration.inventory.test_payout_races import race
from tests.moving import bring, exported, faults, lines, take, text_of, verdicts

HEADINGS = "เลขที่สมาชิก,ชื่อ-สกุล,ชื่อเล่น,บ้านเลขที่,หมู่บ้าน,โทร,วันเกิด,วันที่เข้า\n"
VILLAGE = (
    HEADINGS
    + "๐๐๑๒๕,นางสมศรี ใจดี,ศรี,12/3,บ้านใหม่,๐๘๑-๒๓๔-๕๖๗๘,๕ ก.พ. ๒๔๘๐,1/10/2560\n"
    + "00126,นายบุญ มีมาก,,12/3,บ้านใหม่,,2510,2017-10-01\n"
    + ",ด.ช.แดง ใจดี,,12/3,บ้านใหม่,,,\n"
)
FAULTY = (
    HEADINGS
    + "00001,นายดี หนึ่ง,,,,,,1/10/2560\n"
    + "00002,,,,,,,1/10/2560\n"
    + "00001,นายดี สอง,,,,,,1/10/2560\n"
    + "00004,นายดี สาม,,,,,32/1/2510,1/10/2560\n"
    + "00005,นายดี สี่,,,,,,1/10/2599\n"
)


def _say(words: str, facts: dict[str, object]) -> str:
    return words % {name: str(value) for name, value in facts.items()}


def test_a_village_is_looked_over_and_entered(manager: Actor) -> None:
    card = bring("people", VILLAGE, manager)
    assert verdicts(card, manager) == ["new", "new", "new"]
    assert db.session.scalars(select(Person.id)).all() == []

    taken = take(card, manager)

    assert (taken.state, taken.count("entered_lines"), taken.taken_name) == (
        "taken",
        3,
        manager.name,
    )
    one = members.get(members.by_number(manager.centre_id, "00125").id, manager)
    assert (one.title, one.first_name, one.last_name, one.phone) == (
        "นาง",
        "สมศรี",
        "ใจดี",
        "081-234-5678",
    )
    assert one.joined_on == date(2017, 10, 1)
    born = db.session.execute(select(Person.birth_year, Person.birth_month)).all()
    assert sorted(born, key=str) == [(1938, 2), (1967, None), (None, None)]
    houses = set(db.session.scalars(select(Person.household_id)))
    assert len(houses) == 1
    assert len(members.dates(manager.centre_id)) == 2


def test_bad_lines_come_back_with_reasons_and_are_taken_once_corrected(manager: Actor) -> None:
    card = bring("people", FAULTY, manager)
    assert verdicts(card, manager) == ["new", "bad", "bad", "bad", "bad"]
    assert faults(card, manager) == [
        (3, "first_name"),
        (4, "member_no"),
        (5, "birth"),
        (6, "joined_on"),
    ]
    take(card, manager)
    assert list(members.dates(manager.centre_id)) == [
        members.by_number(manager.centre_id, "00001").id
    ]

    back = text_of(files.given_back(card.id, _say, manager))
    assert back.count("\n") == 5
    assert "เหตุผล" in back.splitlines()[0]
    corrected = (
        back.replace("00002,,", "00002,นางงาม งาม,")
        .replace("00001,นายดี สอง", "00003,นายดี สอง")
        .replace("32/1/2510", "31/1/2510")
        .replace("2599", "2560")
    )
    again = bring("people", corrected, manager)
    assert verdicts(again, manager) == ["new"] * 4
    assert take(again, manager).count("entered_lines") == 4


def test_the_same_table_is_refused_until_it_was_dropped(manager: Actor) -> None:
    first = bring("people", VILLAGE, manager)
    with pytest.raises(TableBroughtBefore) as refused:
        bring("people", VILLAGE.encode("cp874"), manager, name="other.csv")
    assert refused.value.facts["number"] == first.import_no
    assert refused.value.facts["who"] == manager.name

    in_transaction(imports.drop, first.id, manager)
    second = take(bring("people", VILLAGE, manager), manager)
    with pytest.raises(TableBroughtBefore) as again:
        bring("people", VILLAGE, manager)
    assert again.value.facts["when"] == second.taken_at
    with pytest.raises(TableNotOpen):
        in_transaction(imports.drop, second.id, manager)


def test_an_import_id_that_comes_again_answers_the_same(manager: Actor) -> None:
    parsed = checking.parse(tables.of("people"), VILLAGE.encode(), "a.csv")
    looked = imports.look_over("people", uuid7(), parsed, None, manager)
    first = in_transaction(imports.bring, looked, manager)
    assert in_transaction(imports.bring, looked, manager) == first
    other = checking.parse(tables.of("people"), FAULTY.encode(), "a.csv")
    looked = imports.look_over("people", first.id, other, None, manager)
    with pytest.raises(imports.TableImportDiffers):
        in_transaction(imports.bring, looked, manager)


def test_what_is_known_is_written_over_only_when_chosen(manager: Actor) -> None:
    take(bring("people", VILLAGE, manager), manager)
    other = HEADINGS + "00125,,,,บ้านเก่า,0899999999,,\n00126,นายบุญ มีมาก,,,,,,\n"
    card = bring("people", other, manager)
    assert verdicts(card, manager) == ["changed", "there"]
    changes = lines(card, manager)[0].told["changes"]
    assert changes["village"] == ["บ้านใหม่", "บ้านเก่า"]
    assert changes["phone"] == ["081-234-5678", "0899999999"]
    with pytest.raises(NoGoodLines):
        in_transaction(taking.ask, card.id, False, manager)

    taken = take(card, manager, change_known=True)

    assert taken.count("changed_lines") == 1
    one = members.get(members.by_number(manager.centre_id, "00125").id, manager)
    assert (one.phone, one.first_name, one.nickname) == ("0899999999", "สมศรี", "ศรี")


def test_who_may_stand_twice_is_hinted_and_nobody_is_joined(manager: Actor) -> None:
    in_transaction(
        members.create,
        NewMember(first_name="ปราณี", last_name="อาญคงหาญ", phone="0811111111", member_no="00001"),
        manager,
    )
    card = bring(
        "people",
        "เลขที่สมาชิก,ชื่อ,นามสกุล,โทร\n"
        "00007,ปราณี,อาจคงหาญ,0811111111\n00008,มานะ,ขยัน,0822222222\n00009,มานะ,ขยัน,0822222222\n",
        manager,
    )
    hinted = [one.told.get("hints", []) for one in lines(card, manager)]
    assert hinted[0][0][2] == {"number": "00001"}
    assert hinted[1] == []
    assert hinted[2][0][2] == {"other": 3}
    take(card, manager)
    assert len(members.dates(manager.centre_id)) == 4


def test_a_table_goes_out_and_comes_in_as_the_same_facts(
    manager: Actor, other_centre: Centre
) -> None:
    odd = '00200,\'=1+2 "ก",,,,,,\n00201,=SUM(A1),-ลบ,,,+66812345678,,\n'
    take(bring("people", VILLAGE + odd, manager), manager)
    out = exported("people", manager)
    assert ",=SUM" not in out

    there = bring("people", out, manager)
    assert set(verdicts(there, manager)) == {"there"}

    empty = system_actor(other_centre)
    take(bring("people", out, empty), empty)
    assert exported("people", empty) == out


def test_columns_can_be_matched_by_hand(manager: Actor) -> None:
    card = bring("people", "รหัสเก่า,ใคร\n00001,นายดี งาม\n", manager)
    assert verdicts(card, manager) == ["unread"]
    places = {"member_no": 0, "name": 1}
    judged = imports.judged_anew(card.id, places, manager)
    matched = in_transaction(imports.match_columns, card.id, places, judged, manager)
    assert matched.counts == {"new": 1}
    take(matched, manager)
    assert members.by_number(manager.centre_id, "00001").name == "นายดี งาม"
    with pytest.raises(TableNotOpen):
        imports.judged_anew(card.id, places, manager)


@pytest.mark.parametrize(
    "headings",
    ["เลขที่,เลขที่สมาชิก,ชื่อ-สกุล", "member no,ชื่อ-สกุล,name", "ชื่อ-สกุล,เบอร์โทร (บ้าน),เบอร์โทร (มือถือ)"],
)
def test_two_headings_of_one_meaning_are_refused(headings: str, manager: Actor) -> None:
    with pytest.raises(HeadingsAlike) as refused:
        bring("people", f"{headings}\n1,00001,2\n", manager)
    assert {refused.value.facts["first"], refused.value.facts["second"]} <= set(headings.split(","))


def test_what_a_failed_formula_shows_is_to_be_corrected(manager: Actor) -> None:
    card = bring("people", "เลขที่สมาชิก,ชื่อ-สกุล\n#N/A,นายดี งาม\n00002,#REF!\n", manager)
    assert faults(card, manager) == [(2, "member_no"), (3, "name")]


def test_columns_that_do_not_fit_are_refused(manager: Actor) -> None:
    card = bring("people", "รหัสเก่า,ใคร\n00001,นายดี งาม\n", manager)
    for places in ({"name": 7}, {"nonsense": 0}, {"name": 0, "nickname": 0}):
        with pytest.raises(ColumnUnknown):
            imports.judged_anew(card.id, places, manager)


def test_a_crash_between_turns_leaves_whole_turns_and_nothing_twice(
    manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = HEADINGS + "".join(f"{n:05d},นายที่ {n},,,,,,1/10/2560\n" for n in range(1, 11))
    card = bring("people", many + ",คนไม่มีเลข สองหน,,,,,,\n,คนไม่มีเลข สองหน,,,,,,\n", manager)
    small = _in_small_turns(monkeypatch, 4)
    in_transaction(taking.ask, card.id, False, manager)
    assert in_transaction(taking.turn, card.id, manager)
    assert len(members.dates(manager.centre_id)) == small

    def dies(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(taking, "_write_outcomes", dies)
        with pytest.raises(RuntimeError):
            in_transaction(taking.turn, card.id, manager)
    assert len(members.dates(manager.centre_id)) == small

    done = take(card, manager)
    assert (done.state, done.count("entered_lines")) == ("taken", 12)
    assert len(members.dates(manager.centre_id)) == 10
    assert len(db.session.scalars(select(Person.id)).all()) == 12
    assert take(card, manager) == done


def test_two_files_taken_at_once_enter_somebody_without_a_number_once(
    app: Flask, manager: Actor
) -> None:
    one, other = (
        bring("people", f"{HEADINGS},นางเดียว คนเดียว,,,,,,\n{n},นาย{n} ข,,,,,,\n", manager)
        for n in ("90001", "90002")
    )
    results = race(app, lambda: take(one, manager), lambda: take(other, manager))
    assert [done.count("entered_lines") for done in results] in ([2, 1], [1, 2])
    assert len(db.session.scalars(select(Person.id)).all()) == 3


def test_a_table_brought_twice_at_once_is_kept_once(app: Flask, manager: Actor) -> None:
    results = race(app, *[lambda: bring("people", VILLAGE, manager)] * 2)
    assert sorted(isinstance(one, TableBroughtBefore) for one in results) == [False, True]


def test_what_is_being_taken_is_not_dropped(app: Flask, manager: Actor) -> None:
    card = bring("people", VILLAGE, manager)
    race(
        app,
        lambda: take(card, manager),
        lambda: in_transaction(imports.drop, card.id, manager),
    )
    entered = len(db.session.scalars(select(Person.id)).all())
    assert (reading.card(card.id, manager).state, entered) in (("taken", 3), ("dropped", 0))


def _in_small_turns(monkeypatch: pytest.MonkeyPatch, lines_: int) -> int:
    small = replace(people.TABLE, turn_lines=lines_)
    monkeypatch.setattr(reading, "kind_of", lambda _found: small)
    return lines_


def test_a_number_taken_meanwhile_is_given_back(manager: Actor) -> None:
    card = bring("people", VILLAGE, manager)
    new = NewMember(first_name="คนอื่น", member_no="00125")
    in_transaction(members.create, new, manager)
    taken = take(card, manager)
    assert taken.count("entered_lines") == 2
    assert [one.verdict for one in lines(card, manager)] == ["changed", "new", "new"]
    assert "นางสมศรี" in text_of(files.given_back(card.id, _say, manager))


def test_numbers_go_on_behind_a_register_brought_in(manager: Actor) -> None:
    many = HEADINGS + "".join(f"{n:05d},นายที่ {n},,,,,,\n" for n in range(1, 31))
    take(bring("people", many, manager), manager)
    new = in_transaction(members.create, NewMember(first_name="ใหม่"), manager)
    assert new.member_no == "00031"


def test_another_centre_neither_sees_nor_is_meant(manager: Actor, other_centre: Centre) -> None:
    theirs = system_actor(other_centre)
    take(bring("people", VILLAGE, theirs), theirs)
    card = bring("people", VILLAGE, manager)
    assert verdicts(card, manager) == ["new", "new", "new"]
    for work in (reading.card, imports.drop, files.as_it_came):
        with pytest.raises(NotFound):
            work(card.id, theirs)
    with pytest.raises(NotFound):
        taking.turn(card.id, theirs)


def test_only_those_with_the_right_bring_and_take_away(cashier: Actor, auditor: Actor) -> None:
    for actor in (cashier, auditor):
        with pytest.raises(Forbidden):
            bring("people", VILLAGE, actor)
        with pytest.raises(Forbidden):
            files.table_of("people", actor)


def test_lines_of_who_was_here_already_go_with_the_person(manager: Actor) -> None:
    take(bring("people", VILLAGE, manager), manager)
    again = VILLAGE + "00127,นายใหม่ มา,,,,,,\n"
    card = bring("people", again.replace("ใจดี,ศรี", "ใจดี,สี"), manager)
    assert verdicts(card, manager) == ["changed", "there", "there", "new"]
    take(card, manager)
    people_here = db.session.scalars(select(Person.id).where(Person.first_name != "ใหม่")).all()
    in_transaction(discarding.forget, manager.centre_id, people_here)
    assert [one.cells[1] for one in lines(card, manager)] == ["นายใหม่ มา"]


def test_lines_are_discarded_after_a_while_and_with_the_person(manager: Actor) -> None:
    card = take(bring("people", VILLAGE, manager), manager)
    row = db.session.scalars(select(TableImportLine.row_id).limit(1)).one()
    assert row is not None
    in_transaction(discarding.forget, manager.centre_id, [row])
    assert len(lines(card, manager)) == 2
    assert in_transaction(discarding.discard_old) == 0
    later = clock.now() + discarding.KEEP + timedelta(days=1)
    with clock.travel(lambda: later):
        assert in_transaction(discarding.discard_old) == 2
        assert in_transaction(discarding.discard_old) == 0
    kept = reading.card(card.id, manager)
    assert (kept.lines_discarded, kept.count("entered_lines")) == (True, 3)
    assert db.session.scalars(select(TableImport.id)).all() == [card.id]
    assert len(db.session.scalars(select(Member.id)).all()) == 2
