"""A dispute over a lot's grade: held away from the counter, graded anew, released; with history.

What must stay true: what is held lies in a place the counter does not sell from, so the sale needs
to know nothing of it; a lot's row never changes, its grade today is that of its last event.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, select

from core import clock
from core.actor import Actor
from core.db import db
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from inventory.models import Location, Lot, LotEvent, Product, StockLevel
from inventory.rules import costing
from inventory.services import levels, locations, lots, moves
from inventory.services.lots import LotCard
from inventory.services.lying import Level
from inventory.services.moves import Journey, NewMove
from members.services import access, producers

SOURCE = "lot_event"
HOLD = "HOLD"
"""The code of the place held goods lie in."""


class EventDiffers(DifferentContent):
    """The event's id came again with other content; the first one stands."""

    code, title = "lot-event-differs", N_("This was already recorded with other content")


class NothingToHold(DomainError):
    """Nothing of the lot lies on the shelf any more."""

    code, status, title = "nothing-to-hold", 409, N_("Nothing of this lot is on the shelf")
    detail = N_("It was sold or moved meanwhile. What lies in the store room is not sold.")


class NotHeld(DomainError):
    """Only a held lot is graded anew or released."""

    code, status, title = "not-held", 409, N_("This lot is not held")
    detail = N_("Hold the lot first, then grade it together with the producer.")


class WitnessNeeded(DomainError):
    """A grade is changed together with the producer, or somebody for him."""

    code, status, title = "witness-needed", 422, N_("Who agreed for the producer?")
    detail = N_("Write the name of the producer, or of who stood in for the producer.")


@dataclass(frozen=True, slots=True)
class RecordLotEvent:
    """Hold (`held`), grade anew (`regraded`, names the new grade) or release (`released`)."""

    id: UUID
    lot_id: UUID
    kind: str
    reason: str
    grade: str = ""
    witness: str = ""


@dataclass(frozen=True, slots=True)
class LotEventDoc:
    """One event of a lot."""

    id: UUID
    lot_id: UUID
    event_no: int
    kind: str
    grade_before: str
    grade_after: str
    quantity_milli: int
    reason: str
    witness: str
    business_date: date
    recorded_at: datetime
    recorded_name: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A lot of which something is held."""

    lot_id: UUID
    lot_no: str
    name_th: str
    name_en: str
    unit: str
    producer_name: str
    ownership: str
    held_milli: int
    last: LotEventDoc | None


def record(command: RecordLotEvent, actor: Actor) -> LotEventDoc:
    """Record an event of a lot; the same command again changes nothing.

    Holding takes what is left on the shelf, however much was sold meanwhile. Raises EventDiffers,
    NothingToHold, NotHeld, WitnessNeeded, NotFound, Forbidden.
    """
    access.require(actor, "unsold.decide")
    content = content_of(command)
    earlier = db.session.get(LotEvent, (actor.centre_id, command.id))
    if earlier is not None:
        if differs := differences(earlier.content, content):
            raise EventDiffers(differs=differs)
        return _doc(earlier)
    lot = lots.card(actor.centre_id, command.lot_id)
    place = _hold_place(actor.centre_id)
    # Locked before the last event is read: events of one lot are numbered one after the other.
    found = {at: level for (_, at), level in levels.locked(actor.centre_id, [lot.id]).items()}
    history = of_lot(actor.centre_id, lot.id)
    before = history[-1].grade_after if history else lot.grade
    quantity = _carried_out(command, lot, found, place, actor)
    now = clock.now()
    db.session.execute(
        insert(LotEvent).values(
            centre_id=actor.centre_id,
            id=command.id,
            lot_id=lot.id,
            event_no=len(history) + 1,
            kind=command.kind,
            grade_before=before,
            grade_after=command.grade if command.kind == "regraded" else before,
            quantity_milli=quantity,
            reason=command.reason,
            witness=command.witness,
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            digest=digest_of(content),
            content=content,
        )
    )
    return of_lot(actor.centre_id, lot.id)[-1]


def of_lot(centre_id: int, lot_id: UUID) -> list[LotEventDoc]:
    """Return the events of a lot, oldest first, for another service or its page."""
    rows = db.session.scalars(
        select(LotEvent)
        .where(LotEvent.centre_id == centre_id, LotEvent.lot_id == lot_id)
        .order_by(LotEvent.event_no)
    )
    return [_doc(row) for row in rows]


def grade_of(centre_id: int, lot_id: UUID, at_intake: str) -> str:
    """Return a lot's grade today: that of its last event, or the one it came with."""
    history = of_lot(centre_id, lot_id)
    return history[-1].grade_after if history else at_intake


