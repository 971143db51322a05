"""A surplus used by resolution: prepared, measured, approved by two, posted once, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from accounting.rules import unclaimed
from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed
from accounting.rules.surplus.law import BelowMinimum, CapAboveLaw
from accounting.rules.surplus.uses import PERCENT, Part, PartsNotWhole
from accounting.services import ledger
from accounting.services.meetings.resolutions import MeetingToCome
from accounting.services.shares import register
from accounting.services.surplus import (
    allocations,
    approving,
    asking,
    posting,
    running,
    scenarios,
    years,
)
from accounting.services.surplus.allocations import (
    AllocationOver,
    PrepareAllocation,
    ReasonNeeded,
    ResolvedTooEarly,
    Withdraw,
    YearAllocated,
)
from accounting.services.surplus.approving import Approve, NotMeasured, NotWhatYouSaw
from accounting.services.surplus.asking import NotApprovedTwice
from accounting.services.surplus.working_out import FundNeeded, NobodyHoldsShares
from accounting.services.surplus.years import NothingToAllocate, PoolTooLarge, YearNotClosed
from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.errors import DifferentContent, Forbidden
from core.ids import uuid7
from tests import allocating
from tests.allocating import (
    EVENING,
    LAST_MONTH,
    MEETING,
    USUAL,
    YEAR,
    a_fund,
    a_scenario,
    a_year,
    approve,
    measured,
    parts,
    posted,
    prepared,
)
from tests.closing import lock_month, posts, quiet_rooms, reopen
from tests.resolving import resolve


@pytest.fixture(autouse=True)
def evening(app: Flask) -> Iterator[None]:
    with clock.travel(lambda: EVENING):
        yield


def standing(actor: Actor, purpose: Purpose) -> int:
    return -ledger.balance(actor.centre_id, purpose)


# --- the whole way ---------------------------------------------------------------------------


def test_the_whole_surplus_is_posted_as_one_entry_and_every_satang_has_a_place(
    manager: Actor, accountant: Actor
) -> None:
    year = a_year(manager, accountant)
    fund = a_fund(manager)
    some = parts(reserve=20, welfare=10, dividend=30, patronage=30, retained=10)
    card = posted(manager, accountant, some)
    assert card.state == allocations.POSTED
    [entry] = allocations.entries(card.id, manager)
    assert entry.total_satang == card.surplus_satang == 100_000
    assert entry.business_date == MEETING
    assert standing(manager, Purpose.SURPLUS_OF_YEAR) == 0
    assert standing(manager, Purpose.LEGAL_RESERVE) == 20_000
    assert standing(manager, Purpose.BROUGHT_FORWARD) == 10_000
    assert standing(manager, Purpose.WELFARE_FUND) == 10_000
    owed = ledger.sub_ledger(manager.centre_id, Purpose.DIVIDENDS_PAYABLE, "member")
    assert {-owed[one] for one in year.members} == {5_000, 10_000, 15_000}
    refunds = ledger.sub_ledger(manager.centre_id, Purpose.PATRONAGE_PAYABLE, "member")
    assert [-refunds[one] for one in year.members] == [5_000, 10_000, 15_000]
    fund_line = ledger.sub_ledger(manager.centre_id, Purpose.WELFARE_FUND, "fund")
    assert fund_line == {fund: -10_000}


def test_the_retained_part_becomes_shares_of_each_member(manager: Actor, accountant: Actor) -> None:
    year = a_year(manager, accountant)
    before = register.balances(manager.centre_id, MEETING)
    posted(manager, accountant, retained_basis_points=5_000)
    after = register.balances(manager.centre_id, MEETING)
    gained = [after[one] - before[one] for one in year.members]
    assert gained == [5_000, 10_000, 15_000]
    assert standing(manager, Purpose.SHARE_CAPITAL) == sum(after.values())
    owed = ledger.sub_ledger(manager.centre_id, Purpose.DIVIDENDS_PAYABLE, "member")
    refunds = ledger.sub_ledger(manager.centre_id, Purpose.PATRONAGE_PAYABLE, "member")
    assert -sum(owed.values()) - sum(refunds.values()) == 30_000


def test_the_dividend_is_capped_before_it_is_shared(manager: Actor, accountant: Actor) -> None:
    """60 shares of 100 baht for 361 days at 10 percent carry less than the dividend resolved."""
    coop = replace(accountant, centre=replace(accountant.centre, organisation_type="cooperative"))
    a_year(manager, accountant)
    some = parts(reserve=10, dividend=80, patronage=10)
    card = prepared(coop, some)
    held = 600_000 * 361
    most = held * 1_000 // (10_000 * 365)
    assert card.of("dividend") == most < 80_000
    assert card.of("reserve") == 10_000 + 80_000 - most
    assert sum(line.satang for line in card.lines) == 100_000
    in_transaction(running.prepare_run, card.id, accountant)


def test_asking_twice_and_a_worker_killed_between_do_nothing_twice(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    approve(card, accountant)
    approve(card, accountant)
    assert allocations.card(card.id, manager).state == allocations.APPROVED_ONCE
    approve(card, manager)
    # The job was asked for with the second approval; whoever finds it again posts nothing more.
    assert in_transaction(posting.post, card.id, manager)
    assert not in_transaction(posting.post, card.id, manager)
    assert len(allocations.entries(card.id, manager)) == 1
    with pytest.raises(AllocationOver):
        in_transaction(asking.ask_post, card.id, manager)


def test_a_worker_killed_while_posting_leaves_nothing_behind(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    approve(card, accountant)
    approve(card, manager)

    class Killed(BaseException):
        pass

    def killed(_done: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        in_transaction(posting.post, card.id, manager, killed)
    assert allocations.entries(card.id, manager) == []
    assert allocations.card(card.id, manager).state == allocations.APPROVED
    assert in_transaction(posting.post, card.id, manager)


# --- refusals of preparing -------------------------------------------------------------------


def test_an_open_year_has_scenarios_only(manager: Actor, accountant: Actor) -> None:
    scenario = a_scenario(accountant, expected_satang=50_000)
    with pytest.raises(scenarios.NoFigure):
        a_scenario(accountant, name="แบบที่ 2")
    command = PrepareAllocation(uuid7(), scenario.id, resolve(accountant, "1/2570"))
    with pytest.raises(YearNotClosed):
        in_transaction(allocations.prepare, command, accountant)


def test_a_loss_is_not_divided(manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant, surplus=-5_000)
    with pytest.raises(NothingToAllocate) as refusal:
        prepared(accountant)
    assert refusal.value.facts["surplus_satang"] == -5_000


def test_more_than_stands_there_is_refused(manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant)
    posts(accountant, MEETING, Purpose.SURPLUS_OF_YEAR, Purpose.CASH_SAFE, 1)
    with pytest.raises(PoolTooLarge) as refusal:
        prepared(accountant)
    assert refusal.value.facts == {"wanted_satang": 100_000, "standing_satang": 99_999}


def test_percentages_that_are_not_a_hundred_and_rules_of_the_law_are_refused(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    with pytest.raises(PartsNotWhole):
        a_scenario(accountant, parts(reserve=20, dividend=79))
    coop = replace(accountant, centre=replace(accountant.centre, organisation_type="cooperative"))
    with pytest.raises(BelowMinimum):
        a_scenario(coop, parts(reserve=9, dividend=91))
    fine = [Part("reserve", 10 * PERCENT), Part("dividend", 772_920), Part("retained", 127_080)]
    assert sum(part.millionths for part in a_scenario(coop, fine).parts) == 1_000_000


def test_a_use_of_a_fund_names_its_fund(manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant)
    some = parts(reserve=50, welfare=50)
    with pytest.raises(FundNeeded):
        a_scenario(accountant, some)
    fund = a_fund(manager)
    assert a_scenario(accountant, some).parts[1].fund_id == fund
    a_fund(manager, "W2")
    with pytest.raises(FundNeeded):
        a_scenario(accountant, some, "แบบที่ 2")


def test_a_year_is_allocated_once_until_it_is_given_up(manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant)
    first = prepared(accountant)
    with pytest.raises(YearAllocated) as refusal:
        prepared(accountant, number="2/2570")
    assert refusal.value.facts["allocation_no"] == first.allocation_no == "AL-2569-01"
    with pytest.raises(ReasonNeeded):
        in_transaction(allocations.withdraw, Withdraw(first.id, " "), accountant)
    in_transaction(allocations.withdraw, Withdraw(first.id, "เลือกผิดแบบ"), accountant)
    in_transaction(allocations.withdraw, Withdraw(first.id, "เลือกผิดแบบ"), accountant)
    with pytest.raises(AllocationOver):
        in_transaction(running.prepare_run, first.id, accountant)
    second = prepared(accountant, number="3/2570")
    assert second.allocation_no == "AL-2569-02"
    assert allocations.of_year(YEAR, accountant) == second


def test_the_same_id_again_changes_nothing_and_under_another_resolution_is_refused(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    scenario = a_scenario(accountant)
    command = PrepareAllocation(uuid7(), scenario.id, resolve(accountant, "1/2570"))
    first = in_transaction(allocations.prepare, command, accountant)
    assert in_transaction(allocations.prepare, command, accountant) == first
    other = replace(command, resolution_id=resolve(accountant, "2/2570"))
    with pytest.raises(DifferentContent):
        in_transaction(allocations.prepare, other, accountant)


def test_a_resolution_of_before_the_years_end_or_of_tomorrow_is_refused(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    with pytest.raises(ResolvedTooEarly):
        prepared(accountant, number="1/2569", on=date(2026, 12, 31))
    with pytest.raises(MeetingToCome):
        prepared(accountant, number="2/2570", on=date(2027, 1, 10))


def test_a_resolution_in_a_locked_month_is_refused_clearly(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    with clock.travel(lambda: EVENING.replace(month=2)):
        in_transaction(lock_month, 202701, accountant, manager)
        with pytest.raises(PeriodClosed):
            prepared(accountant)


def test_a_dividend_needs_somebody_who_held_shares(manager: Actor, accountant: Actor) -> None:
    with clock.travel(lambda: allocating.IN_THE_YEAR):
        posts(accountant, date(2026, 1, 5), Purpose.CASH_SAFE, Purpose.SALES, 1_000)
    allocating.close_year(manager, accountant)
    with pytest.raises(NobodyHoldsShares):
        prepared(accountant, parts(dividend=50, retained=50))


def test_without_the_right_nothing_is_done(
    manager: Actor, accountant: Actor, cashier: Actor, auditor: Actor
) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    for actor in (cashier, auditor):
        with pytest.raises(Forbidden):
            approve(card, actor)
        with pytest.raises(Forbidden):
            in_transaction(allocations.withdraw, Withdraw(card.id, "ไม่"), actor)
        with pytest.raises(Forbidden):
            in_transaction(posting.post, card.id, actor)
    assert allocations.card(card.id, auditor).state == allocations.MEASURED


# --- refusals of approving and posting -------------------------------------------------------


def test_neither_person_alone_nor_anything_but_what_was_seen_is_approved(
    manager: Actor, accountant: Actor
) -> None:
    a_year(manager, accountant)
    card = prepared(accountant)
    with pytest.raises(NotMeasured):
        in_transaction(approving.approve, Approve(card.id, "0" * 64), manager)
    in_transaction(running.prepare_run, card.id, accountant)
    with pytest.raises(NotWhatYouSaw):
        in_transaction(approving.approve, Approve(card.id, "0" * 64), manager)
    card = allocations.card(card.id, manager)
    approve(card, manager)
    with pytest.raises(NotApprovedTwice):
        in_transaction(posting.post, card.id, manager)
    with pytest.raises(NotApprovedTwice):
        in_transaction(asking.ask_post, card.id, manager)


def test_a_share_entered_late_is_found_before_the_second_approval(
    manager: Actor, accountant: Actor
) -> None:
    year = a_year(manager, accountant)
    card = measured(accountant)
    approve(card, accountant)
    reopen(LAST_MONTH, accountant, manager)
    with pytest.raises(YearNotClosed):
        approve(card, manager)
    allocating.buy_shares(year.members[0], 5, accountant, on=date(2026, 12, 30))
    with quiet_rooms():
        allocating.close_year_again(manager, accountant)
    with pytest.raises(approving.SnapshotChanged) as refusal:
        approve(card, manager)
    assert refusal.value.facts["changes_words"]
    in_transaction(allocations.withdraw, Withdraw(card.id, "หุ้นเข้าช้า"), accountant)
    again = measured(accountant, number="2/2570")
    approve(again, manager)


def test_a_year_opened_again_is_not_posted(manager: Actor, accountant: Actor) -> None:
    a_year(manager, accountant)
    card = measured(accountant)
    approve(card, accountant)
    approve(card, manager)
    reopen(LAST_MONTH, accountant, manager)
    with pytest.raises(YearNotClosed):
        in_transaction(posting.post, card.id, manager)


def test_a_year_says_how_it_stands(manager: Actor, accountant: Actor) -> None:
    assert not years.of(YEAR, manager).closed
    a_year(manager, accountant)
    year = years.of(YEAR, manager)
    assert (year.closed, year.surplus_satang, year.standing_satang) == (True, 100_000, 100_000)
    posted(manager, accountant)
    year = years.of(YEAR, manager)
    assert (year.surplus_satang, year.standing_satang) == (100_000, 0)
    assert [one.fiscal_year for one in years.listing(manager)] == [2570, YEAR]


def test_a_co_operatives_rule_set_keeps_the_laws_cap(manager: Actor) -> None:
    from accounting.rules.surplus.rule_set import RuleSet
    from accounting.services.surplus import rule_sets
    from accounting.services.surplus.rule_sets import NewRuleSet, RuleSetKnown

    some = parts(reserve=20, dividend=80)
    uncapped = NewRuleSet(uuid7(), "ข้อบังคับ", MEETING, RuleSet("cooperative", some))
    with pytest.raises(CapAboveLaw):
        in_transaction(rule_sets.record, uncapped, manager)
    ours = replace(uncapped, rules=RuleSet("community_enterprise", some))
    card = in_transaction(rule_sets.record, ours, manager)
    assert in_transaction(rule_sets.record, ours, manager) == card
    with pytest.raises(DifferentContent):
        in_transaction(rule_sets.record, replace(ours, note="อื่น"), manager)
    with pytest.raises(RuleSetKnown):
        in_transaction(rule_sets.record, replace(ours, id=uuid7()), manager)
    later = replace(ours, id=uuid7(), valid_from=date(2027, 2, 1))
    in_transaction(rule_sets.record, later, manager)
    assert [one.id for one in rule_sets.in_force(manager, MEETING)] == [ours.id, None]
    assert [one.id for one in rule_sets.in_force(manager, date(2027, 2, 1))] == [later.id, None]


def test_a_meeting_divides_by_rules_in_force_on_its_day(manager: Actor, accountant: Actor) -> None:
    from accounting.rules.surplus.rule_set import RuleSet
    from accounting.services.surplus import rule_sets
    from accounting.services.surplus.rule_sets import NewRuleSet, RuleSetNotInForce

    a_year(manager, accountant)
    set_ = RuleSet("community_enterprise", USUAL, unclaimed_years=2)
    ours = NewRuleSet(uuid7(), "ข้อบังคับ", MEETING, set_)
    tomorrows = replace(ours, id=uuid7(), name="ใหม่", valid_from=MEETING + timedelta(days=1))
    for one in (ours, tomorrows):
        in_transaction(rule_sets.record, one, manager)
    with pytest.raises(RuleSetNotInForce):
        prepared(accountant, rule_set_id=tomorrows.id)
    # What was a community enterprise is a co-operative now: its law, not the old rules.
    coop = replace(accountant, centre=replace(accountant.centre, organisation_type="cooperative"))
    with pytest.raises(RuleSetNotInForce):
        prepared(coop, number="2/2570", rule_set_id=ours.id)
    card = prepared(accountant, number="3/2570", rule_set_id=ours.id)
    assert unclaimed.years_of(card.rules, 5) == 2
