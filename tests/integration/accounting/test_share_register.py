"""The share register on both databases: what members do with shares, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from accounting.rules import shares as rules_of
from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed
from accounting.rules.shares import DEFAULTS, Heir, ShareRules
from accounting.services import ledger
from accounting.services.shares import (
    certificates,
    correcting,
    heirs,
    plans,
    reading,
    recording,
    register,
)
from accounting.services.shares.certificates import IssueCertificate
from accounting.services.shares.correcting import CarryShares, TakeBack
from accounting.services.shares.heirs import Inherit, Nominate
from accounting.services.shares.plans import Subscribe
from accounting.services.shares.recording import (
    BuyShares,
    PayInstalment,
    TransferShares,
    WithdrawShares,
)
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import DifferentContent, Forbidden
from core.ids import uuid7
from tests.closing import lock_month
from tests.resolving import resolve
from tests.share_asking import TODAY, capital, leave, refused, set_rules, sound
from tests.sharing import buy_shares, member_named

FIFTH = replace(DEFAULTS["cooperative"], par_satang=100_00)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.travel(lambda: datetime(2026, 11, 20, 3, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def somsri(system: Actor) -> UUID:
    return member_named(system, "สมศรี")


@pytest.fixture
def thong(system: Actor) -> UUID:
    return member_named(system, "ทอง")


# --- what members do --------------------------------------------------------------------


def test_shares_are_bought_once_whatever_is_sent(accountant: Actor, somsri: UUID) -> None:
    command = BuyShares(uuid7(), somsri, 10, TODAY, "safe", note="หุ้นแรกเข้า")
    first = in_transaction(recording.buy, command, accountant)
    again = in_transaction(recording.buy, command, accountant)
    assert first == again and first.transaction_no == "S-2569-00001"
    assert (first.amount_satang, first.effective_on) == (1_000_00, TODAY)
    with pytest.raises(DifferentContent):
        in_transaction(recording.buy, replace(command, shares=11), accountant)
    assert capital(accountant) == {somsri: 1_000_00}
    [entry] = ledger.entry_of(accountant.centre_id, "share_transaction", command.id)
    assert (entry.kind, entry.total_satang) == ("share_buy", 1_000_00)
    sound(accountant)


def test_movements_give_the_day_the_amount_and_when_it_was_entered(
    accountant: Actor, somsri: UUID
) -> None:
    late = date(2026, 10, 31)
    buy_shares(accountant, somsri, 10, late)
    buy_shares(accountant, somsri, 5, TODAY)
    gone = WithdrawShares(uuid7(), somsri, 3, TODAY, "bank")
    in_transaction(recording.withdraw, gone, accountant)
    found = register.movements(accountant.centre_id, TODAY)[somsri]
    assert [(one.on, one.delta_satang) for one in found] == [
        (late, 1_000_00),
        (TODAY, 500_00),
        (TODAY, -300_00),
    ]
    assert [one.document_no for one in found] == ["S-2569-00001", "S-2569-00002", "S-2569-00003"]
    assert found[0].late and not found[1].late
    until = register.movements(accountant.centre_id, TODAY - timedelta(1))
    assert [one.on for one in until[somsri]] == [late]
    centre_id = accountant.centre_id
    assert register.balances(centre_id, late - timedelta(1)) == {}
    assert register.balances(centre_id, late) == {somsri: 1_000_00}
    assert register.balances(centre_id, TODAY) == {somsri: 1_200_00}
    sound(accountant)


def test_shares_are_paid_by_and_by(accountant: Actor, somsri: UUID) -> None:
    signed = Subscribe(uuid7(), somsri, 5, TODAY - timedelta(10))
    plan = in_transaction(plans.subscribe, signed, accountant)
    assert in_transaction(plans.subscribe, signed, accountant) == plan
    assert (plan.subscription_no, plan.total_satang, plan.left_satang) == (
        "SS-2569-00001",
        500_00,
        500_00,
    )
    part = PayInstalment(uuid7(), plan.id, 50_00, TODAY - timedelta(5), "safe")
    first = in_transaction(recording.pay_instalment, part, accountant)
    rest = PayInstalment(uuid7(), plan.id, 450_00, TODAY, "bank")
    too_much = replace(rest, id=uuid7(), amount_satang=450_01)
    refused(rules_of.MoreThanSubscribed, recording.pay_instalment, too_much, accountant)
    in_transaction(recording.pay_instalment, rest, accountant)
    now = plans.card(accountant.centre_id, plan.id)
    assert (now.paid_satang, now.left_satang, now.over) == (500_00, 0, True)
    again = replace(rest, id=uuid7(), amount_satang=1)
    refused(rules_of.SubscriptionOver, recording.pay_instalment, again, accountant)
    in_transaction(correcting.take_back, TakeBack(uuid7(), first.id, "ผิดคน"), accountant)
    assert plans.card(accountant.centre_id, plan.id).left_satang == 50_00
    in_transaction(plans.give_up, plan.id, "เปลี่ยนใจ", accountant)
    back = replace(again, id=uuid7())
    refused(rules_of.SubscriptionOver, recording.pay_instalment, back, accountant)
    assert capital(accountant) == {somsri: 450_00}
    sound(accountant)


def test_a_transfer_is_one_document_with_two_rows(
    accountant: Actor, somsri: UUID, thong: UUID
) -> None:
    buy_shares(accountant, somsri, 10)
    command = TransferShares(uuid7(), somsri, thong, 4, TODAY)
    card = in_transaction(recording.transfer, command, accountant)
    assert capital(accountant) == {somsri: 600_00, thong: 400_00}
    assert {one.id: delta for one, delta in reading.view(card.id, accountant).rows} == {
        somsri: -400_00,
        thong: 400_00,
    }
    [entry] = ledger.entry_of(accountant.centre_id, "share_transaction", card.id)
    assert entry.total_satang == 400_00
    for refusal, other in (
        (rules_of.MoreThanHeld, replace(command, id=uuid7(), shares=7)),
        (rules_of.SameMember, replace(command, id=uuid7(), to_member_id=somsri)),
    ):
        refused(refusal, recording.transfer, other, accountant)
    whole = replace(command, id=uuid7(), shares=None)
    in_transaction(recording.transfer, whole, accountant)
    assert capital(accountant) == {thong: 1_000_00}
    sound(accountant)


def test_a_transfer_waits_for_the_word_where_the_rules_say_so(
    accountant: Actor, manager: Actor, somsri: UUID, thong: UUID
) -> None:
    set_rules(manager, ShareRules(transfer_needs_approval=True))
    buy_shares(accountant, somsri, 10)
    command = TransferShares(uuid7(), somsri, thong, 4, TODAY)
    refused(rules_of.ApprovalNeeded, recording.transfer, command, accountant)
    word = resolve(manager, "7/2569", "ให้โอนหุ้น", TODAY)
    allowed = replace(command, resolution_id=word)
    assert in_transaction(recording.transfer, allowed, accountant).resolution_id == word


def test_who_has_left_gives_all_back(accountant: Actor, manager: Actor, somsri: UUID) -> None:
    set_rules(manager, ShareRules(withdraw_while_member=False))
    buy_shares(accountant, somsri, 10)
    command = WithdrawShares(uuid7(), somsri, 10, TODAY, "safe")
    refused(rules_of.StillAMember, recording.withdraw, command, accountant)
    leave(manager, somsri, "resigned")
    part = replace(command, id=uuid7(), shares=9)
    refused(rules_of.OnlyAll, recording.withdraw, part, accountant)
    buying = BuyShares(uuid7(), somsri, 1, TODAY, "safe")
    refused(rules_of.NotAMemberThen, recording.buy, buying, accountant)
    in_transaction(recording.withdraw, replace(command, shares=None), accountant)
    assert capital(accountant) == {}
    sound(accountant)


def test_shares_are_paid_from_the_purse_and_given_back_into_it(
    accountant: Actor, somsri: UUID
) -> None:
    buy_shares(accountant, somsri, 3)
    back = WithdrawShares(uuid7(), somsri, 2, TODAY, "purse")
    in_transaction(recording.withdraw, back, accountant)
    purse = ledger.sub_ledger(accountant.centre_id, Purpose.MEMBER_PURSE, "member")
    assert purse == {somsri: -200_00}
    too_many = BuyShares(uuid7(), somsri, 3, TODAY, "purse")
    refused(rules_of.PurseShort, recording.buy, too_many, accountant)
    in_transaction(recording.buy, replace(too_many, shares=1), accountant)
    purse = ledger.sub_ledger(accountant.centre_id, Purpose.MEMBER_PURSE, "member")
    assert purse == {somsri: -100_00}
    sound(accountant)


# --- death ------------------------------------------------------------------------------


def test_heirs_get_all_of_it_to_the_satang_each_once(
    accountant: Actor, manager: Actor, somsri: UUID, thong: UUID
) -> None:
    buy_shares(accountant, somsri, 1)
    named = tuple(Heir(name, "ลูก", part) for name, part in (("ก", 3334), ("ข", 3333), ("ค", 3333)))
    nomination = Nominate(uuid7(), somsri, TODAY, named)
    wrong = replace(nomination, id=uuid7(), heirs=named[:2])
    with pytest.raises(rules_of.HeirsNotWhole):
        in_transaction(heirs.nominate, wrong, accountant)
    in_transaction(heirs.nominate, nomination, accountant)
    assert in_transaction(heirs.nominate, nomination, accountant).heirs == named
    kept = Inherit(uuid7(), somsri, 1, TODAY, to_member_id=thong)
    refused(rules_of.NotDead, heirs.inherit, kept, accountant)
    leave(manager, somsri, "died")
    late = Nominate(uuid7(), somsri, TODAY, (Heir("คนอื่น", "-", 10_000),))
    refused(rules_of.NotAMemberThen, heirs.nominate, late, accountant)
    # What the dead held goes to the heirs alone.
    away = TransferShares(uuid7(), somsri, thong, None, TODAY)
    refused(rules_of.HasDied, recording.transfer, away, accountant)
    back = WithdrawShares(uuid7(), somsri, None, TODAY, "safe")
    refused(rules_of.HasDied, recording.withdraw, back, accountant)
    first = in_transaction(heirs.inherit, kept, accountant)
    assert in_transaction(heirs.inherit, kept, accountant) == first
    refused(rules_of.NoSuchHeir, heirs.inherit, replace(kept, id=uuid7()), accountant)
    for number in (2, 3):
        paid = Inherit(uuid7(), somsri, number, TODAY, place="safe")
        in_transaction(heirs.inherit, paid, accountant)
    parts = heirs.parts(accountant.centre_id, somsri)
    assert sum(part.amount_satang for part in parts) == 100_00
    assert all(part.transaction_id for part in parts)
    assert capital(accountant) == {thong: parts[0].amount_satang}
    sound(accountant)


def test_where_the_dead_named_nobody_the_legal_heirs_are_named(
    accountant: Actor, manager: Actor, somsri: UUID
) -> None:
    buy_shares(accountant, somsri, 1, TODAY - timedelta(days=1))
    leave(manager, somsri, "died", TODAY - timedelta(days=1))
    for names in (("ลูก",), ("ลูก", "ภรรยา")):  # the second corrects the first
        legal = tuple(Heir(name, "ทายาท", 10_000 // len(names)) for name in names)
        in_transaction(heirs.nominate, Nominate(uuid7(), somsri, TODAY, legal), accountant)
    for number in (1, 2):
        paid = Inherit(uuid7(), somsri, number, TODAY, place="safe")
        in_transaction(heirs.inherit, paid, accountant)
    assert capital(accountant) == {}
    sound(accountant)


def test_the_latest_nomination_counts_and_the_others_stay(accountant: Actor, somsri: UUID) -> None:
    for name in ("ก", "ข"):
        one = Nominate(uuid7(), somsri, TODAY, (Heir(name, "ลูก", 10_000),))
        in_transaction(heirs.nominate, one, accountant)
    found = heirs.current(accountant.centre_id, somsri)
    assert found is not None and found.heirs[0].name == "ข"
    in_transaction(heirs.nominate, Nominate(uuid7(), somsri, TODAY, ()), accountant)
    assert heirs.current(accountant.centre_id, somsri) is None
    assert len(heirs.history(accountant.centre_id, somsri)) == 3


# --- days -------------------------------------------------------------------------------


def test_days_that_cannot_be_are_refused(
    accountant: Actor, manager: Actor, system: Actor, somsri: UUID
) -> None:
    young = member_named(system, "น้องใหม่", date(2026, 11, 10))
    lock_month(202610, manager, accountant)
    db.session.commit()
    for refusal, member_id, on in (
        (rules_of.NotYet, somsri, TODAY + timedelta(1)),
        (rules_of.MonthLocked, somsri, date(2026, 10, 31)),
        (PeriodClosed, somsri, date(2026, 10, 1)),
        (rules_of.NotAMemberThen, young, date(2026, 11, 9)),
    ):
        command = BuyShares(uuid7(), member_id, 1, on, "safe")
        refused(refusal, recording.buy, command, accountant)
    in_transaction(
        recording.buy, BuyShares(uuid7(), young, 1, date(2026, 11, 10), "safe"), accountant
    )


def test_nothing_is_taken_from_a_day_on_which_it_was_not_there(
    accountant: Actor, somsri: UUID
) -> None:
    buy_shares(accountant, somsri, 2, TODAY - timedelta(5))
    buy_shares(accountant, somsri, 8, TODAY)
    early = WithdrawShares(uuid7(), somsri, 3, TODAY - timedelta(2), "safe")
    refused(rules_of.MoreThanHeld, recording.withdraw, early, accountant)
    in_transaction(recording.withdraw, replace(early, shares=2), accountant)
    sound(accountant)


# --- rights -----------------------------------------------------------------------------


def test_it_takes_the_right(cashier: Actor, auditor: Actor, somsri: UUID) -> None:
    for actor in (cashier, auditor):
        refused(Forbidden, recording.buy, BuyShares(uuid7(), somsri, 1, TODAY, "safe"), actor)
        refused(Forbidden, plans.subscribe, Subscribe(uuid7(), somsri, 1, TODAY), actor)
        refused(Forbidden, correcting.take_back, TakeBack(uuid7(), uuid7(), "x"), actor)
        refused(Forbidden, correcting.carry, CarryShares(uuid7(), somsri, 1, TODAY), actor)
        refused(Forbidden, certificates.issue, IssueCertificate(uuid7(), somsri), actor)
        refused(Forbidden, heirs.nominate, Nominate(uuid7(), somsri, TODAY, ()), actor)
