"""Floor, fee, levy and steps, by example and over anything a sale may bring."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quantity import price_of
from inventory.rules.terms import (
    LevyNeedsFund,
    Outcome,
    Terms,
    TermsPastWhole,
    Tier,
    TiersDisordered,
    levied_into,
    require_sound,
    terms_of,
)

FUND = UUID(int=7)


@pytest.mark.parametrize(
    ("terms", "base", "milli", "borne", "outcome"),
    [
        (Terms(8000), 10_000, 1_000, 0, (8_000, 0, 0)),
        (Terms(8000), 10_000, 1_000, 500, (7_500, 0, 500)),
        # two percent of each sale into the fund, out of the centre's part
        (Terms(8000, levy_basis_points=200, levy_fund_id=FUND), 10_000, 1_000, 0, (8_000, 200, 0)),
        # three baht a jar kept by the centre; never more than the producer's part
        (Terms(8000, fee_satang=300), 30_000, 3_000, 0, (23_100, 0, 0)),
        (Terms(8000, fee_satang=9_000), 10_000, 1_000, 0, (0, 0, 0)),
        # seventy-five baht a jar is promised: of ten baht off the producer bears five
        (Terms(8000, floor_satang=7_500), 10_000, 1_000, 1_000, (7_500, 0, 500)),
        (Terms(8000, floor_satang=8_500), 10_000, 1_000, 1_000, (8_500, 0, 0)),
        (Terms(8000, floor_satang=7_500), 20_000, 2_000, 0, (16_000, 0, 0)),
        # without a floor the share may fall below zero, which the sale refuses
        (Terms(5000), 1_000, 1_000, 900, (-400, 0, 900)),
        # rounding never takes both parts past the whole
        (Terms(5000, levy_basis_points=5000, levy_fund_id=FUND), 1, 1_000, 0, (1, 0, 0)),
    ],
)
def test_terms_by_example(
    terms: Terms, base: int, milli: int, borne: int, outcome: tuple[int, int, int]
) -> None:
    assert terms.outcome(base, milli, borne) == Outcome(*outcome)


@pytest.mark.parametrize(
    ("base", "milli", "split"),
    [
        (9_999, 1_000, 7_000),
        (10_000, 1_000, 8_000),  # a hundred baht a unit reaches the step
        (19_999, 2_000, 8_000),  # 99.995 is a hundred when halves go up
        (20_000, 1_000, 8_500),
    ],
)
def test_steps_by_price_count_for_the_whole_line(base: int, milli: int, split: int) -> None:
    terms = Terms(7000, (Tier("price", 10_000, 8000), Tier("price", 20_000, 8500)))
    assert terms.split_at(base, milli) == split


def test_steps_by_quantity_count_what_this_lot_gave() -> None:
    terms = Terms(7000, (Tier("quantity", 10_000, 7500),))
    assert terms.outcome(99_900, 9_990).share_satang == 69_930
    assert terms.outcome(100_000, 10_000).share_satang == 75_000


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        (Terms(9900, levy_basis_points=101, levy_fund_id=FUND), TermsPastWhole),
        (
            Terms(8000, (Tier("price", 1, 9950),), levy_basis_points=100, levy_fund_id=FUND),
            TermsPastWhole,
        ),
        (Terms(8000, levy_basis_points=100), LevyNeedsFund),
        (Terms(8000, levy_fund_id=FUND), LevyNeedsFund),
        (Terms(8000, (Tier("price", 5, 1), Tier("price", 5, 2))), TiersDisordered),
        (Terms(8000, (Tier("price", 5, 1), Tier("quantity", 6, 2))), TiersDisordered),
        (Terms(8000, (Tier("price", 0, 1),)), TiersDisordered),
        (Terms(8000, tuple(Tier("price", n, n) for n in range(1, 12))), TiersDisordered),
    ],
)
def test_what_does_not_hold_together_is_refused(terms: Terms, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        require_sound(terms)


def test_a_lot_without_whole_terms_has_its_split() -> None:
    assert terms_of(None, 8500) == Terms(8500)
    assert levied_into(None) == (None, "")


@st.composite
def agreed(draw: st.DrawFn, *, with_steps: bool = True) -> Terms:
    split = draw(st.integers(0, 10_000))
    levy = draw(st.integers(0, 10_000 - split))
    starts = draw(st.lists(st.integers(1, 200_000), unique=True, max_size=3)) if with_steps else []
    by = draw(st.sampled_from(["price", "quantity"]))
    return Terms(
        split_basis_points=split,
        tiers=tuple(
            Tier(by, start, draw(st.integers(0, 10_000 - levy))) for start in sorted(starts)
        ),
        floor_satang=draw(st.sampled_from([0, 1, 5_000]) | st.integers(0, 50_000)),
        fee_satang=draw(st.sampled_from([0, 100]) | st.integers(0, 50_000)),
        levy_basis_points=levy,
        levy_fund_id=FUND if levy else None,
    )


bases = st.integers(0, 10_000_000)
quantities = st.integers(1, 1_000_000)
borne_amounts = st.just(0) | st.integers(0, 1_000_000)


@given(agreed())
def test_terms_come_back_from_json_as_they_were(terms: Terms) -> None:
    require_sound(terms)
    frozen: dict[str, Any] = terms.content() | {"levy_purpose": "welfare_fund"}
    assert terms_of(frozen, 1) == terms
    assert levied_into(frozen) == ((FUND, "welfare_fund") if terms.levy_fund_id else (None, ""))


@given(agreed(), bases, quantities, borne_amounts)
def test_the_auditor_finds_the_same_from_what_is_kept(
    terms: Terms, base: int, milli: int, borne: int
) -> None:
    kept = terms.outcome(base, milli, borne)
    assert terms.outcome(base, milli, kept.borne_satang) == kept
    assert 0 <= kept.borne_satang <= borne


@given(agreed(), bases, quantities, borne_amounts)
def test_the_floor_is_kept_and_without_one_the_parts_fit_the_price(
    terms: Terms, base: int, milli: int, borne: int
) -> None:
    found = terms.outcome(base, milli, borne)
    if terms.floor_satang:
        assert found.share_satang >= price_of(milli, terms.floor_satang)
    else:
        assert found.share_satang + found.borne_satang + found.levy_satang <= base
    assert 0 <= found.levy_satang <= base


@given(agreed(with_steps=False), bases, bases, quantities, borne_amounts)
def test_a_higher_price_never_gives_anyone_less(
    terms: Terms, one: int, other: int, milli: int, borne: int
) -> None:
    low, high = sorted((one, other))
    below, above = terms.outcome(low, milli, borne), terms.outcome(high, milli, borne)
    assert below.share_satang <= above.share_satang
    # a satang of rounding apart: the levy gives way where both halves are rounded up
    assert below.levy_satang <= above.levy_satang + 1


@given(agreed(), bases, quantities, borne_amounts, borne_amounts)
def test_a_larger_discount_never_gives_the_producer_more(
    terms: Terms, base: int, milli: int, one: int, other: int
) -> None:
    small, large = sorted((one, other))
    assert (
        terms.outcome(base, milli, large).share_satang
        <= terms.outcome(base, milli, small).share_satang
    )
