"""Give money back against a receipt, in whole or in part: a new document, never an edit.

What must stay true: what comes back in parts sums to exactly what was paid; goods return to the lot
and owner they came from; the producer's share is taken back with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.rules.entry import NewEntry
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on, sum_int
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.money import telescope
from core.numbering import buddhist_year
from inventory.services import stock
from inventory.services.stock import ReturnLine, ReturnOrder
from members.services import access
from pos.models import Refund, RefundLine, Sale, Till
from pos.rules.parts import PaidLine, returned_parts, split_lines
from pos.rules.posting import SoldPart, refund_lines
from pos.rules.pricing import Bearing, charged_of
from pos.services import giving_back, limits, offers, receipts, taking_back, tills
from pos.services.giving_back import GivenBack
from pos.services.receipts import Receipt, ReceiptLine
from pos.services.taking_back import MoreThanSold, NotOnReceipt, RecordRefundLine, Taken
from pos.services.tills import Counter

__all__ = [
    "MoreThanSold",
    "NotOnReceipt",
    "RecordRefund",
    "RecordRefundLine",
    "RefundDoc",
    "get",
    "record",
]


class RefundDiffers(DifferentContent):
    """The refund's id came again with other content; the first refund stands."""

    code, title = "refund-differs", N_("This refund was already recorded with other content")


class NothingToGiveBack(DomainError):
    """The line cost nothing and moved no money, so there is nothing to give back."""

    code, status, title = "nothing-to-give-back", 409, N_("Nothing was paid for this line")
    detail = N_("Put the goods back on the shelf; no money is due.")


@dataclass(frozen=True, slots=True)
class RecordRefund:
    """A refund at the counter, under the id the counter gave it."""

    id: UUID
    sale_id: UUID
    till_id: UUID
    shift_id: UUID
    reason: str
    method: str
    lines: tuple[RecordRefundLine, ...]
    occurred_at: datetime | None = None
    """When the money was given back; a counter that doesn't say means now."""


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """A line of a refund with its names from the sale; `unit_quantity_milli` of `unit` came back,
    `quantity_milli` in the product's own unit."""

    line_no: int
    name_th: str
    name_en: str
    unit: str
    unit_quantity_milli: int
    quantity_milli: int
    net_satang: int
    paid_satang: int


@dataclass(frozen=True, slots=True)
class RefundDoc:
    """A refund as it was recorded; money in satang."""

    id: UUID
    refund_no: str
    sale_id: UUID
    receipt_no: str
    till_code: str
    shift_id: UUID
    business_date: date
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    cashier: str
    reason: str
    method: str
    lines: tuple[RefundedLine, ...]
    total_satang: int
    rounding_satang: int
    tax_satang: int
    paid_satang: int
    producer_satang: int
    payments: tuple[GivenBack, ...] = ()
    """How it was given back: to what had paid, the rest in money."""


def record(command: RecordRefund, actor: Actor) -> tuple[RefundDoc, bool]:
    """Record the refund and return it, and whether it is new.

    Raises RefundDiffers, OutsideShift, NotOnReceipt, MoreThanSold, WholePieces, TooLittle,
    PeriodClosed, NotFound.
    """
    access.require(actor, "refund.record")
    content = _content(command)
    serialise_on(command.sale_id)
    if _is_repeat(command, content, actor):
        return get(command.id, actor), False
    occurred_at = command.occurred_at or clock.now()
    counter = tills.at_counter(command, actor).at(occurred_at)
    sale = receipts.get(command.sale_id, actor)
    taken = taking_back.of_sale(command.lines, sale, actor.centre_id)
    parts = _returned_parts(taken, sale, actor)
    stock.take_back(_return_order(command, taken, counter, occurred_at), actor)
    rows = _line_rows(command, taken, parts, actor)
    total = sum(row["net_satang"] for row in rows)
    paid = _given_back(command, sale, sum(row["paid_satang"] for row in rows), actor)
    limits.require_refund(command.id, paid, occurred_at, actor, late=counter.late)
    given = giving_back.plan(command, sale, paid, actor)
    money = given.money(command, paid - total, counted=counter.late)
    funds = offers.purposes_of(actor.centre_id, (one for part in parts for one in part.charged))
    lines = refund_lines(parts, money, sale.member.id if sale.member else None, funds)
    if not lines:
        raise NothingToGiveBack
    entry = ledger.post(
        NewEntry(
            kind="refund",
            source_type="refund",
            source_id=command.id,
            business_date=counter.business_date,
            occurred_at=occurred_at,
            lines=lines,
            memo=command.reason,
            may_be_late=True,
        ),
        actor,
        also_number=(f"refund:{counter.till_code}", buddhist_year(counter.business_date)),
    )
    year = buddhist_year(counter.business_date)
    document = {
        **_facts(command, content, rows, paid, actor),
        "refund_no": f"R{counter.till_code}-{year}-{entry.also_no:05d}",
        "business_date": counter.business_date,
        "occurred_at": occurred_at,
        "late": counter.late,
        "producer_satang": sum(part.share_satang for part in parts),
    }
    insert_rows(Refund, [document])
    insert_rows(RefundLine, rows)
    giving_back.write(command.id, given, counter, actor)
    return get(command.id, actor), True


