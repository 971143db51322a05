"""Paying members: once, to the right person, from the right place, and taken back as a whole."""

from __future__ import annotations

import threading
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules import member_payments as rules
from accounting.rules.chart import Purpose
from accounting.rules.member_payments import PaidItem
from accounting.services import ledger, member_payments, periods
from accounting.services.cash_drawers import DrawerNeeded, NotEnoughInDrawer
from accounting.services.member_payments import due, income, paying, taking_back
from accounting.services.member_payments.paying import PaymentDiffers
from accounting.services.member_payments.taking_back import TakeBack
from accounting.services.surplus.reversing import AlreadyPaid
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from members.services import standing
from members.services.standing import RecordFact
from pos.services import shift_report
from pos.services.tills import ShiftClosed
from tests.closing import lock_month
from tests.conftest import actor_of
from tests.dividends import Allocated, allocate, member, paid, payment, reverse
from tests.shop import shop_in


@pytest.fixture
def other_manager(other_centre: Centre) -> Actor:
    return actor_of(other_centre, "manager")


@pytest.fixture
def dang(system: Actor) -> UUID:
    return member(system, "แดง", nickname="ป้าแดง")


@pytest.fixture
def dam(system: Actor) -> UUID:
    return member(system, "ดำ")


@pytest.fixture
def year(manager: Actor, accountant: Actor, dang: UUID, dam: UUID) -> Allocated:
    return allocate(manager, accountant, {dang: (120_00, 80_50), dam: (10_00, 0)})


def books(actor: Actor, purpose: Purpose) -> int:
    found = ledger.balance(actor.centre_id, purpose)
    db.session.rollback()
    return found


def owed(actor: Actor) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    found = member_payments.unpaid(actor.centre_id)
    db.session.rollback()
    return found


def test_a_posted_allocation_is_due_to_the_satang(
    year: Allocated, accountant: Actor, dang: UUID, dam: UUID
) -> None:
    assert owed(accountant) == {
        (year.run_id, dang): (120_00, 80_50),
        (year.run_id, dam): (10_00, 0),
    }
    assert not member_payments.anything_paid(accountant.centre_id, year.allocation_id)
    assert books(accountant, Purpose.DIVIDENDS_PAYABLE) == -130_00


def test_nothing_is_due_before_the_posting(manager: Actor, accountant: Actor, dang: UUID) -> None:
    allocated = allocate(manager, accountant, {dang: (100, 0)}, post=False)
    assert owed(accountant) == {}
    command = payment(accountant, dang, items=(PaidItem(allocated.run_id, dang, 100, 0),))
    with pytest.raises(rules.NothingToPay):
        in_transaction(paying.pay, command, accountant)


def test_cash_from_the_safe_pays_everything_on_one_entry(
    year: Allocated, accountant: Actor, dang: UUID, dam: UUID
) -> None:
    safe = books(accountant, Purpose.CASH_SAFE)
    document = paid(accountant, dang)
    assert document.payment_no.startswith("DV-25")
    assert (document.dividend_satang, document.patronage_satang) == (120_00, 80_50)
    assert books(accountant, Purpose.CASH_SAFE) == safe - 200_50
    assert books(accountant, Purpose.DIVIDENDS_PAYABLE) == -10_00
    assert books(accountant, Purpose.PATRONAGE_PAYABLE) == 0
    assert owed(accountant) == {(year.run_id, dam): (10_00, 0)}
    assert member_payments.anything_paid(accountant.centre_id, year.allocation_id)


@pytest.mark.usefixtures("year")
def test_the_same_payment_again_pays_nothing_more(accountant: Actor, dang: UUID) -> None:
    command = payment(accountant, dang)
    first = in_transaction(paying.pay, command, accountant)
    assert in_transaction(paying.pay, command, accountant) == first
    other = payment(accountant, dang, id=command.id, items=command.items, note="อื่น")
    with pytest.raises(PaymentDiffers):
        in_transaction(paying.pay, other, accountant)


@pytest.mark.usefixtures("year")
def test_another_payment_of_the_same_items_finds_nothing_due(accountant: Actor, dang: UUID) -> None:
    one, two = payment(accountant, dang), payment(accountant, dang)
    in_transaction(paying.pay, one, accountant)
    with pytest.raises(rules.NothingToPay):
        in_transaction(paying.pay, two, accountant)


