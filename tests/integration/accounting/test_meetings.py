"""Meetings: called, minuted, attended; what they resolve stays and is found by what it allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from accounting.rules.chart import Purpose
from accounting.services import book_settings
from accounting.services.meetings import meetings, packs, resolutions, uses
from accounting.services.meetings.meetings import Attend, NewMeeting, Point, SaveMinutes
from accounting.services.meetings.resolutions import NewResolution, SettleResolution
from core import clock, jobs
from core.actor import Actor, Centre, system_actor
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, DifferentContent, Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from members.services import members
from members.services.members import NewMember
from tests.closing import close, posts

DAY = date(2026, 11, 9)


@pytest.fixture
def at() -> Iterator[Callable[[date], None]]:
    """Let it be noon of a day, from now on in the test."""
    with ExitStack() as stack:

        def go(day: date) -> None:
            noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
            stack.enter_context(clock.travel(lambda: noon))

        yield go


def called(actor: Actor, on: date = DAY, kind: str = "monthly") -> UUID:
    command = NewMeeting(uuid7(), kind, on, "ศาลาวัด", agenda=("เปิดประชุม", "เรื่องอื่น ๆ"))
    return in_transaction(meetings.create, command, actor).id


def resolved(actor: Actor, meeting_id: UUID, number: str = "1/2569") -> UUID:
    command = NewResolution(uuid7(), meeting_id, number, "จัดสรรส่วนเกิน", "ป้าแดง", date(2026, 12, 9))
    return in_transaction(resolutions.record, command, actor).id


def test_a_meeting_is_called_once_a_day_and_kind(accountant: Actor):
    meeting_id = called(accountant)
    points = meetings.points(accountant.centre_id, meeting_id)
    assert [point.title for point in points] == ["เปิดประชุม", "เรื่องอื่น ๆ"]
    with pytest.raises(meetings.MeetingKnown):
        called(accountant)
    other = called(accountant, kind="committee")
    listed = meetings.listing(accountant, Window(limit=10)).items
    assert {card.id for card in listed} == {meeting_id, other}
    again = NewMeeting(meeting_id, "monthly", DAY)
    assert in_transaction(meetings.create, again, accountant).place == "ศาลาวัด"


def test_minutes_change_only_on_a_look_at_what_they_say(accountant: Actor, manager: Actor):
    meeting_id = called(accountant)
    points = (Point("เปิดประชุม", "ครบองค์"), Point("บัญชีเดือนตุลาคม", "กำไรเล็กน้อย"))
    saved = in_transaction(meetings.save, SaveMinutes(meeting_id, 1, points, "วัด"), accountant)
    assert saved.version == 2
    assert meetings.points(accountant.centre_id, meeting_id) == points
    with pytest.raises(ChangedMeanwhile):
        in_transaction(meetings.save, SaveMinutes(meeting_id, 1, ()), manager)
    assert meetings.points(accountant.centre_id, meeting_id) == points


def test_who_came_is_noted_once_and_can_be_taken_off(
    accountant: Actor, system: Actor, other_centre: Centre
):
    meeting_id = called(accountant)
    dam = in_transaction(members.create, NewMember(first_name="ดำ", last_name="ทองแก้ว"), system)
    in_transaction(meetings.attend, Attend(uuid7(), meeting_id, dam.id), accountant)
    in_transaction(meetings.attend, Attend(uuid7(), meeting_id, dam.id), accountant)
    in_transaction(meetings.attend, Attend(uuid7(), meeting_id, guest_name="ปลัดอำเภอ"), accountant)
    came = meetings.attendance(accountant.centre_id, meeting_id)
    assert [one.name for one in came] == ["ดำ ทองแก้ว", "ปลัดอำเภอ"]
    assert meetings.came(accountant.centre_id) == {meeting_id: 2}
    in_transaction(meetings.leave, meeting_id, came[0].id, accountant)
    left = meetings.attendance(accountant.centre_id, meeting_id)
    assert [one.guest_name for one in left] == ["ปลัดอำเภอ"]
    stranger = in_transaction(
        members.create, NewMember(first_name="แดง"), system_actor(other_centre)
    )
    with pytest.raises(NotFound):
        in_transaction(meetings.attend, Attend(uuid7(), meeting_id, stranger.id), accountant)


def test_a_resolution_is_minuted_once_under_its_number(accountant: Actor, other_centre: Centre):
    meeting_id = called(accountant)
    resolution_id = resolved(accountant, meeting_id)
    card = resolutions.card(accountant.centre_id, resolution_id)
    assert (card.resolved_on, card.resolution_no, card.outcome) == (DAY, "1/2569", "")
    again = NewResolution(resolution_id, meeting_id, "1/2569", "คำอื่น")
    with pytest.raises(DifferentContent):
        in_transaction(resolutions.record, again, accountant)
    same = NewResolution(
        resolution_id, meeting_id, "1/2569", "จัดสรรส่วนเกิน", "ป้าแดง", date(2026, 12, 9)
    )
    assert in_transaction(resolutions.record, same, accountant).text == "จัดสรรส่วนเกิน"
    with pytest.raises(resolutions.ResolutionNoTaken):
        resolved(accountant, meeting_id)
    with pytest.raises(resolutions.NoSuchResolution):
        resolutions.card(other_centre.id, resolution_id)


def test_nothing_is_resolved_before_the_meeting(accountant: Actor):
    meeting_id = called(accountant, clock.today() + timedelta(days=1))
    with pytest.raises(resolutions.MeetingToCome):
        resolved(accountant, meeting_id)


def test_what_came_of_a_resolution_is_said_once(accountant: Actor):
    resolution_id = resolved(accountant, called(accountant))
    assert len(resolutions.listing(accountant.centre_id, open_only=True)) == 1
    done = SettleResolution(resolution_id, "done", "จ่ายครบแล้ว")
    assert in_transaction(resolutions.settle, done, accountant).outcome == "done"
    assert in_transaction(resolutions.settle, done, accountant).outcome == "done"
    with pytest.raises(resolutions.ResolutionSettled):
        in_transaction(resolutions.settle, SettleResolution(resolution_id, "dropped"), accountant)
    assert resolutions.listing(accountant.centre_id, open_only=True) == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE resolution SET text = 'another'",
        "DELETE FROM resolution",
        "UPDATE resolution_outcome SET kind = 'dropped'",
        "DELETE FROM resolution_outcome",
    ],
)
def test_the_database_keeps_what_was_resolved(accountant: Actor, attack: str):
    resolution_id = resolved(accountant, called(accountant))
    in_transaction(resolutions.settle, SettleResolution(resolution_id, "done"), accountant)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(attack))
    db.session.rollback()


def test_only_those_who_may_minute(accountant: Actor, auditor: Actor):
    meeting_id = called(accountant)
    for refused in (
        lambda: called(auditor, date(2026, 12, 9)),
        lambda: resolved(auditor, meeting_id),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert meetings.listing(auditor, Window(limit=10)).items
    assert uses.of(resolved(accountant, meeting_id), auditor) == ()


def test_the_schedule_calls_the_meeting_and_asks_for_its_paper_once(
    centre: Centre, system: Actor, at: Callable[[date], None]
):
    agenda = ("เปิดประชุม",)
    at(date(2026, 11, 6))
    posts(system, date(2026, 10, 20), Purpose.CASH_SAFE, Purpose.SALES, 100_00)
    assert in_transaction(packs.make_due, centre, agenda) == 0
    at(date(2026, 11, 7))
    assert in_transaction(packs.make_due, centre, agenda) == 1
    assert in_transaction(packs.make_due, centre, agenda) == 0
    meeting = meetings.on(centre.id, "monthly", DAY)
    assert meeting is not None
    asked = packs.last(centre.id, meeting.id)
    assert asked is not None and asked.params["meeting_id"] == str(meeting.id)
    assert [point.title for point in meetings.points(centre.id, meeting.id)] == list(agenda)


def test_a_schedule_that_was_off_makes_the_paper_up_to_the_day_of_the_meeting(
    centre: Centre, system: Actor, accountant: Actor, manager: Actor, at: Callable[[date], None]
):
    at(date(2026, 11, 5))
    posts(system, date(2026, 10, 20), Purpose.CASH_SAFE, Purpose.SALES, 100_00)
    close(202610, accountant, manager)
    at(DAY + timedelta(days=1))
    assert in_transaction(packs.make_due, centre, ()) == 0
    at(DAY)
    assert in_transaction(packs.make_due, centre, ()) == 1
    # The month was locked before: there is nothing to tell anew.
    assert in_transaction(packs.make_due, centre, ()) == 0


def test_a_paper_somebody_had_made_too_early_is_made_again_for_the_meeting(
    centre: Centre, system: Actor, manager: Actor, at: Callable[[date], None]
):
    at(date(2026, 11, 2))
    posts(system, date(2026, 10, 20), Purpose.CASH_SAFE, Purpose.SALES, 100_00)
    meeting_id = called(manager)
    in_transaction(packs.request, meeting_id, manager)
    at(date(2026, 11, 7))
    assert in_transaction(packs.make_due, centre, ()) == 1
    assert in_transaction(packs.make_due, centre, ()) == 0
    in_transaction(packs.request, meeting_id, manager)
    assert in_transaction(packs.make_due, centre, ()) == 0


def test_a_month_locked_on_the_eve_is_told_anew(
    centre: Centre, system: Actor, accountant: Actor, manager: Actor, at: Callable[[date], None]
):
    at(date(2026, 11, 7))
    posts(system, date(2026, 10, 20), Purpose.CASH_SAFE, Purpose.SALES, 100_00)
    assert in_transaction(packs.make_due, centre, ()) == 1
    close(202610, accountant, manager)
    assert in_transaction(packs.make_due, centre, ()) == 1
    assert in_transaction(packs.make_due, centre, ()) == 0


def test_a_centre_at_rest_or_without_a_meeting_day_is_left_alone(
    centre: Centre, system: Actor, manager: Actor, at: Callable[[date], None]
):
    at(date(2026, 11, 8))
    assert in_transaction(packs.make_due, centre, ()) == 0
    posts(system, date(2026, 10, 20), Purpose.CASH_SAFE, Purpose.SALES, 100_00)
    none = replace(book_settings.of(centre.id), meeting_day=0)
    in_transaction(book_settings.change, none, manager)
    assert in_transaction(packs.make_due, centre, ()) == 0
    assert jobs.listing(centre.id, Window(limit=5)).items == ()
