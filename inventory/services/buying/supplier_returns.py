"""Goods bought that go back to their supplier: for a credit, or for money.

What must stay true: no more goes back than lies there, at the value the books hold it for, and the
input VAT claimed for it goes back too; a credit is taken off the next payment, money comes into the
place it is said to. The same id and content again is answered with the same document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on, sum_int
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.money import telescope
from core.numbering import buddhist_year, next_numbers
from inventory.models import (
    Product,
    PurchaseLine,
    SupplierReturn,
    SupplierReturnLine,
)
from inventory.rules.costing import issue_cost
from inventory.rules.intake import require_whole
from inventory.rules.payout_posting import Purse, money_line
from inventory.rules.posting import returned_lines
from inventory.services import drawer, levels, locations, moves, receipts, stock
from inventory.services.buying.return_documents import (
    CREDIT,
    NotBought,
    Returnable,
    SupplierReturnDoc,
    get,
    listing,
    of,
    returnable,
)
from inventory.services.moves import Journey, NewMove
from inventory.services.receipts import GoodsReceiptDoc
from members.services import access

__all__ = [
    "NotBought",
    "ReturnGoods",
    "ReturnLine",
    "Returnable",
    "SupplierReturnDoc",
    "get",
    "listing",
    "record",
    "returnable",
]

SOURCE = "supplier_return"


class SupplierReturnDiffers(DifferentContent):
    """The return's id came again with other content; the first one stands."""

    code, title = "supplier-return-differs", N_("This return was already recorded otherwise")


class ReturnWithoutValue(DomainError):
    """Nothing would be given back for the goods."""

    code, status, title = "return-without-value", 409, N_("The books hold these goods for nothing")
    detail = N_("There is nothing to ask back for. Write the goods off instead.")


class NothingReturned(DomainError):
    """A return without lines."""

    code, status, title = "nothing-returned", 422, N_("Nothing goes back")
    detail = N_("Enter at least one quantity.")


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """So much of a lot, in thousandths of the product's own unit."""

    lot_id: UUID
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class ReturnGoods:
    """Goods of one intake that go back; `settled` is credit, or where money came in (till, safe,
    bank).
    """

    id: UUID
    goods_receipt_id: UUID
    lines: tuple[ReturnLine, ...]
    reason: str
    settled: str = CREDIT
    shift_id: UUID | None = None
    location_id: UUID | None = None
    """Where they are taken from; None: the shop's shelf."""
    note_no: str = ""
    note_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Gone:
    """A line worked out."""

    lot_id: UUID
    quantity_milli: int
    cost_satang: int
    tax_satang: int


