"""Batches: rice milled, pellets pressed, water filled; every figure recomputed by hand."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre
from core.db import db, in_transaction
from core.errors import NotFound
from core.ids import uuid7
from inventory.models import BatchFinish, BatchOutput, BatchOutputLot, Lot
from inventory.rules.production import ByProductsWorthMore, MoreThanWentIn
from inventory.services import intake, locations, lots, verify
from inventory.services.cancellation import CancelIntake, MadeHere
from inventory.services.production import batches, cancelling, finishing, issuing
from inventory.services.production.batches import (
    AddCost,
    BatchDiffers,
    BatchEnded,
    CostsNothing,
    OpenBatch,
)
from inventory.services.production.cancelling import CancelBatch, OutputMoved
from inventory.services.production.finishing import (
    FinishBatch,
    NothingCameOut,
    NothingWentIn,
    OutputLine,
)
from inventory.services.production.issuing import BuyFirst, IssueGoods, IssueLine
from inventory.services.stock import OutOfStock
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def opened(shop: Shop, kind: str = "own", **more: str) -> UUID:
    place = locations.shop(shop.centre_id).id
    db.session.rollback()
    command = OpenBatch(uuid7(), kind, "สีข้าว", place, **more)
    return in_transaction(batches.open_batch, command, shop.actor)


def put(shop: Shop, batch_id: UUID, *lines: IssueLine) -> None:
    in_transaction(issuing.issue, IssueGoods(uuid7(), batch_id, lines), shop.actor)


def cost(shop: Shop, batch_id: UUID, kind: str, milli: int, rate: int, grams: int = 0) -> None:
    command = AddCost(uuid7(), batch_id, kind, kind, milli, rate, grams)
    in_transaction(batches.add_cost, command, shop.actor)


def finish(shop: Shop, batch_id: UUID, *lines: OutputLine, **more: str) -> None:
    in_transaction(finishing.finish, FinishBatch(batch_id, lines, **more), shop.actor)


def made(batch_id: UUID) -> list[tuple[str, int, int]]:
    """Role, quantity and cost of what came out."""
    rows = db.session.execute(
        select(BatchOutput.role, BatchOutput.quantity_milli, BatchOutput.cost_satang)
        .where(BatchOutput.batch_id == batch_id)
        .order_by(BatchOutput.line_no)
    ).all()
    db.session.rollback()
    return [(row[0], row[1], row[2]) for row in rows]


def balance(shop: Shop, purpose: Purpose) -> int:
    found = ledger.balance(shop.centre_id, purpose)
    db.session.rollback()
    return found


def unsound(shop: Shop) -> list[str]:
    found = [one.check for one in verify.checks(shop.centre_id) if not one.ok]
    db.session.rollback()
    return found


def milled(shop: Shop, *, loss_rule: str = "spread") -> tuple[UUID, UUID, UUID]:
    """1,000 kg of paddy at 12 baht, 4 hours at 50, 30 units at 4.50: 12,335.00 baht in all.

    620 kg of rice, 80 kg of bran worth 8.00, 60 kg of broken rice worth 10.00, 190 kg of husk.
    """
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    rice = shop.product("ข้าวสาร", 4000, by_weight=True)
    bran = shop.product("รำข้าว", 1000, by_weight=True)
    broken = shop.product("ปลายข้าว", 1500, by_weight=True)
    shop.buy(paddy, 1_000_000, 1200)
    batch_id = opened(shop, loss_rule=loss_rule)
    put(shop, batch_id, IssueLine(1_000_000, product_id=paddy))
    cost(shop, batch_id, "labour", 4000, 5000)
    cost(shop, batch_id, "energy", 30_000, 450)
    finish(
        shop,
        batch_id,
        OutputLine("main", 620_000, rice),
        OutputLine("by_product", 80_000, bran, unit_value_satang=800),
        OutputLine("by_product", 60_000, broken, unit_value_satang=1000),
        OutputLine("waste", 190_000),
    )
    return batch_id, paddy, rice


def test_milled_rice_carries_the_cost_its_by_products_leave(shop: Shop) -> None:
    batch_id, _, _ = milled(shop)

    # 12,000.00 + 200.00 + 135.00 = 12,335.00; bran 640.00; broken rice 600.00; rice the rest.
    assert made(batch_id) == [
        ("main", 620_000, 1_109_500),
        ("by_product", 80_000, 64_000),
        ("by_product", 60_000, 60_000),
        ("waste", 190_000, 0),
    ]
    assert balance(shop, Purpose.WORK_IN_PROGRESS) == 0
    assert balance(shop, Purpose.INVENTORY) == 1_233_500
    assert balance(shop, Purpose.WAGES) == -20_000
    assert balance(shop, Purpose.UTILITIES) == -13_500
    assert unsound(shop) == []


def test_a_loss_written_off_takes_its_part_by_weight(shop: Shop) -> None:
    batch_id, _, _ = milled(shop, loss_rule="expense")

    # 240 of 1,000 kg are in no goods: 12,335.00 × 240 / 1,000 = 2,960.40.
    assert balance(shop, Purpose.WASTE) == 296_040
    assert made(batch_id)[0] == ("main", 620_000, 1_233_500 - 296_040 - 124_000)
    assert unsound(shop) == []


def test_goods_being_made_stand_in_work_in_progress_until_the_batch_is_finished(
    shop: Shop,
) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    shop.buy(paddy, 10_000, 1200)
    batch_id = opened(shop)
    put(shop, batch_id, IssueLine(4_000, product_id=paddy))
    put(shop, batch_id, IssueLine(6_000, product_id=paddy))
    cost(shop, batch_id, "labour", 1000, 5050)

    assert balance(shop, Purpose.WORK_IN_PROGRESS) == 17_050
    assert balance(shop, Purpose.INVENTORY) == 0
    assert unsound(shop) == []


def test_the_oldest_lots_go_in_first_and_no_more_than_lies_there(shop: Shop) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    shop.buy(paddy, 5_000, 1000)
    shop.buy(paddy, 5_000, 1200)
    batch_id = opened(shop)
    with pytest.raises(OutOfStock):
        put(shop, batch_id, IssueLine(10_001, product_id=paddy))
    put(shop, batch_id, IssueLine(7_000, product_id=paddy))

    assert balance(shop, Purpose.WORK_IN_PROGRESS) == 5_000 + 2_400


def test_water_is_an_input_that_weighs(shop: Shop) -> None:
    bottle = shop.product("ขวดเปล่า", 500)
    water = shop.product("น้ำดื่ม 600 มล.", 700)
    shop.buy(bottle, 100_000, 250)
    batch_id = opened(shop)
    put(shop, batch_id, IssueLine(96_000, product_id=bottle))
    cost(shop, batch_id, "water", 60_000, 20, 60_000)
    cost(shop, batch_id, "labour", 96_000, 30)
    with pytest.raises(MoreThanWentIn):
        finish(shop, batch_id, OutputLine("main", 101_000, water, unit_grams=600))
    finish(shop, batch_id, OutputLine("main", 96_000, water, unit_grams=600))

    # 96 bottles at 2.50, 60 litres at 0.20, 96 pieces of work at 0.30: 280.80; 2.925 a bottle.
    assert made(batch_id) == [("main", 96_000, 28_080)]
    lot = db.session.scalars(select(Lot).where(Lot.product_id == water)).one()
    assert (lot.unit_cost_satang, lot.ownership, lot.member_id) == (293, "own", None)
    db.session.rollback()
    assert unsound(shop) == []


def test_more_than_went_in_passes_only_with_a_reason_and_the_right_to_give_it(
    shop: Shop,
) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    shop.buy(paddy, 10_000, 1200)
    batch_id = opened(shop)
    put(shop, batch_id, IssueLine(10_000, product_id=paddy))
    with pytest.raises(MoreThanWentIn):
        finish(shop, batch_id, OutputLine("main", 10_001, paddy))
    finish(shop, batch_id, OutputLine("main", 10_001, paddy), over_reason="ชื้นจากฝน")

    said = db.session.scalars(select(BatchFinish.over_reason)).one()
    db.session.rollback()
    assert said == "ชื้นจากฝน"


def test_a_kilogram_weighs_a_kilogram_whatever_is_typed(shop: Shop) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    shop.buy(paddy, 10_000, 1200)
    batch_id = opened(shop)
    put(shop, batch_id, IssueLine(10_000, product_id=paddy, unit_grams=5_000))
    for told in (0, 1, None):
        with pytest.raises(MoreThanWentIn):
            finish(shop, batch_id, OutputLine("main", 10_001, paddy, unit_grams=told))


def test_cost_is_shared_by_value_when_that_is_the_basis(shop: Shop) -> None:
    cane = shop.product("อ้อย", 200, by_weight=True)
    sugar = shop.product("น้ำตาลอ้อย", 6000, by_weight=True)
    syrup = shop.product("กากน้ำตาล", 2000, by_weight=True)
    shop.buy(cane, 100_000, 100)
    batch_id = opened(shop, basis="value")
    put(shop, batch_id, IssueLine(100_000, product_id=cane))
    finish(shop, batch_id, OutputLine("main", 5_000, sugar), OutputLine("main", 8_000, syrup))

    # 5 × 60 = 300 against 8 × 20 = 160: 100.00 × 300/460 = 65.217…, the rest 34.783.
    assert made(batch_id) == [("main", 5_000, 6_522), ("main", 8_000, 3_478)]


def test_a_batch_that_spoiled_is_written_off_whole(shop: Shop) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    shop.buy(paddy, 10_000, 1200)
    batch_id = opened(shop)
    put(shop, batch_id, IssueLine(10_000, product_id=paddy))
    with pytest.raises(NothingCameOut):
        finish(shop, batch_id)
    finish(shop, batch_id, OutputLine("waste", 9_000))

    assert balance(shop, Purpose.WASTE) == 12_000
    assert unsound(shop) == []


def test_what_makes_no_sense_is_refused(shop: Shop) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    theirs = shop.product("ข้าวฝาก", 1500, by_weight=True)
    shop.buy(paddy, 10_000, 1200)
    receipt = shop.consign(theirs, 5_000)
    batch_id = opened(shop)
    lot_id = db.session.scalars(select(Lot.id).where(Lot.goods_receipt_id == receipt)).one()
    db.session.rollback()
    with pytest.raises(NothingWentIn):
        finish(shop, batch_id, OutputLine("main", 1_000, paddy))
    with pytest.raises(BuyFirst):
        put(shop, batch_id, IssueLine(1_000, lot_id=lot_id))
    with pytest.raises(NotFound):
        put(shop, batch_id, IssueLine(1_000, lot_id=uuid7()))
    with pytest.raises(CostsNothing):
        cost(shop, batch_id, "labour", 1000, 0)
    put(shop, batch_id, IssueLine(10_000, product_id=paddy))
    with pytest.raises(ByProductsWorthMore):
        finish(
            shop,
            batch_id,
            OutputLine("main", 1_000, paddy),
            OutputLine("by_product", 9_000, theirs, unit_value_satang=1500),
        )
    finish(shop, batch_id, OutputLine("main", 10_000, paddy))
    with pytest.raises(BatchEnded):
        cost(shop, batch_id, "labour", 1000, 100)
    with pytest.raises(BatchDiffers):
        finish(shop, batch_id, OutputLine("main", 9_000, paddy))
    finish(shop, batch_id, OutputLine("main", 10_000, paddy))
    assert unsound(shop) == []


def test_a_finished_batch_is_taken_back_while_nothing_of_it_moved(shop: Shop) -> None:
    batch_id, _, rice = milled(shop)
    in_transaction(cancelling.cancel, CancelBatch(batch_id, "ผิดล็อต"), shop.actor)
    in_transaction(cancelling.cancel, CancelBatch(batch_id, "ผิดล็อต"), shop.actor)

    assert balance(shop, Purpose.INVENTORY) == 1_200_000
    assert balance(shop, Purpose.WORK_IN_PROGRESS) == 0
    assert balance(shop, Purpose.WAGES) == 0
    lot = db.session.scalars(select(Lot).where(Lot.product_id == rice)).one()
    assert lots.card(shop.centre_id, lot.id).on_hand_milli == 0
    db.session.rollback()
    assert unsound(shop) == []


def test_an_open_batch_gives_back_what_went_in(shop: Shop) -> None:
    paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
    shop.buy(paddy, 10_000, 1200)
    batch_id = opened(shop)
    put(shop, batch_id, IssueLine(3_000, product_id=paddy))
    cost(shop, batch_id, "other", 1000, 700)
    in_transaction(cancelling.cancel, CancelBatch(batch_id, "ไฟดับ"), shop.actor)

    assert balance(shop, Purpose.WORK_IN_PROGRESS) == 0
    assert balance(shop, Purpose.INVENTORY) == 12_000
    with pytest.raises(BatchEnded):
        put(shop, batch_id, IssueLine(1_000, product_id=paddy))
    assert unsound(shop) == []


def test_a_batch_stays_when_something_of_it_was_sold(shop: Shop) -> None:
    batch_id, _, rice = milled(shop)
    shop.open()
    shop.sell(RecordSaleLine(rice, 1_000, 4000))
    with pytest.raises(OutputMoved):
        in_transaction(cancelling.cancel, CancelBatch(batch_id, "ผิด"), shop.actor)

    # A kilogram of 620 that cost 11,095.00: 17.895… baht.
    assert balance(shop, Purpose.COST_OF_GOODS) == 1_790
    assert unsound(shop) == []


def test_the_intake_of_a_batch_is_cancelled_with_the_batch_alone(shop: Shop) -> None:
    batch_id, _, rice = milled(shop)
    receipt = db.session.scalars(select(Lot.goods_receipt_id).where(Lot.product_id == rice)).one()
    share = db.session.scalars(
        select(BatchOutputLot.kind).where(BatchOutputLot.batch_id == batch_id).limit(1)
    ).one()
    db.session.rollback()
    assert share == "own"
    with pytest.raises(MadeHere):
        in_transaction(intake.cancel, CancelIntake(receipt, "ผิด"), shop.actor)
