"""What is kept of a person's money at the till and as a supplier: told, carried over, forgotten."""

from __future__ import annotations

from uuid import UUID

import pytest

from accounting.rules.member_payments import HeirNeeded
from accounting.services.coupons import using
from accounting.services.credit import repaying
from accounting.services.credit.repaying import Repay
from accounting.services.purse import moving
from accounting.services.purse.moving import MovePurse
from core import clock
from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services.buying import suppliers
from inventory.services.buying.suppliers import SaveSupplier
from members.services import erasure, members, merging, producers, standing
from members.services.erasure import StillSomethingOpen
from members.services.members import NewMember
from members.services.merging import MergePeople
from members.services.producers import NewProducer
from members.services.standing import RecordFact
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in
from tests.tendering import coupons, opened, owes, purse, sold, sound, topped_up


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


def joined(shop: Shop) -> UUID:
    return in_transaction(members.create, NewMember(first_name="มาลี"), shop.actor).id


def person_of(shop: Shop, member_id: UUID) -> UUID:
    return members.get(member_id, shop.actor).person_id


def told(shop: Shop, person_id: UUID) -> dict[str, tuple[tuple[object, ...], ...]]:
    sections = in_transaction(erasure.copy_of, person_id, shop.actor)
    return {one.title: one.rows for one in sections}


def erase(shop: Shop, person_id: UUID) -> None:
    in_transaction(erasure.erase, person_id, uuid7(), clock.today(), shop.actor)


def given(shop: Shop, member_id: UUID) -> str:
    """Make a coupon of 60 baht out to a member; return its code."""
    _, [coupon] = coupons(shop, name="ของขวัญ", member_ids=(member_id,))
    return str(coupon.code)


def test_what_is_kept_of_money_at_the_till_is_told(shop: Shop) -> None:
    malee = joined(shop)
    opened(shop, malee, 200_00)
    topped_up(shop, malee, 60_00)
    code = given(shop, malee)
    out = MovePurse(uuid7(), malee, "withdrawal", "safe", 10_00, None, "proxy", "ดำ", "บุตร")
    in_transaction(moving.move, out, shop.actor)
    rows = told(shop, person_of(shop, malee))
    [account] = rows["On account"]
    assert account[1:3] == ("active", "200.00")
    assert [row[2:5] for row in rows["Purse slips"]] == [
        ("60.00", "", ""),
        ("-10.00", "ดำ", "บุตร"),
    ]
    [coupon] = rows["Coupons"]
    assert coupon[2:5] == ("ของขวัญ", code, "60.00")


def test_nobody_is_forgotten_while_the_purse_holds_money(shop: Shop) -> None:
    malee = joined(shop)
    topped_up(shop, malee, 60_00)
    left = RecordFact(fact_id=uuid7(), member_id=malee, kind="resigned", on_date=clock.today())
    in_transaction(standing.record, left, shop.actor)
    with pytest.raises(StillSomethingOpen):
        erase(shop, person_of(shop, malee))
    out = MovePurse(uuid7(), malee, "withdrawal", "safe", 60_00)
    in_transaction(moving.move, out, shop.actor)
    erase(shop, person_of(shop, malee))


def test_a_coupon_of_a_merged_membership_is_good_for_who_stands(shop: Shop) -> None:
    malee, twin = joined(shop), joined(shop)
    jam = shop.product("แยม", 100_00)
    shop.buy(jam, 100_000, 60_00)
    code = given(shop, twin)
    people = (person_of(shop, malee), person_of(shop, twin))
    in_transaction(merging.merge, MergePeople(uuid7(), *people, "คนเดียวกัน"), shop.actor)
    found = using.find(code, shop.actor)
    assert found.member_id == malee
    sold(shop, jam, ("voucher", 60_00, "", None, found.id), ("cash", 40_00), member_id=malee)
    sound(shop)


