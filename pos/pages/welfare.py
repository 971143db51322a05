"""Welfare or profit: the report, the receipts behind its figures, and its paper.

What must stay true: every figure leads to its lines: accounts of the books for these days, or the
receipts of a product beside their references.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked, given_span, typed
from accounting.pages.blueprint import account_url
from accounting.rules.chart import Purpose
from accounting.rules.periods import Span, fiscal_span, fiscal_year, period_of
from accounting.services import chart
from accounting.services.surplus import allocations
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import NotFound
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.lists import listed, window
from inventory.services import catalogue
from pos.pages.blueprint import blueprint
from pos.pages.welfare_view import Measure, satang, spread, tried_of, view_of
from pos.rules.welfare.measures import report_of
from pos.rules.welfare.what_if import Change
from pos.rules.welfare_tasks import WELFARE_REPORT, WELFARE_TABLE
from pos.schemas.welfare import DaysArgs, GoodsArgs, WelfareArgs
from pos.services.welfare import asking, gathering, lines, slicing
from pos.services.welfare.gathering import Days

ROWS_SHOWN = 15
PAPERS = {"paper": WELFARE_REPORT, "table": WELFARE_TABLE}


@blueprint.get("/welfare")
def welfare(centre_id: int) -> ResponseReturnValue:
    """Show the report of some days."""
    actor = current_actor(centre_id)
    form = asked(WelfareArgs())
    # A slip in what is tried leaves the days as they were asked for.
    days = days_of(form if form.ok else asked(DaysArgs()), actor)
    if gathering.too_many(actor, days):
        return _for_the_worker(form, days, actor)
    found = gathering.gather(actor, days)
    report = report_of(found.facts, found.aims)
    resolved = _resolved(days, actor)
    names = ("price", "part", "levy", "elasticity")
    change = Change(*(form.data[name] for name in names)) if form.ok else Change()
    page = render_template(
        "welfare/report.html",
        form=form,
        errors=form.errors,
        days=days,
        days_words=f"{show.day(days.first, 'long')} – {show.day(days.last, 'long')}",
        given=_given(form, days),
        shortcuts=_shortcuts(actor),
        report=report,
        aims=found.aims,
        view=view_of(report, public=False),
        tried=tried_of(report, change),
        slices=slicing.of_report(found, actor),
        rows_shown=ROWS_SHOWN,
        link=lambda measure: _link(measure, days, resolved, actor),
        surplus_url=_statement_of(days, actor),
        wages_url=_account(actor, Purpose.WAGES, days, days.last),
        query=_query(days),
        satang=satang,
        spread=spread,
    )
    return page, form.status


def _for_the_worker(form: Form, days: Days, actor: Actor) -> ResponseReturnValue:
    """Show what the worker made of days with too many sales for a page."""
    page = render_template(
        "welfare/worker.html",
        errors=form.errors,
        given=_given(form, days),
        shortcuts=_shortcuts(actor),
        days_words=f"{show.day(days.first, 'long')} – {show.day(days.last, 'long')}",
        made={what: asking.last_made(name, days, actor) for what, name in PAPERS.items()},
        query=_query(days),
    )
    return page, form.status


@blueprint.post("/welfare/<any(paper, table):what>")
def welfare_make(centre_id: int, what: str) -> ResponseReturnValue:
    """Let the worker make the villagers' paper or the auditor's table."""
    actor = current_actor(centre_id)
    form = asked(DaysArgs())
    if not form.ok:
        raise NotFound(what="report")
    job_id = in_transaction(asking.ask, PAPERS[what], days_of(form, actor), actor)
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)


@blueprint.get("/welfare/goods/<uuid:product_id>")
def welfare_goods(centre_id: int, product_id: UUID) -> ResponseReturnValue:
    """Show the receipts of a product in some days, each beside its references."""
    actor = current_actor(centre_id)
    form = asked(GoodsArgs())
    days = days_of(form, actor)
    page = lines.of_product(product_id, days, actor, window())
    query = _query(days)

    shown = render_template(
        "welfare/goods.html",
        product=catalogue.get_doc(centre_id, product_id),
        errors=form.errors,
        given=given_span(form, Span(days.first, days.last)),
        days_words=f"{show.day(days.first, 'long')} – {show.day(days.last, 'long')}",
        back_url=url_for("pos.welfare", centre_id=centre_id, **query) + "#goods",
        **listed(page, "pos.welfare_goods", centre_id=centre_id, product_id=product_id, **query),
        satang=satang,
    )
    return shown, form.status


def days_of(form: Form, actor: Actor) -> Days:
    """Return the days asked for, the fiscal year of today without any; one end alone gets its
    year's other end.
    """
    first, last = form.data.get("first"), form.data.get("last")
    year = _year(first or last or clock.today(), actor)
    return Days(first or year.first, last or year.last)


def _year(day: date, actor: Actor) -> Days:
    start = actor.centre.fiscal_year_start_month
    span = fiscal_span(fiscal_year(day, start), start)
    assert span.first is not None and span.last is not None
    return Days(span.first, span.last)


def _shortcuts(actor: Actor) -> list[tuple[str, str]]:
    """Return the days people ask for most, as links."""
    today = clock.today()
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    year = _year(today, actor)
    last_year = _year(year.first - timedelta(days=1), actor)
    spans = (
        (_("This fiscal year"), year),
        (_("Last fiscal year"), last_year),
        (show.month(month), Days(month, (month + timedelta(days=31)).replace(day=1) - _DAY)),
        (show.month(before), Days(before, month - _DAY)),
    )
    return [
        (words, url_for("pos.welfare", centre_id=actor.centre_id, **_query(days)))
        for words, days in spans
    ]


_DAY = timedelta(days=1)


def _query(days: Days) -> dict[str, Any]:
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}


def _given(form: Form, days: Days) -> dict[str, Any]:
    if form.errors:
        return {name: request.args.get(name, "") for name in form.names or form.given}
    changes = {name: show.percent(form.data[name]) for name in ("price", "part", "levy")}
    for name in ("price", "part", "levy"):
        if form.data[name] < 0:
            changes[name] = f"-{show.percent(-form.data[name])}"
    elasticity = show.percent(form.data["elasticity"])
    return {"from": typed(days.first), "to": typed(days.last), **changes, "elasticity": elasticity}


def _link(
    measure: Measure, days: Days, resolved: list[tuple[str, str]], actor: Actor
) -> list[tuple[str, str]]:
    """Return where the lines of a measure are: words and address."""
    if measure.goods:
        where = url_for("pos.welfare", centre_id=actor.centre_id, **_query(days))
        return [(_("by product"), f"{where}#goods")]
    if measure.resolved and measure.satang and resolved:
        return resolved
    accounts = chart.by_purpose(actor.centre_id)
    # What the meeting resolves is posted after the days it is about.
    last = None if measure.key != "F" else days.last
    english = show.language() == "en"
    return [
        (
            f"{accounts[one].code} {accounts[one].name_en if english else accounts[one].name_th}",
            _account(actor, one, days, last),
        )
        for one in measure.purposes
    ]


def _resolved(days: Days, actor: Actor) -> list[tuple[str, str]]:
    """Return where the use of each fiscal year that lies whole in some days is shown."""
    return [
        (
            _("Surplus of %(year)s", year=one.fiscal_year),
            url_for(
                "accounting.surplus_allocation", centre_id=actor.centre_id, allocation_id=one.id
            ),
        )
        for one in allocations.listing(actor)
        if one.state not in (allocations.WITHDRAWN, allocations.REVERSED)
        and days.first <= one.first_day
        and one.last_day <= days.last
    ]


def _statement_of(days: Days, actor: Actor) -> str:
    """Return where the surplus of some days is shown account by account: their year, or month."""
    whole = days == _year(days.last, actor)
    return url_for(
        "accounting.statements_page",
        centre_id=actor.centre_id,
        month=period_of(days.last),
        of="year" if whole else "month",
    )


def _account(actor: Actor, purpose: Purpose, days: Days, last: date | None) -> str:
    account = chart.account_for(actor.centre_id, purpose)
    query: dict[str, Any] = {"from": days.first.isoformat()}
    if last is not None:
        query["to"] = last.isoformat()
    return account_url(actor.centre_id, account.id, closing="0", **query)
