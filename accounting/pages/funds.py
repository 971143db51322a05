"""The community's funds as pages: what each holds, one fund with its lines, and its rules.

What must stay true: every amount of a fund opens the lines it is made of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from marshmallow import Schema

from accounting.pages import fund_words
from accounting.pages.asking import asked, given_span, typed
from accounting.pages.blueprint import blueprint
from accounting.pages.resolution_choices import resolution_choices
from accounting.rules.funds import FUNERAL, OF_MEMBERS, FundRule, purposes_of
from accounting.rules.periods import Span, first_day, period_of, previous_period
from accounting.schemas import SpanArgs
from accounting.schemas.funds import EndForm, FundForm, MoveForm, RuleForm
from accounting.services.funds import custody, deciding, movements, moving, register
from accounting.services.funds.moving import EndFund, MoveMoney
from accounting.services.funds.register import FundCard, SetRule
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.web import plots, show
from core.web.auth import current_actor
from core.web.forms import Form, read_form
from core.web.lists import listed, window
from core.web.plots import Bar
from members.services import access

MONTHS = 6


@blueprint.route("/funds", methods=["GET", "POST"])
def funds(centre_id: int) -> ResponseReturnValue:
    """Show the funds with what they hold; set one up."""
    actor = current_actor(centre_id)
    if request.method != "POST":
        return _overview(Form(), actor)
    access.require(actor, "fund.change")
    form = read_form(FundForm)
    if form.ok:
        try:
            made = in_transaction(register.create, form.data["command"], actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("The fund %(name)s was set up.", name=made.name_th), "success")
            return redirect(url_for("accounting.funds", centre_id=centre_id), 303)
    return _overview(form, actor)


def _overview(form: Form, actor: Actor) -> ResponseReturnValue:
    if not form.given:
        # The id is made with the form, so that sending it twice sets one fund up.
        form.given = {"id": str(uuid7()), "kind": "village_welfare"}
    rows = register.balances(actor)
    months = _last_months()
    changes = movements.by_month(actor.centre_id, first_day(months[0]))
    page = render_template(
        "funds/funds.html",
        rows=[
            (fund, held, _plot(fund, held, changes.get(fund.id, {}), months)) for fund, held in rows
        ],
        form=form,
        errors=form.errors,
        **fund_words.context(actor.centre_id),
    )
    return page, form.status


def _last_months() -> list[int]:
    months = [period_of(clock.today())]
    while len(months) < MONTHS:
        months.insert(0, previous_period(months[0]))
    return months


def _plot(
    fund: FundCard, held: int, changes: dict[tuple[int, int], int], months: list[int]
) -> Markup:
    """Draw what a fund held at the end of the last months, in whole baht."""
    ends, now = {}, held
    for period_id in reversed(months):
        ends[period_id] = now
        now -= changes.get(divmod(period_id, 100), 0)
    bars = [
        Bar(
            show.month(first_day(period_id)).rpartition(" ")[0],
            max(ends[period_id], 0),
            _baht(ends[period_id]),
        )
        for period_id in months
    ]
    title = _("%(fund)s: held at the end of each month, baht", fund=fund_words.name_of(fund))
    return plots.fitting(
        lambda width: plots.columns(
            bars, title=title, axis=_baht, step_least=100, width=width, height=170
        ),
        width=460,
    )


def _baht(satang: int) -> str:
    return show.number(satang // 100)


# --- one fund ----------------------------------------------------------------------------------


@blueprint.get("/funds/<uuid:fund_id>")
def fund(centre_id: int, fund_id: UUID) -> ResponseReturnValue:
    """Show a fund: what it holds, its rule, and every line by which it moved."""
    actor = current_actor(centre_id)
    access.require(actor, "fund.read")
    form = asked(SpanArgs())
    span = form.data.get("span")
    if span is None:
        form.status = 422
        span = Span(None, None)
    found = register.card(centre_id, fund_id)
    page = movements.lines(fund_id, span, window(), actor)
    rules = register.rules_of(centre_id, fund_id)

    days = given_span(form, span)
    shown = render_template(
        "funds/fund.html",
        fund=found,
        held=register.balance(centre_id, fund_id),
        promised=deciding.promised(centre_id, fund_id),
        rule=rules[0].rule if rules else FundRule(),
        rules=rules,
        given=days,
        errors=form.errors,
        cases=custody.cases(fund_id, actor) if found.kind == FUNERAL else [],
        custody=custody.custody(centre_id, clock.today()) if found.kind == FUNERAL else None,
        **listed(page, "accounting.fund", centre_id=centre_id, fund_id=fund_id, **_set(days)),
        **fund_words.context(centre_id),
    )
    return shown, form.status


def _set(values: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


@blueprint.get("/funds/<uuid:fund_id>/manage")
def fund_manage(centre_id: int, fund_id: UUID) -> ResponseReturnValue:
    """Show the forms that change a fund: its rule, a transfer, its end."""
    return _manage(fund_id, {}, current_actor(centre_id))


@blueprint.post("/funds/<uuid:fund_id>/rule")
def fund_rule(centre_id: int, fund_id: UUID) -> ResponseReturnValue:
    """Write a fund's rule."""

    def do(data: dict[str, Any], actor: Actor) -> str:
        in_transaction(register.set_rule, SetRule(fund_id=fund_id, **data), actor)
        return _("The rule is written and counts from now on.")

    return _change(fund_id, "rule", RuleForm, do, current_actor(centre_id))


