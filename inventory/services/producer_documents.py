"""The documents behind a producer's account, each with its part in what is owed.

What must stay true: a producer sees own rows only, whatever is asked for; all rows together add up
to what the books say is owed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, cast, literal, null, or_, select, union_all
from sqlalchemy.sql import Select

from accounting.services import sub_ledgers
from core.actor import Actor
from core.db import BigId, Uuid, db
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from inventory.models import Location, Lot, Product, StockMove
from inventory.services import producer_account
from inventory.services.locations import OURS
from inventory.services.producer_account import SIGN, SOLD

MOVED = (
    *SOLD,
    *("waste", "donation", "producer_return", "lot_conversion"),
    *("count_sheet", "transfer_difference"),
)
"""Documents shown by the goods they moved; all others by what they posted."""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One document's part in the account; below zero when it took something back."""

    source_type: str
    source_id: UUID
    line_no: int
    at: datetime
    business_date: date
    product_id: UUID | None
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    base_satang: int
    amount_satang: int
    lot_id: UUID | None
    lot_no: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of an account: of sales only, of a product, of some days, of one document."""

    sold_only: bool = False
    product_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    source_type: str | None = None
    source_id: UUID | None = None


def rows(
    actor: Actor, window: Window, wanted: Wanted, producer_id: UUID | None = None
) -> Page[AccountRow]:
    """Return the documents behind an account, newest first.

    Raises Forbidden for another's without the right to read producers, NotFound.
    """
    producer = producer_account.whose(actor, producer_id)
    parts = [_move_rows(actor.centre_id, producer.id, wanted)]
    if not wanted.sold_only and wanted.product_id is None:
        parts.append(_entry_rows(actor.centre_id, producer.id))
    every = union_all(*parts).subquery()
    query = select(every)
    if wanted.since is not None:
        query = query.where(every.c.business_date >= wanted.since)
    if wanted.until is not None:
        query = query.where(every.c.business_date <= wanted.until)
    if wanted.source_id is not None:
        query = query.where(
            every.c.source_type == wanted.source_type, every.c.source_id == wanted.source_id
        )
    place = _place_of(window.after)
    if place is not None:
        query = query.where(_behind(every.c, place))
    ordered = query.order_by(
        every.c.at.desc(), every.c.source_id.desc(), every.c.move_no.desc()
    ).limit(window.limit + 1)
    found = db.session.execute(ordered).all()
    page = page_of(found, window, lambda row: f"{row.at.isoformat()}~{row.source_id}~{row.move_no}")
    return Page(tuple(_row(row) for row in page.items), page.next)


def _move_rows(centre_id: int, producer_id: UUID, wanted: Wanted) -> Select[Any]:
    kinds: Any = StockMove.source_type.in_(SOLD if wanted.sold_only else MOVED)
    if not wanted.sold_only:
        # From shelf to store is nobody's news; off to another centre is.
        away = StockMove.to_location_id.in_(_places(centre_id, ("transit",)))
        kinds = or_(kinds, and_(StockMove.source_type == "transfer", away))
    came_in = StockMove.to_location_id.in_(_places(centre_id, OURS))
    query: Any = (
        select(
            StockMove.source_type.label("source_type"),
            StockMove.source_id.label("source_id"),
            StockMove.move_no.label("move_no"),
            StockMove.line_no.label("line_no"),
            StockMove.moved_at.label("at"),
            StockMove.business_date.label("business_date"),
            Product.id.label("product_id"),
            Product.name_th.label("name_th"),
            Product.name_en.label("name_en"),
            Product.unit.label("unit"),
            (case((came_in, -1), else_=1) * StockMove.quantity_milli).label("quantity_milli"),
            (SIGN * StockMove.base_satang).label("base_satang"),
            (SIGN * StockMove.share_satang).label("amount_satang"),
            Lot.id.label("lot_id"),
            Lot.lot_no.label("lot_no"),
        )
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            StockMove.centre_id == centre_id,
            kinds,
            Lot.producer_id == producer_id,
            Lot.ownership == "consigned",
        )
    )
    if wanted.product_id is not None:
        query = query.where(Lot.product_id == wanted.product_id)
    return query


def _places(centre_id: int, kinds: tuple[str, ...]) -> Any:
    return select(Location.id).where(Location.centre_id == centre_id, Location.kind.in_(kinds))


def _entry_rows(centre_id: int, producer_id: UUID) -> Select[Any]:
    """Select what all other documents did: bought, paid, advanced, netted, borne, opened."""
    entries = sub_ledgers.producer_entries(
        centre_id, producer_id, producer_account.PARTS, without=MOVED
    ).subquery()
    nothing = literal(0, BigId)
    return select(
        entries.c.source_type,
        entries.c.source_id,
        entries.c.entry_no.label("move_no"),
        nothing.label("line_no"),
        entries.c.occurred_at.label("at"),
        entries.c.business_date,
        cast(null(), Uuid).label("product_id"),
        literal("").label("name_th"),
        literal("").label("name_en"),
        literal("").label("unit"),
        nothing.label("quantity_milli"),
        nothing.label("base_satang"),
        entries.c.amount_satang,
        cast(null(), Uuid).label("lot_id"),
        literal("").label("lot_no"),
    )


def _row(row: Any) -> AccountRow:
    return AccountRow(**{name: getattr(row, name) for name in AccountRow.__dataclass_fields__})


def _place_of(after: str | None) -> tuple[datetime, UUID, int] | None:
    """Read the place in the list where the last page ended; nonsense starts over."""
    moment, _, rest = (after or "").partition("~")
    source, _, move = rest.partition("~")
    source_id = uuid_or_none(source)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None or source_id is None or not move.isascii() or not move.isdigit():
        return None
    return at, source_id, int(move[:9])


def _behind(column: Any, place: tuple[datetime, UUID, int]) -> Any:
    at, source_id, move_no = place
    return or_(
        column.at < at,
        and_(column.at == at, column.source_id < source_id),
        and_(column.at == at, column.source_id == source_id, column.move_no < move_no),
    )
