"""Consigned goods bought stay where they lie; a purchase cancelled makes them consigned again."""

from __future__ import annotations

from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services import cancellation, conversions, holds, intake, lots, verify
from inventory.services.cancellation import CancelIntake, IntakeTouched
from inventory.services.conversions import ConvertLot
from inventory.services.decided import DecidedDoc
from inventory.services.holds import RecordLotEvent
from inventory.services.stock import OutOfStock
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def honey(shop: Shop) -> UUID:
    return shop.product("น้ำผึ้ง", 100_00)


@pytest.fixture
def lot_id(shop: Shop, honey: UUID) -> UUID:
    """Ten jars on consignment at a hundred baht, 80/20."""
    return intake.get(shop.consign(honey, 10_000), shop.actor).lines[0].lot_id


def buy(shop: Shop, lot_id: UUID) -> DecidedDoc:
    command = ConvertLot(uuid7(), lot_id, 4_000, 50_00, "ขายไม่ออก")
    return in_transaction(conversions.record, command, shop.actor)


def on_hand(shop: Shop, lot_id: UUID) -> int:
    return lots.get(lot_id, shop.actor).card.on_hand_milli


def owed(shop: Shop, purpose: Purpose) -> int:
    return -ledger.balance(shop.centre_id, purpose, producer_id=shop.producer_id)


def wrong(shop: Shop) -> list[object]:
    found = [one for one in verify.checks(shop.centre_id) if not one.ok]
    db.session.rollback()
    return list(found)


def test_what_is_bought_while_held_stays_held(shop: Shop, honey: UUID, lot_id: UUID) -> None:
    hold = RecordLotEvent(uuid7(), lot_id, "held", "เกรดไม่ตรง")
    in_transaction(holds.record, hold, shop.actor)
    bought = buy(shop, lot_id).new_lot_id
    assert bought is not None
    assert holds.held_milli(shop.centre_id, bought) == 4_000
    with pytest.raises(OutOfStock):
        shop.sell(RecordSaleLine(honey, 1_000, 100_00))
    release = RecordLotEvent(uuid7(), bought, "released", "ตกลงกันแล้ว")
    in_transaction(holds.record, release, shop.actor)
    shop.sell(RecordSaleLine(honey, 1_000, 100_00))
    assert on_hand(shop, bought) == 3_000
    assert not wrong(shop)


def test_a_purchase_cancelled_makes_the_goods_the_producers_again(
    shop: Shop, honey: UUID, lot_id: UUID
) -> None:
    document = buy(shop, lot_id)
    assert document.goods_receipt_id is not None and document.new_lot_id is not None
    assert owed(shop, Purpose.PAYABLE_OUTRIGHT) == 200_00
    command = CancelIntake(document.goods_receipt_id, "กดผิด")
    in_transaction(cancellation.cancel, command, shop.actor)
    in_transaction(cancellation.cancel, command, shop.actor)
    assert owed(shop, Purpose.PAYABLE_OUTRIGHT) == 0
    assert (on_hand(shop, lot_id), on_hand(shop, document.new_lot_id)) == (10_000, 0)
    assert not wrong(shop)
    shop.sell(RecordSaleLine(honey, 10_000, 100_00))
    assert owed(shop, Purpose.CONSIGNMENT_PAYABLE) == 800_00
    assert not wrong(shop)


def test_a_purchase_of_which_something_was_sold_stands(
    shop: Shop, honey: UUID, lot_id: UUID
) -> None:
    document = buy(shop, lot_id)
    assert document.goods_receipt_id is not None
    shop.sell(RecordSaleLine(honey, 10_000, 100_00))
    with pytest.raises(IntakeTouched):
        in_transaction(
            cancellation.cancel, CancelIntake(document.goods_receipt_id, "กดผิด"), shop.actor
        )
    assert not wrong(shop)
