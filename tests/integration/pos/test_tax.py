"""VAT inside the books: not registered, registered, and both treatments of consigned goods."""

from __future__ import annotations

from datetime import date

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core.actor import Centre, TaxSetting
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in

LONG_AGO = date(2020, 1, 1)


def registered(centre: Centre, basis: str = "commission") -> Shop:
    shop = shop_in(centre)
    shop.open()
    return shop.under(tax_settings=(TaxSetting(LONG_AGO, "registered", basis),))


def books(shop: Shop, purpose: Purpose) -> int:
    return ledger.balance(shop.centre_id, purpose)


def test_an_unregistered_centre_has_no_tax(centre: Centre) -> None:
    shop = shop_in(centre)
    shop.open()
    water = shop.product("น้ำดื่ม", 10_700, tax="standard")
    shop.buy(water, 5000, 4000)
    assert shop.sell(RecordSaleLine(water, 1000, 10_700)).tax_satang == 0
    assert books(shop, Purpose.OUTPUT_VAT) == 0


def test_own_goods_at_107_hold_7_of_tax(centre: Centre) -> None:
    shop = registered(centre)
    water = shop.product("น้ำดื่ม", 10_700, tax="standard")
    shop.buy(water, 5000, 4000)
    receipt = shop.sell(RecordSaleLine(water, 1000, 10_700))
    assert (receipt.tax_satang, receipt.lines[0].tax_satang) == (700, 700)
    assert books(shop, Purpose.SALES) == -10_000
    assert books(shop, Purpose.OUTPUT_VAT) == -700


def test_exempt_goods_bear_none(centre: Centre) -> None:
    shop = registered(centre)
    rice = shop.product("ข้าว", 10_700)
    shop.buy(rice, 5000, 4000)
    assert shop.sell(RecordSaleLine(rice, 1000, 10_700)).tax_satang == 0


def test_agency_taxes_the_commission(centre: Centre) -> None:
    shop = registered(centre, "commission")
    soap = shop.product("สบู่", 10_000, tax="standard")
    shop.consign(soap, 5000)
    assert shop.sell(RecordSaleLine(soap, 1000, 10_000)).tax_satang == 0
    assert books(shop, Purpose.CONSIGNMENT_PAYABLE) == -8000
    assert books(shop, Purpose.OUTPUT_VAT) == -131
    assert books(shop, Purpose.COMMISSION) == -1869


def test_gross_taxes_the_price_and_shares_the_rest(centre: Centre) -> None:
    shop = registered(centre, "gross")
    soap = shop.product("สบู่", 10_000, tax="standard")
    shop.consign(soap, 5000)
    assert shop.sell(RecordSaleLine(soap, 1000, 10_000)).tax_satang == 654
    assert books(shop, Purpose.OUTPUT_VAT) == -654
    assert books(shop, Purpose.CONSIGNMENT_PAYABLE) == -7477
    assert books(shop, Purpose.COMMISSION) == -1869


@pytest.mark.parametrize("basis", ["commission", "gross"])
def test_a_refund_in_parts_takes_every_satang_of_tax_back(centre: Centre, basis: str) -> None:
    shop = registered(centre, basis)
    soap, water = (shop.product(name, 3333, tax="standard") for name in ("สบู่", "น้ำ"))
    shop.consign(soap, 9000)
    shop.buy(water, 9000, 1000)
    receipt = shop.sell(
        RecordSaleLine(soap, 3000, 3333),
        RecordSaleLine(water, 3000, 3333),
        discount_satang=777,
        discount_reason_id=shop.reason("centre"),
    )
    for line_no in (1, 2):
        for _ in range(3):
            shop.refund(receipt, (line_no, 1000))
    for purpose in (Purpose.OUTPUT_VAT, Purpose.SALES, Purpose.COMMISSION, Purpose.DISCOUNTS_GIVEN):
        assert books(shop, purpose) == 0, purpose


def test_the_tax_of_a_document_is_that_of_its_total(centre: Centre) -> None:
    """Three lines of 35.50 hold 2.32 each, their sum 106.50 holds 6.97."""
    shop = registered(centre)
    goods = [shop.product(f"ของ {n}", 3550, tax="standard") for n in range(3)]
    for one in goods:
        shop.buy(one, 5000, 1000)
    receipt = shop.sell(
        *(RecordSaleLine(one, 1000, 3550) for one in goods), pay=(RecordPayment("cash", 10_650),)
    )
    assert receipt.tax_satang == 697
    assert sum(line.tax_satang for line in receipt.lines) == 697
