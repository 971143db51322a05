"""Blind count sheets: made for a location or an owner, counted in rounds, or cancelled.

What must stay true: the sheet names lots and never how much is expected; what was counted is only
added to, round by round; a sheet that ended takes no more figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, insert, select

from core import clock
from core.actor import Actor
from core.db import db, insert_rows, serialise_on
from core.documents import content_of, differences, digest_of
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.numbering import buddhist_year, next_numbers
from inventory.models import (
    CountEntry,
    CountOutcome,
    CountSheet,
    CountSheetLine,
    Lot,
    Product,
    StockLevel,
)
from inventory.rules.counting import ROUNDS_MAX
from inventory.rules.intake import require_whole
from inventory.services import locations
from members.services import access, producers

SOURCE = "count_sheet"
LINES_MAX = 500


class SheetDiffers(DifferentContent):
    """The sheet's id came again with other content; the first one stands."""

    code, title = "sheet-differs", N_("This count sheet was already made with other content")


class NothingToCount(DomainError):
    """Nothing lies there, so there is nothing to print."""

    code, status, title = "nothing-to-count", 409, N_("Nothing lies there")
    detail = N_("Choose another place or producer.")


class TooManyLots(DomainError):
    """More lots than one sheet holds."""

    code, status, title = "too-many-lots", 409, N_("Too many lots for one sheet")
    detail = N_("Make one sheet for each producer instead; at most %(maximum)s lots fit.")


class SheetClosed(DomainError):
    """The sheet was approved or cancelled before."""

    code, status, title = "sheet-closed", 409, N_("This count has ended")
    detail = N_("Make a new count sheet.")


class AlreadyCounted(DomainError):
    """The lot has another figure in this round, or one in a later round."""

    code, status, title = "already-counted", 409, N_("This lot was already counted in this round")
    detail = N_("Lot %(lot_no)s: enter the new figure in round %(next_round)s.")


class CountedWhen(DomainError):
    """Nobody counts in the future, or before the sheet was printed."""

    code, status, title = "counted-when", 422, N_("It can't have been counted at this time")
    detail = N_("Enter a time between the printing of the sheet and now.")


@dataclass(frozen=True, slots=True)
class PrintSheet:
    """A count asked for: of a location, of one producer's goods there or of everybody's."""

    id: UUID
    location_id: UUID
    producer_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountedLot:
    """What was counted of a lot."""

    lot_id: UUID
    counted_milli: int


@dataclass(frozen=True, slots=True)
class RecordCount:
    """Figures of one round, counted at one time."""

    sheet_id: UUID
    round_no: int
    counted_at: datetime
    lines: tuple[CountedLot, ...]


@dataclass(frozen=True, slots=True)
class CancelSheet:
    """Give a sheet up, and say why."""

    sheet_id: UUID
    reason: str


def make(command: PrintSheet, actor: Actor) -> UUID:
    """Make a sheet of what lies at a location; the same command again changes nothing.

    Raises SheetDiffers, NothingToCount, TooManyLots, NotFound, Forbidden.
    """
    access.require(actor, "count.record")
    content = content_of(command)
    earlier = db.session.scalar(
        select(CountSheet.content).where(
            CountSheet.centre_id == actor.centre_id, CountSheet.id == command.id
        )
    )
    if earlier is not None:
        if differs := differences(earlier, content):
            raise SheetDiffers(differs=differs)
        return command.id
    _require_place(actor.centre_id, command)
    lying = _lying(actor.centre_id, command)
    now = clock.now()
    year = buddhist_year(clock.business_date(now))
    [number] = next_numbers(actor.centre_id, [("count", year)])
    db.session.execute(
        insert(CountSheet).values(
            centre_id=actor.centre_id,
            id=command.id,
            sheet_no=f"CS-{year}-{number:05d}",
            location_id=command.location_id,
            producer_id=command.producer_id,
            printed_at=now,
            printed_by=actor.user_id,
            printed_name=actor.name,
            note=command.note,
            digest=digest_of(content),
            content=content,
        )
    )
    insert_rows(
        CountSheetLine,
        [
            {
                "centre_id": actor.centre_id,
                "sheet_id": command.id,
                "line_no": line_no,
                "lot_id": lot_id,
                "expected_milli": expected,
            }
            for line_no, (lot_id, expected) in enumerate(lying, start=1)
        ],
    )
    return command.id


def record(command: RecordCount, actor: Actor) -> UUID:
    """Write down what was counted; the same figures again change nothing.

    A lot that is not on the sheet may be added: goods found. Raises SheetClosed, AlreadyCounted,
    CountedWhen, WholePieces, NotFound, Forbidden.
    """
    access.require(actor, "count.record")
    assert 1 <= command.round_no <= ROUNDS_MAX
    serialise_on(command.sheet_id)
    sheet = of(actor.centre_id, command.sheet_id)
    known = _rounds(actor.centre_id, command.sheet_id)
    new = [line for line in command.lines if not _is_repeat(line, command.round_no, known)]
    if not new:
        return command.sheet_id
    require_open(actor.centre_id, command.sheet_id)
    if not sheet.printed_at <= command.counted_at <= clock.now():
        raise CountedWhen(field="counted_at")
    lots = _lots(actor.centre_id, [line.lot_id for line in new])
    for line_no, line in enumerate(new, start=1):
        found = lots.get(line.lot_id)
        if found is None or (sheet.producer_id and found[1] != sheet.producer_id):
            raise NotFound(what="lot", line_no=line_no)
        lot_no, _, sold_by, name_th, unit = found
        last = max(known.get(line.lot_id, {0: 0}))
        if last >= command.round_no:
            raise AlreadyCounted(lot_no=lot_no, next_round=last + 1, lot_id=str(line.lot_id))
        known.setdefault(line.lot_id, {})[command.round_no] = line.counted_milli
        require_whole(line_no, line.counted_milli, sold_by, name_th, unit)
    insert_rows(
        CountEntry,
        [
            {
                "centre_id": actor.centre_id,
                "sheet_id": command.sheet_id,
                "round_no": command.round_no,
                "lot_id": line.lot_id,
                "counted_milli": line.counted_milli,
                "counted_at": command.counted_at,
                "counted_by": actor.user_id,
                "counted_name": actor.name,
            }
            for line in new
        ],
    )
    return command.sheet_id


