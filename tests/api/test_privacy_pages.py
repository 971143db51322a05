"""Consents, requests, copies and merges as pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from openpyxl import load_workbook
from sqlalchemy import select

from core.actor import Actor
from core.db import db, in_transaction
from members.models import Member
from members.services import members
from members.services.members import MemberDetail, NewMember

Browser = Any

COPIED = (
    *("บุคคล", "สถานภาพ", "สถานะผู้ผลิต", "ความยินยอม", "คำขอเกี่ยวกับข้อมูล"),
    *("รายการในบัญชี", "ผู้รับโอนประโยชน์", "วิธีรับเงินปันผล"),
    *("ซื้อเชื่อ", "ใบฝาก–ถอนกระเป๋าเงิน", "คูปอง", "ซื้อในฐานะสมาชิก"),
    *("ร้านที่เราซื้อ", "ใบสำคัญรับเงิน", "สั่งในรอบรวมซื้อ", "เงินที่ให้กองทุน", "ขอจากกองทุน"),
)
"""The sheets of a copy: one for each register that keeps something of a person."""


def text_of(response: Any) -> str:
    return unescape(response.get_data(as_text=True))


def person(
    actor: Actor, first: str = "ประนอม", last: str = "อาญคงหาญ"
) -> tuple[MemberDetail, UUID]:
    made = in_transaction(members.create, NewMember(first_name=first, last_name=last), actor)
    return made, db.session.scalars(select(Member.person_id).where(Member.id == made.id)).one()


def test_a_word_is_written_down_and_shown(system: Actor, browser_of: Callable[..., Browser]):
    _, person_id = person(system)
    browser = browser_of("stock_keeper")
    page = f"/c/{{c}}/persons/{person_id}/privacy"
    assert text_of(browser.get(page)).count('class="chip "') == 5
    form = {"id": str(uuid4()), "purpose": "photo", "given": "yes", "on_date": "5/11/2569"}
    assert browser.form(f"/c/{{c}}/persons/{person_id}/consent", **form).status_code == 303
    shown = text_of(browser.get(page))
    assert shown.count('class="chip "') == 4 and 'class="chip good"' in shown


def test_a_refusal_without_a_reason_is_said_and_nothing_lost(
    system: Actor, browser_of: Callable[..., Browser]
):
    _, person_id = person(system)
    form = {"id": str(uuid4()), "kind": "access", "asked_on": "5/11/2569", "outcome": "refused"}
    browser = browser_of("stock_keeper")
    answer = browser.form(f"/c/{{c}}/persons/{person_id}/request", **form)
    assert answer.status_code == 422
    assert 'value="5/11/2569"' in text_of(answer)
    told = form | {"reason": "ขอแทนผู้อื่น"}
    assert browser.form(f"/c/{{c}}/persons/{person_id}/request", **told).status_code == 303
    page = text_of(browser.get(f"/c/{{c}}/persons/{person_id}/privacy"))
    assert "ขอแทนผู้อื่น" in page


def test_the_manager_gives_out_a_copy_and_erases(system: Actor, browser_of: Callable[..., Browser]):
    made, person_id = person(system)
    browser = browser_of("manager")
    copy = browser.form(f"/c/{{c}}/persons/{person_id}/copy")
    book = load_workbook(io.BytesIO(copy.data))
    assert tuple(book.sheetnames) == COPIED
    assert any("ประนอม" in str(cell.value) for row in book.worksheets[0] for cell in row)
    form = {"id": str(uuid4()), "asked_on": "5/11/2569", "sure": "1"}
    refused = browser.form(f"/c/{{c}}/persons/{person_id}/erase", **form)
    assert refused.status_code == 409, "still a member"
    unsure = {**form, "sure": ""}
    assert browser.form(f"/c/{{c}}/persons/{person_id}/erase", **unsure).status_code == 422
    keeper = browser_of("stock_keeper")
    assert keeper.form(f"/c/{{c}}/persons/{person_id}/copy").status_code == 403
    assert members.get(made.id, system).first_name == "ประนอม"


def test_two_spellings_are_shown_side_by_side_and_made_one(
    system: Actor, browser_of: Callable[..., Browser]
):
    kept, kept_person = person(system)
    _, gone_person = person(system, last="อาจคงหาญ")
    browser = browser_of("manager")
    page = text_of(browser.get("/c/{c}/persons/duplicates"))
    assert "อาญคงหาญ" in page and "อาจคงหาญ" in page
    form = {
        "id": re.findall(r'name="id" value="([^"]+)"', page)[0],
        "kept_id": str(kept_person),
        "merged_id": str(gone_person),
        "reason": "บัตรประชาชนใบเดียวกัน",
    }
    assert browser.form("/c/{c}/persons/duplicates", **form).status_code == 303
    assert [card.id for card in members.search(system.centre_id, "ประนอม")] == [kept.id]
    again = browser.form("/c/{c}/persons/duplicates", **(form | {"id": str(uuid4())}))
    assert again.status_code == 409


def test_two_people_are_told_apart_for_good(system: Actor, browser_of: Callable[..., Browser]):
    _, first = person(system)
    _, second = person(system, last="อาจคงหาญ")
    browser = browser_of("manager")
    form = {"first_id": str(second), "second_id": str(first)}
    assert browser.form("/c/{c}/persons/apart", **form).status_code == 303
    assert "อาจคงหาญ" not in text_of(browser.get("/c/{c}/persons/duplicates"))
    assert browser_of("stock_keeper").get("/c/{c}/persons/duplicates").status_code == 403
