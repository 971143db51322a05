"""Intakes as pages: the list, one document with its entry, its printed slip, its cancellation."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.services import cash_drawers, ledger
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from inventory.pages.blueprint import blueprint
from inventory.schemas.intake import CancelIn
from inventory.services import documents, intake, receipts
from inventory.services.cancellation import SOURCE as CANCELLATION
from inventory.services.cancellation import CancelIntake
from inventory.services.receipts import GoodsReceiptDoc
from members.services import access


@blueprint.get("/intakes")
def intakes(centre_id: int) -> str:
    """Show intakes, newest first."""
    actor = current_actor(centre_id)
    page = intake.listing(actor, window(), sought())

    return render_template(
        "inventory/intakes.html",
        **listed(page, "inventory.intakes", centre_id=centre_id),
    )


@blueprint.get("/intakes/<uuid:receipt_id>")
def intake_page(centre_id: int, receipt_id: UUID) -> ResponseReturnValue:
    """Show an intake with its lots, its moves and its entries."""
    return _page(receipt_id, Form(), current_actor(centre_id))


@blueprint.get("/intake-cancellations/<uuid:cancellation_id>")
def cancellation(centre_id: int, cancellation_id: UUID) -> ResponseReturnValue:
    """Go to the intake that a cancellation took back: both are one page."""
    current_actor(centre_id)
    receipt_id = documents.cancelled_receipt(centre_id, cancellation_id)
    return redirect(url_for("inventory.intake_page", centre_id=centre_id, receipt_id=receipt_id))


@blueprint.post("/intakes/<uuid:receipt_id>/cancel")
def intake_cancel(centre_id: int, receipt_id: UUID) -> ResponseReturnValue:
    """Take an intake back whole, and say why."""
    actor = current_actor(centre_id)
    access.require(actor, "intake.cancel")
    form = read_form(CancelIn)
    if form.ok:
        asked: CancelIntake = form.data["command"]
        command = CancelIntake(receipt_id, asked.reason, asked.shift_id)
        try:
            in_transaction(intake.cancel, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The intake was cancelled; the goods go back to the producer."), "success")
            where = url_for("inventory.intake_page", centre_id=centre_id, receipt_id=receipt_id)
            return redirect(where, 303)
    return _page(receipt_id, form, actor)


@blueprint.get("/intakes/<uuid:receipt_id>/slip.pdf")
def intake_slip(centre_id: int, receipt_id: UUID) -> ResponseReturnValue:
    """Return the intake slip to print and sign: A5, or A4 with `?paper=a4`."""
    actor = current_actor(centre_id)
    found = receipts.get(receipt_id, actor)
    html = render_template(
        "documents/intake_slip.html",
        receipt=found,
        number=found.receipt_no,
        document_date=found.business_date,
        cancelled=found.cancellation is not None,
        amount_words=baht_text(found.owed_satang),
        paper="a4" if request.args.get("paper") == "a4" else "a5",
    )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.receipt_no}.pdf"'
    return response


def _page(receipt_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = receipts.get(receipt_id, actor)
    page = render_template(
        "inventory/intake.html",
        receipt=found,
        entries=_entries(found, actor),
        form=form,
        errors=form.errors,
        shifts=_shifts_of_till(found, actor),
    )
    return page, form.status


def _entries(found: GoodsReceiptDoc, actor: Actor) -> list[ledger.EntryCard]:
    entries = ledger.entry_of(actor.centre_id, receipts.SOURCE, found.id)
    if found.cancellation is not None:
        entries += ledger.entry_of(actor.centre_id, CANCELLATION, found.cancellation.id)
    return entries


def _shifts_of_till(found: GoodsReceiptDoc, actor: Actor) -> list[tuple[str, str]]:
    """Return the open shifts of the till that paid, for putting the money back."""
    if found.till_id is None:
        return []
    return [
        (str(drawer.shift_id), drawer.label)
        for drawer in cash_drawers.opened(actor.centre_id)
        if drawer.till_id == found.till_id
    ]
