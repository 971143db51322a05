"""Joint batches and repacking: producers' goods stay theirs, to the last thousandth and satang."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger, vat_report
from core import clock
from core.actor import Centre, TaxSetting
from core.db import db, in_transaction
from core.errors import NotFound
from core.ids import uuid7
from inventory.models import Advance, BatchFee, BatchOutputLot, Lot
from inventory.rules.production import MoreThanWentIn, ShareTooSmall
from inventory.services import (
    advances,
    conversions,
    intake,
    locations,
    lots,
    repayments,
    verify,
)
from inventory.services.conversions import ConvertLot
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.production import (
    batches,
    cancelling,
    finishing,
    issuing,
    repacking,
    tracing,
)
from inventory.services.production.batches import AddCost, FeePaysForIt, OpenBatch
from inventory.services.production.cancelling import CancelBatch, FeePaid
from inventory.services.production.finishing import FinishBatch, KeptTooMuch, OutputLine
from inventory.services.production.issuing import IssueGoods, IssueLine
from inventory.services.production.repacking import Repack
from inventory.services.receipts import ShiftNeeded
from members.services import producers
from members.services.producers import NewProducer
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in

CASH = RecordPayment("cash", 2_000_000)


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def farmer(shop: Shop, name: str) -> UUID:
    return in_transaction(producers.create, NewProducer(name=name), shop.actor).id


def brought(shop: Shop, producer_id: UUID, product_id: UUID, milli: int) -> UUID:
    """The lot of paddy a farmer brought on consignment."""
    line = RecordIntakeLine(product_id=product_id, gross_milli=milli, split_basis_points=9000)
    command = RecordIntake(uuid7(), producer_id, "consignment", (line,))
    return in_transaction(intake.record, command, shop.actor).lines[0].lot_id


def place(shop: Shop) -> UUID:
    found = locations.shop(shop.centre_id).id
    db.session.rollback()
    return found


def joint(shop: Shop, *lines: IssueLine) -> UUID:
    command = OpenBatch(uuid7(), "joint", "สีข้าวร่วม", place(shop))
    batch_id = in_transaction(batches.open_batch, command, shop.actor)
    in_transaction(issuing.issue, IssueGoods(uuid7(), batch_id, lines), shop.actor)
    return batch_id


def balance(shop: Shop, purpose: Purpose) -> int:
    found = ledger.balance(shop.centre_id, purpose)
    db.session.rollback()
    return found


def unsound(shop: Shop) -> list[str]:
    found = [one.check for one in verify.checks(shop.centre_id) if not one.ok]
    db.session.rollback()
    return found


def shares(batch_id: UUID, line_no: int) -> dict[UUID, tuple[str, int]]:
    rows = db.session.execute(
        select(BatchOutputLot.producer_id, BatchOutputLot.kind, BatchOutputLot.quantity_milli)
        .where(BatchOutputLot.batch_id == batch_id, BatchOutputLot.line_no == line_no)
        .order_by(BatchOutputLot.share_no)
    ).all()
    db.session.rollback()
    return {row[0]: (row[1], row[2]) for row in rows}


class Mill:
    """Three farmers bring 100, 200 and 400 kg of paddy."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.paddy = shop.product("ข้าวเปลือก", 1500, by_weight=True)
        self.rice = shop.product("ข้าวสาร", 4000, by_weight=True)
        self.bran = shop.product("รำข้าว", 1000, by_weight=True)
        self.people = [farmer(shop, name) for name in ("ก้อน", "คำ", "จันทร์")]
        weights = (100_000, 200_000, 400_000)
        self.lots = [
            brought(shop, who, self.paddy, milli)
            for who, milli in zip(self.people, weights, strict=True)
        ]
        self.batch_id = joint(
            shop,
            *(IssueLine(milli, lot_id=lot) for lot, milli in zip(self.lots, weights, strict=True)),
        )

    def finish(self, **more: object) -> None:
        outputs = (
            OutputLine("main", 440_000, self.rice),
            OutputLine("by_product", 70_000, self.bran, unit_value_satang=800, kept_milli=70_000),
            OutputLine("waste", 150_000),
        )
        command = replace(FinishBatch(self.batch_id, outputs), **more)
        in_transaction(finishing.finish, command, self.shop.actor)


