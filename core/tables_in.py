"""Tables people bring in: CSV in any of the usual writings, or XLSX, read as rows of text.

What must stay true: whatever bytes come, they are read within bounds or refused with the line that
is wrong; every cell is text, and a number of a sheet is its figures as the spreadsheet shows them,
never a float of ours. What a cell means is core.figures_in's business.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError
from core.text import normalise, skeleton

BYTES_MAX = 10 * 1024 * 1024
ROWS_MAX = 60_000
COLUMNS_MAX = 60
CELL_MAX = 2_000
SHEETS_MAX = 20
UNPACKED_MAX = 150 * 1024 * 1024
"""An XLSX is a packed archive: what it says it unpacks to is looked at before it is read."""

_LINE_MAX = 200_000
_DELIMITERS = (",", ";", "\t", "|")
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_TAGS = re.compile(rb"<(?:[\w.-]+:)?(c|row)[\s/>]")
_ROW_CELLS_MAX = 16_384
"""The widest row a spreadsheet knows."""
_TAGS_MAX = ROWS_MAX * (COLUMNS_MAX + 1)
_ZEROS = re.compile("0{2,20}")
"""The format of numbers that keep the zeros before them: telephones, codes."""
_LITERALS = re.compile(r'"[^"]*"|\\.')
"""What a format only shows: 0.00"%" is no percentage."""


class NotATable(DomainError):
    """The file can't be read as a table; `line` (when known) says where."""

    code, status, title = "not-a-table", 422, N_("This file can't be read as a table")
    detail = N_("Save it as CSV (UTF-8) or XLSX and choose it again.")


class LineNotReadable(NotATable):
    """One line of the file is broken."""

    code, title = "line-not-readable", N_("A line of the file can't be read")
    detail = N_("Look at line %(line)s. %(why_words)s")


_NO_TEXT = N_(
    "Something there is no text. Open the file in a spreadsheet and save it as CSV UTF-8 or XLSX."
)
_NO_LETTERS = N_("Its letters can't be read. Save the file as CSV UTF-8 or XLSX.")
_LINE_TOO_LONG = N_("It is longer than any line of a table. Is this the right file?")
_CELL_TOO_LONG = N_("A cell there is longer than 2,000 characters. Shorten it.")
_QUOTES = N_(
    'A quotation mark (") there is opened and not closed. Remove it, or save the file as XLSX.'
)


class TableTooLarge(NotATable):
    """The file is beyond what one import takes."""

    code, status, title = "table-too-large", 413, N_("This file is too large")
    detail = N_("A file may have 10 MB, 60,000 lines and 60 columns. Split it in parts.")


class NoHeadings(NotATable):
    """There is no line that names the columns."""

    code, title = "no-headings", N_("The names of the columns are missing")
    detail = N_("The first line must name the columns; the lines below hold the figures.")


class HeadingTwice(NotATable):
    """Two columns have one name, so a figure could be read from the wrong one."""

    code, title = "heading-twice", N_("Two columns have the same name")
    detail = N_("Line %(line)s: %(heading)s stands over two columns. Rename or remove one.")


class FormulaWithoutResult(NotATable):
    """A formula was never worked out by a spreadsheet, so there is no figure to take."""

    code, title = "formula-without-result", N_("A formula has no result")
    detail = N_(
        "Sheet %(sheet)s, line %(line)s: open the file in a spreadsheet, save it, try again."
    )


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a line as text; `line` is its number in the file, as an editor shows it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was brought; lines with nothing in them are left out."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Headed:
    """A table whose first line names its columns."""

    name: str
    headings: Row
    rows: tuple[Row, ...]


