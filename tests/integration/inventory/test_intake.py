"""Goods come in, are taken back, are written off; the books and the levels follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from accounting.rules.chart import Purpose
from accounting.services import ledger
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.numbering import buddhist_year
from core.paging import Window
from inventory.rules.intake import CostTooLarge, CostTooSmall, NothingLeft, WholePieces
from inventory.services import intake, lots, moves, verify, waste
from inventory.services.cancellation import IntakeTouched, OtherTill
from inventory.services.intake import (
    CancelIntake,
    GoodsReceiptDoc,
    IntakeDiffers,
    RecordIntake,
    RecordIntakeLine,
)
from inventory.services.receipts import ShiftNeeded
from inventory.services.stock import OutOfStock
from inventory.services.waste import OwnGoods, RecordWaste, WasteDiffers, WasteDoc
from members.services import members, producers, standing
from members.services.delivering import ProducerInactive, ProducerSuspended
from members.services.members import NewMember
from members.services.producers import ChangeProducer, NewProducer
from members.services.standing import RecordFact
from pos.services import shift, tills
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def record(shop: Shop, *lines: RecordIntakeLine, **head: Any) -> GoodsReceiptDoc:
    command = RecordIntake(
        id=head.pop("id", uuid7()),
        producer_id=head.pop("producer_id", shop.producer_id),
        kind=head.pop("kind", "consignment"),
        lines=lines,
        **head,
    )
    return in_transaction(intake.record, command, shop.actor)


def balance(shop: Shop, purpose: Purpose, **keys: Any) -> int:
    try:
        return ledger.balance(shop.centre_id, purpose, **keys)
    finally:
        db.session.rollback()


def write_off(shop: Shop, lot_id: UUID, milli: int, **rest: Any) -> WasteDoc:
    command = RecordWaste(
        id=rest.pop("id", uuid7()),
        lot_id=lot_id,
        quantity_milli=milli,
        reason=rest.pop("reason", "เน่าเสีย"),
        bearer=rest.pop("bearer", "centre"),
    )
    return in_transaction(waste.record, command, shop.actor)


def wrong(shop: Shop) -> Sequence[str]:
    found = [finding.check for finding in verify.checks(shop.centre_id) if not finding.ok]
    db.session.rollback()
    return found


# --- taking in -------------------------------------------------------------------------------


def test_thirty_kilograms_bought_at_twelve_baht_are_owed_to_the_producer(shop: Shop) -> None:
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    doc = record(
        shop,
        RecordIntakeLine(banana, 31_500, tare_milli=1_200, deduction_milli=300, grade="A",
                         unit_cost_satang=1_200, expires_on=date(2026, 12, 1)),
        kind="outright",
        note="เก็บเช้า",
    )  # fmt: skip
    year = buddhist_year(clock.today())
    assert doc.receipt_no == f"IN-{year}-00001"
    assert doc.cost_satang == 36_000
    [line] = doc.lines
    assert (line.lot_no, line.quantity_milli) == (f"L{year}-00001", 30_000)
    assert (line.grade, line.split_basis_points) == ("A", None)
    assert balance(shop, Purpose.INVENTORY) == 36_000
    assert balance(shop, Purpose.PAYABLE_OUTRIGHT, producer_id=shop.producer_id) == -36_000
    [entry] = ledger.entry_of(shop.centre_id, "goods_receipt", doc.id)
    assert entry.total_satang == 36_000
    [move] = moves.moves_of(shop.centre_id, "goods_receipt", doc.id)
    assert (move.quantity_milli, move.cost_satang) == (30_000, 36_000)
    assert not wrong(shop)


def test_twenty_jars_on_consignment_are_not_ours_and_their_terms_are_frozen(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    doc = record(shop, RecordIntakeLine(honey, 20_000))
    assert (doc.paid, doc.cost_satang) == ("none", 0)
    assert doc.lines[0].split_basis_points == 8_000  # the producer's usual part
    assert ledger.entry_of(shop.centre_id, "goods_receipt", doc.id) == []
    assert balance(shop, Purpose.INVENTORY) == 0
    usual = producers.get(shop.centre_id, shop.producer_id)
    in_transaction(
        producers.change,
        ChangeProducer(
            producer_id=usual.id,
            version=usual.version,
            name=usual.name,
            producer_no=usual.producer_no,
            split_basis_points=5_000,
        ),
        shop.actor,
    )
    again = intake.get(doc.id, shop.actor)
    assert again.lines[0].split_basis_points == 8_000
    assert not wrong(shop)


def test_terms_can_be_agreed_anew_line_by_line(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    doc = record(
        shop,
        RecordIntakeLine(honey, 1_000, split_basis_points=9_000),
        RecordIntakeLine(honey, 1_000, split_basis_points=0),
    )
    assert [line.split_basis_points for line in doc.lines] == [9_000, 0]
    year = buddhist_year(clock.today())
    assert [line.lot_no for line in doc.lines] == [f"L{year}-00001", f"L{year}-00002"]


def test_a_producer_who_is_a_member_is_owed_under_both_keys(shop: Shop) -> None:
    member = in_transaction(members.create, NewMember(first_name="แดง"), shop.actor)
    producer = in_transaction(
        producers.create, NewProducer(name="ป้าแดง", member_id=member.id), shop.actor
    )
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    record(
        shop,
        RecordIntakeLine(banana, 1_000, unit_cost_satang=1_200),
        kind="outright",
        producer_id=producer.id,
    )
    owed = ledger.sub_ledger(shop.centre_id, Purpose.PAYABLE_OUTRIGHT, "member")
    assert owed == {member.id: -1_200}


def test_goods_paid_in_cash_come_out_of_the_drawer_of_an_open_shift(shop: Shop) -> None:
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    line = RecordIntakeLine(banana, 10_000, unit_cost_satang=1_200)
    with pytest.raises(ShiftNeeded):
        record(shop, line, kind="outright", paid="cash")
    opened = shop.open(100_000)
    doc = record(shop, line, kind="outright", paid="cash", shift_id=opened.id)
    assert doc.till_id == shop.till_id
    assert balance(shop, Purpose.CASH_TILL, till_id=shop.till_id) == 100_000 - 12_000
    assert balance(shop, Purpose.PAYABLE_OUTRIGHT) == 0
    assert intake.cash_paid(shop.centre_id, opened.id) == 12_000
    db.session.rollback()
    shop.close((100_000, 0), (2_000, 44))
    with pytest.raises(tills.ShiftClosed):
        record(shop, line, kind="outright", paid="cash", shift_id=opened.id)
    assert not wrong(shop)


def test_the_same_intake_again_is_the_same_document_and_another_is_refused(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    first = record(shop, RecordIntakeLine(honey, 20_000), note="เช้า")
    again = record(shop, RecordIntakeLine(honey, 20_000), note="เช้า", id=first.id)
    assert again == first
    with pytest.raises(IntakeDiffers) as refusal:
        record(shop, RecordIntakeLine(honey, 21_000), note="บ่าย", id=first.id)
    assert refusal.value.facts == {"differs": ["lines", "note"]}
    page = lots.listing(shop.actor, Window(), product_id=honey)
    assert [lot.on_hand_milli for lot in page.items] == [20_000]


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ({"gross_milli": 1_000, "tare_milli": 1_000, "unit_cost_satang": 100}, NothingLeft),
        ({"gross_milli": 1_000}, CostTooSmall),
        ({"gross_milli": 1_000_000_000, "unit_cost_satang": 100_000_000}, CostTooLarge),
        ({"gross_milli": 1_500, "unit_cost_satang": 100}, WholePieces),
    ],
)
def test_what_cannot_be_taken_in_writes_nothing(
    shop: Shop, line: dict[str, int], refusal: type[Exception]
) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    with pytest.raises(refusal):
        record(shop, RecordIntakeLine(honey, **line), kind="outright")
    assert intake.listing(shop.actor, Window()).items == ()
    shop.buy(honey, 1_000, 100)
    assert intake.listing(shop.actor, Window()).items[0].receipt_no.endswith("-00001")


def test_strangers_are_not_found(shop: Shop, other_centre: Centre) -> None:
    next_door = shop_in(other_centre)
    honey, theirs = shop.product("น้ำผึ้ง", 12_000), next_door.product("น้ำผึ้ง", 12_000)
    with pytest.raises(NotFound):
        record(shop, RecordIntakeLine(theirs, 1_000))
    with pytest.raises(NotFound):
        record(shop, RecordIntakeLine(honey, 1_000), producer_id=next_door.producer_id)
    receipt_id = next_door.consign(theirs, 1_000)
    with pytest.raises(NotFound):
        intake.get(receipt_id, shop.actor)


def test_a_producer_who_stopped_delivers_nothing(shop: Shop) -> None:
    known = producers.get(shop.centre_id, shop.producer_id)
    command = ChangeProducer(
        producer_id=known.id,
        version=known.version,
        name=known.name,
        producer_no=known.producer_no,
        active=False,
    )
    in_transaction(producers.change, command, shop.actor)
    with pytest.raises(ProducerInactive):
        record(shop, RecordIntakeLine(shop.product("น้ำผึ้ง", 12_000), 1_000))


def test_a_suspended_producer_delivers_again_when_reinstated(shop: Shop) -> None:
    def happens(kind: str) -> None:
        fact = RecordFact(
            fact_id=uuid7(), producer_id=shop.producer_id, kind=kind, on_date=clock.today()
        )
        in_transaction(standing.record, fact, shop.actor)

    honey = shop.product("น้ำผึ้ง", 12_000)
    happens("suspended")
    with pytest.raises(ProducerSuspended):
        record(shop, RecordIntakeLine(honey, 1_000))
    happens("reinstated")
    assert record(shop, RecordIntakeLine(honey, 1_000)).receipt_no


def test_only_the_store_takes_goods_in(shop: Shop, cashier: Actor, auditor: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    command = RecordIntake(
        uuid7(), shop.producer_id, "consignment", (RecordIntakeLine(honey, 1_000),)
    )
    for actor in (cashier, auditor):
        with pytest.raises(Forbidden):
            in_transaction(intake.record, command, actor)


# --- taking back -----------------------------------------------------------------------------


def test_an_untouched_intake_goes_back_whole(shop: Shop) -> None:
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    receipt_id = shop.buy(banana, 30_000, 1_200)
    doc = in_transaction(intake.cancel, CancelIntake(receipt_id, "ส่งผิด"), shop.actor)
    assert doc.cancellation is not None
    assert doc.cancellation.reason == "ส่งผิด"
    assert balance(shop, Purpose.INVENTORY) == 0
    assert balance(shop, Purpose.PAYABLE_OUTRIGHT) == 0
    lot = lots.get(doc.lines[0].lot_id, shop.actor)
    assert (lot.card.on_hand_milli, lot.card.value_satang) == (0, 0)
    assert [row.change_milli for row in lot.moves] == [30_000, -30_000]
    again = in_transaction(intake.cancel, CancelIntake(receipt_id, "อีกครั้ง"), shop.actor)
    assert again.cancellation == doc.cancellation
    assert not wrong(shop)


def test_what_has_moved_cannot_be_cancelled(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 12_000)
    receipt_id = shop.consign(honey, 20_000)
    shop.open()
    receipt = shop.sell(RecordSaleLine(honey, 1_000, 12_000))
    shop.refund(receipt, (1, 1_000))
    with pytest.raises(IntakeTouched) as refusal:
        in_transaction(intake.cancel, CancelIntake(receipt_id, "ส่งผิด"), shop.actor)
    assert refusal.value.facts["lot_no"].startswith("L")
    assert not wrong(shop)


def test_cash_goes_back_into_the_drawer_it_came_from(shop: Shop) -> None:
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    opened = shop.open(100_000)
    line = RecordIntakeLine(banana, 10_000, unit_cost_satang=1_200)
    doc = record(shop, line, kind="outright", paid="cash", shift_id=opened.id)
    with pytest.raises(ShiftNeeded):
        in_transaction(intake.cancel, CancelIntake(doc.id, "ส่งผิด"), shop.actor)
    other = in_transaction(tills.add, shop.centre_id, "T2", "จุดขาย 2")
    elsewhere = in_transaction(shift.open_shift, shift.OpenShift(uuid7(), other.id, 0), shop.actor)
    command = CancelIntake(doc.id, "ส่งผิด", elsewhere.id)
    with pytest.raises(OtherTill):
        in_transaction(intake.cancel, command, shop.actor)
    command = CancelIntake(doc.id, "ส่งผิด", opened.id)
    in_transaction(intake.cancel, command, shop.actor)
    assert balance(shop, Purpose.CASH_TILL, till_id=shop.till_id) == 100_000
    assert intake.cash_paid(shop.centre_id, opened.id) == 0
    assert not wrong(shop)


# --- writing off -----------------------------------------------------------------------------


def test_own_goods_lost_are_the_centres_loss(shop: Shop) -> None:
    banana = shop.product("กล้วย", 2_000, by_weight=True)
    [lot] = intake.get(shop.buy(banana, 30_000, 1_200), shop.actor).lines
    doc = write_off(shop, lot.lot_id, 2_000)
    assert doc.waste_no == f"WS-{buddhist_year(clock.today())}-00001"
    assert doc.charge_satang == 2_400
    assert balance(shop, Purpose.WASTE) == 2_400
    assert balance(shop, Purpose.INVENTORY) == 33_600
    with pytest.raises(OwnGoods):
        write_off(shop, lot.lot_id, 1_000, bearer="producer")
    assert not wrong(shop)


def test_consigned_goods_lost_at_our_cost_are_owed_as_if_sold(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    [lot] = intake.get(shop.consign(honey, 20_000), shop.actor).lines
    doc = write_off(shop, lot.lot_id, 1_000)
    assert doc.charge_satang == 8_000
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE, producer_id=shop.producer_id) == -8_000
    assert balance(shop, Purpose.WASTE) == 8_000
    assert not wrong(shop)


def test_consigned_goods_the_producer_bears_are_only_noted(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    [lot] = intake.get(shop.consign(honey, 20_000), shop.actor).lines
    doc = write_off(shop, lot.lot_id, 1_000, bearer="producer")
    assert doc.charge_satang == 0
    assert ledger.entry_of(shop.centre_id, "waste", doc.id) == []
    assert lots.get(lot.lot_id, shop.actor).card.on_hand_milli == 19_000
    assert not wrong(shop)


def test_no_more_is_written_off_than_lies_there_under_any_policy(shop: Shop) -> None:
    shop = shop.under(oversell_policy="allow_and_flag")
    honey = shop.product("น้ำผึ้ง", 10_000)
    [lot] = intake.get(shop.consign(honey, 2_000), shop.actor).lines
    with pytest.raises(OutOfStock) as refusal:
        write_off(shop, lot.lot_id, 3_000)
    assert refusal.value.facts["available_milli"] == 2_000
    with pytest.raises(WholePieces):
        write_off(shop, lot.lot_id, 500)


def test_the_same_write_off_again_is_the_same_document(shop: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    [lot] = intake.get(shop.consign(honey, 2_000), shop.actor).lines
    first = write_off(shop, lot.lot_id, 1_000)
    assert write_off(shop, lot.lot_id, 1_000, id=first.id) == first
    with pytest.raises(WasteDiffers) as refusal:
        write_off(shop, lot.lot_id, 2_000, id=first.id)
    assert refusal.value.facts == {"differs": ["quantity_milli"]}
    assert lots.get(lot.lot_id, shop.actor).card.on_hand_milli == 1_000


def test_only_the_store_writes_off(shop: Shop, cashier: Actor, accountant: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    [lot] = intake.get(shop.consign(honey, 2_000), shop.actor).lines
    command = RecordWaste(uuid7(), lot.lot_id, 1_000, "เสีย", "centre")
    for actor in (cashier, accountant):
        with pytest.raises(Forbidden):
            in_transaction(waste.record, command, actor)
