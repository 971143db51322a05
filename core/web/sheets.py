"""Answer with a table as a file a spreadsheet opens; the cells are core.sheets' business."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, stream_with_context

from core.sheets import Cell, Figure, baht_figure, cell_text, csv_lines

__all__ = ["Cell", "Figure", "baht_figure", "cell_text", "csv_lines", "csv_response"]


def csv_response(name: str, headings: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with a table as a file called `name`.csv (ASCII)."""
    assert name.isascii()
    response = Response(
        stream_with_context(csv_lines(headings, rows)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
