"""What the centre sells: products, their prices, and what the counter shows of them.

What must stay true: a price only changes through `change`, which leaves a trace of who changed it
from what to what; a product that was ever sold is never deleted, only taken off sale.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.sql import Select

from accounting.services import activities
from core import audit
from core.actor import Actor
from core.db import db, sum_int
from core.documents import content_of
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound, VersionRequired
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from core.text import ascii_digits, normalise, skeleton, thai_sort_key
from inventory.models import Lot, Product, StockLevel
from members.services import access


class CodeTaken(DomainError):
    """Another product of the centre has this code or barcode."""

    code, status, title = "code-taken", 409, N_("Another product has this code")
    detail = N_("%(taken_by)s has it. Choose another code, or change that product.")


@dataclass(frozen=True, slots=True)
class ProductCard:
    """What a sale line needs to know of a product."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    unit: str
    sold_by: str
    price_satang: int
    tax_code: str
    active: bool
    category: str
    activity_id: UUID | None


@dataclass(frozen=True, slots=True)
class ShelfCard:
    """A product as the counter offers it, with what lies on its shelf."""

    id: UUID
    code: str
    barcode: str
    name_th: str
    name_en: str
    sold_by: str
    unit: str
    category: str
    picture: str
    price_satang: int
    tax_code: str
    on_hand_milli: int
    lot_nos: tuple[str, ...] = ()
    """The lots lying there, whose labels can be scanned."""


@dataclass(frozen=True, slots=True)
class ProductDoc:
    """A product whole, as its page and the API show it."""

    id: UUID
    code: str
    barcode: str
    name_th: str
    name_en: str
    category: str
    picture: str
    sold_by: str
    unit: str
    price_satang: int
    tax_code: str
    activity_id: UUID | None
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What people enter of a product; names are stored in their one spelling."""

    code: str
    name_th: str
    name_en: str
    sold_by: str
    unit: str
    price_satang: int
    barcode: str = ""
    category: str = ""
    picture: str = ""
    tax_code: str = "exempt"
    active: bool = True
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SaveProduct:
    """Make the product (`version` None) or change the version that was seen."""

    id: UUID
    facts: ProductFacts
    version: int | None = None


# --- for the counter -------------------------------------------------------------------------

_product, _level, _lot = Product.__table__, StockLevel.__table__, Lot.__table__
_COUNTED = ("on_hand_milli", "lot_nos")
"""What of a shelf card is reckoned; the rest is the product's own."""

_FOR_SALE = select(
    *(_product.c[field.name] for field in fields(ProductCard)),
).where(
    _product.c.centre_id == bindparam("centre_id"),
    _product.c.id.in_(bindparam("product_ids", expanding=True)),
)


def for_sale(centre_id: int, product_ids: Collection[UUID]) -> dict[UUID, ProductCard]:
    """Return the products of a basket by id; one statement. Unknown ids are missing."""
    rows = db.session.connection().execute(
        _FOR_SALE, {"centre_id": centre_id, "product_ids": sorted(product_ids)}
    )
    return {row.id: ProductCard(*row) for row in rows}


def shelf(centre_id: int, location_id: UUID | None = None) -> list[ShelfCard]:
    """Return what is on sale, in Thai order, with what lies at a location (or anywhere)."""
    rows = db.session.execute(
        _with_on_hand(centre_id, location_id).where(_product.c.active.is_(True))
    )
    lots = _lots_lying(centre_id, location_id)
    return [replace(ShelfCard(*row), lot_nos=tuple(lots.get(row.id, ()))) for row in rows]


def _lots_lying(centre_id: int, location_id: UUID | None) -> dict[UUID, list[str]]:
    query = (
        select(_level.c.product_id, _lot.c.lot_no)
        .join_from(
            _level,
            _lot,
            and_(_lot.c.centre_id == _level.c.centre_id, _lot.c.id == _level.c.lot_id),
        )
        .where(_level.c.centre_id == centre_id, _level.c.quantity_milli != 0)
        .order_by(_lot.c.lot_no)
        .distinct()
    )
    if location_id is not None:
        query = query.where(_level.c.location_id == location_id)
    lying: dict[UUID, list[str]] = {}
    for product_id, lot_no in db.session.execute(query):
        lying.setdefault(product_id, []).append(lot_no)
    return lying


def _with_on_hand(centre_id: int, location_id: UUID | None) -> Select[Any]:
    lying = select(_level.c.product_id, sum_int(_level.c.quantity_milli).label("on_hand")).where(
        _level.c.centre_id == centre_id, _level.c.quantity_milli != 0
    )
    if location_id is not None:
        lying = lying.where(_level.c.location_id == location_id)
    at = lying.group_by(_level.c.product_id).subquery()
    shown = [field.name for field in fields(ShelfCard) if field.name not in _COUNTED]
    return (
        select(*(_product.c[name] for name in shown), func.coalesce(at.c.on_hand, 0))
        .outerjoin_from(_product, at, at.c.product_id == _product.c.id)
        .where(_product.c.centre_id == centre_id)
        .order_by(_product.c.sort_key, _product.c.id)
    )


# --- for the office --------------------------------------------------------------------------


def get(product_id: UUID, actor: Actor) -> ProductDoc:
    """Return a product of the actor's centre; raise `NotFound`."""
    access.require(actor, "product.read")
    return get_doc(actor.centre_id, product_id)


