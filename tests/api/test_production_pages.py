"""Production over HTTP: a batch by hand, three farmers milled together, packing anew, a recall."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.actor import Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import BatchOutput, Lot, StockTransfer
from inventory.services import locations, waste
from inventory.services.transfers import sending
from inventory.services.waste import RecordWaste
from members.services import producers
from members.services.producers import NewProducer
from pos.services.sale import RecordSaleLine
from tests.api.conftest import Browser
from tests.rendering import page_sizes_mm
from tests.shop import Shop, shop_in

BrowserOf = Callable[..., Browser]


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def keeper(browser_of: BrowserOf) -> Browser:
    return browser_of("stock_keeper")


def place(shop: Shop) -> str:
    found = str(locations.shop(shop.centre_id).id)
    db.session.rollback()
    return found


def done(response: object) -> str:
    assert response.status_code == 303, response.get_data(as_text=True)  # type: ignore[attr-defined]
    return str(response.headers["Location"])  # type: ignore[attr-defined]


def text(browser: Browser, address: str) -> str:
    found = browser.get(address)
    assert found.status_code == 200, found.get_data(as_text=True)
    return str(found.get_data(as_text=True))


def opened(keeper: Browser, shop: Shop, kind: str, **more: str) -> str:
    typed = {"id": str(uuid7()), "kind": kind, "name": "สีข้าว", "location_id": place(shop)}
    return done(keeper.form("/c/{c}/production/new", **typed, **more))


def test_a_recipe_is_written_down_and_a_batch_of_it_is_made(keeper: Browser, shop: Shop) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    rice = shop.product("ข้าวสาร", 4000, by_weight=True)
    shop.buy(paddy, 100_000, 1200)
    assert "/recipes/new" in text(keeper, "/c/{c}/recipes")
    recipe = {
        "id": str(uuid7()),
        "name": "ข้าวสาร 100 กก.",
        "kind": "own",
        "active": "1",
        "in_1_product": str(paddy),
        "in_1_quantity": "100",
        "cost_1_kind": "labour",
        "cost_1_label": "คนสี",
        "cost_1_quantity": "2",
        "cost_1_rate": "50",
        "out_1_role": "main",
        "out_1_product": str(rice),
        "out_1_quantity": "64",
    }
    kept = done(keeper.form("/c/{c}/recipes/new", **recipe))
    assert "คนสี" in text(keeper, kept)
    assert "ข้าวสาร" in text(keeper, "/c/{c}/recipes")
    recipe_id = kept.rsplit("/", 1)[-1]
    assert "ข้าวสาร 100 กก." in text(keeper, f"/c/{{c}}/production/new?recipe_id={recipe_id}")
    batch = opened(keeper, shop, "own", recipe_id=recipe_id)
    assert 'value="100"' in text(keeper, f"{batch}/goods")
    goods = {"id": str(uuid7()), "location_id": place(shop)}
    typed = {"in_1_product": str(paddy), "in_1_quantity": "๑๐๐"}
    for _ in range(2):  # sent twice by an impatient finger
        done(keeper.form(f"{batch}/goods", **goods, **typed))
    cost = {"kind": "labour", "label": "คนสี", "quantity": "2", "rate": "50"}
    done(keeper.form(f"{batch}/costs", id=str(uuid7()), **cost))
    assert page_sizes_mm(keeper.get(f"{batch}/card.pdf").data)
    finish = {
        "out_1_role": "main",
        "out_1_product": str(rice),
        "out_1_quantity": "62.5",
        "out_2_role": "waste",
        "out_2_quantity": "37.5",
    }
    done(keeper.form(f"{batch}/finish", **finish))

    page = text(keeper, batch)
    # 1,200.00 of paddy and 100.00 of work on 62.5 kg: 20.80 a kilogram.
    assert "1,300.00" in page
    assert "20.80" in page
    assert "62.5" in page
    assert "<svg" in page
    assert "PB-" in text(keeper, "/c/{c}/production?kind=own&state=done")
    exported = keeper.get("/c/{c}/production?as=csv").get_data(as_text=True)
    assert "1300.00" in exported
    assert keeper.get("/c/{c}/production?as=xlsx").data[:2] == b"PK"
    assert page_sizes_mm(keeper.get(f"{batch}/card.pdf").data)


def test_three_farmers_are_milled_together(
    keeper: Browser, shop: Shop, browser_of: BrowserOf
) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    rice = shop.product("ข้าวสาร", 4000, by_weight=True)
    people = [
        in_transaction(producers.create, NewProducer(name=name), shop.actor).id
        for name in ("ก้อน", "คำ", "จันทร์")
    ]
    batch = opened(keeper, shop, "joint")
    typed = {"id": str(uuid7()), "location_id": place(shop)}
    for number, (who, kilograms) in enumerate(zip(people, "124", strict=True), start=1):
        typed[f"brought_{number}_producer"] = str(who)
        typed[f"brought_{number}_product"] = str(paddy)
        typed[f"brought_{number}_quantity"] = f"{kilograms}00"
    for _ in range(2):
        done(keeper.form(f"{batch}/goods", **typed))
    refused = keeper.form(f"{batch}/costs", id=str(uuid7()), kind="labour", label="x", quantity="1")
    assert refused.status_code == 409
    over = {"out_1_role": "main", "out_1_product": str(rice), "out_1_quantity": "701"}
    answer = keeper.form(f"{batch}/finish", **over)
    assert answer.status_code == 409
    assert 'value="701"' in answer.get_data(as_text=True)
    finish = {**over, "out_1_quantity": "440", "fee_rate": "1.50", "home": str(people[0])}
    done(keeper.form(f"{batch}/finish", **finish))

    page = text(keeper, batch)
    for figure in ("62.857", "125.714", "251.429", "150.00", "300.00", "600.00"):
        assert figure in page, figure
    auditor = browser_of("auditor")
    assert "251.429" in text(auditor, batch)
    advance = re.search(r"/advances/[0-9a-f-]{36}", text(auditor, batch))
    assert advance
    assert text(auditor, f"/c/{{c}}{advance[0]}")
    back = keeper.form(f"{batch}/cancel", reason="ชั่งผิด")
    done(back)
    assert text(keeper, batch).count("ชั่งผิด") == 1


def test_goods_by_the_basket_are_milled_together_once_their_weight_is_told(
    keeper: Browser, shop: Shop
) -> None:
    baskets = shop.product("ข้าวเปลือก (กระบุง)", 150)
    shop.bring(baskets, 4_000)
    batch = opened(keeper, shop, "joint")
    row = {"producer": str(shop.producer_id), "product": str(baskets), "quantity": "3"}
    typed = {"id": str(uuid7()), "location_id": place(shop)}
    typed |= {f"brought_1_{cell}": value for cell, value in row.items()}
    refused = keeper.form(f"{batch}/goods", **typed)
    assert refused.status_code == 422
    assert 'id="brought_1_quantity-error"' in refused.get_data(as_text=True)
    lot_no = re.search(r'name="(lot_[^"]+)_weight"', text(keeper, f"{batch}/goods"))
    assert lot_no
    lot = {lot_no[1]: "2", "id": str(uuid7()), "location_id": place(shop)}
    refused = keeper.form(f"{batch}/goods", **lot)
    assert f'id="{lot_no[1]}-error"' in refused.get_data(as_text=True)
    done(keeper.form(f"{batch}/goods", **lot, **{f"{lot_no[1]}_weight": "15"}))
    done(keeper.form(f"{batch}/goods", **typed, brought_1_weight="12.5"))
    assert "67.5" in text(keeper, batch), "2 × 15 + 3 × 12.5 kg"


def test_of_many_lots_none_is_shown_until_it_is_sought_or_typed(
    keeper: Browser, shop: Shop
) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    for _ in range(13):
        shop.bring(paddy, 10_000)
    batch = opened(keeper, shop, "joint")
    assert "lot_L" not in text(keeper, f"{batch}/goods")
    sought = re.findall(r'name="(lot_L[^"]+)"', text(keeper, f"{batch}/goods?q=ข้าวเปลือก"))
    assert len(sought) == 13
    typed = {"id": str(uuid7()), "location_id": place(shop), sought[0]: "11", sought[1]: "1"}
    refused = keeper.form(f"{batch}/goods", **typed)
    assert refused.status_code == 409
    shown = re.findall(r'name="(lot_L[^"]+)" type="text"[^>]* value="(\d+)"', refused.text)
    assert sorted(shown) == sorted([(sought[0], "11"), (sought[1], "1")]), "nothing typed is lost"


def test_sacks_are_packed_into_bags_and_traced_to_the_buyer(
    keeper: Browser, shop: Shop, browser_of: BrowserOf
) -> None:
    sack, bag = shop.product("ข้าวกระสอบ", 175_000), shop.product("ข้าวถุง", 4000)
    shop.buy(sack, 2_000, 150_000)
    lot_id = db.session.scalars(select(Lot.id).where(Lot.product_id == sack)).one()
    db.session.rollback()
    assert "ข้าวกระสอบ" in text(keeper, f"/c/{{c}}/repack?product_id={sack}&lot_id={lot_id}")
    typed = {
        "id": str(uuid7()),
        "location_id": place(shop),
        "product_id": str(sack),
        "lot_id": str(lot_id),
        "quantity": "1",
        "weight": "50",
        "to_product_id": str(bag),
        "to_quantity": "51",
        "to_weight": "1",
    }
    for field in ("weight", "to_weight"):
        refused = keeper.form("/c/{c}/repack", **{**typed, field: ""})
        assert refused.status_code == 422
        assert f'id="{field}-error"' in refused.get_data(as_text=True), "how much it holds"
    refused = keeper.form("/c/{c}/repack", **typed)
    assert refused.status_code == 409
    assert 'value="51"' in refused.get_data(as_text=True)
    for _ in range(2):
        batch = done(keeper.form("/c/{c}/repack", **{**typed, "to_quantity": "50"}))
    assert "30.00" in text(keeper, batch)
    shop.open()
    receipt = shop.sell(RecordSaleLine(bag, 2_000, 4000))
    page = text(browser_of("manager"), f"/c/{{c}}/lots/{lot_id}/trace")
    assert receipt.receipt_no in page
    listed = keeper.get(f"/c/{{c}}/lots/{lot_id}/trace?as=csv").get_data(as_text=True)
    assert receipt.receipt_no in listed
    out = db.session.scalars(select(Lot.id).where(Lot.product_id == bag)).one()
    db.session.rollback()
    assert "L" in text(keeper, f"/c/{{c}}/lots/{out}/trace")
    assert keeper.get(f"/c/{{c}}/lots/{uuid7()}/trace").status_code == 404


def test_goods_are_carried_over_by_product(keeper: Browser, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 3_000)
    shop.consign(honey, 5_000)
    store = next(one.id for one in sending.places(shop.centre_id) if one.code == "STORE")
    db.session.rollback()
    typed = {
        "id": str(uuid7()),
        "from_location_id": place(shop),
        "to_location_id": str(store),
        "row_1_product": str(honey),
        "row_1_quantity": "9",
    }
    assert "น้ำผึ้ง" in text(keeper, f"/c/{{c}}/transfers/carry?from_location_id={place(shop)}")
    refused = keeper.form("/c/{c}/transfers/carry", **typed)
    assert refused.status_code == 409
    assert 'value="9"' in refused.get_data(as_text=True)
    for _ in range(2):
        where = done(keeper.form("/c/{c}/transfers/carry", **{**typed, "row_1_quantity": "4"}))
    differs = keeper.form("/c/{c}/transfers/carry", **{**typed, "row_1_quantity": "5"})
    assert differs.status_code == 409
    assert text(keeper, where)
    many = db.session.scalars(select(StockTransfer.id)).all()
    db.session.rollback()
    assert len(many) == 1


def test_who_only_reads_can_change_nothing(browser_of: BrowserOf, shop: Shop) -> None:
    auditor, cashier = browser_of("auditor"), browser_of("cashier")
    assert auditor.get("/c/{c}/production").status_code == 200
    assert auditor.get("/c/{c}/production/new").status_code == 403
    assert auditor.get("/c/{c}/repack").status_code == 403
    assert cashier.get("/c/{c}/production").status_code == 403
    nobody = f"/c/{{c}}/production/{uuid7()}"
    assert auditor.get(nobody).status_code == 404
    assert auditor.get(f"/c/{{c}}/production/parts/batch_issue/{uuid7()}").status_code == 404
    assert auditor.get(f"/c/{{c}}/production/parts/nonsense/{uuid7()}").status_code == 404


def test_garbage_in_a_form_is_refused_and_given_back(keeper: Browser, shop: Shop) -> None:
    batch = opened(keeper, shop, "own")
    answer = keeper.form(f"{batch}/goods", id=str(uuid7()), location_id=place(shop))
    assert answer.status_code == 422
    answer = keeper.form(
        f"{batch}/goods",
        id=str(uuid7()),
        location_id=place(shop),
        in_1_product="nonsense",
        in_1_quantity="หลายกระสอบ",
    )
    assert answer.status_code == 422
    assert "หลายกระสอบ" in answer.get_data(as_text=True)
    assert keeper.form(f"{batch}/finish", out_1_role="main", out_1_quantity="1").status_code in {
        404,
        409,
    }
    none = db.session.scalars(select(BatchOutput.batch_id)).all()
    db.session.rollback()
    assert none == []


def test_write_offs_are_listed_by_day_and_reason_and_taken_away(
    keeper: Browser, shop: Shop
) -> None:
    jam = shop.product("แยม", 10_000)
    shop.buy(jam, 10_000, 3_000)
    lot_id = db.session.scalars(select(Lot.id).where(Lot.product_id == jam)).one()
    db.session.rollback()
    for reason in ("หมดอายุ", "แตก"):
        lost = RecordWaste(uuid7(), lot_id, 1_000, reason, "centre")
        in_transaction(waste.record, lost, shop.actor)
    page = text(keeper, "/c/{c}/wastes?q=แตก")
    assert "<svg" in page
    assert page.count("/wastes/") == 1
    assert text(keeper, "/c/{c}/wastes?first=1/1/2560&last=2/1/2560").count("/wastes/") == 0
    assert "WS-" in text(keeper, "/c/{c}/wastes?first=ไม่ใช่วัน&bearer=nobody")
    listed = keeper.get("/c/{c}/wastes?as=csv&q=หมด").get_data(as_text=True)
    assert "หมดอายุ" in listed
    assert "แตก" not in listed
    assert keeper.get("/c/{c}/wastes?as=xlsx").data[:2] == b"PK"
