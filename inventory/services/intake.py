"""Take goods in from a producer: bought outright, or on consignment under frozen terms.

What must stay true: every line becomes one lot whose first move brings exactly its quantity; what
is bought has one entry, what is consigned has none and is not in our inventory; the same id and
content again is answered with the same document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from accounting.rules.entry import NewEntry, NewLine
from accounting.services import cash_drawers, ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, NotFound
from core.ids import uuid7
from core.numbering import buddhist_year, next_block, next_numbers
from inventory.models import GoodsReceipt, Lot
from inventory.rules import intake as rules
from inventory.rules.posting import bought_lines
from inventory.services import catalogue, levels, locations, moves, receipts
from inventory.services.cancellation import CancelIntake, cancel
from inventory.services.catalogue import ProductCard
from inventory.services.freezing import Frozen, frozen
from inventory.services.moves import Journey, NewMove
from inventory.services.receipts import (
    SOURCE,
    GoodsReceiptDoc,
    ShiftNeeded,
    cash_paid,
    get,
    listing,
)
from members.services import access, delivering, producers
from members.services.producers import ProducerCard

__all__ = [
    "LINES_MAX",
    "Bought",
    "CancelIntake",
    "GoodsReceiptDoc",
    "IntakeDiffers",
    "RecordIntake",
    "RecordIntakeLine",
    "cancel",
    "cash_paid",
    "get",
    "listing",
    "record",
    "record_once",
    "take_in",
]

LINES_MAX = 100


class IntakeDiffers(DifferentContent):
    """The intake's id came again with other content; the first intake stands."""

    code, title = "intake-differs", N_("This intake was already recorded with other content")
    detail = N_("The first one is kept. Cancel it, or enter a new intake.")


@dataclass(frozen=True, slots=True)
class RecordIntakeLine:
    """One thing delivered: bought at `unit_cost`, or consigned (`split`: None is the usual one)."""

    product_id: UUID
    gross_milli: int
    tare_milli: int = 0
    deduction_milli: int = 0
    grade: str = ""
    unit_cost_satang: int = 0
    split_basis_points: int | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecordIntake:
    """What a producer delivered, under the id the edge gave it.

    `kind` is outright or consignment; bought goods are owed (`payable`) or paid from the drawer of
    a shift (`cash`).
    """

    id: UUID
    producer_id: UUID
    kind: str
    lines: tuple[RecordIntakeLine, ...]
    paid: str = "payable"
    shift_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bought:
    """What a supplier's paper adds to an intake: what each line costs in all, the order it came on,
    the VAT claimed beside the cost, the paper, and when it is to be paid.
    """

    costs: tuple[int, ...]
    order_id: UUID | None = None
    tax_satang: int = 0
    due_on: date | None = None
    invoice_no: str = ""
    invoice_on: date | None = None
    memo: str = ""


@dataclass(frozen=True, slots=True)
class _NewLot:
    """A line worked out: what it weighs net and costs."""

    id: UUID
    line_no: int
    line: RecordIntakeLine
    product: ProductCard
    quantity_milli: int
    cost_satang: int


def record(command: RecordIntake, actor: Actor, place: UUID | None = None) -> GoodsReceiptDoc:
    """Record an intake and return its document; see `record_once`."""
    return record_once(command, actor, place)[0]


