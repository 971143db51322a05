"""How a producer is paid, as a page of its own: where money goes is changed on purpose."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.payment_ids import BANKS
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.pages.blueprint import CENTRE, blueprint
from members.rules.roles import allowed
from members.schemas.payment import PaymentForm
from members.services import access, payment_details, producers
from members.services.payment_details import PaymentDetails


@blueprint.route(CENTRE + "/producers/<uuid:producer_id>/payment", methods=["GET", "POST"])
def producer_payment(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Show how a producer is paid; change it."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        access.require(actor, "producer.change")
    known, version = payment_details.get(producer_id, actor)
    form = read_form(PaymentForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        seen = form.data.pop("version")
        try:
            new = PaymentDetails(**form.data)
            in_transaction(payment_details.save, producer_id, new, seen, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The change was saved."), "success")
            where = url_for("members.producer", centre_id=centre_id, producer_id=producer_id)
            return redirect(where, 303)
    if not form.given:
        form.given = asdict(known) | {"version": version}
    english = show.language() != "th"
    page = render_template(
        "members/producer_payment.html",
        form=form,
        errors=form.errors,
        producer=producers.get(centre_id, producer_id),
        banks=[(code, f"{names[english]} ({code})") for code, names in BANKS.items()],
        changes=allowed(actor.roles, "producer.change"),
    )
    return page, form.status
