"""What each kind of document does to the control accounts of the stock room, as queries.

What must stay true: every select has the columns party_id, source_type, source_id, counted_on,
satang (debit − credit), the source being the one under which the document's entry is posted; none
reads the journal.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, literal, select
from sqlalchemy.sql import Select

from core.db import Uuid, db, sum_int
from inventory.models import (
    Absorption,
    Advance,
    AdvanceNetting,
    AdvanceRepayment,
    BatchCancellation,
    BatchCost,
    BatchFinish,
    BatchIssue,
    GoodsReceipt,
    GoodsReceiptCancellation,
    Location,
    Lot,
    OpeningDue,
    Payout,
    PayoutLine,
    Settlement,
    SettlementOutcome,
    StockMove,
    StockTransfer,
    SupplierReturn,
    TransferArrival,
    TransferDifference,
)
from inventory.services.locations import OURS

Effects = list[Select[Any]]


def of_nothing(_centre_id: int) -> Effects:
    """No document of this room touches the account."""
    return []


def of_own_goods(centre_id: int) -> Effects:
    """Book value coming to and leaving our shelves, lot by lot; one pass over the moves."""
    ours = db.session.scalars(
        select(Location.id).where(Location.centre_id == centre_id, Location.kind.in_(OURS))
    ).all()
    came = case((StockMove.to_location_id.in_(ours), StockMove.cost_satang), else_=0)
    left = case((StockMove.from_location_id.in_(ours), StockMove.cost_satang), else_=0)
    return [
        _effect(
            StockMove.lot_id,
            StockMove.source_type,
            StockMove.source_id,
            StockMove.business_date,
            came - left,
        ).where(StockMove.centre_id == centre_id, StockMove.cost_satang != 0)
    ]


def of_transfers(centre_id: int) -> Effects:
    """What left for another centre, less what was settled as missing, less what came from one."""
    nobody = literal(None, Uuid)
    return [
        _effect(
            nobody,
            literal("transfer"),
            StockTransfer.id,
            StockTransfer.business_date,
            StockTransfer.cost_satang,
        ).where(StockTransfer.centre_id == centre_id, StockTransfer.to_centre_id.is_not(None)),
        _effect(
            nobody,
            literal("transfer_difference"),
            TransferDifference.transfer_id,
            TransferDifference.business_date,
            -TransferDifference.cost_satang,
        ).where(TransferDifference.centre_id == centre_id),
        _effect(
            nobody,
            literal("transfer_arrival"),
            TransferArrival.id,
            TransferArrival.business_date,
            -TransferArrival.cost_satang,
        ).where(TransferArrival.centre_id == centre_id),
    ]


def of_work(centre_id: int) -> Effects:
    """Goods and costs put into batches, less what finished ones became and cancelled ones held."""
    nobody = literal(None, Uuid)

    def part(source: str, model: Any, source_id: Any, satang: Any) -> Select[Any]:
        effect = _effect(nobody, literal(source), source_id, model.business_date, satang)
        return effect.where(model.centre_id == centre_id, satang != 0)

    return [
        part("batch_issue", BatchIssue, BatchIssue.id, BatchIssue.cost_satang),
        part("batch_cost", BatchCost, BatchCost.id, BatchCost.amount_satang),
        part("batch_finish", BatchFinish, BatchFinish.batch_id, -BatchFinish.in_cost_satang),
        part(
            "batch_cancel", BatchCancellation, BatchCancellation.id, -BatchCancellation.work_satang
        ),
    ]


def of_consigned_goods(centre_id: int) -> Effects:
    """Shares of goods sold and losses borne, less returns, payouts and nettings, plus returns
    the centre bears.
    """
    sign = case((StockMove.original_id.is_not(None), -1), else_=1)
    shares = (
        _effect(
            Lot.producer_id,
            StockMove.source_type,
            StockMove.source_id,
            StockMove.business_date,
            -sign * StockMove.share_satang,
        )
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .where(StockMove.centre_id == centre_id, StockMove.share_satang != 0)
    )
    netted = (
        _effect(
            Settlement.producer_id,
            literal("settlement"),
            Settlement.id,
            SettlementOutcome.business_date,
            Settlement.netted_satang,
        )
        .join(SettlementOutcome, _POSTED)
        .where(Settlement.centre_id == centre_id, Settlement.netted_satang != 0)
    )
    absorbed = _effect(
        Absorption.producer_id,
        literal("absorption"),
        Absorption.id,
        Absorption.business_date,
        -Absorption.amount_satang,
    ).where(Absorption.centre_id == centre_id)
    return [
        shares,
        _paid(centre_id, "settlement", "recovery"),
        netted,
        absorbed,
        *_opened(centre_id, "consignment"),
    ]


def of_purchases(centre_id: int) -> Effects:
    """Goods bought on account, less intakes taken back, goods sent back for a credit and what was
    paid of them; a credit used on a payment takes off what the payment pays.
    """
    bought = _effect(
        GoodsReceipt.producer_id,
        literal("goods_receipt"),
        GoodsReceipt.id,
        GoodsReceipt.business_date,
        -GoodsReceipt.owed_satang,
    ).where(GoodsReceipt.centre_id == centre_id, GoodsReceipt.paid == "payable")
    taken_back = (
        _effect(
            GoodsReceipt.producer_id,
            literal("goods_receipt_cancellation"),
            GoodsReceiptCancellation.id,
            GoodsReceiptCancellation.business_date,
            GoodsReceipt.owed_satang,
        )
        .join(
            GoodsReceipt,
            and_(
                GoodsReceipt.centre_id == GoodsReceiptCancellation.centre_id,
                GoodsReceipt.id == GoodsReceiptCancellation.goods_receipt_id,
            ),
        )
        .where(GoodsReceiptCancellation.centre_id == centre_id, GoodsReceipt.paid == "payable")
    )
    sent_back = _effect(
        SupplierReturn.producer_id,
        literal("supplier_return"),
        SupplierReturn.id,
        SupplierReturn.business_date,
        SupplierReturn.amount_satang,
    ).where(SupplierReturn.centre_id == centre_id, SupplierReturn.settled == "credit")
    return [
        bought,
        taken_back,
        sent_back,
        _paid(centre_id, "outright", "credit"),
        *_opened(centre_id, "outright"),
    ]


def of_advances(centre_id: int) -> Effects:
    """Advances given, less what settlements, payouts and repayments gave back of them."""
    given = _effect(
        Advance.producer_id,
        literal("advance"),
        Advance.id,
        Advance.business_date,
        Advance.amount_satang,
    ).where(Advance.centre_id == centre_id, Advance.paid_from != "opening")
    by_settlement = (
        _given_back(centre_id, "settlement", SettlementOutcome.business_date)
        .join(
            Settlement,
            and_(
                Settlement.centre_id == AdvanceNetting.centre_id,
                Settlement.id == AdvanceNetting.document_id,
            ),
        )
        .join(SettlementOutcome, _POSTED)
    )
    by_payout = _given_back(centre_id, "payout", Payout.business_date).join(
        Payout,
        and_(Payout.centre_id == AdvanceNetting.centre_id, Payout.id == AdvanceNetting.document_id),
    )
    repaid = _given_back(centre_id, "repayment", AdvanceRepayment.business_date).join(
        AdvanceRepayment,
        and_(
            AdvanceRepayment.centre_id == AdvanceNetting.centre_id,
            AdvanceRepayment.id == AdvanceNetting.document_id,
        ),
    )
    undone = _given_back(centre_id, "batch_cancel", BatchCancellation.business_date).join(
        BatchCancellation,
        and_(
            BatchCancellation.centre_id == AdvanceNetting.centre_id,
            BatchCancellation.id == AdvanceNetting.document_id,
        ),
    )
    return [given, by_settlement, by_payout, repaid, undone, _of_old_books(centre_id, "advance", 1)]


# --- parts -----------------------------------------------------------------------------------

_POSTED: Any = and_(
    SettlementOutcome.centre_id == Settlement.centre_id,
    SettlementOutcome.run_id == Settlement.run_id,
    SettlementOutcome.kind == "posted",
)


def _effect(party: Any, source_type: Any, source_id: Any, day: Any, satang: Any) -> Select[Any]:
    return select(
        party.label("party_id"),
        source_type.label("source_type"),
        source_id.label("source_id"),
        day.label("counted_on"),
        satang.label("satang"),
    )


def _paid(centre_id: int, *kinds: str) -> Select[Any]:
    """A voucher is one effect: what it takes off is no new debt."""
    return (
        _effect(
            Payout.producer_id,
            literal("payout"),
            Payout.id,
            Payout.business_date,
            sum_int(PayoutLine.amount_satang),
        )
        .join(
            PayoutLine,
            and_(PayoutLine.centre_id == Payout.centre_id, PayoutLine.payout_id == Payout.id),
        )
        .where(Payout.centre_id == centre_id, PayoutLine.kind.in_(kinds))
        .group_by(Payout.producer_id, Payout.id, Payout.business_date)
    )


def _opened(centre_id: int, kind: str) -> Effects:
    """What the old books owed, less what was paid of it since."""
    paid = (
        _paid(centre_id, "opening")
        .join(
            OpeningDue,
            and_(
                OpeningDue.centre_id == PayoutLine.centre_id,
                OpeningDue.id == PayoutLine.document_id,
            ),
        )
        .where(OpeningDue.kind == kind)
    )
    return [_of_old_books(centre_id, kind, -1), paid]


def _of_old_books(centre_id: int, kind: str, sign: int) -> Select[Any]:
    return _effect(
        OpeningDue.producer_id,
        literal("opening_import"),
        OpeningDue.import_id,
        OpeningDue.business_date,
        sign * OpeningDue.amount_satang,
    ).where(OpeningDue.centre_id == centre_id, OpeningDue.kind == kind)


def _given_back(centre_id: int, document_type: str, day: Any) -> Select[Any]:
    return (
        _effect(
            Advance.producer_id,
            literal(document_type),
            AdvanceNetting.document_id,
            day,
            -AdvanceNetting.amount_satang,
        )
        .select_from(AdvanceNetting)
        .join(
            Advance,
            and_(
                Advance.centre_id == AdvanceNetting.centre_id,
                Advance.id == AdvanceNetting.advance_id,
            ),
        )
        .where(AdvanceNetting.centre_id == centre_id, AdvanceNetting.document_type == document_type)
    )
