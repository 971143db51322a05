"""Any season two producers can have with a centre; the books agree with a model on one page.

The model knows nothing of settlements: what a producer earned, less what was handed over, is what
stands on the producer's accounts, whatever was settled, carried, netted or taken back on the way.
`verify` after each season makes every settlement again from the moves, and all sums besides.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
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
from accounting.services import funds, ledger
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import Lot, StockLevel
from inventory.rules.payouts import PaidLine
from inventory.rules.terms import Terms
from inventory.services import advances, consignment_terms, intake, payouts, waste
from inventory.services.advances import GiveAdvance
from inventory.services.consignment_terms import DecideTerms, ProposeTerms
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.payouts import PayProducer
from inventory.services.settlement import policies, posting, preparing, returns, statements
from inventory.services.settlement.posting import CancelRun
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.settlement.returns import Absorb
from inventory.services.waste import RecordWaste
from members.services import producers, users
from members.services.centres import NewCentre
from members.services.producers import NewProducer
from members.services.users import NewUser
from pos.services import founding, verify
from pos.services.receipts import Receipt
from pos.services.refund import MoreThanSold
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in

PRICES = (10_000, 2_000)
"""What one piece of each producer's goods costs."""
TERMS = (Terms(8_000), Terms(7_500, fee_satang=100, floor_satang=1_250, levy_basis_points=100))
"""The first has an even split; the second pays a fee and a levy, and has a floor."""
JARS = 1000


