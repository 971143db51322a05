"""Goods leave from lots and come back to them, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import event

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.services import intake, levels, locations, lots, stock
from inventory.services.intake import CancelIntake, RecordIntake, RecordIntakeLine
from inventory.services.stock import (
    IssueLine,
    IssueOrder,
    OutOfStock,
    Portion,
    ReturnLine,
    ReturnOrder,
)
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def order(shop: Shop, *lines: IssueLine) -> IssueOrder:
    return IssueOrder(
        source_type="sale",
        source_id=uuid7(),
        business_date=clock.today(),
        moved_at=clock.now(),
        location_id=locations.shop(shop.centre_id).id,
        lines=lines,
    )


def take(shop: Shop, *lines: tuple[UUID, int]) -> tuple[IssueOrder, list[Portion]]:
    wanted = order(
        shop,
        *(
            IssueLine(number, product_id, quantity, base_satang=quantity)
            for number, (product_id, quantity) in enumerate(lines, start=1)
        ),
    )
    return wanted, in_transaction(stock.issue, wanted, shop.actor)


def give_back(shop: Shop, sold: IssueOrder, *lines: tuple[int, int]) -> list[Portion]:
    back = ReturnOrder(
        source_type="refund",
        source_id=uuid7(),
        business_date=clock.today(),
        moved_at=clock.now(),
        location_id=sold.location_id,
        lines=[ReturnLine(*line) for line in lines],
        original_type="sale",
        original_id=sold.source_id,
    )
    return in_transaction(stock.take_back, back, shop.actor)


def level(shop: Shop, product_id: UUID) -> tuple[int, int]:
    """What lies on the shelf of a product: quantity and book value."""
    page = lots.listing(shop.actor, Window(limit=200), product_id=product_id, all_lots=True)
    db.session.rollback()
    return sum(lot.on_hand_milli for lot in page.items), sum(lot.value_satang for lot in page.items)


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        seen.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_goods_leave_from_what_expires_first(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.consign(honey, 5_000)
    soon = RecordIntakeLine(honey, 5_000, expires_on=date(2027, 1, 1))
    command = RecordIntake(uuid7(), shop.producer_id, "consignment", (soon,))
    in_transaction(intake.record, command, shop.actor)
    _, portions = take(shop, (honey, 7_000))
    assert [portion.quantity_milli for portion in portions] == [5_000, 2_000]
    first, second = (stock.lot(portion.lot_id, shop.actor).card for portion in portions)
    assert (first.expires_on, second.expires_on) == (date(2027, 1, 1), None)
    assert (first.on_hand_milli, second.on_hand_milli) == (0, 3_000)


def test_own_goods_take_their_cost_and_consigned_goods_their_share(shop: Shop) -> None:
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.buy(banana, 30_000, 1_200)
    shop.consign(honey, 20_000, split=8_000)
    wanted = order(
        shop,
        IssueLine(1, banana, 2_500, base_satang=5_000),
        IssueLine(2, honey, 1_000, base_satang=12_000, producer_discount_satang=1_000),
    )
    own, consigned = in_transaction(stock.issue, wanted, shop.actor)
    assert (own.ownership, own.cost_satang, own.base_satang, own.share_satang) == (
        "own", 3_000, 0, 0,
    )  # fmt: skip
    assert consigned.ownership == "consigned"
    assert (consigned.cost_satang, consigned.base_satang) == (0, 12_000)
    assert consigned.share_satang == 9_600 - 1_000
    assert level(shop, banana) == (27_500, 33_000)


def test_two_lines_of_one_product_share_its_lots(shop: Shop) -> None:
    rice = shop.product("ข้าว", 4_000, by_weight=True)
    shop.buy(rice, 1_000, 1_001)
    shop.buy(rice, 1_000, 2_000)
    _, portions = take(shop, (rice, 700), (rice, 800))
    assert [(p.line_no, p.quantity_milli) for p in portions] == [(1, 700), (2, 300), (2, 500)]
    assert sum(p.cost_satang for p in portions[:2]) == 1_001
    assert level(shop, rice) == (500, 1_000)


def test_blocked_centre_refuses_what_is_not_there_and_writes_nothing(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.consign(honey, 2_000)
    with pytest.raises(OutOfStock) as refusal:
        take(shop, (honey, 1_000), (honey, 2_000))
    facts = refusal.value.facts
    assert facts["name_th"] == "น้ำผึ้ง"
    assert (facts["line_no"], facts["asked_milli"], facts["available_milli"]) == (2, 2_000, 1_000)
    assert level(shop, honey) == (2_000, 0)


def test_trusting_centre_sells_below_zero_and_says_so(shop: Shop) -> None:
    shop = shop.under(oversell_policy="allow_and_flag")
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    shop.buy(banana, 1_000, 1_200)
    _, portions = take(shop, (banana, 3_000))
    assert [(p.quantity_milli, p.cost_satang, p.oversold) for p in portions] == [
        (3_000, 3_600, True)
    ]
    assert level(shop, banana) == (-2_000, -2_400)
    _, again = take(shop, (banana, 1_000))
    assert (again[0].cost_satang, again[0].oversold) == (1_200, True)
    assert level(shop, banana) == (-3_000, -3_600)


def test_trusting_centre_still_needs_to_have_had_the_product(shop: Shop) -> None:
    shop = shop.under(oversell_policy="allow_and_flag")
    with pytest.raises(OutOfStock):
        take(shop, (shop.product("ของใหม่", 100), 1_000))


def test_trusting_centre_does_not_oversell_a_cancelled_delivery(
    shop: Shop, stock_keeper: Actor
) -> None:
    shop = shop.under(oversell_policy="allow_and_flag")
    honey = shop.product("น้ำผึ้ง", 12_000)
    receipt_id = shop.consign(honey, 2_000)
    in_transaction(intake.cancel, CancelIntake(receipt_id, "ผิดคน"), stock_keeper)
    with pytest.raises(OutOfStock):
        take(shop, (honey, 1_000))


@pytest.mark.parametrize("policy", ["block", "allow_and_flag"])
@pytest.mark.parametrize("lines", [1, 3, 40])
def test_an_issue_is_three_statements_whatever_the_number_of_lines(
    shop: Shop, policy: str, lines: int
) -> None:
    shop = shop.under(oversell_policy=policy)
    products = [shop.product(f"สินค้า {number}", 1_000) for number in range(min(lines, 5))]
    for product_id in products:
        shop.buy(product_id, 4_000, 500)
        shop.buy(product_id, 100_000, 500)
    wanted = order(
        shop,
        *(
            IssueLine(number, products[number % len(products)], 1_000)
            for number in range(1, lines + 1)
        ),
    )
    counts: list[int] = []

    def counted(action: Callable[[], object]) -> None:
        with statements() as seen:
            action()
        counts.append(len([text for text in seen if not text.startswith("BEGIN")]))

    locations.outside(shop.centre_id, "customer")
    in_transaction(lambda: counted(lambda: stock.issue(wanted, shop.actor)))
    assert counts == [3]


def test_goods_come_back_to_their_lots_in_parts_and_sum_to_what_left(shop: Shop) -> None:
    rice = shop.product("ข้าว", 4_000, by_weight=True)
    shop.buy(rice, 1_000, 1_001)
    shop.consign(rice, 1_000, split=3_333)
    before = level(shop, rice)
    sold, portions = take(shop, (rice, 1_700))
    back = [piece for part in (333, 1_100, 267) for piece in give_back(shop, sold, (1, part))]
    for lot_id in {portion.lot_id for portion in portions}:
        for name in ("quantity_milli", "cost_satang", "base_satang", "share_satang"):
            left = sum(getattr(p, name) for p in portions if p.lot_id == lot_id)
            assert sum(getattr(p, name) for p in back if p.lot_id == lot_id) == left, name
    assert [piece.lot_id for piece in back[:2]] == [portions[0].lot_id] * 2
    assert level(shop, rice) == before


def test_more_than_left_cannot_come_back(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.consign(honey, 2_000)
    sold, _ = take(shop, (honey, 2_000))
    give_back(shop, sold, (1, 1_000))
    with pytest.raises(AssertionError):
        give_back(shop, sold, (1, 2_000))
    assert level(shop, honey) == (1_000, 0)


def test_goods_may_come_back_to_another_place(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.buy(honey, 2_000, 8_000)
    sold, portions = take(shop, (honey, 2_000))
    store = next(one for one in locations.listing(shop.centre_id) if one.code == "STORE")
    give_back(shop, replace(sold, location_id=store.id), (1, 1_000))
    assert stock.lot(portions[0].lot_id, shop.actor).card.on_hand_milli == 1_000
    assert level(shop, honey) == (1_000, 8_000)


def test_returns_cost_few_statements_whatever_the_number_of_lines(shop: Shop) -> None:
    products = [shop.product(f"สินค้า {number}", 1_000) for number in range(8)]
    for product_id in products:
        shop.buy(product_id, 4_000, 500)
    sold, _ = take(shop, *((product_id, 2_000) for product_id in products))
    with statements() as seen:
        give_back(shop, sold, *((number, 1_000) for number in range(1, 9)))
    assert len([text for text in seen if not text.startswith("BEGIN")]) <= 5


def test_a_lot_tells_its_whole_history(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.buy(honey, 3_000, 8_000)
    sold, portions = take(shop, (honey, 2_000))
    give_back(shop, sold, (1, 1_000))
    doc = stock.lot(portions[0].lot_id, shop.actor)
    assert [(row.move.source_type, row.change_milli, row.on_hand_milli) for row in doc.moves] == [
        ("goods_receipt", 3_000, 3_000),
        ("sale", -2_000, 1_000),
        ("refund", 1_000, 2_000),
    ]
    assert doc.card.on_hand_milli == 2_000
    assert doc.card.value_satang == 16_000


@pytest.mark.parametrize("may_oversell", [False, True])
def test_lots_sold_out_are_not_read_again(shop: Shop, may_oversell: bool) -> None:
    """Lots pile up for years; a sale reads those on hand by their own index."""
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by how much there is")
    asked = {"centre_id": 1, "location_id": uuid7(), "product_ids": [uuid7(), uuid7()]}
    ran: list[tuple[str, object]] = []
    event.listen(connection, "after_cursor_execute", lambda *of: ran.append((of[2], of[3])))
    connection.execute(levels._SHELVES[may_oversell], asked)
    statement, given = ran[0]
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    steps = [str(row[3]) for row in plan]
    assert any("ix_stock_level_on_hand" in step for step in steps)
    assert not [step for step in steps if "stock_level" in step and step.endswith("(centre_id=?)")]
