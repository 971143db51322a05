"""When a producer is asked to bring more, and the day they are paid."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.payout_day import next_payout_day
from inventory.rules.sell_through import SellThrough

MILLI = st.integers(-1_000_000, 10_000_000)


@pytest.mark.parametrize(
    ("sold", "left", "days", "more"),
    [
        (28_000, 7_000, 7, False),
        (28_000, 6_999, 6, True),
        (28_000, 0, 0, True),
        (28_000, -1_000, 0, True),
        (4_000, 0, 0, True),
        (3_999, 0, 0, False),
        (0, 0, None, False),
        (-1_000, 5_000, None, False),
        (12_500, 40_000, 89, False),
    ],
)
def test_it_is_asked_for_when_it_sells_and_will_be_gone(
    sold: int, left: int, days: int | None, more: bool
) -> None:
    pace = SellThrough(sold, left)
    assert (pace.cover_days, pace.bring_more) == (days, more)


@given(MILLI, MILLI, st.integers(0, 1_000_000))
def test_more_on_the_shelf_never_asks_for_more(sold: int, left: int, added: int) -> None:
    if SellThrough(sold, left + added).bring_more:
        assert SellThrough(sold, left).bring_more


@given(st.integers(4_000, 1_000_000), MILLI, st.integers(0, 1_000_000))
def test_what_sells_faster_is_asked_for_no_later(sold: int, left: int, faster: int) -> None:
    if SellThrough(sold, left).bring_more:
        assert SellThrough(sold + faster, left).bring_more


@pytest.mark.parametrize(
    ("today", "day", "paid"),
    [
        (date(2026, 11, 9), 9, date(2026, 11, 9)),
        (date(2026, 11, 10), 9, date(2026, 12, 9)),
        (date(2026, 12, 31), 9, date(2027, 1, 9)),
        (date(2026, 2, 1), 31, date(2026, 2, 28)),
        (date(2028, 2, 1), 31, date(2028, 2, 29)),
        (date(2026, 2, 28), 30, date(2026, 2, 28)),
        (date(2026, 1, 31), 30, date(2026, 2, 28)),
    ],
)
def test_the_day_of_paying(today: date, day: int, paid: date) -> None:
    assert next_payout_day(today, day) == paid


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 31))
def test_the_day_of_paying_is_near_and_the_same_until_it_comes(today: date, day: int) -> None:
    paid = next_payout_day(today, day)
    assert today <= paid <= today + timedelta(days=31)
    assert paid.day == min(day, monthrange(paid.year, paid.month)[1])
    assert next_payout_day(paid, day) == paid
    if paid > today:
        assert next_payout_day(today + timedelta(days=1), day) == paid
