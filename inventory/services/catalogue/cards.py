"""What the counter knows of a product: its price, its other units, prices for many, what to scan.

What must stay true: a basket is read with one statement and a shelf with a few, however many lines
or goods there are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql import Select

from core import clock
from core.db import Uuid, db, sum_int
from inventory.models import (
    Lot,
    PriceTier,
    Product,
    ProductBarcode,
    ProductCategory,
    ProductLicence,
    ProductPicture,
    ProductUnit,
    StockLevel,
)


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A selling unit beside the product's own: one is `factor_milli` of the base unit."""

    id: UUID
    label: str
    factor_milli: int
    price_satang: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class TierCard:
    """`count` whole units (None: the product's own) together for a price; perhaps for members."""

    id: UUID
    unit_id: UUID | None
    members_only: bool
    count: int
    price_satang: int


@dataclass(frozen=True, slots=True)
class BarcodeCard:
    """A code to scan, and the unit it means (None: the product's own)."""

    barcode: str
    unit_id: UUID | None


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
    units: tuple[UnitCard, ...] = ()
    """Those no longer sold too, for a sale that comes late."""
    tiers: tuple[TierCard, ...] = ()
    """Those in use."""


@dataclass(frozen=True, slots=True)
class ShelfCard:
    """A product as the counter offers it, with what lies on its shelf."""

    id: UUID
    code: str
    name_th: str
    name_en: str
    sold_by: str
    unit: str
    category: str
    """The key that terms and promotions name; people are shown `category_th` and `category_en`."""
    picture: str
    price_satang: int
    tax_code: str
    category_th: str
    category_en: str
    category_place: int
    picture_digest: str
    """Names the version of the picture, '' when there is none."""
    on_hand_milli: int
    units: tuple[UnitCard, ...] = ()
    tiers: tuple[TierCard, ...] = ()
    barcodes: tuple[BarcodeCard, ...] = ()
    lot_nos: tuple[str, ...] = ()
    """The lots lying there, whose labels can be scanned."""
    licence_run_out: bool = False
    """Whether a licence in use has run out; whoever sells it is told, and may sell."""


_product, _level, _lot = Product.__table__, StockLevel.__table__, Lot.__table__
_unit, _tier = ProductUnit.__table__, PriceTier.__table__
_barcode, _picture = ProductBarcode.__table__, ProductPicture.__table__
_category = ProductCategory.__table__
_OWN = [field.name for field in fields(ProductCard) if field.name not in ("units", "tiers")]
_ON_SHELF = (
    *("id", "code", "name_th", "name_en", "sold_by", "unit", "category", "picture"),
    *("price_satang", "tax_code"),
)
_ids: BindParameter[Any] = bindparam("product_ids", expanding=True)


def _for_sale() -> Select[Any]:
    """Each product once per unit and tier it has (and once when it has none)."""
    more = union_all(
        select(
            *(_unit.c.product_id, _unit.c.id, _unit.c.price_satang, _unit.c.active, _unit.c.label),
            *(_unit.c.factor_milli, _unit.c.position.label("place")),
            cast(null(), Uuid).label("unit_id"),
            false().label("members_only"),
        ).where(_unit.c.centre_id == bindparam("centre_id"), _unit.c.product_id.in_(_ids)),
        select(
            *(_tier.c.product_id, _tier.c.id, _tier.c.price_satang, _tier.c.active, literal("")),
            *(literal(0), _tier.c["count"], _tier.c.unit_id, _tier.c.members_only),
        ).where(
            _tier.c.centre_id == bindparam("centre_id"),
            _tier.c.product_id.in_(_ids),
            _tier.c.active,
        ),
    ).subquery()
    return (
        select(
            *(_product.c[name] for name in _OWN),
            *(more.c.id.label("more_id"), more.c.price_satang.label("more_price")),
            *(more.c.active.label("more_active"), more.c.label, more.c.factor_milli),
            *(more.c.place, more.c.unit_id, more.c.members_only),
        )
        .outerjoin_from(_product, more, more.c.product_id == _product.c.id)
        .where(_product.c.centre_id == bindparam("centre_id"), _product.c.id.in_(_ids))
        .order_by(_product.c.id, more.c.place, more.c.id)
    )


_FOR_SALE = _for_sale()


