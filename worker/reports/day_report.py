"""The paper of a day: takings beside the week before, sellers, what wants a look, what to order.

What must stay true: every figure is that of the manager's page, made by the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.actor import Actor
from core.jobs import JobFile
from core.paging import Window
from core.web import plots
from pos.pages import day_plots, day_tables
from pos.pages.day import odd_titles, percent_change
from pos.pages.day_odd import note_of
from pos.pages.day_sheet import Asked, percent
from pos.rules.day_figures import Days
from pos.services.day_figures import exceptions, goods, reading
from worker.reports.document import Progress, draw

TEMPLATE = "documents/day_report.html"
STEPS = 3
SHOWN = 12
TABLES = ("tenders", "cashiers", "categories", "order", "bring", "expiring")


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Gather and draw the paper of a day."""
    progress(0, STEPS)
    day = date.fromisoformat(params["day"])
    days = Days(day, day)
    asked = Asked(actor, reading.open_period(days, actor), reading.open_period(days.before, actor))
    progress(1, STEPS)
    content = draw(TEMPLATE, actor, lambda: facts(asked))
    progress(2, STEPS)
    return JobFile(f"day-{day:%Y%m%d}.pdf", "application/pdf", content)


def facts(asked: Asked) -> dict[str, Any]:
    """Return what the template needs; called in the reader's language."""
    actor, days = asked.actor, asked.read.days
    best, slow = day_plots.of_sellers(goods.sellers(asked.read, actor))
    odd = [one for one in exceptions.counts(days, actor) if one.count]
    window = Window(limit=SHOWN)
    return {
        "document_date": days.first,
        "whole": asked.read.whole(),
        "before": asked.before.whole(),
        "change": percent_change,
        "percent": percent,
        "waiting": asked.read.waiting,
        "time_plot": _drawn(day_plots.of_time(asked), 680),
        "tender_plot": _drawn(day_plots.of_tenders(asked), 680),
        "seller_plots": [_drawn(one, plots.HALF) for one in (best, slow) if one is not None],
        "tables": [day_tables.sheet(view, asked) for view in TABLES],
        "shown": SHOWN,
        "odd": [(one, exceptions.listing(one.kind, days, actor, window).items) for one in odd],
        "odd_titles": odd_titles(),
        "note": note_of,
    }


def _drawn(draw_it: day_plots.Draw | None, width: int) -> Any:
    return draw_it(width) if draw_it is not None else None
