"""Share-days, caps, weights, the division of one member's sum: the worked numbers of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from accounting.rules.surplus import dividend, patronage
from accounting.rules.surplus.parts import divide, share_out, split_refund, to_keep

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@dataclass(frozen=True)
class Held:
    on: date
    delta_satang: int


def days(*movements: tuple[date, int]) -> int:
    return dividend.share_days([Held(*one) for one in movements], FIRST, LAST)


def months(*movements: tuple[date, int]) -> int:
    return dividend.share_months([Held(*one) for one in movements], FIRST, LAST)


# --- by days ---------------------------------------------------------------------------------


def test_shares_effective_on_the_first_day_earn_the_whole_year() -> None:
    assert days((FIRST, 1)) == 365


def test_shares_bought_on_the_last_day_earn_one_day() -> None:
    assert days((LAST, 1)) == 1


def test_shares_held_before_the_year_count_from_its_first_day() -> None:
    assert days((date(2019, 5, 6), 1)) == 365


def test_shares_bought_after_the_year_count_nothing() -> None:
    assert days((LAST + timedelta(days=1), 1)) == 0


def test_shares_redeemed_mid_year_earn_to_the_day_before_redemption() -> None:
    # 1 January to 30 June is 181 days; redeemed on 1 July.
    assert days((date(2020, 1, 1), 100), (date(2026, 7, 1), -100)) == 18_100


def test_shares_redeemed_on_the_first_day_earn_nothing() -> None:
    assert days((date(2020, 1, 1), 100), (FIRST, -100)) == 0


def test_a_transfer_counts_every_day_once() -> None:
    day = date(2026, 3, 9)
    giver = days((date(2020, 1, 1), 500), (day, -500))
    taker = days((day, 500))
    assert giver + taker == 500 * 365


def test_a_leap_year_has_its_day() -> None:
    held = [Held(date(2020, 1, 1), 1)]
    assert dividend.share_days(held, date(2028, 1, 1), date(2028, 12, 31)) == 366


# --- by months -------------------------------------------------------------------------------


def test_by_months_shares_of_the_first_day_earn_twelve() -> None:
    assert months((FIRST, 1)) == 12


def test_by_months_a_purchase_within_a_month_counts_from_the_next() -> None:
    assert months((date(2026, 3, 2), 1)) == 9


def test_by_months_a_purchase_on_the_first_of_a_month_counts_that_month() -> None:
    assert months((date(2026, 3, 1), 1)) == 10


def test_by_months_the_month_of_redemption_does_not_count() -> None:
    assert months((FIRST, 1), (date(2026, 6, 30), -1)) == 5
    assert months((FIRST, 1), (date(2026, 7, 1), -1)) == 6


def test_by_months_the_lowest_balance_of_each_month_counts() -> None:
    held = ((FIRST, 1_000), (date(2026, 2, 10), -400), (date(2026, 2, 20), 500))
    assert months(*held) == 1_000 + 600 + 10 * 1_100


def test_by_months_two_movements_of_one_day_count_as_one() -> None:
    day = date(2026, 2, 10)
    assert months((FIRST, 1_000), (day, -1_000), (day, 1_000)) == 12_000


def test_by_months_the_last_day_earns_nothing() -> None:
    assert months((LAST, 1)) == 0


def test_by_months_a_fiscal_year_from_april_has_twelve_months() -> None:
    first, last = date(2026, 4, 1), date(2027, 3, 31)
    assert dividend.share_months([Held(first, 1)], first, last) == 12
    assert dividend.units_in_year(first, last, dividend.MONTHS) == 12
    assert dividend.units_in_year(first, last, dividend.DAYS) == 365


# --- the cap ---------------------------------------------------------------------------------


def test_a_pool_within_the_cap_stays_whole() -> None:
    assert dividend.cap_pool(1_000, 100_000 * 365, 1_000, 365) == 1_000


def test_a_pool_above_the_cap_is_cut_to_it() -> None:
    # 1,000 baht held all year at 10 % is 100 baht.
    assert dividend.cap_pool(50_000, 100_000 * 365, 1_000, 365) == 10_000


def test_the_cap_is_rounded_down_so_that_it_is_never_passed() -> None:
    assert dividend.cap_pool(50_000, 100_000 * 365 - 1, 1_000, 365) == 9_999


def test_without_a_cap_the_pool_stays_whole() -> None:
    assert dividend.cap_pool(50_000, 1, None, 365) == 50_000


# --- weights ---------------------------------------------------------------------------------


def test_a_group_without_a_weight_of_its_own_has_the_usual_one() -> None:
    assert patronage.weight_of({"rice": 100, "soap": 100}, {"rice": 20_000}, 10_000) == 3_000_000


def test_returns_are_taken_off_across_groups() -> None:
    assert patronage.weight_of({"rice": 100, "soap": -40}, {}, 10_000) == 600_000


def test_who_returned_more_than_was_bought_counts_nothing() -> None:
    assert patronage.weight_of({"rice": 100, "soap": -140}, {}, 10_000) == 0


def test_a_group_of_no_weight_counts_nothing() -> None:
    assert patronage.weight_of({"fuel": 100}, {"fuel": 0}, 10_000) == 0


@pytest.mark.parametrize(
    ("share", "expected"), [(0, (0, 101)), (5_000, (51, 50)), (10_000, (101, 0))]
)
def test_two_pools_add_up_to_the_one(share: int, expected: tuple[int, int]) -> None:
    assert patronage.pools(101, share) == expected


# --- parts -----------------------------------------------------------------------------------


def test_a_third_of_a_hundred_baht_three_ways() -> None:
    shared = share_out(10_000, [1, 1, 1])
    assert shared.satang == (3_334, 3_333, 3_333)
    assert (shared.left, shared.places, shared.remainders) == (1, (1, 2, 3), (1, 1, 1))


def test_the_largest_remainder_gets_the_satang_left_over() -> None:
    shared = share_out(10, [3, 3, 1])
    assert shared.satang == (4, 4, 2)  # 4.28…, 4.28…, 1.43…: the third has the largest remainder
    assert shared.places == (2, 3, 1)


def test_no_weight_gets_nothing_and_has_no_place() -> None:
    shared = share_out(100, [0, 3, 0, 4])
    assert shared.satang == (0, 43, 0, 57)
    assert shared.places[0] == shared.places[2] == 0


def test_what_is_retained_comes_off_the_patronage_first() -> None:
    parts = divide(10_000, 3_000, 2_000, to_keep(15_000, 3_000))
    assert (parts.retained, parts.cash_dividend, parts.cash_patronage) == (4_500, 10_000, 500)


def test_what_patronage_cannot_give_the_dividend_gives() -> None:
    parts = divide(10_000, 300, 0, to_keep(10_300, 5_000))
    assert (parts.retained, parts.cash_dividend, parts.cash_patronage) == (5_150, 5_150, 0)


def test_what_is_retained_is_rounded_half_up() -> None:
    assert to_keep(1, 5_000) == 1
    assert to_keep(1, 4_999) == 0


def test_a_common_refund_is_told_apart_by_weight() -> None:
    assert split_refund(101, 1, 1) == (51, 50)
    assert split_refund(0, 0, 0) == (0, 0)
