"""Batches as pages: the list, a new one, one whole with its costs, its card, taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.paging import LIMIT_MAX, Window
from core.sheets import Cell, baht_figure
from core.sought import Sought
from core.web import plots, show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from core.web.plots import Bar
from core.web.sheets import Table, csv_response, xlsx_response
from inventory.models import BATCH_KINDS
from inventory.pages.blueprint import blueprint
from inventory.pages.places import place_options
from inventory.schemas.production import CancelForm, CostForm, OpenForm
from inventory.services import locations
from inventory.services.production import (
    batches,
    cancelling,
    finishing,
    issuing,
    listing,
    reading,
    recipes,
)
from inventory.services.production.batches import AddCost, OpenBatch
from inventory.services.production.cancelling import CancelBatch
from inventory.services.production.listing import BatchCard, Earlier
from inventory.services.production.reading import BatchDoc
from inventory.services.transfers import sending
from members.services import access

HEADINGS = ("batch", "kind", "name", "state", "recorded", "in_kg", "out_kg", "cost", "loss")


@blueprint.get("/production")
def production(centre_id: int) -> ResponseReturnValue:
    """Show batches, newest first; as a file when asked."""
    actor = current_actor(centre_id)
    looked_for = sought(_states(), own=("kind",))
    kind = _one_of(request.args.get("kind", ""), BATCH_KINDS)
    wanted = request.args.get("as", "")
    if wanted in {"csv", "xlsx"}:
        rows = (_row(card) for card in _every(actor, looked_for, kind))
        if wanted == "csv":
            return csv_response("batches", HEADINGS, rows)
        return xlsx_response("batches", [Table("batches", HEADINGS, rows)])
    page = listing.listing(actor, window(), looked_for, kind)
    return render_template(
        "production/list.html",
        kind=kind,
        **listed(page, "inventory.production", centre_id=centre_id),
    )


@blueprint.route("/production/new", methods=["GET", "POST"])
def production_new(centre_id: int) -> ResponseReturnValue:
    """Open a batch, from a recipe or without one."""
    actor = current_actor(centre_id)
    access.require(actor, "production.record")
    form = read_form(OpenForm) if request.method == "POST" else _new_form(actor)
    if request.method == "POST" and form.ok:
        try:
            batch_id = in_transaction(batches.open_batch, OpenBatch(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The batch is open. Put in what it is made of."), "success")
            return redirect(_address(centre_id, batch_id), 303)
    page = render_template(
        "production/new.html",
        form=form,
        errors=form.errors,
        places=place_options(sending.places(centre_id)),
        recipes=recipes.listing(actor, active_only=True),
    )
    return page, form.status


@blueprint.get("/production/<uuid:batch_id>")
def batch_page(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Show a batch: what went in, what it cost, what came out and whose it is."""
    return _page(batch_id, Form(), current_actor(centre_id))


@blueprint.get("/production/parts/<kind>/<uuid:part_id>")
def batch_part(centre_id: int, kind: str, part_id: UUID) -> ResponseReturnValue:
    """Go from an entry's document to the batch it is a part of."""
    batch_id = reading.batch_of(kind, part_id, current_actor(centre_id))
    return redirect(_address(centre_id, batch_id))


