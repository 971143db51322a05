"""A run over real sales, intakes and shares: the example of docs/dividend.md, and its faults."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounting.models import MemberRun, MemberRunItem
from accounting.rules.periods import Span
from accounting.rules.surplus.reckoning import (
    DividendAboveCap,
    ZeroDeliveries,
    ZeroPatronage,
    ZeroPurchases,
    ZeroShares,
)
from accounting.services.surplus import measuring, running, runs
from accounting.services.surplus.allocations import AllocationOver, Withdraw, withdraw
from accounting.services.surplus.running import YearNotOver
from accounting.services.surplus.runs import ItemCard
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from inventory.services import patronage as deliveries
from inventory.services import receipts
from inventory.services.buying import supplier_returns
from inventory.services.buying.supplier_returns import ReturnGoods, ReturnLine
from inventory.services.cancellation import CancelIntake, cancel
from members.services import standing
from members.services.standing import RecordFact
from tests.measuring import (
    AFTER,
    FIRST,
    LAST,
    RULES,
    Village,
    allocate,
    hold,
    maker,
    measure,
    member,
    noon,
    on,
    owe,
    resign,
    rules,
    run_of,
    sell_to,
    village_in,
)
from tests.shop import shop_in

RICE = rules(patronage={"purchase_weights": {"ข้าว": 15_000}})


@pytest.fixture
def village(centre: Centre) -> Village:
    return village_in(centre)


# --- the example of the page -----------------------------------------------------------------


def test_the_example_of_the_page_comes_out_to_the_satang(village: Village) -> None:
    with clock.travel(lambda: AFTER):
        resign(village, village.som, date(2026, 11, 15))
    _, found = run_of(village, 30_000, 50_000, wanted=RICE, retained=2_000)
    assert [one.share_days for one in found] == [182_500_000, 36_800_000, 27_000_000, 100_000, 0]
    assert [one.dividend_satang for one in found] == [22_220, 4_481, 3_287, 12, 0]
    assert [one.purchase_satang for one in found] == [120_000, 80_000, 40_000, 0, 10_000]
    assert [one.delivery_satang for one in found] == [80_000, 60_000, 0, 0, 0]
    refunds = [(one.purchase_refund_satang, one.delivery_refund_satang) for one in found]
    assert refunds == [(20_455, 9_091), (9_091, 6_818), (4_545, 0), (0, 0), (0, 0)]
    cash = [(one.cash_dividend_satang, one.cash_patronage_satang) for one in found]
    assert cash == [(22_220, 19_193), (4_481, 11_831), (3_287, 2_979), (10, 0), (0, 0)]
    assert [one.retained_satang for one in found] == [10_353, 4_078, 1_566, 2, 0]
    assert [(one.eligible, one.why) for one in found] == [(True, "")] * 4 + [(False, "resigned")]


def test_two_pools_are_shared_each_by_its_own_weights(village: Village) -> None:
    two = rules(patronage={"purchase_share_basis_points": 6_000})
    _, found = run_of(village, 0, 50_000, wanted=two)
    # 300 baht over 2,500 bought, 200 over 1,400 delivered.
    assert [one.purchase_refund_satang for one in found] == [14_400, 9_600, 4_800, 0, 1_200]
    assert [one.delivery_refund_satang for one in found] == [11_429, 8_571, 0, 0, 0]


def test_the_dividend_can_go_by_months(village: Village) -> None:
    monthly = rules(dividend={"basis": "months"})
    _, found = run_of(village, 30_000, wanted=monthly)
    # Bought on 1 July: six months. Redeemed on 1 April: three. Bought on the last day: none.
    assert [one.share_days for one in found] == [6_000_000, 1_200_000, 900_000, 0, 0]
    assert sum(one.dividend_satang for one in found) == 30_000


def test_refunds_count_in_the_year_they_are_given(village: Village) -> None:
    shop = village.shop
    with on(date(2027, 1, 5)):
        shop.open()
        receipt = sell_to(shop, village.mi, (village.soap, 10_000, 5_000))
        shop.refund(receipt, (1, 10_000))
        shop.close()
    _, found = run_of(village, 0, 50_000)
    assert found[2].purchase_satang == 40_000


def test_who_returned_more_than_was_bought_counts_nothing(village: Village) -> None:
    shop = village.shop
    with on(date(2025, 12, 30)):
        shop.open()
        receipt = sell_to(shop, village.noi, (village.soap, 10_000, 5_000))
        shop.close()
    with on(date(2026, 2, 2)):
        shop.open()
        shop.refund(receipt, (1, 10_000))
        shop.close()
    _, found = run_of(village, 0, 50_000)
    assert (found[3].purchase_satang, found[3].purchase_weight) == (-50_000, 0)
    assert found[3].total_satang == 0


def test_an_intake_taken_back_is_taken_off(village: Village) -> None:
    shop = village.shop
    with on(date(2026, 8, 1)):
        receipt_id = maker(shop, village.mi, "ยายมี").buy(village.soap, 5_000, 1_000)
        in_transaction(cancel, CancelIntake(receipt_id, "ผิดคน"), shop.actor)
    _, found = run_of(village, 0, 50_000)
    assert found[2].delivery_satang == 0


# --- who takes part --------------------------------------------------------------------------


def test_goods_sent_back_to_a_member_who_sold_them_are_taken_off(village: Village) -> None:
    with on(date(2026, 6, 6)):
        seller = maker(village.shop, village.mi)
        receipt_id = seller.buy(village.soap, 10_000, 500)
        [line] = receipts.of(village.actor.centre_id, receipt_id).lines
        back = ReturnGoods(uuid7(), receipt_id, (ReturnLine(line.lot_id, 4_000),), "แตก")
        in_transaction(supplier_returns.record, back, village.actor)
    _, found = run_of(village, 0, 50_000)
    assert found[2].delivery_satang == 3_000
    listed = deliveries.documents(village.actor.centre_id, Span(FIRST, LAST), [village.mi])
    assert [(one.source_type, one.satang) for one in listed] == [
        ("goods_receipt", 5_000),
        ("supplier_return", -2_000),
    ]
    before = deliveries.since(village.actor.centre_id, Span(FIRST, LAST), noon(date(2026, 6, 5)))
    assert [number[:3] for number in before.numbers] == ["IN-", "SR-"]


def test_those_with_too_few_shares_take_no_part(village: Village) -> None:
    few = rules(eligibility={"min_shares_satang": 150_000})
    _, found = run_of(village, 30_000, 50_000, wanted=few)
    assert [one.why for one in found] == ["", "", "few_shares", "few_shares", "few_shares"]
    assert sum(one.total_satang for one in found) == 80_000


def test_a_new_member_has_no_dividend_but_a_refund(village: Village) -> None:
    late = member(village.actor, "0006", joined=date(2026, 12, 1))
    hold(village.actor, late, 900_000, date(2026, 12, 1))
    shop = village.shop
    with on(date(2026, 12, 2)):
        shop.open()
        sell_to(shop, late, (village.soap, 2_000, 5_000))
        shop.close()
    waits = rules(dividend={"min_standing_days": 60})
    _, found = run_of(village, 30_000, 50_000, wanted=waits)
    new = found[5]
    assert (new.eligible, new.why, new.dividend_satang) == (True, "too_new", 0)
    assert new.purchase_refund_satang > 0


def test_a_suspension_that_ended_makes_no_new_member(village: Village) -> None:
    for kind, day in (("suspended", date(2026, 11, 1)), ("reinstated", date(2026, 11, 20))):
        fact = RecordFact(fact_id=uuid7(), member_id=village.daeng, kind=kind, on_date=day)
        with on(day):
            in_transaction(standing.record, fact, village.actor)
    _, found = run_of(village, 30_000, wanted=rules(dividend={"min_standing_days": 180}))
    assert [one.why for one in found] == [""] * 5
    assert found[0].dividend_satang > 0


def test_a_default_on_the_last_day_takes_no_part(village: Village, accountant: Actor) -> None:
    owe(village.actor, village.kham, 5_000, date(2026, 6, 1))
    bars = rules(eligibility={"exclude_defaulters": True})
    _, found = run_of(village, 30_000, 50_000, wanted=bars)
    assert [one.why for one in found] == ["", "in_default", "", "", ""]


# --- refusals --------------------------------------------------------------------------------


def test_no_shares_and_no_trade_are_refused_by_name(centre: Centre) -> None:
    actor = shop_in(centre).actor
    member(actor, "0001")
    with clock.travel(lambda: AFTER):
        for pools, wanted, refusal in (
            ((100, 0), RULES, ZeroShares),
            ((0, 100), RULES, ZeroPatronage),
            ((0, 100), rules(patronage={"purchase_share_basis_points": 10_000}), ZeroPurchases),
            ((0, 100), rules(patronage={"purchase_share_basis_points": 0}), ZeroDeliveries),
        ):
            allocation_id = allocate(actor, *pools, wanted=wanted)
            with pytest.raises(refusal):
                measure(actor, allocation_id)
            assert running.find(centre.id, allocation_id) is None


def test_a_dividend_above_the_cap_of_those_who_take_part_is_refused(village: Village) -> None:
    # 2,464,000 baht-days at 10 % of 365 days: 675.06 baht.
    capped = rules(dividend={"cap_basis_points": 1_000})
    run_of(village, 67_506, wanted=capped)
    with pytest.raises(DividendAboveCap) as refused:
        run_of(village, 67_507, wanted=capped)
    assert refused.value.facts["most"] == "675.06"


def test_a_year_that_is_not_over_is_not_measured(village: Village) -> None:
    with on(LAST):
        allocation_id = allocate(village.actor, 30_000)
        with pytest.raises(YearNotOver):
            measure(village.actor, allocation_id)


def test_a_withdrawn_allocation_is_not_measured(village: Village) -> None:
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, 30_000)
        in_transaction(withdraw, Withdraw(allocation_id, "ผิด"), village.actor)
        with pytest.raises(AllocationOver):
            measure(village.actor, allocation_id)


def test_only_who_may_prepare_measures(village: Village, auditor: Actor, cashier: Actor) -> None:
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, 30_000)
        for one in (auditor, cashier):
            with pytest.raises(Forbidden):
                measure(one, allocation_id)


def test_another_centres_allocation_is_not_there(village: Village, other_centre: Centre) -> None:
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, 30_000)
        with pytest.raises(NotFound):
            measure(shop_in(other_centre).actor, allocation_id)


# --- the same again --------------------------------------------------------------------------


def test_measured_twice_there_is_one_run(village: Village) -> None:
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, 30_000, 50_000)
        first = measure(village.actor, allocation_id)
    with clock.travel(lambda: AFTER + timedelta(days=3)):
        assert measure(village.actor, allocation_id) == first
    assert len(db.session.scalars(select(MemberRun.id)).all()) == 1
    assert len(db.session.scalars(select(MemberRunItem.member_id)).all()) == 5


def test_the_same_registers_give_the_same_bytes(village: Village) -> None:
    one, first = run_of(village, 30_000, 50_000, wanted=RICE, retained=2_000)
    two, second = run_of(village, 30_000, 50_000, wanted=RICE, retained=2_000)
    centre_id = village.actor.centre_id
    cards = [running.find(centre_id, which) for which in (one, two)]
    assert cards[0] is not None and cards[1] is not None
    assert cards[0].id != cards[1].id
    assert cards[0].input_hash == cards[1].input_hash
    assert cards[0].result_hash == cards[1].result_hash
    assert cards[0].content == cards[1].content
    assert first == second
    assert runs.hash_of_items(centre_id, cards[0].id) == cards[0].result_hash


def test_another_fact_gives_another_hash(village: Village) -> None:
    one, _ = run_of(village, 30_000, 50_000)
    with clock.travel(lambda: AFTER):
        hold(village.actor, village.noi, 100, date(2026, 12, 31))
    two, _ = run_of(village, 30_000, 50_000)
    centre_id = village.actor.centre_id
    cards = [running.find(centre_id, which) for which in (one, two)]
    assert cards[0] is not None and cards[1] is not None
    assert cards[0].input_hash != cards[1].input_hash


def test_progress_is_told_to_the_end(village: Village) -> None:
    told: list[tuple[int, int]] = []
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, 30_000)
        measure(village.actor, allocation_id, progress=lambda *step: told.append(step))
    assert told[-1][0] == told[-1][1] == len(told)


def test_parts_are_read_page_by_page(village: Village) -> None:
    _, every = run_of(village, 30_000, 50_000)
    centre_id = village.actor.centre_id
    [run_id] = db.session.scalars(select(MemberRun.id)).all()
    seen: list[ItemCard] = []
    while page := running.items(centre_id, run_id, seen[-1].member_no if seen else "", 2):
        seen += page
    assert seen == every


# --- what the allocation asks ------------------------------------------------------------------


def test_share_days_of_those_who_take_part_are_what_a_cap_is_on(village: Village) -> None:
    actor = village.actor
    hold(actor, village.som, 100_000, date(2026, 1, 1))
    with clock.travel(lambda: AFTER):
        resign(village, village.som, date(2026, 11, 15))
    everybody = measuring.holdings(actor.centre_id, FIRST, LAST, "days")
    taking_part = measuring.share_days_taking_part(actor.centre_id, FIRST, LAST, RULES)
    assert set(everybody) - set(taking_part) == {village.som}
    assert sum(taking_part.values()) == 246_400_000
