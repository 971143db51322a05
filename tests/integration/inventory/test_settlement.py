"""Settling with producers: prepared, approved by another, posted once, made again to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed, period_of
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.models import SettledMove
from inventory.services.settlement import policies, posting, preparing, returns, statements
from inventory.services.settlement.posting import CancelRun
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.settlement.returns import Absorb
from inventory.services.settlement.statements import StatementCard
from members.services import producers
from members.services.producers import NewProducer
from pos.services import verify
from pos.services.sale import RecordSaleLine
from tests.closing import lock_month
from tests.shop import Shop, shop_in
from tests.waiving import waive


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """An open shop with one producer."""
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    """After each test every check of the books holds."""
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


def settle(accountant: Actor, manager: Actor, *producer_ids: UUID) -> StatementCard:
    """Prepare up to today, approve and post; return the first statement."""
    run_id = prepare(accountant, *producer_ids)
    in_transaction(posting.approve, run_id, manager)
    assert in_transaction(posting.post, run_id, manager)
    return statements.of_run(run_id, manager)[0]


def prepare(actor: Actor, *producer_ids: UUID) -> UUID:
    command = PrepareSettlement(uuid7(), clock.today(), producer_ids or None)
    return in_transaction(preparing.prepare, command, actor)


def later(days: int) -> AbstractContextManager[None]:
    """Let the clock run on, so many days ahead."""
    return clock.travel(lambda: datetime.now(UTC) + timedelta(days=days))


def change_policy(manager: Actor, **changes: object) -> None:
    now = policies.get(manager.centre_id)
    in_transaction(policies.save, replace(now, **changes), manager)  # type: ignore[arg-type]


def owed(shop: Shop) -> int:
    return -ledger.balance(
        shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id
    )


def honey(shop: Shop, jars: int = 10) -> UUID:
    product_id = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(product_id, jars * 1000)
    return product_id


# --- a run -----------------------------------------------------------------------------------


def test_a_settlement_pays_the_frozen_part_of_what_was_sold(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 2000, 10_000))
    card = settle(accountant, manager)
    assert (card.earned_satang, card.payout_satang, card.carried_satang) == (16_000, 16_000, 0)
    statement = statements.get(card.id, accountant)
    [line] = statement.lines
    assert (line.name_th, line.line.quantity_milli, line.line.amount_satang) == (
        "น้ำผึ้ง",
        2000,
        16_000,
    )
    assert owed(shop) == 16_000, "posting a settlement moves no money"


def test_a_run_is_frozen_posting_it_again_changes_nothing(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    card = settle(accountant, manager)
    assert not in_transaction(posting.post, card.run_id, manager)
    with pytest.raises(preparing.NothingToSettle):
        prepare(accountant)
    settled = db.session.scalars(select(SettledMove.settlement_id)).all()
    assert settled == [card.id]


def test_who_prepared_it_cannot_approve_it(shop: Shop, accountant: Actor) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    run_id = prepare(accountant)
    with pytest.raises(posting.SamePerson):
        in_transaction(posting.approve, run_id, accountant)
    with pytest.raises(posting.NotApproved):
        in_transaction(posting.post, run_id, accountant)


def test_a_small_centre_waives_the_second_person_and_the_run_says_so(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    waive(manager, "settlement", reason="มีเจ้าหน้าที่คนเดียว")
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    run_id = prepare(accountant)
    in_transaction(posting.approve, run_id, accountant)
    assert statements.run(run_id, accountant).waiver == "มีเจ้าหน้าที่คนเดียว"


def test_two_people_settling_one_producer_meet_a_refusal_that_names_the_run(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    first = prepare(accountant)
    with pytest.raises(preparing.InWaitingRun) as refusal:
        prepare(manager, shop.producer_id)
    assert refusal.value.facts["run_no"] == statements.run(first, manager).run_no
    in_transaction(posting.cancel, CancelRun(first, "เลือกวันผิด"), accountant)
    assert settle(manager, accountant).payout_satang == 8_000


def test_a_cancelled_run_is_not_posted_and_a_posted_one_not_cancelled(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    run_id = prepare(accountant)
    in_transaction(posting.cancel, CancelRun(run_id, "ผิด"), accountant)
    with pytest.raises(posting.RunIsOver):
        in_transaction(posting.approve, run_id, manager)
    card = settle(accountant, manager)
    with pytest.raises(posting.RunIsOver):
        in_transaction(posting.cancel, CancelRun(card.run_id, "ผิด"), accountant)


def test_a_sale_made_while_a_run_waits_is_settled_by_the_next(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    run_id = prepare(accountant)
    shop.sell(RecordSaleLine(product_id, 3000, 10_000))
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, manager)
    assert statements.of_run(run_id, manager)[0].payout_satang == 8_000
    assert settle(accountant, manager).payout_satang == 24_000


def test_only_the_producers_named_are_settled(
    shop: Shop, accountant: Actor, manager: Actor, system: Actor
) -> None:
    product_id = honey(shop)
    other = in_transaction(producers.create, NewProducer(name="ลุงดำ"), system)
    rice = shop.product("ข้าว", 5_000)
    replace(shop, producer_id=other.id).consign(rice, 10_000)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000), RecordSaleLine(rice, 1000, 5_000))
    card = settle(accountant, manager, other.id)
    assert (card.producer_name, card.payout_satang) == ("ลุงดำ", 4_000)
    assert statements.of_producer(manager, Window(), shop.producer_id).items == ()


def test_sales_are_held_back_and_too_little_is_carried(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    change_policy(manager, hold_back_days=2, minimum_payout_satang=10_000)
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    with pytest.raises(preparing.NothingToSettle):
        prepare(accountant)
    with later(days=2):
        card = settle(accountant, manager)
        assert (card.payout_satang, card.carried_satang) == (0, 8_000)
        shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    with later(days=4):
        card = settle(accountant, manager)
        assert (card.brought_forward_satang, card.payout_satang) == (8_000, 16_000)


def test_a_day_to_come_is_no_cut_off(shop: Shop, accountant: Actor) -> None:
    command = PrepareSettlement(uuid7(), clock.today() + timedelta(days=1))
    with pytest.raises(preparing.CutOffAhead):
        in_transaction(preparing.prepare, command, accountant)


def test_nothing_is_posted_into_a_closed_month(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    run_id = prepare(accountant)
    in_transaction(posting.approve, run_id, manager)
    in_transaction(lock_month, period_of(clock.today()), accountant, manager)
    with pytest.raises(PeriodClosed):
        in_transaction(posting.post, run_id, manager)
    assert statements.run(run_id, manager).state == "approved"
    assert db.session.scalars(select(SettledMove.settlement_id)).all() == []
    with later(days=31):
        assert in_transaction(posting.post, run_id, manager)


# --- goods that come back ---------------------------------------------------------------------


def test_a_return_before_settlement_is_settled_with_its_sale(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    receipt = shop.sell(RecordSaleLine(product_id, 3000, 10_000))
    shop.refund(receipt, (1, 1000))
    card = settle(accountant, manager)
    assert card.payout_satang == 16_000
    assert len(statements.get(card.id, manager).lines) == 2
    assert returns.outstanding(shop.centre_id) == {}


def test_a_return_after_settlement_is_owed_back_and_ages(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    receipt = shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1000))
    assert owed(shop) == 0
    [card] = returns.aged(manager, clock.today() + timedelta(days=45))
    assert (card.to_30_satang, card.to_90_satang, card.left_satang) == (0, 8_000, 8_000)
    with pytest.raises(preparing.NothingToSettle):
        prepare(accountant)


def test_the_next_settlements_take_it_back_up_to_the_cap(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    receipt = shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1000))
    paid = []
    for _ in range(3):
        shop.sell(RecordSaleLine(product_id, 1000, 10_000))
        card = settle(accountant, manager)
        paid.append((card.recovered_satang, card.payout_satang))
    assert paid == [(4_000, 4_000), (4_000, 4_000), (0, 8_000)]
    assert returns.outstanding(shop.centre_id) == {}


def test_the_centre_bears_a_return_and_no_more_than_is_owed(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    receipt = shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1000))
    with pytest.raises(returns.MoreThanOwedBack):
        in_transaction(
            returns.absorb, Absorb(uuid7(), shop.producer_id, 8_001, "ของแตกที่ร้าน"), manager
        )
    command = Absorb(uuid7(), shop.producer_id, 5_000, "ของแตกที่ร้าน")
    first = in_transaction(returns.absorb, command, manager)
    assert in_transaction(returns.absorb, command, manager) == first
    assert returns.outstanding(shop.centre_id)[shop.producer_id][0].left_satang == 3_000
    assert ledger.balance(shop.centre_id, Purpose.ABSORBED_RETURNS) == 5_000
    assert owed(shop) == 5_000


def test_a_run_that_counts_on_a_return_the_centre_bore_meanwhile_is_outdated(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    product_id = honey(shop)
    receipt = shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1000))
    shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    run_id = prepare(accountant)
    in_transaction(posting.approve, run_id, manager)
    in_transaction(returns.absorb, Absorb(uuid7(), shop.producer_id, 8_000, "ศูนย์รับ"), manager)
    with pytest.raises(posting.Outdated):
        in_transaction(posting.post, run_id, manager)
    assert statements.run(run_id, manager).state == "approved", "nothing of it was posted"
    in_transaction(posting.cancel, CancelRun(run_id, "มีการเปลี่ยนแปลง"), manager)
    assert settle(accountant, manager).payout_satang == 8_000


def test_goods_back_before_their_carried_money_was_paid_are_not_paid_for(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    change_policy(manager, minimum_payout_satang=10_000)
    product_id = honey(shop)
    receipt = shop.sell(RecordSaleLine(product_id, 1000, 10_000))
    assert settle(accountant, manager).carried_satang == 8_000
    shop.refund(receipt, (1, 1000))
    assert owed(shop) == 0
    card = settle(accountant, manager)
    assert (card.recovered_satang, card.payout_satang, card.carried_satang) == (8_000, 0, 0)
    assert returns.outstanding(shop.centre_id) == {}
    shop.sell(RecordSaleLine(product_id, 2000, 10_000))
    assert settle(accountant, manager).payout_satang == 16_000 == owed(shop)
