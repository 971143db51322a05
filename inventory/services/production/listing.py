"""Batches in a list, and what earlier batches of the same recipe gave.

What must stay true: figures are those stored with the batch; nothing is priced anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, select

from core.actor import Actor
from core.db import db
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import BatchCancellation, BatchFinish, BatchOutput, ProductionBatch
from inventory.rules.production import grams_of, unit_cost, yield_basis_points
from inventory.services.production.reading import BatchDoc
from members.services import access

SAME_MAX = 24


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A batch in a list."""

    id: UUID
    batch_no: str
    kind: str
    name: str
    state: str
    recorded_at: datetime
    in_cost_satang: int | None
    in_grams: int | None
    out_grams: int | None
    loss_satang: int | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a batch of the same recipe gave: yield of main goods, cost of one unit of the first."""

    id: UUID
    batch_no: str
    business_date: date
    yield_basis_points: int | None
    unit_cost_satang: int | None


def listing(
    actor: Actor, window: Window, sought: Sought = NOTHING, kind: str = ""
) -> Page[BatchCard]:
    """Return batches, newest first, of one kind if given."""
    access.require(actor, "production.read")
    query: Any = (
        select(ProductionBatch, BatchFinish, BatchCancellation.id)
        .outerjoin(
            BatchFinish,
            and_(
                BatchFinish.centre_id == ProductionBatch.centre_id,
                BatchFinish.batch_id == ProductionBatch.id,
            ),
        )
        .outerjoin(
            BatchCancellation,
            and_(
                BatchCancellation.centre_id == ProductionBatch.centre_id,
                BatchCancellation.batch_id == ProductionBatch.id,
            ),
        )
        .where(
            ProductionBatch.centre_id == actor.centre_id,
            *matching(
                sought,
                day=ProductionBatch.business_date,
                state=case(
                    (BatchCancellation.id.is_not(None), "cancelled"),
                    (BatchFinish.batch_id.is_not(None), "done"),
                    else_="open",
                ),
                text=(ProductionBatch.batch_no, ProductionBatch.name),
            ),
        )
    )
    if kind:
        query = query.where(ProductionBatch.kind == kind)
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(ProductionBatch.id < last)
    rows = db.session.execute(
        query.order_by(ProductionBatch.id.desc()).limit(window.limit + 1)
    ).all()
    return page_of([_card(row) for row in rows], window, lambda card: str(card.id))


def same(batch: BatchDoc, actor: Actor) -> list[Earlier]:
    """Return what finished batches of the same recipe (or name) gave, oldest first."""
    access.require(actor, "production.read")
    alike = (
        ProductionBatch.recipe_id == batch.recipe_id
        if batch.recipe_id
        else and_(ProductionBatch.recipe_id.is_(None), ProductionBatch.name == batch.name)
    )
    gone = select(BatchCancellation.batch_id).where(BatchCancellation.centre_id == actor.centre_id)
    rows = db.session.execute(
        select(ProductionBatch, BatchFinish)
        .join(
            BatchFinish,
            and_(
                BatchFinish.centre_id == ProductionBatch.centre_id,
                BatchFinish.batch_id == ProductionBatch.id,
            ),
        )
        .where(
            ProductionBatch.centre_id == actor.centre_id,
            ProductionBatch.kind == batch.kind,
            ProductionBatch.id.not_in(gone),
            alike,
        )
        .order_by(ProductionBatch.id.desc())
        .limit(SAME_MAX)
    ).all()
    mains = _mains(actor.centre_id, [row.ProductionBatch.id for row in rows])
    return [
        Earlier(
            row.ProductionBatch.id,
            row.ProductionBatch.batch_no,
            row.BatchFinish.business_date,
            yield_basis_points(
                row.BatchFinish.in_grams, mains.get(row.ProductionBatch.id, (0, None))[0]
            ),
            mains.get(row.ProductionBatch.id, (0, None))[1],
        )
        for row in reversed(rows)
    ]


def _mains(centre_id: int, batch_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int | None]]:
    """Return the grams of main goods, and the cost of a unit of the first, by batch."""
    rows = db.session.scalars(
        select(BatchOutput)
        .where(
            BatchOutput.centre_id == centre_id,
            BatchOutput.batch_id.in_(batch_ids),
            BatchOutput.role == "main",
        )
        .order_by(BatchOutput.batch_id, BatchOutput.line_no)
    )
    found: dict[UUID, tuple[int, int | None]] = {}
    for row in rows:
        grams, cost = found.get(row.batch_id, (0, None))
        if cost is None and row.cost_satang:
            cost = unit_cost(row.cost_satang, row.quantity_milli)
        found[row.batch_id] = (grams + grams_of(row.quantity_milli, row.unit_grams), cost)
    return found


def _card(row: Any) -> BatchCard:
    batch, finish, cancelled = row
    state = "cancelled" if cancelled else "done" if finish else "open"
    return BatchCard(
        id=batch.id,
        batch_no=batch.batch_no,
        kind=batch.kind,
        name=batch.name,
        state=state,
        recorded_at=batch.recorded_at,
        in_cost_satang=finish.in_cost_satang if finish else None,
        in_grams=finish.in_grams if finish else None,
        out_grams=finish.out_grams if finish else None,
        loss_satang=finish.loss_satang if finish else None,
    )
