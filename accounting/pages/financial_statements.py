"""Income statement, balance sheet and cash flow: a page, on paper and as files."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.pages import statement_view
from accounting.pages.asking import asked
from accounting.pages.blueprint import blueprint
from accounting.pages.months import month_choices
from accounting.rules import stretches
from accounting.rules.periods import period_of
from accounting.rules.statements import KINDS, NAMES
from accounting.schemas.statements import StatementArgs
from accounting.services import explanations
from accounting.services import financial_statements as statements
from accounting.services.financial_statements import Ask
from core import clock
from core.actor import Actor
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.pdf import render_pdf
from core.web.sheets import csv_response, xlsx_response
from core.web.words import translated

TEMPLATE = "documents/statement.html"
FORMS = ("pdf", "xlsx", "csv")


def asked_statement(actor: Actor) -> tuple[Form, Ask]:
    """Return what is asked: this month's income statement unless told."""
    form = asked(StatementArgs())
    month = form.data.get("month") or period_of(clock.today())
    stretch = stretches.stretch_of(
        form.data.get("of", "month"), month, actor.centre.fiscal_year_start_month
    )
    kind, beside = form.data.get("statement", "income"), form.data.get("beside", "both")
    if (beside == "activity" and kind != "income") or (
        beside == "parts" and stretch.kind == "month"
    ):
        beside = "both"
    return form, Ask(kind, stretch, beside)


@blueprint.get("/statements")
def statements_page(centre_id: int) -> ResponseReturnValue:
    """Show a statement with its plot, what explains it, and what money is left after payouts."""
    actor = current_actor(centre_id)
    form, ask = asked_statement(actor)
    view = statement_view.made(ask, actor, actor.centre)
    page = render_template(
        "accounting/statements.html",
        view=view,
        ask=ask,
        errors=form.errors,
        names=[(kind, translated(NAMES[kind])) for kind in KINDS],
        lengths=[("month", _("Month")), ("quarter", _("Quarter")), ("year", _("Fiscal year"))],
        besides=_besides(ask),
        months=month_choices(ask.stretch.last_period),
        earlier_url=_address(centre_id, ask, stretches.before(ask.stretch).last_period),
        later_url=_address(centre_id, ask, stretches.shifted(ask.stretch.last_period, 1)),
        files={kind: _file_address(centre_id, ask, kind) for kind in FORMS},
        explained=explanations.explain(ask.kind, ask.stretch, actor),
        reason_url=partial(_reason_address, centre_id, ask),
        account_words=statement_view.account_words,
        forecast=statements.forecast(centre_id, clock.today()),
    )
    return page, form.status


@blueprint.get("/statements.<any(pdf, xlsx, csv):form>")
def statement_file(centre_id: int, form: str) -> Response:
    """Return the same statement on paper (in Thai) or as a file."""
    actor = current_actor(centre_id)
    _form, ask = asked_statement(actor)
    name = f"{ask.kind.replace('_', '-')}-{ask.stretch.kind}-{ask.stretch.last_period}"
    if form == "pdf":
        response = make_response(render_pdf(paper(ask, actor)))
        response.headers["Content-Type"] = "application/pdf"
        response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
        return response
    table = statement_view.table_of(statement_view.made(ask, actor))
    if form == "xlsx":
        return xlsx_response(name, [table])
    return csv_response(name, table.headings, table.rows)


def paper(ask: Ask, actor: Actor) -> str:
    """Return the document of a statement, ready to be laid out; always in Thai."""
    with force_locale("th"):
        return current_app.jinja_env.get_template(TEMPLATE).render(
            centre=actor.centre,
            locale="th",
            made_at=clock.now(),
            view=statement_view.made(ask, actor),
        )


def _query(ask: Ask, month: int) -> dict[str, Any]:
    return {"statement": ask.kind, "of": ask.stretch.kind, "month": month, "beside": ask.beside}


def _address(centre_id: int, ask: Ask, month: int) -> str:
    return url_for("accounting.statements_page", centre_id=centre_id, **_query(ask, month))


def _file_address(centre_id: int, ask: Ask, form: str) -> str:
    query = _query(ask, ask.stretch.last_period)
    return url_for("accounting.statement_file", centre_id=centre_id, form=form, **query)


def _reason_address(centre_id: int, ask: Ask, kind: str) -> str:
    """Return the journal's entries of a kind in the statement's days."""
    days: dict[str, Any] = {
        "from": ask.stretch.first.isoformat(),
        "to": ask.stretch.last.isoformat(),
    }
    return url_for("accounting.journal", centre_id=centre_id, kind=kind, **days)


def _besides(ask: Ask) -> list[tuple[str, str]]:
    words = {
        "both": _("The time before and last year"),
        "before": _("The time before"),
        "year_before": _("Last year"),
        "parts": _("Its months") if ask.stretch.kind != "year" else _("Its quarters"),
        "activity": _("By activity"),
        "none": _("Nothing"),
    }
    if ask.kind != "income":
        del words["activity"]
    return list(words.items())