def sheets_of(data: bytes, name: str = "") -> tuple[Sheet, ...]:
    """Read a file: one sheet of a CSV, all that hold anything of an XLSX. Raises NotATable."""
    if len(data) > BYTES_MAX:
        raise TableTooLarge
    if data.startswith(_ZIP):
        sheets = _from_xlsx(data)
    elif data.startswith(_OLD_EXCEL):
        raise NotATable
    else:
        sheets = (Sheet(_stem(name), _from_text(_decoded(data))),)
    found = tuple(sheet for sheet in sheets if sheet.rows)
    if not found:
        raise NoHeadings
    return found


def headed(sheet: Sheet) -> Headed:
    """Take the first line of a sheet as its columns' names; raise NoHeadings, HeadingTwice."""
    if not sheet.rows:
        raise NoHeadings
    first, rest = sheet.rows[0], sheet.rows[1:]
    seen: set[str] = set()
    for heading in first.cells:
        known = skeleton(heading)
        if known and known in seen:
            raise HeadingTwice(line=first.line, heading=heading)
        seen.add(known)
    if not any(any(char.isalpha() for char in heading) for heading in first.cells):
        raise NoHeadings
    return Headed(sheet.name, first, rest)


def _stem(name: str) -> str:
    tail = name.replace("\\", "/").rsplit("/", 1)[-1]
    return normalise(tail.rsplit(".", 1)[0])[:120]


# --- text ------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    """Return the text: UTF-8 (with or without its mark), UTF-16 as Excel saves it, or cp874."""
    if data.startswith(_WIDE):
        text = _strictly(data, "utf-16", 1)
    else:
        _refuse_nul(data)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = _strictly(data, "cp874", data[: error.start].count(b"\n") + 1)
    if "\0" in text:
        raise LineNotReadable(line=text[: text.index("\0")].count("\n") + 1, why_words=_NO_TEXT)
    return text


def _refuse_nul(data: bytes) -> None:
    at = data.find(b"\0")
    if at >= 0:
        raise LineNotReadable(line=data[:at].count(b"\n") + 1, why_words=_NO_TEXT)


