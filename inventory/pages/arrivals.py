"""Another centre's transfers as its receiver sees them: what is coming, and what arrived."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import ledger
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.pages.places import place_options
from inventory.pages.transfers import note_of, read_cells
from inventory.schemas.transfers import ReceiveForm, ReceiveLineForm
from inventory.services import catalogue, locations, lots
from inventory.services.transfers import arrivals, documents, origins, sending
from inventory.services.transfers.arrivals import ArrivedLine, ReceiveGoods
from inventory.services.transfers.documents import TransferDoc
from members.services import access


@blueprint.route("/incoming/<int:from_centre_id>/<uuid:transfer_id>", methods=["GET", "POST"])
def incoming(centre_id: int, from_centre_id: int, transfer_id: UUID) -> ResponseReturnValue:
    """Receive a transfer: count what arrived of each line."""
    actor = current_actor(centre_id)
    access.require(actor, "transfer.record")
    found = documents.incoming(from_centre_id, transfer_id, actor)
    if request.method != "POST":
        if found.arrival is not None:
            return redirect(_address(centre_id, found.arrival.id), 303)
        return _page(found, Form(given=_started(found, actor)), actor)
    cells = {line.line_no: _cells(line.line_no) for line in found.lines}
    keep = tuple(name for row in cells.values() for name in row.values())
    form = read_form(ReceiveForm, keep=keep)
    lines = []
    for line_no, row in cells.items():
        read = read_cells(ReceiveLineForm(), row, form, {"line_no": line_no})
        if read is not None:
            lines.append(ArrivedLine(line_no, read["received"], read["product"]))
    if form.ok:
        command = ReceiveGoods(
            from_centre_id=from_centre_id,
            transfer_id=transfer_id,
            lines=tuple(lines),
            **form.data,
        )
        try:
            arrival_id = in_transaction(arrivals.receive, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
            at = refusal.facts.get("line_no")
            if isinstance(at, int) and form.refusal:
                form.errors[f"received_{at}"] = form.refusal
        else:
            flash(_("The goods are here."), "success")
            return redirect(_address(centre_id, arrival_id), 303)
    return _page(found, form, actor)


@blueprint.get("/incoming/<int:from_centre_id>/<uuid:transfer_id>/note.pdf")
def incoming_note(centre_id: int, from_centre_id: int, transfer_id: UUID) -> ResponseReturnValue:
    """Return the note that travels with the goods, for both signatures."""
    return note_of(documents.incoming(from_centre_id, transfer_id, current_actor(centre_id)))


@blueprint.get("/arrivals/<uuid:arrival_id>")
def arrival_page(centre_id: int, arrival_id: UUID) -> str:
    """Show what arrived, the lots it became, and the entry."""
    actor = current_actor(centre_id)
    found = documents.of_arrival(arrival_id, actor)
    here = {
        line.line_no: lots.card(centre_id, line.new_lot_id)
        for line in found.lines
        if line.new_lot_id is not None
    }
    return render_template(
        "transfers/arrival.html",
        transfer=found,
        arrival=found.arrival,
        lots=here,
        entries=ledger.entry_of(centre_id, arrivals.SOURCE, arrival_id),
    )


def _cells(line_no: int) -> dict[str, str]:
    return {"received": f"received_{line_no}", "product": f"product_{line_no}"}


def _started(found: TransferDoc, actor: Actor) -> dict[str, str]:
    """Return the empty form: what arrived is for people to count, which product is suggested."""
    given = {"id": str(uuid7()), "location_id": str(locations.shop(actor.centre_id).id)}
    for line in found.lines:
        ours = origins.suggested(found.sender, line.product_id, actor)
        given[f"product_{line.line_no}"] = "" if ours is None else str(ours)
    return given


def _page(found: TransferDoc, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "transfers/receive.html",
        transfer=found,
        form=form,
        errors=form.errors,
        places=place_options(sending.places(actor.centre_id)),
        products=catalogue.shelf(actor.centre_id),
    )
    return page, form.status


def _address(centre_id: int, arrival_id: UUID) -> str:
    return url_for("inventory.arrival_page", centre_id=centre_id, arrival_id=arrival_id)
