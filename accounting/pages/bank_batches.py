"""Files for the bank as pages: made, downloaded, and answered line by line or by a file.

What must stay true: every debt's files look and work alike; a room brings its routes, its words
(templates) and who can be ticked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.rules.bank_results import BadResults, LineResult
from accounting.schemas.bank_batches import AnswerForm, BatchForm
from accounting.services import bank_batches
from accounting.services.bank_batches import Debt, MakeBatch
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.words import translated
from members.services import access

ANSWER_MAX = 1_000_000
"""Characters of a bank's answer; a line is about a hundred."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a debt's files have their pages: templates, and what their endpoints begin with."""

    debt: Debt
    templates: str
    endpoint: str
    downloads: str
    """The permission to take the file, which holds whole account numbers."""

    def url(self, page: str, **values: Any) -> str:
        """Return the address of a page: `_list`, `_new`, `_file`, `_answer` and so on."""
        return url_for(self.endpoint + page, **values)


def listing(desk: Desk, centre_id: int) -> str:
    """Show bank files, newest first."""
    page = bank_batches.listing(desk.debt, current_actor(centre_id), window(), sought())
    return render_template(
        f"{desk.templates}/batches.html",
        desk=desk,
        **listed(page, f"{desk.endpoint}_list", centre_id=centre_id),
    )


def new(
    desk: Desk, centre_id: int, offered: Callable[[Actor], Mapping[str, Any]]
) -> ResponseReturnValue:
    """Make a file for the bank; `offered` says who can be ticked."""
    actor = current_actor(centre_id)
    access.require(actor, desk.debt.records)
    form = read_form(BatchForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        chosen = form.data["payee_ids"]
        command = MakeBatch(**form.data | {"payee_ids": tuple(chosen) if chosen else None})
        try:
            document = in_transaction(bank_batches.make, desk.debt, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Made under %(number)s.", number=document.batch_no), "success")
            return redirect(desk.url("", centre_id=centre_id, batch_id=document.id), 303)
    if not form.given:
        form.given = {"id": str(uuid7()), "way": "promptpay"}
    page = render_template(
        f"{desk.templates}/batch_new.html",
        desk=desk,
        form=form,
        errors=form.errors,
        **offered(actor),
    )
    return page, form.status


def one(desk: Desk, centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Show a bank file and what became of its lines."""
    return _page(desk, batch_id, Form(), current_actor(centre_id))


def file(desk: Desk, centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Return the file as it was frozen when it was made."""
    actor = current_actor(centre_id)
    access.require(actor, desk.downloads)
    found = bank_batches.get(desk.debt, batch_id, actor)
    response = make_response(found.file_content.encode())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.batch_no}.csv"'
    return response


def answer(desk: Desk, centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer to one line."""
    actor = current_actor(centre_id)
    access.require(actor, desk.debt.records)
    form = read_form(AnswerForm)
    if form.ok:
        data = form.data
        result = LineResult(int(data["line_no"]), data["result"] == "paid", data["reference"])
        try:
            in_transaction(bank_batches.match, desk.debt, batch_id, (result,), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _answered(desk, centre_id, batch_id)
    return _page(desk, batch_id, form, actor)


def answers(desk: Desk, centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    """Enter the bank's answer from its file, pasted or sent, whole or not at all."""
    actor = current_actor(centre_id)
    access.require(actor, desk.debt.records)
    given = request.form.get("answer", "")
    form = Form(given={"answer": given})
    sent = request.files.get("file")
    try:
        text = sent.read().decode("utf-8-sig") if sent and sent.filename else given
        if len(text) > ANSWER_MAX:
            form.refusal = _("The answer is too long.")
        else:
            in_transaction(bank_batches.match_file, desk.debt, batch_id, text, actor)
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
            return _answered(desk, centre_id, batch_id)
    form.status = 422 if form.status == 200 else form.status
    return _page(desk, batch_id, form, actor)


def _answered(desk: Desk, centre_id: int, batch_id: UUID) -> ResponseReturnValue:
    flash(_("The bank's answer was entered."), "success")
    return redirect(desk.url("", centre_id=centre_id, batch_id=batch_id), 303)


def _page(desk: Desk, batch_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        f"{desk.templates}/batch.html",
        desk=desk,
        batch=bank_batches.get(desk.debt, batch_id, actor),
        form=form,
        errors=form.errors,
    )
    return page, form.status
