"""The community's named funds as a page: what each holds, and setting a new one up."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.rules.chart import Purpose
from accounting.schemas import FundForm
from accounting.services import funds as register
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access


@blueprint.route("/funds", methods=["GET", "POST"])
def funds(centre_id: int) -> ResponseReturnValue:
    """Show the funds with what they hold; set one up."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _page(Form(), actor)
    access.require(actor, "fund.change")
    form = read_form(FundForm)
    if form.ok:
        try:
            made = in_transaction(register.create, form.data["command"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The fund %(name)s was set up.", name=made.name_th), "success")
            return redirect(url_for("accounting.funds", centre_id=centre_id), 303)
    return _page(form, actor)


def _page(form: Form, actor: Actor) -> ResponseReturnValue:
    if not form.given:
        # The id is made with the form, so that sending it twice sets one fund up.
        form.given = {"id": str(uuid7()), "purpose": Purpose.WELFARE_FUND}
    page = render_template(
        "accounting/funds.html",
        rows=register.balances(actor),
        form=form,
        errors=form.errors,
        kept_in=[
            (Purpose.WELFARE_FUND, _("Welfare fund")),
            (Purpose.PUBLIC_BENEFIT_FUND, _("Public benefit fund")),
            (Purpose.OTHER_FUNDS, _("Other funds")),
        ],
    )
    return page, form.status
