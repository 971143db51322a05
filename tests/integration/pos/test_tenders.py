"""The account and the purse at the till, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules.credit import CreditOverdue, CreditSuspended, MoreThanOwed, NoCredit
from accounting.services.credit import accounts, bills, repaying, write_offs
from accounting.services.credit.repaying import Repay
from accounting.services.credit.write_offs import ProposeWriteOff, SecondPersonNeeded
from accounting.services.purse import moving
from accounting.services.purse.holding import PurseShort
from accounting.services.purse.moving import MovePurse
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from members.services import members, merging
from members.services.members import NewMember
from members.services.merging import MergePeople
from pos.rules.tender import TenderTooMuch
from pos.services.overrides import OverrideNeeded
from pos.services.sale import RecordPayment, RecordSaleLine
from pos.services.tendering import MemberNeeded
from tests.integration.pos.test_sale import counted
from tests.shop import Shop, shop_in
from tests.tendering import opened, owes, purse, race, sold, sound, topped_up


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def jam(shop: Shop) -> UUID:
    product = shop.product("แยม", 100_00)
    shop.buy(product, 100_000, 60_00)
    return product


@pytest.fixture
def malee(shop: Shop) -> UUID:
    return in_transaction(members.create, NewMember(first_name="มาลี"), shop.actor).id


@pytest.fixture
def at_till(shop: Shop, cashier: Actor) -> Shop:
    """The same shop with a cashier, who can't go above a limit alone."""
    return replace(shop, actor=cashier)


# --- on account --------------------------------------------------------------------------------


def test_a_member_buys_up_to_the_limit_and_pays_the_oldest_first(
    at_till: Shop, shop: Shop, jam: UUID, malee: UUID
) -> None:
    with pytest.raises(NoCredit):
        sold(at_till, jam, ("credit", 100_00), member_id=malee)
    with pytest.raises(MemberNeeded):
        sold(at_till, jam, ("credit", 100_00))
    opened(shop, malee, 200_00)
    first = sold(at_till, jam, ("credit", 100_00), member_id=malee)
    sold(at_till, jam, ("credit", 100_00), member_id=malee)
    with pytest.raises(OverrideNeeded):
        sold(at_till, jam, ("credit", 100_00), member_id=malee)
    assert first.payments[0].balance_satang == 100_00
    assert owes(shop, malee) == 200_00
    in_transaction(repaying.repay, Repay(uuid7(), malee, "safe", 150_00), shop.actor)
    left = bills.open_of(shop.centre_id, malee)
    assert [bill.open_satang for bill in left] == [50_00]
    assert left[0].id != first.id
    sound(shop)


def test_above_the_limit_a_manager_may_and_it_is_flagged(
    shop: Shop, jam: UUID, malee: UUID
) -> None:
    opened(shop, malee, 50_00)
    receipt = sold(shop, jam, ("credit", 100_00), member_id=malee)
    assert "credit-over-limit" in receipt.flags


def test_a_suspended_or_overdue_account_buys_nothing(shop: Shop, jam: UUID, malee: UUID) -> None:
    opened(shop, malee, 500_00, terms_days=0)
    sold(shop, jam, ("credit", 100_00), member_id=malee)
    tomorrow = clock.now() + timedelta(days=1)
    with clock.travel(lambda: tomorrow):
        assert accounts.card(shop.centre_id, malee).overdue_satang == 100_00
        standing = accounts.standing(shop.centre_id, malee, clock.today())
        assert (standing.overdue_satang, standing.left_satang) == (100_00, 0)
        shop.close((100_000, 1))
        shop.open()
        with pytest.raises(CreditOverdue):
            sold(shop, jam, ("credit", 100_00), member_id=malee)
        in_transaction(repaying.repay, Repay(uuid7(), malee, "safe", 100_00), shop.actor)
        opened(shop, malee, 500_00, state="suspended")
        with pytest.raises(CreditSuspended):
            sold(shop, jam, ("credit", 100_00), member_id=malee)
    assert len(accounts.history(malee, shop.actor)) == 2


def test_two_tills_never_pass_one_limit(
    app: Flask, at_till: Shop, shop: Shop, jam: UUID, malee: UUID
) -> None:
    opened(shop, malee, 150_00)
    commands = [
        at_till.command(
            RecordSaleLine(jam, 1000, 100_00),
            pay=(RecordPayment("credit", 100_00),),
            member_id=malee,
        )
        for _ in range(2)
    ]
    results = race(app, *(lambda one=one: at_till.record(one) for one in commands))
    assert sum(isinstance(one, OverrideNeeded) for one in results) == 1
    assert owes(shop, malee) == 100_00


def test_too_much_goes_to_the_purse_only_when_asked(shop: Shop, jam: UUID, malee: UUID) -> None:
    opened(shop, malee)
    sold(shop, jam, ("credit", 100_00), member_id=malee)
    command = Repay(uuid7(), malee, "safe", 130_00)
    with pytest.raises(MoreThanOwed):
        in_transaction(repaying.repay, command, shop.actor)
    document = in_transaction(repaying.repay, replace(command, rest_to_purse=True), shop.actor)
    assert (document.bills_satang, document.purse_satang) == (100_00, 30_00)
    again = in_transaction(repaying.repay, replace(command, rest_to_purse=True), shop.actor)
    assert again == document
    assert (owes(shop, malee), purse(shop, malee)) == (0, 30_00)
    in_transaction(repaying.take_back, document.id, "ผิดคน", shop.actor)
    assert (owes(shop, malee), purse(shop, malee)) == (100_00, 0)
    sound(shop)


