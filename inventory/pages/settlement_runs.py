"""Settlement runs as pages: the list, a new one, and one run with what can be done to it.

What must stay true: a page only asks; preparing and posting are the worker's, and whatever the
service refuses stands on the page with everything that was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core import clock
from core.actor import Actor
from core.dates import format_date
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7, uuid_or_none
from core.paging import page_of
from core.sought import holds
from core.text import normalise
from core.web import plots, show
from core.web.api import page_window
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, sought, window
from core.web.plots import Bar
from core.web.sheets import csv_response
from inventory.pages.blueprint import blueprint
from inventory.pages.settlement_tables import run_table
from inventory.schemas.settlement import EVERYONE, PICKED_MAX, SOME, CancelRunForm, RunForm
from inventory.services.settlement import asking, policies, posting, statements
from inventory.services.settlement.posting import CancelRun
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.settlement.statements import StatementCard
from members.services import access, duties, producers
from members.services.producers import ProducerCard

FOUND_MAX = 30
"""Producers shown for a search; more are found by more words."""
BARS_SHOWN = 12
Ask = Callable[[UUID, Actor], UUID]


@blueprint.get("/settlement-runs")
def settlement_runs(centre_id: int) -> str:
    """Show the centre's runs, newest first."""
    actor = current_actor(centre_id)
    page = statements.runs(actor, window(), sought())

    return render_template(
        "settlement/runs.html",
        **listed(page, "inventory.settlement_runs", centre_id=centre_id),
    )


# --- a new run -------------------------------------------------------------------------------


@blueprint.route("/settlement-runs/new", methods=["GET", "POST"])
def settlement_run_new(centre_id: int) -> ResponseReturnValue:
    """Ask for a run to be prepared: up to a day, for all producers or some."""
    actor = current_actor(centre_id)
    access.require(actor, "settlement.prepare")
    searching = "search" in request.form
    if request.method == "POST" and not searching:
        form = read_form(RunForm, keep=("q",))
        if form.ok:
            _require_picked(form)
        if form.ok:
            job_id = _ask(form, actor)
            if job_id is not None:
                return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)
    else:
        form = _started()
    return _new_page(form, actor)


def _started() -> Form:
    """Return the form as it is first shown, or with what was typed when somebody searches."""
    typed = request.form if request.method == "POST" else request.args
    today = format_date(clock.today(), show.language(), "form")
    return Form(
        given={
            "id": typed.get("id") or str(uuid7()),
            "cut_off": typed.get("cut_off") or today,
            "who": SOME if "search" in typed else typed.get("who") or EVERYONE,
            "producer_ids": typed.getlist("producer_ids"),
        }
    )


def _require_picked(form: Form) -> None:
    if form.data["who"] == SOME and not form.data["producer_ids"]:
        form.status = 422
        form.errors["producer_ids"] = _("Tick at least one producer, or settle with all.")


