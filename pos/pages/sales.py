"""Receipts and refunds as pages: the list, the document, the printed slip and its PDF."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounting.services import ledger
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid_or_none
from core.web.api import page_window
from core.web.auth import current_actor
from core.web.pdf import render_roll_pdf
from inventory.services import stock
from pos.pages.blueprint import blueprint
from pos.services import receipts, refund
from pos.services.receipts import Receipt


@blueprint.get("/sales")
def sales(centre_id: int) -> ResponseReturnValue:
    """Show sales, newest first; a receipt number opens its sale."""
    actor = current_actor(centre_id)
    number = request.args.get("receipt_no", "").strip()[:30]
    refusal: DomainError | None = None
    if number:
        try:
            found = receipts.find(number, actor)
            return redirect(url_for("pos.sale", centre_id=centre_id, sale_id=found.id))
        except DomainError as error:
            refusal = error
    window = page_window(request.args.get("after"))
    after = uuid_or_none(window.after)
    rows = receipts.listing(actor, after=after, limit=window.limit)
    more = len(rows) == window.limit
    return render_template(
        "pos/sales.html",
        rows=rows,
        number=number,
        refusal=refusal,
        first_url=url_for("pos.sales", centre_id=centre_id) if after else None,
        next_url=url_for("pos.sales", centre_id=centre_id, after=rows[-1].id) if more else None,
    )


@blueprint.get("/sales/<uuid:sale_id>")
def sale(centre_id: int, sale_id: UUID) -> str:
    """Show a sale with its stock moves and its journal entry."""
    actor = current_actor(centre_id)
    receipt = receipts.get(sale_id, actor)
    return render_template(
        "pos/sale.html",
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
        moves=stock.moves_of(centre_id, "refund", refund_id),
        entries=ledger.entry_of(centre_id, "refund", refund_id),
    )
