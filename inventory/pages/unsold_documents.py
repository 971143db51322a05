"""Decisions over a lot that does not sell, as forms, and the documents they made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import funds, ledger
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from core.web.schemas import Schema
from inventory.pages.blueprint import blueprint
from inventory.schemas.unsold import ConvertForm, DonateForm, GiveBackForm
from inventory.services import (
    catalogue,
    conversions,
    decided,
    donations,
    intake,
    lots,
    lying,
    moves,
    producer_returns,
    receipts,
    unsold,
)
from inventory.services.conversions import ConvertLot
from inventory.services.decided import DecidedDoc
from inventory.services.donations import Donate
from inventory.services.lots import LotCard
from inventory.services.producer_returns import GiveBack
from members.services import access


@dataclass(frozen=True, slots=True)
class _Way:
    """One thing to do with a lot: how its form is read and what is done."""

    schema: type[Schema]
    record: Callable[..., DecidedDoc]
    command: Callable[[UUID, dict[str, Any]], Any]


def _taken(lot_id: UUID, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": data["id"],
        "lot_id": lot_id,
        "quantity_milli": data["quantity"],
        "reason": data["reason"],
        "location_id": data["location_id"],
    }


WAYS: dict[str, _Way] = {
    "producer_return": _Way(
        GiveBackForm,
        producer_returns.record,
        lambda lot_id, data: GiveBack(**_taken(lot_id, data)),
    ),
    "lot_conversion": _Way(
        ConvertForm,
        conversions.record,
        lambda lot_id, data: ConvertLot(**_taken(lot_id, data), unit_cost_satang=data["price"]),
    ),
    "donation": _Way(
        DonateForm,
        donations.record,
        lambda lot_id, data: Donate(
            **_taken(lot_id, data),
            recipient=data["recipient"],
            bearer=data["bearer"],
            fund_id=data["fund_id"],
        ),
    ),
}
PAGES = {
    "producer_return": "inventory.producer_return_page",
    "lot_conversion": "inventory.conversion_page",
    "donation": "inventory.donation_page",
}


@blueprint.route("/lots/<uuid:lot_id>/decide/<way>", methods=["GET", "POST"])
def decide(centre_id: int, lot_id: UUID, way: str) -> ResponseReturnValue:
    """Give goods of a lot back, buy them, or give them away."""
    actor = current_actor(centre_id)
    access.require(actor, "unsold.decide")
    if way not in WAYS:
        abort(404)
    found = lots.get(lot_id, actor)
    form = read_form(WAYS[way].schema) if request.method == "POST" else Form()
    if form.given and form.ok:
        command = WAYS[way].command(lot_id, form.data)
        try:
            document = in_transaction(WAYS[way].record, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Recorded under %(number)s.", number=document.number), "success")
            where = url_for(PAGES[way], centre_id=centre_id, document_id=document.id)
            return redirect(where, 303)
    product = catalogue.get_doc(centre_id, found.card.product_id)
    if not form.given:
        # The id is made with the form, so that sending it twice does it once.
        bearer = unsold.rule_bearer(centre_id, found.card, product.category) or "centre"
        form.given = {"id": str(uuid7()), "bearer": bearer}
    page = render_template(
        "unsold/decide.html",
        form=form,
        errors=form.errors,
        way=way,
        lot=found.card,
        producer=found.producer,
        price_satang=product.price_satang,
        places=place_options(centre_id, found.card),
        funds=_fund_options(centre_id),
    )
    return page, form.status


@blueprint.get("/unsold/documents/<kind>")
def unsold_documents(centre_id: int, kind: str) -> str:
    """Show the documents of one kind, newest first."""
    actor = current_actor(centre_id)
    if kind not in WAYS:
        abort(404)
    page = decided.listing(kind, actor, window(), sought())

    return render_template(
        "unsold/documents.html",
        kind=kind,
        pages=PAGES,
        **listed(page, "inventory.unsold_documents", centre_id=centre_id, kind=kind),
    )


@blueprint.get("/returns/<uuid:document_id>")
def producer_return_page(centre_id: int, document_id: UUID) -> str:
    """Show goods given back to their producer."""
    return _shown(centre_id, "producer_return", document_id)


@blueprint.get("/conversions/<uuid:document_id>")
def conversion_page(centre_id: int, document_id: UUID) -> str:
    """Show consigned goods that were bought, with both lots and the intake's entry."""
    return _shown(centre_id, "lot_conversion", document_id)


@blueprint.get("/donations/<uuid:document_id>")
def donation_page(centre_id: int, document_id: UUID) -> str:
    """Show goods given away, with who bears it and its entry."""
    return _shown(centre_id, "donation", document_id)


@blueprint.get("/returns/<uuid:document_id>/slip.pdf")
def producer_return_slip(centre_id: int, document_id: UUID) -> ResponseReturnValue:
    """Return the slip of goods given back, to print and sign, on A5."""
    actor = current_actor(centre_id)
    found = decided.get("producer_return", document_id, actor)
    html = render_template(
        "documents/producer_return_slip.html",
        document=found,
        number=found.number,
        document_date=found.business_date,
    )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


def place_options(centre_id: int, lot: LotCard) -> list[tuple[str, str]]:
    """Return where a lot lies, for a form to choose from: (id, words)."""
    english = show.language() == "en"
    return [
        (
            str(place.id),
            (
                f"{place.name_en if english else place.name_th}"
                f" ({show.quantity(place.quantity_milli)} {lot.unit})"
            ),
        )
        for place in lying.places_of(centre_id, lot.id)
    ]


def _fund_options(centre_id: int) -> list[tuple[str, str]]:
    english = show.language() == "en"
    return [
        (str(fund.id), fund.name_en if english and fund.name_en else fund.name_th)
        for fund in funds.listing(centre_id)
        if fund.active
    ]


def _shown(centre_id: int, source_type: str, document_id: UUID) -> str:
    actor = current_actor(centre_id)
    found = decided.get(source_type, document_id, actor)
    entries = ledger.entry_of(centre_id, source_type, document_id)
    receipt = new_lot = fund = None
    if found.goods_receipt_id is not None and found.new_lot_id is not None:
        receipt = intake.get(found.goods_receipt_id, actor)
        entries = ledger.entry_of(centre_id, receipts.SOURCE, receipt.id)
        new_lot = lots.card(centre_id, found.new_lot_id)
    if found.fund_id is not None:
        fund = funds.card(centre_id, found.fund_id)
    return render_template(
        "unsold/document.html",
        document=found,
        receipt=receipt,
        new_lot=new_lot,
        fund=fund,
        moves=moves.moves_of(centre_id, source_type, document_id),
        entries=entries,
    )
