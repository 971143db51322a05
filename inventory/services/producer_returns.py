"""Give consigned goods that did not sell back to their producer.

What must stay true: only consigned goods go back, and only what still lies here; no money moves,
so nothing is posted; the same id and content again is answered with the same document.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from core import clock
from core.actor import Actor
from core.db import db
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent
from core.numbering import buddhist_year, next_numbers
from inventory.models import ProducerReturn
from inventory.services import decided, locations, lots, lying
from inventory.services.decided import DecidedDoc
from inventory.services.moves import Journey, NewMove
from members.services import access

SOURCE = "producer_return"


class ReturnDiffers(DifferentContent):
    """The return's id came again with other content; the first one stands."""

    code, title = "return-differs", N_("This return was already recorded with other content")


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Goods of a consigned lot given back to their producer."""

    id: UUID
    lot_id: UUID
    quantity_milli: int
    reason: str
    location_id: UUID | None = None
    """Where they are taken from; None: from where most of the lot lies."""


def record(command: GiveBack, actor: Actor) -> DecidedDoc:
    """Give goods back and return the document; the same command again changes nothing.

    Raises ReturnDiffers, NotConsigned, OutOfStock, WholePieces, NotFound, Forbidden.
    """
    access.require(actor, "unsold.decide")
    content = content_of(command)
    earlier = decided.content_of_earlier(actor.centre_id, SOURCE, command.id)
    if earlier is not None:
        if differs := differences(earlier, content):
            raise ReturnDiffers(differs=differs)
        return decided.get(SOURCE, command.id, actor)
    lot = lots.card(actor.centre_id, command.lot_id)
    decided.require_consigned(lot)
    lying.whole_product(actor.centre_id, lot, command.quantity_milli)
    place, _ = lying.place_with(actor.centre_id, lot, command.quantity_milli, command.location_id)
    now = clock.now()
    journey = Journey(
        source_type=SOURCE,
        source_id=command.id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=place,
        to_location_id=locations.outside(actor.centre_id, "producer"),
    )
    lying.take_out(actor.centre_id, journey, NewMove(1, lot.id, command.quantity_milli))
    year = buddhist_year(journey.business_date)
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    db.session.execute(
        insert(ProducerReturn).values(
            centre_id=actor.centre_id,
            id=command.id,
            return_no=f"RT-{year}-{number:05d}",
            lot_id=lot.id,
            location_id=place,
            quantity_milli=command.quantity_milli,
            reason=command.reason,
            business_date=journey.business_date,
            recorded_at=now,
            recorded_by=actor.user_id,
            digest=digest_of(content),
            content=content,
        )
    )
    return decided.get(SOURCE, command.id, actor)
