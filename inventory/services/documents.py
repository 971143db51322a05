"""The printed numbers of this room's documents, for pages that name many of them at once."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db
from core.errors import NotFound
from inventory.models import (
    Advance,
    AdvanceRepayment,
    BatchCancellation,
    BatchCost,
    BatchIssue,
    CountSheet,
    Donation,
    GoodsReceipt,
    GoodsReceiptCancellation,
    LotConversion,
    OpeningImport,
    Payout,
    ProducerReturn,
    ProductionBatch,
    PurchaseOrder,
    Settlement,
    StockTransfer,
    SupplierReturn,
    Waste,
)

NUMBERS: dict[str, Any] = {
    "goods_receipt": GoodsReceipt.receipt_no,
    "count_sheet": CountSheet.sheet_no,
    "transfer": StockTransfer.transfer_no,
    "transfer_difference": StockTransfer.transfer_no,
    "waste": Waste.waste_no,
    "producer_return": ProducerReturn.return_no,
    "supplier_return": SupplierReturn.return_no,
    "purchase_order": PurchaseOrder.order_no,
    "lot_conversion": LotConversion.conversion_no,
    "settlement": Settlement.settlement_no,
    "payout": Payout.payout_no,
    "opening_import": OpeningImport.import_no,
    "advance": Advance.advance_no,
    "repayment": AdvanceRepayment.repayment_no,
    "batch_finish": ProductionBatch.batch_no,
    "donation": Donation.donation_no,
}
"""Documents with a number of their own."""
PARTS_OF_BATCHES = {
    "batch_issue": BatchIssue,
    "batch_cost": BatchCost,
    "batch_cancel": BatchCancellation,
}
"""Documents that bear the number of their batch."""


def numbers(centre_id: int, wanted: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the printed number of each document of this room; others are missing.

    A cancellation has no number of its own: it carries that of its intake.
    """
    found: dict[tuple[str, UUID], str] = {}
    for source_type, query in _queries(centre_id).items():
        ids = sorted(identity for kind, identity in wanted if kind == source_type)
        if ids:
            for identity, number in db.session.execute(query(ids)):
                found[source_type, identity] = number
    return found


def cancelled_receipt(centre_id: int, cancellation_id: UUID) -> UUID:
    """Return the intake that a cancellation took back; raise `NotFound`."""
    found = db.session.scalar(
        select(GoodsReceiptCancellation.goods_receipt_id).where(
            GoodsReceiptCancellation.centre_id == centre_id,
            GoodsReceiptCancellation.id == cancellation_id,
        )
    )
    if found is None:
        raise NotFound(what="goods_receipt_cancellation")
    return found


def _of_batch(centre_id: int, model: Any, ids: Collection[UUID]) -> Any:
    """Select the number of the batch that parts of batches belong to."""
    return (
        select(model.id, ProductionBatch.batch_no)
        .join(
            ProductionBatch,
            and_(
                ProductionBatch.centre_id == model.centre_id,
                ProductionBatch.id == model.batch_id,
            ),
        )
        .where(model.centre_id == centre_id, model.id.in_(ids))
    )


def _queries(centre_id: int) -> dict[str, Any]:
    """Return, for each kind of document, what selects the numbers of some of them by their ids."""
    return {
        **{kind: partial(_own, centre_id, column) for kind, column in NUMBERS.items()},
        **{kind: partial(_of_batch, centre_id, part) for kind, part in PARTS_OF_BATCHES.items()},
        "goods_receipt_cancellation": partial(_of_intake, centre_id),
    }


def _own(centre_id: int, column: Any, ids: Collection[UUID]) -> Any:
    """Select the numbers that documents bear themselves."""
    document = column.class_
    return select(document.id, column).where(document.centre_id == centre_id, document.id.in_(ids))


def _of_intake(centre_id: int, ids: Collection[UUID]) -> Any:
    """Select the numbers of the intakes that were taken back."""
    back = GoodsReceiptCancellation
    return (
        select(back.id, GoodsReceipt.receipt_no)
        .join(
            GoodsReceipt,
            and_(
                GoodsReceipt.centre_id == back.centre_id, GoodsReceipt.id == back.goods_receipt_id
            ),
        )
        .where(back.centre_id == centre_id, back.id.in_(ids))
    )
