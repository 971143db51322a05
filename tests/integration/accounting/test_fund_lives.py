"""The life of a fund: a grant used up, help paid back, money carried over, its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounting.models import FundGrant
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.funds import (
    FundExpired,
    FundRule,
)
from accounting.rules.periods import Span
from accounting.rules.vouchers import FutureDate
from accounting.services import funds, ledger, verify, welfare_ledger
from accounting.services.funds import (
    deciding,
    matters,
    moving,
    register,
    taking_back,
)
from accounting.services.funds.contributing import MoreThanGiven
from accounting.services.funds.deciding import (
    PromisedAlready,
)
from accounting.services.funds.moving import EndFund, MoveMoney, NotBetweenThese, RestLeft
from accounting.services.funds.paying import NoCost
from accounting.services.funds.register import FundClosed, FundOverdrawn, SetRule
from accounting.services.funds.taking_back import BeingRepaid, TakeBack
from accounting.services.meetings import resolutions, uses
from accounting.services.meetings.resolutions import ResolutionDropped, SettleResolution
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import NotFound
from core.ids import uuid7
from tests.funding import approved, asked, fund, give, move, paid
from tests.resolving import resolve
from tests.writing import account


@pytest.fixture
def second(manager: Actor) -> Actor:
    """Another committee member: of the same rights, somebody else."""
    return replace(manager, user_id=uuid7(), name="กรรมการคนที่สอง")


def held(actor: Actor, fund_id: UUID) -> int:
    found = register.balance(actor.centre_id, fund_id)
    db.session.rollback()
    return found


def sound(actor: Actor) -> None:
    bad = [one for one in verify.checks(actor.centre_id) if not one.ok]
    db.session.rollback()
    assert bad == []


def test_a_restricted_grant_becomes_income_as_it_is_used(
    accountant: Actor, manager: Actor, second: Actor
) -> None:
    today = clock.today()
    rule = FundRule(expires_on=today, giver="จังหวัด")
    fund_id = fund(manager, "restricted_grant", rule)
    give(manager, fund_id, 3_000_000_00, source="state", giver_name="จังหวัด")
    here = manager.centre_id
    assert ledger.balance(here, Purpose.GRANTS_USED) == 0
    request = approved(accountant, manager, second, fund_id, 400_00, purpose="public_work")
    with pytest.raises(NoCost):
        paid(manager, request.id)
    grant = paid(manager, request.id, expense_account_id=account(here, Purpose.TRANSPORT))
    assert ledger.balance(here, Purpose.GRANTS_USED) == -400_00
    assert ledger.balance(here, Purpose.TRANSPORT) == 400_00
    assert held(manager, fund_id) == 3_000_000_00 - 400_00
    in_transaction(taking_back.take_back, TakeBack("fund_grant", grant.id, "จ่ายผิด"), manager)
    assert ledger.balance(here, Purpose.GRANTS_USED) == 0
    assert held(manager, fund_id) == 3_000_000_00
    late = replace(rule, expires_on=today - timedelta(days=1))
    waiting = asked(accountant, fund_id, 100_00, purpose="public_work")
    in_transaction(register.set_rule, SetRule(uuid7(), fund_id, late), manager)
    with pytest.raises(FundExpired):
        in_transaction(deciding.approve, waiting.id, manager)
    with pytest.raises(FundExpired):
        asked(accountant, fund_id, 1_00, purpose="public_work")
    rest = approved(accountant, manager, second, fund_id, 3_000_000_00, purpose="returned_to_giver")
    paid(manager, rest.id)
    assert held(manager, fund_id) == 0
    assert ledger.balance(here, Purpose.GRANTS_USED) == 0
    with pytest.raises(NotBetweenThese):
        move(manager, fund_id, fund(manager), 1)
    sound(manager)


def test_help_to_be_paid_back_comes_back(accountant: Actor, manager: Actor, second: Actor) -> None:
    fund_id = fund(manager, "produce_advances")
    give(manager, fund_id, 1_000_00)
    request = approved(
        accountant, manager, second, fund_id, 600_00, purpose="produce_advance", category="producer"
    )
    assert request.repayable
    grant = paid(manager, request.id)
    today = clock.today()
    # Lent, not given: the welfare report counts no gain of it.
    assert welfare_ledger.of_days(manager.centre_id, today, today).grants_satang == 0
    back = {"source": "repayment", "grant_id": grant.id, "giver_name": "ผู้ผลิต"}
    first = give(manager, fund_id, 400_00, **back)
    with pytest.raises(MoreThanGiven) as told:
        give(manager, fund_id, 200_01, **back)
    assert told.value.facts["left_satang"] == 200_00
    with pytest.raises(BeingRepaid):
        in_transaction(taking_back.take_back, TakeBack("fund_grant", grant.id, "ผิด"), manager)
    in_transaction(taking_back.take_back, TakeBack("fund_contribution", first.id, "เช็คคืน"), manager)
    give(manager, fund_id, 600_00, **back)
    assert held(manager, fund_id) == 1_000_00
    sound(manager)


def test_a_payment_dated_back_finds_what_the_fund_held_on_that_day(
    accountant: Actor, manager: Actor, second: Actor
) -> None:
    today = clock.today()
    early, later = today - timedelta(days=9), today - timedelta(days=3)
    fund_id, other = fund(manager), fund(manager)
    give(manager, fund_id, 100_00, business_date=early)
    give(manager, fund_id, 900_00, business_date=later)
    request = approved(accountant, manager, second, fund_id, 500_00, requested_on=early)
    with pytest.raises(FundOverdrawn) as told:
        paid(manager, request.id, business_date=early)
    assert told.value.facts["held_satang"] == 100_00
    with pytest.raises(FundOverdrawn):
        paid(manager, request.id, business_date=later - timedelta(days=1))
    paid(manager, request.id, business_date=later)
    # A day whose money was spent since is as empty as today.
    command = MoveMoney(uuid7(), fund_id, other, 101_00, resolve(manager), business_date=early)
    with pytest.raises(FundOverdrawn):
        in_transaction(moving.move, command, manager)
    with pytest.raises(FutureDate):
        asked(accountant, fund_id, 1_00, requested_on=today + timedelta(days=1))
    sound(manager)


def test_a_dropped_resolution_allows_nothing_new(manager: Actor) -> None:
    fund_id, other = fund(manager), fund(manager)
    give(manager, fund_id, 500_00)
    resolution = resolve(manager)
    command = MoveMoney(uuid7(), fund_id, other, 200_00, resolution)
    in_transaction(moving.move, command, manager)
    wrong = MoveMoney(uuid7(), fund_id, other, 1_00, resolution)
    in_transaction(moving.move, wrong, manager)
    in_transaction(taking_back.take_back, TakeBack("fund_transfer", wrong.id, "ผิด"), manager)
    posted = {one.document_id: one.satang for one in uses.of(resolution, manager)}
    assert posted == {command.id: 200_00, wrong.id: 0}
    in_transaction(resolutions.settle, SettleResolution(resolution, "dropped", "มติใหม่"), manager)
    with pytest.raises(ResolutionDropped):
        in_transaction(moving.move, replace(command, id=uuid7()), manager)
    with pytest.raises(ResolutionDropped):
        in_transaction(moving.end, EndFund(uuid7(), fund_id, resolution, other), manager)
    # What was done under it stands, and asked again is answered as before.
    assert in_transaction(moving.move, command, manager).amount_satang == 200_00
    assert held(manager, fund_id) == 300_00


def test_what_is_spent_can_not_be_taken_back(
    accountant: Actor, manager: Actor, second: Actor
) -> None:
    fund_id = fund(manager)
    one = give(manager, fund_id, 1_000_00)
    paid(manager, approved(accountant, manager, second, fund_id, 400_00).id)
    with pytest.raises(FundOverdrawn):
        in_transaction(
            taking_back.take_back, TakeBack("fund_contribution", one.id, "ผิดกองทุน"), manager
        )
    with pytest.raises(NotFound):
        in_transaction(taking_back.take_back, TakeBack("fund_grant", uuid7(), "ผิด"), manager)


def test_a_fund_ends_empty_by_a_resolution(accountant: Actor, manager: Actor) -> None:
    fund_id, other = fund(manager), fund(manager, "public_benefit")
    give(manager, fund_id, 750_00)
    request = asked(accountant, fund_id, 1_00)
    resolution = resolve(manager)
    end = EndFund(uuid7(), fund_id, resolution)
    with pytest.raises(moving.RequestsOpen):
        in_transaction(moving.end, end, manager)
    in_transaction(deciding.withdraw, request.id, "เลิกกองทุน", accountant)
    with pytest.raises(RestLeft):
        in_transaction(moving.end, end, manager)
    assert not in_transaction(moving.end, replace(end, rest_to_fund_id=other), manager).active
    assert (held(manager, fund_id), held(manager, other)) == (0, 750_00)
    allowed = {one.source_type: one for one in uses.of(resolution, manager)}
    assert allowed["fund_closing"].address == f"/c/{manager.centre_id}/funds/{fund_id}"
    assert allowed["fund_transfer"].satang == 750_00
    with pytest.raises(FundClosed):
        give(manager, fund_id, 1)
    with pytest.raises(FundClosed):
        asked(accountant, fund_id, 1)
    sound(manager)


def test_the_checklist_names_funds_below_zero_and_grants_that_end(
    accountant: Actor, manager: Actor, system: Actor
) -> None:
    today = clock.today()
    fund_id = fund(manager)
    ending = fund(manager, "restricted_grant", FundRule(expires_on=today + timedelta(days=30)))
    give(manager, ending, 500_00, source="state", giver_name="รัฐ")
    asked(accountant, ending, 100_00, purpose="public_work")
    # As the sale of a till that was offline does: help was given, whatever the fund holds.
    lines = (
        NewLine(Purpose.BANK, credit=50_00),
        NewLine(Purpose.WELFARE_FUND, debit=50_00, fund_id=fund_id),
    )
    entry = NewEntry("sale", "sale", uuid7(), today, clock.now(), lines)
    in_transaction(ledger.post, entry, system)
    found = list(matters.matters(manager.centre_id, today.year * 100 + today.month))
    db.session.rollback()
    assert [(one.step, one.count, one.satang, one.stops) for one in found] == [
        ("funds", 1, 50_00, True),
        ("funds", 1, 500_00, False),
        ("funds", 1, 0, False),
    ]
    assert found[0].documents[0].id == fund_id
    moved = [
        one
        for one in funds.fund_movements(manager.centre_id, Span(None, None))
        if one.fund_id == fund_id
    ]
    assert [(one.kind, one.reason, one.satang) for one in moved] == [("out", "need_discount", 5000)]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["give", "grant", "move", "back"]),
        st.integers(min_value=1, max_value=900_00),
        st.integers(min_value=0, max_value=1),
    ),
    max_size=8,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_any_sequence_keeps_funds_above_zero_and_equal_to_their_movements(
    steps: list[tuple[str, int, int]], accountant: Actor, manager: Actor, second: Actor
) -> None:
    pair = (fund(manager), fund(manager, "hardship"))
    shadow = dict.fromkeys(pair, 0)
    grants: list[tuple[UUID, UUID, int]] = []
    for step, satang, which in steps:
        mine, other = pair[which], pair[1 - which]
        if step == "give":
            give(manager, mine, satang)
            shadow[mine] += satang
        elif step == "grant" and shadow[mine] >= satang:
            request = approved(accountant, manager, second, mine, satang)
            grants.append((paid(manager, request.id).id, mine, satang))
            shadow[mine] -= satang
        elif step == "grant":
            with pytest.raises(PromisedAlready):
                approved(accountant, manager, second, mine, satang)
        elif step == "move" and shadow[mine] >= satang:
            move(manager, mine, other, satang)
            shadow[mine] -= satang
            shadow[other] += satang
        elif step == "move":
            with pytest.raises(FundOverdrawn):
                move(manager, mine, other, satang)
        elif grants:
            grant_id, source, given_back = grants.pop()
            in_transaction(taking_back.take_back, TakeBack("fund_grant", grant_id, "คืน"), manager)
            shadow[source] += given_back
    assert {one: held(manager, one) for one in pair} == shadow
    assert all(satang >= 0 for satang in shadow.values())
    sums = dict.fromkeys(pair, 0)
    for one in funds.fund_movements(manager.centre_id, Span(date(2000, 1, 1), clock.today())):
        if one.fund_id in sums:
            sums[one.fund_id] += one.satang if one.kind == "in" else -one.satang
    db.session.rollback()
    assert sums == shadow
    sound(manager)


def test_a_payment_row_names_its_fund(accountant: Actor, manager: Actor, second: Actor) -> None:
    fund_id = fund(manager)
    give(manager, fund_id, 100_00)
    grant = paid(manager, approved(accountant, manager, second, fund_id, 100_00).id)
    row = db.session.get(FundGrant, (manager.centre_id, grant.id))
    assert row is not None and (row.fund_id, row.amount_satang) == (fund_id, 100_00)
