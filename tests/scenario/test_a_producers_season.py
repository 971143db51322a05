"""A season of one producer, from the first basket to the last baht, worked account by account.

Read it as documentation: what people do stands in the calls, what the books say in the comments.
Amounts are in satang, quantities in thousandths.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services import statements as books
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.rules.payouts import NothingOwed, PaidLine
from inventory.services import advances, catalogue, payouts
from inventory.services.advances import GiveAdvance
from inventory.services.payouts import PayProducer
from inventory.services.settlement import policies, posting, preparing, returns, statements
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.settlement.returns import Absorb
from inventory.services.settlement.statements import StatementCard
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

JAR = 1000


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with clock.travel(lambda: datetime.now(UTC) + timedelta(days=days)):
        yield


def cap(part: int, manager: Actor) -> None:
    """Let returns take at most `part` (1/10,000) of a payout."""
    policy = replace(policies.get(manager.centre_id), recovery_cap_basis_points=part)
    in_transaction(policies.save, policy, manager)


def settle(accountant: Actor, manager: Actor) -> StatementCard:
    """The accountant prepares, the manager approves, and it is posted."""
    command = PrepareSettlement(uuid7(), clock.today())
    run_id = in_transaction(preparing.prepare, command, accountant)
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, accountant)
    [card] = statements.of_run(run_id, manager)
    return card


def pay(card: StatementCard, actor: Actor, amount: int | None = None) -> None:
    """Hand the producer what a statement pays, out of the safe, against a signature."""
    line = PaidLine("settlement", card.id, card.payout_satang if amount is None else amount)
    command = PayProducer(uuid7(), card.producer_id, "cash", "safe", (line,))
    in_transaction(payouts.pay, command, actor)


def owed(shop: Shop) -> int:
    """What stands on the producer's account; below zero the producer owes."""
    return -ledger.balance(
        shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id
    )


def commission(shop: Shop) -> int:
    return -ledger.balance(shop.centre_id, Purpose.COMMISSION)


def on_shelf(shop: Shop) -> list[int]:
    return [card.on_hand_milli // JAR for card in catalogue.shelf(shop.centre_id)]


def books_hold(shop: Shop, manager: Actor) -> bool:
    """The trial balance is zero, the control account is its producers, every check is well."""
    trial = books.trial_balance(clock.today(), manager)
    control = ledger.sub_ledger(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, "producer")
    return (
        trial.debit_satang == trial.credit_satang
        and sum(control.values()) == ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE)
        and all(finding.ok for finding in verify.run(shop.centre_id))
    )


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


def test_a_return_after_the_payout_comes_back_from_the_next_settlement(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    """The worked case with a cap of all: nobody is left owing."""
    cap(10_000, manager)

    # Ten jars on consignment at 100 baht, split 80/20. They are not ours: nothing is posted.
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10 * JAR, split=8000)
    assert (owed(shop), on_shelf(shop)) == (0, [10])

    # One jar is sold; 80 is the producer's, 20 is our commission. It is settled and paid.
    receipt = shop.sell(RecordSaleLine(honey, JAR, 10_000))
    assert (owed(shop), commission(shop)) == (8_000, 2_000)
    card = settle(accountant, manager)
    pay(card, accountant)
    assert (card.payout_satang, owed(shop)) == (8_000, 0)
    assert books_hold(shop, manager)

    # The customer returns it: 100 goes back, ten jars stand on the producer's shelf again, our
    # commission is gone, and the producer owes 80.
    refund = shop.refund(receipt, (1, JAR))
    assert (refund.paid_satang, refund.producer_satang) == (10_000, 8_000)
    assert (owed(shop), commission(shop), on_shelf(shop)) == (-8_000, 0, [10])
    assert books_hold(shop, manager)

    # The next settlement earns 100 (125 baht of goods): it pays 20, and nothing is left owing.
    eggs = shop.product("ไข่เป็ด", 12_500)
    shop.consign(eggs, 10 * JAR, split=8000)
    shop.sell(RecordSaleLine(eggs, JAR, 12_500))
    card = settle(accountant, manager)
    assert (card.earned_satang, card.recovered_satang, card.payout_satang) == (10_000, 8_000, 2_000)
    [taken] = statements.get(card.id, manager).recoveries
    assert (taken.line.name_th, taken.taken_satang, taken.left_satang) == ("น้ำผึ้ง", 8_000, 0)
    pay(card, accountant)
    assert (owed(shop), returns.outstanding(shop.centre_id)) == (0, {})
    assert books_hold(shop, manager)


