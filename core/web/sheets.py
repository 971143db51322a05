"""Answer with a table as a file a spreadsheet opens; the cells are core.sheets' business."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, stream_with_context

from core.sheets import Cell, Figure, Table, baht_figure, cell_text, csv_lines
from core.xlsx import CONTENT_TYPE, xlsx_bytes

__all__ = [
    "Cell",
    "Figure",
    "Table",
    "baht_figure",
    "cell_text",
    "csv_lines",
    "csv_response",
    "xlsx_response",
]


def csv_response(name: str, headings: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with a table as a file called `name`.csv (ASCII)."""
    assert name.isascii()
    response = Response(
        stream_with_context(csv_lines(headings, rows)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(name: str, sheets: Iterable[Table]) -> Response:
    """Answer with a workbook called `name`.xlsx (ASCII); a table's own name is its sheet's."""
    assert name.isascii()
    response = Response(xlsx_bytes(sheets), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
