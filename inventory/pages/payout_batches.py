"""Files for the bank as pages: made, downloaded, and answered line by line or by a file."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.rules.bank_results import BadResults, LineResult
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.api import page_window
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.schemas.payouts import AnswerForm, BatchForm
from inventory.services import payout_batches, payouts
from inventory.services.payout_batches import MakeBatch
from members.services import access, payment_details

ANSWER_MAX = 500_000
"""Characters of a bank's answer; a line is about a hundred."""


@blueprint.get("/payout-batches")
def batch_list(centre_id: int) -> str:
    """Show bank files, newest first."""
    actor = current_actor(centre_id)
    after = request.args.get("after")
    page = payout_batches.listing(actor, page_window(after))

    def address(place: str | None) -> str:
        return url_for("inventory.batch_list", centre_id=centre_id, after=place)

    return render_template(
        "payouts/batches.html",
        rows=page.items,
        next_url=address(page.next) if page.next else None,
        first_url=address(None) if after else None,
    )


@blueprint.route("/payout-batches/new", methods=["GET", "POST"])
def batch_new(centre_id: int) -> ResponseReturnValue:
    """Make a file for the bank."""
    actor = current_actor(centre_id)
    access.require(actor, "payout.record")
    form = read_form(BatchForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        chosen = form.data["producer_ids"]
        command = MakeBatch(**form.data | {"producer_ids": tuple(chosen) if chosen else None})
        try:
            document = in_transaction(payout_batches.make, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Made under %(number)s.", number=document.batch_no), "success")
            where = url_for("inventory.batch", centre_id=centre_id, batch_id=document.id)
            return redirect(where, 303)
    dues = [due for due in payouts.dues(actor) if due.payable_satang > 0]
    if not form.given:
        form.given = {"id": str(uuid7()), "method": "promptpay"}
    page = render_template(
        "payouts/batch_new.html",
        form=form,
        errors=form.errors,
        dues=dues,
        details=payment_details.of(centre_id, [due.producer.id for due in dues]),
    )
    return page, form.status


@blueprint.get("/payout-batches/<uuid:batch_id>")
def batch(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Show a bank file and what became of its lines."""
    return _page(batch_id, Form(), current_actor(centre_id))


@blueprint.get("/payout-batches/<uuid:batch_id>/file.csv")
def batch_file(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Return the file as it was frozen when it was made."""
    found = payout_batches.get(batch_id, current_actor(centre_id))
    response = make_response(found.file_content.encode())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.batch_no}.csv"'
    return response


@blueprint.post("/payout-batches/<uuid:batch_id>/answer")
def batch_answer(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer to one line."""
    actor = current_actor(centre_id)
    form = read_form(AnswerForm)
    if form.ok:
        data = form.data
        result = LineResult(int(data["line_no"]), data["result"] == "paid", data["reference"])
        try:
            in_transaction(payout_batches.match, batch_id, (result,), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _answered(centre_id, batch_id)
    return _page(batch_id, form, actor)


@blueprint.post("/payout-batches/<uuid:batch_id>/answers")
def batch_answers(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer from its file, pasted or sent, whole or not at all."""
    actor = current_actor(centre_id)
    given = request.form.get("answer", "")
    form = Form(given={"answer": given})
    sent = request.files.get("file")
    try:
        text = sent.read().decode("utf-8-sig") if sent and sent.filename else given
        if len(text) > ANSWER_MAX:
            form.refusal = _("The answer is too long.")
        else:
            in_transaction(payout_batches.match_file, batch_id, text, actor)
    except UnicodeDecodeError:
        form.refusal = _("The file is not UTF-8 text. Save it as CSV (UTF-8) and send it again.")
    except BadResults as refusal:
        # The reason is a sentence of ours, in the reader's language too.
        refusal.facts["why"] = translated(refusal.facts["why"])
        form.refuse(refusal)
    except DomainError as refusal:
        form.refuse(refusal)
    else:
        if form.ok:
            return _answered(centre_id, batch_id)
    form.status = 422 if form.status == 200 else form.status
    return _page(batch_id, form, actor)


def _answered(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    flash(_("The bank's answer was entered."), "success")
    return redirect(url_for("inventory.batch", centre_id=centre_id, batch_id=batch_id), 303)


def _page(batch_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "payouts/batch.html",
        batch=payout_batches.get(batch_id, actor),
        form=form,
        errors=form.errors,
    )
    return page, form.status
