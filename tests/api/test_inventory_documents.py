"""The stock room over HTTP: every address, happy and refused, by API and by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from accounting.services import activities
from accounting.services.activities import NewActivity
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from core.numbering import buddhist_year
from members.services import users
from members.services.users import NewUser
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser, Machine
from tests.conftest import PASSWORD
from tests.rendering import assert_numbers_visible, page_sizes_mm
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


def test_goods_are_written_off_once(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 2_000)
    lots = keeper.get(f"/lots?product_id={honey}").json
    assert lots is not None
    lot_id = lots["items"][0]["id"]
    path = f"/wastes/{uuid7()}"
    body = {"lot_id": lot_id, "quantity_milli": 1_000, "reason": "แตก", "bearer": "centre"}
    first = keeper.send("PUT", path, body)
    assert first.status_code == 201
    assert first.json is not None
    assert first.json["charge_satang"] == 8_000
    assert keeper.send("PUT", path, body).status_code == 200
    differs = keeper.send("PUT", path, body | {"reason": "หาย"})
    assert (differs.status_code, code_of(differs)) == (409, "waste-differs")
    more = keeper.send("PUT", f"/wastes/{uuid7()}", body | {"quantity_milli": 5_000})
    assert (more.status_code, code_of(more)) == (409, "out-of-stock")
    assert more.json is not None
    assert more.json["available_milli"] == 1_000
    listed = keeper.get("/wastes").json
    assert listed is not None
    assert [one["waste_no"] for one in listed["items"]] == [first.json["waste_no"]]
    assert keeper.get(path).json == first.json


# --- who may what ----------------------------------------------------------------------------

READS = ("/products", "/stock_levels", "/lots", "/goods_receipts", "/wastes")


def test_strangers_are_asked_to_sign_in(client: Any, centre: Centre) -> None:
    for path in (*READS, "/producer_account", "/producer_account/documents"):
        response = client.get(f"/api/v1/centres/{centre.id}{path}")
        assert (response.status_code, code_of(response)) == (401, "sign-in-required")


def test_another_centre_is_not_found(keeper: Browser, other_centre: Centre, shop: Shop) -> None:
    next_door = shop_in(other_centre)
    honey = next_door.product("น้ำผึ้ง", 12_000)
    receipt_id = next_door.consign(honey, 1_000)
    for path in READS:
        assert keeper.get(f"/api/v1/centres/{other_centre.id}{path}").status_code == 404
    for path in (
        f"/products/{honey}",
        f"/goods_receipts/{receipt_id}",
        f"/lots/{uuid7()}",
        f"/wastes/{uuid7()}",
        f"/producer_account?producer_id={next_door.producer_id}",
    ):
        assert keeper.get(path).status_code == 404, path
    cancel = keeper.send("POST", f"/goods_receipts/{receipt_id}/cancel", {"reason": "ผิด"})
    assert cancel.status_code == 404
    body = delivery(shop, honey)
    assert keeper.send("PUT", f"/goods_receipts/{uuid7()}", body).status_code == 404


@pytest.mark.parametrize("role", ["cashier", "auditor", "accountant"])
def test_only_the_store_writes(machine_of: MachineOf, shop: Shop, role: str) -> None:
    machine = machine_of(role)
    honey = shop.product("น้ำผึ้ง", 12_000)
    receipt_id = shop.consign(honey, 2_000)
    waste = {"lot_id": str(uuid7()), "quantity_milli": 1_000, "reason": "x"}
    for response in (
        machine.send("PUT", f"/goods_receipts/{uuid7()}", delivery(shop, honey)),
        machine.send("POST", f"/goods_receipts/{receipt_id}/cancel", {"reason": "x"}),
        machine.send("PUT", f"/wastes/{uuid7()}", waste),
        machine.send("PUT", f"/products/{uuid7()}", HONEY),
    ):
        assert (response.status_code, code_of(response)) == (403, "forbidden")


def test_an_auditor_reads_everything(machine_of: MachineOf, shop: Shop) -> None:
    machine = machine_of("auditor")
    for path in (*READS, f"/producer_account?producer_id={shop.producer_id}"):
        assert machine.get(path).status_code == 200, path


def test_a_producer_reads_own_rows_only(producer: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    receipt_id = shop.consign(honey, 20_000)
    shop.open()
    shop.sell(RecordSaleLine(honey, 2_000, 10_000))
    account = producer.get("/producer_account").json
    assert account is not None
    assert account["owed_satang"] == 16_000
    assert account["today"][0]["quantity_milli"] == 2_000
    assert account["left"][0]["quantity_milli"] == 18_000
    documents = producer.get("/producer_account/documents?sold_only=true").json
    assert documents is not None
    assert sum(row["amount_satang"] for row in documents["items"]) == 16_000
    assert producer.get(f"/goods_receipts/{receipt_id}").status_code == 200
    for path in (*READS, f"/producer_account?producer_id={uuid7()}", f"/products/{honey}"):
        assert producer.get(path).status_code == 403, path


# --- pages -----------------------------------------------------------------------------------


def test_the_intake_form_takes_goods_in_without_a_script(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    page = keeper.get("/c/{c}/intakes/new").get_data(as_text=True)
    assert "น้ำผึ้ง" in page
    head = {
        "id": str(uuid7()),
        "rows": "4",
        "producer_id": str(shop.producer_id),
        "kind": "outright",
        "paid": "payable",
    }
    typed = {
        "product_1": str(banana), "gross_1": "31.5", "tare_1": "๑.๒", "deduction_1": "0.3",
        "price_1": "12", "grade_1": "A", "expires_1": "31/12/2570",
        "product_3": str(honey), "gross_3": "2", "price_3": "1,080.50",
    }  # fmt: skip
    wrong = keeper.form("/c/{c}/intakes/new", **head, **typed, gross_2="3")
    assert wrong.status_code == 422
    body = wrong.get_data(as_text=True)
    assert 'value="31.5"' in body
    assert 'href="#product_2"' in body
    more = keeper.form("/c/{c}/intakes/new", **head, **typed, more="1").get_data(as_text=True)
    assert 'id="product_8"' in more
    assert 'value="31.5"' in more

    for _ in range(2):  # sent twice by an impatient finger
        sent = keeper.form("/c/{c}/intakes/new", **head, **typed)
        assert sent.status_code == 303
    document = keeper.get(sent.headers["Location"]).get_data(as_text=True)
    for text in ("2,521.00", "30", "A"):
        assert text in document
    listed = keeper.get("/goods_receipts").json
    assert listed is not None
    assert [one["cost_satang"] for one in listed["items"]] == [36_000 + 216_100]


def test_a_refusal_of_the_rules_stands_beside_its_row(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    refused = keeper.form(
        "/c/{c}/intakes/new",
        id=str(uuid7()), rows="4", producer_id=str(shop.producer_id), kind="consignment",
        product_2=str(honey), gross_2="1.5",
    )  # fmt: skip
    assert refused.status_code == 422
    assert 'id="gross_2-error"' in refused.get_data(as_text=True)


def test_an_empty_intake_form_says_so(keeper: Browser, shop: Shop) -> None:
    refused = keeper.form(
        "/c/{c}/intakes/new",
        id=str(uuid7()), rows="4", producer_id=str(shop.producer_id), kind="consignment",
    )  # fmt: skip
    assert refused.status_code == 422
    assert 'href="#product_1"' in refused.get_data(as_text=True)


def test_the_intake_page_prints_its_slip_and_cancels(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    receipt_id = shop.buy(honey, 2_000, 8_050)
    path = f"/c/{{c}}/intakes/{receipt_id}"
    slip = keeper.get(f"{path}/slip.pdf")
    assert slip.content_type == "application/pdf"
    assert page_sizes_mm(slip.data)[0] == pytest.approx((148, 210), abs=1)
    assert_numbers_visible(slip.data, "80.50", "161.00", f"{buddhist_year(clock.today())}-00001")
    large = keeper.get(f"{path}/slip.pdf?paper=a4").data
    assert page_sizes_mm(large)[0] == pytest.approx((210, 297), abs=1)
    assert keeper.form(f"{path}/cancel").status_code == 422
    assert keeper.form(f"{path}/cancel", reason="ส่งผิด").status_code == 303
    page = keeper.get(path).get_data(as_text=True)
    assert "ส่งผิด" in page


def test_products_are_entered_and_changed_by_form(browser_of: BrowserOf) -> None:
    manager = browser_of("manager")
    typed = {
        "code": "H001", "name_th": "น้ำผึ้งป่า", "sold_by": "piece", "unit": "ขวด",
        "price": "120.50", "tax_code": "exempt", "active": "1",
    }  # fmt: skip
    assert manager.form("/c/{c}/products/new", **typed).status_code == 303
    listed = manager.get("/products").json
    assert listed is not None
    [product] = listed["items"]
    assert product["price_satang"] == 12_050
    path = f"/c/{{c}}/products/{product['id']}"
    assert 'value="120.50"' in manager.get(path).get_data(as_text=True)
    assert manager.form(path, **typed | {"price": "130"}, version="1").status_code == 303
    stale = manager.form(path, **typed | {"price": "140"}, version="1")
    assert stale.status_code == 412
    assert 'value="140"' in stale.get_data(as_text=True)
    taken = manager.form("/c/{c}/products/new", **typed)
    assert taken.status_code == 409
    assert 'id="code-error"' in taken.get_data(as_text=True)


def test_the_activity_of_a_product_is_chosen_on_its_page(browser_of: BrowserOf, shop: Shop) -> None:
    manager = browser_of("manager")
    honey = shop.product("น้ำผึ้ง", 12_000)
    path = f"/c/{{c}}/products/{honey}"
    assert 'name="activity_id"' not in manager.get(path).get_data(as_text=True)
    water = in_transaction(
        activities.create, NewActivity(uuid7(), "W", "กิจการน้ำ", "Water"), shop.actor
    )
    typed = {
        "code": "H001", "name_th": "น้ำผึ้ง", "sold_by": "piece", "unit": "ขวด",
        "price": "120", "tax_code": "exempt", "active": "1",
    }  # fmt: skip
    for version, chosen in enumerate((str(water.id), "", str(water.id)), start=1):
        sent = manager.form(path, **typed, activity_id=chosen, version=str(version))
        assert sent.status_code == 303
        shown = manager.get(path).get_data(as_text=True)
        assert (f'value="{water.id}" selected' in shown) == bool(chosen)
    unknown = manager.form(path, **typed, activity_id=str(uuid7()), version="4")
    assert unknown.status_code == 404


def test_goods_are_written_off_by_form(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 2_000)
    lots = keeper.get(f"/lots?product_id={honey}").json
    assert lots is not None
    path = f"/c/{{c}}/lots/{lots['items'][0]['id']}/waste"
    assert "ขวด" in keeper.get(path).get_data(as_text=True)
    typed = {"id": str(uuid7()), "quantity": "1", "reason": "แตก", "bearer": "producer"}
    sent = keeper.form(path, **typed)
    assert sent.status_code == 303
    assert "แตก" in keeper.get(sent.headers["Location"]).get_data(as_text=True)
    refused = keeper.form(path, **typed | {"id": str(uuid7()), "quantity": "9"})
    assert refused.status_code == 409


def test_every_page_opens(browser_of: BrowserOf, producer: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    receipt_id = shop.consign(honey, 8_000)
    shop.buy(honey, 5_000, 8_000)
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 9_000, 10_000))
    shop.refund(receipt, (1, 1_000))
    manager = browser_of("manager")
    lots = manager.get(f"/lots?product_id={honey}&all=true").json
    assert lots is not None
    pages = [
        "stock", f"stock/{honey}", f"stock/{honey}?all=1", "products", f"products/{honey}",
        "intakes", f"intakes/{receipt_id}", "wastes", "producer-accounts",
        f"producers/{shop.producer_id}/account",
        f"producers/{shop.producer_id}/account/documents?sold_only=1&product_id={honey}",
        *(f"lots/{lot['id']}" for lot in lots["items"]),
    ]  # fmt: skip
    for page in pages:
        response = manager.get(
            f"/c/{{c}}/{page}?lang=en" if "?" not in page else f"/c/{{c}}/{page}"
        )
        assert response.status_code == 200, page
    assert receipt.receipt_no in manager.get(f"/c/{{c}}/lots/{lots['items'][-1]['id']}").get_data(
        as_text=True
    )
    assert manager.get("/c/{c}/my").status_code == 302
    for page in ("my", "my/documents", f"intakes/{receipt_id}", f"intakes/{receipt_id}/slip.pdf",
                 f"lots/{lots['items'][-1]['id']}"):  # fmt: skip
        assert producer.get(f"/c/{{c}}/{page}").status_code == 200, page
    for page in ("stock", "intakes", "producer-accounts", f"producers/{uuid7()}/account",
                 f"lots/{lots['items'][-1]['id']}/waste", "intakes/new", "products"):  # fmt: skip
        assert producer.get(f"/c/{{c}}/{page}").status_code == 403, page
