"""The report of a day at the till: every figure ties to documents and to the cash account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from accounting.models import Account, JournalEntry, JournalLine
from accounting.rules.chart import Purpose
from core import clock, jobs
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import NotFound
from core.ids import uuid7
from core.reports import RequestReport
from inventory.services import intake
from inventory.services.intake import RecordIntake, RecordIntakeLine
from members.services import members
from members.services.members import NewMember
from pos.services import reports, shift, shift_report
from pos.services.sale import RecordPayment, RecordSaleLine
from pos.services.shift import MoveCash, ShiftDoc
from pos.services.shift_report import ShiftReport, ShiftStillOpen
from tests.rendering import assert_numbers_visible, page_sizes_mm
from tests.shop import Shop, shop_in
from tests.tendering import scheme, topped_up
from worker import running
from worker.reports import shift_summary

MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 08.00 in Bangkok
FLOAT = 100_000
COUNT = ((100_000, 1), (2_000, 3), (25, 2))


class Day:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.now = MORNING

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def day() -> Iterator[Day]:
    moving = Day()
    with clock.travel(lambda: moving.now):
        yield moving


@pytest.fixture
def shop(centre: Centre, day: Day) -> Shop:
    """A shop with honey on consignment and bananas bought, its shift open."""
    shop = shop_in(centre)
    shop.open(FLOAT)
    return shop


@pytest.fixture
def closed(shop: Shop, day: Day) -> ShiftDoc:
    """A shift with a bit of everything, closed short."""
    honey, bananas = shop.product("น้ำผึ้ง", 12_000), shop.product("กล้วย", 3_500, by_weight=True)
    shop.consign(honey, 20_000)
    shop.buy(bananas, 30_000, 1_200)
    day.later(minutes=5)
    first = shop.sell(RecordSaleLine(honey, 2_000, 12_000))
    day.later(hours=2)
    shop.sell(
        RecordSaleLine(bananas, 1_500, 3_500),
        RecordSaleLine(honey, 1_000, 12_000, 500, shop.reason("centre")),
        pay=(RecordPayment("promptpay", 10_000), RecordPayment("cash", 10_000)),
    )
    shop.sell(
        RecordSaleLine(honey, 1_000, 12_000),
        pay=(RecordPayment("transfer", 11_000),),
        discount_satang=1_000,
        discount_reason_id=shop.reason("shared"),
    )
    day.later(minutes=30)
    shop.refund(first, (1, 1_000))
    move_cash(shop, "pay_in", 20_000, "เพิ่มเงินทอน")
    move_cash(shop, "pay_out", 4_550, "ค่าน้ำแข็ง")
    buy_in_cash(shop, bananas, 3_000, 1_200)
    day.later(hours=6)
    return shop.close(*COUNT)


def move_cash(shop: Shop, kind: str, satang: int, reason: str) -> None:
    assert shop.shift is not None
    command = MoveCash(uuid7(), shop.shift.id, kind, satang, reason)
    in_transaction(shift.move_cash, command, shop.actor)


def buy_in_cash(shop: Shop, product_id: UUID, milli: int, unit_cost: int) -> None:
    assert shop.shift is not None
    command = RecordIntake(
        id=uuid7(),
        producer_id=shop.producer_id,
        kind="outright",
        lines=(RecordIntakeLine(product_id, gross_milli=milli, unit_cost_satang=unit_cost),),
        paid="cash",
        shift_id=shop.shift.id,
    )
    in_transaction(intake.record, command, shop.actor)


def cash_lines(closed: ShiftDoc, *sources: str) -> int:
    """Sum the cash account's lines of the till, straight from the journal."""
    return (
        db.session.scalar(
            select(func.sum(JournalLine.debit) - func.sum(JournalLine.credit))
            .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
            .join(Account, Account.id == JournalLine.account_id)
            .where(
                Account.purpose == Purpose.CASH_TILL,
                JournalLine.till_id == closed.till_id,
                JournalEntry.source_type.in_(sources),
            )
        )
        or 0
    )


