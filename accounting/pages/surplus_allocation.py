"""One allocation as a page: its uses, its steps as a timeline, and what can be done now.

What must stay true: a page only asks; measuring and posting are the worker's, and what is approved
is exactly what the page showed, by its digest.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages import surplus_plots
from accounting.pages.blueprint import blueprint
from accounting.pages.surplus import fund_names
from accounting.pages.surplus_tables import members_table
from accounting.rules.surplus.uses import USES
from accounting.rules.surplus_tasks import ALLOCATION_POST, ALLOCATION_RUN
from accounting.schemas.surplus import ApproveForm, ReasonForm
from accounting.services import member_payments
from accounting.services.member_payments import due
from accounting.services.surplus import (
    allocations,
    approving,
    asking,
    rechecking,
    reversing,
    runs,
)
from accounting.services.surplus.allocations import AllocationCard, Withdraw
from accounting.services.surplus.approving import Approve
from accounting.services.surplus.reversing import ReverseAllocation
from core import jobs
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor, may
from core.web.forms import Form, read_form
from core.web.sheets import csv_response, xlsx_response
from members.services import access

FEW = 2_000
"""So many members are looked over for changes whenever the page is opened; more, when asked."""


@blueprint.get("/surplus/allocations/<uuid:allocation_id>")
def surplus_allocation(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Show an allocation."""
    looks = request.args.get("look") == "changes"
    return _page(allocation_id, Form(), current_actor(centre_id), looks=looks)


@blueprint.get("/surplus/allocations/<uuid:allocation_id>/members.<string:form>")
def surplus_members_file(centre_id: int, allocation_id: UUID, form: str) -> Response:
    """Return every member's part as a spreadsheet file."""
    actor = current_actor(centre_id)
    table = members_table(allocations.card(allocation_id, actor), actor)
    if form == "xlsx":
        return xlsx_response(table.name, [table])
    return csv_response(table.name, table.headings, table.rows)


@blueprint.post("/surplus/allocations/<uuid:allocation_id>/measure")
def surplus_measure(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Ask for every member to be measured."""
    return _follow(allocation_id, asking.ask_measure, current_actor(centre_id))


@blueprint.post("/surplus/allocations/<uuid:allocation_id>/post")
def surplus_post(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Ask once more for an approved allocation to be posted."""
    return _follow(allocation_id, asking.ask_post, current_actor(centre_id))


@blueprint.post("/surplus/allocations/<uuid:allocation_id>/approve")
def surplus_approve(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Approve what the page showed."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.approve")
    form = read_form(ApproveForm)
    if form.ok:
        command = Approve(allocation_id, form.data["digest"])
        try:
            card = in_transaction(approving.approve, command, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if card.state == allocations.APPROVED:
                flash(_("Both approved. The allocation is being posted."), "success")
            else:
                flash(_("Approved. A second person is to look at it."), "success")
            return _back(actor.centre_id, allocation_id)
    return _page(allocation_id, form, actor)


@blueprint.post("/surplus/allocations/<uuid:allocation_id>/withdraw")
def surplus_withdraw(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Give up an allocation that was not posted."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.prepare")

    def withdraw(reason: str, actor: Actor) -> None:
        allocations.withdraw(Withdraw(allocation_id, reason), actor)

    done = _("The allocation is withdrawn. Prepare another when it is right.")
    return _with_reason(allocation_id, withdraw, done, actor)


@blueprint.post("/surplus/allocations/<uuid:allocation_id>/reverse")
def surplus_reverse(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    """Take a posted allocation back as a whole."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.approve")

    def reverse(reason: str, actor: Actor) -> None:
        reversing.reverse(ReverseAllocation(allocation_id, reason), actor)

    done = _("The allocation is taken back as a whole.")
    return _with_reason(allocation_id, reverse, done, actor)


def _with_reason(
    allocation_id: UUID, work: Callable[[str, Actor], None], done: str, actor: Actor
) -> ResponseReturnValue:
    form = read_form(ReasonForm)
    if form.ok:
        try:
            in_transaction(work, form.data["reason"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done, "success")
            return _back(actor.centre_id, allocation_id)
    return _page(allocation_id, form, actor)


def _follow(
    allocation_id: UUID, ask: Callable[[UUID, Actor], UUID], actor: Actor
) -> ResponseReturnValue:
    form = Form()
    try:
        job_id = in_transaction(ask, allocation_id, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _page(allocation_id, form, actor)
    return redirect(url_for("jobs.job", centre_id=actor.centre_id, job_id=job_id), 303)


def _back(centre_id: int, allocation_id: UUID) -> ResponseReturnValue:
    where = url_for(
        "accounting.surplus_allocation", centre_id=centre_id, allocation_id=allocation_id
    )
    return redirect(where, 303)


def _page(
    allocation_id: UUID, form: Form, actor: Actor, *, looks: bool = False
) -> ResponseReturnValue:
    card = allocations.card(allocation_id, actor)
    waiting = card.state in (allocations.MEASURED, allocations.APPROVED_ONCE)
    few = card.run is not None and card.run.members <= FEW
    looks = waiting and (looks or few or bool(form.errors))
    page = render_template(
        "surplus/allocation.html",
        card=card,
        rules=card.rules.get("allocation", {}),
        uses=[use for use in USES if card.of(use)],
        funds=fund_names(actor),
        plot=surplus_plots.chosen(card.allocation_no, [card.of(use) for use in USES]),
        entries=allocations.entries(allocation_id, actor),
        mine=any(one.by == actor.user_id for one in card.approvals),
        changes=rechecking.changes(allocation_id, actor) if looks else (),
        looked=looks,
        payable=_payable(card, actor),
        job=_job(card, actor),
        paid=card.state == allocations.POSTED
        and member_payments.anything_paid(actor.centre_id, allocation_id),
        may_approve=may("surplus.approve"),
        form=form,
        errors=form.errors,
        given=form.given,
    )
    return page, form.status


def _payable(card: AllocationCard, actor: Actor) -> tuple[int, int] | None:
    """Return what members are to be paid of a posted allocation, and what of it went out."""
    if card.run is None or card.state != allocations.POSTED:
        return None
    sums = runs.card(card.id, actor).content["sums"]
    payable = sums.get("cash_dividend_satang", 0) + sums.get("cash_patronage_satang", 0)
    still_open = sum(one.satang for one in due.items(actor.centre_id, run_id=card.run.id))
    return payable, payable - still_open


def _job(card: AllocationCard, actor: Actor) -> jobs.JobCard | None:
    """Return the job under way or failed, of the step the allocation waits for."""
    name = {allocations.PREPARED: ALLOCATION_RUN, allocations.APPROVED: ALLOCATION_POST}.get(
        card.state
    )
    if name is None:
        return None
    return jobs.last_asked(actor.centre_id, name, "allocation_id", str(card.id))
