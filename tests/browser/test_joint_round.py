"""A joint round in a browser: two order, it comes short, is shared by hand, one takes theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from core import clock
from core.actor import Centre
from core.db import db, in_transaction
from inventory.services.buying import suppliers
from inventory.services.buying.suppliers import SaveSupplier
from members.services import members as member_register
from members.services.members import NewMember
from tests.browser.conftest import narrow
from tests.shop import shop_in


def test_two_order_it_comes_short_and_is_handed_out(
    centre: Centre, sign_in: Callable[..., Page], address: str
) -> None:
    shop = shop_in(centre)
    shop.open()
    known = suppliers.of(shop.centre_id, shop.producer_id)
    in_transaction(suppliers.save, SaveSupplier(shop.producer_id, known.version), shop.actor)
    lime = shop.product("ปูนขาว", 95_00)
    for name in ("สมหญิง", "บุญมี"):
        new = NewMember(first_name=name, joined_on=clock.today())
        in_transaction(member_register.create, new, shop.actor)
    db.session.rollback()
    page = sign_in("manager")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/c/{centre.id}/joint-rounds/new")
    page.fill("#name", "ปูนก่อนไถ")
    page.select_option("#producer_id", str(shop.producer_id))
    page.fill("#closes_on", (clock.today() + timedelta(days=3)).isoformat())
    page.select_option("#goods_1", str(lime))
    page.fill("#price_1", "72")
    page.get_by_role("button", name="Save").press("Enter")
    for name, count in (("สมหญิง", "๔"), ("บุญมี", "2")):
        page.get_by_role("link", name="Take an order").first.click()
        page.fill("#q", name)
        page.get_by_role("button", name="Search").press("Enter")
        page.get_by_role("link", name=name).click()
        page.fill("#quantity_1", count)
        page.get_by_role("button", name="Save the order").press("Enter")
    assert narrow(page)
    where = page.url
    page.get_by_role("button", name="Close and order").press("Enter")
    page.get_by_role("button", name="Note as sent").press("Enter")
    page.get_by_role("link", name="Take goods in").click()
    page.fill("#quantity_1", "5")
    page.get_by_role("button", name="Take in").press("Enter")
    page.goto(where)
    page.get_by_role("link", name="Share out").click()
    assert narrow(page)
    page.fill("#extra_satang", "50")
    page.get_by_role("button", name="Reckon anew").press("Enter")
    expect(page.locator("main")).to_contain_text("410.00")
    page.get_by_role("button", name="Share out for good").press("Enter")
    page.get_by_role("link", name="Hand out").first.click()
    assert narrow(page)
    page.get_by_role("button", name="Take the money and hand out").press("Enter")
    expect(page.locator("body")).to_contain_text("ปูนขาว")
    page.goto(where)
    expect(page.get_by_role("link", name="Handed out")).to_have_count(1)
    expect(page.get_by_role("link", name="Hand out", exact=True)).to_have_count(1)
