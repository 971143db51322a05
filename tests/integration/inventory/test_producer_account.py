"""What a producer sees: own rows only, and figures that their documents add up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from inventory.services import intake, lots, producer_account, producer_documents, waste
from inventory.services.intake import CancelIntake, RecordIntake, RecordIntakeLine
from inventory.services.producer_documents import Wanted
from inventory.services.waste import RecordWaste
from members.services import producers
from members.services.producers import NewProducer
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def producer(shop: Shop) -> Actor:
    """The shop's producer at her phone."""
    return Actor(
        centre=shop.actor.centre,
        user_id=uuid7(),
        name="ป้าแดง",
        roles=frozenset({"producer"}),
        producer_id=shop.producer_id,
    )


def trade(shop: Shop) -> None:
    """Honey on consignment 80/20: five sold, one back, one lost; bananas bought for 120 baht."""
    honey = shop.product("น้ำผึ้ง", 10_000)
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    receipt_id = shop.consign(honey, 20_000)
    shop.buy(banana, 10_000, 1_200)
    cancelled = shop.buy(banana, 10_000, 1_200)
    in_transaction(intake.cancel, CancelIntake(cancelled, "ส่งผิด"), shop.actor)
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 5_000, 10_000), RecordSaleLine(banana, 1_000, 2_000))
    shop.refund(receipt, (1, 1_000))
    [lot] = intake.get(receipt_id, shop.actor).lines
    lost = RecordWaste(uuid7(), lot.lot_id, 1_000, "แตก", "centre")
    in_transaction(waste.record, lost, shop.actor)


def test_what_is_owed_sold_and_left(shop: Shop, producer: Actor) -> None:
    trade(shop)
    account = producer_account.of(producer)
    assert account.owed_consignment_satang == 4 * 8_000 + 8_000
    assert account.owed_outright_satang == 12_000
    assert account.owed_satang == 52_000
    [sold] = account.today
    assert (sold.name_th, sold.quantity_milli) == ("น้ำผึ้ง", 4_000)
    assert (sold.base_satang, sold.share_satang) == (40_000, 32_000)
    assert account.recent == account.today
    [left] = account.left
    assert (left.name_th, left.quantity_milli) == ("น้ำผึ้ง", 15_000)


def test_documents_add_up_to_each_figure(shop: Shop, producer: Actor) -> None:
    trade(shop)
    account = producer_account.of(producer)
    owed = producer_documents.rows(producer, Window(), Wanted())
    assert sum(row.amount_satang for row in owed.items) == account.owed_satang
    assert {row.source_type for row in owed.items} == {
        "sale", "refund", "waste", "goods_receipt", "goods_receipt_cancellation",
    }  # fmt: skip
    sold = producer_documents.rows(
        producer, Window(), Wanted(sold_only=True, since=account.recent_since)
    )
    assert sum(row.amount_satang for row in sold.items) == account.recent_share_satang
    assert sum(row.quantity_milli for row in sold.items) == 4_000
    tomorrow = Wanted(since=clock.today() + timedelta(days=1))
    assert producer_documents.rows(producer, Window(), tomorrow).items == ()


def test_documents_come_page_by_page_and_none_twice(shop: Shop, producer: Actor) -> None:
    trade(shop)
    every = producer_documents.rows(producer, Window(), Wanted()).items
    paged, after = [], None
    while True:
        page = producer_documents.rows(producer, Window(after, 2), Wanted())
        paged += page.items
        if page.next is None:
            break
        after = page.next
    assert tuple(paged) == every
    assert producer_documents.rows(producer, Window("nonsense", 2), Wanted()).items == every[:2]


def test_a_producer_sees_own_rows_only(shop: Shop, producer: Actor) -> None:
    other = in_transaction(producers.create, NewProducer(name="ลุงดำ"), shop.actor)
    honey = shop.product("น้ำผึ้ง", 10_000)
    command = RecordIntake(uuid7(), other.id, "consignment", (RecordIntakeLine(honey, 5_000),))
    theirs = in_transaction(intake.record, command, shop.actor)
    mine = shop.consign(honey, 5_000)
    assert intake.get(mine, producer).id == mine
    for forbidden in (
        lambda: producer_account.of(producer, other.id),
        lambda: producer_documents.rows(producer, Window(), Wanted(), other.id),
        lambda: intake.get(theirs.id, producer),
        lambda: intake.listing(producer, Window()),
        lambda: intake.listing(producer, Window(), producer_id=other.id),
        lambda: lots.get(theirs.lines[0].lot_id, producer),
        lambda: lots.listing(producer, Window()),
        lambda: lots.listing(producer, Window(), producer_id=other.id),
        lambda: producer_account.owed(producer),
    ):
        with pytest.raises(Forbidden):
            forbidden()
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 7_000, 10_000))
    [row] = producer_documents.rows(producer, Window(), Wanted()).items
    assert (row.source_id, row.quantity_milli) == (receipt.id, 2_000)
    assert producer_account.of(producer).owed_satang == 16_000


def test_staff_open_any_producers_account(
    shop: Shop, accountant: Actor, stock_keeper: Actor, cashier: Actor
) -> None:
    trade(shop)
    for actor in (accountant, stock_keeper):
        assert producer_account.of(actor, shop.producer_id).owed_satang == 52_000
        [card] = producer_account.owed(actor)
        assert (card.producer.name, card.owed_satang) == ("ป้าแดง", 52_000)
    with pytest.raises(Forbidden):
        producer_account.of(cashier, shop.producer_id)
    with pytest.raises(NotFound):
        producer_account.of(accountant, uuid7())


def test_nobody_elses_centre(shop: Shop, other_centre: Centre, accountant: Actor) -> None:
    trade(shop)
    elsewhere = replace(accountant, centre=other_centre)
    with pytest.raises(NotFound):
        producer_account.of(elsewhere, shop.producer_id)
