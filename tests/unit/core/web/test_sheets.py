"""Tables as files: exact figures, no formulas, Thai as it is."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from core.web.sheets import Figure, baht_figure, cell_text, csv_lines


@pytest.mark.parametrize(
    "typed", ["=1+1", "+66812345678", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"]
)
def test_what_begins_like_a_formula_is_made_text(typed: str) -> None:
    assert cell_text(typed) == "'" + typed


@pytest.mark.parametrize("typed", ["น้ำผึ้ง", "5 = 5", "", "a-b"])
def test_other_text_stays_as_it_is(typed: str) -> None:
    assert cell_text(typed) == typed


def test_figures_of_ours_are_read_as_numbers() -> None:
    assert [cell_text(baht_figure(satang)) for satang in (0, 5, -123450)] == [
        *("0.00", "0.05", "-1234.50"),
    ]
    assert cell_text(Figure("-3")) == "-3"
    assert [cell_text(cell) for cell in (None, 7, date(2026, 11, 20))] == ["", "7", "2026-11-20"]


def test_a_file_begins_with_its_mark_and_keeps_line_ends_inside_cells() -> None:
    text = "".join(csv_lines(["ชื่อ", "ยอด"], [["บรรทัด\nสอง", baht_figure(100)]]))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows == [["ชื่อ", "ยอด"], ["บรรทัด\nสอง", "1.00"]]
