"""Stock counts as pages: the list, a new sheet, the sheet with its review, its print, approval."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor, may
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from inventory.pages import count_plot
from inventory.pages.blueprint import blueprint
from inventory.pages.choices import producer_choices
from inventory.pages.places import place_options
from inventory.schemas.counts import ApproveForm, BearerForm, GiveUpForm, SheetForm
from inventory.services import locations, moves
from inventory.services.counts import approval, documents, sheets
from inventory.services.counts.approval import ApproveCount
from inventory.services.counts.documents import SheetDoc
from inventory.services.counts.sheets import CancelSheet, PrintSheet
from members.services import access, duties


@blueprint.get("/counts")
def counts(centre_id: int) -> str:
    """Show count sheets, newest first."""
    actor = current_actor(centre_id)
    states = [
        *(("open", _("Being counted")), ("approved", _("Approved"))),
        ("cancelled", _("Given up")),
    ]
    page = documents.listing(actor, window(), sought(states))

    return render_template(
        "counts/list.html",
        **listed(page, "inventory.counts", centre_id=centre_id),
    )


@blueprint.route("/counts/new", methods=["GET", "POST"])
def count_new(centre_id: int) -> ResponseReturnValue:
    """Make a blind sheet of a place, of one producer's goods or of everybody's."""
    actor = current_actor(centre_id)
    access.require(actor, "count.record")
    form = read_form(SheetForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            sheet_id = in_transaction(sheets.make, PrintSheet(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The count sheet is ready: print it, or count with the tablet."), "success")
            return redirect(_address(centre_id, sheet_id), 303)
    places = [one for one in locations.listing(centre_id) if one.kind in locations.OURS]
    if not form.given:
        # The id is made with the form, so that sending it twice makes one sheet.
        place = request.args.get("location_id") or str(locations.shop(centre_id).id)
        chosen = request.args.get("producer_id", "")
        form.given = {"id": str(uuid7()), "location_id": place, "producer_id": chosen}
    page = render_template(
        "counts/new.html",
        form=form,
        errors=form.errors,
        places=place_options(places),
        people=[(one.id, f"{one.name} ({one.producer_no})") for one in producer_choices(actor)],
    )
    return page, form.status


@blueprint.get("/counts/<uuid:sheet_id>")
def count_page(centre_id: int, sheet_id: UUID) -> ResponseReturnValue:
    """Show a count: how far it is, and to who may approve it what it comes to."""
    return _page(sheet_id, Form(), current_actor(centre_id))


@blueprint.get("/counts/<uuid:sheet_id>/sheet.pdf")
def count_sheet_pdf(centre_id: int, sheet_id: UUID) -> ResponseReturnValue:
    """Return the blind sheet to print: nothing on it says how much is expected."""
    actor = current_actor(centre_id)
    found = documents.get(sheet_id, actor)
    html = render_template(
        "documents/count_sheet.html",
        sheet=found,
        number=found.sheet_no,
        document_date=clock.business_date(found.printed_at),
    )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.sheet_no}.pdf"'
    return response


@blueprint.post("/counts/<uuid:sheet_id>/approve")
def count_approve(centre_id: int, sheet_id: UUID) -> ResponseReturnValue:
    """Approve a count: the stock is corrected once."""
    actor = current_actor(centre_id)
    access.require(actor, "count.approve")
    found = documents.get(sheet_id, actor)
    cells = {line.lot_id: f"bearer_{line.lot_no}" for line in found.lines}
    form = read_form(ApproveForm, keep=tuple(cells.values()))
    bearers = {
        lot_id: request.form[cell]
        for lot_id, cell in cells.items()
        if not BearerForm().validate({"bearer": request.form.get(cell, "")})
    }
    if form.ok:
        command = ApproveCount(sheet_id=sheet_id, bearers=bearers, **form.data)
        try:
            in_transaction(approval.approve, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The count was approved; the stock is what was counted."), "success")
            return redirect(_address(centre_id, sheet_id), 303)
    return _page(sheet_id, form, actor)


@blueprint.post("/counts/<uuid:sheet_id>/cancel")
def count_cancel(centre_id: int, sheet_id: UUID) -> ResponseReturnValue:
    """Give a sheet up, and say why."""
    actor = current_actor(centre_id)
    access.require(actor, "count.record")
    form = read_form(GiveUpForm)
    if form.ok:
        try:
            in_transaction(sheets.cancel, CancelSheet(sheet_id, form.data["reason"]), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The count was given up; nothing was corrected."), "success")
            return redirect(_address(centre_id, sheet_id), 303)
    return _page(sheet_id, form, actor)


def _page(sheet_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = documents.get(sheet_id, actor)
    again = documents.to_recount(found, actor)
    seen = may("count.approve") or found.outcome is not None
    figures = documents.figures_of(found, actor) if seen else []
    page = render_template(
        "counts/sheet.html",
        sheet=found,
        figures=figures,
        plot=count_plot.differences(figures),
        total=count_plot.total(figures),
        seen=seen,
        again=again,
        elsewhere=documents.elsewhere(found, actor) if found.outcome is None else [],
        next_round=next_round(found),
        waived=duties.in_force(actor.centre_id, "count") is not None,
        moves=moves.moves_of(actor.centre_id, sheets.SOURCE, sheet_id),
        entries=ledger.entry_of(actor.centre_id, sheets.SOURCE, sheet_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


def next_round(sheet: SheetDoc) -> int:
    """Return the round to count next: the first while a lot has no figure, else a new one."""
    if sheet.uncounted:
        return 1
    return max(one.round_no for line in sheet.lines for one in line.rounds) + 1


def _address(centre_id: int, sheet_id: UUID) -> str:
    return url_for("inventory.count_page", centre_id=centre_id, sheet_id=sheet_id)
