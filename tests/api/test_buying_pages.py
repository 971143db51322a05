"""Buying over HTTP: a supplier, an order, what came short, what went back, who signs for money."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from core.actor import Centre
from core.db import db
from core.ids import uuid7
from tests.api.conftest import Browser
from tests.rendering import page_sizes_mm
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.product("ข้าวสาร", 50_00)
    return shop


def done(response: Any) -> str:
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.headers["Location"])


def ordered(stock: Browser, shop: Shop, **said: str) -> str:
    """Write and send an order of ten bottles at thirty baht; return its address."""
    product = shop.product("น้ำปลา", 40_00)
    db.session.rollback()
    fields = {
        "id": str(uuid7()),
        "producer_id": str(shop.producer_id),
        "rows": "1",
        "goods_1": str(product),
        "quantity_1": "10",
        "price_1": "30",
        "terms_days": "30",
        **said,
    }
    where = done(stock.form("/c/{c}/purchase-orders/new", **fields))
    done(stock.form(f"{where}/send"))
    return where


def test_a_supplier_is_entered_found_and_changed(browser_of: BrowserOf, shop: Shop) -> None:
    stock = browser_of("stock_keeper")
    fields = {"id": str(uuid7()), "name": "ร้านค้าส่ง", "tax_id": "0-1055-36000-01-2"}
    refused = stock.form("/c/{c}/suppliers/new", **fields)
    assert refused.status_code == 422
    assert "0-1055-36000-01-2" in refused.get_data(as_text=True)
    done(stock.form("/c/{c}/suppliers/new", **fields | {"tax_id": "0105536000011"}))
    page = stock.get("/c/{c}/suppliers?q=0105536000011").get_data(as_text=True)
    assert "ร้านค้าส่ง" in page
    edit = stock.get(f"/c/{{c}}/suppliers/{fields['id']}/edit")
    assert edit.status_code == 200
    changed = {"id": fields["id"], "version": "1", "terms_days": "45"}
    done(stock.form(f"/c/{{c}}/suppliers/{fields['id']}/edit", **changed))
    assert "45" in stock.get("/c/{c}/suppliers.csv").get_data(as_text=True)


def test_an_order_goes_from_draft_to_voucher(browser_of: BrowserOf, shop: Shop) -> None:
    stock, accountant = browser_of("stock_keeper"), browser_of("accountant")
    where = ordered(stock, shop)
    paper = stock.get(f"{where}/order.pdf")
    assert paper.data.startswith(b"%PDF")
    assert page_sizes_mm(paper.data)[0] == pytest.approx((210, 297), abs=0.1)
    over = {"id": str(uuid7()), "rows": "1", "quantity_1": "11", "price_1": "30"}
    refused = stock.form(f"{where}/receive", **over)
    assert refused.status_code == 409
    assert 'name="over_1"' in refused.get_data(as_text=True)
    came = done(stock.form(f"{where}/receive", **over | {"quantity_1": "6", "expires_1": ""}))
    assert "IN-" in stock.get(came).get_data(as_text=True)
    back = {"id": str(uuid7()), "rows": "1", "quantity_1": "1", "reason": "แตก"}
    lot = re.search(r'name="lot_1" value="([^"]+)"', stock.get(f"{came}/return").text)
    assert lot is not None
    done(stock.form(f"{came}/return", **back, lot_1=lot[1]))
    due = accountant.get("/c/{c}/payables").get_data(as_text=True)
    assert "180.00" in due and "-30.00" in due.replace("−", "-")
    for query, shown in (("q=IN-", True), ("q=nobody", False), ("due=past", False)):
        for path in ("payables", "payables.csv"):
            narrowed = accountant.get(f"/c/{{c}}/{path}?{query}").get_data(as_text=True)
            assert ("180.00" in narrowed) is shown, (path, query)
    pay = f"/c/{{c}}/producers/{shop.producer_id}/pay"
    shown = accountant.get(pay).get_data(as_text=True)
    lines = re.findall(r'name="line_(\d)" value="([^"]+)"', shown)
    fields = {f"line_{n}": key for n, key in lines} | {"id": str(uuid7()), "rows": "2"}
    ticked = accountant.form(pay, **fields, way="safe", oldest="1", oldest_amount="100")
    assert 'value="130.00"' in ticked.get_data(as_text=True)
    amounts = {f"amount_{n}": "130" if key.startswith("outright") else "30" for n, key in lines} | {
        f"pay_{n}": "1" for n, _key in lines
    }
    paid = done(accountant.form(pay, **fields, **amounts, way="safe"))
    payout_id = paid.rsplit("/", 1)[1]
    new = f"/c/{{c}}/purchase-vouchers/new/payout/{payout_id}"
    assert accountant.get(new).status_code == 200
    said = {"id": str(uuid7()), "payee_address": "12 หมู่ 3", "national_id": "1101700230708"}
    voucher = done(accountant.form(new, **said))
    page = accountant.get(voucher).get_data(as_text=True)
    assert "1-1017-XXXXX-70-8" in page and "1101700230708" not in page
    first, second = (accountant.form(f"{voucher}/print") for _ in range(2))
    assert first.data.startswith(b"%PDF") and second.data != first.data
    listed = accountant.get("/c/{c}/purchase-vouchers.csv?q=BV-").get_data(as_text=True)
    number = re.search(r"[A-Z]+-\d{4}-\d{5}", page)
    assert number is not None and number[0] in listed
    assert "1101700230708" not in listed and "12 หมู่ 3" in listed
    assert number[0] not in accountant.get("/c/{c}/purchase-vouchers.csv?q=nobody").text


def test_every_list_opens_and_is_a_file(browser_of: BrowserOf, shop: Shop) -> None:
    stock = browser_of("stock_keeper")
    ordered(stock, shop)
    manager = browser_of("manager")
    for path in (
        "purchase-orders",
        "suppliers",
        "supplier-returns",
        "payables",
        "purchase-vouchers",
    ):
        assert manager.get(f"/c/{{c}}/{path}").status_code == 200
        assert manager.get(f"/c/{{c}}/{path}.csv").status_code == 200
    assert manager.get(f"/c/{{c}}/suppliers/{shop.producer_id}").status_code == 200
    assert "PO-" in manager.get("/c/{c}/purchase-orders?state=sent").get_data(as_text=True)


def test_an_order_ends_with_a_reason(browser_of: BrowserOf, shop: Shop) -> None:
    stock = browser_of("stock_keeper")
    where = ordered(stock, shop)
    assert stock.form(f"{where}/cancel", reason="").status_code == 422
    done(stock.form(f"{where}/cancel", reason="สั่งผิด"))
    assert stock.form(f"{where}/close", reason="อีก").status_code == 409
    came = {"id": str(uuid7()), "rows": "1", "quantity_1": "1", "price_1": "30"}
    assert stock.form(f"{where}/receive", **came).status_code == 409


def test_a_hint_fills_the_order_and_nothing_typed_is_lost(
    browser_of: BrowserOf, shop: Shop
) -> None:
    stock = browser_of("stock_keeper")
    product = shop.product("เกลือ", 10_00)
    db.session.rollback()
    new = "/c/{c}/purchase-orders/new"
    page = stock.get(f"{new}?product={product}&quantity=24").get_data(as_text=True)
    assert f'value="{product}" selected' in page and 'value="24"' in page
    typed = {"id": str(uuid7()), "rows": "1", "goods_1": str(product), "quantity_1": "สองโหล"}
    refused = stock.form(new, **typed, note="ด่วน")
    assert refused.status_code == 422
    assert "สองโหล" in refused.get_data(as_text=True)
    assert "ด่วน" in refused.get_data(as_text=True)


def test_a_program_orders_and_receives(browser_of: BrowserOf, shop: Shop) -> None:
    stock = browser_of("stock_keeper")
    product = shop.product("เกลือ", 10_00)
    db.session.rollback()
    order_id, receipt_id = uuid7(), uuid7()
    line = {"product_id": str(product), "quantity_milli": 5000, "unit_price_satang": 700}
    body = {"producer_id": str(shop.producer_id), "lines": [line]}
    orders = f"/api/v1/centres/{shop.centre_id}/purchase_orders"
    written = stock.send("PUT", f"{orders}/{order_id}", body)
    assert written.status_code == 200, written.get_data(as_text=True)
    assert stock.get(orders).get_json()["items"][0]["state"] == "draft"
    delivery = {**body, "order_id": str(order_id), "lines": [{**line, "order_line_no": 1}]}
    path = f"/api/v1/centres/{shop.centre_id}/purchase_deliveries/{receipt_id}"
    assert stock.send("PUT", path, delivery).status_code == 409
    done(stock.form(f"/c/{{c}}/purchase-orders/{order_id}/send"))
    assert stock.send("PUT", path, delivery).status_code == 201
    assert stock.send("PUT", path, delivery).status_code == 200
    assert stock.get(f"{orders}/{order_id}").get_json()["lines"][0]["received_milli"] == 5000
