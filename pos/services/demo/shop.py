"""The demo's people and goods, and the clock its days run by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from core import clock
from core.actor import Actor, Centre
from pos.services.offers import ShelfOffer
from pos.services.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Goods:
    """A product of the demo with how it comes in and how well it sells."""

    id: UUID
    price_satang: int
    by_weight: bool
    consigned: bool
    unit_cost_satang: int
    shelf_days: int | None
    batch_milli: int
    popularity: int
    producer_id: UUID


@dataclass(frozen=True, slots=True)
class Shop:
    """The people and goods the days of trade are played with."""

    centre: Centre
    staff: dict[str, Actor]
    members: tuple[UUID, ...]
    goods: tuple[Goods, ...]
    till_id: UUID
    reasons: tuple[UUID, ...]
    offers: dict[UUID, list[ShelfOffer]]
    """The promotions running all the while, by product, best first."""
    past: list[Receipt] = field(default_factory=list)
    """What was sold so far, for the customer who comes back with it."""


class Watch:
    """The demo's clock: it stands still until somebody moves it on."""

    def __init__(self, day: date, start: time) -> None:
        self.now = datetime.combine(day, start, clock.BANGKOK)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: int) -> None:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)

    def until(self, moment: time) -> None:
        """Move on to a time of the day, never back."""
        self.now = max(self.now, datetime.combine(self.now.date(), moment, clock.BANGKOK))
