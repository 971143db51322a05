"""Receipts and refunds as pages: the list, the document, the printed slip and its PDF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked, typed
from accounting.services import ledger
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.paging import LIMIT_MAX, Window
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.lists import listed, window
from core.web.pdf import render_roll_pdf
from core.web.sheets import Cell, baht_figure, csv_response
from inventory.services import stock, supply
from members.services import users
from pos.models import PAYMENT_METHODS
from pos.pages import remarks
from pos.pages.blueprint import blueprint
from pos.pages.day_sheet import name_of
from pos.pages.day_takings import tender_words
from pos.schemas.sales_list import SalesArgs
from pos.services import receipts, refund, sales_list, tills
from pos.services.receipts import Receipt
from pos.services.sales_list import Wanted


@blueprint.get("/sales")
def sales(centre_id: int) -> ResponseReturnValue:
    """Show sales, newest first; a receipt number opens its sale."""
    actor = current_actor(centre_id)
    form = asked(SalesArgs())
    number = form.data.get("receipt_no") or ""
    refusal: DomainError | None = None
    if number:
        try:
            found = receipts.find(number, actor)
            return redirect(url_for("pos.sale", centre_id=centre_id, sale_id=found.id))
        except DomainError as error:
            refusal = error
    wanted = _wanted(form)
    kept = _kept(form)
    page = sales_list.listing(actor, window(), wanted)
    shown = render_template(
        "pos/sales.html",
        form=form,
        errors=form.errors,
        given=_given(form),
        number=number,
        refusal=refusal,
        kept=kept,
        only=_only(wanted, centre_id),
        tills=[(one.id, f"{one.code} {one.name}") for one in tills.listing(centre_id)],
        methods=[(one, tender_words(one)) for one in PAYMENT_METHODS],
        csv_url=url_for("pos.sales_csv", centre_id=centre_id, **kept),
        **listed(page, "pos.sales", centre_id=centre_id, **kept),
    )
    return shown, form.status


@blueprint.get("/sales.csv")
def sales_csv(centre_id: int) -> ResponseReturnValue:
    """Send the list as a file, as it is narrowed."""
    actor = current_actor(centre_id)
    form = asked(SalesArgs())
    if not form.ok:
        raise NotFound(what="page")
    wanted = _wanted(form)
    first = sales_list.listing(actor, Window(limit=LIMIT_MAX), wanted)

    def rows() -> Iterator[tuple[Cell, ...]]:
        page = first
        while True:
            for one in page.items:
                moment, total = one.occurred_at.isoformat(), baht_figure(one.due_satang)
                yield (one.receipt_no, one.business_date, moment, one.till_code, one.cashier, total)
            if page.next is None:
                return
            page = sales_list.listing(actor, Window(page.next, LIMIT_MAX), wanted)

    headings = (_("Number"), _("Day"), _("Time"), _("Till"), _("Cashier"), _("Total"))
    return csv_response("sales", headings, rows())


def _wanted(form: Form) -> Wanted:
    if not form.ok:
        return Wanted()
    return Wanted(**{name: form.data.get(name) for name in Wanted.__dataclass_fields__})


def _kept(form: Form) -> dict[str, Any]:
    """Return what the reader chose, for the address of the next page."""
    return {name: value for name, value in form.given.items() if name != "receipt_no" and form.ok}


def _given(form: Form) -> dict[str, str]:
    """Return what stands in the fields: days as they are typed here."""
    days = {name: typed(form.data.get(key)) for name, key in (("from", "first"), ("to", "last"))}
    return form.given if form.errors else {**form.given, **days}


def _only(wanted: Wanted, centre_id: int) -> list[tuple[str, str, str]]:
    """Return what no field shows: its name in the address, what it is, and its words."""
    found = []
    if wanted.cashier is not None:
        name = users.names({wanted.cashier}).get(wanted.cashier, "")
        found.append(("cashier", _("Cashier"), name))
    if wanted.product is not None:
        product = supply.products(centre_id, {wanted.product}).get(wanted.product)
        found.append(("product", _("Product"), name_of(product) if product else ""))
    if wanted.hour is not None:
        found.append(("hour", _("Hour"), f"{wanted.hour:02d}.00–{wanted.hour:02d}.59"))
    return found


@blueprint.get("/sales/<uuid:sale_id>")
def sale(centre_id: int, sale_id: UUID) -> str:
    """Show a sale with its stock moves and its journal entry."""
    actor = current_actor(centre_id)
    receipt = receipts.get(sale_id, actor)
    return render_template(
        "pos/sale.html",
        remark=remarks.in_words,
        receipt=receipt,
        moves=stock.moves_of(centre_id, "sale", sale_id),
        entries=ledger.entry_of(centre_id, "sale", sale_id),
    )


@blueprint.get("/sales/<uuid:sale_id>/receipt")
def receipt(centre_id: int, sale_id: UUID) -> str:
    """Show the slip as it would print now, or as just printed (`?copy=`)."""
    actor = current_actor(centre_id)
    found = receipts.get(sale_id, actor)
    printed = request.args.get("copy", "")
    copy_no = int(printed) if printed.isascii() and printed.isdigit() else found.copies
    return render_template(
        "counter/receipt.html",
        receipt=found,
        copy_no=min(copy_no, found.copies),
        amount_words=baht_text(found.due_satang),
        printing=bool(printed),
    )


@blueprint.post("/sales/<uuid:sale_id>/receipt")
def print_receipt(centre_id: int, sale_id: UUID) -> ResponseReturnValue:
    """Count a print, then show the slip with its mark and open the printer's window."""
    copy_no = in_transaction(receipts.count_print, sale_id, current_actor(centre_id))
    return redirect(url_for("pos.receipt", centre_id=centre_id, sale_id=sale_id, copy=copy_no))


@blueprint.post("/sales/<uuid:sale_id>/receipt.pdf")
def receipt_pdf(centre_id: int, sale_id: UUID) -> ResponseReturnValue:
    """Count a print and return the slip as a PDF for the roll."""
    actor = current_actor(centre_id)
    copy_no = in_transaction(receipts.count_print, sale_id, actor)
    found = receipts.get(sale_id, actor)
    return pdf_of(found, copy_no)


def pdf_of(found: Receipt, copy_no: int) -> ResponseReturnValue:
    """Return the slip of a receipt as a PDF response; `copy_no` 0 is the original."""
    html = render_template(
        "documents/receipt.html",
        receipt=found,
        copy_no=copy_no,
        number=found.receipt_no,
        occurred_at=found.occurred_at,
        reprint=copy_no,
        amount_words=baht_text(found.due_satang),
    )
    response = make_response(render_roll_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.receipt_no}.pdf"'
    return response


@blueprint.get("/refunds/<uuid:refund_id>")
def refund_page(centre_id: int, refund_id: UUID) -> str:
    """Show a refund with its moves and its entry."""
    actor = current_actor(centre_id)
    found = refund.get(refund_id, actor)
    return render_template(
        "pos/refund.html",
        refund=found,
        tender_words=tender_words,
        moves=stock.moves_of(centre_id, "refund", refund_id),
        entries=ledger.entry_of(centre_id, "refund", refund_id),
    )
