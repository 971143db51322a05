"""What the welfare report is made of: goods sold, in groups, beside their references. Pure.

What must stay true: everything is a whole number. Money is satang; quantity × reference is in
thousandths of a satang (`_mils`), because quantities are thousandths, and is never rounded before
it is shown. So groups add up to products, products to the centre, centres to the federation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from accounting.rules.welfare import LedgerFacts
from inventory.rules.reference_prices import Reference

MILS = 1000
"""Thousandths of a satang in a satang."""


@dataclass(frozen=True, slots=True)
class Band:
    """A sum at the low ends, the prices themselves, and the high ends of references."""

    low: int = 0
    mid: int = 0
    high: int = 0

    def __add__(self, other: Band) -> Band:
        return Band(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def plus(self, amount: int) -> Band:
        """Return the band moved by an amount that is known."""
        return Band(self.low + amount, self.mid + amount, self.high + amount)

    @property
    def ends(self) -> tuple[int, int, int]:
        return self.low, self.mid, self.high


def worth(quantity_milli: int, reference: Reference | None) -> Band:
    """Return quantity × reference in thousandths of a satang; nothing without a reference."""
    if reference is None:
        return Band()
    prices = (reference.low_satang, reference.price_satang, reference.high_satang)
    # When more came back than was sold, the lowest price gives the highest worth.
    low, high = sorted((quantity_milli * prices[0], quantity_milli * prices[2]))
    return Band(low, quantity_milli * prices[1], high)


@dataclass(frozen=True, slots=True)
class SoldGroup:
    """Goods of a product sold to members of a village (or to others) at the same references."""

    product_id: UUID
    village_id: UUID | None
    member: bool
    shelf: Reference | None
    farm_gate: Reference | None
    quantity_milli: int
    paid_satang: int
    discount_satang: int = 0


@dataclass(frozen=True, slots=True)
class PartGroup:
    """Goods of a product from a producer sold while the same reference held."""

    product_id: UUID
    producer_id: UUID
    own: bool
    farm_gate: Reference | None
    quantity_milli: int
    part_satang: int


@dataclass(frozen=True, slots=True)
class Buyers:
    """What buyers paid, and what it would have cost them at the reference shelf price."""

    paid_satang: int = 0
    known_satang: int = 0
    """Paid for goods that have a reference shelf price."""
    elsewhere_mils: Band = Band()
    discount_satang: int = 0

    def __add__(self, other: Buyers) -> Buyers:
        return Buyers(*_sums(self, other))

    @property
    def gain_mils(self) -> Band:
        """B: what they kept in their pockets."""
        return self.elsewhere_mils.plus(-self.known_satang * MILS)

    @property
    def missing_satang(self) -> int:
        return self.paid_satang - self.known_satang


@dataclass(frozen=True, slots=True)
class Producers:
    """What producers got, and what the goods would have brought at the farm gate."""

    part_satang: int = 0
    known_satang: int = 0
    """The part of goods that have a farm-gate reference."""
    elsewhere_mils: Band = Band()
    own_satang: int = 0
    """Of the part, the cost of goods bought outright; the rest is consigned."""
    own_known_satang: int = 0

    def __add__(self, other: Producers) -> Producers:
        return Producers(*_sums(self, other))

    @property
    def gain_mils(self) -> Band:
        """P: what they got above the farm gate."""
        gain = self.known_satang * MILS
        there = self.elsewhere_mils
        return Band(gain - there.high, gain - there.mid, gain - there.low)

    @property
    def missing_satang(self) -> int:
        return self.part_satang - self.known_satang


@dataclass(frozen=True, slots=True)
class Market:
    """Goods with both references: what they fetch on shelves and at farms elsewhere."""

    paid_satang: int = 0
    shelf_mils: Band = Band()
    farm_mils: Band = Band()
    farm_known_satang: int = 0
    """Paid for goods that have a farm-gate reference, whether or not a shelf one."""

    def __add__(self, other: Market) -> Market:
        return Market(*_sums(self, other))


@dataclass(frozen=True, slots=True)
class Waits:
    """Producers' money by the days it took, and what waits still."""

    paid: tuple[tuple[int, int], ...] = ()
    """(days from sale to cash, satang), by days."""
    waiting_satang: int = 0

    def __add__(self, other: Waits) -> Waits:
        days: dict[int, int] = {}
        for number, satang in (*self.paid, *other.paid):
            days[number] = days.get(number, 0) + satang
        return Waits(tuple(sorted(days.items())), self.waiting_satang + other.waiting_satang)


