"""Lots, levels and producers' accounts over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.paging import Page
from core.web.auth import current_actor
from inventory.api.blueprint import blueprint
from inventory.schemas.stock import (
    AccountRowArgs,
    AccountRowPageOut,
    LevelArgs,
    LevelPageOut,
    LotArgs,
    LotDocOut,
    LotPageOut,
    ProducerAccountArgs,
    ProducerAccountOut,
)
from inventory.services import lots, producer_account, producer_documents
from inventory.services.lots import LevelCard, LotCard, LotDoc
from inventory.services.producer_account import ProducerAccount
from inventory.services.producer_documents import AccountRow


@blueprint.get("/stock_levels")
@blueprint.arguments(LevelArgs, location="query")
@blueprint.response(200, LevelPageOut)
def list_levels(query: dict[str, Any], centre_id: int) -> Page[LevelCard]:
    """List what lies here by product, in Thai order."""
    return lots.levels(current_actor(centre_id), query["window"], text=query["q"])


@blueprint.get("/lots")
@blueprint.arguments(LotArgs, location="query")
@blueprint.response(200, LotPageOut)
def list_lots(query: dict[str, Any], centre_id: int) -> Page[LotCard]:
    """List lots, newest first: with something left, or all."""
    return lots.listing(
        current_actor(centre_id),
        query["window"],
        product_id=query["product_id"],
        producer_id=query["producer_id"],
        all_lots=query["all"],
    )


@blueprint.get("/lots/<uuid:lot_id>")
@blueprint.response(200, LotDocOut)
def get_lot(centre_id: int, lot_id: UUID) -> LotDoc:
    """Return a lot with its whole history."""
    return lots.get(lot_id, current_actor(centre_id))


@blueprint.get("/producer_account")
@blueprint.arguments(ProducerAccountArgs, location="query")
@blueprint.response(200, ProducerAccountOut)
def get_producer_account(query: dict[str, Any], centre_id: int) -> ProducerAccount:
    """Return what was sold, what is left and what is owed; a producer sees own rows only."""
    return producer_account.of(current_actor(centre_id), query["producer_id"])


@blueprint.get("/producer_account/documents")
@blueprint.arguments(AccountRowArgs, location="query")
@blueprint.response(200, AccountRowPageOut)
def list_account_rows(query: dict[str, Any], centre_id: int) -> Page[AccountRow]:
    """List the documents behind a producer's account, newest first."""
    return producer_documents.rows(
        current_actor(centre_id),
        query["window"],
        AccountRowArgs.wanted(query),
        query["producer_id"],
    )
