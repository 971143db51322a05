"""Tables as files a spreadsheet opens: UTF-8 with a byte order mark, so that Thai stays Thai.

What must stay true: no cell is ever a formula; what a person typed that begins like one gets an
apostrophe before it. Rows are sent as they are read, whatever the length of the table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


class Figure(str):
    """A number made by us, to be read as one."""

    __slots__ = ()


Cell = str | date | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be written as a file called `name`.csv; rows are read as they are written."""

    name: str
    headings: Sequence[Cell]
    rows: Iterable[Sequence[Cell]]


def baht_figure(satang: int) -> Figure:
    """Return satang as a plain decimal: 123450 → 1234.50, with no thousands mark."""
    whole, part = divmod(abs(satang), 100)
    return Figure(f"{'-' if satang < 0 else ''}{whole}.{part:02d}")


def cell_text(cell: Cell) -> str:
    """Return a cell as it stands in the file."""
    if cell is None:
        return ""
    if isinstance(cell, Figure | int):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_lines(headings: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the file, a line at a time."""
    yield BOM
    yield _line(headings)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cell_text(cell) for cell in row])
    return buffer.getvalue()
