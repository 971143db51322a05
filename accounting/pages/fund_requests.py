"""Requests to funds as pages: asked, decided by the committee, paid with a voucher to sign.

What must stay true: nothing typed is lost when a request is refused; who may not see names is
shown initials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages import fund_words
from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.rules.chart import Purpose
from accounting.rules.funds import FUNERAL, RETURNED
from accounting.schemas.funds import PayForm, ReasonForm, RequestForm
from accounting.services import chart, ledger
from accounting.services.funds import (
    asking,
    custody,
    deciding,
    paying,
    recipients,
    register,
    rounds,
)
from accounting.services.funds.asking import AskFund, RequestCard
from accounting.services.funds.paying import PayRequest
from accounting.services.funds.recipients import Recipient
from core import clock
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7, uuid_or_none
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, window
from members.services import access


@blueprint.get("/fund-requests")
def fund_requests(centre_id: int) -> str:
    """Show the requests by where they stand, the latest first."""
    actor = current_actor(centre_id)
    state = request.args.get("state", "")
    state = state if state in asking.STATES else ""
    fund_id = uuid_or_none(request.args.get("fund"))
    page = asking.listing(actor, window(), state=state or None, fund_id=fund_id)

    return render_template(
        "funds/requests.html",
        state=state,
        fund_id=fund_id,
        counts=asking.counts(centre_id),
        **listed(
            page, "accounting.fund_requests", centre_id=centre_id, state=state or None, fund=fund_id
        ),
        **fund_words.context(centre_id),
    )


@blueprint.route("/fund-requests/new", methods=["GET", "POST"])
def fund_request_new(centre_id: int) -> ResponseReturnValue:
    """Write a request down."""
    actor = current_actor(centre_id)
    access.require(actor, "fund_request.record")
    form = Form(
        given={
            "id": str(uuid7()),
            "fund_id": request.args.get("fund", ""),
            "round_id": request.args.get("round", ""),
            "case_id": request.args.get("case", ""),
            "category": "youth",
        }
    )
    if request.method == "POST":
        form = read_form(RequestForm)
        if form.ok:
            try:
                made = in_transaction(_ask, dict(form.data), actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Recorded under %(number)s.", number=made.request_no), "success")
                where = url_for("accounting.fund_request", centre_id=centre_id, request_id=made.id)
                return redirect(where, 303)
    words = fund_words.context(centre_id)
    page = render_template(
        "funds/request_new.html",
        form=form,
        errors=form.errors,
        fund_options=fund_words.fund_options(centre_id),
        village_options=fund_words.village_options(centre_id),
        **_links(actor),
        **words,
    )
    return page, form.status


def _links(actor: Actor) -> dict[str, Any]:
    """Return the rounds and deaths a request may belong to, for who may read the funds."""
    try:
        listed = rounds.listing(actor)
    except DomainError:
        return {"round_options": [], "case_options": []}
    funeral = [
        one
        for one in register.listing(actor.centre_id, of_members=False)
        if one.kind == FUNERAL and one.active
    ]
    return {
        "round_options": [(str(one.id), f"{one.round_no} {one.title}") for one in listed],
        "case_options": [
            (str(case.id), f"{case.case_no} {case.deceased_name}")
            for one in funeral
            for case in custody.cases(one.id, actor)
        ],
    }


def _ask(data: dict[str, Any], actor: Actor) -> RequestCard:
    member_id = fund_words.member_of(actor.centre_id, data.pop("member_no"))
    names = ("name", "category", "village_id", "minor", "guardian_name", "guardian_relation")
    who = Recipient(**{name: data.pop(name) for name in names}, member_id=member_id)
    amount = data.pop("amount")
    return asking.ask(AskFund(recipient=who, amount_satang=amount, **data), actor)


@blueprint.get("/fund-requests/<uuid:request_id>")
def fund_request(centre_id: int, request_id: UUID) -> ResponseReturnValue:
    """Show a request, who decided what, and what can be done with it."""
    return request_page(request_id, Form(), current_actor(centre_id))


def request_page(request_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    """Return a request's page, with what was refused on it."""
    centre_id = actor.centre_id
    view = asking.get(request_id, actor)
    card = view.card
    fund = register.card(centre_id, card.fund_id)
    grant = paying.card(centre_id, card.grant_id) if card.grant_id else None
    others = deciding.promised(centre_id, fund.id)
    if card.state == asking.APPROVED:
        others -= card.amount_satang
    costs = fund.purpose is Purpose.RESTRICTED_GRANTS and card.purpose != RETURNED
    page = render_template(
        "funds/request.html",
        view=view,
        card=card,
        fund=fund,
        grant=grant,
        entries=ledger.entry_of(centre_id, paying.SOURCE, grant.id) if grant else [],
        promised=others,
        free=view.held_satang - others,
        mine=actor.user_id is not None and actor.user_id == card.requested_by,
        said=any(one.decided_by == actor.user_id for one in view.decisions),
        pay_given=form.given if "paid_from" in form.given else _pay_given(fund.kind == FUNERAL),
        kept=list(fund_words.places(fund).items()),
        costs=[
            (str(one.id), f"{one.code} {one.name_th}")
            for one in chart.listing(centre_id)
            if costs and one.type == "expense" and one.active and not one.control_key
        ],
        form=form,
        errors=form.errors,
        **fund_words.context(centre_id),
    )
    return page, form.status


