"""Advances to producers as pages: given in money or goods, given back, and their slips."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from marshmallow import ValidationError

from accounting.services import cash_drawers, ledger
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from core.web.problems import flattened
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.pages.choices import producer_choices
from inventory.pages.stock import numbers_of
from inventory.schemas.payouts import AdvanceForm, GoodsForm, RepayForm
from inventory.services import advances, catalogue, moves, repayments
from inventory.services.advances import GiveAdvance, GoodsAsked
from inventory.services.repayments import Repay
from members.services import access, producers

ROWS = 4
"""How many lines of goods a new form has, and how many more a press on the button gives."""
Row = dict[str, str]


@blueprint.get("/advances")
def advance_list(centre_id: int) -> str:
    """Show advances, newest first, and what is still out of each."""
    actor = current_actor(centre_id)
    page = advances.listing(actor, window(), sought())
    return render_template(
        "payouts/advances.html",
        **listed(page, "inventory.advance_list", centre_id=centre_id),
    )


@blueprint.route("/advances/new", methods=["GET", "POST"])
def advance_new(centre_id: int) -> ResponseReturnValue:
    """Give an advance."""
    actor = current_actor(centre_id)
    access.require(actor, "advance.give")
    rows = _rows()
    if request.method != "POST" or "more" in request.form:
        return _advance_page(_unread(), rows, actor)
    form = read_form(AdvanceForm, keep=("rows", *_names(len(rows))))
    lines = _goods(rows, form)
    if form.ok:
        data = dict(form.data)
        command = GiveAdvance(
            kind="goods" if data["paid_from"] == "shelf" else "money",
            amount_satang=data.pop("amount"),
            lines=tuple(lines),
            **data,
        )
        try:
            document = in_transaction(advances.give, command, actor)
        except DomainError as refusal:
            _refuse(form, rows, refusal)
        else:
            flash(_("Given under %(number)s.", number=document.advance_no), "success")
            where = url_for("inventory.advance", centre_id=centre_id, advance_id=document.id)
            return redirect(where, 303)
    return _advance_page(form, rows, actor)


@blueprint.get("/advances/<uuid:advance_id>")
def advance(centre_id: int, advance_id: UUID) -> str:
    """Show an advance, what was given back of it, its moves and its entry."""
    actor = current_actor(centre_id)
    found = advances.get(advance_id, actor)
    back = {(one.document_type, one.document_id) for one in found.given_back}
    return render_template(
        "payouts/advance.html",
        advance=found,
        numbers=numbers_of(centre_id, back),
        moves=moves.moves_of(centre_id, advances.SOURCE, advance_id),
        entries=ledger.entry_of(centre_id, advances.SOURCE, advance_id),
    )


@blueprint.get("/advances/<uuid:advance_id>/slip.pdf")
def advance_slip(centre_id: int, advance_id: UUID) -> ResponseReturnValue:
    """Return the slip of an advance to sign: A5, or A4 with `?paper=a4`; always in Thai."""
    found = advances.get(advance_id, current_actor(centre_id))
    with force_locale("th"):
        html = render_template(
            "documents/advance_slip.html",
            locale="th",
            advance=found,
            number=found.advance_no,
            document_date=found.business_date,
            amount_words=baht_text(found.amount_satang),
            paper="a4" if request.args.get("paper") == "a4" else "a5",
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.advance_no}.pdf"'
    return response


@blueprint.get("/repayments")
def repayment_list(centre_id: int) -> str:
    """Show repayments, newest first."""
    actor = current_actor(centre_id)
    page = repayments.listing(actor, window(), sought())
    return render_template(
        "payouts/repayments.html",
        **listed(page, "inventory.repayment_list", centre_id=centre_id),
    )


@blueprint.route("/producers/<uuid:producer_id>/repay", methods=["GET", "POST"])
def repayment_new(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Take money for advances still out."""
    actor = current_actor(centre_id)
    access.require(actor, "advance.give")
    form = read_form(RepayForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        data = dict(form.data)
        command = Repay(producer_id=producer_id, amount_satang=data.pop("amount"), **data)
        try:
            document = in_transaction(repayments.repay, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Money taken under %(number)s.", number=document.repayment_no), "success")
            where = url_for("inventory.repayment", centre_id=centre_id, repayment_id=document.id)
            return redirect(where, 303)
    if not form.given:
        form.given = {"id": str(uuid7()), "paid_into": "safe"}
    page = render_template(
        "payouts/repay.html",
        form=form,
        errors=form.errors,
        producer=producers.get(centre_id, producer_id),
        outstanding=advances.outstanding(centre_id, [producer_id]).get(producer_id, []),
        shifts=cash_drawers.choices(centre_id),
    )
    return page, form.status


@blueprint.get("/repayments/<uuid:repayment_id>")
def repayment(centre_id: int, repayment_id: UUID) -> str:
    """Show a repayment with the advances it gave back and its entry."""
    actor = current_actor(centre_id)
    return render_template(
        "payouts/repayment.html",
        repayment=repayments.get(repayment_id, actor),
        entries=ledger.entry_of(centre_id, repayments.SOURCE, repayment_id),
    )


# --- the form --------------------------------------------------------------------------------


def _unread() -> Form:
    given: dict[str, Any] = {name: request.form.get(name, "") for name in AdvanceForm().fields}
    given["id"] = given["id"] or str(uuid7())
    given["paid_from"] = given["paid_from"] or "safe"
    given["producer_id"] = given["producer_id"] or request.args.get("producer_id", "")
    return Form(given=given)


def _rows() -> list[Row]:
    """Return the typed lines of goods, and empty ones behind them when more were asked for."""
    count = request.form.get("rows", "")
    shown = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else ROWS
    if "more" in request.form:
        shown += ROWS
    return [
        {cell: request.form.get(f"{cell}_{number}", "").strip() for cell in ("product", "quantity")}
        for number in range(1, min(shown, advances.LINES_MAX) + 1)
    ]


def _names(count: int) -> list[str]:
    return [f"{cell}_{n}" for n in range(1, count + 1) for cell in ("product", "quantity")]


def _goods(rows: list[Row], form: Form) -> list[GoodsAsked]:
    """Read the lines that have something in them; what is wrong goes to its cell."""
    lines = []
    for number, row in enumerate(rows, start=1):
        if not any(row.values()):
            continue
        try:
            read = GoodsForm().load({cell: text for cell, text in row.items() if text})
        except ValidationError as error:
            form.status = 422
            for path, message in flattened(error.messages):
                form.errors.setdefault(f"{path[0]}_{number}", translated(message))
            continue
        lines.append(GoodsAsked(read["product"], read["quantity"]))
    return lines


def _refuse(form: Form, rows: list[Row], refusal: DomainError) -> None:
    """Show a refusal of a line beside its row, any other above the form."""
    filled = [number for number, row in enumerate(rows, start=1) if any(row.values())]
    line_no = refusal.facts.get("line_no")
    if isinstance(line_no, int) and 0 < line_no <= len(filled):
        form.status = refusal.status
        sentence = translated(refusal.detail or refusal.title, refusal.facts)
        form.errors[f"product_{filled[line_no - 1]}"] = sentence
    else:
        form.refuse(refusal)


def _advance_page(form: Form, rows: list[Row], actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "payouts/advance_new.html",
        form=form,
        errors=form.errors,
        rows=rows,
        more=len(rows) < advances.LINES_MAX,
        producers=producer_choices(actor),
        products=catalogue.shelf(actor.centre_id),
        shifts=cash_drawers.choices(actor.centre_id),
    )
    return page, form.status
