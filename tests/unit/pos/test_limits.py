"""How far a cashier goes alone with discounts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.money import half_up_div
from pos.rules.limits import WHOLE, Given, beyond

TEN_PERCENT = 1_000


def test_each_line_and_the_whole_bill_stay_within_the_part() -> None:
    assert not beyond([Given(10_000, 1_000)], 0, TEN_PERCENT, None)
    assert beyond([Given(10_000, 1_001)], 0, TEN_PERCENT, None)
    # A dear line does not lend its share to a cheap one, nor the basket to either.
    assert beyond([Given(10_000, 0), Given(1_000, 200)], 0, TEN_PERCENT, None)
    assert not beyond([Given(10_000, 500)], 500, TEN_PERCENT, None)
    assert beyond([Given(10_000, 500)], 501, TEN_PERCENT, None)


def test_the_sum_holds_for_the_whole_bill() -> None:
    assert not beyond([Given(10_000, 300), Given(10_000, 300)], 400, None, 1_000)
    assert beyond([Given(10_000, 300), Given(10_000, 300)], 401, None, 1_000)


def test_no_limit_asks_nobody_and_a_limit_of_nothing_asks_always() -> None:
    assert not beyond([Given(100, 100)], 0, None, None)
    assert beyond([Given(10_000, 1)], 0, 0, None)
    assert beyond([Given(10_000, 1)], 0, None, 0)
    assert not beyond([Given(10_000, 0)], 0, 0, 0)


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=8), st.integers(0, WHOLE))
def test_just_the_part_of_a_line_rounded_to_the_satang_is_allowed(
    prices: list[int], part: int
) -> None:
    one = prices[0]
    allowed = half_up_div(one * part, WHOLE)
    assert not beyond([Given(one, allowed)], 0, part, None)
    assert beyond([Given(one, allowed + 1)], 0, part, None)


@given(
    st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)), max_size=6),
    st.integers(0, 100_000),
    st.none() | st.integers(0, WHOLE),
    st.none() | st.integers(0, 100_000),
)
def test_taking_less_off_never_goes_further_beyond(
    pairs: list[tuple[int, int]], basket: int, part: int | None, satang: int | None
) -> None:
    lines = [Given(*pair) for pair in pairs]
    less = [Given(line.gross_satang, line.by_hand_satang // 2) for line in lines]
    if not beyond(lines, basket, part, satang):
        assert not beyond(less, basket, part, satang)
        assert not beyond(lines, basket // 2, part, satang)
