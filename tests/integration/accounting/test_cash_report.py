"""The daily cash report from a shop's real documents, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from accounting.rules.cash_report import CashSums
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.periods import Span
from accounting.services import cash_report, cash_report_book, ledger
from accounting.services.cash_report import CashDocument
from core import clock
from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden
from core.ids import uuid7
from core.paging import Window
from members.services import members
from members.services.members import NewMember
from pos.services import shift
from pos.services.sale import RecordPayment, RecordSaleLine
from pos.services.shift import MoveCash
from tests.shop import Shop, shop_in

THURSDAY = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)  # 09.00 in Bangkok
DAY = date(2026, 11, 19)
MONTH = 202611


class Time:
    now = THURSDAY


@pytest.fixture
def time() -> Iterator[Time]:
    moving = Time()
    with clock.travel(lambda: moving.now):
        yield moving


@pytest.fixture
def shop(centre: Centre, time: Time) -> Shop:
    """Money in the safe since October; a sale of own and of consigned goods, ice bought."""
    shop = shop_in(centre)
    put(shop.actor, date(2026, 10, 1), (Purpose.CASH_SAFE, 5_000_00), (Purpose.BROUGHT_FORWARD,))
    bananas, honey = shop.product("กล้วย", 100_00), shop.product("น้ำผึ้ง", 100_00)
    shop.buy(bananas, 10_000, 60_00)
    shop.consign(honey, 10_000)
    shop.open(1_000_00)
    shop.sell(RecordSaleLine(bananas, 1_000, 100_00), RecordSaleLine(honey, 1_000, 100_00))
    shop.sell(RecordSaleLine(bananas, 2_000, 100_00), pay=(RecordPayment("promptpay", 200_00),))
    assert shop.shift is not None
    ice = MoveCash(uuid7(), shop.shift.id, "pay_out", 45_50, "ค่าน้ำแข็ง")
    in_transaction(shift.move_cash, ice, shop.actor)
    return shop


def put(
    actor: Actor,
    day: date,
    money: tuple[Purpose, int],
    other: tuple[Purpose, ...],
    kind: str = "opening",
) -> None:
    """Post an entry of money against another account, dated `day`, entered now."""
    purpose, satang = money
    lines = [
        NewLine(purpose, debit=max(satang, 0), credit=max(-satang, 0)),
        NewLine(other[0], debit=max(-satang, 0), credit=max(satang, 0)),
    ]
    in_transaction(ledger.post, NewEntry(kind, "opening", uuid7(), day, clock.now(), lines), actor)


def test_a_day_stands_in_its_columns_and_explains_its_money(shop: Shop) -> None:
    report = cash_report.of_month(MONTH, shop.actor)
    [day] = report.days
    lines = {line.kind: line for line in day.lines}
    assert set(lines) == {"sale", "pay_out"}  # the float and the goods on credit move nothing
    assert lines["sale"].count == 2
    assert lines["sale"].sums == CashSums(receipts=320_00, other_in=80_00)
    assert lines["pay_out"].sums == CashSums(expenses=45_50)
    assert (report.opening_satang, report.closing_satang) == (5_000_00, 5_354_50)
    assert report.explained
    assert report.sums.result == 274_50


def test_the_full_price_moves_the_producers_part_among_receipts(shop: Shop) -> None:
    report = cash_report.of_month(MONTH, shop.actor, gross=True)
    assert report.sums == CashSums(receipts=400_00, expenses=45_50)
    assert report.explained


def test_money_passing_between_our_own_accounts_is_nothing(shop: Shop) -> None:
    before = cash_report.of_month(MONTH, shop.actor).sums
    put(shop.actor, DAY, (Purpose.BANK, 300_00), (Purpose.CASH_SAFE,), kind="banked")
    put(shop.actor, DAY, (Purpose.BANK, 200_00), (Purpose.TRANSFERS_AWAITING,), kind="banked")
    report = cash_report.of_month(MONTH, shop.actor)
    assert report.sums == before
    assert report.explained


def test_a_sale_on_credit_counts_when_it_is_paid(shop: Shop, time: Time) -> None:
    def credit(day: date, debit: Purpose, against: Purpose) -> None:
        lines = [
            NewLine(debit, debit=500_00, member_id=member(debit)),
            NewLine(against, credit=500_00, member_id=member(against)),
        ]
        entry = NewEntry("voucher", "opening", uuid7(), day, clock.now(), lines)
        in_transaction(ledger.post, entry, shop.actor)

    new = NewMember(first_name="ทองมี")
    member_id = in_transaction(members.create, new, shop.actor).id

    def member(purpose: Purpose) -> UUID | None:
        return member_id if purpose == Purpose.MEMBER_RECEIVABLE else None

    credit(date(2026, 10, 5), Purpose.MEMBER_RECEIVABLE, Purpose.SALES)
    assert cash_report.of_month(202610, shop.actor).sums.receipts == 0
    credit(DAY, Purpose.CASH_SAFE, Purpose.MEMBER_RECEIVABLE)
    report = cash_report.of_month(MONTH, shop.actor)
    assert report.sums.receipts == 320_00 + 500_00
    assert report.explained


def test_the_lamp_turns_red_after_three_working_days(shop: Shop, time: Time) -> None:
    assert cash_report.of_month(MONTH, shop.actor).late == 0
    time.now = THURSDAY + timedelta(days=5, hours=14, minutes=59)  # Tuesday 23.59
    put(shop.actor, DAY, (Purpose.CASH_SAFE, -10_00), (Purpose.UTILITIES,), kind="voucher")
    assert cash_report.of_month(MONTH, shop.actor).late == 0
    time.now += timedelta(minutes=1)  # Wednesday 00.00
    put(shop.actor, DAY, (Purpose.CASH_SAFE, -20_00), (Purpose.UTILITIES,), kind="voucher")
    report = cash_report.of_month(MONTH, shop.actor)
    assert report.late == report.days[0].late == 1
    assert cash_report.late_entries(shop.centre_id, MONTH) == 1
    page = cash_report.documents(Span(DAY, DAY), shop.actor, Window())
    assert [one.sums.expenses for one in page.items if one.late] == [20_00]
    assert {one.deadline for one in page.items} == {date(2026, 11, 24)}


def test_what_a_centre_had_before_is_no_late_days_work(shop: Shop) -> None:
    [opening] = cash_report.of_month(202610, shop.actor).days
    assert opening.late == 0
    page = cash_report.documents(Span(opening.day, opening.day), shop.actor, Window())
    assert [one.late for one in page.items] == [False]
    late = cash_report.documents(Span(opening.day, opening.day), shop.actor, Window()).items[0]
    assert late.entered_on > late.deadline


def test_the_documents_add_up_to_the_month_page_by_page(shop: Shop) -> None:
    span = Span(date(2026, 11, 1), date(2026, 11, 30))
    found: list[CashDocument] = []
    window = Window(limit=1)
    while True:
        page = cash_report.documents(span, shop.actor, window)
        found += page.items
        if page.next is None:
            break
        window = Window(page.next, 1)
    receipts = {one.number for one in found if one.entry.kind == "sale"}
    assert len(receipts) == 2 and "" not in receipts
    total = sum((one.sums for one in found), CashSums())
    assert total == cash_report.of_month(MONTH, shop.actor).sums
    assert found == list(cash_report.every_document(span, shop.actor))


def test_the_book_has_the_same_totals_by_day_and_by_document(shop: Shop) -> None:
    by_day = cash_report_book.of_month(MONTH, shop.actor, by_document=False, gross=False)
    by_document = cash_report_book.of_month(MONTH, shop.actor, by_document=True, gross=False)
    assert by_day.rows[-1].cells[2:7] == by_document.rows[-1].cells[2:7]
    assert by_day.rows[-1].cells[2:7] == (320_00, 0, 45_50, 80_00, 0)
    assert len(by_document.rows) == 4


def test_an_empty_month_is_a_book_without_rows(shop: Shop) -> None:
    book = cash_report_book.of_month(202512, shop.actor, by_document=False, gross=False)
    assert book.rows == ()
    assert book.figures[0][1] == book.figures[1][1] == 0


def test_a_cashier_may_not_read_it(shop: Shop, cashier: Actor) -> None:
    with pytest.raises(Forbidden):
        cash_report.of_month(MONTH, cashier)
    with pytest.raises(Forbidden):
        cash_report.documents(Span(DAY, DAY), cashier, Window())
