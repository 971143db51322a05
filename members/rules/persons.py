"""How a person is written down: by which keys they are found and sorted, when they were born.

What must stay true: stored years are of the Common Era; before 2484 the Buddhist year began in
April, so January to March of those years fall into the Common year after; a year may stand alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.dates import BUDDHIST_OFFSET, format_thai_date
from core.text import thai_sort_key
from members.rules.membership import full_name, search_key

FACTS = ("title", "first_name", "last_name", "nickname", "phone", "house_no", "village_id")
"""What is known of everybody; a form that shows a person shows these."""
TITLES = (
    "นาย",
    "นาง",
    "นางสาว",
    "ด.ช.",
    "ด.ญ.",
    "พระ",
    "สามเณร",
    "แม่ชี",
    "ร้อยตำรวจตรี",
    "ร้อยตำรวจโท",
    "ร้อยตำรวจเอก",
    "พันตำรวจตรี",
    "ดาบตำรวจ",
    "สิบตำรวจเอก",
    "ร้อยตรี",
    "ร้อยโท",
    "ร้อยเอก",
    "จ่าสิบเอก",
    "สิบเอก",
    "พันจ่าเอก",
    "ว่าที่ร้อยตรี",
    "ดร.",
    "ผศ.",
    "กำนัน",
    "ผู้ใหญ่บ้าน",
)
"""Suggested where a title is typed; any other may be written."""
SEARCH_KEY_LENGTH_MAX = 400
"""An index row of PostgreSQL holds it together with the sort key."""
FIRST_YEAR, LAST_YEAR = 1850, 2200
_YEAR_FROM_JANUARY = 2484
_LAST_YEAR_FROM_APRIL = 1940
"""In 2483 (1940) the last year that began in April ended with December."""
MAJORITY_YEARS = 20


def sort_key(first_name: str, last_name: str) -> str:
    """Return what sorts a person: first name, then last, the title left out."""
    return thai_sort_key(full_name("", first_name, last_name))


def person_search_key(facts: Mapping[str, Any], numbers: Iterable[str] = ()) -> str:
    """Return what a search for a person looks through; `numbers` are those of their registers."""
    title, first, last = facts["title"], facts["first_name"], facts["last_name"]
    found_by = search_key(
        (
            *numbers,
            full_name("", first, last),
            last,
            full_name(title, first, last),
            facts["nickname"],
            facts["phone"],
            facts["house_no"],
        )
    )
    return found_by[:SEARCH_KEY_LENGTH_MAX]


@dataclass(frozen=True, slots=True)
class Birth:
    """When someone was born, as far as known, in the Common Era."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether the very day is known."""
        return None not in (self.year, self.month, self.day)


UNKNOWN = Birth()


def birth_of(buddhist_year: int | None, month: int | None, day: int | None) -> Birth | None:
    """Return a birth from what stands in the house register, or None if there is no such day.

    A year alone, or with its month, is enough; an old year that ended in March is told apart.
    """
    if buddhist_year is None:
        return UNKNOWN if month is None and day is None else None
    if month is None and day is not None:
        return None
    year = buddhist_year - BUDDHIST_OFFSET
    if month is not None and month <= 3 and buddhist_year < _YEAR_FROM_JANUARY:
        year += 1
        if year > _LAST_YEAR_FROM_APRIL:
            return None  # 2483 had no January to March
    birth = Birth(year, month, day)
    return birth if is_real(birth) else None


def is_real(birth: Birth) -> bool:
    """Tell whether the parts known make a day, a month or a year there was."""
    if birth.year is None:
        return birth.month is None and birth.day is None
    if not FIRST_YEAR <= birth.year <= LAST_YEAR or (birth.month is None and birth.day is not None):
        return False
    try:
        date(birth.year, birth.month or 1, birth.day or 1)
    except ValueError:
        return False
    return True


def buddhist_year_of(birth: Birth) -> int | None:
    """Return the year as the house register has it."""
    if birth.year is None:
        return None
    early = birth.month is not None and birth.month <= 3 and birth.year <= _LAST_YEAR_FROM_APRIL
    return birth.year + BUDDHIST_OFFSET - (1 if early else 0)


def latest_day(birth: Birth) -> date | None:
    """Return the last day on which someone may have been born; None if nothing is known."""
    if birth.year is None:
        return None
    if birth.is_whole:
        return date(birth.year, birth.month or 1, birth.day or 1)
    if birth.month is None or birth.month == 12:
        return date(birth.year, 12, 31)
    return date.fromordinal(date(birth.year, birth.month + 1, 1).toordinal() - 1)


def is_minor(birth: Birth, day: date) -> bool:
    """Tell whether someone is, or by a vague birth may be, under age on a day."""
    latest = latest_day(birth)
    return latest is not None and years_between(latest, day) < MAJORITY_YEARS


def years_between(born: date, day: date) -> int:
    """Return the full years from a birth to a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def format_birth(birth: Birth) -> str:
    """Return 5 ก.พ. 2480, ก.พ. 2480 or 2480; nothing if nothing is known."""
    year = buddhist_year_of(birth)
    if year is None:
        return ""
    if birth.month is None:
        return str(year)
    _, month, _ = format_thai_date(date(2000, birth.month, 1)).split(" ")
    return f"{birth.day} {month} {year}" if birth.day else f"{month} {year}"
