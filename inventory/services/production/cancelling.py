"""Take a batch back whole, open or finished, before anything that came out of it moved.

What must stay true: what went in lies again where it lay, at the cost it had; what came out is
gone; one entry is the opposite of all the batch posted; a fee that was paid or netted keeps the
batch standing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, insert, select

from accounting.rules.entry import NewLine, flipped, merge
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.errors import N_, DomainError
from core.ids import uuid7
from inventory.models import (
    Advance,
    BatchCancellation,
    BatchCost,
    BatchFee,
    BatchFinish,
    BatchIssue,
    BatchOutputLot,
    GoodsReceiptCancellation,
    Lot,
    ProductionBatch,
)
from inventory.services import advances, levels, locations, moves
from inventory.services.moves import Journey, MoveCard, NewMove
from inventory.services.production import batches, finishing, issuing
from members.services import access

SOURCE = "batch_cancel"


class OutputMoved(DomainError):
    """Something that came out of the batch was sold, moved or used since."""

    code, status, title = "output-moved", 409, N_("Some of what came out has already moved")
    detail = N_("Lot %(lot_no)s has moved. Correct the stock by a count or a write-off instead.")


class FeePaid(DomainError):
    """A producer already paid the fee, or it was netted."""

    code, status, title = "fee-paid", 409, N_("A fee of this batch was already paid")
    detail = N_("%(advance_no)s was given back in part or whole. The batch stays as it is.")


@dataclass(frozen=True, slots=True)
class CancelBatch:
    """A batch to take back, and why."""

    batch_id: UUID
    reason: str


def cancel(command: CancelBatch, actor: Actor) -> UUID:
    """Cancel a batch; cancelling again changes nothing.

    Raises OutputMoved, FeePaid, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "production.record")
    batch = batches.locked(actor.centre_id, command.batch_id)
    if _cancelled(batch):
        return batch.id
    finished = db.session.get(BatchFinish, (actor.centre_id, batch.id)) is not None
    fees = _unpaid_fees(batch)
    put_in = _issued(batch)
    made = _made(batch)
    lot_ids = [lot_id for lot_id, _ in made]
    levels.locked(batch.centre_id, {*lot_ids, *(move.lot_id for _, move in put_in)})
    came = _untouched(batch, made)
    now = clock.now()
    cancellation_id = uuid7()
    in_work = 0 if finished else _in_work(batch)
    db.session.execute(
        insert(BatchCancellation).values(
            centre_id=actor.centre_id,
            id=cancellation_id,
            batch_id=batch.id,
            work_satang=in_work,
            reason=command.reason,
            **batches.signed(now, actor),
        )
    )
    written = _take_back_goods(batch, came, cancellation_id, now, actor)
    _put_back(batch, put_in, cancellation_id, now, written + 1)
    for receipt_id in sorted({receipt_id for _, receipt_id in made}):
        _close_receipt(receipt_id, command.reason, now, actor)
    for advance_id, producer_id, amount in fees:
        advances.net(batch.centre_id, SOURCE, cancellation_id, producer_id, amount, advance_id)
    _reverse(batch, [one for one, _, _ in fees], cancellation_id, actor)
    return batch.id


# --- parts -----------------------------------------------------------------------------------


def _cancelled(batch: ProductionBatch) -> bool:
    return (
        db.session.scalar(
            select(BatchCancellation.id).where(
                BatchCancellation.centre_id == batch.centre_id,
                BatchCancellation.batch_id == batch.id,
            )
        )
        is not None
    )


def _unpaid_fees(batch: ProductionBatch) -> list[tuple[UUID, UUID, int]]:
    """Return the fees owed (advance, producer, satang), the producers held; raise `FeePaid`."""
    rows = db.session.execute(
        select(BatchFee.advance_id, BatchFee.producer_id, BatchFee.amount_satang)
        .where(
            BatchFee.centre_id == batch.centre_id,
            BatchFee.batch_id == batch.id,
            BatchFee.advance_id.is_not(None),
        )
        .order_by(BatchFee.producer_id)
    ).all()
    for _, producer_id, _ in rows:
        serialise_on(producer_id)
    out = advances.outstanding(batch.centre_id, [row.producer_id for row in rows])
    left = {one.advance_id: one.left_satang for some in out.values() for one in some}
    for row in rows:
        if left.get(row.advance_id, 0) != row.amount_satang:
            advance = db.session.get(Advance, (batch.centre_id, row.advance_id))
            raise FeePaid(advance_no=advance.advance_no if advance else "")
    return [(row.advance_id, row.producer_id, row.amount_satang) for row in rows]


def _issued(batch: ProductionBatch) -> list[tuple[UUID, MoveCard]]:
    """Return the moves by which goods went in, each with the place they came from."""
    ids = db.session.scalars(
        select(BatchIssue.id)
        .where(BatchIssue.centre_id == batch.centre_id, BatchIssue.batch_id == batch.id)
        .order_by(BatchIssue.recorded_at, BatchIssue.id)
    )
    return [
        (move.from_location_id, move)
        for issue_id in ids
        for move in moves.moves_of(batch.centre_id, issuing.SOURCE, issue_id)
    ]


