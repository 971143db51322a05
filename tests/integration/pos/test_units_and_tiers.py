"""Selling by units and tiers on both databases: what is charged, moved, posted, and given back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Centre, system_actor
from core.db import in_transaction
from core.ids import uuid7
from inventory.rules.intake import WholePieces
from inventory.services import catalogue
from inventory.services.catalogue import tiers, units
from inventory.services.catalogue.tiers import SaveTier, TierFacts
from inventory.services.catalogue.units import SaveUnit, UnitFacts
from inventory.services.stock import OutOfStock
from members.services import members
from members.services.members import NewMember
from pos.services import promotions, shift_report, verify
from pos.services.offers import OfferChanged
from pos.services.promotions import NewPromotion
from pos.services.sale import (
    LinePriceChanged,
    PriceChanged,
    RecordPayment,
    RecordSaleLine,
    TooLittle,
    UnitNotForSale,
)
from pos.services.taking_back import MoreThanSold
from tests.integration.pos.test_sale import counted
from tests.shop import Shop, shop_in


@dataclass
class Eggs:
    """Eggs at 5.00, ten for 45.00; a tray of thirty at 140.00, 130.00 for members."""

    id: UUID
    tray: UUID


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


def unit(shop: Shop, product: UUID, label: str, count_milli: int, price: int) -> UUID:
    facts = UnitFacts(label, count_milli, price)
    in_transaction(units.save, SaveUnit(uuid7(), product, facts), system_actor(shop.actor.centre))
    return next(one.id for one in units.of(product, system_actor(shop.actor.centre)))


def tier(shop: Shop, product: UUID, count: int, price: int, **rest: object) -> None:
    facts = TierFacts(count, price, **rest)  # type: ignore[arg-type]
    in_transaction(tiers.save, SaveTier(uuid7(), product, facts), system_actor(shop.actor.centre))


@pytest.fixture
def eggs(shop: Shop) -> Eggs:
    product = shop.product("ไข่ไก่", 500)
    tray = unit(shop, product, "แผง", 30_000, 14_000)
    tier(shop, product, 10, 4_500)
    tier(shop, product, 1, 13_000, unit_id=tray, members_only=True)
    shop.consign(product, 200_000)
    return Eggs(product, tray)


def by_tray(eggs: Eggs, milli: int, **rest: object) -> RecordSaleLine:
    return RecordSaleLine(eggs.id, milli, 14_000, unit_id=eggs.tray, **rest)  # type: ignore[arg-type]


def all_holds(shop: Shop) -> bool:
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []
    return True


def on_hand(shop: Shop, product: UUID) -> int:
    return next(one.on_hand_milli for one in catalogue.shelf(shop.centre_id) if one.id == product)


def test_a_tray_takes_thirty_eggs_and_says_a_tray(shop: Shop, eggs: Eggs) -> None:
    receipt = shop.sell(by_tray(eggs, 2_000), RecordSaleLine(eggs.id, 7_000, 500))
    tray, single = receipt.lines
    assert (tray.unit, tray.unit_quantity_milli, tray.unit_price_satang) == ("แผง", 2_000, 14_000)
    assert (tray.quantity_milli, tray.unit_factor_milli, tray.gross_satang) == (
        *(60_000, 30_000),
        28_000,
    )
    assert (single.unit, single.unit_quantity_milli, single.quantity_milli) == (
        *("ขวด", 7_000),
        7_000,
    )
    assert receipt.due_satang == 31_500
    assert on_hand(shop, eggs.id) == 133_000
    assert ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE) == -25_200
    assert all_holds(shop)


def test_bundles_first_then_the_price_of_one(shop: Shop, eggs: Eggs) -> None:
    [line] = shop.sell(RecordSaleLine(eggs.id, 23_000, 500, gross_satang=10_500)).lines
    assert (line.gross_satang, line.net_satang) == (10_500, 10_500)
    assert line.tiers == [
        {"count": 10, "price_satang": 4_500, "quantity_milli": 20_000, "members_only": 0}
    ]
    assert all_holds(shop)


def test_a_member_has_the_member_price_and_a_stranger_not(shop: Shop, eggs: Eggs) -> None:
    manager = system_actor(shop.actor.centre)
    somsri = in_transaction(members.create, NewMember(first_name="สมศรี"), manager).id
    told = by_tray(eggs, 1_000, gross_satang=13_000)
    receipt = shop.sell(told, member_id=somsri)
    assert receipt.lines[0].tiers[0]["members_only"] == 1
    with pytest.raises(LinePriceChanged) as refused:
        shop.sell(told)
    assert refused.value.facts["gross_satang"] == 14_000
    # A till that tells no sum gets the rule's.
    assert shop.sell(by_tray(eggs, 1_000), member_id=somsri).due_satang == 13_000
    assert shop.sell(by_tray(eggs, 1_000)).due_satang == 14_000


def test_what_was_told_wrongly_is_refused_and_moves_nothing(shop: Shop, eggs: Eggs) -> None:
    before = on_hand(shop, eggs.id)
    with pytest.raises(LinePriceChanged):
        shop.sell(RecordSaleLine(eggs.id, 10_000, 500, gross_satang=5_000))
    with pytest.raises(PriceChanged) as refused:
        shop.sell(RecordSaleLine(eggs.id, 1_000, 13_999, unit_id=eggs.tray))
    assert refused.value.facts["price_satang"] == 14_000
    with pytest.raises(UnitNotForSale):
        shop.sell(RecordSaleLine(eggs.id, 1_000, 14_000, unit_id=uuid7()))
    with pytest.raises(WholePieces):
        shop.sell(by_tray(eggs, 500))
    with pytest.raises(OutOfStock) as missing:
        shop.sell(by_tray(eggs, 7_000))
    assert missing.value.facts["asked_milli"] == 210_000
    assert on_hand(shop, eggs.id) == before


def test_a_unit_of_another_product_is_none_of_this_one(shop: Shop, eggs: Eggs) -> None:
    other = shop.product("ไข่เป็ด", 700)
    shop.consign(other, 100_000)
    with pytest.raises(UnitNotForSale):
        shop.sell(RecordSaleLine(other, 1_000, 14_000, unit_id=eggs.tray))


def test_a_unit_put_out_of_use_is_refused_but_taken_when_late(shop: Shop, eggs: Eggs) -> None:
    manager = system_actor(shop.actor.centre)
    [known] = units.of(eggs.id, manager)
    facts = UnitFacts("แผง", 30_000, 15_000, active=False)
    command = shop.command(by_tray(eggs, 1_000, gross_satang=14_000))
    in_transaction(units.save, SaveUnit(eggs.tray, eggs.id, facts, known.version), manager)
    with pytest.raises(UnitNotForSale):
        shop.record(replace(command, id=uuid7()))
    shop.close()
    receipt, _ = shop.record(command)
    assert receipt.late and set(receipt.flags) >= {"price-changed:1", "not-for-sale:1"}
    assert (receipt.lines[0].gross_satang, receipt.lines[0].quantity_milli) == (14_000, 30_000)


def test_a_sum_told_before_the_count_is_a_fact(shop: Shop, eggs: Eggs) -> None:
    command = shop.command(RecordSaleLine(eggs.id, 10_000, 500, gross_satang=4_800))
    shop.close()
    receipt, _ = shop.record(command)
    assert (receipt.due_satang, receipt.lines[0].tiers) == (4_800, [])
    assert "price-changed:1" in receipt.flags
    assert all_holds(shop)


def test_three_for_a_hundred_comes_back_to_the_satang_one_by_one(shop: Shop) -> None:
    jam = shop.product("แยม", 4_000)
    tier(shop, jam, 3, 10_000)
    shop.consign(jam, 10_000)
    receipt = shop.sell(RecordSaleLine(jam, 3_000, 4_000))
    assert receipt.due_satang == 10_000
    back = [shop.refund(receipt, (1, 1_000), method="transfer").paid_satang for _ in range(3)]
    assert back == [3_333, 3_334, 3_333] and sum(back) == 10_000
    assert ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE) == 0
    assert on_hand(shop, jam) == 10_000
    assert all_holds(shop)


def test_trays_come_back_as_trays(shop: Shop, eggs: Eggs) -> None:
    receipt = shop.sell(by_tray(eggs, 3_000))
    back = shop.refund(receipt, (1, 1_000))
    [line] = back.lines
    assert (line.unit, line.unit_quantity_milli, line.quantity_milli) == ("แผง", 1_000, 30_000)
    assert back.paid_satang == 14_000
    half = shop.refund(receipt, (1, 500))
    assert (half.lines[0].quantity_milli, half.paid_satang) == (15_000, 7_000)
    with pytest.raises(WholePieces):
        shop.refund(receipt, (1, 333))
    with pytest.raises(MoreThanSold) as refused:
        shop.refund(receipt, (1, 2_000))
    assert refused.value.facts["left_milli"] == 1_500
    shop.refund(receipt, (1, 1_500))
    assert on_hand(shop, eggs.id) == 200_000
    assert all_holds(shop)


def test_a_khid_is_a_tenth_of_a_kilogram(shop: Shop) -> None:
    pork = shop.product("หมู", 17_000, by_weight=True)
    khid = unit(shop, pork, "ขีด", 100, 1_800)
    shop.buy(pork, 5_000, 12_000)
    receipt = shop.sell(RecordSaleLine(pork, 2_500, 1_800, unit_id=khid))
    assert (receipt.lines[0].quantity_milli, receipt.due_satang) == (250, 4_500)
    assert ledger.balance(shop.centre_id, Purpose.COST_OF_GOODS) == 3_000
    with pytest.raises(TooLittle):
        shop.sell(RecordSaleLine(pork, 4, 1_800, unit_id=khid))
    parts = [
        shop.refund(receipt, (1, milli)).lines[0].quantity_milli for milli in (333, 501, 1_666)
    ]
    assert sum(parts) == 250
    assert all_holds(shop)


def test_a_price_printed_by_a_scale_is_paid_to_the_satang(shop: Shop) -> None:
    pork = shop.product("หมู", 17_000, by_weight=True)
    shop.consign(pork, 5_000)
    # 62.50 baht at 170.00 a kilogram is 367.6 g: 368 g, which we would price 62.56.
    receipt = shop.sell(RecordSaleLine(pork, 368, 17_000, gross_satang=6_250))
    assert (receipt.due_satang, receipt.lines[0].quantity_milli) == (6_250, 368)
    with pytest.raises(LinePriceChanged):
        shop.sell(RecordSaleLine(pork, 368, 17_000, gross_satang=6_200))
    assert all_holds(shop)


def test_a_promotion_takes_the_place_of_tiers(shop: Shop, eggs: Eggs) -> None:
    manager = system_actor(shop.actor.centre)
    new = NewPromotion(
        *(uuid7(), "ลด", "Sale", shop.reason("centre"), "amount", 80, clock.today()),
        product_id=eggs.id,
    )
    promotion = in_transaction(promotions.create, new, manager).id
    # 0.80 off an egg: ten eggs 42.00 instead of ten for 45.00; a tray 116.00.
    ten = RecordSaleLine(eggs.id, 10_000, 500, 800, promotion_id=promotion, gross_satang=5_000)
    tray = by_tray(eggs, 1_000, discount_satang=2_400, promotion_id=promotion)
    receipt = shop.sell(ten, tray)
    assert [line.net_satang for line in receipt.lines] == [4_200, 11_600]
    assert [line.tiers for line in receipt.lines] == [[], []]
    with pytest.raises(LinePriceChanged):  # never both
        shop.sell(replace(ten, gross_satang=4_500))
    with pytest.raises(OfferChanged):
        shop.sell(replace(tray, discount_satang=80))
    assert all_holds(shop)


def test_a_sale_sent_before_there_were_units_is_the_same_sale_after(shop: Shop) -> None:
    from core.documents import content_of
    from pos.services import sale_rows

    jam = shop.product("แยม", 4_000)
    command = shop.command(RecordSaleLine(jam, 1_000, 4_000))
    line = sale_rows.content(command)["lines"][0]
    assert {"unit_id", "gross_satang"} & line.keys() == set()
    told = replace(command, lines=(replace(command.lines[0], gross_satang=4_000),))
    assert sale_rows.content(told)["lines"][0]["gross_satang"] == 4_000
    assert content_of(command)["till_id"] == sale_rows.content(command)["till_id"]


def test_the_same_sale_again_by_unit_is_answered_with_the_same_receipt(
    shop: Shop, eggs: Eggs
) -> None:
    command = shop.command(by_tray(eggs, 1_000, gross_satang=14_000))
    first, new = shop.record(command)
    again, fresh = shop.record(command)
    assert (new, fresh) == (True, False)
    assert again.lines == first.lines


@pytest.mark.parametrize("lines", [1, 25])
def test_units_and_tiers_cost_the_sale_no_statement(shop: Shop, eggs: Eggs, lines: int) -> None:
    manager = system_actor(shop.actor.centre)
    somsri = in_transaction(members.create, NewMember(first_name="สมศรี"), manager).id
    sold = [by_tray(eggs, 1_000), RecordSaleLine(eggs.id, 2_000, 500)]
    basket = [sold[number % 2] for number in range(lines)]
    shop.sell(by_tray(eggs, 1_000), member_id=somsri)
    pay = (RecordPayment("cash", 1_000_000),)
    shop.buy(eggs.id, 900_000, 100)
    with counted() as sent:
        shop.sell(*basket, member_id=somsri, pay=pay)
    assert len([one for one in sent if not one.startswith("BEGIN")]) <= 12, "\n".join(sent)


def test_the_days_report_counts_by_the_unit_sold(shop: Shop, eggs: Eggs) -> None:
    shop.sell(by_tray(eggs, 2_000), RecordSaleLine(eggs.id, 3_000, 500))
    assert shop.shift is not None
    shop.close()
    found = shift_report.of(shop.centre_id, shop.shift.id)
    assert {(row.unit, row.quantity_milli) for row in found.products} == {
        ("แผง", 2_000),
        ("ขวด", 3_000),
    }
