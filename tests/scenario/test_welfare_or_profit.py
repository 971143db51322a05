"""The village's question, answered for the same goods at two sets of prices.

The figures of the first year are worked by hand in docs/welfare.md.
"""

from __future__ import annotations

from fractions import Fraction

from accounting.rules.chart import Purpose
from core.actor import Actor, Centre
from pos.rules.welfare.facts import MILS, Band
from pos.rules.welfare.measures import Report, report_of
from pos.services.welfare import gathering
from tests.village_year import FOR_MEMBERS, FOR_PROFIT, YEAR, allocate, live

USES = {
    Purpose.DIVIDENDS_PAYABLE: 100_00,
    Purpose.PATRONAGE_PAYABLE: 140_00,
    Purpose.WELFARE_FUND: 100_00,
    Purpose.LEGAL_RESERVE: 60_00,
    Purpose.BROUGHT_FORWARD: 200_00,
}


def reported(manager: Actor) -> Report:
    found = gathering.gather(manager, YEAR)
    return report_of(found.facts, found.aims)


def baht(band: Band) -> tuple[int, int, int]:
    low, mid, high = (end / (100 * MILS) for end in band.ends)
    return int(low), int(mid), int(high)


def test_a_year_for_its_members_says_so(centre: Centre, manager: Actor) -> None:
    village = live(centre, manager, FOR_MEMBERS)
    allocate(village, manager, USES)
    report = reported(manager)
    assert baht(report.producers_mils) == (700, 1_500, 2_300)
    assert baht(report.buyers_mils) == (1_600, 2_800, 4_000)
    assert baht(report.members_mils) == (1_600, 2_800, 4_000)
    assert report.refunds_satang == 240_00
    assert report.funds_satang == 100_00
    books = report.facts.ledger
    assert (books.margin_satang, books.costs_satang) == (2_600_00, 2_000_00)
    assert (books.surplus_satang, books.wages_satang) == (600_00, 1_800_00)
    assert (books.to_reserve_satang, books.brought_forward_satang) == (60_00, 200_00)
    assert report.kept_satang == 260_00
    assert baht(report.gain_mils) == (2_640, 4_640, 6_640)
    assert report.share.mid == Fraction(4_640, 4_900)
    assert report.share.low == Fraction(2_640, 2_900)
    assert report.share.high == Fraction(6_640, 6_900)
    assert report.coverage == Fraction(13_200, 13_700)
    assert (report.verdict, report.why) == ("serves_members", "")


def test_the_same_goods_at_monopoly_prices_flip_it(centre: Centre, manager: Actor) -> None:
    live(centre, manager, FOR_PROFIT)
    report = reported(manager)
    assert baht(report.producers_mils) == (-960, -160, 640)
    assert baht(report.buyers_mils) == (-4_000, -2_800, -1_600)
    assert report.facts.ledger.surplus_satang == 7_860_00
    assert report.share.high == 0
    assert (report.verdict, report.why) == ("serves_centre", "")


def test_handing_out_a_little_of_the_monopolys_profit_does_not_flip_it_back(
    centre: Centre, manager: Actor
) -> None:
    village = live(centre, manager, FOR_PROFIT)
    allocate(village, manager, USES)
    assert reported(manager).verdict == "serves_centre"


def test_without_reference_prices_nothing_is_said(centre: Centre, manager: Actor) -> None:
    live(centre, manager, FOR_MEMBERS, references=False)
    report = reported(manager)
    assert (report.verdict, report.why) == ("not_determinable", "coverage")
    assert report.coverage == 0
