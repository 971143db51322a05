"""What is owed by its age: the oldest is paid first, and the parts are the books' balance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from inventory.services import aged_payables, payouts
from inventory.services.aged_payables import AgedPage, Ages
from inventory.services.payouts import PaidLine, PayProducer
from members.services import producers
from members.services.producers import NewProducer
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

JAR = 1_000
FIRST = date(2026, 7, 1)


class Days:
    """A clock that tests push on by days; day 0 is 1 July 2026."""

    gone = 0

    def now(self) -> datetime:
        return datetime(2026, 7, 1, 3, tzinfo=UTC) + timedelta(days=self.gone)


@pytest.fixture
def days() -> Iterator[Days]:
    days = Days()
    with clock.travel(days.now):
        yield days


@pytest.fixture
def shop(days: Days, centre: Centre) -> Shop:
    return shop_in(centre)


def aged(shop: Shop, on: date, window: Window | None = None) -> AgedPage:
    found = aged_payables.listing(shop.actor, on, window or Window())
    db.session.rollback()
    return found


def owed(shop: Shop, on: date) -> int:
    accounts = (Purpose.PAYABLE_OUTRIGHT, Purpose.CONSIGNMENT_PAYABLE)
    return -sum(ledger.balance(shop.centre_id, one, until=on) for one in accounts)


def test_each_purchase_stands_at_its_age(shop: Shop, days: Days) -> None:
    rice = shop.product("ข้าว", 10_000)
    for gone, cost in ((0, 1_000), (30, 2_000), (60, 3_000), (90, 4_000), (91, 5_000)):
        days.gone = gone
        shop.buy(rice, JAR, cost)
    found = aged(shop, FIRST + timedelta(days=91))
    [row] = found.page.items
    # Ages 91, 61, 31, 1 and 0 days.
    assert row.ages == found.ages == Ages(9_000, 3_000, 2_000, 1_000)
    assert (row.oldest, found.count) == (FIRST, 1)
    assert row.ages.total_satang == owed(shop, FIRST + timedelta(days=91))
    assert aged(shop, FIRST + timedelta(days=90)).ages == Ages(4_000 + 3_000, 2_000, 1_000)
    assert aged(shop, FIRST - timedelta(days=1)).page.items == ()


def test_what_is_paid_settles_the_oldest_first(shop: Shop, days: Days) -> None:
    """Whatever purchase a voucher names: the age is that of the debt, not of the paper."""
    rice = shop.product("ข้าว", 10_000)
    shop.buy(rice, JAR, 1_000)
    days.gone = 50
    later = shop.buy(rice, JAR, 2_000)
    pay = PayProducer(
        uuid7(), shop.producer_id, "cash", "safe", (PaidLine("outright", later, 1_500),)
    )
    in_transaction(payouts.pay, pay, shop.actor)
    days.gone = 70
    on = FIRST + timedelta(days=70)
    [row] = aged(shop, on).page.items
    assert (row.oldest, row.ages) == (FIRST + timedelta(days=50), Ages(to_30_satang=1_500))
    before = aged(shop, FIRST + timedelta(days=49))
    assert before.ages == Ages(to_60_satang=1_000), "an earlier day is as it was"


def test_consigned_goods_count_from_their_sale_and_a_return_takes_off(
    shop: Shop, days: Days
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 9 * JAR)
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 3 * JAR, 10_000))
    days.gone = 40
    shop.refund(receipt, (1, JAR))
    on = FIRST + timedelta(days=40)
    [row] = aged(shop, on).page.items
    assert (row.oldest, row.ages) == (FIRST, Ages(to_60_satang=16_000))
    assert owed(shop, on) == 16_000


def test_who_owes_us_is_not_listed_and_pages_go_on_by_age(shop: Shop, days: Days) -> None:
    rice = shop.product("ข้าว", 10_000)
    people = [
        in_transaction(producers.create, NewProducer(name=f"คนที่ {n}"), shop.actor) for n in range(3)
    ]
    for gone, person in enumerate(reversed(people)):
        days.gone = gone
        Shop(shop.actor, person.id, shop.till_id).buy(rice, JAR, 1_000 + gone)
    on = FIRST + timedelta(days=5)
    first = aged(shop, on, Window(limit=2))
    assert [row.producer.id for row in first.page.items] == [people[2].id, people[1].id]
    rest = aged(shop, on, Window(first.page.next, 2))
    assert [row.producer.id for row in rest.page.items] == [people[0].id]
    assert rest.page.next is None
    assert first.ages == rest.ages == Ages(3_003)
    assert (first.count, rest.count) == (3, 3)
    assert aged(shop, on, Window("nonsense", 2)).page == first.page
    assert aged_payables.older_than(shop.centre_id, on, 3) == (2, 2_001)
    assert aged_payables.older_than(shop.centre_id, on, 5) == (0, 0)


def test_only_who_may_see_payouts(shop: Shop, stock_keeper: Actor) -> None:
    with pytest.raises(Forbidden):
        aged_payables.listing(stock_keeper, FIRST, Window())
    with pytest.raises(Forbidden):
        aged_payables.everybody(stock_keeper, FIRST)
