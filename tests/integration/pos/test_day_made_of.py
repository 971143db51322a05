"""What is made of a day's figures: hints, sellers, what wants a look, and the paper of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock, jobs
from core.actor import Actor, Centre, system_actor
from core.db import in_transaction
from core.errors import NotFound
from core.ids import uuid7
from core.paging import Window
from inventory.services import supply
from members.services.access import Forbidden
from pos.rules.day_figures import (
    Days,
    Figures,
)
from pos.services import receipts
from pos.services.day_figures import (
    exceptions,
    goods,
    reading,
    report,
    settings,
)
from pos.services.day_figures.settings import DayChoices, SettingsChanged
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in
from tests.trading import PRICES, Moving, on, period, stocked
from worker.days import add_up_days


@pytest.fixture
def moving() -> Iterator[Moving]:
    moment = Moving()
    with clock.travel(lambda: moment.now):
        yield moment


@pytest.fixture
def shop(centre: Centre, moving: Moving) -> Shop:
    return shop_in(centre)


def test_hints_ask_for_what_will_be_gone(shop: Shop, moving: Moving) -> None:
    """7 sold in the 7 days it was here, 3 left: 3 days; 7 + 14 days need 21, so 18 more."""
    good = shop.product("น้ำผึ้ง", 5_000)
    shop.consign(good, 10_000)
    slow = shop.product("หม้อดิน", 5_000)
    shop.buy(slow, 10_000, 3_000)
    moving.to(6)
    shop.open()
    shop.sell(RecordSaleLine(good, 7000, 5_000))
    [hint] = goods.hints(shop.actor)
    assert hint.product.id == good and hint.producer is not None
    assert (hint.pace.days, hint.pace.cover_days, hint.pace.suggested_milli) == (7, 3, 18_000)
    in_transaction(settings.save, DayChoices(lead_days=2), shop.actor)
    assert goods.hints(shop.actor) == []
    assert supply.settings(shop.centre_id).lead_days == 2


def test_best_and_slow_sellers_and_what_was_sold_of_them(shop: Shop, moving: Moving) -> None:
    things = stocked(shop)
    shop.open()
    shop.sell(RecordSaleLine(things[2], 100_000, PRICES[2]), pay=(RecordPayment("cash", 10**7),))
    found = goods.sellers(period(shop), shop.actor)
    assert found[0].product.id == things[2] and found[0].sell_through == 1_111  # 100 of 900
    assert goods.slow(found)[-1].product.id == things[2]


def test_settings_saved_by_two_are_not_overwritten_unseen(shop: Shop) -> None:
    first = in_transaction(settings.save, DayChoices(report_hour=20), shop.actor)
    assert first.version == 1
    assert in_transaction(settings.save, first, shop.actor).version == 1
    with pytest.raises(SettingsChanged):
        in_transaction(settings.save, DayChoices(report_hour=5), shop.actor)


def test_what_wants_a_look_is_counted_and_listed(shop: Shop, moving: Moving) -> None:
    things = stocked(shop)
    line = RecordSaleLine(things[0], 1000, PRICES[0])
    shop.open()
    sold = [shop.sell(line) for _ in range(3)]
    shop.refund(sold[0], (1, 1000))
    two = shop.sell(replace(line, quantity_milli=2000))
    shop.refund(two, (1, 1000))  # some of it came back: no receipt was undone
    for _ in range(3):
        moving.now += timedelta(minutes=1)
        in_transaction(receipts.count_print, sold[1].id, shop.actor)
    left_behind = replace(shop.command(line), id=uuid7())
    moving.to(0, 2)
    shop.close()
    moving.to(1)
    shop.record(left_behind)
    days = Days(on(0), on(1))
    found = {one.kind: one.count for one in exceptions.counts(days, shop.actor)}
    assert found == {
        "flagged": 1,
        "overrides": 0,
        "voids": 1,
        "refunds": 2,
        "drawers": 1,
        "reprints": 2,
        "late": 1,
        "held": 0,
    }
    rows = []
    window = Window(limit=1)
    while True:
        page = exceptions.listing("reprints", days, shop.actor, window)
        rows += page.items
        if page.next is None:
            break
        window = Window(page.next, 1)
    assert [row.note for row in rows] == [2, 1]
    for kind in exceptions.KINDS:
        exceptions.listing(kind, days, shop.actor, Window())
    with pytest.raises(NotFound):
        exceptions.listing("refunds", days, shop.actor, Window(after="2026-01-01T00:00:00~x"))


def test_a_cashier_sees_takings_and_compares_nobody(shop: Shop, centre: Centre) -> None:
    cashier = Actor(centre, None, "cashier", frozenset({"cashier"}))
    days = Days(on(0), on(0))
    assert reading.open_period(days, cashier).whole() == Figures()
    with pytest.raises(Forbidden):
        exceptions.counts(days, cashier)
    with pytest.raises(Forbidden):
        in_transaction(report.ask, on(0), cashier)
    keeper = Actor(centre, None, "keeper", frozenset({"stock_keeper"}))
    with pytest.raises(Forbidden):
        reading.open_period(days, keeper)


def test_the_report_is_asked_for_once_a_day_when_it_is_due(shop: Shop, moving: Moving) -> None:
    things = stocked(shop)
    shop.open()
    shop.sell(RecordSaleLine(things[0], 1000, PRICES[0]))
    shop.close()
    system = system_actor(shop.actor.centre)

    def asked() -> list[str]:
        add_up_days()
        found = jobs.listing(shop.centre_id, Window()).items
        return [job.params["day"] for job in found if job.name == "day_report"]

    moving.to(0, 22)  # 05.00 of the next morning in Bangkok: before six
    assert asked() == []
    moving.to(0, 23)
    assert asked() == [on(0).isoformat()]
    assert asked() == [on(0).isoformat()]
    in_transaction(settings.save, DayChoices(report_on=False), system)
    moving.to(1, 23)
    assert asked() == [on(0).isoformat()]


def test_papers_of_days_the_worker_was_away_are_made_up_for_once(
    shop: Shop, moving: Moving
) -> None:
    """Three days of trade; the worker made the first one's paper and was away until the fourth."""
    [one, *_] = stocked(shop)
    for day in range(3):
        moving.to(day)
        shop.open()
        shop.sell(RecordSaleLine(one, 1000, PRICES[0]))
        shop.close()
        if day == 0:
            moving.to(1, 0)  # 07.00 of the next morning
            assert in_transaction(report.ask_if_due, shop.actor.centre) == 1
    moving.to(3, 0)
    assert in_transaction(report.ask_if_due, shop.actor.centre) == 2
    assert in_transaction(report.ask_if_due, shop.actor.centre) == 0
    found = jobs.listing(shop.centre_id, Window()).items
    days = {job.params["day"] for job in found if job.name == "day_report"}
    assert days == {on(day).isoformat() for day in range(3)}


def test_a_centre_that_begins_with_papers_gets_only_the_last_days(
    shop: Shop, moving: Moving
) -> None:
    [one, *_] = stocked(shop)
    for day in range(3):
        moving.to(day)
        shop.open()
        shop.sell(RecordSaleLine(one, 1000, PRICES[0]))
        shop.close()
    evening = DayChoices(report_hour=20, report_next_day=False)
    in_transaction(settings.save, evening, shop.actor)
    moving.to(2, 12)  # 19.00 in Bangkok: the paper of the day before is missing, today's not due
    assert in_transaction(report.ask_if_due, shop.actor.centre) == 1
    moving.to(2, 13)
    assert in_transaction(report.ask_if_due, shop.actor.centre) == 1
    assert in_transaction(report.ask_if_due, shop.actor.centre) == 0
