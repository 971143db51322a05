"""What sells and what lies: best and slow sellers, what is low, what is old, what to order or ask.

What must stay true: figures of a period are those of the takings page; hints reckon as the page of
a producer does (`inventory.rules.sell_through`), so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core import clock
from core.actor import Actor
from inventory.rules.sell_through import SellThrough
from inventory.services import supply
from inventory.services.supply import GoodsKey, OldLot, ProductName
from members.services import access, producers
from members.services.producers import ProducerCard
from pos.rules.day_figures import PRODUCT, Days, Figures, sell_through
from pos.services.day_figures import reading, settings
from pos.services.day_figures.reading import Read

EXPIRING_MAX = 200
OWN, CONSIGNED = "own", "consigned"


@dataclass(frozen=True, slots=True)
class Seller:
    """A product in a period, with what lies here now."""

    product: ProductName
    figures: Figures
    on_hand_milli: int

    @property
    def sell_through(self) -> int | None:
        """The part sold of what was sold and is left, in hundredths of a per cent."""
        return sell_through(self.figures.net_milli, self.on_hand_milli)


@dataclass(frozen=True, slots=True)
class Hint:
    """Goods that will be gone before more could come: from whom, how fast, how much."""

    product: ProductName
    producer: ProducerCard | None
    """Who brings them on consignment; None for goods we buy ourselves."""
    pace: SellThrough


@dataclass(frozen=True, slots=True)
class Old:
    """A lot whose day is near or past."""

    lot: OldLot
    product: ProductName
    producer: ProducerCard | None
    days_left: int


def sellers(read: Read, actor: Actor) -> list[Seller]:
    """Return every product sold in a period or lying here, what brought most first.

    Raises Forbidden.
    """
    access.require(actor, "report.read")
    sold = {UUID(key): one for key, one in read.by_key(PRODUCT).items()}
    lying = _by_product(supply.on_hand(actor.centre_id).items())
    names = supply.products(actor.centre_id, {*sold, *lying})
    found = [Seller(names[one], sold.get(one, Figures()), lying.get(one, 0)) for one in names]
    return sorted(found, key=lambda one: (-one.figures.net_satang, one.product.code))


def slow(found: Iterable[Seller]) -> list[Seller]:
    """Return what lies here and sold least: the smallest part sold first, then the most left."""
    lying = [one for one in found if one.on_hand_milli > 0]
    return sorted(
        lying, key=lambda one: (one.sell_through or 0, -one.on_hand_milli, one.product.code)
    )


def hints(actor: Actor) -> list[Hint]:
    """Return what to order (own goods) and to ask producers for, the shortest cover first.

    Own goods are reckoned by product, whoever they were bought from; consigned ones by producer.
    Raises Forbidden.
    """
    access.require(actor, "stock.read")
    reckoned, today = settings.supply_of(actor.centre_id), clock.today()
    window = Days(*supply.window(reckoned, today))
    sold: dict[GoodsKey, int] = {}
    for (product, producer, kind), one in (
        reading.of_centre(actor.centre_id, window).goods().items()
    ):
        place = _place(product, producer, kind)
        sold[place] = sold.get(place, 0) + one.quantity_milli
    lying: dict[GoodsKey, int] = {}
    for key, milli in supply.on_hand(actor.centre_id).items():
        lying[_place(*key)] = lying.get(_place(*key), 0) + milli
    there: dict[GoodsKey, int] = {}
    ids = {product for product, _, _ in sold}
    for key, days in supply.days_there(actor.centre_id, ids, reckoned.window_days, today).items():
        there[_place(*key)] = max(there.get(_place(*key), 0), days)
    on_order = supply.coming(actor.centre_id)
    names = supply.products(actor.centre_id, ids)
    cards = producers.names(actor.centre_id, {who for _, who, kind in sold if kind == CONSIGNED})
    found = []
    for key, milli in sold.items():
        days = there.get(key, reckoned.window_days)
        coming = on_order.get(key[0], 0) if key[2] == OWN else 0
        pace = SellThrough(milli, lying.get(key, 0), days, coming, reckoned)
        if pace.bring_more and names[key[0]].active:
            found.append(Hint(names[key[0]], cards.get(key[1]), pace))
    return sorted(found, key=lambda one: (one.pace.cover_days or 0, one.product.code))


def expiring(actor: Actor) -> list[Old]:
    """Return lots whose day is past or comes within the days the centre chose. Raises Forbidden."""
    access.require(actor, "stock.read")
    today = clock.today()
    until = today + timedelta(days=settings.of(actor.centre_id).expiring_days)
    lots = supply.expiring(actor.centre_id, until, EXPIRING_MAX)
    names = supply.products(actor.centre_id, {one.product_id for one in lots})
    cards = producers.names(actor.centre_id, {one.producer_id for one in lots})
    return [
        Old(one, names[one.product_id], cards.get(one.producer_id), _until(one, today))
        for one in lots
    ]


def _until(lot: OldLot, today: date) -> int:
    return (lot.expires_on - today).days


def _place(product: UUID, producer: UUID, kind: str) -> GoodsKey:
    """Own goods are one heap, whoever they came from."""
    return product, producer if kind == CONSIGNED else product, kind


def _by_product(rows: Iterable[tuple[GoodsKey, int]]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for (product, _, _), milli in rows:
        found[product] = found.get(product, 0) + milli
    return found
