"""What the centre paid to a producer in a calendar year: the figures of the yearly certificate.

What must stay true: the price of goods, a patronage refund and a share of profit stand apart, for
they are taxed differently (the last two are what a producer who is a member was paid of a
surplus); what was set off against an advance was paid too; a producer reads own rows only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, select

from accounting.services.member_payments import income as member_income
from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.errors import N_, DomainError
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Payout,
    PayoutLine,
    Settlement,
    SettlementOutcome,
    SupplierReturn,
)
from inventory.services import producer_account
from members.services.producers import ProducerCard

FIRST_YEAR = 2000


class YearAhead(DomainError):
    """A certificate is about a year that has begun."""

    code, status, title = "year-ahead", 422, N_("That year has not begun")
    detail = N_("Choose this year or an earlier one.")


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A document that paid: for goods sold on consignment, and for goods bought outright."""

    day: date
    source_type: str
    source_id: UUID
    number: str
    consignment_satang: int
    outright_satang: int

    @property
    def goods_satang(self) -> int:
        return self.consignment_satang + self.outright_satang


@dataclass(frozen=True, slots=True)
class Certificate:
    """A calendar year (common era) of one producer, oldest document first."""

    producer: ProducerCard
    year: int
    until: date
    """The last day it is about: of a year not over, today."""
    rows: tuple[PaidRow, ...]
    refund_satang: int = 0
    """Patronage refund (เงินเฉลี่ยคืน)."""
    share_satang: int = 0
    """Share of profit or dividend."""

    @property
    def consignment_satang(self) -> int:
        return sum(row.consignment_satang for row in self.rows)

    @property
    def outright_satang(self) -> int:
        return sum(row.outright_satang for row in self.rows)

    @property
    def goods_satang(self) -> int:
        return self.consignment_satang + self.outright_satang

    @property
    def total_satang(self) -> int:
        return self.goods_satang + self.refund_satang + self.share_satang

    @property
    def over(self) -> bool:
        """Tell whether the year is over, so that nothing more can come."""
        return self.until == date(self.year, 12, 31)


def of(actor: Actor, year: int, producer_id: UUID | None = None) -> Certificate:
    """Return a year's payments; without an id the signed-in producer's own.

    Raises Forbidden for another's without the right to read producers, NotFound, YearAhead.
    """
    producer = producer_account.whose(actor, producer_id)
    today = clock.today()
    if not FIRST_YEAR <= year <= today.year:
        raise YearAhead(field="year")
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = [
        *_vouchers(actor.centre_id, producer.id, first, last),
        *_netted(actor.centre_id, producer.id, first, last),
        *_bought_in_cash(actor.centre_id, producer.id, first, last),
        *_given_back(actor.centre_id, producer.id, first, last),
        *_money_returned(actor.centre_id, producer.id, first, last),
    ]
    rows.sort(key=lambda row: (row.day, row.number))
    refund, share = 0, 0
    if producer.member_id is not None:
        refund, share = member_income.paid_to(actor.centre_id, producer.member_id, first, last)
    return Certificate(producer, year, min(last, today), tuple(rows), refund, share)


def _vouchers(centre_id: int, producer_id: UUID, first: date, last: date) -> Iterator[PaidRow]:
    """Yield payouts; an advance taken off was paid before, so it does not lower the price."""

    def amount(*kinds: str) -> ColumnElement[int]:
        return sum_int(case((PayoutLine.kind.in_(kinds), PayoutLine.amount_satang), else_=0))

    found = db.session.execute(
        select(
            Payout.business_date,
            Payout.id,
            Payout.payout_no,
            amount("settlement", "recovery"),
            amount("outright", "credit"),
        )
        .join(
            PayoutLine,
            and_(PayoutLine.centre_id == Payout.centre_id, PayoutLine.payout_id == Payout.id),
        )
        .where(*_of(Payout, centre_id, producer_id), Payout.business_date.between(first, last))
        .group_by(Payout.business_date, Payout.id, Payout.payout_no)
    )
    for day, identity, number, consignment, outright in found:
        if consignment or outright:
            yield PaidRow(day, "payout", identity, number, consignment, outright)


def _netted(centre_id: int, producer_id: UUID, first: date, last: date) -> Iterator[PaidRow]:
    """Yield statements that took an advance off: so much of their price was paid before."""
    found = db.session.execute(
        select(
            SettlementOutcome.business_date,
            Settlement.id,
            Settlement.settlement_no,
            Settlement.netted_satang,
        )
        .join(
            SettlementOutcome,
            and_(
                SettlementOutcome.centre_id == Settlement.centre_id,
                SettlementOutcome.run_id == Settlement.run_id,
            ),
        )
        .where(
            *_of(Settlement, centre_id, producer_id),
            Settlement.netted_satang > 0,
            SettlementOutcome.kind == "posted",
            SettlementOutcome.business_date.between(first, last),
        )
    )
    for day, identity, number, netted in found:
        yield PaidRow(day, "settlement", identity, number, netted, 0)


def _bought_in_cash(
    centre_id: int, producer_id: UUID, first: date, last: date
) -> Iterator[PaidRow]:
    found = db.session.execute(
        select(
            GoodsReceipt.business_date,
            GoodsReceipt.id,
            GoodsReceipt.receipt_no,
            GoodsReceipt.owed_satang,
        ).where(
            *_of(GoodsReceipt, centre_id, producer_id),
            GoodsReceipt.paid == "cash",
            GoodsReceipt.business_date.between(first, last),
        )
    )
    for day, identity, number, cost in found:
        yield PaidRow(day, "goods_receipt", identity, number, 0, cost)


def _given_back(centre_id: int, producer_id: UUID, first: date, last: date) -> Iterator[PaidRow]:
    """Yield purchases paid in cash and cancelled: the money came back."""
    found = db.session.execute(
        select(
            GoodsReceiptCancellation.business_date,
            GoodsReceiptCancellation.id,
            GoodsReceipt.receipt_no,
            GoodsReceipt.owed_satang,
        )
        .join(
            GoodsReceipt,
            and_(
                GoodsReceipt.centre_id == GoodsReceiptCancellation.centre_id,
                GoodsReceipt.id == GoodsReceiptCancellation.goods_receipt_id,
            ),
        )
        .where(
            *_of(GoodsReceipt, centre_id, producer_id),
            GoodsReceipt.paid == "cash",
            GoodsReceiptCancellation.business_date.between(first, last),
        )
    )
    for day, identity, number, cost in found:
        yield PaidRow(day, "goods_receipt_cancellation", identity, number, 0, -cost)


def _money_returned(
    centre_id: int, producer_id: UUID, first: date, last: date
) -> Iterator[PaidRow]:
    """Yield goods bought that were sent back for money."""
    found = db.session.execute(
        select(
            SupplierReturn.business_date,
            SupplierReturn.id,
            SupplierReturn.return_no,
            SupplierReturn.amount_satang,
        ).where(
            *_of(SupplierReturn, centre_id, producer_id),
            SupplierReturn.settled != "credit",
            SupplierReturn.business_date.between(first, last),
        )
    )
    for day, identity, number, amount in found:
        yield PaidRow(day, "supplier_return", identity, number, 0, -amount)


def _of(table: Any, centre_id: int, producer_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return table.centre_id == centre_id, table.producer_id == producer_id
