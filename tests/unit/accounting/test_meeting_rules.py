"""When meetings are near, and how their resolutions are numbered."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.meetings import due, month_before, next_number

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_the_paper_is_made_from_the_seventh_for_the_meeting_on_the_ninth():
    meeting = date(2026, 11, 9)
    asked = [due(date(2026, 11, day), 9) for day in range(5, 12)]
    assert asked == [None, None, meeting, meeting, meeting, None, None]


def test_a_meeting_on_the_first_is_prepared_in_the_month_before():
    assert due(date(2026, 10, 31), 1) == date(2026, 11, 1)
    assert due(date(2026, 12, 30), 1) == date(2027, 1, 1)
    assert due(date(2026, 11, 2), 1) is None


def test_no_meeting_day_means_no_meetings():
    assert due(date(2026, 11, 9), 0) is None


@given(DAYS, st.integers(1, 28))
def test_every_month_has_one_meeting_with_three_days_to_prepare_it(day: date, meeting_day: int):
    meeting = day.replace(day=meeting_day)
    before = [meeting - timedelta(days=days) for days in range(3)]
    assert all(due(one, meeting_day) == meeting for one in before)
    assert due(meeting + timedelta(days=1), meeting_day) != meeting


def test_a_meeting_looks_back_on_the_month_before():
    assert month_before(date(2026, 1, 9)) == 202512
    assert month_before(date(2026, 11, 9)) == 202610


def test_resolutions_are_numbered_within_the_buddhist_year():
    assert next_number([], date(2026, 11, 9)) == "1/2569"
    assert next_number(["1/2569", "2/2569", "9/2568", "พิเศษ"], date(2026, 11, 9)) == "3/2569"
    assert next_number(["๓/2569", "x/2569"], date(2026, 11, 9)) == "1/2569"
