"""Where goods that came out of batches came from, and where a bad lot went: the recall list.

What must stay true: everything that was in a batch together counts as mixed, so a recall errs
towards too many lots and never misses one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from accounting.services import rooms
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from inventory.models import (
    BatchCancellation,
    BatchIssue,
    BatchIssueLine,
    BatchOutputLot,
    Location,
    Lot,
    LotConversion,
    Product,
    ProductionBatch,
    StockLevel,
    StockMove,
)
from inventory.services.locations import OURS
from members.services import access, producers

LOTS_MAX = 500
"""A trace ends here; a shop of villages never gets near it."""


@dataclass(frozen=True, slots=True)
class TracedLot:
    """A lot of a trace: how many batches away it is, by which batch it hangs on the one before."""

    step: int
    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    producer_id: UUID
    producer_name: str
    ownership: str
    quantity_milli: int
    on_hand_milli: int
    expires_on: date | None
    batch_id: UUID | None
    batch_no: str


@dataclass(frozen=True, slots=True)
class Gone:
    """Where goods of a traced lot went: by which document, on which day, how much."""

    lot_id: UUID
    lot_no: str
    source_type: str
    source_id: UUID
    number: str
    kind: str
    business_date: date
    quantity_milli: int
    unit: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A lot both ways: what it was made of, what was made of it, and where all of that went."""

    lot: TracedLot
    made_of: tuple[TracedLot, ...]
    became: tuple[TracedLot, ...]
    gone: tuple[Gone, ...]


def trace(lot_id: UUID, actor: Actor) -> Trace:
    """Trace a lot; raise NotFound, Forbidden."""
    access.require(actor, "production.read")
    centre_id = actor.centre_id
    back = _walk(centre_id, lot_id, _INPUTS)
    forth = _walk(centre_id, lot_id, _OUTPUTS)
    found = _lots(centre_id, {lot_id: (0, None), **back, **forth})
    if lot_id not in found:
        raise NotFound(what="lot")

    def some(steps: dict[UUID, tuple[int, UUID | None]]) -> tuple[TracedLot, ...]:
        cards = [found[one] for one in steps if one in found]
        return tuple(sorted(cards, key=lambda one: (one.step, one.lot_no)))

    bad = {lot_id, *forth}
    return Trace(found[lot_id], some(back), some(forth), _gone(centre_id, bad))


# --- parts -----------------------------------------------------------------------------------

_INPUTS = "inputs"
_OUTPUTS = "outputs"


def _walk(centre_id: int, lot_id: UUID, way: str) -> dict[UUID, tuple[int, UUID | None]]:
    """Return every lot reached, with its distance and the batch it was reached by."""
    found: dict[UUID, tuple[int, UUID | None]] = {}
    edge = {lot_id}
    step = 0
    while edge and len(found) < LOTS_MAX:
        step += 1
        rows = [
            *db.session.execute(_next(centre_id, edge, way)),
            *((one, None) for one in db.session.scalars(_bought(centre_id, edge, way))),
        ]
        edge = set()
        for reached, batch_id in rows:
            if reached != lot_id and reached not in found:
                found[reached] = (step, batch_id)
                edge.add(reached)
    return found


def _next(centre_id: int, lot_ids: Collection[UUID], way: str) -> Any:
    """Select the lots one batch away from some, with the batch; cancelled batches don't count."""
    undone = select(BatchCancellation.batch_id).where(BatchCancellation.centre_id == centre_id)
    joined = (
        select(BatchIssueLine.lot_id, BatchIssue.batch_id, BatchOutputLot.lot_id.label("out"))
        .join(
            BatchIssue,
            and_(
                BatchIssue.centre_id == BatchIssueLine.centre_id,
                BatchIssue.id == BatchIssueLine.issue_id,
            ),
        )
        .join(
            BatchOutputLot,
            and_(
                BatchOutputLot.centre_id == BatchIssue.centre_id,
                BatchOutputLot.batch_id == BatchIssue.batch_id,
            ),
        )
        .where(
            BatchIssueLine.centre_id == centre_id,
            BatchOutputLot.lot_id.is_not(None),
            BatchIssue.batch_id.not_in(undone),
        )
        .subquery()
    )
    here, there = (
        (joined.c.out, joined.c.lot_id)
        if way == _INPUTS
        else (
            joined.c.lot_id,
            joined.c.out,
        )
    )
    return (
        select(there, joined.c.batch_id).where(here.in_(sorted(lot_ids))).distinct().limit(LOTS_MAX)
    )


