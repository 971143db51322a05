"""What a producer is told about tomorrow: the next payout, the months behind, what to bring."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.services import advances, producer_account, producer_documents
from inventory.services.advances import GiveAdvance
from inventory.services.producer_documents import Wanted
from inventory.services.settlement import policies, posting, preparing
from inventory.services.settlement.preparing import PrepareSettlement
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

NOON = datetime(2026, 3, 20, 5, tzinfo=clock.now().tzinfo)


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def producer(shop: Shop) -> Actor:
    return Actor(
        centre=shop.actor.centre,
        user_id=uuid7(),
        name="ป้าแดง",
        roles=frozenset({"producer"}),
        producer_id=shop.producer_id,
    )


def sell_honey(shop: Shop, jars: int = 20, sold: int = 4) -> UUID:
    """Honey at 100 baht, 80 of them the producer's."""
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, jars * 1_000)
    shop.open()
    shop.sell(RecordSaleLine(honey, sold * 1_000, 10_000))
    return honey


def settle(shop: Shop, accountant: Actor, manager: Actor) -> None:
    command = PrepareSettlement(uuid7(), clock.today(), (shop.producer_id,))
    run_id = in_transaction(preparing.prepare, command, accountant)
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, manager)


def test_the_next_payout_is_made_of_statements_sales_and_goods_bought(
    shop: Shop, producer: Actor, accountant: Actor, manager: Actor
) -> None:
    honey = sell_honey(shop)
    coming = producer_account.of(producer).next_payout
    assert (coming.settled_satang, coming.unsettled_satang) == (0, 32_000)
    settle(shop, accountant, manager)
    shop.sell(RecordSaleLine(honey, 1_000, 10_000))
    shop.buy(shop.product("กล้วย", 2_000, by_weight=True), 10_000, 1_200)
    coming = producer_account.of(producer).next_payout
    assert (coming.settled_satang, coming.unsettled_satang) == (32_000, 8_000)
    assert coming.outright_satang == 12_000
    assert coming.estimate_satang == 52_000 == producer_account.of(producer).owed_satang


def test_goods_brought_back_are_taken_once(
    shop: Shop, producer: Actor, accountant: Actor, manager: Actor
) -> None:
    honey = sell_honey(shop)
    receipt = shop.sell(RecordSaleLine(honey, 1_000, 10_000))
    settle(shop, accountant, manager)
    shop.refund(receipt, (1, 1_000))
    coming = producer_account.of(producer).next_payout
    assert (coming.settled_satang, coming.recovered_satang) == (40_000, 8_000)
    shop.sell(RecordSaleLine(honey, 2_000, 10_000))
    account = producer_account.of(producer)
    assert account.next_payout.recovered_satang == 8_000
    assert account.next_payout.estimate_satang == account.owed_satang == 48_000


def test_held_back_sales_wait_for_the_payout_after(
    shop: Shop, producer: Actor, manager: Actor
) -> None:
    with clock.travel(lambda: NOON - timedelta(days=11)):  # the ninth, a day of paying
        new = policies.Policy(hold_back_days=1)
        in_transaction(policies.save, new, manager)
        sell_honey(shop)
        coming = producer_account.of(producer).next_payout
        assert (coming.day, coming.estimate_satang) == (date(2026, 3, 9), 0)
    with clock.travel(lambda: NOON):
        coming = producer_account.of(producer).next_payout
        assert (coming.day, coming.estimate_satang) == (date(2026, 4, 9), 32_000)


def test_an_advance_is_owed_the_other_way_round_and_netted_up_to_its_cap(
    shop: Shop, producer: Actor, accountant: Actor
) -> None:
    sell_honey(shop)
    command = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", amount_satang=20_000)
    in_transaction(advances.give, command, accountant)
    account = producer_account.of(producer)
    assert (account.owed_satang, account.advances_satang) == (12_000, 20_000)
    assert (account.next_payout.netted_satang, account.next_payout.estimate_satang) == (
        16_000,
        16_000,
    )
    [card] = producer_account.owed(accountant)
    assert (card.owed_satang, card.advances_satang) == (12_000, 20_000)
    rows = producer_documents.rows(producer, Window(), Wanted()).items
    assert sum(row.amount_satang for row in rows) == account.owed_satang
    assert {row.source_type for row in rows} == {"sale", "advance"}


def test_twelve_months_end_with_this_one(shop: Shop, producer: Actor) -> None:
    with clock.travel(lambda: NOON):
        sell_honey(shop)
    with clock.travel(lambda: NOON + timedelta(days=60)):
        months = producer_account.of(producer).months
        assert [months[0].first, months[-1].first] == [date(2025, 6, 1), date(2026, 5, 1)]
        assert {one.first: one.share_satang for one in months if one.share_satang} == {
            date(2026, 3, 1): 32_000
        }
    with clock.travel(lambda: NOON + timedelta(days=370)):
        assert not any(one.share_satang for one in producer_account.of(producer).months)


def test_what_sells_and_runs_out_is_asked_for(shop: Shop, producer: Actor) -> None:
    with clock.travel(lambda: NOON - timedelta(days=27)):
        honey = sell_honey(shop, jars=6, sold=4)
        # Four went on their first day: the two left are gone tomorrow at that pace.
        [card] = producer_account.of(producer).wanted
        assert (card.pace.days, card.pace.cover_days, card.pace.sold_out) == (1, 0, False)
    with clock.travel(lambda: NOON):
        # Four in the 28 days they were here: the two left last two weeks.
        assert producer_account.of(producer).wanted == ()
        shop.sell(RecordSaleLine(honey, 2_000, 10_000))
        [card] = producer_account.of(producer).wanted
    assert (card.name_th, card.pace.sold_milli, card.pace.sold_out) == ("น้ำผึ้ง", 6_000, True)
