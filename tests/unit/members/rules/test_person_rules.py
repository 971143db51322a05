"""How a person is written down: births of both calendars, keys that find and sort."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import is_thai_id, mask_thai_id
from core.text import skeleton
from members.rules import membership
from members.rules.persons import (
    SEARCH_KEY_LENGTH_MAX,
    UNKNOWN,
    Birth,
    birth_of,
    buddhist_year_of,
    format_birth,
    is_minor,
    latest_day,
    person_search_key,
    sort_key,
)

THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E4E), min_size=1, max_size=20)
FIELDS = ("title", "first_name", "last_name", "nickname", "phone", "house_no")


def facts(**known: str) -> dict[str, str]:
    return dict.fromkeys(FIELDS, "") | known


# --- birth -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "day", "born"),
    [
        (2490, None, None, Birth(1947)),
        (2490, 5, None, Birth(1947, 5)),
        (2490, 1, 31, Birth(1947, 1, 31)),
        (2484, 1, 1, Birth(1941, 1, 1)),  # the first year that began in January
        (2482, 1, 15, Birth(1940, 1, 15)),  # late in a year that began in April
        (2482, 3, None, Birth(1940, 3)),
        (2482, 4, 1, Birth(1939, 4, 1)),
        (2480, 12, 31, Birth(1937, 12, 31)),
        (2480, None, None, Birth(1937)),
        (2567, 2, 29, Birth(2024, 2, 29)),
        (None, None, None, UNKNOWN),
    ],
)
def test_a_birth_is_read_as_the_house_register_has_it(
    year: int | None, month: int | None, day: int | None, born: Birth
) -> None:
    assert birth_of(year, month, day) == born


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (2483, 1, 1),  # that year had nine months
        (2483, 3, None),
        (2568, 2, 29),
        (2490, 13, 1),
        (2490, None, 5),
        (None, 5, 5),
        (None, 5, None),
    ],
)
def test_a_day_there_was_not_is_no_birth(
    year: int | None, month: int | None, day: int | None
) -> None:
    assert birth_of(year, month, day) is None


@given(st.dates(date(1890, 1, 1), date(2100, 12, 31)))
def test_a_birthday_comes_back_as_it_was_read(born: date) -> None:
    birth = Birth(born.year, born.month, born.day)
    year = buddhist_year_of(birth)
    assert year is not None
    assert birth_of(year, born.month, born.day) == birth
    assert latest_day(birth) == born


def test_a_birth_is_shown_as_far_as_it_is_known() -> None:
    assert format_birth(Birth(1940, 2, 5)) == "5 ก.พ. 2482"
    assert format_birth(Birth(1947, 5)) == "พ.ค. 2490"
    assert format_birth(Birth(1947)) == "2490"
    assert format_birth(UNKNOWN) == ""


def test_who_may_be_under_age_is_treated_so() -> None:
    assert is_minor(Birth(2006), date(2026, 12, 30))
    assert not is_minor(Birth(2006), date(2026, 12, 31))
    assert is_minor(Birth(2006, 2), date(2026, 2, 27))
    assert not is_minor(Birth(2006, 2, 3), date(2026, 2, 3))
    assert not is_minor(UNKNOWN, date(2026, 2, 3))


# --- keys ------------------------------------------------------------------------------------


@given(first=THAI, last=THAI, nickname=THAI)
def test_whole_words_of_a_name_are_always_found(first: str, last: str, nickname: str) -> None:
    key = person_search_key(facts(first_name=first, last_name=last, nickname=nickname), ("00017",))
    for text in (first, last, nickname, "00017", f"{first} {last}"):
        words = membership.search_words(text)
        assert all(membership.BETWEEN + word in key for word in words if word == skeleton(text))
        assert all(word in key for word in words)


@given(first=THAI, data=st.data())
def test_any_part_of_a_name_is_found(first: str, data: st.DataObject) -> None:
    form = skeleton(first)
    begin = data.draw(st.integers(0, len(form)))
    end = data.draw(st.integers(begin, len(form)))
    assert form[begin:end] in person_search_key(facts(first_name=first))


def test_the_beginning_of_each_part_is_told_from_its_middle() -> None:
    key = person_search_key(
        facts(
            title="นาย",
            first_name="สมชาย",
            last_name="ทองคำ",
            nickname="ตุ๊ก",
            phone="081-234-5678",
            house_no="145/2",
        ),
        ("00017",),
    )
    for beginning in ("สมชาย", "ทองคำ", "ตุก", "0812345678", "145/2", "00017", "นายสมชาย"):
        assert membership.BETWEEN + beginning in key, beginning
    for middle in ("ชาย", "คำ", "2345", "45/2"):
        assert middle in key
        assert membership.BETWEEN + middle not in key


def test_a_key_fits_into_an_index_whatever_is_typed() -> None:
    wide = dict.fromkeys(FIELDS, "😀" * 80)
    assert len(person_search_key(wide, ("x" * 20,) * 9)) == SEARCH_KEY_LENGTH_MAX


def test_names_sort_as_in_the_dictionary() -> None:
    names = ["ไข่ ดี", "เกษร มี", "กล้วย ก", "ขนม ก", "แก้ว ข", "แก้ว ก"]
    ordered = sorted(names, key=lambda name: sort_key(*name.split(" ")))
    assert ordered == ["กล้วย ก", "เกษร มี", "แก้ว ก", "แก้ว ข", "ขนม ก", "ไข่ ดี"]


# --- national ids ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "1526018159086",
        "1301661318601",
        "1913909960308",
        "1824628194824",
        "1199351819091",
        "1-2345-67890-12-1",
        "๑๕๒๖๐๑๘๑๕๙๐๘๖",
    ],
)
def test_right_ids_pass_and_a_slip_of_one_digit_does_not(number: str) -> None:
    assert is_thai_id(number)
    last = number[-1]
    other = next(digit for digit in "0123456789" if digit not in (last, "6"))
    assert not is_thai_id(number[:-1] + other)


def test_an_id_is_shown_masked() -> None:
    assert mask_thai_id("1234567890121") == "1-2345-XXXXX-12-1"