def test_with_half_of_each_payout_a_family_is_not_wiped_out(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    """The worked case with the usual cap: 50, then 70."""
    eggs = shop.product("ไข่เป็ด", 12_500)
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10 * JAR, split=8000)
    shop.consign(eggs, 10 * JAR, split=8000)
    receipt = shop.sell(RecordSaleLine(honey, JAR, 10_000))
    pay(settle(accountant, manager), accountant)
    shop.refund(receipt, (1, JAR))

    # Earning 100, the next settlement pays 50; 30 is carried, and its statement says so.
    shop.sell(RecordSaleLine(eggs, JAR, 12_500))
    card = settle(accountant, manager)
    [taken] = statements.get(card.id, manager).recoveries
    assert (card.payout_satang, taken.taken_satang, taken.left_satang) == (5_000, 5_000, 3_000)
    pay(card, accountant)
    assert owed(shop) == -3_000
    assert books_hold(shop, manager)

    # The one after, earning 100, pays 70, and nothing is left.
    shop.sell(RecordSaleLine(eggs, JAR, 12_500))
    card = settle(accountant, manager)
    [taken] = statements.get(card.id, manager).recoveries
    assert (card.payout_satang, taken.left_before_satang, taken.left_satang) == (7_000, 3_000, 0)
    pay(card, accountant)
    assert owed(shop) == 0
    assert books_hold(shop, manager)


def test_what_comes_back_before_the_payout_is_not_paid(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 10 * JAR, split=8000)
    receipt = shop.sell(RecordSaleLine(honey, 2 * JAR, 10_000))
    card = settle(accountant, manager)
    shop.refund(receipt, (1, JAR))

    # Settled at 160, of which 80 came back: the voucher pays 160 less 80, whatever the cap.
    due = payouts.due(accountant, shop.producer_id)
    assert {line.kind: line.left_satang for line in due.lines} == {
        "settlement": 16_000,
        "recovery": 8_000,
    }
    lines = tuple(PaidLine(one.kind, one.document_id, one.left_satang) for one in due.lines)
    paid = in_transaction(
        payouts.pay, PayProducer(uuid7(), shop.producer_id, "cash", "safe", lines), accountant
    )
    assert (paid.amount_satang, owed(shop)) == (8_000, 0)
    assert returns.outstanding(shop.centre_id) == {}
    with pytest.raises(NothingOwed):
        pay(card, accountant, 1)
    assert books_hold(shop, manager)


def test_a_season(shop: Shop, accountant: Actor, manager: Actor) -> None:
    """Seed on credit, a lean month, a good one, a purchase on the same voucher, a kind centre."""
    policy = replace(policies.get(shop.centre_id), hold_back_days=3, minimum_payout_satang=10_000)
    in_transaction(policies.save, policy, manager)

    # Before the rains the centre lends 500 baht for seed. The producer owes it, nothing is earned.
    advance = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", 50_000, note="ค่าเมล็ดพันธุ์")
    in_transaction(advances.give, advance, manager)
    assert ledger.balance(shop.centre_id, Purpose.PRODUCER_ADVANCES) == 50_000

    # A lean month: 80 baht earned. The sale is held back three days, then too little to pay out.
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 30 * JAR, split=8000)
    receipt = shop.sell(RecordSaleLine(honey, JAR, 10_000))
    with pytest.raises(preparing.NothingToSettle):
        settle(accountant, manager)
    with days_later(3):
        card = settle(accountant, manager)
        assert (card.payout_satang, card.carried_satang, card.netted_satang) == (0, 8_000, 0)
        assert books_hold(shop, manager)

    # A good month: ten jars, 800. With 80 carried, 880: half of it goes to the advance.
    with days_later(10):
        shop.sell(RecordSaleLine(honey, 10 * JAR, 10_000))
    with days_later(13):
        card = settle(accountant, manager)
        assert (card.brought_forward_satang, card.earned_satang) == (8_000, 80_000)
        assert (card.netted_satang, card.payout_satang) == (44_000, 44_000)
        assert ledger.balance(shop.centre_id, Purpose.PRODUCER_ADVANCES) == 6_000

    # The centre also bought bananas for 360; one voucher pays both and takes the rest of the
    # advance: 440 + 360 − 60 = 740, signed once.
    with days_later(14):
        bananas = shop.product("กล้วยน้ำว้า", 3_000, by_weight=True)
        shop.buy(bananas, 30_000, unit_cost=1_200)
        due = payouts.due(accountant, shop.producer_id)
        lines = tuple(PaidLine(one.kind, one.document_id, one.left_satang) for one in due.lines)
        voucher = PayProducer(uuid7(), shop.producer_id, "cash", "safe", lines)
        paid = in_transaction(payouts.pay, voucher, accountant)
        assert paid.amount_satang == 74_000
        assert in_transaction(payouts.pay, voucher, accountant).id == paid.id, "paid once"
        assert [ledger.balance(shop.centre_id, one) for one in (
            Purpose.PRODUCER_ADVANCES, Purpose.PAYABLE_OUTRIGHT, Purpose.CONSIGNMENT_PAYABLE,
        )] == [0, 0, 0]  # fmt: skip
        assert books_hold(shop, manager)

    # Weeks later a customer returns the very first jar; the centre dropped it, so the centre bears
    # it: the producer owes nothing, and the books say who decided and why.
    with days_later(30):
        shop.refund(receipt, (1, JAR))
        assert owed(shop) == -8_000
        decision = Absorb(uuid7(), shop.producer_id, 8_000, "ฝาแตกตั้งแต่อยู่ที่ร้าน")
        in_transaction(returns.absorb, decision, manager)
        assert owed(shop) == 0
        assert ledger.balance(shop.centre_id, Purpose.ABSORBED_RETURNS) == 8_000
        assert books_hold(shop, manager)