def record_once(
    command: RecordIntake, actor: Actor, place: UUID | None = None
) -> tuple[GoodsReceiptDoc, bool]:
    """Record an intake; the same command again changes nothing. Return it and whether it is new.

    Goods come to the shelf; another service may say that they already lie at another `place`.
    Another split than the one in force needs the right to approve terms. Raises IntakeDiffers,
    ProducerSuspended, ProducerInactive, NothingLeft, CostTooSmall, WholePieces, TermsPastWhole,
    FloorAbovePrice, ShiftNeeded, ShiftClosed, PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "intake.record")
    content = content_of(command)
    earlier = receipts.content_of_earlier(actor.centre_id, command.id)
    if earlier is not None:
        if differs := differences(earlier, content):
            raise IntakeDiffers(differs=differs)
        return get(command.id, actor), False
    take_in(command, content, actor, place)
    return get(command.id, actor), True


def take_in(
    command: RecordIntake,
    content: dict[str, Any],
    actor: Actor,
    place: UUID | None = None,
    bought: Bought | None = None,
) -> tuple[UUID, ...]:
    """Write an intake that is new and allowed; return its lots in the order of its lines.

    `content` is the command it is known by when its id comes again. Raises what `record_once` does.
    """
    # What lies here already is no new delivery, whatever became of the producer since.
    whose = delivering.require if place is None else producers.get
    producer = whose(actor.centre_id, command.producer_id)
    lots = _worked_out(command, actor, bought)
    till_id = _paying_till(command, actor)
    journey = _journey(command, place, actor)
    [number] = next_numbers(actor.centre_id, [("intake", buddhist_year(journey.business_date))])
    db.session.execute(
        insert(GoodsReceipt).values(
            centre_id=actor.centre_id,
            id=command.id,
            receipt_no=f"IN-{buddhist_year(journey.business_date)}-{number:05d}",
            producer_id=command.producer_id,
            kind=command.kind,
            paid="none" if command.kind == "consignment" else command.paid,
            till_id=till_id,
            shift_id=command.shift_id if till_id else None,
            location_id=journey.to_location_id,
            business_date=journey.business_date,
            recorded_at=journey.moved_at,
            recorded_by=actor.user_id,
            note=command.note,
            cost_satang=rules.total_cost(lot.cost_satang for lot in lots),
            order_id=bought.order_id if bought else None,
            tax_satang=bought.tax_satang if bought else 0,
            due_on=bought.due_on if bought else None,
            invoice_no=bought.invoice_no if bought else "",
            invoice_on=bought.invoice_on if bought else None,
            digest=digest_of(content),
            content=content,
        )
    )
    _store_lots(command, lots, producer, journey.moved_at, actor)
    _receive(lots, journey, actor)
    if command.kind == "outright":
        costs = [(lot.id, lot.cost_satang) for lot in lots]
        tax = bought.tax_satang if bought else 0
        lines = bought_lines(costs, producer.id, producer.member_id, till_id, tax)
        _post(command, lines, journey, actor, bought.memo if bought else command.note)
    return tuple(lot.id for lot in lots)


def _journey(command: RecordIntake, place: UUID | None, actor: Actor) -> Journey:
    """Return the way of the goods: from the producer to the shelf or the place named, now."""
    now = clock.now()
    return Journey(
        source_type=SOURCE,
        source_id=command.id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=locations.outside(actor.centre_id, "producer"),
        to_location_id=place or locations.shop(actor.centre_id).id,
    )


def _worked_out(command: RecordIntake, actor: Actor, bought: Bought | None) -> list[_NewLot]:
    products = catalogue.for_sale(actor.centre_id, {line.product_id for line in command.lines})
    # Sorted, so that lots of one delivery leave in the order of its lines.
    ids = sorted(uuid7() for _ in command.lines)
    costs = bought.costs if bought else (None,) * len(ids)
    return [
        _lot_of(
            lot_id, line_no, line, products.get(line.product_id), command.kind, costs[line_no - 1]
        )
        for line_no, (lot_id, line) in enumerate(zip(ids, command.lines, strict=True), start=1)
    ]


def _lot_of(
    lot_id: UUID,
    line_no: int,
    line: RecordIntakeLine,
    product: ProductCard | None,
    kind: str,
    cost: int | None,
) -> _NewLot:
    if product is None:
        raise NotFound(what="product", line_no=line_no)
    net = rules.net_milli(line_no, line.gross_milli, line.tare_milli, line.deduction_milli)
    rules.require_whole(line_no, net, product.sold_by, product.name_th, product.unit)
    if cost is None:
        cost = rules.cost_of(line_no, net, line.unit_cost_satang) if kind == "outright" else 0
    return _NewLot(lot_id, line_no, line, product, net, cost)


def _paying_till(command: RecordIntake, actor: Actor) -> UUID | None:
    if command.kind == "consignment" or command.paid != "cash":
        return None
    if command.shift_id is None:
        raise ShiftNeeded(field="shift_id")
    return cash_drawers.open_till(actor.centre_id, command.shift_id)


def _store_lots(
    command: RecordIntake,
    lots: Sequence[_NewLot],
    producer: ProducerCard,
    received_at: datetime,
    actor: Actor,
) -> None:
    year = buddhist_year(clock.business_date(received_at))
    numbers = next_block(actor.centre_id, "lot", year, len(lots))
    consigned = command.kind == "consignment"
    terms: Sequence[Frozen | None] = [None] * len(lots)
    if consigned:
        asked = [(lot.product, lot.line.split_basis_points) for lot in lots]
        terms = frozen(asked, producer, clock.business_date(received_at), actor)
    insert_rows(
        Lot,
        [
            {
                "centre_id": actor.centre_id,
                "id": lot.id,
                "lot_no": f"L{year}-{number:05d}",
                "goods_receipt_id": command.id,
                "line_no": lot.line_no,
                "product_id": lot.line.product_id,
                "producer_id": producer.id,
                "member_id": producer.member_id,
                "ownership": "consigned" if consigned else "own",
                "gross_milli": lot.line.gross_milli,
                "tare_milli": lot.line.tare_milli,
                "deduction_milli": lot.line.deduction_milli,
                "quantity_milli": lot.quantity_milli,
                "grade": lot.line.grade,
                "unit_cost_satang": 0 if consigned else lot.line.unit_cost_satang,
                "cost_satang": lot.cost_satang,
                "split_basis_points": agreed.split_basis_points if agreed else None,
                "terms": agreed.terms if agreed else None,
                "expires_on": lot.line.expires_on,
                "received_at": received_at,
            }
            for number, lot, agreed in zip(numbers, lots, terms, strict=True)
        ],
    )


def _receive(lots: Sequence[_NewLot], journey: Journey, actor: Actor) -> None:
    levels.open_at(
        actor.centre_id,
        journey.to_location_id,
        {lot.id: lot.line.product_id for lot in lots},
        {lot.id: (lot.quantity_milli, lot.cost_satang) for lot in lots},
    )
    moves.write(
        actor.centre_id,
        journey,
        [NewMove(lot.line_no, lot.id, lot.quantity_milli, lot.cost_satang) for lot in lots],
    )


def _post(
    command: RecordIntake, lines: tuple[NewLine, ...], journey: Journey, actor: Actor, memo: str
) -> None:
    ledger.post(
        NewEntry(
            kind="intake",
            source_type=SOURCE,
            source_id=command.id,
            business_date=journey.business_date,
            occurred_at=journey.moved_at,
            lines=lines,
            memo=memo,
        ),
        actor,
    )
