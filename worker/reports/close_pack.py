"""The paper of a closed month for the meeting: A4, in Thai, the same bytes whenever it is made.

What must stay true: it says nothing of when or by whom it was made; everything on it is locked or
was signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import force_locale, gettext
from markupsafe import Markup

from accounting.rules.closing import STEPS
from accounting.rules.periods import first_day, last_day
from accounting.rules.statements import NAMES, Row
from accounting.services.closing import pack
from accounting.services.closing.pack import Pack
from accounting.services.financial_statements import Column
from core.actor import Actor
from core.jobs import JobFile
from core.web import plots, show
from core.web.pdf import render_pdf
from core.web.plots import Series
from core.web.words import translated
from worker.reports.document import Progress

TEMPLATE = "documents/close_pack.html"
SATANG_PER_BAHT = 100
STEPS_TO_MAKE = 3


def build(params: Mapping[str, Any], actor: Actor, progress: Progress) -> JobFile:
    """Gather the close, draw it, return the file; raise NotFound when nobody locked it."""
    progress(0, STEPS_TO_MAKE)
    found = pack.gather(UUID(params["close_id"]), replace(actor, locale="th"))
    progress(1, STEPS_TO_MAKE)
    content = drawn(found)
    progress(2, STEPS_TO_MAKE)
    return JobFile(f"close-{found.close.period_id}.pdf", "application/pdf", content)


def drawn(found: Pack) -> bytes:
    """Return the PDF of a close."""
    with force_locale("th"):
        template = current_app.jinja_env.get_template(TEMPLATE)
        return render_pdf(template.render(**facts(found)))


def facts(found: Pack) -> dict[str, Any]:
    """Return what the template needs, words in Thai."""
    period_id = found.close.period_id
    titles = {step.key: translated(step.title) for step in STEPS}

    def name(row: Row) -> str:
        if row.account_id is None:
            return translated(row.words)
        code, words = found.names.get(row.account_id, ("", ""))
        return f"{code} {words}"

    return {
        "centre": SimpleNamespace(**found.letterhead),
        "locale": "th",
        "close": found.close,
        "content": found.close.content,
        "month": first_day(period_id),
        "last": last_day(period_id),
        "number": show.month(first_day(period_id)),
        "statements": [
            {
                "title": translated(NAMES[shown.ask.kind]),
                "kind": shown.ask.kind,
                "columns": [column_words(column) for column in shown.columns],
                "rows": shown.statement.rows,
                "plot": _statement_plot(shown.ask.kind, found),
            }
            for shown in found.statements
        ],
        "name": name,
        "names_by_code": dict(found.names.values()),
        "titles": titles,
        "translated": translated,
    }


def column_words(column: Column) -> str:
    """Return what a column is about."""
    return show.month(column.stretch.first)


def _statement_plot(kind: str, found: Pack) -> Markup:
    months = found.months
    labels = [show.month(first_day(one.period_id)) for one in months]
    if kind == "income":
        series = [
            Series(gettext("Income"), [one.income for one in months]),
            Series(gettext("Costs"), [one.costs for one in months]),
        ]
        title = gettext("Income and costs by month, in baht")
    elif kind == "balance":
        series = [
            Series(gettext("What the centre has"), [one.assets for one in months]),
            Series(gettext("What it owes"), [one.debts for one in months]),
        ]
        title = gettext("What the centre has and owes at the end of each month, in baht")
    else:
        series = [Series(gettext("Change of money"), [one.money_change for one in months])]
        title = gettext("Change of money by month, in baht")
    return plots.groups(
        labels, series, title=title, axis=_baht, step_least=SATANG_PER_BAHT, height=140
    )


def _baht(satang: int) -> str:
    sign = "-" if satang < 0 else ""
    return f"{sign}{show.number(abs(satang) // SATANG_PER_BAHT)}"
