"""Transfers as both sides read them: what was sent, what arrived, what is still open.

What must stay true: a centre reads its own transfers, and of other centres only those sent to it;
what the receiver wrote is shown to the sender as it was written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, not_, or_, select

from core.actor import Actor, Centre
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
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
from inventory.services import locations
from inventory.services.locations import LocationCard
from members.services import access, centres, producers


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A line of a transfer; what arrived is None until it did, what became of the rest too."""

    line_no: int
    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    sold_by: str
    producer_name: str
    ownership: str
    split_basis_points: int | None
    grade: str
    expires_on: date | None
    quantity_milli: int
    cost_satang: int
    received_milli: int | None
    new_lot_id: UUID | None
    """The lot it became in the receiving centre."""
    returned_milli: int
    lost_milli: int
    bearer: str
    charge_satang: int

    @property
    def missing_milli(self) -> int:
        """What was sent and did not arrive; nothing while it is on its way."""
        return 0 if self.received_milli is None else self.quantity_milli - self.received_milli


@dataclass(frozen=True, slots=True)
class ArrivalCard:
    """The receiver's word of a transfer."""

    id: UUID
    arrival_no: str
    recorded_at: datetime
    recorded_name: str
    note: str
    cost_satang: int
    business_date: date
    location_id: UUID


@dataclass(frozen=True, slots=True)
class DifferenceCard:
    """The sender's settlement of what fell short."""

    reason: str
    recorded_at: datetime
    recorded_name: str
    cost_satang: int


@dataclass(frozen=True, slots=True)
class TransferDoc:
    """A transfer whole, as it stands now."""

    id: UUID
    transfer_no: str
    sender: Centre
    receiver: Centre | None
    from_place: LocationCard
    to_place: LocationCard
    business_date: date
    recorded_at: datetime
    recorded_name: str
    note: str
    cost_satang: int
    lines: tuple[TransferLine, ...]
    arrival: ArrivalCard | None
    difference: DifferenceCard | None

    @property
    def state(self) -> str:
        """done, on_the_way, arrived, short (something is missing) or settled."""
        if self.receiver is None:
            return "done"
        if self.arrival is None:
            return "on_the_way"
        if not any(line.missing_milli for line in self.lines):
            return "arrived"
        return "short" if self.difference is None else "settled"


@dataclass(frozen=True, slots=True)
class TransferCard:
    """A transfer in a list."""

    centre_id: int
    id: UUID
    transfer_no: str
    from_name: str
    to_name: str
    recorded_at: datetime
    recorded_name: str
    arrival_id: UUID | None
    between: bool


def get(transfer_id: UUID, actor: Actor) -> TransferDoc:
    """Return a transfer the actor's centre sent; raise NotFound, Forbidden."""
    access.require(actor, "transfer.read")
    return _doc(_row(StockTransfer.centre_id == actor.centre_id, StockTransfer.id == transfer_id))


def incoming(from_centre_id: int, transfer_id: UUID, actor: Actor) -> TransferDoc:
    """Return a transfer sent to the actor's centre; raise NotFound, Forbidden."""
    access.require(actor, "transfer.read")
    return _doc(
        _row(
            StockTransfer.centre_id == from_centre_id,
            StockTransfer.id == transfer_id,
            StockTransfer.to_centre_id == actor.centre_id,
        )
    )


def of_arrival(arrival_id: UUID, actor: Actor) -> TransferDoc:
    """Return the transfer behind an arrival of the actor's centre; raise NotFound, Forbidden."""
    access.require(actor, "transfer.read")
    arrival = db.session.scalars(
        select(TransferArrival).where(
            TransferArrival.centre_id == actor.centre_id, TransferArrival.id == arrival_id
        )
    ).one_or_none()
    if arrival is None:
        raise NotFound(what="transfer_arrival")
    return incoming(arrival.from_centre_id, arrival.transfer_id, actor)


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[TransferCard]:
    """Return what the actor's centre sent, and what was sent to it; newest first."""
    access.require(actor, "transfer.read")
    texts = (StockTransfer.transfer_no, StockTransfer.recorded_name, StockTransfer.note)
    query = _cards(
        or_(
            StockTransfer.centre_id == actor.centre_id,
            StockTransfer.to_centre_id == actor.centre_id,
        ),
        *matching(sought, day=StockTransfer.business_date, text=texts),
    )
    if sought.state:
        between = StockTransfer.to_centre_id.is_not(None)
        on_the_way = and_(between, TransferArrival.id.is_(None))
        query = query.where(on_the_way if sought.state == "way" else not_(on_the_way))
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(StockTransfer.id < last)
    rows = db.session.execute(query.limit(window.limit + 1)).all()
    return page_of(_carded(rows), window, lambda card: str(card.id))


def waiting(actor: Actor, limit: int = 50) -> list[TransferCard]:
    """Return what is on its way to the actor's centre, newest first."""
    access.require(actor, "transfer.read")
    query = _cards(StockTransfer.to_centre_id == actor.centre_id, TransferArrival.id.is_(None))
    return _carded(db.session.execute(query.limit(limit)).all())


def _cards(*where: Any) -> Any:
    arrived = and_(
        TransferArrival.from_centre_id == StockTransfer.centre_id,
        TransferArrival.transfer_id == StockTransfer.id,
    )
    return (
        select(StockTransfer, TransferArrival.id)
        .outerjoin(TransferArrival, arrived)
        .where(*where)
        .order_by(StockTransfer.id.desc())
    )


