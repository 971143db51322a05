"""Two people at one producer's money: each satang is paid once, however they race."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.services import bank_batches, ledger
from accounting.services.bank_batches import MakeBatch
from core.actor import Centre
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from inventory.services import advances, intake, payout_batches, repayments
from inventory.services.advances import GiveAdvance
from inventory.services.cancellation import CancelIntake
from inventory.services.repayments import Repay
from members.services import payment_details
from members.services.payment_details import PaymentDetails
from pos.services import verify
from tests.paying import due, pay, whole
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """A shop that owes 30 baht to a producer it can reach by PromptPay."""
    shop = shop_in(centre)
    details = PaymentDetails(promptpay_id="0812345678")
    in_transaction(payment_details.save, shop.producer_id, details, 1, shop.actor)
    return shop


def race(app: Flask, *runners: Callable[[], object]) -> list[object]:
    """Run all at once, each in a context of its own; return results or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def refused(results: list[object]) -> int:
    return sum(isinstance(result, DomainError) for result in results)


def owed(shop: Shop) -> int:
    assert all(finding.ok for finding in verify.run(shop.centre_id))
    return -ledger.balance(shop.centre_id, Purpose.PAYABLE_OUTRIGHT)


def test_two_vouchers_at_once_pay_a_purchase_once(app: Flask, shop: Shop) -> None:
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    lines = whole(due(shop))
    results = race(app, *(lambda: pay(shop, lines) for _ in range(4)))
    assert refused(results) == 3
    assert owed(shop) == 0


def test_one_voucher_sent_twice_at_once_is_paid_once(app: Flask, shop: Shop) -> None:
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    lines, one = whole(due(shop)), uuid7()
    results = race(app, *(lambda: pay(shop, lines, id=one) for _ in range(3)))
    assert refused(results) == 0
    assert owed(shop) == 0


def test_a_purchase_is_paid_filed_or_cancelled_never_two_of_them(app: Flask, shop: Shop) -> None:
    receipt_id = shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    lines = whole(due(shop))
    cancel = CancelIntake(receipt_id, "ผิด")
    batch = MakeBatch(uuid7(), "promptpay")
    results = race(
        app,
        lambda: pay(shop, lines),
        lambda: in_transaction(intake.cancel, cancel, shop.actor),
        lambda: in_transaction(bank_batches.make, payout_batches.DEBT, batch, shop.actor),
    )
    assert refused(results) == 2
    assert owed(shop) in {0, 30_00}


def test_an_advance_is_repaid_once_whoever_takes_the_money(app: Flask, shop: Shop) -> None:
    give = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", 50_00)
    in_transaction(advances.give, give, shop.actor)
    commands = [Repay(uuid7(), shop.producer_id, 30_00, "safe") for _ in range(3)]
    results = race(
        app,
        *(lambda one=one: in_transaction(repayments.repay, one, shop.actor) for one in commands),  # type: ignore[misc]
    )
    assert refused(results) == 2
    assert owed(shop) == 0
    assert ledger.balance(shop.centre_id, Purpose.PRODUCER_ADVANCES) == 20_00
