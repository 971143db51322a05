"""Any day a shop can have, against a model that fits on a page; `verify` after each of them.

The model keeps five things: what lies on the shelf, what the drawer holds, what the producer is
owed, what is owed for bought goods, what the fund holds. Prices are whole baht and parts are 80/20,
so the model needs no rounding rules of its own to be exact.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
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

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import funds, ledger
from accounting.services.funds import NewFund
from core import clock
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import catalogue
from inventory.services.stock import OutOfStock
from members.services.centres import NewCentre
from pos.rules.shift import DENOMINATIONS
from pos.services import discounts, founding, shift, verify
from pos.services.discounts import NewReason
from pos.services.offers import FundShort
from pos.services.receipts import Receipt
from pos.services.refund import MoreThanSold
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from pos.services.shift import MoveCash
from tests.shop import shop_in

PRICES = (1000, 2500, 18_000)
COST = 600
FUNDED = 1500
"""What the fund that some discounts are charged to is given at first."""
BORNE = {"producer": 10_000, "part": 8000, "fund": 0}
"""Reason of a discount → the producer's part of it, in basis points."""
"""Goods 0 and 1 are consigned at 80/20, goods 2 are bought at 6 baht."""


@dataclass
class Model:
    """The whole shop in five numbers and a shelf; money in satang, goods in pieces."""

    shelf: list[int] = field(default_factory=lambda: [0, 0, 0])
    drawer: int = 0
    owed_consignment: int = 0
    owed_outright: int = 0
    transfers: int = 0
    fund: int = FUNDED


def counted(amount: int) -> tuple[tuple[int, int], ...]:
    """Return a drawer of notes and coins that holds `amount` (a multiple of 25 satang)."""
    counts = []
    for denomination in DENOMINATIONS:
        pieces, amount = divmod(amount, denomination)
        counts.append((denomination, pieces))
    return tuple(counts)


