"""A day's figures on both databases: the sums of its documents, kept or living, and never old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, select, update

from core import clock
from core.actor import Centre
from core.db import db, in_transaction
from core.ids import uuid7
from pos.models import DayFigure, DayRoll, Payment, Refund, Sale, SaleLine
from pos.rules.day_figures import (
    DIMENSIONS,
    HOUR,
    PRODUCT,
    TENDER,
    TOTAL,
    Days,
    total,
)
from pos.services.day_figures import (
    checks,
    many,
    reading,
    rolling,
    standing,
)
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.shop import Shop, shop_in
from tests.trading import DAYS, PRICES, Moving, on, period, roll_all, stocked, trade
from worker.days import add_up_days


@pytest.fixture
def moving() -> Iterator[Moving]:
    moment = Moving()
    with clock.travel(lambda: moment.now):
        yield moment


@pytest.fixture
def shop(centre: Centre, moving: Moving) -> Shop:
    return shop_in(centre)


def by_hand(centre_id: int) -> tuple[int, int, int, int]:
    """Add the documents up in Python: sales, taken, given back, what reached producers."""
    sales = db.session.execute(
        select(Sale.due_satang, Sale.producer_satang).where(Sale.centre_id == centre_id)
    ).all()
    back = db.session.execute(
        select(Refund.paid_satang, Refund.producer_satang).where(Refund.centre_id == centre_id)
    ).all()
    return (
        len(sales),
        sum(due for due, _ in sales),
        sum(paid for paid, _ in back),
        sum(part for _, part in sales) - sum(part for _, part in back),
    )


def network_sees(shop: Shop) -> tuple[int, int]:
    """Sales and takings as a roll-up of the network reads them."""
    found = many.takings([shop.centre_id], Days(on(0), on(DAYS)))
    return sum(sales for *_, sales, _ in found), sum(satang for *_, satang in found)


@pytest.mark.parametrize("seed", range(3))
def test_kept_and_living_figures_are_the_sum_of_the_documents(
    shop: Shop, moving: Moving, seed: int
) -> None:
    """However the days are kept, every way of parting gives what the documents give by hand."""
    trade(shop, moving, seed)
    living = {one: period(shop).by_key(one) for one in DIMENSIONS}
    living_goods = period(shop).goods()
    sales, taken, back, producers = by_hand(shop.centre_id)
    for dimension, found in living.items():
        whole = total(found.values())
        assert (whole.taken_satang, whole.back_satang) == (taken, back), dimension
    assert total(living[TOTAL].values()).sales == sales
    assert total(living[TOTAL].values()).producer_satang == producers
    assert sum(one.taken_satang for one in living_goods.values()) == taken - back
    assert sum(one.producer_satang for one in living_goods.values()) == producers
    assert total(living[PRODUCT].values()).kept_satang == total(living[TOTAL].values()).kept_satang
    assert network_sees(shop) == (sales, taken - back)

    assert roll_all(shop) == DAYS
    assert network_sees(shop) == (sales, taken - back)
    assert rolling.due(shop.centre_id) == ()
    assert period(shop).standing.live == () and period(shop).waiting == ()
    assert {one: period(shop).by_key(one) for one in DIMENSIONS} == living
    assert period(shop).goods() == living_goods
    assert total(period(shop).by_day().values()) == total(living[TOTAL].values())
    assert all(finding.ok for finding in checks.checks(shop.centre_id))


def test_a_month_that_is_over_is_read_from_its_own_rows(shop: Shop, moving: Moving) -> None:
    """September is the first three days: its row stands for them, October's days for themselves."""
    trade(shop, moving, 7)
    living = {one: period(shop).by_key(one) for one in DIMENSIONS}
    roll_all(shop)
    found = reading.open_period(Days(date(2026, 9, 1), on(DAYS)), shop.actor)
    assert found.standing.months == (date(2026, 9, 1),)
    assert found.standing.kept == tuple(on(day) for day in range(3, DAYS))
    assert {one: found.by_key(one) for one in DIMENSIONS} == living
    # A month that is not asked for whole is read by its days.
    assert period(shop, 0, 2).standing.months == ()
    assert len(found.by_day()) == DAYS