@dataclass(frozen=True, slots=True)
class Smallest:
    """How much the quarter of producers who sold least got; of many centres, each centre's own."""

    producers: int = 0
    counted: int = 0
    """How many are in the smallest quarter."""
    part_satang: int = 0
    theirs_satang: int = 0

    def __add__(self, other: Smallest) -> Smallest:
        return Smallest(*_sums(self, other))


@dataclass(frozen=True, slots=True)
class WelfareFacts:
    """A centre's (or a federation's) sums of some days: no person, no producer, no document."""

    buyers: Buyers = Buyers()
    members: Buyers = Buyers()
    """Of the buyers, those known as members."""
    producers: Producers = Producers()
    market: Market = Market()
    ledger: LedgerFacts = field(default_factory=LedgerFacts)
    waits: Waits = Waits()
    smallest: Smallest = Smallest()

    def __add__(self, other: WelfareFacts) -> WelfareFacts:
        ledger = LedgerFacts(*_sums(self.ledger, other.ledger))
        return WelfareFacts(
            self.buyers + other.buyers,
            self.members + other.members,
            self.producers + other.producers,
            self.market + other.market,
            ledger,
            self.waits + other.waits,
            self.smallest + other.smallest,
        )


def _sums(one: object, other: object) -> list[Any]:
    """Return the sums field by field of two records of the same kind."""
    names = [one_field.name for one_field in fields(one)]  # type: ignore[arg-type]
    return [getattr(one, name) + getattr(other, name) for name in names]


class _Elsewhere:
    """Quantities by the reference they stand beside: one price is never both low and high."""

    def __init__(self) -> None:
        self._net: dict[UUID, tuple[Reference, int]] = {}

    def add(self, quantity_milli: int, reference: Reference) -> None:
        """Put goods beside their reference; what came back is below zero."""
        _, before = self._net.get(reference.id, (reference, 0))
        self._net[reference.id] = reference, before + quantity_milli

    @property
    def worth(self) -> Band:
        """What all of it fetches elsewhere."""
        return sum((worth(net, one) for one, net in self._net.values()), Band())


def buyers_of(groups: Iterable[SoldGroup]) -> Buyers:
    """Return what the buyers of some groups paid."""
    paid = known = discount = 0
    there = _Elsewhere()
    for one in groups:
        paid += one.paid_satang
        discount += one.discount_satang
        if one.shelf is not None:
            known += one.paid_satang
            there.add(one.quantity_milli, one.shelf)
    return Buyers(paid, known, there.worth, discount)


def producers_of(groups: Iterable[PartGroup]) -> Producers:
    """Return what the producers of some groups got."""
    part = known = own = own_known = 0
    there = _Elsewhere()
    for one in groups:
        part += one.part_satang
        own += one.part_satang if one.own else 0
        if one.farm_gate is not None:
            known += one.part_satang
            own_known += one.part_satang if one.own else 0
            there.add(one.quantity_milli, one.farm_gate)
    return Producers(part, known, there.worth, own, own_known)


def market_of(groups: Iterable[SoldGroup]) -> Market:
    """Return what goods with both references fetch elsewhere."""
    paid = farm_known = 0
    shelf, farm = _Elsewhere(), _Elsewhere()
    for one in groups:
        if one.farm_gate is not None:
            farm_known += one.paid_satang
            if one.shelf is not None:
                paid += one.paid_satang
                shelf.add(one.quantity_milli, one.shelf)
                farm.add(one.quantity_milli, one.farm_gate)
    return Market(paid, shelf.worth, farm.worth, farm_known)


def smallest_of(groups: Iterable[PartGroup]) -> Smallest:
    """Return what the quarter of producers who got least got together; of fewer than four, none."""
    got: dict[UUID, int] = {}
    for one in groups:
        got[one.producer_id] = got.get(one.producer_id, 0) + one.part_satang
    parts = sorted(part for part in got.values() if part > 0)
    counted = len(parts) // 4
    return Smallest(len(parts), counted, sum(parts), sum(parts[:counted]))
