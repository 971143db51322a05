"""Corners of the catalogue: codes and barcodes, names that move on, pieces that can't be parted."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.rules.terms import Terms
from inventory.services import catalogue, consignment_terms, lots, waste
from inventory.services.buying import orders
from inventory.services.buying.orders import EndOrder, OrderLine, SaveOrder
from inventory.services.catalogue import (
    CodeTaken,
    ProductFacts,
    SaveProduct,
    Wanted,
    categories,
    prices,
    tiers,
    units,
)
from inventory.services.catalogue.categories import MergeCategory, NameCategory
from inventory.services.catalogue.counting_in import UnitInUse
from inventory.services.catalogue.products import PieceParted, UnitLabelTaken
from inventory.services.catalogue.tiers import SaveTier, TierFacts
from inventory.services.catalogue.units import SaveUnit, UnitFacts
from inventory.services.consignment_terms import ProposeTerms
from inventory.services.waste import RecordWaste
from tests.integration.pos.rounds_of import opened
from tests.moving import bring, lines, take
from tests.shop import shop_in

EGGS = ProductFacts("E1", "ไข่ไก่", "Eggs", "piece", "ฟอง", 500, category="ไข่")
RICE = ProductFacts("R1", "ข้าวสาร", "Rice", "weight", "กก.", 4_500, category="ข้าว")


def made(actor: Actor, facts: ProductFacts) -> UUID:
    return in_transaction(catalogue.save, SaveProduct(uuid7(), facts), actor)[0].id


def found(actor: Actor, text: str) -> list[UUID]:
    return [one.id for one in catalogue.listing(actor, Window(), Wanted(text)).items]


def test_a_code_is_never_what_another_product_is_scanned_by(manager: Actor) -> None:
    made(manager, replace(EGGS, barcodes=("8851",)))
    with pytest.raises(CodeTaken) as refusal:
        made(manager, replace(RICE, code="8851"))
    assert refusal.value.facts["taken_by"] == "ไข่ไก่"


def test_goods_are_found_by_the_name_their_category_has_now(manager: Actor) -> None:
    eggs, rice = made(manager, EGGS), made(manager, RICE)
    by_key = {one.key: one for one in categories.listing(manager)}
    named = NameCategory(by_key["ไข่"].id, "ของสด", "Fresh", 1)
    in_transaction(categories.save, named, manager)
    assert found(manager, "ของสด") == found(manager, "fresh") == [eggs]
    merge = MergeCategory(by_key["ข้าว"].id, by_key["ไข่"].id, 1)
    in_transaction(categories.merge, merge, manager)
    assert set(found(manager, "ของสด")) == {eggs, rice}


def test_a_product_takes_no_unit_label_it_sells_by_already(manager: Actor) -> None:
    eggs = made(manager, EGGS)
    tray = SaveUnit(uuid7(), eggs, UnitFacts("แผง", 30_000, 14_000))
    in_transaction(units.save, tray, manager)
    with pytest.raises(UnitLabelTaken):
        in_transaction(
            catalogue.save, SaveProduct(eggs, replace(EGGS, unit="แผง"), version=1), manager
        )


def test_what_is_sold_by_the_piece_has_units_of_whole_pieces(manager: Actor) -> None:
    eggs, rice = made(manager, EGGS), made(manager, RICE)
    for label, milli in (("ครึ่ง", 500), ("แผง", 29_500)):
        with pytest.raises(PieceParted) as refusal:
            in_transaction(
                units.save, SaveUnit(uuid7(), eggs, UnitFacts(label, milli, 1_000)), manager
            )
        assert refusal.value.facts["label"] == label
    khid = SaveUnit(uuid7(), rice, UnitFacts("ขีด", 100, 500))
    in_transaction(units.save, khid, manager)
    with pytest.raises(PieceParted):  # nor does what is weighed become pieces under its units
        in_transaction(
            catalogue.save, SaveProduct(rice, replace(RICE, sold_by="piece"), version=1), manager
        )


def test_terms_say_the_name_of_their_category(manager: Actor) -> None:
    made(manager, EGGS)
    [card] = categories.listing(manager)
    named = NameCategory(card.id, "ไข่สด", "Fresh eggs", card.version)
    in_transaction(categories.save, named, manager)
    terms = in_transaction(
        consignment_terms.propose,
        ProposeTerms(uuid7(), Terms(8_000), clock.today(), category=card.key),
        manager,
    )
    assert (terms.scope.category, terms.category_th, terms.category_en) == (
        "ไข่",
        "ไข่สด",
        "Fresh eggs",
    )


def test_the_history_says_which_prices_are_the_members(manager: Actor) -> None:
    eggs = made(manager, EGGS)
    for facts in (TierFacts(10, 4_500), TierFacts(1, 450, members_only=True)):
        in_transaction(tiers.save, SaveTier(uuid7(), eggs, facts), manager)
    rows = prices.history(eggs, manager, Window()).items
    assert [(one.label, one.members_only) for one in rows] == [
        ("1 ฟอง", True),
        ("10 ฟอง", False),
        ("ฟอง", False),
    ]


def changed(actor: Actor, product_id: UUID, **said: str) -> catalogue.ProductDoc:
    version = catalogue.get(product_id, actor).version
    command = SaveProduct(product_id, replace(RICE, **said), version)  # type: ignore[arg-type]
    return in_transaction(catalogue.save, command, actor)[0]


def test_stock_never_comes_to_count_in_another_unit(system: Actor) -> None:
    rice = made(system, RICE)
    assert changed(system, rice, unit="กระสอบ").unit == "กระสอบ"  # nothing counts in it yet
    changed(system, rice)
    shop_in(system.centre).buy(rice, 5_000, 3_000)
    [lot] = lots.listing(system, Window(), product_id=rice).items
    for said in ({"unit": "ขีด"}, {"sold_by": "piece"}):
        with pytest.raises(UnitInUse) as refusal:
            changed(system, rice, **said)
        assert refusal.value.facts["field"] in said
        assert (refusal.value.facts["held_by"], refusal.value.facts["unit"]) == (lot.lot_no, "กก.")
    assert catalogue.get(rice, system).unit == "กก."
    assert changed(system, rice, unit="กิโลกรัม").unit == "กิโลกรัม"  # the same, spelt anew
    in_transaction(waste.record, RecordWaste(uuid7(), lot.id, 5_000, "มอด", "centre"), system)
    assert changed(system, rice, unit="ขีด").unit == "ขีด"


def test_what_is_on_order_keeps_its_unit(system: Actor) -> None:
    rice = made(system, RICE)
    order = SaveOrder(
        uuid7(), shop_in(system.centre).producer_id, (OrderLine(rice, 10_000, 3_000),)
    )
    doc = in_transaction(orders.save, order, system)
    with pytest.raises(UnitInUse) as refusal:
        changed(system, rice, unit="ขีด")
    assert refusal.value.facts["held_by"] == doc.order_no
    in_transaction(orders.cancel, EndOrder(order.id, "ไม่เอาแล้ว"), system)
    assert changed(system, rice, unit="ขีด").unit == "ขีด"


def test_what_a_round_offers_keeps_its_unit(system: Actor) -> None:
    rice = made(system, RICE)
    found = opened(shop_in(system.centre), rice)
    with pytest.raises(UnitInUse) as refusal:
        changed(system, rice, unit="ขีด")
    assert refusal.value.facts["held_by"] == found.round_no


def test_a_file_gives_stock_no_other_unit_either(system: Actor, manager: Actor) -> None:
    rice = made(manager, RICE)
    shop_in(system.centre).buy(rice, 5_000, 3_000)
    card = bring("products", "รหัสสินค้า,หน่วย\nR1,ขีด\n", manager)
    take(card, manager, change_known=True)
    [line] = lines(card, manager)
    assert line.told["faults"][0][1] == UnitInUse.title
    assert catalogue.get(rice, manager).unit == "กก."
