"""A bank's file as a table of text: any of the usual writings, marks and code pages, or XLSX.

What must stay true: whatever bytes come are read within bounds or refused with the line that is
wrong. A bank's text begins with lines that are no table yet, so the mark between cells is looked
for in many lines, not in the first. Pure.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from core import tables_in
from core.errors import N_, DomainError

ROWS_MAX, COLUMNS_MAX, CELL_MAX = 20_000, 60, 2_000
_MARKS = ",;\t|"
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class BadStatement(DomainError):
    """A statement that can't be read; `row` is the line of the file, `why` a msgid."""

    code, status, title = "bad-bank-statement", 422, N_("This statement can't be taken")
    detail = N_(
        "Line %(row)s of the file: %(why)s Nothing was taken; correct it and send it again."
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file with the number of its line."""

    number: int
    cells: tuple[str, ...]


def rows_of(raw: bytes) -> tuple[Row, ...]:
    """Return the rows that say anything, of text or of the first sheet of a workbook.

    Raises `BadStatement`, `NotATable`.
    """
    if raw.startswith(_PACKED):
        sheet = tables_in.sheets_of(raw)[0]
        return tuple(Row(row.line, row.cells) for row in sheet.rows)
    text = _decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise BadStatement(row=text[: text.index("\0")].count("\n") + 1, why=_NO_TEXT)
    start = "\n".join(text.split("\n")[:60])
    mark = max(_MARKS, key=lambda one: sum(len(cells) for _, cells in _cells(start, one)))
    rows = tuple(
        Row(number, tuple(cells))
        for number, cells in _cells(text, mark)
        if any(map(str.strip, cells))
    )
    if not rows:
        raise BadStatement(row=1, why=N_("the file is empty."))
    if len(rows) > ROWS_MAX:
        raise BadStatement(row=ROWS_MAX, why=N_("the file is too long; send it month by month."))
    return rows


_NO_TEXT = N_("this is no text. Save the statement as CSV.")


def _decoded(raw: bytes) -> str:
    """Read UTF-8 with or without its mark, UTF-16 with one, or the old Thai code page."""
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    tries = ("utf-16",) if wide else ("utf-8-sig", "cp874")
    at = 0
    for encoding in tries:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
    raise BadStatement(row=raw[:at].count(b"\n") + 1, why=_NO_TEXT)


def _cells(text: str, mark: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if len(cells) > COLUMNS_MAX or any(len(cell) > CELL_MAX for cell in cells):
                raise BadStatement(row=reader.line_num, why=N_("the line is too long."))
            found.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error:
        raise BadStatement(row=reader.line_num, why=_NO_TEXT) from None
    return found