def cancel(command: CancelSheet, actor: Actor) -> UUID:
    """Give a sheet up: nothing is corrected. Cancelling again changes nothing.

    Raises SheetClosed (it was approved), NotFound, Forbidden.
    """
    access.require(actor, "count.record")
    serialise_on(command.sheet_id)
    of(actor.centre_id, command.sheet_id)
    if outcome_kind(actor.centre_id, command.sheet_id) == "cancelled":
        return command.sheet_id
    require_open(actor.centre_id, command.sheet_id)
    now = clock.now()
    db.session.execute(
        insert(CountOutcome).values(
            centre_id=actor.centre_id,
            sheet_id=command.sheet_id,
            kind="cancelled",
            business_date=clock.business_date(now),
            recorded_at=now,
            recorded_by=actor.user_id,
            recorded_name=actor.name,
            reason=command.reason,
            content=content_of(command),
        )
    )
    return command.sheet_id


def of(centre_id: int, sheet_id: UUID) -> CountSheet:
    """Return a sheet's row for this package; raise `NotFound`."""
    row = db.session.scalars(
        select(CountSheet).where(CountSheet.centre_id == centre_id, CountSheet.id == sheet_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="count_sheet")
    return row


def outcome_kind(centre_id: int, sheet_id: UUID) -> str | None:
    """Return how a sheet ended: approved or cancelled; None while it is open."""
    return db.session.scalar(
        select(CountOutcome.kind).where(
            CountOutcome.centre_id == centre_id, CountOutcome.sheet_id == sheet_id
        )
    )


def require_open(centre_id: int, sheet_id: UUID) -> None:
    """Raise `SheetClosed` when a sheet has ended."""
    ended = outcome_kind(centre_id, sheet_id)
    if ended is not None:
        raise SheetClosed(outcome=ended)


def lot_of_number(centre_id: int, lot_no: str) -> UUID | None:
    """Return the lot with a printed number, as typed by someone who found it."""
    return db.session.scalar(
        select(Lot.id).where(Lot.centre_id == centre_id, Lot.lot_no == lot_no.strip().upper())
    )


def _require_place(centre_id: int, command: PrintSheet) -> None:
    places = {place.id: place for place in locations.listing(centre_id)}
    place = places.get(command.location_id)
    if place is None or place.kind not in locations.OURS:
        raise NotFound(what="location", field="location_id")
    if command.producer_id is not None:
        producers.get(centre_id, command.producer_id)


def _lying(centre_id: int, command: PrintSheet) -> Sequence[tuple[UUID, int]]:
    """Return the lots with something at the location, in the order people find them."""
    query = (
        select(StockLevel.lot_id, StockLevel.quantity_milli)
        .join(Lot, and_(Lot.centre_id == StockLevel.centre_id, Lot.id == StockLevel.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            StockLevel.centre_id == centre_id,
            StockLevel.location_id == command.location_id,
            StockLevel.quantity_milli != 0,
        )
        .order_by(Product.category, Product.sort_key, Lot.lot_no)
        .limit(LINES_MAX + 1)
    )
    if command.producer_id is not None:
        query = query.where(Lot.producer_id == command.producer_id)
    lying = [(lot_id, quantity) for lot_id, quantity in db.session.execute(query)]
    if not lying:
        raise NothingToCount(field="location_id")
    if len(lying) > LINES_MAX:
        raise TooManyLots(field="producer_id", maximum=LINES_MAX)
    return lying


def _rounds(centre_id: int, sheet_id: UUID) -> dict[UUID, dict[int, int]]:
    """Return what was counted by lot and round."""
    rows = db.session.execute(
        select(CountEntry.lot_id, CountEntry.round_no, CountEntry.counted_milli).where(
            CountEntry.centre_id == centre_id, CountEntry.sheet_id == sheet_id
        )
    )
    found: dict[UUID, dict[int, int]] = {}
    for lot_id, round_no, counted in rows:
        found.setdefault(lot_id, {})[round_no] = counted
    return found


def _is_repeat(line: CountedLot, round_no: int, known: dict[UUID, dict[int, int]]) -> bool:
    return known.get(line.lot_id, {}).get(round_no) == line.counted_milli


def _lots(centre_id: int, lot_ids: Sequence[UUID]) -> dict[UUID, tuple[str, UUID, str, str, str]]:
    rows = db.session.execute(
        select(Lot.id, Lot.lot_no, Lot.producer_id, Product.sold_by, Product.name_th, Product.unit)
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Lot.centre_id == centre_id, Lot.id.in_(sorted(lot_ids)))
    )
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in rows}
