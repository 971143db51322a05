"""Shifts as pages: the list, and one shift with its documents, its count and its entries."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for

from accounting.services import ledger
from core.web.api import page_window
from core.web.auth import current_actor
from members.services import access
from pos.pages.blueprint import blueprint
from pos.services import shift, shift_report


@blueprint.get("/shifts")
def shifts(centre_id: int) -> str:
    """Show shifts, newest first."""
    actor = current_actor(centre_id)
    window = page_window(request.args.get("after"))
    try:
        after = UUID(window.after) if window.after else None
    except ValueError:
        after = None
    rows = shift.listing(actor, after=after, limit=window.limit)
    more = len(rows) == window.limit
    return render_template(
        "pos/shifts.html",
        rows=rows,
        first_url=url_for("pos.shifts", centre_id=centre_id) if after else None,
        next_url=url_for("pos.shifts", centre_id=centre_id, after=rows[-1].id) if more else None,
    )


@blueprint.get("/shifts/<uuid:shift_id>")
def shift_page(centre_id: int, shift_id: UUID) -> str:
    """Show one shift; what was expected is shown once it is closed (the count is blind)."""
    actor = current_actor(centre_id)
    access.require(actor, "shift.read")
    found = shift.get(centre_id, shift_id)
    return render_template(
        "pos/shift.html",
        shift=found,
        report=shift_report.of(centre_id, shift_id) if found.closed_at else None,
        entries=ledger.entry_of(centre_id, "shift", shift_id),
    )
