"""Found a centre on a network's invitation: the one page that lets strangers in, by its code.

What must stay true: without the code nothing is told and nothing is made; the code works once.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web.csrf import public_form
from core.web.forms import Form, read_form
from members.schemas.network import FoundForm
from members.services.centres import NewCentre
from pos.services import founding

blueprint = Blueprint("founding", __name__)
"""Its addresses stand outside of any centre."""


@blueprint.get("/found")
def found() -> ResponseReturnValue:
    """Show the form."""
    return _page(Form())


@blueprint.post("/found", endpoint="found_now")
@public_form
def found_now() -> ResponseReturnValue:
    """Found the centre, let its first manager sign in."""
    form = read_form(FoundForm)
    if form.ok:
        data = form.data
        new = NewCentre(
            code=data["centre_code"].upper(),
            name_th=data["name_th"],
            name_en=data["name_en"] or data["name_th"],
            organisation_type=data["organisation_type"],
        )
        try:
            in_transaction(
                founding.found_invited, data["code"], new, data["username"], data["password"]
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The centre is founded. Sign in as its manager."), "success")
            return redirect(url_for("members.sign_in"), 303)
    return _page(form)


def _page(form: Form) -> ResponseReturnValue:
    return render_template("pos/found.html", form=form, errors=form.errors), form.status
