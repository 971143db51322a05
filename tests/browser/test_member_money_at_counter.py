"""A member at the till: on account up to the limit, repaid, by purse and cash, and by the card."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounting.services.credit import accounts, repaying
from accounting.services.credit.accounts import SetCredit
from accounting.services.credit.repaying import Repay
from accounting.services.purse import moving
from accounting.services.purse.moving import MovePurse
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.services import scheme_claims, schemes, verify
from pos.services.schemes import SaveScheme
from tests.browser.test_people_at_the_till import sign_in_here
from tests.conftest import PASSWORD
from tests.shop import Shop


def scan_in(page: Page, *, named: bool = True) -> None:
    """Put a jar of honey on the bill, for the member when named."""
    page.keyboard.press("F2")
    page.keyboard.type("น้ำผึ้ง", delay=60)
    page.keyboard.press("Enter")
    expect(page.locator("#sum-total")).to_have_text("180.00")
    if named:
        page.locator("[data-do=member]").first.click()
        page.keyboard.type("สมศรี", delay=60)
        expect(page.locator("#member-list li")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("#member")).not_to_be_visible()
    page.keyboard.press("F9")


def test_a_member_buys_on_account_and_pays_by_purse_and_card(
    shop: Shop,
    manager: Actor,
    sign_in: Callable[..., Page],
    address: str,
    expected_refusals: list[str],
) -> None:
    expected_refusals.append("409")
    honey = shop.product("น้ำผึ้ง", 180_00)
    shop.consign(honey, 20_000)
    shop.open()
    somsri = in_transaction(members.create, NewMember(first_name="สมศรี"), manager).id
    in_transaction(accounts.save, SetCredit(somsri, "active", 200_00, 30, "มติ"), manager)
    in_transaction(moving.move, MovePurse(uuid7(), somsri, "top_up", "safe", 100_00), manager)
    card = SaveScheme(uuid7(), "W", "บัตรสวัสดิการ", "Welfare card")
    in_transaction(schemes.save, card, manager)
    page = sign_in("manager")
    page.goto(f"{address}/c/{shop.centre_id}/till-setup")
    page.locator("form[action$='/till-setup/devices'] button[type=submit]").click()
    expect(page.locator(".notice.good").first).to_be_visible()
    sign_in_here(page, address, "cashier")
    page.goto(f"{address}/c/{shop.centre_id}/counter")
    expect(page.locator("body[data-ready]")).to_be_attached()

    scan_in(page)
    page.keyboard.press("F4")
    expect(page.locator("#other-note")).to_contain_text("200.00")
    page.locator("#other-add").click()
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00001")
    page.keyboard.press("Enter")

    # Above the limit a manager is asked; who goes back finds the bill and its payment as they were.
    scan_in(page)
    page.keyboard.press("F4")
    expect(page.locator("#other-note")).to_contain_text("20.00")
    page.locator("#other-add").click()
    expect(page.locator("#override[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#payments li")).to_have_count(1)
    db.session.rollback()
    assert accounts.card(shop.centre_id, somsri).owed_satang == 180_00

    # A manager's yes lets this very sale through, and says so on it.
    page.keyboard.press("Enter")
    expect(page.locator("#override[open]")).to_be_visible()
    page.locator("#override-reason").fill("จ่ายพรุ่งนี้")
    page.locator("#override-people label", has_text=manager.name).click()
    page.locator("#override-secret").fill(PASSWORD)
    page.locator("#override-form button[type=submit]").click()
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00002")
    expect(page.locator("#receipt-flags .notice")).to_have_count(1)
    page.keyboard.press("Enter")
    db.session.rollback()
    assert accounts.card(shop.centre_id, somsri).owed_satang == 360_00
    in_transaction(repaying.repay, Repay(uuid7(), somsri, "safe", 360_00), manager)

    # The member may be named while paying; no key of the keyboard falls to the browser.
    scan_in(page, named=False)
    page.keyboard.press("F1")
    page.locator("#other-amount").focus()
    page.keyboard.press("F3")
    page.keyboard.type("สมศรี", delay=60)
    expect(page.locator("#member-list li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#other-amount")).to_have_value("100.00")
    page.locator("#other-add").click()
    expect(page.locator("#pay-left")).to_have_text("80.00")
    page.keyboard.press("Enter")
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00003")
    page.keyboard.press("Enter")

    scan_in(page, named=False)
    page.keyboard.press("F6")
    expect(page.locator("#other-scheme option")).to_have_count(1)
    page.locator("#other-reference").fill("SLIP-7")
    page.locator("#other-add").click()
    expect(page.locator("#receipt-no")).to_have_text("T1-2569-00004")
    db.session.rollback()
    [claim] = scheme_claims.listing(card.id, manager)
    assert (claim.reference, claim.open_satang) == ("SLIP-7", 180_00)
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []
