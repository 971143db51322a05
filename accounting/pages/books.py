"""The list of books, each on a page and as a file, and all of them printed by the worker."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages import book_files
from accounting.pages.asking import asked
from accounting.pages.blueprint import blueprint
from accounting.pages.months import month_choices
from accounting.pages.statement_view import stretch_words
from accounting.rules.periods import next_period, period_of, previous_period
from accounting.rules.stretches import Stretch, stretch_of
from accounting.schemas.taxes import BooksArgs
from accounting.services import book_printing
from accounting.services import books as library
from accounting.services.books.lines_of import BookTooLong
from core import clock
from core.db import in_transaction
from core.errors import DomainError
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.problems import words

ROWS_SHOWN = 300
"""A page shows the beginning of a long book; the file holds all of it."""
ROWS_PRINTED = 2_500


def _asked(start_month: int) -> tuple[Form, Stretch, dict[str, Any]]:
    form = asked(BooksArgs())
    month: int = form.data.get("month") or period_of(clock.today())
    kind = form.data.get("of", "month")
    return form, stretch_of(kind, month, start_month), {"month": month, "of": kind}


@blueprint.get("/books")
def books(centre_id: int) -> ResponseReturnValue:
    """List the books of a month or a year."""
    actor = current_actor(centre_id)
    form, stretch, query = _asked(actor.centre.fiscal_year_start_month)

    def address(endpoint: str, **more: Any) -> str:
        return url_for(f"accounting.{endpoint}", centre_id=centre_id, **{**query, **more})

    page = render_template(
        "accounting/books.html",
        kinds=library.kinds(actor),
        stretch_words=stretch_words(stretch, actor.centre.fiscal_year_start_month),
        months=month_choices(query["month"]),
        query=query,
        errors=form.errors,
        address=address,
        earlier_url=address("books", month=previous_period(query["month"])),
        later_url=address("books", month=next_period(query["month"])),
    )
    return page, form.status


@blueprint.post("/books/print")
def books_print(centre_id: int) -> ResponseReturnValue:
    """Ask the worker to print all books; go and watch it."""
    actor = current_actor(centre_id)
    month, kind = request.form.get("month", ""), request.form.get("of", "month")
    try:
        job_id = in_transaction(book_printing.ask, month, kind, actor)
    except DomainError as refusal:
        if refusal.status == 403:
            raise
        flash(" ".join(words(refusal)), "error")
        return redirect(url_for("accounting.books", centre_id=centre_id), 303)
    flash(_("The books are being printed."), "success")
    return redirect(url_for("jobs.job", centre_id=centre_id, job_id=job_id), 303)


@blueprint.get("/books/<book>")
def book(centre_id: int, book: str) -> ResponseReturnValue:
    """Show a book of a month or a year."""
    actor = current_actor(centre_id)
    form, stretch, query = _asked(actor.centre.fiscal_year_start_month)
    found = library.make(book, stretch, actor)
    facts = book_files.facts_of(found, ROWS_SHOWN)
    page = render_template(
        "accounting/book.html",
        **facts,
        more=max(len(found.rows) - ROWS_SHOWN, 0),
        stretch_words=stretch_words(stretch, actor.centre.fiscal_year_start_month),
        back_url=url_for("accounting.books", centre_id=centre_id, **query),
        files={
            one: url_for("accounting.book_file", centre_id=centre_id, book=book, form=one, **query)
            for one in ("pdf", "xlsx", "csv")
        },
    )
    return page, form.status


@blueprint.get("/books/<book>.<any(csv, xlsx, pdf):form>")
def book_file(centre_id: int, book: str, form: str) -> Response:
    """Return a book as a file or on paper. Raises BookTooLong when paper would not end."""
    actor = current_actor(centre_id)
    _form, stretch, query = _asked(actor.centre.fiscal_year_start_month)
    found = library.make(book, stretch, actor)
    if form == "pdf" and len(found.rows) > ROWS_PRINTED:
        raise BookTooLong(count=len(found.rows))
    name = f"{found.key}-{query['month']}{'-year' if query['of'] == 'year' else ''}"
    return book_files.answer(found, actor.centre, form, name)
