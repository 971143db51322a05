"""Sales, receipts and refunds over HTTP. PUT with the counter's own id, so a retry is harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from core.db import in_transaction
from core.web.auth import current_actor
from pos.api.blueprint import blueprint
from pos.schemas.sales import (
    PrintOut,
    ReceiptOut,
    RefundIn,
    RefundOut,
    SaleIn,
    SalesOut,
    SalesQuery,
)
from pos.services import receipts, refund, sale
from pos.services.receipts import Receipt
from pos.services.refund import RecordRefund, RefundDoc
from pos.services.sale import RecordSale


@blueprint.put("/sales/<uuid:sale_id>")
@blueprint.arguments(SaleIn)
@blueprint.response(201, ReceiptOut)
@blueprint.alt_response(200, schema=ReceiptOut, description="The same sale again: its receipt")
def put_sale(command: RecordSale, centre_id: int, sale_id: UUID) -> Any:
    """Record a sale; the same id and content again is answered with the same receipt."""
    actor = current_actor(centre_id)
    receipt, new = in_transaction(sale.record, replace(command, id=sale_id), actor)
    where = {"Location": f"/api/v1/centres/{centre_id}/sales/{sale_id}"}
    return receipt, 201 if new else 200, where


@blueprint.get("/sales/<uuid:sale_id>")
@blueprint.response(200, ReceiptOut)
def get_sale(centre_id: int, sale_id: UUID) -> Receipt:
    """Return the receipt of a sale."""
    return receipts.get(sale_id, current_actor(centre_id))


@blueprint.get("/sales")
@blueprint.arguments(SalesQuery, location="query")
@blueprint.response(200, SalesOut)
def get_sales(query: dict[str, Any], centre_id: int) -> dict[str, Any]:
    """Find sales by printed number or by day, newest first."""
    actor = current_actor(centre_id)
    if query["receipt_no"]:
        return {"sales": [receipts.find(query["receipt_no"], actor)], "next": None}
    on: date | None = query["on"]
    found = receipts.listing(actor, after=query["after"], on=on, limit=query["limit"])
    more = len(found) == query["limit"]
    return {"sales": found, "next": str(found[-1].id) if more else None}


@blueprint.post("/sales/<uuid:sale_id>/prints")
@blueprint.response(201, PrintOut)
def post_print(centre_id: int, sale_id: UUID) -> dict[str, int]:
    """Count a print of the receipt; copies are marked and kept in the trail."""
    actor = current_actor(centre_id)
    return {"copy_no": in_transaction(receipts.count_print, sale_id, actor)}


@blueprint.put("/refunds/<uuid:refund_id>")
@blueprint.arguments(RefundIn)
@blueprint.response(201, RefundOut)
@blueprint.alt_response(200, schema=RefundOut, description="The same refund again")
def put_refund(command: RecordRefund, centre_id: int, refund_id: UUID) -> Any:
    """Record a refund against a receipt."""
    actor = current_actor(centre_id)
    document, new = in_transaction(refund.record, replace(command, id=refund_id), actor)
    where = {"Location": f"/api/v1/centres/{centre_id}/refunds/{refund_id}"}
    return document, 201 if new else 200, where


@blueprint.get("/refunds/<uuid:refund_id>")
@blueprint.response(200, RefundOut)
def get_refund(centre_id: int, refund_id: UUID) -> RefundDoc:
    """Return a refund."""
    return refund.get(refund_id, current_actor(centre_id))
