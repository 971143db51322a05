"""The verdict, the share and the what-if, by example and for any facts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.rules.welfare import Aims, LedgerFacts
from inventory.rules.reference_prices import Reference
from pos.rules.welfare.facts import (
    MILS,
    Band,
    Buyers,
    Market,
    PartGroup,
    Producers,
    SoldGroup,
    Waits,
    WelfareFacts,
    buyers_of,
    market_of,
    producers_of,
    smallest_of,
)
from pos.rules.welfare.measures import (
    funds_of,
    mean_days,
    median_days,
    price_test,
    report_of,
    share_of,
)
from pos.rules.welfare.slices import Slice, folded
from pos.rules.welfare.what_if import Change, frontier, today, try_out
from tests.village_year import noon

AIMS = Aims(6_000, 4_000, 6_000, 180, decided=True)


def facts(p: tuple[int, int, int], b: tuple[int, int, int], surplus: int, **books: int) -> Any:
    """Return facts whose P and B are these, in satang, with all goods covered."""
    return WelfareFacts(
        buyers=Buyers(1_000, 1_000, Band(*((end + 1_000) * MILS for end in b))),
        producers=Producers(500, 500, Band(*((500 - end) * MILS for end in reversed(p)))),
        market=Market(1_000, Band(1, 1, 1), Band(1, 1, 1), 1_000),
        ledger=LedgerFacts(margin_satang=surplus, **books),
    )


@pytest.mark.parametrize(
    ("p", "b", "surplus", "verdict", "why"),
    [
        ((70, 80, 90), (0, 0, 0), 20, "serves_members", ""),
        ((1, 2, 3), (0, 0, 0), 98, "serves_centre", ""),
        ((45, 50, 55), (0, 0, 0), 50, "balanced", ""),
        ((30, 50, 300), (0, 0, 0), 50, "not_determinable", "interval"),
        ((-50, -40, -30), (-9, -8, -7), 1, "serves_centre", ""),
        # Producers lose more than buyers gain: a gain below nothing is no gain.
        ((-500, -400, -300), (100, 200, 250), 1, "serves_centre", ""),
        # A loss, and villagers gained: they got all there was.
        ((10, 20, 30), (0, 0, 0), -5, "serves_members", ""),
        # A loss, and nobody gained.
        ((-3, -2, -1), (0, 0, 0), -5, "not_determinable", "nobody_gained"),
        ((0, 0, 0), (0, 0, 0), 0, "not_determinable", "nobody_gained"),
    ],
)
def test_the_verdict(
    p: tuple[int, int, int], b: tuple[int, int, int], surplus: int, verdict: str, why: str
) -> None:
    report = report_of(facts(p, b, surplus), AIMS)
    assert (report.verdict, report.why) == (verdict, why)


def test_exactly_on_a_limit() -> None:
    assert report_of(facts((60, 60, 60), (0, 0, 0), 40), AIMS).verdict == "serves_members"
    assert report_of(facts((40, 40, 40), (0, 0, 0), 60), AIMS).verdict == "balanced"
    assert report_of(facts((39, 39, 39), (0, 0, 0), 61), AIMS).verdict == "serves_centre"


def test_below_the_coverage_nothing_is_said() -> None:
    found = facts((70, 80, 90), (0, 0, 0), 20)
    half = replace(found, market=Market(599, Band(1, 1, 1), Band(1, 1, 1), 1_000))
    assert report_of(half, AIMS).why == "coverage"
    just = replace(found, market=Market(600, Band(1, 1, 1), Band(1, 1, 1), 1_000))
    assert report_of(just, AIMS).why == ""
    none = replace(found, market=Market())
    assert report_of(none, Aims(coverage_basis_points=0)).why == "coverage"


def test_what_the_meeting_gave_moves_from_kept_to_gained() -> None:
    before = report_of(facts((0, 0, 0), (0, 0, 0), 100), AIMS)
    after = report_of(
        facts((0, 0, 0), (0, 0, 0), 100, to_members_satang=50, to_funds_satang=20), AIMS
    )
    assert (before.kept_satang, after.kept_satang) == (100, 30)
    assert after.gain_mils.mid == 70 * MILS
    assert after.share.mid == Fraction(70, 100)


@pytest.mark.parametrize(
    ("levies", "given_", "grants", "counted"),
    [(100, 0, 0, 100), (0, 0, 80, 80), (100, 0, 80, 100), (60, 60, 100, 120), (-10, 0, 30, 20)],
)
def test_a_grant_out_of_a_levy_of_the_same_days_counts_once(
    levies: int, given_: int, grants: int, counted: int
) -> None:
    assert funds_of(levies, given_, grants) == counted


@pytest.mark.parametrize(
    ("levies", "grants", "helped", "counted"),
    [(100, 0, 100, 0), (100, 0, 30, 70), (0, 0, 100, 0), (100, 50, 100, 50), (100, 0, -10, 100)],
)
def test_a_levy_that_helped_a_buyer_pay_counts_with_the_buyer(
    levies: int, grants: int, helped: int, counted: int
) -> None:
    assert funds_of(levies, 0, grants, helped) == counted


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(0, 100))
def test_the_share_rises_with_the_gain_and_falls_with_what_is_kept(
    gain: int, kept: int, more: int
) -> None:
    now = share_of(gain, kept)
    richer, greedier = share_of(gain + more, kept), share_of(gain, kept + more)
    if now is not None and richer is not None and greedier is not None:
        assert 0 <= greedier <= now <= richer <= 1


def reference(low: int, price: int, high: int, number: int = 1) -> Reference:
    day = noon(__import__("datetime").date(2026, 1, 1)).date()
    return Reference(UUID(int=number), UUID(int=9), "shelf", price, low, high, day)


PRICES = st.tuples(st.integers(1, 300), st.integers(0, 100), st.integers(0, 100)).map(
    lambda found: (found[0], found[0] + found[1], found[0] + found[1] + found[2])
)
ROWS = st.lists(
    st.tuples(PRICES, PRICES, st.integers(-3_000, 9_000), st.integers(0, 900), st.integers(0, 900)),
    min_size=1,
    max_size=6,
)


def groups(rows: Any, at: Any = None) -> WelfareFacts:
    """Make facts of goods; `at` moves each reference within its spread, 0 to 4 quarters."""
    sold, parts = [], []
    for place, (shelf, farm, quantity, paid, part) in enumerate(rows):
        prices = [shelf, farm]
        if at is not None:
            moved = [
                low + (high - low) * quarter // 4
                for (low, _, high), quarter in zip(prices, at[place], strict=True)
            ]
            prices = [(one, one, one) for one in moved]
        product = UUID(int=place)
        references = [reference(*one, number=place) for one in prices]
        sold.append(SoldGroup(product, None, False, *references, quantity, paid))
        parts.append(PartGroup(product, UUID(int=place % 3), False, references[1], quantity, part))
    return WelfareFacts(buyers_of(sold), Buyers(), producers_of(parts), market_of(sold))


@given(ROWS, st.data())
def test_moving_references_within_their_spreads_stays_in_the_interval(
    rows: Any, data: st.DataObject
) -> None:
    quarters = st.tuples(st.integers(0, 4), st.integers(0, 4))
    at = [data.draw(quarters) for _ in rows]
    whole, moved = report_of(groups(rows)), report_of(groups(rows, at))
    assert whole.gain_mils.low <= moved.gain_mils.mid <= whole.gain_mils.high
    assert whole.gain_mils.low <= whole.gain_mils.mid <= whole.gain_mils.high
    if None not in (whole.share.low, whole.share.high, moved.share.mid):
        assert whole.share.low <= moved.share.mid <= whole.share.high  # type: ignore[operator]


@given(ROWS, st.integers(0, 6))
def test_parts_of_the_goods_add_up_to_all_of_them(rows: Any, cut: int) -> None:
    whole, one, two = groups(rows), groups(rows[:cut]), groups(rows[cut:])
    assert one.buyers + two.buyers == whole.buyers
    assert one.producers + two.producers == whole.producers
    assert one.market + two.market == whole.market


def test_one_price_is_not_at_its_lowest_and_its_highest_at_once() -> None:
    rice = reference(20_00, 22_00, 24_00)
    product, here, there = UUID(int=9), UUID(int=1), UUID(int=2)
    # What a member of another village brought back was sold before these days.
    sold = SoldGroup(product, here, True, rice, None, 10_000, 180_00)
    back = SoldGroup(product, there, True, rice, None, -1_000, -18_00)
    assert buyers_of([sold, back]).elsewhere_mils == Band(180_000_00, 198_000_00, 216_000_00)
    assert buyers_of([back]).elsewhere_mils == Band(-24_000_00, -22_000_00, -20_000_00)
    one = PartGroup(product, here, False, rice, 10_000, 140_00)
    other = PartGroup(product, there, False, rice, -1_000, -14_00)
    assert producers_of([one, other]).elsewhere_mils == Band(180_000_00, 198_000_00, 216_000_00)


def test_the_quarter_who_got_least() -> None:
    parts = [
        PartGroup(UUID(int=1), UUID(int=number), False, None, 1_000, number * 10)
        for number in range(1, 9)
    ]
    smallest = smallest_of(parts)
    assert (smallest.producers, smallest.counted) == (8, 2)
    assert (smallest.theirs_satang, smallest.part_satang) == (30, 360)
    assert smallest_of(parts[:3]).counted == 0


def test_days_weigh_as_much_as_their_money() -> None:
    paid = ((0, 10), (7, 50), (30, 40))
    assert mean_days(paid) == Fraction(7 * 50 + 30 * 40, 100)
    assert median_days(paid) == 7
    assert mean_days(()) is None and median_days(()) is None
    both = Waits(paid, 5) + Waits(((7, 1),), 2)
    assert both == Waits(((0, 10), (7, 51), (30, 40)), 7)


def test_the_price_test() -> None:
    found = replace(
        facts((0, 0, 0), (0, 0, 0), 200, costs_satang=150, other_income_satang=50),
        market=Market(1_000, Band(900, 1_000, 1_100), Band(600, 700, 800), 1_000),
    )
    test = price_test(found)
    assert test is not None
    assert (test.ours, test.break_even) == (Fraction(1, 5), Fraction(1, 10))
    assert test.market == (1 - Fraction(8, 9), Fraction(3, 10), 1 - Fraction(6, 11))
    assert price_test(WelfareFacts()) is None


# --- what if -----------------------------------------------------------------------------------


def trade() -> WelfareFacts:
    return WelfareFacts(
        buyers=Buyers(10_000, 9_000, Band(9_500 * MILS, 10_000 * MILS, 10_500 * MILS)),
        producers=Producers(7_000, 6_500, Band(5_500 * MILS, 6_000 * MILS, 6_500 * MILS), 3_000,
                            2_800),
        market=Market(9_000, Band(1, 1, 1), Band(1, 1, 1), 9_000),
        ledger=LedgerFacts(2_500, 100, 1_600, 900, levies_satang=200),
    )  # fmt: skip


def test_nothing_changed_is_today() -> None:
    found, report = trade(), report_of(trade())
    stands = today(found)
    assert stands.surplus == found.ledger.surplus_satang == 1_000
    assert stands.gain * MILS == report.gain_mils.mid
    assert stands.share == report.share.mid
    still = try_out(found, Change())
    assert still.surplus == (1_000, 1_000)
    assert still.gain == (report.gain_mils.low // MILS, -(-report.gain_mils.high // MILS))
    assert still.share == (report.share.low, report.share.high)


def test_parts_and_levies_only_move_money() -> None:
    found, before = trade(), today(trade())
    more = try_out(found, Change(part_basis_points=100, elasticity_hundredths=0))
    # A point of 10,000 satang sold; 9,000 of it have a reference, so only that is seen to arrive.
    assert more.surplus == (900, 900)
    levied = try_out(found, Change(levy_basis_points=100, elasticity_hundredths=0))
    assert levied.surplus == (900, 900)
    gain = report_of(found).gain_mils
    assert levied.gain == (gain.low // MILS + 100, gain.high // MILS + 100)
    assert before.surplus == 1_000


def test_higher_prices_feed_the_centre_unless_buyers_leave() -> None:
    found = trade()
    change = Change(price_basis_points=1_000, elasticity_hundredths=200)
    calm = try_out(found, replace(change, elasticity_hundredths=0))
    band = try_out(found, change)
    assert calm.surplus[0] > 1_000
    assert band.surplus[0] < calm.surplus[0] == band.surplus[1]
    dear = try_out(found, Change(price_basis_points=10_000, elasticity_hundredths=500))
    assert dear.surplus[0] == found.ledger.other_income_satang - found.ledger.costs_satang


@given(st.integers(-2_000, 2_000), st.integers(-500, 500), st.integers(0, 500))
def test_a_wider_elasticity_only_widens_the_band(price: int, part: int, elasticity: int) -> None:
    found = trade()
    narrow = try_out(found, Change(price, part, 0, elasticity))
    wide = try_out(found, Change(price, part, 0, 500))
    assert wide.surplus[0] <= narrow.surplus[0] <= narrow.surplus[1] <= wide.surplus[1]
    assert wide.gain[0] <= narrow.gain[0] <= narrow.gain[1] <= wide.gain[1]


def test_the_frontier_goes_through_today() -> None:
    calm, moved = frontier(trade(), Change())
    stands = today(trade())
    assert stands in calm and stands in moved


# --- who may be told apart ---------------------------------------------------------------------


def village(number: int, households: int) -> Slice:
    return Slice(UUID(int=number), Buyers(number), households=households)


def test_small_villages_are_folded_with_enough_others() -> None:
    rows = [village(1, 9), village(2, 5), village(3, 3), Slice(None, Buyers(7), kind="strangers")]
    shown = folded(rows)
    assert [row.key for row in shown if row.kind == "village"] == [UUID(int=1)]
    others = next(row for row in shown if row.kind == "others")
    assert (others.buyers.paid_satang, others.households) == (5, 8)
    assert sum(row.buyers.paid_satang for row in shown) == 13


def test_two_small_ones_alone_go_with_the_buyers_at_large() -> None:
    rows = [village(1, 2), village(2, 1), Slice(None, Buyers(7), kind="strangers")]
    assert [(row.kind, row.buyers.paid_satang) for row in folded(rows)] == [("others", 10)]


@given(st.lists(st.integers(0, 12), max_size=8))
def test_folding_loses_nothing_and_shows_no_small_village(sizes: list[int]) -> None:
    rows = [village(number, size) for number, size in enumerate(sizes)]
    shown = folded(rows)
    assert sum(row.buyers.paid_satang for row in shown) == sum(
        row.buyers.paid_satang for row in rows
    )
    assert all(row.households >= 5 for row in shown if row.kind == "village")
    others = [row for row in shown if row.kind == "others"]
    assert not others or others[0].households >= 5 or len(shown) == 1
