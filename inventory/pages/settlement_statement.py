"""A producer's statement as a page (made for a phone too), on paper, and as a table.

What must stay true: the page shows what was frozen; a producer opens own posted ones only, which
the service sees to.
"""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from accounting.services import ledger
from core.web.auth import current_actor, may
from core.web.pdf import render_pdf
from core.web.sheets import csv_response
from inventory.pages.blueprint import blueprint
from inventory.pages.settlement_paper import (
    PHONE_WIDTH,
    code_of,
    documents_of,
    period_plot,
    statement_html,
)
from inventory.pages.settlement_tables import kind_words, product_name, statement_table
from inventory.pages.stock import numbers_of
from inventory.services.settlement import posting, statements


@blueprint.get("/settlements/<uuid:settlement_id>")
def settlement(centre_id: int, settlement_id: UUID) -> str:
    """Show a statement: the one number, then every line behind it."""
    actor = current_actor(centre_id)
    found = statements.get(settlement_id, actor)
    return render_template(
        "settlement/statement.html",
        statement=found,
        own=actor.producer_id == found.card.producer_id,
        numbers=numbers_of(centre_id, documents_of(found)),
        plot=period_plot(found, PHONE_WIDTH),
        code=code_of(found),
        kind_words=kind_words,
        product_name=product_name,
        vouchers=statements.vouchers_of(settlement_id, actor) if may("payout.read") else [],
        entries=ledger.entry_of(centre_id, posting.SOURCE, settlement_id),
    )


@blueprint.get("/settlements/<uuid:settlement_id>/statement.pdf")
def settlement_paper(centre_id: int, settlement_id: UUID) -> ResponseReturnValue:
    """Return a statement to print: A4, in Thai, the same bytes each time."""
    actor = current_actor(centre_id)
    found = statements.get(settlement_id, actor)
    response = make_response(render_pdf(statement_html(found, actor.centre)))
    response.headers["Content-Type"] = "application/pdf"
    name = f"{found.card.settlement_no}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@blueprint.get("/settlements/<uuid:settlement_id>/statement.csv")
def settlement_file(centre_id: int, settlement_id: UUID) -> Response:
    """Return a statement as a file, a row per line."""
    found = statements.get(settlement_id, current_actor(centre_id))
    table = statement_table(found, numbers_of(centre_id, documents_of(found)))
    return csv_response(table.name, table.headings, table.rows)
