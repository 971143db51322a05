"""From the surplus to the receipt behind it; and a year planned at the screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core import clock
from pos.services.sale import RecordSaleLine
from tests.browser.conftest import narrow
from tests.shop import Shop


@pytest.fixture
def sold(shop: Shop) -> str:
    """A jar of honey sold for 180.00, 36.00 of it our commission; the receipt's number."""
    honey = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(honey, 20_000)
    shop.open()
    return shop.sell(RecordSaleLine(honey, 1000, 18_000)).receipt_no


@pytest.mark.parametrize("width", [360, 1280])
def test_the_surplus_leads_to_the_receipt(
    shop: Shop, sold: str, sign_in: Callable[..., Page], address: str, width: int
) -> None:
    page = sign_in("auditor", width=width)
    page.goto(f"{address}/c/{shop.centre_id}/statements")
    expect(page.locator("tr.total").last).to_contain_text("36.00")
    # The plot is there twice, wide and narrow: the screen shows the one that fits it.
    shown, kept = (".plot-narrow", ".plot-wide") if width == 360 else (".plot-wide", ".plot-narrow")
    expect(page.locator(f"{shown} svg.plot")).to_be_visible()
    expect(page.locator(f"{kept} svg.plot")).to_be_hidden()
    assert narrow(page)
    page.select_option("select[name=statement]", "cash_flow")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cash flow")
    # What the producer is owed is money that is there and not ours.
    expect(page.locator("tr.account", has_text="2120")).to_contain_text("144.00")
    page.locator("tr.reckoned").get_by_role("link", name="36.00").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Income statement")
    page.locator("tr.account", has_text="4120").get_by_role("link", name="36.00").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4120")
    assert f"from={clock.today():%Y-%m}-01" in page.url
    page.locator("table a[href*='/journal/']").first.click()
    page.locator("a[href*='/sales/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(sold)


def test_a_year_is_planned_and_stands_beside_what_came_of_it(
    shop: Shop, sold: str, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("accountant", width=360)
    page.goto(f"{address}/c/{shop.centre_id}/budget")
    page.select_option("select[name=account_id]", label="4120 Commission on consigned goods")
    page.get_by_role("button", name="Plan", exact=True).click()
    page.get_by_label("Whole year").fill("1,200")
    assert narrow(page)
    page.get_by_role("button", name="Save").click()
    row = page.locator("tbody tr", has_text="4120")
    expect(row).to_contain_text("1,200.00")
    expect(row).to_contain_text("36.00")
    assert narrow(page)
    row.get_by_role("link", name="Edit").click()
    expect(page.locator("input[name=month_1]")).to_have_value(re.compile(r"100\.00"))