def _pay_given(apart: bool) -> dict[str, str]:
    place = "apart" if apart else "safe"
    return {"id": str(uuid7()), "paid_from": place, "business_date": typed(clock.today())}


# --- the committee -----------------------------------------------------------------------------


@blueprint.post("/fund-requests/<uuid:request_id>/approve")
def fund_request_approve(centre_id: int, request_id: UUID) -> ResponseReturnValue:
    """Say yes."""
    actor = current_actor(centre_id)
    return _do(
        request_id,
        Form(),
        lambda: in_transaction(deciding.approve, request_id, actor),
        _("Your yes is recorded."),
        actor,
    )


@blueprint.post("/fund-requests/<uuid:request_id>/refuse")
def fund_request_refuse(centre_id: int, request_id: UUID) -> ResponseReturnValue:
    """Say no, for a reason."""
    actor, form = current_actor(centre_id), read_form(ReasonForm)
    access.require(actor, "fund_request.approve")
    return _do(
        request_id,
        form,
        lambda: in_transaction(deciding.refuse, request_id, form.data["reason"], actor),
        _("The request is refused."),
        actor,
    )


@blueprint.post("/fund-requests/<uuid:request_id>/withdraw")
def fund_request_withdraw(centre_id: int, request_id: UUID) -> ResponseReturnValue:
    """Take a request back before it is paid."""
    actor, form = current_actor(centre_id), read_form(ReasonForm)
    access.require(actor, "fund_request.record")
    return _do(
        request_id,
        form,
        lambda: in_transaction(deciding.withdraw, request_id, form.data["reason"], actor),
        _("The request is withdrawn."),
        actor,
    )


@blueprint.post("/fund-requests/<uuid:request_id>/forget")
def fund_request_forget(centre_id: int, request_id: UUID) -> ResponseReturnValue:
    """Erase the names of somebody helped who is no member; a member is erased as a person."""
    actor = current_actor(centre_id)
    recipient = asking.get(request_id, actor).card.recipient
    if recipient is None:
        raise NotFound(what="fund_recipient")
    return _do(
        request_id,
        Form(),
        lambda: in_transaction(recipients.erase, recipient.id, actor),
        _("The names are erased; the papers stay."),
        actor,
    )


@blueprint.post("/fund-requests/<uuid:request_id>/pay")
def fund_request_pay(centre_id: int, request_id: UUID) -> ResponseReturnValue:
    """Pay an approved request."""
    actor, form = current_actor(centre_id), read_form(PayForm)
    access.require(actor, "fund_grant.pay")
    return _do(
        request_id,
        form,
        lambda: in_transaction(paying.pay, PayRequest(request_id=request_id, **form.data), actor),
        _("Paid. Print the voucher and let it be signed."),
        actor,
    )


def _do(
    request_id: UUID, form: Form, work: Callable[[], Any], done: str, actor: Actor
) -> ResponseReturnValue:
    if form.ok:
        try:
            work()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done, "success")
            where = url_for(
                "accounting.fund_request", centre_id=actor.centre_id, request_id=request_id
            )
            return redirect(where, 303)
    return request_page(request_id, form, actor)


# --- the payment -------------------------------------------------------------------------------


@blueprint.get("/fund-grants/<uuid:grant_id>")
def fund_grant(centre_id: int, grant_id: UUID) -> ResponseReturnValue:
    """Show a payment on the page of its request."""
    return grant_page(grant_id, Form(), current_actor(centre_id))


def grant_page(grant_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    """Return the page of a payment's request, with what was refused on it."""
    return request_page(paying.get(grant_id, actor).request_id, form, actor)


@blueprint.get("/fund-grants/<uuid:grant_id>/voucher.pdf")
def fund_voucher(centre_id: int, grant_id: UUID) -> ResponseReturnValue:
    """Return the voucher of a payment, to print and sign, on A5."""
    actor = current_actor(centre_id)
    grant = paying.get(grant_id, actor)
    view = asking.get(grant.request_id, actor)
    return fund_words.paper(
        "documents/fund_voucher.html",
        grant.grant_no,
        document_date=grant.business_date,
        cancelled=grant.reversed_reason is not None,
        grant=grant,
        view=view,
        card=view.card,
        amount_words=baht_text(grant.amount_satang),
        **fund_words.context(centre_id),
    )
