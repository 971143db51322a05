"""Two people at one supplier's money and goods: each satang and each sack counts once."""

from __future__ import annotations

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.rules.payouts import PaidLine
from inventory.services.buying import orders, receiving, supplier_returns, suppliers
from inventory.services.buying.orders import OrderLine, SaveOrder
from inventory.services.buying.receiving import ReceiveGoods, ReceiveLine
from inventory.services.buying.supplier_returns import ReturnGoods, ReturnLine
from inventory.services.buying.suppliers import SaveSupplier
from pos.services import verify
from tests.integration.inventory.test_payout_races import race, refused
from tests.paying import pay
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def holds(shop: Shop) -> None:
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []


def test_part_payments_at_once_never_pay_more_than_is_owed(app: Flask, shop: Shop) -> None:
    bought = shop.buy(shop.product("ข้าว", 50_00), 1_000, 100_00)
    results = race(app, *(lambda: pay(shop, [PaidLine("outright", bought, 60_00)]),) * 3)
    assert refused(results) == 2
    holds(shop)
    assert -ledger.balance(shop.centre_id, Purpose.PAYABLE_OUTRIGHT) == 40_00


def test_two_deliveries_at_once_do_not_both_take_the_last_of_an_order(
    app: Flask, shop: Shop
) -> None:
    rice = shop.product("ข้าว", 50_00)
    order = SaveOrder(uuid7(), shop.producer_id, (OrderLine(rice, 10_000, 30_00),))
    in_transaction(orders.save, order, shop.actor)
    in_transaction(orders.send, order.id, shop.actor)
    line = ReceiveLine(rice, 6_000, 30_00, order_line_no=1)

    def come() -> object:
        command = ReceiveGoods(uuid7(), shop.producer_id, (line,), order_id=order.id)
        return in_transaction(receiving.receive, command, shop.actor)

    assert refused(race(app, come, come)) == 1
    holds(shop)


def test_two_returns_at_once_send_back_what_lies_there_once(app: Flask, shop: Shop) -> None:
    receipt_id = shop.buy(shop.product("ข้าว", 50_00), 5_000, 10_00)
    [lot] = supplier_returns.returnable(receipt_id, shop.actor)
    db.session.rollback()

    def send() -> object:
        command = ReturnGoods(uuid7(), receipt_id, (ReturnLine(lot.lot_id, 3_000),), "เสีย")
        return in_transaction(supplier_returns.record, command, shop.actor)

    assert refused(race(app, send, send)) == 1
    holds(shop)


def test_two_clerks_never_enter_one_tax_id_twice(app: Flask, shop: Shop) -> None:
    def enter() -> object:
        command = SaveSupplier(uuid7(), 0, name="ร้านหนึ่ง", tax_id="0105536000011")
        return in_transaction(suppliers.save, command, shop.actor)

    assert refused(race(app, enter, enter)) == 1
