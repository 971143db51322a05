"""A producer's statement on paper: A4, in Thai, with a plot of the period.

What must stay true: it is made from what is frozen alone (never from today), so that the same
statement gives the same bytes whenever and by whomever it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from core.actor import Centre
from core.baht_text import baht_text
from core.web import plots, show
from core.web.plots import Bar
from inventory.pages.settlement_tables import kind_words, product_name
from inventory.pages.stock import numbers_of
from inventory.services.settlement.statements import Statement

TEMPLATE = "documents/settlement.html"
SATANG_PER_BAHT = 100
DAYS_DRAWN_MAX = 31
"""A longer period is drawn by week."""
CODE_LENGTH = 12
PAPER_WIDTH, PHONE_WIDTH = 680, 320
FIGURE_WIDTH = 52
"""Bars closer than this leave no room for a figure over each."""


def statement_html(found: Statement, centre: Centre) -> str:
    """Return the document of a statement, ready to be laid out."""
    with force_locale("th"):
        return current_app.jinja_env.get_template(TEMPLATE).render(
            centre=centre,
            locale="th",
            number=found.card.settlement_no,
            statement=found,
            numbers=numbers_of(centre.id, documents_of(found)),
            payout_words=baht_text(found.card.payout_satang),
            plot=period_plot(found),
            code=code_of(found),
            kind_words=kind_words,
            product_name=product_name,
        )


def documents_of(found: Statement) -> set[tuple[str, UUID]]:
    """Return the documents a statement's lines come from."""
    lines = [*found.lines, *(one.line for one in found.recoveries)]
    return {(one.line.key[0], one.line.key[1]) for one in lines}


def code_of(found: Statement) -> str:
    """Return the beginning of a statement's digest, in groups people can read out."""
    short = found.digest[:CODE_LENGTH]
    return " ".join(short[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def period_plot(found: Statement, width: int = PAPER_WIDTH) -> Markup | None:
    """Return what was earned by day or by week, returns left out; None without a sale."""
    earned = [
        (one.line.business_date, one.line.amount_satang)
        for one in found.lines
        if one.line.amount_satang > 0
    ]
    if not earned:
        return None
    first, last = min(day for day, _amount in earned), max(day for day, _amount in earned)
    by_week = (last - first).days >= DAYS_DRAWN_MAX
    if by_week:
        first -= timedelta(days=first.weekday())
    bars = _bars(earned, first, last, 7 if by_week else 1)
    title = _("Earned by week, baht") if by_week else _("Earned by day, baht")
    if len(bars) * FIGURE_WIDTH > width:
        bars = [replace(bar, figure="") for bar in bars]
    return plots.columns(
        bars, title=title, axis=_baht, step_least=SATANG_PER_BAHT, width=width, height=190
    )


def _bars(earned: Iterable[tuple[date, int]], first: date, last: date, step: int) -> list[Bar]:
    sums = [0] * ((last - first).days // step + 1)
    for day, amount in earned:
        sums[(day - first).days // step] += amount
    return [
        Bar(_day(first + timedelta(days=place * step)), satang, _baht(satang))
        for place, satang in enumerate(sums)
    ]


def _day(day: date) -> str:
    """Return day and month, as the scale has room for."""
    return show.day(day).rpartition(" ")[0]


def _baht(satang: int) -> str:
    return show.number(satang // SATANG_PER_BAHT)