@blueprint.get("/production/<uuid:batch_id>/card.pdf")
def batch_card(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Return the batch card that hangs at the machine: what goes in, boxes for what comes out."""
    actor = current_actor(centre_id)
    found = reading.get(batch_id, actor)
    html = render_template(
        "documents/batch_card.html",
        batch=found,
        names=product_names(actor),
        place=_place(centre_id, found),
        number=found.batch_no,
        document_date=found.business_date,
    )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.batch_no}.pdf"'
    return response


@blueprint.post("/production/<uuid:batch_id>/costs")
def batch_cost(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Put work or another cost into a batch."""
    actor = current_actor(centre_id)
    access.require(actor, "production.record")
    form = read_form(CostForm)
    if form.ok:
        data = form.data
        command = AddCost(
            id=data["id"],
            batch_id=batch_id,
            kind=data["kind"],
            label=data["label"],
            quantity_milli=data["quantity"],
            rate_satang=data["rate"],
            grams=data["weight"],
        )
        try:
            in_transaction(batches.add_cost, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Put into the batch."), "success")
            return redirect(_address(centre_id, batch_id), 303)
    return _page(batch_id, form, actor)


@blueprint.post("/production/<uuid:batch_id>/cancel")
def batch_cancel(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Take a batch back."""
    actor = current_actor(centre_id)
    access.require(actor, "production.record")
    form = read_form(CancelForm)
    if form.ok:
        try:
            in_transaction(cancelling.cancel, CancelBatch(batch_id, form.data["reason"]), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The batch was taken back; what went in lies where it lay."), "success")
            return redirect(_address(centre_id, batch_id), 303)
    return _page(batch_id, form, actor)


def product_names(actor: Actor) -> dict[UUID, tuple[str, str, str]]:
    """Return Thai name, English name and unit of every product, for plans of recipes."""
    from inventory.services import catalogue

    shelf = catalogue.shelf(actor.centre_id)
    return {one.id: (one.name_th, one.name_en, one.unit) for one in shelf}


# --- parts -----------------------------------------------------------------------------------


def _new_form(actor: Actor) -> Form:
    # The id is made with the form, so that sending it twice opens one batch.
    given = {
        "id": str(uuid7()),
        "kind": "joint" if request.args.get("kind") == "joint" else "own",
        "location_id": str(locations.shop(actor.centre_id).id),
        "basis": "weight",
        "loss_rule": "spread",
    }
    recipe_id = uuid_or_none(request.args.get("recipe_id"))
    if recipe_id is not None:
        recipe = recipes.get(recipe_id, actor)
        given |= {
            "recipe_id": str(recipe.id),
            "name": recipe.name,
            "kind": recipe.kind,
            "basis": recipe.basis,
            "loss_rule": recipe.loss_rule,
        }
    return Form(given=given)


def _page(batch_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = reading.get(batch_id, actor)
    earlier = listing.same(found, actor)
    if not form.given.get("id"):
        form.given["id"] = str(uuid7())
    page = render_template(
        "production/batch.html",
        batch=found,
        names=product_names(actor),
        place=_place(actor.centre_id, found),
        yields=_plot(earlier, found),
        unit_costs=_cost_plot(earlier),
        earlier=earlier,
        entries=[
            entry
            for source, source_id in _sources(found)
            for entry in ledger.entry_of(actor.centre_id, source, source_id)
        ],
        form=form,
        errors=form.errors,
    )
    return page, form.status


def _sources(batch: BatchDoc) -> list[tuple[str, UUID]]:
    issues = dict.fromkeys(one.issue_id for one in batch.put_in)
    found = [(issuing.SOURCE, one) for one in issues]
    found += [(batches.COST_SOURCE, one.id) for one in batch.costs]
    found.append((finishing.SOURCE, batch.id))
    if batch.cancellation is not None:
        found.append((cancelling.SOURCE, batch.cancellation.id))
    return found


def _plot(earlier: list[Earlier], batch: BatchDoc) -> Markup | str:
    """Draw the yield of batches of the same recipe along time; the recipe's own stands first."""
    bars = [
        Bar(one.batch_no[-5:], one.yield_basis_points, show.percent(one.yield_basis_points))
        for one in earlier
        if one.yield_basis_points is not None
    ]
    if (len(bars) < 2 and batch.planned_basis_points is None) or not bars:
        return ""
    if batch.planned_basis_points is not None:
        planned = batch.planned_basis_points
        bars.insert(0, Bar(_("Recipe"), planned, show.percent(planned)))
    title = _("Main goods out of what went in, percent")
    return plots.fitting(
        lambda width: plots.columns(bars, title=title, axis=show.percent, width=width)
    )


def _cost_plot(earlier: list[Earlier]) -> Markup | str:
    bars = [
        Bar(one.batch_no[-5:], one.unit_cost_satang, show.baht(one.unit_cost_satang))
        for one in earlier
        if one.unit_cost_satang is not None
    ]
    if len(bars) < 2:
        return ""
    title = _("Cost of one unit, baht")
    return plots.fitting(
        lambda width: plots.columns(bars, title=title, axis=show.baht, width=width, step_least=100)
    )


def _place(centre_id: int, batch: BatchDoc) -> locations.LocationCard:
    return next(one for one in locations.listing(centre_id) if one.id == batch.location_id)


def _states() -> list[tuple[str, str]]:
    return [("open", _("In work")), ("done", _("Batch done")), ("cancelled", _("Taken back"))]


def _every(actor: Actor, looked_for: Sought, kind: str) -> Iterator[BatchCard]:
    after: Window | None = Window(limit=LIMIT_MAX)
    while after is not None:
        page = listing.listing(actor, after, looked_for, kind)
        yield from page.items
        after = Window(page.next, LIMIT_MAX) if page.next else None


def _row(card: BatchCard) -> tuple[Cell, ...]:
    return (
        card.batch_no,
        card.kind,
        card.name,
        card.state,
        clock.business_date(card.recorded_at),
        None if card.in_grams is None else show.quantity(card.in_grams),
        None if card.out_grams is None else show.quantity(card.out_grams),
        None if card.in_cost_satang is None else baht_figure(card.in_cost_satang),
        None if card.loss_satang is None else baht_figure(card.loss_satang),
    )


def _one_of(text: str, known: tuple[str, ...]) -> str:
    return text if text in known else ""


def _address(centre_id: int, batch_id: UUID) -> str:
    return url_for("inventory.batch_page", centre_id=centre_id, batch_id=batch_id)
