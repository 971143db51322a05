"""Any mix of sales, losses, counts and roads between two centres; `verify` over both after it.

The model keeps what truly lies on the shelf, which nobody tells the books of until it is counted.
Once every count is approved, the books are the truth, and no goods and no satang are made or lost.
"""

from __future__ import annotations

import os
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import Lot, StockLevel
from inventory.services import locations
from inventory.services.counts import approval, documents, sheets
from inventory.services.counts.approval import ApproveCount
from inventory.services.counts.sheets import CountedLot, NothingToCount, PrintSheet, RecordCount
from inventory.services.transfers import arrivals, differences, sending
from inventory.services.transfers.arrivals import ArrivedLine, ReceiveGoods
from inventory.services.transfers.differences import SettleDifference, SettleLine
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services.centres import NewCentre
from pos.services import founding, verify
from pos.services.sale import RecordSaleLine
from tests.shop import shop_in
from tests.waiving import waive

PRICE, COST = 10_000, 600
"""Goods 0 are consigned at 80/20, goods 1 are bought at 6 baht."""


class CountsMachine(RuleBasedStateMachine):
    """Deliveries, sales, losses nobody sees, counts, and goods sent next door."""

    def __init__(self) -> None:
        super().__init__()
        code = uuid7().hex[-12:]
        actor = in_transaction(founding.found, NewCentre(code=code, name_th="ศูนย์", name_en=code))
        waive(actor, "count")
        there = NewCentre(
            code=f"N{code[1:]}",
            name_th="ข้างเคียง",
            name_en="Next",
            network_id=actor.centre.network_id,
        )
        self.there: Actor = in_transaction(founding.found, there)
        self.shop = shop_in(actor.centre)
        self.shop.open()
        self.place = locations.shop(self.shop.centre_id).id
        self.goods = [self.shop.product(f"ของ {good}", PRICE) for good in range(2)]
        self.truth = [0, 0]
        self.next_door = [0, 0]
        self.pending: list[UUID] = []
        self.road: list[tuple[UUID, int, int]] = []
        self.short: list[tuple[UUID, int, int]] = []
        self.in_transit = 0
        self.unseen = False
        """Whether something went missing since the last count."""
        self.overlapped = False
        """Whether two sheets were open at once: unlabelled jars are then anybody's."""

    def _lots(self, good: int | None = None) -> dict[UUID, tuple[int, int]]:
        """Return the lots with anything on the shelf: which goods, and how many by the books."""
        query = (
            select(Lot.id, Lot.product_id, StockLevel.quantity_milli)
            .join(
                StockLevel,
                (StockLevel.centre_id == Lot.centre_id) & (StockLevel.lot_id == Lot.id),
            )
            .where(Lot.centre_id == self.shop.centre_id, StockLevel.location_id == self.place)
        )
        rows = db.session.execute(query.order_by(Lot.id)).all()
        db.session.rollback()
        found = {lot: (self.goods.index(product), milli // 1000) for lot, product, milli in rows}
        return {
            lot: (which, pieces)
            for lot, (which, pieces) in found.items()
            if good is None or which == good
        }

    def _book(self, good: int) -> int:
        return sum(pieces for _, pieces in self._lots(good).values())

    @rule(good=st.integers(0, 1), pieces=st.integers(1, 9))
    def deliver(self, good: int, pieces: int) -> None:
        if good == 0:
            self.shop.consign(self.goods[0], pieces * 1000)
        else:
            self.shop.buy(self.goods[1], pieces * 1000, COST)
        self.truth[good] += pieces

    @rule(good=st.integers(0, 1), pieces=st.integers(1, 4))
    def sell(self, good: int, pieces: int) -> None:
        on_sale = sum(max(level, 0) for _, level in self._lots(good).values())
        if pieces > min(self.truth[good], on_sale):
            return
        self.shop.sell(RecordSaleLine(self.goods[good], pieces * 1000, PRICE))
        self.truth[good] -= pieces

    @rule(good=st.integers(0, 1))
    def lose(self, good: int) -> None:
        if self.truth[good]:
            self.truth[good] -= 1
            self.unseen = True

    @rule(twice=st.booleans())
    def count(self, twice: bool) -> None:
        """Count all that truly lies there, whichever lots people take the jars for."""
        try:
            sheet = in_transaction(sheets.make, PrintSheet(uuid7(), self.place), self.shop.actor)
        except NothingToCount:
            return
        left = list(self.truth)
        level = self._lots()
        named = [line.lot_id for line in documents.get(sheet, self.shop.actor).lines]
        figures = dict.fromkeys(named, 0)
        for good in range(2):
            mine = [lot for lot in named if level[lot][0] == good]
            for lot in mine:
                figures[lot] = min(max(level[lot][1], 0), left[good])
                left[good] -= figures[lot]
            if left[good] and mine:
                figures[mine[-1]] += left[good]
                left[good] = 0
        lines = tuple(CountedLot(lot, pieces * 1000) for lot, pieces in figures.items())
        for round_no in (1, 2):
            now = RecordCount(sheet, round_no, clock.now(), lines)
            in_transaction(sheets.record, now, self.shop.actor)
        self.unseen = False
        self.overlapped = self.overlapped or bool(self.pending)
        self.pending.append(sheet)
        if twice:
            self.approve()

    @precondition(lambda self: self.pending)
    @rule()
    def approve(self) -> None:
        sheet = self.pending.pop()
        for _ in range(2):
            in_transaction(approval.approve, ApproveCount(sheet), self.shop.actor)
        if not (self.pending or self.unseen or self.overlapped):
            assert [self._book(good) for good in range(2)] == self.truth
        self.overlapped = self.overlapped and bool(self.pending)

    @rule(pieces=st.integers(1, 5), data=st.data())
    def send(self, pieces: int, data: st.DataObject) -> None:
        lots = [
            (lot, good)
            for lot, (good, level) in self._lots().items()
            if pieces <= min(level, self.truth[good])
        ]
        if not lots:
            return
        lot, good = data.draw(st.sampled_from(lots))
        line = SendLine(lot, pieces * 1000)
        command = SendGoods(uuid7(), self.place, (line,), to_centre_id=self.there.centre_id)
        before = ledger.balance(self.shop.centre_id, Purpose.GOODS_IN_TRANSIT)
        transfer = in_transaction(sending.send, command, self.shop.actor)
        after = ledger.balance(self.shop.centre_id, Purpose.GOODS_IN_TRANSIT)
        assert (after > before) == (good == 1)
        self.in_transit += after - before
        self.truth[good] -= pieces
        self.road.append((transfer, good, pieces))

    @precondition(lambda self: self.road)
    @rule(broken=st.integers(0, 2))
    def receive(self, broken: int) -> None:
        transfer, good, pieces = self.road.pop()
        arrived = max(pieces - broken, 0)
        place = locations.shop(self.there.centre_id).id
        before = ledger.balance(self.there.centre_id, Purpose.GOODS_IN_TRANSIT)
        line = ArrivedLine(1, arrived * 1000)
        command = ReceiveGoods(uuid7(), self.shop.centre_id, transfer, place, (line,))
        for _ in range(2):
            in_transaction(arrivals.receive, command, self.there)
        self.in_transit += ledger.balance(self.there.centre_id, Purpose.GOODS_IN_TRANSIT) - before
        self.next_door[good] += arrived
        if arrived < pieces:
            self.short.append((transfer, good, pieces - arrived))

    @precondition(lambda self: self.short)
    @rule(back=st.integers(0, 2), bearer=st.sampled_from(["centre", "producer"]))
    def settle(self, back: int, bearer: str) -> None:
        transfer, good, missing = self.short.pop()
        back = min(back, missing)
        who = bearer if good == 0 else "centre"
        line = SettleLine(1, back * 1000, (missing - back) * 1000, who)
        before = ledger.balance(self.shop.centre_id, Purpose.GOODS_IN_TRANSIT)
        command = SettleDifference(transfer, "แตก", (line,))
        in_transaction(differences.settle, command, self.shop.actor)
        self.in_transit += ledger.balance(self.shop.centre_id, Purpose.GOODS_IN_TRANSIT) - before
        self.truth[good] += back

    @invariant()
    def what_is_on_the_road_is_in_transit(self) -> None:
        assert self.in_transit >= 0
        if not self.road and not self.short:
            assert self.in_transit == 0

    def teardown(self) -> None:
        """Approve what is open, count once more: the books are the truth, on both sides."""
        while self.pending:
            self.approve()
        self.count(twice=True)
        assert [self._book(good) for good in range(2)] == self.truth
        arrived = db.session.execute(
            select(Lot.ownership, StockLevel.quantity_milli)
            .join(
                StockLevel,
                (StockLevel.centre_id == Lot.centre_id) & (StockLevel.lot_id == Lot.id),
            )
            .where(Lot.centre_id == self.there.centre_id)
        ).all()
        for good, ownership in enumerate(("consigned", "own")):
            here = sum(milli for whose, milli in arrived if whose == ownership)
            assert here == self.next_door[good] * 1000
        for centre_id in (self.shop.centre_id, self.there.centre_id):
            bad = [finding for finding in verify.run(centre_id) if not finding.ok]
            assert not bad, bad


def test_any_mix_of_counts_and_roads_keeps_the_books(app: Flask) -> None:
    examples = int(os.environ.get("SUNRUAM_TEST_EXAMPLES", "15"))
    run_state_machine_as_test(
        CountsMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            # Without shrinking: a failure prints its steps, and CI ends in time.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
