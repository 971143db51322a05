"""Buy consigned goods that did not sell: they leave as the producer's and come in as ours.

What must stay true: both halves are one transaction and carry the same quantity; the entry is that
of the intake, at the price agreed today, and the old lot's terms owe nothing for what was bought.
Nothing is carried anywhere: what was held stays held, what lay in the store room stays there.
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
from core.ids import uuid7
from core.numbering import buddhist_year, next_numbers
from inventory.models import LotConversion
from inventory.services import decided, holds, intake, locations, lots, lying
from inventory.services.decided import DecidedDoc
from inventory.services.intake import GoodsReceiptDoc, RecordIntake, RecordIntakeLine
from inventory.services.lots import LotCard
from inventory.services.moves import Journey, NewMove
from members.services import access

SOURCE = "lot_conversion"


class ConversionDiffers(DifferentContent):
    """The purchase's id came again with other content; the first one stands."""

    code, title = "conversion-differs", N_("This purchase was already recorded with other content")


@dataclass(frozen=True, slots=True)
class ConvertLot:
    """Goods of a consigned lot bought outright at an agreed price a unit; they are owed."""

    id: UUID
    lot_id: UUID
    quantity_milli: int
    unit_cost_satang: int
    reason: str
    location_id: UUID | None = None


def record(command: ConvertLot, actor: Actor) -> DecidedDoc:
    """Buy consigned goods and return the document; the same command again changes nothing.

    Raises ConversionDiffers, NotConsigned, OutOfStock, WholePieces, CostTooSmall,
    ProducerInactive, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "unsold.decide")
    content = content_of(command)
    earlier = decided.content_of_earlier(actor.centre_id, SOURCE, command.id)
    if earlier is not None:
        if differs := differences(earlier, content):
            raise ConversionDiffers(differs=differs)
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
    conversion_no = f"CV-{year}-{number:05d}"
    bought = _bought(command, lot, conversion_no, place, actor)
    db.session.execute(
        insert(LotConversion).values(
            centre_id=actor.centre_id,
            id=command.id,
            conversion_no=conversion_no,
            lot_id=lot.id,
            location_id=place,
            quantity_milli=command.quantity_milli,
            unit_cost_satang=command.unit_cost_satang,
            cost_satang=bought.cost_satang,
            goods_receipt_id=bought.id,
            new_lot_id=bought.lines[0].lot_id,
            reason=command.reason,
            business_date=journey.business_date,
            recorded_at=now,
            recorded_by=actor.user_id,
            digest=digest_of(content),
            content=content,
        )
    )
    return decided.get(SOURCE, command.id, actor)


def _bought(
    command: ConvertLot, lot: LotCard, conversion_no: str, place: UUID, actor: Actor
) -> GoodsReceiptDoc:
    """Take the goods in again as ours, in the state they are in today and where they lie."""
    line = RecordIntakeLine(
        product_id=lot.product_id,
        gross_milli=command.quantity_milli,
        grade=holds.grade_of(actor.centre_id, lot.id, lot.grade),
        unit_cost_satang=command.unit_cost_satang,
        expires_on=lot.expires_on,
    )
    receipt = RecordIntake(
        id=uuid7(),
        producer_id=lot.producer_id,
        kind="outright",
        lines=(line,),
        note=conversion_no,
    )
    return intake.record(receipt, actor, place=place)
