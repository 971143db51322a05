"""Sale on account as pages: who owes what by age, one member's account, and repayments.

What must stay true: nothing typed is lost when a form is refused; a form sent twice counts once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.pages.blueprint import blueprint
from accounting.pages.resolution_choices import resolution_choices
from accounting.rules.chart import Purpose
from accounting.schemas.credit import BackForm, RepayForm, TermsForm, WriteOffForm
from accounting.services import cash_drawers, ledger
from accounting.services.credit import accounts, bills, due, repaying, write_offs
from accounting.services.credit.accounts import SetCredit
from accounting.services.credit.repaying import Repay
from accounting.services.credit.write_offs import ProposeWriteOff
from accounting.services.purse import holding, reading
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.ids import uuid7
from core.sheets import Cell
from core.web import plots, show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.plots import Bar
from core.web.sheets import baht_figure, csv_response
from members.services import access, members

SEARCH_MAX = 80


def age_words() -> dict[str, str]:
    """Return how ages of bills are called."""
    return {
        "not_due": _("Not due yet"),
        "days_30": _("1–30 days late"),
        "days_60": _("31–60 days late"),
        "days_90": _("61–90 days late"),
        "older": _("Later still"),
    }


@blueprint.get("/credit")
def credit(centre_id: int) -> str:
    """Show who owes what, by age; find a member to open an account."""
    actor = current_actor(centre_id)
    overdue = request.args.get("overdue") == "1"
    wanted = sought()
    everybody = due.everybody(actor, only_overdue=overdue)
    ages = due.ages(everybody)
    page = due.listing(everybody, window(), wanted)
    kept = {"centre_id": centre_id} | ({"overdue": "1"} if overdue else {})
    return render_template(
        "credit/overview.html",
        **listed(page, "accounting.credit", **kept),
        text=wanted.text,
        found=members.search(centre_id, wanted.text),
        overdue=overdue,
        ages=ages,
        age_words=age_words(),
        total=sum(ages.values()),
        plot=_plot(ages),
    )


@blueprint.get("/credit.csv")
def credit_file(centre_id: int) -> Response:
    """Return the list as a file."""
    actor = current_actor(centre_id)
    words = age_words()
    headings: list[Cell] = [
        *(_("Number"), _("Member"), _("Credit limit"), _("Member owes"), _("Oldest bill due")),
        *words.values(),
        _("Owed before there were bills"),
    ]
    rows: list[list[Cell]] = [
        [
            one.member.member_no,
            one.member.name,
            baht_figure(one.limit_satang),
            baht_figure(one.owed_satang),
            one.oldest_due,
            *(baht_figure(one.ages[age]) for age in words),
            baht_figure(one.older_satang),
        ]
        for one in due.everybody(actor)
    ]
    return csv_response("credit", headings, rows)


def _plot(ages: dict[str, int]) -> Markup | None:
    if not any(satang > 0 for satang in ages.values()):
        return None
    words = age_words()
    bars = [Bar(words[age], max(satang, 0), _baht(satang)) for age, satang in ages.items()]
    title = _("Owed by members by age, baht")
    return plots.fitting(
        lambda width: plots.columns(
            bars, title=title, axis=_baht, step_least=100, width=width, height=190
        )
    )


def _baht(satang: int) -> str:
    return show.number(satang // 100)


# --- one member --------------------------------------------------------------------------------


@blueprint.route("/credit/members/<uuid:member_id>", methods=["GET", "POST"])
def credit_member(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Show a member's account and take a repayment."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _member_page(member_id, actor)
    access.require(actor, "credit.repay")
    form = read_form(RepayForm)
    if form.ok:
        try:
            command = Repay(member_id=member_id, **form.data)
            document = in_transaction(repaying.repay, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Taken under %(number)s.", number=document.repayment_no), "success")
            where = url_for(
                "accounting.credit_repayment", centre_id=centre_id, repayment_id=document.id
            )
            return redirect(where, 303)
    return _member_page(member_id, actor, repay=form)


@blueprint.post("/credit/members/<uuid:member_id>/terms")
def credit_terms(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Open or change a member's account."""
    actor = current_actor(centre_id)
    access.require(actor, "credit.change")
    form = read_form(TermsForm)
    if form.ok:
        try:
            in_transaction(accounts.save, SetCredit(member_id, **form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The credit account is kept."), "success")
            where = url_for("accounting.credit_member", centre_id=centre_id, member_id=member_id)
            return redirect(where, 303)
    return _member_page(member_id, actor, terms=form)


@blueprint.post("/credit/members/<uuid:member_id>/write-off")
def credit_propose(centre_id: int, member_id: UUID) -> ResponseReturnValue:
    """Propose bills to be given up."""
    actor = current_actor(centre_id)
    access.require(actor, "credit.write_off")
    form = read_form(WriteOffForm)
    if form.ok:
        try:
            command = ProposeWriteOff(member_id=member_id, **form.data)
            document = in_transaction(write_offs.propose, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Proposed. Another person has to agree."), "success")
            where = url_for(
                "accounting.credit_write_off", centre_id=centre_id, write_off_id=document.id
            )
            return redirect(where, 303)
    return _member_page(member_id, actor, write_off=form)


def _member_page(member_id: UUID, actor: Actor, **forms: Form) -> ResponseReturnValue:
    card = accounts.get(member_id, actor)
    if not (names := members.names(actor.centre_id, [member_id])):
        raise NotFound(what="member")
    repay, terms, write_off = (forms.get(n, Form()) for n in ("repay", "terms", "write_off"))
    if not repay.given:
        repay.given = {"id": str(uuid7()), "paid_into": "till"}
    if not write_off.given:
        write_off.given = {"id": str(uuid7())}
    if not terms.given:
        terms.given = {
            "version": card.version,
            "state": card.state or "active",
            "limit_satang": show.baht(card.limit_satang) if card.version else "",
            "terms_days": card.terms_days if card.version else 30,
        }
    shown = next(iter(forms.values()), Form())
    page = render_template(
        "credit/member.html",
        member=names[member_id],
        card=card,
        bills=bills.listing(actor.centre_id, [member_id]),
        older=bills.older(actor.centre_id, member_id),
        purse=holding.balance(actor.centre_id, member_id),
        moves=reading.movements(actor.centre_id, Purpose.MEMBER_RECEIVABLE, member_id),
        history=accounts.history(member_id, actor),
        shifts=cash_drawers.choices(actor.centre_id),
        resolutions=resolution_choices(actor.centre_id),
        repay=repay,
        terms=terms,
        write_off=write_off,
        form=shown,
        errors=shown.errors,
    )
    return page, shown.status


# --- documents ---------------------------------------------------------------------------------


@blueprint.get("/credit/repayments")
def credit_repayments(centre_id: int) -> str:
    """Show repayments, newest first."""
    actor = current_actor(centre_id)
    page = repaying.listing(actor, window(), sought())
    return render_template(
        "credit/repayments.html",
        **listed(page, "accounting.credit_repayments", centre_id=centre_id),
    )


@blueprint.get("/credit/repayments/<uuid:repayment_id>")
def credit_repayment(centre_id: int, repayment_id: UUID) -> ResponseReturnValue:
    """Show a repayment with its entries."""
    return _repayment_page(repayment_id, Form(), current_actor(centre_id))


@blueprint.post("/credit/repayments/<uuid:repayment_id>/take-back")
def credit_take_back(centre_id: int, repayment_id: UUID) -> ResponseReturnValue:
    """Take a repayment back, with the reason."""
    actor = current_actor(centre_id)
    access.require(actor, "credit.write_off")
    form = read_form(BackForm)
    if form.ok:
        said: dict[str, Any] = form.data
        try:
            in_transaction(
                repaying.take_back, repayment_id, said["reason"], actor, said["shift_id"]
            )
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            flash(_("Taken back: the member owes it again."), "success")
            where = url_for(
                "accounting.credit_repayment", centre_id=centre_id, repayment_id=repayment_id
            )
            return redirect(where, 303)
    return _repayment_page(repayment_id, form, actor)


def _repayment_page(repayment_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    page = render_template(
        "credit/repayment.html",
        doc=repaying.get(repayment_id, actor),
        entries=ledger.entry_of(actor.centre_id, repaying.SOURCE, repayment_id),
        shifts=cash_drawers.choices(actor.centre_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status
