"""What producers bring for a joint batch right now: taken in and put into the batch in one go.

What must stay true: it is an intake on consignment like any other, with its slip; then goods of
those lots are issued like any others.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from core.actor import Actor
from inventory.services import intake
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.production import batches, issuing
from inventory.services.production.issuing import IssueGoods, IssueLine
from members.services import delivering


@dataclass(frozen=True, slots=True)
class Brought:
    """So much of a product that a producer brought; it stays his.

    `unit_grams` as of any goods put in: as the unit says, or as last time, when left out.
    """

    producer_id: UUID
    product_id: UUID
    quantity_milli: int
    unit_grams: int | None = None


def put_in(command: IssueGoods, brought: tuple[Brought, ...], actor: Actor) -> UUID:
    """Take in what was brought, then put it in behind the lines of `command`.

    Sent again it changes nothing, for the intakes' ids follow from the command's. Raises what an
    intake and an issue raise.
    """
    place = command.location_id or batches.of(actor.centre_id, command.batch_id).location_id
    batches.require_place(actor.centre_id, place)
    lines = list(command.lines)
    for number, one in enumerate(brought, start=1):
        receipt = RecordIntake(
            id=uuid5(command.id, f"brought {number}"),
            producer_id=one.producer_id,
            kind="consignment",
            lines=(RecordIntakeLine(one.product_id, one.quantity_milli),),
        )
        # Whoever is suspended brings nothing, whatever the place it is put.
        delivering.require(actor.centre_id, one.producer_id)
        document = intake.record(receipt, actor, place=place)
        lines += [
            IssueLine(line.quantity_milli, lot_id=line.lot_id, unit_grams=one.unit_grams)
            for line in document.lines
        ]
    whole = IssueGoods(command.id, command.batch_id, tuple(lines), command.location_id)
    return issuing.issue(whole, actor)
