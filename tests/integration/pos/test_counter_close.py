"""What the counter says before a month is closed, and each drawer beside its documents, day by
day: over midnight, over a locked month, and when something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from accounting.rules.attention import Attention, TieOut
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import late, ledger
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import intake
from inventory.services.intake import RecordIntake, RecordIntakeLine
from pos.services import held, month_close, shift_report, verify
from pos.services.held import HoldSale
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.closing import lock_month
from tests.shop import Shop, shop_in

LAST_DAY = datetime(2026, 10, 31, 1, 0, tzinfo=UTC)  # 08.00 in Bangkok
OCTOBER, NOVEMBER = 202610, 202611
HONEY = 10_000


class Day:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = LAST_DAY

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def day() -> Iterator[Day]:
    moving = Day()
    with clock.travel(lambda: moving.now):
        yield moving


@pytest.fixture
def shop(centre: Centre, day: Day) -> Shop:
    shop = shop_in(centre)
    shop.open(100_000)
    day.later(hours=1)
    return shop


def honey(shop: Shop) -> RecordSaleLine:
    product = shop.product("น้ำผึ้ง", HONEY)
    shop.consign(product, 50_000)
    return RecordSaleLine(product, 1000, HONEY)


def said(shop: Shop, period_id: int = OCTOBER) -> dict[str, list[Attention]]:
    found: dict[str, list[Attention]] = {}
    for one in month_close.matters(shop.centre_id, period_id):
        found.setdefault(one.step, []).append(one)
    return found


def drawer(shop: Shop, on: date) -> TieOut:
    [one] = month_close.ties(shop.centre_id, on)
    return one


def books_hold(shop: Shop) -> bool:
    bad = [finding for finding in verify.run(shop.centre_id) if not finding.ok]
    assert not bad, bad
    return True


def test_a_month_waits_for_its_shifts(shop: Shop, day: Day) -> None:
    assert shop.shift is not None
    [one] = said(shop)["shifts"]
    assert (one.count, one.stops, one.documents[0].id) == (1, True, shop.shift.id)
    day.later(days=3)
    # Begun in October, it is November's business too as long as it is open.
    assert said(shop, NOVEMBER)["shifts"][0].count == 1
    assert "shifts" not in said(shop, 202609)
    shop.close((100_000, 1))
    assert said(shop) == {}


def test_money_over_is_shown_and_stops_nothing(shop: Shop) -> None:
    shop.close((100_000, 1), (500, 1))
    [one] = said(shop)["shifts"]
    assert (one.count, one.satang, one.stops) == (1, 500, False)
    assert said(shop, NOVEMBER) == {}


def test_bills_put_aside_by_then_are_shown(shop: Shop, day: Day) -> None:
    def put_aside() -> None:
        note = HoldSale(uuid7(), shop.till_id, "ป้าแดง", {"lines": []})
        in_transaction(held.keep, note, shop.actor)

    put_aside()
    day.later(days=1)
    put_aside()
    shop.close((100_000, 1))
    [one] = said(shop)["held_sales"]
    assert (one.count, one.stops) == (1, False)
    assert said(shop, NOVEMBER)["held_sales"][0].count == 2


def test_what_came_late_is_shown_in_both_months(shop: Shop, day: Day) -> None:
    kept = shop.command(honey(shop))
    day.later(hours=8)
    shop.close((100_000, 1), (10_000, 1))
    day.later(days=5)
    receipt, _ = shop.record(kept)
    for month in (OCTOBER, NOVEMBER):
        [one] = said(shop, month)["late_sales"]
        assert (one.count, one.satang, one.stops) == (1, HONEY, False)
        assert one.documents[0].number == receipt.receipt_no
    assert "late_sales" not in said(shop, 202612)


def test_a_late_sale_of_a_locked_month_counts_today(
    shop: Shop, day: Day, manager: Actor, accountant: Actor
) -> None:
    jar = honey(shop)
    shop.sell(jar)
    kept = shop.command(jar)
    day.later(hours=8)
    closed = shop.close((100_000, 1), (10_000, 2))
    october, the_31st = ledger.balance(shop.centre_id, Purpose.COMMISSION), closed.business_date
    day.later(days=9)
    in_transaction(lock_month, OCTOBER, accountant, manager)

    receipt, _ = shop.record(kept)
    assert receipt.late and receipt.business_date == the_31st
    [entry] = ledger.entry_of(shop.centre_id, "sale", kept.id)
    assert (entry.business_date, entry.posting_date) == (the_31st, clock.today())
    # October stays what was signed; November has the sale, and October's money over with it.
    assert ledger.balance(shop.centre_id, Purpose.COMMISSION, until=the_31st) == october
    assert ledger.balance(shop.centre_id, Purpose.CASH_OVER_SHORT, until=the_31st) == -HONEY
    assert ledger.balance(shop.centre_id, Purpose.CASH_OVER_SHORT) == 0
    assert late.amendment(shop.centre_id, OCTOBER).count == 1
    for on in (the_31st, clock.today()):
        assert drawer(shop, on).ties
    report = shift_report.of(shop.centre_id, closed.id)
    assert report.drawer.tied and report.late_tied and report.over_short_satang == 0
    assert books_hold(shop)


def test_a_shift_left_open_over_a_locked_month_still_sells_and_closes(
    shop: Shop, day: Day, manager: Actor, accountant: Actor
) -> None:
    """Whoever waived the step: what the drawer does from then on counts in the open month."""
    jar = honey(shop)
    shop.sell(jar)
    day.later(days=9)
    in_transaction(lock_month, OCTOBER, accountant, manager)
    receipt = shop.sell(jar)
    assert not receipt.late
    closed = shop.close((100_000, 1), (10_000, 1))
    assert closed.over_short_satang == -HONEY
    at_end = drawer(shop, closed.business_date)
    assert (at_end.ledger_satang, at_end.sub_ledger_satang) == (110_000, 110_000)
    today = drawer(shop, clock.today())
    assert (today.ledger_satang, today.sub_ledger_satang) == (110_000, 110_000)
    assert books_hold(shop)


def test_what_a_drawer_pays_after_midnight_is_the_next_days(shop: Shop, day: Day) -> None:
    rice = shop.product("ข้าว", 5_000)
    day.later(hours=17)
    assert shop.shift is not None
    command = RecordIntake(
        id=uuid7(),
        producer_id=shop.producer_id,
        kind="outright",
        lines=(RecordIntakeLine(rice, gross_milli=10_000, unit_cost_satang=3_000),),
        paid="cash",
        shift_id=shop.shift.id,
    )
    in_transaction(intake.record, command, shop.actor)
    held_on: dict[bool, list[int]] = {}
    for closed in (False, True):
        for on in (date(2026, 10, 31), date(2026, 11, 1)):
            tie = drawer(shop, on)
            assert tie.ties
            held_on.setdefault(closed, []).append(tie.ledger_satang)
        if not closed:
            shop.close((50_000, 1), (10_000, 2))
    assert held_on == {False: [100_000, 70_000], True: [100_000, 70_000]}


def test_a_drawer_ties_on_every_day_and_a_fault_names_its_shift(shop: Shop, day: Day) -> None:
    jar = honey(shop)
    shop.sell(jar, pay=(RecordPayment("cash", 10_000),))
    day.later(hours=8)
    shop.close((100_000, 1), (10_000, 1))
    day.later(days=1)
    second = shop.open(50_000)
    shop.sell(replace(jar, quantity_milli=2000))
    for on, cash in ((30, 0), (31, 110_000)):
        found = list(month_close.ties(shop.centre_id, date(2026, 10, on)))
        assert [tie.ledger_satang for tie in found] == ([cash] if cash else [])
        assert all(tie.ties for tie in found)
    assert drawer(shop, clock.today()).ledger_satang == 70_000

    wrong = (
        NewLine(Purpose.CASH_TILL, debit=700, till_id=shop.till_id),
        NewLine(Purpose.CASH_SAFE, credit=700),
    )
    entry = NewEntry("opening", "opening", uuid7(), clock.today(), clock.now(), wrong)
    in_transaction(ledger.post, entry, shop.actor)
    tie = drawer(shop, clock.today())
    assert (tie.difference_satang, [one.id for one in tie.documents]) == (700, [second.id])
    shop.close((50_000, 1), (10_000, 2))
    tie = drawer(shop, clock.today())
    assert tie.ties  # the count found it: 7 baht were posted as short
    assert drawer(shop, date(2026, 10, 31)).ties
