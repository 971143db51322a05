"""Two memberships that were one person's: what was signed for goes on, what was paid comes back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.shares import SharesGone
from accounting.services import ledger
from accounting.services.member_payments import taking_back
from accounting.services.member_payments.taking_back import TakeBack
from accounting.services.shares import plans, recording, register
from accounting.services.shares.plans import Subscribe
from accounting.services.shares.recording import PayInstalment, TransferShares
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from members.services import members, merging
from members.services.merging import MergePeople
from pos.services import verify
from tests.dividends import Allocated, allocate, member, paid


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


@pytest.fixture
def dang(system: Actor) -> UUID:
    return member(system, "อาญคงหาญ")


@pytest.fixture
def twin(system: Actor) -> UUID:
    return member(system, "อาจคงหาญ")


@pytest.fixture
def year(manager: Actor, accountant: Actor, dang: UUID, twin: UUID) -> Allocated:
    return allocate(manager, accountant, {dang: (120_00, 80_50), twin: (10_00, 5_00)})


def merge(manager: Actor, kept: UUID, merged: UUID) -> None:
    people = (members.get(kept, manager).person_id, members.get(merged, manager).person_id)
    command = MergePeople(uuid7(), *people, "คนเดียวกัน")
    in_transaction(merging.merge, command, manager)
    in_transaction(merging.merge, command, manager)


def held(actor: Actor, member_id: UUID) -> int:
    return register.balance(actor.centre_id, member_id)


def test_what_was_signed_for_goes_on_under_the_one_that_stands(
    accountant: Actor, manager: Actor, dang: UUID, twin: UUID
) -> None:
    signed = Subscribe(uuid7(), twin, 10, clock.today())
    plan = in_transaction(plans.subscribe, signed, accountant)
    first = PayInstalment(uuid7(), plan.id, plan.par_satang * 5 // 2, clock.today(), "safe")
    in_transaction(recording.pay_instalment, first, accountant)
    merge(manager, dang, twin)
    assert plans.open_by_member(accountant.centre_id) == {dang: plan.par_satang * 15 // 2}
    mine = plans.of_member(accountant.centre_id, dang)
    sizes = [(one.shares, one.par_satang, one.subscribed_on, one.note) for one in mine]
    assert sizes == [
        (7, plan.par_satang, plan.subscribed_on, plan.subscription_no),
        (1, plan.par_satang // 2, plan.subscribed_on, plan.subscription_no),
    ]
    for one in mine:
        rest = PayInstalment(uuid7(), one.id, one.left_satang, clock.today(), "safe")
        in_transaction(recording.pay_instalment, rest, accountant)
    assert held(accountant, dang) == 10 * plan.par_satang
    assert plans.open_by_member(accountant.centre_id) == {}


@pytest.mark.usefixtures("year")
def test_a_payment_kept_as_shares_is_taken_back_after_the_merge(
    accountant: Actor, manager: Actor, dang: UUID, twin: UUID
) -> None:
    document = paid(accountant, twin, "shares")
    merge(manager, dang, twin)
    assert (held(accountant, dang), held(accountant, twin)) == (15_00, 0)
    back = TakeBack(document.id, "ขอเป็นเงินสด")
    in_transaction(taking_back.take_back, back, accountant)
    in_transaction(taking_back.take_back, back, accountant)
    assert (held(accountant, dang), held(accountant, twin)) == (0, 0)
    assert paid(accountant, dang).satang == 215_50


@pytest.mark.usefixtures("year")
def test_shares_the_one_that_stands_gave_away_are_named(
    accountant: Actor, manager: Actor, system: Actor, dang: UUID, twin: UUID
) -> None:
    document = paid(accountant, twin, "shares")
    merge(manager, dang, twin)
    other = member(system, "ดำ")
    gift = TransferShares(uuid7(), dang, other, None, clock.today())
    in_transaction(recording.transfer, gift, accountant)
    with pytest.raises(SharesGone):
        in_transaction(taking_back.take_back, TakeBack(document.id, "ผิดคน"), accountant)


@pytest.mark.usefixtures("year")
def test_a_payment_kept_as_deposit_is_taken_back_after_the_merge(
    accountant: Actor, manager: Actor, dang: UUID, twin: UUID
) -> None:
    document = paid(accountant, twin, "purse")
    merge(manager, dang, twin)
    in_transaction(taking_back.take_back, TakeBack(document.id, "ขอเป็นเงินสด"), accountant)
    purses = ledger.sub_ledger(accountant.centre_id, Purpose.MEMBER_PURSE, "member")
    assert not any(purses.values())
    assert paid(accountant, dang).satang == 215_50
