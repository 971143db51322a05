"""Tables as workbooks, read back by the library that reads them for people."""

import io
import zipfile
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from core import xlsx
from core.sheets import Table, baht_figure
from core.xlsx import xlsx_bytes


def read(content, sheet=0):
    """Return a sheet's cells, row by row."""
    book = load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]


def table(*rows, name="งบทดลอง"):
    """Return a table of two columns."""
    return Table(name, ("บัญชี", "บาท"), rows)


def test_money_is_a_number_exact_to_the_satang():
    content = xlsx_bytes([table(("1110", baht_figure(12_345_678_901)), ("x", baht_figure(-5)))])
    [_, first, second] = read(content)
    assert (Decimal(str(first[1])), Decimal(str(second[1]))) == (
        Decimal("123456789.01"),
        Decimal("-0.05"),
    )


def test_money_is_shown_with_two_decimals():
    book = load_workbook(io.BytesIO(xlsx_bytes([table(("1110", baht_figure(100)))])))
    assert book.worksheets[0]["B2"].number_format == "#,##0.00"


def test_a_code_stays_text_and_a_day_a_day():
    [_, row] = read(xlsx_bytes([table(("0110", date(2026, 2, 28)))]))
    assert row[0] == "0110" and row[1].date() == date(2026, 2, 28)


def test_what_begins_like_a_formula_is_text_with_an_apostrophe():
    content = xlsx_bytes([table(('=HYPERLINK("http://x")', "+1"), ("@a", "-b"))])
    book = load_workbook(io.BytesIO(content))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert [cell.value[0] for cell in cells] == ["'"] * 4


def test_a_character_no_workbook_holds_is_left_out():
    assert read(xlsx_bytes([table(("a\x00b\x0bc", 1))]))[1] == ["abc", 1]


def test_an_empty_table_has_its_headings():
    assert read(xlsx_bytes([table()])) == [["บัญชี", "บาท"]]


def test_the_same_tables_give_the_same_bytes_whatever_the_hour():
    content = xlsx_bytes([table(("1110", baht_figure(1)))])
    assert xlsx_bytes([table(("1110", baht_figure(1)))]) == content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        assert parts.read("docProps/core.xml").count(b">1980-01-01T00:00:00Z<") == 2


def test_sheets_of_one_name_are_told_apart_and_titles_made_fit():
    content = xlsx_bytes([table(name="a/b"), table(name="a b"), table(name="ก" * 40)])
    assert load_workbook(io.BytesIO(content)).sheetnames == ["a b", "a b (2)", "ก" * 31]


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS_MAX", 2)
    content = xlsx_bytes([table(*((str(n), n) for n in range(5)), name="t")])
    assert load_workbook(io.BytesIO(content)).sheetnames == ["t", "t (2)", "t (3)"]
    assert read(content, 2) == [["บัญชี", "บาท"], ["4", 4]]