def _carded(rows: Sequence[Any]) -> list[TransferCard]:
    names = _centre_names({one for row in rows for one in (row[0].centre_id, row[0].to_centre_id)})
    places = _place_names({row[0].centre_id for row in rows})
    return [
        TransferCard(
            centre_id=row.centre_id,
            id=row.id,
            transfer_no=row.transfer_no,
            from_name=names[row.centre_id] if row.to_centre_id else places[row.from_location_id],
            to_name=names[row.to_centre_id] if row.to_centre_id else places[row.to_location_id],
            recorded_at=row.recorded_at,
            recorded_name=row.recorded_name,
            arrival_id=arrival_id,
            between=row.to_centre_id is not None,
        )
        for row, arrival_id in rows
    ]


def _centre_names(centre_ids: Collection[int | None]) -> dict[int, str]:
    found = (centres.get(one) for one in sorted(one for one in centre_ids if one is not None))
    return {centre.id: centre.name_th for centre in found if centre is not None}


def _place_names(centre_ids: Collection[int]) -> dict[UUID, str]:
    return {
        place.id: place.name_th for one in sorted(centre_ids) for place in locations.listing(one)
    }


def _row(*where: Any) -> StockTransfer:
    row = db.session.scalars(select(StockTransfer).where(*where)).one_or_none()
    if row is None:
        raise NotFound(what="transfer")
    return row


def _doc(row: StockTransfer) -> TransferDoc:
    sender = centres.get(row.centre_id)
    assert sender is not None
    places = {place.id: place for place in locations.listing(row.centre_id)}
    arrival = db.session.scalars(
        select(TransferArrival).where(
            TransferArrival.from_centre_id == row.centre_id, TransferArrival.transfer_id == row.id
        )
    ).one_or_none()
    difference = db.session.scalars(
        select(TransferDifference).where(
            TransferDifference.centre_id == row.centre_id, TransferDifference.transfer_id == row.id
        )
    ).one_or_none()
    return TransferDoc(
        id=row.id,
        transfer_no=row.transfer_no,
        sender=sender,
        receiver=None if row.to_centre_id is None else centres.get(row.to_centre_id),
        from_place=places[row.from_location_id],
        to_place=places[row.to_location_id],
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_name=row.recorded_name,
        note=row.note,
        cost_satang=row.cost_satang,
        lines=tuple(_lines(row, arrival)),
        arrival=None
        if arrival is None
        else ArrivalCard(
            arrival.id,
            arrival.arrival_no,
            arrival.recorded_at,
            arrival.recorded_name,
            arrival.note,
            arrival.cost_satang,
            arrival.business_date,
            arrival.location_id,
        ),
        difference=None
        if difference is None
        else DifferenceCard(
            difference.reason,
            difference.recorded_at,
            difference.recorded_name,
            difference.cost_satang,
        ),
    )


def _lines(row: StockTransfer, arrival: TransferArrival | None) -> list[TransferLine]:
    came: dict[int, TransferArrivalLine] = {}
    if arrival is not None:
        found = db.session.scalars(
            select(TransferArrivalLine).where(
                TransferArrivalLine.centre_id == arrival.centre_id,
                TransferArrivalLine.arrival_id == arrival.id,
            )
        )
        came = {line.line_no: line for line in found}
    settled = {
        line.line_no: line
        for line in db.session.scalars(
            select(TransferDifferenceLine).where(
                TransferDifferenceLine.centre_id == row.centre_id,
                TransferDifferenceLine.transfer_id == row.id,
            )
        )
    }
    rows = db.session.execute(
        select(StockTransferLine, Lot, Product)
        .join(
            Lot,
            and_(Lot.centre_id == StockTransferLine.centre_id, Lot.id == StockTransferLine.lot_id),
        )
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            StockTransferLine.centre_id == row.centre_id, StockTransferLine.transfer_id == row.id
        )
        .order_by(StockTransferLine.line_no)
    ).all()
    people = producers.names(row.centre_id, {lot.producer_id for _, lot, _ in rows})
    return [
        _line(
            line,
            lot,
            product,
            people[lot.producer_id].name,
            came.get(line.line_no),
            settled.get(line.line_no),
        )
        for line, lot, product in rows
    ]


def _line(
    line: StockTransferLine,
    lot: Lot,
    product: Product,
    producer_name: str,
    came: TransferArrivalLine | None,
    settled: TransferDifferenceLine | None,
) -> TransferLine:
    return TransferLine(
        line_no=line.line_no,
        lot_id=lot.id,
        lot_no=lot.lot_no,
        product_id=product.id,
        name_th=product.name_th,
        name_en=product.name_en,
        unit=product.unit,
        sold_by=product.sold_by,
        producer_name=producer_name,
        ownership=lot.ownership,
        split_basis_points=lot.split_basis_points,
        grade=lot.grade,
        expires_on=lot.expires_on,
        quantity_milli=line.quantity_milli,
        cost_satang=line.cost_satang,
        received_milli=came.received_milli if came else None,
        new_lot_id=came.lot_id if came else None,
        returned_milli=settled.returned_milli if settled else 0,
        lost_milli=settled.lost_milli if settled else 0,
        bearer=settled.bearer if settled else "",
        charge_satang=settled.charge_satang if settled else 0,
    )