def test_every_figure_adds_up(shop: Shop, closed: ShiftDoc) -> None:
    report = shift_report.of(shop.centre_id, closed.id)
    assert report.sale_count == 3
    assert report.gross_satang == 24_000 + 5_250 + 12_000 + 12_000
    assert report.discount_satang == 1_500
    assert report.due_satang == 51_750
    assert [(one.method, one.taken_satang, one.returned_satang) for one in report.tenders] == [
        ("cash", 30_750, 12_000),
        ("promptpay", 10_000, 0),
        ("transfer", 11_000, 0),
    ]
    assert [(f"{hour.start:%H}", hour.sales, hour.satang) for hour in report.hours] == [
        ("08", 1, 24_000),
        ("09", 0, 0),
        ("10", 2, 27_750),
    ]
    assert {(one.bearer, one.satang) for one in report.discounts} == {
        ("centre", 500),
        ("shared", 1_000),
    }
    assert [(one.name_th, one.quantity_milli) for one in report.products] == [
        ("น้ำผึ้ง", 4_000),
        ("กล้วย", 1_500),
    ]
    assert [one.paid_satang for one in report.refunds] == [12_000]
    assert [(one.kind, one.amount_satang) for one in report.movements] == [
        ("pay_in", 20_000),
        ("pay_out", 4_550),
    ]
    assert report.counts == COUNT
    assert (report.first_receipt[-5:], report.last_receipt[-5:]) == ("00001", "00003")


def test_the_drawer_is_the_cash_account_of_the_till(shop: Shop, closed: ShiftDoc) -> None:
    drawer = shift_report.of(shop.centre_id, closed.id).drawer
    assert drawer.sales_satang == cash_lines(closed, "sale") == 30_750
    assert -drawer.refunds_satang == cash_lines(closed, "refund")
    assert drawer.paid_in_satang - drawer.paid_out_satang == cash_lines(closed, "cash_movement")
    assert -drawer.producers_satang == cash_lines(closed, "goods_receipt") == -3_600
    everything = ("shift", "sale", "refund", "cash_movement", "goods_receipt")
    assert cash_lines(closed, *everything) == drawer.counted_satang == 106_050
    assert drawer.expected_satang == drawer.books_satang == 130_600
    assert drawer.tied
    assert drawer.over_short_satang == -24_550


def test_the_next_shift_of_the_till_counts_only_its_own(
    shop: Shop, closed: ShiftDoc, day: Day
) -> None:
    day.later(minutes=1)
    shop.open(FLOAT)
    tea = shop.product("ชา", 2_000)
    shop.consign(tea, 5_000)
    day.later(minutes=1)
    shop.sell(RecordSaleLine(tea, 1_000, 2_000))
    day.later(minutes=1)
    second = shift_report.of(shop.centre_id, shop.close((100_000, 1), (2_000, 1)).id)
    assert (second.sale_count, second.due_satang) == (1, 2_000)
    assert second.drawer.tied
    assert second.drawer.over_short_satang == 0
    assert shift_report.of(shop.centre_id, closed.id).drawer.tied


def test_a_shift_without_sales_has_a_report(shop: Shop, day: Day) -> None:
    day.later(minutes=1)
    report = shift_report.of(shop.centre_id, shop.close((100_000, 1)).id)
    assert (report.sale_count, report.hours, report.tenders, report.products) == (0, (), (), ())
    assert report.drawer.tied
    assert drawn(report, shop.actor).startswith(b"%PDF-")


def test_an_open_shift_has_none_for_its_count_is_blind(shop: Shop) -> None:
    assert shop.shift is not None
    with pytest.raises(ShiftStillOpen):
        shift_report.of(shop.centre_id, shop.shift.id)
    with pytest.raises(ShiftStillOpen):
        ask(shop.actor, shop.shift)


