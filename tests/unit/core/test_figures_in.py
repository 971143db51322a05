"""Amounts, quantities and days as they stand in the old books."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import figures_in
from core.dates import NotADate
from core.errors import DomainError
from core.sheets import baht_figure


@pytest.mark.parametrize(
    ("text", "satang"),
    [
        ("1,234.50", 123450),
        ("๑,๒๓๔.๕๐", 123450),
        ("(50.00)", -5000),
        ("-50", -5000),
        ("−50", -5000),
        ("50.-", 5000),
        ("1,500.- บาท", 150000),
        ("฿ 50", 5000),
        (".5", 50),
        ("-", 0),
        ("0.10000", 10),
    ],
)
def test_amounts(text: str, satang: int) -> None:
    assert figures_in.satang(text) == satang


@pytest.mark.parametrize(
    "text",
    ["", "1.234,50", "1,23", "0.125", "1e3", "abc", "#REF!", "1 2", "()", ".", "9" * 15, "1" * 70],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(figures_in.NotAFigure):
        figures_in.satang(text)


def test_an_empty_amount_may_count_as_nothing() -> None:
    assert figures_in.satang_or_zero(" ") == 0
    with pytest.raises(figures_in.NotAFigure):
        figures_in.satang_or_zero("x")


def test_quantities() -> None:
    assert figures_in.milli("๑๒.๕") == 12_500
    assert figures_in.milli("0.237") == 237
    with pytest.raises(figures_in.NotAQuantity):
        figures_in.milli("0.2375")


@pytest.mark.parametrize(
    "text",
    [
        "9/10/2568",
        "๙ ต.ค. ๒๕๖๘",
        "2025-10-09",
        "2568-10-09",
        "9 Oct 2025",
        "45939",
        "45939.0",
        "2025-10-09 00:00:00",
        "09/10/2568 14.30 น.",
        str((date(2568, 10, 9) - date(1899, 12, 30)).days),
    ],
)
def test_days_of_either_era_and_of_a_spreadsheet(text: str) -> None:
    assert figures_in.day(text) == date(2025, 10, 9)


@pytest.mark.parametrize("text", ["", "12", "99999999", "31/02/2568", "9/10"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        figures_in.day(text)


@given(st.integers(-(10**11), 10**11))
def test_every_amount_we_write_is_read_back(satang: int) -> None:
    assert figures_in.satang(baht_figure(satang)) == satang


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (figures_in.satang, figures_in.milli, figures_in.day):
        try:
            read(text)
        except DomainError:
            continue
