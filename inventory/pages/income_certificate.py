"""A producer's yearly income certificate: the page with its documents, and the paper to sign."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from core import clock
from core.baht_text import baht_text
from core.dates import BUDDHIST_OFFSET
from core.text import ascii_digits
from core.web import show
from core.web.auth import current_actor
from core.web.pdf import render_pdf
from inventory.pages.blueprint import blueprint
from inventory.services import income_certificate as certificates
from inventory.services.income_certificate import Certificate

YEARS_OFFERED = 6
BUDDHIST_FROM = 2400


@blueprint.get("/my/income")
def my_income(centre_id: int) -> str:
    """Show what the signed-in producer was paid in a year."""
    return _page(centre_id, None)


@blueprint.get("/my/income.pdf")
def my_income_paper(centre_id: int) -> ResponseReturnValue:
    """Return the signed-in producer's own certificate to print."""
    return _paper(centre_id, None)


@blueprint.get("/producers/<uuid:producer_id>/income")
def income(centre_id: int, producer_id: UUID) -> str:
    """Show what a producer was paid in a year."""
    return _page(centre_id, producer_id)


@blueprint.get("/producers/<uuid:producer_id>/income.pdf")
def income_paper(centre_id: int, producer_id: UUID) -> ResponseReturnValue:
    """Return a producer's certificate to print and sign."""
    return _paper(centre_id, producer_id)


def _found(centre_id: int, producer_id: UUID | None) -> Certificate:
    return certificates.of(current_actor(centre_id), asked_year(), producer_id)


def asked_year() -> int:
    """Return the year asked for, in the common era whatever era it was written in."""
    written = ascii_digits(request.args.get("year", "")).strip()
    if not (written.isascii() and written.isdigit() and len(written) == 4):
        return clock.today().year
    year = int(written)
    return year - BUDDHIST_OFFSET if year >= BUDDHIST_FROM else year


def _page(centre_id: int, producer_id: UUID | None) -> str:
    found = _found(centre_id, producer_id)
    this_year = clock.today().year
    english = show.language() == "en"

    def address(endpoint: str) -> str:
        own = "my_" if producer_id is None else ""
        return url_for(
            f"inventory.{own}{endpoint}",
            centre_id=centre_id,
            producer_id=producer_id,
            year=found.year,
        )

    return render_template(
        "producer/income.html",
        certificate=found,
        own=producer_id is None,
        year_words=found.year if english else found.year + BUDDHIST_OFFSET,
        years=[
            (str(year), str(year if english else year + BUDDHIST_OFFSET))
            for year in sorted({found.year, *range(this_year - YEARS_OFFERED + 1, this_year + 1)})[
                ::-1
            ]
        ],
        paper_url=address("income_paper"),
        back_url=url_for("inventory.my", centre_id=centre_id)
        if producer_id is None
        else url_for("inventory.account", centre_id=centre_id, producer_id=producer_id),
    )


def _paper(centre_id: int, producer_id: UUID | None) -> ResponseReturnValue:
    found = _found(centre_id, producer_id)
    with force_locale("th"):
        html = render_template(
            "documents/income_certificate.html",
            locale="th",
            certificate=found,
            document_date=clock.today(),
            year_words=found.year + BUDDHIST_OFFSET,
            amount_words=baht_text(max(found.total_satang, 0)),
        )
    response = make_response(render_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    name = f"income-{found.year}-{found.producer.producer_no.encode('ascii', 'ignore').decode()}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
