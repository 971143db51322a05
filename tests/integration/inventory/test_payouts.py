"""Payouts: settlements and purchases on one voucher, less advances and what came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services.cash_drawers import NotEnoughInDrawer
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from core.sought import Sought
from inventory.rules.payouts import (
    MoreThanOwed,
    NettedTooMuch,
    NothingChosen,
    NothingOwed,
    PaidLine,
    ReturnsFirst,
)
from inventory.services import advances, intake, payouts, producer_gains, repayments
from inventory.services.advances import GiveAdvance
from inventory.services.cancellation import CancelIntake
from inventory.services.drawer import NotFromThere
from inventory.services.payables import AlreadyPaid
from inventory.services.payouts import OffsetOrMoney, PayoutDiffers
from inventory.services.producer_gains import WaitRow
from inventory.services.repayments import Repay, RepaymentDiffers
from inventory.services.settlement import policies, returns
from members.services import producers
from members.services.producers import NewProducer
from pos.services import shift_report, verify
from pos.services.sale import RecordSaleLine
from tests.paying import due, pay, settle, whole
from tests.shop import Shop, shop_in


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


@pytest.fixture
def honey(shop: Shop) -> UUID:
    """Ten jars at 100 baht on consignment, split 80/20."""
    product_id = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(product_id, 10_000)
    return product_id


def owed(shop: Shop, purpose: Purpose = Purpose.CONSIGNMENT_PAYABLE) -> int:
    return -ledger.balance(shop.centre_id, purpose, producer_id=shop.producer_id)


def advance(shop: Shop, satang: int) -> UUID:
    command = GiveAdvance(uuid7(), shop.producer_id, "money", "safe", satang)
    return in_transaction(advances.give, command, shop.actor).id


def test_a_settlement_and_a_purchase_are_paid_on_one_voucher_less_an_advance(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    shop.sell(RecordSaleLine(honey, 2_000, 100_00))
    settle(accountant, manager)
    rice = shop.product("ข้าว", 50_00)
    shop.buy(rice, 2_000, 30_00)
    advance(shop, 25_00)
    lines = due(shop)
    assert [(line.kind, line.left_satang) for line in lines] == [
        ("outright", 60_00),
        ("settlement", 160_00),
        ("advance", 25_00),
    ]
    voucher = pay(shop, whole(lines))
    assert voucher.amount_satang == 195_00
    assert voucher.payout_no.startswith("PV-2569-")
    assert [line.amount_satang for line in voucher.lines] == [60_00, 160_00, -25_00]
    assert all(line.number for line in voucher.lines)
    assert due(shop) == ()
    assert (owed(shop), owed(shop, Purpose.PAYABLE_OUTRIGHT)) == (0, 0)
    assert owed(shop, Purpose.PRODUCER_ADVANCES) == 0
    [entry] = ledger.entry_of(shop.centre_id, "payout", voucher.id)
    assert entry.total_satang == 220_00


def test_run_twice_pays_once(shop: Shop, honey: UUID, accountant: Actor, manager: Actor) -> None:
    shop.sell(RecordSaleLine(honey, 1_000, 100_00))
    settle(accountant, manager)
    lines, one = whole(due(shop)), uuid7()
    assert pay(shop, lines, id=one) == pay(shop, lines, id=one)
    with pytest.raises(PayoutDiffers):
        pay(shop, lines, id=one, note="อีกครั้ง")
    with pytest.raises(NothingOwed):
        pay(shop, lines)
    assert owed(shop) == 0


def test_a_part_may_be_paid_and_more_than_the_rest_is_refused(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    shop.sell(RecordSaleLine(honey, 1_000, 100_00))
    settle(accountant, manager)
    [line] = due(shop)
    pay(shop, [PaidLine(*line.key, 50_00)])
    with pytest.raises(MoreThanOwed) as refused:
        pay(shop, [PaidLine(*line.key, 30_01)])
    assert refused.value.facts["left_satang"] == 30_00
    assert refused.value.facts["number"] == line.number
    pay(shop, [PaidLine(*line.key, 30_00)])
    assert due(shop) == ()


def test_goods_brought_back_before_their_settlement_is_paid_are_not_paid_for(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    receipt = shop.sell(RecordSaleLine(honey, 3_000, 100_00))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1_000))
    lines = due(shop)
    assert [(line.kind, line.left_satang) for line in lines] == [
        ("settlement", 240_00),
        ("recovery", 80_00),
    ]
    with pytest.raises(ReturnsFirst) as refused:
        pay(shop, whole(lines, "settlement"))
    assert refused.value.facts["payable_satang"] == 160_00
    voucher = pay(shop, whole(lines))
    assert voucher.amount_satang == 160_00
    assert owed(shop) == 0
    assert returns.outstanding(shop.centre_id) == {}


def test_when_all_came_back_the_voucher_is_offset_and_moves_nothing(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    receipt = shop.sell(RecordSaleLine(honey, 1_000, 100_00))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1_000))
    lines = whole(due(shop))
    with pytest.raises(OffsetOrMoney):
        pay(shop, lines)
    voucher = pay(shop, lines, method="offset", paid_from="nothing")
    assert voucher.amount_satang == 0
    assert ledger.entry_of(shop.centre_id, "payout", voucher.id) == []
    assert due(shop) == ()


def test_a_return_after_the_payout_is_left_to_the_next_settlement(
    shop: Shop, honey: UUID, accountant: Actor, manager: Actor
) -> None:
    receipt = shop.sell(RecordSaleLine(honey, 1_000, 100_00))
    settle(accountant, manager)
    pay(shop, whole(due(shop)))
    shop.refund(receipt, (1, 1_000))
    assert due(shop) == ()
    assert owed(shop) == -80_00


def test_an_advance_alone_nets_a_purchase_without_money(shop: Shop) -> None:
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    advance(shop, 100_00)
    outright, lent = due(shop)
    with pytest.raises(NettedTooMuch):
        pay(shop, [PaidLine(*outright.key, 30_00), PaidLine(*lent.key, 40_00)])
    pay(
        shop,
        [PaidLine(*outright.key, 30_00), PaidLine(*lent.key, 30_00)],
        method="offset",
        paid_from="nothing",
    )
    assert owed(shop, Purpose.PRODUCER_ADVANCES) == -70_00
    assert owed(shop, Purpose.PAYABLE_OUTRIGHT) == 0


def test_a_purchase_once_paid_cannot_be_cancelled(shop: Shop) -> None:
    receipt_id = shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    pay(shop, whole(due(shop)))
    with pytest.raises(AlreadyPaid):
        in_transaction(intake.cancel, CancelIntake(receipt_id, "ผิด"), shop.actor)


def test_nothing_is_paid_from_the_wrong_place_or_for_nothing(shop: Shop) -> None:
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    lines = whole(due(shop))
    with pytest.raises(NotFromThere):
        pay(shop, lines, method="transfer")
    with pytest.raises(NothingChosen):
        pay(shop, [])
    with pytest.raises(NothingChosen):
        pay(shop, lines * 2)


def test_only_the_books_pay(shop: Shop, cashier: Actor) -> None:
    with pytest.raises(Forbidden):
        payouts.due(cashier, shop.producer_id)


def test_a_repayment_gives_the_oldest_advance_back(shop: Shop) -> None:
    first, second = advance(shop, 100_00), advance(shop, 50_00)
    command = Repay(uuid7(), shop.producer_id, 120_00, "safe")
    document = in_transaction(repayments.repay, command, shop.actor)
    again = in_transaction(repayments.repay, command, shop.actor)
    assert document == again
    assert [(part[0], part[2]) for part in document.parts] == [(first, 100_00), (second, 20_00)]
    with pytest.raises(advances.MoreThanOutstanding):
        in_transaction(
            repayments.repay, Repay(uuid7(), shop.producer_id, 30_01, "safe"), shop.actor
        )
    with pytest.raises(RepaymentDiffers):
        in_transaction(repayments.repay, Repay(command.id, shop.producer_id, 1, "safe"), shop.actor)


def test_the_drawer_counts_what_went_to_producers_and_came_back(shop: Shop) -> None:
    assert shop.shift is not None
    shop.buy(shop.product("ข้าว", 50_00), 1_000, 30_00)
    from_till = {"paid_from": "till", "shift_id": shop.shift.id}
    pay(shop, whole(due(shop)), **from_till)
    command = GiveAdvance(uuid7(), shop.producer_id, "money", "till", 20_00, shift_id=shop.shift.id)
    in_transaction(advances.give, command, shop.actor)
    back = Repay(uuid7(), shop.producer_id, 5_00, "till", shop.shift.id)
    in_transaction(repayments.repay, back, shop.actor)
    closed = shop.close((100_00, 9), (50_00, 1), (5_00, 1))
    assert closed.expected_satang == 955_00 == closed.counted_satang
    report = shift_report.of(shop.centre_id, closed.id)
    assert report.drawer.producers_satang == 45_00
    assert report.drawer.tied


def test_vouchers_are_listed_by_number_newest_first(shop: Shop) -> None:
    rice = shop.product("ข้าว", 50_00)
    for _ in range(3):
        shop.buy(rice, 1_000, 30_00)
        pay(shop, whole(due(shop)))
    first = payouts.listing(shop.actor, Window(limit=2))
    second = payouts.listing(shop.actor, Window(first.next, 2))
    numbers = [one.payout_no[-1] for one in (*first.items, *second.items)]
    assert numbers == ["3", "2", "1"]
    assert payouts.listing(shop.actor, Window("nonsense", 5)).items[0].payout_no.endswith("3")


def test_no_more_leaves_a_drawer_than_it_holds(shop: Shop) -> None:
    assert shop.shift is not None
    shop.buy(shop.product("ข้าว", 50_00), 40_000, 30_00)
    from_till = {"paid_from": "till", "shift_id": shop.shift.id}
    with pytest.raises(NotEnoughInDrawer) as refusal:
        pay(shop, whole(due(shop)), **from_till)
    assert refusal.value.facts["held_satang"] == 1_000_00
    give = GiveAdvance(uuid7(), shop.producer_id, "money", "till", 1_000_01, shift_id=shop.shift.id)
    with pytest.raises(NotEnoughInDrawer):
        in_transaction(advances.give, give, shop.actor)
    [line] = due(shop)
    assert pay(shop, [replace(whole([line])[0], amount_satang=1_000_00)], **from_till)


def test_goods_back_from_a_carried_settlement_come_off_the_one_that_pays_it(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    policy = replace(policies.get(shop.centre_id), minimum_payout_satang=100_00)
    in_transaction(policies.save, policy, manager)
    honey = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(honey, 10_000)
    receipt = shop.sell(RecordSaleLine(honey, 1000, 100_00))
    settle(accountant, manager)
    shop.sell(RecordSaleLine(honey, 1000, 100_00))
    settle(accountant, manager)
    shop.refund(receipt, (1, 1000))
    paid, back = due(shop)
    assert (paid.left_satang, back.kind, back.left_satang) == (160_00, "recovery", 80_00)
    with pytest.raises(ReturnsFirst):
        pay(shop, whole([paid]))
    assert pay(shop, whole(due(shop))).amount_satang == 80_00
    assert due(shop) == ()


def test_producers_wait_until_all_of_their_money_came(
    shop: Shop, accountant: Actor, manager: Actor
) -> None:
    """Carried money comes with the settlement that pays it; a part paid is not all."""
    today = clock.today()
    policy = replace(policies.get(shop.centre_id), minimum_payout_satang=100_00)
    in_transaction(policies.save, policy, manager)
    honey = shop.product("น้ำผึ้ง", 100_00)
    shop.consign(honey, 10_000)
    for expected in ([WaitRow(today, None, 80_00)], [WaitRow(today, None, 160_00)]):
        shop.sell(RecordSaleLine(honey, 1000, 100_00))
        settle(accountant, manager)
        assert producer_gains.waits(shop.centre_id, today, today) == expected
        db.session.rollback()
    [line] = due(shop)
    pay(shop, [replace(whole([line])[0], amount_satang=100_00)])
    assert producer_gains.waits(shop.centre_id, today, today) == [WaitRow(today, None, 160_00)]
    db.session.rollback()
    pay(shop, whole(due(shop)))
    assert producer_gains.waits(shop.centre_id, today, today) == [WaitRow(today, today, 160_00)]


def test_who_can_be_paid_is_listed_in_pages_and_found_by_name(shop: Shop) -> None:
    rice = shop.product("ข้าว", 50_00)
    for name in ("", "ลุงมี", "ป้าสี"):
        if name:
            made = in_transaction(producers.create, NewProducer(name=name), shop.actor)
            shop = replace(shop, producer_id=made.id)
        shop.buy(rice, 1_000, 30_00)
    first = payouts.dues_listing(shop.actor, Window(limit=2))
    second = payouts.dues_listing(shop.actor, Window(first.next, limit=2))
    assert [one.producer.name for one in first.items] == ["ป้าแดง", "ลุงมี"]
    assert [one.producer.name for one in second.items] == ["ป้าสี"]
    assert second.next is None
    found = payouts.dues_listing(shop.actor, Window(), Sought(text="มี"))
    assert [one.producer.name for one in found.items] == ["ลุงมี"]
    number = found.items[0].producer.producer_no
    by_number = payouts.dues_listing(shop.actor, Window(), Sought(text=number))
    assert [one.producer.name for one in by_number.items] == ["ลุงมี"]
    with pytest.raises(Forbidden):
        payouts.dues_listing(replace(shop.actor, roles=frozenset({"cashier"})), Window())
