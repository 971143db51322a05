"""A lot whose grade is disputed, as a page: held, graded anew, released, with its history."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.schemas.unsold import LotEventForm
from inventory.services import holds, lots
from inventory.services.holds import RecordLotEvent
from members.services import access


@blueprint.route("/lots/<uuid:lot_id>/grade", methods=["GET", "POST"])
def lot_grade(centre_id: int, lot_id: UUID) -> ResponseReturnValue:
    """Hold a lot, grade it anew, or release it."""
    actor = current_actor(centre_id)
    access.require(actor, "unsold.decide" if request.method == "POST" else "unsold.read")
    found = lots.get(lot_id, actor)
    form = read_form(LotEventForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        command = RecordLotEvent(lot_id=lot_id, **form.data)
        try:
            event = in_transaction(holds.record, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            words = {
                "held": _("The lot is held: the counter does not sell it."),
                "regraded": _("The lot has a new grade."),
                "released": _("The lot is back on the shelf."),
            }
            flash(words[event.kind], "success")
            return redirect(url_for("inventory.lot_grade", centre_id=centre_id, lot_id=lot_id), 303)
    if not form.given:
        form.given = {"id": str(uuid7())}
    events = holds.of_lot(centre_id, lot_id)
    page = render_template(
        "unsold/grade.html",
        form=form,
        errors=form.errors,
        lot=found.card,
        producer=found.producer,
        events=events,
        grade=events[-1].grade_after if events else found.card.grade,
        held_milli=holds.held_milli(centre_id, lot_id),
    )
    return page, form.status
