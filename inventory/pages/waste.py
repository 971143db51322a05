"""Write-offs as pages: the list, one document, and the form on a lot."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.services import ledger
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.paging import LIMIT_MAX, Window
from core.sheets import Cell, baht_figure
from core.sought import Sought
from core.web import plots, show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.plots import Bar
from core.web.sheets import Table, csv_response, xlsx_response
from inventory.models import BEARERS
from inventory.pages.blueprint import blueprint
from inventory.pages.unsold_documents import place_options
from inventory.schemas.intake import WasteForm
from inventory.services import catalogue, lots, moves, unsold, waste
from inventory.services.waste import RecordWaste, WasteDoc
from members.services import access

HEADINGS = (
    *("number", "day", "product", "lot", "quantity", "unit", "reason", "kind", "bearer"),
    *("loss", "by"),
)


def usual_reasons() -> list[str]:
    """Return the reasons to choose from; others may be typed."""
    return [
        *(_("Spoiled"), _("Expired"), _("Broken or torn"), _("Eaten by animals")),
        *(_("Missing or stolen"), _("Used as a sample")),
    ]


@blueprint.get("/wastes")
def wastes(centre_id: int) -> ResponseReturnValue:
    """Show write-offs, newest first; as a file when asked."""
    actor = current_actor(centre_id)
    looked_for = sought(own=("bearer",))
    bearer = request.args.get("bearer", "")
    bearer = bearer if bearer in BEARERS else ""
    wanted = request.args.get("as", "")
    if wanted in {"csv", "xlsx"}:
        rows = (_row(one) for one in _every(actor, looked_for, bearer))
        if wanted == "csv":
            return csv_response("write-offs", HEADINGS, rows)
        return xlsx_response("write-offs", [Table("write-offs", HEADINGS, rows)])
    page = waste.listing(actor, window(), looked_for, bearer)
    return render_template(
        "inventory/wastes.html",
        bearer=bearer,
        plot=_plot(waste.by_reason(actor, looked_for, bearer)),
        reasons=usual_reasons(),
        **listed(page, "inventory.wastes", centre_id=centre_id),
    )


def _plot(reasons: list[tuple[str, int, int]]) -> Markup | str:
    """Draw what the losses cost us by their reason; nothing when they cost nothing."""
    bars = [
        Bar(f"{reason} ({many})", satang, show.baht(satang))
        for reason, many, satang in reasons
        if satang
    ]
    if not bars:
        return ""
    title = _("Loss by reason, baht")
    return plots.fitting(lambda width: plots.rows(bars, title=title, width=width))


def _every(actor: Actor, looked_for: Sought, bearer: str) -> Iterator[WasteDoc]:
    after: Window | None = Window(limit=LIMIT_MAX)
    while after is not None:
        page = waste.listing(actor, after, looked_for, bearer)
        yield from page.items
        after = Window(page.next, LIMIT_MAX) if page.next else None


def _row(one: WasteDoc) -> tuple[Cell, ...]:
    return (
        *(one.waste_no, one.business_date, one.name_th, one.lot_no),
        *(show.quantity(one.quantity_milli), one.unit, one.reason, one.kind, one.bearer),
        *(baht_figure(one.charge_satang), one.recorded_by),
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
        reasons=usual_reasons(),
        places=place_options(centre_id, found.card),
    )
    return page, form.status
