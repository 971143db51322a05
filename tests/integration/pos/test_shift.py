"""Shifts on both databases: the drawer is a chain, the count is blind, the difference is posted."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from accounting.rules.book_settings import BookSettingsCard
from accounting.rules.chart import Purpose
from accounting.services import book_settings, ledger
from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from pos.rules.shift import ExpenseNeedsVoucher
from pos.services import shift
from pos.services.sale import RecordSaleLine
from pos.services.shift import (
    CashDiffers,
    MoveCash,
    OpenShift,
    ShiftAlreadyOpen,
)
from pos.services.tills import ShiftClosed
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def books(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


def move(shop: Shop, kind: str, amount: int, category: str = "") -> MoveCash:
    assert shop.shift is not None
    return MoveCash(uuid7(), shop.shift.id, kind, amount, "ค่าน้ำแข็ง", category)


def test_a_short_drawer_posts_the_difference(shop: Shop) -> None:
    shop.open(100_000)
    closed = shop.close((50_000, 1), (10_000, 4), (1000, 8))
    assert (closed.expected_satang, closed.counted_satang) == (100_000, 98_000)
    assert closed.over_short_satang == -2000
    assert books(shop, Purpose.CASH_OVER_SHORT) == 2000
    assert books(shop, Purpose.CASH_TILL) == 98_000


def test_the_next_float_starts_from_what_was_counted(shop: Shop) -> None:
    shop.open(100_000)
    shop.close((100_000, 1))
    shop.open(60_000)
    assert books(shop, Purpose.CASH_TILL) == 60_000
    assert books(shop, Purpose.CASH_SAFE) == -100_000 + 40_000


def test_an_exact_drawer_posts_nothing(shop: Shop) -> None:
    opened = shop.open(100_000)
    shop.close((100_000, 1))
    assert [entry.kind for entry in ledger.entry_of(shop.centre_id, "shift", opened.id)] == [
        "shift_open"
    ]


def test_an_open_shift_tells_nobody_what_it_expects(shop: Shop) -> None:
    opened = shop.open(100_000)
    assert shift.get(shop.centre_id, opened.id).expected_satang is None


def test_a_till_has_one_open_shift(shop: Shop) -> None:
    shop.open()
    with pytest.raises(ShiftAlreadyOpen):
        shop.open()


def test_opening_again_with_the_same_id_is_the_same_shift(shop: Shop) -> None:
    command = OpenShift(uuid7(), shop.till_id, 5000)
    first = in_transaction(shift.open_shift, command, shop.actor)
    assert in_transaction(shift.open_shift, command, shop.actor) == first


def test_cash_in_and_out_reach_the_right_accounts(shop: Shop) -> None:
    shop.open(100_000)
    in_transaction(shift.move_cash, move(shop, "pay_out", 4000), shop.actor)
    in_transaction(shift.move_cash, move(shop, "pay_out", 50_000, "safe"), shop.actor)
    in_transaction(shift.move_cash, move(shop, "pay_in", 1500, "income"), shop.actor)
    assert books(shop, Purpose.EXPENSE_OTHER) == 4000
    assert books(shop, Purpose.OTHER_INCOME) == -1500
    assert books(shop, Purpose.CASH_TILL) == 100_000 - 4000 - 50_000 + 1500


def test_the_same_movement_again_is_recorded_once(shop: Shop) -> None:
    shop.open(100_000)
    command = move(shop, "pay_out", 4000)
    first = in_transaction(shift.move_cash, command, shop.actor)
    assert in_transaction(shift.move_cash, command, shop.actor) == first
    assert books(shop, Purpose.EXPENSE_OTHER) == 4000
    with pytest.raises(CashDiffers):
        in_transaction(
            shift.move_cash,
            MoveCash(command.id, command.shift_id, "pay_out", 5000, command.reason),
            shop.actor,
        )


def test_an_expense_above_the_limit_needs_a_voucher(shop: Shop) -> None:
    shop.open(100_000_00)
    limit = book_settings.of(shop.centre_id).approval_limit_satang
    at_the_limit = move(shop, "pay_out", limit, "expense")
    in_transaction(shift.move_cash, at_the_limit, shop.actor)
    with pytest.raises(ExpenseNeedsVoucher) as refusal:
        in_transaction(shift.move_cash, move(shop, "pay_out", limit + 1), shop.actor)
    assert refusal.value.facts == {"field": "amount_satang", "limit_satang": limit}
    in_transaction(shift.move_cash, move(shop, "pay_out", limit + 1, "safe"), shop.actor)
    in_transaction(shift.move_cash, move(shop, "pay_in", limit + 1), shop.actor)
    assert books(shop, Purpose.EXPENSE_OTHER) == limit


def test_with_no_limit_every_expense_needs_a_voucher(shop: Shop) -> None:
    shop.open(100_000)
    before = move(shop, "pay_out", 4000)
    first = in_transaction(shift.move_cash, before, shop.actor)
    none = BookSettingsCard(approval_limit_satang=0)
    in_transaction(book_settings.change, none, shop.actor)
    with pytest.raises(ExpenseNeedsVoucher):
        in_transaction(shift.move_cash, move(shop, "pay_out", 1), shop.actor)
    assert in_transaction(shift.move_cash, before, shop.actor) == first
    assert books(shop, Purpose.EXPENSE_OTHER) == 4000


def test_a_closed_shift_moves_no_cash(shop: Shop) -> None:
    shop.open(100_000)
    command = move(shop, "pay_out", 4000)
    shop.close((100_000, 1))
    with pytest.raises(ShiftClosed):
        in_transaction(shift.move_cash, command, shop.actor)


def test_closing_again_with_another_count_is_refused(shop: Shop) -> None:
    shop.open(100_000)
    closed = shop.close((100_000, 1))
    assert shop.close((100_000, 1)) == closed
    with pytest.raises(ShiftClosed):
        shop.close((50_000, 1))


def test_sales_in_the_closing_second_are_counted_late_or_refused(shop: Shop, app: Flask) -> None:
    """Eight sellers race with the close: the books hold exactly the sales that were recorded."""
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 200_000)
    opened = shop.open(0)
    start = threading.Barrier(9)
    recorded: list[bool] = []

    def sell() -> None:
        with app.app_context():
            start.wait()
            for _ in range(5):
                try:
                    recorded.append(shop.sell(RecordSaleLine(honey, 1000, 10_000)).late)
                except ShiftClosed:
                    return

    def close() -> None:
        with app.app_context():
            start.wait()
            shop.close()

    threads = [threading.Thread(target=sell) for _ in range(8)]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    closed = shift.get(shop.centre_id, opened.id)
    assert closed.expected_satang == 10_000 * recorded.count(False)
    assert books(shop, Purpose.CASH_TILL) == 0
    # Nothing lay in the drawer: what was sold in time and late is missing alike.
    assert books(shop, Purpose.CASH_OVER_SHORT) == 10_000 * len(recorded)
