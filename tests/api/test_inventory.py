"""The stock room over HTTP: every address, happy and refused, by API and by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from members.services import users
from members.services.users import NewUser
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser, Machine
from tests.conftest import PASSWORD
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]
MachineOf = Callable[..., Machine]

HONEY = {
    "code": "H001",
    "barcodes": ["8850000000010"],
    "name_th": "น้ำผึ้งป่า",
    "sold_by": "piece",
    "unit": "ขวด",
    "price_satang": 12_000,
}


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def keeper(browser_of: BrowserOf) -> Browser:
    return browser_of("stock_keeper")


@pytest.fixture
def producer(shop: Shop, browser_of: BrowserOf, manager: Actor) -> Browser:
    """The shop's producer, signed in on her phone."""
    new = NewUser(
        username="pa.daeng",
        display_name="ป้าแดง",
        password=PASSWORD,
        roles=("producer",),
        producer_id=shop.producer_id,
    )
    in_transaction(users.create, new, manager)
    return browser_of("pa.daeng")


def delivery(shop: Shop, product_id: UUID, **changes: Any) -> dict[str, Any]:
    line = {"product_id": str(product_id), "gross_milli": 20_000}
    body: dict[str, Any] = {
        "producer_id": str(shop.producer_id),
        "kind": "consignment",
        "lines": [line],
    }
    return body | changes


def code_of(response: Any) -> str:
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == response.status_code
    return str(response.json["code"])


# --- products --------------------------------------------------------------------------------


def test_a_product_is_entered_read_and_changed_by_version(browser_of: BrowserOf) -> None:
    manager = browser_of("manager")
    path = f"/products/{uuid7()}"
    made = manager.send("PUT", path, HONEY)
    assert made.status_code == 201
    assert made.headers["ETag"] == '"v1"'
    assert made.json is not None
    assert made.json["name_en"] == "น้ำผึ้งป่า"
    assert manager.get(path).json == made.json

    dearer = HONEY | {"price_satang": 15_000}
    assert code_of(manager.send("PUT", path, dearer)) == "version-required"
    changed = manager.send("PUT", path, dearer, If_Match='"v1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"v2"')
    assert code_of(manager.send("PUT", path, HONEY, If_Match='"v1"')) == "changed-meanwhile"
    assert code_of(manager.send("PUT", path, HONEY, If_Match='"old"')) == "changed-meanwhile"
    listed = manager.get("/products?q=ผึง").json
    assert listed is not None
    assert [product["price_satang"] for product in listed["items"]] == [15_000]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"price_satang": -1}, "#/price_satang"),
        ({"price_satang": 1.5}, "#/price_satang"),
        ({"price_satang": 10**12}, "#/price_satang"),
        ({"colour": "red"}, "#/colour"),
        ({"sold_by": "dozen"}, "#/sold_by"),
        ({"code": "รหัส"}, "#/code"),
        ({"name_th": ""}, "#/name_th"),
        ({"name_th": "น" * 121}, "#/name_th"),
    ],
)
def test_a_bad_product_is_refused_by_field(
    browser_of: BrowserOf, change: dict[str, Any], pointer: str
) -> None:
    refused = browser_of("manager").send("PUT", f"/products/{uuid7()}", HONEY | change)
    assert refused.status_code == 422
    assert refused.json is not None
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


def test_thai_digits_are_digits(browser_of: BrowserOf) -> None:
    made = browser_of("manager").send(
        "PUT", f"/products/{uuid7()}", HONEY | {"price_satang": "๑๒๕๐", "barcodes": ["๘๘๕๐"]}
    )
    assert made.json is not None
    assert (made.json["price_satang"], made.json["barcodes"]) == (1_250, ["8850"])


def test_codes_are_taken_once_and_prices_need_a_right(
    browser_of: BrowserOf, keeper: Browser
) -> None:
    path = f"/products/{uuid7()}"
    assert keeper.send("PUT", path, HONEY).status_code == 201
    taken = keeper.send("PUT", f"/products/{uuid7()}", HONEY | {"barcodes": []})
    assert code_of(taken) == "code-taken"
    dearer = HONEY | {"price_satang": 1}
    assert code_of(keeper.send("PUT", path, dearer, If_Match='"v1"')) == "forbidden"


# --- intake ----------------------------------------------------------------------------------


