"""Goods going back to their supplier as pages: the form of an intake, the list, one return."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError

from accounting.services import cash_drawers, ledger
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.paging import all_items
from core.sheets import Cell
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.sheets import baht_figure, csv_response
from inventory.pages.blueprint import blueprint
from inventory.pages.places import place_options
from inventory.pages.purchase_orders import Row, cell_names, mark, refuse_line
from inventory.schemas.buying import ReturnForm, ReturnLineForm
from inventory.services import locations, receipts
from inventory.services.buying import supplier_returns
from inventory.services.buying.supplier_returns import (
    Returnable,
    ReturnGoods,
    ReturnLine,
    SupplierReturnDoc,
)
from members.services import access

CELLS = ("lot", "quantity")
FILE_MAX = 5_000


@blueprint.get("/supplier-returns")
def supplier_return_list(centre_id: int) -> str:
    """Show returns to suppliers, newest first; of one supplier if named."""
    actor = current_actor(centre_id)
    whose = uuid_or_none(request.args.get("supplier", ""))
    page = supplier_returns.listing(actor, window(), sought(), producer_id=whose)
    return render_template(
        "buying/returns.html",
        **listed(page, "inventory.supplier_return_list", centre_id=centre_id, supplier=whose),
    )


@blueprint.get("/supplier-returns.csv")
def supplier_return_file(centre_id: int) -> Response:
    """Return the returns as a file, as they are narrowed."""
    actor, wanted = current_actor(centre_id), sought()
    headings: list[Cell] = [
        *(_("Number"), _("Date"), _("Supplier"), _("Intake"), _("Reason")),
        *(_("Amount (baht)"), _("Used (baht)")),
    ]
    rows: list[list[Cell]] = [
        [
            *(one.return_no, one.business_date, one.producer.name, one.receipt_no, one.reason),
            *(baht_figure(one.amount_satang), baht_figure(one.used_satang)),
        ]
        for one in all_items(lambda some: supplier_returns.listing(actor, some, wanted), FILE_MAX)
    ]
    return csv_response("supplier-returns", headings, rows)


@blueprint.get("/supplier-returns/<uuid:return_id>")
def supplier_return(centre_id: int, return_id: UUID) -> str:
    """Show a return with its entry."""
    actor = current_actor(centre_id)
    found: SupplierReturnDoc = supplier_returns.get(return_id, actor)
    return render_template(
        "buying/return.html",
        found=found,
        entries=ledger.entry_of(centre_id, supplier_returns.SOURCE, return_id),
    )


@blueprint.route("/intakes/<uuid:receipt_id>/return", methods=["GET", "POST"])
def supplier_return_new(centre_id: int, receipt_id: UUID) -> ResponseReturnValue:
    """Send goods of an intake back."""
    actor = current_actor(centre_id)
    access.require(actor, "purchase.return")
    place = uuid_or_none(request.values.get("location_id", ""))
    lots = supplier_returns.returnable(receipt_id, actor, place)
    if request.method != "POST":
        given = {"id": str(uuid7()), "settled": "credit", "location_id": str(place or "")}
        return _form(Form(given=given), receipt_id, lots, _empty(lots), actor)
    rows = [
        {"lot": str(lot.lot_id), "quantity": request.form.get(f"quantity_{n}", "").strip()}
        for n, lot in enumerate(lots, start=1)
    ]
    form = read_form(ReturnForm, keep=cell_names(CELLS, len(rows)))
    lines = _lines(rows, form)
    if form.ok:
        command = ReturnGoods(goods_receipt_id=receipt_id, lines=tuple(lines), **form.data)
        try:
            found = in_transaction(supplier_returns.record, command, actor)
        except DomainError as refusal:
            refuse_line(form, refusal, [row if row["quantity"] else {} for row in rows], "quantity")
        else:
            flash(_("Sent back under %(number)s.", number=found.return_no), "success")
            where = url_for("inventory.supplier_return", centre_id=centre_id, return_id=found.id)
            return redirect(where, 303)
    return _form(form, receipt_id, lots, rows, actor)


def _empty(lots: list[Returnable]) -> list[Row]:
    return [{"lot": str(lot.lot_id), "quantity": ""} for lot in lots]


def _lines(rows: list[Row], form: Form) -> list[ReturnLine]:
    lines = []
    for number, row in enumerate(rows, start=1):
        if not row["quantity"]:
            continue
        try:
            lines.append(ReturnLineForm().load(row))
        except ValidationError as error:
            mark(form, number, error.messages, ("quantity", "lot"))
    if not lines and not form.errors:
        form.status, form.errors["quantity_1"] = 422, _("Enter at least one line")
    return lines


def _form(
    form: Form, receipt_id: UUID, lots: list[Returnable], rows: list[Row], actor: Actor
) -> ResponseReturnValue:
    ours = [one for one in locations.listing(actor.centre_id) if one.kind in ("shop", "storage")]
    page = render_template(
        "buying/return_form.html",
        form=form,
        errors=form.errors,
        receipt=receipts.get(receipt_id, actor),
        lines=list(zip(lots, rows, strict=True)),
        shifts=cash_drawers.choices(actor.centre_id),
        places=place_options(ours),
    )
    return page, form.status
