"""The cash report as a page, as files and on paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from core import clock
from core.actor import Centre
from pos.services.sale import RecordSaleLine
from tests.rendering import assert_numbers_visible, page_sizes_mm
from tests.shop import Shop, shop_in

Browser = Any
MORNING = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
PAGE = "/c/{c}/cash-report"


@pytest.fixture
def shop(centre: Centre) -> Iterator[Shop]:
    with clock.travel(lambda: MORNING):
        shop = shop_in(centre)
        honey = shop.product("น้ำผึ้ง", 100_00)
        shop.consign(honey, 10_000)
        shop.open()
        shop.sell(RecordSaleLine(honey, 2_000, 100_00))
        yield shop


def test_the_page_shows_the_month_and_its_lamp(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    page = browser_of("auditor").get(f"{PAGE}?month=202611&lang=en").get_data(as_text=True)
    assert "40.00" in page and "160.00" in page
    assert "Everything was entered within 3 working days." in page
    assert "in time" in page
    documents = browser_of("auditor").get(
        "/c/{c}/cash-report/documents?from=2026-11-19&to=2026-11-19&lang=en"
    )
    assert "160.00" in documents.get_data(as_text=True)


def test_a_month_that_is_none_is_told_and_nothing_breaks(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("accountant")
    for wrong in ("202613", "abc", "18", "99999999"):
        assert browser.get(f"{PAGE}?month={wrong}").status_code == 422
    assert browser.get("/c/{c}/cash-report/documents?from=nonsense").status_code == 422
    assert browser.get(f"{PAGE}.doc").status_code == 404


def test_the_files_hold_what_the_page_shows(
    shop: Shop, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("accountant")
    for by in ("day", "document"):
        query = f"?month=202611&by={by}&lang=en"
        text = browser.get(f"{PAGE}.csv{query}").get_data(as_text=True).removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[-1][:7] == ["Total of the month", "", "40.00", "0.00", "0.00", "160.00", "0.00"]
        content = browser.get(f"{PAGE}.xlsx{query}").get_data()
        [sheet] = load_workbook(io.BytesIO(content)).worksheets
        last = list(sheet.values)[-1]
        assert (last[2], last[5]) == (40, 160)


def test_the_paper_can_be_read_by_eye(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    answer = browser_of("accountant").get(f"{PAGE}.pdf?month=202611")
    assert answer.content_type == "application/pdf"
    pdf = answer.get_data()
    [(width, height)] = page_sizes_mm(pdf)
    assert (round(width), round(height)) == (297, 210)
    assert_numbers_visible(pdf, "40.00", "160.00", "200.00", "2569")


def test_a_cashier_is_refused(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("cashier")
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}.pdf", f"{PAGE}/documents"):
        assert browser.get(path).status_code == 403
