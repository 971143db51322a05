"""What the stock room says before a month is closed: each matter appears, and goes when settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.rules.attention import Attention
from accounting.rules.bank_results import LineResult
from accounting.services import bank_batches
from accounting.services.bank_batches import MakeBatch
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.models import Lot
from inventory.services import locations, month_close, payout_batches
from inventory.services.counts import approval, sheets
from inventory.services.counts.approval import ApproveCount
from inventory.services.counts.sheets import CancelSheet, CountedLot, PrintSheet, RecordCount
from inventory.services.settlement import posting, preparing
from inventory.services.settlement.posting import CancelRun
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.transfers import arrivals, differences, sending
from inventory.services.transfers.arrivals import ArrivedLine, ReceiveGoods
from inventory.services.transfers.differences import SettleDifference, SettleLine
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services import payment_details
from members.services.centres import NewCentre
from members.services.payment_details import PaymentDetails
from pos.services import founding
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in

JAR = 1_000
MONTH = 202611


class Days:
    """A clock that tests push on by days; day 0 is 28 November 2026."""

    gone = 0

    def now(self) -> datetime:
        return datetime(2026, 11, 28, 3, tzinfo=UTC) + timedelta(days=self.gone)


@pytest.fixture
def days() -> Iterator[Days]:
    days = Days()
    with clock.travel(days.now):
        yield days


@pytest.fixture
def shop(days: Days, centre: Centre) -> Shop:
    return shop_in(centre)


def matters(shop: Shop, step: str, period_id: int = MONTH) -> list[Attention]:
    found = [one for one in month_close.matters(shop.centre_id, period_id) if one.step == step]
    db.session.rollback()
    return found


def lot_of(receipt_id: UUID) -> UUID:
    found = db.session.scalars(select(Lot.id).where(Lot.goods_receipt_id == receipt_id)).one()
    db.session.rollback()
    return found


def print_sheet(actor: Actor, producer_id: UUID | None = None) -> UUID:
    shelf = locations.shop(actor.centre_id).id
    return in_transaction(sheets.make, PrintSheet(uuid7(), shelf, producer_id), actor)


def approved_count(shop: Shop, lot_id: UUID, keeper: Actor, accountant: Actor) -> None:
    sheet = print_sheet(keeper)
    counted = RecordCount(sheet, 1, clock.now(), (CountedLot(lot_id, 2 * JAR),))
    in_transaction(sheets.record, counted, keeper)
    in_transaction(approval.approve, ApproveCount(sheet), accountant)


def test_an_empty_centre_has_nothing_to_say(shop: Shop) -> None:
    assert list(month_close.matters(shop.centre_id, MONTH)) == []


@pytest.mark.parametrize(("gone", "counts"), [(0, True), (5, True), (6, False)])
def test_stock_is_counted_in_the_month_or_three_days_after(
    shop: Shop, days: Days, stock_keeper: Actor, accountant: Actor, gone: int, counts: bool
) -> None:
    """28 November, 3 December, and 4 December, which is too late."""
    lot_id = lot_of(shop.buy(shop.product("ข้าว", 10_000), 2 * JAR, 6_000))
    [matter] = matters(shop, "stock")
    assert (matter.count, matter.satang, matter.stops) == (1, 12_000, True)
    assert matter.address == "/c/{c}/counts"
    assert matters(shop, "stock", 202610) == [], "it came after that month"
    days.gone = gone
    approved_count(shop, lot_id, stock_keeper, accountant)
    assert bool(matters(shop, "stock")) is not counts


def test_a_count_of_one_producers_goods_or_a_cancelled_one_is_none(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    shop.consign(shop.product("น้ำผึ้ง", 10_000), 2 * JAR)
    print_sheet(stock_keeper, shop.producer_id)
    whole = print_sheet(stock_keeper)
    in_transaction(sheets.cancel, CancelSheet(whole, "ฝนตก"), stock_keeper)
    assert len(matters(shop, "stock")) == 1


def test_goods_below_zero_are_named_until_they_are_set_right(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    selling = shop.under(oversell_policy="allow_and_flag")
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, JAR)
    selling.open()
    selling.sell(RecordSaleLine(honey, 3 * JAR, 10_000))
    [matter] = matters(shop, "negative_stock")
    assert (matter.count, matter.stops) == (1, True)
    [document] = matter.documents
    assert document.type == "lot"
    assert document.number.startswith("L")
    approved = print_sheet(stock_keeper)
    for round_no in (1, 2):
        counted = RecordCount(approved, round_no, clock.now(), (CountedLot(document.id, 0),))
        in_transaction(sheets.record, counted, stock_keeper)
    in_transaction(approval.approve, ApproveCount(approved), accountant)
    assert matters(shop, "negative_stock") == []


def only(shop: Shop) -> Attention:
    [matter] = matters(shop, "unfinished_documents")
    assert matters(shop, "unfinished_documents", 202610) == [], "begun after that month"
    return matter


def test_a_settlement_prepared_and_not_posted(shop: Shop, accountant: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 2 * JAR)
    shop.open()
    shop.sell(RecordSaleLine(honey, JAR, 10_000))
    command = PrepareSettlement(uuid7(), clock.today(), None)
    in_transaction(preparing.prepare, command, accountant)
    matter = only(shop)
    assert (matter.title, matter.satang) == ("Settlements prepared but not posted", 8_000)
    assert (matter.documents[0].id, matter.documents[0].number[:3]) == (command.id, "SR-")
    in_transaction(posting.cancel, CancelRun(command.id, "ทำใหม่"), accountant)
    assert matters(shop, "unfinished_documents") == []


def test_a_count_begun_and_not_finished(shop: Shop, stock_keeper: Actor) -> None:
    shop.consign(shop.product("น้ำผึ้ง", 10_000), 2 * JAR)
    sheet = print_sheet(stock_keeper)
    matter = only(shop)
    assert (matter.title, matter.documents[0].id) == ("Stock counts not finished", sheet)
    in_transaction(sheets.cancel, CancelSheet(sheet, "ฝนตก"), stock_keeper)
    assert matters(shop, "unfinished_documents") == []


def test_goods_on_the_road_until_what_is_missing_is_settled(shop: Shop, centre: Centre) -> None:
    new = NewCentre(code="NBR", name_th="ศูนย์ข้างเคียง", name_en="Next", network_id=centre.network_id)
    there = shop_in(in_transaction(founding.found, new).centre)
    lot_id = lot_of(shop.buy(shop.product("ข้าว", 10_000), 5 * JAR, 6_000))
    send = SendGoods(
        id=uuid7(),
        from_location_id=locations.shop(shop.centre_id).id,
        lines=(SendLine(lot_id, 5 * JAR),),
        to_centre_id=there.centre_id,
    )
    in_transaction(sending.send, send, shop.actor)
    assert (only(shop).satang, only(shop).documents[0].id) == (30_000, send.id)
    assert only(there).title == "Goods that came from another centre, not received yet"
    receive = ReceiveGoods(
        id=uuid7(),
        from_centre_id=shop.centre_id,
        transfer_id=send.id,
        location_id=locations.shop(there.centre_id).id,
        lines=(ArrivedLine(1, 4 * JAR),),
    )
    in_transaction(arrivals.receive, receive, there.actor)
    assert matters(there, "unfinished_documents") == []
    assert only(shop).documents[0].id == send.id, "one is missing"
    line = SettleLine(1, JAR, 0)
    settle = SettleDifference(send.id, "เจอในรถ", (line,))
    in_transaction(differences.settle, settle, shop.actor)
    assert matters(shop, "unfinished_documents") == []


def test_a_bank_file_without_an_answer(shop: Shop) -> None:
    details = PaymentDetails(promptpay_id="0812345678")
    in_transaction(payment_details.save, shop.producer_id, details, 1, shop.actor)
    shop.buy(shop.product("ข้าว", 10_000), JAR, 3_000)
    batch = in_transaction(
        bank_batches.make, payout_batches.DEBT, MakeBatch(uuid7(), "promptpay"), shop.actor
    )
    matter = only(shop)
    assert (matter.satang, matter.address) == (3_000, "/c/{c}/payout-batches")
    assert matter.documents[0].number == batch.batch_no
    answers = [LineResult(line.line_no, True, "OK") for line in batch.lines]
    in_transaction(bank_batches.match, payout_batches.DEBT, batch.id, answers, shop.actor)
    assert matters(shop, "unfinished_documents") == []


def test_old_payables_are_shown_and_stop_nothing(shop: Shop, days: Days) -> None:
    days.gone = -60
    shop.buy(shop.product("ข้าว", 10_000), JAR, 3_000)
    days.gone = 0
    [matter] = matters(shop, "aged_payables")
    assert (matter.count, matter.satang, matter.stops) == (1, 3_000, False)
    assert matter.address == "/c/{c}/aged-payables?on=2026-11-30"
    assert matters(shop, "aged_payables", 202610) == []
