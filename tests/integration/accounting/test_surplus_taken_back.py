"""A posted allocation taken back as a whole: until anybody is paid, and never in part."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services.closing.reopening import SurplusAllocated
from accounting.services.shares import register
from accounting.services.surplus import allocations, reversing
from accounting.services.surplus.allocations import AllocationOver, ReasonNeeded, Withdraw
from accounting.services.surplus.reversing import AlreadyPaid, FundSpent, ReverseAllocation
from core import clock
from core.actor import Actor
from core.db import in_transaction
from tests import allocating
from tests.allocating import (
    EVENING,
    LAST_MONTH,
    MEETING,
    a_fund,
    a_year,
    measured,
    parts,
    posted,
)
from tests.closing import reopen


@pytest.fixture(autouse=True)
def evening(app: Flask) -> Iterator[None]:
    with clock.travel(lambda: EVENING):
        yield


def standing(actor: Actor, purpose: Purpose) -> int:
    return -ledger.balance(actor.centre_id, purpose)


def reversed_(card_id: object, actor: Actor, reason: str = "คิดผิด") -> bool:
    return in_transaction(reversing.reverse, ReverseAllocation(card_id, reason), actor)  # type: ignore[arg-type]


def test_a_year_whose_surplus_is_used_is_not_opened_again(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    card = posted(manager, accountant)
    with pytest.raises(SurplusAllocated) as refusal:
        reopen(LAST_MONTH, accountant, manager)
    assert refusal.value.facts["allocation_no"] == card.allocation_no
    assert reversed_(card.id, manager)
    reopen(LAST_MONTH, accountant, manager)


def test_it_is_taken_back_whole_and_the_year_can_be_allocated_anew(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    before = register.balances(manager.centre_id, MEETING)
    card = posted(manager, accountant, retained_basis_points=5_000)
    with pytest.raises(AllocationOver):
        in_transaction(allocations.withdraw, Withdraw(card.id, "สาย"), accountant)
    with pytest.raises(ReasonNeeded):
        reversed_(card.id, manager, "")
    assert reversed_(card.id, manager)
    assert not reversed_(card.id, manager)
    assert allocations.card(card.id, manager).state == allocations.REVERSED
    assert standing(manager, Purpose.SURPLUS_OF_YEAR) == 100_000
    assert standing(manager, Purpose.DIVIDENDS_PAYABLE) == 0
    assert register.balances(manager.centre_id, MEETING) == before
    assert posted(manager, accountant, number="2/2570").state == allocations.POSTED


def test_what_a_fund_spent_is_not_taken_back(manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant)
    fund = a_fund(manager)
    card = posted(manager, accountant, parts(reserve=50, welfare=50))
    allocating.spend(fund, 1, accountant)
    with pytest.raises(FundSpent):
        reversed_(card.id, manager)


def test_the_database_keeps_a_fund_from_falling_below_nothing(
    manager: Actor, accountant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_year(manager, accountant)
    fund = a_fund(manager)
    card = posted(manager, accountant, parts(reserve=50, welfare=50))
    allocating.spend(fund, 1, accountant)
    monkeypatch.setattr(reversing, "_require_unspent", lambda *_: None)
    with pytest.raises(DBAPIError, match="a fund is never overdrawn"):
        reversed_(card.id, manager)


def test_once_anybody_was_paid_it_stands(manager: Actor, accountant: Actor) -> None:
    from tests.dividends import paid

    year = a_year(manager, accountant)
    card = posted(manager, accountant)
    paid(accountant, year.members[0])
    with pytest.raises(AlreadyPaid):
        reversed_(card.id, manager)


def test_what_was_not_posted_is_not_reversed(manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    with pytest.raises(AllocationOver):
        reversed_(card.id, manager)
