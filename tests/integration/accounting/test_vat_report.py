"""VAT reports tie to the VAT accounts, with the values of thai.md §4, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.periods import Span
from accounting.services import ledger, vat_report
from accounting.services.vat_report import NotRegistered, registered_in
from core import clock
from core.actor import Actor, Centre, TaxSetting
from core.db import in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

NOW = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
MONTH = 202611
SINCE = date(2026, 11, 10)


def registered(basis: str) -> tuple[TaxSetting, ...]:
    return (TaxSetting(SINCE, "registered", basis),)


@pytest.fixture
def shop(centre: Centre) -> Iterator[Shop]:
    with clock.travel(lambda: NOW):
        shop = shop_in(centre).under(tax_settings=registered("commission"))
        shop.open()
        yield shop


def post(actor: Actor, *lines: NewLine, kind: str = "voucher") -> None:
    entry = NewEntry(kind, "opening", uuid7(), date(2026, 11, 15), clock.now(), lines, "ซื้อถุง")
    in_transaction(ledger.post, entry, actor)


def test_own_goods_bear_tax_on_the_price_and_exempt_goods_none(shop: Shop) -> None:
    soap, rice = shop.product("สบู่", 107_00, tax="standard"), shop.product("ข้าว", 35_00)
    shop.buy(soap, 10_000, 50_00)
    shop.buy(rice, 10_000, 20_00)
    sold = shop.sell(RecordSaleLine(soap, 2_000, 107_00), RecordSaleLine(rice, 1_000, 35_00))
    report = vat_report.of_month("sales", MONTH, shop.actor)
    [row] = report.rows
    assert (row.base_satang, row.vat_satang, row.number) == (200_00, 14_00, sold.receipt_no)
    shop.refund(sold, (1, 1_000))
    report = vat_report.of_month("sales", MONTH, shop.actor)
    assert [(row.base_satang, row.vat_satang) for row in report.rows] == [
        (200_00, 14_00),
        (-100_00, -7_00),
    ]
    assert (report.base_satang, report.vat_satang, report.account_satang) == (100_00, 7_00, 7_00)
    assert report.ties


@pytest.mark.parametrize(
    ("basis", "base", "vat"), [("commission", 20_00, 1_40), ("gross", 100_00, 7_00)]
)
def test_consigned_goods_bear_it_as_the_centre_chose(
    shop: Shop, basis: str, base: int, vat: int
) -> None:
    shop = shop.under(tax_settings=registered(basis))
    soap = shop.product("สบู่", 107_00, tax="standard")
    shop.consign(soap, 10_000)
    shop.sell(RecordSaleLine(soap, 1_000, 107_00))
    report = vat_report.of_month("sales", MONTH, shop.actor)
    assert report.ties
    assert report.vat_satang == vat
    assert abs(report.base_satang - base) <= 4  # worked out from a tax of a satang more or less


def test_purchases_and_what_was_handed_in_stand_apart(shop: Shop) -> None:
    post(
        shop.actor,
        NewLine(Purpose.PACKAGING_USED, debit=100_00),
        NewLine(Purpose.INPUT_VAT, debit=7_00),
        NewLine(Purpose.BANK, credit=107_00),
    )
    post(
        shop.actor,
        NewLine(Purpose.OUTPUT_VAT, debit=3_00),
        NewLine(Purpose.INPUT_VAT, credit=3_00),
    )
    purchases = vat_report.of_month("purchases", MONTH, shop.actor)
    assert (purchases.base_satang, purchases.vat_satang) == (100_00, 7_00)
    assert [row.moved for row in purchases.rows] == [False, True]
    assert (purchases.account_satang, purchases.ties) == (4_00, True)
    sales = vat_report.of_month("sales", MONTH, shop.actor)
    assert (sales.documents, sales.account_satang, sales.ties) == ((), -3_00, True)


def test_the_book_sums_by_day_to_the_same(shop: Shop) -> None:
    soap = shop.product("สบู่", 35_00, tax="standard")
    shop.buy(soap, 10_000, 10_00)
    for _ in range(3):
        shop.sell(RecordSaleLine(soap, 1_000, 35_00))
    by_document = vat_report.book("sales", MONTH, shop.actor)
    by_day = vat_report.book("sales", MONTH, shop.actor, by_document=False)
    assert (len(by_document.rows), len(by_day.rows)) == (4, 2)
    # 35 baht hold 2.29 of tax (thai.md §4.2).
    assert by_document.rows[-1].cells[3:] == by_day.rows[-1].cells[3:] == (3 * 32_71, 3 * 2_29)


def test_a_centre_not_registered_has_none(shop: Shop, cashier: Actor) -> None:
    plain = shop.under(tax_settings=())
    for side in ("sales", "purchases"):
        with pytest.raises(NotRegistered):
            vat_report.of_month(side, MONTH, plain.actor)
    with pytest.raises(NotRegistered):
        vat_report.of_month("sales", 202610, shop.actor)
    with pytest.raises(Forbidden):
        vat_report.of_month("sales", MONTH, cashier)


def test_a_month_counts_as_soon_as_a_day_of_it_is_registered(centre: Centre) -> None:
    centre = replace(centre, tax_settings=registered("gross"))
    assert registered_in(centre, Span(date(2026, 11, 1), date(2026, 11, 30)))
    assert not registered_in(centre, Span(date(2026, 11, 1), date(2026, 11, 9)))
    left = replace(
        centre, tax_settings=(*registered("gross"), TaxSetting(date(2026, 12, 5), "not_registered"))
    )
    assert registered_in(left, Span(date(2026, 12, 1), date(2026, 12, 31)))
    assert not registered_in(left, Span(date(2027, 1, 1), date(2027, 1, 31)))
