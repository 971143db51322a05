"""The village's own limits for the welfare report: each version, and a new one by resolution."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.resolution_choices import resolution_choices
from accounting.rules.welfare import DEFAULT_AIMS
from accounting.services import welfare_settings
from core import clock
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor, may
from core.web.forms import Form, read_form
from members.services import access
from pos.pages.blueprint import blueprint
from pos.schemas.welfare import AimsForm


@blueprint.route("/welfare/settings", methods=["GET", "POST"])
def welfare_aims(centre_id: int) -> ResponseReturnValue:
    """Show the limits there were, and record those a meeting resolved."""
    actor = current_actor(centre_id)
    access.require(actor, "welfare.read")
    form = Form()
    if request.method == "POST":
        access.require(actor, "welfare_settings.change")
        form = read_form(AimsForm)
        if form.ok:
            try:
                in_transaction(welfare_settings.decide, form.data["command"], actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("The village's limits are recorded."), "success")
                return redirect(url_for("pos.welfare_aims", centre_id=centre_id), 303)
    versions = welfare_settings.listing(centre_id)
    if not form.given:
        form.given = _start(centre_id)
    page = render_template(
        "welfare/settings.html",
        versions=versions,
        form=form,
        errors=form.errors,
        resolutions=resolution_choices(centre_id) if may("welfare_settings.change") else [],
    )
    return page, form.status


def _start(centre_id: int) -> dict[str, str]:
    today = clock.today()
    known = welfare_settings.listing(centre_id)
    aims = known[0].aims if known else DEFAULT_AIMS
    return {
        "id": str(uuid7()),
        "valid_from": show.day(today, "form"),
        "members_from": show.percent(aims.members_from_basis_points),
        "centre_below": show.percent(aims.centre_below_basis_points),
        "coverage": show.percent(aims.coverage_basis_points),
        "reference_days": str(aims.reference_days),
    }