def held_milli(centre_id: int, lot_id: UUID) -> int:
    """Return how much of a lot is held."""
    return _held(centre_id).get(lot_id, 0)


def listing(actor: Actor) -> list[HeldRow]:
    """Return the lots of which something is held, by number."""
    access.require(actor, "unsold.read")
    held = _held(actor.centre_id)
    rows: Any = db.session.execute(
        select(Lot, Product)
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Lot.centre_id == actor.centre_id, Lot.id.in_(sorted(held)))
        .order_by(Lot.lot_no)
    ).all()
    names = producers.names(actor.centre_id, {row.Lot.producer_id for row in rows})
    last = _last_events(actor.centre_id, held)
    return [
        HeldRow(
            lot_id=row.Lot.id,
            lot_no=row.Lot.lot_no,
            name_th=row.Product.name_th,
            name_en=row.Product.name_en,
            unit=row.Product.unit,
            producer_name=names[row.Lot.producer_id].name,
            ownership=row.Lot.ownership,
            held_milli=held[row.Lot.id],
            last=last.get(row.Lot.id),
        )
        for row in rows
    ]


def _carried_out(
    command: RecordLotEvent,
    lot: LotCard,
    found: dict[UUID, Level],
    place: UUID,
    actor: Actor,
) -> int:
    """Move the goods the event is about; return how much it is about."""
    shelf = locations.shop(actor.centre_id).id
    start = shelf if command.kind == "held" else place
    quantity, _ = found.get(start, (0, 0))
    if quantity <= 0:
        raise NothingToHold if command.kind == "held" else NotHeld
    if command.kind == "regraded":
        if not command.witness:
            raise WitnessNeeded(field="witness")
        return quantity
    end = place if command.kind == "held" else shelf
    now = clock.now()
    journey = Journey(
        source_type=SOURCE,
        source_id=command.id,
        business_date=clock.business_date(now),
        moved_at=now,
        from_location_id=start,
        to_location_id=end,
    )
    cost = costing.issue_cost(*found[start], quantity, lot.unit_cost_satang)
    levels.change(actor.centre_id, start, {lot.id: (-quantity, -cost)})
    if end in found:
        levels.change(actor.centre_id, end, {lot.id: (quantity, cost)})
    else:
        products = {lot.id: lot.product_id}
        levels.open_at(actor.centre_id, end, products, {lot.id: (quantity, cost)})
    moves.write(actor.centre_id, journey, [NewMove(1, lot.id, quantity, cost_satang=cost)])
    return quantity


def _hold_place(centre_id: int) -> UUID:
    """Return the place held goods lie in; made when the first lot is held."""
    for place in locations.listing(centre_id):
        if place.code == HOLD:
            return place.id
    place_id = uuid7()
    db.session.execute(
        insert(Location).values(
            centre_id=centre_id,
            id=place_id,
            code=HOLD,
            name_th="พักรอตรวจเกรด",
            name_en="Held for grading",
            kind="storage",
        )
    )
    return place_id


def _held(centre_id: int) -> dict[UUID, int]:
    rows = db.session.execute(
        select(StockLevel.lot_id, StockLevel.quantity_milli)
        .join(
            Location,
            and_(Location.centre_id == StockLevel.centre_id, Location.id == StockLevel.location_id),
        )
        .where(StockLevel.centre_id == centre_id, Location.code == HOLD, levels.ON_HAND)
    )
    return dict(rows.all())


def _last_events(centre_id: int, lot_ids: Collection[UUID]) -> dict[UUID, LotEventDoc]:
    newest = (
        select(LotEvent.lot_id, func.max(LotEvent.event_no).label("event_no"))
        .where(LotEvent.centre_id == centre_id, LotEvent.lot_id.in_(sorted(lot_ids)))
        .group_by(LotEvent.lot_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(LotEvent)
        .join(
            newest,
            and_(newest.c.lot_id == LotEvent.lot_id, newest.c.event_no == LotEvent.event_no),
        )
        .where(LotEvent.centre_id == centre_id)
    )
    return {row.lot_id: _doc(row) for row in rows}


def _doc(row: LotEvent) -> LotEventDoc:
    return LotEventDoc(
        id=row.id,
        lot_id=row.lot_id,
        event_no=row.event_no,
        kind=row.kind,
        grade_before=row.grade_before,
        grade_after=row.grade_after,
        quantity_milli=row.quantity_milli,
        reason=row.reason,
        witness=row.witness,
        business_date=row.business_date,
        recorded_at=row.recorded_at,
        recorded_name=row.recorded_name,
    )
