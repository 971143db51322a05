"""Refunds on both databases: exact in parts, goods and shares go back, capped, once."""

from __future__ import annotations

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.ids import uuid7
from inventory.services import catalogue
from pos.services.refund import MoreThanSold, NotOnReceipt
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


def books(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


def on_hand(shop: Shop, product_id: object) -> int:
    return next(c.on_hand_milli for c in catalogue.shelf(shop.centre_id) if c.id == product_id)


def test_a_consigned_line_takes_the_producers_share_back(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    receipt = shop.sell(RecordSaleLine(honey, 2000, 10_000))
    refund = shop.refund(receipt, (1, 1000))
    assert (refund.paid_satang, refund.producer_satang) == (10_000, 8000)
    assert books(shop, Purpose.CONSIGNMENT_PAYABLE) == -8000
    assert books(shop, Purpose.COMMISSION) == -2000
    assert on_hand(shop, honey) == 19_000


def test_parts_sum_to_exactly_what_was_paid_on_every_account(shop: Shop) -> None:
    """Three jars for 100.00 after a discount, returned one by one: 33.33 + 33.34 + 33.33."""
    honey, eggs = shop.product("น้ำผึ้ง", 3500), shop.product("ไข่", 3337)
    shop.consign(honey, 20_000, split=7777)
    shop.buy(eggs, 7000, 1111)
    receipt = shop.sell(
        RecordSaleLine(honey, 3000, 3500, 500, shop.reason("shared")),
        RecordSaleLine(eggs, 3000, 3337),
        discount_satang=333,
        discount_reason_id=shop.reason("shared"),
    )
    paid = 0
    for line_no in (1, 2):
        for _ in range(3):
            paid += shop.refund(receipt, (line_no, 1000)).paid_satang
    assert paid == receipt.due_satang
    for purpose in (
        Purpose.SALES,
        Purpose.COMMISSION,
        Purpose.CONSIGNMENT_PAYABLE,
        Purpose.DISCOUNTS_GIVEN,
        Purpose.COST_OF_GOODS,
        Purpose.ROUNDING,
    ):
        assert books(shop, purpose) == 0, purpose
    assert books(shop, Purpose.CASH_TILL) == 100_000
    assert books(shop, Purpose.INVENTORY) == 7777


def test_the_rounding_comes_back_with_the_line_that_bore_it(shop: Shop) -> None:
    shop = shop.under(cash_rounding_satang=25)
    bananas, honey = shop.product("กล้วย", 8900, by_weight=True), shop.product("น้ำผึ้ง", 1000)
    shop.buy(bananas, 10_000, 1200)
    shop.consign(honey, 5000)
    receipt = shop.sell(RecordSaleLine(bananas, 237, 8900), RecordSaleLine(honey, 1000, 1000))
    assert receipt.due_satang == 3100
    assert shop.refund(receipt, (2, 1000)).paid_satang == 1000
    assert shop.refund(receipt, (1, 237)).paid_satang == 2100
    assert books(shop, Purpose.ROUNDING) == 0


def test_cash_goes_back_in_coins_and_in_all_exactly(shop: Shop) -> None:
    """Three for 10.00 after a discount, paid on the 25-satang grid: 3.25 + 3.25 + 3.50."""
    shop = shop.under(cash_rounding_satang=25)
    eggs = shop.product("ไข่", 400)
    shop.buy(eggs, 9000, 100)
    receipt = shop.sell(RecordSaleLine(eggs, 3000, 400, 200, shop.reason("centre")))
    parts = [shop.refund(receipt, (1, 1000)).paid_satang for _ in range(3)]
    assert parts == [325, 325, 350]
    assert books(shop, Purpose.ROUNDING) == 0
    assert books(shop, Purpose.CASH_TILL) == 100_000


def test_more_than_was_sold_is_refused(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    receipt = shop.sell(RecordSaleLine(honey, 2000, 10_000))
    shop.refund(receipt, (1, 1500))
    with pytest.raises(MoreThanSold) as refused:
        shop.refund(receipt, (1, 1000))
    assert refused.value.facts == {"line_no": 1, "left_milli": 500}


def test_a_line_that_is_not_on_the_receipt_is_refused(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    receipt = shop.sell(RecordSaleLine(honey, 2000, 10_000))
    with pytest.raises(NotOnReceipt):
        shop.refund(receipt, (2, 1000))


def test_a_transfer_goes_back_as_a_transfer(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    receipt = shop.sell(
        RecordSaleLine(honey, 1000, 10_000), pay=(RecordPayment("transfer", 10_000),)
    )
    shop.refund(receipt, (1, 1000), method="transfer")
    assert books(shop, Purpose.TRANSFERS_AWAITING) == 0
    assert books(shop, Purpose.CASH_TILL) == 100_000


def test_goods_go_back_to_the_lot_they_left(shop: Shop) -> None:
    """Seven jars from a lot of five at 60 and a lot of ten at 80; two come back to the first."""
    jam = shop.product("แยม", 15_000)
    shop.buy(jam, 5000, 6000)
    shop.buy(jam, 10_000, 8000)
    receipt = shop.sell(RecordSaleLine(jam, 7000, 15_000), pay=(RecordPayment("cash", 105_000),))
    assert books(shop, Purpose.COST_OF_GOODS) == 5 * 6000 + 2 * 8000
    shop.refund(receipt, (1, 2000))
    assert books(shop, Purpose.COST_OF_GOODS) == 3 * 6000 + 2 * 8000
    lots = ledger.sub_ledger(shop.centre_id, Purpose.INVENTORY, "lot")
    assert sorted(lots.values()) == [2 * 6000, 8 * 8000]


def test_an_unknown_sale_is_not_found(shop: Shop) -> None:
    from dataclasses import replace

    from core.errors import NotFound

    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    receipt = shop.sell(RecordSaleLine(honey, 1000, 10_000))
    with pytest.raises(NotFound):
        shop.refund(replace(receipt, id=uuid7()), (1, 1000))
