"""The report by product, producer and village, with the names people know them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.actor import Actor
from inventory.services import catalogue
from inventory.services.catalogue import ProductDoc
from members.services import access, producers, village_keys, villages
from members.services.producers import ProducerCard
from members.services.villages import VillageCard
from pos.rules.welfare.slices import Slice, by_producer, by_product, by_village, folded
from pos.services.welfare.gathering import Gathered, households


@dataclass(frozen=True, slots=True)
class Slices:
    """Rows of each slice and the names in them; `public` villages may be read by anybody."""

    products: tuple[Slice, ...]
    producers: tuple[Slice, ...]
    villages: tuple[Slice, ...]
    public: tuple[Slice, ...]
    goods: Mapping[UUID, ProductDoc]
    makers: Mapping[UUID, ProducerCard]
    places: Mapping[UUID, VillageCard]


def of_report(found: Gathered, actor: Actor) -> Slices:
    """Return the slices of a gathered report. Raises Forbidden."""
    access.require(actor, "welfare.read")
    centre_id = actor.centre_id
    goods, makers = by_product(found.sold, found.parts), by_producer(found.parts)
    homes = village_keys.of_producers(centre_id)
    living = by_village(found.sold, found.parts, homes, households(centre_id, found.days))
    return Slices(
        tuple(goods),
        tuple(makers),
        tuple(living),
        tuple(folded(living)),
        catalogue.names(centre_id, {row.key for row in goods if row.key is not None}),
        producers.names(centre_id, {row.key for row in makers}),
        {one.id: one for one in villages.listing(centre_id)},
    )