def for_sale(centre_id: int, product_ids: Collection[UUID]) -> dict[UUID, ProductCard]:
    """Return the products of a basket by id; one statement. Unknown ids are missing."""
    rows = db.session.connection().execute(
        _FOR_SALE, {"centre_id": centre_id, "product_ids": sorted(product_ids)}
    )
    found: dict[UUID, ProductCard] = {}
    units: dict[UUID, list[UnitCard]] = {}
    tiers: dict[UUID, list[TierCard]] = {}
    for row in rows:
        if row.id not in found:
            found[row.id] = ProductCard(*row[: len(_OWN)])
        if row.more_id is None:
            continue
        if row.label:
            units.setdefault(row.id, []).append(
                UnitCard(row.more_id, row.label, row.factor_milli, row.more_price, row.more_active)
            )
        else:
            tiers.setdefault(row.id, []).append(
                TierCard(row.more_id, row.unit_id, row.members_only, row.place, row.more_price)
            )
    for product_id in units.keys() | tiers.keys():
        found[product_id] = replace(
            found[product_id],
            units=tuple(units.get(product_id, ())),
            tiers=tuple(tiers.get(product_id, ())),
        )
    return found


def shelf(centre_id: int, location_id: UUID | None = None) -> list[ShelfCard]:
    """Return what is on sale, in Thai order, with what lies at a location (or anywhere)."""
    rows = db.session.execute(_with_on_hand(centre_id, location_id).where(_product.c.active))
    lots = _lots_lying(centre_id, location_id)
    units, tiers = _units(centre_id), _tiers(centre_id)
    barcodes = _barcodes(centre_id)
    more = (units, tiers, barcodes, lots)
    run_out = _licences_run_out(centre_id)
    return [
        ShelfCard(*(*row, *(tuple(each.get(row.id, ())) for each in more), row.id in run_out))
        for row in rows
    ]


def _units(centre_id: int) -> dict[UUID, list[UnitCard]]:
    found: dict[UUID, list[UnitCard]] = {}
    columns = (_unit.c.id, _unit.c.label, _unit.c.factor_milli, _unit.c.price_satang)
    for row in db.session.execute(
        select(_unit.c.product_id, *columns)
        .where(_unit.c.centre_id == centre_id, _unit.c.active)
        .order_by(_unit.c.position, _unit.c.id)
    ):
        found.setdefault(row.product_id, []).append(UnitCard(*row[1:]))
    return found


def _tiers(centre_id: int) -> dict[UUID, list[TierCard]]:
    """Those of units on sale: the counter offers no other."""
    found: dict[UUID, list[TierCard]] = {}
    of_unit = and_(_unit.c.centre_id == _tier.c.centre_id, _unit.c.id == _tier.c.unit_id)
    columns = (_tier.c.id, _tier.c.unit_id, _tier.c.members_only, _tier.c["count"])
    for row in db.session.execute(
        select(_tier.c.product_id, *columns, _tier.c.price_satang)
        .outerjoin_from(_tier, _unit, of_unit)
        .where(
            _tier.c.centre_id == centre_id,
            _tier.c.active,
            or_(_tier.c.unit_id.is_(None), _unit.c.active),
        )
        .order_by(_tier.c["count"], _tier.c.id)
    ):
        found.setdefault(row.product_id, []).append(TierCard(*row[1:]))
    return found


def _barcodes(centre_id: int) -> dict[UUID, list[BarcodeCard]]:
    found: dict[UUID, list[BarcodeCard]] = {}
    for row in db.session.execute(
        select(_barcode.c.product_id, _barcode.c.barcode, _barcode.c.unit_id)
        .where(_barcode.c.centre_id == centre_id)
        .order_by(_barcode.c.barcode)
    ):
        found.setdefault(row.product_id, []).append(BarcodeCard(row.barcode, row.unit_id))
    return found


def _licences_run_out(centre_id: int) -> set[UUID]:
    found = select(ProductLicence.product_id).where(
        ProductLicence.centre_id == centre_id,
        ProductLicence.active,
        ProductLicence.expires_on < clock.today(),
    )
    return set(db.session.scalars(found))


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
    named = and_(_category.c.centre_id == centre_id, _category.c.key == _product.c.category)
    drawn = and_(_picture.c.centre_id == centre_id, _picture.c.product_id == _product.c.id)
    return (
        select(
            *(_product.c[name] for name in _ON_SHELF),
            func.coalesce(_category.c.name_th, _product.c.category),
            func.coalesce(_category.c.name_en, _product.c.category),
            func.coalesce(_category.c.position, 0),
            func.coalesce(_picture.c.digest, ""),
            func.coalesce(at.c.on_hand, 0),
        )
        .outerjoin_from(_product, at, at.c.product_id == _product.c.id)
        .outerjoin(_category, named)
        .outerjoin(_picture, drawn)
        .where(_product.c.centre_id == centre_id)
        .order_by(_product.c.sort_key, _product.c.id)
    )
