"""The table of people: members and whoever else the centre knows. Columns only, and births. Pure.

A year alone is enough of a birth; an old year that ended in March is told apart as ever.
"""

from __future__ import annotations

import re
from datetime import date

from core import figures_in
from core.dates import parse_date
from core.errors import N_
from core.table_forms import YES_NO, Column, TableForm
from core.text import ascii_digits, normalise
from members.rules.persons import Birth, birth_of, format_birth, is_real

PEOPLE = "people"
_BUDDHIST_FROM = 2400
_YEAR = re.compile(r"([0-9]{4})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_NAMED_MONTH_YEAR = re.compile(r"([^0-9]+)([0-9]{4})")
_WRITTEN_YEAR = re.compile(r"(?:^|[^0-9])([0-9]{4})(?:[^0-9]|$)")


def birth(cell: str) -> Birth:
    """Read a birth of either era: 2510, 2/2510, ก.พ. 2510, 5 ก.พ. 2510. Raises ValueError."""
    plain = ascii_digits(normalise(cell))
    if found := _YEAR.fullmatch(plain):
        return _of(int(found[1]), None, None)
    if found := _MONTH_YEAR.fullmatch(plain):
        return _of(int(found[2]), int(found[1]), None)
    if found := _NAMED_MONTH_YEAR.fullmatch(plain):
        return _of(int(found[2]), parse_date(f"1 {plain}").month, None)
    day = figures_in.day(cell)
    written = _WRITTEN_YEAR.search(plain)
    if written:
        return _of(int(written[1]), day.month, day.day)
    return _of_day(day)


def _of(year: int, month: int | None, day: int | None) -> Birth:
    found = birth_of(year, month, day) if year >= _BUDDHIST_FROM else Birth(year, month, day)
    if found is None or not is_real(found):
        raise ValueError(year)
    return found


def _of_day(day: date) -> Birth:
    return Birth(day.year, day.month, day.day)


FORM = TableForm(
    PEOPLE,
    N_("People and members"),
    ("people", "members", "สมาชิก", "บุคคล", "ทะเบียนสมาชิก"),
    (
        Column(
            "member_no",
            "code",
            N_("Member number"),
            ("เลขที่สมาชิก", "Member number", "รหัสสมาชิก", "เลขสมาชิก", "member no", "รหัส", "เลขที่"),
            length=20,
            hint=N_("Empty: the next free number"),
            example="00125",
        ),
        Column(
            "is_member",
            "choice",
            N_("Is a member"),
            ("เป็นสมาชิก", "Is a member", "สถานะสมาชิก"),
            choices=YES_NO,
            hint=N_("Write yes for a member without a number; whoever has a number is one"),
            example="ใช่",
        ),
        Column("title", "text", N_("Title"), ("คำนำหน้า", "Title", "คำนำหน้าชื่อ"), 40, example="นาง"),
        Column(
            "first_name",
            "text",
            N_("First name"),
            ("ชื่อ", "First name", "ชื่อตัว", "firstname"),
            80,
            example="สมศรี",
        ),
        Column(
            "last_name",
            "text",
            N_("Last name"),
            ("นามสกุล", "Last name", "สกุล", "ชื่อสกุล", "lastname", "surname"),
            80,
            example="ใจดี",
        ),
        Column(
            "name",
            "text",
            N_("Whole name"),
            ("ชื่อ-สกุล", "Whole name", "ชื่อ-นามสกุล", "ชื่อ นามสกุล", "ชื่อเต็ม", "name", "full name"),
            160,
            hint=N_("In place of title, first name and last name"),
        ),
        Column("nickname", "text", N_("Nickname"), ("ชื่อเล่น", "Nickname"), 40, example="ศรี"),
        Column(
            "house_no",
            "text",
            N_("House number"),
            ("บ้านเลขที่", "House number", "เลขที่บ้าน", "ที่อยู่", "house no"),
            20,
            example="12/3",
        ),
        Column(
            "village",
            "text",
            N_("Village"),
            ("หมู่บ้าน", "Village", "บ้าน", "ชื่อหมู่บ้าน"),
            120,
            hint=N_("A village nobody wrote down yet is added to the list"),
            example="บ้านใหม่",
        ),
        Column(
            "phone",
            "code",
            N_("Phone"),
            ("โทรศัพท์", "Phone", "โทร", "เบอร์โทร", "เบอร์โทรศัพท์", "มือถือ", "tel", "mobile"),
            20,
            example="081-234-5678",
        ),
        Column(
            "birth",
            "own",
            N_("Born"),
            ("วันเกิด", "Born", "เกิด", "วันเดือนปีเกิด", "ปีเกิด", "birth", "birthday"),
            hint=N_("Day, month and year, or the year alone"),
            example="5 ก.พ. 2510",
            reader=birth,
            writer=lambda value, _locale: format_birth(value) or None,
            fault=N_("“%(cell)s” is no birth. Write it like 5/2/2510, or the year alone."),
        ),
        Column(
            "joined_on",
            "day",
            N_("Joined on"),
            ("วันที่เข้าเป็นสมาชิก", "Joined on", "เข้าเมื่อ", "วันที่เข้า", "วันสมัคร", "เป็นสมาชิกเมื่อ"),
            hint=N_("Empty: today"),
            example="1 ต.ค. 2560",
        ),
        Column(
            "resigned_on",
            "day",
            N_("Left on"),
            ("วันที่ลาออก", "Left on", "ลาออกเมื่อ", "วันที่พ้นสภาพ"),
        ),
        Column("note", "text", N_("Note"), ("หมายเหตุ", "Note", "บันทึก"), 500),
    ),
    (frozenset({"first_name", "name"}),),
)
