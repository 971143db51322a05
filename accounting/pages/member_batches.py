"""Files for the bank to members as pages: made, downloaded, and answered."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.rules.bank_results import BadResults, LineResult
from accounting.schemas.member_payments import CreditForm, MemberAnswerForm, MemberBatchForm
from accounting.services.member_payments import asking, batches, overview
from accounting.services.member_payments.batches import MakeBatch
from accounting.services.member_payments.bulk import CreditMany
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.paging import LIMIT_MAX, Window
from core.web.api import page_window
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.words import translated
from members.services import access

ANSWER_MAX = 1_000_000
"""Characters of a bank's answer; a line is about a hundred."""


@blueprint.get("/member-batches")
def member_batches(centre_id: int) -> str:
    """Show bank files, newest first."""
    actor = current_actor(centre_id)
    after = request.args.get("after")
    page = batches.listing(actor, page_window(after))

    def address(place: str | None) -> str:
        return url_for("accounting.member_batches", centre_id=centre_id, after=place)

    return render_template(
        "member_payments/batches.html",
        rows=page.items,
        next_url=address(page.next) if page.next else None,
        first_url=address(None) if after else None,
    )


@blueprint.route("/member-batches/new", methods=["GET", "POST"])
def member_batch_new(centre_id: int) -> ResponseReturnValue:
    """Make a file for the bank."""
    actor = current_actor(centre_id)
    access.require(actor, "member_payment.record")
    form = read_form(MemberBatchForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        chosen = form.data["member_ids"]
        command = MakeBatch(**form.data | {"member_ids": tuple(chosen) if chosen else None})
        try:
            document = in_transaction(batches.make, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Made under %(number)s.", number=document.batch_no), "success")
            where = url_for("accounting.member_batch", centre_id=centre_id, batch_id=document.id)
            return redirect(where, 303)
    if not form.given:
        form.given = {"id": str(uuid7()), "way": "promptpay"}
    # So many can be ticked one by one; a file for all who chose so has no limit.
    window = Window(limit=LIMIT_MAX)
    offered = [one for one in overview.listing(actor, window).items if one.batch_id is None]
    page = render_template(
        "member_payments/batch_new.html",
        form=form,
        errors=form.errors,
        payees=offered,
        totals=overview.totals(actor),
    )
    return page, form.status


@blueprint.get("/member-batches/<uuid:batch_id>")
def member_batch(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Show a bank file and what became of its lines."""
    return _page(batch_id, Form(), current_actor(centre_id))


@blueprint.get("/member-batches/<uuid:batch_id>/file.csv")
def member_batch_file(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Return the file as it was frozen when it was made; it holds whole account numbers."""
    actor = current_actor(centre_id)
    access.require(actor, "member_payment.record")
    found = batches.get(batch_id, actor)
    response = make_response(found.file_content.encode())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.batch_no}.csv"'
    return response


@blueprint.post("/member-batches/<uuid:batch_id>/answer")
def member_batch_answer(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer to one line."""
    actor = current_actor(centre_id)
    form = read_form(MemberAnswerForm)
    if form.ok:
        data = form.data
        result = LineResult(int(data["line_no"]), data["result"] == "paid", data["reference"])
        try:
            in_transaction(batches.match, batch_id, (result,), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _answered(centre_id, batch_id)
    return _page(batch_id, form, actor)


@blueprint.post("/member-batches/<uuid:batch_id>/answers")
def member_batch_answers(centre_id: int, batch_id: UUID) -> ResponseReturnValue:
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
            in_transaction(batches.match_file, batch_id, text, actor)
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
    return redirect(url_for("accounting.member_batch", centre_id=centre_id, batch_id=batch_id), 303)


def _page(batch_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "member_payments/batch.html",
        batch=batches.get(batch_id, actor),
        form=form,
        errors=form.errors,
    )
    return page, form.status


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
