"""The cash report, the turnover and the account books at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pos.services.receipts import Receipt
from pos.services.sale import RecordSaleLine
from tests.shop import Shop

PAGES = (
    "cash-report",
    "cash-report/documents",
    "turnover",
    "books",
    "books/cash",
    "books/journal",
    "books/products",
    "books/members",
)
SIZES = ((360, 740), (1280, 900))


@pytest.fixture
def sold(shop: Shop) -> Receipt:
    """Two jars of honey sold for 360.00, 72.00 of it our commission."""
    honey = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(honey, 20_000)
    shop.open()
    return shop.sell(RecordSaleLine(honey, 2000, 18_000))


def test_a_day_of_the_cash_report_leads_to_its_entry(
    shop: Shop, sold: Receipt, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("accountant")
    page.goto(f"{address}/c/{shop.centre_id}/cash-report")
    page.get_by_role("link", name="72.00").first.click()
    expect(page.locator("main")).to_contain_text(sold.receipt_no)
    page.get_by_role("link", name="288.00").first.click()
    expect(page.locator("main")).to_contain_text("360.00")


def test_every_book_fits_a_phone_and_a_desk(
    shop: Shop, sold: Receipt, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("accountant")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for path in PAGES:
            page.goto(f"{address}/c/{shop.centre_id}/{path}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert over <= 0, (path, width, over)
