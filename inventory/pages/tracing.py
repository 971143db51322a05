"""A lot traced both ways, on a page and as a file: the recall list."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.sheets import Cell
from core.web import show
from core.web.auth import current_actor
from core.web.sheets import Table, csv_response, xlsx_response
from inventory.pages.blueprint import blueprint
from inventory.services.production import tracing
from inventory.services.production.tracing import Trace

HEADINGS = ("part", "lot", "product", "producer", "batch", "document", "day", "quantity", "unit")


@blueprint.get("/lots/<uuid:lot_id>/trace")
def lot_trace(centre_id: int, lot_id: UUID) -> ResponseReturnValue:
    """Show what a lot was made of, what was made of it, and where all of that went."""
    found = tracing.trace(lot_id, current_actor(centre_id))
    wanted = request.args.get("as", "")
    if wanted == "csv":
        return csv_response(f"trace-{found.lot.lot_no}", HEADINGS, _rows(found))
    if wanted == "xlsx":
        return xlsx_response(f"trace-{found.lot.lot_no}", [Table("trace", HEADINGS, _rows(found))])
    return render_template("production/trace.html", trace=found)


def _rows(found: Trace) -> Iterator[tuple[Cell, ...]]:
    for part, lots in (("lot", (found.lot,)), ("made_of", found.made_of), ("became", found.became)):
        for one in lots:
            lying = show.quantity(one.on_hand_milli)
            names = (one.lot_no, one.name_th, one.producer_name, one.batch_no)
            yield (part, *names, "on_hand", None, lying, one.unit)
    for gone in found.gone:
        document = f"{gone.source_type} {gone.number}".strip()
        quantity = show.quantity(gone.quantity_milli)
        yield ("gone", gone.lot_no, "", "", "", document, gone.business_date, quantity, gone.unit)
