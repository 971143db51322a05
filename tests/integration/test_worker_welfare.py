"""The villagers' paper and the auditor's table, as the worker makes them."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core.actor import Actor, Centre
from pos.services.welfare import gathering
from tests.rendering import page_sizes_mm
from tests.village_year import FOR_MEMBERS, YEAR, live
from worker.reports import REPORTS

PARAMS = {"first": "2026-01-01", "last": "2026-12-31", "locale": "th"}


def silent(_done: int, _total: int) -> None:
    """Take a progress report."""


@pytest.fixture(autouse=True)
def village(centre: Centre, manager: Actor) -> None:
    live(centre, manager, FOR_MEMBERS)


def test_the_villagers_get_one_page(manager: Actor) -> None:
    made = REPORTS["welfare_report"](PARAMS, manager, silent)
    assert made.name == "welfare-20260101-20261231.pdf"
    assert made.content.startswith(b"%PDF")
    assert len(page_sizes_mm(made.content)) == 1


def test_the_auditors_table_adds_up_to_the_report(manager: Actor) -> None:
    made = REPORTS["welfare_table"](PARAMS, manager, silent)
    book = load_workbook(io.BytesIO(made.content))
    facts = gathering.of_centre(manager, YEAR)
    sold, parts = book.worksheets[4], book.worksheets[5]
    assert total(sold, -2) == Decimal(facts.buyers.gain_mils.mid) / 100_000
    assert total(parts, -2) == Decimal(facts.producers.gain_mils.mid) / 100_000
    assert total(sold, 4) == Decimal(facts.buyers.paid_satang) / 100
    for place, band in ((-3, facts.buyers.gain_mils.low), (-1, facts.buyers.gain_mils.high)):
        assert total(sold, place) == Decimal(band) / 100_000
    places = {row[-5] for row in rows_of(sold)} | {row[-5] for row in rows_of(parts)}
    assert any("ตลาดศรีนครินทร์" in str(place) for place in places)


def rows_of(sheet: object) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]  # type: ignore[attr-defined]


def total(sheet: object, column: int) -> Decimal:
    cells = (row[column] for row in rows_of(sheet))
    return sum((Decimal(str(cell)) for cell in cells if cell not in (None, "")), Decimal(0))
