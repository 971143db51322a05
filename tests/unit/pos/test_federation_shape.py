"""The association's shape: the seed's control totals, whatever the dice say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.rules.federation import (
    EXAMPLE,
    FEWEST,
    MEMBERS,
    NETWORKS,
    ORGANISATIONS,
    VILLAGES_MAX,
    NetworkFacts,
    NotTheSeed,
    check_totals,
    organisations_of,
    shared_out,
    traded_over,
    villages_of,
)
from pos.services.demo import federation

SEED = {
    1: (10, 680),
    2: (55, 10_700),
    3: (30, 3_168),
    4: (10, 1_300),
    5: (11, 800),
    6: (20, 2_000),
    7: (6, 335),
    8: (8, 450),
    9: (17, 1_970),
    10: (10, 2_000),
}
"""Organisations and members of each network, as the association published them."""


def test_the_facts_are_those_of_the_seed() -> None:
    facts = federation.facts()
    assert {one.no: (one.organisations, one.members) for one in facts} == SEED
    assert [one.unit for one in facts].count("ศูนย์") == 1
    check_totals(
        len(facts), sum(one.organisations for one in facts), sum(one.members for one in facts)
    )
    assert (NETWORKS, ORGANISATIONS, MEMBERS) == (10, 177, 23_403)


def test_other_totals_are_our_own_mistake() -> None:
    for found in ((9, 177, 23_403), (10, 176, 23_403), (10, 177, 23_402)):
        with pytest.raises(NotTheSeed):
            check_totals(*found)


@given(st.integers(0, 10_000))
def test_whatever_the_dice_every_network_has_its_organisations_and_members(seed: int) -> None:
    made = [one for facts in federation.facts() for one in organisations_of(facts, seed)]
    assert len(made) == ORGANISATIONS
    assert sum(one.members for one in made) == MEMBERS
    for no, (organisations, members) in SEED.items():
        own = [one for one in made if one.network_no == no]
        assert (len(own), sum(one.members for one in own)) == (organisations, members)
    assert len({one.code for one in made}) == len({one.name for one in made}) == ORGANISATIONS
    assert all(one.name.endswith(EXAMPLE) for one in made)
    assert all(one.members >= FEWEST for one in made)


def test_the_same_seed_makes_the_same_association() -> None:
    [facts] = [one for one in federation.facts() if one.no == 7]
    assert organisations_of(facts, 1) == organisations_of(facts, 1)
    assert organisations_of(facts, 1) != organisations_of(facts, 2)


@given(st.integers(1, 60), st.integers(0, 5_000), st.integers())
def test_members_are_shared_out_to_the_last(organisations: int, more: int, seed: int) -> None:
    members = organisations * FEWEST + more
    sizes = shared_out(members, organisations, random.Random(seed))
    assert sum(sizes) == members
    assert min(sizes) >= FEWEST


@given(st.integers(1, 2_000), st.integers())
def test_villages_hold_everybody(people: int, seed: int) -> None:
    villages = villages_of(people, random.Random(seed))
    assert sum(count for _, count in villages) == people
    assert 1 <= len(villages) <= VILLAGES_MAX
    assert len({name for name, _ in villages}) == len(villages)


@given(st.integers(0, 10_000), st.integers(1, 20))
def test_sales_are_exactly_as_many_as_asked_for(sales: int, centres: int) -> None:
    parts = traded_over(sales, centres)
    assert sum(parts) == sales
    assert max(parts) - min(parts) <= 1


def test_too_few_members_for_so_many_organisations_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        organisations_of(NetworkFacts(1, "x", "องค์กร", 3, 20), 1)
