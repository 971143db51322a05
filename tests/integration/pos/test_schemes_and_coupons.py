"""Schemes of the state and coupons of funds at the till, on both databases."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.rules.coupons import CouponUsed, GoodsNotCovered
from accounting.services import funds, ledger
from accounting.services.coupons import issuing, using
from accounting.services.coupons.issuing import IssueCoupons
from accounting.services.funds.register import FundOverdrawn
from core import clock
from core.actor import Centre
from core.db import in_transaction
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.services import scheme_claims, scheme_settling, schemes
from pos.services.sale import RecordPayment, RecordSaleLine
from pos.services.scheme_settling import SettleItem, SettleScheme
from pos.services.schemes import SchemeReferenceNeeded
from tests.shop import Shop, shop_in
from tests.tendering import coupons, owes, purse, race, scheme, sold, sound


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


def test_a_scheme_pays_by_its_slip_and_is_settled_claim_by_claim(
    shop: Shop, jam: UUID, malee: UUID
) -> None:
    card = scheme(shop, bill_max_satang=100_00)
    with pytest.raises(SchemeReferenceNeeded):
        sold(shop, jam, ("scheme", 100_00, "", card))
    with pytest.raises(schemes.AboveSchemeLimit):
        sold(shop, jam, ("scheme", 100_01, "7", card), ("cash", 200_00), jars=2)
    one = sold(shop, jam, ("scheme", 100_00, "A1", card), member_id=malee)
    two = sold(shop, jam, ("scheme", 100_00, "A2", card))
    claims = scheme_claims.listing(card, shop.actor)
    assert [claim.open_satang for claim in claims] == [100_00, 100_00]
    command = SettleScheme(
        uuid7(),
        card,
        128_00,
        (SettleItem(one.id, 60_00, 40_00, "member", "เกินสิทธิ์"), SettleItem(two.id, 70_00)),
        fee_satang=2_00,
        reference="GOV9",
    )
    with pytest.raises(scheme_settling.ClaimsDontAddUp):
        in_transaction(scheme_settling.settle, replace(command, fee_satang=0), shop.actor)
    document = in_transaction(scheme_settling.settle, command, shop.actor)
    assert in_transaction(scheme_settling.settle, command, shop.actor) == document
    assert owes(shop, malee) == 40_00
    assert scheme_claims.open_by_scheme(shop.centre_id) == {card: (1, 30_00)}
    assert ledger.balance(shop.centre_id, Purpose.TRANSFERS_AWAITING) == 128_00
    back = shop.refund(two, (1, 1000))
    assert [one.method for one in back.payments] == ["scheme"]
    assert scheme_claims.open_by_scheme(shop.centre_id) == {card: (1, -70_00)}
    sound(shop)


def test_a_coupon_is_paid_by_its_fund_once(shop: Shop, jam: UUID) -> None:
    fund_id, (one, two) = coupons(shop, 2)
    found = using.find(one.code.lower().replace("-", " "), shop.actor)
    assert (found.id, found.left_satang) == (one.id, 60_00)
    more = IssueCoupons(uuid7(), fund_id, "อีก", 1, 380_01, clock.today())
    with pytest.raises(FundOverdrawn):
        in_transaction(issuing.issue, more, shop.actor)
    receipt = sold(shop, jam, ("voucher", 40_00, "", None, one.id), ("cash", 60_00))
    with pytest.raises(CouponUsed):
        sold(shop, jam, ("voucher", 20_01, "", None, one.id), ("cash", 100_00))
    sold(shop, jam, ("voucher", 20_00, "", None, one.id), ("cash", 80_00))
    assert funds.balance(shop.centre_id, fund_id) == 440_00
    back = shop.refund(receipt, (1, 1000))
    assert {part.method: part.amount_satang for part in back.payments} == {
        "voucher": 40_00,
        "cash": 60_00,
    }
    assert funds.balance(shop.centre_id, fund_id) == 480_00
    issue_id = in_transaction(
        issuing.cancel, _issue_of(shop, two.id), (two.id,), "หาย", shop.actor
    ).id
    with pytest.raises(CouponUsed):
        sold(shop, jam, ("voucher", 60_00, "", None, two.id), ("cash", 40_00))
    assert issuing.card(shop.centre_id, issue_id).used_satang == 20_00
    sound(shop)


def _issue_of(shop: Shop, _coupon_id: UUID) -> UUID:
    from core.paging import Window

    return issuing.listing(shop.actor, Window()).items[0].id


def test_a_coupon_keeps_its_rules(app: Flask, shop: Shop, jam: UUID) -> None:
    _, (lapsing,) = coupons(shop, rest="lapses")
    sold(shop, jam, ("voucher", 40_00, "", None, lapsing.id), ("cash", 60_00))
    with pytest.raises(CouponUsed):
        sold(shop, jam, ("voucher", 1, "", None, lapsing.id), ("cash", 100_00))
    card = scheme(shop, categories=("ข้าว",))
    with pytest.raises(GoodsNotCovered):
        sold(shop, jam, ("scheme", 100_00, "X", card))


def test_two_tills_never_use_one_coupon_twice(app: Flask, shop: Shop, jam: UUID) -> None:
    fund_id, (one,) = coupons(shop)
    pay = (RecordPayment("voucher", 60_00, "", None, one.id), RecordPayment("cash", 40_00))
    commands = [shop.command(RecordSaleLine(jam, 1000, 100_00), pay=pay) for _ in range(2)]
    results = race(app, *(lambda each=each: shop.record(each) for each in commands))
    assert sum(isinstance(each, CouponUsed) for each in results) == 1
    assert funds.balance(shop.centre_id, fund_id) == 440_00


def test_a_late_coupon_that_is_no_longer_good_is_borne_by_the_centre(shop: Shop, jam: UUID) -> None:
    fund_id, (one,) = coupons(shop)
    line = RecordSaleLine(jam, 1000, 100_00)
    pay = (RecordPayment("voucher", 60_00, "", None, one.id), RecordPayment("cash", 40_00))
    first, second = (shop.command(line, pay=pay) for _ in range(2))
    shop.record(first)
    shop.close((100_000, 1), (2_000, 2))
    receipt, _ = shop.record(second)
    assert receipt.flags == ("coupon-used", "late")
    assert funds.balance(shop.centre_id, fund_id) == 440_00
    sound(shop)


def test_claims_that_cancel_each_other_are_settled_without_money(shop: Shop, jam: UUID) -> None:
    card = scheme(shop)
    paid = sold(shop, jam, ("scheme", 100_00, "A1", card))
    settle = SettleScheme(uuid7(), card, 100_00, (SettleItem(paid.id, 100_00),))
    in_transaction(scheme_settling.settle, settle, shop.actor)
    shop.refund(paid, (1, 1000))
    other = sold(shop, jam, ("scheme", 100_00, "A2", card))
    twice = (SettleItem(other.id, 60_00), SettleItem(other.id, 40_00))
    again = SettleScheme(uuid7(), card, 100_00, twice)
    with pytest.raises(scheme_settling.ClaimTwice):
        in_transaction(scheme_settling.settle, again, shop.actor)
    items = (SettleItem(paid.id, -100_00), SettleItem(other.id, 100_00))
    owing = SettleScheme(uuid7(), card, -100_00, items[:1])
    with pytest.raises(scheme_settling.ClaimsDontAddUp):
        in_transaction(scheme_settling.settle, owing, shop.actor)
    done = in_transaction(scheme_settling.settle, SettleScheme(uuid7(), card, 0, items), shop.actor)
    assert done.settlement_no.startswith("SC-")
    assert scheme_claims.open_by_scheme(shop.centre_id) == {}
    sound(shop)


def test_what_a_member_bore_of_a_refused_claim_comes_back_to_the_member(
    shop: Shop, jam: UUID, malee: UUID
) -> None:
    card = scheme(shop)
    one = sold(shop, jam, ("scheme", 100_00, "A1", card), member_id=malee)
    items = (SettleItem(one.id, 60_00, 40_00, "member", "เกินสิทธิ์"),)
    in_transaction(scheme_settling.settle, SettleScheme(uuid7(), card, 60_00, items), shop.actor)
    back = shop.refund(one, (1, 1000))
    assert {part.method: part.amount_satang for part in back.payments} == {
        "scheme": 60_00,
        "purse": 40_00,
    }
    assert scheme_claims.open_by_scheme(shop.centre_id) == {card: (1, -60_00)}
    assert (owes(shop, malee), purse(shop, malee)) == (40_00, 40_00)
    sound(shop)
