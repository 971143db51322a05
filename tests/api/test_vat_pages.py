"""The VAT reports as a page and as files; nothing of them for a centre that is not registered."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from core import clock
from core.actor import Centre, TaxSetting, system_actor
from core.db import in_transaction
from members.services import centres
from pos.services.sale import RecordSaleLine
from tests.rendering import assert_numbers_visible
from tests.shop import shop_in

Browser = Any
INVOICE = "ใบกำกับ"


@pytest.fixture
def sold(centre: Centre) -> None:
    """A bar of soap of 107 baht, sold by a centre registered today."""
    actor = system_actor(centre)
    in_transaction(centres.set_tax, TaxSetting(clock.today(), "registered"), actor)
    now = centres.get(centre.id)
    assert now is not None
    shop = shop_in(now)
    soap = shop.product("สบู่", 107_00, tax="standard")
    shop.buy(soap, 10_000, 50_00)
    shop.open()
    shop.sell(RecordSaleLine(soap, 2_000, 107_00))


def test_the_page_shows_both_and_what_is_to_be_handed_in(
    sold: None, browser_of: Callable[[str], Browser]
) -> None:
    browser = browser_of("accountant")
    for by in ("day", "document"):
        page = browser.get(f"/c/{{c}}/vat?by={by}&lang=en").get_data(as_text=True)
        assert "200.00" in page and "14.00" in page
        assert "Sales tax report" in page and "Purchase tax report" in page
        assert "add up" not in page
    assert "/vat?" in browser.get("/c/{c}/turnover").get_data(as_text=True)


def test_the_files_and_the_paper(sold: None, browser_of: Callable[[str], Browser]) -> None:
    browser = browser_of("auditor")
    text = browser.get("/c/{c}/vat-sales.csv?lang=en").get_data(as_text=True).removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(text)))[-1][3:] == ["200.00", "14.00"]
    assert browser.get("/c/{c}/vat-purchases.xlsx").status_code == 200
    pdf = browser.get("/c/{c}/vat-sales.pdf").get_data()
    assert_numbers_visible(pdf, "200.00", "14.00")
    assert browser_of("cashier").get("/c/{c}/vat").status_code == 403


def test_a_centre_not_registered_is_told_so_and_no_paper_says_tax_invoice(
    browser_of: Callable[[str], Browser], centre: Centre
) -> None:
    shop = shop_in(centre)
    soap = shop.product("สบู่", 107_00, tax="standard")
    shop.buy(soap, 10_000, 50_00)
    shop.open()
    shop.sell(RecordSaleLine(soap, 2_000, 107_00))
    browser = browser_of("accountant")
    for path in ("vat", "vat-sales.csv", "vat-sales.pdf", "vat-purchases.xlsx"):
        assert browser.get(f"/c/{{c}}/{path}").status_code == 409
    for path in ("cash-report", "books", "turnover", "books/journal", "books/vouchers"):
        assert INVOICE not in browser.get(f"/c/{{c}}/{path}").get_data(as_text=True)
    for path in ("cash-report.pdf", "books/journal.pdf"):
        pdf = browser.get(f"/c/{{c}}/{path}").get_data()
        told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
        assert INVOICE not in told.stdout.decode()
    assert "/vat" not in browser.get("/c/{c}/turnover").get_data(as_text=True)
