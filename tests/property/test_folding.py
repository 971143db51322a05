"""No roll-up exposes a group of fewer than five households, not even by taking sums apart."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pos.rules.rollups import FEWEST_HOUSEHOLDS, NOBODY, People, fold, tellable

people = st.integers(0, 30).flatmap(
    lambda households: st.integers(households, households * 5).map(
        lambda members: People(members, households)
    )
)
groups = st.dictionaries(st.text("กขคงจ", max_size=3), people, max_size=12)


@given(groups)
@example({"ก": People(4, 4), "ข": People(40, 20), "ค": People(60, 30)})
@example({"ก": People(4, 4)})
@example({"ก": People(1, 1), "ข": People(1, 1), "ค": People(9, 9)})
def test_what_is_shown_or_can_be_worked_out_is_never_small(given_groups: dict[str, People]) -> None:
    found = fold(given_groups)
    there = {name: one for name, one in given_groups.items() if one.members}
    assert all(one.households >= FEWEST_HOUSEHOLDS for one in found.shown.values())
    assert all(there[name] == one for name, one in found.shown.items())
    whole = sum(there.values(), NOBODY)
    if found.hidden:
        assert whole.households < FEWEST_HOUSEHOLDS
        assert found.total is None
        assert not found.shown
        assert found.rest is None
        return
    assert found.total == whole
    left = People(
        whole.members - sum(one.members for one in found.shown.values()),
        whole.households - sum(one.households for one in found.shown.values()),
    )
    if found.rest is None:
        assert left == NOBODY
        assert set(found.shown) == set(there)
        return
    # Whoever takes the shown from the total learns no more than the rest, and that is no one group.
    assert found.rest == left
    assert left.households >= FEWEST_HOUSEHOLDS
    assert found.rest_groups == len(there) - len(found.shown) >= 2


@given(groups)
def test_folding_does_not_depend_on_the_order(given_groups: dict[str, People]) -> None:
    backwards = dict(reversed(given_groups.items()))
    first, second = fold(given_groups), fold(backwards)
    assert (first.rest, first.rest_groups, first.hidden) == (
        second.rest,
        second.rest_groups,
        second.hidden,
    )
    assert dict(first.shown) == dict(second.shown)


@given(groups)
def test_no_more_is_folded_than_must_be(given_groups: dict[str, People]) -> None:
    """Without its largest member the rest would be one group, or too small."""
    found = fold(given_groups)
    if found.rest is None:
        return
    folded = [one for name, one in given_groups.items() if one.members and name not in found.shown]
    large = [one for one in folded if one.large]
    if large:
        small = sum((one for one in folded if not one.large), NOBODY)
        assert len(large) == 1
        assert not small.large or len(folded) == 2


@given(people)
def test_a_count_is_told_of_five_households_or_of_nobody(one: People) -> None:
    assert (tellable(one) is None) == (one.members > 0 and one.households < FEWEST_HOUSEHOLDS)


def test_a_single_small_village_takes_the_next_smallest_with_it() -> None:
    found = fold({"a": People(6, 3), "b": People(15, 6), "c": People(40, 15)})
    assert set(found.shown) == {"c"}
    assert found.rest == People(21, 9)
