"""Promotions of a product, told by the counter above; this room knows nobody by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.appointed import Appointed


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A promotion as the product's page shows it: what it makes of the price, and its days."""

    id: UUID
    name_th: str
    name_en: str
    members_only: bool
    price_satang: int
    """The price of one of the product's own unit under it."""
    valid_from: date
    valid_until: date | None
    state: str
    """running, coming, ended or stopped."""
    by_name: str


OFFERS: Appointed[Callable[[UUID, Actor], list[OfferLine]]] = Appointed()


def of(product_id: UUID, actor: Actor) -> list[OfferLine]:
    """Return a product's promotions, the newest first; none where nobody was appointed."""
    return [line for ask in OFFERS for line in ask(product_id, actor)]
