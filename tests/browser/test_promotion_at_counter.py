"""A promotion at the counter: taken off by itself, better for a member, printed on the slip."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.services import promotions, verify
from pos.services.promotions import NewPromotion
from tests.shop import Shop


def promote(shop: Shop, manager: Actor, name: str, kind: str, value: int, **rest: object) -> None:
    new = NewPromotion(
        uuid7(),
        name,
        name,
        shop.reason("centre"),
        kind,
        value,
        clock.today(),
        **rest,  # type: ignore[arg-type]
    )
    in_transaction(promotions.create, new, manager)


def test_the_best_offer_comes_off_by_itself(
    shop: Shop, manager: Actor, sign_in: Callable[..., Page], address: str
) -> None:
    honey = shop.product("น้ำผึ้ง", 18_000)
    shop.consign(honey, 20_000)
    shop.open()
    promote(shop, manager, "ลดรับลมหนาว", "percent", 1000)
    promote(shop, manager, "ราคาสมาชิก", "price", 15_000, product_id=honey, members_only=True)
    in_transaction(members.create, NewMember(first_name="สมศรี"), manager)
    page = sign_in("cashier")
    page.goto(f"{address}/c/{shop.centre_id}/counter")
    expect(page.locator("body[data-ready]")).to_be_attached()

    page.keyboard.press("F2")
    page.keyboard.type("น้ำผึ้ง", delay=60)
    page.keyboard.press("Enter")
    cut = page.locator("#lines .line-cut")
    expect(cut).to_have_text("Promotion ลดรับลมหนาว −18.00")
    expect(page.locator("#sum-total")).to_have_text("162.00")

    # A member is named: her price takes the promotion's place, and goes with her.
    page.locator("[data-do=member]").first.click()
    page.keyboard.type("สมศรี", delay=60)
    expect(page.locator("#member-list li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(cut).to_have_text("Promotion ราคาสมาชิก −30.00")
    expect(page.locator("#sum-total")).to_have_text("150.00")

    page.keyboard.press("F9")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00001")
    slip = page.locator("#receipt-open").get_attribute("href")
    page.goto(f"{address}{slip}")
    expect(page.locator("body")).to_contain_text("Promotion ราคาสมาชิก")

    db.session.rollback()
    assert ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE) == -14_400
    assert ledger.balance(shop.centre_id, Purpose.COMMISSION) == -600
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []
