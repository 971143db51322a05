"""A year's amount spread over its months; plan and actual seen from the centre."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.budgets import BudgetOutOfRange, check, compare, spread
from accounting.rules.moved import Part, moved_much, reasons
from core.money import SATANG_MAX


@given(st.integers(-SATANG_MAX, SATANG_MAX))
def test_a_year_spread_over_its_months_is_that_year(year: int) -> None:
    months = spread(year)
    assert len(months) == 12 and sum(months) == year
    assert max(months) - min(months) <= 1


def test_what_is_left_over_goes_to_the_first_months() -> None:
    assert spread(100_00) == (834,) * 4 + (833,) * 8


def test_more_income_is_good_and_more_cost_is_not() -> None:
    assert compare("income", 100, 120).better == 20
    assert compare("expense", 100, 120).better == -20
    # Discounts given stand below zero among income: more of them is worse.
    assert compare("income", -10, -30).better == -20


@pytest.mark.parametrize("months", [(0,) * 11, (SATANG_MAX + 1, *(0,) * 11)])
def test_other_than_twelve_amounts_a_field_may_hold_is_refused(months: tuple[int, ...]) -> None:
    with pytest.raises(BudgetOutOfRange):
        check(months)


@pytest.mark.parametrize(
    ("before", "now", "much"),
    [
        (100, 120, False),
        (100, 121, True),
        (100, 79, True),
        (0, 0, False),
        (0, 1, True),
        (-100, -130, True),
        (100, -100, True),
    ],
)
def test_a_figure_moved_much_when_by_more_than_its_percent(
    before: int, now: int, much: bool
) -> None:
    assert moved_much(before, now, 20) is much


_PARTS = st.dictionaries(
    st.sampled_from(["sale", "refund", "waste", "pay_out"]),
    st.builds(Part, st.integers(1, 9), st.integers(-1000, 1000)),
)


@given(_PARTS, _PARTS)
def test_reasons_add_up_to_the_change_largest_first(
    now: dict[str, Part], before: dict[str, Part]
) -> None:
    found = reasons(now, before)
    change = sum(part.amount for part in now.values()) - sum(p.amount for p in before.values())
    assert sum(one.change for one in found) == change
    assert [abs(one.change) for one in found] == sorted(
        (abs(one.change) for one in found), reverse=True
    )