def test_goods_bought_before_a_merge_come_off_the_bill_that_was_carried_over(shop: Shop) -> None:
    malee, twin = joined(shop), joined(shop)
    jam = shop.product("แยม", 100_00)
    shop.buy(jam, 100_000, 60_00)
    opened(shop, twin, 500_00)
    receipt = sold(shop, jam, ("credit", 200_00), jars=2, member_id=twin)
    people = (person_of(shop, malee), person_of(shop, twin))
    in_transaction(merging.merge, MergePeople(uuid7(), *people, "คนเดียวกัน"), shop.actor)
    in_transaction(repaying.repay, Repay(uuid7(), malee, "safe", 50_00), shop.actor)
    first = shop.refund(receipt, (1, 1000))
    assert [(one.method, one.amount_satang) for one in first.payments] == [("credit", 100_00)]
    assert (owes(shop, malee), purse(shop, malee)) == (50_00, 0)
    second = shop.refund(receipt, (1, 1000))
    assert {one.method: one.amount_satang for one in second.payments} == {
        "credit": 50_00,
        "purse": 50_00,
    }
    assert (owes(shop, malee), purse(shop, malee)) == (0, 50_00)
    sound(shop)


def test_whoever_has_left_or_died_buys_nothing_and_is_paid_out(shop: Shop) -> None:
    jam = shop.product("แยม", 100_00)
    shop.buy(jam, 100_000, 60_00)
    for kind, who in (("resigned", ("member", "", "")), ("died", ("heir", "ดำ", "บุตร"))):
        one = joined(shop)
        opened(shop, one, 500_00)
        topped_up(shop, one, 60_00)
        sold(shop, jam, ("credit", 100_00), member_id=one)
        left = RecordFact(fact_id=uuid7(), member_id=one, kind=kind, on_date=clock.today())
        in_transaction(standing.record, left, shop.actor)
        for method in ("credit", "purse"):
            with pytest.raises(members.NotAMember):
                sold(shop, jam, (method, 100_00), member_id=one)
        with pytest.raises(moving.MembershipEnded):
            topped_up(shop, one, 10_00)
        if kind == "died":
            alone = MovePurse(uuid7(), one, "withdrawal", "safe", 60_00)
            with pytest.raises(HeirNeeded):
                in_transaction(moving.move, alone, shop.actor)
        repaid = Repay(uuid7(), one, "safe", 100_00)
        in_transaction(repaying.repay, repaid, shop.actor)
        out = MovePurse(uuid7(), one, "withdrawal", "safe", 60_00, None, *who)
        in_transaction(moving.move, out, shop.actor)
        opened(shop, one, 500_00, state="closed")
        assert (owes(shop, one), purse(shop, one)) == (0, 0)
    sound(shop)


@pytest.mark.parametrize("kind", ["resigned", "merged"])
def test_a_late_sale_to_whoever_has_left_since_is_a_fact(shop: Shop, kind: str) -> None:
    malee, twin = joined(shop), joined(shop)
    jam = shop.product("แยม", 100_00)
    shop.buy(jam, 100_000, 60_00)
    topped_up(shop, twin, 30_00)
    opened(shop, twin, 500_00)
    line = RecordSaleLine(jam, 1000, 100_00)
    pay = (RecordPayment("purse", 60_00), RecordPayment("credit", 40_00))
    late = shop.command(line, pay=pay, member_id=twin)
    shop.close((100_000, 1), (2_000, 1), (1_000, 1))
    if kind == "merged":
        people = (person_of(shop, malee), person_of(shop, twin))
        in_transaction(merging.merge, MergePeople(uuid7(), *people, "คนเดียวกัน"), shop.actor)
    else:
        left = RecordFact(fact_id=uuid7(), member_id=twin, kind=kind, on_date=clock.today())
        in_transaction(standing.record, left, shop.actor)
    receipt, _ = shop.record(late)
    assert {"purse-short", "late"} <= set(receipt.flags)
    who = malee if kind == "merged" else twin
    assert (owes(shop, who), purse(shop, who)) == (70_00, 0)
    sound(shop)


def test_who_sold_to_us_is_told_and_forgotten(shop: Shop) -> None:
    dam = in_transaction(producers.create, NewProducer(name="ดำ ใจดี"), shop.actor)
    facts = SaveSupplier(dam.id, 0, address="1 หมู่ 2", contact="ดำ", terms_days=7)
    in_transaction(suppliers.save, facts, shop.actor)
    person_id = producers.get(shop.centre_id, dam.id).person_id
    assert person_id is not None
    assert told(shop, person_id)["Supplier"] == (("", "1 หมู่ 2", "ดำ"),)
    stopped = RecordFact(
        fact_id=uuid7(), producer_id=dam.id, kind="resigned", on_date=clock.today()
    )
    in_transaction(standing.record, stopped, shop.actor)
    erase(shop, person_id)
    known = suppliers.of(shop.centre_id, dam.id)
    assert (known.tax_id, known.address, known.contact, known.terms_days) == ("", "", "", 7)
