"""Pack goods anew, in one go: sacks into bags, whose they are staying as it was.

What must stay true: it is a batch like any other, opened, fed and finished in one transaction, so
that lots, cost and trace are those of a batch. Both sides have a weight: a sack never becomes more
than it held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from core.actor import Actor
from inventory.rules.production import WeightNeeded, grams_told
from inventory.services import catalogue
from inventory.services.production import batches, finishing, issuing
from inventory.services.production.batches import OpenBatch
from inventory.services.production.finishing import FinishBatch, OutputLine
from inventory.services.production.issuing import IssueGoods, IssueLine
from members.services import access


@dataclass(frozen=True, slots=True)
class Repack:
    """So much of a product becomes so much of another; bags used up are `materials`.

    The lots are those that expire first unless `lot_id` names one. What is missing in weight is
    lost: it raises the cost of the rest (`spread`) or is written off (`expense`).
    """

    id: UUID
    location_id: UUID
    product_id: UUID
    quantity_milli: int
    to_product_id: UUID
    to_quantity_milli: int
    unit_grams: int | None = None
    to_unit_grams: int | None = None
    lot_id: UUID | None = None
    loss_rule: str = "spread"
    materials: tuple[IssueLine, ...] = ()
    expires_on: date | None = None
    note: str = ""
    name: str = ""
    over_reason: str = ""


def repack(command: Repack, actor: Actor) -> UUID:
    """Pack goods anew and return the batch; the same command again changes nothing.

    Raises WeightNeeded and what opening, issuing and finishing a batch raise.
    """
    access.require(actor, "production.record")
    _require_weights(command, actor)
    opened = OpenBatch(
        id=command.id,
        kind="repack",
        name=command.name,
        location_id=command.location_id,
        loss_rule=command.loss_rule,
        note=command.note,
    )
    batches.open_batch(opened, actor)
    goods = IssueLine(
        command.quantity_milli,
        lot_id=command.lot_id,
        product_id=command.product_id,
        unit_grams=command.unit_grams,
    )
    put_in = IssueGoods(uuid5(command.id, "issue"), command.id, (goods, *command.materials))
    issuing.issue(put_in, actor)
    came = OutputLine(
        "main",
        command.to_quantity_milli,
        product_id=command.to_product_id,
        unit_grams=command.to_unit_grams,
        expires_on=command.expires_on,
    )
    done = FinishBatch(command.id, (came,), over_reason=command.over_reason)
    return finishing.finish(done, actor)


def _require_weights(command: Repack, actor: Actor) -> None:
    """Raise WeightNeeded when nobody knows what one of either unit weighs."""
    wanted = {command.product_id, command.to_product_id}
    products = catalogue.for_sale(actor.centre_id, wanted)
    usual = issuing.usual_grams(actor.centre_id, [(one.id, one.unit) for one in products.values()])
    for product_id, told, field in (
        (command.product_id, command.unit_grams, "weight"),
        (command.to_product_id, command.to_unit_grams, "to_weight"),
    ):
        product = products.get(product_id)  # of an unknown one the batch itself says so
        if product and not grams_told(product.unit, told, usual[product_id]):
            raise WeightNeeded(line_no=1, field=field)
