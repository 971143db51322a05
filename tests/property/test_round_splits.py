"""Whatever a round brought and whoever asked: nothing is lost, nobody gets more than they asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.rules import rounds
from inventory.rules.rounds import Came

STEPS = st.sampled_from([1, 1_000, 50_000])


@st.composite
def rounds_that_came(draw: st.DrawFn) -> tuple[Came, list[int]]:
    step = draw(STEPS)
    asked = draw(st.lists(st.integers(0, 200).map(lambda n: n * step), min_size=1, max_size=12))
    quantity = draw(st.integers(0, 3_000)) * step
    return Came(quantity, draw(st.integers(0, 10**9)) if quantity else 0, step), asked


@given(rounds_that_came())
def test_quantities_and_costs_are_conserved(case: tuple[Came, list[int]]) -> None:
    came, asked = case
    given_out = rounds.quantities(came, asked)
    assert len(given_out) == len(asked)
    assert all(0 <= one <= most for one, most in zip(given_out, asked, strict=True))
    assert all(one % came.step_milli == 0 for one in given_out)
    assert sum(given_out) == min(sum(asked), came.quantity_milli)
    costs = rounds.goods(came, given_out)
    assert sum(costs) == came.cost_satang
    assert min(costs) >= 0
    assert len(costs) == len(asked) + 1


@given(rounds_that_came())
def test_who_asks_more_never_gets_less(case: tuple[Came, list[int]]) -> None:
    came, asked = case
    given_out = rounds.quantities(came, asked)
    for i, first in enumerate(asked):
        for j, second in enumerate(asked):
            if first > second:
                assert given_out[i] >= given_out[j]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_transport_is_shared_to_the_satang(total: int, weights: list[int]) -> None:
    parts = rounds.extras(total, weights)
    assert sum(parts) == (total if sum(weights) else 0)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)
