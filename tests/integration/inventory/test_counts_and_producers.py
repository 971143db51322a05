"""What counts and transfers are to a producer: seen in the account, paid and taken back once."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from core.paging import Window
from inventory.models import Lot
from inventory.services import locations, producer_documents, verify
from inventory.services.counts import approval, sheets
from inventory.services.counts.approval import ApproveCount
from inventory.services.counts.sheets import CountedLot, PrintSheet, RecordCount
from inventory.services.producer_documents import Wanted
from inventory.services.settlement import posting, preparing, statements
from inventory.services.settlement.preparing import PrepareSettlement
from inventory.services.settlement.statements import StatementCard
from inventory.services.transfers import arrivals, differences, sending
from inventory.services.transfers.arrivals import ArrivedLine, ReceiveGoods
from inventory.services.transfers.differences import SettleDifference, SettleLine
from inventory.services.transfers.sending import SendGoods, SendLine
from members.services.centres import NewCentre
from pos.services import founding
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def jars(shop: Shop, milli: int) -> UUID:
    receipt_id = shop.consign(shop.product("น้ำผึ้ง", 10_000), milli)
    found = db.session.scalars(select(Lot.id).where(Lot.goods_receipt_id == receipt_id)).one()
    db.session.rollback()
    return found


def count(shop: Shop, keeper: Actor, approver: Actor, lot: UUID, milli: int, bearer: str) -> UUID:
    shelf = locations.shop(shop.centre_id).id
    sheet = in_transaction(sheets.make, PrintSheet(uuid7(), shelf), keeper)
    for round_no in (1, 2):
        figures = RecordCount(sheet, round_no, clock.now(), (CountedLot(lot, milli),))
        in_transaction(sheets.record, figures, keeper)
    in_transaction(approval.approve, ApproveCount(sheet, {lot: bearer}), approver)
    return sheet


def rows(shop: Shop) -> list[tuple[str, int, int]]:
    """Return (document, what left below the line, what is owed for it), oldest first."""
    page = producer_documents.rows(shop.actor, Window(), Wanted(), shop.producer_id)
    db.session.rollback()
    return [(one.source_type, one.quantity_milli, one.amount_satang) for one in page.items][::-1]


def owed(shop: Shop) -> int:
    found = ledger.balance(
        shop.centre_id, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id
    )
    wrong = [one for one in verify.checks(shop.centre_id) if not one.ok]
    db.session.rollback()
    assert wrong == []
    return -found


def test_a_producer_sees_what_was_missed_and_what_came_to_light(
    shop: Shop, stock_keeper: Actor, accountant: Actor
) -> None:
    lot = jars(shop, 10_000)
    for milli, bearer in ((9_000, "producer"), (7_000, "centre"), (8_000, "centre")):
        count(shop, stock_keeper, accountant, lot, milli, bearer)
    assert rows(shop) == [
        ("count_sheet", 1_000, 0),
        ("count_sheet", 2_000, 16_000),
        ("count_sheet", -1_000, -8_000),
    ]
    assert owed(shop) == 8_000
    # More is found than was ever charged: only the charge goes back.
    count(shop, stock_keeper, accountant, lot, 10_000, "centre")
    assert rows(shop)[3:] == [("count_sheet", -1_000, -8_000), ("count_sheet", -1_000, 0)]
    assert owed(shop) == 0


def test_a_producer_sees_goods_leave_for_another_centre_and_the_loss_on_the_road(
    shop: Shop, centre: Centre
) -> None:
    new = NewCentre(code="NBR", name_th="ข้างเคียง", name_en="Next", network_id=centre.network_id)
    there = in_transaction(founding.found, new)
    lot = jars(shop, 10_000)
    shelf = locations.shop(shop.centre_id).id
    store = next(one.id for one in sending.places(shop.centre_id) if one.code == "STORE")
    inside = SendGoods(uuid7(), shelf, (SendLine(lot, 1_000),), to_location_id=store)
    away = SendGoods(uuid7(), shelf, (SendLine(lot, 4_000),), to_centre_id=there.centre_id)
    for command in (inside, away):
        in_transaction(sending.send, command, shop.actor)
    place = locations.shop(there.centre_id).id
    came = ReceiveGoods(uuid7(), shop.centre_id, away.id, place, (ArrivedLine(1, 2_000),))
    in_transaction(arrivals.receive, came, there)
    settled = SettleDifference(away.id, "แตก", (SettleLine(1, 1_000, 1_000),))
    in_transaction(differences.settle, settled, shop.actor)
    assert sorted(rows(shop)) == [
        ("transfer", 4_000, 0),
        ("transfer_difference", -1_000, 0),
        ("transfer_difference", 1_000, 8_000),
    ]
    assert owed(shop) == 8_000


def test_what_was_paid_for_and_found_again_is_netted_from_the_next_settlement(
    shop: Shop, stock_keeper: Actor, accountant: Actor, manager: Actor
) -> None:
    lot = jars(shop, 10_000)
    count(shop, stock_keeper, accountant, lot, 8_000, "centre")
    assert settle(accountant, manager).payout_satang == 16_000
    count(shop, stock_keeper, accountant, lot, 9_000, "centre")
    product_id = db.session.scalars(select(Lot.product_id).where(Lot.id == lot)).one()
    shop.open()
    shop.sell(RecordSaleLine(product_id, 3_000, 10_000))
    card = settle(accountant, manager)
    assert (card.earned_satang, card.recovered_satang, card.payout_satang) == (
        24_000,
        8_000,
        16_000,
    )
    assert owed(shop) == 16_000 - 8_000 + 24_000


def settle(accountant: Actor, manager: Actor) -> StatementCard:
    command = PrepareSettlement(uuid7(), clock.today(), None)
    run_id = in_transaction(preparing.prepare, command, accountant)
    in_transaction(posting.approve, run_id, manager)
    in_transaction(posting.post, run_id, manager)
    return statements.of_run(run_id, manager)[0]
