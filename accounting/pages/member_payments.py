"""Paying members as pages: who is owed what, the payment, its voucher, and taking it back.

What must stay true: nothing typed is lost when a payment is refused, and sending the form twice
pays once, because its id is made with the empty form.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.schemas.member_payments import (
    PAYING,
    ChoiceForm,
    PayMemberForm,
    TakeBackForm,
    item_of,
    key_of,
)
from accounting.services import cash_drawers, ledger
from accounting.services.member_payments import (
    choices,
    documents,
    overview,
    paying,
    taking_back,
)
from accounting.services.member_payments.choices import Choice
from accounting.services.member_payments.overview import MemberPage
from accounting.services.member_payments.paying import PayMember
from accounting.services.member_payments.taking_back import TakeBack
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.paging import Page, Window
from core.payment_ids import BANKS
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.pdf import render_pdf
from members.services import access

SEARCH_MAX = 80


@blueprint.get("/member-payments")
def member_payments(centre_id: int) -> str:
    """Show who is owed dividends and refunds; find a member by nickname, name or number."""
    actor = current_actor(centre_id)
    text, part = sought().text, window()
    page = Page(tuple(overview.found(actor, text))) if text else overview.listing(actor, part)
    return render_template(
        "member_payments/overview.html",
        text=text,
        totals=overview.totals(actor),
        credit_id=uuid7(),
        **listed(page, "accounting.member_payments", centre_id=centre_id),
    )


@blueprint.get("/member-payments/paid")
def member_payments_paid(centre_id: int) -> str:
    """Show the payments made, newest first."""
    actor = current_actor(centre_id)
    page = documents.listing(actor, window(), sought())

    return render_template(
        "member_payments/paid.html",
        **listed(page, "accounting.member_payments_paid", centre_id=centre_id),
    )


# --- one member ------------------------------------------------------------------------------


@blueprint.route("/member-payments/members/<uuid:member_id>", methods=["GET", "POST"])
def member_due(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Show what one member is owed, and pay it."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _member_page(member_id, Form(), actor)
    access.require(actor, "member_payment.record")
    form = read_form(PayMemberForm)
    if form.ok:
        command = PayMember(member_id=member_id, **form.data)
        try:
            document = in_transaction(paying.pay, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Paid under %(number)s.", number=document.payment_no), "success")
            where = url_for(
                "accounting.member_payment", centre_id=centre_id, payment_id=document.id
            )
            return redirect(where, 303)
    return _member_page(member_id, form, actor)


def _member_page(member_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    found = overview.member(member_id, actor)
    keys = [_key(item) for item in found.payee.items]
    if not form.given:
        form.given = {"id": str(uuid7()), "items": keys, "how": _usual_way(found)}
        if found.state == "died":
            name, relation = (found.heirs or (("", ""),))[0]
            form.given |= {
                "recipient_kind": "heir",
                "recipient_name": name,
                "recipient_relation": relation,
            }
    ticked = form.given.get("items", [])
    page = render_template(
        "member_payments/member.html",
        found=found,
        payee=found.payee,
        member=found.payee.member,
        rows=list(zip(keys, found.payee.items, strict=True)),
        ticked=ticked,
        sum_satang=sum(item_of(key).satang for key in ticked if key in keys),
        shifts=cash_drawers.choices(actor.centre_id),
        paid=documents.listing(actor, Window(), member_id=member_id).items,
        form=form,
        errors=form.errors,
    )
    return page, form.status


def _key(item: Any) -> str:
    return key_of(item.run_id, item.member_id, item.dividend_satang, item.patronage_satang)


def _usual_way(found: MemberPage) -> str:
    """Return how the member chose to be paid, cash from the safe without a choice."""
    way = found.payee.choice.way
    if found.state == "died" or way not in PAYING:
        return "safe"
    return way


@blueprint.route("/member-payments/members/<uuid:member_id>/choice", methods=["GET", "POST"])
def member_pay_choice(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Keep how a member wants to be paid."""
    actor = current_actor(centre_id)
    access.require(actor, "member_payment.record")
    found = overview.member(member_id, actor)
    known = choices.get(member_id, actor)
    form = read_form(ChoiceForm) if request.method == "POST" else Form()
    if form.given and form.ok:
        try:
            in_transaction(choices.save, member_id, Choice(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Kept: how the member is paid."), "success")
            where = url_for("accounting.member_due", centre_id=centre_id, member_id=member_id)
            return redirect(where, 303)
    if not form.given:
        form.given = {name: getattr(known, name) for name in Choice.__dataclass_fields__}
    english = show.language() == "en"
    page = render_template(
        "member_payments/choice.html",
        member=found.payee.member,
        form=form,
        errors=form.errors,
        banks=[(code, f"{names[english]} ({code})") for code, names in BANKS.items()],
    )
    return page, form.status


# --- one payment -----------------------------------------------------------------------------


@blueprint.get("/member-payments/<uuid:payment_id>")
def member_payment(centre_id: int, payment_id: UUID) -> ResponseReturnValue:
    """Show a payment with its entries."""
    return _payment_page(payment_id, Form(), current_actor(centre_id))


def _payment_page(payment_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "member_payments/payment.html",
        payment=documents.get(payment_id, actor),
        entries=ledger.entry_of(actor.centre_id, documents.SOURCE, payment_id),
        shifts=cash_drawers.choices(actor.centre_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


@blueprint.post("/member-payments/<uuid:payment_id>/take-back")
def member_payment_take_back(centre_id: int, payment_id: UUID) -> ResponseReturnValue:
    """Take a payment back, with the reason."""
    actor = current_actor(centre_id)
    access.require(actor, "member_payment.record")
    form = read_form(TakeBackForm)
    if form.ok:
        try:
            in_transaction(taking_back.take_back, TakeBack(payment_id, **form.data), actor)
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            flash(_("Taken back: the member's money is due again."), "success")
            where = url_for("accounting.member_payment", centre_id=centre_id, payment_id=payment_id)
            return redirect(where, 303)
    return _payment_page(payment_id, form, actor)


@blueprint.get("/member-payments/<uuid:payment_id>/voucher.pdf")
def member_payment_voucher(centre_id: int, payment_id: UUID) -> ResponseReturnValue:
    """Return the voucher to print and sign: A5, or A4 with `?paper=a4`; always in Thai."""
    actor = current_actor(centre_id)
    found = documents.get(payment_id, actor)
    with force_locale("th"):
        html = current_app.jinja_env.get_template("documents/member_payment.html").render(
            centre=actor.centre,
            locale="th",
            payment=found,
            number=found.payment_no,
            document_date=found.business_date,
            cancelled=found.reversal is not None,
            amount_words=baht_text(found.satang),
            paper="a4" if request.args.get("paper") == "a4" else "a5",
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{found.payment_no}.pdf"'
    return response
