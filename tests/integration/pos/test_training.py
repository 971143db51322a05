"""Training posts nothing: a whole practice shift is played, and every row is as it was."""

from __future__ import annotations

from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import Base, db, in_rehearsal, in_transaction, remembered
from core.ids import uuid7
from core.quantity import MILLI
from pos.api import training as practice
from pos.services import shift, training, verify
from pos.services.sale import RecordSaleLine
from pos.services.training import NotPractised, TrainingMoved
from tests.shop import Shop, shop_in


def everything() -> dict[str, list[Any]]:
    """Return every row of every table, in an order of their own."""
    db.session.rollback()
    return {
        name: sorted(map(repr, db.session.execute(select(table)).all()))
        for name, table in Base.metadata.tables.items()
    }


def step(method: str, path: str, /, **body: Any) -> dict[str, Any]:
    return {"method": method, "path": path, "body": body}


def sale_step(shop: Shop, shift_id: UUID, product_id: UUID, **line: Any) -> dict[str, Any]:
    known = {"product_id": str(product_id), "quantity_milli": MILLI, "unit_price_satang": 10_000}
    return step(
        "PUT",
        f"/sales/{uuid7()}",
        till_id=str(shop.till_id),
        shift_id=str(shift_id),
        occurred_at=clock.now().isoformat(),
        lines=[known | line],
        payments=[{"method": "cash", "amount_satang": 20_000}],
    )


@pytest.fixture
def shop(cashier: Actor) -> Shop:
    return shop_in(cashier.centre)


def test_a_whole_practice_shift_leaves_every_table_as_it_was(shop: Shop, cashier: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 5_000)
    shop.open()
    shop.sell(RecordSaleLine(honey, MILLI, 10_000))
    before = everything()
    shift_id, movement = uuid7(), uuid7()
    opened = step("PUT", f"/shifts/{shift_id}", till_id=str(shop.till_id), float_satang=50_000)
    first = sale_step(shop, shift_id, honey)
    second = sale_step(shop, shift_id, honey)
    refund = step(
        "PUT",
        f"/refunds/{uuid7()}",
        sale_id=first["path"].rsplit("/", 1)[1],
        till_id=str(shop.till_id),
        shift_id=str(shift_id),
        reason="ลอง",
        method="cash",
        lines=[{"line_no": 1, "quantity_milli": MILLI}],
    )
    paid_in = step(
        "PUT",
        f"/cash_movements/{movement}",
        shift_id=str(shift_id),
        kind="pay_in",
        amount_satang=1_000,
        reason="ลอง",
    )
    held = uuid7()
    aside = step(
        "PUT", f"/held_sales/{held}", till_id=str(shop.till_id), label="ลอง", content={"lines": []}
    )
    recalled = step("DELETE", f"/held_sales/{held}")
    counted = [{"denomination_satang": 10_000, "count": 6}]
    closed = step("POST", f"/shifts/{shift_id}/close", counts=counted)
    steps = [opened, first, second, refund, paid_in, aside, recalled]
    answer = in_rehearsal(practice._play, shop.till_id, steps[:3], cashier)
    assert answer["receipt_no"].startswith("TRAIN-")
    assert answer["receipt_no"].endswith("00002")
    again = in_rehearsal(practice._play, shop.till_id, steps[:2], cashier)
    assert again["receipt_no"].endswith("00001"), "the same steps give the same numbers"
    found = step("GET", f"/sales?receipt_no={again['receipt_no']}")
    read = in_rehearsal(practice._play, shop.till_id, [*steps[:3], found], cashier)
    assert read["sales"][0]["receipt_no"] == again["receipt_no"]
    listed = step("GET", "/held_sales?till_id=any")
    shelf = in_rehearsal(practice._play, shop.till_id, [*steps[:6], listed], cashier)
    assert [one["label"] for one in shelf] == ["ลอง"]
    end = in_rehearsal(practice._play, shop.till_id, [*steps, closed], cashier)
    # 500 float + 200 sold − 100 given back + 10 in = 610 expected, 600 counted.
    assert end["expected_satang"] == 61_000
    assert end["over_short_satang"] == -1_000
    assert everything() == before
    assert shift.current_on(shop.centre_id, shop.till_id) is not None
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []


def test_training_follows_the_rules_of_the_real_counter(shop: Shop, cashier: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 1_000)
    before = everything()
    shift_id = uuid7()
    opened = step("PUT", f"/shifts/{shift_id}", till_id=str(shop.till_id), float_satang=0)
    wrong = sale_step(shop, shift_id, honey, unit_price_satang=9_000)
    with pytest.raises(Exception, match="price-changed"):
        in_rehearsal(practice._play, shop.till_id, [opened, wrong], cashier)
    with pytest.raises(TrainingMoved):
        in_rehearsal(practice._play, shop.till_id, [opened, wrong, opened], cashier)
    with pytest.raises(NotPractised):
        in_rehearsal(practice._play, shop.till_id, [step("PUT", "/products/1")], cashier)
    with pytest.raises(AssertionError):
        in_transaction(training.begin, shop.till_id, cashier)
    assert everything() == before


@pytest.mark.parametrize("run", [in_rehearsal, in_transaction])
def test_others_learn_nothing_of_rows_that_may_be_taken_back(
    run: Any, app: Flask, cashier: Actor
) -> None:
    told: list[int | None] = []

    def another_till() -> None:
        with app.app_context():
            told.append(remembered("a month", lambda: None))

    def practise() -> None:
        assert remembered("a month", lambda: 1) == 1
        assert remembered("a month", lambda: None) == 1
        thread = Thread(target=another_till)
        thread.start()
        thread.join(10)

    run(practise)
    another_till()
    assert told == [None, None if run is in_rehearsal else 1]
