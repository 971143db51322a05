"""Pricing, tender and rounding: the same vectors the counter's JavaScript runs, and properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.rules.pricing import BasketLine, Bearing, DiscountTooLarge, NothingToSell, price_basket
from pos.rules.tender import TenderShort, TenderTooMuch, settle_tender, spread_rounding

VECTORS = Path(__file__).parents[2] / "vectors" / "pricing.json"
CASES = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_server_and_counter_agree(case: dict[str, Any]) -> None:
    lines = price_basket(
        [
            BasketLine(
                one["quantity_milli"], one["unit_price_satang"], one.get("discount_satang", 0)
            )
            for one in case["lines"]
        ],
        case.get("discount_satang", 0),
    )
    total = sum(line.net_satang for line in lines)
    tender = settle_tender(
        total,
        [(one["method"], one["amount_satang"]) for one in case["payments"]],
        case["cash_rounding_satang"],
    )
    assert {
        "gross_satang": [line.gross_satang for line in lines],
        "net_satang": [line.net_satang for line in lines],
        "total_satang": total,
        "rounding_satang": tender.rounding_satang,
        "due_satang": tender.due_satang,
        "change_satang": tender.change_satang,
    } == case["expect"]


def test_a_discount_above_the_line_is_refused_with_the_largest() -> None:
    with pytest.raises(DiscountTooLarge) as refused:
        price_basket([BasketLine(1000, 5000, discount_satang=5001)])
    assert refused.value.facts == {"largest_satang": 5000}


def test_a_basket_discount_above_the_nets_is_refused() -> None:
    with pytest.raises(DiscountTooLarge):
        price_basket([BasketLine(1000, 5000, 4000)], 1001)


def test_a_basket_worth_nothing_is_refused() -> None:
    with pytest.raises(NothingToSell):
        price_basket([BasketLine(1000, 0)])


def test_bearers_take_what_was_given_away() -> None:
    [line] = price_basket(
        [BasketLine(1000, 10_000, 500, Bearing("producer"))], 300, Bearing("shared")
    )
    assert (line.producer_borne_satang, line.shared_borne_satang) == (500, 300)
    assert line.net_satang == 9_200


@given(
    st.lists(
        st.tuples(st.integers(1, 10_000_000), st.integers(1, 10_000_000)), min_size=1, max_size=40
    ),
    st.integers(0, 10_000),
)
def test_lines_always_add_up(lines: list[tuple[int, int]], per_ten_thousand: int) -> None:
    basket = [BasketLine(quantity, price) for quantity, price in lines]
    try:
        gross = sum(line.gross_satang for line in price_basket(basket))
    except NothingToSell:
        return
    discount = gross * per_ten_thousand // 10_000
    priced = price_basket(basket, discount)
    assert sum(line.basket_discount_satang for line in priced) == discount
    for line in priced:
        assert line.net_satang >= 0
        assert line.gross_satang - line.discount_satang - line.basket_discount_satang == (
            line.net_satang
        )


def test_short_cash_says_how_much_is_missing() -> None:
    with pytest.raises(TenderShort) as refused:
        settle_tender(10_000, [("cash", 9_900)])
    assert refused.value.facts["missing_satang"] == 100


def test_a_transfer_above_the_total_is_refused() -> None:
    with pytest.raises(TenderTooMuch):
        settle_tender(10_000, [("promptpay", 10_001)])


def test_cash_with_nothing_left_to_pay_is_refused() -> None:
    with pytest.raises(TenderTooMuch):
        settle_tender(10_000, [("promptpay", 10_000), ("cash", 100)])


def test_a_transfer_is_never_rounded() -> None:
    tender = settle_tender(10_017, [("transfer", 10_017)], 25)
    assert (tender.rounding_satang, tender.due_satang) == (0, 10_017)


@given(
    total=st.integers(1, 10**9),
    transferred=st.integers(0, 10**9),
    extra=st.integers(0, 100_000),
    grid=st.sampled_from([0, 25, 50, 100]),
)
def test_money_is_conserved(total: int, transferred: int, extra: int, grid: int) -> None:
    transferred = min(transferred, total - 1)
    left = total - transferred
    payments = [("transfer", transferred)] if transferred else []
    if left < grid:
        left = grid  # with less than one coin of the grid left, no cash is due at all
        with pytest.raises(TenderTooMuch):
            settle_tender(total, [*payments, ("cash", left + extra)], grid)
        return
    tender = settle_tender(total, [*payments, ("cash", left + extra)], grid)
    assert tender.paid_satang - tender.change_satang == tender.due_satang
    assert tender.cash_kept_satang + tender.transferred_satang == tender.due_satang
    assert -max(grid, 1) < tender.rounding_satang <= 0


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20), st.integers(0, 99))
def test_rounding_is_spread_without_loss(nets: list[int], rounding: int) -> None:
    rounding = min(rounding, sum(nets))
    paid = spread_rounding(-rounding, nets, 100)
    assert sum(paid) == sum(nets) - rounding
    assert all(0 <= one <= net for one, net in zip(paid, nets, strict=True))


def test_rounding_falls_on_the_line_that_needs_it() -> None:
    assert spread_rounding(-9, [35_000, 2109, 1000], 25) == [35_000, 2100, 1000]


def test_what_no_line_can_take_falls_on_the_largest() -> None:
    assert spread_rounding(-20, [1000, 5000], 25) == [1000, 4980]
