"""Two people at one fund at the same moment: one voice each, every satang once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from accounting.services import verify
from accounting.services.funds import asking, deciding, paying, register, rounds
from accounting.services.funds.deciding import PromisedAlready, RequestDecided
from accounting.services.funds.paying import NotApproved, PayRequest
from accounting.services.funds.rounds import AlreadyMatched, MatchVillage
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from tests.funding import approved, asked, fund, give, village
from tests.integration.accounting.test_fund_round import match_round


def race(app: Flask, *runners: Callable[[], Any]) -> list[Any]:
    """Run all at once, each in a context of its own; return results or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()
            except (DomainError, OperationalError) as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


@pytest.fixture
def second(manager: Actor) -> Actor:
    return replace(manager, user_id=uuid7(), name="กรรมการคนที่สอง")


@pytest.fixture
def third(manager: Actor) -> Actor:
    return replace(manager, user_id=uuid7(), name="กรรมการคนที่สาม")


def refusals(results: list[Any]) -> list[Any]:
    return [one for one in results if isinstance(one, Exception)]


def test_two_yeses_at_once_are_two_voices(
    app: Flask, accountant: Actor, manager: Actor, second: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 1_000_00)
    request = asked(accountant, fund_id, 500_00)
    results = race(
        app,
        lambda: in_transaction(deciding.approve, request.id, manager),
        lambda: in_transaction(deciding.approve, request.id, second),
    )
    assert refusals(results) == []
    assert sorted(one.state for one in results) == ["approved", "waiting"]
    assert asking.get(request.id, manager).card.approved_by == 2


def test_a_yes_and_a_no_at_once_leave_no_payment(
    app: Flask, accountant: Actor, manager: Actor, second: Actor, third: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 1_000_00)
    request = asked(accountant, fund_id, 500_00)
    in_transaction(deciding.approve, request.id, third)
    results = race(
        app,
        lambda: in_transaction(deciding.approve, request.id, manager),
        lambda: in_transaction(deciding.refuse, request.id, "ไม่ตรงหลักเกณฑ์", second),
    )
    assert {type(one) for one in refusals(results)} <= {RequestDecided}
    assert asking.get(request.id, manager).card.state == "refused"


def test_two_requests_approved_at_once_never_promise_more_than_there_is(
    app: Flask, accountant: Actor, manager: Actor, second: Actor, third: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 1_000_00)
    pair = [asked(accountant, fund_id, 700_00) for _ in range(2)]
    for request in pair:
        in_transaction(deciding.approve, request.id, third)
    results = race(
        app,
        lambda: in_transaction(deciding.approve, pair[0].id, manager),
        lambda: in_transaction(deciding.approve, pair[1].id, second),
    )
    assert [type(one) for one in refusals(results)] == [PromisedAlready]
    states = sorted(asking.get(one.id, manager).card.state for one in pair)
    assert states == ["approved", "waiting"]


def test_one_request_paid_twice_at_once_is_paid_once(
    app: Flask, accountant: Actor, manager: Actor, second: Actor, third: Actor
) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 1_000_00)
    request = approved(accountant, second, third, fund_id, 600_00)
    results = race(
        app,
        lambda: in_transaction(paying.pay, PayRequest(uuid7(), request.id, "bank"), manager),
        lambda: in_transaction(paying.pay, PayRequest(uuid7(), request.id, "bank"), accountant),
    )
    assert [type(one) for one in refusals(results)] == [NotApproved]
    assert register.balance(manager.centre_id, fund_id) == 400_00


def test_two_payments_can_not_empty_a_fund_twice(
    app: Flask, accountant: Actor, manager: Actor, second: Actor, third: Actor
) -> None:
    """Both were approved while there was enough; then a voucher took part of it away."""
    from tests.integration.accounting.test_fund_papers import paid_by_voucher

    fund_id = fund(manager)
    give(manager, fund_id, 1_400_00)
    pair = [approved(accountant, second, third, fund_id, 700_00) for _ in range(2)]
    paid_by_voucher(manager, fund_id, 500_00)
    results = race(
        app,
        *(
            lambda one=one: in_transaction(  # type: ignore[misc]
                paying.pay, PayRequest(uuid7(), one.id, "bank"), manager
            )
            for one in pair
        ),
    )
    assert [type(one) for one in refusals(results)] == [register.FundOverdrawn]
    assert register.balance(manager.centre_id, fund_id) == 200_00
    db.session.rollback()
    assert all(one.ok for one in verify.checks(manager.centre_id))


def test_a_village_is_matched_once(app: Flask, manager: Actor, second: Actor) -> None:
    fund_id = fund(manager, "village_welfare")
    found = match_round(manager, fund_id)
    home = village(manager, "บ้านโหล๊ะจันกระ")
    results = race(
        app,
        *(
            lambda who=who: in_transaction(  # type: ignore[misc]
                rounds.match_village, MatchVillage(uuid7(), found.id, home, "bank"), who
            )
            for who in (manager, second)
        ),
    )
    assert [type(one) for one in refusals(results)] == [AlreadyMatched]
    assert rounds.get(found.id, manager).received_satang == 10_000_00
