"""Intake and write-offs over HTTP. PUT with the caller's own id, so a retry is harmless."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import request

from core.db import in_transaction
from core.paging import Page, Window
from core.web.api import WindowSchema
from core.web.auth import current_actor
from inventory.api.blueprint import blueprint
from inventory.schemas.intake import (
    CancelIn,
    GoodsReceiptArgs,
    GoodsReceiptIn,
    GoodsReceiptOut,
    GoodsReceiptPageOut,
    WasteIn,
    WasteOut,
    WastePageOut,
)
from inventory.services import intake, waste
from inventory.services.cancellation import CancelIntake
from inventory.services.intake import RecordIntake
from inventory.services.receipts import GoodsReceiptCard, GoodsReceiptDoc
from inventory.services.waste import RecordWaste, WasteDoc


@blueprint.get("/goods_receipts")
@blueprint.arguments(GoodsReceiptArgs, location="query")
@blueprint.response(200, GoodsReceiptPageOut)
def list_goods_receipts(query: dict[str, Any], centre_id: int) -> Page[GoodsReceiptCard]:
    """List intakes, newest first."""
    return intake.listing(
        current_actor(centre_id), query["window"], producer_id=query["producer_id"]
    )


@blueprint.get("/goods_receipts/<uuid:receipt_id>")
@blueprint.response(200, GoodsReceiptOut)
def get_goods_receipt(centre_id: int, receipt_id: UUID) -> GoodsReceiptDoc:
    """Return an intake with its lots."""
    return intake.get(receipt_id, current_actor(centre_id))


@blueprint.put("/goods_receipts/<uuid:receipt_id>")
@blueprint.arguments(GoodsReceiptIn)
@blueprint.response(201, GoodsReceiptOut)
@blueprint.alt_response(200, schema=GoodsReceiptOut, description="The same intake again")
def put_goods_receipt(command: RecordIntake, centre_id: int, receipt_id: UUID) -> Any:
    """Take goods in, bought outright or on consignment."""
    actor = current_actor(centre_id)
    document, new = in_transaction(intake.record_once, replace(command, id=receipt_id), actor)
    return document, 201 if new else 200, {"Location": request.path}


@blueprint.post("/goods_receipts/<uuid:receipt_id>/cancel")
@blueprint.arguments(CancelIn)
@blueprint.response(200, GoodsReceiptOut)
def cancel_goods_receipt(
    command: CancelIntake, centre_id: int, receipt_id: UUID
) -> GoodsReceiptDoc:
    """Take an intake back whole, before anything of it moved."""
    actor = current_actor(centre_id)
    return in_transaction(intake.cancel, replace(command, goods_receipt_id=receipt_id), actor)


@blueprint.get("/wastes")
@blueprint.arguments(WindowSchema, location="query")
@blueprint.response(200, WastePageOut)
def list_wastes(window: Window, centre_id: int) -> Page[WasteDoc]:
    """List write-offs, newest first."""
    return waste.listing(current_actor(centre_id), window)


@blueprint.get("/wastes/<uuid:waste_id>")
@blueprint.response(200, WasteOut)
def get_waste(centre_id: int, waste_id: UUID) -> WasteDoc:
    """Return a write-off."""
    return waste.get(waste_id, current_actor(centre_id))


@blueprint.put("/wastes/<uuid:waste_id>")
@blueprint.arguments(WasteIn)
@blueprint.response(201, WasteOut)
@blueprint.alt_response(200, schema=WasteOut, description="The same write-off again")
def put_waste(command: RecordWaste, centre_id: int, waste_id: UUID) -> Any:
    """Write goods of a lot off, and say why and who bears it."""
    actor = current_actor(centre_id)
    document, new = in_transaction(waste.record_once, replace(command, id=waste_id), actor)
    return document, 201 if new else 200, {"Location": request.path}
