"""Purchase vouchers as pages: the form for a payment, the list, one voucher and its paper."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.identity import format_thai_id
from core.ids import uuid7
from core.paging import all_items
from core.sheets import Cell
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from core.web.sheets import baht_figure, csv_response
from inventory.models import VOUCHER_SOURCES
from inventory.pages.blueprint import blueprint
from inventory.schemas.buying import VoucherForm
from inventory.services.buying import vouchers
from inventory.services.buying.vouchers import Draft, MakeVoucher

FILE_MAX = 5_000


@blueprint.get("/purchase-vouchers")
def purchase_voucher_list(centre_id: int) -> str:
    """Show purchase vouchers, newest first."""
    page = vouchers.listing(current_actor(centre_id), window(), sought())
    return render_template(
        "buying/vouchers.html",
        **listed(page, "inventory.purchase_voucher_list", centre_id=centre_id),
    )


@blueprint.get("/purchase-vouchers.csv")
def purchase_voucher_file(centre_id: int) -> Response:
    """Return the vouchers shown as a file, without the sellers' own numbers."""
    actor, wanted = current_actor(centre_id), sought()
    headings: list[Cell] = [
        *(_("Number"), _("Date"), _("Seller"), _("Address"), _("Amount (baht)"), _("Printed")),
    ]
    rows: list[list[Cell]] = [
        [
            *(one.voucher_no, one.business_date, one.payee_name, one.payee_address),
            *(baht_figure(one.amount_satang), one.prints),
        ]
        for one in all_items(lambda some: vouchers.listing(actor, some, wanted), FILE_MAX)
    ]
    return csv_response("purchase-vouchers", headings, rows)


@blueprint.route(
    "/purchase-vouchers/new/<string:source_type>/<uuid:source_id>", methods=["GET", "POST"]
)
def purchase_voucher_new(centre_id: int, source_type: str, source_id: UUID) -> ResponseReturnValue:
    """Make the voucher of a payment, or go to the one there is."""
    actor = current_actor(centre_id)
    if source_type not in VOUCHER_SOURCES:
        raise NotFound
    draft = vouchers.draft(source_type, source_id, actor)
    known = vouchers.made_for(source_type, source_id, centre_id)
    if known is not None:
        return _to(known, actor)
    if request.method != "POST":
        given = {"id": str(uuid7()), "payee_address": draft.payee_address}
        return _form(Form(given=given), draft)
    form = read_form(VoucherForm)
    if form.ok:
        command = MakeVoucher(source_type=source_type, source_id=source_id, **form.data)
        try:
            made = in_transaction(vouchers.make, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Purchase voucher %(number)s is made.", number=made.voucher_no), "success")
            return _to(made.id, actor)
    return _form(form, draft)


@blueprint.get("/purchase-vouchers/<uuid:voucher_id>")
def purchase_voucher(centre_id: int, voucher_id: UUID) -> str:
    """Show a voucher, the seller's number masked."""
    found = vouchers.get(voucher_id, current_actor(centre_id))
    return render_template("buying/voucher.html", voucher=found)


@blueprint.post("/purchase-vouchers/<uuid:voucher_id>/print")
def purchase_voucher_print(centre_id: int, voucher_id: UUID) -> ResponseReturnValue:
    """Count a print and return the paper, A4, always in Thai; copies say so."""
    actor = current_actor(centre_id)
    printed = in_transaction(vouchers.print_once, voucher_id, actor)
    found = printed.voucher
    with force_locale("th"):
        html = render_template(
            "documents/purchase_voucher.html",
            locale="th",
            voucher=found,
            national_id=format_thai_id(printed.national_id),
            number=found.voucher_no,
            document_date=found.business_date,
            reprint=printed.print_no - 1,
            amount_words=baht_text(found.amount_satang),
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.voucher_no}.pdf"'
    return response


def _to(voucher_id: UUID, actor: Actor) -> ResponseReturnValue:
    where = url_for("inventory.purchase_voucher", centre_id=actor.centre_id, voucher_id=voucher_id)
    return redirect(where, 303)


def _form(form: Form, draft: Draft) -> ResponseReturnValue:
    page = render_template("buying/voucher_form.html", form=form, errors=form.errors, draft=draft)
    return page, form.status
