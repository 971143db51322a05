"""Take an intake back whole, before anything of it moved: a document of its own, never an edit.

What must stay true: only an untouched delivery can be cancelled; its goods go back to the producer
and its entry is reversed, once. Goods bought from consignment lie there on consignment again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, select

from accounting.services import cash_drawers, ledger
from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from core.ids import uuid7
from inventory.models import GoodsReceiptCancellation, LotConversion
from inventory.services import levels, locations, moves, payables, receipts
from inventory.services.buying import orders
from inventory.services.moves import Journey, MoveCard, NewMove
from inventory.services.receipts import GoodsReceiptDoc, ShiftNeeded
from members.services import access

SOURCE = "goods_receipt_cancellation"


class IntakeTouched(DomainError):
    """Something of the delivery has already been sold or written off."""

    code, status, title = "intake-touched", 409, N_("Some of this delivery has already moved")
    detail = N_("Lot %(lot_no)s has moved. Write off or buy back what is left instead.")


class CameByTransfer(DomainError):
    """What another centre sent is sent back, not cancelled: its books count on the arrival."""

    code, status, title = "came-by-transfer", 409, N_("These goods came from another centre")
    detail = N_("Send them back by a transfer instead.")


class OfOldBooks(DomainError):
    """Goods of the old books stand in the opening entry, with everything else of that day."""

    code, status, title = "of-old-books", 409, N_("These goods came from the old books")
    detail = N_("Write them off, or count the stock, instead.")


class MadeHere(DomainError):
    """What came out of a batch goes back into it only with the whole batch."""

    code, status, title = "made-here", 409, N_("These goods came out of a batch")
    detail = N_("Cancel the batch instead.")


class OtherTill(DomainError):
    """The money has to go back into the drawer it came from."""

    code, status, title = "other-till", 409, N_("This was paid from another till")
    detail = N_("Open a shift on the till that paid, then cancel.")


_STAY: dict[str, type[DomainError]] = {
    "transfer": CameByTransfer,
    "opening": OfOldBooks,
    "production": MadeHere,
}


@dataclass(frozen=True, slots=True)
class CancelIntake:
    """Cancel an intake and say why; one paid in cash names the open shift of that till."""

    goods_receipt_id: UUID
    reason: str
    shift_id: UUID | None = None


def cancel(command: CancelIntake, actor: Actor) -> GoodsReceiptDoc:
    """Cancel an intake and return it; cancelling again changes nothing.

    Raises IntakeTouched, CameByTransfer, OfOldBooks, MadeHere, AlreadyPaid, ShiftNeeded,
    OtherTill, ShiftClosed, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "intake.cancel")
    serialise_on(command.goods_receipt_id)
    receipt = receipts.get(command.goods_receipt_id, actor)
    if receipt.cancellation is not None:
        return receipt
    if receipt.paid == "payable":
        # Whoever pays this producer waits, or has been seen.
        serialise_on(receipt.producer.id)
        payables.require_unpaid(actor.centre_id, receipt.id, receipt.producer.id)
    if receipt.kind in _STAY:
        raise _STAY[receipt.kind]
    if receipt.paid == "cash":
        _require_drawer(receipt, command, actor)
    lots = [line.lot_id for line in receipt.lines]
    bought = _bought_by(actor.centre_id, receipt.id)
    levels.locked(actor.centre_id, [*lots, *([bought.lot_id] if bought else [])])
    arrived = moves.moves_of(actor.centre_id, receipts.SOURCE, receipt.id)
    touched = moves.of_lots(actor.centre_id, lots)
    for move in touched:
        if move.source_id != receipt.id:
            raise IntakeTouched(lot_no=move.lot_no)
    cancellation_id = uuid7()
    day = clock.today()
    db.session.execute(
        insert(GoodsReceiptCancellation).values(
            centre_id=actor.centre_id,
            id=cancellation_id,
            goods_receipt_id=receipt.id,
            business_date=day,
            recorded_at=clock.now(),
            recorded_by=actor.user_id,
            reason=command.reason,
            shift_id=command.shift_id if receipt.paid == "cash" else None,
        )
    )
    _send_back(receipt, arrived, cancellation_id, day, actor)
    if bought is not None:
        _consign_again(bought, cancellation_id, day, first_no=len(arrived) + 1)
    for entry in ledger.entry_of(actor.centre_id, receipts.SOURCE, receipt.id):
        ledger.reverse(
            entry.id,
            actor,
            business_date=day,
            source_type=SOURCE,
            source_id=cancellation_id,
            kind="intake_cancelled",
        )
    if receipt.order_id is not None:
        orders.intake_cancelled(receipt.order_id, actor)
    return receipts.get(receipt.id, actor)


def _require_drawer(receipt: GoodsReceiptDoc, command: CancelIntake, actor: Actor) -> None:
    if command.shift_id is None:
        raise ShiftNeeded(field="shift_id")
    if cash_drawers.open_till(actor.centre_id, command.shift_id) != receipt.till_id:
        raise OtherTill(field="shift_id")


def _send_back(
    receipt: GoodsReceiptDoc,
    arrived: Sequence[MoveCard],
    cancellation_id: UUID,
    day: date,
    actor: Actor,
) -> None:
    levels.change(
        actor.centre_id,
        receipt.location_id,
        {move.lot_id: (-move.quantity_milli, -move.cost_satang) for move in arrived},
    )
    moves.write(
        actor.centre_id,
        Journey(
            source_type=SOURCE,
            source_id=cancellation_id,
            business_date=day,
            moved_at=clock.now(),
            from_location_id=receipt.location_id,
            to_location_id=locations.outside(actor.centre_id, "producer"),
            original_type=receipts.SOURCE,
            original_id=receipt.id,
        ),
        [
            NewMove(
                move.line_no,
                move.lot_id,
                move.quantity_milli,
                move.cost_satang,
                original_move_no=move.move_no,
            )
            for move in arrived
        ],
    )


def _bought_by(centre_id: int, receipt_id: UUID) -> LotConversion | None:
    """Return the purchase from consignment an intake is the second half of."""
    return db.session.scalars(
        select(LotConversion).where(
            LotConversion.centre_id == centre_id, LotConversion.goods_receipt_id == receipt_id
        )
    ).one_or_none()


def _consign_again(bought: LotConversion, cancellation_id: UUID, day: date, first_no: int) -> None:
    """Undo the first half of the purchase too: the goods never left, they are the producer's."""
    levels.change(bought.centre_id, bought.location_id, {bought.lot_id: (bought.quantity_milli, 0)})
    moves.write(
        bought.centre_id,
        Journey(
            source_type=SOURCE,
            source_id=cancellation_id,
            business_date=day,
            moved_at=clock.now(),
            from_location_id=locations.outside(bought.centre_id, "producer"),
            to_location_id=bought.location_id,
            original_type="lot_conversion",
            original_id=bought.id,
        ),
        [NewMove(1, bought.lot_id, bought.quantity_milli, original_move_no=1)],
        first_no,
    )
