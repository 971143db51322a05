"""One's own PIN for the tills of a centre, as a page."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.pages.blueprint import CENTRE, blueprint
from members.schemas.work import OwnPinForm
from members.services import access, sessions, staff_pins, users


@blueprint.route(CENTRE + "/my-pin", methods=["GET", "POST"])
def own_pin(centre_id: int) -> ResponseReturnValue:
    """Set one's own PIN, with the password in hand."""
    actor = current_actor(centre_id)
    access.require(actor, staff_pins.AT_A_TILL)
    form = Form()
    if request.method == "POST" and actor.user_id is not None:
        form = read_form(OwnPinForm)
        data = form.data
        if form.ok and data["pin_password"] != data["pin_password_again"]:
            form.status = 422
            form.errors["pin_password_again"] = _("The two PINs differ")
        if form.ok:
            try:
                attempt = in_transaction(
                    sessions.reserve, users.username_of(actor.user_id), request.remote_addr or ""
                )
                in_transaction(
                    staff_pins.set_own,
                    attempt,
                    data["present_password"],
                    data["pin_password"],
                    actor,
                )
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Your PIN was set."), "success")
                return redirect(url_for("members.own_pin", centre_id=centre_id), 303)
    page = render_template(
        "work/own_pin.html",
        form=form,
        errors=form.errors,
        has_pin=staff_pins.has_pin(actor.user_id, centre_id),
    )
    return page, form.status


@blueprint.post(CENTRE + "/users/<uuid:user_id>/pin/forget")
def staff_pin_forget(centre_id: int, user_id: UUID) -> ResponseReturnValue:
    """Take a PIN away: one's own, or a colleague's."""
    actor = current_actor(centre_id)
    in_transaction(staff_pins.forget, user_id, actor)
    flash(_("The PIN was taken away."), "success")
    if user_id == actor.user_id:
        return redirect(url_for("members.own_pin", centre_id=centre_id), 303)
    return redirect(url_for("pos.till_setup", centre_id=centre_id), 303)
