"""What labels say, and that the counter knows the lots they name."""

from __future__ import annotations

from datetime import date

import pytest

from core.actor import Actor, Centre
from core.db import in_transaction
from core.errors import Forbidden, NotFound
from core.ids import uuid7
from inventory.services import catalogue, intake, labels
from inventory.services.intake import RecordIntake, RecordIntakeLine
from pos.services.sale import RecordSaleLine
from tests.conftest import actor_of
from tests.shop import Shop, shop_in


@pytest.fixture
def shop(centre: Centre) -> Shop:
    return shop_in(centre)


def test_an_intakes_labels_are_one_a_piece_left(shop: Shop, stock_keeper: Actor) -> None:
    honey = shop.product("น้ำผึ้ง", 18_000)
    mango = shop.product("มะม่วง", 4_500, by_weight=True)
    lines = (
        RecordIntakeLine(honey, 20_000, expires_on=date(2027, 5, 31)),
        RecordIntakeLine(mango, 12_500),
    )
    command = RecordIntake(uuid7(), shop.producer_id, "consignment", lines)
    receipt = in_transaction(intake.record, command, shop.actor)
    shop.open()
    shop.sell(RecordSaleLine(honey, 3_000, 18_000))
    job = labels.of_receipt(receipt.id, stock_keeper)
    assert job.number == receipt.receipt_no
    jars, crate = job.labels
    assert (jars.copies, crate.copies) == (17, 1)
    assert (jars.producer_name, jars.price_satang, jars.expires_on) == (
        "ป้าแดง",
        18_000,
        date(2027, 5, 31),
    )
    assert crate.by_weight
    assert labels.of_lot(jars.lot_id, stock_keeper).labels == (jars,)


def test_labels_are_the_stores(
    shop: Shop, centre: Centre, other_centre: Centre, stock_keeper: Actor
) -> None:
    [line] = intake.get(shop.consign(shop.product("แยม", 9_000), 1_000), shop.actor).lines
    with pytest.raises(Forbidden):
        labels.of_lot(line.lot_id, actor_of(centre, "cashier"))
    for read in (labels.of_lot, labels.of_receipt):
        with pytest.raises(NotFound):
            read(line.lot_id, actor_of(other_centre, "stock_keeper"))
    with pytest.raises(NotFound):
        labels.of_receipt(line.lot_id, stock_keeper)


def test_the_counter_knows_the_lots_on_its_shelf(shop: Shop) -> None:
    jam = shop.product("แยม", 9_000)
    first, second = (
        intake.get(shop.consign(jam, 1_000), shop.actor).lines[0].lot_no for _ in range(2)
    )
    shop.open()
    [card] = [one for one in catalogue.shelf(shop.centre_id) if one.id == jam]
    assert card.lot_nos == (first, second)
    shop.sell(RecordSaleLine(jam, 1_000, 9_000))
    [card] = [one for one in catalogue.shelf(shop.centre_id) if one.id == jam]
    assert card.lot_nos == (second,)
