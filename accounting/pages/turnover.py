"""The turnover gauge as a page: twelve months, the limit, and how near it is."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.pages.asking import asked
from accounting.pages.blueprint import blueprint
from accounting.pages.months import month_choices
from accounting.rules.periods import first_day, next_period, period_of, previous_period
from accounting.rules.turnover import Turnover, level_of
from accounting.schemas import MonthArgs
from accounting.services import turnover as turnovers
from core import clock
from core.web import plots, show
from core.web.auth import current_actor
from core.web.plots import Bar

SATANG_PER_BAHT = 100
TONES = {0: "good", 70: "warning", 90: "warning", 100: "bad"}


@blueprint.get("/turnover")
def turnover(centre_id: int) -> ResponseReturnValue:
    """Show the turnover of twelve months beside the limit."""
    actor = current_actor(centre_id)
    form = asked(MonthArgs())
    month: int = form.data.get("month") or period_of(clock.today())
    found = turnovers.of(month, actor)

    def address(period_id: int) -> str:
        return url_for("accounting.turnover", centre_id=centre_id, month=period_id)

    def name_of(period_id: int) -> str:
        return show.month(first_day(period_id))

    page = render_template(
        "accounting/turnover.html",
        turnover=found,
        month=month,
        month_words=name_of(month),
        months=month_choices(month),
        month_name=name_of,
        errors=form.errors,
        tone=TONES[level_of(found.percent)],
        gross_tone=TONES[level_of(found.gross_percent)],
        plot=plot_of(found),
        registered=actor.centre.tax_on(clock.today()).vat_mode == "registered",
        earlier_url=address(previous_period(month)),
        later_url=address(next_period(month)),
    )
    return page, form.status


def plot_of(found: Turnover) -> Markup:
    """Return own turnover by month as upright bars, in whole baht."""
    bars = [
        Bar(
            show.month(first_day(one.period_id)).rpartition(" ")[0],
            max(one.own_satang, 0),
            _baht(one.own_satang),
        )
        for one in found.months
    ]
    title = _("Own turnover by month, baht")
    return plots.fitting(
        lambda width: plots.columns(
            bars, title=title, axis=_baht, step_least=SATANG_PER_BAHT, width=width
        )
    )


def _baht(satang: int) -> str:
    return show.number(satang // SATANG_PER_BAHT)
