"""Receiving on an order: what came of each line, what differs and what was decided about it.

What must stay true: nothing typed is ever lost, and a difference is shown before it is accepted.
"""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError

from accounting.services import cash_drawers
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.money import half_up_div
from core.quantity import MILLI
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from inventory.pages.blueprint import blueprint
from inventory.pages.purchase_orders import Row, cell_names, mark, refuse_line
from inventory.schemas.buying import ReceiveForm, ReceiveLineForm
from inventory.services.buying import orders, receiving
from inventory.services.buying.order_documents import OrderDoc, OrderLineDoc
from inventory.services.buying.receiving import (
    OtherPrice,
    OverDelivered,
    ReceiveGoods,
    ReceiveLine,
)
from members.services import access

CELLS = ("quantity", "price", "grade", "expires", "over", "other_price")


@blueprint.route("/purchase-orders/<uuid:order_id>/receive", methods=["GET", "POST"])
def order_receive(centre_id: int, order_id: UUID) -> ResponseReturnValue:
    """Take in what came on an order."""
    actor = current_actor(centre_id)
    access.require(actor, "intake.record")
    order = orders.get(order_id, actor)
    if request.method != "POST":
        form = Form(given={"id": str(uuid7()), "paid": "payable"})
        return _form(form, order, [_first(line) for line in order.lines], actor)
    rows = [
        {cell: request.form.get(f"{cell}_{line.line_no}", "").strip() for cell in CELLS}
        for line in order.lines
    ]
    form = read_form(ReceiveForm, keep=cell_names(CELLS, len(rows)))
    lines = _lines(order, rows, form)
    if form.ok:
        command = ReceiveGoods(
            producer_id=order.producer_id,
            lines=tuple(lines),
            order_id=order_id,
            prices=order.prices,
            **form.data,
        )
        try:
            document = in_transaction(receiving.receive, command, actor)
        except DomainError as refusal:
            _refuse(form, refusal, rows)
        else:
            flash(_("Taken in under %(number)s.", number=document.receipt_no), "success")
            where = url_for("inventory.intake_page", centre_id=centre_id, receipt_id=document.id)
            return redirect(where, 303)
    return _form(form, order, rows, actor)


def open_in_unit(line: OrderLineDoc) -> int:
    """Return what is still expected of a line, in thousandths of the unit it was ordered in."""
    return half_up_div(line.open_milli * MILLI, line.factor_milli)


def _first(line: OrderLineDoc) -> Row:
    """Offer all that is expected at the agreed price; of what came already, nothing."""
    row = dict.fromkeys(CELLS, "")
    row["price"] = show.baht(line.unit_price_satang)
    if line.open_milli:
        row["quantity"] = show.quantity(open_in_unit(line))
    return row


def _lines(order: OrderDoc, rows: list[Row], form: Form) -> list[ReceiveLine]:
    """Read the rows of which something came."""
    lines = []
    for line, row in zip(order.lines, rows, strict=True):
        if not row["quantity"]:
            continue
        typed = {cell: text for cell, text in row.items() if text}
        try:
            read = ReceiveLineForm().load(typed)
        except ValidationError as error:
            mark(form, line.line_no, error.messages, CELLS)
            continue
        lines.append(
            ReceiveLine(
                product_id=line.product_id,
                quantity_milli=read["quantity"],
                unit_price_satang=read["price"],
                unit_id=line.unit_id,
                order_line_no=line.line_no,
                grade=read["grade"],
                expires_on=read["expires"],
                accept_over=read["over"],
                accept_price=read["other_price"],
            )
        )
    if not lines and not form.errors:
        form.status, form.errors["quantity_1"] = 422, _("Enter at least one line")
    return lines


def _refuse(form: Form, refusal: DomainError, rows: list[Row]) -> None:
    """Show a refusal beside its row; a line of which nothing came is no line of the delivery."""
    came: list[Row] = [row if row["quantity"] else {} for row in rows]
    cell = {OverDelivered: "over", OtherPrice: "other_price"}.get(type(refusal), "quantity")
    refuse_line(form, refusal, came, cell)


def _form(form: Form, order: OrderDoc, rows: list[Row], actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "buying/receive.html",
        form=form,
        errors=form.errors,
        order=order,
        lines=[
            (line, row, open_in_unit(line)) for line, row in zip(order.lines, rows, strict=True)
        ],
        shifts=cash_drawers.choices(actor.centre_id),
        claims=actor.centre.tax_on(clock.today()).vat_mode == "registered",
    )
    return page, form.status
