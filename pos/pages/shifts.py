"""Shifts as pages: the list, and one shift with its documents, its count and its entries."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import ledger
from core.ids import uuid_or_none
from core.paging import page_of
from core.web.api import page_window
from core.web.auth import current_actor
from core.web.lists import listed, sought, window
from members.services import access
from pos.pages.blueprint import blueprint
from pos.services import receipts, shift


@blueprint.get("/shifts")
def shifts(centre_id: int) -> str:
    """Show shifts, newest first."""
    actor = current_actor(centre_id)
    part, wanted = window(), sought([("open", _("Open now")), ("closed", _("Closed"))])
    rows = shift.listing(actor, wanted, after=uuid_or_none(part.after), limit=part.limit + 1)
    page = page_of(rows, part, lambda one: str(one.id))
    return render_template("pos/shifts.html", **listed(page, "pos.shifts", centre_id=centre_id))


@blueprint.get("/shifts/<uuid:shift_id>")
def shift_page(centre_id: int, shift_id: UUID) -> str:
    """Show one shift; what was expected is shown once it is closed (the count is blind)."""
    actor = current_actor(centre_id)
    access.require(actor, "shift.read")
    part = page_window(request.args.get("after"))
    after = uuid_or_none(part.after)
    sales = receipts.listing(actor, shift_id=shift_id, after=after, limit=part.limit)
    more = len(sales) == part.limit
    return render_template(
        "pos/shift.html",
        shift=shift.get(centre_id, shift_id),
        sales=sales,
        more_url=url_for(
            "pos.shift_page", centre_id=centre_id, shift_id=shift_id, after=sales[-1].id
        )
        if more
        else None,
        movements=shift.movements(centre_id, shift_id),
        entries=ledger.entry_of(centre_id, "shift", shift_id),
    )


@blueprint.get("/cash_movements/<uuid:movement_id>")
def cash_movement(centre_id: int, movement_id: UUID) -> ResponseReturnValue:
    """Lead from a cash movement to its line on its shift's page."""
    access.require(current_actor(centre_id), "shift.read")
    found = shift.movement(centre_id, movement_id)
    page = url_for("pos.shift_page", centre_id=centre_id, shift_id=found.shift_id)
    return redirect(f"{page}#{movement_id}")
