"""At the till: a PIN hands it on, a manager lets a discount through, training leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from core.actor import Actor, Centre
from core.db import Base, db, in_transaction
from members.services import centres, staff_pins
from members.services.centres import SetLimits
from pos.services import verify
from tests.browser.conftest import narrow
from tests.conftest import PASSWORD
from tests.shop import Shop

PIN = "274913"


def rows(table: str, *wanted: Any) -> Any:
    found = Base.metadata.tables[table]
    db.session.rollback()
    return db.session.execute(
        select(*(found.c[name] for name in wanted)).order_by(found.c.id)
    ).all()


def count_of_all() -> dict[str, int]:
    """Return how many rows each table has, but those of who looks."""
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
        if name not in ("user_session", "sign_in_attempt", "audit_event")
    }


def sign_in_here(page: Page, address: str, username: str) -> None:
    page.context.clear_cookies(name="sunruam_session")
    page.goto(f"{address}/sign-in?lang=en")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/*/**")


def counter(page: Page, address: str, shop: Shop, more: str = "") -> None:
    page.goto(f"{address}/c/{shop.centre_id}/counter{more}")
    expect(page.locator("body[data-ready]")).to_be_attached()


def add_honey(page: Page) -> None:
    page.keyboard.press("F2")
    page.keyboard.type("น้ำผึ้ง", delay=40)
    page.keyboard.press("Enter")


def pay_exactly(page: Page) -> None:
    page.keyboard.press("F9")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-no")).to_be_visible()


def test_a_till_is_handed_on_and_a_manager_lets_a_discount_through(
    shop: Shop,
    centre: Centre,
    manager: Actor,
    cashier: Actor,
    sign_in: Callable[..., Page],
    address: str,
    expected_refusals: list[str],
) -> None:
    expected_refusals += ["409", "403"]
    honey = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(honey, 20_000)
    shop.open()
    now = centres.get(centre.id)
    assert now is not None
    limit = SetLimits(version=now.version, discount_limit_basis_points=1000)
    in_transaction(centres.set_limits, limit, manager)
    for one in (manager, cashier):
        assert one.user_id is not None
        in_transaction(staff_pins.put, one.user_id, PIN, one)
    page = sign_in("manager")
    page.goto(f"{address}/c/{shop.centre_id}/till-setup")
    page.locator("form[action$='/till-setup/devices'] button[type=submit]").click()
    expect(page.locator(".notice.good").first).to_be_visible()

    # The manager has begun a bill; the cashier takes over by PIN, and the bill is still there.
    counter(page, address, shop)
    add_honey(page)
    expect(page.locator("#sum-total")).to_have_text("180.00")
    page.keyboard.press("F7")
    page.locator("#switch-people label", has_text=cashier.name).click()
    page.keyboard.type("111222")
    page.keyboard.press("Enter")
    expect(page.locator("#switch-secret-error")).to_contain_text("4")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#cashier-name")).to_have_text(cashier.name)
    expect(page.locator("#sum-total")).to_have_text("180.00")

    # A discount above the limit is the manager's to give: a reason and a PIN, once.
    page.keyboard.press("F6")
    page.locator("[data-kind=percent]").click()
    page.fill("#discount-amount", "15")
    page.locator("#discount-reasons label").first.click()
    page.locator("#discount-form button[type=submit]").click()
    expect(page.locator("#sum-total")).to_have_text("153.00")
    page.keyboard.press("F9")
    page.keyboard.press("Enter")
    expect(page.locator("#override-amount")).to_contain_text("27.00")
    page.fill("#override-reason", "ขวดบุบ")
    page.locator("#override-people label", has_text=manager.name).click()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00001")

    assert rows("sale", "cashier_id") == [(cashier.user_id,)]
    given = rows("manager_override", "granted_by", "asked_by", "reason")
    assert given == [(manager.user_id, cashier.user_id, "ขวดบุบ")]
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []


def test_a_training_shift_sells_gives_back_closes_and_leaves_nothing(
    shop: Shop, sign_in: Callable[..., Page], address: str
) -> None:
    honey = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(honey, 20_000)
    shop.open()
    page = sign_in("cashier", width=360, height=740)
    page.goto(f"{address}/c/{shop.centre_id}/roster/mine")
    assert narrow(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    before = count_of_all()
    counter(page, address, shop, "?training=1")
    expect(page.locator(".training-banner")).to_be_visible()
    page.locator("#open-100000").fill("1")
    page.locator("#open-shift button[type=submit]").click()
    expect(page.locator("#open-shift")).to_be_hidden()
    add_honey(page)
    pay_exactly(page)
    expect(page.locator("#receipt-no")).to_contain_text("TRAIN-2569-00001")
    expect(page.locator(".training-mark")).to_be_visible()
    page.keyboard.press("Enter")
    add_honey(page)
    pay_exactly(page)
    expect(page.locator("#receipt-no")).to_contain_text("TRAIN-2569-00002")
    page.keyboard.press("Enter")
    page.keyboard.press("F8")
    page.fill("#refund-no", "TRAIN-2569-00001")
    page.keyboard.press("Enter")
    page.locator("#refund-lines input").first.fill("1")
    page.fill("#refund-reason", "ลองคืน")
    page.locator("#refund-confirm").click()
    expect(page.locator("#refunded-total")).to_have_text("180.00")
    page.keyboard.press("Enter")
    assert count_of_all() == before
