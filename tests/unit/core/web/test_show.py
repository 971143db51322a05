"""How values look to a reader."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from core.web import show


@pytest.mark.parametrize(
    ("satang", "text"),
    [(0, "0.00"), (5, "0.05"), (123450, "1,234.50"), (-5, "-0.05"), (-100000, "-1,000.00")],
)
def test_baht(satang: int, text: str) -> None:
    assert show.baht(satang) == text


@pytest.mark.parametrize(
    ("milli", "text"),
    [(0, "0"), (1500, "1.5"), (237, "0.237"), (12000, "12"), (-1500, "-1.5"), (1234000, "1,234")],
)
def test_quantity(milli: int, text: str) -> None:
    assert show.quantity(milli) == text


@pytest.mark.parametrize(("points", "text"), [(8000, "80"), (750, "7.5"), (5, "0.05"), (0, "0")])
def test_percent(points: int, text: str) -> None:
    assert show.percent(points) == text


@given(st.integers(-(10**15), 10**15))
def test_baht_reads_back_as_the_same_satang(satang: int) -> None:
    assert int(show.baht(satang).replace(",", "").replace(".", "")) == satang


def test_a_thai_reader_sees_the_buddhist_year_and_an_english_one_does_not(bare_app: Flask) -> None:
    moment = datetime(2025, 10, 9, 2, 15, tzinfo=UTC)
    assert show.day(date(2025, 10, 9)) == "9 Oct 2025"
    assert show.moment(moment) == "9 Oct 2025 09:15"
    with force_locale("th"):
        assert show.day(date(2025, 10, 9)) == "9 ต.ค. 2568"
        assert show.moment(moment) == "9 ต.ค. 2568 09.15 น."
