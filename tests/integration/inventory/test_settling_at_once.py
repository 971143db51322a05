"""Several people settle, sell and pay at the same moment: every satang once, none twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from inventory.rules.payouts import PaidLine
from inventory.services import advances, payouts
from inventory.services.advances import GiveAdvance
from inventory.services.payouts import PayProducer
from inventory.services.settlement import posting, preparing, returns, statements
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.settlement.returns import Absorb
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


def race(app: Flask, *runners: Callable[[], Any]) -> list[Any]:
    """Run all at once, each in a context of its own; return results or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], Any]) -> Any:
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


def honey(shop: Shop) -> UUID:
    product_id = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(product_id, 50_000)
    return product_id


def prepared(actor: Actor) -> UUID:
    return in_transaction(preparing.prepare, PrepareSettlement(uuid7(), clock.today()), actor)


def books_hold(shop: Shop) -> bool:
    return all(finding.ok for finding in verify.run(shop.centre_id))


def test_two_people_prepare_one_producer_and_one_of_them_does(
    app: Flask, shop: Shop, accountant: Actor, manager: Actor
) -> None:
    shop.sell(RecordSaleLine(honey(shop), 1000, 10_000))
    results = race(app, lambda: prepared(accountant), lambda: prepared(manager))
    assert sum(isinstance(one, preparing.InWaitingRun) for one in results) == 1
    assert sum(isinstance(one, UUID) for one in results) == 1


def test_a_run_posted_by_many_at_once_is_posted_once(
    app: Flask, shop: Shop, accountant: Actor, manager: Actor
) -> None:
    shop.sell(RecordSaleLine(honey(shop), 1000, 10_000))
    run_id = prepared(accountant)
    in_transaction(posting.approve, run_id, manager)
    results = race(
        app, *(lambda: in_transaction(posting.post, run_id, accountant) for _ in range(4))
    )
    assert sorted(results) == [False, False, False, True]
    assert books_hold(shop)


def test_sales_and_returns_go_on_while_settlements_are_made(
    app: Flask, shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))

    def sell() -> int:
        for _ in range(6):
            receipt = shop.sell(RecordSaleLine(product_id, 2000, 10_000))
            shop.refund(receipt, (1, 1000))
        return 6

    def settle() -> int:
        paid = 0
        for _ in range(3):
            try:
                run_id = prepared(accountant)
            except preparing.NothingToSettle:
                continue
            in_transaction(posting.approve, run_id, manager)
            in_transaction(posting.post, run_id, accountant)
            paid += statements.run(run_id, manager).payout_satang
        return paid

    sold, paid = race(app, sell, settle)
    assert sold == 6
    rest = settle()
    # 7 jars stayed sold; what came back after it was settled is taken off or still owed.
    owed = returns.outstanding(shop.centre_id).get(shop.producer_id, [])
    assert paid + rest - sum(one.left_satang for one in owed) == 7 * 8_000
    assert books_hold(shop)


def test_a_settlement_is_paid_once_however_many_pay_it(
    app: Flask, shop: Shop, accountant: Actor, manager: Actor
) -> None:
    shop.sell(RecordSaleLine(honey(shop), 1000, 10_000))
    run_id = prepared(accountant)
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, accountant)
    [card] = statements.of_run(run_id, manager)

    def pay() -> Any:
        line = PaidLine("settlement", card.id, 8_000)
        command = PayProducer(uuid7(), shop.producer_id, "cash", "safe", (line,))
        return in_transaction(payouts.pay, command, accountant)

    results = race(app, pay, pay, pay)
    assert sum(isinstance(one, DomainError) for one in results) == 2
    assert books_hold(shop)


def test_a_return_is_borne_once_and_an_advance_netted_once(
    app: Flask, shop: Shop, accountant: Actor, manager: Actor
) -> None:
    """Posting takes a return and an advance while others take the same."""
    product_id = honey(shop)
    receipt = shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    first = prepared(accountant)
    in_transaction(posting.approve, first, manager)
    in_transaction(posting.post, first, accountant)
    shop.refund(receipt, (1, 1000))
    advance = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", 5_000)
    in_transaction(advances.give, advance, manager)
    shop.sell(RecordSaleLine(product_id, 4000, 10_000))
    run_id = prepared(accountant)
    in_transaction(posting.approve, run_id, manager)
    bear = Absorb(uuid7(), shop.producer_id, 8_000, "ศูนย์รับไว้")
    results = race(
        app,
        lambda: in_transaction(posting.post, run_id, accountant),
        lambda: in_transaction(returns.absorb, bear, manager),
    )
    assert sum(isinstance(one, DomainError) for one in results) == 1
    assert returns.outstanding(shop.centre_id) == {}
    assert books_hold(shop)
