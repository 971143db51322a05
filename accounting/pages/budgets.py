"""The budget of a year as a page: plan and actual side by side, a line to change, files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked
from accounting.pages.blueprint import blueprint
from accounting.pages.statement_view import account_words, baht
from accounting.rules.periods import BUDDHIST_OFFSET, first_day, last_day
from accounting.schemas.statements import MONTH_FIELDS, BudgetArgs, BudgetForm
from accounting.services import activities, budget_files, budgets
from accounting.services.budgets import BudgetRow, BudgetYear
from core.actor import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.web import plots, show
from core.web.auth import current_actor, may
from core.web.forms import Form, read_form
from core.web.plots import Series
from core.web.sheets import Cell, Table, csv_response, xlsx_response
from members.services import access


@blueprint.get("/budget")
def budget(centre_id: int) -> ResponseReturnValue:
    """Show a year's budget beside what came of it."""
    actor = current_actor(centre_id)
    form = asked(BudgetArgs())
    year = form.data.get("year") or budgets.current_year(actor)
    return _page(budgets.of_year(year, actor), form, actor)


@blueprint.route("/budget/line", methods=["GET", "POST"])
def budget_line(centre_id: int) -> ResponseReturnValue:
    """Change one line: twelve months, or a year to be spread over them."""
    actor = current_actor(centre_id)
    if request.method == "POST":
        form = read_form(BudgetForm)
        if form.ok:
            command = form.data["command"]
            try:
                in_transaction(budgets.save, command, actor)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                flash(_("The budget is saved."), "success")
                where = url_for("accounting.budget", centre_id=centre_id, year=command.fiscal_year)
                return redirect(f"{where}#{_anchor(command.account_id, command.activity_id)}", 303)
        return _line_page(form, *_named(form.given), actor)
    args = asked(BudgetArgs()).data
    if args.get("account_id") is None:
        raise NotFound(what="account")
    year = args.get("year") or budgets.current_year(actor)
    return _line_page(Form(), year, args["account_id"], args.get("activity_id"), actor)


@blueprint.get("/budget.<any(csv, xlsx):form>")
def budget_file(centre_id: int, form: str) -> Response:
    """Return the year's budget as a file to fill in."""
    actor = current_actor(centre_id)
    year = asked(BudgetArgs()).data.get("year") or budgets.current_year(actor)
    found = budgets.of_year(year, actor)
    headings: list[Cell] = [_("Account"), _("Name"), _("Activity")]
    headings += [show.month(first_day(period)) for period in found.periods]
    rows = budget_files.rows(found, show.language() == "en")
    table = Table(_("Budget"), [*headings, _("Whole year")], rows)
    name = f"budget-{year}"
    if form == "xlsx":
        return xlsx_response(name, [table])
    return csv_response(name, table.headings, table.rows)


@blueprint.post("/budget/import")
def budget_import(centre_id: int) -> ResponseReturnValue:
    """Take a filled-in file, whole or not at all."""
    actor = current_actor(centre_id)
    access.require(actor, "budget.change")
    form = read_form(BudgetArgs)
    year = form.data.get("year") or budgets.current_year(actor)
    sent = request.files.get("file")
    raw = sent.read() if sent and sent.filename else b""
    if not raw:
        form.errors["file"], form.status = _("Choose a file."), 422
    if form.ok:
        name = (sent.filename if sent else "") or ""
        try:
            count = in_transaction(budget_files.bring, year, raw, name, actor)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("Lines of the budget that changed: %(count)s", count=count), "success")
            return redirect(url_for("accounting.budget", centre_id=centre_id, year=year), 303)
    return _page(budgets.of_year(year, actor), form, actor)


def _page(found: BudgetYear, form: Form, actor: Actor) -> ResponseReturnValue:
    centre_id, year = actor.centre_id, found.fiscal_year

    def address(endpoint: str, **query: Any) -> str:
        return url_for(f"accounting.{endpoint}", centre_id=centre_id, **query)

    periods = found.periods
    page = render_template(
        "accounting/budget.html",
        budget=found,
        year_words=_year_words(year),
        form=form,
        errors=form.errors,
        days={
            "from": first_day(periods[0]).isoformat(),
            "to": last_day(periods[max(found.past, 1) - 1]).isoformat(),
            "closing": "0",
        },
        until_words=show.month(first_day(periods[found.past - 1])) if found.past else "",
        no_activity=budgets.NO_ACTIVITY,
        anchor=_anchor,
        plot=_plot(found),
        accounts=[(str(one.id), f"{one.code} {account_words(one)}") for one in _to_add(actor)],
        activities=_activities(actor),
        account_words=account_words,
        earlier_url=address("budget", year=year - 1),
        later_url=address("budget", year=year + 1),
        files={kind: address("budget_file", form=kind, year=year) for kind in ("xlsx", "csv")},
    )
    return page, form.status


def _line_page(
    form: Form, year: int, account_id: UUID, activity_id: UUID | None, actor: Actor
) -> ResponseReturnValue:
    row = budgets.line(year, account_id, activity_id, actor)
    periods = budgets.periods_of(year, actor)
    page = render_template(
        "accounting/budget_line.html",
        row=row,
        year=year,
        year_words=_year_words(year),
        given=form.given or _given(row),
        form=form,
        errors=form.errors,
        months=list(
            zip(
                MONTH_FIELDS,
                [show.month(first_day(period)) for period in periods],
                row.actual,
                strict=True,
            )
        ),
        account_words=account_words,
        back_url=url_for("accounting.budget", centre_id=actor.centre_id, year=year),
    )
    return page, form.status


def _named(given: dict[str, Any]) -> tuple[int, UUID, UUID | None]:
    """Return the line a refused form was about; without one there is no page to show."""
    try:
        activity = given.get("activity_id")
        year = int(given.get("year", ""))
        return year, UUID(given.get("account_id", "")), UUID(activity) if activity else None
    except ValueError:
        raise NotFound(what="account") from None


def _given(row: BudgetRow) -> dict[str, Any]:
    amounts = {
        name: show.baht(amount) if amount else ""
        for name, amount in zip(MONTH_FIELDS, row.months, strict=True)
    }
    return {**amounts, "version": row.version}


def _to_add(actor: Actor) -> Sequence[Any]:
    return budgets.accounts(actor) if may("budget.change") else ()


def _activities(actor: Actor) -> list[tuple[str, str]]:
    known = activities.listing(actor.centre_id)
    return [(str(one.id), one.name(show.language())) for one in known if one.active]


def _anchor(account_id: UUID, activity_id: UUID | None) -> str:
    return f"b-{account_id}-{activity_id or ''}"


def _year_words(year: int) -> str:
    return str(year - BUDDHIST_OFFSET if show.language() == "en" else year)


def _plot(found: BudgetYear) -> Any:
    months = [found.result_of_month(place) for place in range(len(found.periods))]
    labels = [show.month(first_day(period)) for period in found.periods]
    bars = [
        Series(_("Planned surplus"), [plan for plan, _actual in months]),
        Series(_("Actual surplus"), [actual for _plan, actual in months]),
    ]
    title = _("Surplus by month, planned and actual (baht)")
    return plots.fitting(
        lambda width: plots.groups(
            labels, bars, title=title, axis=baht, step_least=100, width=width
        )
    )
