"""A producer's settlement by example: hold-back, returns after payout, caps, advances, minimum."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rules.settlement import (
    Line,
    NotEarned,
    OwedBack,
    Recipe,
    line_content,
    line_of,
    payable_lines,
    reckon,
)

PRODUCT = UUID(int=7)
DAY = date(2026, 11, 20)


def recipe(*, hold: int = 0, minimum: int = 0, back: int = 10_000, advance: int = 10_000) -> Recipe:
    return Recipe(hold, minimum, back, advance)


def line(
    number: int,
    amount: int,
    *,
    kind: str = "sale",
    day: date = DAY,
    original: int | None = None,
    settled: bool = False,
) -> Line:
    """Return a sale's line, or the return of the sale numbered `original`."""
    return Line(
        key=(kind, UUID(int=number), 1),
        business_date=day,
        product_id=PRODUCT,
        lot_no="L2569-00001",
        split_basis_points=8000,
        quantity_milli=1000 if amount >= 0 else -1000,
        base_satang=amount * 10 // 8,
        borne_satang=0,
        amount_satang=amount,
        original=None if original is None else ("sale", UUID(int=original), 1),
        original_settlement=UUID(int=1) if settled else None,
    )


def owed(number: int, left: int, *, carried: bool = False) -> OwedBack:
    back = line(number, -left, kind="refund", original=1, settled=True)
    return OwedBack(back, left, carried)


# --- which lines ------------------------------------------------------------------------------


def test_a_sale_is_payable_once_its_hold_back_is_over() -> None:
    last, late = line(1, 80, day=DAY - timedelta(days=7)), line(2, 80, day=DAY - timedelta(days=6))
    assert payable_lines([last, late], DAY, 7) == ([last], [])


def test_what_the_centre_bears_is_not_held_back() -> None:
    waste = line(1, 80, kind="waste")
    assert payable_lines([waste], DAY, 7) == ([waste], [])


def test_a_return_goes_with_the_sale_it_takes_back() -> None:
    sale, back = line(1, 80), line(2, -80, kind="refund", original=1)
    assert payable_lines([sale, back], DAY, 0) == ([sale, back], [])


def test_a_return_of_a_sale_held_back_waits_with_it() -> None:
    sale, back = line(1, 80), line(2, -80, kind="refund", original=1)
    assert payable_lines([sale, back], DAY, 3) == ([], [])


def test_a_return_of_a_settled_sale_is_owed_back() -> None:
    back = line(2, -80, kind="refund", original=1, settled=True)
    assert payable_lines([back], DAY, 3) == ([], [back])


def test_a_return_after_the_cut_off_waits() -> None:
    sale = line(1, 80)
    back = line(2, -80, kind="refund", original=1, day=DAY + timedelta(days=1))
    assert payable_lines([sale, back], DAY, 0) == ([sale], [])


# --- how much: the worked case of the return after payout -------------------------------------


def test_with_a_cap_of_all_the_next_settlement_pays_what_is_left_and_nothing_is_owed() -> None:
    result = reckon([line(3, 10_000)], [owed(2, 8_000)], 0, 0, recipe())
    assert (result.payout_satang, result.recovered_satang) == (2_000, 8_000)
    assert [one.left_satang for one in result.taken] == [0]


def test_with_half_it_takes_half_and_carries_the_rest_to_the_one_after() -> None:
    first = reckon([line(3, 10_000)], [owed(2, 8_000)], 0, 0, recipe(back=5_000))
    assert (first.payout_satang, [one.left_satang for one in first.taken]) == (5_000, [3_000])
    second = reckon([line(4, 10_000)], [owed(2, 3_000)], 0, 0, recipe(back=5_000))
    assert (second.payout_satang, [one.left_satang for one in second.taken]) == (7_000, [0])


