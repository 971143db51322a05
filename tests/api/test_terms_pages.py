"""Consignment terms and funds as people use them: propose, approve, see a price in its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core import clock
from core.actor import Centre
from core.dates import format_date
from core.db import db
from core.ids import uuid7
from inventory.models import ConsignmentTerms
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def keeper(browser_of: BrowserOf) -> Browser:
    return browser_of("stock_keeper")


@pytest.fixture
def manager_page(browser_of: BrowserOf) -> Browser:
    return browser_of("manager")


def typed(shop: Shop, **changes: str) -> dict[str, str]:
    today = clock.business_date(clock.now())
    return {
        "id": str(uuid7()),
        "producer_id": str(shop.producer_id),
        "product_id": "",
        "category": "",
        "valid_from": format_date(today, "th", "form"),
        "valid_until": "",
        "split": "๘๕",
        "tier_by": "price",
        "tier_from_1": "200",
        "tier_split_1": "87.5",
        "floor": "",
        "fee": "1.50",
        "levy": "2",
        "levy_fund_id": "",
        "note": "",
        **changes,
    }


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.get_data(as_text=True)[:3000]
    return str(response.get_data(as_text=True))


def set_fund_up(manager: Browser) -> str:
    fund_id = str(uuid7())
    made = manager.form(
        "/c/{c}/funds",
        id=fund_id,
        code="W1",
        name_th="กองทุนสวัสดิการ",
        name_en="",
        purpose="welfare_fund",
    )
    assert made.status_code == 303, made.get_data(as_text=True)[:2000]
    return fund_id


def only_terms() -> ConsignmentTerms:
    row = db.session.scalars(select(ConsignmentTerms)).one()
    db.session.rollback()
    return row


def test_terms_are_proposed_by_one_approved_by_another_and_frozen_on_the_lot(
    shop: Shop, keeper: Browser, manager_page: Browser
) -> None:
    fund_id = set_fund_up(manager_page)
    honey = shop.product("น้ำผึ้ง", 10_000)
    assert "<form" in text_of(keeper.get("/c/{c}/terms/new"))
    fields = typed(shop, levy_fund_id=fund_id, product_id=str(honey))
    proposed = keeper.form("/c/{c}/terms/new", **fields)
    assert proposed.status_code == 303
    assert keeper.form("/c/{c}/terms/new", **fields).status_code == 303  # sent twice, there once
    terms = only_terms()
    assert (terms.split_basis_points, terms.fee_satang, terms.levy_basis_points) == (8500, 150, 200)
    assert terms.tiers == [{"by": "price", "from": 20_000, "split_basis_points": 8750}]
    page = f"/c/{{c}}/terms/{terms.id}"
    assert terms.terms_no in text_of(keeper.get("/c/{c}/terms"))
    assert f"{terms.id}/approve" not in text_of(keeper.get(page))
    assert keeper.form(f"{page}/approve").status_code == 403
    assert manager_page.form(f"{page}/approve").status_code == 303
    assert f"{terms.id}/approve" not in text_of(manager_page.get(page))
    taken_in = keeper.send(
        "PUT",
        f"/goods_receipts/{uuid7()}",
        {
            "producer_id": str(shop.producer_id),
            "kind": "consignment",
            "lines": [{"product_id": str(honey), "gross_milli": 5_000}],
        },
    )
    assert taken_in.status_code == 201
    assert taken_in.json is not None
    lot_id, receipt_id = taken_in.json["lines"][0]["lot_id"], taken_in.json["id"]
    for path in (f"lots/{lot_id}", f"products/{honey}", f"stock/{honey}", f"terms/{terms.id}"):
        shown = text_of(keeper.get(f"/c/{{c}}/{path}"))
        for part in ("83.50", "14.50", "2.00"):  # 85 less 1.50 | the centre's | the fund's
            assert part in shown, (path, part)
    assert terms.terms_no in text_of(keeper.get(f"/c/{{c}}/intakes/{receipt_id}"))
    assert keeper.get(f"/c/{{c}}/intakes/{receipt_id}/slip.pdf").status_code == 200


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    shop: Shop, keeper: Browser, manager_page: Browser
) -> None:
    fund_id = set_fund_up(manager_page)
    for changes, status in (
        ({"levy_fund_id": ""}, 422),  # a levy into no fund
        ({"levy": "20", "levy_fund_id": fund_id}, 422),  # past the whole
        ({"levy": "", "tier_split_1": ""}, 422),  # half a step
        ({"levy": "", "tier_from_1": "x"}, 422),
        ({"levy": "", "tier_from_2": "100", "tier_split_2": "90"}, 422),  # not ascending
        ({"levy": "", "producer_id": ""}, 422),  # nobody's
        ({"levy": "", "valid_from": "01/01/2569"}, 422),  # past
        ({"levy": "", "split": "101"}, 422),
        ({"levy": "", "product_id": str(uuid7())}, 404),
    ):
        refused = keeper.form("/c/{c}/terms/new", **typed(shop, **{"note": "ลองดู", **changes}))
        assert refused.status_code == status, changes
        assert 'value="ลองดู"' in refused.get_data(as_text=True), changes
    first = keeper.form("/c/{c}/terms/new", **typed(shop, levy=""))
    assert first.status_code == 303
    overlapping = keeper.form("/c/{c}/terms/new", **typed(shop, levy=""))
    assert overlapping.status_code == 409
    assert only_terms().terms_no in overlapping.get_data(as_text=True)


def test_who_proposed_may_withdraw(shop: Shop, keeper: Browser) -> None:
    keeper.form("/c/{c}/terms/new", **typed(shop, levy=""))
    terms = only_terms()
    assert keeper.form(f"/c/{{c}}/terms/{terms.id}/withdraw").status_code == 303
    text_of(keeper.get("/c/{c}/terms"))  # says what was done, once
    assert terms.terms_no not in text_of(keeper.get("/c/{c}/terms"))
    assert terms.terms_no in text_of(keeper.get("/c/{c}/terms?all=1"))


def test_a_manager_alone_is_told_to_ask_a_colleague(shop: Shop, manager_page: Browser) -> None:
    manager_page.form("/c/{c}/terms/new", **typed(shop, levy=""))
    refused = manager_page.form(f"/c/{{c}}/terms/{only_terms().id}/approve")
    assert refused.status_code == 409
    assert "notice bad" in refused.get_data(as_text=True)


def test_the_stock_keeper_takes_in_under_what_was_agreed(
    shop: Shop, keeper: Browser, manager_page: Browser
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    keeper.form("/c/{c}/terms/new", **typed(shop, levy=""))
    manager_page.form(f"/c/{{c}}/terms/{only_terms().id}/approve")
    form = "/c/{c}/intakes/new"
    shown = text_of(keeper.get(form))
    assert only_terms().terms_no in shown  # what is agreed is told, not asked
    assert 'name="split_1"' not in shown
    assert 'name="split_1"' in text_of(manager_page.get(form))
    body = {
        "producer_id": str(shop.producer_id),
        "kind": "consignment",
        "lines": [{"product_id": str(honey), "gross_milli": 5_000, "split_basis_points": 9_000}],
    }
    assert keeper.send("PUT", f"/goods_receipts/{uuid7()}", body).status_code == 403


def test_funds_show_what_levies_brought(
    shop: Shop, keeper: Browser, manager_page: Browser, browser_of: BrowserOf
) -> None:
    fund_id = set_fund_up(manager_page)
    again = {"id": str(uuid7()), "code": "W1", "name_th": "อื่น", "name_en": ""}
    taken = manager_page.form("/c/{c}/funds", **again, purpose="welfare_fund")
    assert taken.status_code == 409
    assert browser_of("accountant").form("/c/{c}/funds", **again, purpose="x").status_code == 403
    assert keeper.get("/c/{c}/funds").status_code == 403
    keeper.form("/c/{c}/terms/new", **typed(shop, levy_fund_id=fund_id))
    manager_page.form(f"/c/{{c}}/terms/{only_terms().id}/approve")
    honey = shop.product("น้ำผึ้ง", 10_000)
    receipt_of_sale(shop, honey)
    page = text_of(browser_of("accountant").get("/c/{c}/funds"))
    assert "กองทุนสวัสดิการ" in page
    assert "4.00" in page


def test_the_receipt_says_how_much_reaches_producers(shop: Shop, browser_of: BrowserOf) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    receipt_id = receipt_of_sale(shop, honey)
    cashier = browser_of("cashier")
    assert "160.00" in text_of(cashier.get(f"/c/{{c}}/sales/{receipt_id}/receipt"))
    assert "160.00" in text_of(cashier.get(f"/c/{{c}}/sales/{receipt_id}"))


def receipt_of_sale(shop: Shop, product_id: UUID) -> UUID:
    shop.bring(product_id, 5_000)
    shop.open()
    return shop.sell(RecordSaleLine(product_id, 2_000, 10_000)).id
