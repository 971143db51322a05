"""What members were paid for the goods they brought, for the yearly list of the books below.

What must stay true: each member's sum is that of the certificates of the member's own producers:
payouts without what was set off, statements' netted advances, purchases paid in cash, less money
that came back for goods returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.db import db, sum_int
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Payout,
    PayoutLine,
    Settlement,
    SettlementOutcome,
    SupplierReturn,
)
from members.services import producers

PRICE_KINDS = ("settlement", "recovery", "outright", "credit")


def paid(centre_id: int, first: date, last: date) -> dict[UUID, int]:
    """Return by member what was paid for goods from one day to another, both included."""
    by_producer: dict[UUID, int] = {}
    for query in _queries(centre_id, first, last):
        for producer_id, satang in db.session.execute(query):
            by_producer[producer_id] = by_producer.get(producer_id, 0) + satang
    found: dict[UUID, int] = {}
    for card in producers.names(centre_id, by_producer).values():
        if card.member_id is not None:
            found[card.member_id] = found.get(card.member_id, 0) + by_producer[card.id]
    return found


def _queries(centre_id: int, first: date, last: date) -> Iterator[Any]:
    yield (
        select(Payout.producer_id, sum_int(PayoutLine.amount_satang))
        .join(
            PayoutLine,
            and_(PayoutLine.centre_id == Payout.centre_id, PayoutLine.payout_id == Payout.id),
        )
        .where(
            Payout.centre_id == centre_id,
            Payout.business_date.between(first, last),
            PayoutLine.kind.in_(PRICE_KINDS),
        )
        .group_by(Payout.producer_id)
    )
    yield (
        select(Settlement.producer_id, sum_int(Settlement.netted_satang))
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
            ),
        )
        .where(
            Settlement.centre_id == centre_id,
            SettlementOutcome.kind == "posted",
            SettlementOutcome.business_date.between(first, last),
        )
        .group_by(Settlement.producer_id)
    )
    in_cash = (GoodsReceipt.centre_id == centre_id, GoodsReceipt.paid == "cash")
    yield (
        select(GoodsReceipt.producer_id, sum_int(GoodsReceipt.owed_satang))
        .where(*in_cash, GoodsReceipt.business_date.between(first, last))
        .group_by(GoodsReceipt.producer_id)
    )
    yield (
        select(GoodsReceipt.producer_id, sum_int(-GoodsReceipt.owed_satang))
        .join(
            GoodsReceiptCancellation,
            and_(
                GoodsReceiptCancellation.centre_id == GoodsReceipt.centre_id,
                GoodsReceiptCancellation.goods_receipt_id == GoodsReceipt.id,
            ),
        )
        .where(*in_cash, GoodsReceiptCancellation.business_date.between(first, last))
        .group_by(GoodsReceipt.producer_id)
    )
    yield (
        select(SupplierReturn.producer_id, sum_int(-SupplierReturn.amount_satang))
        .where(
            SupplierReturn.centre_id == centre_id,
            SupplierReturn.settled != "credit",
            SupplierReturn.business_date.between(first, last),
        )
        .group_by(SupplierReturn.producer_id)
    )
