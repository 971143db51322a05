"""Caps, corrections, credits of other documents and certificates of the share register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules import shares as rules_of
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.shares import DEFAULTS, ShareRules
from accounting.services import ledger, shift_cash, tie_outs, verify_shares
from accounting.services.shares import (
    certificates,
    correcting,
    crediting,
    plans,
    reading,
    recording,
    register,
    rules,
)
from accounting.services.shares.certificates import IssueCertificate
from accounting.services.shares.correcting import CarryShares, TakeBack
from accounting.services.shares.crediting import ShareCredit
from accounting.services.shares.plans import Subscribe
from accounting.services.shares.reading import TransactionCard
from accounting.services.shares.recording import BuyShares, TransferShares, WithdrawShares
from accounting.services.shares.rules import SetShareRules
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import DifferentContent, Forbidden
from core.ids import uuid7
from pos.services import verify
from tests.closing import lock_month
from tests.resolving import resolve
from tests.share_asking import TODAY, at_once, capital, refused, set_rules, sound
from tests.sharing import buy_shares, member_named, put_shares
from tests.shop import shop_in

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


# --- caps -------------------------------------------------------------------------------


def test_a_fifth_is_the_most_from_five_holders_on(
    accountant: Actor, manager: Actor, system: Actor
) -> None:
    set_rules(manager, FIFTH)
    people = [member_named(system, f"คน{number}") for number in range(6)]
    for member_id in people[:4]:
        buy_shares(accountant, member_id, 100)  # so few that somebody must hold more than a fifth
    buy_shares(accountant, people[4], 100)
    one_more = BuyShares(uuid7(), people[0], 1, TODAY, "safe")
    refused(rules_of.PartTooLarge, recording.buy, one_more, accountant)
    buy_shares(accountant, people[5], 100)
    in_transaction(recording.buy, replace(one_more, shares=25), accountant)  # 125 of 625
    again = replace(one_more, id=uuid7(), shares=1)
    refused(rules_of.PartTooLarge, recording.buy, again, accountant)
    command = TransferShares(uuid7(), people[1], people[0], 1, TODAY, resolve(manager, on=TODAY))
    refused(rules_of.PartTooLarge, recording.transfer, command, accountant)
    sound(accountant)


def test_least_and_most_shares(accountant: Actor, manager: Actor, somsri: UUID) -> None:
    set_rules(manager, ShareRules(least_shares=2, most_shares=10))
    one = BuyShares(uuid7(), somsri, 1, TODAY, "safe")
    refused(rules_of.TooFewShares, recording.buy, one, accountant)
    refused(rules_of.TooManyShares, recording.buy, replace(one, shares=11), accountant)
    in_transaction(recording.buy, replace(one, shares=10), accountant)
    signed = Subscribe(uuid7(), somsri, 1, TODAY)
    refused(rules_of.TooManyShares, plans.subscribe, signed, accountant)
    rest = WithdrawShares(uuid7(), somsri, 9, TODAY, "safe")
    refused(rules_of.TooFewShares, recording.withdraw, rest, accountant)
    in_transaction(recording.withdraw, replace(rest, shares=8), accountant)


def test_rules_count_from_their_day_and_the_latest_entered_wins(
    accountant: Actor, manager: Actor
) -> None:
    def add(valid_from: date, par_satang: int) -> None:
        command = SetShareRules(uuid7(), valid_from, ShareRules(par_satang=par_satang))
        in_transaction(rules.set_rules, command, manager)

    add(date(2026, 11, 1), 50_00)
    add(date(2026, 11, 15), 20_00)
    add(date(2026, 11, 15), 25_00)
    for day, par in ((31, 100_00), (1, 50_00), (14, 50_00), (15, 25_00), (20, 25_00)):
        on = date(2026, 10, 31) if day == 31 else date(2026, 11, day)
        assert rules.on(manager, on).par_satang == par
    assert len(rules.listing(manager)) == 4
    bad = SetShareRules(uuid7(), TODAY, ShareRules(least_shares=3, most_shares=2))
    with pytest.raises(rules_of.BadRule):
        in_transaction(rules.set_rules, bad, manager)
    with pytest.raises(Forbidden):
        in_transaction(rules.set_rules, SetShareRules(uuid7(), TODAY, ShareRules()), accountant)


def test_two_tills_never_pass_the_cap_together(
    app: Flask, accountant: Actor, manager: Actor, system: Actor
) -> None:
    set_rules(manager, FIFTH)
    people = [member_named(system, f"คน{number}") for number in range(6)]
    for member_id in people:
        buy_shares(accountant, member_id, 100)
    works: list[Callable[[], object]] = [
        lambda: in_transaction(
            recording.buy, BuyShares(uuid7(), people[0], 15, TODAY, "safe"), accountant
        ),
        lambda: in_transaction(
            recording.buy, BuyShares(uuid7(), people[0], 16, TODAY, "safe"), manager
        ),
    ]
    answers = at_once(app, works)
    assert sum(isinstance(one, TransactionCard) for one in answers) == 1
    assert sum(isinstance(one, rules_of.PartTooLarge) for one in answers) == 1
    held = register.balances(accountant.centre_id)
    assert held[people[0]] * 5 <= sum(held.values())
    sound(accountant)


def test_two_withdrawals_at_once_never_take_more_than_there_is(
    app: Flask, accountant: Actor, manager: Actor, somsri: UUID
) -> None:
    buy_shares(accountant, somsri, 10)
    works: list[Callable[[], object]] = [
        lambda actor=actor: in_transaction(  # type: ignore[misc]
            recording.withdraw, WithdrawShares(uuid7(), somsri, 6, TODAY, "safe"), actor
        )
        for actor in (accountant, manager)
    ]
    answers = at_once(app, works)
    assert sum(isinstance(one, rules_of.MoreThanHeld) for one in answers) == 1
    assert register.balances(accountant.centre_id) == {somsri: 400_00}
    sound(accountant)


# --- corrections ------------------------------------------------------------------------


def test_a_transaction_is_taken_back_once_and_linked_both_ways(
    accountant: Actor, somsri: UUID
) -> None:
    bought = buy_shares(accountant, somsri, 10, TODAY - timedelta(3))
    command = TakeBack(uuid7(), bought.id, "คีย์ผิดคน")
    back = in_transaction(correcting.take_back, command, accountant)
    assert in_transaction(correcting.take_back, command, accountant) == back
    assert (back.effective_on, back.reverses_id) == (bought.effective_on, bought.id)
    assert reading.view(bought.id, accountant).reversed_by == back
    assert reading.view(back.id, accountant).reverses == bought
    for wrong in (bought.id, back.id):
        again = TakeBack(uuid7(), wrong, "อีกครั้ง")
        refused(rules_of.AlreadyTakenBack, correcting.take_back, again, accountant)
    assert capital(accountant) == {} and register.balances(accountant.centre_id) == {}
    [entry] = ledger.entry_of(accountant.centre_id, "share_transaction", bought.id)
    assert ledger.reversal_of(accountant.centre_id, entry.id) is not None
    sound(accountant)


def test_what_is_gone_is_not_taken_back(accountant: Actor, somsri: UUID, thong: UUID) -> None:
    bought = buy_shares(accountant, somsri, 10)
    passed = TransferShares(uuid7(), somsri, thong, 6, TODAY)
    in_transaction(recording.transfer, passed, accountant)
    back = TakeBack(uuid7(), bought.id, "ผิด")
    refused(rules_of.SharesGone, correcting.take_back, back, accountant)
    in_transaction(correcting.take_back, TakeBack(uuid7(), passed.id, "ผิด"), accountant)
    in_transaction(correcting.take_back, back, accountant)
    sound(accountant)


def test_what_was_bought_in_a_locked_month_is_taken_back_today(
    accountant: Actor, manager: Actor, somsri: UUID
) -> None:
    bought = buy_shares(accountant, somsri, 10, date(2026, 10, 5))
    lock_month(202610, manager, accountant)
    db.session.commit()
    back = in_transaction(correcting.take_back, TakeBack(uuid7(), bought.id, "เงินปลอม"), accountant)
    assert back.effective_on == TODAY
    sound(accountant)


def test_the_old_books_are_entered_and_corrected(
    accountant: Actor, manager: Actor, somsri: UUID
) -> None:
    told = CarryShares(uuid7(), somsri, 1_500_00, TODAY)
    in_transaction(correcting.carry, told, accountant)
    less = CarryShares(uuid7(), somsri, -500_00, TODAY)
    in_transaction(correcting.carry, less, accountant)
    too_much = replace(less, id=uuid7(), amount_satang=-1_000_01)
    refused(rules_of.SharesGone, correcting.carry, too_much, accountant)
    lock_month(202610, manager, accountant)
    db.session.commit()
    refused(rules_of.ApprovalNeeded, correcting.carry, replace(told, id=uuid7()), accountant)
    word = resolve(manager, "8/2569", on=TODAY)
    in_transaction(correcting.carry, replace(told, id=uuid7(), resolution_id=word), accountant)
    assert capital(accountant) == {somsri: 2_500_00}
    sound(accountant)


# --- other documents --------------------------------------------------------------------


def test_other_documents_credit_once_and_take_back_once(
    accountant: Actor, somsri: UUID, thong: UUID
) -> None:
    source = put_shares(accountant, TODAY, somsri, 12_34)
    again = [ShareCredit(somsri, 12_34)]
    sent = {"on": TODAY, "source_type": "opening", "source_id": source, "actor": accountant}
    in_transaction(crediting.credit, again, **sent)  # type: ignore[arg-type]
    with pytest.raises(DifferentContent):
        in_transaction(crediting.credit, [ShareCredit(thong, 12_34)], **sent)  # type: ignore[arg-type]
    assert register.balances(accountant.centre_id) == {somsri: 12_34}
    [row] = reading.passbook(accountant.centre_id, somsri)
    foreign = TakeBack(uuid7(), row.transaction.id, "ผิด")
    refused(rules_of.TakenBackElsewhere, correcting.take_back, foreign, accountant)
    for _ in range(2):
        in_transaction(crediting.undo, "opening", source, TODAY, accountant)
    assert register.balances(accountant.centre_id) == {}


def test_undoing_a_credit_that_is_gone_is_refused(accountant: Actor, somsri: UUID) -> None:
    source = put_shares(accountant, TODAY, somsri, 500_00)
    gone = WithdrawShares(uuid7(), somsri, 1, TODAY, "safe")
    in_transaction(recording.withdraw, gone, accountant)
    with pytest.raises(rules_of.SharesGone):
        in_transaction(crediting.undo, "opening", source, TODAY, accountant)


# --- certificates -----------------------------------------------------------------------


def test_certificates_are_for_whole_shares_held(accountant: Actor, somsri: UUID) -> None:
    none = IssueCertificate(uuid7(), somsri)
    with pytest.raises(rules_of.NothingToCertify):
        in_transaction(certificates.issue, none, accountant)
    put_shares(accountant, TODAY, somsri, 1_050_00)
    first = in_transaction(certificates.issue, none, accountant)
    assert (first.shares, first.amount_satang) == (10, 1_000_00)
    assert in_transaction(certificates.issue, none, accountant) == first
    more = IssueCertificate(uuid7(), somsri)
    with pytest.raises(rules_of.NothingToCertify):
        in_transaction(certificates.issue, more, accountant)
    prints = [in_transaction(certificates.note_print, first.id, accountant) for _ in range(2)]
    assert prints == [1, 2]
    stead = IssueCertificate(uuid7(), somsri, replaces_id=first.id, note="น้ำท่วม")
    second = in_transaction(certificates.issue, stead, accountant)
    assert certificates.card(accountant.centre_id, first.id).ended == "replaced"
    with pytest.raises(rules_of.CertificateOver):
        in_transaction(certificates.note_print, first.id, accountant)
    in_transaction(
        recording.withdraw, WithdrawShares(uuid7(), somsri, 1, TODAY, "safe"), accountant
    )
    now = certificates.card(accountant.centre_id, second.id)
    assert (now.ended, now.ended_note) == ("given_back", "S-2569-00002")
    sound(accountant)


# --- the auditor and the drawer ----------------------------------------------------------------


def test_the_auditor_names_what_the_books_have_and_the_register_not(
    accountant: Actor, somsri: UUID
) -> None:
    buy_shares(accountant, somsri, 10)
    source_id = uuid7()
    lines = (
        NewLine(Purpose.CASH_SAFE, debit=70_00),
        NewLine(Purpose.SHARE_CAPITAL, credit=70_00, member_id=somsri),
    )
    entry = NewEntry("opening", "opening", source_id, TODAY, clock.now(), lines)
    in_transaction(ledger.post, entry, accountant)
    found = {one.check: one for one in verify_shares.checks(accountant.centre_id)}
    capital_says = found["share capital is the share register"]
    assert not capital_says.ok
    assert (capital_says.document_type, capital_says.document_id) == ("opening", source_id)
    assert capital_says.actual - capital_says.expected == -70_00
    tie = next(one for one in tie_outs.ties(accountant.centre_id, TODAY) if one.key == "shares")
    assert (tie.difference_satang, tie.unequal) == (-70_00, 1)
    [document] = tie.documents
    assert (document.id, document.satang) == (source_id, -70_00)
    assert "สมศรี" in document.note


def test_shares_paid_into_a_drawer_are_in_its_count(centre: Centre, somsri: UUID) -> None:
    shop = shop_in(centre)
    shift_id = shop.open().id
    command = BuyShares(uuid7(), somsri, 3, TODAY, "till", shift_id)
    early = replace(command, id=uuid7(), on=TODAY - timedelta(1))
    refused(rules_of.TillIsToday, recording.buy, early, shop.actor)
    bought = in_transaction(recording.buy, command, shop.actor)
    back = WithdrawShares(uuid7(), somsri, 1, TODAY, "till", shift_id)
    in_transaction(recording.withdraw, back, shop.actor)
    assert shift_cash.taken_out(centre.id, shift_id) == -200_00
    assert bought.till_id == shop.till_id
    db.session.rollback()
    assert all(one.ok for one in verify.run(centre.id))
