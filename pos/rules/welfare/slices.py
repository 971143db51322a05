"""The report's measures by product, by producer, by village. Pure.

What must stay true: every group counts in exactly one row of each slice, so rows add up to the
whole; outside the centre's own books no row is about fewer than five households, and what was
folded away can't be found by taking the other rows from the whole.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from pos.rules.welfare.facts import (
    Band,
    Buyers,
    Market,
    PartGroup,
    Producers,
    SoldGroup,
    buyers_of,
    market_of,
    producers_of,
)

HOUSEHOLDS_LEAST = 5
VILLAGE, UNKNOWN, STRANGERS, OTHERS = "village", "unknown", "strangers", "others"


@dataclass(frozen=True, slots=True)
class Slice:
    """A product, a producer or a village: its key, its goods, its gains.

    `kind` tells what a row by village is: a village, people whose village is not known, buyers who
    are no members, or villages folded together.
    """

    key: UUID | None
    buyers: Buyers = field(default_factory=Buyers)
    producers: Producers = field(default_factory=Producers)
    market: Market = field(default_factory=Market)
    households: int = 0
    kind: str = VILLAGE

    @property
    def gain_mils(self) -> Band:
        return self.buyers.gain_mils + self.producers.gain_mils

    def __add__(self, other: Slice) -> Slice:
        return replace(
            self,
            buyers=self.buyers + other.buyers,
            producers=self.producers + other.producers,
            market=self.market + other.market,
            households=self.households + other.households,
        )


def by_product(sold: Iterable[SoldGroup], parts: Iterable[PartGroup]) -> list[Slice]:
    """Return a row for each product, most sold first."""
    selling: dict[UUID, list[SoldGroup]] = {}
    making: dict[UUID, list[PartGroup]] = {}
    for one in sold:
        selling.setdefault(one.product_id, []).append(one)
    for part in parts:
        making.setdefault(part.product_id, []).append(part)
    rows = [
        Slice(
            key,
            buyers_of(selling.get(key, ())),
            producers_of(making.get(key, ())),
            market_of(selling.get(key, ())),
        )
        for key in {**selling, **making}
    ]
    return sorted(rows, key=lambda row: (-row.buyers.paid_satang, str(row.key)))


def by_producer(parts: Iterable[PartGroup]) -> list[Slice]:
    """Return a row for each producer, who got most first."""
    making: dict[UUID, list[PartGroup]] = {}
    for part in parts:
        making.setdefault(part.producer_id, []).append(part)
    rows = [Slice(key, producers=producers_of(some)) for key, some in making.items()]
    return sorted(rows, key=lambda row: (-row.producers.part_satang, str(row.key)))


def by_village(
    sold: Iterable[SoldGroup],
    parts: Iterable[PartGroup],
    homes: Mapping[UUID, tuple[UUID | None, Hashable]],
    buying: Mapping[UUID | None, int],
) -> list[Slice]:
    """Return a row for each village: its members as buyers, its producers.

    `homes` gives each producer's village and household, `buying` from how many households of a
    village members bought. Households count once, so the larger of the two is what is certain.
    """
    selling: dict[tuple[str, UUID | None], list[SoldGroup]] = {}
    making: dict[tuple[str, UUID | None], list[PartGroup]] = {}
    living: dict[tuple[str, UUID | None], set[Hashable]] = {}
    for one in sold:
        kind = STRANGERS if not one.member else VILLAGE if one.village_id else UNKNOWN
        selling.setdefault((kind, one.village_id), []).append(one)
    for part in parts:
        village, household = homes.get(part.producer_id, (None, part.producer_id))
        key = (VILLAGE if village else UNKNOWN, village)
        making.setdefault(key, []).append(part)
        living.setdefault(key, set()).add(household)
    rows = [
        Slice(
            key[1],
            buyers_of(selling.get(key, ())),
            producers_of(making.get(key, ())),
            households=max(
                0 if key[0] == STRANGERS else buying.get(key[1], 0), len(living.get(key, ()))
            ),
            kind=key[0],
        )
        for key in {**selling, **making}
    ]
    return sorted(rows, key=lambda row: (row.kind != VILLAGE, -row.gain_mils.mid, str(row.key)))


def folded(rows: Sequence[Slice], least: int = HOUSEHOLDS_LEAST) -> list[Slice]:
    """Fold villages of fewer than `least` households into one row, and more until it has enough.

    Buyers who are no members are nobody in particular and stay as they are.
    """
    shown = [row for row in rows if row.kind == STRANGERS]
    known = sorted(
        (row for row in rows if row.kind != STRANGERS),
        key=lambda row: (row.households, str(row.key)),
    )
    small = [row for row in known if row.households < least]
    large = known[len(small) :]
    while small and sum(row.households for row in small) < least and large:
        small.append(large.pop(0))
    if small:
        together = Slice(None, kind=OTHERS)
        for row in small:
            together += row
        # Too few even together: then nobody's village is told apart from the buyers at large.
        if together.households < least and shown:
            together = replace(shown.pop() + together, kind=OTHERS)
        shown.append(together)
    kept = [row for row in rows if row in large]
    return [*kept, *shown]