def listing(
    actor: Actor, window: Window, *, text: str = "", on_sale_only: bool = False
) -> Page[ProductDoc]:
    """Return products in Thai order; `text` is matched forgivingly against names and codes."""
    access.require(actor, "product.read")
    query = select(Product).where(Product.centre_id == actor.centre_id)
    if text:
        query = query.where(Product.search_key.contains(skeleton(text), autoescape=True))
    if on_sale_only:
        query = query.where(Product.active.is_(True))
    last = _find(actor.centre_id, uuid_or_none(window.after))
    if last is not None:
        query = query.where(
            or_(
                Product.sort_key > last.sort_key,
                and_(Product.sort_key == last.sort_key, Product.id > last.id),
            )
        )
    ordered = query.order_by(Product.sort_key, Product.id).limit(window.limit + 1)
    page = page_of(db.session.scalars(ordered).all(), window, lambda row: str(row.id))
    return Page(tuple(_doc(row) for row in page.items), page.next)


def names(centre_id: int, product_ids: Collection[UUID]) -> dict[UUID, ProductDoc]:
    """Return products by id, on sale or not; one statement."""
    rows = db.session.scalars(
        select(Product).where(Product.centre_id == centre_id, Product.id.in_(sorted(product_ids)))
    )
    return {row.id: _doc(row) for row in rows}


def categories(centre_id: int) -> list[str]:
    """Return the categories in use, in Thai order."""
    found = db.session.scalars(
        select(Product.category)
        .where(Product.centre_id == centre_id, Product.category != "")
        .distinct()
    )
    return sorted(found, key=thai_sort_key)


def save(command: SaveProduct, actor: Actor) -> tuple[ProductDoc, bool]:
    """Make a product, or change the version of it that was seen; return it and whether it is new.

    The same facts again change nothing. Raises CodeTaken, VersionRequired, ChangedMeanwhile,
    NotFound (the activity), Forbidden (a price needs the right to change prices).
    """
    access.require(actor, "product.change")
    earlier = _find(actor.centre_id, command.id)
    facts = _spelt(command.facts)
    if facts.activity_id is not None:
        activities.card(actor.centre_id, facts.activity_id)
    if earlier is None:
        if command.version is not None:
            raise NotFound(what="product")
        _require_free(actor.centre_id, command.id, facts)
        return _create(command.id, facts, actor), True
    before, after = content_of(_doc(earlier)), content_of(facts)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if command.version is None and changed:
        raise VersionRequired
    if command.version is not None and command.version != earlier.version:
        raise ChangedMeanwhile(version=earlier.version)
    if changed:
        _require_free(actor.centre_id, command.id, facts)
        _change(earlier, facts, changed, actor)
    return get_doc(actor.centre_id, command.id), False


def get_doc(centre_id: int, product_id: UUID) -> ProductDoc:
    """Return a product for another service; raise `NotFound`."""
    row = _find(centre_id, product_id)
    if row is None:
        raise NotFound(what="product")
    return _doc(row)


def _create(product_id: UUID, facts: ProductFacts, actor: Actor) -> ProductDoc:
    db.session.execute(
        insert(Product).values(
            centre_id=actor.centre_id,
            id=product_id,
            version=1,
            **asdict(facts),
            **_keys(facts),
        )
    )
    audit.record(
        actor,
        "product.created",
        "product",
        product_id,
        code=facts.code,
        price_satang=facts.price_satang,
    )
    return get_doc(actor.centre_id, product_id)


def _change(
    earlier: Product, facts: ProductFacts, changed: dict[str, list[Any]], actor: Actor
) -> None:
    if "price_satang" in changed:
        access.require(actor, "price.change")
    found = db.session.execute(
        update(Product)
        .where(
            Product.centre_id == actor.centre_id,
            Product.id == earlier.id,
            Product.version == earlier.version,
        )
        .values(version=Product.version + 1, **asdict(facts), **_keys(facts))
        .execution_options(synchronize_session=False)
    )
    if found.rowcount == 0:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    if "price_satang" in changed:
        before, after = changed.pop("price_satang")
        audit.record(
            actor,
            "price.changed",
            "product",
            earlier.id,
            before_satang=before,
            after_satang=after,
        )
    if changed:
        audit.record(actor, "product.changed", "product", earlier.id, changed=changed)


def _spelt(facts: ProductFacts) -> ProductFacts:
    return replace(
        facts,
        code=ascii_digits(normalise(facts.code)),
        barcode=ascii_digits(normalise(facts.barcode)).replace(" ", ""),
        name_th=normalise(facts.name_th),
        name_en=normalise(facts.name_en) or normalise(facts.name_th),
        category=normalise(facts.category),
        unit=normalise(facts.unit),
    )


def _keys(facts: ProductFacts) -> dict[str, str]:
    searched = (facts.name_th, facts.name_en, facts.code, facts.barcode, facts.category)
    return {
        "sort_key": thai_sort_key(facts.name_th),
        "search_key": " ".join(skeleton(text) for text in searched if text),
    }


def _require_free(centre_id: int, product_id: UUID, facts: ProductFacts) -> None:
    same = [Product.code == facts.code]
    if facts.barcode:
        same.append(Product.barcode == facts.barcode)
    other = db.session.execute(
        select(Product.code, Product.name_th).where(
            Product.centre_id == centre_id, Product.id != product_id, or_(*same)
        )
    ).first()
    if other is not None:
        field = "code" if other.code == facts.code else "barcode"
        raise CodeTaken(field=field, taken_by=other.name_th)


def _find(centre_id: int, product_id: UUID | None) -> Product | None:
    if product_id is None:
        return None
    return db.session.scalars(
        select(Product)
        .where(Product.centre_id == centre_id, Product.id == product_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _doc(row: Product) -> ProductDoc:
    return ProductDoc(**{field.name: getattr(row, field.name) for field in fields(ProductDoc)})
