"""The register of persons in the browser: what each may see, and what a form gives back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from core.models import AuditEvent
from members.models import GroupMember, Member, Person, StandingFact
from members.rules.persons import Birth
from members.services import members, national_ids, producers, registering, villages
from members.services.members import NewMember
from members.services.producers import NewProducer
from members.services.registering import NewPerson
from members.services.villages import NewVillage
from tests.api.conftest import Browser

NUMBER = "1526018159086"


@pytest.fixture
def browser(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("manager")


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def followed(browser: Browser, answer: Any) -> str:
    assert answer.status_code == 303, text(answer)
    return text(browser.client.get(answer.headers["Location"]))


def person(actor: Actor, **facts: Any) -> UUID:
    new = NewPerson(**({"person_id": uuid7(), "first_name": "อาญคงหาญ"} | facts))
    return in_transaction(registering.create, new, actor).id


def test_a_person_is_entered_with_a_year_of_birth_in_the_buddhist_era(browser: Browser) -> None:
    facts = {"title": "ร้อยตำรวจตรี", "first_name": "ประยูร", "birth_year": "๒๔๘๐"}
    person_id = str(uuid7())
    for _ in range(2):  # the same form sent twice
        answer = browser.form("/c/{c}/persons/new", person_id=person_id, **facts)
        page = followed(browser, answer)
    assert "ร้อยตำรวจตรีประยูร" in page
    assert "<dd>2480</dd>" in page
    row = db.session.execute(select(Person)).scalar_one()
    assert (row.birth_year, row.birth_month) == (1937, None)


def test_a_birth_that_never_was_is_marked_and_nothing_typed_is_lost(browser: Browser) -> None:
    facts = {"first_name": "ก", "nickname": "น้อย", "birth_year": "2483", "birth_month": "1"}
    answer = browser.form("/c/{c}/persons/new", **facts)
    assert answer.status_code == 422
    page = text(answer)
    assert 'value="น้อย"' in page
    assert 'value="2483"' in page
    assert page.count('aria-invalid="true"') == 1
    assert '<option value="1" selected>' in page


def test_titles_are_suggested_and_any_other_is_taken(browser: Browser) -> None:
    page = text(browser.get("/c/{c}/persons/new"))
    assert '<option value="ร้อยตำรวจตรี">' in page
    answer = browser.form("/c/{c}/persons/new", title="ปราชญ์ชาวบ้าน", first_name="ก")
    assert "ปราชญ์ชาวบ้านก" in followed(browser, answer)


def test_a_late_change_keeps_its_entries(browser: Browser, manager: Actor) -> None:
    path = f"/c/{{c}}/persons/{person(manager)}"
    followed(browser, browser.form(path, first_name="ข", version="1"))
    late = browser.form(path, first_name="ค", version="1")
    assert late.status_code == 412
    assert 'value="ค"' in text(late)


def test_the_list_finds_and_filters(browser: Browser, manager: Actor) -> None:
    person(manager, nickname="ตุ๊ก")
    in_transaction(members.create, NewMember(first_name="สมใจ"), manager)
    assert "อาญคงหาญ" in text(browser.get("/c/{c}/persons?q=ตุก"))
    only_members = text(browser.get("/c/{c}/persons?kind=members"))
    assert "สมใจ" in only_members
    assert "อาญคงหาญ" not in only_members
    assert "สมใจ" not in text(browser.get("/c/{c}/persons?kind=neither"))
    assert browser.get("/c/{c}/persons?kind=nonsense").status_code == 200


def test_a_cashier_sees_who_is_meant_and_no_more(
    browser_of: Callable[..., Browser], manager: Actor
) -> None:
    one = person(manager, birth=Birth(1947), note="ลูกสาวเรียนอยู่ต่างจังหวัด", phone="0812345678")
    in_transaction(national_ids.put, one, NUMBER, manager)
    cashier = browser_of("cashier")
    page = text(cashier.get(f"/c/{{c}}/persons/{one}"))
    assert "0812345678" in page
    for secret in ("2490", "ลูกสาว", "1-5260", NUMBER, "<textarea"):
        assert secret not in page
    for path in ("", "/national-id", "/national-id/show", "/join"):
        assert cashier.form(f"/c/{{c}}/persons/{one}{path}", first_name="ข").status_code == 403


def test_an_id_is_shown_masked_and_in_full_only_when_asked(
    browser: Browser, manager: Actor
) -> None:
    one = person(manager)
    path = f"/c/{{c}}/persons/{one}/national-id"
    page = followed(browser, browser.form(path, national_id="๑๕๒๖๐๑๘๑๕๙๐๘๖"))
    assert "1-5260-XXXXX-08-6" in page
    assert "1-5260-18159-08-6" not in page
    shown = browser.form(path + "/show")
    assert shown.status_code == 200
    assert "1-5260-18159-08-6" in text(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    seen = select(AuditEvent).where(AuditEvent.action == "person.id_revealed")
    assert len(db.session.execute(seen).all()) == 1


def test_a_wrong_or_taken_id_is_marked_beside_its_field(browser: Browser, manager: Actor) -> None:
    one, two = person(manager), person(manager, first_name="อาจคงหาญ")
    in_transaction(national_ids.put, one, NUMBER, manager)
    path = f"/c/{{c}}/persons/{two}/national-id"
    wrong = browser.form(path, national_id="1526018159087")
    assert wrong.status_code == 422
    assert 'value="1526018159087"' in text(wrong)
    taken = browser.form(path, national_id=NUMBER)
    assert taken.status_code == 409
    assert "อาญคงหาญ" in text(taken)


def test_a_person_of_the_register_becomes_a_member(browser: Browser, manager: Actor) -> None:
    one = person(manager)
    path = f"/c/{{c}}/persons/{one}/join"
    refused = browser.form(path, joined_on="เมื่อวาน")
    assert refused.status_code == 422
    assert 'value="เมื่อวาน"' in text(refused)
    page = followed(browser, browser.form(path, joined_on="9 ต.ค. 2568"))
    assert "9 ต.ค. 2568" in page
    assert browser.form(path, joined_on="").status_code == 409


def test_a_house_shows_its_people(browser: Browser, manager: Actor) -> None:
    home = in_transaction(villages.create, NewVillage(name="ลำใน"), manager).id
    one = person(manager, house_no="12/3", village_id=home)
    person(manager, first_name="ลูก", house_no="12/3", village_id=home)
    page = text(browser.get(f"/c/{{c}}/persons/{one}"))
    found = re.search(r"/c/\d+(/households/[0-9a-f-]+)", page)
    assert found is not None
    house = text(browser.get("/c/{c}" + found.group(1)))
    assert "อาญคงหาญ" in house and "ลูก" in house
    assert browser.get(f"/c/{{c}}/households/{uuid7()}").status_code == 404


# --- what happened to a membership -----------------------------------------------------------


@pytest.fixture
def member(manager: Actor) -> str:
    new = NewMember(first_name="สมใจ")
    return f"/c/{{c}}/members/{in_transaction(members.create, new, manager).id}"


def test_a_resignation_entered_wrongly_is_withdrawn_in_sight(browser: Browser, member: str) -> None:
    facts = {"fact_id": str(uuid7()), "kind": "resigned", "on_date": "", "reason": "ย้ายบ้าน"}
    refused = browser.form(member + "/facts", **facts)
    assert refused.status_code == 422
    assert 'value="ย้ายบ้าน"' in text(refused)
    today = db.session.execute(select(Member.joined_on)).scalar_one()
    facts["on_date"] = today.isoformat()
    for _ in range(2):
        followed(browser, browser.form(member + "/facts", **facts))
    row = db.session.execute(
        select(StandingFact).where(StandingFact.kind == "resigned")
    ).scalar_one()
    assert db.session.execute(select(Member.resigned_on)).scalar_one() == today
    withdraw = f"{member}/facts/{row.id}/withdraw"
    assert browser.form(withdraw, reason="").status_code == 422
    page = followed(browser, browser.form(withdraw, reason="ผิดคน"))
    assert "<s>" in page and "ผิดคน" in page
    db.session.rollback()
    assert db.session.execute(select(Member.resigned_on)).scalar_one() is None


def test_what_does_not_fit_is_refused_with_what_was_typed(browser: Browser, member: str) -> None:
    facts = {"fact_id": str(uuid7()), "kind": "reinstated", "on_date": "9 ต.ค. 2568"}
    answer = browser.form(member + "/facts", **facts)
    assert answer.status_code == 409
    assert 'value="9 ต.ค. 2568"' in text(answer)
    assert '<option value="reinstated" selected>' in text(answer)


def test_saving_a_name_never_changes_the_days(browser: Browser, member: str) -> None:
    before = db.session.execute(select(Member.joined_on, Member.resigned_on)).one()
    followed(browser, browser.form(member, first_name="สมหมาย", version="1"))
    assert db.session.execute(select(Member.joined_on, Member.resigned_on)).one() == before
    assert len(db.session.execute(select(StandingFact)).all()) == 1


def test_who_may_not_change_records_nothing(
    browser_of: Callable[..., Browser], member: str
) -> None:
    facts = {"fact_id": str(uuid7()), "kind": "died", "on_date": "9 ต.ค. 2568"}
    for role in ("cashier", "accountant", "auditor"):
        browser = browser_of(role)
        assert browser.form(member + "/facts", **facts).status_code == 403
        assert "/facts" not in text(browser.get(member))


# --- groups ----------------------------------------------------------------------------------


def test_a_person_belongs_to_a_group_until_they_leave(browser: Browser, manager: Actor) -> None:
    group = in_transaction(producers.create, NewProducer(name="กลุ่มทอผ้า", kind="group"), manager)
    one = person(manager)
    path = f"/c/{{c}}/persons/{one}/groups"
    facts = {"id": str(uuid7()), "group_id": str(group.id), "from_day": "9 ต.ค. 2568"}
    for _ in range(2):
        page = followed(browser, browser.form(path, **facts))
    assert page.count("อาญคงหาญ") == 1
    again = browser.form(path, **facts | {"id": str(uuid7())})
    assert again.status_code == 409
    assert 'value="9 ต.ค. 2568"' in text(again)
    row = db.session.execute(select(GroupMember)).scalar_one()
    leave = f"/c/{{c}}/producers/{group.id}/people/{row.id}/leave"
    for day in ("8 ต.ค. 2568", "31 ธ.ค. 2599", ""):
        assert browser.form(leave, left_on=day).status_code == 422
    assert "10 ต.ค. 2568" in followed(browser, browser.form(leave, left_on="10 ต.ค. 2568"))


def test_only_a_group_has_people(browser: Browser, manager: Actor) -> None:
    alone = in_transaction(producers.create, NewProducer(name="นายดำ"), manager)
    facts = {"id": str(uuid7()), "group_id": str(alone.id), "from_day": "9 ต.ค. 2568"}
    assert browser.form(f"/c/{{c}}/persons/{person(manager)}/groups", **facts).status_code == 409
    facts["group_id"] = str(uuid7())
    assert browser.form(f"/c/{{c}}/persons/{person(manager)}/groups", **facts).status_code == 404
