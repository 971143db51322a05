"""What a producer may see: what was sold, what is left, what is owed, each with its documents.

What must stay true: a producer sees own rows only, whatever is asked for; what is owed is the
books' figure, and the documents listed under it add up to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.sql import Select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import BigId, Uuid, db, sum_int
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from inventory.models import (
    GoodsReceipt,
    GoodsReceiptCancellation,
    Lot,
    Product,
    StockLevel,
    StockMove,
)
from members.services import access, producers
from members.services.producers import ProducerCard

RECENT = timedelta(days=29)
"""Today and the 29 days before it: 30 days."""

SOLD = ("sale", "refund")


@dataclass(frozen=True, slots=True)
class SoldCard:
    """What was sold of a product, refunds taken off: how much, at what price, whose part."""

    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    base_satang: int
    share_satang: int


@dataclass(frozen=True, slots=True)
class LeftCard:
    """What is left of a producer's consigned goods of a product."""

    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    quantity_milli: int
    next_expiry: date | None


@dataclass(frozen=True, slots=True)
class ProducerAccount:
    """A producer's account on one page; money in satang."""

    producer: ProducerCard
    owed_satang: int
    owed_consignment_satang: int
    owed_outright_satang: int
    today: tuple[SoldCard, ...]
    today_date: date
    recent: tuple[SoldCard, ...]
    recent_since: date
    left: tuple[LeftCard, ...]

    @property
    def today_share_satang(self) -> int:
        return sum(card.share_satang for card in self.today)

    @property
    def recent_share_satang(self) -> int:
        return sum(card.share_satang for card in self.recent)


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
class OwedCard:
    """What is owed to one producer."""

    producer: ProducerCard
    consignment_satang: int
    outright_satang: int

    @property
    def owed_satang(self) -> int:
        return self.consignment_satang + self.outright_satang


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of an account: of sales only, of a product, of some days, of one document."""

    sold_only: bool = False
    product_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    source_type: str | None = None
    source_id: UUID | None = None


def of(actor: Actor, producer_id: UUID | None = None) -> ProducerAccount:
    """Return a producer's account; without an id the signed-in producer's own.

    Raises Forbidden for another's without the right to read producers, NotFound.
    """
    producer = _whose(actor, producer_id)
    today = clock.today()
    consignment = -ledger.balance(
        actor.centre_id, Purpose.CONSIGNMENT_PAYABLE, producer_id=producer.id
    )
    outright = -ledger.balance(actor.centre_id, Purpose.PAYABLE_OUTRIGHT, producer_id=producer.id)
    return ProducerAccount(
        producer=producer,
        owed_satang=consignment + outright,
        owed_consignment_satang=consignment,
        owed_outright_satang=outright,
        today=tuple(_sold(actor.centre_id, producer.id, today)),
        today_date=today,
        recent=tuple(_sold(actor.centre_id, producer.id, today - RECENT)),
        recent_since=today - RECENT,
        left=tuple(_left(actor.centre_id, producer.id)),
    )


def owed(actor: Actor) -> list[OwedCard]:
    """Return what is owed to each producer by the books, largest first; raise `Forbidden`."""
    access.require(actor, "producer.read")
    consignment = ledger.sub_ledger(actor.centre_id, Purpose.CONSIGNMENT_PAYABLE, "producer")
    outright = ledger.sub_ledger(actor.centre_id, Purpose.PAYABLE_OUTRIGHT, "producer")
    cards = [
        OwedCard(producer, -consignment.get(producer_id, 0), -outright.get(producer_id, 0))
        for producer_id, producer in producers.names(
            actor.centre_id, {*consignment, *outright}
        ).items()
    ]
    return sorted(
        (card for card in cards if card.consignment_satang or card.outright_satang),
        key=lambda card: (-card.owed_satang, card.producer.producer_no),
    )


def rows(
    actor: Actor, window: Window, wanted: Wanted, producer_id: UUID | None = None
) -> Page[AccountRow]:
    """Return the documents behind an account, newest first.

    Raises Forbidden for another's without the right to read producers, NotFound.
    """
    producer = _whose(actor, producer_id)
    parts = [_move_rows(actor.centre_id, producer.id, wanted)]
    if not wanted.sold_only and wanted.product_id is None:
        parts += _bought_rows(actor.centre_id, producer.id)
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


def _whose(actor: Actor, producer_id: UUID | None) -> ProducerCard:
    wanted = producer_id or actor.producer_id
    own = wanted is not None and wanted == actor.producer_id
    access.require(actor, "producer_account.read" if own else "producer.read")
    if wanted is None:
        raise NotFound(what="producer")
    return producers.get(actor.centre_id, wanted)


# --- sold and left ---------------------------------------------------------------------------

_sign = case((StockMove.original_id.is_not(None), -1), else_=1)


def _sold(centre_id: int, producer_id: UUID, since: date) -> Sequence[SoldCard]:
    found = db.session.execute(
        select(
            Product.id,
            Product.name_th,
            Product.name_en,
            Product.unit,
            sum_int(_sign * StockMove.quantity_milli),
            sum_int(_sign * StockMove.base_satang),
            sum_int(_sign * StockMove.share_satang),
        )
        .select_from(StockMove)
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            StockMove.centre_id == centre_id,
            StockMove.source_type.in_(SOLD),
            StockMove.business_date >= since,
            Lot.producer_id == producer_id,
            Lot.ownership == "consigned",
        )
        .group_by(Product.id, Product.name_th, Product.name_en, Product.unit, Product.sort_key)
        .order_by(Product.sort_key, Product.id)
    )
    return [SoldCard(*row) for row in found]


def _left(centre_id: int, producer_id: UUID) -> Sequence[LeftCard]:
    found = db.session.execute(
        select(
            Product.id,
            Product.name_th,
            Product.name_en,
            Product.unit,
            sum_int(StockLevel.quantity_milli),
            func.min(case((StockLevel.quantity_milli > 0, Lot.expires_on))),
        )
        .select_from(Lot)
        .join(StockLevel, and_(StockLevel.centre_id == Lot.centre_id, StockLevel.lot_id == Lot.id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            Lot.centre_id == centre_id,
            Lot.producer_id == producer_id,
            Lot.ownership == "consigned",
            StockLevel.quantity_milli != 0,
        )
        .group_by(Product.id, Product.name_th, Product.name_en, Product.unit, Product.sort_key)
        .order_by(Product.sort_key, Product.id)
    )
    return [LeftCard(*row) for row in found]


# --- the documents ---------------------------------------------------------------------------


def _move_rows(centre_id: int, producer_id: UUID, wanted: Wanted) -> Select[Any]:
    kinds = SOLD if wanted.sold_only else (*SOLD, "waste")
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
            (_sign * StockMove.quantity_milli).label("quantity_milli"),
            (_sign * StockMove.base_satang).label("base_satang"),
            (_sign * StockMove.share_satang).label("amount_satang"),
            Lot.id.label("lot_id"),
            Lot.lot_no.label("lot_no"),
        )
        .join(Lot, and_(Lot.centre_id == StockMove.centre_id, Lot.id == StockMove.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(
            StockMove.centre_id == centre_id,
            StockMove.source_type.in_(kinds),
            Lot.producer_id == producer_id,
            Lot.ownership == "consigned",
        )
    )
    if wanted.product_id is not None:
        query = query.where(Lot.product_id == wanted.product_id)
    return query


def _bought_rows(centre_id: int, producer_id: UUID) -> list[Select[Any]]:
    """Select what was bought and not paid at once, and such purchases cancelled."""
    owed = (
        GoodsReceipt.centre_id == centre_id,
        GoodsReceipt.producer_id == producer_id,
        GoodsReceipt.kind == "outright",
        GoodsReceipt.paid == "payable",
    )
    bought = select(
        *_document_columns("goods_receipt", GoodsReceipt, GoodsReceipt.cost_satang)
    ).where(*owed)
    undone = (
        select(
            *_document_columns(
                "goods_receipt_cancellation", GoodsReceiptCancellation, -GoodsReceipt.cost_satang
            )
        )
        .join(
            GoodsReceipt,
            and_(
                GoodsReceipt.centre_id == GoodsReceiptCancellation.centre_id,
                GoodsReceipt.id == GoodsReceiptCancellation.goods_receipt_id,
            ),
        )
        .where(*owed)
    )
    return [bought, undone]


def _document_columns(source_type: str, table: Any, amount: Any) -> list[Any]:
    nothing = literal(0, BigId)
    return [
        literal(source_type).label("source_type"),
        table.id.label("source_id"),
        nothing.label("move_no"),
        nothing.label("line_no"),
        table.recorded_at.label("at"),
        table.business_date.label("business_date"),
        cast(null(), Uuid).label("product_id"),
        literal("").label("name_th"),
        literal("").label("name_en"),
        literal("").label("unit"),
        nothing.label("quantity_milli"),
        nothing.label("base_satang"),
        amount.label("amount_satang"),
        cast(null(), Uuid).label("lot_id"),
        literal("").label("lot_no"),
    ]


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
