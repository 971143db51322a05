"""A manager looks at today, changes the days, and opens what wants a look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pos.services.sale import RecordSaleLine
from tests.browser.conftest import narrow
from tests.shop import Shop


@pytest.mark.parametrize("width", [360, 1280])
def test_from_today_to_a_refund(
    shop: Shop, sign_in: Callable[..., Page], address: str, width: int
) -> None:
    honey = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(honey, 20_000)
    shop.open()
    sold = shop.sell(RecordSaleLine(honey, 2000, 18_000))
    given = shop.refund(sold, (1, 1000))
    page = sign_in("manager", width=width)
    page.goto(f"{address}/c/{shop.centre_id}/day")
    expect(page.locator("tr", has_text="Net takings").first).to_contain_text("180.00")
    assert narrow(page)
    page.get_by_role("link", name="This month").click()
    expect(page).to_have_url(f"{address}/c/{shop.centre_id}/day?period=month")
    page.get_by_role("link", name="Refunds", exact=True).click()
    page.get_by_role("link", name=given.refund_no).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(given.refund_no)
