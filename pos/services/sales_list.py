"""Sales as a list that can be narrowed: to days, a cashier, a till, a way of paying, a product.

What must stay true: newest first by business day, walked along its index; a page costs no more for
the days that lie behind it. Whose and what is asked of each sale by its key: where the newest days
do not fill the page, the kept figures of the days tell which other days can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, exists, extract, literal, select, tuple_

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from members.services import access
from pos.models import Payment, Sale, SaleLine, Till
from pos.rules.day_figures import CASHIER, HOUR, PRODUCT, TENDER, TILL, Days
from pos.services.day_figures import reading, standing
from pos.services.day_figures.documents import HOURS_EAST
from pos.services.receipts import SaleSummary

SURELY_READ = 2
"""So many days are looked through before the kept figures are asked."""


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
    )
    last = wanted.last
    if window.after is not None:
        day, key = _behind(window.after)
        query = query.where(
            tuple_(Sale.business_date, Sale.id) < tuple_(literal(day, Date), literal(key, Uuid))
        )
        last = day if last is None else min(day, last)
    found: list[Any] = []
    for some in _stretches(actor.centre_id, wanted, last):
        found += db.session.execute(query.where(*some).limit(window.limit + 1 - len(found)))
        if len(found) > window.limit:
            break
    rows = [SaleSummary(*(*row[:-1], tuple(row[-1]))) for row in found]
    return page_of(rows, window, key=lambda one: f"{one.business_date.isoformat()}~{one.id}")


def _stretches(centre_id: int, wanted: Wanted, last: date | None) -> Iterator[list[Any]]:
    """Yield stretches of days to look through, newest first, as conditions."""
    keys = {
        **({TENDER: wanted.method} if wanted.method is not None else {}),
        **({PRODUCT: wanted.product.hex} if wanted.product is not None else {}),
        **({CASHIER: wanted.cashier.hex} if wanted.cashier is not None else {}),
        **({TILL: wanted.till.hex} if wanted.till is not None else {}),
        **({HOUR: f"{wanted.hour:02d}"} if wanted.hour is not None else {}),
    }
    until = [] if last is None else [Sale.business_date <= last]
    if not keys:
        yield until if wanted.first is None else [Sale.business_date >= wanted.first, *until]
        return
    before = (last or clock.today()) - timedelta(days=SURELY_READ)
    # One lower bound: of two SQLite walks the index to the one that is given first.
    newest = before + timedelta(days=1)
    yield [Sale.business_date >= max(newest, wanted.first or newest), *until]
    first = wanted.first or standing.first_day(centre_id)
    if first is None or first > before:
        return
    days = reading.days_with(centre_id, Days(first, before), keys)
    start, size = 0, 1
    while start < len(days):
        some = days[start : start + size]
        yield [Sale.business_date.between(some[-1], some[0]), Sale.business_date.in_(some)]
        start, size = start + size, size * 2


def _behind(token: str) -> tuple[date, UUID]:
    day, _, identity = token.partition("~")
    key = uuid_or_none(identity)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound(what="page") from None
    if key is None:
        raise NotFound(what="page")
    return on, key


def _narrowed(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
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
