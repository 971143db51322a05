"""The balance of every producer at any day, as a page and as a file.

What must stay true: the producers add up to the control accounts of the books at every day, and
the page says so, or says loudly that they don't.
"""

from __future__ import annotations

from datetime import date

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked, given_day
from accounting.schemas import OnArgs
from core import clock
from core.sheets import Cell
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.sheets import baht_figure, csv_response
from inventory.pages.blueprint import blueprint
from inventory.services import producer_account


@blueprint.get("/producer-accounts")
def owed(centre_id: int) -> ResponseReturnValue:
    """Show what is owed to each producer at the end of a day."""
    actor = current_actor(centre_id)
    form, on = _asked_day()
    page = render_template(
        "producer/owed.html",
        rows=producer_account.owed(actor, on),
        control=producer_account.control(actor, on),
        on=on,
        today=on == clock.today(),
        typed_on=given_day(form, on),
        errors=form.errors,
        file_url=url_for("inventory.owed_file", centre_id=centre_id, on=on.isoformat()),
    )
    return page, form.status


@blueprint.get("/producer-accounts.csv")
def owed_file(centre_id: int) -> Response:
    """Return what is owed to each producer at the end of a day as a file."""
    actor = current_actor(centre_id)
    _form, on = _asked_day()
    headings: list[Cell] = [
        *(_("Number"), _("Producer"), _("Consignment"), _("Bought outright")),
        *(_("Advances"), _("Owed")),
    ]
    rows: list[list[Cell]] = [
        [
            card.producer.producer_no,
            card.producer.name,
            baht_figure(card.consignment_satang),
            baht_figure(card.outright_satang),
            baht_figure(-card.advances_satang),
            baht_figure(card.owed_satang),
        ]
        for card in producer_account.owed(actor, on)
    ]
    return csv_response(f"producer-accounts-{on.isoformat()}", headings, rows)


def _asked_day() -> tuple[Form, date]:
    form = asked(OnArgs())
    return form, form.data.get("on") or clock.today()
