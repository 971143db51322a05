"""Receive another centre's transfer: what arrived becomes lots here, under what was agreed there.

What must stay true: a transfer arrives once, and never more of it than was sent; own goods come in
at the sender's cost, consigned ones stay the same person's under the same frozen terms; every lot
begins with an intake, here one of kind transfer, which posts nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.rules.entry import NewEntry
from accounting.services import funds, ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid7
from core.numbering import buddhist_year, next_block, next_numbers
from inventory.models import (
    GoodsReceipt,
    Lot,
    StockTransfer,
    StockTransferLine,
    TransferArrival,
    TransferArrivalLine,
)
from inventory.rules.intake import require_whole
from inventory.rules.terms import levied_into
from inventory.rules.transit import arrived_lines, part_of, travelled
from inventory.services import holds, levels, locations, moves, receipts
from inventory.services.catalogue import ProductDoc
from inventory.services.moves import Journey, NewMove
from inventory.services.transfers import origins, sending
from members.services import access, centres, networks
from members.services.producers import ProducerCard

SOURCE = "transfer_arrival"


class ArrivalDiffers(DifferentContent):
    """The transfer was received before, with other figures; the first ones stand."""

    code, title = "arrival-differs", N_("This transfer was already received with other figures")


class MoreThanSent(DomainError):
    """More can't arrive than was sent."""

    code, status, title = "more-than-sent", 409, N_("This is more than was sent")
    detail = N_(
        "Line %(line_no)s: only %(sent_milli)s %(unit)s were sent. Ask the sender to send again."
    )


class LineMissing(DomainError):
    """Each line that was sent is counted; nothing is a figure too: 0."""

    code, status, title = "line-missing", 422, N_("Count every line")
    detail = N_("Enter 0 where nothing arrived.")


