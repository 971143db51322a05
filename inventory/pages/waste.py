"""Write-offs as pages: the list, one document, and the form on a lot."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import ledger
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, window
from inventory.pages.blueprint import blueprint
from inventory.pages.unsold_documents import place_options
from inventory.schemas.intake import WasteForm
from inventory.services import catalogue, lots, moves, unsold, waste
from inventory.services.waste import RecordWaste
from members.services import access


@blueprint.get("/wastes")
def wastes(centre_id: int) -> str:
    """Show write-offs, newest first."""
    actor = current_actor(centre_id)
    page = waste.listing(actor, window())

    return render_template(
        "inventory/wastes.html",
        **listed(page, "inventory.wastes", centre_id=centre_id),
    )


@blueprint.get("/wastes/<uuid:waste_id>")
def waste_page(centre_id: int, waste_id: UUID) -> str:
    """Show a write-off with its move and its entry."""
    actor = current_actor(centre_id)
    found = waste.get(waste_id, actor)
    return render_template(
        "inventory/waste.html",
        waste=found,
        moves=moves.moves_of(centre_id, waste.SOURCE, waste_id),
        entries=ledger.entry_of(centre_id, waste.SOURCE, waste_id),
    )


@blueprint.route("/lots/<uuid:lot_id>/waste", methods=["GET", "POST"])
def waste_new(centre_id: int, lot_id: UUID) -> ResponseReturnValue:
    """Write goods of a lot off."""
    actor = current_actor(centre_id)
    access.require(actor, "waste.record")
    found = lots.get(lot_id, actor)
    form = read_form(WasteForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        command = RecordWaste(
            id=form.data["id"],
            lot_id=lot_id,
            quantity_milli=form.data["quantity"],
            reason=form.data["reason"],
            bearer=form.data["bearer"],
            kind=form.data["kind"],
            override_reason=form.data["override_reason"],
            location_id=form.data["location_id"],
        )
        try:
            document = in_transaction(waste.record, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Written off under %(number)s.", number=document.waste_no), "success")
            where = url_for("inventory.waste_page", centre_id=centre_id, waste_id=document.id)
            return redirect(where, 303)
    product = catalogue.get_doc(centre_id, found.card.product_id)
    ruled = unsold.rule_bearer(centre_id, found.card, product.category)
    if not form.given:
        # The id is made with the form, so that sending it twice writes off once.
        form.given = {"id": str(uuid7()), "bearer": ruled or "centre", "kind": "loss"}
    page = render_template(
        "inventory/waste_new.html",
        form=form,
        errors=form.errors,
        lot=found.card,
        producer=found.producer,
        ruled=ruled if found.card.ownership == "consigned" else None,
        by_weight=product.sold_by == "weight",
        places=place_options(centre_id, found.card),
    )
    return page, form.status
