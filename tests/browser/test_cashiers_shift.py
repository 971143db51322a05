"""A cashier's whole shift by keyboard: float, scan, weigh, discount, hold, pay, refund, count."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.db import db
from pos.services import verify
from tests.shop import Shop

BARCODE = "8850000000010"


def scan(page: Page, digits: str) -> None:
    """Type as a scanner does: a burst, then Enter."""
    page.evaluate(
        """digits => {
            const send = (key, code) => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true}));
            for (const digit of digits) send(digit, `Digit${digit}`);
            send("Enter", "Enter");
        }""",
        digits,
    )


def fill_drawer(page: Page, form: str, pieces: dict[int, int]) -> None:
    """Enter how many of each note or coin lie in the drawer, no faster than a person types."""
    for index, count in pieces.items():
        page.locator(f"#{form}-counts input").nth(index).press_sequentially(str(count), delay=120)


def test_a_shift_from_float_to_count_by_keyboard(
    shop: Shop, sign_in: Callable[..., Page], address: str
) -> None:
    honey = shop.product("น้ำผึ้ง", 18_000, barcode=BARCODE)
    bananas = shop.product("กล้วย", 3000, by_weight=True)
    shop.consign(honey, 20_000)
    shop.buy(bananas, 30_000, 1200)
    page = sign_in("cashier")
    page.goto(f"{address}/c/{shop.centre_id}/counter")

    # The float: one note of 1,000.
    expect(page.locator("#open-form")).to_be_visible()
    fill_drawer(page, "open", {0: 1})
    expect(page.locator("#open-total")).to_have_text("1,000.00")
    page.locator("#open-form button[type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#open-form")).to_be_hidden()

    # Two jars by scanner, then 0.237 kg of bananas by name.
    scan(page, BARCODE)
    expect(page.locator("#lines li")).to_have_count(1)
    scan(page, BARCODE)
    expect(page.locator("#sum-total")).to_have_text("360.00")
    page.keyboard.press("F2")
    page.keyboard.type("กล้วย", delay=60)
    page.keyboard.press("Enter")
    page.keyboard.type("0.237", delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("#sum-total")).to_have_text("367.11")

    # Exact cash in two keys.
    page.keyboard.press("F9")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00001")
    page.keyboard.press("Enter")
    expect(page.locator("#lines li")).to_have_count(0)

    # Refund one jar by the receipt's number.
    page.keyboard.press("F8")
    page.keyboard.type("T1-2569-00001", delay=90)
    page.keyboard.press("Enter")
    refund_one_jar(page)

    # The blind count: 20 baht short of 1,000 + 367.11 − 180.
    db.session.rollback()
    close_with(page, {0: 1, 2: 1, 4: 3, 7: 3, 8: 1})
    db.session.rollback()
    assert ledger.balance(shop.centre_id, Purpose.CASH_OVER_SHORT) == 118711 - 116700
    assert ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE) == -14_400
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []


def refund_one_jar(page: Page) -> None:
    """Choose one of the two jars, say why, and confirm."""
    page.locator("#refund-lines input").first.fill("1")
    page.locator("#refund-reason").fill("ของมีตำหนิ")
    page.locator("#refund-reason").press("Enter")
    expect(page.locator("#refunded-total")).to_contain_text("180.00")
    page.keyboard.press("Enter")


def close_with(page: Page, pieces: dict[int, int]) -> None:
    """Close the shift from the menu with a count of the drawer."""
    page.locator("[data-do=menu]").first.click()
    page.locator("[data-do=close-shift]").click()
    expect(page.locator("#close-form")).to_be_visible()
    assert "expected" not in page.locator("#close-form").inner_text().lower()
    fill_drawer(page, "close", pieces)
    page.locator("#close-submit").press("Enter")
    expect(page.locator("#closed-difference")).to_be_visible()
