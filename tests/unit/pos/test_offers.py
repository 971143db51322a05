"""Promotions and who bears a discount, by the vectors shared with the counter and by property."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewLine
from pos.rules import offers
from pos.rules.offers import Offer
from pos.rules.parts import returned_parts
from pos.rules.posting import Money, SoldPart, sale_lines
from pos.rules.pricing import BasketLine, Bearing, price_basket, producer_part

VECTORS = Path(__file__).parents[2] / "vectors" / "offers.json"
CASES = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
FUND, OTHER_FUND, TILL, LOT, PRODUCER = (UUID(int=number) for number in range(1, 6))
FUNDS = {FUND: Purpose.WELFARE_FUND, OTHER_FUND: Purpose.OTHER_FUNDS}


def offer(facts: dict[str, Any]) -> Offer:
    until = facts["valid_until"]
    return Offer(
        **facts
        | {
            "id": UUID(facts["id"]),
            "product_id": UUID(facts["product_id"]) if facts["product_id"] else None,
            "valid_from": date.fromisoformat(facts["valid_from"]),
            "valid_until": date.fromisoformat(until) if until else None,
        }
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_best_offer_is_the_vectors(case: dict[str, Any]) -> None:
    product, day = case["product"], date.fromisoformat(case["day"])
    running = [
        one
        for one in map(offer, case["offers"])
        if offers.in_force(one, day)
        and offers.covers(one, UUID(product["id"]), product["category"])
    ]
    ranking = offers.ranked(running, product["price_satang"])
    assert [
        {"id": str(one.id), "off_satang": off, "members_only": one.members_only}
        for one, off in ranking
    ] == case["listed"]
    found = next((one for one in ranking if case["member"] or not one[0].members_only), None)
    discount = offers.discount_of(case["quantity_milli"], found[1]) if found else 0
    wanted = str(found[0].id) if found and discount else None
    assert {"promotion_id": wanted, "discount_satang": discount} == case["expect"]


@given(
    st.sampled_from(["percent", "amount", "price"]),
    st.integers(0, 10_000),
    st.integers(0, 10_000_000),
    st.integers(1, 10_000_000),
)
def test_an_offer_never_takes_more_than_the_line(
    kind: str, value: int, price: int, quantity: int
) -> None:
    one = Offer(FUND, None, "", False, kind, value, date(2026, 1, 1))
    off = offers.off_of(one, price)
    [line] = price_basket([BasketLine(1000, 1), BasketLine(quantity, price)])[1:]
    assert 0 <= off <= price
    assert offers.discount_of(quantity, off) <= line.gross_satang


def bearings() -> st.SearchStrategy[Bearing]:
    return st.one_of(
        st.sampled_from(["centre", "producer", "shared"]).map(Bearing),
        st.integers(1, 9_999).map(lambda part: Bearing("shared", part)),
        st.sampled_from([FUND, OTHER_FUND]).map(lambda fund: Bearing("centre", None, fund)),
    )


@given(bearings(), bearings(), st.integers(0, 100_000), st.integers(0, 10_000))
def test_what_is_borne_sums_to_what_was_given(
    own: Bearing, whole: Bearing, price: int, part: int
) -> None:
    line_discount = price * part // 20_000
    basket = (price - line_discount) * part // 20_000
    _, line = price_basket(
        [BasketLine(1000, 1), BasketLine(1000, price, line_discount, own)], basket, whole
    )
    given_away = line.discount_satang + line.basket_discount_satang
    assert (
        line.centre_borne_satang
        + line.producer_borne_satang
        + line.shared_borne_satang
        + sum(amount for _, amount in line.charged)
    ) == given_away
    assert line.centre_borne_satang >= 0 and line.producer_borne_satang >= 0


@pytest.mark.parametrize(
    ("part", "discount", "wanted"), [(3000, 1000, 300), (5000, 1, 1), (5000, 3, 2), (3333, 100, 33)]
)
def test_the_producers_set_part_rounds_halves_up(part: int, discount: int, wanted: int) -> None:
    assert producer_part(Bearing("shared", part), discount) == wanted


def part_of(ownership: str, **amounts: Any) -> SoldPart:
    facts: dict[str, Any] = {
        "line_no": 1,
        "quantity_milli": 1000,
        "ownership": ownership,
        "net_satang": 9000,
        "discount_satang": 1000,
        "tax_satang": 0,
        "tax_rate_basis_points": 0,
        "cost_satang": 6000 if ownership == "own" else 0,
        "share_satang": 0 if ownership == "own" else 8000,
        "lot_id": LOT,
        "producer_id": PRODUCER,
        "producer_member_id": None,
    }
    return SoldPart(**facts | amounts)


def nets(lines: tuple[NewLine, ...]) -> dict[Purpose, int]:
    return {line.purpose: line.debit - line.credit for line in lines}


def paid(part: SoldPart) -> Money:
    return Money(part.net_satang, 0, 0, TILL)


def test_a_fund_pays_and_the_rest_is_as_if_at_full_price() -> None:
    own = part_of("own", charged=((FUND, 1000),))
    assert nets(sale_lines([own], paid(own), None, FUNDS)) == {
        Purpose.CASH_TILL: 9000,
        Purpose.SALES: -10_000,
        Purpose.COST_OF_GOODS: 6000,
        Purpose.INVENTORY: -6000,
        Purpose.WELFARE_FUND: 1000,
    }
    consigned = part_of("consigned", charged=((FUND, 1000),))
    assert nets(sale_lines([consigned], paid(consigned), None, FUNDS)) == {
        Purpose.CASH_TILL: 9000,
        Purpose.CONSIGNMENT_PAYABLE: -8000,
        Purpose.COMMISSION: -2000,
        Purpose.WELFARE_FUND: 1000,
    }


@given(
    st.integers(1, 9_000),
    st.integers(0, 1_000),
    st.lists(st.integers(1, 500), min_size=1, max_size=8),
)
def test_refunds_in_parts_give_each_fund_its_part_back(
    net: int, charged: int, steps: list[int]
) -> None:
    whole = part_of(
        "own",
        quantity_milli=sum(steps),
        net_satang=net,
        discount_satang=charged,
        charged=((FUND, charged), (OTHER_FUND, charged // 3)),
    )
    back, pieces = 0, []
    for taken in steps:
        pieces += returned_parts([whole], back, taken)
        back += taken
    for at, fund in enumerate((FUND, OTHER_FUND)):
        assert sum(dict(piece.charged)[fund] for piece in pieces) == whole.charged[at][1]


def test_an_offer_that_helps_another_unit_alone_is_told() -> None:
    dearer = Offer(UUID(int=9), None, "", False, "price", 500, date(2026, 1, 1))
    assert offers.ranked([dearer], 500) == []  # an egg is 5.00 already
    assert offers.ranked([dearer], 500, [(16_000, 30_000)]) == [(dearer, 0)]  # a tray is not 150
    assert offers.ranked([dearer], 500, [(14_000, 30_000)]) == []
