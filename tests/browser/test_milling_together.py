"""Three farmers' paddy is milled together: by a mill worker on a phone, with the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from core.actor import Centre
from core.db import in_transaction
from members.services import producers
from members.services.producers import NewProducer
from tests.browser.conftest import narrow
from tests.shop import Shop


def test_a_joint_batch_of_three_farmers_is_milled_on_a_phone(
    centre: Centre, shop: Shop, sign_in: Callable[..., Page], address: str
) -> None:
    shop.product("ข้าวเปลือก", 1500, by_weight=True)
    shop.product("ข้าวสาร", 4000, by_weight=True)
    names = ("ก้อน", "คำ", "จันทร์")
    for name in names:
        in_transaction(producers.create, NewProducer(name=name), shop.actor)
    page = sign_in("stock_keeper", width=360, height=740)
    page.goto(f"{address}/c/{centre.id}/production")
    page.get_by_role("link", name="New joint batch").click()
    page.fill("#name", "สีข้าวร่วม")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("PB-")
    batch = page.url
    page.get_by_role("link", name="Put goods in").click()
    assert narrow(page)
    for number, (name, kilograms) in enumerate(zip(names, "๑๒๔", strict=True), start=1):
        pick(page, f"brought_{number}_producer", name)
        pick(page, f"brought_{number}_product", "ข้าวเปลือก")
        page.fill(f"#brought_{number}_quantity", f"{kilograms}๐๐")
    page.locator("#brought_3_quantity").press("Enter")
    # The first button of the form asks for more lines; Enter must not lose what was typed.
    if page.url != batch:
        expect(page.locator("#brought_3_quantity")).to_have_value("๔๐๐")
        page.get_by_role("button", name="Put in", exact=True).click()
    expect(page.locator("main")).to_contain_text("700")
    page.get_by_role("link", name="Say what came out").click()
    assert narrow(page)
    pick(page, "out_1_product", "ข้าวสาร")
    page.fill("#out_1_quantity", "440")
    page.select_option("#out_2_role", "waste")
    page.fill("#out_2_quantity", "200")
    page.fill("#fee_rate", "1.50")
    page.get_by_role("button", name="Finish the batch").click()
    main = page.locator("main")
    for figure in ("62.857", "125.714", "251.429", "600.00"):
        expect(main).to_contain_text(figure)
    assert narrow(page)


def pick(page: Page, field: str, words: str) -> None:
    """Choose the option that begins with some words."""
    value = page.locator(f"#{field} option", has_text=words).first.get_attribute("value")
    assert value
    page.select_option(f"#{field}", value)
