"""Days of any trade for tests of the manager's day: a clock to move, goods, sales and refunds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from core import clock
from core.db import in_transaction
from members.services import producers
from members.services.producers import NewProducer
from pos.rules.day_figures import Days
from pos.services import receipts
from pos.services.day_figures import reading, rolling
from pos.services.receipts import Receipt
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop

FIRST = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)  # a Monday, 08.00 in Bangkok
DAYS = 6
PRICES = (1_000, 2_525, 9_990)


class Moving:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = FIRST

    def to(self, day: int, hour: int = 1) -> None:
        self.now = FIRST.replace(hour=0) + timedelta(days=day, hours=hour)


def on(day: int) -> date:
    return clock.business_date(FIRST) + timedelta(days=day)


def stocked(shop: Shop) -> list[UUID]:
    """Three goods; the second from two producers, so that a line draws on both."""
    found = [shop.product(f"ของ {number}", price) for number, price in enumerate(PRICES)]
    shop.buy(found[0], 900_000, 600)
    shop.consign(found[1], 3_000, split=8_000)
    other = replace(shop, producer_id=another_producer(shop))
    other.consign(found[1], 900_000, split=7_000)
    shop.consign(found[2], 900_000, split=7_500)
    return found


def another_producer(shop: Shop) -> UUID:
    return in_transaction(producers.create, NewProducer(name="ลุงเขียว"), shop.actor).id


def trade(shop: Shop, moving: Moving, seed: int) -> list[Receipt]:
    """Any days of sales and refunds; a midnight is passed with the shift open now and then."""
    dice = random.Random(seed)
    things = stocked(shop)
    sold: list[Receipt] = []
    for day in range(DAYS):
        moving.to(day)
        shop.open(50_000)
        for _ in range(dice.randrange(1, 6)):
            moving.to(day, dice.choice([1, 3, 5, 11, 18]))
            lines = [
                RecordSaleLine(things[one], dice.randrange(1, 4) * 1000, PRICES[one])
                for one in dice.sample(range(3), dice.randrange(1, 4))
            ]
            due = sum(line.unit_price_satang * line.quantity_milli // 1000 for line in lines)
            pay = dice.choice(
                [(RecordPayment("cash", 100_000),), (RecordPayment("promptpay", due),)]
            )
            sold.append(shop.sell(*lines, pay=pay))
        if dice.random() < 0.6:
            receipt = dice.choice(sold)
            if not receipts.get(receipt.id, shop.actor).refunds:
                shop.refund(receipt, (1, 1000), method=dice.choice(["cash", "transfer"]))
        moving.to(day, 19)
        shop.close((100, dice.randrange(0, 2_000)))
    moving.to(DAYS, 2)
    return sold


def roll_all(shop: Shop) -> int:
    done = 0
    for day in rolling.due(shop.centre_id):
        in_transaction(rolling.roll, shop.centre_id, day)
        done += 1
    return done


def period(shop: Shop, first: int = 0, last: int = DAYS) -> reading.Read:
    return reading.open_period(Days(on(first), on(last)), shop.actor)
