"""Suppliers as pages: the list, what is known of each, and the statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import rooms
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.identity import format_thai_id
from core.ids import uuid7
from core.paging import all_items
from core.sheets import Cell
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.sheets import csv_response
from inventory.pages.blueprint import blueprint
from inventory.schemas.buying import SupplierForm
from inventory.services.buying import due, suppliers
from inventory.services.buying.suppliers import SaveSupplier
from members.pages.choices import producer_kinds
from members.services import access

FILE_MAX = 5_000


@blueprint.get("/suppliers")
def supplier_list(centre_id: int) -> str:
    """Show suppliers by name."""
    actor = current_actor(centre_id)
    page = suppliers.listing(actor, window(), sought().text)
    return render_template(
        "buying/suppliers.html",
        **listed(page, "inventory.supplier_list", centre_id=centre_id),
    )


@blueprint.get("/suppliers.csv")
def supplier_file(centre_id: int) -> Response:
    """Return the suppliers shown as a file."""
    actor, text = current_actor(centre_id), sought().text
    headings: list[Cell] = [
        *(_("Number"), _("Name"), _("Phone"), _("Tax ID"), _("Branch")),
        *(_("Registered for VAT"), _("Days to pay"), _("Address")),
    ]
    rows: list[list[Cell]] = [
        [
            one.producer.producer_no,
            one.producer.name,
            one.producer.phone,
            format_thai_id(one.tax_id),
            one.branch_no,
            _("Yes") if one.vat_registered else _("No"),
            one.terms_days,
            one.address,
        ]
        for one in all_items(lambda some: suppliers.listing(actor, some, text), FILE_MAX)
    ]
    return csv_response("suppliers", headings, rows)


@blueprint.route("/suppliers/new", methods=["GET", "POST"])
def supplier_new(centre_id: int) -> ResponseReturnValue:
    """Enter a supplier."""
    actor = current_actor(centre_id)
    access.require(actor, "supplier.change")
    if request.method != "POST":
        return _form(Form(given={"id": str(uuid7()), "kind": "company", "version": "0"}), actor)
    form = read_form(SupplierForm)
    if form.ok and not form.data["name"]:
        form.status, form.errors["name"] = 422, _("Enter the name")
    return _save(form, actor)


@blueprint.route("/suppliers/<uuid:producer_id>/edit", methods=["GET", "POST"])
def supplier_edit(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Change how a producer sells to us; name and phone stand in the register."""
    actor = current_actor(centre_id)
    access.require(actor, "supplier.change")
    known = suppliers.get(producer_id, actor)
    if request.method != "POST":
        given: dict[str, Any] = {
            "id": str(producer_id),
            "version": str(known.version),
            "tax_id": format_thai_id(known.tax_id),
            "branch_no": known.branch_no,
            "vat_registered": "1" if known.vat_registered else "",
            "address": known.address,
            "contact": known.contact,
            "terms_days": str(known.terms_days),
            "withholding": show.percent(known.withholding_basis_points),
        }
        return _form(Form(given=given), actor, known)
    form = read_form(SupplierForm)
    if form.ok:
        form.data |= {"name": "", "id": producer_id}
    return _save(form, actor, known)


@blueprint.get("/suppliers/<uuid:producer_id>")
def supplier(centre_id: int, producer_id: UUID) -> str:
    """Show a supplier: what is open, and every document behind it."""
    actor = current_actor(centre_id)
    found = due.statement(producer_id, actor, window(), sought())
    page = listed(found.rows, "inventory.supplier", centre_id=centre_id, producer_id=producer_id)
    numbers = rooms.numbers_of(
        centre_id, [(row.source_type, row.source_id) for row in found.rows.items]
    )
    return render_template("buying/supplier.html", statement=found, numbers=numbers, **page)


def _save(
    form: Form, actor: Actor, known: suppliers.SupplierDoc | None = None
) -> ResponseReturnValue:
    if form.ok:
        data = dict(form.data)
        command = SaveSupplier(
            producer_id=data.pop("id"),
            withholding_basis_points=data.pop("withholding"),
            **data,
        )
        try:
            saved = in_transaction(suppliers.save, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "success")
            where = url_for(
                "inventory.supplier_list", centre_id=actor.centre_id, q=saved.producer.name
            )
            return redirect(where, 303)
    return _form(form, actor, known)


def _form(
    form: Form, actor: Actor, known: suppliers.SupplierDoc | None = None
) -> ResponseReturnValue:
    page = render_template(
        "buying/supplier_form.html",
        form=form,
        errors=form.errors,
        known=known,
        kinds=producer_kinds(),
        back=url_for("inventory.supplier_list", centre_id=actor.centre_id),
    )
    return page, form.status
