"""The arithmetic of a day's figures: sums, parts, periods, what sold of what there was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.sell_through import SellThrough, Supply
from pos.rules.day_figures import (
    NAMES,
    WHOLE,
    Days,
    Figures,
    mean,
    month_end,
    part,
    same_weekdays,
    sell_through,
    total,
)

AMOUNTS = st.integers(-(10**9), 10**9)
FIGURES = st.builds(Figures, *(AMOUNTS for _ in NAMES))
DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(st.lists(FIGURES, max_size=6))
def test_figures_add_up_whatever_the_order(figures: list[Figures]) -> None:
    whole = total(figures)
    assert whole == total(reversed(figures))
    for name in ("net_satang", "kept_satang", "net_milli"):
        assert getattr(whole, name) == sum(getattr(one, name) for one in figures)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_parts_make_the_whole(one: int, other: int) -> None:
    parts = part(one, one + other) + part(other, one + other)
    assert parts in ((WHOLE, WHOLE + 1) if one + other else (0,))


@pytest.mark.parametrize(
    ("sold", "left", "found"),
    [(3_000, 1_000, 7_500), (0, 1_000, 0), (0, 0, None), (-1_000, 0, None), (1_000, -5, 10_000)],
)
def test_what_sold_of_what_there_was(sold: int, left: int, found: int | None) -> None:
    assert sell_through(sold, left) == found


@given(DAYS)
def test_a_day_stands_beside_the_same_weekday_of_last_week(day: date) -> None:
    assert Days(day, day).before == Days(day - timedelta(days=7), day - timedelta(days=7))


@given(DAYS, st.integers(1, 800))
def test_the_period_before_ends_the_day_before_and_is_as_long(first: date, more: int) -> None:
    days = Days(first, first + timedelta(days=more))
    assert days.before.last == first - timedelta(days=1)
    whole_month = first.day == 1 and days.last == month_end(first)
    assert whole_month or days.before.count == days.count
    assert len(list(days.each())) == days.count


def test_before_a_month_is_the_month_before() -> None:
    assert Days(date(2026, 3, 1), date(2026, 3, 31)).before == Days(
        date(2026, 2, 1), date(2026, 2, 28)
    )


@given(DAYS)
def test_the_same_weekdays_are_whole_weeks_before(day: date) -> None:
    found = same_weekdays(day)
    assert len(found) == 4 and {one.weekday() for one in found} == {day.weekday()}
    assert found[0] == day - timedelta(days=7)


def test_a_mean_is_rounded_half_up_and_of_nothing_is_nothing() -> None:
    assert (mean([1, 2]), mean([1, 1, 2]), mean([])) == (2, 1, 0)


@pytest.mark.parametrize(
    ("sold", "left", "days", "coming", "wanted"),
    [
        (7_000, 3_000, 7, 0, 18_000),  # 1 a day, 21 days, 3 here
        (28_000, 6_000, 28, 0, 15_000),
        (28_000, 7_000, 28, 0, 0),  # enough for the days goods take to come
        (28_000, 6_000, 28, 2_000, 0),  # what is on its way counts
        (28_000, 0, 28, 0, 21_000),
        (3_000, 0, 28, 0, 0),  # less than one a week is chance
        (10_000, 0, 28, 0, 8_000),  # 7.5, up to a whole one
    ],
)
def test_how_much_to_bring_or_order(
    sold: int, left: int, days: int, coming: int, wanted: int
) -> None:
    assert SellThrough(sold, left, days, coming).suggested_milli == wanted


@given(
    st.integers(0, 10**6),
    st.integers(-1_000, 10**6),
    st.integers(1, 182),
    st.builds(Supply, st.just(4), st.integers(0, 60), st.integers(1, 90)),
)
def test_what_is_suggested_lasts_until_it_comes_and_as_long_as_it_shall(
    sold: int, left: int, days: int, supply: Supply
) -> None:
    pace = SellThrough(sold, left, days, supply=supply)
    wanted = pace.suggested_milli
    if not wanted:
        return
    assert wanted % 1_000 == 0 and pace.bring_more
    enough = (pace.there_milli + wanted) * days >= sold * (supply.lead_days + supply.cover_days)
    scarce = (pace.there_milli + wanted - 1_000) * days < sold * (
        supply.lead_days + supply.cover_days
    )
    assert enough and scarce
