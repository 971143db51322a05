"""What if prices, the producers' part or the levy were others: surplus against welfare. Pure.

A price moved by p moves the quantity sold by −e × p, where e is somewhere in [0, ε]: nobody knows
how buyers answer, so every result is a band over both ends of e and of the references' spreads.
What must stay true: nothing changed gives today's figures; the producers' part and the levy only
move money between villagers and centre; costs and what the meeting resolved stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from accounting.rules.welfare import LedgerFacts
from pos.rules.welfare.facts import MILS, Band, WelfareFacts
from pos.rules.welfare.measures import WHOLE, funds_of, share_of

STEPS = tuple(range(-2_000, 2_001, 250))
"""Price changes of the frontier, in basis points."""


@dataclass(frozen=True, slots=True)
class Change:
    """What to try: changes in basis points, of the price or in points of the price."""

    price_basis_points: int = 0
    part_basis_points: int = 0
    """More (or less) of the price to producers."""
    levy_basis_points: int = 0
    elasticity_hundredths: int = 100
    """ε: by how many per cent sales fall at most when prices rise by one, × 100."""


@dataclass(frozen=True, slots=True)
class Point:
    """One outcome: surplus and gain in satang, the share; None when nobody gains."""

    surplus: Fraction
    gain: Fraction
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The band of outcomes of a change: lowest and highest of each."""

    surplus: tuple[int, int]
    gain: tuple[int, int]
    share: tuple[Fraction, Fraction] | None


def try_out(facts: WelfareFacts, change: Change) -> Outcome:
    """Return the band of what a change would bring."""
    points = list(_corners(facts, change))
    shares = [one.share for one in points if one.share is not None]
    return Outcome(
        _ends([one.surplus for one in points]),
        _ends([one.gain for one in points]),
        (min(shares), max(shares)) if len(shares) == len(points) else None,
    )


def frontier(facts: WelfareFacts, change: Change) -> tuple[list[Point], list[Point]]:
    """Return what other prices would bring, at the references themselves.

    The first edge is for buyers who don't mind (e = 0), the second for those who mind most (ε).
    """
    most = Fraction(change.elasticity_hundredths, 100)
    steps = [replace(change, price_basis_points=step) for step in STEPS]
    return (
        [outcome(facts, one, Fraction(0), 1) for one in steps],
        [outcome(facts, one, most, 1) for one in steps],
    )


def today(facts: WelfareFacts) -> Point:
    """Return where the centre stands, at the references themselves."""
    return outcome(facts, Change(), Fraction(0), 1)


def _corners(facts: WelfareFacts, change: Change) -> Iterator[Point]:
    for elasticity in (Fraction(0), Fraction(change.elasticity_hundredths, 100)):
        for end in range(3):
            yield outcome(facts, change, elasticity, end)


def outcome(facts: WelfareFacts, change: Change, elasticity: Fraction, end: int) -> Point:
    """Return one outcome; `end` is 0 for references at their worst for us, 2 at their best."""
    rise = Fraction(change.price_basis_points, WHOLE)
    sold = max(1 - elasticity * rise, Fraction(0))
    price, books = 1 + rise, facts.ledger
    paid = facts.buyers.paid_satang
    more_part = Fraction(change.part_basis_points, WHOLE) * price
    more_levy = Fraction(change.levy_basis_points, WHOLE) * price
    goods = facts.producers
    consigned = goods.part_satang - goods.own_satang
    # What is neither the producers', the fund's nor our margin (VAT, rounding) follows the price.
    rest = paid - goods.part_satang - books.levies_satang - books.margin_satang
    levies = sold * (books.levies_satang * price + more_levy * paid)
    parts = sold * (consigned * price + goods.own_satang + more_part * paid)
    margin = sold * (paid - rest) * price - parts - levies
    surplus = margin + books.other_income_satang - books.costs_satang
    known = goods.known_satang - goods.own_known_satang
    part_known = known * price + goods.own_known_satang
    part_known += more_part * facts.market.farm_known_satang
    farm = _opposite(goods.elsewhere_mils, end)
    shelf = facts.buyers.elsewhere_mils.ends[end]
    producers = sold * (part_known - Fraction(farm, MILS))
    buyers = sold * (Fraction(shelf, MILS) - facts.buyers.known_satang * price)
    funds = _funds(levies, books)
    gain = producers + buyers + books.to_members_satang + funds
    kept = surplus - books.to_members_satang - books.to_funds_satang
    scale = gain.denominator * kept.denominator
    return Point(surplus, gain, share_of(int(gain * scale), int(kept * scale)))


def _opposite(band: Band, end: int) -> int:
    """Return the farm gate that goes with an end: what is good for us is a low one."""
    return band.ends[2 - end]


def _funds(levies: Fraction, books: LedgerFacts) -> Fraction:
    scale = levies.denominator
    others = (books.to_funds_satang, books.grants_satang, books.helped_satang)
    whole = funds_of(int(levies * scale), *(one * scale for one in others))
    return Fraction(whole, scale)


def _ends(values: list[Fraction]) -> tuple[int, int]:
    """Return the whole satang around all values."""
    low, high = min(values), max(values)
    return low.numerator // low.denominator, -(-high.numerator // high.denominator)
