"""The whole catalogue as the table of products has it: read in a few statements.

What must stay true: values are those a file says, so that comparing is telling what would change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.db import db
from inventory.models import PriceTier, Product, ProductBarcode, ProductUnit
from inventory.rules.products_table import Tier
from inventory.services.catalogue import categories

Owner = tuple[UUID, UUID | None]
"""A product, and which of its units (None: its own)."""


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """Another unit of a product."""

    id: UUID
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product with its other units by their labels."""

    id: UUID
    values: Mapping[str, Any]
    units: dict[str, KnownUnit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products by code, and what each barcode means: product, unit, the product's name."""

    products: Mapping[str, KnownProduct]
    scanned: Mapping[str, tuple[UUID, UUID | None, str]]


def catalogue_of(centre_id: int) -> Catalogue:
    """Return everything a centre sells or sold."""
    codes: dict[Owner, list[str]] = {}
    for product_id, unit_id, barcode in db.session.execute(
        select(ProductBarcode.product_id, ProductBarcode.unit_id, ProductBarcode.barcode)
        .where(ProductBarcode.centre_id == centre_id)
        .order_by(ProductBarcode.barcode)
    ):
        codes.setdefault((product_id, unit_id), []).append(barcode)
    tiers = _tiers(centre_id)
    products = _products(centre_id, codes, tiers)
    by_id = {one.id: one for one in products.values()}
    _add_units(centre_id, by_id, codes, tiers)
    scanned = {
        barcode: (*owner, by_id[owner[0]].values["name_th"])
        for owner, some in codes.items()
        for barcode in some
    }
    return Catalogue(products, scanned)


def _products(
    centre_id: int, codes: Mapping[Owner, list[str]], tiers: Mapping[Owner, list[Tier]]
) -> dict[str, KnownProduct]:
    named = categories.names(centre_id)
    found: dict[str, KnownProduct] = {}
    for row in db.session.execute(
        select(
            Product.id,
            Product.code,
            Product.name_th,
            Product.name_en,
            Product.category,
            Product.sold_by,
            Product.unit,
            Product.price_satang.label("price"),
            Product.tax_code,
            Product.picture,
            Product.active,
        ).where(Product.centre_id == centre_id)
    ).mappings():
        values: dict[str, Any] = dict(row)
        product_id = values.pop("id")
        values["category"] = named.get(values["category"], (values["category"],))[0]
        values["active"] = "yes" if values["active"] else "no"
        values["barcodes"] = tuple(codes.get((product_id, None), ()))
        values["tiers"] = tuple(sorted(tiers.get((product_id, None), ())))
        found[values.pop("code")] = KnownProduct(product_id, values)
    return found


def _add_units(
    centre_id: int,
    by_id: Mapping[UUID, KnownProduct],
    codes: Mapping[Owner, list[str]],
    tiers: Mapping[Owner, list[Tier]],
) -> None:
    for row in db.session.execute(
        select(
            ProductUnit.id,
            ProductUnit.product_id,
            ProductUnit.label,
            ProductUnit.factor_milli,
            ProductUnit.price_satang,
            ProductUnit.active,
        )
        .where(ProductUnit.centre_id == centre_id)
        .order_by(ProductUnit.product_id, ProductUnit.position, ProductUnit.id)
    ):
        owner = (row.product_id, row.id)
        by_id[row.product_id].units[row.label] = KnownUnit(
            row.id,
            {
                "unit": row.label,
                "factor": row.factor_milli,
                "price": row.price_satang,
                "active": "yes" if row.active else "no",
                "barcodes": tuple(codes.get(owner, ())),
                "tiers": tuple(sorted(tiers.get(owner, ()))),
            },
        )


def _tiers(centre_id: int) -> dict[Owner, list[Tier]]:
    found: dict[Owner, list[Tier]] = {}
    for row in db.session.execute(
        select(
            PriceTier.product_id,
            PriceTier.unit_id,
            PriceTier.members_only,
            PriceTier.count.label("pieces"),
            PriceTier.price_satang,
        ).where(PriceTier.centre_id == centre_id, PriceTier.active)
    ):
        owner = (row.product_id, row.unit_id)
        found.setdefault(owner, []).append((row.members_only, row.pieces, row.price_satang))
    return found
