"""Whatever goes into a batch, every satang and every thousandth comes out of it somewhere."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import DomainError
from inventory.rules.production import Came, Party, shared, work_out
from inventory.rules.repacking import carried

money = st.integers(0, 10_000_000)
weights = st.lists(st.integers(1, 1_000_000), min_size=1, max_size=6)


@st.composite
def parties(draw: st.DrawFn) -> list[Party]:
    many = draw(st.integers(1, 5))
    return [
        Party(
            draw(st.integers(1, 5_000_000)),
            draw(money) if (ours := draw(st.booleans())) else 0,
            ours=ours,
        )
        for _ in range(many)
    ]


@st.composite
def goods(draw: st.DrawFn) -> Came:
    whole = draw(st.booleans())
    quantity = draw(st.integers(1, 2_000)) * (1000 if whole else 1)
    kept = (
        draw(st.integers(0, quantity // 1000)) * 1000 if whole else draw(st.integers(0, quantity))
    )
    return Came(
        draw(st.sampled_from(["main", "by_product", "waste"])),
        quantity,
        draw(st.integers(0, 50_000)),
        draw(st.integers(0, 5_000)),
        whole=whole,
        kept_milli=kept,
    )


@given(
    parties(),
    money,
    st.lists(goods(), min_size=1, max_size=5),
    st.sampled_from(["weight", "value"]),
    st.sampled_from(["spread", "expense"]),
    st.integers(0, 10_000_000),
)
def test_cost_and_goods_are_conserved(
    who: list[Party], common: int, came: list[Came], basis: str, loss_rule: str, in_grams: int
) -> None:
    try:
        found = work_out(who, common, came, basis=basis, loss_rule=loss_rule, in_grams=in_grams)
    except DomainError:
        assume(False)
    carried_cost = sum(cost for line in found.costs for cost in line)
    went_in = common + sum(party.cost_satang for party in who)
    assert carried_cost + found.loss_satang + found.spent_satang == went_in
    assert min([found.loss_satang, found.spent_satang, *(c for x in found.costs for c in x)]) >= 0
    for one, line in zip(came, found.shares, strict=True):
        left = 0 if one.role == "waste" else one.quantity_milli - one.kept_milli
        assert sum(line) == left
        assert not one.whole or all(part % 1000 == 0 for part in line)
    for line in found.costs:
        assert all(party.ours or not cost for party, cost in zip(who, line, strict=True))


@given(st.integers(0, 1_000_000), weights)
def test_nobody_gets_a_thousandth_more_than_the_weight_says(total: int, by: list[int]) -> None:
    parts = shared(total, by, whole=False)
    assert sum(parts) == total
    for part, weight in zip(parts, by, strict=True):
        assert abs(part * sum(by) - total * weight) < sum(by)


@given(st.integers(0, 1_000_000), st.integers(1, 100_000), st.integers(1, 100_000))
def test_terms_carried_to_the_same_weight_stay_the_same(floor: int, old: int, new: int) -> None:
    terms = {"split_basis_points": 8000, "tiers": [], "floor_satang": floor, "fee_satang": 0}
    there = carried(terms, old, new)
    assert carried(terms, old, old) == terms
    assert carried(None, old, new) is None
    assert there is not None
    # Half a satang a unit of rounding, no more.
    assert abs(there["floor_satang"] * old - floor * new) * 2 <= old
