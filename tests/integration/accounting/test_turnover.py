"""Turnover and what the close hears of tax, from real sales, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import book_settings, ledger, tax_matters, turnover
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

MONTH = 202611
NOW = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)


@pytest.fixture
def shop(centre: Centre) -> Iterator[Shop]:
    """100 of own goods with 10 off, 100 consigned at 80:20, of which a half came back."""
    with clock.travel(lambda: NOW):
        shop = shop_in(centre)
        bananas, honey = shop.product("กล้วย", 100_00), shop.product("น้ำผึ้ง", 50_00)
        shop.buy(bananas, 10_000, 60_00)
        shop.consign(honey, 10_000)
        shop.open()
        shop.sell(RecordSaleLine(bananas, 1_000, 100_00, 10_00, shop.reason("centre")))
        sold = shop.sell(RecordSaleLine(honey, 2_000, 50_00))
        shop.refund(sold, (1, 1_000))
        yield shop


def sell(actor: Actor, day: date, satang: int, purpose: Purpose = Purpose.SALES) -> None:
    lines = [NewLine(Purpose.BANK, debit=satang), NewLine(purpose, credit=satang)]
    entry = NewEntry("sale", "opening", uuid7(), day, clock.now(), lines)
    in_transaction(ledger.post, entry, actor)


def test_own_turnover_is_sales_less_discounts_and_commission(shop: Shop) -> None:
    found = turnover.of(MONTH, shop.actor)
    assert found.own_satang == 90_00 + 10_00
    assert found.gross_satang == 90_00 + 50_00
    assert [one.period_id for one in found.months][:: len(found.months) - 1] == [202512, MONTH]


def test_only_the_last_twelve_months_count_and_only_sales(shop: Shop) -> None:
    sell(shop.actor, date(2025, 11, 30), 7_000_00)
    sell(shop.actor, date(2025, 12, 1), 500_00)
    sell(shop.actor, date(2026, 3, 1), 800_00, Purpose.OTHER_INCOME)
    sell(shop.actor, date(2026, 12, 1), 9_000_00)
    found = turnover.of(MONTH, shop.actor)
    assert found.own_satang == 100_00 + 500_00
    assert turnover.own_of(shop.centre_id, MONTH) == found.own_satang
    assert found.months[0].own_satang == 500_00


def limit(actor: Actor, satang: int) -> None:
    settings = replace(book_settings.of(actor.centre_id), turnover_limit_satang=satang)
    in_transaction(book_settings.change, settings, actor)


@pytest.mark.parametrize(
    ("satang", "heard"), [(143_00, 0), (142_00, 70), (111_00, 90), (100_00, 1)]
)
def test_the_close_hears_of_it_from_70_per_cent_on(shop: Shop, satang: int, heard: int) -> None:
    limit(shop.actor, satang)
    found = [one for one in tax_matters.matters(shop.centre_id, MONTH) if one.step == "turnover"]
    assert len(found) == (1 if heard else 0)
    for one in found:
        assert not one.stops and one.satang == 100_00
        assert ("register for VAT" in one.title) == (heard == 1)
        assert str(heard) in one.title or heard == 1


def test_a_quiet_month_has_nothing_to_say(shop: Shop) -> None:
    assert list(tax_matters.matters(shop.centre_id, MONTH)) == []


def test_the_close_hears_of_money_entered_late_and_tax_to_hand_in(shop: Shop) -> None:
    sell(shop.actor, date(2026, 11, 2), 10_00, Purpose.OUTPUT_VAT)
    sell(shop.actor, date(2026, 10, 2), 3_00, Purpose.WITHHOLDING_PAYABLE)
    found = {one.title.split()[0]: one for one in tax_matters.matters(shop.centre_id, MONTH)}
    assert {one.step for one in found.values()} == {"cash_report", "tax"}
    assert found["Money"].count == 1
    assert found["VAT"].satang == 10_00
    assert found["Tax"].satang == 3_00
    assert not any(one.stops for one in found.values())


def test_a_cashier_may_not_read_it(shop: Shop, cashier: Actor) -> None:
    with pytest.raises(Forbidden):
        turnover.of(MONTH, cashier)
