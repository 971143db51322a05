"""Labels of lots: choose paper and how many, get a PDF for the label printer or for A4 sheets."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from core.web import barcodes
from core.web.auth import current_actor
from core.web.pdf import render_pdf
from core.web.problems import invalid
from inventory.pages.blueprint import blueprint
from inventory.rules.label_sheet import sheets
from inventory.schemas.labels import LabelArgs
from inventory.services import labels
from inventory.services.labels import LabelJob, LotLabel

ROLL_BARS = {"module_microns": 250, "height_mm": 6}
"""Two dots of a 203 dpi printer; the label's edge leaves the white beside the bars."""
SHEET_BARS = {"module_microns": 330, "height_mm": 7}


@blueprint.get("/lots/<uuid:lot_id>/labels")
def lot_labels(centre_id: int, lot_id: UUID) -> str:
    """Ask how many labels of a lot, on which paper."""
    job = labels.of_lot(lot_id, current_actor(centre_id))
    return _choose(
        job,
        back=url_for("inventory.lot", centre_id=centre_id, lot_id=lot_id),
        pdf=url_for("inventory.lot_labels_pdf", centre_id=centre_id, lot_id=lot_id),
    )


@blueprint.get("/lots/<uuid:lot_id>/labels.pdf")
def lot_labels_pdf(centre_id: int, lot_id: UUID) -> ResponseReturnValue:
    """Return the labels of a lot."""
    return _printed(labels.of_lot(lot_id, current_actor(centre_id)))


@blueprint.get("/intakes/<uuid:receipt_id>/labels")
def intake_labels(centre_id: int, receipt_id: UUID) -> str:
    """Ask how many labels of each lot of an intake, on which paper."""
    job = labels.of_receipt(receipt_id, current_actor(centre_id))
    return _choose(
        job,
        back=url_for("inventory.intake_page", centre_id=centre_id, receipt_id=receipt_id),
        pdf=url_for("inventory.intake_labels_pdf", centre_id=centre_id, receipt_id=receipt_id),
    )


@blueprint.get("/intakes/<uuid:receipt_id>/labels.pdf")
def intake_labels_pdf(centre_id: int, receipt_id: UUID) -> ResponseReturnValue:
    """Return the labels of all lots of an intake."""
    return _printed(labels.of_receipt(receipt_id, current_actor(centre_id)))


def _choose(job: LabelJob, *, back: str, pdf: str) -> str:
    return render_template(
        "inventory/labels.html", job=job, back_url=back, pdf_url=pdf, most=labels.COPIES_MAX
    )


def _printed(job: LabelJob) -> ResponseReturnValue:
    args = _args()
    wanted = _wanted(job, args["copies"])
    roll = args["paper"] == "roll"
    html = render_template(
        "documents/lot_labels.html",
        number=job.number,
        roll=roll,
        pages=[[label] for label in wanted] if roll else sheets(wanted, args["start"]),
        bars=partial(barcodes.code128_uri, **(ROLL_BARS if roll else SHEET_BARS)),
        qr=barcodes.qr_uri,
    )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="labels-{job.number}.pdf"'
    return response


def _args() -> dict[str, Any]:
    given: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in {"paper", "start"} and value
    }
    given["copies"] = request.args.getlist("copies")
    try:
        loaded: dict[str, Any] = LabelArgs().load(given)
    except ValidationError as error:
        raise invalid(error) from None
    return loaded


def _wanted(job: LabelJob, copies: list[int]) -> list[LotLabel]:
    """Return each label as often as asked; as often as pieces lie here, when not asked."""
    counts = [*copies, *(label.copies for label in job.labels[len(copies) :])]
    wanted = [
        label
        for label, count in zip(job.labels, counts, strict=False)
        for _ in range(min(count, labels.COPIES_MAX))
    ]
    return wanted or list(job.labels[:1])
