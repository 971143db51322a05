"""Settle what a transfer fell short of: it came back to our shelf, or it is lost.

What must stay true: only what was sent and did not arrive is settled, all of it, once; own goods
leave the account of goods in transit for exactly the cost that had not arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, insert, select

from accounting.rules.entry import NewEntry
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.quantity import price_of
from inventory.models import (
    Lot,
    Product,
    StockTransfer,
    StockTransferLine,
    TransferArrival,
    TransferArrivalLine,
    TransferDifference,
    TransferDifferenceLine,
)
from inventory.rules.intake import require_whole
from inventory.rules.terms import terms_of
from inventory.rules.transit import Settled, part_of, settled_lines
from inventory.services import levels, locations, moves
from inventory.services.moves import Journey, NewMove
from inventory.services.transfers import sending
from inventory.services.waste import OwnGoods
from members.services import access

SOURCE = "transfer_difference"


class DifferenceDiffers(DifferentContent):
    """The difference was settled before, another way; the first one stands."""

    code, title = "difference-differs", N_("This difference was already settled another way")


class NothingMissing(DomainError):
    """Only what did not arrive is settled."""

    code, status, title = "nothing-missing", 409, N_("Nothing is missing")
    detail = N_("The transfer has not arrived yet, or it arrived whole.")


class NotAllSettled(DomainError):
    """What came back and what is lost are together what is missing."""

    code, status, title = "not-all-settled", 422, N_("This is not what is missing")
    detail = N_("Line %(line_no)s: %(missing_milli)s are missing, back or lost.")


@dataclass(frozen=True, slots=True)
class SettleLine:
    """What became of the missing part of a line; of consigned goods lost, who bears it."""

    line_no: int
    returned_milli: int
    lost_milli: int
    bearer: str = "centre"


@dataclass(frozen=True, slots=True)
class SettleDifference:
    """What became of everything that did not arrive."""

    transfer_id: UUID
    reason: str
    lines: tuple[SettleLine, ...]


@dataclass(frozen=True, slots=True)
class _Missing:
    """A line that fell short: what is missing of it and its cost."""

    line_no: int
    lot: Lot
    product: Product
    missing_milli: int
    cost_satang: int


@dataclass(frozen=True, slots=True)
class _Worked:
    """A missing part with what became of it, in money."""

    missing: _Missing
    said: SettleLine
    returned_satang: int
    lost_satang: int
    base_satang: int
    share_satang: int


def settle(command: SettleDifference, actor: Actor) -> UUID:
    """Settle what did not arrive; the same command again changes nothing.

    Raises DifferenceDiffers, NothingMissing, NotAllSettled, OwnGoods, WholePieces, PeriodClosed,
    NotFound, Forbidden.
    """
    access.require(actor, "transfer.record")
    serialise_on(command.transfer_id)
    content = content_of(command)
    earlier = db.session.scalar(
        select(TransferDifference.content).where(
            TransferDifference.centre_id == actor.centre_id,
            TransferDifference.transfer_id == command.transfer_id,
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise DifferenceDiffers(differs=differs)
        return command.transfer_id
    transfer = db.session.scalars(
        select(StockTransfer).where(
            StockTransfer.centre_id == actor.centre_id, StockTransfer.id == command.transfer_id
        )
    ).one_or_none()
    if transfer is None:
        raise NotFound(what="transfer")
    missing = _missing(transfer)
    if not missing:
        raise NothingMissing
    worked = _worked_out(command, missing)
    now = clock.now()
    db.session.execute(
        insert(TransferDifference).values(
            centre_id=actor.centre_id,
            transfer_id=transfer.id,
            reason=command.reason,
            cost_satang=sum(one.missing.cost_satang for one in worked),
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    _lines(worked, actor, transfer.id)
    _move(worked, transfer)
    _post(worked, command, actor)
    return transfer.id


def _missing(transfer: StockTransfer) -> list[_Missing]:
    rows = db.session.execute(
        select(StockTransferLine, TransferArrivalLine, Lot, Product)
        .join(
            TransferArrival,
            and_(
                TransferArrival.from_centre_id == StockTransferLine.centre_id,
                TransferArrival.transfer_id == StockTransferLine.transfer_id,
            ),
        )
        .join(
            TransferArrivalLine,
            and_(
                TransferArrivalLine.centre_id == TransferArrival.centre_id,
                TransferArrivalLine.arrival_id == TransferArrival.id,
                TransferArrivalLine.line_no == StockTransferLine.line_no,
            ),
        )
        .join(
            Lot,
            and_(Lot.centre_id == StockTransferLine.centre_id, Lot.id == StockTransferLine.lot_id),
        )
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            StockTransferLine.centre_id == transfer.centre_id,
            StockTransferLine.transfer_id == transfer.id,
            TransferArrivalLine.received_milli < StockTransferLine.quantity_milli,
        )
        .order_by(StockTransferLine.line_no)
    )
    return [
        _Missing(
            sent.line_no,
            lot,
            product,
            sent.quantity_milli - came.received_milli,
            sent.cost_satang - came.cost_satang,
        )
        for sent, came, lot, product in rows
    ]


def _worked_out(command: SettleDifference, missing: Sequence[_Missing]) -> list[_Worked]:
    said = {line.line_no: line for line in command.lines}
    known = {one.line_no for one in missing}
    for line in command.lines:
        if line.line_no not in known:
            raise NotAllSettled(line_no=line.line_no, missing_milli=0)
    worked = []
    for one in missing:
        line = said.get(one.line_no, SettleLine(one.line_no, 0, 0))
        if line.returned_milli + line.lost_milli != one.missing_milli:
            raise NotAllSettled(line_no=one.line_no, missing_milli=one.missing_milli)
        product, lot = one.product, one.lot
        require_whole(
            one.line_no, line.returned_milli, product.sold_by, product.name_th, product.unit
        )
        if lot.ownership == "own" and line.bearer == "producer":
            raise OwnGoods(field="bearer", line_no=one.line_no)
        back = part_of(one.cost_satang, one.missing_milli, 0, line.returned_milli)
        base = share = 0
        if lot.split_basis_points is not None and line.lost_milli and line.bearer == "centre":
            base = price_of(line.lost_milli, product.price_satang)
            frozen = terms_of(lot.terms, lot.split_basis_points)
            share = frozen.outcome(base, line.lost_milli).share_satang
        worked.append(_Worked(one, line, back, one.cost_satang - back, base, share))
    return worked


def _lines(worked: Sequence[_Worked], actor: Actor, transfer_id: UUID) -> None:
    insert_rows(
        TransferDifferenceLine,
        [
            {
                "centre_id": actor.centre_id,
                "transfer_id": transfer_id,
                "line_no": one.missing.line_no,
                "returned_milli": one.said.returned_milli,
                "lost_milli": one.said.lost_milli,
                "bearer": one.said.bearer,
                "charge_satang": one.lost_satang + one.share_satang,
            }
            for one in worked
        ],
    )


def _move(worked: Sequence[_Worked], transfer: StockTransfer) -> None:
    """Bring back what came back, to where it left, and write off what is lost."""
    now = clock.now()
    back = [one for one in worked if one.said.returned_milli]
    lost = [one for one in worked if one.said.lost_milli]
    level_of = levels.locked(transfer.centre_id, [one.missing.lot.id for one in back])
    returned = {one.missing.lot.id: (one.said.returned_milli, one.returned_satang) for one in back}
    products = {one.missing.lot.id: one.missing.product.id for one in back}
    here = transfer.from_location_id
    sending.put(transfer.centre_id, here, products, returned, level_of)
    ways = (
        (here, [_move_of(one, returned=True) for one in back]),
        (
            locations.outside(transfer.centre_id, "waste"),
            [_move_of(one, returned=False) for one in lost],
        ),
    )
    first_no = 1
    for to, new in ways:
        journey = Journey(
            source_type=SOURCE,
            source_id=transfer.id,
            business_date=clock.business_date(now),
            moved_at=now,
            from_location_id=transfer.to_location_id,
            to_location_id=to,
        )
        if new:
            moves.write(transfer.centre_id, journey, new, first_no)
        first_no += len(new)


def _move_of(one: _Worked, *, returned: bool) -> NewMove:
    line_no, lot_id = one.missing.line_no, one.missing.lot.id
    if returned:
        return NewMove(line_no, lot_id, one.said.returned_milli, one.returned_satang)
    return NewMove(
        line_no, lot_id, one.said.lost_milli, one.lost_satang, one.base_satang, one.share_satang
    )


def _post(worked: Sequence[_Worked], command: SettleDifference, actor: Actor) -> None:
    lines = settled_lines(
        Settled(
            lot_id=one.missing.lot.id,
            producer_id=one.missing.lot.producer_id,
            member_id=one.missing.lot.member_id,
            returned_satang=one.returned_satang,
            lost_satang=one.lost_satang,
            share_satang=one.share_satang,
        )
        for one in worked
    )
    if lines:
        now = clock.now()
        ledger.post(
            NewEntry(
                kind=SOURCE,
                source_type=SOURCE,
                source_id=command.transfer_id,
                business_date=clock.business_date(now),
                occurred_at=now,
                lines=lines,
                memo=command.reason,
            ),
            actor,
        )
