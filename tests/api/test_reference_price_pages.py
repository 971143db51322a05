"""Reference prices over HTTP: entered, brought as a file line by line, withdrawn."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from core.actor import Actor, Centre
from core.ids import uuid7
from inventory.services import catalogue
from tests.api.conftest import Browser
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def rice(shop: Shop) -> UUID:
    return shop.product("ข้าว", 1_800, by_weight=True)


def typed(product_id: UUID, **changed: str) -> dict[str, str]:
    fields = {
        "id": str(uuid7()),
        "product_id": str(product_id),
        "kind": "farm_gate",
        "price": "๑๒.๕๐",
        "low": "11",
        "high": "13",
        "valid_from": "01/11/2569",
        "place": "ลานรับซื้อ",
        "source": "ป้ายราคา",
    }
    return {**fields, **changed}


def code_of(actor: Actor, product_id: UUID) -> str:
    return catalogue.get_doc(actor.centre_id, product_id).code


def test_a_price_is_entered_once_and_withdrawn(
    rice: UUID, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("stock_keeper")
    fields = typed(rice)
    first = browser.form("/c/{c}/reference-prices/new", **fields)
    assert first.status_code == 303
    assert browser.form("/c/{c}/reference-prices/new", **fields).location == first.location
    assert (
        browser.form("/c/{c}/reference-prices/new", **{**fields, "price": "12"}).status_code == 409
    )
    path = first.location
    assert "12.50" in browser.get(path).text
    assert browser.form(f"{path}/withdraw", reason="").status_code == 422
    assert browser.form(f"{path}/withdraw", reason="อ่านป้ายผิด").status_code == 303
    assert "อ่านป้ายผิด" in browser.get(path).text
    assert browser.form(f"{path}/withdraw", reason="อื่น").status_code == 409


@pytest.mark.parametrize(
    "changed",
    [
        {"low": "12.60"},
        {"high": "12.49"},
        {"price": "0"},
        {"valid_from": "01/01/2580"},
        {"place": ""},
        {"source": " "},
        {"kind": "market"},
        {"price": "12.345"},
    ],
)
def test_what_is_no_price_is_refused(
    changed: dict[str, str], rice: UUID, browser_of: Callable[..., Browser]
) -> None:
    answer = browser_of("accountant").form("/c/{c}/reference-prices/new", **typed(rice, **changed))
    assert answer.status_code == 422


def test_a_file_is_looked_at_line_by_line_and_its_good_lines_taken_once(
    app: Flask, manager: Actor, rice: UUID, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("manager")
    code = code_of(manager, rice)
    lines = [
        "รหัสสินค้า,ชนิดราคา,ราคา,ราคาต่ำสุด,ราคาสูงสุด,วันที่,สถานที่,ที่มา",
        f"{code},หน้าสวน,12,11,13,1 พ.ย. 2569,ลานรับซื้อ,ป้าย",
        f"{code.lower()},shelf,22.00,,,2026-11-02,ตลาด,ไปดูเอง",
        "NOPE,shelf,22.00,,,2026-11-02,ตลาด,ไปดูเอง",
        f"{code},shelf,สิบ,,,2026-11-02,ตลาด,ไปดูเอง",
        f"{code},shelf,10,11,12,2026-11-02,ตลาด,ไปดูเอง",
        f"{code},shelf,10,,,2026-11-02,,ไปดูเอง",
    ]
    for taken in ("2", "0"):
        seen = look(browser, "\n".join(lines).encode())
        assert seen.status_code == 200
        assert seen.text.count('class="chip bad"') == 4
        content = re.search(
            r'<textarea name="content" hidden>(.*?)</textarea>', seen.text, re.DOTALL
        )
        assert content is not None
        returned = browser.form(
            "/c/{c}/reference-prices/take", content=plain(content[1]), what="returned"
        )
        assert returned.text.count("NOPE") == 1 and returned.text.count("\n") == 5
        answer = browser.form("/c/{c}/reference-prices/take", content=plain(content[1]))
        assert answer.status_code == 303
        page = browser.get("/c/{c}/reference-prices").text
        assert f": {taken}" in page
        assert page.count("ลานรับซื้อ") == 1


def test_the_file_that_is_given_out_is_the_one_that_is_read(
    rice: UUID, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of("manager")
    browser.form("/c/{c}/reference-prices/new", **typed(rice))
    for form in ("csv", "xlsx"):
        data = browser.get(f"/c/{{c}}/reference-prices.{form}").data
        seen = look(browser, data, f"prices.{form}")
        assert seen.text.count('class="chip good"') == 1
        assert 'class="chip bad"' not in seen.text


def test_a_file_without_the_columns_or_no_file_is_refused(
    browser_of: Callable[..., Browser],
) -> None:
    browser = browser_of("manager")
    assert look(browser, b"a,b\n1,2").status_code == 422
    assert browser.form("/c/{c}/reference-prices/look").status_code == 422


def test_who_may_read_and_who_may_change(rice: UUID, browser_of: Callable[..., Browser]) -> None:
    assert browser_of("cashier").get("/c/{c}/reference-prices").status_code == 403
    auditor = browser_of("auditor")
    assert auditor.get("/c/{c}/reference-prices").status_code == 200
    assert auditor.form("/c/{c}/reference-prices/new", **typed(rice)).status_code == 403


def look(browser: Browser, data: bytes, name: str = "prices.csv") -> object:
    return browser.form("/c/{c}/reference-prices/look", file=(io.BytesIO(data), name))


def plain(text: str) -> str:
    import html

    return html.unescape(text)