def test_rice_of_three_farmers_is_shared_by_what_each_brought(shop: Shop) -> None:
    mill = Mill(shop)
    mill.finish(fee_rate_satang=150)

    # 440 kg over 1 : 2 : 4: 62.857 142…, 125.714 285…, 251.428 571…; the largest remainder wins.
    got = shares(mill.batch_id, 1)
    assert [got[who] for who in mill.people] == [
        ("consigned", 62_857),
        ("consigned", 125_714),
        ("consigned", 251_429),
    ]
    # The bran is the fee in kind: 70 kg at 8.00; and 1.50 a kilogram brought is owed in money.
    fees = dict(
        db.session.execute(select(BatchFee.producer_id, BatchFee.amount_satang)).all()  # type: ignore[arg-type]
    )
    db.session.rollback()
    assert [fees[who] for who in mill.people] == [15_000, 30_000, 60_000]
    assert balance(shop, Purpose.SERVICE_INCOME) == -(56_000 + 105_000)
    assert balance(shop, Purpose.PRODUCER_ADVANCES) == 105_000
    assert balance(shop, Purpose.INVENTORY) == 56_000
    assert balance(shop, Purpose.WORK_IN_PROGRESS) == 0
    assert unsound(shop) == []


def test_a_registered_centre_owes_vat_on_its_fee_in_money_and_in_kind(centre: Centre) -> None:
    """105.00 baht for 700 kg and bran worth 560.00: 7/107 of each, taken back with the batch."""
    registered = (TaxSetting(date(2020, 1, 1), "registered", "commission"),)
    shop = shop_in(centre).under(tax_settings=registered)
    mill = Mill(shop)
    mill.finish(fee_rate_satang=15)

    # 15.00, 30.00 and 60.00 have 0.98, 1.96 and 3.93 in them; 560.00 has 36.64.
    assert balance(shop, Purpose.OUTPUT_VAT) == -(98 + 196 + 393 + 3_664)
    assert balance(shop, Purpose.SERVICE_INCOME) == -(10_500 - 687 + 56_000 - 3_664)
    assert unsound(shop) == []
    in_transaction(cancelling.cancel, CancelBatch(mill.batch_id, "ชั่งผิด"), shop.actor)
    assert balance(shop, Purpose.OUTPUT_VAT) == 0
    day = clock.today()
    report = vat_report.of_month("sales", day.year * 100 + day.month, shop.actor)
    assert [row.vat_satang for row in report.documents][-1] == -(687 + 3_664)
    assert report.vat_satang == 0


def test_the_rice_of_a_farmer_is_sold_under_the_terms_of_the_day(shop: Shop) -> None:
    mill = Mill(shop)
    mill.finish()
    lot = db.session.scalars(
        select(Lot).where(Lot.product_id == mill.rice, Lot.producer_id == mill.people[0])
    ).one()
    assert (lot.ownership, lot.split_basis_points, lot.cost_satang) == ("consigned", 8000, 0)
    db.session.rollback()
    shop.open()
    shop.sell(RecordSaleLine(mill.rice, 1_000, 4000))

    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == -3_200
    assert unsound(shop) == []


def test_a_trace_goes_on_through_goods_we_bought_from_their_producer(shop: Shop) -> None:
    mill = Mill(shop)
    mill.finish()
    lot_id = db.session.scalars(
        select(Lot.id).where(Lot.product_id == mill.rice, Lot.producer_id == mill.people[0])
    ).one()
    db.session.rollback()
    bought = ConvertLot(uuid7(), lot_id, 62_857, 3_000, "ซื้อไว้เอง")
    in_transaction(conversions.record, bought, shop.actor)
    shop.open()
    receipt = shop.sell(RecordSaleLine(mill.rice, 440_000, 4000), pay=(CASH,))

    found = tracing.trace(mill.lots[0], shop.actor)
    sold = [one.quantity_milli for one in found.gone if one.source_id == receipt.id]
    assert sum(sold) == 440_000, "what we bought was sold too"
    assert lot_id in {one.lot_id for one in found.became}


