"""Unsold goods over pages: what is listed, each decision, a disputed grade, the rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.rules.unsold import Rule, Step
from inventory.services import goods_rules, intake, lots
from inventory.services.goods_rules import SaveRule
from inventory.services.intake import RecordIntake, RecordIntakeLine
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


@pytest.fixture
def lot_id(shop: Shop) -> UUID:
    """Ten jars of honey on consignment, which expire tomorrow."""
    command = RecordIntake(
        id=uuid7(),
        producer_id=shop.producer_id,
        kind="consignment",
        lines=(
            RecordIntakeLine(
                product_id=shop.product("น้ำผึ้งป่า", 100_00),
                gross_milli=10_000,
                grade="A",
                split_basis_points=8000,
                expires_on=clock.today() + timedelta(1),
            ),
        ),
    )
    return in_transaction(intake.record, command, shop.actor).lines[0].lot_id


def text_of(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def on_hand(shop: Shop, lot_id: UUID) -> int:
    found = lots.card(shop.centre_id, lot_id).on_hand_milli
    db.session.rollback()
    return found


def test_the_list_shows_what_needs_a_decision_and_its_ways(
    keeper: Browser, shop: Shop, lot_id: UUID
) -> None:
    page = text_of(keeper, "/c/{c}/unsold?lang=en")
    assert "น้ำผึ้งป่า" in page and "Expires soon" in page and "800.00" in page
    for way in ("producer_return", "lot_conversion", "donation"):
        assert f"/lots/{lot_id}/decide/{way}" in page
    assert "น้ำผึ้งป่า" not in text_of(keeper, "/c/{c}/unsold?stage=expired")
    assert "น้ำผึ้งป่า" in text_of(keeper, "/c/{c}/unsold?stage=near_expiry")


def test_goods_are_given_back_with_a_slip_to_sign(
    keeper: Browser, shop: Shop, lot_id: UUID
) -> None:
    path = f"/c/{{c}}/lots/{lot_id}/decide/producer_return"
    assert "ป้าแดง" in text_of(keeper, path)
    typed = {"id": str(uuid7()), "quantity": "4", "reason": "ขายไม่ทัน"}
    sent = keeper.form(path, **typed)
    assert sent.status_code == 303
    shown = text_of(keeper, sent.headers["Location"])
    assert "RT-" in shown and "ขายไม่ทัน" in shown
    assert keeper.form(path, **typed).headers["Location"] == sent.headers["Location"]
    assert on_hand(shop, lot_id) == 6_000
    slip = keeper.get(sent.headers["Location"] + "/slip.pdf")
    assert slip.content_type == "application/pdf"
    assert [tuple(map(round, size)) for size in page_sizes_mm(slip.data)] == [(148, 210)]
    refused = keeper.form(path, **typed | {"id": str(uuid7()), "quantity": "7"})
    assert refused.status_code == 409
    assert 'value="7"' in refused.get_data(as_text=True)
    assert "RT-" in text_of(keeper, "/c/{c}/unsold/documents/producer_return")


def test_consigned_goods_are_bought_by_form(
    browser_of: BrowserOf, shop: Shop, lot_id: UUID
) -> None:
    manager = browser_of("manager")
    path = f"/c/{{c}}/lots/{lot_id}/decide/lot_conversion"
    typed = {"id": str(uuid7()), "quantity": "10", "price": "50", "reason": "ทำขนม"}
    assert manager.form(path, **typed | {"price": "0"}).status_code == 422
    sent = manager.form(path, **typed)
    assert sent.status_code == 303
    shown = text_of(manager, sent.headers["Location"])
    assert "CV-" in shown and "IN-" in shown and "500.00" in shown
    assert "/entries/" in shown or "journal" in shown
    own = lots.listing(shop.actor, Window(), ownership="own").items
    assert [lot.on_hand_milli for lot in own] == [10_000]


def test_goods_are_donated_by_form(browser_of: BrowserOf, shop: Shop, lot_id: UUID) -> None:
    manager = browser_of("manager")
    path = f"/c/{{c}}/lots/{lot_id}/decide/donation"
    typed = {
        "id": str(uuid7()),
        "quantity": "2",
        "recipient": "วัดบ้านใหม่",
        "bearer": "centre",
        "reason": "ใกล้หมดอายุ",
    }
    assert manager.form(path, **typed | {"bearer": "fund"}).status_code == 422
    sent = manager.form(path, **typed)
    assert sent.status_code == 303
    shown = text_of(manager, sent.headers["Location"])
    assert "DN-" in shown and "วัดบ้านใหม่" in shown and "160.00" in shown
    page = text_of(manager, f"/c/{{c}}/lots/{lot_id}")
    assert "DN-" in page, "the lot's history opens the donation"


def test_a_disputed_grade_goes_its_way_on_one_page(
    keeper: Browser, shop: Shop, lot_id: UUID
) -> None:
    path = f"/c/{{c}}/lots/{lot_id}/grade"
    assert 'value="held"' in text_of(keeper, path)

    def send(kind: str, **more: str) -> int:
        return keeper.form(
            path, id=str(uuid7()), kind=kind, reason="เล็กกว่าที่ตกลง", **more
        ).status_code

    assert send("released") == 409
    assert send("held") == 303
    assert "เล็กกว่าที่ตกลง" in text_of(keeper, "/c/{c}/unsold")
    assert send("regraded", grade="B") == 422
    assert send("regraded", grade="B", witness="ป้าแดง") == 303
    shown = text_of(keeper, f"/c/{{c}}/lots/{lot_id}")
    assert "ป้าแดง" in shown and re.search(r"A → <strong>B</strong>", shown)
    assert send("released") == 303
    assert 'value="held"' in text_of(keeper, path)


def test_a_form_offers_the_places_a_lot_lies_in(keeper: Browser, shop: Shop, lot_id: UUID) -> None:
    shop.open()
    product_id = lots.card(shop.centre_id, lot_id).product_id
    db.session.rollback()
    receipt = shop.sell(RecordSaleLine(product_id, 1_000, 100_00))
    keeper.form(f"/c/{{c}}/lots/{lot_id}/grade", id=str(uuid7()), kind="held", reason="x")
    path = f"/c/{{c}}/lots/{lot_id}/decide/producer_return"
    assert 'name="location_id"' not in text_of(keeper, path)
    shop.refund(receipt, (1, 1_000))
    offered = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)', text_of(keeper, path))
    assert [words.split("(")[0].strip() for _, words in offered] == ["พักรอตรวจเกรด", "หน้าร้าน"]
    typed = {"id": str(uuid7()), "quantity": "1", "reason": "x", "location_id": offered[1][0]}
    assert keeper.form(path, **typed).status_code == 303
    assert keeper.form(path, **typed | {"id": str(uuid7())}).status_code == 409


def test_the_rule_of_a_category_is_set_by_the_manager(
    browser_of: BrowserOf, keeper: Browser
) -> None:
    manager = browser_of("manager")
    edit = "/c/{c}/unsold/rules/edit"
    assert keeper.get(edit).status_code == 403
    typed = {
        "category": "",
        "version": "",
        "centre_bears_days": "2",
        "consignment_days": "30",
        "near_expiry_days": "3",
        "weight_loss": "5",
        "percent_1": "20",
        "days_1": "10",
        "when_1": "after_days",
    }
    half = manager.form(edit, **typed | {"percent_2": "50"})
    assert half.status_code == 422
    assert 'id="percent_2-error"' in half.get_data(as_text=True)
    assert manager.form(edit, **typed).status_code == 303
    page = text_of(manager, edit)
    assert 'name="version" value="1"' in page and 'value="20"' in page
    assert manager.form(edit, **typed | {"weight_loss": "6"}).status_code == 412
    assert "the centre for 2 days" in text_of(manager, "/c/{c}/unsold/rules?lang=en")


def test_the_write_off_form_proposes_the_rules_bearer(
    keeper: Browser, shop: Shop, lot_id: UUID, manager: Actor
) -> None:
    rule = Rule(centre_bears_days=2, markdown_steps=(Step(1000, after_days=1),))
    in_transaction(goods_rules.save, SaveRule("", rule), manager)
    path = f"/c/{{c}}/lots/{lot_id}/waste"
    assert 'name="override_reason"' in text_of(keeper, path)
    typed = {"id": str(uuid7()), "quantity": "1", "reason": "แตก", "bearer": "producer"}
    refused = keeper.form(path, **typed)
    assert refused.status_code == 422
    assert 'id="override_reason-error"' in refused.get_data(as_text=True)
    sent = keeper.form(path, **typed, override_reason="แตกก่อนมาถึง")
    assert sent.status_code == 303
    assert "แตกก่อนมาถึง" in text_of(keeper, sent.headers["Location"])


def test_cashiers_decide_nothing_and_auditors_only_read(
    browser_of: BrowserOf, lot_id: UUID
) -> None:
    cashier, auditor = browser_of("cashier"), browser_of("auditor")
    assert cashier.get("/c/{c}/unsold").status_code == 403
    assert auditor.get("/c/{c}/unsold").status_code == 200
    assert auditor.get(f"/c/{{c}}/lots/{lot_id}/grade").status_code == 200
    for path in (f"/c/{{c}}/lots/{lot_id}/decide/donation", f"/c/{{c}}/lots/{lot_id}/grade"):
        assert auditor.form(path, id=str(uuid7())).status_code == 403
    assert auditor.get(f"/c/{{c}}/lots/{lot_id}/decide/nothing").status_code in {403, 404}


def test_a_lot_is_marked_down_as_its_schedule_says(
    browser_of: BrowserOf, keeper: Browser, shop: Shop, lot_id: UUID, manager: Actor
) -> None:
    rule = Rule(markdown_steps=(Step(2500, days_before_expiry=3),))
    in_transaction(goods_rules.save, SaveRule("", rule), manager)
    page = text_of(keeper, "/c/{c}/markdowns")
    assert "75.00" in page and f"/lots/{lot_id}/markdown" not in page
    path = f"/c/{{c}}/lots/{lot_id}/markdown"
    assert keeper.get(path).status_code == 403
    person = browser_of("manager")
    assert f"/lots/{lot_id}/markdown" in text_of(person, "/c/{c}/unsold")
    last = clock.today() + timedelta(1)
    assert f'value="{last.day}/{last.month}/{last.year + 543}"' in text_of(person, path)
    typed = {"id": str(uuid7()), "reason_id": str(shop.reason("centre"))}
    late = person.form(path, **typed, valid_until=(last + timedelta(1)).isoformat())
    assert late.status_code == 422
    sent = person.form(path, **typed, valid_until=last.isoformat())
    assert sent.status_code == 303
    assert "น้ำผึ้งป่า" in text_of(person, sent.headers["Location"])
    assert "/promotions/" in text_of(keeper, "/c/{c}/markdowns")
    assert person.get(f"/c/{{c}}/lots/{uuid7()}/markdown").status_code == 404
