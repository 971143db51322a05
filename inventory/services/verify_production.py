"""Do batches hold together: cost conserved, goods shared whole, every paper with its entry?

What must stay true: each check compares what a batch says with what its parts, lots and moves say,
added up in another way. Read-only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import (
    BatchCancellation,
    BatchCost,
    BatchFee,
    BatchFinish,
    BatchIssue,
    BatchOutput,
    BatchOutputLot,
    Lot,
    ProductionBatch,
)
from inventory.services import control_accounts
from inventory.services.comparing import compared, entries, gapless, tied


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of production over one centre."""
    yield tied("work in progress equals open batches", centre_id, control_accounts.WORK, "batch")
    yield _cost_conserved(centre_id)
    yield _goods_shared_whole(centre_id)
    yield _lots_as_shared(centre_id)
    yield from _entries(centre_id)
    series = (ProductionBatch, ProductionBatch.batch_no, "PB-")
    yield gapless(centre_id, "production_batch", *series)


def _cost_conserved(centre_id: int) -> Finding:
    """What went into each finished batch is on its own goods, lost, or spent."""
    put_in = _by_batch(centre_id, BatchIssue, BatchIssue.cost_satang)
    for batch_id, satang in _by_batch(centre_id, BatchCost, BatchCost.amount_satang).items():
        put_in[batch_id] = put_in.get(batch_id, 0) + satang
    became: dict[UUID, int] = {}
    for row in db.session.execute(
        select(BatchFinish.batch_id, BatchFinish.loss_satang + BatchFinish.spent_satang).where(
            BatchFinish.centre_id == centre_id
        )
    ):
        became[row[0]] = row[1]
    for batch_id, satang in _by_batch(centre_id, BatchOutput, BatchOutput.cost_satang).items():
        became[batch_id] += satang
    done = {batch_id: put_in.get(batch_id, 0) for batch_id in became}
    return compared("batch cost is conserved", centre_id, done, became, "production_batch")


def _goods_shared_whole(centre_id: int) -> Finding:
    """What came out of each batch is what its shares add up to; waste is nobody's."""
    said = _by_batch(
        centre_id, BatchOutput, BatchOutput.quantity_milli, BatchOutput.role != "waste"
    )
    shared = _by_batch(centre_id, BatchOutputLot, BatchOutputLot.quantity_milli)
    return compared("batch goods are shared whole", centre_id, said, shared, "production_batch")


def _lots_as_shared(centre_id: int) -> Finding:
    """Each lot out of a batch begins with the quantity and cost its share says."""
    rows = db.session.execute(
        select(BatchOutputLot.batch_id)
        .join(
            Lot,
            and_(Lot.centre_id == BatchOutputLot.centre_id, Lot.id == BatchOutputLot.lot_id),
        )
        .where(
            BatchOutputLot.centre_id == centre_id,
            or_(
                Lot.quantity_milli != BatchOutputLot.quantity_milli,
                Lot.cost_satang != BatchOutputLot.cost_satang,
            ),
        )
        .order_by(BatchOutputLot.batch_id)
    ).all()
    return Finding(
        check="lots out of batches are as shared",
        centre_id=centre_id,
        ok=not rows,
        actual=len(rows),
        document_type="production_batch" if rows else "",
        document_id=rows[0].batch_id if rows else "",
    )


def _entries(centre_id: int) -> Iterator[Finding]:
    said: tuple[tuple[str, Any, Any, Any], ...] = (
        ("goods put into a batch", BatchIssue, BatchIssue.id, BatchIssue.cost_satang),
        ("cost put into a batch", BatchCost, BatchCost.id, BatchCost.amount_satang),
    )
    for (name, model, key, satang), source in zip(said, ("batch_issue", "batch_cost"), strict=True):
        found = db.session.execute(
            select(key, case((satang > 0, 1), else_=0)).where(model.centre_id == centre_id)
        )
        yield entries(f"each {name} has its entry", centre_id, source, found.all())
    kept = (
        select(
            BatchOutputLot.batch_id,
            sum_int(BatchOutputLot.cost_satang).label("satang"),
        )
        .where(BatchOutputLot.centre_id == centre_id)
        .group_by(BatchOutputLot.batch_id)
        .subquery()
    )
    posted = BatchFinish.in_cost_satang + func.coalesce(kept.c.satang, 0)
    finished = db.session.execute(
        select(BatchFinish.batch_id, case((posted > 0, 1), else_=0))
        .outerjoin(kept, kept.c.batch_id == BatchFinish.batch_id)
        .where(BatchFinish.centre_id == centre_id)
    )
    yield entries("each finished batch has its entry", centre_id, "batch_finish", finished.all())
    yield entries(
        "each cancelled batch has its entry", centre_id, "batch_cancel", _reversals(centre_id)
    )


def _reversals(centre_id: int) -> list[tuple[UUID, int]]:
    """Return each cancellation with 1 when the batch had posted anything."""
    posted: set[UUID] = set()
    for model, satang in (
        (BatchIssue, BatchIssue.cost_satang),
        (BatchCost, BatchCost.amount_satang),
        (BatchFee, BatchFee.amount_satang),
        (BatchOutputLot, BatchOutputLot.cost_satang),
    ):
        posted |= {batch for batch, sum_ in _by_batch(centre_id, model, satang).items() if sum_}
    rows = db.session.execute(
        select(BatchCancellation.id, BatchCancellation.batch_id).where(
            BatchCancellation.centre_id == centre_id
        )
    )
    return [(identity, int(batch_id in posted)) for identity, batch_id in rows]


def _by_batch(centre_id: int, model: Any, amount: Any, *where: Any) -> dict[UUID, int]:
    rows = db.session.execute(
        select(model.batch_id, sum_int(amount))
        .where(model.centre_id == centre_id, *where)
        .group_by(model.batch_id)
    )
    return {batch_id: total for batch_id, total in rows}
