"""A book as a file or on paper, and as rows for a page: the same table in each.

What must stay true: paper is in Thai, for the office it is shown to; files follow the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, current_app, make_response
from flask_babel import force_locale

from accounting.rules.books import Book, Cell, Column, Name, Row
from core import clock
from core.web import show
from core.web.pdf import render_pdf
from core.web.sheets import Cell as FileCell
from core.web.sheets import Figure, Table, baht_figure, csv_response, xlsx_response
from core.web.words import translated

TEMPLATE = "documents/book.html"
CLASSES = {"money": "number", "quantity": "number", "day": "nowrap", "code": "nowrap"}


def shown(column: Column, cell: Cell, row: Row) -> str:
    """Return a cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return show.day(cell)
    if isinstance(cell, Name):
        return cell.en if show.language() == "en" and cell.en else cell.th
    if isinstance(cell, int):
        if column.kind == "money":
            return show.baht(cell) if cell or row.style else ""
        return show.quantity(cell) if column.kind == "quantity" else str(cell)
    return translated(cell) if cell and (column.kind == "words" or row.style) else cell


def cells_of(book: Book, row: Row) -> list[tuple[str, str]]:
    """Return a row's cells with their class for the template."""
    pairs = zip(book.columns, row.cells, strict=True)
    return [(shown(column, cell, row), CLASSES.get(column.kind, "")) for column, cell in pairs]


def facts_of(book: Book, limit: int | None = None) -> dict[str, Any]:
    """Return what the templates of a book need; of a long one the first rows."""
    shown = book.rows if limit is None or len(book.rows) <= limit else book.rows[:limit]
    return {
        "book": book,
        "title": translated(book.title),
        "headings": [(translated(one.label), CLASSES.get(one.kind, "")) for one in book.columns],
        "rows": [(row, cells_of(book, row)) for row in shown],
        "notes": [translated(note.words, dict(note.facts)) for note in book.notes],
        "figures": [(translated(label), satang) for label, satang in book.figures],
        "signers": [translated(one) for one in book.signers],
    }


def paper(book: Book, centre: Any) -> str:
    """Return the document of a book, ready to be laid out; always in Thai."""
    with force_locale("th"):
        return current_app.jinja_env.get_template(TEMPLATE).render(
            centre=centre, locale="th", made_at=clock.now(), **facts_of(book)
        )


def pdf_response(book: Book, centre: Any, name: str) -> Response:
    """Answer with a book on paper, called `name`.pdf (ASCII)."""
    assert name.isascii()
    response = make_response(render_pdf(paper(book, centre)))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def table_of(book: Book) -> Table:
    """Return a book as a table for a file; its title names the sheet."""
    headings = [translated(one.label) for one in book.columns]
    return Table(translated(book.title), headings, _file_rows(book))


def _file_rows(book: Book) -> Iterator[list[FileCell]]:
    for row in book.rows:
        pairs = zip(book.columns, row.cells, strict=True)
        yield [_file_cell(column, cell, row) for column, cell in pairs]


def _file_cell(column: Column, cell: Cell, row: Row) -> FileCell:
    if isinstance(cell, Name):
        return cell.en if show.language() == "en" and cell.en else cell.th
    if isinstance(cell, int):
        if column.kind == "money":
            return baht_figure(cell)
        return Figure(show.quantity(cell).replace(",", "")) if column.kind == "quantity" else cell
    if isinstance(cell, str) and cell and (column.kind == "words" or row.style):
        return translated(cell)
    return cell


def answer(book: Book, centre: Any, form: str, name: str) -> Response:
    """Answer with a book as `csv`, `xlsx` or `pdf`."""
    if form == "csv":
        table = table_of(book)
        return csv_response(name, table.headings, table.rows)
    if form == "xlsx":
        return xlsx_response(name, [table_of(book)])
    return pdf_response(book, centre, name)
