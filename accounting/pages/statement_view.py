"""A statement in words: the same rows for the page, the paper and the files.

What must stay true: page, PDF, XLSX and CSV are made from one view, so their figures can't differ;
each figure's link opens exactly the days (and the activity) it was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from accounting.pages.blueprint import account_url
from accounting.rules.chart import Purpose
from accounting.rules.periods import BUDDHIST_OFFSET, fiscal_year
from accounting.rules.statements import NAMES, Row
from accounting.rules.stretches import Stretch, quarter_number
from accounting.services import financial_statements
from accounting.services.chart import AccountCard
from accounting.services.financial_statements import Column, Month, Shown
from core.sheets import Cell, Table, baht_figure
from core.web import plots, show
from core.web.plots import Series
from core.web.words import translated

SATANG_PER_BAHT = 100
PLOT_MONTHS = 12
WIDE_FROM = 6
"""With so many columns the paper is turned."""


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as it is read; `cells` are (satang, link or None)."""

    role: str
    words: str
    code: str
    cells: tuple[tuple[int, str | None], ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A statement as it is read; `notes` say how to read it."""

    kind: str
    title: str
    days: str
    headings: tuple[str, ...]
    rows: tuple[RowView, ...]
    plot: Markup
    plot_title: str
    notes: tuple[str, ...]

    @property
    def wide(self) -> bool:
        return len(self.headings) >= WIDE_FROM


def view_of(shown: Shown, months: Sequence[Month], start_month: int, link: Any = None) -> View:
    """Return a statement in the reader's language; `link` is the centre when figures are links."""
    kind = shown.ask.kind
    plot, plot_title = plot_of(shown, months)
    return View(
        kind=kind,
        title=translated(NAMES[kind]),
        days=days_words(kind, shown.ask.stretch, start_month),
        headings=tuple(column_words(kind, column, start_month) for column in shown.columns),
        rows=tuple(_row(row, shown, link) for row in shown.statement.rows),
        plot=plot,
        plot_title=plot_title,
        notes=tuple(notes_of(shown)),
    )


def account_words(card: AccountCard) -> str:
    """Return an account's name in the reader's language."""
    return card.name_en if show.language() == "en" and card.name_en else card.name_th


def stretch_words(stretch: Stretch, start_month: int) -> str:
    """Return Nov 2026, Quarter 1 of 2026, or Year 2026 as the reader counts years."""
    if stretch.kind == "month":
        return show.month(stretch.first)
    year = fiscal_year(stretch.last, start_month)
    if show.language() == "en":
        year -= BUDDHIST_OFFSET
    if stretch.kind == "quarter":
        number = quarter_number(stretch, start_month)
        return _("Quarter %(number)s/%(year)s", number=number, year=year)
    return _("Fiscal year %(year)s", year=year)


def days_words(kind: str, stretch: Stretch, start_month: int) -> str:
    """Return the days a statement is about, as its heading says them."""
    if kind == "balance":
        return _("On %(day)s", day=show.day(stretch.last, "long"))
    first, last = show.day(stretch.first), show.day(stretch.last)
    words = stretch_words(stretch, start_month)
    return _("%(words)s (%(first)s – %(last)s)", words=words, first=first, last=last)


def column_words(kind: str, column: Column, start_month: int) -> str:
    """Return the heading of a column."""
    if column.role == "activity":
        if column.activity is None:
            return _("No activity")
        return column.activity.name(show.language())
    if kind == "balance":
        return show.day(column.stretch.last)
    return stretch_words(column.stretch, start_month)


def _row(row: Row, shown: Shown, centre: Any) -> RowView:
    card = shown.accounts[row.account_id] if row.account_id else None
    cells = [
        (amount, _link(row, shown, column, centre) if centre and amount else None)
        for amount, column in zip(row.amounts, shown.columns, strict=False)
    ]
    return RowView(
        row.role,
        account_words(card) if card else translated(row.words),
        card.code if card else "",
        tuple(cells),
        f"a-{row.account_id}" if row.account_id else "",
    )


def _link(row: Row, shown: Shown, column: Column, centre: Any) -> str | None:
    span = column.stretch
    first, last = span.first.isoformat(), span.last.isoformat()
    if row.account_id is not None:
        days = {"from": first, "to": last, "closing": "0"}
        if shown.ask.kind == "balance":
            days = {"to": last}
        activity = {"activity_id": column.activity_id} if column.activity_id else {}
        return account_url(centre.id, row.account_id, **days, **activity)
    if row.role == "moved":
        account_id = _of_purpose(shown, Purpose.CONSIGNMENT_PAYABLE).id
        return url_for(
            "accounting.account_parties", centre_id=centre.id, account_id=account_id, on=last
        )
    if row.role == "reckoned" and row.key in {"result", "year_so_far"}:
        of = span.kind if row.key == "result" else "year"
        return url_for(
            "accounting.statements_page",
            centre_id=centre.id,
            statement="income",
            of=of,
            month=span.last_period,
        )
    return None


def _of_purpose(shown: Shown, purpose: Purpose) -> AccountCard:
    return next(card for card in shown.accounts.values() if card.purpose == purpose)


# --- plots -------------------------------------------------------------------------------------


def baht(satang: int) -> str:
    """Return whole baht, for a scale."""
    return show.number(satang // SATANG_PER_BAHT)


def plot_of(shown: Shown, months: Sequence[Month]) -> tuple[Markup, str]:
    """Return the plot of a statement and its title."""
    if any(column.role == "activity" for column in shown.columns):
        return _plot_of_activities(shown)
    pairs: dict[str, tuple[str, tuple[tuple[str, Callable[[Month], int]], ...]]] = {
        "income": (
            _("Income and costs by month (baht)"),
            ((_("Income"), lambda one: one.income), (_("Costs"), lambda one: one.costs)),
        ),
        "balance": (
            _("What the centre has and owes, month by month (baht)"),
            (
                (_("What we have"), lambda one: one.assets),
                (_("What we owe"), lambda one: one.debts),
            ),
        ),
        "cash_flow": (
            _("Money at the end of each month and its change (baht)"),
            (
                (_("Money at the end"), lambda one: one.money),
                (_("Change of money"), lambda one: one.money_change),
            ),
        ),
    }
    title, series = pairs[shown.ask.kind]
    labels = [show.month(Stretch("month", one.period_id, one.period_id).first) for one in months]
    bars = [Series(name, [value(one) for one in months]) for name, value in series]
    return _groups(labels, bars, title), title


def _plot_of_activities(shown: Shown) -> tuple[Markup, str]:
    title = _("Income and costs by activity (baht)")
    totals = shown.statement.totals
    own = [place for place, one in enumerate(shown.columns) if one.role == "activity"]
    labels = [column_words("income", shown.columns[place], 1) for place in own]
    costs = [totals["goods"][place] + totals["other_costs"][place] for place in own]
    bars = [
        Series(_("Income"), [totals["income"][place] for place in own]),
        Series(_("Costs"), costs),
    ]
    return _groups(labels, bars, title), title


def _groups(labels: Sequence[str], bars: Sequence[Series], title: str) -> Markup:
    return plots.fitting(
        lambda width: plots.groups(
            labels, bars, title=title, axis=baht, step_least=SATANG_PER_BAHT, width=width
        )
    )


# --- words around it -----------------------------------------------------------------------------


def notes_of(shown: Shown) -> list[str]:
    """Return how to read a statement, in a few plain sentences."""
    if shown.ask.kind == "income":
        return [
            _("Income is what the centre earned: of goods on consignment only its commission."),
            _("Costs are what earning it took. Income less costs is the surplus; below zero it is"
              " a loss."),
            _("Goods bought count as a cost when they are sold, not when they are paid."),
        ]  # fmt: skip
    if shown.ask.kind == "balance":
        return [
            _("Above stands what the centre has: money, goods, claims and equipment."),
            _("Below stands whose it is: what we owe to others, and what is our own."),
            _("Both come to the same total, always. A producer who owes us after a return is shown"
              " as owing; the ledger itself stays as posted."),
        ]  # fmt: skip
    return [
        _("It begins with the surplus and ends with the money that is there."),
        _("A plus is money that came in or was not paid yet; a minus is money that went out or is"
          " tied up in goods and claims."),
        _("The last line is the money in the tills, the safe and the bank."),
    ]  # fmt: skip


def table_of(view: View) -> Table:
    """Return a statement as a table for a file."""
    rows: list[list[Cell]] = []
    for row in view.rows:
        figures: list[Cell] = [baht_figure(amount) for amount, _url in row.cells]
        rows.append([row.code, row.words, *(figures or [""] * len(view.headings))])
    return Table(view.title, [_("Account"), _("Name"), *view.headings], rows)


def made(ask: financial_statements.Ask, actor: Any, link: Any = None) -> View:
    """Return a statement for the actor's reading. Raises Forbidden."""
    shown = financial_statements.show(ask, actor)
    months = financial_statements.over_months(actor.centre_id, ask.stretch.last_period, PLOT_MONTHS)
    return view_of(shown, months, actor.centre.fiscal_year_start_month, link)
