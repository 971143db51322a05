"""Count sheets as people read them: the list, the blind sheet, and the review with its figures.

What must stay true: while a sheet is open, only who may approve it sees what is expected; once it
has ended it shows what was decided then, never what would come out today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from core.actor import Actor
from core.db import db
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import CountOutcome, CountSheet, CountSheetLine, Lot, StockLevel
from inventory.services import locations
from inventory.services.counts import review, sheets
from inventory.services.counts.review import CountLine, Figure
from inventory.services.locations import LocationCard
from members.services import access, finding, producers
from members.services.producers import ProducerCard


@dataclass(frozen=True, slots=True)
class OutcomeDoc:
    """How a sheet ended."""

    kind: str
    business_date: date
    recorded_at: datetime
    recorded_name: str
    waiver: str
    producer_signed: str
    reason: str


@dataclass(frozen=True, slots=True)
class SheetDoc:
    """A count sheet whole, without a word of what is expected."""

    id: UUID
    sheet_no: str
    location: LocationCard
    producer: ProducerCard | None
    printed_at: datetime
    printed_name: str
    note: str
    lines: tuple[CountLine, ...]
    outcome: OutcomeDoc | None

    @property
    def uncounted(self) -> list[CountLine]:
        """The lots without a figure."""
        return [line for line in self.lines if not line.rounds]


@dataclass(frozen=True, slots=True)
class SheetCard:
    """A count sheet in the list."""

    id: UUID
    sheet_no: str
    location: LocationCard
    producer_name: str
    printed_at: datetime
    printed_name: str
    lots: int
    outcome: str
    """approved, cancelled or open."""


def get(sheet_id: UUID, actor: Actor) -> SheetDoc:
    """Return a sheet of the actor's centre; raise NotFound, Forbidden."""
    access.require(actor, "count.read")
    sheet = sheets.of(actor.centre_id, sheet_id)
    places = {place.id: place for place in locations.listing(actor.centre_id)}
    owner = sheet.producer_id
    return SheetDoc(
        id=sheet.id,
        sheet_no=sheet.sheet_no,
        location=places[sheet.location_id],
        producer=None if owner is None else producers.get(actor.centre_id, owner),
        printed_at=sheet.printed_at,
        printed_name=sheet.printed_name,
        note=sheet.note,
        lines=tuple(review.lines_of(actor.centre_id, sheet_id)),
        outcome=_outcome(actor.centre_id, sheet_id),
    )


def figures_of(doc: SheetDoc, actor: Actor) -> list[Figure]:
    """Return what the count comes to; of an open sheet only to who may approve it.

    Raises Forbidden.
    """
    if doc.outcome is None:
        access.require(actor, "count.approve")
        return review.figures(sheets.of(actor.centre_id, doc.id), doc.lines)
    access.require(actor, "count.read")
    if doc.outcome.kind == "cancelled":
        return []
    content = db.session.scalar(
        select(CountOutcome.content).where(
            CountOutcome.centre_id == actor.centre_id, CountOutcome.sheet_id == doc.id
        )
    )
    assert content is not None
    lines = {str(line.lot_id): line for line in doc.lines}
    return [_thawed(lines[row["lot_id"]], row) for row in content["lines"]]


def to_recount(doc: SheetDoc, actor: Actor) -> list[CountLine]:
    """Return the lots that have to be counted again, without saying by how much they differ."""
    access.require(actor, "count.read")
    if doc.outcome is not None:
        return []
    found = review.figures(sheets.of(actor.centre_id, doc.id), doc.lines)
    return [figure.line for figure in found if figure.recount]


def elsewhere(doc: SheetDoc, actor: Actor) -> list[LocationCard]:
    """Return where else the owner of an owner's sheet has goods: a sheet is of one place."""
    access.require(actor, "count.read")
    if doc.producer is None:
        return []
    places = select(StockLevel.location_id).join(
        Lot, and_(Lot.centre_id == StockLevel.centre_id, Lot.id == StockLevel.lot_id)
    )
    lying = set(
        db.session.scalars(
            places.where(
                StockLevel.centre_id == actor.centre_id,
                StockLevel.quantity_milli != 0,
                StockLevel.location_id != doc.location.id,
                Lot.producer_id == doc.producer.id,
            )
        )
    )
    return [place for place in locations.listing(actor.centre_id) if place.id in lying]


def listing(actor: Actor, window: Window, sought: Sought = NOTHING) -> Page[SheetCard]:
    """Return count sheets, newest first."""
    access.require(actor, "count.read")
    lots = (
        select(func.count())
        .where(
            CountSheetLine.centre_id == CountSheet.centre_id,
            CountSheetLine.sheet_id == CountSheet.id,
        )
        .scalar_subquery()
    )
    ended = and_(
        CountOutcome.centre_id == CountSheet.centre_id, CountOutcome.sheet_id == CountSheet.id
    )
    query = (
        select(CountSheet, lots, CountOutcome.kind)
        .outerjoin(CountOutcome, ended)
        .where(
            CountSheet.centre_id == actor.centre_id,
            *matching(
                sought,
                day=CountSheet.printed_at,
                state=func.coalesce(CountOutcome.kind, "open"),
                text=(
                    *(CountSheet.sheet_no, CountSheet.printed_name),
                    finding.of_producer(actor.centre_id, CountSheet.producer_id),
                ),
            ),
        )
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(CountSheet.id < last)
    rows = db.session.execute(query.order_by(CountSheet.id.desc()).limit(window.limit + 1)).all()
    places = {place.id: place for place in locations.listing(actor.centre_id)}
    people = producers.names(actor.centre_id, {row[0].producer_id for row in rows})
    cards = [
        SheetCard(
            id=sheet.id,
            sheet_no=sheet.sheet_no,
            location=places[sheet.location_id],
            producer_name=people[sheet.producer_id].name if sheet.producer_id else "",
            printed_at=sheet.printed_at,
            printed_name=sheet.printed_name,
            lots=count,
            outcome=kind or "open",
        )
        for sheet, count, kind in rows
    ]
    return page_of(cards, window, lambda card: str(card.id))


def _outcome(centre_id: int, sheet_id: UUID) -> OutcomeDoc | None:
    row = db.session.execute(
        select(
            CountOutcome.kind,
            CountOutcome.business_date,
            CountOutcome.recorded_at,
            CountOutcome.recorded_name,
            CountOutcome.waiver,
            CountOutcome.producer_signed,
            CountOutcome.reason,
        ).where(CountOutcome.centre_id == centre_id, CountOutcome.sheet_id == sheet_id)
    ).one_or_none()
    return None if row is None else OutcomeDoc(*row)


def _thawed(line: CountLine, row: Mapping[str, Any]) -> Figure:
    return Figure(
        line=line,
        counted_milli=row["counted_milli"],
        expected_milli=row["expected_milli"],
        variance_milli=row["variance_milli"],
        recount=False,
        superseded=row["superseded"],
        cost_satang=row["cost_satang"],
        base_satang=row["base_satang"],
        share_satang=row["share_satang"],
        bearer=row["bearer"],
    )
