"""Tables as a workbook: the cells of core.sheets, numbers as numbers.

What must stay true: money goes in as an exact decimal, never through a float; no cell is ever a
formula; the same tables give the same bytes, so a file can be made again and compared.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.sheets import Cell, Figure, Table, cell_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX = 1_048_575
"""What a sheet holds below its headings; a longer table goes on in another sheet."""

_TITLE_LENGTH = 31
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
_NOT_IN_CELLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDTH_LEAST, _WIDTH_MOST = 12, 48
_WIDTH_ROWS = 200
"""The first rows are looked at for how wide the columns must be."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def xlsx_bytes(tables: Iterable[Table]) -> bytes:
    """Return a workbook with a sheet a table, in their order."""
    book = Workbook(write_only=True)
    titles: set[str] = set()
    for table in tables:
        rows = iter(table.rows)
        _sheet(book, _title(table.name, titles), table.headings, islice(rows, ROWS_MAX))
        for first in rows:
            rest = islice(chain([first], rows), ROWS_MAX)
            _sheet(book, _title(table.name, titles), table.headings, rest)
    assert titles, "a workbook has a sheet"
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_the_hour(buffer.getvalue())


def _sheet(book: Any, title: str, headings: Sequence[Cell], rows: Iterator[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    first = list(islice(rows, _WIDTH_ROWS))
    # A workbook written as it is read must know its columns before its rows.
    for place, width in enumerate(_widths([headings, *first]), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_heading(sheet, cell) for cell in headings])
    for row in chain(first, rows):
        sheet.append([_cell(sheet, cell) for cell in row])


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    count = max(len(row) for row in rows)
    longest = [0] * count
    for row in rows:
        for place, cell in enumerate(row):
            longest[place] = max(longest[place], len(cell_text(cell)))
    return [min(max(long + 2, _WIDTH_LEAST), _WIDTH_MOST) for long in longest]


def _heading(sheet: Any, cell: Cell) -> Any:
    made = WriteOnlyCell(sheet, _text(cell))
    made.font = Font(bold=True)
    return made


def _cell(sheet: Any, cell: Cell) -> Any:
    if cell is None or isinstance(cell, int):
        return cell
    if isinstance(cell, Figure):
        made = WriteOnlyCell(sheet, Decimal(cell))
        made.number_format = "#,##0.00" if "." in cell else "#,##0"
        return made
    if isinstance(cell, date):
        made = WriteOnlyCell(sheet, cell)
        made.number_format = "yyyy-mm-dd"
        return made
    return _text(cell)


def _text(cell: Cell) -> str:
    return _NOT_IN_CELLS.sub("", cell_text(cell))


def _title(name: str, taken: set[str]) -> str:
    """Return a sheet's name as a workbook allows it, once only."""
    plain = _NOT_IN_TITLES.sub(" ", name).strip()[:_TITLE_LENGTH] or "1"
    title, number = plain, 1
    while title.lower() in taken:
        number += 1
        tail = f" ({number})"
        title = plain[: _TITLE_LENGTH - len(tail)] + tail
    taken.add(title.lower())
    return title


def _without_the_hour(content: bytes) -> bytes:
    """Return the workbook without the moment it was written, which would make each file differ."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as written,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as plain,
    ):
        for name in written.namelist():
            part = written.read(name)
            if name == "docProps/core.xml":
                part = _STAMPS.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", part)
            plain.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
