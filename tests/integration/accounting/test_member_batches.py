"""Bank files to members, credits in bulk, and how members want to be paid."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from accounting.rules import member_payments as rules
from accounting.rules.bank_results import BadResults, LineResult
from accounting.rules.chart import Purpose
from accounting.rules.shares import ShareRules, TooManyShares
from accounting.services import bank_batches, ledger, member_payments
from accounting.services.bank_batches import BatchDoc, MakeBatch
from accounting.services.member_payments import asking, batches, bulk, choices, due, paying
from accounting.services.member_payments.bulk import CreditMany
from accounting.services.member_payments.choices import Choice
from accounting.services.shares import register
from accounting.services.shares import rules as share_rules
from accounting.services.shares.rules import SetShareRules
from accounting.services.surplus.reversing import AlreadyPaid
from core import clock, jobs
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, Forbidden
from core.ids import uuid7
from members.services import standing
from members.services.standing import RecordFact
from tests.dividends import Allocated, allocate, member, paid, payment, reverse
from worker import running

PROMPTPAY = Choice("promptpay", "0812345678")


def chooses(actor: Actor, member_id: UUID, choice: Choice) -> None:
    in_transaction(choices.save, member_id, choice, actor)


@pytest.fixture
def dang(system: Actor) -> UUID:
    return member(system, "แดง")


@pytest.fixture
def dam(system: Actor) -> UUID:
    return member(system, "ดำ")


@pytest.fixture
def year(manager: Actor, accountant: Actor, dang: UUID, dam: UUID) -> Allocated:
    return allocate(manager, accountant, {dang: (120_00, 80_50), dam: (10_00, 0)})


@pytest.fixture
def batch(year: Allocated, accountant: Actor, dang: UUID, dam: UUID) -> BatchDoc:
    for who in (dang, dam):
        chooses(accountant, who, PROMPTPAY)
    return in_transaction(
        bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay"), accountant
    )


def owed(actor: Actor) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    found = member_payments.unpaid(actor.centre_id)
    db.session.rollback()
    return found


def bank(actor: Actor) -> int:
    found = ledger.balance(actor.centre_id, Purpose.BANK)
    db.session.rollback()
    return found


# --- choices ---------------------------------------------------------------------------------


def test_a_choice_is_kept_with_what_the_bank_needs(accountant: Actor, dang: UUID) -> None:
    assert choices.get(dang, accountant) == Choice()
    chooses(accountant, dang, Choice("promptpay", "081-234-5678"))
    assert choices.get(dang, accountant) == Choice("promptpay", "0812345678", version=1)
    with pytest.raises(ChangedMeanwhile):
        chooses(accountant, dang, Choice("cash", version=0))
    chooses(accountant, dang, Choice("cash", version=1))
    assert choices.get(dang, accountant).version == 2


def test_numbers_that_are_nobodys_are_refused(
    accountant: Actor, cashier: Actor, dang: UUID
) -> None:
    with pytest.raises(choices.BadMemberPromptPay):
        chooses(accountant, dang, Choice("promptpay", "0812"))
    with pytest.raises(choices.BadMemberAccount):
        chooses(accountant, dang, Choice("transfer", "", "004", "12", "แดง"))
    with pytest.raises(choices.ChoiceUnreachable):
        chooses(accountant, dang, Choice("transfer", "0812345678"))
    with pytest.raises(Forbidden):
        chooses(cashier, dang, Choice())


# --- files -----------------------------------------------------------------------------------


def test_a_file_reserves_what_it_pays(
    batch: BatchDoc, year: Allocated, manager: Actor, accountant: Actor, dang: UUID
) -> None:
    assert batch.amount_satang == 210_50 and batch.waiting == 2
    assert "0812345678" in batch.file_content and "200.50" in batch.file_content
    with pytest.raises(paying.WaitsAtBank):
        paid(accountant, dang)
    assert member_payments.anything_paid(accountant.centre_id, year.allocation_id)
    with pytest.raises(AlreadyPaid):
        reverse(manager, year)
    with pytest.raises(batches.NobodyToPay):
        in_transaction(bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay"), accountant)
    with pytest.raises(batches.MembersWait):
        in_transaction(
            bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay", (dang,)), accountant
        )


def test_the_same_file_is_made_once(batch: BatchDoc, accountant: Actor) -> None:
    again = in_transaction(
        bank_batches.make, batches.DEBT, MakeBatch(batch.id, "promptpay"), accountant
    )
    assert again == batch
    with pytest.raises(batches.MemberBatchDiffers):
        in_transaction(bank_batches.make, batches.DEBT, MakeBatch(batch.id, "transfer"), accountant)


def test_the_banks_answer_pays_one_and_frees_the_other(
    batch: BatchDoc, year: Allocated, accountant: Actor, dang: UUID, dam: UUID
) -> None:
    lines = {line.payee.id: line for line in batch.lines}
    answer = "\n".join(
        (
            "reference,amount,result,note",
            f"{lines[dang].own_reference},200.50,paid,KB-1",
            f"{lines[dam].own_reference},10.00,failed,บัญชีปิด",
        )
    )
    came = in_transaction(bank_batches.match_file, batches.DEBT, batch.id, answer, accountant)
    assert {line.payee.id: line.state for line in came.lines} == {dang: "paid", dam: "failed"}
    assert bank(accountant) == -200_50
    assert owed(accountant) == {(year.run_id, dam): (10_00, 0)}
    assert (
        in_transaction(bank_batches.match_file, batches.DEBT, batch.id, answer, accountant) == came
    )
    assert bank(accountant) == -200_50
    other = (LineResult(lines[dam].line_no, True, "KB-2"),)
    with pytest.raises(bank_batches.LineMatched):
        in_transaction(bank_batches.match, batches.DEBT, batch.id, other, accountant)
    assert paid(accountant, dam).satang == 10_00


def test_an_answer_that_does_not_fit_changes_nothing(batch: BatchDoc, accountant: Actor) -> None:
    wrong = f"reference,amount,result\n{batch.lines[0].own_reference},999.00,paid"
    with pytest.raises(BadResults):
        in_transaction(bank_batches.match_file, batches.DEBT, batch.id, wrong, accountant)
    with pytest.raises(bank_batches.ReasonNeeded):
        in_transaction(
            bank_batches.match, batches.DEBT, batch.id, (LineResult(1, False, " "),), accountant
        )
    assert bank_batches.get(batches.DEBT, batch.id, accountant) == batch


def test_who_dies_or_has_no_number_is_left_out(
    year: Allocated, accountant: Actor, manager: Actor, dang: UUID, dam: UUID
) -> None:
    chooses(accountant, dang, PROMPTPAY)
    both = (dang, dam)
    with pytest.raises(batches.NoMemberDetails):
        in_transaction(
            bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay", both), accountant
        )
    fact = RecordFact(fact_id=uuid7(), member_id=dang, kind="died", on_date=clock.today())
    in_transaction(standing.record, fact, manager)
    with pytest.raises(batches.NobodyToPay):
        in_transaction(
            bank_batches.make,
            batches.DEBT,
            MakeBatch(uuid7(), "promptpay", both, skip_missing=True),
            accountant,
        )


def test_the_money_is_out_even_when_the_member_died_meanwhile(
    batch: BatchDoc, accountant: Actor, manager: Actor, dang: UUID
) -> None:
    fact = RecordFact(fact_id=uuid7(), member_id=dang, kind="died", on_date=clock.today())
    in_transaction(standing.record, fact, manager)
    [line] = [one for one in batch.lines if one.payee.id == dang]
    in_transaction(
        bank_batches.match,
        batches.DEBT,
        batch.id,
        (LineResult(line.line_no, True, "KB"),),
        accountant,
    )
    assert bank(accountant) == -200_50


def test_what_waits_under_a_merged_membership_waits_for_the_one_that_stays(
    batch: BatchDoc,
    accountant: Actor,
    dang: UUID,
    dam: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = {line.payee.id: line for line in batch.lines}
    failed = (LineResult(lines[dang].line_no, False, "บัญชีปิด"),)
    in_transaction(bank_batches.match, batches.DEBT, batch.id, failed, accountant)
    monkeypatch.setattr(standing, "survivors", lambda _centre_id: {dam: dang})
    with pytest.raises(paying.WaitsAtBank):
        paid(accountant, dang)
    with pytest.raises(batches.MembersWait):
        in_transaction(
            bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay", (dang,)), accountant
        )
    in_transaction(
        bank_batches.match,
        batches.DEBT,
        batch.id,
        (LineResult(lines[dam].line_no, True, "KB"),),
        accountant,
    )
    assert bank(accountant) == -10_00
    assert paid(accountant, dang).satang == 200_50


def test_a_files_items_of_a_merged_membership_wait_too(
    year: Allocated,
    accountant: Actor,
    dang: UUID,
    dam: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standing, "survivors", lambda _centre_id: {dam: dang})
    chooses(accountant, dang, PROMPTPAY)
    made = in_transaction(
        bank_batches.make, batches.DEBT, MakeBatch(uuid7(), "promptpay"), accountant
    )
    assert [line.amount_satang for line in made.lines] == [210_50]
    assert due.waiting(accountant.centre_id) == {dang: made.id, dam: made.id}
    assert due.waiting(accountant.centre_id, [dam]) == {dam: made.id}


# --- credits ---------------------------------------------------------------------------------


def test_everybody_who_chose_shares_is_credited_once(
    year: Allocated, accountant: Actor, manager: Actor, dang: UUID, dam: UUID
) -> None:
    chooses(accountant, dang, Choice("shares"))
    order = CreditMany(uuid7(), "shares")
    seen: list[tuple[int, int]] = []
    came = in_transaction(bulk.credit, order, accountant, lambda done, of: seen.append((done, of)))
    assert (came.paid, came.satang, came.left_out) == (1, 200_50, ())
    assert seen == [(1, 1)]
    held = register.balances(accountant.centre_id, clock.today())
    assert held[dang] == 200_50
    capital = ledger.sub_ledger(accountant.centre_id, Purpose.SHARE_CAPITAL, "member")
    assert capital == {dang: -200_50}
    db.session.rollback()
    again = in_transaction(bulk.credit, order, accountant)
    assert again.paid == 0
    assert owed(accountant) == {(year.run_id, dam): (10_00, 0)}


def test_many_are_credited_in_turns_and_nobody_twice(
    year: Allocated, accountant: Actor, dang: UUID, dam: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    for who in (dang, dam):
        chooses(accountant, who, Choice("purse"))
    order = CreditMany(uuid7(), "purse")
    seen: list[tuple[int, int]] = []
    turns = [
        in_transaction(bulk.credit, order, accountant, lambda done, of: seen.append((done, of)))
        for _turn in range(3)
    ]
    assert [(one.paid, one.to_go) for one in turns] == [(1, 1), (1, 0), (0, 0)]
    assert seen == [(1, 2), (2, 2)]
    assert bulk.came_of(order, accountant) == (2, 210_50)
    assert owed(accountant) == {}


def test_the_worker_credits_in_turns_and_tells_of_all(
    app: Flask,
    year: Allocated,
    accountant: Actor,
    dang: UUID,
    dam: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    for who in (dang, dam):
        chooses(accountant, who, Choice("shares"))
    order = CreditMany(uuid7(), "shares")
    job_id = in_transaction(asking.ask_credit, order, accountant)
    assert running.run(app, accountant.centre_id, job_id)
    file = jobs.file(accountant.centre_id, job_id)
    assert file is not None
    assert file.content.decode().splitlines()[1].startswith("2,")
    db.session.rollback()
    assert owed(accountant) == {}


def test_nobody_is_credited_above_the_cap(
    year: Allocated, accountant: Actor, manager: Actor, dang: UUID, dam: UUID
) -> None:
    few = SetShareRules(uuid7(), clock.today(), ShareRules(par_satang=10_00, most_shares=2))
    in_transaction(share_rules.set_rules, few, manager)
    with pytest.raises(TooManyShares):
        paid(accountant, dang, "shares")
    for who in (dang, dam):
        chooses(accountant, who, Choice("shares"))
    came = in_transaction(bulk.credit, CreditMany(uuid7(), "shares"), accountant)
    assert came.satang == 10_00
    assert [why for _card, why in came.left_out] == ["above_cap"]
    assert register.balances(accountant.centre_id) == {dam: 10_00}


def test_who_left_keeps_the_money_due(
    year: Allocated, accountant: Actor, manager: Actor, dang: UUID, dam: UUID
) -> None:
    chooses(accountant, dang, Choice("shares"))
    chooses(accountant, dam, Choice("purse"))
    fact = RecordFact(fact_id=uuid7(), member_id=dang, kind="resigned", on_date=clock.today())
    in_transaction(standing.record, fact, manager)
    came = in_transaction(bulk.credit, CreditMany(uuid7(), "shares"), accountant)
    assert came.paid == 0 and [why for _card, why in came.left_out] == ["not_member"]
    assert in_transaction(bulk.credit, CreditMany(uuid7(), "purse"), accountant).paid == 1
    assert owed(accountant) == {(year.run_id, dang): (120_00, 80_50)}


def test_cash_is_no_credit(accountant: Actor) -> None:
    with pytest.raises(rules.NotFromThatPlace):
        in_transaction(bulk.credit, CreditMany(uuid7(), "cash"), accountant)


def test_a_credit_as_shares_taken_back_leaves_no_share(
    year: Allocated, accountant: Actor, dang: UUID
) -> None:
    from accounting.services.member_payments import taking_back
    from accounting.services.member_payments.taking_back import TakeBack

    document = paid(accountant, dang, "shares")
    in_transaction(taking_back.take_back, TakeBack(document.id, "ขอเป็นเงินสด"), accountant)
    held = register.balances(accountant.centre_id, clock.today())
    assert not held.get(dang)
    db.session.rollback()
    assert payment(accountant, dang).items[0].satang == 200_50
