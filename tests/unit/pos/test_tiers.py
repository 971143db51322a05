"""What a quantity costs by unit and tiers: the vectors shared with the counter, and properties."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import telescope
from core.quantity import MILLI, price_of
from inventory.rules.scale_codes import ScaleCode
from inventory.rules.scale_codes import quantity as quantity_on_label
from pos.rules.offers import Offer, off_of
from pos.rules.tiers import (
    Tier,
    allowed,
    base_quantity,
    gross_of,
    may_be_printed,
    quantity_at,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "pricing.json").read_text(encoding="utf-8")
)
quantities = st.integers(1, 300_000)
prices = st.integers(1, 1_000_000)
tier_lists = st.lists(
    st.builds(Tier, st.integers(1, 30), st.integers(0, 5_000_000), st.booleans()), max_size=5
)


@pytest.mark.parametrize("case", VECTORS["tiers"], ids=lambda case: case["name"])
def test_server_and_counter_agree_on_tiers(case: dict[str, Any]) -> None:
    tiers = allowed([Tier(**one) for one in case["tiers"]], member=case["member"])
    found = gross_of(case["quantity_milli"], case["unit_price_satang"], tiers)
    assert {
        "gross_satang": found.satang,
        "tiers": [
            {
                "count": one.tier.count,
                "price_satang": one.tier.price_satang,
                "quantity_milli": one.quantity_milli,
                "members_only": one.tier.members_only,
            }
            for one in found.bundles
        ],
    } == case["expect"]


def test_server_and_counter_agree_on_units_labels_and_offers_by_unit() -> None:
    for one in VECTORS["bases"]:
        assert base_quantity(one["quantity_milli"], one["factor_milli"]) == one["expect"], one
    for one in VECTORS["printed"]:
        assert quantity_at(one["price_satang"], one["unit_price_satang"]) == one["expect"], one
    for one in VECTORS["offs"]:
        offer = Offer(UUID(int=1), None, "", False, one["kind"], one["value"], date(2026, 1, 1))
        assert off_of(offer, one["unit_price_satang"], one["factor_milli"]) == one["expect"], one


@given(quantities, prices, tier_lists)
def test_a_tier_never_makes_anything_dearer(quantity: int, price: int, tiers: list[Tier]) -> None:
    plain = price_of(quantity, price)
    assert 0 <= gross_of(quantity, price, tiers).satang <= plain
    assert gross_of(quantity, price, allowed(tiers, member=False)).satang <= plain
    assert gross_of(quantity, price).satang == plain


@given(quantities, prices, tier_lists)
def test_bundles_are_whole_and_cheapest_first_and_the_rest_goes_at_the_price_of_one(
    quantity: int, price: int, tiers: list[Tier]
) -> None:
    found = gross_of(quantity, price, tiers)
    whole = [one for one in found.bundles if one.tier.count > 1]
    for one in whole:
        assert one.quantity_milli % (one.tier.count * MILLI) == 0
        assert one.tier.price_of_one < price
    costs = [one.tier.price_of_one for one in whole]
    assert costs == sorted(costs)
    rest = quantity - sum(one.quantity_milli for one in found.bundles)
    assert rest >= 0
    assert found.satang == sum(one.satang for one in found.bundles) + price_of(rest, price)


@given(prices, tier_lists, st.permutations(range(5)))
def test_the_order_in_which_tiers_were_made_is_nothing_to_the_price(
    price: int, tiers: list[Tier], order: list[int]
) -> None:
    turned = [tiers[place] for place in order if place < len(tiers)]
    assert gross_of(30_000, price, tiers).satang == gross_of(30_000, price, turned).satang


@given(st.integers(1, 1_000_000), st.integers(1, 100_000), st.data())
def test_what_comes_back_in_steps_sums_to_what_was_sold_in_both_units(
    quantity: int, factor: int, data: st.DataObject
) -> None:
    base, before, back = base_quantity(quantity, factor), 0, 0
    while before < quantity:
        step = data.draw(st.integers(1, quantity - before))
        if quantity - before > 1 and before > 0:
            step = quantity - before
        back += telescope(base, quantity, before, step)
        before += step
    assert back == base


@given(st.integers(1, 10_000_000), prices)
def test_a_printed_price_is_right_for_the_weight_it_is_read_as(printed: int, price: int) -> None:
    label = ScaleCode("price", "00001", printed)
    assert quantity_at(printed, price) == quantity_on_label(label, price)
    assert may_be_printed(printed, quantity_at(printed, price), price)
    assert not may_be_printed(printed, quantity_at(printed, price) + 1, price)
