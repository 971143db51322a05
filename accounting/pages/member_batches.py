"""Files for the bank to members as pages, and credits of everybody who chose so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages import bank_batches
from accounting.pages.bank_batches import Desk
from accounting.pages.blueprint import blueprint
from accounting.schemas.member_payments import CreditForm
from accounting.services.member_payments import asking, batches, overview
from accounting.services.member_payments.bulk import CreditMany
from core.actor import Actor
from core.db import in_transaction
from core.paging import LIMIT_MAX, Window
from core.web.auth import current_actor
from core.web.forms import read_form
from members.services import access

DESK = Desk(
    batches.DEBT, "member_payments", "accounting.member_batch", downloads="member_payment.record"
)


@blueprint.get("/member-batches")
def member_batch_list(centre_id: int) -> str:
    """Show bank files, newest first."""
    return bank_batches.listing(DESK, centre_id)


@blueprint.route("/member-batches/new", methods=["GET", "POST"])
def member_batch_new(centre_id: int) -> ResponseReturnValue:
    """Make a file for the bank."""
    return bank_batches.new(DESK, centre_id, _offered)


def _offered(actor: Actor) -> dict[str, Any]:
    # So many can be ticked one by one; a file for all who chose so has no limit.
    rows = overview.listing(actor, Window(limit=LIMIT_MAX)).items
    return {
        "payees": [row for row in rows if row.batch_id is None],
        "totals": overview.totals(actor),
    }


@blueprint.get("/member-batches/<uuid:batch_id>")
def member_batch(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Show a bank file and what became of its lines."""
    return bank_batches.one(DESK, centre_id, batch_id)


@blueprint.get("/member-batches/<uuid:batch_id>/file.csv")
def member_batch_file(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Return the file as it was frozen when it was made."""
    return bank_batches.file(DESK, centre_id, batch_id)


@blueprint.post("/member-batches/<uuid:batch_id>/answer")
def member_batch_answer(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer to one line."""
    return bank_batches.answer(DESK, centre_id, batch_id)


@blueprint.post("/member-batches/<uuid:batch_id>/answers")
def member_batch_answers(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer from its file."""
    return bank_batches.answers(DESK, centre_id, batch_id)


# --- credits ---------------------------------------------------------------------------------


@blueprint.post("/member-payments/credit")
def member_credit(centre_id: int) -> ResponseReturnValue:
    """Ask the worker to credit everybody who chose shares, or the purse."""
    actor = current_actor(centre_id)
    access.require(actor, "member_payment.record")
    form = read_form(CreditForm)
    if not form.ok:
        flash(_("Say whether to credit shares or deposits."), "error")
        return redirect(url_for("accounting.member_payments", centre_id=centre_id), 303)
    job_id = in_transaction(asking.ask_credit, CreditMany(**form.data), actor)
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)
