"""The cash report as a book to print or save: by day, or document by document.

What must stay true: both have the same columns and the same totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from accounting.rules import sources
from accounting.rules.books import Book, Column, Note, Row, total_row
from accounting.rules.periods import Span, first_day, fiscal_year, last_day
from accounting.services import cash_report
from accounting.services.cash_report import CashDay, CashDocument, CashLine, CashReport
from core.actor import Actor
from core.errors import N_

KEY = "cash-report"
TITLE = N_("Daily report of cash in and out")
COLUMNS = (
    Column(N_("Date"), "day"),
    Column(N_("Item"), "words"),
    Column(N_("Money received"), "money"),
    Column(N_("Goods purchased"), "money"),
    Column(N_("Other expenses"), "money"),
    Column(N_("Money in, not income"), "money"),
    Column(N_("Money out, not an expense"), "money"),
    Column(N_("Document no. / remarks")),
)
_NOT_INCOME = Note(
    N_(
        "Not income and no expense: money received for producers of consigned goods and paid on to "
        "them, shares, funds, deposits, advances, loans, VAT and equipment. They are shown so that "
        "the money at the end is explained to the satang."
    )
)
_GROSS = Note(
    N_("Consigned goods are shown at the full price: what producers are paid counts as goods.")
)


def of_month(period_id: int, actor: Actor, by_document: bool, gross: bool) -> Book:
    """Return a month's report as a book. Raises Forbidden."""
    report = cash_report.of_month(period_id, actor, gross)
    span = Span(first_day(period_id), last_day(period_id))
    if by_document:
        rows = tuple(_document_rows(cash_report.every_document(span, actor, gross)))
    else:
        start = actor.centre.fiscal_year_start_month
        rows = tuple(row for day in report.days for row in _day_rows(day, start))
    return Book(
        key=KEY,
        title=TITLE,
        days=span,
        columns=COLUMNS,
        rows=(*rows, total_row(COLUMNS, rows, N_("Total of the month"))) if rows else (),
        notes=_notes(report, report.late),
        figures=(
            (N_("Money at the beginning"), report.opening_satang),
            (N_("Money at the end"), report.closing_satang),
        ),
    )


def of_months(months: Sequence[int], actor: Actor) -> Book:
    """Return the report of several months by day, a total after each. Raises Forbidden."""
    start = actor.centre.fiscal_year_start_month
    reports = [cash_report.of_month(month, actor) for month in months]
    rows: list[Row] = []
    for report in reports:
        mine = [row for day in report.days for row in _day_rows(day, start)]
        rows += [*mine, total_row(COLUMNS, mine, N_("Total of the month"))] if mine else []
    return Book(
        key="cash",
        title=N_("Cash book, day by day"),
        days=Span(first_day(months[0]), last_day(months[-1])),
        columns=COLUMNS,
        rows=(*rows, total_row(COLUMNS, rows, N_("Total"))) if len(months) > 1 else tuple(rows),
        notes=_notes(reports[-1], sum(report.late for report in reports)),
        figures=(
            (N_("Money at the beginning"), reports[0].opening_satang),
            (N_("Money at the end"), reports[-1].closing_satang),
        ),
    )


def vouchers(span: Span, actor: Actor) -> Book:
    """Return money in and out document by document, the sales of the counter left out."""
    found = cash_report.every_document(span, actor, without=("sale", "refund"))
    rows = tuple(_document_rows(found))
    return Book(
        key="vouchers",
        title=N_("Vouchers of money in and out"),
        days=span,
        columns=COLUMNS,
        rows=(*rows, total_row(COLUMNS, rows, N_("Total"))) if rows else (),
        notes=(Note(N_("Sales and refunds stand in the daily cash report, summed by day.")),),
    )


def _notes(report: CashReport, late_entries: int) -> tuple[Note, ...]:
    facts = (("days", report.working_days), ("count", late_entries))
    late = Note(
        N_(
            "%(count)s documents were entered later than %(days)s working days after their day. "
            "Public holidays are not left out."
        ),
        facts,
    )
    in_time = Note(N_("Everything was entered within %(days)s working days."), facts)
    return (
        _NOT_INCOME,
        *((_GROSS,) if report.gross else ()),
        late if late_entries else in_time,
    )


def _day_rows(day: CashDay, start_month: int) -> Iterable[Row]:
    year = fiscal_year(day.day, start_month)
    for line in day.lines:
        yield Row((day.day, _kind(line.kind), *line.sums.columns, numbers(line, year)))


def _document_rows(found: Iterable[CashDocument]) -> Iterable[Row]:
    for one in found:
        marks = [one.number or one.entry.number, one.entry.memo]
        remarks = " · ".join(mark for mark in marks if mark)
        yield Row((one.entry.posting_date, _kind(one.entry.kind), *one.sums.columns, remarks))


def numbers(line: CashLine, year: int) -> str:
    """Return the entries of a line as they are named: J-2569-00001 – J-2569-00045 (45)."""
    first = f"J-{year}-{line.first_no:05d}"
    if line.count == 1:
        return first
    return f"{first} – J-{year}-{line.last_no:05d} ({line.count})"


def _kind(kind: str) -> str:
    return sources.KINDS.get(kind, kind)
