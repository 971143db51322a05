"""What is to be paid for purchases by the day it is due: list, ageing, what falls due by week."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from core.sheets import Cell
from core.web import plots, show
from core.web.auth import current_actor
from core.web.lists import listed, window
from core.web.plots import Bar
from core.web.sheets import baht_figure, csv_response
from inventory.pages.blueprint import blueprint
from inventory.services.buying import due
from inventory.services.buying.due import Wanted, Week

SATANG_PER_BAHT = 100


@blueprint.get("/payables")
def payable_list(centre_id: int) -> str:
    """Show open purchases and credits, the longest due first."""
    actor = current_actor(centre_id)
    wanted = _wanted()
    chosen: dict[str, Any] = {
        "q": wanted.text or None,
        "due": "past" if wanted.past else None,
    }
    found = due.listing(actor, window(), wanted)
    return render_template(
        "buying/payables.html",
        ageing=found.ageing,
        count=found.count,
        plot=_plot(found.weeks),
        wanted=wanted,
        file_url=url_for("inventory.payable_file", centre_id=centre_id, **chosen),
        **listed(found.page, "inventory.payable_list", centre_id=centre_id, **chosen),
    )


@blueprint.get("/payables.csv")
def payable_file(centre_id: int) -> Response:
    """Return all that the list shows as a file."""
    actor = current_actor(centre_id)
    headings: list[Cell] = [
        *(_("Number"), _("Supplier"), _("Date"), _("Payment due"), _("Days past due")),
        *(_("Amount (baht)"), _("Open (baht)")),
    ]
    rows: list[list[Cell]] = [
        [
            *(one.line.number, one.producer.name, one.line.business_date, one.line.due),
            *(max(one.days, 0), baht_figure(one.line.sign * one.line.total_satang)),
            baht_figure(one.open_satang),
        ]
        for one in due.everybody(actor, _wanted())
    ]
    return csv_response("payables", headings, rows)


def _wanted() -> Wanted:
    text = request.args.get("q", "").strip()[:100]
    return Wanted(text, past=request.args.get("due") == "past")


def _plot(weeks: tuple[Week, ...]) -> Markup | None:
    if not any(week.satang for week in weeks):
        return None
    bars = [
        Bar(
            _("Past due") if week.overdue else f"{week.monday.day}/{week.monday.month}",
            week.satang,
            _baht(week.satang),
        )
        for week in weeks
    ]
    title = _("Falls due by week, baht")
    return plots.fitting(
        lambda width: plots.columns(
            bars, title=title, axis=_baht, step_least=SATANG_PER_BAHT, width=width, height=210
        )
    )


def _baht(satang: int) -> str:
    return show.number(satang // SATANG_PER_BAHT)
