"""Outright buying: what was ordered, what came, what went back, what is paid and signed for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.periods import PeriodClosed, period_of
from accounting.services import book_settings, ledger
from core import clock
from core.actor import Actor, Centre, TaxSetting
from core.db import in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from inventory.rules.buying import (
    InvoiceTooOld,
    MoreThanOpen,
    TaxFarOff,
    last_claim_day,
    oldest_first,
)
from inventory.rules.payouts import MoreThanOwed, PaidLine, WithheldTooMuch
from inventory.services import aged_payables, intake, receipts
from inventory.services.buying import due, orders, receiving, supplier_returns, suppliers, vouchers
from inventory.services.buying.orders import EndOrder, OrderDoc, OrderLine, SaveOrder
from inventory.services.buying.receiving import ReceiveGoods, ReceiveLine
from inventory.services.buying.supplier_returns import ReturnGoods, ReturnLine
from inventory.services.buying.suppliers import SaveSupplier
from inventory.services.buying.vouchers import MakeVoucher
from inventory.services.cancellation import CancelIntake, IntakeTouched
from inventory.services.catalogue import units as selling_units
from inventory.services.catalogue.units import SaveUnit, UnitFacts
from inventory.services.payables import AlreadyPaid
from inventory.services.receipts import GoodsReceiptDoc
from inventory.services.stock import OutOfStock
from pos.services import verify
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.closing import lock_month
from tests.paying import due as dues_of
from tests.paying import pay
from tests.shop import Shop, shop_in

TAX_ID = "0105536000011"


@pytest.fixture
def shop(centre: Centre) -> Shop:
    """An open shop whose producer is a company that gives 30 days."""
    shop = shop_in(centre)
    shop.open()
    known(shop, terms_days=30)
    return shop


@pytest.fixture(autouse=True)
def books_hold(centre: Centre) -> Iterator[None]:
    """After each test every check of the books holds."""
    yield
    failed = [finding for finding in verify.run(centre.id) if not finding.ok]
    assert not failed, failed


def known(shop: Shop, **said: Any) -> None:
    version = suppliers.of(shop.centre_id, shop.producer_id).version
    in_transaction(suppliers.save, SaveSupplier(shop.producer_id, version, **said), shop.actor)


def registered(shop: Shop) -> Shop:
    """The same shop, registered for VAT; so is its supplier."""
    known(shop, terms_days=30, tax_id=TAX_ID, vat_registered=True)
    setting = TaxSetting(date(2020, 1, 1), vat_mode="registered")
    centre = replace(shop.actor.centre, tax_settings=(setting,))
    return replace(shop, actor=replace(shop.actor, centre=centre))


def ordered(shop: Shop, *lines: OrderLine, **said: Any) -> OrderDoc:
    command = SaveOrder(uuid7(), shop.producer_id, lines, **said)
    order = in_transaction(orders.save, command, shop.actor)
    return in_transaction(orders.send, order.id, shop.actor)


def receive(shop: Shop, *lines: ReceiveLine, **said: Any) -> GoodsReceiptDoc:
    command = ReceiveGoods(said.pop("id", None) or uuid7(), shop.producer_id, lines, **said)
    return in_transaction(receiving.receive, command, shop.actor)


def give_back(shop: Shop, receipt: GoodsReceiptDoc, milli: int, **said: Any) -> Any:
    line = ReturnLine(receipt.lines[0].lot_id, milli)
    command = ReturnGoods(uuid7(), receipt.id, (line,), "ถุงขาด", **said)
    return in_transaction(supplier_returns.record, command, shop.actor)


def state(shop: Shop, order: OrderDoc) -> str:
    return orders.get(order.id, shop.actor).state


def owed(shop: Shop) -> int:
    return -ledger.balance(shop.centre_id, Purpose.PAYABLE_OUTRIGHT, producer_id=shop.producer_id)


# --- orders ----------------------------------------------------------------------------------


def test_an_order_is_received_in_two_deliveries_and_paid_when_due(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    order = ordered(shop, OrderLine(rice, 10_000, 30_00))
    first = receive(shop, ReceiveLine(rice, 6_000, 30_00, order_line_no=1), order_id=order.id)
    assert state(shop, order) == "partly"
    assert first.due_on == clock.today() + timedelta(days=30)
    receive(shop, ReceiveLine(rice, 4_000, 30_00, order_line_no=1), order_id=order.id)
    assert state(shop, order) == "received"
    assert owed(shop) == 300_00
    assert due.listing(shop.actor, Window()).ageing.not_due_satang == 300_00


def test_a_short_delivery_may_close_the_order(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    order = ordered(shop, OrderLine(rice, 10_000, 30_00))
    line = ReceiveLine(rice, 6_000, 30_00, order_line_no=1)
    receive(shop, line, order_id=order.id, rest_dropped=True, note="หมดสต็อก")
    assert state(shop, order) == "closed"
    with pytest.raises(orders.OrderEnded):
        receive(shop, line, order_id=order.id)


def test_what_differs_from_the_order_is_decided_by_a_person(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    order = ordered(shop, OrderLine(rice, 10_000, 30_00))
    over = ReceiveLine(rice, 12_000, 30_00, order_line_no=1)
    dear = ReceiveLine(rice, 10_000, 31_00, order_line_no=1)
    with pytest.raises(receiving.OverDelivered):
        receive(shop, over, order_id=order.id)
    with pytest.raises(receiving.OtherPrice):
        receive(shop, dear, order_id=order.id)
    with pytest.raises(receiving.NotOnOrder):
        receive(shop, replace(dear, order_line_no=None), order_id=order.id)
    both = replace(over, unit_price_satang=31_00, accept_over=True, accept_price=True)
    assert receive(shop, both, order_id=order.id).cost_satang == 372_00
    assert state(shop, order) == "received"


def test_what_was_ordered_in_sacks_may_come_in_kilograms(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00, by_weight=True)
    sack = SaveUnit(uuid7(), rice, UnitFacts("กระสอบ", 50_000, 2_000_00))
    in_transaction(selling_units.save, sack, shop.actor)
    order = ordered(shop, OrderLine(rice, 2_000, 1_500_00, sack.id))
    loose = ReceiveLine(rice, 60_000, 30_00, order_line_no=1)
    receive(shop, loose, order_id=order.id)
    assert state(shop, order) == "partly"
    with pytest.raises(receiving.OverDelivered):
        receive(shop, replace(loose, quantity_milli=40_001), order_id=order.id)
    with pytest.raises(receiving.OtherPrice):
        receive(
            shop, replace(loose, quantity_milli=40_000, unit_price_satang=30_01), order_id=order.id
        )
    receive(shop, replace(loose, quantity_milli=40_000), order_id=order.id)
    assert state(shop, order) == "received"
    assert owed(shop) == 3_000_00


def test_a_closed_month_takes_no_delivery_and_no_return(
    shop: Shop, accountant: Actor, auditor: Actor
) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    line = ReceiveLine(rice, 10_000, 30_00)
    came = receive(shop, line)
    in_transaction(lock_month, period_of(clock.today()), accountant, auditor)
    with pytest.raises(PeriodClosed):
        receive(shop, line)
    with pytest.raises(PeriodClosed):
        give_back(shop, came, 1_000)
    assert owed(shop) == 300_00


def test_an_intake_taken_back_is_expected_again(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    order = ordered(shop, OrderLine(rice, 10_000, 30_00))
    line = ReceiveLine(rice, 10_000, 30_00, order_line_no=1)
    came = receive(shop, line, order_id=order.id)
    in_transaction(intake.cancel, CancelIntake(came.id, "ผิดร้าน"), shop.actor)
    assert state(shop, order) == "sent"
    assert owed(shop) == 0


def test_an_order_ends_once(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    order = ordered(shop, OrderLine(rice, 10_000, 30_00))
    in_transaction(orders.cancel, EndOrder(order.id, "สั่งผิด"), shop.actor)
    for end in (orders.cancel, orders.close):
        with pytest.raises(orders.OrderEnded):
            in_transaction(end, EndOrder(order.id, "อีกครั้ง"), shop.actor)
    with pytest.raises(orders.OrderEnded):
        receive(shop, ReceiveLine(rice, 1_000, 30_00, order_line_no=1), order_id=order.id)


def test_a_draft_changes_and_what_was_sent_does_not(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    draft = SaveOrder(uuid7(), shop.producer_id, (OrderLine(rice, 1_000, 30_00),))
    made = in_transaction(orders.save, draft, shop.actor)
    assert in_transaction(orders.save, draft, shop.actor) == made
    changed = replace(draft, version=made.version, lines=(OrderLine(rice, 2_000, 29_00),))
    assert in_transaction(orders.save, changed, shop.actor).amount_satang == 58_00
    with pytest.raises(orders.OrderNotSent):
        receive(shop, ReceiveLine(rice, 1_000, 29_00, order_line_no=1), order_id=made.id)
    sent = in_transaction(orders.send, made.id, shop.actor)
    with pytest.raises(orders.NotADraft):
        in_transaction(orders.save, replace(changed, version=sent.version), shop.actor)


def test_whoever_changed_a_large_order_last_does_not_send_it(
    shop: Shop, manager: Actor, stock_keeper: Actor
) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    small = SaveOrder(uuid7(), shop.producer_id, (OrderLine(rice, 1_000, 30_00),))
    made = in_transaction(orders.save, small, manager)
    limit = book_settings.of(shop.centre_id).approval_limit_satang
    large = replace(small, version=made.version, lines=(OrderLine(rice, 1_000, limit + 1),))
    in_transaction(orders.save, large, stock_keeper)
    with pytest.raises(orders.SecondPersonSends):
        in_transaction(orders.send, made.id, stock_keeper)
    assert in_transaction(orders.send, made.id, manager).state == "sent"


def test_the_same_delivery_twice_comes_once(shop: Shop) -> None:
    rice, same = shop.product("ข้าวสาร", 50_00), uuid7()
    line = ReceiveLine(rice, 1_000, 30_00)
    assert receive(shop, line, id=same) == receive(shop, line, id=same)
    with pytest.raises(intake.IntakeDiffers):
        receive(shop, replace(line, quantity_milli=2_000), id=same)
    assert owed(shop) == 30_00


def test_a_cashier_buys_nothing(shop: Shop, cashier: Actor) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    with pytest.raises(Forbidden):
        receive(replace(shop, actor=cashier), ReceiveLine(rice, 1_000, 30_00))


# --- VAT -------------------------------------------------------------------------------------


def test_a_tax_invoice_parts_the_price_into_cost_and_input_vat(shop: Shop) -> None:
    shop = registered(shop)
    soap = shop.product("สบู่", 20_00, tax="standard")
    paper = {"tax_invoice": True, "invoice_no": "IV69/001", "invoice_on": clock.today()}
    came = receive(shop, ReceiveLine(soap, 10_000, 10_70), prices="included", **paper)
    assert (came.cost_satang, came.tax_satang, came.owed_satang) == (100_00, 7_00, 107_00)
    added = receive(
        shop, ReceiveLine(soap, 10_000, 10_00), prices="added", tax_satang=7_01, **paper
    )
    assert (added.cost_satang, added.tax_satang) == (100_00, 7_01)
    assert ledger.balance(shop.centre_id, Purpose.INPUT_VAT) == 14_01
    assert owed(shop) == 214_01
    back = give_back(shop, came, 3_000)
    assert (back.cost_satang, back.tax_satang) == (30_00, 2_10)
    assert ledger.balance(shop.centre_id, Purpose.INPUT_VAT) == 11_91


def test_without_a_tax_invoice_or_registration_the_vat_is_a_cost(shop: Shop) -> None:
    known(shop, terms_days=30, tax_id=TAX_ID, vat_registered=True)
    soap = shop.product("สบู่", 20_00, tax="standard")
    came = receive(shop, ReceiveLine(soap, 10_000, 10_00), prices="added")
    assert (came.cost_satang, came.tax_satang) == (107_00, 0)


def test_a_paper_that_cannot_be_claimed_is_refused_with_what_to_do(shop: Shop) -> None:
    shop = registered(shop)
    soap = shop.product("สบู่", 20_00, tax="standard")
    line = ReceiveLine(soap, 10_000, 10_70)
    old = clock.today() - timedelta(days=230)
    with pytest.raises(receiving.InvoiceNeeded):
        receive(shop, line, prices="included", tax_invoice=True)
    with pytest.raises(InvoiceTooOld) as refused:
        receive(shop, line, prices="included", tax_invoice=True, invoice_no="1", invoice_on=old)
    assert refused.value.facts["until"] == last_claim_day(old)  # a date: shown as people read it
    with pytest.raises(TaxFarOff):
        receive(shop, line, prices="included", tax_satang=20_00)
    known(shop, terms_days=30)
    with pytest.raises(orders.PricesWithoutTax):
        receive(shop, line, prices="included")


# --- going back ------------------------------------------------------------------------------


def test_a_return_is_a_credit_for_the_next_payment(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    came = receive(shop, ReceiveLine(rice, 10_000, 30_00))
    give_back(shop, came, 1_000, note_no="CN-7")
    assert owed(shop) == 270_00
    with pytest.raises(MoreThanOpen):
        oldest_first(dues_of(shop), 270_01)
    voucher = pay(shop, oldest_first(dues_of(shop), 100_00))
    assert voucher.amount_satang == 100_00
    assert [(one.kind, one.amount_satang) for one in voucher.lines] == [
        ("outright", 130_00),
        ("credit", -30_00),
    ]
    assert owed(shop) == 170_00
    ages = aged_payables.everybody(shop.actor, clock.today())
    assert sum(one.ages.total_satang for one in ages) == 170_00
    with pytest.raises(MoreThanOwed):
        pay(shop, [PaidLine("outright", came.id, 170_01)])
    pay(shop, oldest_first(dues_of(shop), 170_00))
    assert due.everything(shop.centre_id) == []


def test_what_is_left_goes_back_after_part_was_paid_and_part_sold(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    came = receive(shop, ReceiveLine(rice, 10_000, 30_00))
    pay(shop, [PaidLine("outright", came.id, 250_00)])
    shop.sell(RecordSaleLine(rice, 4_000, 50_00), pay=(RecordPayment("cash", 200_00),))
    with pytest.raises(OutOfStock):
        give_back(shop, came, 7_000)
    give_back(shop, came, 6_000)
    # 300 bought, 250 paid, 180 sent back: the supplier has 130 of ours until the next delivery.
    assert owed(shop) == -130_00
    assert due.listing(shop.actor, Window()).ageing.total_satang == -130_00
    receive(shop, ReceiveLine(rice, 10_000, 30_00))
    with pytest.raises(MoreThanOpen):
        oldest_first(dues_of(shop), 170_01)
    pay(shop, oldest_first(dues_of(shop), 170_00))
    assert (owed(shop), due.everything(shop.centre_id)) == (0, [])


def test_a_credit_can_take_all_of_a_purchase(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    came = receive(shop, ReceiveLine(rice, 2_000, 30_00))
    give_back(shop, came, 2_000)
    lines = oldest_first(dues_of(shop), 0)
    voucher = pay(shop, lines, method="offset", paid_from="nothing")
    assert voucher.amount_satang == 0
    assert due.everything(shop.centre_id) == []


def test_money_for_goods_sent_back_comes_into_the_drawer(shop: Shop) -> None:
    assert shop.shift is not None
    rice = shop.product("ข้าวสาร", 50_00)
    line = ReceiveLine(rice, 10_000, 30_00)
    came = receive(shop, line, paid="cash", shift_id=shop.shift.id)
    give_back(shop, came, 1_000, settled="till", shift_id=shop.shift.id)
    assert ledger.balance(shop.centre_id, Purpose.CASH_TILL) == 1_000_00 - 300_00 + 30_00
    assert owed(shop) == 0


def test_no_more_goes_back_than_lies_there_and_then_the_intake_stays(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    came = receive(shop, ReceiveLine(rice, 2_000, 30_00))
    with pytest.raises(OutOfStock):
        give_back(shop, came, 3_000)
    give_back(shop, came, 1_000)
    with pytest.raises(OutOfStock):
        give_back(shop, came, 2_000)
    with pytest.raises(IntakeTouched):
        in_transaction(intake.cancel, CancelIntake(came.id, "คืน"), shop.actor)


# --- paying and signing ----------------------------------------------------------------------


def test_tax_held_back_is_owed_to_the_revenue_department(shop: Shop) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    came = receive(shop, ReceiveLine(rice, 10_000, 100_00))
    line = PaidLine("outright", came.id, 1_000_00)
    with pytest.raises(WithheldTooMuch):
        pay(shop, [line], withheld_satang=150_01)
    voucher = pay(shop, [line], withheld_satang=7_50, withheld_basis_points=75)
    assert (voucher.amount_satang, voucher.withheld_satang) == (992_50, 7_50)
    assert -ledger.balance(shop.centre_id, Purpose.WITHHOLDING_PAYABLE) == 7_50
    assert owed(shop) == 0
    with pytest.raises(AlreadyPaid):
        in_transaction(intake.cancel, CancelIntake(came.id, "ผิด"), shop.actor)


def test_a_seller_without_receipts_signs_one_voucher_for_one_payment(
    shop: Shop, accountant: Actor
) -> None:
    rice = shop.product("ข้าวสาร", 50_00)
    came = receive(shop, ReceiveLine(rice, 10_000, 30_00))
    with pytest.raises(vouchers.NoMoneyHandedOver):
        vouchers.draft("goods_receipt", came.id, accountant)
    paid = pay(shop, [PaidLine("outright", came.id, 100_00)])
    command = MakeVoucher(uuid7(), "payout", paid.id, "12 หมู่ 3", "1101700230708")
    with pytest.raises(vouchers.PayeeUnknown):
        in_transaction(vouchers.make, replace(command, national_id=""), accountant)
    made = in_transaction(vouchers.make, command, accountant)
    told = (made.voucher_no[-5:], made.amount_satang, made.masked_id)
    assert told == ("00001", 100_00, "1-1017-XXXXX-70-8")
    assert in_transaction(vouchers.make, replace(command, id=uuid7()), accountant).id == made.id
    prints = [in_transaction(vouchers.print_once, made.id, accountant) for _ in range(2)]
    assert [one.print_no for one in prints] == [1, 2]
    assert prints[0].national_id == "1101700230708"
    assert receipts.get(came.id, shop.actor).owed_satang == 300_00
