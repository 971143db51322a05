"""Units, prices for several, price history and scanned codes over HTTP.

`PUT` with an id of your own makes one; with `If-Match` it changes the one that is there.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from core.db import in_transaction
from core.paging import Page, Window
from core.web.api import WindowSchema, etag_of, require_version
from core.web.auth import current_actor
from inventory.api.blueprint import blueprint
from inventory.schemas.catalogue import (
    PriceRowsOut,
    ScannedOut,
    TierIn,
    TierOut,
    TiersOut,
    UnitIn,
    UnitOut,
    UnitsOut,
)
from inventory.services import catalogue
from inventory.services.catalogue import prices, scales, tiers, units
from inventory.services.catalogue.prices import PriceRow
from inventory.services.catalogue.scales import Scanned
from inventory.services.catalogue.tiers import SaveTier, TierFacts
from inventory.services.catalogue.units import SaveUnit, UnitFacts


@blueprint.get("/products/<uuid:product_id>/units")
@blueprint.response(200, UnitsOut)
def list_units(centre_id: int, product_id: UUID) -> dict[str, Any]:
    """List the units a product is sold in beside its own."""
    return {"items": units.of(product_id, current_actor(centre_id))}


@blueprint.put("/products/<uuid:product_id>/units/<uuid:unit_id>")
@blueprint.arguments(UnitIn)
@blueprint.response(200, UnitOut)
@blueprint.alt_response(201, schema=UnitOut, description="A new unit")
def put_unit(facts: UnitFacts, centre_id: int, product_id: UUID, unit_id: UUID) -> Any:
    """Make a unit, or change the version named by If-Match."""
    command = SaveUnit(unit_id, product_id, facts, _version(), "api")
    unit, new = in_transaction(units.save, command, current_actor(centre_id))
    return unit, 201 if new else 200, etag_of(unit.version)


@blueprint.get("/products/<uuid:product_id>/tiers")
@blueprint.response(200, TiersOut)
def list_tiers(centre_id: int, product_id: UUID) -> dict[str, Any]:
    """List the prices for several, and for members, that are in use."""
    return {"items": tiers.of(product_id, current_actor(centre_id))}


@blueprint.put("/products/<uuid:product_id>/tiers/<uuid:tier_id>")
@blueprint.arguments(TierIn)
@blueprint.response(200, TierOut)
@blueprint.alt_response(201, schema=TierOut, description="A new price for several")
def put_tier(facts: TierFacts, centre_id: int, product_id: UUID, tier_id: UUID) -> Any:
    """Make a price for several, or change the version named by If-Match."""
    command = SaveTier(tier_id, product_id, facts, _version(), "api")
    tier, new = in_transaction(tiers.save, command, current_actor(centre_id))
    return tier, 201 if new else 200, etag_of(tier.version)


@blueprint.get("/products/<uuid:product_id>/prices")
@blueprint.arguments(WindowSchema, location="query")
@blueprint.response(200, PriceRowsOut)
def list_prices(window: Window, centre_id: int, product_id: UUID) -> Page[PriceRow]:
    """List what a product's prices were and became, newest first."""
    product = catalogue.get(product_id, current_actor(centre_id))
    return prices.history(product.id, current_actor(centre_id), window)


@blueprint.get("/barcodes/<string:code>")
@blueprint.response(200, ScannedOut)
def get_barcode(centre_id: int, code: str) -> Scanned:
    """Tell what a scanned code means: a barcode, a product's code, or a scale's label."""
    return scales.scanned(code, current_actor(centre_id))


def _version() -> int | None:
    return require_version() if "If-Match" in request.headers else None
