"""The list of books as pages, as files, and printed by the worker."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from accounting.pages import books as pages
from core.actor import Centre
from pos.services.sale import RecordSaleLine
from tests.rendering import assert_numbers_visible, page_sizes_mm
from tests.shop import Shop, shop_in

Browser = Any
KEYS = (
    "cash vouchers balance income cost-of-sales journal members products materials assets"
    " receivables capital"
).split()


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    bananas = shop.product("กล้วย", 123_45)
    shop.buy(bananas, 10_000, 60_00)
    shop.open()
    shop.sell(RecordSaleLine(bananas, 2_000, 123_45))
    return shop


def test_the_list_opens_every_book(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("accountant")
    page = browser.get("/c/{c}/books?lang=en").get_data(as_text=True)
    for key in KEYS:
        assert f"/books/{key}?" in page and f"/books/{key}.pdf?" in page
        for of in ("month", "year"):
            assert browser.get(f"/c/{{c}}/books/{key}?of={of}&lang=en").status_code == 200
    journal = browser.get("/c/{c}/books/journal?lang=en").get_data(as_text=True)
    assert "246.90" in journal and "Sales of own goods" in journal


@pytest.mark.parametrize("key", KEYS)
def test_every_book_is_a_file_and_a_paper(
    shop: Shop, browser_of: Callable[[str], Browser], key: str
) -> None:
    browser = browser_of("auditor")
    where = f"/c/{{c}}/books/{key}"
    text = browser.get(f"{where}.csv?lang=en").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    [sheet] = load_workbook(io.BytesIO(browser.get(f"{where}.xlsx").get_data())).worksheets
    assert sheet.max_row == len(rows)
    pdf = browser.get(f"{where}.pdf").get_data()
    assert {round(min(size)) for size in page_sizes_mm(pdf)} == {210}


def test_the_journal_can_be_read_by_eye(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    pdf = browser_of("manager").get("/c/{c}/books/journal.pdf").get_data()
    assert_numbers_visible(pdf, "246.90", "120.00", "600.00", "4110", "5110")


def test_a_long_book_is_cut_on_the_page_and_refused_on_paper(
    shop: Shop,
    browser_of: Callable[[str], Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "ROWS_SHOWN", 2)
    monkeypatch.setattr(pages, "ROWS_PRINTED", 2)
    browser = browser_of("manager")
    assert "more rows" in browser.get("/c/{c}/books/journal?lang=en").get_data(as_text=True)
    assert browser.get("/c/{c}/books/journal.pdf").status_code == 422
    assert browser.get("/c/{c}/books/journal.csv").status_code == 200


def test_the_office_has_them_all_printed(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("accountant")
    sent = browser.form("/c/{c}/books/print", month="202611", of="month")
    assert sent.status_code == 303 and "/jobs/" in sent.location
    assert browser.get(sent.location).status_code == 200
    wrong = browser.form("/c/{c}/books/print", month="202699", of="month")
    assert wrong.status_code == 303 and wrong.location.endswith("/books")


def test_nobody_else_opens_them(shop: Shop, browser_of: Callable[[str], Browser]) -> None:
    cashier, auditor = browser_of("cashier"), browser_of("auditor")
    assert cashier.get("/c/{c}/books").status_code == 403
    assert cashier.get("/c/{c}/books/journal").status_code == 403
    assert cashier.get("/c/{c}/books/journal.csv").status_code == 403
    assert cashier.form("/c/{c}/books/print", month="202611", of="month").status_code == 403
    assert auditor.form("/c/{c}/books/print", month="202611", of="month").status_code == 403
    assert auditor.get("/c/{c}/books/nothing").status_code == 404
    assert auditor.get("/c/{c}/books?month=202613").status_code == 422
