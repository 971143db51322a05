"""Two tills, one jar: under `block` exactly one of them sells it, however they race."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from core.actor import Centre
from core.db import db, in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.services import intake, locations, lots, stock, waste
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.stock import IssueLine, IssueOrder, OutOfStock
from inventory.services.waste import RecordWaste
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def on_hand(shop: Shop, product_id: UUID) -> int:
    page = lots.listing(shop.actor, Window(), product_id=product_id, all_lots=True)
    db.session.rollback()
    return sum(lot.on_hand_milli for lot in page.items)


def take(shop: Shop, *lines: IssueLine) -> list[stock.Portion]:
    order = IssueOrder(
        source_type="sale",
        source_id=uuid7(),
        business_date=clock.today(),
        moved_at=clock.now(),
        location_id=locations.shop(shop.centre_id).id,
        lines=lines,
    )
    return in_transaction(stock.issue, order, shop.actor)


def race(app: Flask, *runners: object) -> list[object]:
    """Run all at once, each in a context of its own; return results or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: object) -> object:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()  # type: ignore[operator]
            except OutOfStock as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


@pytest.mark.parametrize("attempt", range(3))
def test_exactly_one_sells_the_last_jar(app: Flask, shop: Shop, attempt: int) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.consign(honey, 1_000)
    results = race(app, *(lambda: take(shop, IssueLine(1, honey, 1_000)) for _ in range(4)))
    assert sum(isinstance(result, list) for result in results) == 1
    assert on_hand(shop, honey) == 0


def test_baskets_in_opposite_order_never_wait_for_each_other(app: Flask, shop: Shop) -> None:
    products = [shop.product(f"สินค้า {number}", 1_000) for number in range(4)]
    for product_id in products:
        shop.buy(product_id, 100_000, 500)
    there = [IssueLine(number, each, 1_000) for number, each in enumerate(products, start=1)]
    back = [
        IssueLine(number, each, 1_000) for number, each in enumerate(reversed(products), start=1)
    ]

    def many(lines: list[IssueLine]) -> object:
        return [take(shop, *lines) for _ in range(10)]

    race(app, lambda: many(there), lambda: many(back), lambda: many(there))
    assert [on_hand(shop, each) for each in products] == [70_000] * 4


def test_the_last_jar_is_sold_or_written_off_never_both(app: Flask, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    [lot] = intake.get(shop.consign(honey, 1_000), shop.actor).lines
    command = RecordWaste(uuid7(), lot.lot_id, 1_000, "แตก", "centre")
    results = race(
        app,
        lambda: take(shop, IssueLine(1, honey, 1_000)),
        lambda: in_transaction(waste.record, command, shop.actor),
    )
    assert sum(isinstance(result, OutOfStock) for result in results) == 1
    assert on_hand(shop, honey) == 0


def test_one_delivery_sent_twice_at_once_is_taken_in_once(app: Flask, shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    command = RecordIntake(
        uuid7(), shop.producer_id, "consignment", (RecordIntakeLine(honey, 5_000),)
    )
    results = race(
        app, *(lambda: in_transaction(intake.record, command, shop.actor) for _ in range(3))
    )
    assert len({result.receipt_no for result in results}) == 1  # type: ignore[attr-defined]
    assert on_hand(shop, honey) == 5_000
