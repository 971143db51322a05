"""What may be kept as shares under the caps: the worked numbers of docs/shares.md, and edges."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from accounting.rules.shares import DEFAULTS, ShareRules
from accounting.rules.surplus.keeping import Kept, Wish, above, keep

FIFTH = DEFAULTS["cooperative"]


def kept(rules: ShareRules, *wishes: tuple[int, int]) -> Kept:
    return keep(rules, [Wish(*one) for one in wishes])


def test_the_example_of_the_page() -> None:
    # 10,000 baht are held, 2,000 by the first; 600 of hers, 200 of each other are to be kept.
    found = kept(FIFTH, (200_000, 60_000), *[(160_000, 20_000)] * 5)
    # 2,000 + x = (10,000 + 1,000 + x) / 5, so x = 250; a fifth of 11,250 is 2,250.
    assert found == Kept((25_000, *[20_000] * 5), 1_125_000, 225_000, by_part=True)


def test_who_is_above_already_keeps_nothing_and_gives_nothing_back() -> None:
    found = kept(FIFTH, (300_000, 50_000), *[(160_000, 20_000)] * 4, (60_000, 20_000))
    assert found == Kept((0, *[20_000] * 5), 1_100_000, 220_000, by_part=True)


def test_equal_holders_of_a_small_co_operative_keep_all_that_is_equal() -> None:
    assert kept(FIFTH, *[(100, 50)] * 5).satang == (50,) * 5
    # One satang less of one takes it from the others: five can hold a fifth only if all are equal.
    assert kept(FIFTH, (100, 49), *[(100, 50)] * 4).satang == (49,) * 5


def test_with_too_few_holders_the_part_is_not_judged() -> None:
    found = kept(FIFTH, *[(100, 50)] * 3, (1_000, 500))
    assert found.satang == (50, 50, 50, 500)
    assert found.limit is None


def test_who_begins_to_hold_by_this_counts_as_a_holder() -> None:
    found = kept(FIFTH, (1_000, 100), *[(0, 100)] * 4)
    assert found.satang == (0, 100, 100, 100, 100)


def test_a_most_number_of_shares_caps_too() -> None:
    ten = ShareRules(par_satang=10_00, most_shares=10)
    found = kept(ten, (99_00, 5_00), (100_00, 5_00), (120_00, 5_00), (0, 5_00))
    assert found.satang == (1_00, 0, 0, 5_00)
    assert (found.limit, found.by_part) == (100_00, False)
    both = replace(FIFTH, most_shares=10)
    assert kept(both, (99_00, 5_00), *[(99_00, 0)] * 9).by_part is False


def test_without_caps_everything_is_kept() -> None:
    found = kept(ShareRules(), (1_000, 100), (0, 7))
    assert (found.satang, found.limit) == ((100, 7), None)


def test_above_names_who_would_be_above_now() -> None:
    people = [UUID(int=n) for n in range(1, 7)]
    held = dict.fromkeys(people, 160_000) | {people[0]: 200_000}
    given = dict.fromkeys(people, 20_000) | {people[0]: 25_000}
    assert above(FIFTH, held, given) == []
    assert above(FIFTH, held | {people[5]: 150_000}, given) == [people[0]]
    assert above(FIFTH, held | {people[0]: 800_000}, {people[1]: 1}) == []  # who grows is judged