def test_an_intake_is_taken_in_once(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    path, body = f"/goods_receipts/{uuid7()}", delivery(shop, honey, note="เช้า")
    first = keeper.send("PUT", path, body)
    assert first.status_code == 201
    assert first.json is not None
    assert first.json["lines"][0]["split_basis_points"] == 8_000
    again = keeper.send("PUT", path, body)
    assert (again.status_code, again.json) == (200, first.json)
    other = keeper.send("PUT", path, body | {"note": "บ่าย"})
    assert (other.status_code, code_of(other)) == (409, "intake-differs")
    assert other.json is not None
    assert other.json["differs"] == ["note"]
    assert keeper.get(path).json == first.json
    listed = keeper.get(f"/goods_receipts?producer_id={shop.producer_id}").json
    assert listed is not None
    assert [one["receipt_no"] for one in listed["items"]] == [first.json["receipt_no"]]


def test_an_intake_is_cancelled_while_untouched(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    path = f"/goods_receipts/{uuid7()}"
    keeper.send("PUT", path, delivery(shop, honey))
    assert keeper.send("POST", f"{path}/cancel", {}).status_code == 422
    gone = keeper.send("POST", f"{path}/cancel", {"reason": "ส่งผิด"})
    assert gone.status_code == 200
    assert gone.json is not None
    assert gone.json["cancellation"]["reason"] == "ส่งผิด"
    sold = shop.consign(honey, 2_000)
    shop.open()
    shop.sell(RecordSaleLine(honey, 1_000, 12_000))
    refused = keeper.send("POST", f"/goods_receipts/{sold}/cancel", {"reason": "ส่งผิด"})
    assert (refused.status_code, code_of(refused)) == (409, "intake-touched")


def test_cash_is_paid_from_the_drawer_of_an_open_shift(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    line = {"product_id": str(honey), "gross_milli": 1_000, "unit_cost_satang": 5_000}
    body = delivery(shop, honey, kind="outright", paid="cash", lines=[line])
    refused = keeper.send("PUT", f"/goods_receipts/{uuid7()}", body)
    assert (refused.status_code, code_of(refused)) == (422, "shift-needed")
    body["shift_id"] = str(shop.open().id)
    paid = keeper.send("PUT", f"/goods_receipts/{uuid7()}", body)
    assert paid.status_code == 201
    assert paid.json is not None
    assert (paid.json["paid"], paid.json["cost_satang"]) == ("cash", 5_000)
    assert paid.json["till_id"] == str(shop.till_id)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": []}, "#/lines"),
        ({"lines": [{"gross_milli": 1_000}]}, "#/lines/0/product_id"),
        ({"lines": [{"product_id": "x", "gross_milli": 1_000}]}, "#/lines/0/product_id"),
        ({"kind": "gift"}, "#/kind"),
        ({"producer_id": None}, "#/producer_id"),
        ({"colour": "red"}, "#/colour"),
    ],
)
def test_a_bad_intake_is_refused_by_field(
    keeper: Browser, shop: Shop, change: dict[str, Any], pointer: str
) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    refused = keeper.send("PUT", f"/goods_receipts/{uuid7()}", delivery(shop, honey, **change))
    assert refused.status_code == 422
    assert refused.json is not None
    assert pointer in [error["pointer"] for error in refused.json["errors"]]


@pytest.mark.parametrize(
    ("kind", "line", "pointer"),
    [
        ("consignment", {"gross_milli": 0}, "#/lines/0/gross_milli"),
        ("consignment", {"gross_milli": -5}, "#/lines/0/gross_milli"),
        ("consignment", {"gross_milli": 10**10}, "#/lines/0/gross_milli"),
        ("consignment", {"unit_cost_satang": 5}, "#/lines/0/unit_cost_satang"),
        ("consignment", {"split_basis_points": 10_001}, "#/lines/0/split_basis_points"),
        ("outright", {}, "#/lines/0/unit_cost_satang"),
        ("outright", {"unit_cost_satang": 5, "split_basis_points": 1},
         "#/lines/0/split_basis_points"),
    ],
)  # fmt: skip
def test_a_bad_line_is_refused_by_field(
    keeper: Browser, shop: Shop, kind: str, line: dict[str, Any], pointer: str
) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    lines = [{"product_id": str(honey), "gross_milli": 1_000} | line]
    body = delivery(shop, honey, kind=kind, lines=lines)
    refused = keeper.send("PUT", f"/goods_receipts/{uuid7()}", body)
    assert refused.status_code == 422
    assert refused.json is not None
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


def test_too_many_lines_are_refused_before_any_is_read(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    lines = [{"product_id": str(honey), "gross_milli": 1_000}] * 101
    refused = keeper.send("PUT", f"/goods_receipts/{uuid7()}", delivery(shop, honey, lines=lines))
    assert refused.status_code == 422
    assert refused.json is not None
    assert [error["pointer"] for error in refused.json["errors"]] == ["#/lines"]


def test_what_the_rules_refuse_is_a_problem(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    for line, code in (
        ({"gross_milli": 1_000, "tare_milli": 1_000}, "nothing-left"),
        ({"gross_milli": 1_500}, "whole-pieces"),
    ):
        lines = [{"product_id": str(honey)} | line]
        body = delivery(shop, honey, lines=lines)
        refused = keeper.send("PUT", f"/goods_receipts/{uuid7()}", body)
        assert (refused.status_code, code_of(refused)) == (422, code)


# --- stock and write-offs --------------------------------------------------------------------


def test_levels_lots_and_their_history(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.consign(honey, 20_000)
    shop.buy(honey, 5_000, 8_000)
    levels = keeper.get("/stock_levels?q=ผึ้ง").json
    assert levels is not None
    [level] = levels["items"]
    assert (level["own_milli"], level["consigned_milli"]) == (5_000, 20_000)
    assert (level["on_hand_milli"], level["value_satang"]) == (25_000, 40_000)
    lots = keeper.get(f"/lots?product_id={honey}").json
    assert lots is not None
    newest = keeper.get(f"/lots/{lots['items'][0]['id']}").json
    assert newest is not None
    assert newest["lot"]["value_satang"] == 40_000
    assert [row["on_hand_milli"] for row in newest["moves"]] == [5_000]