def test_a_debt_is_given_up_by_two_people(shop: Shop, jam: UUID, malee: UUID) -> None:
    first, second = (replace(shop.actor, user_id=uuid7(), name=name) for name in ("ก", "ข"))
    opened(shop, malee)
    receipt = sold(shop, jam, ("credit", 100_00), member_id=malee)
    command = ProposeWriteOff(uuid7(), malee, (receipt.id,), "ทวงไม่ได้")
    in_transaction(write_offs.propose, command, first)
    with pytest.raises(SecondPersonNeeded):
        in_transaction(write_offs.approve, command.id, first)
    done = in_transaction(write_offs.approve, command.id, second)
    assert done.state == "approved"
    assert in_transaction(write_offs.approve, command.id, second).state == "approved"
    assert owes(shop, malee) == 0
    sound(shop)


def test_a_refund_into_the_purse_reaches_who_stands_for_a_merged_membership(
    shop: Shop, jam: UUID, malee: UUID
) -> None:
    twin = in_transaction(members.create, NewMember(first_name="มาลี"), shop.actor).id
    receipt = sold(shop, jam, ("cash", 100_00), member_id=twin)
    people = (members.get(malee, shop.actor).person_id, members.get(twin, shop.actor).person_id)
    in_transaction(merging.merge, MergePeople(uuid7(), *people, "คนเดียวกัน"), shop.actor)
    shop.refund(receipt, (1, 1000), method="purse")
    assert (purse(shop, malee), purse(shop, twin)) == (100_00, 0)
    sound(shop)


# --- the purse ---------------------------------------------------------------------------------


def test_a_purse_pays_part_and_cash_the_rest_with_its_change(
    shop: Shop, jam: UUID, malee: UUID
) -> None:
    topped_up(shop, malee, 60_00)
    receipt = sold(shop, jam, ("purse", 60_00), ("cash", 50_00), member_id=malee)
    assert (receipt.change_satang, receipt.payments[0].balance_satang) == (10_00, 0)
    with pytest.raises(PurseShort):
        sold(shop, jam, ("purse", 1), ("cash", 100_00), member_id=malee)
    with pytest.raises(TenderTooMuch):
        sold(shop, jam, ("purse", 100_01), member_id=malee)
    back = shop.refund(receipt, (1, 1000))
    assert [(one.method, one.amount_satang) for one in back.payments] == [
        ("purse", 60_00),
        ("cash", 40_00),
    ]
    assert purse(shop, malee) == 60_00
    out = MovePurse(uuid7(), malee, "withdrawal", "safe", 60_01)
    with pytest.raises(PurseShort):
        in_transaction(moving.move, out, shop.actor)
    in_transaction(moving.move, replace(out, amount_satang=60_00), shop.actor)
    sound(shop)


def test_two_tills_never_empty_one_purse_twice(
    app: Flask, shop: Shop, jam: UUID, malee: UUID
) -> None:
    topped_up(shop, malee, 150_00)
    commands = [
        shop.command(
            RecordSaleLine(jam, 1000, 100_00),
            pay=(RecordPayment("purse", 100_00),),
            member_id=malee,
        )
        for _ in range(2)
    ]
    results = race(app, *(lambda one=one: shop.record(one) for one in commands))
    assert sum(isinstance(one, PurseShort) for one in results) == 1
    assert purse(shop, malee) == 50_00


def test_a_late_sale_is_taken_and_what_the_purse_lacks_is_owed(
    shop: Shop, jam: UUID, malee: UUID
) -> None:
    topped_up(shop, malee, 30_00)
    line = RecordSaleLine(jam, 1000, 100_00)
    by_purse = shop.command(line, pay=(RecordPayment("purse", 100_00),), member_id=malee)
    on_account = shop.command(line, pay=(RecordPayment("credit", 100_00),), member_id=malee)
    shop.close((100_000, 1), (2_000, 1), (1_000, 1))
    assert shop.record(by_purse)[0].flags == ("purse-short", "late")
    assert shop.record(on_account)[0].flags == ("credit-none", "late")
    assert (purse(shop, malee), owes(shop, malee)) == (0, 170_00)
    sound(shop)


def test_goods_bought_on_account_never_become_cash(shop: Shop, jam: UUID, malee: UUID) -> None:
    opened(shop, malee, 500_00)
    receipt = sold(shop, jam, ("credit", 100_00), ("cash", 100_00), jars=2, member_id=malee)
    first = shop.refund(receipt, (1, 1000))
    assert [(one.method, one.amount_satang) for one in first.payments] == [("credit", 100_00)]
    assert owes(shop, malee) == 0
    second = shop.refund(receipt, (1, 1000))
    assert [(one.method, one.amount_satang) for one in second.payments] == [("cash", 100_00)]
    paid = sold(shop, jam, ("credit", 100_00), member_id=malee)
    in_transaction(repaying.repay, Repay(uuid7(), malee, "safe", 70_00), shop.actor)
    back = shop.refund(paid, (1, 1000))
    assert {one.method: one.amount_satang for one in back.payments} == {
        "credit": 30_00,
        "purse": 70_00,
    }
    sound(shop)


@pytest.mark.parametrize("method", ["credit", "purse"])
def test_such_payments_cost_a_sale_a_few_statements_however_long_it_is(
    shop: Shop, jam: UUID, malee: UUID, method: str
) -> None:
    opened(shop, malee, 10_000_00)
    topped_up(shop, malee, 10_000_00)
    sold(shop, jam, (method, 100_00), member_id=malee)
    counts = []
    for lines in (1, 20):
        line = RecordSaleLine(jam, 1000, 100_00)
        pay = (RecordPayment(method, lines * 100_00),)
        with counted() as sent:
            shop.sell(*[line] * lines, pay=pay, member_id=malee)
        counts.append(len([one for one in sent if not one.startswith("BEGIN")]))
    assert counts[0] == counts[1] <= 17
