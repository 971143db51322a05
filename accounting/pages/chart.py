"""The chart, the activities and the books' settings, changed by people."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.blueprint import blueprint
from accounting.rules.book_settings import BookSettingsCard
from accounting.schemas.vouchers import (
    AccountChangeForm,
    AccountForm,
    ActivityChangeForm,
    ActivityForm,
    BookSettingsForm,
)
from accounting.services import activities as register
from accounting.services import book_settings as settings
from accounting.services import chart, chart_changes
from accounting.services.activities import ChangeActivity, NewActivity
from accounting.services.chart_changes import ChangeAccount, NewAccount
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from members.services import access


@blueprint.route("/accounts/new", methods=["GET", "POST"])
def account_new(centre_id: int) -> ResponseReturnValue:
    """Add an account to the chart."""
    actor = current_actor(centre_id)
    access.require(actor, "chart.change")
    form = Form(given={"id": str(uuid7())})
    if request.method == "POST":
        form = read_form(AccountForm)
        if form.ok:
            try:
                made = in_transaction(chart_changes.create, NewAccount(**form.data), actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("Account %(code)s was added.", code=made.code), "success")
                return redirect(url_for("accounting.accounts", centre_id=centre_id), 303)
    page = render_template(
        "accounting/account_form.html", account=None, form=form, errors=form.errors
    )
    return page, form.status


@blueprint.route("/accounts/<uuid:account_id>/change", methods=["GET", "POST"])
def account_change(centre_id: int, account_id: UUID) -> ResponseReturnValue:
    """Rename an account, or put it out of use."""
    actor = current_actor(centre_id)
    access.require(actor, "chart.change")
    account = chart.get(centre_id, account_id)
    given = {"name_th": account.name_th, "name_en": account.name_en}
    form = Form(given=given | {"active": "1" if account.active else ""})
    if request.method == "POST":
        form = read_form(AccountChangeForm)
        if form.ok:
            command = ChangeAccount(account_id, **form.data)
            try:
                in_transaction(chart_changes.change, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("The account is changed."), "success")
                return redirect(url_for("accounting.accounts", centre_id=centre_id), 303)
    page = render_template(
        "accounting/account_form.html", account=account, form=form, errors=form.errors
    )
    return page, form.status


# --- activities ------------------------------------------------------------------------------


@blueprint.route("/activities", methods=["GET", "POST"])
def activities(centre_id: int) -> ResponseReturnValue:
    """Show the activities; set one up."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _activities(Form(), actor)
    access.require(actor, "chart.change")
    form = read_form(ActivityForm)
    if form.ok:
        try:
            made = in_transaction(register.create, NewActivity(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The activity %(name)s was set up.", name=made.name_th), "success")
            return redirect(url_for("accounting.activities", centre_id=centre_id), 303)
    return _activities(form, actor)


@blueprint.post("/activities/change")
def activity_change(centre_id: int) -> ResponseReturnValue:
    """Rename an activity, or put it out of use."""
    actor = current_actor(centre_id)
    access.require(actor, "chart.change")
    form = read_form(ActivityChangeForm)
    if form.ok:
        try:
            in_transaction(register.change, ChangeActivity(**form.data), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The activity is changed."), "success")
            return redirect(url_for("accounting.activities", centre_id=centre_id), 303)
    form.given = {}
    return _activities(form, actor)


def _activities(form: Form, actor: Actor) -> ResponseReturnValue:
    access.require(actor, "ledger.read")
    if not form.given:
        form.given = {"id": str(uuid7())}
    page = render_template(
        "accounting/activities.html",
        rows=register.listing(actor.centre_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


# --- settings --------------------------------------------------------------------------------


@blueprint.route("/book-settings", methods=["GET", "POST"])
def book_settings(centre_id: int) -> ResponseReturnValue:
    """Show and change the limits and warnings of the books."""
    actor = current_actor(centre_id)
    access.require(actor, "book_settings.change")
    if request.method == "GET":
        form = Form(given=_typed(settings.of(centre_id)))
    else:
        form = read_form(BookSettingsForm)
        if form.ok and _changed(form, actor):
            return redirect(url_for("accounting.book_settings", centre_id=centre_id), 303)
    page = render_template("accounting/book_settings.html", form=form, errors=form.errors)
    return page, form.status


def _typed(card: BookSettingsCard) -> dict[str, str]:
    return {
        "version": str(card.version),
        "approval_limit": show.baht(card.approval_limit_satang),
        "turnover_limit": show.baht(card.turnover_limit_satang),
        "moved_percent": str(card.moved_percent),
        "cash_report_days": str(card.cash_report_days),
        "aged_payable_days": str(card.aged_payable_days),
        "meeting_day": str(card.meeting_day),
    }


def _changed(form: Form, actor: Actor) -> bool:
    data = dict(form.data)
    command = BookSettingsCard(
        approval_limit_satang=data.pop("approval_limit"),
        turnover_limit_satang=data.pop("turnover_limit"),
        **data,
    )
    try:
        in_transaction(settings.change, command, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    flash(_("The settings are changed."), "success")
    return True
