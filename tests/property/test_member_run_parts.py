"""A run is exact whatever the members: against a slow, obvious reckoning with fractions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.surplus.dividend import cap_pool, share_days, share_months
from accounting.rules.surplus.parts import divide, share_out, to_keep
from accounting.rules.surplus.reckoning import (
    Item,
    MemberFacts,
    Pools,
    ZeroPatronage,
    ZeroShares,
    reckon,
)
from accounting.rules.surplus.taking_part import MemberRules

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
GROUPS = ("ข้าว", "ของใช้", "")

weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)
satang = st.integers(0, 10**10)
amounts = st.dictionaries(st.sampled_from(GROUPS), st.integers(-(10**8), 10**9), max_size=3)


@dataclass(frozen=True)
class Held:
    on: date
    delta_satang: int


@st.composite
def movements(draw: st.DrawFn) -> list[Held]:
    """Movements that never leave less than nothing."""
    found, balance = [], 0
    for day in sorted(draw(st.lists(st.integers(-400, 420), max_size=12))):
        delta = draw(st.integers(-balance, 10**6))
        balance += delta
        found.append(Held(FIRST + timedelta(days=day), delta))
    return found


@st.composite
def members(draw: st.DrawFn) -> list[MemberFacts]:
    numbers = draw(st.lists(st.integers(1, 9999), min_size=1, max_size=25, unique=True))
    return [
        MemberFacts(
            member_id=UUID(int=number),
            member_no=f"{number:05d}",
            state=draw(st.sampled_from(("member", "member", "member", "resigned", "died"))),
            since=FIRST,
            shares_satang=draw(st.integers(0, 10**7)),
            share_days=draw(st.sampled_from((0, 365, 36_500_000)) | st.integers(0, 10**11)),
            opening_satang=0,
            movements=(),
            purchases=draw(amounts),
            deliveries=draw(amounts),
            owed_satang=draw(st.sampled_from((0, 0, 500))),
        )
        for number in numbers
    ]


rule_sets = st.builds(
    MemberRules,
    purchase_share_basis_points=st.none() | st.integers(0, 10_000),
    purchase_weights=st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 30_000), max_size=2),
    delivery_weights=st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 30_000), max_size=2),
    default_weight=st.sampled_from((0, 10_000)),
    min_shares_satang=st.sampled_from((0, 10**5)),
    exclude_defaulters=st.booleans(),
)
pools = st.builds(Pools, satang, satang, st.integers(0, 10_000), st.just(FIRST), st.just(LAST))


# --- the slow, obvious way ---------------------------------------------------------------------


def slow_days(held: list[Held]) -> int:
    """Look at every day's balance."""
    return sum(
        sum(one.delta_satang for one in held if one.on <= FIRST + timedelta(days=day))
        for day in range(365)
    )


def slow_months(held: list[Held]) -> int:
    """Look at every day's balance, month by month."""
    total = 0
    for month in range(1, 13):
        days = [
            day for day in (FIRST + timedelta(days=n) for n in range(365)) if day.month == month
        ]
        total += min(sum(one.delta_satang for one in held if one.on <= day) for day in days)
    return total


def slow_share(pool: int, by: dict[str, int]) -> dict[str, int]:
    """Give everybody the exact fraction rounded down, then one satang at a time."""
    total = sum(by.values())
    exact = {key: Fraction(pool * weight, total) for key, weight in by.items()}
    given_out = {key: int(part) for key, part in exact.items()}
    while sum(given_out.values()) < pool:
        rest = {key: exact[key] - given_out[key] for key in exact}
        largest = max(rest.values())
        first = min(key for key in rest if rest[key] == largest)
        given_out[first] += 1
    return given_out


def slow_run(
    people: list[MemberFacts], pool: Pools, rules: MemberRules
) -> dict[str, tuple[int, int, int]]:
    """Return each one's dividend and refunds, member number by member number."""

    def takes_part(one: MemberFacts) -> bool:
        defaults = rules.exclude_defaulters and one.owed_satang > 0
        return (
            one.state == "member" and one.shares_satang >= rules.min_shares_satang and not defaults
        )

    def weight(net: dict[str, int], by: dict[str, int]) -> Fraction:
        parts = [
            Fraction(value * by.get(group, rules.default_weight), 10_000)
            for group, value in net.items()
        ]
        return max(Fraction(0), sum(parts, Fraction(0)))

    part = {one.member_no: one for one in people if takes_part(one)}
    bought = {no: weight(one.purchases, rules.purchase_weights) for no, one in part.items()}  # type: ignore[arg-type]
    brought = {no: weight(one.deliveries, rules.delivery_weights) for no, one in part.items()}  # type: ignore[arg-type]

    def whole(by: dict[str, Fraction]) -> dict[str, int]:
        return {no: int(value * 10_000) for no, value in by.items()}

    dividends = purchases = deliveries = dict.fromkeys(part, 0)
    if pool.dividend:
        dividends = slow_share(pool.dividend, {no: one.share_days for no, one in part.items()})
    if pool.patronage and rules.purchase_share_basis_points is None:
        together = whole({no: bought[no] + brought[no] for no in part})
        refunds = slow_share(pool.patronage, together)
        two = {
            no: slow_share(refund, {"1": whole(bought)[no], "2": whole(brought)[no]})
            if refund
            else {"1": 0, "2": 0}
            for no, refund in refunds.items()
        }
        purchases = {no: one["1"] for no, one in two.items()}
        deliveries = {no: one["2"] for no, one in two.items()}
    elif pool.patronage:
        exact = Fraction(pool.patronage * (rules.purchase_share_basis_points or 0), 10_000)
        for_purchases = int(exact + Fraction(1, 2))
        if for_purchases:
            purchases = slow_share(for_purchases, whole(bought))
        if pool.patronage - for_purchases:
            deliveries = slow_share(pool.patronage - for_purchases, whole(brought))
    return {no: (dividends[no], purchases[no], deliveries[no]) for no in part}


