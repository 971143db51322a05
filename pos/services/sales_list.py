"""Sales as a list that can be narrowed: to days, a cashier, a till, a way of paying, a product.

What must stay true: newest first by business day, walked along its index; a page costs no more for
the days that lie behind it. A product or a way of paying is asked of each sale by its key, so a
list narrowed to something rare reads the sales of the days asked for: those are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, exists, extract, literal, select, tuple_

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from members.services import access
from pos.models import Payment, Sale, SaleLine, Till
from pos.services.day_figures.documents import HOURS_EAST
from pos.services.receipts import SaleSummary


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of sales is narrowed to; nothing: all."""

    first: date | None = None
    last: date | None = None
    cashier: UUID | None = None
    till: UUID | None = None
    method: str | None = None
    product: UUID | None = None
    hour: int | None = None


_COLUMNS = (
    *(Sale.id, Sale.receipt_no, Till.code, Sale.occurred_at, Sale.business_date),
    *(Sale.cashier_name, Sale.due_satang, Sale.flags),
)


def listing(actor: Actor, window: Window, wanted: Wanted) -> Page[SaleSummary]:
    """Return sales, newest first. Raises Forbidden, NotFound for a page there can't be."""
    access.require(actor, "sale.read")
    query = (
        select(*_COLUMNS)
        .join(Till, (Till.centre_id == Sale.centre_id) & (Till.id == Sale.till_id))
        .where(Sale.centre_id == actor.centre_id, *_narrowed(wanted))
        .order_by(Sale.business_date.desc(), Sale.id.desc())
        .limit(window.limit + 1)
    )
    if window.after is not None:
        query = query.where(tuple_(Sale.business_date, Sale.id) < _behind(window.after))
    rows = [SaleSummary(*row[:-1], tuple(row[-1])) for row in db.session.execute(query)]
    return page_of(rows, window, key=lambda one: f"{one.business_date.isoformat()}~{one.id}")


def _behind(token: str) -> Any:
    day, _, identity = token.partition("~")
    key = uuid_or_none(identity)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound(what="page") from None
    if key is None:
        raise NotFound(what="page")
    return tuple_(literal(on, Date), literal(key, Uuid))


def _narrowed(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.first is not None:
        found.append(Sale.business_date >= wanted.first)
    if wanted.last is not None:
        found.append(Sale.business_date <= wanted.last)
    if wanted.cashier is not None:
        found.append(Sale.cashier_id == wanted.cashier)
    if wanted.till is not None:
        found.append(Sale.till_id == wanted.till)
    if wanted.hour is not None:
        found.append(extract("hour", Sale.occurred_at) == (wanted.hour - HOURS_EAST) % 24)
    for table, column, value in (
        (Payment, Payment.method, wanted.method),
        (SaleLine, SaleLine.product_id, wanted.product),
    ):
        if value is not None:
            of_sale: Any = table
            found.append(
                exists().where(
                    of_sale.centre_id == Sale.centre_id, of_sale.sale_id == Sale.id, column == value
                )
            )
    return found
