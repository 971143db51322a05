"""The daily cash report as a page: a month by day with its lamp, the documents of a day, files."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from accounting.pages import book_files
from accounting.pages.asking import asked, given_span
from accounting.pages.blueprint import blueprint, way_back
from accounting.pages.months import month_choices
from accounting.rules.periods import Span, first_day, last_day, next_period, period_of
from accounting.rules.periods import previous_period as before
from accounting.schemas import CashDocumentsArgs, MonthArgs
from accounting.services import cash_report as cash
from accounting.services import cash_report_book
from core import clock
from core.web import show
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.lists import listed, window

FORMS = ("csv", "xlsx", "pdf")


def _asked_month() -> tuple[Form, int, dict[str, Any]]:
    form = asked(MonthArgs())
    month: int = form.data.get("month") or period_of(clock.today())
    basis = form.data.get("basis", "commission")
    return form, month, {} if basis == "commission" else {"basis": basis}


@blueprint.get("/cash-report")
def cash_report(centre_id: int) -> ResponseReturnValue:
    """Show a month's cash in and out, day by day."""
    actor = current_actor(centre_id)
    form, month, basis = _asked_month()
    report = cash.of_month(month, actor, gross=bool(basis))

    def address(endpoint: str, **query: Any) -> str:
        return url_for(f"accounting.{endpoint}", centre_id=centre_id, **{**basis, **query})

    def documents(day: Any) -> str:
        return address("cash_documents", **{"from": day.isoformat(), "to": day.isoformat()})

    page = render_template(
        "accounting/cash_report.html",
        report=report,
        month_words=show.month(first_day(month)),
        months=month_choices(month),
        basis=basis.get("basis", "commission"),
        errors=form.errors,
        documents=documents,
        earlier_url=address("cash_report", month=before(month)),
        later_url=address("cash_report", month=next_period(month)),
        month_url=address(
            "cash_documents",
            **{"from": first_day(month).isoformat(), "to": last_day(month).isoformat()},
        ),
        files={
            (by, kind): address("cash_report_file", form=kind, month=month, by=by)
            for by in ("day", "document")
            for kind in FORMS
        },
    )
    return page, form.status


@blueprint.get("/cash-report/documents")
def cash_documents(centre_id: int) -> ResponseReturnValue:
    """Show the documents of some days, one a row."""
    actor = current_actor(centre_id)
    form = asked(CashDocumentsArgs())
    today = clock.today()
    span: Span = form.data.get("span", Span())
    span = Span(span.first or (span.last or today).replace(day=1), span.last or today)
    basis = form.data.get("basis", "commission")
    found = cash.documents(span, actor, window(), gross=basis == "gross")
    assert span.first is not None and span.last is not None
    days = {"from": span.first.isoformat(), "to": span.last.isoformat(), "basis": basis}

    page = render_template(
        "accounting/cash_documents.html",
        **listed(found, "accounting.cash_documents", centre_id=centre_id, **days),
        span=span,
        basis=basis,
        errors=form.errors,
        given=given_span(form, span),
        back_url=way_back(
            url_for("accounting.cash_report", centre_id=centre_id, month=period_of(span.first))
        ),
    )
    return page, form.status


@blueprint.get("/cash-report.<any(csv, xlsx, pdf):form>")
def cash_report_file(centre_id: int, form: str) -> Response:
    """Return a month's report as a file or on paper, by day or by document."""
    actor = current_actor(centre_id)
    args, month, basis = _asked_month()
    by_document = args.data.get("by") == "document"
    book = cash_report_book.of_month(month, actor, by_document, gross=bool(basis))
    return book_files.answer(book, actor.centre, form, f"cash-report-{month}")