def _bought(centre_id: int, lot_ids: Collection[UUID], way: str) -> Any:
    """Select the lots that goods of some stand in since we bought them, or stood in before."""
    before, since = LotConversion.lot_id, LotConversion.new_lot_id
    here, there = (since, before) if way == _INPUTS else (before, since)
    return select(there).where(LotConversion.centre_id == centre_id, here.in_(sorted(lot_ids)))


def _lots(centre_id: int, steps: dict[UUID, tuple[int, UUID | None]]) -> dict[UUID, TracedLot]:
    ids = sorted(steps)
    lying = dict(
        db.session.execute(
            select(StockLevel.lot_id, sum_int(StockLevel.quantity_milli))
            .where(StockLevel.centre_id == centre_id, StockLevel.lot_id.in_(ids))
            .group_by(StockLevel.lot_id)
        ).all()
    )
    batch_ids = sorted({batch for _, batch in steps.values() if batch})
    numbers = dict(
        db.session.execute(
            select(ProductionBatch.id, ProductionBatch.batch_no).where(
                ProductionBatch.centre_id == centre_id, ProductionBatch.id.in_(batch_ids)
            )
        ).all()
    )
    rows = db.session.execute(
        select(Lot, Product)
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Lot.centre_id == centre_id, Lot.id.in_(ids))
    ).all()
    people = producers.names(centre_id, {lot.producer_id for lot, _ in rows})
    found = {}
    for lot, product in rows:
        step, batch_id = steps[lot.id]
        found[lot.id] = TracedLot(
            step=step,
            lot_id=lot.id,
            lot_no=lot.lot_no,
            product_id=product.id,
            name_th=product.name_th,
            name_en=product.name_en,
            unit=product.unit,
            producer_id=lot.producer_id,
            producer_name=people[lot.producer_id].name,
            ownership=lot.ownership,
            quantity_milli=lot.quantity_milli,
            on_hand_milli=lying.get(lot.id, 0),
            expires_on=lot.expires_on,
            batch_id=batch_id,
            batch_no=numbers.get(batch_id, "") if batch_id else "",
        )
    return found


def _gone(centre_id: int, lot_ids: Collection[UUID]) -> tuple[Gone, ...]:
    """Return every move by which goods of lots left our shelves, oldest first."""
    ours = select(Location.id).where(Location.centre_id == centre_id, Location.kind.in_(OURS))
    rows = db.session.execute(
        select(
            StockMove.lot_id,
            Lot.lot_no,
            StockMove.source_type,
            StockMove.source_id,
            Location.kind,
            StockMove.business_date,
            sum_int(StockMove.quantity_milli),
            Product.unit,
        )
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .join(
            Location,
            and_(
                Location.centre_id == StockMove.centre_id,
                Location.id == StockMove.to_location_id,
            ),
        )
        .where(
            StockMove.centre_id == centre_id,
            StockMove.lot_id.in_(sorted(lot_ids)),
            StockMove.from_location_id.in_(ours),
            StockMove.to_location_id.not_in(ours),
        )
        .group_by(
            StockMove.lot_id,
            Lot.lot_no,
            StockMove.source_type,
            StockMove.source_id,
            Location.kind,
            StockMove.business_date,
            Product.unit,
        )
        .order_by(StockMove.business_date, StockMove.source_id)
    ).all()
    numbers = rooms.numbers_of(centre_id, {(row.source_type, row.source_id) for row in rows})
    return tuple(
        Gone(
            row[0],
            row[1],
            row[2],
            row[3],
            numbers.get((row[2], row[3]), ""),
            row[4],
            row[5],
            row[6],
            row[7],
        )
        for row in rows
    )
