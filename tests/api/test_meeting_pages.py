"""Meetings as pages: called, minuted, attended, resolved; what is typed wrong is said and kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from accounting.services.meetings import meetings
from accounting.services.meetings.meetings import NewMeeting
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember

Browser = Any
LIST = "/c/{c}/meetings"


def text_of(response: Any) -> str:
    return unescape(response.get_data(as_text=True))


def called(actor: Actor) -> UUID:
    command = NewMeeting(uuid7(), "monthly", date(2026, 11, 9), agenda=("เปิดประชุม",))
    return in_transaction(meetings.create, command, actor).id


def test_a_meeting_is_called_with_its_standing_agenda(browser_of: Callable[..., Browser]):
    browser = browser_of("accountant")
    form = {"id": str(uuid4()), "kind": "monthly", "held_on": "๙/๑๑/๒๕๖๙", "place": "ศาลาวัด"}
    answer = browser.form(LIST, **form)
    assert answer.status_code == 303
    page = text_of(browser.get(answer.location))
    assert "9 พฤศจิกายน 2569" in page and "ศาลาวัด" in page
    assert len(re.findall(r'name="title_\d+" type="text" value="[^"]', page)) == 6
    again = browser.form(LIST, **(form | {"id": str(uuid4())}))
    assert again.status_code == 409


def test_a_day_that_can_not_be_read_is_said_and_kept(browser_of: Callable[..., Browser]):
    form = {"id": str(uuid4()), "kind": "monthly", "held_on": "วันพระ", "place": "ศาลาวัด"}
    answer = browser_of("accountant").form(LIST, **form)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'value="วันพระ"' in page and 'value="ศาลาวัด"' in page


def test_minutes_are_kept_point_by_point(accountant: Actor, browser_of: Callable[..., Browser]):
    meeting_id = called(accountant)
    browser = browser_of("accountant")
    typed = {
        "version": "1",
        "place": "วัด",
        "title_1": "เปิดประชุม",
        "minutes_1": "ครบองค์ประชุม",
        "title_3": "บัญชีเดือนตุลาคม",
    }
    assert browser.form(f"{LIST}/{meeting_id}/minutes", **typed).status_code == 303
    points = meetings.points(accountant.centre_id, meeting_id)
    assert [(one.title, one.minutes) for one in points] == [
        ("เปิดประชุม", "ครบองค์ประชุม"),
        ("บัญชีเดือนตุลาคม", ""),
    ]
    stale = browser.form(f"{LIST}/{meeting_id}/minutes", **(typed | {"minutes_1": "อย่างอื่น"}))
    assert stale.status_code in (409, 412)
    assert "อย่างอื่น" in text_of(stale)


def test_who_came_is_found_by_nickname_and_chosen_when_several_are(
    accountant: Actor, system: Actor, browser_of: Callable[..., Browser]
):
    for last in ("ทองแก้ว", "ชูศรี"):
        new = NewMember(first_name="สมศรี", last_name=last, nickname="แดง")
        in_transaction(members.create, new, system)
    in_transaction(members.create, NewMember(first_name="ประนอม", nickname="หนู"), system)
    meeting_id = called(accountant)
    browser = browser_of("accountant")
    attend = f"{LIST}/{meeting_id}/attend"
    assert browser.form(attend, id=str(uuid4()), who="หนู").status_code == 303
    several = browser.form(attend, id=str(uuid4()), who="แดง")
    assert several.status_code == 422
    offered = re.findall(r'name="member_id" value="([^"]+)"', text_of(several))
    assert len(offered) == 2
    assert browser.form(attend, id=str(uuid4()), member_id=offered[0]).status_code == 303
    assert browser.form(attend, id=str(uuid4()), who="ไม่มีใคร").status_code == 422
    guest = browser.form(attend, id=str(uuid4()), who="ปลัดอำเภอ", guest="1")
    assert guest.status_code == 303
    came = meetings.attendance(accountant.centre_id, meeting_id)
    assert [one.name.split()[0] for one in came] == ["ประนอม", "สมศรี", "ปลัดอำเภอ"]
    assert (
        browser.form(f"{LIST}/{meeting_id}/leave", attendance_id=str(came[0].id)).status_code == 303
    )
    assert len(meetings.attendance(accountant.centre_id, meeting_id)) == 2


def test_a_resolution_is_minuted_and_settled(accountant: Actor, browser_of: Callable[..., Browser]):
    meeting_id = called(accountant)
    browser = browser_of("accountant")
    page = text_of(browser.get(f"{LIST}/{meeting_id}"))
    assert 'name="resolution_no" type="text" value="1/2569"' in page
    form = {
        "id": str(uuid4()),
        "meeting_id": str(meeting_id),
        "resolution_no": "1/2569",
        "text": "ให้ปันผลร้อยละ 5",
        "owner_name": "ป้าแดง",
        "due_on": "9/12/2569",
    }
    assert browser.form(f"{LIST}/{meeting_id}/resolutions", **form).status_code == 303
    assert "ให้ปันผลร้อยละ 5" in text_of(browser.get(LIST))
    address = f"/c/{{c}}/resolutions/{form['id']}"
    assert "ป้าแดง" in text_of(browser.get(address))
    assert browser.form(address, kind="done", note="จ่ายแล้ว").status_code == 303
    assert browser.form(address, kind="dropped").status_code == 409
    assert "ให้ปันผลร้อยละ 5" not in text_of(browser.get(LIST))


def test_the_paper_is_asked_for_and_followed(accountant: Actor, browser_of: Callable[..., Browser]):
    meeting_id = called(accountant)
    answer = browser_of("accountant").form(f"{LIST}/{meeting_id}/pack")
    assert answer.status_code == 303
    assert "/jobs/" in answer.location


def test_staff_read_meetings_and_only_the_books_keepers_write(
    accountant: Actor, browser_of: Callable[..., Browser]
):
    meeting_id = called(accountant)
    cashier = browser_of("cashier")
    page = text_of(cashier.get(f"{LIST}/{meeting_id}"))
    assert "เปิดประชุม" in page and "title_1" not in page
    form = {"id": str(uuid4()), "kind": "monthly", "held_on": "9/12/2569"}
    assert cashier.form(LIST, **form).status_code == 403
    assert cashier.form(f"{LIST}/{meeting_id}/attend", id=str(uuid4()), who="x").status_code == 403