def _strictly(data: bytes, encoding: str, line: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise LineNotReadable(line=line, why_words=_NO_LETTERS) from None


def _from_text(text: str) -> tuple[Row, ...]:
    for number, line in enumerate(io.StringIO(text), start=1):
        if len(line) > _LINE_MAX:
            raise LineNotReadable(line=number, why_words=_LINE_TOO_LONG)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    last = 0
    try:
        for cells in reader:
            # A cell may hold line ends: the line a row begins on is the one after the last row's.
            _add(rows, last + 1, cells)
            last = reader.line_num
    except csv.Error as error:
        why = _CELL_TOO_LONG if "field larger" in str(error) else _QUOTES
        raise LineNotReadable(line=last + 1, why_words=why) from None
    return tuple(rows)


def _delimiter(text: str) -> str:
    """Return what parts the cells: whatever makes the most columns of the first line of text."""
    first = next((line for line in io.StringIO(text) if line.strip(" \t\r\n,;|")), "")
    best, most = ",", 1
    for delimiter in _DELIMITERS:
        try:
            columns = len(next(csv.reader([first], delimiter=delimiter), []))
        except csv.Error:
            continue
        if columns > most:
            best, most = delimiter, columns
    return best


def _tidy(cell: str) -> str:
    """Return a cell in its one spelling; plain figures need no more than their spaces."""
    if len(cell) > CELL_MAX:
        return cell
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    return normalise(cell)


def _add(rows: list[Row], line: int, cells: Sequence[str]) -> None:
    """Add a row unless nothing is in it; empty cells at its end are cut off."""
    kept = [_tidy(cell) for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    if not kept:
        return
    if len(kept) > COLUMNS_MAX or len(rows) >= ROWS_MAX:
        raise TableTooLarge(line=line)
    if any(len(cell) > CELL_MAX for cell in kept):
        raise LineNotReadable(line=line, why_words=_CELL_TOO_LONG)
    rows.append(Row(line, tuple(kept)))


# --- spreadsheets ----------------------------------------------------------------------------


def _from_xlsx(data: bytes) -> tuple[Sheet, ...]:
    """Read the values a spreadsheet worked out and saved; XML bombs are refused by defusedxml."""
    # Only an import of a sheet needs these; every other request starts without them.
    from openpyxl import load_workbook
    from openpyxl.xml import DEFUSEDXML

    assert DEFUSEDXML, "openpyxl parses with defusedxml when that is installed, and must"
    with_formulas = _looked_over(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = book.worksheets
        if len(sheets) > SHEETS_MAX:
            raise TableTooLarge
        read = tuple(Sheet(normalise(one.title), tuple(_sheet_rows(one))) for one in sheets)
        if with_formulas:
            _require_results(data, read)
    except DomainError:
        raise
    except Exception as error:  # noqa: BLE001 - a broken archive breaks the library in any way it likes
        raise NotATable(why=type(error).__name__) from None
    return read


def _looked_over(data: bytes) -> bool:
    """Refuse an archive that would unpack too large; tell whether a sheet has formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > 1000 or sum(part.file_size for part in parts) > UNPACKED_MAX:
                raise TableTooLarge
            with_formulas = False
            for part in parts:
                xml = archive.read(part)
                _require_bounded(xml)
                in_sheet = "worksheets/" in part.filename
                with_formulas |= in_sheet and (b"<f>" in xml or b"<f " in xml)
            return with_formulas
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError):
        raise NotATable from None
    except (NotImplementedError, RuntimeError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise NotATable from None


def _require_bounded(xml: bytes) -> None:
    """Refuse a part with more cells, or more of them in a row, than we or a spreadsheet know.

    A row is made whole in memory before it is ours, and a few kilobytes can hold a million cells.
    """
    if xml.startswith(_WIDE):
        raise NotATable  # no spreadsheet writes it, and its tags would not be found below
    in_row = 0
    for number, tag in enumerate(_TAGS.finditer(xml)):
        in_row = 0 if tag[1] == b"row" else in_row + 1
        if in_row > _ROW_CELLS_MAX or number > _TAGS_MAX:
            raise TableTooLarge


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    rows: list[Row] = []
    # The size a sheet claims is not to be trusted: what is there is counted.
    sheet.reset_dimensions()
    for line, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX + 1), start=1):
        if line > 20 * ROWS_MAX:
            raise TableTooLarge
        _add(rows, line, [_cell_text(cell) for cell in cells])
    yield from rows


def _cell_text(cell: Any) -> str:
    """Return a cell as text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _figures(value, cell.number_format) if _finite(value) else "#NUM!"
    if isinstance(value, datetime):
        return (
            value.isoformat(" ") if value.time().isoformat() != "00:00:00" else f"{value:%Y-%m-%d}"
        )
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _figures(value: float, written: str) -> str:
    """Return a number as its sheet shows it, with the 15 figures a spreadsheet keeps, exactly.

    80 % stands in the file as 0.8, and 0812345678 as 812345678: only the format tells.
    """
    number = Decimal(value if isinstance(value, int) else format(value, ".15g"))
    if "%" in _LITERALS.sub("", written):
        return f"{number.scaleb(2):f}%"
    if _ZEROS.fullmatch(written) and number >= 0 and number == int(number):
        return f"{int(number):0{len(written)}d}"
    return f"{number:f}"


def _finite(value: float) -> bool:
    return value - value == 0


def _require_results(data: bytes, read: Sequence[Sheet]) -> None:
    """Refuse a formula whose result was never saved: read without it, it would count as empty."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    for sheet, values in zip(book.worksheets, read, strict=True):
        sheet.reset_dimensions()
        there = {row.line: row.cells for row in values.rows}
        for line, cells in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX + 1), start=1):
            known = there.get(line, ())
            for column, cell in enumerate(cells):
                if cell.data_type == "f" and not "".join(known[column : column + 1]):
                    raise FormulaWithoutResult(sheet=values.name, line=line)
