"""Money into funds as pages: the form, the receipt, deaths for which is collected, taking back."""

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
from accounting.rules.funds import FUNERAL
from accounting.schemas.funds import CaseForm, ContributionForm, ReasonForm, RepaymentForm
from accounting.services import ledger
from accounting.services.funds import asking, contributing, custody, moving, paying, register
from accounting.services.funds import taking_back as reversals
from accounting.services.funds.contributing import Contribute
from accounting.services.funds.custody import OpenCase
from accounting.services.funds.taking_back import TakeBack
from core import clock
from core.actor import Actor
from core.baht_text import baht_text
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access


@blueprint.route("/funds/<uuid:fund_id>/contribute", methods=["GET", "POST"])
def fund_contribute(centre_id: int, fund_id: UUID) -> ResponseReturnValue:
    """Receive money for a fund."""
    actor = current_actor(centre_id)
    access.require(actor, "fund.contribute")
    fund = register.card(centre_id, fund_id)
    form = Form()
    if request.method == "POST":
        form = read_form(ContributionForm)
        if form.ok:
            try:
                made = in_transaction(_contribute, fund_id, dict(form.data), actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Recorded under %(number)s.", number=made.contribution_no), "success")
                where = url_for(
                    "accounting.fund_contribution", centre_id=centre_id, contribution_id=made.id
                )
                return redirect(where, 303)
    else:
        form.given = {
            "id": str(uuid7()),
            "source": "member" if fund.kind == FUNERAL else "network",
            "paid_to": "apart" if fund.kind == FUNERAL else "bank",
            "case_id": request.args.get("case", ""),
            "business_date": typed(clock.today()),
        }
    words = fund_words.context(centre_id)
    page = render_template(
        "funds/contribute.html",
        fund=fund,
        form=form,
        errors=form.errors,
        sources=[(key, text) for key, text in words["givers"].items() if key != "repayment"],
        kept=list(fund_words.places(fund).items()),
        village_options=fund_words.village_options(centre_id),
        cases=[
            (str(one.id), f"{one.case_no} {one.deceased_name}")
            for one in (custody.cases(fund_id, actor) if fund.kind == FUNERAL else [])
        ],
        **words,
    )
    return page, form.status


def _contribute(fund_id: UUID, data: dict[str, Any], actor: Actor) -> Any:
    member_id = fund_words.member_of(actor.centre_id, data.pop("member_no"))
    amount = data.pop("amount")
    command = Contribute(fund_id=fund_id, amount_satang=amount, member_id=member_id, **data)
    return contributing.contribute(command, actor)


@blueprint.get("/fund-contributions/<uuid:contribution_id>")
def fund_contribution(centre_id: int, contribution_id: UUID) -> ResponseReturnValue:
    """Show a contribution with its entry."""
    return contribution_page(contribution_id, Form(), current_actor(centre_id))


def contribution_page(contribution_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    """Return a contribution's page, with what was refused on it."""
    found = contributing.get(contribution_id, actor)
    page = render_template(
        "funds/contribution.html",
        paper=found,
        entries=ledger.entry_of(actor.centre_id, contributing.SOURCE, contribution_id),
        form=form,
        errors=form.errors,
        **fund_words.context(actor.centre_id),
    )
    return page, form.status


@blueprint.get("/fund-contributions/<uuid:contribution_id>/receipt.pdf")
def fund_receipt(centre_id: int, contribution_id: UUID) -> ResponseReturnValue:
    """Return the receipt of a contribution, on A5."""
    actor = current_actor(centre_id)
    found = contributing.get(contribution_id, actor)
    rule = register.rule_of(centre_id, found.fund_id)
    return fund_words.paper(
        "documents/fund_receipt.html",
        found.contribution_no,
        document_date=found.business_date,
        cancelled=found.reversed_reason is not None,
        paper=found,
        registration_no=rule.registration_no,
        amount_words=baht_text(found.amount_satang),
        **fund_words.context(centre_id),
    )


@blueprint.get("/fund-transfers/<uuid:transfer_id>")
def fund_transfer(centre_id: int, transfer_id: UUID) -> ResponseReturnValue:
    """Show money carried between funds."""
    return transfer_page(transfer_id, Form(), current_actor(centre_id))


def transfer_page(transfer_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    """Return a transfer's page, with what was refused on it."""
    page = render_template(
        "funds/transfer.html",
        paper=moving.get(transfer_id, actor),
        entries=ledger.entry_of(actor.centre_id, moving.SOURCE, transfer_id),
        form=form,
        errors=form.errors,
        **fund_words.context(actor.centre_id),
    )
    return page, form.status


# --- help paid back ----------------------------------------------------------------------------


@blueprint.route("/fund-grants/<uuid:grant_id>/repay", methods=["GET", "POST"])
def fund_repay(centre_id: int, grant_id: UUID) -> ResponseReturnValue:
    """Take back money of help that was to be paid back."""
    actor = current_actor(centre_id)
    access.require(actor, "fund.contribute")
    grant = paying.card(centre_id, grant_id)
    card = asking.card(grant.request_id, actor)
    fund = register.card(centre_id, grant.fund_id)
    form = Form(given={"id": str(uuid7()), "paid_to": "safe"})
    if request.method == "POST":
        form = read_form(RepaymentForm)
        if form.ok:
            command = Contribute(
                id=form.data["id"],
                fund_id=grant.fund_id,
                source="repayment",
                amount_satang=form.data["amount"],
                paid_to=form.data["paid_to"],
                giver_name=card.request_no,
                village_id=card.recipient.village_id if card.recipient else None,
                grant_id=grant_id,
                note=form.data["note"],
            )
            try:
                made = in_transaction(contributing.contribute, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Recorded under %(number)s.", number=made.contribution_no), "success")
                where = url_for("accounting.fund_request", centre_id=centre_id, request_id=card.id)
                return redirect(where, 303)
    page = render_template(
        "funds/repay.html",
        grant=grant,
        card=card,
        kept=list(fund_words.places(fund).items()),
        form=form,
        errors=form.errors,
        **fund_words.context(centre_id),
    )
    return page, form.status


# --- deaths ------------------------------------------------------------------------------------


@blueprint.route("/funds/<uuid:fund_id>/cases", methods=["GET", "POST"])
def fund_cases(centre_id: int, fund_id: UUID) -> ResponseReturnValue:
    """Show the deaths for which aid is collected; write one down."""
    actor = current_actor(centre_id)
    access.require(actor, "fund.read")
    form = Form(given={"id": str(uuid7()), "died_on": typed(clock.today())})
    if request.method == "POST":
        access.require(actor, "fund.contribute")
        form = read_form(CaseForm)
        if form.ok:
            try:
                made = in_transaction(_open_case, fund_id, dict(form.data), actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Recorded under %(number)s.", number=made.case_no), "success")
                where = url_for("accounting.fund_case", centre_id=centre_id, case_id=made.id)
                return redirect(where, 303)
    page = render_template(
        "funds/cases.html",
        fund=register.card(centre_id, fund_id),
        rows=custody.cases(fund_id, actor),
        village_options=fund_words.village_options(centre_id),
        form=form,
        errors=form.errors,
        **fund_words.context(centre_id),
    )
    return page, form.status


def _open_case(fund_id: UUID, data: dict[str, Any], actor: Actor) -> Any:
    member_id = fund_words.member_of(actor.centre_id, data.pop("member_no"))
    return custody.open_case(OpenCase(fund_id=fund_id, member_id=member_id, **data), actor)


@blueprint.get("/fund-cases/<uuid:case_id>")
def fund_case(centre_id: int, case_id: UUID) -> str:
    """Show a death with every contribution collected for it, by giver."""
    case, rows = custody.case_of(case_id, current_actor(centre_id))
    return render_template("funds/case.html", case=case, rows=rows, **fund_words.context(centre_id))


# --- taking back -------------------------------------------------------------------------------


@blueprint.post("/fund-contributions/<uuid:contribution_id>/take-back")
def fund_contribution_back(centre_id: int, contribution_id: UUID) -> ResponseReturnValue:
    """Take a contribution back."""
    return _back(contributing.SOURCE, contribution_id, contribution_page, current_actor(centre_id))


@blueprint.post("/fund-transfers/<uuid:transfer_id>/take-back")
def fund_transfer_back(centre_id: int, transfer_id: UUID) -> ResponseReturnValue:
    """Take a transfer back."""
    return _back(moving.SOURCE, transfer_id, transfer_page, current_actor(centre_id))


@blueprint.post("/fund-grants/<uuid:grant_id>/take-back")
def fund_grant_back(centre_id: int, grant_id: UUID) -> ResponseReturnValue:
    """Take a payment back."""
    from accounting.pages.fund_requests import grant_page

    return _back(paying.SOURCE, grant_id, grant_page, current_actor(centre_id))


Page = Callable[[UUID, Form, Actor], ResponseReturnValue]


def _back(source: str, document_id: UUID, page: Page, actor: Actor) -> ResponseReturnValue:
    access.require(actor, reversals.MAY[source])
    form = read_form(ReasonForm)
    if form.ok:
        command = TakeBack(source, document_id, form.data["reason"])
        try:
            in_transaction(reversals.take_back, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("It is taken back; the books have the opposite entry."), "success")
            return redirect(request.path.rpartition("/")[0], 303)
    return page(document_id, form, actor)
