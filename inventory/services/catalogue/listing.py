"""The list of products: in Thai order, searched forgivingly, narrowed by what one looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.sql import Select

from core import clock
from core.actor import Actor
from core.db import db
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.text import skeleton
from inventory.models import Product, ProductLicence
from inventory.services.catalogue import products
from inventory.services.catalogue.products import ProductDoc
from members.services import access
from members.services.finding import position

LICENCE_WARNED_DAYS = 60
"""Days before its last day that a licence is warned of: renewing one takes weeks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products of the list; all when nothing is said."""

    text: str = ""
    category: str = ""
    """A category's key."""
    active: bool | None = None
    without_price: bool = False
    licence_expiring: bool = False
    """With a licence that has run out or soon will."""


def listing(actor: Actor, window: Window, wanted: Wanted | None = None) -> Page[ProductDoc]:
    """Return products in Thai order; `text` is matched forgivingly against names and codes."""
    access.require(actor, "product.read")
    query = _narrowed(actor, wanted or Wanted())  # of ids: a search reads its index alone
    last = products.find(actor.centre_id, uuid_or_none(window.after))
    if last is not None:
        query = query.where(
            or_(
                Product.sort_key > last.sort_key,
                and_(Product.sort_key == last.sort_key, Product.id > last.id),
            )
        )
    ordered = query.order_by(Product.sort_key, Product.id).limit(window.limit + 1)
    page = page_of(db.session.scalars(ordered).all(), window, str)
    rows = {
        row.id: row
        for row in db.session.scalars(
            # Not in order: a database would walk the whole list for it instead of fifty keys.
            select(Product).where(Product.centre_id == actor.centre_id, Product.id.in_(page.items))
        )
    }
    found = [rows[one] for one in page.items if one in rows]
    return Page(tuple(products.docs(actor.centre_id, found)), page.next)


def _narrowed(actor: Actor, wanted: Wanted) -> Select[Any]:
    query = select(Product.id).where(Product.centre_id == actor.centre_id)
    if wanted.text:
        query = query.where(position(Product.search_key, skeleton(wanted.text)) > 0)
    if wanted.category:
        query = query.where(Product.category == wanted.category)
    if wanted.active is not None:
        query = query.where(Product.active.is_(wanted.active))
    if wanted.without_price:
        query = query.where(Product.price_satang == 0)
    if wanted.licence_expiring:
        until = clock.today() + timedelta(days=LICENCE_WARNED_DAYS)
        query = query.where(
            select(ProductLicence.id)
            .where(
                ProductLicence.centre_id == actor.centre_id,
                ProductLicence.product_id == Product.id,
                ProductLicence.active,
                ProductLicence.expires_on <= until,
            )
            .exists()
        )
    return query
