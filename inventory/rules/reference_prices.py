"""Which reference price holds on a day. Pure.

What must stay true: of the prices of a product and kind, the latest not after the day holds,
until it is older than the village lets a price be; on a day without one, none does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

FARM_GATE, SHELF = "farm_gate", "shelf"
KINDS = (FARM_GATE, SHELF)


@dataclass(frozen=True, slots=True)
class Reference:
    """A price of a unit seen elsewhere, with the ends of what was seen."""

    id: UUID
    product_id: UUID
    kind: str
    price_satang: int
    low_satang: int
    high_satang: int
    valid_from: date
    place: str = ""
    source: str = ""


class ReferenceBook:
    """The prices of a centre, to be asked by product, kind and day."""

    def __init__(self, references: Iterable[Reference], holds_days: int) -> None:
        """Take references in the order they were entered: of one day's, the last counts."""
        self._holds = timedelta(days=holds_days)
        self._days: dict[tuple[UUID, str], list[date]] = {}
        self._found: dict[tuple[UUID, str], list[Reference]] = {}
        for one in sorted(references, key=lambda one: one.valid_from):
            key = one.product_id, one.kind
            self._days.setdefault(key, []).append(one.valid_from)
            self._found.setdefault(key, []).append(one)

    def on(self, product_id: UUID, kind: str, day: date) -> Reference | None:
        """Return the price that holds on a day."""
        key = product_id, kind
        place = bisect_right(self._days.get(key, ()), day)
        if not place:
            return None
        found = self._found[key][place - 1]
        return found if day <= found.valid_from + self._holds else None