@blueprint.post("/funds/<uuid:fund_id>/move")
def fund_move(centre_id: int, fund_id: UUID) -> ResponseReturnValue:
    """Carry money to another fund by a resolution."""

    def do(data: dict[str, Any], actor: Actor) -> str:
        amount = data.pop("amount")
        command = MoveMoney(from_fund_id=fund_id, amount_satang=amount, **data)
        done = in_transaction(moving.move, command, actor)
        return _("Carried over under %(number)s.", number=done.transfer_no)

    return _change(fund_id, "move", MoveForm, do, current_actor(centre_id))


@blueprint.post("/funds/<uuid:fund_id>/end")
def fund_end(centre_id: int, fund_id: UUID) -> ResponseReturnValue:
    """End a fund by a resolution."""

    def do(data: dict[str, Any], actor: Actor) -> str:
        in_transaction(moving.end, EndFund(fund_id=fund_id, **data), actor)
        return _("The fund has ended.")

    return _change(fund_id, "end", EndForm, do, current_actor(centre_id))


def _change(
    fund_id: UUID,
    part: str,
    schema: type[Schema],
    do: Callable[[dict[str, Any], Actor], str],
    actor: Actor,
) -> ResponseReturnValue:
    access.require(actor, "fund.change")
    form = read_form(schema)
    if form.ok:
        try:
            flash(do(form.data, actor), "success")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            where = url_for("accounting.fund", centre_id=actor.centre_id, fund_id=fund_id)
            return redirect(where, 303)
    return _manage(fund_id, {part: form}, actor)


def _manage(fund_id: UUID, forms: dict[str, Form], actor: Actor) -> ResponseReturnValue:
    access.require(actor, "fund.change")
    centre_id = actor.centre_id
    found = register.card(centre_id, fund_id)
    rule = register.rule_of(centre_id, fund_id)
    sent = next(iter(forms.values()), Form())
    page = render_template(
        "funds/manage.html",
        fund=found,
        held=register.balance(centre_id, fund_id),
        rule=rule,
        rule_given=forms["rule"].given if "rule" in forms else _rule_given(rule),
        move_given=forms["move"].given if "move" in forms else {"id": str(uuid7())},
        end_given=forms["end"].given if "end" in forms else {"id": str(uuid7())},
        form=sent,
        errors=sent.errors,
        allowed=purposes_of(found.kind, FundRule()),
        movable=found.purpose in OF_MEMBERS,
        other_funds=[
            (str(one.id), fund_words.name_of(one))
            for one in register.listing(centre_id)
            if one.active and one.id != fund_id
        ],
        resolutions=resolution_choices(centre_id),
        **fund_words.context(centre_id),
    )
    return page, sent.status


def _rule_given(rule: FundRule) -> dict[str, Any]:
    def baht(satang: int | None) -> str:
        return show.baht(satang) if satang is not None else ""

    return {
        "id": str(uuid7()),
        "who_may_ask": rule.who_may_ask,
        "purposes": list(rule.purposes),
        "request_max": baht(rule.request_max_satang),
        "recipient_year_max": baht(rule.recipient_year_max_satang),
        "approvals": rule.approvals,
        "expires_on": typed(rule.expires_on),
        "registration_no": rule.registration_no,
        "giver": rule.giver,
    }
