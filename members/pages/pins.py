"""A producer's PIN: given to hand over on paper, shown this once; taken back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db import in_transaction
from core.errors import DomainError
from core.web import show
from core.web.auth import current_actor
from core.web.problems import words
from members.pages.blueprint import CENTRE, blueprint
from members.services import pins

PRODUCER = CENTRE + "/producers/<uuid:producer_id>"


@blueprint.post(PRODUCER + "/pin")
def producer_pin(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Give a PIN and show it, on this answer alone: it is kept nowhere in clear."""
    actor = current_actor(centre_id)
    try:
        given = in_transaction(pins.give, producer_id, actor)
    except (pins.PhoneNeeded, pins.PhoneTaken, pins.AccountClosed) as refusal:
        return _back(centre_id, producer_id, refusal)
    return render_template("members/pin.html", given=given)


@blueprint.post(PRODUCER + "/pin/withdraw")
def producer_pin_end(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Take the PIN back."""
    in_transaction(pins.withdraw, producer_id, current_actor(centre_id))
    flash(_("The PIN is withdrawn; the producer was signed out everywhere."), "success")
    return _to_producer(centre_id, producer_id)


def _back(centre_id: int, producer_id: UUID, refusal: DomainError) -> ResponseReturnValue:
    between = " " if show.language() == "th" else ". "
    flash(between.join(part.rstrip(".") for part in words(refusal) if part), "error")
    return _to_producer(centre_id, producer_id)


def _to_producer(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    address = url_for("members.producer", centre_id=centre_id, producer_id=producer_id)
    return redirect(address, 303)
