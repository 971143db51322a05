"""A week of buying: ordered, short, one thing sent back, paid in part, the seller signs."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.db import db
from tests.browser.conftest import narrow
from tests.shop import shop_in


def test_an_order_comes_short_goes_back_in_part_and_is_paid_in_part(
    centre: Centre,
    sign_in: Callable[..., Page],
    address: str,
    expected_refusals: list[str],
) -> None:
    expected_refusals.append("409")  # The dearer price is refused until it is accepted.
    shop = shop_in(centre)
    rice = shop.product("ข้าวสาร", 50_00)
    db.session.rollback()
    stock = sign_in("stock_keeper")
    stock.goto(f"{address}/c/{centre.id}/purchase-orders/new?supplier={shop.producer_id}")
    stock.select_option("#goods_1", str(rice))
    stock.fill("#quantity_1", "๑๐")
    stock.fill("#price_1", "30")
    stock.get_by_role("button", name="Save as a draft").press("Enter")
    stock.get_by_role("button", name="Note as sent").press("Enter")
    stock.get_by_role("link", name="Take goods in").click()
    stock.set_viewport_size({"width": 360, "height": 800})
    assert narrow(stock)
    stock.fill("#quantity_1", "6")
    stock.fill("#price_1", "31")
    stock.get_by_role("button", name="Take in").press("Enter")
    stock.get_by_label("Accept this price").check()
    stock.get_by_role("button", name="Take in").press("Enter")
    stock.get_by_role("link", name="Send back").click()
    stock.fill("#quantity_1", "1")
    stock.fill("#reason", "ถุงขาด")
    stock.get_by_role("button", name="Send back").press("Enter")
    expect(stock.locator("main")).to_contain_text("31.00")

    accountant = sign_in("accountant")
    accountant.goto(f"{address}/c/{centre.id}/producers/{shop.producer_id}/pay")
    accountant.fill("#oldest_amount", "100")
    accountant.get_by_role("button", name="Tick the longest due").press("Enter")
    expect(accountant.locator("#amount_1")).to_have_value("131.00")
    accountant.get_by_role("button", name="Pay", exact=True).press("Enter")
    accountant.get_by_role("link", name="Purchase voucher").click()
    accountant.fill("#payee_address", "12 หมู่ 3")
    accountant.fill("#national_id", "1101700230708")
    accountant.get_by_role("button", name="Make the voucher").press("Enter")
    expect(accountant.locator("main")).to_contain_text("1-1017-XXXXX-70-8")
    assert -ledger.balance(centre.id, Purpose.PAYABLE_OUTRIGHT) == 55_00
