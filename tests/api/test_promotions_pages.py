"""Promotions over HTTP: pages to make and end them, the counter's catalogue, the receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from accounting.services import funds
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from pos.services import discounts, promotions
from pos.services.promotions import NewPromotion, PromotionDoc
from tests.api.conftest import Browser
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def office(browser_of: BrowserOf) -> Browser:
    return browser_of("manager")


def form_of(shop: Shop, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "name_th": "ลดรับลมหนาว",
        "name_en": "Winter",
        "reason_id": str(shop.reason("centre")),
        "kind": "percent",
        "value": "10",
        "valid_from": clock.today().isoformat(),
    } | changes


def promoted(shop: Shop, manager: Actor, **changes: Any) -> PromotionDoc:
    facts: dict[str, Any] = {"kind": "percent", "value": 1000, "valid_from": clock.today()}
    new = NewPromotion(uuid7(), "ลด", "Less", shop.reason("centre"), **facts | changes)
    return in_transaction(promotions.create, new, manager)


def test_a_promotion_is_made_shown_and_stopped(shop: Shop, office: Browser) -> None:
    assert office.get("/c/{c}/promotions/new").status_code == 200
    form = form_of(shop)
    made = office.form("/c/{c}/promotions/new", **form)
    assert made.status_code == 303
    assert office.form("/c/{c}/promotions/new", **form).status_code == 303
    page = office.get(made.headers["Location"]).get_data(as_text=True)
    assert "10\u00a0%" in page
    assert "ลดรับลมหนาว" in page or "Winter" in page
    listed = office.get("/c/{c}/promotions").get_data(as_text=True)
    assert listed.count(f"/promotions/{form['id']}") == 1
    where = "/c/{c}/promotions/" + form["id"]
    later = (clock.today() + timedelta(days=30)).isoformat()
    assert office.form(where, version="1", valid_until=later).status_code == 303
    assert office.form(where, version="1", stop="1").status_code == 412
    assert office.form(where, version="2").status_code == 422
    assert office.form(where, version="2", stop="1").status_code == 303
    over = office.get(where).get_data(as_text=True)
    assert 'name="stop"' not in over


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "101"}, "value"),
        ({"value": "0"}, "value"),
        ({"value": "1e3"}, "value"),
        ({"kind": "gift"}, "kind"),
        ({"valid_from": "2020-01-01"}, "valid_from"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"name_th": " "}, "name_th"),
    ],
)
def test_a_wrong_promotion_is_given_back_whole(
    shop: Shop, office: Browser, wrong: dict[str, str], field: str
) -> None:
    answer = office.form("/c/{c}/promotions/new", **form_of(shop, **wrong))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert "Winter" in page


def test_a_product_or_a_category_not_both(shop: Shop, office: Browser) -> None:
    both = form_of(shop, product_id=str(shop.product("น้ำผึ้ง", 10_000)), category="ผลไม้")
    assert office.form("/c/{c}/promotions/new", **both).status_code == 422


def test_reasons_say_who_bears_them(shop: Shop, office: Browser, manager: Actor) -> None:
    fund = NewFund(uuid7(), "W1", "กองทุนสวัสดิการ", "Welfare fund")
    in_transaction(funds.create, fund, manager)
    assert office.get("/c/{c}/discount_reasons/new").status_code == 200

    def made(code: str, **rest: str) -> int:
        given = {"id": str(uuid7()), "code": code, "name_th": code, **rest}
        return office.form("/c/{c}/discount_reasons/new", **given).status_code

    assert made("part", bearing="shared_set") == 422
    assert made("part", bearing="shared_set", producer_part="30") == 303
    assert made("need", bearing="fund") == 422
    assert made("need", bearing="fund", fund_id=str(fund.id)) == 303
    assert made("need", bearing="producer") == 409
    page = office.get("/c/{c}/discount_reasons").get_data(as_text=True)
    assert "30\u00a0%" in page and "70\u00a0%" in page
    assert "กองทุนสวัสดิการ" in page or "Welfare fund" in page
    [needy] = [one for one in discounts.listing(manager) if one.code == "need"]
    where = f"/c/{{c}}/discount_reasons/{needy.id}"
    assert office.form(where).status_code == 303
    assert not discounts.get(needy.id, manager).active
    assert office.form(where, active="1").status_code == 303
    assert discounts.get(needy.id, manager).active


def test_a_cashier_reads_and_changes_nothing(shop: Shop, browser_of: BrowserOf) -> None:
    cashier = browser_of("cashier")
    assert cashier.get("/c/{c}/promotions").status_code == 200
    assert cashier.get("/c/{c}/discount_reasons").status_code == 200
    assert cashier.get("/c/{c}/promotions/new").status_code == 403
    assert cashier.form("/c/{c}/promotions/new", **form_of(shop)).status_code == 403
    assert cashier.form(f"/c/{{c}}/discount_reasons/{shop.reason('centre')}").status_code == 403


def sale_of(shop: Shop, product_id: UUID, promotion: PromotionDoc, off: int) -> dict[str, Any]:
    assert shop.shift is not None
    line = {
        "product_id": str(product_id),
        "quantity_milli": 1000,
        "unit_price_satang": 10_000,
        "discount_satang": off,
        "promotion_id": str(promotion.id),
    }
    return {
        "till_id": str(shop.till_id),
        "shift_id": str(shop.shift.id),
        "occurred_at": clock.now().isoformat(),
        "lines": [line],
        "payments": [{"method": "cash", "amount_satang": 10_000}],
    }


def test_the_counter_is_told_and_held_to_it(
    shop: Shop, manager: Actor, browser_of: BrowserOf
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.product("กล้วย", 500)
    shop.consign(honey, 5000)
    everybody = promoted(shop, manager, product_id=honey)
    promoted(shop, manager, product_id=honey, kind="price", value=8500, members_only=True)
    cashier = browser_of("cashier")
    products = {one["id"]: one for one in cashier.get("/catalogue").get_json()["products"]}
    told = [(one["off_satang"], one["members_only"]) for one in products[str(honey)]["offers"]]
    assert told == [(1500, True), (1000, False)]
    assert [one["offers"] for one in products.values() if one["id"] != str(honey)] == [[]]

    sale_id = uuid7()
    wrong = cashier.send("PUT", f"/sales/{sale_id}", sale_of(shop, honey, everybody, 900))
    assert wrong.status_code == 409
    assert wrong.get_json()["type"].endswith("offer-changed")
    assert wrong.get_json()["discount_satang"] == 1000
    right = cashier.send("PUT", f"/sales/{sale_id}", sale_of(shop, honey, everybody, 1000))
    assert right.status_code == 201
    [line] = right.get_json()["lines"]
    assert (line["promotion_th"], line["net_satang"]) == ("ลด", 9000)
    slip = cashier.get(f"/c/{{c}}/sales/{sale_id}/receipt").get_data(as_text=True)
    assert "Less" in slip or "ลด" in slip
    assert cashier.get(f"/c/{{c}}/sales/{sale_id}").status_code == 200
