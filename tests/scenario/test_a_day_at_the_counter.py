"""A day at the centre, from the first delivery to the count, worked account by account.

Read it as documentation: what people do stands in the calls, what the books say in the comments.
Amounts are in satang, quantities in thousandths.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import catalogue
from members.services import members
from members.services.members import NewMember
from pos.rules.pricing import DiscountTooLarge
from pos.services import shift, verify
from pos.services.sale import PriceChanged, RecordPayment, RecordSaleLine
from pos.services.shift import MoveCash
from tests.closing import lock_month
from tests.shop import Shop, shop_in


def balances(shop: Shop, *purposes: Purpose) -> dict[str, int]:
    return {one.value: ledger.balance(shop.centre_id, one) for one in purposes}


def books_hold(shop: Shop) -> bool:
    return all(finding.ok for finding in verify.run(shop.centre_id))


def test_a_day_at_the_counter(centre: Centre, manager: Actor) -> None:
    shop = shop_in(centre).under(cash_rounding_satang=25)

    # Morning: 20 jars of honey on consignment at 80/20, 30 kg of bananas outright at 12 baht.
    honey = shop.product("น้ำผึ้ง", 18_000)
    bananas = shop.product("กล้วยน้ำว้า", 3000, by_weight=True)
    shop.consign(honey, 20_000, split=8000)
    shop.buy(bananas, 30_000, unit_cost=1200)
    # Consigned goods are not ours: only the bananas are inventory, owed to the producer.
    assert balances(shop, Purpose.INVENTORY, Purpose.PAYABLE_OUTRIGHT) == {
        "inventory": 36_000,
        "payable_outright": -36_000,
    }

    # The till opens with a counted float of 1,000 baht from the safe.
    shop.open(100_000)

    # A member takes two jars and 1.335 kg of bananas with 10 baht off for a blemish, shared by the
    # split, and pays 200 by PromptPay, the rest in cash with a 1,000 note.
    somsri = in_transaction(members.create, NewMember(first_name="สมศรี"), manager)
    receipt = shop.sell(
        RecordSaleLine(honey, 2000, 18_000, 1000, shop.reason("shared")),
        RecordSaleLine(bananas, 1335, 3000),
        pay=(RecordPayment("promptpay", 20_000, "PP1"), RecordPayment("cash", 100_000)),
        member_id=somsri.id,
    )
    # 350.00 + 40.05 = 390.05; the cash part 190.05 is rounded down to 190.00.
    assert (receipt.total_satang, receipt.rounding_satang, receipt.due_satang) == (
        39_005,
        -5,
        39_000,
    )
    assert receipt.change_satang == 100_000 - 19_000
    # The honey's producer gets 80 % of 350.00; the bananas cost 1.335 × 12.00 = 16.02.
    assert balances(
        shop,
        Purpose.CONSIGNMENT_PAYABLE,
        Purpose.COMMISSION,
        Purpose.SALES,
        Purpose.COST_OF_GOODS,
        Purpose.ROUNDING,
        Purpose.TRANSFERS_AWAITING,
    ) == {
        "consignment_payable": -28_000,
        "commission": -7000,
        "sales": -4005,
        "cost_of_goods": 1602,
        "rounding": 5,
        "transfers_awaiting": 20_000,
    }

    # One jar comes back: half of what was paid for the two, and half of the producer's share.
    refund = shop.refund(receipt, (1, 1000))
    assert (refund.paid_satang, refund.producer_satang) == (17_500, 14_000)

    # 40 baht of ice from the drawer; the evening's count is 20 baht short.
    assert shop.shift is not None
    ice = MoveCash(uuid7(), shop.shift.id, "pay_out", 4000, "ค่าน้ำแข็ง")
    in_transaction(shift.move_cash, ice, shop.actor)
    # 1,000.00 + 190.00 − 175.00 − 40.00 = 975.00 should be there; 955.00 is.
    closed = shop.close((50_000, 1), (10_000, 4), (5000, 1), (500, 1))
    assert (closed.expected_satang, closed.over_short_satang) == (97_500, -2000)
    assert balances(shop, Purpose.CASH_OVER_SHORT, Purpose.CASH_TILL) == {
        "cash_over_short": 2000,
        "cash_till": 95_500,
    }
    assert books_hold(shop)


def test_a_third_of_a_hundred_three_times_is_a_hundred(centre: Centre) -> None:
    shop = shop_in(centre)
    shop.open()
    goods = [shop.product(f"ของ {n}", 10_000) for n in range(3)]
    for one in goods:
        shop.consign(one, 5000, split=3333)
    receipt = shop.sell(
        *(RecordSaleLine(one, 1000, 10_000) for one in goods),
        discount_satang=20_000,
        discount_reason_id=shop.reason("shared"),
        pay=(RecordPayment("cash", 10_000),),
    )
    assert [line.net_satang for line in receipt.lines] == [3333, 3333, 3334]
    assert books_hold(shop)


def test_one_satang_is_a_sale(centre: Centre) -> None:
    shop = shop_in(centre)
    shop.open()
    salt = shop.product("เกลือ", 1)
    shop.consign(salt, 5000)
    assert shop.sell(RecordSaleLine(salt, 1000, 1)).due_satang == 1
    assert books_hold(shop)


def test_nobody_gives_away_what_is_another_s(centre: Centre) -> None:
    shop = shop_in(centre)
    shop.open()
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 5000)
    with pytest.raises(DiscountTooLarge):
        shop.sell(RecordSaleLine(honey, 1000, 10_000, 2001, shop.reason("centre")))
    shop.sell(RecordSaleLine(honey, 1000, 10_000, 2001, shop.reason("producer")))


def test_a_price_changed_while_the_basket_was_held_is_told(centre: Centre) -> None:
    shop = shop_in(centre)
    shop.open()
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 5000)
    held = shop.command(RecordSaleLine(honey, 1000, 10_000))
    before = catalogue.get(honey, shop.actor)
    facts = catalogue.ProductFacts(
        code=before.code,
        name_th=before.name_th,
        name_en=before.name_en,
        sold_by=before.sold_by,
        unit=before.unit,
        price_satang=12_000,
    )
    command = catalogue.SaveProduct(honey, facts, version=before.version)
    in_transaction(catalogue.save, command, shop.actor)
    with pytest.raises(PriceChanged):
        shop.record(held)


def test_a_closed_month_takes_nothing_more(
    centre: Centre, accountant: Actor, manager: Actor
) -> None:
    shop = shop_in(centre)
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 5000)
    opened = shop.open()
    command = shop.command(RecordSaleLine(honey, 1000, 10_000))
    month = opened.business_date.year * 100 + opened.business_date.month
    in_transaction(lock_month, month, accountant, manager)
    with pytest.raises(PeriodClosed):
        shop.record(command)
    assert books_hold(shop)


def test_goods_sold_below_zero_and_then_delivered(centre: Centre) -> None:
    shop = shop_in(centre).under(oversell_policy="allow_and_flag")
    shop.open()
    rice = shop.product("ข้าวสาร", 4000, by_weight=True)
    shop.buy(rice, 1000, 3000)
    receipt = shop.sell(RecordSaleLine(rice, 3000, 4000))
    assert receipt.flags == ("oversold:1",)
    shop.buy(rice, 10_000, 3000)
    shop.refund(receipt, (1, 3000))
    assert ledger.balance(shop.centre_id, Purpose.COST_OF_GOODS) == 0
    assert books_hold(shop)


def test_the_29th_of_february_is_a_day_of_trade(centre: Centre) -> None:
    with clock.travel(lambda: datetime(2028, 2, 28, 17, 30, tzinfo=UTC)):
        shop = shop_in(centre)
        honey = shop.product("น้ำผึ้ง", 10_000)
        shop.consign(honey, 5000)
        shop.open()
        receipt = shop.sell(RecordSaleLine(honey, 1000, 10_000))
    # Half past midnight in Bangkok; the receipt belongs to the Buddhist year 2571.
    assert receipt.business_date == date(2028, 2, 29)
    assert receipt.receipt_no == "T1-2571-00001"


def test_a_tablet_without_a_line_over_the_end_of_the_month(
    centre: Centre, accountant: Actor, manager: Actor
) -> None:
    midnight = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)  # in Bangkok November begins
    now = midnight - timedelta(hours=9)
    with clock.travel(lambda: now):
        shop = shop_in(centre)
        honey = shop.product("น้ำผึ้ง", 10_000)
        shop.consign(honey, 20_000)
        shop.open(100_000)
        sold = shop.sell(RecordSaleLine(honey, 2000, 10_000))

        # The line is down. A jar is sold for 100 baht in cash in October's last millisecond.
        now = midnight - timedelta(milliseconds=1)
        kept = shop.command(RecordSaleLine(honey, 1000, 10_000))
        # At midnight the drawer is counted: 100 baht more than the books know of.
        now = midnight
        assert shop.close((100_000, 1), (10_000, 3)).over_short_satang == 10_000
        october = {Purpose.CASH_OVER_SHORT: -10_000, Purpose.CASH_TILL: 130_000}
        assert balances(shop, *october) == {one.value: sum_ for one, sum_ in october.items()}

        # October is closed on the 9th. A day later the tablet is back on line.
        now = midnight + timedelta(days=9)
        in_transaction(lock_month, 202610, accountant, manager)
        receipt, _ = shop.record(kept)
        # It keeps October's date and counts in November: the 100 baht over are explained there,
        # the producer is owed, the drawer stays what was counted.
        [entry] = ledger.entry_of(shop.centre_id, "sale", receipt.id)
        assert (entry.business_date, entry.posting_date) == (date(2026, 10, 31), clock.today())
        assert balances(
            shop, Purpose.CASH_OVER_SHORT, Purpose.CASH_TILL, Purpose.CONSIGNMENT_PAYABLE
        ) == {"cash_over_short": 0, "cash_till": 130_000, "consignment_payable": -24_000}
        last = date(2026, 10, 31)
        for purpose, satang in october.items():
            assert ledger.balance(shop.centre_id, purpose, until=last) == satang

        # On the same day a customer brings back a jar of October: that is November's refund.
        shop.open(100_000)
        back = shop.refund(sold, (1, 1000))
        assert (back.late, back.business_date) == (False, clock.today())
        assert books_hold(shop)
