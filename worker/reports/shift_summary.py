"""The report of a closed shift (Z report): A4, with plots and places to sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext
from markupsafe import Markup

from core.actor import Actor
from core.jobs import JobFile
from core.web import plots, show
from core.web.plots import Bar
from pos.pages.day_takings import tender_words
from pos.rules.shift_report import METHODS
from pos.services import shift_report
from pos.services.shift_report import ShiftReport
from worker.reports.document import Progress, draw

TEMPLATE = "documents/shift_report.html"
SATANG_PER_BAHT = 100
STEPS = 3


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Gather the shift, draw it, return the file; raise NotFound or ShiftStillOpen."""
    progress(0, STEPS)
    report = shift_report.of(actor.centre_id, UUID(params["shift_id"]))
    progress(1, STEPS)
    content = draw(TEMPLATE, actor, lambda: facts(report, actor))
    progress(2, STEPS)
    return JobFile(f"shift-{report.shift.shift_no}.pdf", "application/pdf", content)


def facts(report: ShiftReport, actor: Actor) -> dict[str, Any]:
    """Return what the template needs, words in the language in force."""
    methods = {method: tender_words(method) for method in METHODS}
    bearers = {
        "centre": gettext("the centre"),
        "producer": gettext("the producer"),
        "shared": gettext("both, by their parts"),
        "fund": gettext("a fund"),
    }
    return {
        "report": report,
        "shift": report.shift,
        "drawer": report.drawer,
        "methods": methods,
        "bearers": bearers,
        "english": actor.locale == "en",
        "hour_plot": hour_plot(report),
        "tender_plot": tender_plot(report, methods),
    }


def hour_plot(report: ShiftReport) -> Markup:
    """Return takings by hour as upright bars, in whole baht."""
    return plots.columns(
        [Bar(f"{hour.start:%H.%M}", hour.satang, baht(hour.satang)) for hour in report.hours],
        title=gettext("Takings by hour"),
        axis=baht,
        step_least=SATANG_PER_BAHT,
        height=220,
    )


def tender_plot(report: ShiftReport, methods: Mapping[str, str]) -> Markup:
    """Return takings by way of paying as lying bars."""
    return plots.rows(
        [
            Bar(methods[one.method], one.taken_satang, show.baht(one.taken_satang))
            for one in report.tenders
        ],
        title=gettext("Takings by way of paying"),
        width=360,
        label_width=84,
    )


def baht(satang: int) -> str:
    """Return whole baht, for a scale."""
    return show.number(satang // SATANG_PER_BAHT)
