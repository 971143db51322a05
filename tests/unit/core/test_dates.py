"""Buddhist-era dates: written as Thai documents write them, read as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import (
    NotADate,
    buddhist_year,
    format_date,
    format_datetime,
    format_english_date,
    format_english_datetime,
    format_thai_date,
    format_thai_datetime,
    parse_date,
)
from core.errors import DomainError

DAY = date(2025, 10, 9)
# 17:30 in London's winter is half past midnight of the next day in Bangkok.
LATE = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)


def test_thai_styles() -> None:
    assert format_thai_date(DAY) == "9 ต.ค. 2568"
    assert format_thai_date(DAY, "long") == "9 ตุลาคม 2568"
    assert format_thai_date(DAY, "form") == "09/10/2568"


def test_english_styles() -> None:
    assert format_english_date(DAY) == "9 Oct 2025"
    assert format_english_date(DAY, "long") == "9 October 2025"
    assert format_english_date(DAY, "form") == "09/10/2025"


def test_moments_are_shown_in_bangkok() -> None:
    assert format_thai_datetime(LATE) == "1 ม.ค. 2569 00.30 น."
    assert format_thai_datetime(LATE, "long") == "1 มกราคม 2569 00.30 น."
    assert format_english_datetime(LATE) == "1 Jan 2026 00:30"
    assert format_thai_date(LATE) == "1 ม.ค. 2569"


def test_the_reader_chooses_the_language() -> None:
    assert format_date(DAY, "th") == "9 ต.ค. 2568"
    assert format_date(DAY, "en", "long") == "9 October 2025"
    assert format_datetime(LATE, "th", "form") == "01/01/2569 00.30 น."
    assert format_datetime(LATE, "en") == "1 Jan 2026 00:30"


def test_a_naive_moment_is_our_mistake() -> None:
    with pytest.raises(AssertionError):
        format_thai_datetime(datetime(2025, 10, 9, 9, 15))


def test_buddhist_year() -> None:
    assert buddhist_year(date(2024, 2, 29)) == 2567


# Dates as the five community pages write them; both eras occur in the same page.
FOUND_IN_THE_FIELD = [
    ("9 ตุลาคม 2550", date(2007, 10, 9)),
    ("11 ตุลาคม 2007", date(2007, 10, 11)),
    ("6 กันยายน 2013", date(2013, 9, 6)),
    ("1 ธันวาคม 2550", date(2007, 12, 1)),
    ("24 ม.ค. 2553", date(2010, 1, 24)),
    ("15 มีนาคม 2010", date(2010, 3, 15)),
    ("14 พฤษภาคม 2012", date(2012, 5, 14)),
]


@pytest.mark.parametrize(("text", "day"), FOUND_IN_THE_FIELD)
def test_reads_dates_of_the_field(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "9 ต.ค. 2568",
        "9 ต.ค. 68",
        "9 ตค. 68",
        "9 ตค 2568",
        "9 ตุลา 68",
        "9ต.ค.2568",
        "9 ต. ค. 2568",
        "๙ ตุลาคม ๒๕๖๘",
        "วันที่ 9 ตุลาคม พ.ศ. 2568",
        "9 ตุลาคม พ.ศ.2568",
        "9 ตุลาคม พศ 2568",
        "9 ตุลาคม ค.ศ. 2025",
        "9 ตุลาคม ค.ศ. 25",
        "09/10/2568",
        "9/10/68",
        "9-10-2568",
        "9.10.2568",
        "๐๙/๑๐/๒๕๖๘",
        "09/10/2025",
        "2025-10-09",
        "2568-10-09",
        "9 Oct 2025",
        "9 october, 2025",
        " 9  October\u00a02025 ",
    ],
)
def test_reads_the_ways_people_write_a_day(text: str) -> None:
    assert parse_date(text) == DAY


def test_leap_day_lives_in_the_common_era() -> None:
    assert parse_date("29 ก.พ. 2567") == date(2024, 2, 29)
    with pytest.raises(NotADate):
        parse_date("29 ก.พ. 2568")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ตุลาคม 2568",
        "2568",
        "31/04/2568",
        "32 ต.ค. 2568",
        "0/10/2568",
        "09/13/2568",
        "12-13 ตค. 50",
        "7-9 พ.ย. 50",
        "9 ตุลาคม 2300",
        "9 ตุลาคม 9999",
        "9 ตุลาคม 568",
        "9 ตุลาคม พ.ศ. 2025",
        "9 ตุลาคม ค.ศ. 2568",
        "9 เดือนหน้า 2568",
        "09/10-2568",
        "tomorrow",
        "9 ต.ค. 2568 " + "x" * 10_000,
    ],
)
def test_refuses_what_is_no_single_day(text: str) -> None:
    with pytest.raises(NotADate):
        parse_date(text)


def test_the_refusal_is_one_forms_and_services_both_understand() -> None:
    with pytest.raises(ValueError, match="not-a-date") as caught:
        parse_date("tomorrow")
    assert isinstance(caught.value, DomainError)
    assert caught.value.facts == {"text": "tomorrow"}


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_what_is_written_can_be_read(day: date) -> None:
    for style in ("short", "long", "form"):
        assert parse_date(format_thai_date(day, style)) == day
        assert parse_date(format_english_date(day, style)) == day
    assert parse_date(day.isoformat()) == day


@given(st.text(max_size=70))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotADate):
        assert timedelta(0) <= parse_date(text) - date(1857, 1, 1)
