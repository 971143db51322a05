"""Funeral aid is held in trust: no income, no cost, and never in the shop's cash."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.stretches import Stretch, stretch_of
from accounting.rules.vouchers import VoucherContent, VoucherLine
from accounting.services import (
    balances,
    cash_report,
    chart,
    financial_statements,
    ledger,
    tie_outs,
    verify,
    workspace,
)
from accounting.services.bank import deposits
from accounting.services.financial_statements import Ask
from accounting.services.funds import custody, matters, register
from accounting.services.funds.custody import NotForFunerals, OpenCase
from accounting.services.funds.money import NotKeptThere
from accounting.services.funds.paying import GrantCard
from accounting.services.vouchers import posting
from accounting.services.vouchers.fund_lines import FuneralAidApart
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DifferentContent
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from tests.closing import posts, result_between, trade
from tests.funding import approved, fund, give, paid
from tests.writing import account, draft


@pytest.fixture
def second(manager: Actor) -> Actor:
    return replace(manager, user_id=uuid7(), name="กรรมการคนที่สอง")


def month_of(day: date) -> Stretch:
    return stretch_of("month", day.year * 100 + day.month)


def the_shop(actor: Actor) -> dict[str, Any]:
    """Everything that tells of the shop's income and money."""
    today = clock.today()
    centre_id = actor.centre_id
    statements = {
        kind: financial_statements.show(Ask(kind, month_of(today)), actor).statement
        for kind in ("income", "cash_flow")
    }
    cash = {
        card.code: sums
        for card in chart.listing(centre_id)
        if card.money and (sums := balances.until(centre_id, today).get(card.id))
    }
    found = {
        "result": result_between(centre_id, today, today),
        "income": statements["income"],
        "report": cash_report.of_month(today.year * 100 + today.month, actor),
        "cash": cash,
        "desk": workspace.of(actor).money,
        "places": deposits.places(centre_id),
    }
    db.session.rollback()
    return found


def collected_and_paid(
    actor: Actor, manager: Actor, second: Actor, system: Actor
) -> tuple[UUID, UUID, GrantCard]:
    """A death: three give 100 baht each, the family gets it all."""
    fund_id = fund(manager, "funeral_aid")
    case = in_transaction(
        custody.open_case, OpenCase(uuid7(), fund_id, "ตาสี มีสุข", clock.today()), manager
    )
    for name in ("แดง", "ดำ", "เขียว"):
        member = in_transaction(members.create, NewMember(first_name=name), system)
        give(
            manager,
            fund_id,
            100_00,
            source="member",
            giver_name="",
            member_id=member.id,
            case_id=case.id,
        )
    request = approved(
        actor,
        manager,
        second,
        fund_id,
        300_00,
        purpose="funeral",
        category="bereaved",
        case_id=case.id,
    )
    return fund_id, case.id, paid(manager, request.id, "apart")


def test_collected_and_paid_it_touches_nothing_of_the_shop(
    accountant: Actor, manager: Actor, second: Actor, system: Actor
) -> None:
    trade(manager, clock.today())
    before = the_shop(manager)
    fund_id = fund(manager, "funeral_aid")
    give(manager, fund_id, 700_00, source="member", giver_name="สมาชิก")
    assert the_shop(manager) == before
    _, case_id, grant = collected_and_paid(accountant, manager, second, system)
    assert the_shop(manager) == before
    held = custody.custody(manager.centre_id, clock.today())
    assert (held.held_satang, held.money_satang, held.ties) == (700_00, 700_00, True)
    case, given = custody.case_of(case_id, manager)
    assert (case.collected_satang, case.paid_satang) == (300_00, 300_00)
    assert [one.giver_name for one in given] == ["แดง", "ดำ", "เขียว"]
    entries = ledger.entry_of(manager.centre_id, "fund_grant", grant.id)
    purposes = {line.purpose for line in ledger.lines_of(manager.centre_id, entries[0].id)}
    assert purposes == {Purpose.FUNERAL_AID, Purpose.FUNERAL_MONEY}
    assert [one for one in matters.ties(manager.centre_id, clock.today()) if not one.ties] == []
    assert all(one.ties for one in tie_outs.ties(manager.centre_id, clock.today()))
    assert all(one.ok for one in verify.checks(manager.centre_id))