def _made(batch: ProductionBatch) -> list[tuple[UUID, UUID]]:
    """Return the lots that came out, each with its intake."""
    rows = db.session.execute(
        select(Lot.id, Lot.goods_receipt_id)
        .join(
            BatchOutputLot,
            and_(BatchOutputLot.centre_id == Lot.centre_id, BatchOutputLot.lot_id == Lot.id),
        )
        .where(BatchOutputLot.centre_id == batch.centre_id, BatchOutputLot.batch_id == batch.id)
        .order_by(Lot.id)
    )
    return [(lot_id, receipt_id) for lot_id, receipt_id in rows]


def _untouched(batch: ProductionBatch, made: Sequence[tuple[UUID, UUID]]) -> list[MoveCard]:
    """Return the moves by which goods came out; raise `OutputMoved` when there are others."""
    receipt_of = dict(made)
    found = moves.of_lots(batch.centre_id, receipt_of)
    for move in found:
        if move.source_id != receipt_of[move.lot_id]:
            raise OutputMoved(lot_no=move.lot_no)
    return found


def _in_work(batch: ProductionBatch) -> int:
    """Return the cost that stands in work in progress for an open batch."""
    total = 0
    for model, column in (
        (BatchIssue, BatchIssue.cost_satang),
        (BatchCost, BatchCost.amount_satang),
    ):
        found = db.session.scalars(
            select(column).where(model.centre_id == batch.centre_id, model.batch_id == batch.id)
        )
        total += sum(found)
    return total


def _take_back_goods(
    batch: ProductionBatch,
    came: Sequence[MoveCard],
    cancellation_id: UUID,
    now: datetime,
    actor: Actor,
) -> int:
    """Take what came out away again; return how many moves that were."""
    if not came:
        return 0
    levels.change(
        batch.centre_id,
        batch.location_id,
        {move.lot_id: (-move.quantity_milli, -move.cost_satang) for move in came},
    )
    journey = _journey(cancellation_id, now, batch.location_id, locations.work(actor.centre_id))
    moves.write(batch.centre_id, journey, [_same(move) for move in came])
    return len(came)


def _put_back(
    batch: ProductionBatch,
    put_in: Sequence[tuple[UUID, MoveCard]],
    cancellation_id: UUID,
    now: datetime,
    first_no: int,
) -> None:
    """Put what went in where it lay before."""
    work = locations.work(batch.centre_id)
    for place in sorted({place for place, _ in put_in}):
        there = [move for one, move in put_in if one == place]
        changes: dict[UUID, tuple[int, int]] = {}
        for move in there:
            quantity, value = changes.get(move.lot_id, (0, 0))
            changes[move.lot_id] = (quantity + move.quantity_milli, value + move.cost_satang)
        levels.change(batch.centre_id, place, changes)
        journey = _journey(cancellation_id, now, work, place)
        moves.write(batch.centre_id, journey, [_same(move) for move in there], first_no)
        first_no += len(there)


def _journey(cancellation_id: UUID, now: datetime, here: UUID, there: UUID) -> Journey:
    return Journey(
        source_type=SOURCE,
        source_id=cancellation_id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=here,
        to_location_id=there,
    )


def _same(move: MoveCard) -> NewMove:
    return NewMove(move.line_no, move.lot_id, move.quantity_milli, move.cost_satang)


def _close_receipt(receipt_id: UUID, reason: str, now: datetime, actor: Actor) -> None:
    """Mark an intake of the batch as taken back, so that nothing is ever drawn from its lots."""
    insert_rows(
        GoodsReceiptCancellation,
        [
            {
                "centre_id": actor.centre_id,
                "id": uuid7(),
                "goods_receipt_id": receipt_id,
                "business_date": clock.business_date(now),
                "recorded_at": now,
                "recorded_by": actor.user_id,
                "reason": reason,
                "shift_id": None,
            }
        ],
    )


def _reverse(
    batch: ProductionBatch, advance_ids: Sequence[UUID], cancellation_id: UUID, actor: Actor
) -> None:
    """Post the opposite of all entries of the batch as one."""
    sources = [(advances.SOURCE, one) for one in advance_ids]
    sources.append((finishing.SOURCE, batch.id))
    for source, model in ((batches.COST_SOURCE, BatchCost), (issuing.SOURCE, BatchIssue)):
        ids = db.session.scalars(
            select(model.id)
            .where(model.centre_id == batch.centre_id, model.batch_id == batch.id)
            .order_by(model.recorded_at, model.id)
        )
        sources += [(source, one) for one in ids]
    back: list[NewLine] = []
    for source, source_id in sources:
        for entry in ledger.entry_of(batch.centre_id, source, source_id):
            back += flipped(ledger.lines_of(batch.centre_id, entry.id))
    batches.post(SOURCE, cancellation_id, merge(back), batch.batch_no, clock.now(), actor)
