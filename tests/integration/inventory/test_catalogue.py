"""Products: entered once, changed by whoever saw the latest version, prices with a trace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, Forbidden, NotFound, VersionRequired
from core.ids import uuid7
from core.models import AuditEvent
from core.paging import Window
from inventory.services import catalogue, locations
from inventory.services.catalogue import CodeTaken, ProductDoc, ProductFacts, SaveProduct, Wanted
from tests.shop import shop_in

HONEY = ProductFacts(
    code="H001",
    barcodes=("8850000000010",),
    name_th="น้ำผึ้งป่า",
    name_en="Wild honey",
    sold_by="piece",
    unit="ขวด",
    price_satang=12_000,
    category="ของหวาน",
)


def save(
    actor: Actor, facts: ProductFacts, product_id: UUID | None = None, version: int | None = None
) -> ProductDoc:
    command = SaveProduct(product_id or uuid7(), facts, version)
    return in_transaction(catalogue.save, command, actor)[0]


def trail(product_id: UUID) -> list[tuple[str, dict[str, Any]]]:
    rows = db.session.execute(
        select(AuditEvent.action, AuditEvent.facts)
        .where(AuditEvent.subject_id == str(product_id))
        .order_by(AuditEvent.id)
    ).all()
    db.session.rollback()
    return [(action, facts) for action, facts in rows]


def test_a_price_change_names_before_and_after(manager: Actor) -> None:
    honey = save(manager, HONEY)
    changed = save(manager, replace(HONEY, price_satang=15_000), honey.id, honey.version)
    assert (changed.price_satang, changed.version) == (15_000, 2)
    assert [action for action, _ in trail(honey.id)] == ["product.created", "price.changed"]
    assert trail(honey.id)[1][1] == {"before_satang": 12_000, "after_satang": 15_000}


def test_a_stock_keeper_enters_products_but_does_not_change_prices(
    stock_keeper: Actor, cashier: Actor
) -> None:
    honey = save(stock_keeper, HONEY)
    renamed = save(stock_keeper, replace(HONEY, name_en="Honey"), honey.id, honey.version)
    assert renamed.name_en == "Honey"
    with pytest.raises(Forbidden):
        save(stock_keeper, replace(HONEY, price_satang=1), honey.id, renamed.version)
    with pytest.raises(Forbidden):
        save(cashier, replace(HONEY, code="H002", barcodes=()))


def test_two_people_on_one_product(manager: Actor) -> None:
    honey = save(manager, HONEY)
    save(manager, replace(HONEY, name_en="Honey"), honey.id, 1)
    with pytest.raises(ChangedMeanwhile):
        save(manager, replace(HONEY, name_en="Nectar"), honey.id, 1)
    with pytest.raises(VersionRequired):
        save(manager, replace(HONEY, name_en="Nectar"), honey.id)
    assert save(manager, replace(HONEY, name_en="Honey"), honey.id).version == 2
    with pytest.raises(NotFound):
        save(manager, replace(HONEY, code="X", barcodes=()), uuid7(), 1)


def test_codes_and_barcodes_are_one_products_own(manager: Actor) -> None:
    save(manager, HONEY)
    with pytest.raises(CodeTaken) as refusal:
        save(manager, replace(HONEY, barcodes=()))
    assert refusal.value.facts == {"field": "code", "taken_by": "น้ำผึ้งป่า"}
    with pytest.raises(CodeTaken) as refusal:
        save(manager, replace(HONEY, code="H002"))
    assert refusal.value.facts["field"] == "barcodes"
    save(manager, replace(HONEY, code="H002", barcodes=()))
    save(manager, replace(HONEY, code="H003", barcodes=()))


def test_the_same_code_is_free_in_another_centre(manager: Actor, other_centre: Centre) -> None:
    honey = save(manager, HONEY)
    next_door = shop_in(other_centre)
    save(next_door.actor, HONEY)
    with pytest.raises(NotFound):
        catalogue.get(honey.id, next_door.actor)
    assert catalogue.for_sale(other_centre.id, {honey.id}) == {}


def test_what_is_off_sale_is_not_offered(manager: Actor) -> None:
    honey = save(manager, HONEY)
    save(manager, replace(HONEY, active=False), honey.id, 1)
    assert catalogue.shelf(manager.centre_id) == []
    assert catalogue.for_sale(manager.centre_id, {honey.id})[honey.id].active is False


def test_lists_are_in_thai_order_and_forgive_tone_marks(manager: Actor) -> None:
    names = ["ไข่", "กล้วย", "เกลือ", "ข้าว", "แก้ว"]
    for number, name in enumerate(names):
        save(manager, replace(HONEY, code=f"P{number}", barcodes=(), name_th=name, name_en=name))
    paged, after = [], None
    while True:
        page = catalogue.listing(manager, Window(after, 2))
        paged += [product.name_th for product in page.items]
        if page.next is None:
            break
        after = page.next
    assert paged == ["กล้วย", "เกลือ", "แก้ว", "ข้าว", "ไข่"]
    [found] = catalogue.listing(manager, Window(), Wanted(text="กลวย")).items
    assert found.name_th == "กล้วย"
    assert catalogue.listing(manager, Window(), Wanted(text="100%_")).items == ()


def test_the_shelf_shows_what_lies_at_a_place(centre: Centre) -> None:
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.product("ไข่", 400)
    shop.consign(honey, 2_000)
    shop.buy(honey, 3_000, 8_000)
    place = locations.shop(centre.id).id
    assert [(card.name_th, card.on_hand_milli) for card in catalogue.shelf(centre.id, place)] == [
        ("ไข่", 0),
        ("น้ำผึ้ง", 5_000),
    ]
