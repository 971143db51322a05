"""The documents by which unsold goods left: given back, bought, or given away. Read only.

What must stay true: what is shown is what was recorded; the three kinds read alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import Donation, Lot, LotConversion, ProducerReturn, Product
from inventory.services.lots import LotCard
from members.services import access, finding, producers, users
from members.services.producers import ProducerCard

TABLES: dict[str, Any] = {
    "producer_return": ProducerReturn,
    "lot_conversion": LotConversion,
    "donation": Donation,
}
"""Source type → its table."""
NUMBERS: dict[str, Any] = {
    "producer_return": ProducerReturn.return_no,
    "lot_conversion": LotConversion.conversion_no,
    "donation": Donation.donation_no,
}


class NotConsigned(DomainError):
    """Only a producer's own goods can go back to him or be bought from him."""

    code, status, title = "not-consigned", 409, N_("These goods belong to the centre")
    detail = N_(
        "Only consigned goods go back to their producer or are bought. Donate or write off."
    )


@dataclass(frozen=True, slots=True)
class DecidedDoc:
    """A document of unsold goods; what its kind does not have is empty, zero or None."""

    source_type: str
    id: UUID
    number: str
    lot_id: UUID
    lot_no: str
    name_th: str
    name_en: str
    unit: str
    producer: ProducerCard
    ownership: str
    quantity_milli: int
    reason: str
    business_date: date
    recorded_at: datetime
    recorded_by: str
    recipient: str
    bearer: str
    fund_id: UUID | None
    charge_satang: int
    unit_cost_satang: int
    cost_satang: int
    goods_receipt_id: UUID | None
    new_lot_id: UUID | None


def require_consigned(lot: LotCard) -> None:
    """Refuse goods that are ours: `NotConsigned`."""
    if lot.ownership != "consigned":
        raise NotConsigned


def content_of_earlier(centre_id: int, source_type: str, document_id: UUID) -> Any:
    """Return the command a document was recorded by, if there is one under this id."""
    table = TABLES[source_type]
    return db.session.scalar(
        select(table.content).where(table.centre_id == centre_id, table.id == document_id)
    )


def get(source_type: str, document_id: UUID, actor: Actor) -> DecidedDoc:
    """Return a document of the actor's centre; raise NotFound, Forbidden."""
    access.require(actor, "unsold.read")
    table = TABLES[source_type]
    rows = db.session.execute(_select(actor.centre_id, table).where(table.id == document_id)).all()
    if not rows:
        raise NotFound(what=source_type)
    return _docs(actor.centre_id, source_type, rows)[0]


def listing(
    source_type: str, actor: Actor, window: Window, sought: Sought = NOTHING
) -> Page[DecidedDoc]:
    """Return documents of one kind, newest first."""
    access.require(actor, "unsold.read")
    table = TABLES[source_type]
    named = finding.of_producer(actor.centre_id, Lot.producer_id)
    texts = (NUMBERS[source_type], Product.name_th, Product.name_en, Lot.lot_no, named)
    query = _select(actor.centre_id, table).where(
        *matching(sought, day=table.business_date, text=texts)
    )
    last = uuid_or_none(window.after)
    if last is not None:
        query = query.where(table.id < last)
    rows = db.session.execute(query.order_by(table.id.desc()).limit(window.limit + 1)).all()
    return page_of(_docs(actor.centre_id, source_type, rows), window, lambda doc: str(doc.id))


def _select(centre_id: int, table: Any) -> Any:
    return (
        select(table, Lot, Product)
        .join(Lot, and_(Lot.centre_id == table.centre_id, Lot.id == table.lot_id))
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(table.centre_id == centre_id)
    )


def _docs(centre_id: int, source_type: str, rows: Sequence[Any]) -> list[DecidedDoc]:
    whose = producers.names(centre_id, {row.Lot.producer_id for row in rows})
    people = users.names({row[0].recorded_by for row in rows if row[0].recorded_by})
    return [
        DecidedDoc(
            source_type=source_type,
            id=row[0].id,
            number=getattr(row[0], NUMBERS[source_type].key),
            lot_id=row.Lot.id,
            lot_no=row.Lot.lot_no,
            name_th=row.Product.name_th,
            name_en=row.Product.name_en,
            unit=row.Product.unit,
            producer=whose[row.Lot.producer_id],
            ownership=row.Lot.ownership,
            quantity_milli=row[0].quantity_milli,
            reason=row[0].reason,
            business_date=row[0].business_date,
            recorded_at=row[0].recorded_at,
            recorded_by=people.get(row[0].recorded_by, ""),
            recipient=getattr(row[0], "recipient", ""),
            bearer=getattr(row[0], "bearer", ""),
            fund_id=getattr(row[0], "fund_id", None),
            charge_satang=getattr(row[0], "charge_satang", 0),
            unit_cost_satang=getattr(row[0], "unit_cost_satang", 0),
            cost_satang=getattr(row[0], "cost_satang", 0),
            goods_receipt_id=getattr(row[0], "goods_receipt_id", None),
            new_lot_id=getattr(row[0], "new_lot_id", None),
        )
        for row in rows
    ]