def _ask(form: Form, actor: Actor) -> UUID | None:
    some = tuple(dict.fromkeys(form.data["producer_ids"]))
    command = PrepareSettlement(
        id=form.data["id"],
        cut_off=form.data["cut_off"],
        producer_ids=some if form.data["who"] == SOME else None,
    )
    try:
        return in_transaction(asking.ask_prepare, command, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def _new_page(form: Form, actor: Actor) -> ResponseReturnValue:
    ticked = _ticked(form, actor.centre_id)
    text = normalise(request.form.get("q", ""))[:100]
    found = producers.listing(actor, text, page_window(limit=FOUND_MAX))
    page = render_template(
        "settlement/run_new.html",
        form=form,
        errors=form.errors,
        policy=policies.get(actor.centre_id),
        q=text,
        ticked=ticked,
        found=[card for card in found.items if card not in ticked],
        more=found.next is not None,
    )
    return page, form.status


def _ticked(form: Form, centre_id: int) -> list[ProducerCard]:
    given = form.given.get("producer_ids") or []
    wanted = {uuid_or_none(one) for one in given[:PICKED_MAX]} - {None}
    cards = producers.names(centre_id, wanted)
    return sorted(cards.values(), key=lambda card: card.producer_no)


# --- one run ---------------------------------------------------------------------------------


@blueprint.get("/settlement-runs/<uuid:run_id>")
def settlement_run(centre_id: int, run_id: UUID) -> ResponseReturnValue:
    """Show a run: where it stands, its sums, a row per producer."""
    return _run_page(run_id, Form(), current_actor(centre_id))


@blueprint.get("/settlement-runs/<uuid:run_id>/producers.csv")
def settlement_run_file(centre_id: int, run_id: UUID) -> Response:
    """Return a run as a file, a row per producer."""
    actor = current_actor(centre_id)
    run = statements.run(run_id, actor)
    table = run_table(run, statements.of_run(run_id, actor))
    return csv_response(table.name, table.headings, table.rows)


@blueprint.post("/settlement-runs/<uuid:run_id>/approve")
def settlement_run_approve(centre_id: int, run_id: UUID) -> ResponseReturnValue:
    """Approve a run that somebody else prepared."""
    actor = current_actor(centre_id)
    form = Form()
    try:
        in_transaction(posting.approve, run_id, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _run_page(run_id, form, actor)
    flash(_("The settlement is approved. Post it to let it count."), "success")
    return _back_to(centre_id, run_id)


@blueprint.post("/settlement-runs/<uuid:run_id>/post")
def settlement_run_post(centre_id: int, run_id: UUID) -> ResponseReturnValue:
    """Ask for an approved run to be posted."""
    return _follow(run_id, asking.ask_post, current_actor(centre_id))


@blueprint.post("/settlement-runs/<uuid:run_id>/statements")
def settlement_run_statements(centre_id: int, run_id: UUID) -> ResponseReturnValue:
    """Ask for all statements of a run on paper."""
    return _follow(run_id, asking.ask_statements, current_actor(centre_id))


@blueprint.post("/settlement-runs/<uuid:run_id>/cancel")
def settlement_run_cancel(centre_id: int, run_id: UUID) -> ResponseReturnValue:
    """Give up a run that was not posted."""
    actor = current_actor(centre_id)
    access.require(actor, "settlement.prepare")
    form = read_form(CancelRunForm)
    if form.ok:
        try:
            in_transaction(posting.cancel, CancelRun(run_id, form.data["reason"]), actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The settlement was cancelled; nothing of it counts."), "success")
            return _back_to(centre_id, run_id)
    return _run_page(run_id, form, actor)


def _follow(run_id: UUID, ask: Ask, actor: Actor) -> ResponseReturnValue:
    """Ask for a job about a run and go to its page."""
    form = Form()
    try:
        job_id = in_transaction(ask, run_id, actor)
    except DomainError as refusal:
        form.refuse(refusal)
        return _run_page(run_id, form, actor)
    return redirect(url_for("jobs.job", centre_id=actor.centre_id, job_id=job_id), 303)


def _back_to(centre_id: int, run_id: UUID) -> ResponseReturnValue:
    where = url_for("inventory.settlement_run", centre_id=centre_id, run_id=run_id)
    return redirect(where, 303)


def _run_page(run_id: UUID, form: Form, actor: Actor) -> ResponseReturnValue:
    run = statements.run(run_id, actor)
    cards = statements.of_run(run_id, actor)
    part, wanted = window(), sought()
    behind = [
        card
        for card in cards
        if card.settlement_no > (part.after or "")
        and holds(wanted, card.settlement_no, card.producer_no, card.producer_name)
    ]
    shown = page_of(behind, part, lambda card: card.settlement_no)
    payable = [card for card in cards if card.payout_satang]
    page = render_template(
        "settlement/run.html",
        run=run,
        recipe=statements.recipe_of(run_id, actor),
        cards=cards,
        **listed(shown, "inventory.settlement_run", centre_id=actor.centre_id, run_id=run_id),
        payable=len(payable),
        paid=sum(1 for card in payable if run.state == "posted" and not card.unpaid_satang),
        own=actor.user_id is None or actor.user_id == run.prepared_by,
        waiver=duties.in_force(actor.centre_id, "settlement"),
        plot=payout_plot(payable),
        form=form,
        errors=form.errors,
    )
    return page, form.status


def payout_plot(payable: Sequence[StatementCard]) -> Markup | None:
    """Return the largest payouts of a run as lying bars; None when nothing is paid."""
    if not payable:
        return None
    largest = sorted(payable, key=lambda card: (-card.payout_satang, card.settlement_no))
    bars = [
        Bar(card.producer_name, card.payout_satang, show.baht(card.payout_satang))
        for card in largest[:BARS_SHOWN]
    ]
    rest = largest[BARS_SHOWN:]
    if rest:
        title = _("The %(count)s largest payouts of %(all)s", count=BARS_SHOWN, all=len(largest))
    else:
        title = _("Payouts by producer")
    return plots.fitting(lambda width: plots.rows(bars, title=title, label_width=200, width=width))
