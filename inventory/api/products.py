"""Products over HTTP.

`PUT` with an id of your own enters a product; with `If-Match` it changes the one that is there.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from core.db import in_transaction
from core.paging import Page
from core.web.api import etag_of, require_version
from core.web.auth import current_actor
from inventory.api.blueprint import blueprint
from inventory.schemas.products import ProductArgs, ProductIn, ProductOut, ProductPageOut
from inventory.services import catalogue
from inventory.services.catalogue import ProductDoc, ProductFacts, SaveProduct, Wanted


@blueprint.get("/products")
@blueprint.arguments(ProductArgs, location="query")
@blueprint.response(200, ProductPageOut)
def list_products(query: dict[str, Any], centre_id: int) -> Page[ProductDoc]:
    """List products in Thai order, or those a search finds."""
    return catalogue.listing(
        current_actor(centre_id),
        query["window"],
        Wanted(text=query["q"], active=True if query["active"] else None),
    )


@blueprint.get("/products/<uuid:product_id>")
@blueprint.response(200, ProductOut)
def get_product(centre_id: int, product_id: UUID) -> Any:
    """Return a product; its ETag names the version for If-Match."""
    product = catalogue.get(product_id, current_actor(centre_id))
    return product, 200, etag_of(product.version)


@blueprint.put("/products/<uuid:product_id>")
@blueprint.arguments(ProductIn)
@blueprint.response(200, ProductOut)
@blueprint.alt_response(201, schema=ProductOut, description="A new product")
def put_product(facts: ProductFacts, centre_id: int, product_id: UUID) -> Any:
    """Enter a product, or change the version named by If-Match."""
    version = require_version() if "If-Match" in request.headers else None
    product, new = in_transaction(
        catalogue.save, SaveProduct(product_id, facts, version, "api"), current_actor(centre_id)
    )
    headers = etag_of(product.version)
    if new:
        headers["Location"] = request.path
    return product, 201 if new else 200, headers