def test_late_sales_and_refunds_make_their_day_old_until_it_is_added_up_again(
    shop: Shop, moving: Moving
) -> None:
    """The page reads such a day from its documents at once; the worker adds it up again."""
    things = stocked(shop)
    shop.open()
    moving.to(0, 3)
    line = RecordSaleLine(things[0], 1000, PRICES[0])
    sold = shop.sell(line)
    left_behind = replace(shop.command(line), id=uuid7())
    moving.to(0, 10)
    shop.close()
    moving.to(1)
    roll_all(shop)
    assert period(shop).whole().sales == 1
    shop.record(left_behind)
    assert period(shop).standing.live == (on(0),)
    assert period(shop).whole().sales == 2
    assert network_sees(shop) == (2, 2 * PRICES[0])
    assert rolling.due(shop.centre_id) == (on(0),)
    assert add_up_days() == 1
    assert period(shop).standing.live == () and period(shop).whole().sales == 2
    # A refund given today counts today and leaves the day of its sale alone.
    shop.open()
    shop.refund(sold, (1, 1000))
    assert network_sees(shop) == (2, PRICES[0])
    assert period(shop).by_day()[on(1)].back_satang == PRICES[0]
    assert rolling.due(shop.centre_id) == ()


def test_a_day_whose_shift_is_still_open_is_watched_until_it_is_counted(
    shop: Shop, moving: Moving
) -> None:
    things = stocked(shop)
    line = RecordSaleLine(things[0], 1000, PRICES[0])
    shop.open()
    shop.sell(line)
    moving.to(1)
    assert roll_all(shop) == 1
    assert period(shop).standing.kept == (on(0),)
    shop.sell(line)  # the shift of yesterday is still open: the day is the shift's
    assert period(shop).standing.live == (on(0),) and period(shop).whole().sales == 2
    assert roll_all(shop) == 1 and rolling.due(shop.centre_id) == ()
    shop.close()
    assert rolling.due(shop.centre_id) == (on(0),)
    roll_all(shop)
    assert rolling.due(shop.centre_id) == ()
    assert db.session.scalars(select(DayRoll.counted)).all() == [True]


def test_verify_names_a_kept_figure_that_is_not_its_documents(shop: Shop, moving: Moving) -> None:
    trade(shop, moving, 1)
    roll_all(shop)
    in_transaction(
        db.session.execute,
        update(DayFigure)
        .where(DayFigure.dimension == TENDER, DayFigure.day == on(2), DayFigure.span == "day")
        .values(taken_satang=DayFigure.taken_satang + 1),
    )
    [bad] = [one for one in checks.checks(shop.centre_id) if not one.ok]
    assert bad.actual == bad.expected + 1 and f"{on(2)} tender" in bad.detail


def test_too_many_days_for_a_page_are_said_to_be_missing(
    shop: Shop, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade(shop, moving, 2)
    monkeypatch.setattr(standing, "LIVE_SALES_MAX", 3)
    found = period(shop)
    assert found.waiting and set(found.waiting) | set(found.standing.live) == {
        on(day) for day in range(DAYS)
    }
    roll_all(shop)
    assert period(shop).waiting == ()


def test_hours_and_tenders_are_those_of_the_documents(shop: Shop, moving: Moving) -> None:
    things = stocked(shop)
    shop.open()
    moving.to(0, 3)  # 10.00 in Bangkok
    shop.sell(RecordSaleLine(things[0], 2000, PRICES[0]))
    moving.to(0, 18)  # past midnight there; the day is the shift's
    shop.sell(
        RecordSaleLine(things[0], 1000, PRICES[0]), pay=(RecordPayment("promptpay", PRICES[0]),)
    )
    found = period(shop)
    assert {key: one.taken_satang for key, one in found.by_key(HOUR).items()} == {
        "10": 2 * PRICES[0],
        "01": PRICES[0],
    }
    assert {key: one.taken_satang for key, one in found.by_key(TENDER).items()} == {
        "cash": 2 * PRICES[0],
        "promptpay": PRICES[0],
    }
    assert found.by_day() == {on(0): found.whole()}


def test_a_line_of_two_producers_is_shared_by_weight(shop: Shop, moving: Moving) -> None:
    """3 of the first producer, 1 of the second: three quarters and a quarter of the money."""
    things = stocked(shop)
    shop.open()
    shop.sell(RecordSaleLine(things[1], 4000, PRICES[1]))
    found = {who: one for (_p, who, _k), one in period(shop).goods().items()}
    assert found.pop(shop.producer_id).taken_satang == 3 * PRICES[1]
    assert [one.taken_satang for one in found.values()] == [PRICES[1]]


def test_no_statement_of_a_kept_period_reads_the_sales(shop: Shop, moving: Moving) -> None:
    """Kept rows are read by their key; of the sales only the few late ones, by their index."""
    trade(shop, moving, 4)
    roll_all(shop)
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    found = period(shop, 0, DAYS - 1)
    for dimension in DIMENSIONS:
        found.by_key(dimension)
    found.goods()
    many.takings([shop.centre_id], Days(on(0), on(DAYS - 1)))
    event.remove(db.engine, "before_cursor_execute", note)
    for table in (SaleLine, Payment):
        assert not any(table.__tablename__ in one for one in seen)
    of_sales = [one for one in seen if "FROM sale" in one]
    assert of_sales and all("late" in one for one in of_sales)
