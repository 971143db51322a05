"""Taking a statement in, as pages: the file, its first lines and columns, what it would bring."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.rules import bank_files as rules
from accounting.rules.bank_files import FileRead
from accounting.schemas.bank import ColumnsForm, MoveForm
from accounting.services.bank import accounts, deposits, files, statements
from accounting.services.bank.deposits import MoveMoney
from accounting.services.bank.files import FileCard
from accounting.services.bank.statements import TakeStatement
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.words import translated
from members.services import access

ROWS_SHOWN = 15


@blueprint.route("/bank/<uuid:account_id>/import", methods=["GET", "POST"])
def bank_import(centre_id: int, account_id: UUID) -> ResponseReturnValue:
    """Choose the bank's file."""
    actor = current_actor(centre_id)
    access.require(actor, "bank.change")
    account = accounts.card(centre_id, account_id)
    form = Form()
    if request.method == "POST":
        sent = request.files.get("file")
        raw = sent.read() if sent and sent.filename else b""
        if not raw:
            form.errors["file"], form.status = _("Choose a file."), 422
        else:
            try:
                name = sent.filename or "" if sent else ""
                file_id = in_transaction(files.upload, account_id, name, raw, actor)
            except DomainError as refusal:
                refuse(form, refusal)
            else:
                where = url_for("accounting.bank_file", centre_id=centre_id, file_id=file_id)
                return redirect(where, 303)
    page = render_template(
        "accounting/bank_import.html", account=account, form=form, errors=form.errors
    )
    return page, form.status


@blueprint.route("/bank/files/<uuid:file_id>", methods=["GET", "POST"])
def bank_file(centre_id: int, file_id: UUID) -> ResponseReturnValue:
    """Show a file's first lines, let a person say which column is what, and take it."""
    actor = current_actor(centre_id)
    access.require(actor, "bank.change")
    card = files.file(file_id, actor)
    if request.method == "GET":
        columns = files.columns_for(card, actor)
        form = Form(given={name: str(value) for name, value in asdict(columns).items()})
        # A guess that doesn't fit is no fault of the reader: it is only not looked at yet.
        read, _refused = _look(TakeStatement(file_id, columns), actor)
        return _file_page(card, form, read, actor)
    form = read_form(ColumnsForm)
    read = None
    if form.ok:
        data = form.data
        command = TakeStatement(file_id, data["columns"], data["opening"], data["closing"])
        if data["act"] == "look":
            read, refused = _look(command, actor)
            if refused is not None:
                refuse(form, refused)
        else:
            try:
                taken = in_transaction(statements.take, command, actor)
            except DomainError as refusal:
                refuse(form, refusal)
            else:
                return _taken(centre_id, taken)
    return _file_page(card, form, read, actor)


def _look(command: TakeStatement, actor: Actor) -> tuple[FileRead | None, DomainError | None]:
    try:
        return statements.preview(command, actor), None
    except DomainError as refusal:
        return None, refusal


def refuse(form: Form, refusal: DomainError) -> None:
    """Show a refusal; the reason in it is a sentence of ours, in the reader's language too."""
    if "why" in refusal.facts:
        refusal.facts["why"] = translated(refusal.facts["why"])
    form.refuse(refusal)


def _taken(centre_id: int, taken: statements.StatementCard) -> ResponseReturnValue:
    words = ngettext("%(num)d line was taken.", "%(num)d lines were taken.", taken.line_count)
    if taken.known_count:
        words += " " + ngettext(
            "%(num)d was here already.", "%(num)d were here already.", taken.known_count
        )
    flash(words, "success")
    where = url_for("accounting.bank_account", centre_id=centre_id, account_id=taken.account_id)
    return redirect(where, 303)


def _file_page(
    card: FileCard, form: Form, read: FileRead | None, actor: Actor
) -> ResponseReturnValue:
    rows = rules.rows_of(card.content)
    width = max(len(row.cells) for row in rows)
    page = render_template(
        "accounting/bank_file.html",
        card=card,
        account=accounts.card(actor.centre_id, card.account_id),
        rows=rows[:ROWS_SHOWN],
        row_count=len(rows),
        width=width,
        form=form,
        errors=form.errors,
        given=form.given,
        read=read,
        first=statements.needs_opening(actor.centre_id, card.account_id),
    )
    return page, form.status


@blueprint.get("/bank/files/<uuid:file_id>/original")
def bank_original(centre_id: int, file_id: UUID) -> Response:
    """Return the file as the bank gave it, byte by byte."""
    card = files.file(file_id, current_actor(centre_id))
    response = Response(card.content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="statement-{card.digest[:12]}"'
    return response


@blueprint.get("/bank/<uuid:account_id>/statements")
def bank_statements(centre_id: int, account_id: UUID) -> str:
    """Show the statements of an account, latest first."""
    actor = current_actor(centre_id)
    access.require(actor, "bank.read")
    account = accounts.card(centre_id, account_id)
    page = statements.listing(account_id, window(), actor, sought())
    here: dict[str, Any] = {"centre_id": centre_id, "account_id": account_id}
    return render_template(
        "accounting/bank_statements.html",
        account=account,
        **listed(page, "accounting.bank_statements", **here),
    )


@blueprint.post("/bank/statements/<uuid:statement_id>/withdraw")
def bank_withdraw(centre_id: int, statement_id: UUID) -> ResponseReturnValue:
    """Take back a statement that was read wrongly."""
    actor = current_actor(centre_id)
    card = in_transaction(statements.withdraw, statement_id, actor)
    flash(_("The statement was withdrawn. Its file can be taken again."), "success")
    where = url_for("accounting.bank_statements", centre_id=centre_id, account_id=card.account_id)
    return redirect(where, 303)


@blueprint.route("/bank/move", methods=["GET", "POST"])
def bank_move(centre_id: int) -> ResponseReturnValue:
    """Record money carried between safe and bank."""
    actor = current_actor(centre_id)
    access.require(actor, "bank.change")
    form = read_form(MoveForm) if request.method == "POST" else Form()
    if request.method == "POST" and form.ok:
        data = form.data
        command = MoveMoney(
            data["id"], data["from_id"], data["to_id"], data["amount"], data["day"], data["memo"]
        )
        try:
            entry = in_transaction(deposits.move, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Posted as %(number)s.", number=entry.number), "success")
            where = url_for("accounting.entry", centre_id=centre_id, entry_id=entry.id)
            return redirect(where, 303)
    places = deposits.places(centre_id)
    usual = {"from_id": places[0].id, "to_id": places[1].id if len(places) > 1 else ""}
    page = render_template(
        "accounting/bank_move.html",
        form=form,
        errors=form.errors,
        places=places,
        given={"id": str(uuid7()), "day": typed(clock.today())} | usual | form.given,
    )
    return page, form.status