def test_the_oldest_return_is_taken_first() -> None:
    result = reckon([line(3, 100)], [owed(1, 30), owed(2, 50)], 0, 0, recipe(back=5_000))
    assert [(one.owed.line.key[1].int, one.amount_satang) for one in result.taken] == [
        (1, 30),
        (2, 20),
    ]


def test_advances_are_netted_from_what_returns_leave() -> None:
    result = reckon([line(3, 100)], [owed(1, 40)], 500, 0, recipe(advance=5_000))
    assert (result.recovered_satang, result.netted_satang, result.payout_satang) == (40, 30, 30)


def test_too_little_to_pay_is_carried_and_nothing_is_taken_from_it() -> None:
    result = reckon([line(3, 90)], [owed(1, 40)], 20, 5, recipe(minimum=100))
    assert (result.carried_satang, result.payout_satang) == (95, 0)
    assert (result.recovered_satang, result.netted_satang) == (0, 0)


def test_goods_back_while_their_money_was_carried_are_taken_off_it_whole_whatever_the_cap() -> None:
    result = reckon([], [owed(1, 80, carried=True)], 0, 80, recipe(back=5_000, minimum=100))
    assert (result.recovered_satang, result.payout_satang, result.carried_satang) == (80, 0, 0)
    result = reckon(
        [line(3, 100)], [owed(1, 60), owed(2, 80, carried=True)], 0, 80, recipe(back=5_000)
    )
    assert [one.amount_satang for one in result.taken] == [50, 80]
    assert result.payout_satang == 50
    result = reckon([line(3, 40)], [owed(2, 80, carried=True)], 0, 90, recipe(minimum=100))
    assert (result.recovered_satang, result.payout_satang, result.carried_satang) == (80, 0, 50)


def test_what_was_carried_is_paid_with_the_next() -> None:
    result = reckon([line(3, 90)], [], 0, 95, recipe(minimum=100))
    assert (result.payout_satang, result.carried_satang) == (185, 0)


def test_nothing_left_after_returns_is_settled_not_carried() -> None:
    result = reckon([line(3, 90)], [owed(1, 200)], 0, 0, recipe(minimum=100))
    assert (result.payout_satang, result.carried_satang, result.recovered_satang) == (0, 0, 90)


def test_a_history_that_earned_less_than_nothing_is_refused() -> None:
    with pytest.raises(NotEarned):
        reckon([line(2, -80, kind="refund", original=1)], [], 0, 0, recipe())


def test_a_line_comes_back_from_the_statement_as_it_went_in() -> None:
    one = line(1, 80)
    assert line_of(line_content(one)) == one


amounts = st.integers(0, 10**9)
parts = st.integers(0, 10_000)


@given(
    st.lists(amounts, max_size=5),
    st.lists(st.integers(1, 10**9), max_size=5),
    amounts,
    amounts,
    st.builds(Recipe, st.just(0), amounts, parts, parts),
)
def test_a_settlement_adds_up_and_takes_no_more_than_it_may(
    earned: list[int], back: list[int], advances: int, brought: int, formula: Recipe
) -> None:
    lines = [line(number, amount) for number, amount in enumerate(earned, start=1)]
    owing = [owed(number, left) for number, left in enumerate(back, start=100)]
    result = reckon(lines, owing, advances, brought, formula)
    base = brought + sum(earned)
    assert base - result.recovered_satang - result.netted_satang == (
        result.payout_satang + result.carried_satang
    )
    assert result.recovered_satang <= base * formula.recovery_cap_basis_points // 10_000
    assert result.netted_satang <= advances
    assert result.payout_satang >= 0
    assert not (result.payout_satang and result.carried_satang)
    assert not 0 < result.payout_satang < formula.minimum_payout_satang
    assert [one.owed for one in result.taken] == owing
    begun = [one.left_satang for one in result.taken if one.amount_satang]
    assert all(left == 0 for left in begun[:-1]), "a younger return was taken before an older"
    assert all(one.amount_satang for one in result.taken[: len(begun)])
