"""Transfers: to another place at once, to another centre over the road, and what falls short."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger, statements
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from core.paging import Window
from inventory.models import GoodsReceipt, Lot, StockLevel, TransferArrivalLine
from inventory.rules.intake import WholePieces
from inventory.services import catalogue, intake, locations, verify
from inventory.services.cancellation import CameByTransfer, CancelIntake
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.catalogue.counting_in import UnitInUse
from inventory.services.stock import OutOfStock
from inventory.services.transfers import arrivals, differences, documents, origins, sending
from inventory.services.transfers.arrivals import (
    ArrivalDiffers,
    ArrivedLine,
    LineMissing,
    MoreThanSent,
    ReceiveGoods,
)
from inventory.services.transfers.differences import (
    DifferenceDiffers,
    NotAllSettled,
    NothingMissing,
    SettleDifference,
    SettleLine,
)
from inventory.services.transfers.sending import (
    LotTwice,
    NowhereToGo,
    OtherNetwork,
    SendGoods,
    SendLine,
    TransferDiffers,
)
from inventory.services.waste import OwnGoods
from members.services import producers
from members.services.centres import NewCentre
from members.services.producers import ChangeProducer
from pos.services import founding
from pos.services.sale import RecordSaleLine
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


@pytest.fixture
def neighbour(centre: Centre) -> Shop:
    """Another centre of the same network."""
    new = NewCentre(
        code="NBR", name_th="ศูนย์ข้างเคียง", name_en="Next centre", network_id=centre.network_id
    )
    return shop_in(in_transaction(founding.found, new).centre)


def lot_of(receipt_id: UUID) -> UUID:
    found = db.session.scalars(select(Lot.id).where(Lot.goods_receipt_id == receipt_id)).one()
    db.session.rollback()
    return found


def lying(centre_id: int) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    rows = db.session.execute(
        select(
            StockLevel.lot_id,
            StockLevel.location_id,
            StockLevel.quantity_milli,
            StockLevel.value_satang,
        ).where(StockLevel.centre_id == centre_id, StockLevel.quantity_milli != 0)
    ).all()
    db.session.rollback()
    return {(lot, place): (quantity, value) for lot, place, quantity, value in rows}


def send(shop: Shop, *lines: tuple[UUID, int], to: Centre | UUID) -> UUID:
    command = SendGoods(
        id=uuid7(),
        from_location_id=locations.shop(shop.centre_id).id,
        lines=tuple(SendLine(*line) for line in lines),
        to_location_id=to if isinstance(to, UUID) else None,
        to_centre_id=to.id if isinstance(to, Centre) else None,
    )
    return in_transaction(sending.send, command, shop.actor)


def receive(there: Shop, shop: Shop, transfer_id: UUID, *figures: int) -> UUID:
    command = ReceiveGoods(
        id=uuid7(),
        from_centre_id=shop.centre_id,
        transfer_id=transfer_id,
        location_id=locations.shop(there.centre_id).id,
        lines=tuple(ArrivedLine(*line) for line in enumerate(figures, start=1)),
    )
    return in_transaction(arrivals.receive, command, there.actor)


def assert_holds(*shops: Shop) -> None:
    for one in shops:
        wrong = [found for found in verify.checks(one.centre_id) if not found.ok]
        assert wrong == []
        books = statements.trial_balance(clock.today(), one.actor)
        assert books.debit_satang == books.credit_satang
    db.session.rollback()


def balance(shop: Shop, purpose: Purpose) -> int:
    found = ledger.balance(shop.centre_id, purpose)
    db.session.rollback()
    return found


def test_another_place_of_ours_takes_the_goods_and_their_cost(
    shop: Shop, stock_keeper: Actor
) -> None:
    oil, honey = shop.product("น้ำมัน", 9_000), shop.product("น้ำผึ้ง", 10_000)
    own, theirs = lot_of(shop.buy(oil, 3_000, 3_333)), lot_of(shop.consign(honey, 10_000))
    shelf = locations.shop(shop.centre_id).id
    store = next(one.id for one in sending.places(shop.centre_id) if one.code == "STORE")
    for _ in range(2):
        transfer = send(shop, (own, 1_000), (theirs, 4_000), to=store)
    assert lying(shop.centre_id) == {
        (own, shelf): (1_000, 3_333),
        (own, store): (2_000, 6_666),
        (theirs, shelf): (2_000, 0),
        (theirs, store): (8_000, 0),
    }
    doc = documents.get(transfer, stock_keeper)
    assert (doc.state, doc.to_place.code) == ("done", "STORE")
    assert ledger.entry_of(shop.centre_id, "transfer", transfer) == []
    assert_holds(shop)


def test_own_goods_arrive_at_the_senders_cost(shop: Shop, neighbour: Shop) -> None:
    oil = shop.product("น้ำมัน", 9_000)
    own = lot_of(shop.buy(oil, 3_000, 3_333))
    transfer = send(shop, (own, 2_000), to=neighbour.actor.centre)
    assert balance(shop, Purpose.GOODS_IN_TRANSIT) == 6_666
    assert balance(shop, Purpose.INVENTORY) == 3_333
    [waiting] = documents.waiting(neighbour.actor)
    assert (waiting.id, waiting.centre_id) == (transfer, shop.centre_id)
    first = receive(neighbour, shop, transfer, 2_000)
    assert receive(neighbour, shop, transfer, 2_000) == first
    assert documents.waiting(neighbour.actor) == []
    assert balance(neighbour, Purpose.INVENTORY) == 6_666
    assert balance(neighbour, Purpose.GOODS_IN_TRANSIT) == -6_666
    [(lot_id, _)] = lying(neighbour.centre_id)
    lot = db.session.get(Lot, (neighbour.centre_id, lot_id))
    assert lot is not None
    assert (lot.ownership, lot.cost_satang, lot.unit_cost_satang) == ("own", 6_666, 3_333)
    assert documents.get(transfer, shop.actor).state == "arrived"
    assert_holds(shop, neighbour)


def test_consigned_goods_stay_the_same_persons_under_the_same_terms(
    shop: Shop, neighbour: Shop
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000, barcode="8850000000010")
    jars = lot_of(shop.consign(honey, 10_000, split=7_500))
    card = producers.get(shop.centre_id, shop.producer_id)
    known = ChangeProducer(
        producer_id=card.id, version=card.version, name=card.name, phone="0812345678"
    )
    in_transaction(producers.change, known, shop.actor)
    for quantity in (4_000, 2_000):
        receive(neighbour, shop, send(shop, (jars, quantity), to=neighbour.actor.centre), quantity)
    rows = db.session.scalars(select(Lot).where(Lot.centre_id == neighbour.centre_id)).all()
    assert {row.split_basis_points for row in rows} == {7_500}
    [person] = {row.producer_id for row in rows}
    assert person != shop.producer_id
    theirs = producers.get(neighbour.centre_id, person)
    assert (theirs.name, theirs.phone) == (card.name, "0812345678")
    [product] = {row.product_id for row in rows}
    neighbour.open()
    neighbour.sell(RecordSaleLine(product, 1_000, 10_000))
    owed = ledger.sub_ledger(neighbour.centre_id, Purpose.CONSIGNMENT_PAYABLE, "producer")
    assert owed == {person: -7_500}
    assert balance(shop, Purpose.GOODS_IN_TRANSIT) == 0
    assert_holds(shop, neighbour)
    # On the way back everybody is who they were.
    back = send(neighbour, (rows[0].id, 1_000), to=shop.actor.centre)
    home = receive(shop, neighbour, back, 1_000)
    [line] = db.session.scalars(
        select(TransferArrivalLine).where(TransferArrivalLine.arrival_id == home)
    )
    lot = db.session.get(Lot, (shop.centre_id, line.lot_id))
    assert lot is not None
    assert (lot.producer_id, lot.product_id) == (shop.producer_id, honey)
    assert_holds(shop, neighbour)


def test_what_falls_short_is_settled_by_the_sender(shop: Shop, neighbour: Shop) -> None:
    oil, honey = shop.product("น้ำมัน", 9_000), shop.product("น้ำผึ้ง", 10_000)
    own, theirs = lot_of(shop.buy(oil, 3_000, 3_333)), lot_of(shop.consign(honey, 10_000))
    transfer = send(shop, (own, 3_000), (theirs, 5_000), to=neighbour.actor.centre)
    command = SettleDifference(
        transfer,
        "แตกระหว่างทาง",
        (SettleLine(1, 1_000, 1_000), SettleLine(2, 1_000, 2_000)),
    )
    with pytest.raises(NothingMissing):
        in_transaction(differences.settle, command, shop.actor)
    receive(neighbour, shop, transfer, 1_000, 2_000)
    assert documents.get(transfer, shop.actor).state == "short"
    assert (
        balance(shop, Purpose.GOODS_IN_TRANSIT) + balance(neighbour, Purpose.GOODS_IN_TRANSIT)
        == 2 * 3_333
    )
    for lines in (
        (SettleLine(1, 1_000, 0), SettleLine(2, 1_000, 2_000)),
        (SettleLine(1, 1_000, 1_000),),
        (SettleLine(3, 1_000, 1_000),),
    ):
        with pytest.raises(NotAllSettled):
            in_transaction(differences.settle, SettleDifference(transfer, "x", lines), shop.actor)
    wrong = SettleDifference(transfer, "x", (SettleLine(1, 0, 2_000, "producer"),))
    with pytest.raises(OwnGoods):
        in_transaction(differences.settle, wrong, shop.actor)
    for _ in range(2):
        in_transaction(differences.settle, command, shop.actor)
    with pytest.raises(DifferenceDiffers):
        in_transaction(differences.settle, wrong, shop.actor)
    shelf = locations.shop(shop.centre_id).id
    assert lying(shop.centre_id) == {(own, shelf): (1_000, 3_333), (theirs, shelf): (6_000, 0)}
    assert balance(shop, Purpose.WASTE) == 3_333 + 16_000
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == -16_000
    both = balance(shop, Purpose.GOODS_IN_TRANSIT) + balance(neighbour, Purpose.GOODS_IN_TRANSIT)
    assert both == 0
    doc = documents.get(transfer, shop.actor)
    assert (doc.state, [line.charge_satang for line in doc.lines]) == ("settled", [3_333, 16_000])
    assert_holds(shop, neighbour)


def test_goods_on_their_way_keep_their_unit(shop: Shop, neighbour: Shop) -> None:
    oil = shop.product("น้ำมัน", 9_000)
    transfer_id = send(
        shop, (lot_of(shop.buy(oil, 3_000, 3_333)), 3_000), to=neighbour.actor.centre
    )
    card = catalogue.get(oil, shop.actor)
    named = (card.code, card.name_th, card.name_en, card.sold_by)
    litres = SaveProduct(oil, ProductFacts(*named, "ลิตร", card.price_satang), card.version)
    with pytest.raises(UnitInUse):
        in_transaction(catalogue.save, litres, shop.actor)
    receive(neighbour, shop, transfer_id, 2_000)
    with pytest.raises(UnitInUse):  # one may still come back
        in_transaction(catalogue.save, litres, shop.actor)
    settle = SettleDifference(transfer_id, "แตก", (SettleLine(1, 0, 1_000, "centre"),))
    in_transaction(differences.settle, settle, shop.actor)
    assert in_transaction(catalogue.save, litres, shop.actor)[0].unit == "ลิตร"


def test_nothing_arrived_and_the_producer_bears_it(shop: Shop, neighbour: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    jars = lot_of(shop.consign(honey, 10_000))
    transfer = send(shop, (jars, 5_000), to=neighbour.actor.centre)
    arrival = receive(neighbour, shop, transfer, 0)
    settled = SettleDifference(transfer, "รถหาย", (SettleLine(1, 0, 5_000, "producer"),))
    in_transaction(differences.settle, settled, shop.actor)
    assert documents.of_arrival(arrival, neighbour.actor).lines[0].new_lot_id is None
    assert balance(shop, Purpose.CONSIGNMENT_PAYABLE) == 0
    assert ledger.entry_of(shop.centre_id, "transfer_difference", transfer) == []
    assert lying(neighbour.centre_id) == {}
    assert_holds(shop, neighbour)


def test_no_more_arrives_than_was_sent_and_only_once(shop: Shop, neighbour: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    jars = lot_of(shop.consign(honey, 10_000))
    transfer = send(shop, (jars, 5_000), to=neighbour.actor.centre)
    with pytest.raises(MoreThanSent):
        receive(neighbour, shop, transfer, 6_000)
    with pytest.raises(WholePieces):
        receive(neighbour, shop, transfer, 4_500)
    for figures in ((), (5_000, 1_000)):
        with pytest.raises(LineMissing):
            receive(neighbour, shop, transfer, *figures)
    assert lying(neighbour.centre_id) == {}
    receive(neighbour, shop, transfer, 5_000)
    with pytest.raises(ArrivalDiffers):
        receive(neighbour, shop, transfer, 4_000)
    receipt = db.session.scalars(
        select(GoodsReceipt).where(GoodsReceipt.centre_id == neighbour.centre_id)
    ).one()
    assert (receipt.kind, receipt.paid) == ("transfer", "none")
    with pytest.raises(CameByTransfer):
        in_transaction(intake.cancel, CancelIntake(receipt.id, "ผิด"), neighbour.actor)


def test_another_network_gets_and_sees_nothing(
    shop: Shop, neighbour: Shop, other_centre: Centre
) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    jars = lot_of(shop.consign(honey, 10_000))
    stranger = shop_in(other_centre)
    for centre in (other_centre, shop.actor.centre):
        with pytest.raises(OtherNetwork):
            send(shop, (jars, 1_000), to=centre)
    transfer = send(shop, (jars, 1_000), to=neighbour.actor.centre)
    assert documents.waiting(stranger.actor) == []
    assert sending.neighbours(stranger.actor) == []
    for work in (
        lambda: receive(stranger, shop, transfer, 1_000),
        lambda: documents.incoming(shop.centre_id, transfer, stranger.actor),
        lambda: documents.get(transfer, neighbour.actor),
    ):
        with pytest.raises(NotFound):
            work()


def test_bad_transfers_are_refused(shop: Shop, neighbour: Shop, auditor: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    jars = lot_of(shop.consign(honey, 10_000))
    centre_id = shop.centre_id
    shelf = locations.shop(centre_id).id
    store = next(one.id for one in sending.places(centre_id) if one.code == "STORE")
    outside = locations.outside(centre_id, "waste")
    for refusal, to, lines in (
        (OutOfStock, store, [(jars, 11_000)]),
        (OutOfStock, neighbour.actor.centre, [(jars, 11_000)]),
        (WholePieces, store, [(jars, 1_500)]),
        (LotTwice, store, [(jars, 1_000), (jars, 2_000)]),
        (NowhereToGo, shelf, [(jars, 1_000)]),
        (NotFound, outside, [(jars, 1_000)]),
        (NotFound, store, [(uuid7(), 1_000)]),
    ):
        with pytest.raises(refusal):
            send(shop, *lines, to=to)  # type: ignore[arg-type]
    command = SendGoods(uuid7(), shelf, (SendLine(jars, 1_000),), to_location_id=store)
    in_transaction(sending.send, command, shop.actor)
    other = SendGoods(command.id, shelf, (SendLine(jars, 2_000),), to_location_id=store)
    with pytest.raises(TransferDiffers):
        in_transaction(sending.send, other, shop.actor)
    with pytest.raises(Forbidden):
        in_transaction(sending.send, command, auditor)
    page = documents.listing(shop.actor, Window(limit=1))
    assert [(card.to_name, card.between) for card in page.items] == [("ห้องเก็บของ", False)]


def test_the_receiver_says_which_product_it_is(shop: Shop, neighbour: Shop) -> None:
    honey = shop.product("น้ำผึ้ง", 10_000)
    jars = lot_of(shop.consign(honey, 10_000))
    ours = neighbour.product("น้ำผึ้งป่า", 12_000)
    by_weight = neighbour.product("น้ำผึ้งชั่ง", 12_000, by_weight=True)
    transfer = send(shop, (jars, 1_000), to=neighbour.actor.centre)
    place = locations.shop(neighbour.centre_id).id
    for product_id, refusal in ((by_weight, origins.ProductUnlike), (ours, None)):
        line = ArrivedLine(1, 1_000, product_id)
        command = ReceiveGoods(uuid7(), shop.centre_id, transfer, place, (line,))
        if refusal:
            with pytest.raises(refusal):
                in_transaction(arrivals.receive, command, neighbour.actor)
        else:
            in_transaction(arrivals.receive, command, neighbour.actor)
    again = send(shop, (jars, 1_000), to=neighbour.actor.centre)
    receive(neighbour, shop, again, 1_000)
    assert set(
        db.session.scalars(select(Lot.product_id).where(Lot.centre_id == neighbour.centre_id))
    ) == {ours}
    assert_holds(shop, neighbour)