def test_another_centre_does_not_see_it(shop: Shop, other_centre: Centre, closed: ShiftDoc) -> None:
    with pytest.raises(NotFound):
        shift_report.of(other_centre.id, closed.id)


def ask(actor: Actor, closed: ShiftDoc, locale: str = "th") -> UUID:
    command = RequestReport("shift_summary", {"shift_id": closed.id}, locale)
    return in_transaction(reports.request, command, actor)


def drawn(report: ShiftReport, actor: Actor) -> bytes:
    from worker.reports.document import draw

    return draw(shift_summary.TEMPLATE, actor, lambda: shift_summary.facts(report, actor))


def test_the_worker_makes_it_and_its_figures_can_be_read(
    app: Flask, shop: Shop, closed: ShiftDoc
) -> None:
    job_id = ask(shop.actor, closed)
    assert running.run(app, shop.centre_id, job_id)
    made = jobs.file(shop.centre_id, job_id)
    assert made is not None
    assert made.name == f"shift-{closed.shift_no}.pdf"
    assert [tuple(map(round, size)) for size in page_sizes_mm(made.content)] == [(210, 297)] * 2
    assert_numbers_visible(
        made.content,
        *("532.50", "15.00", "517.50", "307.50", "120.00", "200.00", "45.50", "36.00"),
        *("1,306.00", "1,060.50", "245.50", "100.00", "110.00", "240", "277"),
    )


def test_the_report_speaks_the_askers_language(app: Flask, shop: Shop, closed: ShiftDoc) -> None:
    in_english = replace(shop.actor, locale="en")
    report = shift_report.of(shop.centre_id, closed.id)
    with app.test_request_context():
        thai = shift_summary.facts(report, shop.actor)
    assert not thai["english"]
    assert shift_summary.facts(report, in_english)["english"]
    assert len(drawn(report, in_english)) > 10_000


def test_what_came_late_stands_apart_with_its_tie(shop: Shop, day: Day) -> None:
    honey = shop.product("น้ำผึ้ง", 12_345)
    shop.consign(honey, 20_000)
    kept = shop.command(
        RecordSaleLine(honey, 2_000, 12_345),
        pay=(RecordPayment("promptpay", 4_690), RecordPayment("cash", 20_000)),
    )
    day.later(hours=8)
    closed = shop.close((100_000, 1), (10_000, 3))
    before = draw_report(shop, closed)
    shop.record(kept)
    after = draw_report(shop, closed)
    # 300 were over; 200 of them are the late sale's cash, its 46.90 came by PromptPay.
    assert_numbers_visible(after, "300.00", "200.00", "46.90", "100.00")
    with pytest.raises(AssertionError):
        assert_numbers_visible(before, "46.90")


def draw_report(shop: Shop, closed: ShiftDoc) -> bytes:
    params = {"shift_id": str(closed.id)}
    return shift_summary.build(params, shop.actor, lambda *_step: None).content


def test_what_was_paid_without_money_has_its_words(app: Flask, shop: Shop, day: Day) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    shop.buy(honey, 20_000, 6_000)
    malee = in_transaction(members.create, NewMember(first_name="มาลี"), shop.actor).id
    topped_up(shop, malee, 30_000)
    card = scheme(shop)
    line = RecordSaleLine(honey, 1_000, 12_000)
    bought = shop.sell(line, pay=(RecordPayment("purse", 12_000),), member_id=malee)
    shop.sell(line, pay=(RecordPayment("scheme", 12_000, "S1", card),))
    shop.refund(bought, (1, 1_000))
    closed = shop.close(*COUNT)
    report = shift_report.of(shop.centre_id, closed.id)
    with app.app_context(), force_locale("en"):
        told = shift_summary.facts(report, shop.actor)
    assert {one.method for one in report.tenders} == {"purse", "scheme"}
    assert all(told["methods"][one.method] != one.method for one in report.tenders)
