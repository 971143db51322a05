"""Lots and levels as people read them: what lies here, whose it is, and how it came and went.

What must stay true: what is shown as lying here is the level row a sale locks, and a lot's history
adds up to it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select
from sqlalchemy.sql import Select

from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import GoodsReceipt, Lot, Product, StockLevel
from inventory.services import catalogue, locations, moves
from inventory.services.catalogue import Wanted
from inventory.services.moves import MoveCard
from members.services import access, producers
from members.services.producers import ProducerCard


@dataclass(frozen=True, slots=True)
class LotCard:
    """A lot with what is left of it."""

    id: UUID
    lot_no: str
    goods_receipt_id: UUID
    receipt_no: str
    line_no: int
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    producer_id: UUID
    member_id: UUID | None
    ownership: str
    gross_milli: int
    tare_milli: int
    deduction_milli: int
    quantity_milli: int
    grade: str
    unit_cost_satang: int
    cost_satang: int
    split_basis_points: int | None
    expires_on: date | None
    received_at: datetime
    terms: dict[str, Any] | None
    """The whole terms frozen at intake; None when only the split was agreed."""
    on_hand_milli: int
    value_satang: int

    @property
    def received_on(self) -> date:
        return clock.business_date(self.received_at)


@dataclass(frozen=True, slots=True)
class LotMove:
    """A move of a lot with what lay here after it; `change` is below zero when goods left."""

    move: MoveCard
    change_milli: int
    on_hand_milli: int


@dataclass(frozen=True, slots=True)
class LotDoc:
    """A lot with its whole history, oldest first."""

    card: LotCard
    producer: ProducerCard
    moves: tuple[LotMove, ...]


@dataclass(frozen=True, slots=True)
class LevelCard:
    """What lies here of a product: ours and consigned, its book value, the next expiry."""

    product_id: UUID
    code: str
    name_th: str
    name_en: str
    unit: str
    category: str
    active: bool
    on_hand_milli: int
    own_milli: int
    consigned_milli: int
    value_satang: int
    lots: int
    next_expiry: date | None


def card(centre_id: int, lot_id: UUID) -> LotCard:
    """Return a lot for another service; raise `NotFound`."""
    row = db.session.execute(_cards(centre_id).where(Lot.id == lot_id)).one_or_none()
    if row is None:
        raise NotFound(what="lot")
    return LotCard(*row)


def get(lot_id: UUID, actor: Actor) -> LotDoc:
    """Return a lot with its history; a producer may open own lots. Raises NotFound, Forbidden."""
    found = db.session.execute(_cards(actor.centre_id).where(Lot.id == lot_id)).one_or_none()
    own = found is not None and actor.producer_id == found.producer_id
    access.require(actor, "producer_account.read" if own else "stock.read")
    if found is None:
        raise NotFound(what="lot")
    lot = LotCard(*found)
    return LotDoc(
        card=lot,
        producer=producers.get(actor.centre_id, lot.producer_id),
        moves=tuple(_history(actor.centre_id, lot.id)),
    )


def listing(
    actor: Actor,
    window: Window,
    sought: Sought = NOTHING,
    *,
    product_id: UUID | None = None,
    producer_id: UUID | None = None,
    ownership: str | None = None,
    all_lots: bool = False,
) -> Page[LotCard]:
    """Return lots, newest first; only those with something left unless `all_lots`."""
    own = producer_id is not None and actor.producer_id == producer_id
    access.require(actor, "producer_account.read" if own else "stock.read")
    texts = (Lot.lot_no, GoodsReceipt.receipt_no, Product.name_th, Product.name_en)
    query = _cards(actor.centre_id).where(*matching(sought, day=Lot.received_at, text=texts))
    if product_id is not None:
        query = query.where(Lot.product_id == product_id)
    if producer_id is not None:
        query = query.where(Lot.producer_id == producer_id)
    if ownership is not None:
        query = query.where(Lot.ownership == ownership)
    if not all_lots:
        query = query.having(func.sum(StockLevel.quantity_milli) != 0)
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(Lot.id < last)
    rows = db.session.execute(query.order_by(Lot.id.desc()).limit(window.limit + 1)).all()
    return page_of([LotCard(*row) for row in rows], window, lambda lot: str(lot.id))


def levels(actor: Actor, window: Window, *, text: str = "") -> Page[LevelCard]:
    """Return what lies here by product, in Thai order; products with nothing left too."""
    access.require(actor, "stock.read")
    page = catalogue.listing(actor, window, Wanted(text=text))
    lying = _lying(actor.centre_id, [product.id for product in page.items])
    cards = []
    for product in page.items:
        own, consigned, value, count, expiry = lying.get(product.id, (0, 0, 0, 0, None))
        cards.append(
            LevelCard(
                product_id=product.id,
                code=product.code,
                name_th=product.name_th,
                name_en=product.name_en,
                unit=product.unit,
                category=product.category,
                active=product.active,
                on_hand_milli=own + consigned,
                own_milli=own,
                consigned_milli=consigned,
                value_satang=value,
                lots=count,
                next_expiry=expiry,
            )
        )
    return Page(tuple(cards), page.next)


def _lying(
    centre_id: int, product_ids: Collection[UUID]
) -> dict[UUID, tuple[int, int, int, int, date | None]]:
    quantity: Any = StockLevel.quantity_milli
    rows = db.session.execute(
        select(
            StockLevel.product_id,
            sum_int(case((Lot.ownership == "own", quantity), else_=0)),
            sum_int(case((Lot.ownership == "consigned", quantity), else_=0)),
            sum_int(StockLevel.value_satang),
            func.count(Lot.id.distinct()),
            func.min(case((quantity > 0, Lot.expires_on))),
        )
        .join(Lot, and_(Lot.centre_id == StockLevel.centre_id, Lot.id == StockLevel.lot_id))
        .where(
            StockLevel.centre_id == centre_id,
            StockLevel.product_id.in_(sorted(product_ids)),
            quantity != 0,
        )
        .group_by(StockLevel.product_id)
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _history(centre_id: int, lot_id: UUID) -> Sequence[LotMove]:
    ours = {place.id for place in locations.listing(centre_id) if place.kind in locations.OURS}
    on_hand = 0
    history = []
    for move in moves.of_lots(centre_id, [lot_id]):
        change = move.quantity_milli * (
            (move.to_location_id in ours) - (move.from_location_id in ours)
        )
        on_hand += change
        history.append(LotMove(move, change, on_hand))
    return history


def _cards(centre_id: int) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Lot.id,
        Lot.lot_no,
        Lot.goods_receipt_id,
        GoodsReceipt.receipt_no,
        Lot.line_no,
        Lot.product_id,
        Product.name_th,
        Product.name_en,
        Product.unit,
        Lot.producer_id,
        Lot.member_id,
        Lot.ownership,
        Lot.gross_milli,
        Lot.tare_milli,
        Lot.deduction_milli,
        Lot.quantity_milli,
        Lot.grade,
        Lot.unit_cost_satang,
        Lot.cost_satang,
        Lot.split_basis_points,
        Lot.expires_on,
        Lot.received_at,
    )
    return (
        select(
            *columns,
            Lot.terms,  # JSON can't be grouped by; the lot's key says which it is
            sum_int(StockLevel.quantity_milli),
            sum_int(StockLevel.value_satang),
        )
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .join(
            GoodsReceipt,
            and_(
                GoodsReceipt.centre_id == Lot.centre_id,
                GoodsReceipt.id == Lot.goods_receipt_id,
            ),
        )
        .join(
            StockLevel,
            and_(StockLevel.centre_id == Lot.centre_id, StockLevel.lot_id == Lot.id),
        )
        .where(Lot.centre_id == centre_id)
        .group_by(Lot.centre_id, *columns)
    )
