"""Counts: blind sheets, rounds, a second person, and the books after the approval."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from inventory.models import Lot, StockLevel
from inventory.rules.intake import WholePieces
from inventory.services import locations, verify
from inventory.services.counts import approval, documents, review, sheets
from inventory.services.counts.approval import (
    ApproveCount,
    CountersApprove,
    NotAllCounted,
    RecountNeeded,
    SignatureNeeded,
)
from inventory.services.counts.sheets import (
    AlreadyCounted,
    CancelSheet,
    CountedLot,
    CountedWhen,
    NothingToCount,
    PrintSheet,
    RecordCount,
    SheetClosed,
    SheetDiffers,
)
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in
from tests.waiving import waive


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def lot_of(shop: Shop, receipt_id: UUID) -> UUID:
    found = db.session.scalars(select(Lot.id).where(Lot.goods_receipt_id == receipt_id)).one()
    db.session.rollback()
    return found


def level(lot_id: UUID) -> tuple[int, int]:
    row = db.session.execute(
        select(StockLevel.quantity_milli, StockLevel.value_satang).where(
            StockLevel.lot_id == lot_id
        )
    ).one()
    db.session.rollback()
    return row[0], row[1]


def make(actor: Actor, producer_id: UUID | None = None) -> UUID:
    shelf = locations.shop(actor.centre_id).id
    return in_transaction(sheets.make, PrintSheet(uuid7(), shelf, producer_id), actor)


def count(sheet_id: UUID, actor: Actor, *figures: tuple[UUID, int], round_no: int = 1) -> None:
    lines = tuple(CountedLot(*figure) for figure in figures)
    in_transaction(sheets.record, RecordCount(sheet_id, round_no, clock.now(), lines), actor)


def approve(sheet_id: UUID, actor: Actor, **rest: object) -> None:
    in_transaction(approval.approve, ApproveCount(sheet_id, **rest), actor)  # type: ignore[arg-type]


def assert_holds(shop: Shop) -> None:
    wrong = [one for one in verify.checks(shop.centre_id) if not one.ok]
    db.session.rollback()
    assert wrong == []


def balance(shop: Shop, purpose: Purpose) -> int:
    found = ledger.balance(shop.centre_id, purpose)
    db.session.rollback()
    return found


def test_sold_while_counting_is_no_difference(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    shop.open()
    sheet = make(stock_keeper)
    shop.sell(RecordSaleLine(honey, 2_000, 10_000))
    count(sheet, stock_keeper, (lot, 8_000))
    shop.sell(RecordSaleLine(honey, 3_000, 10_000))
    doc = documents.get(sheet, accountant)
    [figure] = documents.figures_of(doc, accountant)
    assert (figure.expected_milli, figure.variance_milli, figure.recount) == (8_000, 0, False)
    approve(sheet, accountant)
    assert level(lot) == (5_000, 0)
    assert ledger.entry_of(shop.centre_id, "count_sheet", sheet) == []
    assert_holds(shop)


def test_a_sale_of_before_the_count_that_arrives_late_explains_the_difference(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    shop.open()
    sheet = make(stock_keeper)
    offline = shop.command(RecordSaleLine(honey, 1_000, 10_000))
    count(sheet, stock_keeper, (lot, 9_000))
    with pytest.raises(RecountNeeded) as refused:
        approve(sheet, accountant)
    assert "L" in refused.value.facts["lots"]
    shop.record(offline)
    approve(sheet, accountant)
    assert level(lot) == (9_000, 0)
    assert_holds(shop)


def test_own_goods_short_and_over_are_posted_once(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    oil = shop.product("น้ำมัน", 9_000)
    rice = shop.product("ข้าว", 5_000, by_weight=True)
    oil_lot = lot_of(shop, shop.buy(oil, 10_000, 6_000))
    rice_lot = lot_of(shop, shop.buy(rice, 4_000, 3_000))
    sheet = make(stock_keeper)
    count(sheet, stock_keeper, (oil_lot, 9_000), (rice_lot, 4_500))
    with pytest.raises(RecountNeeded):
        approve(sheet, accountant)
    count(sheet, stock_keeper, (oil_lot, 8_000), (rice_lot, 4_500), round_no=2)
    for _ in range(2):
        approve(sheet, accountant)
    assert level(oil_lot) == (8_000, 48_000)
    assert level(rice_lot) == (4_500, 13_500)
    assert balance(shop, Purpose.COUNT_DIFFERENCE) == 12_000 - 1_500
    assert len(ledger.entry_of(shop.centre_id, "count_sheet", sheet)) == 1
    doc = documents.get(sheet, accountant)
    assert doc.outcome is not None
    assert doc.outcome.waiver == ""
    figures = {one.line.lot_id: one for one in documents.figures_of(doc, accountant)}
    assert figures[oil_lot].variance_milli == -2_000
    assert figures[rice_lot].cost_satang == 1_500
    assert_holds(shop)


def test_consigned_goods_short_are_owed_or_a_note(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    first = lot_of(shop, shop.consign(honey, 10_000))
    second = lot_of(shop, shop.consign(honey, 5_000, split=7_000))
    sheet = make(stock_keeper)
    for round_no in (1, 2):
        count(sheet, stock_keeper, (first, 9_000), (second, 4_000), round_no=round_no)
    approve(sheet, accountant, bearers={second: "producer"})
    assert balance(shop, Purpose.COUNT_DIFFERENCE) == 8_000
    owed = ledger.balance(shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id)
    assert owed == -8_000
    assert_holds(shop)
    # Found again on the next sheet: the charge goes back, the producer is not paid twice.
    again = make(stock_keeper)
    for round_no in (1, 2):
        count(again, stock_keeper, (first, 10_000), (second, 4_000), round_no=round_no)
    approve(again, accountant)
    assert level(first) == (10_000, 0)
    assert balance(shop, Purpose.COUNT_DIFFERENCE) == 0
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == 0
    assert_holds(shop)


def test_two_sheets_of_one_shelf_correct_it_once(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    early, late = make(stock_keeper), make(stock_keeper, shop.producer_id)
    for round_no in (1, 2):
        count(early, stock_keeper, (lot, 9_000), round_no=round_no)
    for round_no in (1, 2):
        count(late, stock_keeper, (lot, 8_000), round_no=round_no)
    approve(late, accountant, producer_signed="ป้าแดง")
    assert level(lot) == (8_000, 0)
    [figure] = documents.figures_of(documents.get(early, accountant), accountant)
    assert figure.superseded
    approve(early, accountant)
    assert level(lot) == (8_000, 0)
    assert balance(shop, Purpose.COUNT_DIFFERENCE) == 16_000
    assert_holds(shop)


def test_a_later_count_knows_the_correction_of_an_earlier_one(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    early, late = make(stock_keeper), make(stock_keeper)
    for round_no in (1, 2):
        count(early, stock_keeper, (lot, 9_000), round_no=round_no)
    count(late, stock_keeper, (lot, 9_000))
    approve(early, accountant)
    approve(late, accountant)
    assert level(lot) == (9_000, 0)
    assert_holds(shop)


def test_who_counted_does_not_approve_but_for_a_waiver(
    shop: Shop, manager: Actor, accountant: Actor, system: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    sheet = make(manager)
    count(sheet, manager, (lot, 10_000))
    for actor in (manager, system):
        with pytest.raises(CountersApprove):
            approve(sheet, actor)
    waive(manager, "count")
    approve(sheet, manager)
    outcome = documents.get(sheet, accountant).outcome
    assert outcome is not None
    assert outcome.waiver == "มีคนเดียว"
    assert_holds(shop)


def test_an_owners_sheet_names_the_second_signatory_or_says_why_not(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    sheet = make(stock_keeper, shop.producer_id)
    with pytest.raises(NotAllCounted):
        approve(sheet, accountant)
    count(sheet, stock_keeper, (lot, 10_000))
    with pytest.raises(SignatureNeeded):
        approve(sheet, accountant)
    approve(sheet, accountant, unsigned_reason="ไปต่างจังหวัด")
    outcome = documents.get(sheet, accountant).outcome
    assert outcome is not None
    assert (outcome.producer_signed, outcome.reason) == ("", "ไปต่างจังหวัด")


def test_found_goods_are_added_and_an_oversold_lot_is_set_right(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    oil = shop.product("น้ำมัน", 9_000)
    lot = lot_of(shop, shop.buy(oil, 2_000, 6_000))
    shelf = locations.shop(shop.centre_id).id
    honey = shop.product("น้ำผึ้ง", 10_000)
    shop.consign(honey, 1_000)
    shop = shop.under(oversell_policy="allow_and_flag")
    shop.open()
    shop.sell(RecordSaleLine(oil, 3_000, 9_000))
    assert level(lot) == (-1_000, -6_000)
    by_place = PrintSheet(uuid7(), shelf)
    sheet = in_transaction(sheets.make, by_place, stock_keeper)
    [oil_line, honey_line] = sorted(
        documents.get(sheet, accountant).lines, key=lambda line: line.lot_no
    )
    found = lot_of(shop, shop.consign(honey, 4_000))
    for round_no in (1, 2):
        count(sheet, stock_keeper, (lot, 1_000), (found, 5_000), round_no=round_no)
    count(sheet, stock_keeper, (honey_line.lot_id, 1_000))
    assert oil_line.lot_id == lot
    approve(sheet, accountant)
    assert level(lot) == (1_000, 6_000)
    assert level(found) == (5_000, 0)
    assert_holds(shop)


def test_a_round_takes_one_figure_a_lot(shop: Shop, stock_keeper: Actor, auditor: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    sheet = make(stock_keeper)
    count(sheet, stock_keeper, (lot, 9_000))
    count(sheet, stock_keeper, (lot, 9_000))
    for figures, round_no in ([(lot, 8_000)], 1), ([(lot, 8_000), (lot, 7_000)], 2):
        with pytest.raises(AlreadyCounted):
            count(sheet, stock_keeper, *figures, round_no=round_no)
    with pytest.raises(WholePieces):
        count(sheet, stock_keeper, (lot, 8_500), round_no=2)
    with pytest.raises(NotFound):
        count(sheet, stock_keeper, (uuid7(), 1_000))
    with pytest.raises(Forbidden):
        count(sheet, auditor, (lot, 1_000), round_no=2)
    for moment in (clock.now() - timedelta(days=1), clock.now() + timedelta(hours=1)):
        late = RecordCount(sheet, 2, moment, (CountedLot(lot, 1_000),))
        with pytest.raises(CountedWhen):
            in_transaction(sheets.record, late, stock_keeper)
    doc = documents.get(sheet, auditor)
    assert [line.lot_id for line in documents.to_recount(doc, auditor)] == [lot]
    with pytest.raises(Forbidden):
        documents.figures_of(doc, auditor)


def test_a_cancelled_sheet_corrects_nothing(
    shop: Shop, stock_keeper: Actor, accountant: Actor, other_centre: Centre
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    lot = lot_of(shop, shop.consign(honey, 10_000))
    sheet = make(stock_keeper)
    count(sheet, stock_keeper, (lot, 1_000))
    for _ in range(2):
        in_transaction(sheets.cancel, CancelSheet(sheet, "ผิดชั้น"), stock_keeper)
    for work in (
        lambda: approve(sheet, accountant),
        lambda: count(sheet, stock_keeper, (lot, 2_000), round_no=2),
    ):
        with pytest.raises(SheetClosed):
            work()
    assert documents.figures_of(documents.get(sheet, accountant), accountant) == []
    assert level(lot) == (10_000, 0)
    next_door = shop_in(other_centre).actor
    with pytest.raises(NotFound):
        documents.get(sheet, next_door)
    with pytest.raises(NotFound):
        approve(sheet, next_door)
    assert_holds(shop)


def test_a_sheet_is_made_once(shop: Shop, stock_keeper: Actor) -> None:
    shelf = locations.shop(shop.centre_id).id
    with pytest.raises(NothingToCount):
        in_transaction(sheets.make, PrintSheet(uuid7(), shelf), stock_keeper)
    shop.consign(shop.product("น้ำผึ้ง", 10_000), 10_000)
    command = PrintSheet(uuid7(), shelf)
    for _ in range(2):
        in_transaction(sheets.make, command, stock_keeper)
    with pytest.raises(SheetDiffers):
        in_transaction(sheets.make, PrintSheet(command.id, shelf, note="อีกใบ"), stock_keeper)
    outside = locations.outside(shop.centre_id, "waste")
    with pytest.raises(NotFound):
        in_transaction(sheets.make, PrintSheet(uuid7(), outside), stock_keeper)
    page = documents.listing(stock_keeper, Window())
    assert [(card.lots, card.outcome) for card in page.items] == [(1, "open")]
    assert review.lines_of(shop.centre_id, command.id)[0].rounds == ()
