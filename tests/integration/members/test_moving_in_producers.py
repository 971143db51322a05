"""Producers brought from files: their members, how they are paid, and out again."""

from __future__ import annotations

from core.actor import Actor, Centre, system_actor
from members.services import payment_details, producers
from tests.moving import bring, exported, faults, lines, take, verdicts

MEMBERS = "เลขที่สมาชิก,ชื่อ,นามสกุล\n00001,แดง,ใจดี\n"
HEADINGS = (
    "รหัสผู้ผลิต,ประเภท,ชื่อ,เลขที่สมาชิก,โทร,หมู่บ้าน,ส่วนแบ่ง,พร้อมเพย์,ธนาคาร,เลขที่บัญชี,ชื่อบัญชี,ส่งของตั้งแต่,ยังส่งอยู่\n"
)
GOOD = (
    HEADINGS
    + "P001,บุคคล,แดง ใจดี,๐๐๐๐๑,081,บ้านใหม่,๗๗.๕%,081-234-5678,,,,1 ต.ค. 2560,ใช่\n"
    + "P002,กลุ่ม,กลุ่มแม่บ้าน,,,,,,ธ.ก.ส.,012-3-45678-9,กลุ่มแม่บ้าน,2560-01-02,ไม่ใช่\n"
    + ",,นายดำ มาก,,,,,,,,,,\n"
)
BAD = (
    HEADINGS
    + "P001,บุคคล,แดง,99999,,,,,,,,,\n"
    + "P002,สมาคม,ดำ,,,,,,,,,,\n"
    + "P003,,ขาว,,,,120,,,,,,\n"
    + "P004,,เขียว,,,,,12345,,,,,\n"
    + "P005,,ฟ้า,,,,,,ธ.ก.ส.,,,,\n"
    + "P005,,,,,,,,,,,,\n"
)


def test_producers_come_with_their_members_and_how_they_are_paid(manager: Actor) -> None:
    take(bring("people", MEMBERS, manager), manager)
    card = bring("producers", GOOD, manager)
    assert verdicts(card, manager) == ["new", "new", "new"]
    take(card, manager)
    one = producers.by_number(manager.centre_id, "P001")
    assert (one.split_basis_points, one.village, one.active) == (7750, "บ้านใหม่", True)
    assert one.member_id is not None
    assert one.person_id is not None
    assert payment_details.get(one.id, manager)[0].promptpay_id == "0812345678"
    group = producers.by_number(manager.centre_id, "P002")
    assert (group.kind, group.person_id, group.active) == ("group", None, False)
    assert payment_details.get(group.id, manager)[0].bank_code == "034"


def test_what_is_wrong_is_said_by_column(manager: Actor) -> None:
    card = bring("producers", BAD, manager)
    assert faults(card, manager) == [
        (2, "member_no"),
        (3, "kind"),
        (4, "split"),
        (5, "promptpay_id"),
        (6, "bank_account"),
        (7, "name"),
    ]


def test_a_member_of_another_centre_is_nobody_here(manager: Actor, other_centre: Centre) -> None:
    theirs = system_actor(other_centre)
    take(bring("people", MEMBERS, theirs), theirs)
    card = bring("producers", GOOD, manager)
    assert faults(card, manager) == [(2, "member_no")]


def test_a_change_of_where_money_goes_is_shown_and_taken(manager: Actor) -> None:
    take(bring("people", MEMBERS, manager), manager)
    take(bring("producers", GOOD, manager), manager)
    card = bring("producers", "รหัสผู้ผลิต,ชื่อ,พร้อมเพย์\nP001,,0899999999\nP002,,\n", manager)
    assert verdicts(card, manager) == ["changed", "there"]
    assert lines(card, manager)[0].told["changes"] == {"promptpay_id": ["0812345678", "0899999999"]}
    take(card, manager, change_known=True)
    one = producers.by_number(manager.centre_id, "P001")
    assert payment_details.get(one.id, manager)[0].promptpay_id == "0899999999"


def test_a_table_goes_out_and_comes_in_as_the_same_facts(
    manager: Actor, other_centre: Centre
) -> None:
    take(bring("people", MEMBERS, manager), manager)
    take(bring("producers", GOOD, manager), manager)
    out = exported("producers", manager)
    assert set(verdicts(bring("producers", out, manager), manager)) == {"there"}
    empty = system_actor(other_centre)
    take(bring("people", exported("people", manager), empty), empty)
    take(bring("producers", out, empty), empty)
    assert exported("producers", empty) == out
