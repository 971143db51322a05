"""The cash book: the safe and each till's drawer, day by day, each line opening its entry.

What must stay true: it shows the lines of the books themselves, so it can't say anything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounting.pages.asking import asked, given_span
from accounting.pages.blueprint import blueprint, kind_words
from accounting.rules.chart import Purpose
from accounting.rules.periods import ALWAYS
from accounting.schemas import LedgerArgs
from accounting.services import cash_drawers, chart, statements
from core import clock
from core.actor import Actor
from core.paging import Window
from core.sheets import Table
from core.web.auth import current_actor
from core.web.forms import Form
from core.web.sheets import Cell, baht_figure, csv_response, xlsx_response


@blueprint.get("/cash-book")
def cash_book(centre_id: int) -> ResponseReturnValue:
    """Show the money of the safe or of a drawer, day by day."""
    actor = current_actor(centre_id)
    form = asked(LedgerArgs())
    span = form.data.get("span", ALWAYS)
    window = form.data.get("window", Window())
    account_id, keys = _asked_purse(form, actor)
    drawers = cash_drawers.drawers(actor)
    ledger = statements.account_ledger(account_id, actor, window, span, keys)
    till_id = keys.get("till")
    days = {"from": span.first, "to": span.last}
    filters: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day}
    if till_id:
        filters["till_id"] = till_id

    def address(endpoint: str, **more: Any) -> str:
        return url_for(endpoint, centre_id=centre_id, **filters, **more)

    following = ledger.page.next
    page = render_template(
        "accounting/cash_book.html",
        ledger=ledger,
        drawers=drawers,
        till_id=till_id or "",
        errors=form.errors,
        given=given_span(form, span),
        next_url=address("accounting.cash_book", after=following) if following else None,
        first_url=address("accounting.cash_book") if window.after else None,
        file_url=address("accounting.cash_book_csv"),
        workbook_url=address("accounting.cash_book_xlsx"),
    )
    return page, form.status


@blueprint.get("/cash-book.csv")
def cash_book_csv(centre_id: int) -> Response:
    """Return the same as a file."""
    table = _table(current_actor(centre_id))
    return csv_response(table.name, table.headings, table.rows)


@blueprint.get("/cash-book.xlsx")
def cash_book_xlsx(centre_id: int) -> Response:
    """Return the same as a workbook."""
    table = _table(current_actor(centre_id))
    return xlsx_response(table.name, [table])


def _asked_purse(form: Form, actor: Actor) -> tuple[UUID, dict[str, UUID]]:
    """Return the account and what narrows it: a till's drawer, or the safe."""
    till_id = form.data.get("till_id")
    if till_id is None:
        return chart.account_for(actor.centre_id, Purpose.CASH_SAFE).id, {}
    return chart.account_for(actor.centre_id, Purpose.CASH_TILL).id, {"till": till_id}


def _table(actor: Actor) -> Table:
    form = asked(LedgerArgs())
    span = form.data.get("span", ALWAYS)
    account_id, keys = _asked_purse(form, actor)
    lines = statements.every_line(account_id, actor, span, keys)
    rows: Iterator[list[Cell]] = (
        [
            line.entry.posting_date,
            line.entry.number,
            kind_words(line.entry.kind),
            line.memo or line.entry.memo,
            baht_figure(line.debit_satang),
            baht_figure(line.credit_satang),
            baht_figure(line.balance_satang),
        ]
        for line in lines
    )
    headings: list[Cell] = [
        *(_("Date"), _("Entry"), _("Kind"), _("Memo")),
        *(_("Money in"), _("Money out"), _("Balance")),
    ]
    return Table(f"cash-book-{clock.today().isoformat()}", headings, rows)
