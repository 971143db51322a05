"""A statement taken in and matched by keyboard, on a wide screen and on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.db import db
from pos.services.sale import RecordPayment, RecordSaleLine
from tests import banking
from tests.banking import Told
from tests.browser.conftest import narrow
from tests.shop import Shop

LINES = (
    Told(180_00, "AAAA1111", "รับโอนพร้อมเพย์จากลูกค้าที่มีชื่อยาวมาก"),
    Told(180_00, "", "รับโอน", at="09:15"),
    Told(-15_00, "", "ค่าธรรมเนียม"),
)


@pytest.fixture
def sold(shop: Shop) -> Shop:
    """Three jars of honey paid by PromptPay, one with a reference."""
    honey = shop.product("น้ำผึ้ง", 180_00)
    shop.consign(honey, 20_000)
    shop.open()
    for reference in ("AAAA1111", "", ""):
        pay = (RecordPayment("promptpay", 180_00, reference),)
        shop.sell(RecordSaleLine(honey, 1000, 180_00), pay=pay)
    return shop


@pytest.mark.parametrize("width", [360, 1280])
def test_a_statement_is_taken_in_and_matched(
    sold: Shop, sign_in: Callable[..., Page], address: str, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "statement.csv"
    file.write_bytes(banking.csv_of(LINES, 1_000_00))
    page = sign_in("accountant", width=width, height=740)
    page.goto(f"{address}/c/{sold.centre_id}/bank")
    assert narrow(page)
    page.get_by_role("link", name="Take a statement in").first.click()
    page.set_input_files("input[type=file]", file)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Look at it").press("Enter")
    # The columns were guessed from the headings, and what they would bring is shown.
    expect(page.locator("main")).to_contain_text("1,345.00")
    expect(page.locator("#paid_in")).to_have_value("3")
    assert narrow(page)
    shown(page, "columns", width)
    page.get_by_role("button", name="Take it in").press("Enter")
    expect(page.locator("main")).to_contain_text("AAAA1111")
    assert narrow(page)
    shown(page, "account", width)
    # The certain one has the focus: Enter matches it, the rest stays for a person.
    expect(page.get_by_role("button", name="Match 1 certain line")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).not_to_contain_text("AAAA1111")
    assert balance(sold, Purpose.TRANSFERS_AWAITING) == 360_00
    page.get_by_role("button", name="This is it").first.press("Enter")
    expect(page.get_by_role("button", name="This is it")).to_have_count(0)
    assert balance(sold, Purpose.TRANSFERS_AWAITING) == 180_00
    page.get_by_role("link", name="Choose or post 15.00").or_(
        page.get_by_role("link", name="Choose or post -15.00")
    ).press("Enter")
    assert narrow(page)
    shown(page, "line", width)
    page.get_by_label("Against the account").select_option(label="5290 Other expenses")
    page.get_by_role("button", name="Post and match").press("Enter")
    expect(page.locator("main")).not_to_contain_text("ค่าธรรมเนียม")
    assert balance(sold, Purpose.EXPENSE_OTHER) == 15_00
    page.goto(f"{address}/c/{sold.centre_id}/cash-book?till_id={sold.till_id}")
    expect(page.locator("main")).to_contain_text("1,000.00")
    assert narrow(page)
    shown(page, "cash-book", width)
    for path in ("bank/matches", "bank/move", "bank"):
        page.goto(f"{address}/c/{sold.centre_id}/{path}")
        assert narrow(page)
        shown(page, path.replace("/", "-"), width)


def balance(shop: Shop, purpose: Purpose) -> int:
    """Return what stands on an account now, not when this process last looked."""
    db.session.rollback()
    return ledger.balance(shop.centre_id, purpose)


def shown(page: Page, name: str, width: int) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("SUNRUAM_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