@dataclass(frozen=True, slots=True)
class ArrivedLine:
    """How much of the sender's line arrived, and which of our products it is, if said."""

    line_no: int
    received_milli: int
    product_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReceiveGoods:
    """What arrived of a transfer, and where it is put."""

    id: UUID
    from_centre_id: int
    transfer_id: UUID
    location_id: UUID
    lines: tuple[ArrivedLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A line worked out: the sender's lot, and what it becomes here (nothing of nothing)."""

    line: StockTransferLine
    theirs: Lot
    received_milli: int
    cost_satang: int
    producer: ProducerCard
    product: ProductDoc
    lot_id: UUID


def receive(command: ReceiveGoods, actor: Actor) -> UUID:
    """Receive a transfer and return the arrival; receiving it again changes nothing.

    Raises ArrivalDiffers, MoreThanSent, LineMissing, ProductUnlike, WholePieces, OtherNetwork,
    PeriodClosed, NotFound, Forbidden.
    """
    access.require(actor, "transfer.record")
    serialise_on(command.transfer_id)
    content = content_of(command)
    earlier = _earlier(command, actor)
    if earlier is not None:
        differs = [one for one in differences(earlier.content, content) if one != "id"]
        if differs:
            raise ArrivalDiffers(differs=differs)
        return earlier.id
    transfer = waiting(actor, command.from_centre_id, command.transfer_id)
    sender = centres.get(transfer.centre_id)
    assert sender is not None
    if command.location_id not in {place.id for place in sending.places(actor.centre_id)}:
        raise NotFound(what="location", field="location_id")
    arrived = _worked_out(command, transfer, sender, actor)
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [("arrival", year)])
    arrival_no = f"TA-{year}-{number:05d}"
    db.session.execute(
        insert(TransferArrival).values(
            centre_id=actor.centre_id,
            id=command.id,
            arrival_no=arrival_no,
            from_centre_id=transfer.centre_id,
            transfer_id=transfer.id,
            location_id=command.location_id,
            cost_satang=sum(one.cost_satang for one in arrived),
            note=command.note,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    there = [one for one in arrived if one.received_milli]
    _take_in(there, command, f"{arrival_no} {transfer.transfer_no}", actor)
    _lines(arrived, command, actor)
    _post(there, command, transfer, actor)
    return command.id


def waiting(actor: Actor, from_centre_id: int, transfer_id: UUID) -> StockTransfer:
    """Return a transfer that is on its way to the actor's centre; raise NotFound, OtherNetwork."""
    transfer = db.session.scalars(
        select(StockTransfer).where(
            StockTransfer.centre_id == from_centre_id,
            StockTransfer.id == transfer_id,
            StockTransfer.to_centre_id == actor.centre_id,
        )
    ).one_or_none()
    if transfer is None:
        raise NotFound(what="transfer")
    # A centre that moved meanwhile still receives what was sent while both were in one network.
    if not networks.together_on((from_centre_id, actor.centre_id), transfer.business_date):
        raise sending.OtherNetwork(field="to")
    return transfer


def _earlier(command: ReceiveGoods, actor: Actor) -> TransferArrival | None:
    """Return the arrival under this id, or of this transfer under another."""
    return db.session.scalars(
        select(TransferArrival)
        .where(
            TransferArrival.centre_id == actor.centre_id,
            (TransferArrival.id == command.id)
            | (
                (TransferArrival.from_centre_id == command.from_centre_id)
                & (TransferArrival.transfer_id == command.transfer_id)
            ),
        )
        .limit(1)
    ).one_or_none()


def _worked_out(
    command: ReceiveGoods, transfer: StockTransfer, sender: Centre, actor: Actor
) -> list[_Arrived]:
    rows = db.session.execute(
        select(StockTransferLine, Lot)
        .join(
            Lot,
            (Lot.centre_id == StockTransferLine.centre_id) & (Lot.id == StockTransferLine.lot_id),
        )
        .where(
            StockTransferLine.centre_id == sender.id,
            StockTransferLine.transfer_id == transfer.id,
        )
        .order_by(StockTransferLine.line_no)
    ).all()
    said = {line.line_no: line for line in command.lines}
    if set(said) != {line.line_no for line, _ in rows} or len(said) != len(command.lines):
        raise LineMissing
    # Sorted, so that lots of one arrival leave in the order of its lines.
    ids = sorted(uuid7() for _ in rows)
    arrived = []
    for lot_id, (line, theirs) in zip(ids, rows, strict=True):
        figure = said[line.line_no]
        product = origins.product_here(sender, theirs.product_id, figure.product_id, actor)
        if figure.received_milli > line.quantity_milli:
            raise MoreThanSent(
                line_no=line.line_no, sent_milli=line.quantity_milli, unit=product.unit
            )
        require_whole(
            line.line_no, figure.received_milli, product.sold_by, product.name_th, product.unit
        )
        cost = part_of(line.cost_satang, line.quantity_milli, 0, figure.received_milli)
        producer = origins.producer_here(sender, theirs.producer_id, actor)
        arrived.append(
            _Arrived(line, theirs, figure.received_milli, cost, producer, product, lot_id)
        )
    return arrived


def _take_in(arrived: Sequence[_Arrived], command: ReceiveGoods, note: str, actor: Actor) -> None:
    """Make one intake of kind transfer for each producer, its lots and its moves."""
    if not arrived:
        return
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    by_producer: dict[UUID, list[_Arrived]] = {}
    for one in arrived:
        by_producer.setdefault(one.producer.id, []).append(one)
    receipt_numbers = next_block(actor.centre_id, "intake", year, len(by_producer))
    lot_numbers = iter(next_block(actor.centre_id, "lot", year, len(arrived)))
    for number, (producer_id, lines) in zip(receipt_numbers, by_producer.items(), strict=True):
        receipt_id = uuid7()
        content = {"transfer_arrival_id": str(command.id), "producer_id": str(producer_id)}
        db.session.execute(
            insert(GoodsReceipt).values(
                centre_id=actor.centre_id,
                id=receipt_id,
                receipt_no=f"IN-{year}-{number:05d}",
                producer_id=producer_id,
                kind="transfer",
                paid="none",
                location_id=command.location_id,
                business_date=clock.business_date(now),
                recorded_at=now,
                recorded_by=actor.user_id,
                note=note,
                cost_satang=sum(one.cost_satang for one in lines),
                digest=digest_of(content),
                content=content,
            )
        )
        rows = [
            _lot_row(one, receipt_id, line_no, f"L{year}-{next(lot_numbers):05d}", actor)
            for line_no, one in enumerate(lines, start=1)
        ]
        insert_rows(Lot, [{**row, "received_at": now} for row in rows])
        _put_down(lines, receipt_id, command, actor)


def _put_down(
    lines: Sequence[_Arrived], receipt_id: UUID, command: ReceiveGoods, actor: Actor
) -> None:
    levels.open_at(
        actor.centre_id,
        command.location_id,
        {one.lot_id: one.product.id for one in lines},
        {one.lot_id: (one.received_milli, one.cost_satang) for one in lines},
    )
    now = clock.now()
    journey = Journey(
        source_type=receipts.SOURCE,
        source_id=receipt_id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=locations.transit(actor.centre_id),
        to_location_id=command.location_id,
    )
    new = [
        NewMove(line_no, one.lot_id, one.received_milli, one.cost_satang)
        for line_no, one in enumerate(lines, start=1)
    ]
    moves.write(actor.centre_id, journey, new)


def _lot_row(
    one: _Arrived, receipt_id: UUID, line_no: int, lot_no: str, actor: Actor
) -> dict[str, Any]:
    theirs = one.theirs
    return {
        "centre_id": actor.centre_id,
        "id": one.lot_id,
        "lot_no": lot_no,
        "goods_receipt_id": receipt_id,
        "line_no": line_no,
        "product_id": one.product.id,
        "producer_id": one.producer.id,
        "member_id": one.producer.member_id,
        "ownership": theirs.ownership,
        "gross_milli": one.received_milli,
        "tare_milli": 0,
        "deduction_milli": 0,
        "quantity_milli": one.received_milli,
        "grade": holds.grade_of(theirs.centre_id, theirs.id, theirs.grade),
        "unit_cost_satang": theirs.unit_cost_satang,
        "cost_satang": one.cost_satang,
        "split_basis_points": theirs.split_basis_points,
        "terms": travelled(theirs.terms, _fund_here(theirs, actor)),
        "expires_on": theirs.expires_on,
    }


def _fund_here(theirs: Lot, actor: Actor) -> tuple[UUID, str] | None:
    """Return our fund of the same code as the one the terms put their levy into."""
    fund_id, _ = levied_into(theirs.terms)
    if fund_id is None:
        return None
    code = funds.card(theirs.centre_id, fund_id).code
    same = [one for one in funds.listing(actor.centre_id) if one.code == code and one.active]
    return (same[0].id, str(same[0].purpose)) if same else None


def _lines(arrived: Sequence[_Arrived], command: ReceiveGoods, actor: Actor) -> None:
    insert_rows(
        TransferArrivalLine,
        [
            {
                "centre_id": actor.centre_id,
                "arrival_id": command.id,
                "line_no": one.line.line_no,
                "lot_id": one.lot_id if one.received_milli else None,
                "sent_milli": one.line.quantity_milli,
                "received_milli": one.received_milli,
                "cost_satang": one.cost_satang,
            }
            for one in arrived
        ],
    )


def _post(
    arrived: Sequence[_Arrived], command: ReceiveGoods, transfer: StockTransfer, actor: Actor
) -> None:
    lines = arrived_lines([(one.lot_id, one.cost_satang) for one in arrived])
    if lines:
        now = clock.now()
        ledger.post(
            NewEntry(
                kind=SOURCE,
                source_type=SOURCE,
                source_id=command.id,
                business_date=clock.business_date(now),
                occurred_at=now,
                lines=lines,
                memo=transfer.transfer_no,
            ),
            actor,
        )
