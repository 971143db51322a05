"""What is kept under the caps is the most that keeps them: against trimming again and again."""

from __future__ import annotations

from datetime import date
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.shares import WHOLE, ShareRules, largest_allowed
from accounting.rules.surplus.keeping import ShareBook, Wish, above, keep
from accounting.rules.surplus.parts import to_keep
from accounting.rules.surplus.reckoning import MemberFacts, Pools, reckon
from accounting.rules.surplus.taking_part import MemberRules

small = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=9)
large = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=30)
wishes = (small | large).map(lambda some: [Wish(*one) for one in some])
rule_sets = st.builds(
    ShareRules,
    par_satang=st.sampled_from((1, 10)),
    most_shares=st.none() | st.integers(1, 100),
    largest_part_basis_points=st.none() | st.sampled_from((500, 1_250, 2_000, 3_000, 5_000)),
)


def slowly(rules: ShareRules, some: list[Wish]) -> list[int]:
    """Keep everything; trim whoever grew above a cap; look again, until nobody is."""
    found = [wish.wanted for wish in some]
    holders = sum(wish.held + wish.wanted > 0 for wish in some)
    while True:
        total = sum(wish.held for wish in some) + sum(found)
        limit = largest_allowed(rules, total, holders)
        if limit is None:
            return found
        trimmed = [
            max(0, min(satang, limit - wish.held)) for satang, wish in zip(found, some, strict=True)
        ]
        if trimmed == found:
            return found
        found = trimmed


@given(rule_sets, wishes)
def test_the_most_is_kept_and_nobody_who_grows_is_above(
    rules: ShareRules, some: list[Wish]
) -> None:
    found = keep(rules, some)
    assert list(found.satang) == slowly(rules, some)
    assert found.total == sum(wish.held for wish in some) + sum(found.satang)
    for wish, satang in zip(some, found.satang, strict=True):
        assert 0 <= satang <= wish.wanted
        if satang and found.limit is not None:
            assert wish.held + satang <= found.limit
            if found.by_part:
                part = rules.largest_part_basis_points or 0
                assert (wish.held + satang) * WHOLE <= found.total * part


@given(rule_sets, wishes, st.randoms(use_true_random=False))
def test_the_order_changes_nothing_and_nobody_is_above_right_after(
    rules: ShareRules, some: list[Wish], random: Random
) -> None:
    found = keep(rules, some)
    order = list(range(len(some)))
    random.shuffle(order)
    other = keep(rules, [some[i] for i in order])
    assert [found.satang[i] for i in order] == list(other.satang)
    people = [UUID(int=n) for n in range(len(some))]
    held = {who: wish.held for who, wish in zip(people, some, strict=True) if wish.held}
    if sum(wish.held + got > 0 for wish, got in zip(some, found.satang, strict=True)) == sum(
        wish.held + wish.wanted > 0 for wish in some
    ):
        assert above(rules, held, dict(zip(people, found.satang, strict=True))) == []


FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def facts(number: int, days: int, bought: int) -> MemberFacts:
    """A member with so many satang-days and purchases."""
    return MemberFacts(
        UUID(int=number), f"{number:05d}", "member", FIRST, 1, days, 0, (), {"": bought}, {}, 0
    )  # fmt: skip


@given(
    rule_sets,
    st.lists(st.tuples(*[st.integers(1, 10**6)] * 2, st.integers(0, 10**6)), min_size=1),
    st.integers(0, 10**7),
    st.integers(1, 10_000),
    st.randoms(use_true_random=False),
)
def test_in_a_whole_run_what_is_not_kept_is_paid(
    rules: ShareRules,
    some: list[tuple[int, int, int]],
    pool: int,
    part: int,
    random: Random,
) -> None:
    people = [facts(number, days, bought) for number, (days, bought, _) in enumerate(some)]
    held = {UUID(int=number): satang for number, (_, _, satang) in enumerate(some) if satang}
    inside = frozenset(one.member_id for one in people if random.random() < 0.9)
    book = ShareBook(held, inside, rules)
    pools = Pools(pool, pool // 3, part, FIRST, LAST)
    made = reckon(people, pools, MemberRules(), book)
    for item in made.items:
        got = item.divided
        total = got.dividend + got.purchase_refund + got.delivery_refund
        assert got.cash_dividend + got.cash_patronage + got.retained == total
        wanted = to_keep(total, part)
        assert got.retained <= (wanted if item.facts.member_id in inside else 0)
        assert (item.back is None) == (got.retained == wanted)
    assert sum(item.divided.dividend for item in made.items) == pool
    random.shuffle(people)
    assert reckon(people, pools, MemberRules(), book) == made