# --- measures ----------------------------------------------------------------------------------


@given(movements())
def test_share_days_are_the_sum_of_every_days_balance(held: list[Held]) -> None:
    assert share_days(held, FIRST, LAST) == slow_days(held)


@given(movements(), st.randoms(use_true_random=False))
def test_share_months_are_each_months_lowest_balance(held: list[Held], dice: Random) -> None:
    mixed = list(held)
    dice.shuffle(mixed)
    assert share_months(mixed, FIRST, LAST) == slow_months(held)


@given(satang, st.integers(0, 10**14), st.integers(0, 3_000))
def test_a_capped_pool_never_passes_its_rate(pool: int, total: int, cap: int) -> None:
    capped = cap_pool(pool, total, cap, 365)
    assert Fraction(capped) <= Fraction(total * cap, 365 * 10_000)
    assert capped == pool or capped + 1 > Fraction(total * cap, 365 * 10_000)


# --- shares of a pool --------------------------------------------------------------------------


@given(satang, weights)
def test_parts_add_up_and_are_within_a_satang_of_exact(pool: int, by: list[int]) -> None:
    shared = share_out(pool, by)
    assert sum(shared.satang) == pool
    for part, weight in zip(shared.satang, by, strict=True):
        assert abs(part - Fraction(pool * weight, sum(by))) < 1


@given(satang, weights)
def test_more_weight_never_gets_less(pool: int, by: list[int]) -> None:
    pairs = sorted(zip(by, share_out(pool, by).satang, strict=True))
    for (lighter, less), (heavier, more) in pairwise(pairs):
        assert less <= more or lighter == heavier


@given(satang, weights)
def test_the_place_says_who_got_the_satang_left_over(pool: int, by: list[int]) -> None:
    shared = share_out(pool, by)
    for weight, part, over, place in zip(
        by, shared.satang, shared.remainders, shared.places, strict=True
    ):
        more = 1 if 0 < place <= shared.left else 0
        assert part == pool * weight // shared.weight + more
        assert (place == 0) == (over == 0)


@given(satang, satang, satang, st.integers(0, 10_000))
def test_cash_and_retained_add_up(dividend: int, bought: int, brought: int, part: int) -> None:
    total = dividend + bought + brought
    made = divide(dividend, bought, brought, to_keep(total, part))
    assert made.cash_dividend + made.cash_patronage + made.retained == total
    assert made.retained == int(Fraction(total * part, 10_000) + Fraction(1, 2))
    assert 0 <= made.cash_dividend <= dividend
    assert 0 <= made.cash_patronage <= bought + brought
    assert made.cash_dividend == dividend or made.cash_patronage == 0


# --- whole runs --------------------------------------------------------------------------------


def figures(items: list[Item]) -> dict[str, tuple[int, int, int]]:
    return {
        item.facts.member_no: (
            item.divided.dividend,
            item.divided.purchase_refund,
            item.divided.delivery_refund,
        )
        for item in items
        if item.eligible
    }


@given(members(), pools, rule_sets)
def test_a_run_is_what_the_slow_way_gives(
    people: list[MemberFacts], pool: Pools, rules: MemberRules
) -> None:
    try:
        made = reckon(people, pool, rules)
    except (ZeroShares, ZeroPatronage):
        try:
            slow_run(people, pool, rules)
        except (ZeroDivisionError, ValueError):
            return
        raise
    assert figures(list(made.items)) == slow_run(people, pool, rules)
    assert sum(item.divided.dividend for item in made.items) == pool.dividend
    refunds = [item.divided.purchase_refund + item.divided.delivery_refund for item in made.items]
    assert sum(refunds) == pool.patronage
    for item in made.items:
        if not item.eligible:
            assert item.divided == divide(0, 0, 0, 0)


@given(members(), pools, rule_sets, st.randoms(use_true_random=False))
def test_the_order_members_come_in_changes_nothing(
    people: list[MemberFacts], pool: Pools, rules: MemberRules, dice: Random
) -> None:
    mixed = list(people)
    dice.shuffle(mixed)
    try:
        made = reckon(people, pool, rules)
    except (ZeroShares, ZeroPatronage):
        return
    assert list(reckon(mixed, pool, rules).items) == list(made.items)


@given(members(), st.integers(1, 10**9), st.integers(1, 10**8))
def test_buying_more_never_gives_a_smaller_refund(
    people: list[MemberFacts], pool: int, more: int
) -> None:
    rules = MemberRules()
    asked = Pools(0, pool, 0, FIRST, LAST)
    one = min(people, key=lambda member: member.member_no)
    one = replace(one, state="member")
    others = [member for member in people if member.member_no != one.member_no]
    richer = replace(one, purchases={**one.purchases, "": one.purchases.get("", 0) + more})
    try:
        before = reckon([one, *others], asked, rules)
    except ZeroPatronage:
        return
    after = reckon([richer, *others], asked, rules)

    def refund(items: list[Item]) -> int:
        [mine] = [item for item in items if item.facts.member_no == one.member_no]
        return mine.divided.purchase_refund + mine.divided.delivery_refund

    assert refund(list(after.items)) >= refund(list(before.items))