def share_of(index: int, pieces: int, off: int = 0, bearer: str = "centre") -> int:
    """Return a producer's part of a sale, by a formula of our own."""
    base = PRICES[index] * pieces - (off if bearer == "shared" else 0)
    borne = off if bearer == "producer" else 0
    if index == 0:
        return (base * 8 + 5) // 10 - borne
    return max((base * 3 + 2) // 4 - 100 * pieces - borne, 1_250 * pieces)


@dataclass
class Model:
    """A producer in five numbers, money in satang."""

    shelf: int = 0
    earned: int = 0
    borne_by_centre: int = 0
    advanced: int = 0
    handed_over: int = 0

    @property
    def balance(self) -> int:
        """What the centre owes, all accounts together; below zero the producer owes."""
        return self.earned + self.borne_by_centre - self.advanced - self.handed_over


@dataclass
class Sold:
    """A receipt of one producer's goods and how many pieces of it came back."""

    receipt: Receipt
    whose: int
    pieces: int
    share: int
    back: int = 0


@dataclass
class Staff:
    """The people of a centre whose names stand on a settlement."""

    accountant: Actor
    manager: Actor
    waiting: list[UUID] = field(default_factory=list)


class ProducerMachine(RuleBasedStateMachine):
    """Deliveries, sales, returns, losses, advances, settlements and payouts in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.days = 0
        self._travel = clock.travel(lambda: datetime.now(UTC) + timedelta(days=self.days))
        self._travel.__enter__()
        code = uuid7().hex[-12:]
        actor = in_transaction(founding.found, NewCentre(code=code, name_th="ศูนย์", name_en=code))
        self.shop = shop_in(actor.centre)
        second = in_transaction(producers.create, NewProducer(name="ลุงดำ"), self.shop.actor)
        self.shops = [self.shop, replace(self.shop, producer_id=second.id)]
        self.goods = [self.shop.product(f"ของ {i}", price) for i, price in enumerate(PRICES)]
        self.staff = Staff(self._person(code, "accountant"), self._person(code, "manager"))
        self._agree()
        self.models = [Model(), Model()]
        self.sold: list[Sold] = []
        self.shop.open(0)
        for shop in self.shops:
            shop.shift = self.shop.shift

    def _person(self, code: str, role: str) -> Actor:
        new = NewUser(
            username=f"{code}{role}",
            display_name=role,
            password="correct horse battery",
            roles=(role,),
        )
        in_transaction(users.create, new, self.shop.actor)
        return replace(
            self.shop.actor,
            user_id=users.find(f"{code}{role}"),
            name=role,
            roles=frozenset({role}),
        )

    def _agree(self) -> None:
        fund = NewFund(uuid7(), "WELFARE", "กองทุนสวัสดิการ", "Welfare")
        in_transaction(funds.create, fund, self.staff.manager)
        for product_id, terms in zip(self.goods, TERMS, strict=True):
            agreed = replace(terms, levy_fund_id=fund.id) if terms.levy_basis_points else terms
            command = ProposeTerms(uuid7(), agreed, clock.today(), product_id=product_id)
            in_transaction(consignment_terms.propose, command, self.staff.accountant)
            decision = DecideTerms(command.id, "approved")
            in_transaction(consignment_terms.decide, decision, self.staff.manager)

    def whose(self, index: int) -> tuple[Shop, Model]:
        return self.shops[index], self.models[index]

    # --- goods -------------------------------------------------------------------------------

    @rule(index=st.integers(0, 1), pieces=st.integers(1, 9))
    def deliver(self, index: int, pieces: int) -> None:
        self.deliver_to(index, pieces)

    def deliver_to(self, index: int, pieces: int) -> None:
        shop, model = self.whose(index)
        command = RecordIntake(
            uuid7(),
            shop.producer_id,
            "consignment",
            (RecordIntakeLine(self.goods[index], pieces * JARS),),
        )
        in_transaction(intake.record, command, shop.actor)
        model.shelf += pieces

    @rule(
        index=st.integers(0, 1),
        pieces=st.integers(1, 4),
        off=st.sampled_from([0, 0, 100, 300]),
        bearer=st.sampled_from(["centre", "producer", "shared"]),
    )
    def sell(self, index: int, pieces: int, off: int, bearer: str) -> None:
        self.sell_of(index, pieces, off, bearer)

    def sell_of(self, index: int, pieces: int, off: int, bearer: str) -> None:
        shop, model = self.whose(index)
        if pieces > model.shelf:
            return
        gross = PRICES[index] * pieces
        line = RecordSaleLine(
            self.goods[index],
            pieces * JARS,
            PRICES[index],
            off,
            shop.reason(bearer) if off else None,
        )
        receipt = shop.sell(line, pay=(RecordPayment("cash", gross - off),))
        share = share_of(index, pieces, off, bearer)
        model.shelf -= pieces
        model.earned += share
        self.sold.append(Sold(receipt, index, pieces, share))

    @precondition(lambda self: self.sold)
    @rule(data=st.data(), pieces=st.integers(1, 4))
    def give_back(self, data: st.DataObject, pieces: int) -> None:
        self.take_back(data.draw(st.sampled_from(self.sold)), pieces)

    def take_back(self, one: Sold, pieces: int) -> None:
        shop, model = self.whose(one.whose)
        if one.back + pieces > one.pieces:
            try:
                shop.refund(one.receipt, (1, pieces * JARS))
            except MoreThanSold:
                return
            raise AssertionError("more came back than was sold")
        refund = shop.refund(one.receipt, (1, pieces * JARS))
        one.back += pieces
        model.shelf += pieces
        model.earned -= refund.producer_satang
        if one.back == one.pieces:
            self.sold.remove(one)

    @rule(index=st.integers(0, 1), bearer=st.sampled_from(["centre", "producer"]))
    def lose(self, index: int, bearer: str) -> None:
        shop, model = self.whose(index)
        lot_id = self._lot_lying(index)
        if lot_id is None:
            return
        command = RecordWaste(uuid7(), lot_id, JARS, "แตก", bearer, override_reason="ตกลงกันหน้าร้าน")
        in_transaction(waste.record, command, shop.actor)
        model.shelf -= 1
        model.borne_by_centre += share_of(index, 1) if bearer == "centre" else 0

    def _lot_lying(self, index: int) -> UUID | None:
        return db.session.scalar(
            select(StockLevel.lot_id)
            .join(Lot, (Lot.centre_id == StockLevel.centre_id) & (Lot.id == StockLevel.lot_id))
            .where(
                StockLevel.centre_id == self.shop.centre_id,
                Lot.producer_id == self.shops[index].producer_id,
                StockLevel.quantity_milli >= JARS,
            )
            .order_by(StockLevel.lot_id)
            .limit(1)
        )

    # --- money -------------------------------------------------------------------------------

    @rule(index=st.integers(0, 1), baht=st.integers(1, 120))
    def advance(self, index: int, baht: int) -> None:
        shop, model = self.whose(index)
        command = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", baht * 100)
        in_transaction(advances.give, command, self.staff.manager)
        model.advanced += baht * 100

    @rule(
        hold=st.sampled_from([0, 0, 1]),
        minimum=st.sampled_from([0, 0, 5_000]),
        back=st.sampled_from([5_000, 10_000, 3_333]),
        netted=st.sampled_from([5_000, 0, 10_000]),
    )
    def change_policy(self, hold: int, minimum: int, back: int, netted: int) -> None:
        policy = replace(
            policies.get(self.shop.centre_id),
            hold_back_days=hold,
            minimum_payout_satang=minimum,
            recovery_cap_basis_points=back,
            advance_cap_basis_points=netted,
        )
        in_transaction(policies.save, policy, self.staff.manager)

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.days += days

    @rule(some=st.sampled_from([None, 0, 1]))
    def prepare(self, some: int | None) -> None:
        self.prepare_run(some)

    def prepare_run(self, some: int | None) -> None:
        wanted = None if some is None else (self.shops[some].producer_id,)
        command = PrepareSettlement(uuid7(), clock.today(), wanted)
        try:
            in_transaction(preparing.prepare, command, self.staff.accountant)
        except (preparing.NothingToSettle, preparing.InWaitingRun):
            return
        self.staff.waiting.append(command.id)

    @rule()
    def settle(self) -> None:
        self.prepare_run(None)
        if self.staff.waiting:
            self.conclude_run(post=True)

    @rule(index=st.integers(0, 1), pieces=st.integers(1, 4))
    def sell_settle_and_take_back(self, index: int, pieces: int) -> None:
        """The awkward way: a customer returns what the producer was settled for."""
        self.deliver_to(index, pieces)
        self.sell_of(index, pieces, 0, "centre")
        self.prepare_run(index)
        if self.staff.waiting:
            self.conclude_run(post=True)
        self.take_back(self.sold[-1], pieces)

    @precondition(lambda self: self.staff.waiting)
    @rule(post=st.sampled_from([True, True, True, False]))
    def conclude(self, post: bool) -> None:
        self.conclude_run(post=post)

    def conclude_run(self, *, post: bool) -> None:
        run_id = self.staff.waiting.pop(0)
        if post:
            in_transaction(posting.approve, run_id, self.staff.manager)
            try:
                assert in_transaction(posting.post, run_id, self.staff.manager)
            except posting.Outdated:
                post = False
            else:
                assert not in_transaction(posting.post, run_id, self.staff.manager)
        if not post:
            in_transaction(posting.cancel, CancelRun(run_id, "ทำใหม่"), self.staff.manager)

    @rule(index=st.integers(0, 1), part=st.integers(1, 3))
    def pay(self, index: int, part: int) -> None:
        shop, model = self.whose(index)
        due = payouts.due(self.staff.accountant, shop.producer_id)
        lines = [
            PaidLine(line.kind, line.document_id, line.left_satang)
            for line in due.lines
            if line.kind in {"settlement", "recovery"}
        ]
        money = sum(line.signed_satang for line in lines)
        if not lines or money < 0:
            return
        if part > 1 and len(lines) == 1:
            lines = [replace(lines[0], amount_satang=max(money // part, 1))]
            money = lines[0].amount_satang
        way = ("cash", "safe") if money else ("offset", "nothing")
        command = PayProducer(uuid7(), shop.producer_id, *way, tuple(lines))
        paid = in_transaction(payouts.pay, command, self.staff.accountant)
        assert in_transaction(payouts.pay, command, self.staff.accountant).id == paid.id
        model.handed_over += money

    @rule(index=st.integers(0, 1))
    def absorb(self, index: int) -> None:
        shop, model = self.whose(index)
        owed = returns.outstanding(shop.centre_id, [shop.producer_id]).get(shop.producer_id)
        if not owed:
            return
        amount = owed[0].left_satang
        command = Absorb(uuid7(), shop.producer_id, amount, "ศูนย์รับไว้เอง")
        in_transaction(returns.absorb, command, self.staff.manager)
        model.borne_by_centre += amount

    # --- what holds at every moment ------------------------------------------------------------

    @invariant()
    def books_are_the_model(self) -> None:
        centre_id = self.shop.centre_id
        for purpose in (Purpose.CONSIGNMENT_PAYABLE, Purpose.PRODUCER_ADVANCES):
            by_producer = ledger.sub_ledger(centre_id, purpose, "producer")
            assert sum(by_producer.values()) == ledger.balance(centre_id, purpose)
        for shop, model in zip(self.shops, self.models, strict=True):
            owed = -ledger.balance(
                centre_id, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id
            )
            out = ledger.balance(centre_id, Purpose.PRODUCER_ADVANCES, producer_id=shop.producer_id)
            assert owed - out == model.balance
            assert out >= 0

    @invariant()
    def no_statement_takes_more_than_it_may(self) -> None:
        for run_id in self.staff.waiting:
            for card in statements.of_run(run_id, self.staff.manager):
                assert card.payout_satang >= 0
                assert card.recovered_satang <= card.brought_forward_satang + card.earned_satang

    def teardown(self) -> None:
        try:
            bad = [finding for finding in verify.run(self.shop.centre_id) if not finding.ok]
            assert not bad, bad
        finally:
            self._travel.__exit__(None, None, None)


def test_any_season_keeps_the_producers_accounts(app: Flask) -> None:
    examples = int(os.environ.get("SUNRUAM_TEST_EXAMPLES", "14"))
    run_state_machine_as_test(
        ProducerMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            # Without shrinking: a failure prints its steps, and CI ends in time.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
