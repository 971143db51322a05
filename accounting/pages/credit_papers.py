"""Papers of sale on account: a member's statement, reminders; and debts given up.

What must stay true: papers are Thai and say what the books say at the moment they are printed.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.rules.chart import Purpose
from accounting.schemas.credit import DecideForm
from accounting.services import ledger
from accounting.services.credit import accounts, bills, due, write_offs
from accounting.services.purse import holding, reading
from core import clock
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from members.services import access, members


def pdf(template: str, name: str, actor: Actor, **values: Any) -> ResponseReturnValue:
    """Return a document in Thai as a PDF the browser shows."""
    with force_locale("th"):
        html = current_app.jinja_env.get_template(template).render(
            centre=actor.centre, locale="th", document_date=clock.today(), **values
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@blueprint.get("/credit/members/<uuid:member_id>/statement.pdf")
def credit_statement(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Return a member's statement: what moved, what is open, what the purse holds."""
    actor = current_actor(centre_id)
    card = accounts.get(member_id, actor)
    member = members.names(centre_id, [member_id])[member_id]
    return pdf(
        "documents/credit_statement.html",
        f"credit-{member.member_no}",
        actor,
        number=member.member_no,
        member=member,
        card=card,
        bills=bills.listing(centre_id, [member_id]),
        older=bills.older(centre_id, member_id),
        purse=holding.balance(centre_id, member_id),
        moves=reading.movements(centre_id, Purpose.MEMBER_RECEIVABLE, member_id),
        amount_words=baht_text(max(card.owed_satang, 0)),
    )


@blueprint.get("/credit/reminders.pdf")
def credit_reminders(centre_id: int) -> ResponseReturnValue:
    """Return the list of whom to remind, with what is overdue of each."""
    actor = current_actor(centre_id)
    rows = due.everybody(actor, only_overdue=True)
    numbers = {bill.id: bill.number for bill in bills.listing(centre_id)}
    return pdf(
        "documents/credit_reminders.html",
        "credit-reminders",
        actor,
        rows=rows,
        numbers=numbers,
        today=clock.today(),
        total=sum(one.overdue_satang for one in rows),
    )


# --- debts given up ----------------------------------------------------------------------------


@blueprint.get("/credit/write-offs")
def credit_write_offs(centre_id: int) -> str:
    """Show debts given up or proposed, newest first."""
    actor = current_actor(centre_id)
    states = [
        *(("waiting", _("Waits for a second person")), ("approved", _("Written off"))),
        ("dropped", _("Dropped")),
    ]
    page = write_offs.listing(actor, window(), sought(states))
    return render_template(
        "credit/write_offs.html",
        **listed(page, "accounting.credit_write_offs", centre_id=centre_id),
    )


@blueprint.route("/credit/write-offs/<uuid:write_off_id>", methods=["GET", "POST"])
def credit_write_off(centre_id: int, write_off_id: UUID) -> ResponseReturnValue:
    """Show a debt to be given up; agree to it as a second person, or drop it."""
    actor = current_actor(centre_id)
    form = Form()
    if request.method == "POST":
        access.require(actor, "credit.write_off")
        form = read_form(DecideForm)
    if form.data:
        agreed = form.data["decision"] == "approve"
        try:
            in_transaction(write_offs.approve if agreed else write_offs.drop, write_off_id, actor)
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            flash(_("The debt was given up.") if agreed else _("The proposal was dropped."))
            where = url_for(
                "accounting.credit_write_off", centre_id=centre_id, write_off_id=write_off_id
            )
            return redirect(where, 303)
    page = render_template(
        "credit/write_off.html",
        doc=write_offs.get(write_off_id, actor),
        entries=ledger.entry_of(centre_id, write_offs.SOURCE, write_off_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status
