"""Promotions and bearers on both databases: what each sale posts, refuses, and gives back."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import funds, ledger, welfare_ledger
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import ChangedMeanwhile, Forbidden
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from pos.rules.pricing import DiscountTooLarge
from pos.services import discounts, promotions, refund, shift_report, verify
from pos.services.discounts import BearerUnclear, NewReason, ReasonTaken
from pos.services.offers import FundShort, OfferChanged
from pos.services.promotions import (
    AlreadyOver,
    EndPromotion,
    NewPromotion,
    OffersNothing,
    PromotionDiffers,
    PromotionDoc,
    ReasonNotInUse,
    WrongDays,
)
from pos.services.refund import RecordRefund, RecordRefundLine
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from tests.shop import Shop, shop_in

PRODUCER, COMMISSION = Purpose.CONSIGNMENT_PAYABLE, Purpose.COMMISSION


@pytest.fixture
def shop(centre: Centre) -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop


@pytest.fixture
def honey(shop: Shop) -> UUID:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 20_000)
    return honey


def books(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


def reason(manager: Actor, bearer: str, **rest: object) -> UUID:
    new = NewReason(uuid7(), f"R{uuid7().hex[-8:]}", "เหตุผล", "", bearer, **rest)  # type: ignore[arg-type]
    return in_transaction(discounts.create, new, manager).id


def fund_of(manager: Actor, satang: int) -> UUID:
    """Make a fund and let the safe pay into it."""
    fund_id = uuid7()
    in_transaction(funds.create, NewFund(fund_id, "W1", "กองทุนสวัสดิการ", "Welfare"), manager)
    if satang:
        entry = NewEntry(
            kind="opening",
            source_type="opening",
            source_id=uuid7(),
            business_date=clock.today(),
            occurred_at=clock.now(),
            lines=(
                NewLine(Purpose.CASH_SAFE, debit=satang),
                NewLine(Purpose.WELFARE_FUND, credit=satang, fund_id=fund_id),
            ),
        )
        in_transaction(ledger.post, entry, manager)
    return fund_id


def promote(manager: Actor, reason_id: UUID, **changes: object) -> PromotionDoc:
    facts: dict[str, object] = {
        "name_th": "ลดรับลมหนาว",
        "name_en": "Winter",
        "kind": "percent",
        "value": 1000,
        "valid_from": clock.today(),
    }
    new = NewPromotion(id=uuid7(), reason_id=reason_id, **facts | changes)  # type: ignore[arg-type]
    return in_transaction(promotions.create, new, manager)


def told(honey: UUID, promotion: PromotionDoc, discount: int, milli: int = 1000) -> RecordSaleLine:
    return RecordSaleLine(honey, milli, 10_000, discount, promotion_id=promotion.id)


def give_back(shop: Shop, sale_id: UUID, milli: int) -> None:
    assert shop.shift is not None
    command = RecordRefund(
        uuid7(),
        sale_id,
        shop.till_id,
        shop.shift.id,
        "ลูกค้าคืน",
        "cash",
        (RecordRefundLine(1, milli),),
    )
    in_transaction(refund.record, command, shop.actor)


def assert_all_holds(shop: Shop) -> None:
    assert [one for one in verify.run(shop.centre_id) if not one.ok] == []


@pytest.mark.parametrize(
    ("bearer", "rest", "producer", "commission"),
    [
        ("centre", {}, 8000, 1000),
        ("producer", {}, 7000, 2000),
        ("shared", {}, 7200, 1800),
        ("shared", {"producer_basis_points": 3000}, 7700, 1300),
        ("shared", {"producer_basis_points": 5000}, 7500, 1500),
    ],
)
def test_a_promotion_is_borne_as_its_reason_says(
    shop: Shop,
    honey: UUID,
    manager: Actor,
    bearer: str,
    rest: dict[str, int],
    producer: int,
    commission: int,
) -> None:
    promotion = promote(manager, reason(manager, bearer, **rest))
    receipt = shop.sell(told(honey, promotion, 1000))
    assert books(shop, Purpose.CASH_TILL) == 100_000 + 9000
    assert (-books(shop, PRODUCER), -books(shop, COMMISSION)) == (producer, commission)
    [line] = receipt.lines
    assert (line.promotion_th, line.promotion_en) == ("ลดรับลมหนาว", "Winter")
    assert line.discount_reason_id == promotion.reason.id
    give_back(shop, receipt.id, 1000)
    assert books(shop, PRODUCER) == books(shop, COMMISSION) == 0
    assert_all_holds(shop)


@pytest.mark.parametrize(
    ("bearer", "rest", "largest"),
    [
        ("centre", {}, 2000),
        ("producer", {}, 8000),
        ("shared", {"producer_basis_points": 5000}, 4000),
        ("shared", {"producer_basis_points": 9000}, 8888),
    ],
)
def test_the_largest_discount_told_is_one_that_passes(
    shop: Shop, honey: UUID, manager: Actor, bearer: str, rest: dict[str, int], largest: int
) -> None:
    why = reason(manager, bearer, **rest)
    with pytest.raises(DiscountTooLarge) as refused:
        shop.sell(RecordSaleLine(honey, 1000, 10_000, 9990, why))
    assert refused.value.facts == {"largest_satang": largest}
    shop.sell(RecordSaleLine(honey, 1000, 10_000, largest, why))


def test_a_fund_pays_and_gets_its_part_back(shop: Shop, honey: UUID, manager: Actor) -> None:
    fund_id = fund_of(manager, 5000)
    promotion = promote(manager, reason(manager, "centre", fund_id=fund_id), value=333)
    receipt = shop.sell(told(honey, promotion, 999, 3000))
    assert funds.balance(shop.centre_id, fund_id) == 5000 - 999
    assert (-books(shop, PRODUCER), -books(shop, COMMISSION)) == (24_000, 6000)
    today, helped = clock.today(), []
    found = welfare_ledger.of_days(shop.centre_id, today, today)
    assert (found.helped_satang, found.grants_satang, found.levies_satang) == (999, 0, 0)
    left = []
    for _ in range(3):
        give_back(shop, receipt.id, 1000)
        left.append(funds.balance(shop.centre_id, fund_id))
        helped.append(welfare_ledger.of_days(shop.centre_id, today, today).helped_satang)
    assert helped == [666, 333, 0]
    assert left == [4001 + 333, 4001 + 666, 5000]
    assert books(shop, PRODUCER) == books(shop, COMMISSION) == 0
    assert_all_holds(shop)


def test_a_fund_pays_for_own_goods_too(shop: Shop, manager: Actor) -> None:
    rice = shop.product("ข้าวสาร", 10_000)
    shop.buy(rice, 5000, 6000)
    fund_id = fund_of(manager, 10_000)
    needy = reason(manager, "centre", fund_id=fund_id)
    shop.sell(RecordSaleLine(rice, 1000, 10_000, 10_000, needy), pay=())
    assert (books(shop, Purpose.SALES), books(shop, Purpose.DISCOUNTS_GIVEN)) == (-10_000, 0)
    assert funds.balance(shop.centre_id, fund_id) == 0


def test_a_late_sale_whose_fund_ran_dry_is_borne_by_the_centre(
    shop: Shop, honey: UUID, manager: Actor
) -> None:
    fund_id = fund_of(manager, 2500)
    needy = reason(manager, "centre", fund_id=fund_id)
    line = RecordSaleLine(honey, 1000, 10_000, 2000, needy)
    waiting = shop.command(line)
    shop.sell(line)
    shop.close((100_000, 1), (5000, 1), (2000, 1), (1000, 1))
    receipt, new = shop.record(waiting)
    assert new and receipt.flags == ("fund-short:1", "late")
    assert funds.balance(shop.centre_id, fund_id) == 500
    # Of each jar 80.00 are the producer's; the second one's commission is what was given away.
    assert (-books(shop, PRODUCER), -books(shop, COMMISSION)) == (2 * 8000, 2000)
    assert_all_holds(shop)


def test_the_shifts_report_says_who_bore_what(shop: Shop, honey: UUID, manager: Actor) -> None:
    needy = reason(manager, "centre", fund_id=fund_of(manager, 5000))
    promotion = promote(manager, reason(manager, "shared", producer_basis_points=3000))
    shop.sell(RecordSaleLine(honey, 1000, 10_000, 2000, needy))
    shop.sell(told(honey, promotion, 1000))
    closed = shop.close((100_000, 1), (10_000, 1), (5000, 1), (2000, 1))
    report = shift_report.of(shop.centre_id, closed.id)
    assert [(row.bearer, row.satang) for row in report.discounts] == [
        ("fund", 2000),
        ("shared", 1000),
    ]


def test_a_fund_is_never_overdrawn(shop: Shop, honey: UUID, manager: Actor) -> None:
    fund_id = fund_of(manager, 1999)
    needy = reason(manager, "centre", fund_id=fund_id)
    shop.sell(RecordSaleLine(honey, 1000, 10_000, 1000, needy))
    with pytest.raises(FundShort) as refused:
        shop.sell(
            RecordSaleLine(honey, 1000, 10_000, 500, needy),
            discount_satang=500,
            discount_reason_id=needy,
        )
    assert (refused.value.facts["held_satang"], refused.value.facts["asked_satang"]) == (999, 1000)
    assert funds.balance(shop.centre_id, fund_id) == 999


def test_two_tills_spend_a_fund_once(shop: Shop, app: Flask, honey: UUID, manager: Actor) -> None:
    fund_id = fund_of(manager, 1000)
    needy = reason(manager, "centre", fund_id=fund_id)
    commands = [shop.command(RecordSaleLine(honey, 1000, 10_000, 600, needy)) for _ in range(4)]
    refused: list[FundShort] = []

    def send(command: RecordSale) -> None:
        with app.app_context():
            try:
                shop.record(command)
            except FundShort as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=send, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert funds.balance(shop.centre_id, fund_id) == 400


def test_the_right_amount_is_told_when_the_counter_is_wrong(
    shop: Shop, honey: UUID, manager: Actor
) -> None:
    promotion = promote(manager, shop.reason("centre"))
    with pytest.raises(OfferChanged) as refused:
        shop.sell(told(honey, promotion, 1001))
    assert refused.value.facts["discount_satang"] == 1000
    with pytest.raises(OfferChanged):
        shop.sell(RecordSaleLine(honey, 1000, 10_000, 1000, promotion_id=uuid7()))


def test_a_member_price_is_for_members_alone(shop: Shop, honey: UUID, manager: Actor) -> None:
    promotion = promote(
        manager,
        shop.reason("centre"),
        kind="price",
        value=9000,
        product_id=honey,
        members_only=True,
    )
    with pytest.raises(OfferChanged) as refused:
        shop.sell(told(honey, promotion, 1000))
    assert refused.value.facts["discount_satang"] == 0
    member = in_transaction(members.create, NewMember(first_name="สมศรี"), manager)
    assert shop.sell(told(honey, promotion, 1000), member_id=member.id).due_satang == 9000


def test_a_promotion_holds_on_its_days_for_its_goods(
    shop: Shop, honey: UUID, manager: Actor
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    coming = promote(manager, shop.reason("centre"), valid_from=tomorrow)
    other = promote(manager, shop.reason("centre"), category="ผลไม้")
    for wrong in (coming, other):
        with pytest.raises(OfferChanged):
            shop.sell(told(honey, wrong, 1000))
    running = promote(manager, shop.reason("centre"), valid_until=clock.today())
    shop.sell(told(honey, running, 1000))
    later = clock.now() + timedelta(days=1)
    with clock.travel(lambda: later):
        assert promotions.get(running.id, manager).state == "ended"
        # The shift still runs on the day it was opened: what it said then holds to its end.
        shop.sell(told(honey, running, 1000))


def test_a_stopped_promotion_is_refused_at_once(shop: Shop, honey: UUID, manager: Actor) -> None:
    promotion = promote(manager, shop.reason("centre"))
    stopped = in_transaction(
        promotions.end, EndPromotion(promotion.id, promotion.version, None), manager
    )
    assert stopped.state == "stopped"
    with pytest.raises(OfferChanged):
        shop.sell(told(honey, promotion, 1000))
    with pytest.raises(ChangedMeanwhile):
        in_transaction(promotions.end, EndPromotion(promotion.id, 1, None), manager)
    with pytest.raises(AlreadyOver):
        in_transaction(promotions.end, EndPromotion(promotion.id, 2, clock.today()), manager)


def test_what_a_promotion_gave_before_it_was_stopped_is_not_lost(
    shop: Shop, honey: UUID, manager: Actor
) -> None:
    promotion = promote(manager, shop.reason("centre"))
    kept, wrong = (
        shop.command(told(honey, promotion, 1000)),
        shop.command(told(honey, promotion, 1001)),
    )
    shop.close((100_000, 1), (10_000, 2))
    in_transaction(promotions.end, EndPromotion(promotion.id, promotion.version, None), manager)
    assert shop.record(kept)[0].flags == ("offer-over:1", "late")
    with pytest.raises(OfferChanged):
        shop.record(wrong)


def test_a_weighing_takes_the_offer_by_the_kilogram(shop: Shop, manager: Actor) -> None:
    bananas = shop.product("กล้วย", 8900, by_weight=True)
    shop.buy(bananas, 30_000, 1200)
    promotion = promote(manager, shop.reason("centre"), kind="amount", value=500)
    line = RecordSaleLine(bananas, 237, 8900, 119, promotion_id=promotion.id)
    assert shop.sell(line).total_satang == 2109 - 119


def test_what_a_promotion_may_say(shop: Shop, honey: UUID, manager: Actor, cashier: Actor) -> None:
    good = shop.reason("centre")
    for wrong in ({"value": 0}, {"value": 10_001}, {"kind": "amount", "value": 0}):
        with pytest.raises(OffersNothing):
            promote(manager, good, **wrong)
    with pytest.raises(OffersNothing):
        promote(manager, good, kind="price", value=10_000, product_id=honey)
    yesterday = clock.today() - timedelta(days=1)
    for days in ({"valid_from": yesterday}, {"valid_until": yesterday}):
        with pytest.raises(WrongDays):
            promote(manager, good, **days)
    with pytest.raises(Forbidden):
        promote(cashier, good)
    in_transaction(discounts.set_active, good, False, manager)
    with pytest.raises(ReasonNotInUse):
        promote(manager, good)


def test_the_same_promotion_again_is_the_first(shop: Shop, manager: Actor) -> None:
    new = NewPromotion(uuid7(), "ลด", "", shop.reason("centre"), "amount", 100, clock.today())
    first = in_transaction(promotions.create, new, manager)
    assert in_transaction(promotions.create, new, manager) == first
    other = NewPromotion(new.id, "ลด", "", new.reason_id, "amount", 200, clock.today())
    with pytest.raises(PromotionDiffers):
        in_transaction(promotions.create, other, manager)


def test_what_a_reason_may_say(manager: Actor) -> None:
    fund_id = fund_of(manager, 0)
    for bearer, rest in (
        ("producer", {"fund_id": fund_id}),
        ("centre", {"producer_basis_points": 3000}),
        ("shared", {"producer_basis_points": 10_000}),
    ):
        with pytest.raises(BearerUnclear):
            reason(manager, bearer, **rest)
    in_transaction(discounts.create, NewReason(uuid7(), "need", "ยากไร้", "", "centre"), manager)
    with pytest.raises(ReasonTaken):
        in_transaction(discounts.create, NewReason(uuid7(), "need", "อื่น", "", "shared"), manager)


def test_a_sale_by_promotion_takes_one_statement_more(
    shop: Shop, honey: UUID, manager: Actor
) -> None:
    from tests.integration.pos.test_sale import counted

    promotion = promote(manager, shop.reason("centre"))
    shop.sell(told(honey, promotion, 1000))
    with counted() as sent:
        shop.sell(told(honey, promotion, 1000), pay=(RecordPayment("cash", 9000),))
    assert len([one for one in sent if not one.startswith("BEGIN")]) <= 12, "\n".join(sent)
