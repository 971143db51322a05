"""Unsold goods go back, are bought or are given away; the books and the levels follow."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import funds, ledger
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import DomainError, Forbidden
from core.ids import uuid7
from core.numbering import buddhist_year
from core.paging import Window
from inventory.rules.intake import CostTooSmall, WholePieces
from inventory.services import (
    conversions,
    decided,
    donations,
    intake,
    lots,
    producer_documents,
    producer_returns,
    verify,
)
from inventory.services.conversions import ConversionDiffers, ConvertLot
from inventory.services.decided import DecidedDoc, NotConsigned
from inventory.services.donations import Donate, DonationDiffers, FundNotNamed, FundTooLow
from inventory.services.lots import LotDoc
from inventory.services.producer_documents import Wanted
from inventory.services.producer_returns import GiveBack, ReturnDiffers
from inventory.services.stock import OutOfStock
from inventory.services.waste import OwnGoods
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def honey(shop: Shop) -> UUID:
    """Ten jars on consignment at a hundred baht, 80/20."""
    return shop.consign(shop.product("น้ำผึ้ง", 100_00), 10_000)


@pytest.fixture
def rice(shop: Shop) -> UUID:
    """Ten bags of ours, bought at 40."""
    return shop.buy(shop.product("ข้าวหอม", 60_00), 10_000, 40_00)


def lot_of(shop: Shop, receipt_id: UUID) -> LotDoc:
    line = intake.get(receipt_id, shop.actor).lines[0]
    found = lots.get(line.lot_id, shop.actor)
    db.session.rollback()
    return found


def give_back(shop: Shop, lot_id: UUID, milli: int, **rest: Any) -> DecidedDoc:
    command = GiveBack(rest.pop("id", uuid7()), lot_id, milli, rest.pop("reason", "ขายไม่ออก"))
    return in_transaction(producer_returns.record, command, rest.pop("actor", shop.actor))


def convert(shop: Shop, lot_id: UUID, milli: int, price: int, **rest: Any) -> DecidedDoc:
    command = ConvertLot(rest.pop("id", uuid7()), lot_id, milli, price, "ซื้อไว้แปรรูป")
    return in_transaction(conversions.record, command, rest.pop("actor", shop.actor))


def donate(shop: Shop, lot_id: UUID, milli: int, bearer: str, **rest: Any) -> DecidedDoc:
    command = Donate(
        id=rest.pop("id", uuid7()),
        lot_id=lot_id,
        quantity_milli=milli,
        recipient="โรงเรียนบ้านแพรทอง",
        reason="ใกล้หมดอายุ",
        bearer=bearer,
        fund_id=rest.pop("fund_id", None),
    )
    return in_transaction(donations.record, command, rest.pop("actor", shop.actor))


def fund_with(shop: Shop, satang: int) -> UUID:
    fund_id = uuid7()
    new = NewFund(fund_id, f"F{fund_id.hex[-6:]}", "สวัสดิการ", "Welfare")
    in_transaction(funds.create, new, shop.actor)
    lines = (
        NewLine(Purpose.CASH_SAFE, debit=satang),
        NewLine(Purpose.WELFARE_FUND, credit=satang, fund_id=fund_id),
    )
    now = clock.now()
    entry = NewEntry("opening", "opening", uuid7(), clock.business_date(now), now, lines)
    in_transaction(ledger.post, entry, shop.actor)
    return fund_id


def balance(shop: Shop, purpose: Purpose, **keys: Any) -> int:
    try:
        return ledger.balance(shop.centre_id, purpose, **keys)
    finally:
        db.session.rollback()


def wrong(shop: Shop) -> list[str]:
    found = [finding.check for finding in verify.checks(shop.centre_id) if not finding.ok]
    db.session.rollback()
    return found


def test_what_goes_back_to_the_producer_posts_nothing(shop: Shop, honey: UUID) -> None:
    lot = lot_of(shop, honey).card
    document = give_back(shop, lot.id, 4_000)
    assert document.number == f"RT-{buddhist_year(clock.today())}-00001"
    assert document.producer.name == "ป้าแดง"
    assert lot_of(shop, honey).card.on_hand_milli == 6_000
    assert ledger.entry_of(shop.centre_id, "producer_return", document.id) == []
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == 0
    assert not wrong(shop)


def test_the_same_return_again_gives_nothing_back_twice(shop: Shop, honey: UUID) -> None:
    lot = lot_of(shop, honey).card
    first = give_back(shop, lot.id, 4_000)
    assert give_back(shop, lot.id, 4_000, id=first.id) == first
    with pytest.raises(ReturnDiffers) as refusal:
        give_back(shop, lot.id, 5_000, id=first.id)
    assert refusal.value.facts["differs"] == ["quantity_milli"]
    assert lot_of(shop, honey).card.on_hand_milli == 6_000


def test_our_own_goods_do_not_go_back_and_are_not_bought_again(shop: Shop, rice: UUID) -> None:
    lot = lot_of(shop, rice).card
    with pytest.raises(NotConsigned):
        give_back(shop, lot.id, 1_000)
    with pytest.raises(NotConsigned):
        convert(shop, lot.id, 1_000, 10_00)
    assert lot_of(shop, rice).card.on_hand_milli == 10_000


def test_what_was_sold_meanwhile_can_neither_go_back_nor_be_bought(shop: Shop, honey: UUID) -> None:
    lot = lot_of(shop, honey).card
    shop.open()
    shop.sell(RecordSaleLine(lot.product_id, 7_000, 100_00))
    for attempt in (
        lambda: give_back(shop, lot.id, 4_000),
        lambda: convert(shop, lot.id, 4_000, 50_00),
        lambda: donate(shop, lot.id, 4_000, "producer"),
    ):
        with pytest.raises(OutOfStock) as refusal:
            attempt()
        assert refusal.value.facts["available_milli"] == 3_000
    assert not wrong(shop)


def test_pieces_go_back_whole(shop: Shop, honey: UUID) -> None:
    with pytest.raises(WholePieces):
        give_back(shop, lot_of(shop, honey).card.id, 1_500)


def test_what_was_consigned_is_bought_at_an_agreed_price(shop: Shop, honey: UUID) -> None:
    lot = lot_of(shop, honey).card
    document = convert(shop, lot.id, 6_000, 50_00)
    assert document.number.startswith("CV-") and document.cost_satang == 300_00
    assert lot_of(shop, honey).card.on_hand_milli == 4_000
    assert document.new_lot_id is not None and document.goods_receipt_id is not None
    bought = lots.get(document.new_lot_id, shop.actor).card
    assert (bought.ownership, bought.on_hand_milli, bought.value_satang) == ("own", 6_000, 300_00)
    receipt = intake.get(document.goods_receipt_id, shop.actor)
    assert (receipt.kind, receipt.paid, receipt.note) == ("outright", "payable", document.number)
    assert balance(shop, Purpose.INVENTORY) == 300_00
    assert balance(shop, Purpose.PAYABLE_OUTRIGHT, producer_id=shop.producer_id) == -300_00
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == 0
    assert not wrong(shop)
    # What was bought sells at the counter as ours: the producer gets nothing more.
    shop.open()
    shop.sell(RecordSaleLine(lot.product_id, 10_000, 100_00))
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == -320_00
    assert not wrong(shop)


def test_the_same_purchase_again_buys_once(shop: Shop, honey: UUID) -> None:
    lot = lot_of(shop, honey).card
    first = convert(shop, lot.id, 6_000, 50_00)
    assert convert(shop, lot.id, 6_000, 50_00, id=first.id) == first
    with pytest.raises(ConversionDiffers):
        convert(shop, lot.id, 6_000, 60_00, id=first.id)
    assert balance(shop, Purpose.INVENTORY) == 300_00


def test_a_purchase_for_nothing_leaves_nothing_half_done(shop: Shop, honey: UUID) -> None:
    lot = lot_of(shop, honey)
    with pytest.raises(CostTooSmall):
        convert(shop, lot.card.id, 6_000, 0)
    assert lot_of(shop, honey) == lot
    assert decided.listing("lot_conversion", shop.actor, Window()).items == ()
    assert not wrong(shop)


def test_the_producer_may_give_the_goods(shop: Shop, honey: UUID) -> None:
    document = donate(shop, lot_of(shop, honey).card.id, 2_000, "producer")
    assert document.number.startswith("DN-") and document.charge_satang == 0
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == 0
    assert ledger.entry_of(shop.centre_id, "donation", document.id) == []
    assert not wrong(shop)


def test_what_the_centre_gives_is_owed_as_if_it_were_sold(shop: Shop, honey: UUID) -> None:
    document = donate(shop, lot_of(shop, honey).card.id, 2_000, "centre")
    assert document.charge_satang == 160_00
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id) == -160_00
    assert balance(shop, Purpose.EXPENSE_OTHER) == 160_00
    assert not wrong(shop)


def test_our_own_goods_are_given_at_their_cost(shop: Shop, rice: UUID) -> None:
    lot = lot_of(shop, rice).card
    document = donate(shop, lot.id, 3_000, "centre")
    assert document.charge_satang == 120_00
    assert balance(shop, Purpose.EXPENSE_OTHER) == 120_00
    assert balance(shop, Purpose.INVENTORY) == 280_00
    with pytest.raises(OwnGoods):
        donate(shop, lot.id, 1_000, "producer")
    assert not wrong(shop)


def test_a_fund_gives_what_it_holds_and_no_more(shop: Shop, honey: UUID, rice: UUID) -> None:
    fund_id = fund_with(shop, 200_00)
    donate(shop, lot_of(shop, honey).card.id, 2_000, "fund", fund_id=fund_id)
    assert funds.balance(shop.centre_id, fund_id) == 40_00
    with pytest.raises(FundTooLow) as refusal:
        donate(shop, lot_of(shop, rice).card.id, 2_000, "fund", fund_id=fund_id)
    assert (refusal.value.facts["balance_satang"], refusal.value.facts["charge_satang"]) == (
        40_00,
        80_00,
    )
    donate(shop, lot_of(shop, rice).card.id, 1_000, "fund", fund_id=fund_id)
    assert funds.balance(shop.centre_id, fund_id) == 0
    assert not wrong(shop)


def test_a_fund_is_named_when_and_only_when_it_bears_it(shop: Shop, honey: UUID) -> None:
    lot_id = lot_of(shop, honey).card.id
    with pytest.raises(FundNotNamed):
        donate(shop, lot_id, 1_000, "fund")
    with pytest.raises(FundNotNamed):
        donate(shop, lot_id, 1_000, "centre", fund_id=fund_with(shop, 100))


def test_the_same_donation_again_gives_once(shop: Shop, honey: UUID) -> None:
    lot_id = lot_of(shop, honey).card.id
    first = donate(shop, lot_id, 2_000, "centre")
    assert donate(shop, lot_id, 2_000, "centre", id=first.id) == first
    with pytest.raises(DonationDiffers):
        donate(shop, lot_id, 2_000, "producer", id=first.id)
    assert balance(shop, Purpose.EXPENSE_OTHER) == 160_00


def test_only_the_store_decides(
    shop: Shop, honey: UUID, cashier: Actor, accountant: Actor, stock_keeper: Actor
) -> None:
    lot_id = lot_of(shop, honey).card.id
    for actor in (cashier, accountant):
        with pytest.raises(Forbidden):
            give_back(shop, lot_id, 1_000, actor=actor)
    give_back(shop, lot_id, 1_000, actor=stock_keeper)
    convert(shop, lot_id, 1_000, 10_00, actor=stock_keeper)
    donate(shop, lot_id, 1_000, "centre", actor=stock_keeper)


def test_the_producer_reads_what_became_of_the_goods(shop: Shop, honey: UUID) -> None:
    lot_id = lot_of(shop, honey).card.id
    give_back(shop, lot_id, 1_000)
    convert(shop, lot_id, 2_000, 50_00)
    donate(shop, lot_id, 3_000, "centre")
    page = producer_documents.rows(shop.actor, Window(), Wanted(), shop.producer_id)
    found = {row.source_type: (row.quantity_milli, row.amount_satang) for row in page.items}
    db.session.rollback()
    assert found["producer_return"] == (1_000, 0)
    assert found["lot_conversion"] == (2_000, 0)
    assert found["donation"] == (3_000, 240_00)
    assert found["goods_receipt"][1] == 100_00


def race(app: Flask, *runners: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def test_two_decisions_over_the_same_jars_give_them_away_once(
    app: Flask, shop: Shop, honey: UUID
) -> None:
    lot_id = lot_of(shop, honey).card.id
    results = race(
        app,
        lambda: give_back(shop, lot_id, 7_000),
        lambda: donate(shop, lot_id, 7_000, "centre"),
        lambda: convert(shop, lot_id, 7_000, 50_00),
    )
    assert sorted(type(result).__name__ for result in results) == [
        "DecidedDoc",
        "OutOfStock",
        "OutOfStock",
    ]
    assert lot_of(shop, honey).card.on_hand_milli == 3_000
    assert not wrong(shop)


def test_two_donations_never_take_a_fund_below_nothing(
    app: Flask, shop: Shop, honey: UUID, rice: UUID
) -> None:
    fund_id = fund_with(shop, 100_00)
    first, second = lot_of(shop, honey).card.id, lot_of(shop, rice).card.id
    results = race(
        app,
        lambda: donate(shop, first, 1_000, "fund", fund_id=fund_id),
        lambda: donate(shop, second, 2_000, "fund", fund_id=fund_id),
    )
    assert sorted(type(result).__name__ for result in results) == ["DecidedDoc", "FundTooLow"]
    assert funds.balance(shop.centre_id, fund_id) == 20_00
