"""Welfare or profit on paper: one A4 for the villagers, and the auditor's table, from one query.

What must stay true: both say what the page says of the same days; the villagers' paper names no
person, no producer and no village of fewer than five households, and fits one page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale

from core.actor import Actor
from core.jobs import JobFile
from core.web import show
from core.web.pdf import render_pdf
from core.xlsx import CONTENT_TYPE, xlsx_bytes
from pos.pages.welfare_tables import tables_of, village_words
from pos.pages.welfare_view import satang, tried_of, view_of, whole_baht
from pos.rules.welfare.measures import Report, report_of
from pos.rules.welfare.what_if import Change
from pos.services.welfare import gathering, slicing
from pos.services.welfare.gathering import Days, Gathered
from worker.reports.document import Progress

TEMPLATE = "documents/welfare.html"
STEPS = 3
SHOWN = 4
"""Villages on the villagers' paper; the rest stands in the auditor's table."""


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Draw the villagers' paper."""
    found, report, slices = _gathered(params, actor, progress)
    content = drawn(found, report, slices, actor)
    progress(2, STEPS)
    return JobFile(f"welfare-{_name(found.days)}.pdf", "application/pdf", content)


def build_table(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Write the auditor's table."""
    found, report, slices = _gathered(params, actor, progress)
    with force_locale(params.get("locale", "th")):
        content = xlsx_bytes(tables_of(found, report, slices))
    progress(2, STEPS)
    return JobFile(f"welfare-{_name(found.days)}.xlsx", CONTENT_TYPE, content)


def drawn(found: Gathered, report: Report, slices: slicing.Slices, actor: Actor) -> bytes:
    """Return the PDF, in Thai."""
    with force_locale("th"):
        template = current_app.jinja_env.get_template(TEMPLATE)
        days = found.days
        return render_pdf(
            template.render(
                centre=actor.centre,
                locale="th",
                days_words=f"{show.day(days.first, 'long')} – {show.day(days.last, 'long')}",
                report=report,
                view=view_of(report),
                tried=tried_of(report, Change()),
                villages=slices.public[:SHOWN],
                village_words=lambda row: village_words(row, slices),
                satang=satang,
                whole_baht=whole_baht,
            )
        )


def _gathered(
    params: Mapping[str, Any], actor: Actor, progress: Progress
) -> tuple[Gathered, Report, slicing.Slices]:
    progress(0, STEPS)
    days = Days(date.fromisoformat(params["first"]), date.fromisoformat(params["last"]))
    found = gathering.gather(actor, days)
    progress(1, STEPS)
    return found, report_of(found.facts, found.aims), slicing.of_report(found, actor)


def _name(days: Days) -> str:
    return f"{days.first:%Y%m%d}-{days.last:%Y%m%d}"
