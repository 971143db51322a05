"""What came between the second approval and the posting: refused clearly, and nothing is posted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from accounting.services.funds import moving
from accounting.services.funds.moving import EndFund
from accounting.services.funds.register import FundClosed
from accounting.services.surplus import allocations, posting
from accounting.services.surplus.allocations import Withdraw
from accounting.services.surplus.posting import NotAsApproved
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import standing
from tests.allocating import EVENING, MEETING, a_fund, a_year, approve, measured, parts
from tests.resolving import resolve


@pytest.fixture(autouse=True)
def evening(app: Flask) -> Iterator[None]:
    with clock.travel(lambda: EVENING):
        yield


def test_no_share_is_given_to_a_membership_merged_meanwhile(
    manager: Actor, accountant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = a_year(manager, accountant)
    card = measured(accountant, retained_basis_points=5_000)
    for who in (accountant, manager):
        approve(card, who)
    gone, stays = year.members[:2]
    monkeypatch.setattr(standing, "survivors", lambda _centre_id: {gone: stays})
    with pytest.raises(NotAsApproved):
        in_transaction(posting.post, card.id, manager)
    assert allocations.entries(card.id, manager) == []
    db.session.rollback()
    in_transaction(allocations.withdraw, Withdraw(card.id, "รวมสมาชิกซ้ำ"), accountant)


def test_nothing_is_posted_to_a_fund_that_ended_meanwhile(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    fund = a_fund(manager)
    card = measured(accountant, parts(reserve=50, welfare=50))
    for who in (accountant, manager):
        approve(card, who)
    resolution = resolve(manager, "9/2570", on=MEETING)
    in_transaction(moving.end, EndFund(uuid7(), fund, resolution), manager)
    with pytest.raises(FundClosed):
        in_transaction(posting.post, card.id, manager)
    assert allocations.entries(card.id, manager) == []