def _is_repeat(command: RecordRefund, content: dict[str, Any], actor: Actor) -> bool:
    """Tell whether this refund was recorded before; raise `RefundDiffers` if it was another."""
    earlier = db.session.execute(
        select(Refund.digest, Refund.content).where(
            Refund.centre_id == actor.centre_id, Refund.id == command.id
        )
    ).one_or_none()
    if earlier is not None and earlier.digest != digest_of(content):
        raise RefundDiffers(differs=differences(earlier.content, content))
    return earlier is not None


def get(refund_id: UUID, actor: Actor) -> RefundDoc:
    """Return a refund of the actor's centre; raise NotFound."""
    access.require(actor, "sale.read")
    row = db.session.execute(
        select(Refund, Sale.receipt_no, Till.code)
        .join(Sale, (Sale.centre_id == Refund.centre_id) & (Sale.id == Refund.sale_id))
        .join(Till, (Till.centre_id == Refund.centre_id) & (Till.id == Refund.till_id))
        .where(Refund.centre_id == actor.centre_id, Refund.id == refund_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="refund")
    refund, receipt_no, till_code = row
    sold = {line.line_no: line for line in receipts.get(refund.sale_id, actor).lines}
    lines = db.session.scalars(
        select(RefundLine)
        .where(RefundLine.centre_id == actor.centre_id, RefundLine.refund_id == refund_id)
        .order_by(RefundLine.line_no)
    )
    made = {"receipt_no", "till_code", "cashier", "lines", "payments"}
    own = set(RefundDoc.__dataclass_fields__) - made
    return RefundDoc(
        **{name: getattr(refund, name) for name in own},
        receipt_no=receipt_no,
        till_code=till_code,
        cashier=refund.cashier_name,
        payments=giving_back.of_refund(actor.centre_id, refund_id),
        lines=tuple(
            RefundedLine(
                line_no=line.line_no,
                name_th=sold[line.line_no].name_th,
                name_en=sold[line.line_no].name_en,
                unit=sold[line.line_no].unit,
                unit_quantity_milli=line.unit_quantity_milli,
                quantity_milli=line.quantity_milli,
                net_satang=line.net_satang,
                paid_satang=line.paid_satang,
            )
            for line in lines
        ),
    )


def _given_back(command: RecordRefund, sale: Receipt, worth: int, actor: Actor) -> int:
    """Return the satang to hand over for goods that were `worth` so much when they were paid.

    Cash is rounded down to coins that exist, on what has come back so far, so that the last part
    gives whatever is left and all parts together are exactly what was paid.
    """
    mine = (Refund.centre_id == actor.centre_id, Refund.sale_id == sale.id)
    given = db.session.scalar(select(sum_int(Refund.paid_satang)).where(*mine)) or 0
    came_back = db.session.scalar(
        select(sum_int(RefundLine.paid_satang)).where(
            RefundLine.centre_id == actor.centre_id, RefundLine.sale_id == sale.id
        )
    )
    so_far = (came_back or 0) + worth
    if so_far == sale.due_satang:
        return so_far - given
    grid = actor.centre.cash_rounding_satang
    # What goes back to a coupon, a scheme, an account or a purse needs no coins.
    without_coins = giving_back.no_money(sale)
    if command.method != "cash" or not grid or so_far <= without_coins:
        return worth
    in_cash = so_far - without_coins
    return max(without_coins + in_cash - in_cash % grid - given, 0)


def _returned_parts(taken: Sequence[Taken], sale: Receipt, actor: Actor) -> list[SoldPart]:
    """Return the pieces of the sale's parts that come back, worked out from what was stored."""
    drawn = stock.moves_of(actor.centre_id, "sale", sale.id)
    reasons = {
        one for line in sale.lines for one in (line.discount_reason_id, line.basket_reason_id)
    }
    bearings = offers.bearings(actor.centre_id, reasons)
    basis = db.session.scalar(
        select(Sale.consignment_basis).where(Sale.centre_id == actor.centre_id, Sale.id == sale.id)
    )
    parts = split_lines(
        [
            PaidLine(
                line_no=line.line_no,
                net_satang=line.net_satang,
                discount_satang=line.discount_satang + line.basket_discount_satang,
                rate_basis_points=line.tax_rate_basis_points,
                charged=_charged(line, bearings),
                activity_id=line.activity_id,
            )
            for line in sale.lines
        ],
        drawn,
        gross_taxed=basis == "gross",
    )
    return [
        piece
        for one in taken
        for piece in returned_parts(
            [part for part in parts if part.line_no == one.line.line_no],
            one.line.refunded_milli,
            one.quantity_milli,
        )
    ]


def _charged(line: ReceiptLine, bearings: dict[UUID, Bearing]) -> tuple[tuple[UUID, int], ...]:
    """Return what funds paid of a line; a reason's bearer never changes once it is there."""
    given = (
        (line.discount_reason_id, line.discount_satang),
        (line.basket_reason_id, line.basket_discount_satang),
    )
    return charged_of([(bearings[reason], amount) for reason, amount in given if reason])


def _content(command: RecordRefund) -> dict[str, Any]:
    """Return what the counter sent; without a moment it is what it was before there was one."""
    content = content_of(command)
    if command.occurred_at is None:
        del content["occurred_at"]
    return content


def _return_order(
    command: RecordRefund, taken: Sequence[Taken], counter: Counter, occurred_at: datetime
) -> ReturnOrder:
    return ReturnOrder(
        source_type="refund",
        source_id=command.id,
        business_date=counter.business_date,
        moved_at=occurred_at,
        location_id=counter.location_id,
        lines=[ReturnLine(one.line.line_no, one.quantity_milli) for one in taken],
        original_type="sale",
        original_id=command.sale_id,
    )


def _facts(
    command: RecordRefund,
    content: dict[str, Any],
    rows: Sequence[dict[str, Any]],
    paid: int,
    actor: Actor,
) -> dict[str, Any]:
    total = sum(row["net_satang"] for row in rows)
    return {
        "centre_id": actor.centre_id,
        "id": command.id,
        "sale_id": command.sale_id,
        "till_id": command.till_id,
        "shift_id": command.shift_id,
        "recorded_at": clock.now(),
        "cashier_id": actor.user_id,
        "cashier_name": actor.name,
        "reason": command.reason,
        "method": command.method,
        "total_satang": total,
        "rounding_satang": paid - total,
        "tax_satang": sum(row["tax_satang"] for row in rows),
        "paid_satang": paid,
        "digest": digest_of(content),
        "content": content,
    }


def _line_rows(
    command: RecordRefund,
    taken: Sequence[Taken],
    parts: Sequence[SoldPart],
    actor: Actor,
) -> list[dict[str, Any]]:
    rows = []
    for one in taken:
        line = one.line
        mine = [part for part in parts if part.line_no == line.line_no]
        net = sum(part.net_satang for part in mine)
        rows.append(
            {
                "centre_id": actor.centre_id,
                "refund_id": command.id,
                "line_no": line.line_no,
                "sale_id": command.sale_id,
                "unit_quantity_milli": one.unit_quantity_milli,
                "quantity_milli": one.quantity_milli,
                "net_satang": net,
                "tax_satang": sum(part.tax_satang for part in mine),
                "paid_satang": telescope(
                    line.paid_satang, line.quantity_milli, line.refunded_milli, one.quantity_milli
                ),
            }
        )
    return rows
