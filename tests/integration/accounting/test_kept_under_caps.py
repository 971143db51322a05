"""What a resolution keeps as shares stays under the caps; the rest is paid, and said why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from accounting.pages.member_statement import back_words
from accounting.rules.shares import ShareRules
from accounting.rules.surplus.reckoning import HeldBack
from accounting.services import verify_surplus
from accounting.services.member_payments import due
from accounting.services.shares import recording, register
from accounting.services.shares import rules as share_rules
from accounting.services.shares.recording import WithdrawShares
from accounting.services.shares.rules import SetShareRules
from accounting.services.surplus import allocations, explaining, posting, rechecking, runs
from accounting.services.surplus.posting import NotAsApproved
from accounting.services.surplus.rechecking import KEPT, Change
from accounting.services.surplus.runs import ItemCard
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.ids import uuid7
from members.services import standing
from members.services.standing import RecordFact
from tests.allocating import EVENING, MEETING, a_year, approve, measured, posted
from tests.share_asking import sound

HALF = ShareRules(largest_part_basis_points=5_000)


@pytest.fixture(autouse=True)
def evening(app: Flask) -> Iterator[None]:
    with clock.travel(lambda: EVENING):
        yield


def cap(manager: Actor, rules: ShareRules) -> None:
    in_transaction(share_rules.set_rules, SetShareRules(uuid7(), date(2027, 1, 1), rules), manager)


def parts_of(run_id: object, actor: Actor) -> list[ItemCard]:
    return runs.items(actor.centre_id, run_id)  # type: ignore[arg-type]


def test_what_passes_the_cap_or_belongs_to_no_member_is_paid(
    manager: Actor, accountant: Actor
) -> None:
    """1,000, 2,000 and 3,000 baht are held; 50, 100 and 150 are to be kept."""
    year = a_year(manager, accountant)
    first, second, third = year.members
    cap(manager, HALF)
    left = RecordFact(fact_id=uuid7(), member_id=first, kind="resigned", on_date=date(2027, 1, 2))
    in_transaction(standing.record, left, manager)
    card = posted(manager, accountant, retained_basis_points=5_000)

    assert card.run is not None
    found = parts_of(card.run.id, manager)
    # 3,000 + x is half of 6,000 + 100 + x where x = 100; the first is no longer a member.
    assert [one.retained_satang for one in found] == [0, 100_00, 100_00]
    assert [one.cash_satang for one in found] == [100_00, 100_00, 200_00]
    assert [one.total_satang for one in found] == [100_00, 200_00, 300_00]
    held = register.balances(manager.centre_id)
    assert held == {first: 1_000_00, second: 2_100_00, third: 3_100_00}
    owed = {
        one: sum(item.satang for item in some)
        for one, some in due.by_payee(manager.centre_id).items()
    }
    assert owed == {first: 100_00, second: 100_00, third: 200_00}

    keeping = runs.card(card.id, manager).content["keeping"]
    named = [(one["member_id"], one["why"]) for one in keeping.pop("held_back")]
    assert named == [(str(first), "not_member"), (str(third), "above_part")]
    whole = {"total": 6_200_00, "limit": 3_100_00, "part": 5_000, "paid": 100_00, "count": 2}
    assert keeping == whole
    why = explaining.explain(card.id, third, manager)
    assert why.back == HeldBack(3_000_00, 150_00, 100_00, "above_part")
    assert "3,100.00" in back_words(why)
    assert explaining.explain(card.id, second, manager).back is None
    assert [one.check for one in verify_surplus.checks(manager.centre_id) if not one.ok] == []
    sound(manager)


def test_what_fits_no_longer_is_neither_approved_nor_posted(
    manager: Actor, accountant: Actor
) -> None:
    year = a_year(manager, accountant)
    cap(manager, HALF)
    card = measured(accountant, retained_basis_points=5_000)  # the third has half of it, exactly
    for who in (accountant, manager):
        approve(card, who)
    assert rechecking.changes(card.id, manager) == ()
    gives = WithdrawShares(uuid7(), year.members[0], 1, MEETING, "safe")
    in_transaction(recording.withdraw, gives, accountant)
    number = parts_of(card.run.id if card.run else None, manager)[2].member_no
    assert rechecking.changes(card.id, manager) == (Change(KEPT, number, year.members[2]),)
    with pytest.raises(NotAsApproved):
        in_transaction(posting.post, card.id, manager)
    db.session.rollback()
    assert allocations.entries(card.id, manager) == []
