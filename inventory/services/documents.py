"""The printed numbers of this room's documents, for pages that name many of them at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db
from core.errors import NotFound
from inventory.models import (
    Advance,
    AdvanceRepayment,
    CountSheet,
    Donation,
    GoodsReceipt,
    GoodsReceiptCancellation,
    LotConversion,
    OpeningImport,
    Payout,
    ProducerReturn,
    Settlement,
    StockTransfer,
    Waste,
)


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


def _queries(centre_id: int) -> dict[str, Any]:
    return {
        "goods_receipt": lambda ids: select(GoodsReceipt.id, GoodsReceipt.receipt_no).where(
            GoodsReceipt.centre_id == centre_id, GoodsReceipt.id.in_(ids)
        ),
        "goods_receipt_cancellation": lambda ids: (
            select(GoodsReceiptCancellation.id, GoodsReceipt.receipt_no)
            .join(
                GoodsReceipt,
                and_(
                    GoodsReceipt.centre_id == GoodsReceiptCancellation.centre_id,
                    GoodsReceipt.id == GoodsReceiptCancellation.goods_receipt_id,
                ),
            )
            .where(
                GoodsReceiptCancellation.centre_id == centre_id,
                GoodsReceiptCancellation.id.in_(ids),
            )
        ),
        "count_sheet": lambda ids: select(CountSheet.id, CountSheet.sheet_no).where(
            CountSheet.centre_id == centre_id, CountSheet.id.in_(ids)
        ),
        "transfer": lambda ids: select(StockTransfer.id, StockTransfer.transfer_no).where(
            StockTransfer.centre_id == centre_id, StockTransfer.id.in_(ids)
        ),
        "transfer_difference": lambda ids: select(
            StockTransfer.id, StockTransfer.transfer_no
        ).where(StockTransfer.centre_id == centre_id, StockTransfer.id.in_(ids)),
        "waste": lambda ids: select(Waste.id, Waste.waste_no).where(
            Waste.centre_id == centre_id, Waste.id.in_(ids)
        ),
        "producer_return": lambda ids: select(ProducerReturn.id, ProducerReturn.return_no).where(
            ProducerReturn.centre_id == centre_id, ProducerReturn.id.in_(ids)
        ),
        "lot_conversion": lambda ids: select(LotConversion.id, LotConversion.conversion_no).where(
            LotConversion.centre_id == centre_id, LotConversion.id.in_(ids)
        ),
        "settlement": lambda ids: select(Settlement.id, Settlement.settlement_no).where(
            Settlement.centre_id == centre_id, Settlement.id.in_(ids)
        ),
        "payout": lambda ids: select(Payout.id, Payout.payout_no).where(
            Payout.centre_id == centre_id, Payout.id.in_(ids)
        ),
        "opening_import": lambda ids: select(OpeningImport.id, OpeningImport.import_no).where(
            OpeningImport.centre_id == centre_id, OpeningImport.id.in_(ids)
        ),
        "advance": lambda ids: select(Advance.id, Advance.advance_no).where(
            Advance.centre_id == centre_id, Advance.id.in_(ids)
        ),
        "repayment": lambda ids: select(AdvanceRepayment.id, AdvanceRepayment.repayment_no).where(
            AdvanceRepayment.centre_id == centre_id, AdvanceRepayment.id.in_(ids)
        ),
        "donation": lambda ids: select(Donation.id, Donation.donation_no).where(
            Donation.centre_id == centre_id, Donation.id.in_(ids)
        ),
    }
