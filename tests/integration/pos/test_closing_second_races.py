"""The last moments of six months, raced through the real services on both databases.

Sellers, the count and the lock of the month run at once while the clock passes midnight; tablets
send some bills at once, some later, some twice. Each is in exactly one month in the end, and the
shift's report, its drawer and the journal say the same. The same race is played ten thousand times,
step by step, in `tests/property/test_closing_second.py`.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from accounting.models import JournalEntry
from accounting.rules.periods import first_day, last_day, next_period, period_of
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.clock import BANGKOK
from core.db import db, in_transaction
from pos.models import Sale
from pos.services import month_close, shift, shift_report, verify
from pos.services.sale import RecordSale, RecordSaleLine
from pos.services.tills import ShiftClosed
from tests.closing import lock_month
from tests.shop import Shop, shop_in

MONTHS, SELLERS, SALES = 6, 3, 5
HONEY = 10_000


class Time:
    """A clock that runs, from wherever the test puts it."""

    def __init__(self) -> None:
        self.put(datetime(2026, 10, 30, tzinfo=UTC))

    def put(self, moment: datetime) -> None:
        self.start, self.since = moment, perf_counter()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=perf_counter() - self.since)


@dataclass
class Race:
    """One month's end: the shop, who signs, and what became of each bill."""

    shop: Shop
    period_id: int
    signers: tuple[Actor, Actor]
    line: RecordSaleLine
    chance: random.Random
    shut: threading.Event = field(default_factory=threading.Event)
    made: list[RecordSale] = field(default_factory=list)
    refused: list[RecordSale] = field(default_factory=list)
    in_month: list[int] = field(default_factory=list)
    """How many entries the month had when it was locked."""

    def sell(self) -> None:
        for _ in range(SALES):
            bill = self.shop.command(self.line)
            self.made.append(bill)
            if self.chance.random() < 0.3:  # no line: it waits on the tablet
                self.shut.wait(self.chance.random() / 5)
            for _ in range(self.chance.randint(1, 2)):  # the answer is lost: sent again
                self.send(bill)

    def send(self, bill: RecordSale) -> None:
        try:
            self.shop.record(bill)
        except ShiftClosed:
            if bill not in self.refused:
                self.refused.append(bill)

    def count(self) -> None:
        self.shut.wait(self.chance.random() / 5)
        self.shop.close((HONEY, 3))
        self.shut.set()

    def lock(self) -> None:
        self.shut.wait()
        while period_of(clock.today()) == self.period_id:
            threading.Event().wait(0.002)
        in_transaction(self._locked)

    def _locked(self) -> None:
        lock_month(self.period_id, *self.signers)
        self.in_month.append(entries_in(self.shop.centre_id, self.period_id))


def entries_in(centre_id: int, period_id: int) -> int:
    found = select(func.count()).where(
        JournalEntry.centre_id == centre_id, JournalEntry.period_id == period_id
    )
    return db.session.scalar(found) or 0


def at_once(app: Flask, *works: Callable[[], None]) -> None:
    start, faults = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        with app.app_context():
            start.wait()
            try:
                work()
            except BaseException as fault:
                faults.append(fault)
                raise

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


def test_every_bill_is_in_exactly_one_month(
    centre: Centre, app: Flask, accountant: Actor, manager: Actor
) -> None:
    time, shop = Time(), shop_in(centre)
    with clock.travel(time.now):
        honey = shop.product("น้ำผึ้ง", HONEY)
        shop.consign(honey, 1_000_000)
        line, period_id = RecordSaleLine(honey, 1000, HONEY), 202610
        late = 0
        for number in range(MONTHS):
            midnight = datetime.combine(first_day(next_period(period_id)), datetime.min.time())
            midnight = midnight.replace(tzinfo=BANGKOK)
            time.put(midnight - timedelta(hours=8))
            opened = shop.open(0)
            race = Race(shop, period_id, (accountant, manager), line, random.Random(number))
            time.put(midnight - timedelta(milliseconds=150))
            at_once(app, *[race.sell] * SELLERS, race.count, race.lock)
            late += check(race, opened.id)
            period_id = next_period(period_id)
    assert late, "no bill came late in any month: the race proves nothing"


def check(race: Race, shift_id: UUID) -> int:
    """Bring back what was refused, then compare bills, report, drawer and journal."""
    shop, centre_id = race.shop, race.shop.centre_id
    report = shift_report.of(centre_id, shift_id)
    assert report.drawer.tied
    assert report.late_tied
    on_time = {bill.id for bill in race.made if not_late(shop, bill.id) is True}
    assert report.drawer.sales_satang == HONEY * len(on_time)

    shop.open(0)
    for bill in race.refused:
        assert not_late(shop, bill.id) is None
        assert shop.shift is not None
        again = replace(bill, shift_id=shop.shift.id, occurred_at=clock.now())
        assert not shop.record(again)[0].late
    shop.close()
    for bill in race.made:
        [entry] = ledger.entry_of(centre_id, "sale", bill.id)
        assert entry.posting_date >= entry.business_date
        assert not_late(shop, bill.id) is not None
    [then] = race.in_month
    assert entries_in(centre_id, race.period_id) == then
    for on in (last_day(race.period_id), clock.today()):
        assert [one.ties for one in month_close.ties(centre_id, on)] == [True], on
    bad = [finding for finding in verify.run(centre_id) if not finding.ok]
    assert not bad, bad
    assert shift.current_on(centre_id, shop.till_id) is None
    return len(report.late)


def not_late(shop: Shop, sale_id: UUID) -> bool | None:
    """Tell whether a sale was recorded in time; None when it was not recorded."""
    db.session.rollback()
    found = db.session.scalar(
        select(Sale.late).where(Sale.centre_id == shop.centre_id, Sale.id == sale_id)
    )
    return None if found is None else not found
