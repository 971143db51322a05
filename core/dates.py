"""Dates as people here write and read them: Buddhist Era, in Bangkok.

What must stay true: a stored date is always of the common era; the Buddhist year exists only in
text. Babel can't write it (it prints the Gregorian year), so it is never asked to.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from core.clock import BANGKOK
from core.errors import N_, DomainError
from core.text import ascii_digits, normalise

Style = Literal["short", "long", "form"]

BUDDHIST_OFFSET = 543

# fmt: off
_THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)
_THAI_MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on

_BUDDHIST_YEARS = range(2400, 2744)
_COMMON_YEARS = range(1900, 2201)
_TEXT_LENGTH_MAX = 60

_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NAMED_MONTH = re.compile(r"([0-9]{1,2})([^0-9]+)([0-9]{4}|[0-9]{2})")
_ERA = re.compile(r"(พ\.? ?ศ|ค\.? ?ศ)\.? ?(?=[0-9]{2,4}$)")
_LEADING_WORD = re.compile(r"^(?:เมื่อ)?วันที่ ?")


class NotADate(DomainError, ValueError):
    """The text is no single day we understand; `text` is what was written."""

    code, status, title = "not-a-date", 422, N_("This is not a date")
    detail = N_("Write day, month and year, for example 9 Oct 2025 or 09/10/2568.")


def buddhist_year(day: date) -> int:
    """Return the year as printed on Thai documents: 2025 → 2568."""
    return day.year + BUDDHIST_OFFSET


def format_thai_date(day: date, style: Style = "short") -> str:
    """Return 9 ต.ค. 2568 (short), 9 ตุลาคม 2568 (long) or 09/10/2568 (form)."""
    day = _in_bangkok(day)
    if style == "form":
        return f"{day.day:02d}/{day.month:02d}/{buddhist_year(day)}"
    months = _THAI_MONTHS if style == "long" else _THAI_MONTHS_SHORT
    return f"{day.day} {months[day.month - 1]} {buddhist_year(day)}"


def format_thai_datetime(moment: datetime, style: Style = "short") -> str:
    """Return date and time in Bangkok: 9 ต.ค. 2568 09.15 น."""
    local = _local(moment)
    return f"{format_thai_date(local.date(), style)} {local:%H.%M} น."


def format_english_date(day: date, style: Style = "short") -> str:
    """Return 9 Oct 2025 (short), 9 October 2025 (long) or 09/10/2025 (form)."""
    day = _in_bangkok(day)
    if style == "form":
        return f"{day.day:02d}/{day.month:02d}/{day.year}"
    month = _ENGLISH_MONTHS[day.month - 1]
    return f"{day.day} {month if style == 'long' else month[:3]} {day.year}"


def format_english_datetime(moment: datetime, style: Style = "short") -> str:
    """Return date and time in Bangkok: 9 Oct 2025 09:15."""
    local = _local(moment)
    return f"{format_english_date(local.date(), style)} {local:%H:%M}"


def format_date(day: date, locale: str, style: Style = "short") -> str:
    """Return the date for a reader of `locale` ("th" or "en")."""
    return format_thai_date(day, style) if locale == "th" else format_english_date(day, style)


def format_datetime(moment: datetime, locale: str, style: Style = "short") -> str:
    """Return date and time for a reader of `locale` ("th" or "en")."""
    if locale == "th":
        return format_thai_datetime(moment, style)
    return format_english_datetime(moment, style)


def format_month(day: date, locale: str) -> str:
    """Return the month a day is in: ต.ค. 2568 or Oct 2025."""
    return format_date(day, locale).split(" ", 1)[1]


def parse_date(text: str) -> date:
    """Read one day in either era, with Thai or English months, Thai digits too.

    A year from 2400 is Buddhist, one of 1900-2200 common, two digits are of the Buddhist 25xx.
    Raises `NotADate` for everything else: ranges, days that don't exist, other years.
    """
    if len(text) > _TEXT_LENGTH_MAX:
        raise NotADate(text=text[:_TEXT_LENGTH_MAX])
    plain = _LEADING_WORD.sub("", ascii_digits(normalise(text)).lower())
    era_found = _ERA.search(plain)
    era = era_found[1][0] if era_found else ""
    day, month, year = _parts(_ERA.sub("", plain)) or (0, 0, "")
    try:
        return date(_common_year(year, era), month, day)
    except ValueError:
        raise NotADate(text=text) from None


def _parts(plain: str) -> tuple[int, int, str] | None:
    """Split into day, month and the year as written."""
    if found := _YEAR_FIRST.fullmatch(plain):
        return int(found[3]), int(found[2]), found[1]
    if found := _DAY_FIRST.fullmatch(plain):
        return int(found[1]), int(found[3]), found[4]
    if found := _NAMED_MONTH.fullmatch(plain):
        return int(found[1]), _month(found[2]), found[3]
    return None


def _month(name: str) -> int:
    """Return 1-12 for a month's name, full, shortened or without its dots; 0 when unknown."""
    return _MONTH_NUMBERS.get(re.sub(r"[ .,/-]", "", name), 0)


def _month_numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    names = zip(_THAI_MONTHS, _THAI_MONTHS_SHORT, _ENGLISH_MONTHS, strict=True)
    for number, (thai, thai_short, english) in enumerate(names, 1):
        # Spoken Thai drops the ending: ตุลา, กุมภา, เมษา.
        spoken = re.sub("(คม|ยน|พันธ์)$", "", thai)
        for name in (thai, spoken, thai_short.replace(".", ""), english.lower()):
            numbers[name] = number
        numbers[english[:3].lower()] = number
    return numbers


_MONTH_NUMBERS = _month_numbers()


def _common_year(year: str, era: str) -> int:
    """Turn a written year into one of the common era; raise `ValueError` when it is neither."""
    if len(year) == 2:
        return 2000 + int(year) if era == "ค" else 2500 + int(year) - BUDDHIST_OFFSET
    number = int(year)
    if era != "ค" and number in _BUDDHIST_YEARS:
        return number - BUDDHIST_OFFSET
    if era != "พ" and number in _COMMON_YEARS:
        return number
    raise ValueError(year)


def _local(moment: datetime) -> datetime:
    assert moment.tzinfo is not None
    return moment.astimezone(BANGKOK)


def _in_bangkok(day: date) -> date:
    """A moment given where a day is asked for is that moment's day in Bangkok."""
    return _local(day).date() if isinstance(day, datetime) else day
