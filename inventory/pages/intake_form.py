"""The form that takes goods in: one head, many rows, no script needed.

What must stay true: nothing typed is ever lost, whatever is refused; sending the form twice takes
the goods in once, because its id is made with the empty form.
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError

from accounting.services import cash_drawers
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.problems import flattened
from core.web.words import translated
from inventory.pages.blueprint import blueprint
from inventory.pages.choices import producer_choices
from inventory.schemas.intake import IntakeForm, IntakeLineForm, check_line
from inventory.services import catalogue, consignment_terms, intake
from inventory.services.intake import LINES_MAX, RecordIntake, RecordIntakeLine
from members.services import access

ROWS = 4
"""How many empty rows a new form has, and how many more a press on the button gives."""

CELLS = ("product", "gross", "tare", "deduction", "grade", "price", "split", "expires")
CELL_OF = {
    "product_id": "product",
    "gross_milli": "gross",
    "unit_cost_satang": "price",
    "split_basis_points": "split",
}
Row = dict[str, str]


@blueprint.route("/intakes/new", methods=["GET", "POST"])
def intake_new(centre_id: int) -> ResponseReturnValue:
    """Take goods in."""
    actor = current_actor(centre_id)
    access.require(actor, "intake.record")
    rows = _rows()
    if request.method != "POST" or "more" in request.form:
        return _page(_unread(), rows, actor)
    form = read_form(IntakeForm, keep=tuple(_names(len(rows))))
    lines = _lines(rows, form)
    if form.ok:
        command = RecordIntake(lines=tuple(lines), **form.data)
        try:
            document = in_transaction(intake.record, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            flash(_("Taken in under %(number)s.", number=document.receipt_no), "success")
            where = url_for("inventory.intake_page", centre_id=centre_id, receipt_id=document.id)
            return redirect(where, 303)
    return _page(form, rows, actor)


def _unread() -> Form:
    """Return the form as it is first shown, or with what was typed when only rows are added."""
    given: dict[str, Any] = {name: request.form.get(name, "") for name in IntakeForm().fields}
    given["id"] = given["id"] or str(uuid7())
    given["kind"] = given["kind"] or "consignment"
    given["paid"] = given["paid"] or "payable"
    given["producer_id"] = given["producer_id"] or request.args.get("producer_id", "")
    return Form(given=given)


def _rows() -> list[Row]:
    """Return the typed rows, and empty ones behind them when more were asked for."""
    count = request.form.get("rows", "")
    shown = min(int(count), LINES_MAX) if count.isascii() and count.isdigit() else ROWS
    if "more" in request.form:
        shown = min(shown + ROWS, LINES_MAX)
    return [
        {cell: request.form.get(f"{cell}_{number}", "").strip() for cell in CELLS}
        for number in range(1, shown + 1)
    ]


def _names(count: int) -> list[str]:
    return ["rows", *(f"{cell}_{number}" for number in range(1, count + 1) for cell in CELLS)]


def _lines(rows: list[Row], form: Form) -> list[RecordIntakeLine]:
    """Read the rows that have something in them; what is wrong goes to its cell."""
    lines = []
    for number, row in enumerate(rows, start=1):
        typed = {cell: text for cell, text in row.items() if text}
        if not typed:
            continue
        try:
            line = IntakeLineForm().load(typed)
        except ValidationError as error:
            _mark(form, number, error.messages)
            continue
        if wrong := check_line(form.given.get("kind", ""), line):
            _mark(form, number, {CELL_OF[name]: found for name, found in wrong.items()})
        lines.append(line)
    if not lines and not form.errors:
        form.status = 422
        form.errors["product_1"] = _("Enter at least one line")
    return lines


def _mark(form: Form, number: int, messages: Any) -> None:
    form.status = 422
    for path, message in flattened(messages):
        name = path[0] if path and path[0] in CELLS else "product"
        form.errors.setdefault(f"{name}_{number}", translated(message))


def _refuse(form: Form, refusal: DomainError) -> None:
    """Show a refusal of a line beside its row, any other above the form."""
    filled = [number for number, row in enumerate(_rows(), start=1) if any(row.values())]
    line_no = refusal.facts.get("line_no")
    if isinstance(line_no, int) and 0 < line_no <= len(filled):
        sentence = translated(refusal.detail or refusal.title, refusal.facts)
        form.status = refusal.status
        form.errors[f"gross_{filled[line_no - 1]}"] = sentence
    else:
        form.refuse(refusal)


def _page(form: Form, rows: list[Row], actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "inventory/intake_new.html",
        form=form,
        errors=form.errors,
        rows=rows,
        more=len(rows) < LINES_MAX,
        producers=producer_choices(actor),
        products=catalogue.shelf(actor.centre_id),
        terms=consignment_terms.for_intake(actor),
        shifts=cash_drawers.choices(actor.centre_id),
    )
    return page, form.status