def test_a_part_can_be_paid_and_never_more_than_the_rest(
    year: Allocated, accountant: Actor, dang: UUID
) -> None:
    paid(accountant, dang, items=(PaidItem(year.run_id, dang, 20_00, 0),))
    with pytest.raises(rules.MoreThanDue):
        paid(accountant, dang, items=(PaidItem(year.run_id, dang, 100_01, 0),))
    assert owed(accountant)[year.run_id, dang] == (100_00, 80_50)


def test_what_no_coin_pays_stays_due(manager: Actor, accountant: Actor, dang: UUID) -> None:
    allocated = allocate(manager, accountant, {dang: (10_13, 5_20)})
    rounding = replace(accountant, centre=replace(accountant.centre, cash_rounding_satang=25))
    document = paid(rounding, dang)
    assert document.satang == 15_25
    assert owed(accountant)[allocated.run_id, dang] == (0, 8)


def test_a_drawer_pays_in_its_open_shift_and_its_report_counts_it(
    year: Allocated, accountant: Actor, centre: Centre, dang: UUID, dam: UUID
) -> None:
    shop = shop_in(centre)
    opened = shop.open(250_00)
    with pytest.raises(DrawerNeeded):
        paid(accountant, dang, paid_from="till")
    document = paid(accountant, dang, paid_from="till", shift_id=opened.id)
    assert document.till_id == shop.till_id
    command = payment(accountant, dam, paid_from="till", shift_id=opened.id)
    in_transaction(paying.pay, command, accountant)
    back = TakeBack(command.id, "จ่ายผิดคน", "till", opened.id)
    in_transaction(taking_back.take_back, back, accountant)
    closed = shop.close((10000, 1), (500, 1), (100, 24), (50, 1))
    assert (closed.expected_satang, closed.over_short_satang) == (49_50, 80_00)
    report = shift_report.of(centre.id, closed.id)
    assert report.drawer.members_satang == 200_50
    assert report.drawer.tied
    late = TakeBack(document.id, "จ่ายผิดคน", "till", opened.id)
    with pytest.raises(ShiftClosed):
        in_transaction(taking_back.take_back, late, accountant)


@pytest.mark.usefixtures("year")
def test_a_drawer_never_pays_more_than_it_holds(
    accountant: Actor, centre: Centre, dang: UUID
) -> None:
    opened = shop_in(centre).open(100_00)
    with pytest.raises(NotEnoughInDrawer):
        paid(accountant, dang, paid_from="till", shift_id=opened.id)


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(("way", "place"), [("cash", "bank"), ("transfer", "safe")])
def test_money_comes_from_its_own_place(
    accountant: Actor, dang: UUID, way: str, place: str
) -> None:
    with pytest.raises(rules.NotFromThatPlace):
        paid(accountant, dang, way, paid_from=place)


def test_the_purse_takes_it_under_the_member(
    year: Allocated, accountant: Actor, dang: UUID
) -> None:
    document = paid(accountant, dang, "purse")
    purse = ledger.sub_ledger(accountant.centre_id, Purpose.MEMBER_PURSE, "member")
    assert purse == {dang: -200_50}
    in_transaction(taking_back.take_back, TakeBack(document.id, "ขอเป็นเงินสด"), accountant)
    assert owed(accountant)[year.run_id, dang] == (120_00, 80_50)


# --- taking back -----------------------------------------------------------------------------


def test_a_payment_taken_back_is_due_again(year: Allocated, accountant: Actor, dang: UUID) -> None:
    safe = books(accountant, Purpose.CASH_SAFE)
    document = paid(accountant, dang)
    with pytest.raises(taking_back.BackWithReason):
        in_transaction(taking_back.take_back, TakeBack(document.id, " "), accountant)
    back = TakeBack(document.id, "จ่ายผิดคน")
    known = in_transaction(taking_back.take_back, back, accountant)
    assert known.reversal is not None and known.reversal.reason == "จ่ายผิดคน"
    assert in_transaction(taking_back.take_back, back, accountant) == known
    assert owed(accountant)[year.run_id, dang] == (120_00, 80_50)
    assert books(accountant, Purpose.CASH_SAFE) == safe
    assert not member_payments.anything_paid(accountant.centre_id, year.allocation_id)
    assert paid(accountant, dang).payment_no != document.payment_no


# --- whom ------------------------------------------------------------------------------------


def left(actor: Actor, member_id: UUID, kind: str) -> None:
    fact = RecordFact(
        fact_id=uuid7(), member_id=member_id, kind=kind, on_date=clock.today(), reason="-"
    )
    in_transaction(standing.record, fact, actor)


