"""Two people at one surplus at the same moment: one wins cleanly, and nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounting.rules.surplus_tasks import ALLOCATION_POST
from accounting.services.surplus import allocations, posting, reversing
from accounting.services.surplus.allocations import (
    AllocationCard,
    AllocationOver,
    PrepareAllocation,
    Withdraw,
    YearAllocated,
)
from accounting.services.surplus.reversing import ReverseAllocation
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from core.models import JobRun
from tests.allocating import EVENING, a_scenario, a_year, approve, measured, posted
from tests.dividends import payment
from tests.resolving import resolve


@pytest.fixture(autouse=True)
def evening(app: Flask) -> Iterator[None]:
    with clock.travel(lambda: EVENING):
        yield


def race(app: Flask, *runners: Callable[[], object]) -> list[object]:
    """Run all at once, each in a context of its own; return results or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait(timeout=20)
            try:
                return runner()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def entries(card: AllocationCard, actor: Actor) -> int:
    return len(allocations.entries(card.id, actor))


def posts_asked() -> int:
    query = select(func.count()).where(JobRun.name == ALLOCATION_POST)
    return db.session.scalar(query) or 0


def test_two_approvals_at_once_are_the_first_and_the_second(
    app: Flask, manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    results = race(
        app,
        lambda: approve(card, manager),
        lambda: approve(card, accountant),
        lambda: approve(card, manager),
        lambda: approve(card, accountant),
    )
    assert not [one for one in results if isinstance(one, DomainError)]
    now = allocations.card(card.id, manager)
    assert now.state == allocations.APPROVED
    assert {one.by for one in now.approvals} == {manager.user_id, accountant.user_id}
    assert posts_asked() == 1


def test_workers_that_post_at_once_post_once(app: Flask, manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    approve(card, accountant)
    approve(card, manager)
    results = race(app, *(lambda: in_transaction(posting.post, card.id, manager) for _ in range(3)))
    assert sorted(map(str, results)) == ["False", "False", "True"]
    assert entries(card, manager) == 1


def test_an_approval_and_a_withdrawal_at_once_leave_one_story(
    app: Flask, manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    approve(card, accountant)
    withdraw = Withdraw(card.id, "เปลี่ยนใจ")
    results = race(
        app,
        lambda: approve(card, manager),
        lambda: in_transaction(allocations.withdraw, withdraw, accountant),
    )
    now = allocations.card(card.id, manager)
    assert now.state == allocations.WITHDRAWN
    lost = [one for one in results if isinstance(one, DomainError)]
    assert len(lost) == 2 - len(now.approvals)
    with pytest.raises(AllocationOver):
        in_transaction(posting.post, card.id, manager)
    assert entries(card, manager) == 0


def test_two_resolutions_at_once_allocate_the_year_once(
    app: Flask, manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    commands = [
        PrepareAllocation(
            uuid7(), a_scenario(accountant, name=f"แบบ {n}").id, resolve(accountant, f"{n}/2570")
        )
        for n in range(1, 4)
    ]
    results = race(
        app,
        *(
            lambda command=command: in_transaction(allocations.prepare, command, accountant)
            for command in commands
        ),
    )
    assert [type(one) for one in results].count(YearAllocated) == 2
    assert len(allocations.listing(accountant)) == 1


def test_a_payment_and_the_taking_back_at_once_leave_one_of_them(
    app: Flask, manager: Actor, accountant: Actor
) -> None:
    from accounting.services.member_payments import paying

    year = a_year(manager, accountant)
    card = posted(manager, accountant)
    pay = payment(accountant, year.members[0])
    back = ReverseAllocation(card.id, "ผิด")
    results = race(
        app,
        lambda: in_transaction(paying.pay, pay, accountant),
        lambda: in_transaction(reversing.reverse, back, manager),
    )
    assert sum(isinstance(one, DomainError) for one in results) == 1
