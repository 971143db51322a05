"""Any season, with months locked and sales that come late: every control account always ties.

After each step the room's accounts agree with their documents at the end of today; and every day
gone by still shows what it showed then, unless a sale came for it while its month was open.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from accounting.rules.periods import period_of
from accounting.services import periods
from accounting.services import tie_outs as book_ties
from core import clock
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.rules.payouts import PaidLine
from inventory.services import (
    aged_payables,
    cancellation,
    control_accounts,
    payouts,
    repayments,
    tie_outs,
)
from inventory.services.advances import outstanding
from inventory.services.cancellation import CancelIntake
from inventory.services.payouts import PayProducer
from inventory.services.repayments import Repay
from inventory.services.stock import OutOfStock
from members.services import producers
from members.services.producers import NewProducer
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from tests.closing import lock_month
from tests.property.test_producer_machine import JARS, PRICES, ProducerMachine, Sold, share_of

ROOMS_OWN = len(control_accounts.ALL)
Figures = dict[str, tuple[int, int]]


class TieOutMachine(ProducerMachine):
    """The producers' season, with own goods bought and sold, late sales and locked months."""

    def __init__(self) -> None:
        super().__init__()
        seller = in_transaction(producers.create, NewProducer(name="ร้านข้าว"), self.shop.actor)
        self.seller = replace(self.shop, producer_id=seller.id)
        self.rice = self.shop.product("ข้าว", 4_000)
        self.bags = 0
        self.remembered: dict[date, Figures] = {}
        self.offline: list[tuple[RecordSale, int, date]] = []

    # --- own goods ---------------------------------------------------------------------------

    @rule(bags=st.integers(1, 5), cost=st.integers(1, 3_333))
    def buy(self, bags: int, cost: int) -> None:
        self.seller.buy(self.rice, bags * JARS, cost)
        self.bags += bags

    @rule(bags=st.integers(1, 5))
    def buy_and_send_back(self, bags: int) -> None:
        receipt = self.seller.buy(self.rice, bags * JARS, 2_000)
        in_transaction(cancellation.cancel, CancelIntake(receipt, "ผิดชนิด"), self.shop.actor)

    @precondition(lambda self: self.bags)
    @rule(back=st.booleans())
    def sell_rice(self, back: bool) -> None:
        pay = (RecordPayment("cash", 4_000),)
        receipt = self.shop.sell(RecordSaleLine(self.rice, JARS, 4_000), pay=pay)
        if back:
            self.shop.refund(receipt, (1, JARS))
        else:
            self.bags -= 1

    @rule(part=st.integers(1, 3))
    def pay_for_rice(self, part: int) -> None:
        due = payouts.due(self.staff.accountant, self.seller.producer_id)
        if not due.lines:
            return
        line = due.lines[0]
        paid = PaidLine(line.kind, line.document_id, max(line.left_satang // part, 1))
        command = PayProducer(uuid7(), self.seller.producer_id, "cash", "safe", (paid,))
        in_transaction(payouts.pay, command, self.staff.accountant)

    @rule(index=st.integers(0, 1))
    def repay(self, index: int) -> None:
        shop, model = self.whose(index)
        out = outstanding(shop.centre_id, [shop.producer_id]).get(shop.producer_id)
        if out:
            satang = out[0].left_satang
            in_transaction(
                repayments.repay, Repay(uuid7(), shop.producer_id, satang, "safe"), shop.actor
            )
            model.advanced -= satang

    # --- days, months, and what comes late -----------------------------------------------------

    @rule(days=st.sampled_from([1, 2, 20]))
    def wait(self, days: int) -> None:
        """End the day: the drawer is counted, and another day's shift begins."""
        self.shop.close()
        self.remembered[clock.today()] = self.figures(clock.today())
        self.days += days
        opened = self.shop.open()
        for shop in (*self.shops, self.seller):
            shop.shift = opened

    @rule()
    def lock_what_is_over(self) -> None:
        """Lock every month before this one that the season has seen."""
        first = self.first_month()
        for period_id in sorted({period_of(day) for day in self.remembered}):
            if first <= period_id < period_of(clock.today()) and self.is_open(period_id):
                in_transaction(lock_month, period_id, self.staff.accountant, self.staff.manager)

    def first_month(self) -> int:
        return min((period_of(day) for day in self.remembered), default=0)

    def is_open(self, period_id: int) -> bool:
        found = periods.state_of(self.shop.centre_id, period_id) == "open"
        db.session.rollback()
        return found

    @rule(index=st.integers(0, 1))
    def sell_offline(self, index: int) -> None:
        shop, model = self.whose(index)
        if model.shelf < 1:
            return
        line = RecordSaleLine(self.goods[index], JARS, PRICES[index])
        command = shop.command(line, pay=(RecordPayment("cash", PRICES[index]),))
        model.shelf -= 1
        self.offline.append((command, index, clock.today()))

    @precondition(lambda self: self.offline)
    @rule()
    def reach_the_net(self) -> None:
        command, index, day = self.offline.pop(0)
        shop, model = self.whose(index)
        try:
            receipt, _ = shop.record(command)
        except OutOfStock:
            model.shelf += 1
            return
        share = share_of(index, 1)
        model.earned += share
        self.sold.append(Sold(receipt, index, 1, share))
        if self.is_open(period_of(day)):
            for later in [one for one in self.remembered if one >= day]:
                self.remembered[later] = self.figures(later)

    # --- what holds at every moment ------------------------------------------------------------

    def figures(self, on: date) -> Figures:
        centre_id = self.shop.centre_id
        found = list(tie_outs.ties(centre_id, on))
        if on == clock.today():
            found += book_ties.ties(centre_id, on)
        apart = [tie for tie in found if not tie.ties]
        assert not apart, apart
        return {tie.key: (tie.ledger_satang, tie.sub_ledger_satang) for tie in found[:ROOMS_OWN]}

    @invariant()
    def everything_ties_today(self) -> None:
        today = clock.today()
        figures = self.figures(today)
        rows = aged_payables.everybody(self.staff.accountant, today)
        assert all(row.oldest <= today and row.ages.total_satang > 0 for row in rows)
        due = -figures["consignment"][0] - figures["outright"][0]
        assert sum(row.ages.total_satang for row in rows) >= due, "who owes us is not listed"
        old = [row.ages.total_satang - row.ages.to_30_satang for row in rows]
        quickly = aged_payables.older_than(self.shop.centre_id, today, 30)
        assert quickly == (sum(map(bool, old)), sum(old))

    @invariant()
    def days_gone_by_stay_what_they_were(self) -> None:
        days = sorted(self.remembered)
        for day in {*days[:1], *days[-1:]}:
            assert self.figures(day) == self.remembered[day]

    def teardown(self) -> None:
        try:
            for day, figures in self.remembered.items():
                assert self.figures(day) == figures
            before = min(self.remembered, default=clock.today()) - timedelta(days=1)
            assert set(self.figures(before).values()) == {(0, 0)}
        finally:
            super().teardown()


def test_any_season_ties_at_every_day(app: Flask) -> None:
    examples = int(os.environ.get("SUNRUAM_TEST_EXAMPLES", "14")) // 2
    run_state_machine_as_test(
        TieOutMachine,
        settings=settings(
            max_examples=max(examples, 1),
            stateful_step_count=20,
            deadline=None,
            # Without shrinking: a failure prints its steps, and CI ends in time.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
