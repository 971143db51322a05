"""The measures of the welfare report, their interval, and the verdict. Pure, exact.

gain  = P + B + M + F     what villagers got more than they would have without the centre
kept  = S − M − to funds  what the centre has left of its surplus (not yet resolved: left)
share = gain⁺ / (gain⁺ + kept⁺), where x⁺ is x, or nothing when x is below nothing

What must stay true: a gain below nothing (prices worse than elsewhere) gives a share of 0, however
large the surplus it fed; a loss gives a share of 1 as long as somebody gained; when nobody gained
there is no share. The share never falls when P, B, M or F rises and never rises with what is kept.
A verdict is only said when the whole interval lies on one side.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from accounting.rules.welfare import DEFAULT_AIMS, Aims
from pos.rules.welfare.facts import MILS, Band, WelfareFacts

WHOLE = 10_000
SERVES_MEMBERS, BALANCED, SERVES_CENTRE = "serves_members", "balanced", "serves_centre"
NOT_DETERMINABLE = "not_determinable"
NO_SALES, COVERAGE, NOBODY_GAINED, INTERVAL = "no_sales", "coverage", "nobody_gained", "interval"


@dataclass(frozen=True, slots=True)
class Shares:
    """The welfare share at the low end, as it is, and at the high end; None: nobody gained."""

    low: Fraction | None
    mid: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class Report:
    """The measures of some days; bands are thousandths of a satang, the rest satang."""

    facts: WelfareFacts
    aims: Aims
    producers_mils: Band
    buyers_mils: Band
    members_mils: Band
    """Of the buyers' gain, the members' part."""
    refunds_satang: int
    funds_satang: int
    gain_mils: Band
    kept_satang: int
    share: Shares
    coverage: Fraction | None
    """Value of goods with both references, of the value of all goods sold."""
    verdict: str
    why: str
    """Why nothing can be said; empty when something is."""


def report_of(facts: WelfareFacts, aims: Aims = DEFAULT_AIMS) -> Report:
    """Return the measures and the verdict."""
    books = facts.ledger
    producers, buyers = facts.producers.gain_mils, facts.buyers.gain_mils
    funds = funds_of(
        books.levies_satang, books.to_funds_satang, books.grants_satang, books.helped_satang
    )
    known = books.to_members_satang + funds
    gain = (producers + buyers).plus(known * MILS)
    kept = books.surplus_satang - books.to_members_satang - books.to_funds_satang
    share = Shares(*(share_of(end, kept * MILS) for end in gain.ends))
    covered = coverage_of(facts)
    why = _why(share, covered, aims)
    return Report(
        facts=facts,
        aims=aims,
        producers_mils=producers,
        buyers_mils=buyers,
        members_mils=facts.members.gain_mils,
        refunds_satang=books.to_members_satang,
        funds_satang=funds,
        gain_mils=gain,
        kept_satang=kept,
        share=share,
        coverage=covered,
        verdict=NOT_DETERMINABLE if why else _side(share, aims),
        why=why,
    )


def funds_of(levies: int, allocated: int, grants: int, helped: int = 0) -> int:
    """Return F: levies and grants, and what the meeting gave to funds, counting nothing twice.

    What was put in and paid out again in the same days is the same money: it counts once, as a
    grant here, or with the buyers whom a fund `helped` to pay.
    """
    put_in = levies + allocated
    return put_in + grants - min(max(put_in, 0), max(grants + helped, 0))


def share_of(gain: int, kept: int) -> Fraction | None:
    """Return the villagers' share of what was gained; None when nobody gained."""
    theirs, ours = max(gain, 0), max(kept, 0)
    return Fraction(theirs, theirs + ours) if theirs or ours else None


def coverage_of(facts: WelfareFacts) -> Fraction | None:
    """Return how much of what was sold has both references, by value; None without sales."""
    if facts.buyers.paid_satang <= 0:
        return None
    covered = Fraction(facts.market.paid_satang, facts.buyers.paid_satang)
    return min(max(covered, Fraction(0)), Fraction(1))


def missing_of(missing: int, whole: int) -> Fraction:
    """Return the share of a measure's value that has no reference; all of nothing is missing."""
    return Fraction(missing, whole) if whole > 0 else Fraction(1)


def _why(share: Shares, covered: Fraction | None, aims: Aims) -> str:
    if covered is None:
        return NO_SALES
    if covered * WHOLE < aims.coverage_basis_points or not covered:
        return COVERAGE
    if share.low is None or share.mid is None or share.high is None:
        return NOBODY_GAINED
    return INTERVAL if _side(share, aims) == NOT_DETERMINABLE else ""


def _side(share: Shares, aims: Aims) -> str:
    assert share.low is not None and share.high is not None
    low, high = share.low * WHOLE, share.high * WHOLE
    if low >= aims.members_from_basis_points:
        return SERVES_MEMBERS
    if high < aims.centre_below_basis_points:
        return SERVES_CENTRE
    if low >= aims.centre_below_basis_points and high < aims.members_from_basis_points:
        return BALANCED
    return NOT_DETERMINABLE


# --- beside the verdict ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PriceTest:
    """Margins, each of 1 baht paid at the counter (market: of 1 baht of the reference price)."""

    ours: Fraction
    break_even: Fraction
    """The margin that would just pay the costs not paid by other income."""
    market: tuple[Fraction, Fraction, Fraction] | None
    """What trade elsewhere keeps between farm and shelf: low end, as it is, high end."""


def price_test(facts: WelfareFacts) -> PriceTest | None:
    """Return our margin beside what costs need and what trade takes; None without sales."""
    paid, books = facts.buyers.paid_satang, facts.ledger
    if paid <= 0:
        return None
    shelf, farm = facts.market.shelf_mils, facts.market.farm_mils
    market = None
    if min(shelf.ends) > 0:
        market = (
            1 - Fraction(farm.high, shelf.low),
            1 - Fraction(farm.mid, shelf.mid),
            1 - Fraction(farm.low, shelf.high),
        )
    return PriceTest(
        Fraction(books.margin_satang, paid),
        Fraction(books.costs_satang - books.other_income_satang, paid),
        market,
    )


def mean_days(paid: tuple[tuple[int, int], ...]) -> Fraction | None:
    """Return the mean of days, each weighing as much as its money."""
    weight = sum(satang for _, satang in paid)
    return Fraction(sum(days * satang for days, satang in paid), weight) if weight > 0 else None


def median_days(paid: tuple[tuple[int, int], ...]) -> int | None:
    """Return the days within which half of the money had come."""
    whole, so_far = sum(satang for _, satang in paid), 0
    for days, satang in sorted(paid):
        so_far += satang
        if satang and 2 * so_far >= whole:
            return days
    return None
