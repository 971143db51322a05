"""Vouchers: drafted, posted by one person or two, refused; each once, whoever presses how often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.rules.vouchers import (
    FutureDate,
    KeyMissing,
    NotByHand,
    SharesByDocument,
    VoucherContent,
    VoucherLine,
)
from accounting.services import ledger, rooms
from accounting.services.voucher_matters import matters
from accounting.services.vouchers import drafting, posting, reading
from accounting.services.vouchers.drafting import NoLongerADraft, NotOfThisCentre, SaveDraft
from accounting.services.vouchers.posting import (
    NotWaiting,
    ReasonMissing,
    SamePersonApproves,
    SecondPersonNeeded,
)
from accounting.services.vouchers.reading import VoucherCard
from core import clock
from core.actor import Actor
from core.db import db, in_transaction
from core.errors import ChangedMeanwhile, DifferentContent, DomainError, Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from members.services import members
from members.services.members import NewMember
from tests.writing import account, draft, payment

LIMIT = 5_000_00


def waiting(actor: Actor, satang: int = LIMIT + 1) -> VoucherCard:
    made = draft(payment(actor.centre_id, satang), actor)
    return in_transaction(posting.ask, made.id, actor)


def safe(actor: Actor) -> int:
    return ledger.balance(actor.centre_id, Purpose.CASH_SAFE)


def test_up_to_the_limit_one_person_posts_and_numbers_follow(accountant: Actor) -> None:
    first = draft(payment(accountant.centre_id, LIMIT), accountant)
    second = draft(payment(accountant.centre_id, 1), accountant)
    assert safe(accountant) == 0

    posted = [in_transaction(posting.post, one.id, accountant) for one in (second, first)]

    year = clock.today().year + 543
    assert [one.number for one in posted] == [f"V-{year}-0001", f"V-{year}-0002"]
    assert safe(accountant) == -LIMIT - 1
    found = rooms.numbers_of(accountant.centre_id, {("voucher", first.id)})
    assert found == {("voucher", first.id): f"V-{year}-0002"}
    view = reading.get(first.id, accountant)
    assert view.entry is not None
    assert (view.entry.kind, view.entry.memo) == ("voucher_pay", "การไฟฟ้า")
    assert view.card.decided_name == accountant.name


def test_pressing_post_again_posts_nothing_more(accountant: Actor) -> None:
    made = draft(payment(accountant.centre_id, 100), accountant)
    first = in_transaction(posting.post, made.id, accountant)
    assert in_transaction(posting.post, made.id, accountant) == first
    assert safe(accountant) == -100


def test_above_the_limit_a_second_person_approves(accountant: Actor, manager: Actor) -> None:
    made = draft(payment(accountant.centre_id, LIMIT + 1), accountant)
    with pytest.raises(SecondPersonNeeded):
        in_transaction(posting.post, made.id, accountant)
    with pytest.raises(NotWaiting):
        in_transaction(posting.approve, made.id, made.version, manager)
    asked = in_transaction(posting.ask, made.id, accountant)
    with pytest.raises(SamePersonApproves):
        in_transaction(posting.approve, made.id, asked.version, accountant)
    with pytest.raises(ChangedMeanwhile):
        in_transaction(posting.approve, made.id, asked.version + 1, manager)
    assert safe(accountant) == 0

    done = in_transaction(posting.approve, made.id, asked.version, manager)

    assert (done.state, done.decided_name) == ("posted", manager.name)
    assert (done.prepared_name, safe(accountant)) == (accountant.name, -LIMIT - 1)


def test_nobody_asks_in_no_ones_name(system: Actor) -> None:
    made = draft(payment(system.centre_id, LIMIT + 1), system)
    with pytest.raises(SecondPersonNeeded):
        in_transaction(posting.ask, made.id, system)


def test_a_refusal_is_kept_with_its_reason(accountant: Actor, manager: Actor) -> None:
    asked = waiting(accountant)
    with pytest.raises(ReasonMissing):
        in_transaction(posting.refuse, asked.id, "  ", manager)
    refused = in_transaction(posting.refuse, asked.id, "ไม่มีใบเสร็จ", manager)

    assert (refused.state, refused.reason) == ("refused", "ไม่มีใบเสร็จ")
    with pytest.raises(NoLongerADraft):
        in_transaction(posting.post, asked.id, accountant)
    with pytest.raises(NotWaiting):
        in_transaction(posting.approve, asked.id, asked.version, manager)
    with pytest.raises(NoLongerADraft):
        in_transaction(drafting.discard, asked.id, accountant)


def test_what_waits_is_withdrawn_before_it_changes(accountant: Actor) -> None:
    asked = waiting(accountant)
    content = payment(accountant.centre_id, 7_000_00)
    with pytest.raises(NoLongerADraft):
        in_transaction(drafting.save, SaveDraft(asked.id, content, asked.version), accountant)
    back = in_transaction(posting.withdraw, asked.id, accountant)
    saved = in_transaction(drafting.save, SaveDraft(asked.id, content, back.version), accountant)
    assert (saved.state, saved.total_satang) == ("draft", 7_000_00)


def test_two_people_do_not_overwrite_each_other(accountant: Actor, manager: Actor) -> None:
    made = draft(payment(accountant.centre_id, 100), accountant)
    in_transaction(
        drafting.save, SaveDraft(made.id, payment(accountant.centre_id, 200), 1), manager
    )
    other = payment(accountant.centre_id, 300)
    with pytest.raises(ChangedMeanwhile):
        in_transaction(drafting.save, SaveDraft(made.id, other, 1), accountant)
    with pytest.raises(DifferentContent):
        in_transaction(drafting.save, SaveDraft(made.id, other), accountant)
    assert reading.get(made.id, accountant).card.total_satang == 200


def test_a_discarded_draft_is_found_no_more(accountant: Actor) -> None:
    made = draft(payment(accountant.centre_id, 100), accountant)
    in_transaction(drafting.discard, made.id, accountant)
    in_transaction(drafting.discard, made.id, accountant)
    with pytest.raises(NotFound):
        reading.get(made.id, accountant)
    assert reading.listing(accountant, Window()).items == ()
    assert list(matters(accountant.centre_id, 209912)) == []


def lines_of(content: VoucherContent, purpose: Purpose, centre_id: int) -> VoucherContent:
    """The same content with its first line on another account."""
    first = replace(content.lines[0], account_id=account(centre_id, purpose))
    return replace(content, lines=(first, content.lines[1]))


def test_refuses_what_the_books_could_not_keep(accountant: Actor) -> None:
    centre_id = accountant.centre_id
    good = payment(centre_id, 100)
    stranger = replace(good.lines[0], activity_id=uuid7())
    attempts: list[tuple[VoucherContent, type[DomainError], str]] = [
        (replace(good, business_date=clock.today() + timedelta(1)), FutureDate, "business_date"),
        (lines_of(good, Purpose.INVENTORY, centre_id), NotByHand, "account-1"),
        (lines_of(good, Purpose.SHARE_CAPITAL, centre_id), SharesByDocument, "account-1"),
        (lines_of(good, Purpose.MEMBER_PURSE, centre_id), KeyMissing, "person-1"),
        (replace(good, lines=(stranger, good.lines[1])), NotOfThisCentre, "activity-1"),
    ]
    for content, refusal, at in attempts:
        with pytest.raises(refusal) as caught:
            draft(content, accountant)
        assert caught.value.facts["field"] == at
    assert reading.listing(accountant, Window()).items == ()


def test_takes_the_right(cashier: Actor, auditor: Actor, accountant: Actor) -> None:
    content = payment(accountant.centre_id, 100)
    made = draft(content, accountant)
    for actor in (cashier, auditor):
        for work in (posting.post, posting.ask, posting.withdraw, drafting.discard):
            with pytest.raises(Forbidden):
                in_transaction(work, made.id, actor)  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            in_transaction(posting.approve, made.id, 1, actor)
        with pytest.raises(Forbidden):
            in_transaction(posting.refuse, made.id, "x", actor)
        with pytest.raises(Forbidden):
            draft(content, actor)
    assert reading.get(made.id, auditor).card == made
    with pytest.raises(Forbidden):
        reading.get(made.id, cashier)


def test_what_waits_is_named_for_the_close(accountant: Actor) -> None:
    day = date(clock.today().year, clock.today().month, 1)
    made = draft(payment(accountant.centre_id, 100, day), accountant)
    asked = waiting(accountant)
    period_id = day.year * 100 + day.month

    found = {one.step: one for one in matters(accountant.centre_id, period_id)}
    assert [one.id for one in found["drafts"].documents] == [made.id]
    assert [one.id for one in found["approvals"].documents] == [asked.id]
    earlier = period_id - 1 if day.month > 1 else period_id - 89
    assert list(matters(accountant.centre_id, earlier)) == []


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[object]:
    """Do everything at the same time, each in its own session; return answers and refusals."""

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            try:
                return work()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_approvals_at_once_post_one_entry(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    asked = waiting(accountant)

    def approve() -> object:
        return in_transaction(posting.approve, asked.id, asked.version, manager)

    answers = at_once(app, [approve] * 4)
    assert {getattr(one, "state", one) for one in answers} == {"posted"}
    assert safe(accountant) == -LIMIT - 1
    assert len(ledger.entry_of(accountant.centre_id, "voucher", asked.id)) == 1


def test_approval_and_refusal_at_once_decide_one_way(
    app: Flask, accountant: Actor, manager: Actor
) -> None:
    asked = waiting(accountant)
    works: list[Callable[[], object]] = [
        lambda: in_transaction(posting.approve, asked.id, asked.version, manager),
        lambda: in_transaction(posting.refuse, asked.id, "ไม่", manager),
    ]
    answers = at_once(app, works)
    assert sum(isinstance(one, NotWaiting) for one in answers) == 1
    state = reading.get(asked.id, accountant).card.state
    assert safe(accountant) == (-LIMIT - 1 if state == "posted" else 0)


def test_a_members_line_keeps_its_key(accountant: Actor, system: Actor) -> None:
    centre_id = accountant.centre_id
    member_id = in_transaction(members.create, NewMember(first_name="สมศรี"), system).id
    purse = VoucherLine(account(centre_id, Purpose.MEMBER_PURSE), credit=100, member_id=member_id)
    money = VoucherLine(account(centre_id, Purpose.CASH_SAFE), debit=100)
    made = draft(VoucherContent("journal", clock.today(), (purse, money)), accountant)
    in_transaction(posting.post, made.id, accountant)
    assert ledger.sub_ledger(centre_id, Purpose.MEMBER_PURSE, "member") == {member_id: -100}