class ShopMachine(RuleBasedStateMachine):
    """Deliveries, sales, refunds, cash and shifts in any order."""

    def __init__(self) -> None:
        super().__init__()
        code = uuid7().hex[-12:]
        actor = in_transaction(founding.found, NewCentre(code=code, name_th="ศูนย์", name_en=code))
        self.shop = shop_in(actor.centre)
        self.goods = [self.shop.product(f"ของ {i}", price) for i, price in enumerate(PRICES)]
        self.model = Model()
        self.is_open = False
        self.fund_id = self._funded()
        self.reasons = {code: self._reason(code) for code in BORNE}
        self.receipts: list[tuple[Receipt, dict[int, int]]] = []
        self.kept: list[tuple[RecordSale, int]] = []
        self.over_short = 0

    def _funded(self) -> UUID:
        fund = NewFund(uuid7(), "W1", "กองทุน", "Fund")
        in_transaction(funds.create, fund, self.shop.actor)
        given = (
            NewLine(Purpose.CASH_SAFE, debit=FUNDED),
            NewLine(Purpose.WELFARE_FUND, credit=FUNDED, fund_id=fund.id),
        )
        entry = NewEntry("opening", "opening", uuid7(), clock.today(), clock.now(), given)
        in_transaction(ledger.post, entry, self.shop.actor)
        return fund.id

    def _reason(self, code: str) -> UUID:
        said: dict[str, dict[str, Any]] = {
            "producer": {"bearer": "producer"},
            "part": {"bearer": "shared", "producer_basis_points": BORNE["part"]},
            "fund": {"bearer": "centre", "fund_id": self.fund_id},
        }
        new = NewReason(uuid7(), code, code, code, **said[code])
        return in_transaction(discounts.create, new, self.shop.actor).id

    @rule(good=st.integers(0, 2), pieces=st.integers(1, 9))
    def deliver(self, good: int, pieces: int) -> None:
        if good < 2:
            self.shop.consign(self.goods[good], pieces * 1000)
        else:
            self.shop.buy(self.goods[good], pieces * 1000, COST)
            self.model.owed_outright += pieces * COST
        self.model.shelf[good] += pieces

    @precondition(lambda self: not self.is_open)
    @rule(baht=st.integers(0, 2000))
    def open(self, baht: int) -> None:
        self.shop.open(baht * 100)
        self.model.drawer = baht * 100
        self.is_open = True

    @precondition(lambda self: self.is_open)
    @rule(
        basket=st.dictionaries(st.integers(0, 2), st.integers(1, 6), min_size=1),
        off=st.sampled_from([0, 0, 100, 500]),
        why=st.sampled_from(sorted(BORNE)),
        by_transfer=st.booleans(),
    )
    def sell(self, basket: dict[int, int], off: int, why: str, by_transfer: bool) -> None:
        total = sum(PRICES[good] * pieces for good, pieces in basket.items()) - off
        method = "promptpay" if by_transfer else "cash"
        lines = []
        for number, (good, pieces) in enumerate(basket.items()):
            mine = off if number == 0 else 0
            reason = self.reasons[why] if mine else None
            lines.append(
                RecordSaleLine(self.goods[good], pieces * 1000, PRICES[good], mine, reason)
            )
        command = self.shop.command(*lines, pay=(RecordPayment(method, total),))
        if why == "fund" and off > self.model.fund:
            try:
                self.shop.record(command)
            except FundShort:
                return
            raise AssertionError("the fund gave more than it had")
        if any(pieces > self.model.shelf[good] for good, pieces in basket.items()):
            try:
                self.shop.record(command)
            except OutOfStock:
                return
            raise AssertionError("sold what was not there")
        receipt, new = self.shop.record(command)
        assert new
        assert self.shop.record(command) == (receipt, False)
        first = next(iter(basket))
        for good, pieces in basket.items():
            self.model.shelf[good] -= pieces
            if good < 2:
                share = PRICES[good] * pieces * 8 // 10
                borne = off * BORNE[why] // 10_000
                self.model.owed_consignment += share - (borne if good == first else 0)
        self.model.fund -= off if why == "fund" else 0
        self._took(total, by_transfer)
        self.receipts.append((receipt, dict.fromkeys(range(1, len(lines) + 1), 0)))

    def _took(self, amount: int, by_transfer: bool) -> None:
        if by_transfer:
            self.model.transfers += amount
        else:
            self.model.drawer += amount

    @precondition(lambda self: self.is_open and self.receipts)
    @rule(data=st.data(), pieces=st.integers(1, 6))
    def give_back(self, data: st.DataObject, pieces: int) -> None:
        receipt, back = data.draw(st.sampled_from(self.receipts))
        line = data.draw(st.sampled_from(receipt.lines))
        sold = line.quantity_milli // 1000
        if back[line.line_no] + pieces > sold:
            try:
                self.shop.refund(receipt, (line.line_no, pieces * 1000))
            except MoreThanSold:
                return
            raise AssertionError("more came back than was sold")
        refund = self.shop.refund(receipt, (line.line_no, pieces * 1000))
        good = self.goods.index(line.product_id)
        before = back[line.line_no]
        back[line.line_no] += pieces
        share = 0
        why = next((one for one in BORNE if self.reasons[one] == line.discount_reason_id), "fund")
        if why == "fund":
            self.model.fund += _part(line.discount_satang, sold, before, pieces)
        if good < 2:
            borne = line.discount_satang * BORNE[why] // 10_000
            whole = PRICES[good] * sold * 8 // 10 - borne
            share = _part(whole, sold, before, pieces)
        assert refund.producer_satang == share
        assert refund.paid_satang == _part(line.net_satang, sold, before, pieces)
        self.model.shelf[good] += pieces
        self.model.drawer -= refund.paid_satang
        self.model.owed_consignment -= share

    @precondition(lambda self: self.is_open)
    @rule(good=st.integers(0, 2))
    def keep(self, good: int) -> None:
        """The line is down: the tablet keeps a sale of one piece, paid in cash."""
        line = RecordSaleLine(self.goods[good], 1000, PRICES[good])
        pay = (RecordPayment("cash", PRICES[good]),)
        self.kept.append((self.shop.command(line, pay=pay), good))

    @precondition(lambda self: self.kept)
    @rule(place=st.integers(0, 9))
    def arrive(self, place: int) -> None:
        """A kept sale is sent: in time, or after its shift was counted, then late."""
        command, good = self.kept.pop(place % len(self.kept))
        assert self.shop.shift is not None
        late = not self.is_open or self.shop.shift.id != command.shift_id
        if not self.model.shelf[good]:
            return
        receipt, new = self.shop.record(command)
        assert (new, receipt.late) == (True, late)
        self.model.shelf[good] -= 1
        if good < 2:
            self.model.owed_consignment += PRICES[good] * 8 // 10
        if late:
            self.over_short += PRICES[good]
        else:
            self.model.drawer += PRICES[good]
        self.receipts.append((receipt, {1: 0}))

    @precondition(lambda self: self.is_open)
    @rule(baht=st.integers(1, 50), kind=st.sampled_from(["pay_in", "pay_out"]))
    def move_cash(self, baht: int, kind: str) -> None:
        assert self.shop.shift is not None
        command = MoveCash(uuid7(), self.shop.shift.id, kind, baht * 100, "เหตุผล")
        in_transaction(shift.move_cash, command, self.shop.actor)
        self.model.drawer += baht * 100 if kind == "pay_in" else -baht * 100

    @precondition(lambda self: self.is_open)
    @rule(off=st.sampled_from([0, 0, -2000, 500]))
    def close(self, off: int) -> None:
        hand = max(self.model.drawer + off, 0) // 25 * 25
        closed = self.shop.close(*counted(hand))
        assert closed.expected_satang == self.model.drawer
        assert closed.over_short_satang == hand - self.model.drawer
        self.over_short += self.model.drawer - hand
        self.model.drawer = hand
        self.is_open = False

    @invariant()
    def books_are_the_model(self) -> None:
        centre_id = self.shop.centre_id
        shelf = {card.id: card.on_hand_milli // 1000 for card in catalogue.shelf(centre_id)}
        assert [shelf[good] for good in self.goods] == self.model.shelf
        assert -ledger.balance(centre_id, Purpose.CONSIGNMENT_PAYABLE) == (
            self.model.owed_consignment
        )
        assert -ledger.balance(centre_id, Purpose.PAYABLE_OUTRIGHT) == self.model.owed_outright
        assert ledger.balance(centre_id, Purpose.TRANSFERS_AWAITING) == self.model.transfers
        assert ledger.balance(centre_id, Purpose.INVENTORY) == self.model.shelf[2] * COST
        assert funds.balance(centre_id, self.fund_id) == self.model.fund
        assert ledger.balance(centre_id, Purpose.CASH_OVER_SHORT) == self.over_short
        if self.receipts or self.is_open:
            assert ledger.balance(centre_id, Purpose.CASH_TILL) == self.model.drawer

    def teardown(self) -> None:
        bad = [finding for finding in verify.run(self.shop.centre_id) if not finding.ok]
        assert not bad, bad


def _part(amount: int, whole: int, before: int, taken: int) -> int:
    """Return the share of a part returned, halves up: what is back so far, less what was before."""

    def rounded(pieces: int) -> int:
        return (2 * amount * pieces + whole) // (2 * whole)

    return rounded(before + taken) - rounded(before)


def test_any_day_keeps_the_books(app: Flask) -> None:
    examples = int(os.environ.get("SUNRUAM_TEST_EXAMPLES", "15"))
    machine: Callable[[], RuleBasedStateMachine] = ShopMachine
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            # Without shrinking: a failure prints its steps, and CI ends in time.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
