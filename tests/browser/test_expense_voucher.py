"""A bill above the limit: written by the accountant, approved by the manager on a phone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.db import db
from tests.browser.conftest import narrow


def picture(path: Path) -> Path:
    """A photograph-sized file that is a picture: one dot and two megabytes of comment."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = (
        chunk(b"IHDR", head),
        chunk(b"tEXt", b"x" * 2_000_000),
        chunk(b"IDAT", zlib.compress(b"\0\0")),
        chunk(b"IEND", b""),
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def choose(page: Page, field: str, code: str) -> None:
    """Choose the account with a code."""
    option = page.locator(f"#{field} option", has_text=code).first
    value = option.get_attribute("value")
    assert value
    page.select_option(f"#{field}", value)


def test_a_bill_with_its_picture_is_approved_by_a_second_person(
    centre: Centre, sign_in: Callable[..., Page], address: str, tmp_path: Path
) -> None:
    first = sign_in("accountant")
    first.goto(f"{address}/c/{centre.id}/vouchers")
    first.get_by_role("link", name="New payment").click()
    first.fill("#party", "การไฟฟ้าส่วนภูมิภาค")
    first.fill("#amount", "๖,๕๐๐.๕๐")
    choose(first, "account_id", "5220")
    choose(first, "money_account_id", "1120")
    first.locator("#note").fill("ค่าไฟเดือนตุลาคม")
    first.keyboard.press("Enter")
    expect(first.locator("main")).to_contain_text("Draft")
    first.set_input_files("#paper", picture(tmp_path / "ใบเสร็จ.png"))
    first.get_by_role("button", name="Keep the paper").click()
    expect(first.get_by_role("link", name="ใบเสร็จ.png")).to_be_visible()
    first.get_by_role("button", name="Ask a second person to approve").click()
    expect(first.locator("main")).to_contain_text("Another person must approve this")
    expect(first.get_by_role("button", name="Approve and post")).to_have_count(0)
    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == 0

    second = sign_in("manager", width=360, height=740)
    second.goto(first.url)
    assert narrow(second)
    second.get_by_role("button", name="Approve and post").click()
    expect(second.locator("main")).to_contain_text("Posted")
    db.session.rollback()
    assert ledger.balance(centre.id, Purpose.CASH_SAFE) == -650_050
    for path in ("vouchers", "vouchers/new/journal", "vouchers/new/pay", "voucher-templates"):
        second.goto(f"{address}/c/{centre.id}/{path}")
        assert narrow(second), path


def test_the_journal_is_written_with_the_keyboard(
    centre: Centre, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("accountant")
    page.goto(f"{address}/c/{centre.id}/vouchers/new/journal")
    choose(page, "account_1", "5210")
    page.locator("#debit_1").fill("1,250.25")
    page.keyboard.press("Enter")
    expect(page.locator("#account_2")).to_be_focused()
    page.keyboard.type("1120")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("1250.25")
    expect(page.locator("#sums")).to_contain_text("1,250.25 = Credit 1,250.25")
    for row in (2, 3):
        page.locator(f"#memo_{row}").press("Enter")
    page.locator("#memo_4").press("Enter")
    expect(page.locator("#account_8")).to_be_visible()
    expect(page.locator("#debit_1")).to_have_value("1,250.25")
    page.get_by_role("button", name="Keep the draft").press("Enter")
    page.get_by_role("button", name="Post", exact=True).press("Enter")
    expect(page.locator("main")).to_contain_text("V-")
    db.session.rollback()
    assert ledger.balance(centre.id, Purpose.WAGES) == 125_025
