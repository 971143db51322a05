"""CSV and XLSX as people bring them; whatever comes is read within bounds or refused by line."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core import tables_in
from core.errors import DomainError
from core.figures_in import satang
from core.tables_in import Row, headed, sheets_of

THAI = "รหัส,ชื่อ,เดบิต\n1110,เงินสด,๑๐๐\n"


def _rows(data: bytes) -> tuple[Row, ...]:
    [sheet] = sheets_of(data, "accounts.csv")
    return sheet.rows


def _book(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        THAI.encode(),
        b"\xef\xbb\xbf" + THAI.encode(),
        THAI.encode("cp874"),
        THAI.encode("utf-16"),
        THAI.replace(",", ";").encode(),
        THAI.replace(",", "\t").replace("\n", "\r\n").encode(),
    ],
)
def test_the_usual_writings_of_a_csv(data: bytes) -> None:
    assert _rows(data) == (Row(1, ("รหัส", "ชื่อ", "เดบิต")), Row(2, ("1110", "เงินสด", "๑๐๐")))


def test_lines_keep_their_number_whatever_is_empty_or_spans_lines() -> None:
    rows = _rows(b'\na,b\n\n"x\ny",1\nz,2\n')
    assert [(row.line, row.cells[0]) for row in rows] == [(2, "a"), (4, "x y"), (6, "z")]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a,b\n1,\0\n", 2),
        (b"a,b\n1,\xff\xfe\n", 2),
        (b'a,b\n"x"y,1\n', 2),
        (b'a,b\n"never closed,1\n2\n', 2),
        (b"a,b\n" + b"x" * 300_000, 2),
        (b"a,b\n" + b"x" * 3_000, 2),
    ],
)
def test_a_broken_line_is_named(data: bytes, line: int) -> None:
    with pytest.raises(tables_in.LineNotReadable) as refused:
        sheets_of(data)
    assert refused.value.facts["line"] == line
    assert " " in refused.value.facts["why_words"], "a sentence, for whoever must mend it"


def test_headings_are_needed_and_each_once() -> None:
    for data in (b"", b"\n \n", b"\xef\xbb\xbf"):
        with pytest.raises(tables_in.NoHeadings):
            sheets_of(data)
    with pytest.raises(tables_in.NoHeadings):
        headed(sheets_of(b"1110,100\n")[0])
    with pytest.raises(tables_in.HeadingTwice) as refused:
        headed(sheets_of("ชื่อ,ยอด,ชื่อ\n".encode())[0])
    assert refused.value.facts == {"line": 1, "heading": "ชื่อ"}


def test_too_much_is_refused() -> None:
    for data in (
        b"a\n" * (tables_in.ROWS_MAX + 1),
        b"a," * tables_in.COLUMNS_MAX + b"b",
        b"x" * (tables_in.BYTES_MAX + 1),
    ):
        with pytest.raises(tables_in.TableTooLarge):
            sheets_of(data)


def test_a_sheet_gives_figures_not_floats() -> None:
    data = _book(
        ["code", "amount", "day"],
        [1110, 1234.56, date(2026, 1, 31)],
        ["1120", 0.1 + 0.2, datetime(2569, 1, 31, 8, 30)],
        [None, None, None],
        ["1130", 1e20, None],
        ["1140", 0.125, True],
    )
    [sheet] = sheets_of(data)
    assert [row.cells for row in sheet.rows[1:]] == [
        ("1110", "1234.56", "2026-01-31"),
        ("1120", "0.3", "2569-01-31 08:30:00"),
        ("1130", "100000000000000000000"),
        ("1140", "0.125", "TRUE"),
    ]
    assert [row.line for row in sheet.rows] == [1, 2, 3, 5, 6]
    with pytest.raises(DomainError):
        satang(sheet.rows[4].cells[1])


@pytest.mark.parametrize(
    ("value", "written", "shown"),
    [
        (0.8, "0%", "80%"),
        (0.825, "0.00%", "82.5%"),
        (1, "0%", "100%"),
        (0.8, '0.00"%"', "0.8"),
        (812345678, "0000000000", "0812345678"),
        (7, "00000", "00007"),
        (1.5, "000", "1.5"),
        (1234.5, "#,##0.00", "1234.5"),
    ],
)
def test_a_number_is_what_its_sheet_shows(value: float, written: str, shown: str) -> None:
    book = Workbook()
    book.active.append(["code"])
    book.active.append([value])
    book.active["A2"].number_format = written
    kept = io.BytesIO()
    book.save(kept)
    [sheet] = sheets_of(kept.getvalue())
    assert sheet.rows[1].cells == (shown,)


def test_a_formula_without_its_result_is_refused_by_line() -> None:
    data = _book(["code", "amount"], ["1110", "=1+1"])
    with pytest.raises(tables_in.FormulaWithoutResult) as refused:
        sheets_of(data)
    assert refused.value.facts["line"] == 2


def test_what_unpacks_too_large_or_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (tables_in.UNPACKED_MAX + 1))
    with pytest.raises(tables_in.TableTooLarge):
        sheets_of(packed.getvalue())
    for data in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0 old", _book(["a"])[:-30]):
        with pytest.raises(tables_in.NotATable):
            sheets_of(data)


@pytest.mark.parametrize("cells", [b"<c/>", b'<x:c t="n"/>'])
def test_a_row_wider_than_any_sheet_is_refused_before_it_is_made(
    cells: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openpyxl.load_workbook", None)  # nobody may come so far
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/anywhere.xml", b"<row>" + cells * 16_385 + b"</row>")
    with pytest.raises(tables_in.TableTooLarge):
        sheets_of(packed.getvalue())


def test_entities_of_a_sheet_are_never_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    whole = _book(["a"])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            data = bomb if "worksheets/" in part.filename else old.read(part)
            new.writestr(part.filename, data)
    with pytest.raises(tables_in.NotATable):
        sheets_of(changed.getvalue())


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for brought in (data, b"PK\x03\x04" + data):
        try:
            for sheet in sheets_of(brought, "x.csv"):
                headed(sheet)
        except DomainError:
            continue


_WHOLE = _book(["code", "amount"], ["1110", 12.5])


@given(st.integers(0, len(_WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(at: int, damage: bytes) -> None:
    try:
        sheets_of(_WHOLE[:at] + damage + _WHOLE[at + len(damage) :])
    except DomainError:
        return
