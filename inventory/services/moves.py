"""The moves of goods as other rooms and pages see them.

What must stay true: moves are only ever added; what is shown here is what happened.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.sql import Select

from core.db import db, insert_rows, sum_int
from inventory.models import Lot, StockMove
from inventory.rules.terms import levied_into

_move, _lot = StockMove.__table__, Lot.__table__


@dataclass(frozen=True, slots=True)
class MoveCard:
    """Goods of one lot that went from a place to another because of one document."""

    source_type: str
    source_id: UUID
    move_no: int
    line_no: int
    lot_id: UUID
    lot_no: str
    product_id: UUID
    ownership: str
    producer_id: UUID
    member_id: UUID | None
    from_location_id: UUID
    to_location_id: UUID
    quantity_milli: int
    cost_satang: int
    base_satang: int
    share_satang: int
    business_date: date
    moved_at: datetime
    levy_satang: int
    borne_satang: int
    terms: dict[str, Any] | None

    @property
    def levy_fund_id(self) -> UUID | None:
        """The fund the levy went into, by the lot's frozen terms."""
        return levied_into(self.terms)[0]

    @property
    def levy_purpose(self) -> str:
        """The purpose of the account that keeps that fund."""
        return levied_into(self.terms)[1]


@dataclass(frozen=True, slots=True)
class NewMove:
    """One move to write; `original_move_no` names the move whose goods come back."""

    line_no: int
    lot_id: UUID
    quantity_milli: int
    cost_satang: int = 0
    base_satang: int = 0
    share_satang: int = 0
    levy_satang: int = 0
    borne_satang: int = 0
    original_move_no: int | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """What all moves of one document share: why, when, from where, to where."""

    source_type: str
    source_id: UUID
    business_date: date
    moved_at: datetime
    from_location_id: UUID
    to_location_id: UUID
    original_type: str | None = None
    original_id: UUID | None = None


def write(centre_id: int, journey: Journey, moves: Sequence[NewMove], first_no: int = 1) -> None:
    """Write the moves of a document, numbered from `first_no` in their order; one statement."""
    insert_rows(
        StockMove,
        [
            {
                "centre_id": centre_id,
                "source_type": journey.source_type,
                "source_id": journey.source_id,
                "move_no": number,
                "line_no": move.line_no,
                "lot_id": move.lot_id,
                "from_location_id": journey.from_location_id,
                "to_location_id": journey.to_location_id,
                "quantity_milli": move.quantity_milli,
                "cost_satang": move.cost_satang,
                "base_satang": move.base_satang,
                "share_satang": move.share_satang,
                "levy_satang": move.levy_satang,
                "borne_satang": move.borne_satang,
                "business_date": journey.business_date,
                "moved_at": journey.moved_at,
                "original_type": journey.original_type,
                "original_id": journey.original_id,
                "original_move_no": move.original_move_no,
            }
            for number, move in enumerate(moves, start=first_no)
        ],
    )


def moves_of(centre_id: int, source_type: str, source_id: UUID) -> list[MoveCard]:
    """Return the moves of a document in the order they were made."""
    query = cards(centre_id).where(
        _move.c.source_type == source_type, _move.c.source_id == source_id
    )
    return [MoveCard(*row) for row in db.session.execute(query.order_by(_move.c.move_no))]


def of_lots(centre_id: int, lot_ids: Collection[UUID]) -> list[MoveCard]:
    """Return every move of lots, oldest first."""
    query = cards(centre_id).where(_move.c.lot_id.in_(sorted(lot_ids)))
    ordered = query.order_by(_move.c.moved_at, _move.c.source_id, _move.c.move_no)
    return [MoveCard(*row) for row in db.session.execute(ordered)]


def returned_so_far(centre_id: int, original_type: str, original_id: UUID) -> Mapping[int, int]:
    """Return how much of each move of a document came back already, by its move number."""
    rows = db.session.execute(
        select(_move.c.original_move_no, sum_int(_move.c.quantity_milli))
        .where(
            _move.c.centre_id == centre_id,
            _move.c.original_type == original_type,
            _move.c.original_id == original_id,
        )
        .group_by(_move.c.original_move_no)
    )
    return dict(rows.all())


def cards(centre_id: int) -> Select[Any]:
    """Select moves as `MoveCard`s; callers add their conditions."""
    return (
        select(
            _move.c.source_type,
            _move.c.source_id,
            _move.c.move_no,
            _move.c.line_no,
            _move.c.lot_id,
            _lot.c.lot_no,
            _lot.c.product_id,
            _lot.c.ownership,
            _lot.c.producer_id,
            _lot.c.member_id,
            _move.c.from_location_id,
            _move.c.to_location_id,
            _move.c.quantity_milli,
            _move.c.cost_satang,
            _move.c.base_satang,
            _move.c.share_satang,
            _move.c.business_date,
            _move.c.moved_at,
            _move.c.levy_satang,
            _move.c.borne_satang,
            _lot.c.terms,
        )
        .join_from(
            _move,
            _lot,
            (_lot.c.centre_id == _move.c.centre_id) & (_lot.c.id == _move.c.lot_id),
        )
        .where(_move.c.centre_id == centre_id)
    )
