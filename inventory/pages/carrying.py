"""Carry goods between places of this centre, on one quick page: product and quantity."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.pages.places import place_options
from inventory.pages.rows import Rows
from inventory.schemas.production import MoveForm, MoveLineForm
from inventory.services import catalogue, locations
from inventory.services.transfers import choosing, quick, sending
from inventory.services.transfers.quick import CarryGoods, CarryLine
from members.services import access

ROWS = Rows("row", MoveLineForm, "quantity")


@blueprint.route("/transfers/carry", methods=["GET", "POST"])
def carry_goods(centre_id: int) -> ResponseReturnValue:
    """Carry goods from one place to another; the lots that expire first go first."""
    actor = current_actor(centre_id)
    access.require(actor, "transfer.record")
    if request.method != "POST" or "more" in request.form:
        return _page(_unread(actor), actor)
    form = read_form(MoveForm, keep=ROWS.names())
    lines = tuple(CarryLine(row["product"], row["quantity"]) for row in ROWS.read(form))
    if form.ok and not lines:
        form.status = 422
        form.errors["row_1_quantity"] = _("Enter at least one line")
    if form.ok:
        try:
            done = in_transaction(quick.carry, CarryGoods(lines=lines, **form.data), actor)
        except DomainError as refusal:
            if not ROWS.refuse(form, refusal):
                form.refuse(refusal)
        else:
            flash(_("Carried over; the lots that expire first went."), "success")
            where = url_for("inventory.transfer_page", centre_id=centre_id, transfer_id=done)
            return redirect(where, 303)
    return _page(form, actor)


def _unread(actor: Actor) -> Form:
    """Return the form as it is first shown: from the store room to the shop."""
    given = {name: request.values.get(name, "") for name in MoveForm().fields}
    places = sending.places(actor.centre_id)
    shop = locations.shop(actor.centre_id).id
    other = next((one.id for one in places if one.id != shop), shop)
    given["id"] = given["id"] or str(uuid7())
    given["from_location_id"] = given["from_location_id"] or str(other)
    given["to_location_id"] = given["to_location_id"] or str(shop)
    return Form(given=given)


def _page(form: Form, actor: Actor) -> ResponseReturnValue:
    here = _place(form.given.get("from_location_id"), actor)
    page = render_template(
        "transfers/carry.html",
        form=form,
        errors=form.errors,
        rows=ROWS.typed(),
        products=[one for one in catalogue.shelf(actor.centre_id, here) if one.on_hand_milli > 0],
        next_out=_next_out(here, actor),
        places=place_options(sending.places(actor.centre_id)),
    )
    return page, form.status


def _place(text: str | None, actor: Actor) -> UUID:
    known = {one.id for one in sending.places(actor.centre_id)}
    wanted = uuid_or_none(text)
    return wanted if wanted in known and wanted else locations.shop(actor.centre_id).id


def _next_out(here: UUID, actor: Actor) -> list[choosing.LyingLot]:
    """Return what expires first at a place: what to carry out of the store before all else."""
    lots = [one for one in choosing.lying_at(actor, here) if one.expires_on is not None]
    return sorted(lots, key=lambda one: (one.expires_on, one.lot_no))[:8]
