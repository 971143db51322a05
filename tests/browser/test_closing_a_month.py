"""Two people close a month at their desks, by keyboard; later two people open it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from accounting.rules.periods import period_of
from accounting.services import periods
from core import clock
from core.actor import Centre
from core.db import db
from pos.services.sale import RecordSaleLine
from tests.browser.conftest import narrow
from tests.shop import Shop


@pytest.fixture
def month(shop: Shop) -> int:
    """Last month: goods delivered and sold at the counter, and nobody closed the shift."""
    first = clock.today().replace(day=1)
    tenth = (first - timedelta(days=1)).replace(day=10)
    noon = datetime(tenth.year, tenth.month, tenth.day, 5, tzinfo=UTC)
    with clock.travel(lambda: noon):
        honey = shop.product("น้ำผึ้งดอกลำไย", 18_000)
        shop.consign(honey, 50_000)
        shop.open()
        for _ in range(3):
            shop.sell(RecordSaleLine(honey, 1000, 18_000))
    db.session.rollback()
    return period_of(tenth)


def test_two_people_close_a_month_and_two_open_it(
    centre: Centre, shop: Shop, month: int, sign_in: Callable[..., Page], address: str
) -> None:
    first = sign_in("accountant")
    first.goto(f"{address}/c/{centre.id}/desk")
    expect(first.locator("main")).to_contain_text("to settle")
    first.keyboard.press("m")  # the desk's own key for the month
    first.wait_for_url(f"**/close/{month}")
    expect(first.locator("#step-shifts")).to_contain_text("To settle")
    expect(first.get_by_role("button", name="Sign as preparer")).to_have_count(0)

    shop.close((100_000, 1), (10_000, 5), (2_000, 2))
    db.session.rollback()
    first.reload()
    expect(first.locator("#step-shifts")).not_to_contain_text("To settle")
    for step in ("stock", "bank"):
        waiver = first.locator(f"#step-{step} details", has_text="Let it pass")
        if waiver.count():
            waiver.locator("summary").press("Enter")
            first.locator(f"#reason-{step}").fill("The river was too high")
            first.keyboard.press("Enter")
            expect(first.locator(f"#step-{step}")).to_contain_text("The river was too high")
    ties = first.locator("table tbody tr", has_text="2120")
    expect(ties).to_contain_text("agrees")
    first.get_by_role("button", name="Sign as preparer").press("Enter")
    expect(first.locator("main")).to_contain_text("another person signs")
    expect(first.get_by_role("button", name="Sign and lock the month")).to_have_count(0)

    second = sign_in("auditor")
    second.goto(first.url)
    second.get_by_role("button", name="Sign and lock the month").press("Enter")
    expect(second.locator("main")).to_contain_text("The month is locked")
    expect(second.locator("code.seal")).to_be_visible()
    db.session.rollback()
    assert periods.state_of(centre.id, month) == "closed"

    first.reload()
    first.fill("#reason", "A bill was forgotten")
    first.keyboard.press("Enter")
    expect(first.locator(".log")).to_contain_text("A bill was forgotten")
    expect(first.get_by_role("button", name="Agree to open the month")).to_have_count(0)
    third = sign_in("manager", width=360, height=740, language="th")
    third.goto(f"{first.url}?lang=en")
    assert narrow(third)
    third.get_by_role("button", name="Agree to open the month").press("Enter")
    expect(third.locator("main")).to_contain_text("The month is open again")
    db.session.rollback()
    assert periods.state_of(centre.id, month) == "open"


def test_every_number_of_the_month_opens_its_entries(
    centre: Centre, month: int, sign_in: Callable[..., Page], address: str
) -> None:
    page = sign_in("accountant")
    page.goto(f"{address}/c/{centre.id}/close/{month}")
    page.locator("table tbody a", has_text="2120").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2120")
    page.locator("tbody a[href*='/journal/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("J-")
    page.locator("main a[href*='/sales/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("T1-")
