"""Money members have not fetched, as pages: by age, the list to reserve, the rule."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import typed
from accounting.pages.blueprint import blueprint
from accounting.pages.resolution_choices import resolution_choices
from accounting.rules import unclaimed as rules
from accounting.schemas.member_payments import ReasonForm, TakingForm, UnclaimedRuleForm
from accounting.services import ledger
from accounting.services.member_payments import due, overview, unclaimed
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.sheets import baht_figure, csv_response
from members.services import access, members


@blueprint.get("/member-payments/unclaimed")
def member_unclaimed(centre_id: int) -> ResponseReturnValue:
    """Show what is due by age, what may go to reserve, and the lists there are."""
    return _overview(Form(), current_actor(centre_id))


def _overview(form: Form, actor: Actor) -> ResponseReturnValue:
    if not form.given:
        form.given = {"id": str(uuid7()), "valid_from": typed(clock.today())}
    ripe = unclaimed.ripe(actor)
    page = render_template(
        "member_payments/unclaimed.html",
        rows=overview.aged(actor),
        ages=age_words(),
        ripe_count=len(ripe),
        ripe_satang=sum(item.satang for item in ripe),
        years=unclaimed.years_on(actor.centre_id, clock.today()),
        takings=unclaimed.listing(actor),
        taking_id=uuid7(),
        resolutions=resolution_choices(actor.centre_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


def age_words() -> list[str]:
    """Return what the columns of the list by age are called."""
    bounds = rules.AGES
    first = _("Up to %(days)s days", days=bounds[0])
    between = [
        _("%(from_day)s–%(to_day)s days", from_day=low + 1, to_day=high)
        for low, high in pairwise(bounds)
    ]
    return [first, *between, _("Over %(days)s days", days=bounds[-1])]


@blueprint.get("/member-payments/unclaimed.csv")
def member_unclaimed_csv(centre_id: int) -> Response:
    """Return everything due, item by item, with its age."""
    actor = current_actor(centre_id)
    access.require(actor, "member_payment.read")
    items = due.items(centre_id)
    people = members.names(centre_id, {item.member_id for item in items})
    headings = (
        "member_no",
        "member",
        "fiscal_year",
        "allocation",
        "due_since",
        "days",
        "share_of_profit",
        "patronage_refund",
    )
    rows = (
        (
            people[item.member_id].member_no,
            people[item.member_id].name,
            item.fiscal_year,
            item.allocation_no,
            item.due_since,
            item.days,
            baht_figure(item.dividend_satang),
            baht_figure(item.patronage_satang),
        )
        for item in items
    )
    return csv_response("members_due", headings, list(rows))


@blueprint.post("/member-payments/unclaimed/rule")
def unclaimed_rule(centre_id: int) -> ResponseReturnValue:
    """Set after how many years unclaimed money goes to reserve."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus_rule.change")
    form = read_form(UnclaimedRuleForm)
    if form.ok:
        data: dict[str, Any] = form.data
        try:
            in_transaction(
                unclaimed.set_rule,
                data["id"],
                data["valid_from"],
                data["years"],
                data["resolution_id"],
                actor,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The rule was kept."), "success")
            return redirect(url_for("accounting.member_unclaimed", centre_id=centre_id), 303)
    return _overview(form, actor)


@blueprint.post("/member-payments/unclaimed")
def unclaimed_prepare(centre_id: int) -> ResponseReturnValue:
    """Make the list of what may go to reserve."""
    actor = current_actor(centre_id)
    access.require(actor, "member_payment.record")
    form = read_form(TakingForm)
    if form.ok:
        try:
            taking = in_transaction(unclaimed.prepare, form.data["id"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Made under %(number)s.", number=taking.taking_no), "success")
            return _back(centre_id, taking.id)
    form.given = {}
    return _overview(form, actor)


@blueprint.get("/member-payments/unclaimed/<uuid:taking_id>")
def unclaimed_taking(centre_id: int, taking_id: UUID) -> ResponseReturnValue:
    """Show a list with its members."""
    return _page(taking_id, Form(), current_actor(centre_id))


def _page(taking_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    taking = unclaimed.get(taking_id, actor)
    page = render_template(
        "member_payments/taking.html",
        taking=taking,
        mine=taking.prepared_by == actor.user_id,
        entries=ledger.entry_of(actor.centre_id, unclaimed.SOURCE, taking_id),
        form=form,
        errors=form.errors,
    )
    return page, form.status


@blueprint.post("/member-payments/unclaimed/<uuid:taking_id>/approve")
def unclaimed_approve(centre_id: int, taking_id: UUID) -> ResponseReturnValue:
    """Approve a list as the second person: it goes to reserve."""
    done = _("Approved: the amounts are in the reserve.")
    return _do(taking_id, unclaimed.approve, current_actor(centre_id), done)


@blueprint.post("/member-payments/unclaimed/<uuid:taking_id>/withdraw")
def unclaimed_withdraw(centre_id: int, taking_id: UUID) -> ResponseReturnValue:
    """Withdraw a list that waits."""
    done = _("The list is withdrawn.")
    return _do(taking_id, unclaimed.withdraw, current_actor(centre_id), done)


@blueprint.post("/member-payments/unclaimed/<uuid:taking_id>/reverse")
def unclaimed_reverse(centre_id: int, taking_id: UUID) -> ResponseReturnValue:
    """Take a list back out of reserve, with the reason."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.approve")
    form = read_form(ReasonForm)
    if not form.ok:
        return _page(taking_id, form, actor)
    reason = form.data["reason"]

    def back(identity: UUID, who: Actor) -> object:
        return unclaimed.reverse(identity, reason, who)

    return _do(taking_id, back, actor, _("Taken back: the amounts are due again."))


def _do(
    taking_id: UUID, work: Callable[[UUID, Actor], object], actor: Actor, done: str
) -> ResponseReturnValue:
    try:
        in_transaction(work, taking_id, actor)
    except DomainError as refusal:
        if refusal.status in (403, 404):
            raise
        form = Form()
        form.refuse(refusal)
        return _page(taking_id, form, actor)
    flash(done, "success")
    return _back(actor.centre_id, taking_id)


def _back(centre_id: int, taking_id: UUID) -> ResponseReturnValue:
    where = url_for("accounting.unclaimed_taking", centre_id=centre_id, taking_id=taking_id)
    return redirect(where, 303)
