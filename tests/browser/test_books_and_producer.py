"""The accountant goes from a number to the receipt behind it; the producer sees only their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from core.db import in_transaction
from members.services import pins, producers, users
from members.services.producers import ChangeProducer, NewProducer
from members.services.users import NewUser
from pos.services.receipts import Receipt
from pos.services.sale import RecordSaleLine
from tests.browser.conftest import narrow
from tests.conftest import PASSWORD
from tests.shop import Shop


@pytest.fixture
def sold(shop: Shop) -> Receipt:
    """A jar of honey sold for 180.00, 144.00 of it the producer's."""
    honey = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(honey, 20_000)
    shop.open()
    return shop.sell(RecordSaleLine(honey, 1000, 18_000))


def test_any_number_leads_to_its_document(
    shop: Shop, sold: Receipt, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("accountant")
    page.goto(f"{address}/c/{shop.centre_id}/trial-balance")
    page.get_by_role("link", name="144.00").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2120")
    page.locator("table a[href*='/journal/']").first.click()
    expect(page.locator("main")).to_contain_text("144.00")
    page.locator(f"a[href$='/sales/{sold.id}']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(sold.receipt_no)
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2120")


def test_a_shift_leads_from_the_cash_account(
    shop: Shop, sold: Receipt, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("accountant")
    page.goto(f"{address}/c/{shop.centre_id}/journal")
    page.locator("table a[href*='/journal/']").last.click()
    page.locator(f"a[href$='/shifts/{sold.shift_id}']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ST1-2569-00001")


def test_a_producer_sees_their_own_on_a_phone(
    shop: Shop, sold: Receipt, sign_in: Callable[..., Page], address: str
) -> None:
    other = in_transaction(producers.create, NewProducer(name="ลุงดำ"), shop.actor)
    in_transaction(
        users.create,
        NewUser(
            username="pa_daeng",
            display_name="ป้าแดง",
            password=PASSWORD,
            roles=("producer",),
            producer_id=shop.producer_id,
        ),
        shop.actor,
    )
    page = sign_in("pa_daeng", width=360, height=740)
    page.goto(f"{address}/c/{shop.centre_id}/my")
    expect(page.locator("main")).to_contain_text("144.00")
    assert narrow(page)
    page.get_by_role("link", name="144.00").first.click()
    expect(page.locator("main")).to_contain_text(sold.receipt_no)
    for path in (
        f"/c/{shop.centre_id}/producers/{other.id}/account",
        f"/c/{shop.centre_id}/journal",
        f"/c/{shop.centre_id}/sales/{sold.id}",
    ):
        answer = page.request.get(address + path)
        assert answer.status in {403, 404}, path


def test_a_producer_signs_in_by_phone_and_pin_and_reads_the_account(
    shop: Shop, sold: Receipt, browser: Browser, address: str
) -> None:
    facts = ChangeProducer(
        producer_id=shop.producer_id, version=1, name="ป้าแดง", phone="081-234-5678"
    )
    in_transaction(producers.change, facts, shop.actor)
    pin = in_transaction(pins.give, shop.producer_id, shop.actor).pin
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(f"{address}/sign-in?lang=th")
        page.locator("a[href*='by=phone']").click()
        assert narrow(page)
        page.fill("input[name=username]", "+66 ๘๑ 234 5678")
        page.fill("input[name=password]", f"{pin[:3]} {pin[3:]}")
        page.keyboard.press("Enter")
        page.wait_for_url("**/c/*/**")
        page.goto(f"{address}/c/{shop.centre_id}/my")
        for figure in page.locator(".figure").all():
            assert figure.is_visible()
        expect(page.locator(".figure.huge")).to_contain_text("144.00")
        expect(page.locator(".estimate")).to_contain_text("144.00")
        expect(page.locator("svg.plot")).to_be_visible()
        assert narrow(page)


def test_every_page_of_the_menu_fits_a_phone_in_english_too(
    shop: Shop, sold: Receipt, sign_in: Callable[..., Page], address: str
) -> None:
    """Words are longer than in Thai, in which test_every_page_for_everybody looks at all."""
    page = sign_in("manager", width=360, language="en")
    page.goto(f"{address}/c/{shop.centre_id}/")
    pages = page.locator("nav a[href^='/c/']").evaluate_all("all => all.map(one => one.href)")
    assert len(set(pages)) >= 10
    for one in sorted(set(pages)):
        answer = page.goto(one)
        assert answer is not None
        assert answer.status == 200, one
        assert narrow(page), one


def test_a_short_page_begins_right_under_the_menu_of_a_phone(
    shop: Shop, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("manager", width=360, height=2000)
    page.goto(f"{address}/c/{shop.centre_id}/settlement-runs")
    fold, content = page.locator(".menu-fold").bounding_box(), page.locator("main").bounding_box()
    assert fold is not None and content is not None
    assert content["y"] == fold["y"] + fold["height"]
    assert fold["height"] < 60
