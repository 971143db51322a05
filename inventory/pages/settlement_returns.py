"""What producers owe back for returned goods, by age, and the centre's decisions to bear it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import ledger
from core import clock
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.sheets import csv_response
from inventory.pages.blueprint import blueprint
from inventory.pages.settlement_tables import aged_table, kind_words
from inventory.pages.stock import numbers_of
from inventory.schemas.settlement import AbsorbForm
from inventory.services.settlement import returns
from inventory.services.settlement.returns import Absorb
from members.services import access, producers


@blueprint.get("/owed-back")
def owed_back(centre_id: int) -> str:
    """Show what each producer owes back for returned goods, by age."""
    actor = current_actor(centre_id)
    today = clock.today()
    cards = returns.aged(actor, today)
    documents = {(one.line.key[0], one.line.key[1]) for card in cards for one in card.owed}
    return render_template(
        "settlement/owed_back.html",
        rows=cards,
        today=today,
        numbers=numbers_of(centre_id, documents),
        kind_words=kind_words,
    )


@blueprint.get("/owed-back.csv")
def owed_back_file(centre_id: int) -> Response:
    """Return what is owed back as a file."""
    today = clock.today()
    table = aged_table(returns.aged(current_actor(centre_id), today), today.isoformat())
    return csv_response(table.name, table.headings, table.rows)


@blueprint.route("/producers/<uuid:producer_id>/absorb", methods=["GET", "POST"])
def absorb(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Let the centre bear (a part of) what a producer owes back."""
    actor = current_actor(centre_id)
    access.require(actor, "settlement.absorb")
    producer = producers.get(centre_id, producer_id)
    form = read_form(AbsorbForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        command = Absorb(
            id=form.data["id"],
            producer_id=producer_id,
            amount_satang=form.data["amount"],
            reason=form.data["reason"],
        )
        try:
            document = in_transaction(returns.absorb, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Recorded under %(number)s.", number=document.absorption_no), "success")
            where = url_for("inventory.absorption", centre_id=centre_id, absorption_id=document.id)
            return redirect(where, 303)
    if not form.given:
        # The id is made with the form, so that sending it twice bears it once.
        form.given = {"id": str(uuid7())}
    owed = returns.outstanding(centre_id, [producer_id]).get(producer_id, [])
    page = render_template(
        "settlement/absorb.html",
        form=form,
        errors=form.errors,
        producer=producer,
        left_satang=sum(one.left_satang for one in owed),
    )
    return page, form.status


@blueprint.get("/absorptions/<uuid:absorption_id>")
def absorption(centre_id: int, absorption_id: UUID) -> str:
    """Show a decision of the centre to bear returns, with its entry."""
    actor = current_actor(centre_id)
    return render_template(
        "settlement/absorption.html",
        absorption=returns.get(absorption_id, actor),
        entries=ledger.entry_of(centre_id, returns.SOURCE, absorption_id),
    )
