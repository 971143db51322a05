"""Purchase orders over HTTP, for a program that orders: list, read, write a draft, receive."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import request

from core.db import in_transaction
from core.paging import Page
from core.sought import Sought
from core.web.auth import current_actor
from inventory.api.blueprint import blueprint
from inventory.schemas.buying import (
    DeliveryIn,
    PurchaseOrderArgs,
    PurchaseOrderIn,
    PurchaseOrderOut,
    PurchaseOrderPageOut,
)
from inventory.schemas.intake import GoodsReceiptOut
from inventory.services.buying import orders, receiving
from inventory.services.buying.orders import OrderDoc, SaveOrder
from inventory.services.buying.receiving import ReceiveGoods


@blueprint.get("/purchase_orders")
@blueprint.arguments(PurchaseOrderArgs, location="query")
@blueprint.response(200, PurchaseOrderPageOut)
def list_purchase_orders(query: dict[str, Any], centre_id: int) -> Page[OrderDoc]:
    """List orders, newest first."""
    return orders.listing(
        current_actor(centre_id),
        query["window"],
        Sought(state=query["state"]),
        producer_id=query["producer_id"],
    )


@blueprint.get("/purchase_orders/<uuid:order_id>")
@blueprint.response(200, PurchaseOrderOut)
def get_purchase_order(centre_id: int, order_id: UUID) -> OrderDoc:
    """Return an order with what came of it."""
    return orders.get(order_id, current_actor(centre_id))


@blueprint.put("/purchase_orders/<uuid:order_id>")
@blueprint.arguments(PurchaseOrderIn)
@blueprint.response(200, PurchaseOrderOut)
def put_purchase_order(command: SaveOrder, centre_id: int, order_id: UUID) -> OrderDoc:
    """Write a draft; the same again changes nothing. A person sends it."""
    actor = current_actor(centre_id)
    return in_transaction(orders.save, replace(command, id=order_id), actor)


@blueprint.put("/purchase_deliveries/<uuid:receipt_id>")
@blueprint.arguments(DeliveryIn)
@blueprint.response(201, GoodsReceiptOut)
@blueprint.alt_response(200, schema=GoodsReceiptOut, description="The same delivery again")
def put_purchase_delivery(command: ReceiveGoods, centre_id: int, receipt_id: UUID) -> Any:
    """Take in what came on an order."""
    actor = current_actor(centre_id)
    document, new = in_transaction(receiving.receive_once, replace(command, id=receipt_id), actor)
    return document, 201 if new else 200, {"Location": request.path}