def test_who_takes_his_rice_home_leaves_no_lot(shop: Shop) -> None:
    mill = Mill(shop)
    mill.finish(taken_home=(mill.people[1],))

    assert shares(mill.batch_id, 1)[mill.people[1]] == ("home", 125_714)
    there = db.session.scalars(select(Lot.producer_id).where(Lot.product_id == mill.rice)).all()
    db.session.rollback()
    assert sorted(there) == sorted([mill.people[0], mill.people[2]])
    assert unsound(shop) == []


def test_a_fee_paid_at_once_goes_into_the_drawer_and_leaves_older_advances(shop: Shop) -> None:
    mill = Mill(shop)
    with pytest.raises(ShiftNeeded):
        mill.finish(fee_rate_satang=150, paid_cash=(mill.people[0],))
    opened = shop.open()
    before = balance(shop, Purpose.CASH_TILL)
    mill.finish(fee_rate_satang=150, paid_cash=(mill.people[0],), shift_id=opened.id)

    assert balance(shop, Purpose.CASH_TILL) == before + 15_000
    assert balance(shop, Purpose.PRODUCER_ADVANCES) == 90_000
    assert advances.outstanding(shop.centre_id, [mill.people[0]]) == {}
    db.session.rollback()
    assert unsound(shop) == []
    with pytest.raises(FeePaid):
        in_transaction(cancelling.cancel, CancelBatch(mill.batch_id, "ผิด"), shop.actor)


def test_a_joint_batch_is_taken_back_with_its_fees(shop: Shop) -> None:
    mill = Mill(shop)
    mill.finish(fee_rate_satang=150)
    in_transaction(cancelling.cancel, CancelBatch(mill.batch_id, "ชั่งผิด"), shop.actor)

    assert balance(shop, Purpose.SERVICE_INCOME) == 0
    assert balance(shop, Purpose.PRODUCER_ADVANCES) == 0
    assert balance(shop, Purpose.INVENTORY) == 0
    assert [lots.card(shop.centre_id, lot).on_hand_milli for lot in mill.lots] == [
        100_000,
        200_000,
        400_000,
    ]
    db.session.rollback()
    assert unsound(shop) == []


def test_the_centre_mills_its_own_paddy_along_and_pays_no_fee(shop: Shop) -> None:
    mill = Mill(shop)
    shop.buy(mill.paddy, 300_000, 1000)
    bags = shop.product("กระสอบ", 500)
    shop.buy(bags, 20_000, 350)
    more = (IssueLine(300_000, product_id=mill.paddy), IssueLine(10_000, product_id=bags))
    put_in = IssueGoods(uuid7(), mill.batch_id, more)
    in_transaction(issuing.issue, put_in, shop.actor)
    mill.finish(fee_rate_satang=150)

    # 10 bags at 3.50 by weight 1:2:4:3 — 10.50 for our part; 24.50 used up for the farmers.
    ours = db.session.scalars(
        select(Lot).where(Lot.product_id == mill.rice, Lot.ownership == "own")
    ).one()
    assert (ours.quantity_milli, ours.cost_satang) == (132_000, 300_000 + 1_050)
    db.session.rollback()
    assert balance(shop, Purpose.PACKAGING_USED) == 2_450
    assert balance(shop, Purpose.PRODUCER_ADVANCES) == 105_000
    assert unsound(shop) == []


