"""Transfers as pages: the list with what is coming, a new one, its document, what fell short."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError

from accounting.services import ledger
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from core.web.problems import flattened
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.pages.places import place_options
from inventory.schemas.transfers import SendForm, SendLineForm, SettleForm, SettleLineForm
from inventory.services import locations, moves
from inventory.services.transfers import choosing, differences, documents, sending
from inventory.services.transfers.choosing import LyingLot
from inventory.services.transfers.differences import SettleDifference, SettleLine
from inventory.services.transfers.documents import TransferDoc
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services import access


@blueprint.get("/transfers")
def transfers(centre_id: int) -> str:
    """Show what is coming, and every transfer sent or received, newest first."""
    actor = current_actor(centre_id)
    states = [("way", _("On the way")), ("arrived", _("Arrived"))]
    wanted = sought(states)
    page = documents.listing(actor, window(), wanted)

    return render_template(
        "transfers/list.html",
        waiting=[] if request.args.get("after") else documents.waiting(actor),
        **listed(page, "inventory.transfers", centre_id=centre_id),
    )


@blueprint.route("/transfers/new", methods=["GET", "POST"])
def transfer_new(centre_id: int) -> ResponseReturnValue:
    """Send goods: choose the place they leave, then how much of which lot."""
    actor = current_actor(centre_id)
    access.require(actor, "transfer.record")
    here = uuid_or_none(request.values.get("from_location_id"))
    here = here or locations.shop(centre_id).id
    lots = choosing.lying_at(actor, here, request.args.get("q", "").strip())
    if request.method != "POST":
        # The id is made with the form, so that sending it twice sends the goods once.
        given = {"id": str(uuid7()), "from_location_id": str(here), "to": ""}
        return _new_page(Form(given=given), lots, actor)
    names = {f"send_{lot.lot_no}": lot for lot in lots}
    gone = [name for name in request.form if name.startswith("send_") and name not in names]
    form = read_form(SendForm, keep=(*names, *gone))
    lines = _lines(names, form)
    for name in gone:
        if request.form[name].strip():
            form.status = 409
            form.errors[name] = _("Lot %(lot_no)s does not lie here any more", lot_no=name[5:])
    if form.ok and not lines:
        form.status = 422
        form.errors["form"] = _("Enter at least one quantity")
    if form.ok:
        to, _colon, which = form.data.pop("to").partition(":")
        command = SendGoods(
            lines=tuple(lines),
            to_location_id=UUID(which) if to == "place" else None,
            to_centre_id=int(which) if to == "centre" else None,
            **form.data,
        )
        try:
            transfer_id = in_transaction(sending.send, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal, names, lines)
        else:
            flash(_("The goods are on their way."), "success")
            where = url_for("inventory.transfer_page", centre_id=centre_id, transfer_id=transfer_id)
            return redirect(where, 303)
    return _new_page(form, lots, actor)


@blueprint.get("/transfers/<uuid:transfer_id>")
def transfer_page(centre_id: int, transfer_id: UUID) -> ResponseReturnValue:
    """Show a transfer we sent: what arrived, what is still open, its moves and entries."""
    return _page(transfer_id, Form(), current_actor(centre_id))


@blueprint.get("/transfers/<uuid:transfer_id>/note.pdf")
def transfer_note(centre_id: int, transfer_id: UUID) -> ResponseReturnValue:
    """Return the note that travels with the goods, for both signatures."""
    return note_of(documents.get(transfer_id, current_actor(centre_id)))


@blueprint.post("/transfers/<uuid:transfer_id>/settle")
def transfer_settle(centre_id: int, transfer_id: UUID) -> ResponseReturnValue:
    """Settle what did not arrive."""
    actor = current_actor(centre_id)
    access.require(actor, "transfer.record")
    found = documents.get(transfer_id, actor)
    missing = [line for line in found.lines if line.missing_milli]
    form = read_form(
        SettleForm, keep=tuple(name for line in missing for name in _settle_cells(line.line_no))
    )
    lines = []
    for line in missing:
        typed = {cell: name for name, cell in _settle_cells(line.line_no).items()}
        read = read_cells(SettleLineForm(), typed, form, {"line_no": line.line_no})
        if read is not None:
            said = (read["returned"], read["lost"], read["bearer"])
            lines.append(SettleLine(line.line_no, *said))
    if form.ok:
        command = SettleDifference(transfer_id, form.data["reason"], tuple(lines))
        try:
            in_transaction(differences.settle, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
            line_no = refusal.facts.get("line_no")
            if isinstance(line_no, int) and form.refusal:
                form.errors[f"lost_{line_no}"] = form.refusal
        else:
            flash(_("What was missing is settled."), "success")
            where = url_for("inventory.transfer_page", centre_id=centre_id, transfer_id=transfer_id)
            return redirect(where, 303)
    return _page(transfer_id, form, actor)


def note_of(transfer: TransferDoc) -> ResponseReturnValue:
    """Return the printed note of a transfer, the same for both sides."""
    html = render_template(
        "documents/transfer_note.html",
        transfer=transfer,
        number=transfer.transfer_no,
        document_date=transfer.business_date,
    )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{transfer.transfer_no}.pdf"'
    return response


def read_cells(
    schema: Schema, cells: dict[str, str], form: Form, fixed: dict[str, Any]
) -> dict[str, Any] | None:
    """Read one row of a form, field → name of its cell; what is wrong goes beside the cell."""
    typed = {field: request.form.get(name, "").strip() for field, name in cells.items()}
    form.given.update({cells[field]: text for field, text in typed.items()})
    try:
        row = schema.load({**fixed, **{field: text for field, text in typed.items() if text}})
    except ValidationError as error:
        form.status = 422
        for path, message in flattened(error.messages):
            name = cells.get(path[0], "form") if path else "form"
            form.errors.setdefault(name, translated(message))
        return None
    return dict(row)


def _settle_cells(line_no: int) -> dict[str, str]:
    """Return the cells of a missing line, by name, and the field each is."""
    return {f"{field}_{line_no}": field for field in ("returned", "lost", "bearer")}


def _lines(names: dict[str, LyingLot], form: Form) -> list[SendLine]:
    lines = []
    for name, lot in names.items():
        form.given[name] = request.form.get(name, "").strip()
        if form.given[name]:
            read = read_cells(SendLineForm(), {"quantity": name}, form, {})
            if read is not None:
                lines.append(SendLine(lot.lot_id, read["quantity"]))
    return lines


def _refuse(
    form: Form, refusal: DomainError, names: dict[str, LyingLot], lines: list[SendLine]
) -> None:
    """Show a refusal of a line beside its lot, any other above the form."""
    form.refuse(refusal)
    line_no = refusal.facts.get("line_no")
    if isinstance(line_no, int) and 0 < line_no <= len(lines):
        lot_id = lines[line_no - 1].lot_id
        [name] = [one for one, lot in names.items() if lot.lot_id == lot_id]
        form.errors[name] = form.refusal


def _new_page(form: Form, lots: list[LyingLot], actor: Actor) -> ResponseReturnValue:
    places = sending.places(actor.centre_id)
    destinations = [(f"place:{one}", words) for one, words in place_options(places)]
    destinations += [(f"centre:{one}", words) for one, words in sending.neighbours(actor)]
    page = render_template(
        "transfers/new.html",
        form=form,
        errors=form.errors,
        lots=lots,
        places=place_options(places),
        destinations=[
            one for one in destinations if one[0] != f"place:{form.given.get('from_location_id')}"
        ],
        q=request.args.get("q", ""),
    )
    return page, form.status


def _page(transfer_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = documents.get(transfer_id, actor)
    sources = (sending.SOURCE, differences.SOURCE)
    page = render_template(
        "transfers/transfer.html",
        transfer=found,
        moves=[
            move
            for source in sources
            for move in moves.moves_of(actor.centre_id, source, transfer_id)
        ],
        entries=[
            entry
            for source in sources
            for entry in ledger.entry_of(actor.centre_id, source, transfer_id)
        ],
        form=form,
        errors=form.errors,
    )
    return page, form.status