def record(command: ReturnGoods, actor: Actor) -> SupplierReturnDoc:
    """Send goods back and return the document; the same command again changes nothing.

    Raises SupplierReturnDiffers, NotBought, OutOfStock, WholePieces, NothingReturned,
    ReturnWithoutValue, ShiftNeeded, ShiftClosed, NotFromThere, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "purchase.return")
    serialise_on(command.goods_receipt_id)
    content = content_of(command)
    earlier = db.session.scalar(
        select(SupplierReturn.content).where(
            SupplierReturn.centre_id == actor.centre_id, SupplierReturn.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise SupplierReturnDiffers(differs=differs)
        return of(actor.centre_id, command.id)
    receipt = receipts.get(command.goods_receipt_id, actor)
    if receipt.kind != "outright" or receipt.cancellation is not None:
        raise NotBought
    # Whoever pays this supplier waits, or has been seen.
    serialise_on(receipt.producer.id)
    place = command.location_id or locations.shop(actor.centre_id).id
    gone = _worked_out(command, receipt, place, actor.centre_id)
    purse = _purse(command, actor)
    _write(command, receipt, place, gone, purse, content, actor)
    return of(actor.centre_id, command.id)


def _worked_out(
    command: ReturnGoods, receipt: GoodsReceiptDoc, place: UUID, centre_id: int
) -> list[_Gone]:
    """Return what goes back at its value; raise what stands against it."""
    lots = {line.lot_id: line for line in receipt.lines}
    ids = [line.lot_id for line in command.lines]
    if not ids or len(set(ids)) != len(ids):
        raise NothingReturned
    if set(ids) - lots.keys():
        raise NotFound(what="lot")
    there = levels.locked(centre_id, ids)
    before, taxes = _returned(centre_id, ids), _taxes(centre_id, ids)
    kinds = _sold_by(centre_id, [lots[one].product_id for one in ids])
    found = []
    for number, line in enumerate(command.lines, start=1):
        lot = lots[line.lot_id]
        milli, value = there.get((line.lot_id, place), (0, 0))
        if line.quantity_milli <= 0:
            raise NothingReturned(line_no=number)
        require_whole(number, line.quantity_milli, kinds[lot.product_id], lot.name_th, lot.unit)
        if line.quantity_milli > milli:
            raise stock.out_of_stock(
                centre_id,
                lot.product_id,
                asked_milli=line.quantity_milli,
                available_milli=max(milli, 0),
            )
        cost = issue_cost(milli, value, line.quantity_milli, lot.unit_cost_satang)
        gone_before = before.get(line.lot_id, 0)
        # A lot that customers brought back to can't return more VAT than was claimed for it.
        now = min(line.quantity_milli, lot.quantity_milli - gone_before)
        tax = telescope(taxes.get(line.lot_id, 0), lot.quantity_milli, gone_before, now)
        found.append(_Gone(line.lot_id, line.quantity_milli, cost, tax))
    if sum(one.cost_satang + one.tax_satang for one in found) <= 0:
        raise ReturnWithoutValue
    return found


def _purse(command: ReturnGoods, actor: Actor) -> Purse | None:
    if command.settled == CREDIT:
        if command.shift_id is not None:
            raise drawer.NotFromThere(field="shift_id")
        return None
    return drawer.purse(command.settled, command.shift_id, actor)


def _write(
    command: ReturnGoods,
    receipt: GoodsReceiptDoc,
    place: UUID,
    gone: Sequence[_Gone],
    purse: Purse | None,
    content: dict[str, Any],
    actor: Actor,
) -> None:
    """Move the goods out, keep the document, and post it."""
    journey = _carry_away(command.id, place, gone, actor.centre_id)
    year = buddhist_year(journey.business_date)
    [number] = next_numbers(actor.centre_id, [(SOURCE, year)])
    cost, tax = sum(one.cost_satang for one in gone), sum(one.tax_satang for one in gone)
    db.session.execute(
        insert(SupplierReturn).values(
            centre_id=actor.centre_id,
            id=command.id,
            return_no=f"SR-{year}-{number:05d}",
            goods_receipt_id=receipt.id,
            producer_id=receipt.producer.id,
            location_id=place,
            settled=command.settled,
            till_id=purse.till_id if purse else None,
            shift_id=command.shift_id,
            amount_satang=cost + tax,
            cost_satang=cost,
            tax_satang=tax,
            note_no=command.note_no,
            note_on=command.note_on,
            reason=command.reason,
            business_date=journey.business_date,
            recorded_at=journey.moved_at,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    _store_lines(command.id, gone, actor.centre_id)
    _post(command, receipt, gone, purse, journey, actor)


def _carry_away(return_id: UUID, place: UUID, gone: Sequence[_Gone], centre_id: int) -> Journey:
    now = clock.now()
    journey = Journey(
        source_type=SOURCE,
        source_id=return_id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=place,
        to_location_id=locations.outside(centre_id, "producer"),
    )
    changes = {one.lot_id: (-one.quantity_milli, -one.cost_satang) for one in gone}
    levels.change(centre_id, place, changes)
    moves.write(
        centre_id,
        journey,
        [
            NewMove(number, one.lot_id, one.quantity_milli, one.cost_satang)
            for number, one in enumerate(gone, start=1)
        ],
    )
    return journey


def _store_lines(return_id: UUID, gone: Sequence[_Gone], centre_id: int) -> None:
    insert_rows(
        SupplierReturnLine,
        [
            {
                "centre_id": centre_id,
                "return_id": return_id,
                "line_no": line_no,
                "lot_id": one.lot_id,
                "quantity_milli": one.quantity_milli,
                "cost_satang": one.cost_satang,
                "tax_satang": one.tax_satang,
            }
            for line_no, one in enumerate(gone, start=1)
        ],
    )


def _post(
    command: ReturnGoods,
    receipt: GoodsReceiptDoc,
    gone: Sequence[_Gone],
    purse: Purse | None,
    journey: Journey,
    actor: Actor,
) -> None:
    tax = sum(one.tax_satang for one in gone)
    amount = tax + sum(one.cost_satang for one in gone)
    if purse is None:
        against = NewLine(
            Purpose.PAYABLE_OUTRIGHT,
            debit=amount,
            producer_id=receipt.producer.id,
            member_id=receipt.producer.member_id,
        )
    else:
        against = money_line(purse, debit=amount)
    ledger.post(
        NewEntry(
            kind=SOURCE,
            source_type=SOURCE,
            source_id=command.id,
            business_date=journey.business_date,
            occurred_at=journey.moved_at,
            lines=returned_lines([(one.lot_id, one.cost_satang) for one in gone], tax, against),
            memo=" · ".join(
                part for part in (command.note_no, receipt.producer.name, command.reason) if part
            ),
        ),
        actor,
    )


def _returned(centre_id: int, lot_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(
        select(SupplierReturnLine.lot_id, sum_int(SupplierReturnLine.quantity_milli))
        .where(
            SupplierReturnLine.centre_id == centre_id,
            SupplierReturnLine.lot_id.in_(sorted(lot_ids)),
        )
        .group_by(SupplierReturnLine.lot_id)
    )
    return {lot_id: milli for lot_id, milli in rows}


def _taxes(centre_id: int, lot_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(
        select(PurchaseLine.lot_id, PurchaseLine.tax_satang).where(
            PurchaseLine.centre_id == centre_id, PurchaseLine.lot_id.in_(sorted(lot_ids))
        )
    )
    return {lot_id: tax for lot_id, tax in rows}


def _sold_by(centre_id: int, product_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = db.session.execute(
        select(Product.id, Product.sold_by).where(
            Product.centre_id == centre_id, Product.id.in_(sorted(set(product_ids)))
        )
    )
    return {product: sold_by for product, sold_by in rows}
