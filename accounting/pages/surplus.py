"""The surplus of the year as pages: the years, and one year with its scenarios side by side.

What must stay true: a page only shows; a figure somebody merely expects is marked as such wherever
it stands.
"""

from __future__ import annotations

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from accounting.pages import surplus_plots
from accounting.pages.blueprint import blueprint
from accounting.rules.surplus.uses import USE_WORDS, USES, percent_text
from accounting.services import funds
from accounting.services.surplus import allocations, scenarios, years
from accounting.services.surplus.scenarios import Column
from accounting.services.surplus.years import YearSurplus
from core import clock
from core.actor import Actor
from core.web.auth import current_actor
from core.web.pdf import render_pdf
from members.services import access, members

REFUNDS_UP_TO = 3_000
"""With more members than this a page adds up a year's sales only when asked to."""


@blueprint.app_template_filter("use_words")
def use_words(use: str) -> str:
    """Return what a use of the surplus is called."""
    words: str = _(USE_WORDS[use])
    return words


@blueprint.app_template_filter("fine_percent")
def fine_percent(millionths: int | None) -> str:
    """Return a part of the surplus as percents, exactly."""
    return "–" if millionths is None else percent_text(millionths)


@blueprint.get("/surplus")
def surplus(centre_id: int) -> str:
    """Show the years the books know and how each one's surplus stands."""
    actor = current_actor(centre_id)
    access.require(actor, "surplus.read")
    latest: dict[int, allocations.AllocationCard] = {}
    for card in allocations.listing(actor):
        latest.setdefault(card.fiscal_year, card)
    return render_template("surplus/years.html", rows=years.listing(actor), latest=latest)


@blueprint.get("/surplus/<int:year>")
def surplus_year(centre_id: int, year: int) -> str:
    """Show a year's surplus, its scenarios side by side, and what was made of one."""
    actor = current_actor(centre_id)
    found = year_or_404(year, actor)
    columns = _columns(found, actor)
    made = [one for one in allocations.listing(actor) if one.fiscal_year == year]
    return render_template(
        "surplus/year.html",
        year=found,
        columns=columns,
        plot=surplus_plots.compared(columns),
        uses=[use for use in USES if any(column.worked.of(use) for column in columns)],
        funds=fund_names(actor),
        made=made,
        living=any(one.state in allocations.LIVING for one in made),
        posted=any(one.state == "posted" for one in made),
        refunds_left_out=not _with_refunds(actor),
    )


@blueprint.get("/surplus/<int:year>/proposal.pdf")
def surplus_proposal(centre_id: int, year: int) -> ResponseReturnValue:
    """Return the proposal for the meeting: every scenario on one sheet, with the plot."""
    actor = current_actor(centre_id)
    found = year_or_404(year, actor)
    columns = _columns(found, actor)[:4]
    if not columns:
        abort(404)
    with force_locale("th"):
        html = render_template(
            "documents/surplus_proposal.html",
            centre=actor.centre,
            locale="th",
            number="",
            document_date=clock.today(),
            year=found,
            columns=columns,
            plot=surplus_plots.compared(columns),
            uses=[use for use in USES if any(column.worked.of(use) for column in columns)],
        )
    response = make_response(render_pdf(html))
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="surplus-{year}.pdf"'
    return response


def year_or_404(year: int, actor: Actor) -> YearSurplus:
    """Return a year that can be spoken of."""
    access.require(actor, "surplus.read")
    if not years.known(year, actor):
        abort(404)
    return years.of(year, actor)


def fund_names(actor: Actor) -> dict[object, str]:
    """Return what each fund is called."""
    english = actor.locale == "en"
    return {
        card.id: (card.name_en if english else "") or card.name_th
        for card in funds.listing(actor.centre_id)
    }


def _with_refunds(actor: Actor) -> bool:
    return "refunds" in request.args or len(members.dates(actor.centre_id)) <= REFUNDS_UP_TO


def _columns(year: YearSurplus, actor: Actor) -> list[Column]:
    return scenarios.compare(year, actor, refunds=_with_refunds(actor))
