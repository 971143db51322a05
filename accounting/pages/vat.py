"""The VAT reports of a month as a page and as files; only of a centre registered for VAT."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from accounting.pages import book_files
from accounting.pages.asking import asked
from accounting.pages.blueprint import blueprint
from accounting.pages.months import month_choices
from accounting.rules.periods import first_day, next_period, period_of, previous_period
from accounting.schemas import MonthArgs
from accounting.services import vat_report
from accounting.services.vat_report import SIDES
from core import clock
from core.paging import LIMIT_MAX
from core.web import show
from core.web.auth import current_actor

ROWS_PRINTED = 1_500


@blueprint.get("/vat")
def vat(centre_id: int) -> ResponseReturnValue:
    """Show a month's sales and purchase tax reports, and what is to be handed in."""
    actor = current_actor(centre_id)
    form = asked(MonthArgs())
    month: int = form.data.get("month") or period_of(clock.today())
    by = form.data.get("by", "day")
    reports = {side: vat_report.of_month(side, month, actor) for side in SIDES}
    books = {side: vat_report.book(side, month, actor, by == "document") for side in SIDES}

    def address(period_id: int = month, **query: Any) -> str:
        query.setdefault("by", by)
        return url_for("accounting.vat", centre_id=centre_id, month=period_id, **query)

    page = render_template(
        "accounting/vat.html",
        reports=reports,
        tables=[
            (side, book_files.facts_of(book, LIMIT_MAX), max(len(book.rows) - LIMIT_MAX, 0))
            for side, book in books.items()
        ],
        month=month,
        month_words=show.month(first_day(month)),
        months=month_choices(month),
        by=by,
        errors=form.errors,
        other_url=address(by="day" if by == "document" else "document"),
        earlier_url=address(previous_period(month)),
        later_url=address(next_period(month)),
        file_url=lambda side, kind: url_for(
            f"accounting.vat_{side}_file", centre_id=centre_id, form=kind, month=month, by=by
        ),
    )
    return page, form.status


@blueprint.get("/vat-sales.<any(csv, xlsx, pdf):form>")
def vat_sales_file(centre_id: int, form: str) -> Response:
    """Return the sales tax report of a month as a file or on paper."""
    return _file(centre_id, "sales", form)


@blueprint.get("/vat-purchases.<any(csv, xlsx, pdf):form>")
def vat_purchases_file(centre_id: int, form: str) -> Response:
    """Return the purchase tax report of a month as a file or on paper."""
    return _file(centre_id, "purchases", form)


def _file(centre_id: int, side: str, form: str) -> Response:
    actor = current_actor(centre_id)
    args = asked(MonthArgs())
    month: int = args.data.get("month") or period_of(clock.today())
    book = vat_report.book(side, month, actor, args.data.get("by") == "document")
    if form == "pdf" and len(book.rows) > ROWS_PRINTED:
        book = vat_report.book(side, month, actor, by_document=False)
    return book_files.answer(book, actor.centre, form, f"vat-{side}-{month}")
