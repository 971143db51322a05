"""Counts and transfers raced: approved twice, sold meanwhile, received twice; once is enough."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import DomainError
from core.ids import uuid7
from inventory.models import Lot, StockLevel, TransferArrival
from inventory.services import locations, verify
from inventory.services.counts import approval, sheets
from inventory.services.counts.approval import ApproveCount
from inventory.services.counts.sheets import CountedLot, PrintSheet, RecordCount
from inventory.services.transfers import arrivals, sending
from inventory.services.transfers.arrivals import ArrivedLine, ReceiveGoods
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services.centres import NewCentre
from pos.services import founding
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def lot_of(receipt_id: UUID) -> UUID:
    found = db.session.scalars(select(Lot.id).where(Lot.goods_receipt_id == receipt_id)).one()
    db.session.rollback()
    return found


def race(app: Flask, *runners: Callable[[], object]) -> list[object]:
    """Run all at once, each in a context of its own; return results or refusals."""
    barrier = Barrier(len(runners))
    db.session.remove()

    def run(runner: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                return runner()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))


def counted(shop: Shop, keeper: Actor, lot: UUID, milli: int) -> UUID:
    shelf = locations.shop(shop.centre_id).id
    sheet = in_transaction(sheets.make, PrintSheet(uuid7(), shelf), keeper)
    for round_no in (1, 2):
        figures = RecordCount(sheet, round_no, clock.now(), (CountedLot(lot, milli),))
        in_transaction(sheets.record, figures, keeper)
    return sheet


def quantity(lot: UUID) -> int:
    found = db.session.scalar(select(StockLevel.quantity_milli).where(StockLevel.lot_id == lot))
    db.session.rollback()
    assert found is not None
    return found


def assert_holds(*centre_ids: int) -> None:
    for centre_id in centre_ids:
        wrong = [one for one in verify.checks(centre_id) if not one.ok]
        assert wrong == []
    db.session.rollback()


@pytest.mark.parametrize("attempt", range(2))
def test_a_count_is_approved_once_while_the_shop_sells(
    app: Flask, shop: Shop, stock_keeper: Actor, accountant: Actor, attempt: int
) -> None:
    oil = shop.product("น้ำมัน", 9_000)
    lot = lot_of(shop.buy(oil, 10_000, 6_000))
    shop.open()
    sheet = counted(shop, stock_keeper, lot, 8_000)
    sale = shop.command(RecordSaleLine(oil, 3_000, 9_000))
    approve = lambda: in_transaction(approval.approve, ApproveCount(sheet), accountant)  # noqa: E731
    results = race(app, approve, lambda: shop.record(sale), approve)
    assert not any(isinstance(result, DomainError) for result in results)
    assert quantity(lot) == 5_000
    assert len(ledger.entry_of(shop.centre_id, "count_sheet", sheet)) == 1
    assert_holds(shop.centre_id)


def test_two_sheets_of_one_shelf_approved_at_once_correct_it_once(
    app: Flask, shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    lot = lot_of(shop.buy(shop.product("น้ำมัน", 9_000), 10_000, 6_000))
    both = [counted(shop, stock_keeper, lot, 8_000) for _ in range(2)]

    def approve(sheet: UUID) -> Callable[[], object]:
        return lambda: in_transaction(approval.approve, ApproveCount(sheet), accountant)

    results = race(app, *(approve(sheet) for sheet in both))
    assert not any(isinstance(result, DomainError) for result in results)
    assert quantity(lot) == 8_000
    assert_holds(shop.centre_id)


def test_a_transfer_is_received_once_and_goods_are_sent_once(
    app: Flask, shop: Shop, centre: Centre
) -> None:
    new = NewCentre(code="NBR", name_th="ข้างเคียง", name_en="Next", network_id=centre.network_id)
    there = in_transaction(founding.found, new)
    lot = lot_of(shop.consign(shop.product("น้ำผึ้ง", 10_000), 5_000))
    shelf = locations.shop(shop.centre_id).id
    db.session.rollback()

    def send() -> object:
        line = SendLine(lot, 4_000)
        command = SendGoods(uuid7(), shelf, (line,), to_centre_id=there.centre_id)
        return in_transaction(sending.send, command, shop.actor)

    sent = race(app, send, send)
    [transfer] = [one for one in sent if isinstance(one, UUID)]
    assert quantity(lot) == 1_000
    place = locations.shop(there.centre_id).id
    db.session.rollback()

    def receive() -> object:
        line = ArrivedLine(1, 4_000)
        command = ReceiveGoods(uuid7(), shop.centre_id, transfer, place, (line,))
        return in_transaction(arrivals.receive, command, there)

    received = race(app, receive, receive, receive)
    assert len(set(received)) == 1
    assert db.session.scalar(select(func.count()).select_from(TransferArrival)) == 1
    assert_holds(shop.centre_id, there.centre_id)
