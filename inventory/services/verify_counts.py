"""Do counts and transfers hold together, and do they agree with the books? Read-only.

What must stay true: what a count or a transfer says it moved is what moved; the account of goods
in transit holds exactly what was sent and has neither arrived nor been settled, less what came
from others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, select

from core.db import db, sum_int
from core.findings import Finding
from inventory.models import (
    CountOutcome,
    CountSheet,
    Lot,
    StockMove,
    StockTransfer,
    StockTransferLine,
    TransferArrival,
    TransferArrivalLine,
    TransferDifference,
    TransferDifferenceLine,
)
from inventory.services import control_accounts
from inventory.services.comparing import compared, entries, gapless, tied


def checks(centre_id: int) -> Iterator[Finding]:
    """Yield the outcome of every check of counts and transfers over one centre."""
    yield _counts_have_their_entry(centre_id)
    yield _counts_moved_what_was_approved(centre_id)
    yield from _transfers_have_their_entry(centre_id)
    yield _transfers_moved_what_they_say(centre_id)
    yield _differences_moved_what_they_say(centre_id)
    yield _arrivals_became_lots(centre_id)
    yield tied("goods in transit equal transfers", centre_id, control_accounts.TRANSIT, "transfer")
    yield gapless(centre_id, "count", CountSheet, CountSheet.sheet_no, "CS-")
    yield gapless(centre_id, "transfer", StockTransfer, StockTransfer.transfer_no, "TR-")
    yield gapless(centre_id, "arrival", TransferArrival, TransferArrival.arrival_no, "TA-")


def _counts_have_their_entry(centre_id: int) -> Finding:
    worth = _moved(centre_id, "count_sheet", StockMove.cost_satang + StockMove.share_satang)
    sheets = db.session.scalars(select(CountSheet.id).where(CountSheet.centre_id == centre_id))
    wanted = [(sheet_id, int(worth.get(sheet_id, 0) > 0)) for sheet_id in sheets]
    return entries("each count has its entry", centre_id, "count_sheet", wanted)


def _counts_moved_what_was_approved(centre_id: int) -> Finding:
    rows = db.session.execute(
        select(CountOutcome.sheet_id, CountOutcome.content).where(
            CountOutcome.centre_id == centre_id, CountOutcome.kind == "approved"
        )
    )
    said = {
        sheet_id: sum(abs(line["variance_milli"]) for line in content["lines"])
        for sheet_id, content in rows
    }
    moved = _moved(centre_id, "count_sheet", StockMove.quantity_milli)
    return compared("each count moved what was approved", centre_id, said, moved, "count_sheet")


def _transfers_have_their_entry(centre_id: int) -> Iterator[Finding]:
    leaves = and_(StockTransfer.to_centre_id.is_not(None), StockTransfer.cost_satang > 0)
    sent = select(StockTransfer.id, case((leaves, 1), else_=0)).where(
        StockTransfer.centre_id == centre_id
    )
    yield _entries("each transfer has its entry", centre_id, "transfer", sent)
    arrived = select(TransferArrival.id, case((TransferArrival.cost_satang > 0, 1), else_=0)).where(
        TransferArrival.centre_id == centre_id
    )
    yield _entries("each arrival has its entry", centre_id, "transfer_arrival", arrived)
    charges = sum_int(TransferDifferenceLine.charge_satang)
    settled = (
        select(
            TransferDifference.transfer_id,
            case((TransferDifference.cost_satang + charges > 0, 1), else_=0),
        )
        .join(
            TransferDifferenceLine,
            and_(
                TransferDifferenceLine.centre_id == TransferDifference.centre_id,
                TransferDifferenceLine.transfer_id == TransferDifference.transfer_id,
            ),
        )
        .where(TransferDifference.centre_id == centre_id)
        .group_by(TransferDifference.transfer_id, TransferDifference.cost_satang)
    )
    yield _entries("each difference has its entry", centre_id, "transfer_difference", settled)


def _transfers_moved_what_they_say(centre_id: int) -> Finding:
    said = (
        select(StockTransferLine.transfer_id, sum_int(StockTransferLine.quantity_milli))
        .where(StockTransferLine.centre_id == centre_id)
        .group_by(StockTransferLine.transfer_id)
    )
    moved = _moved(centre_id, "transfer", StockMove.quantity_milli)
    return compared("each transfer moved what it says", centre_id, _summed(said), moved, "transfer")


def _differences_moved_what_they_say(centre_id: int) -> Finding:
    line = TransferDifferenceLine
    said = (
        select(line.transfer_id, sum_int(line.returned_milli + line.lost_milli))
        .where(line.centre_id == centre_id)
        .group_by(line.transfer_id)
    )
    moved = _moved(centre_id, "transfer_difference", StockMove.quantity_milli)
    return compared(
        "each difference moved what it says", centre_id, _summed(said), moved, "transfer"
    )


def _arrivals_became_lots(centre_id: int) -> Finding:
    """What arrived of a line is exactly the lot it became, in quantity and in cost."""
    line = TransferArrivalLine
    said = (
        select(line.arrival_id, sum_int(line.received_milli + line.cost_satang))
        .where(line.centre_id == centre_id)
        .group_by(line.arrival_id)
    )
    became = (
        select(line.arrival_id, sum_int(Lot.quantity_milli + Lot.cost_satang))
        .join(Lot, and_(Lot.centre_id == line.centre_id, Lot.id == line.lot_id))
        .where(line.centre_id == centre_id)
        .group_by(line.arrival_id)
    )
    return compared(
        "each arrival became its lots",
        centre_id,
        _summed(said),
        _summed(became),
        "transfer_arrival",
    )


def _entries(check: str, centre_id: int, source_type: str, wanted: Any) -> Finding:
    return entries(check, centre_id, source_type, db.session.execute(wanted).all())


def _moved(centre_id: int, source_type: str, amount: Any) -> dict[UUID, int]:
    return _summed(
        select(StockMove.source_id, sum_int(amount))
        .where(StockMove.centre_id == centre_id, StockMove.source_type == source_type)
        .group_by(StockMove.source_id)
    )


def _summed(query: Any) -> dict[UUID, int]:
    return {identity: total for identity, total in db.session.execute(query) if total}