def test_who_resigned_after_the_run_is_still_paid(
    year: Allocated, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    left(manager, dang, "resigned")
    with pytest.raises(rules.OnlyMembersHold):
        paid(accountant, dang, "shares")
    assert paid(accountant, dang).satang == 200_50


def test_who_died_is_paid_through_a_named_heir_only(
    year: Allocated, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    left(manager, dang, "died")
    with pytest.raises(rules.HeirNeeded):
        paid(accountant, dang)
    with pytest.raises(rules.HeirNeeded):
        paid(accountant, dang, "purse", recipient_kind="heir", recipient_name="นายหนึ่ง")
    with pytest.raises(rules.RecipientNeeded):
        paid(accountant, dang, recipient_kind="heir", recipient_name="นายหนึ่ง")
    heir = {"recipient_name": "นายหนึ่ง ใจดี", "recipient_relation": "บุตร"}
    document = paid(accountant, dang, recipient_kind="heir", **heir)
    assert (document.recipient_name, document.recipient_relation) == ("นายหนึ่ง ใจดี", "บุตร")


def test_the_due_of_a_merged_membership_follows_the_one_that_stays(
    year: Allocated, accountant: Actor, dang: UUID, dam: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "survivors", lambda _centre_id: {dam: dang})
    with pytest.raises(rules.MemberMerged):
        paid(accountant, dam, items=(PaidItem(year.run_id, dam, 10_00, 0),))
    assert paid(accountant, dang).satang == 210_50
    left_over = ledger.sub_ledger(accountant.centre_id, Purpose.DIVIDENDS_PAYABLE, "member")
    assert not any(left_over.values())


def test_who_was_paid_under_two_numbers_has_one_line_of_income(
    year: Allocated, accountant: Actor, dang: UUID, dam: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in (dang, dam):
        paid(accountant, who)
    monkeypatch.setattr(standing, "survivors", lambda _centre_id: {dam: dang})
    [row] = income.of_year(clock.today().year, accountant)
    assert row.member.id == dang
    assert (row.dividend_satang, row.patronage_satang) == (130_00, 80_50)


def test_nobody_is_paid_what_is_somebody_elses(
    year: Allocated, accountant: Actor, dang: UUID, dam: UUID
) -> None:
    with pytest.raises(rules.NothingToPay):
        paid(accountant, dam, items=(PaidItem(year.run_id, dang, 120_00, 0),))


def test_only_keepers_pay(year: Allocated, cashier: Actor, auditor: Actor, dang: UUID) -> None:
    for who in (cashier, auditor):
        with pytest.raises(Forbidden):
            paid(who, dang)


def test_another_centre_knows_nothing_of_it(
    year: Allocated, accountant: Actor, other_manager: Actor, dang: UUID
) -> None:
    command = payment(accountant, dang)
    with pytest.raises(NotFound):
        in_transaction(paying.pay, command, other_manager)


def test_nothing_is_paid_on_a_locked_day(
    year: Allocated, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    today = clock.today()
    in_transaction(lock_month, today.year * 100 + today.month, accountant, manager)
    with pytest.raises(periods.PeriodClosed):
        paid(accountant, dang)


# --- at once ---------------------------------------------------------------------------------


def test_a_reversed_allocation_pays_nobody_and_a_paid_one_is_not_reversed(
    year: Allocated, manager: Actor, accountant: Actor, dang: UUID
) -> None:
    command = payment(accountant, dang)
    document = in_transaction(paying.pay, command, accountant)
    with pytest.raises(AlreadyPaid):
        reverse(manager, year)
    in_transaction(taking_back.take_back, TakeBack(document.id, "ผิด"), accountant)
    again = payment(accountant, dang)
    reverse(manager, year)
    with pytest.raises(rules.NothingToPay):
        in_transaction(paying.pay, again, accountant)


@pytest.mark.usefixtures("year")
def test_two_tills_at_once_pay_one_member_once(app: Flask, accountant: Actor, dang: UUID) -> None:
    commands = [payment(accountant, dang) for _ in range(4)]
    gate, results = threading.Barrier(len(commands)), []

    def at_a_till(command: paying.PayMember) -> None:
        with app.app_context():
            gate.wait()
            try:
                results.append(in_transaction(paying.pay, command, accountant).payment_no)
            except rules.NothingToPay:
                results.append("")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=at_a_till, args=(one,)) for one in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results)[:3] == ["", "", ""] and len(results) == 4
    assert due.of_member(accountant.centre_id, dang) == []
