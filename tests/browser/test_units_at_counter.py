"""At the till: a tray by its barcode, three for a hundred, a label of the scale, a member price."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.rules import scale_codes
from inventory.services import catalogue
from inventory.services.catalogue import scales, tiers, units
from inventory.services.catalogue.scales import PrefixFacts, SavePrefix
from inventory.services.catalogue.tiers import SaveTier, TierFacts
from inventory.services.catalogue.units import SaveUnit, UnitFacts
from members.services import members
from members.services.members import NewMember
from pos.services import verify
from tests.shop import Shop

TRAY_CODE = "8850000000027"
THAI_DIGITS_ROW = {"Digit1": "ๅ", "Digit2": "/", "Digit3": "-", "Digit4": "ภ", "Digit5": "ถ"}


def scan_on_thai_keyboard(page: Page, code: str) -> None:
    """Let a scanner type a code while Windows is set to Thai: right places, wrong letters."""
    page.evaluate(
        """([code, thai]) => {
          const press = (code, key) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }));
          for (const digit of code) press(`Digit${digit}`, thai[`Digit${digit}`] ?? "จ");
          press("Enter", "Enter");
        }""",
        [code, THAI_DIGITS_ROW],
    )


def a_catalogue(shop: Shop, manager: Actor) -> str:
    """Eggs by the piece and tray, jam three for a hundred, pork by the scale; the scale's code."""
    eggs = shop.product("ไข่ไก่", 500)
    tray = UnitFacts("แผง", 30_000, 14_000, barcodes=(TRAY_CODE,))
    unit_id = uuid7()
    in_transaction(units.save, SaveUnit(unit_id, eggs, tray), manager)
    members_price = TierFacts(1, 13_000, unit_id=unit_id, members_only=True)
    in_transaction(tiers.save, SaveTier(uuid7(), eggs, members_price), manager)
    jam = shop.product("แยมสับปะรด", 4_000)
    in_transaction(tiers.save, SaveTier(uuid7(), jam, TierFacts(3, 10_000)), manager)
    pork = shop.product("หมูสามชั้น", 17_000, by_weight=True, barcode="123")
    for product in (eggs, jam, pork):
        shop.consign(product, 100_000)
    in_transaction(scales.save, SavePrefix("22", PrefixFacts("price", 5, 5, 2)), manager)
    layout = scales.of(shop.centre_id)[0].layout
    return scale_codes.write(layout, "123", 6_250)


def test_a_cashier_sells_by_unit_tier_label_and_member_price(
    shop: Shop, manager: Actor, sign_in: Callable[..., Page], address: str
) -> None:
    label = a_catalogue(shop, manager)
    shop.open()
    in_transaction(members.create, NewMember(first_name="สมศรี"), manager)
    page = sign_in("cashier")
    page.goto(f"{address}/c/{shop.centre_id}/counter")
    expect(page.locator("body[data-ready]")).to_be_attached()
    lines, total = page.locator("#lines .line"), page.locator("#sum-total")

    scan_on_thai_keyboard(page, TRAY_CODE)
    expect(lines.first).to_contain_text("1 แผง × 140.00")
    expect(total).to_have_text("140.00")

    # Three jars make a bundle; the bill says so.
    page.keyboard.press("F2")
    page.keyboard.type("3*แยม", delay=60)
    page.keyboard.press("Enter")
    expect(lines.nth(1).locator(".line-tier")).to_have_text("3 ขวด at 3 for 100.00")
    expect(total).to_have_text("240.00")

    # 62.50 on the label is paid as 62.50, though 368 g at 170.00 would be 62.56.
    scan_on_thai_keyboard(page, label)
    expect(lines.nth(2)).to_contain_text("0.368 กก. × 170.00")
    expect(total).to_have_text("302.50")

    # A member is named: the tray gets its member price, and the cashier sees it.
    page.locator("[data-do=member]").first.click()
    page.keyboard.type("สมศรี", delay=60)
    expect(page.locator("#member-list li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("302.50 → 292.50")
    expect(lines.first.locator(".line-tier")).to_have_text("Member price 130.00 for 1 แผง")

    # An egg more by name: the unit is asked for, and 1 is the product's own.
    page.keyboard.press("F2")
    page.keyboard.type("ไข่ไก่", delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("#units-list li")).to_have_count(2)
    page.keyboard.press("1")
    expect(total).to_have_text("297.50")

    page.keyboard.press("F9")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00001")
    slip = page.locator("#receipt-open").get_attribute("href")
    page.goto(f"{address}{slip}")
    expect(page.locator("body")).to_contain_text("Member price 130.00 for 1 แผง")
    expect(page.locator("body")).to_contain_text("3 ขวด at 3 for 100.00")

    db.session.rollback()
    left = {one.name_th: one.on_hand_milli for one in catalogue.shelf(shop.centre_id)}
    assert left == {"ไข่ไก่": 69_000, "แยมสับปะรด": 97_000, "หมูสามชั้น": 99_632}
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []
