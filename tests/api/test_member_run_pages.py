"""The members' run at the browser: the preview, why one gets what, the statement on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from accounting.pages.member_statement import statement_html
from accounting.rules.shares import ShareRules
from accounting.services.shares import rules as share_rules
from accounting.services.shares.rules import SetShareRules
from accounting.services.surplus import explaining, running
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from core.web.pdf import _laid_out
from tests.api.conftest import Browser
from tests.measuring import (
    AFTER,
    allocate,
    hold,
    into_group,
    maker,
    member,
    on,
    rules,
    sell_to,
)
from tests.shop import Shop, shop_in

BrowserOf = Callable[[str], Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def people(shop: Shop) -> list[UUID]:
    """Two members with shares and trade, one who has neither."""
    actor = shop.actor
    daeng, kham, som = (
        member(actor, number, name)
        for number, name in (("0001", "แดง"), ("0002", "คำ"), ("0003", "ส้ม"))
    )
    hold(actor, daeng, 500_000, date(2025, 6, 1))
    hold(actor, kham, 200_000, date(2026, 7, 1))
    with on(date(2026, 5, 5)):
        soap = shop.product("สบู่", 5_000)
        shop.buy(soap, 90_000, 2_000)
        maker(shop, kham, "ลุงคำ").buy(soap, 10_000, 6_000)
        shop.open()
        receipt = sell_to(shop, daeng, (soap, 24_000, 5_000))
        shop.refund(receipt, (1, 1_000))
        sell_to(shop, kham, (soap, 8_000, 5_000))
        shop.close()
    return [daeng, kham, som]


def measured(actor: Actor, retained: int = 2_000, **parts: dict[str, object]) -> UUID:
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(actor, 30_000, 50_000, rules(**parts), retained)
        in_transaction(running.prepare_run, allocation_id, actor)
    return allocation_id


def words_of(browser: Browser, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


@pytest.mark.usefixtures("people")
def test_the_preview_shows_everybody_with_the_totals_on_top(
    shop: Shop, browser_of: BrowserOf
) -> None:
    allocation_id = measured(shop.actor)
    words = words_of(browser_of("auditor"), f"/c/{{c}}/surplus/allocations/{allocation_id}/members")
    assert "800.00" in words
    assert "300.00" in words
    for number in ("0001", "0002", "0003"):
        assert number in words


@pytest.mark.usefixtures("people")
def test_the_preview_is_searched_and_narrowed(shop: Shop, browser_of: BrowserOf) -> None:
    few = {"min_shares_satang": 100_000}
    allocation_id = measured(shop.actor, eligibility=few)
    page = f"/c/{{c}}/surplus/allocations/{allocation_id}/members"
    browser = browser_of("manager")
    found = words_of(browser, page + "?q=คำ")
    assert "0002" in found and "0001" not in found
    left_out = words_of(browser, page + "?why=few_shares")
    assert "0003" in left_out and "0002" not in left_out
    nobody = words_of(browser, page + "?q=ไม่มีใครชื่อนี้")
    assert "0001" not in nobody


def test_what_a_cap_holds_back_is_named_in_the_preview_and_explained(
    shop: Shop, people: list[UUID], browser_of: BrowserOf
) -> None:
    rule = SetShareRules(uuid7(), AFTER.date(), ShareRules(most_shares=51))
    with clock.travel(lambda: AFTER):
        in_transaction(share_rules.set_rules, rule, shop.actor)
    allocation_id = measured(shop.actor, retained=5_000)
    page = f"/c/{{c}}/surplus/allocations/{allocation_id}/members"
    browser = browser_of("auditor")
    assert "5,100.00" not in words_of(browser, f"{page}/{people[1]}")
    assert "5,100.00" in words_of(browser, page)
    assert "5,100.00" in words_of(browser, f"{page}/{people[0]}")
    with clock.travel(lambda: AFTER):
        found = explaining.explain(allocation_id, people[0], shop.actor, documents=False)
        assert found.item.retained_satang == 100_00
        assert "5,100.00" in statement_html(found, shop.actor)


def test_the_preview_goes_on_page_by_page(
    shop: Shop, people: list[UUID], browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounting.pages.member_run.ROWS", 2)
    allocation_id = measured(shop.actor)
    page = f"/c/{{c}}/surplus/allocations/{allocation_id}/members"
    browser = browser_of("manager")
    first = browser.get(page).get_data(as_text=True)
    assert "after=0002" in first
    second = browser.get(page + "?after=0002").get_data(as_text=True)
    assert str(people[2]) in second and str(people[0]) not in second


def test_a_members_page_explains_the_amount(
    shop: Shop, people: list[UUID], browser_of: BrowserOf
) -> None:
    allocation_id = measured(shop.actor)
    found = explaining.explain(allocation_id, people[0], shop.actor)
    words = words_of(
        browser_of("auditor"), f"/c/{{c}}/surplus/allocations/{allocation_id}/members/{people[0]}"
    )
    assert "182,500,000" in words  # satang-days of 5,000 baht all year
    assert f"{found.item.total_satang // 100:,}.{found.item.total_satang % 100:02d}" in words
    for part in found.parts:
        assert part.exact in words
    for document in found.purchase_documents:
        assert document.number in words
    assert [one.satang for one in found.purchase_documents] == [120_000, -5_000]


def test_what_is_explained_adds_up(shop: Shop, people: list[UUID]) -> None:
    allocation_id = measured(shop.actor)
    for who in people:
        found = explaining.explain(allocation_id, who, shop.actor)
        item = found.item
        assert sum(line.satang_days for line in found.shares) == item.share_days
        assert sum(line.satang for line in found.purchases) == item.purchase_satang
        assert sum(line.satang for line in found.deliveries) == item.delivery_satang
        assert sum(one.satang for one in found.purchase_documents) == item.purchase_satang
        assert sum(one.satang for one in found.delivery_documents) == item.delivery_satang
        assert sum(part.satang for part in found.parts) == item.total_satang
        for part in found.parts:
            whole = part.pool_satang * part.weight // part.total_weight
            assert part.satang == whole + part.got_one_more
        assert not found.purchases_moved and not found.deliveries_moved


def test_by_months_each_months_lowest_balance_is_shown(
    shop: Shop, people: list[UUID], browser_of: BrowserOf
) -> None:
    allocation_id = measured(shop.actor, dividend={"basis": "months"})
    found = explaining.explain(allocation_id, people[1], shop.actor)
    assert sum(month.lowest_satang for month in found.months) == found.item.share_days == 1_200_000
    words_of(
        browser_of("auditor"), f"/c/{{c}}/surplus/allocations/{allocation_id}/members/{people[1]}"
    )


def test_many_receipts_go_on_page_by_page(
    shop: Shop, people: list[UUID], browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounting.pages.member_run.DOCUMENTS_SHOWN", 1)
    allocation_id = measured(shop.actor)
    page = f"/c/{{c}}/surplus/allocations/{allocation_id}/members/{people[0]}"
    first, second = (
        one.number
        for one in explaining.explain(allocation_id, people[0], shop.actor).purchase_documents
    )
    browser = browser_of("auditor")
    words = words_of(browser, page)
    assert first in words and second not in words
    assert second in words_of(browser, page + "?purchases=1")
    assert first in words_of(browser, page + "?purchases=77")


def test_who_takes_no_part_is_told_why(
    shop: Shop, people: list[UUID], browser_of: BrowserOf
) -> None:
    allocation_id = measured(shop.actor, eligibility={"min_shares_satang": 100_000})
    found = explaining.explain(allocation_id, people[2], shop.actor)
    assert (found.item.why, found.parts) == ("few_shares", ())
    words_of(
        browser_of("auditor"), f"/c/{{c}}/surplus/allocations/{allocation_id}/members/{people[2]}"
    )


def test_the_statement_is_one_a4_page(app: Flask, shop: Shop, people: list[UUID]) -> None:
    for month in range(1, 13):
        for day in (1, 15):
            hold(shop.actor, people[0], 10_000, date(2026, month, day))
    with on(date(2026, 5, 6)):
        shop.open()
        for number in range(12):
            other = shop.product(f"ของ {number}", 1_000)
            into_group(shop, other, f"หมวดสินค้าที่ {number}")
            shop.buy(other, 5_000, 500)
            maker(shop, people[0], f"ผู้ผลิต {number}").buy(other, 5_000, 500)
            sell_to(shop, people[0], (other, 1_000, 1_000))
        shop.close()
    allocation_id = measured(shop.actor)
    with app.test_request_context():
        for who in people:
            found = explaining.explain(allocation_id, who, shop.actor, documents=False)
            assert len(_laid_out(statement_html(found, shop.actor)).pages) == 1


def test_the_statement_is_a_pdf(shop: Shop, people: list[UUID], browser_of: BrowserOf) -> None:
    allocation_id = measured(shop.actor)
    response = browser_of("manager").get(
        f"/c/{{c}}/surplus/allocations/{allocation_id}/members/{people[0]}/statement.pdf"
    )
    assert response.status_code == 200
    assert response.data.startswith(b"%PDF")


def test_cashiers_see_nobodys_part(shop: Shop, people: list[UUID], browser_of: BrowserOf) -> None:
    allocation_id = measured(shop.actor)
    page = f"/c/{{c}}/surplus/allocations/{allocation_id}/members"
    browser = browser_of("cashier")
    for address in (page, f"{page}/{people[0]}", f"{page}/{people[0]}/statement.pdf"):
        assert browser.get(address).status_code == 403


def test_an_allocation_without_a_run_has_no_parts(shop: Shop, browser_of: BrowserOf) -> None:
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(shop.actor, 30_000)
    page = f"/c/{{c}}/surplus/allocations/{allocation_id}/members"
    assert browser_of("manager").get(page).status_code == 404
