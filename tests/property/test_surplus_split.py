"""Whatever parts a meeting thinks of: the uses add up to the surplus, in any order."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.surplus.uses import USES, WHOLE, Part, moved, split


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    """Any division of a million into uses, each at most once (other funds by fund)."""
    uses = draw(st.lists(st.sampled_from(USES), unique=True, min_size=1))
    extra = draw(st.integers(0, 3)) if "other_fund" in uses else 0
    names = [(use, None) for use in uses] + [
        ("other_fund", UUID(int=number + 1)) for number in range(extra)
    ]
    cuts = sorted(
        draw(st.lists(st.integers(0, WHOLE), min_size=len(names) - 1, max_size=len(names) - 1))
    )
    edges = [0, *cuts, WHOLE]
    return [
        Part(use, after - before, fund)
        for (use, fund), before, after in zip(names, edges, edges[1:], strict=False)
    ]


SURPLUS = st.integers(1, 10**13)


@given(SURPLUS, parts())
def test_the_uses_are_the_surplus_and_each_within_a_satang_of_its_part(
    surplus: int, some: list[Part]
) -> None:
    amounts = split(surplus, some)
    assert sum(one.satang for one in amounts) == surplus
    wanted = {(part.use, part.fund_id): Fraction(part.millionths, WHOLE) for part in some}
    for one in amounts:
        exact = surplus * wanted[one.use, one.fund_id]
        assert abs(one.satang - exact) < 1
        if one.use == "reserve":  # the law's least, to the satang
            assert one.satang >= exact
        if one.use == "committee":  # the law's most
            assert one.satang <= exact


@given(SURPLUS, parts(), st.randoms())
def test_the_order_of_the_parts_changes_nothing(
    surplus: int, some: list[Part], dice: object
) -> None:
    mixed = list(some)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert split(surplus, mixed) == split(surplus, some)


@given(SURPLUS, parts(), st.integers(0, 100), st.sampled_from(["reserve", "retained", "patronage"]))
def test_a_cut_moves_and_loses_nothing(
    surplus: int, some: list[Part], percent: int, to: str
) -> None:
    amounts = split(surplus, some)
    dividend = sum(one.satang for one in amounts if one.use == "dividend")
    cut = dividend * percent // 100
    after = moved(amounts, cut, to)
    assert sum(one.satang for one in after) == surplus
    assert sum(one.satang for one in after if one.use == "dividend") == dividend - cut
    assert all(one.satang > 0 for one in after)


@given(SURPLUS, parts(), st.data())
def test_a_larger_part_never_gets_less(surplus: int, some: list[Part], data: st.DataObject) -> None:
    """Moving millionths from one use to another never takes a satang from the receiver."""
    giver, taker = (
        data.draw(st.integers(0, len(some) - 1)),
        data.draw(st.integers(0, len(some) - 1)),
    )
    given_away = data.draw(st.integers(0, some[giver].millionths))
    changed = list(some)
    if giver == taker:
        return
    changed[giver] = Part(some[giver].use, some[giver].millionths - given_away, some[giver].fund_id)
    changed[taker] = Part(some[taker].use, some[taker].millionths + given_away, some[taker].fund_id)
    key = (some[taker].use, some[taker].fund_id)
    before = {(one.use, one.fund_id): one.satang for one in split(surplus, some)}
    after = {(one.use, one.fund_id): one.satang for one in split(surplus, changed)}
    assert after[key] >= before[key]
