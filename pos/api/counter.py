"""What the counter page asks for over HTTP: goods, held baskets, PromptPay."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.db import in_transaction
from core.web.auth import current_actor
from pos.api.blueprint import blueprint
from pos.schemas.counter import (
    CatalogueOut,
    CatalogueQuery,
    HeldQuery,
    HeldSaleIn,
    HeldSaleOut,
    PromptPayOut,
    PromptPayQuery,
    TotalsOut,
)
from pos.services import counter, held, totals
from pos.services.counter import CounterGoods, PromptPayQr
from pos.services.held import HeldDoc, HoldSale
from pos.services.totals import Totals


@blueprint.get("/catalogue")
@blueprint.arguments(CatalogueQuery, location="query")
@blueprint.response(200, CatalogueOut)
def get_catalogue(query: dict[str, Any], centre_id: int) -> CounterGoods:
    """Return everything a till needs to sell."""
    return counter.goods(current_actor(centre_id), query["till_id"])


@blueprint.get("/promptpay")
@blueprint.arguments(PromptPayQuery, location="query")
@blueprint.response(200, PromptPayOut)
def get_promptpay(query: dict[str, Any], centre_id: int) -> PromptPayQr:
    """Return the PromptPay QR for an amount."""
    return counter.promptpay_qr(current_actor(centre_id), query["amount_satang"])


@blueprint.put("/held_sales/<uuid:held_id>")
@blueprint.arguments(HeldSaleIn)
@blueprint.response(200, HeldSaleOut)
def put_held_sale(body: dict[str, Any], centre_id: int, held_id: UUID) -> HeldDoc:
    """Put a basket aside."""
    return in_transaction(held.keep, HoldSale(id=held_id, **body), current_actor(centre_id))


@blueprint.get("/held_sales")
@blueprint.arguments(HeldQuery, location="query")
@blueprint.response(200, HeldSaleOut(many=True))
def get_held_sales(query: dict[str, Any], centre_id: int) -> list[HeldDoc]:
    """Return held baskets, oldest first."""
    return held.listing(current_actor(centre_id), query["till_id"])


@blueprint.delete("/held_sales/<uuid:held_id>")
@blueprint.response(200, HeldSaleOut)
def delete_held_sale(centre_id: int, held_id: UUID) -> HeldDoc:
    """Recall a basket: return it and take it off the shelf."""
    return in_transaction(held.recall, held_id, current_actor(centre_id))


@blueprint.get("/totals")
@blueprint.response(200, TotalsOut)
def get_totals(centre_id: int) -> Totals:
    """Return the centre in sums alone, for the network's officer."""
    return totals.of(current_actor(centre_id))