def test_what_makes_no_sense_in_a_joint_batch_is_refused(shop: Shop) -> None:
    mill = Mill(shop)
    work = AddCost(uuid7(), mill.batch_id, "labour", "งาน", 1000, 5000)
    with pytest.raises(FeePaysForIt):
        in_transaction(batches.add_cost, work, shop.actor)
    with pytest.raises(NotFound):
        mill.finish(taken_home=(shop.producer_id,))
    over = (OutputLine("main", 700_001, mill.rice),)
    with pytest.raises(MoreThanWentIn):
        mill.finish(outputs=over)
    with pytest.raises(KeptTooMuch):
        mill.finish(outputs=(OutputLine("main", 1_000, mill.rice, kept_milli=1_001),))
    jar = shop.product("โหล", 1000)
    with pytest.raises(ShareTooSmall):
        mill.finish(outputs=(OutputLine("main", 2_000, jar, unit_grams=10),))


# --- repacking -------------------------------------------------------------------------------


def sacks(shop: Shop) -> tuple[UUID, UUID]:
    """Rice in sacks of 50 kg, and in bags of one."""
    return shop.product("ข้าวกระสอบ", 175_000), shop.product("ข้าวถุง", 4000)


def repack(shop: Shop, sack: UUID, bag: UUID, many: int, came: int, **more: object) -> UUID:
    command = Repack(
        id=uuid7(),
        location_id=place(shop),
        product_id=sack,
        quantity_milli=many,
        to_product_id=bag,
        to_quantity_milli=came,
        unit_grams=50_000,
        to_unit_grams=1_000,
        name="แบ่งข้าว",
    )
    command = replace(command, **more)  # type: ignore[arg-type]
    assert in_transaction(repacking.repack, command, shop.actor) == command.id
    return in_transaction(repacking.repack, command, shop.actor)


@pytest.mark.parametrize(("rule", "carried"), [("spread", 150_000), ("expense", 147_000)])
def test_a_sack_becomes_bags_and_its_cost_goes_along(shop: Shop, rule: str, carried: int) -> None:
    sack, bag = sacks(shop)
    shop.buy(sack, 2_000, 150_000)
    repack(shop, sack, bag, 1_000, 49_000, loss_rule=rule)

    # 1 of 50 kg fell short: 1,500.00 × 1/50 = 30.00 is lost, or on the 49 bags.
    lot = db.session.scalars(select(Lot).where(Lot.product_id == bag)).one()
    assert (lot.cost_satang, lot.quantity_milli) == (carried, 49_000)
    assert lot.producer_id == shop.producer_id
    db.session.rollback()
    assert balance(shop, Purpose.WASTE) == 150_000 - carried
    assert unsound(shop) == []


def test_consigned_sacks_stay_their_producers_under_the_terms_agreed(shop: Shop) -> None:
    sack, bag = sacks(shop)
    first, second = farmer(shop, "ก้อน"), farmer(shop, "คำ")
    brought(shop, first, sack, 1_000)
    brought(shop, second, sack, 2_000)
    plastic = shop.product("ถุงพลาสติก", 200)
    shop.buy(plastic, 200_000, 100)
    bags = (IssueLine(149_000, product_id=plastic),)
    repack(shop, sack, bag, 3_000, 149_000, materials=bags)

    rows = db.session.execute(
        select(Lot.producer_id, Lot.quantity_milli, Lot.split_basis_points, Lot.ownership).where(
            Lot.product_id == bag
        )
    ).all()
    db.session.rollback()
    # 149 bags over 50 : 100 kg, whole bags: 49.67 and 99.33.
    assert {row[0]: tuple(row[1:]) for row in rows} == {
        first: (50_000, 9000, "consigned"),
        second: (99_000, 9000, "consigned"),
    }
    assert balance(shop, Purpose.PACKAGING_USED) == 14_900
    assert unsound(shop) == []


def test_the_same_advance_is_repaid_when_it_is_named(shop: Shop) -> None:
    mill = Mill(shop)
    mill.finish(fee_rate_satang=150)
    fee = db.session.scalars(
        select(Advance).where(Advance.producer_id == mill.people[0], Advance.kind == "service")
    ).one()
    fee_id, number = fee.id, fee.advance_no
    db.session.rollback()
    command = repayments.Repay(uuid7(), mill.people[0], 15_000, "safe", advance_id=fee_id)
    doc = in_transaction(repayments.repay, command, shop.actor)
    assert doc.parts == ((fee_id, number, 15_000),)