def test_its_money_is_no_money_of_the_statements(manager: Actor) -> None:
    trade(manager, clock.today())
    flow = Ask("cash_flow", month_of(clock.today()))

    def totals() -> dict[str, Any]:
        shown = financial_statements.show(flow, manager).statement
        db.session.rollback()
        return dict(shown.totals)

    before = totals()
    give(manager, fund(manager, "funeral_aid"), 5_000_00)
    assert totals() == before and any(any(sums) for sums in before.values())
    assert not chart.account_for(manager.centre_id, Purpose.FUNERAL_MONEY).money


def test_it_is_kept_in_no_safe_and_no_bank_of_the_shop(manager: Actor) -> None:
    fund_id = fund(manager, "funeral_aid")
    for place in ("safe", "bank"):
        with pytest.raises(NotKeptThere):
            give(manager, fund_id, 1, paid_to=place)
    with pytest.raises(NotKeptThere):
        give(manager, fund(manager), 1, paid_to="apart")
    command = OpenCase(uuid7(), fund(manager), "ตา", clock.today())
    with pytest.raises(NotForFunerals):
        in_transaction(custody.open_case, command, manager)


def test_a_case_written_twice_is_one(manager: Actor) -> None:
    fund_id = fund(manager, "funeral_aid")
    command = OpenCase(uuid7(), fund_id, "ยายมา", clock.today() - timedelta(days=1))
    one = in_transaction(custody.open_case, command, manager)
    assert in_transaction(custody.open_case, command, manager) == one
    with pytest.raises(DifferentContent):
        in_transaction(custody.open_case, replace(command, deceased_name="ยายมี"), manager)


def by_hand(actor: Actor, *lines: VoucherLine) -> None:
    card = draft(VoucherContent("journal", clock.today(), lines, note="ย้ายเงิน"), actor)
    in_transaction(posting.post, card.id, actor)


def test_no_voucher_carries_it_into_the_shop(manager: Actor) -> None:
    fund_id = fund(manager, "funeral_aid")
    give(manager, fund_id, 1_000_00)
    trust = account(manager.centre_id, Purpose.FUNERAL_AID)
    box = account(manager.centre_id, Purpose.FUNERAL_MONEY)
    safe = account(manager.centre_id, Purpose.CASH_SAFE)
    income = account(manager.centre_id, Purpose.OTHER_INCOME)
    with pytest.raises(FuneralAidApart):
        by_hand(manager, VoucherLine(safe, debit=100), VoucherLine(box, credit=100))
    with pytest.raises(FuneralAidApart):
        by_hand(
            manager,
            VoucherLine(trust, debit=100, fund_id=fund_id),
            VoucherLine(income, credit=100),
        )
    with pytest.raises(FuneralAidApart):
        by_hand(
            manager,
            VoucherLine(box, debit=100),
            VoucherLine(income, credit=100),
        )
    assert register.balance(manager.centre_id, fund_id) == 1_000_00


def test_strayed_money_may_be_brought_back_by_hand(manager: Actor, system: Actor) -> None:
    """Old books held it in the shop's safe: the voucher that parts them is let through, once."""
    posts(system, clock.today(), Purpose.CASH_SAFE, Purpose.FUNERAL_AID, 800_00)
    box = account(manager.centre_id, Purpose.FUNERAL_MONEY)
    safe = account(manager.centre_id, Purpose.CASH_SAFE)
    [tie] = matters.ties(manager.centre_id, clock.today())
    db.session.rollback()
    assert (tie.ties, tie.difference_satang) == (False, -800_00)
    with pytest.raises(FuneralAidApart):
        by_hand(manager, VoucherLine(box, debit=801_00), VoucherLine(safe, credit=801_00))
    by_hand(manager, VoucherLine(box, debit=800_00), VoucherLine(safe, credit=800_00))
    assert custody.custody(manager.centre_id, clock.today()).ties
    db.session.rollback()
    with pytest.raises(FuneralAidApart):
        by_hand(manager, VoucherLine(box, debit=800_00), VoucherLine(safe, credit=800_00))
