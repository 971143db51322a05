"""A batch from its opening: what it is for, the costs put into it, whether it is still open.

What must stay true: whoever adds to a batch, finishes or cancels it waits for the others, so that
nothing is put into a batch that has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.money import SATANG_MAX
from core.numbering import buddhist_year, next_numbers
from core.quantity import price_of
from inventory.models import BatchCancellation, BatchCost, BatchFinish, ProductionBatch, Recipe
from inventory.rules.production_posting import cost_lines
from inventory.services.transfers import sending
from members.services import access

SERIES = "production_batch"
COST_SOURCE = "batch_cost"


class BatchDiffers(DifferentContent):
    """What was sent under this id before had other content; the first one stands."""

    code, title = "batch-differs", N_("This was already recorded with other content")


class BatchEnded(DomainError):
    """The batch was finished or cancelled; nothing more goes into it."""

    code, status, title = "batch-ended", 409, N_("This batch has ended")
    detail = N_("Open a new batch.")


class FeePaysForIt(DomainError):
    """Work on producers' goods is paid by their fee; its wages stay an expense of the centre."""

    code, status, title = "fee-pays-for-it", 409, N_("The fee pays for this work")
    detail = N_(
        "In a joint batch the goods are not ours: their cost is not ours either. Wages and power "
        "stay expenses; charge a fee when the batch is finished."
    )


class CostsNothing(DomainError):
    """A cost of nothing changes nothing, and water has a weight."""

    code, status, title = "costs-nothing", 422, N_("This costs nothing")
    detail = N_("Enter the price of one, or for water how many kilograms it is.")


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch to open; with a recipe the recipe's lines are kept as its plan."""

    id: UUID
    kind: str
    name: str
    location_id: UUID
    basis: str = "weight"
    loss_rule: str = "spread"
    recipe_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AddCost:
    """Work by the hour or piece, power by the meter, water by weight: quantity × rate."""

    id: UUID
    batch_id: UUID
    kind: str
    label: str
    quantity_milli: int
    rate_satang: int = 0
    grams: int = 0


def open_batch(command: OpenBatch, actor: Actor) -> UUID:
    """Open a batch; the same command again changes nothing.

    Raises BatchDiffers, NotFound, Forbidden.
    """
    access.require(actor, "production.record")
    content = content_of(command)
    earlier = db.session.scalar(
        select(ProductionBatch.content).where(
            ProductionBatch.centre_id == actor.centre_id, ProductionBatch.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise BatchDiffers(differs=differs)
        return command.id
    require_place(actor.centre_id, command.location_id)
    planned: list[dict[str, Any]] = []
    if command.recipe_id is not None:
        recipe = db.session.get(Recipe, (actor.centre_id, command.recipe_id))
        if recipe is None:
            raise NotFound(what="recipe", field="recipe_id")
        planned = recipe.lines
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [(SERIES, year)])
    db.session.execute(
        insert(ProductionBatch).values(
            centre_id=actor.centre_id,
            id=command.id,
            batch_no=f"PB-{year}-{number:05d}",
            kind=command.kind,
            name=command.name,
            recipe_id=command.recipe_id,
            planned=planned,
            basis=command.basis,
            loss_rule=command.loss_rule,
            location_id=command.location_id,
            note=command.note,
            **signed(now, actor),
            digest=digest_of(content),
            content=content,
        )
    )
    return command.id


def add_cost(command: AddCost, actor: Actor) -> UUID:
    """Put work or another cost into a batch; the same command again changes nothing.

    Raises BatchDiffers, BatchEnded, FeePaysForIt, CostsNothing, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "production.record")
    content = content_of(command)
    batch = locked(actor.centre_id, command.batch_id)
    earlier = db.session.scalar(
        select(BatchCost.content).where(
            BatchCost.centre_id == actor.centre_id, BatchCost.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise BatchDiffers(differs=differs)
        return command.batch_id
    require_open(actor.centre_id, batch.id)
    if batch.kind == "joint" and command.kind != "water":
        raise FeePaysForIt(field="kind")
    amount = price_of(command.quantity_milli, command.rate_satang)
    if (command.kind == "water") != bool(command.grams) or not (amount or command.grams):
        raise CostsNothing(field="grams" if command.kind == "water" else "rate")
    if batch.kind == "joint" and amount:
        raise FeePaysForIt(field="rate")
    if amount > SATANG_MAX:
        raise CostsNothing(field="rate")
    now = clock.now()
    db.session.execute(
        insert(BatchCost).values(
            centre_id=actor.centre_id,
            id=command.id,
            batch_id=batch.id,
            kind=command.kind,
            label=command.label,
            quantity_milli=command.quantity_milli,
            rate_satang=command.rate_satang,
            amount_satang=amount,
            grams=command.grams,
            **signed(now, actor),
            digest=digest_of(content),
            content=content,
        )
    )
    lines = cost_lines(command.kind, amount)
    post(COST_SOURCE, command.id, lines, f"{batch.batch_no} {command.label}", now, actor)
    return batch.id


# --- for this package ------------------------------------------------------------------------


def locked(centre_id: int, batch_id: UUID) -> ProductionBatch:
    """Return a batch, held against others that would change it; raise `NotFound`."""
    serialise_on(batch_id)
    return of(centre_id, batch_id)


def of(centre_id: int, batch_id: UUID) -> ProductionBatch:
    """Return a batch's row; raise `NotFound`."""
    row = db.session.scalars(
        select(ProductionBatch).where(
            ProductionBatch.centre_id == centre_id, ProductionBatch.id == batch_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="production_batch")
    return row


def require_open(centre_id: int, batch_id: UUID) -> None:
    """Raise `BatchEnded` when a batch was finished or cancelled."""
    for model in (BatchFinish, BatchCancellation):
        ended = db.session.scalar(
            select(model.batch_id).where(model.centre_id == centre_id, model.batch_id == batch_id)
        )
        if ended is not None:
            raise BatchEnded


def require_place(centre_id: int, location_id: UUID) -> None:
    """Raise `NotFound` unless goods may be taken from and put down at a place."""
    if location_id not in {place.id for place in sending.places(centre_id)}:
        raise NotFound(what="location", field="location_id")


def signed(now: datetime, actor: Actor) -> dict[str, Any]:
    """Return the columns that say when and by whom something was recorded."""
    return {
        "business_date": clock.business_date(now),
        "recorded_at": now,
        "recorded_by": actor.user_id,
        "recorded_name": actor.name,
    }


def post(
    source: str,
    source_id: UUID,
    lines: tuple[NewLine, ...],
    memo: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Post the entry of a document of this package; nothing without lines."""
    if lines:
        ledger.post(
            NewEntry(
                kind=source,
                source_type=source,
                source_id=source_id,
                business_date=_day(now),
                occurred_at=now,
                lines=lines,
                memo=memo,
            ),
            actor,
        )


def _day(now: datetime) -> date:
    return clock.business_date(now)
