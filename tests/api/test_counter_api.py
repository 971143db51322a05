"""The counter's API: what it records, and everything it refuses in words and writes nothing of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core import clock
from core.actor import Centre
from core.db import db
from core.ids import uuid7
from pos.models import Sale
from tests.api.conftest import Browser
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def honey(shop: Shop) -> UUID:
    product = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(product, 20_000)
    return product


@pytest.fixture
def cashier_at(browser_of: BrowserOf) -> Browser:
    return browser_of("cashier")


def body_of(shop: Shop, product: UUID, **changes: Any) -> dict[str, Any]:
    """Return a good sale of one piece for a hundred baht, with `changes`."""
    assert shop.shift is not None
    line = {"product_id": str(product), "quantity_milli": 1000, "unit_price_satang": 10_000}
    body = {
        "till_id": str(shop.till_id),
        "shift_id": str(shop.shift.id),
        "occurred_at": clock.now().isoformat(),
        "lines": [line],
        "payments": [{"method": "cash", "amount_satang": 10_000}],
    }
    return body | changes


def recorded() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Sale)) or 0


def test_a_sale_is_made_once_and_answered_again(
    shop: Shop, honey: UUID, cashier_at: Browser
) -> None:
    body, where = body_of(shop, honey), f"/sales/{uuid7()}"
    first = cashier_at.send("PUT", where, body)
    assert first.status_code == 201
    assert first.headers["Location"].endswith(where)
    again = cashier_at.send("PUT", where, body)
    assert again.status_code == 200
    assert again.get_json()["receipt_no"] == first.get_json()["receipt_no"]
    other = cashier_at.send("PUT", where, body | {"payments": []})
    assert (other.status_code, other.get_json(force=True)["code"]) == (409, "sale-differs")
    assert other.get_json(force=True)["differs"] == ["payments"]
    assert recorded() == 1


def test_thai_digits_are_digits(shop: Shop, honey: UUID, cashier_at: Browser) -> None:
    line = {"product_id": str(honey), "quantity_milli": "๒๐๐๐", "unit_price_satang": "๑๐๐๐๐"}
    pay = [{"method": "cash", "amount_satang": "๒๐๐๐๐"}]
    answer = cashier_at.send(
        "PUT", f"/sales/{uuid7()}", body_of(shop, honey, lines=[line], payments=pay)
    )
    assert answer.get_json()["due_satang"] == 20_000


def line(product: UUID, **changes: Any) -> list[dict[str, Any]]:
    return [
        {"product_id": str(product), "quantity_milli": 1000, "unit_price_satang": 10_000} | changes
    ]


REFUSED: dict[str, tuple[Callable[[UUID], dict[str, Any]], int, str]] = {
    "unknown field": (lambda p: {"colour": "red"}, 422, "invalid"),
    "unknown field in a line": (lambda p: {"lines": line(p, colour=1)}, 422, "invalid"),
    "fraction": (lambda p: {"lines": line(p, quantity_milli=1.5)}, 422, "invalid"),
    "truth for a number": (lambda p: {"lines": line(p, quantity_milli=True)}, 422, "invalid"),
    "words for a number": (lambda p: {"lines": line(p, quantity_milli="abc")}, 422, "invalid"),
    "nothing for a number": (lambda p: {"lines": line(p, quantity_milli=None)}, 422, "invalid"),
    "no quantity": (lambda p: {"lines": line(p, quantity_milli=0)}, 422, "invalid"),
    "less than nothing": (lambda p: {"lines": line(p, quantity_milli=-1000)}, 422, "invalid"),
    "beyond all limits": (lambda p: {"lines": line(p, quantity_milli=10**19)}, 422, "invalid"),
    "an amount beyond limits": (
        lambda p: {"payments": [{"method": "cash", "amount_satang": 10**12}]},
        422,
        "invalid",
    ),
    "no lines": (lambda p: {"lines": []}, 422, "invalid"),
    "501 lines": (lambda p: {"lines": line(p) * 501}, 422, "invalid"),
    "unknown way to pay": (
        lambda p: {"payments": [{"method": "shells", "amount_satang": 1}]},
        422,
        "invalid",
    ),
    "a moment without a zone": (lambda p: {"occurred_at": "2026-11-21T10:00:00"}, 422, "invalid"),
    "tender short": (
        lambda p: {"payments": [{"method": "cash", "amount_satang": 9_999}]},
        409,
        "tender-short",
    ),
    "transfer too much": (
        lambda p: {"payments": [{"method": "transfer", "amount_satang": 10_001}]},
        409,
        "tender-too-much",
    ),
    "unknown product": (lambda p: {"lines": line(uuid7())}, 409, "product-not-for-sale"),
    "price changed": (
        lambda p: {"lines": line(p, unit_price_satang=9_000)},
        409,
        "price-changed",
    ),
    "out of stock": (
        lambda p: {
            "lines": line(p, quantity_milli=21_000),
            "payments": [{"method": "cash", "amount_satang": 210_000}],
        },
        409,
        "out-of-stock",
    ),
    "part of a piece": (lambda p: {"lines": line(p, quantity_milli=500)}, 422, "whole-pieces"),
    "discount without a reason": (
        lambda p: {"lines": line(p, discount_satang=100)},
        409,
        "discount-reason-needed",
    ),
    "unknown member": (lambda p: {"member_id": str(uuid7())}, 409, "not-a-member"),
    "unknown shift": (lambda p: {"shift_id": str(uuid7())}, 404, "not-found"),
    "unknown till": (lambda p: {"till_id": str(uuid7())}, 404, "not-found"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    shop: Shop, honey: UUID, cashier_at: Browser, name: str
) -> None:
    changes, status, code = REFUSED[name]
    answer = cashier_at.send("PUT", f"/sales/{uuid7()}", body_of(shop, honey, **changes(honey)))
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json(force=True)["code"] == code
    assert recorded() == 0


def test_ten_thousand_lines_are_refused_whole(shop: Shop, honey: UUID, cashier_at: Browser) -> None:
    body = body_of(shop, honey, lines=line(honey) * 10_000)
    assert cashier_at.send("PUT", f"/sales/{uuid7()}", body).status_code in {413, 422}
    assert recorded() == 0


def test_five_hundred_lines_are_a_sale(shop: Shop, cashier_at: Browser) -> None:
    pieces = shop.product("เมล็ดพันธุ์", 100)
    shop.consign(pieces, 600_000)
    lines = line(pieces, unit_price_satang=100) * 500
    pay = [{"method": "cash", "amount_satang": 50_000}]
    body = body_of(shop, pieces, lines=lines, payments=pay)
    assert cashier_at.send("PUT", f"/sales/{uuid7()}", body).status_code == 201


def test_another_centre_is_not_there(
    shop: Shop, honey: UUID, cashier_at: Browser, other_centre: Centre
) -> None:
    where = f"/api/v1/centres/{other_centre.id}/sales/{uuid7()}"
    foreign = cashier_at.send("PUT", where, body_of(shop, honey))
    nowhere = cashier_at.send("PUT", where.replace(f"/{other_centre.id}/", "/999/"), {})
    assert foreign.status_code == nowhere.status_code == 404
    stranger = shop_in(other_centre)
    stranger.open()
    assert stranger.shift is not None
    body = body_of(shop, honey, till_id=str(stranger.till_id), shift_id=str(stranger.shift.id))
    assert cashier_at.send("PUT", f"/sales/{uuid7()}", body).status_code == 404
    theirs = stranger.product("ของเขา", 10_000)
    answer = cashier_at.send("PUT", f"/sales/{uuid7()}", body_of(shop, theirs))
    assert answer.get_json(force=True)["code"] == "product-not-for-sale"
    assert recorded() == 0


def test_a_closed_shift_and_a_stranger_take_no_sale(
    shop: Shop, honey: UUID, cashier_at: Browser, browser_of: BrowserOf
) -> None:
    body = body_of(shop, honey)
    assert browser_of("auditor").send("PUT", f"/sales/{uuid7()}", body).status_code == 403
    cashier_at.csrf = "0" * 64
    assert cashier_at.send("PUT", f"/sales/{uuid7()}", body).status_code == 403
    shop.close((100_000, 1))
    # By its own time the sale came after the shift; one within it is taken, below.
    body["occurred_at"] = clock.now().isoformat()
    answer = browser_of("cashier").send("PUT", f"/sales/{uuid7()}", body)
    assert answer.get_json(force=True)["code"] == "shift-closed"
    assert recorded() == 0


def test_what_was_offline_is_taken_after_the_shift_and_says_so(
    shop: Shop, honey: UUID, cashier_at: Browser
) -> None:
    body, refund_id = body_of(shop, honey), uuid7()
    sale_id = uuid7()
    made_at = clock.now().isoformat()
    closed = shop.close((100_000, 1), (10_000, 1))
    taken = cashier_at.send("PUT", f"/sales/{sale_id}", body)
    assert taken.status_code == 201
    assert (taken.get_json()["late"], taken.get_json()["flags"]) == (True, ["late"])
    assert cashier_at.send("PUT", f"/sales/{sale_id}", body).status_code == 200
    back = {
        "sale_id": str(sale_id),
        "till_id": str(shop.till_id),
        "shift_id": str(closed.id),
        "reason": "แตก",
        "method": "cash",
        "lines": [{"line_no": 1, "quantity_milli": 1000}],
    }
    now = cashier_at.send("PUT", f"/refunds/{refund_id}", back)
    assert now.get_json()["code"] == "shift-closed"
    then = cashier_at.send("PUT", f"/refunds/{refund_id}", back | {"occurred_at": made_at})
    assert (then.status_code, then.get_json()["late"]) == (201, True)
    page = cashier_at.get(f"/c/{{c}}/sales/{sale_id}").get_data(as_text=True)
    assert page.count('class="notice warning') == 1


def test_a_shift_over_http(shop: Shop, cashier_at: Browser) -> None:
    assert shop.shift is not None
    where = f"/shifts/{shop.shift.id}"
    assert cashier_at.get(f"/api/v1/centres/{{c}}{where}").get_json()["expected_satang"] is None
    unknown = {"counts": [{"denomination_satang": 123, "count": 1}]}
    assert cashier_at.send("POST", f"{where}/close", unknown).status_code == 422
    movement = {"shift_id": str(shop.shift.id), "kind": "pay_out", "amount_satang": 4000}
    lost = cashier_at.send("PUT", f"/cash_movements/{uuid7()}", movement)
    assert lost.status_code == 422
    paid = cashier_at.send("PUT", f"/cash_movements/{uuid7()}", movement | {"reason": "น้ำแข็ง"})
    assert paid.get_json()["category"] == "expense"
    count = {"counts": [{"denomination_satang": 50_000, "count": 2}]}
    closed = cashier_at.send("POST", f"{where}/close", count).get_json()
    assert (closed["expected_satang"], closed["over_short_satang"]) == (96_000, 4_000)


def test_a_held_basket_is_recalled_once(shop: Shop, honey: UUID, cashier_at: Browser) -> None:
    where = f"/held_sales/{uuid7()}"
    held = {"till_id": str(shop.till_id), "label": "ป้าแดง", "content": {"lines": line(honey)}}
    assert cashier_at.send("PUT", where, held).status_code == 200
    assert len(cashier_at.get("/api/v1/centres/{c}/held_sales").get_json()) == 1
    assert cashier_at.send("DELETE", where).get_json()["content"] == held["content"]
    assert cashier_at.send("DELETE", where).status_code == 404


def test_a_refund_over_http(shop: Shop, honey: UUID, cashier_at: Browser) -> None:
    sale = uuid7()
    cashier_at.send("PUT", f"/sales/{sale}", body_of(shop, honey))
    body = body_of(shop, honey)
    back = {
        "sale_id": str(sale),
        "till_id": body["till_id"],
        "shift_id": body["shift_id"],
        "reason": "ของมีตำหนิ",
        "method": "cash",
        "lines": [{"line_no": 1, "quantity_milli": 1000}],
    }
    twice = back | {"lines": back["lines"] * 2}
    assert cashier_at.send("PUT", f"/refunds/{uuid7()}", twice).status_code == 422
    where = f"/refunds/{uuid7()}"
    assert cashier_at.send("PUT", where, back).status_code == 201
    assert cashier_at.send("PUT", where, back).status_code == 200
    more = cashier_at.send("PUT", f"/refunds/{uuid7()}", back)
    assert more.get_json(force=True)["code"] == "more-than-sold"


def test_copies_are_marked_and_no_tax_invoice_is_named(
    shop: Shop, honey: UUID, cashier_at: Browser
) -> None:
    sale = uuid7()
    cashier_at.send("PUT", f"/sales/{sale}", body_of(shop, honey))
    prints = [cashier_at.send("POST", f"/sales/{sale}/prints").get_json() for _ in range(2)]
    assert [one["copy_no"] for one in prints] == [0, 1]
    page = cashier_at.get(f"/c/{{c}}/sales/{sale}/receipt").get_data(as_text=True)
    assert "สำเนา" in page
    assert "ใบกำกับภาษี" not in page
    paper = cashier_at.form(f"/c/{{c}}/sales/{sale}/receipt.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")
