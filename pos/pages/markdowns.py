"""Mark-downs by schedule as pages: what is due, and the promotion it becomes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access
from pos.pages.blueprint import blueprint
from pos.schemas.promotions import MarkdownForm
from pos.services import discounts
from pos.services import markdowns as scheduled
from pos.services.markdowns import AcceptMarkdown

DAYS = 7
"""How long a mark-down of goods without an expiry is offered to last."""


@blueprint.get("/markdowns")
def markdowns(centre_id: int) -> str:
    """Show the lots whose schedule says that they should be sold cheaper by now."""
    actor = current_actor(centre_id)
    return render_template("unsold/markdowns.html", rows=scheduled.due(actor))


@blueprint.route("/lots/<uuid:lot_id>/markdown", methods=["GET", "POST"])
def markdown_new(centre_id: int, lot_id: UUID) -> ResponseReturnValue:
    """Make the promotion a lot is due for."""
    actor = current_actor(centre_id)
    access.require(actor, "promotion.change")
    form = read_form(MarkdownForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        command = AcceptMarkdown(lot_id=lot_id, **form.data)
        try:
            made = in_transaction(scheduled.accept, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(name)s will be taken off by itself.", name=made.name_th), "success")
            where = url_for("pos.promotion", centre_id=centre_id, promotion_id=made.id)
            return redirect(where, 303)
    found = next((one for one in scheduled.due(actor) if one.row.lot_id == lot_id), None)
    if found is None:
        abort(404)
    if not form.given:
        last = found.row.expires_on or clock.today() + timedelta(DAYS)
        form.given = {"id": str(uuid7()), "valid_until": show.day(last, "form")}
    page = render_template(
        "unsold/markdown.html",
        form=form,
        errors=form.errors,
        due=found,
        reasons=[reason for reason in discounts.listing(actor) if reason.active],
    )
    return page, form.status
