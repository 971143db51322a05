"""Opening stock brought from files: one opening of the old books, lot by lot, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounting.rules.chart import Purpose
from accounting.services import ledger
from accounting.services.opening import OpeningInFuture
from core import clock
from core.actor import Actor, Centre, system_actor
from core.db import db
from inventory.models import GoodsReceipt, Location, Lot, StockLevel
from inventory.services import verify
from members.services.moving_in.imports import DayMissing
from tests.moving import bring, exported, faults, lines, take, verdicts

PRODUCTS = "รหัส,ชื่อ,หน่วย,ขายแบบ,ราคา\nE001,ไข่ไก่,ฟอง,,5\nR001,ข้าว,กก.,ชั่งน้ำหนัก,45\n"
PRODUCERS = "รหัสผู้ผลิต,ชื่อ,ส่วนแบ่ง\nP001,นางแดง ใจดี,80\nP002,นายดำ มาก,75\n"
HEADINGS = "รหัสสินค้า,จำนวน,หน่วย,ผู้ผลิต,เป็นของ,ต้นทุนต่อหน่วย,มูลค่า,ส่วนแบ่ง,ล็อต,วันหมดอายุ,ที่เก็บ\n"
GOOD = (
    HEADINGS
    + "E001,๑๒๐,ฟอง,P001,ของศูนย์,3.50,,,A-๑,31/12/2570,\n"
    + "R001,12.5,,,,,500,,,,ห้องเก็บของ\n"
    + "R001,7,,P002,ฝากขาย,,,70,B-2,,STORE\n"
)
BAD = (
    HEADINGS
    + "E009,1,,,,1,,,,,\n"
    + "E001,1.5,,,,1,,,,,\n"
    + "E001,1,แผง,,,1,,,,,\n"
    + "E001,1,,P999,,1,,,,,\n"
    + "E001,1,,,ฝากขาย,,,,,,\n"
    + "E001,1,,P001,ฝากขาย,4,,,,,\n"
    + "E001,1,,,,1,,,,,ดวงจันทร์\n"
    + "E001,1,,,,1,,80,,,\n"
    + "E001,1,,,,1,,,L2569-00001,,\n"
)
DAY = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def goods_hold(centre: Centre, other_centre: Centre) -> Iterator[None]:
    """After each test every check of the goods holds."""
    yield
    for one in (centre, other_centre):
        failed = [finding for finding in verify.checks(one.id) if not finding.ok]
        assert not failed, failed


def ready(actor: Actor) -> None:
    for kind, table in (("products", PRODUCTS), ("producers", PRODUCERS)):
        take(bring(kind, table, actor), actor)


def test_stock_comes_as_one_opening_with_its_entry(manager: Actor) -> None:
    ready(manager)
    card = bring("stock", GOOD, manager, DAY)
    assert verdicts(card, manager) == ["new"] * 3
    take(card, manager)
    centre_id = manager.centre_id
    assert ledger.balance(centre_id, Purpose.INVENTORY) == 420_00 + 500_00
    assert abs(ledger.balance(centre_id, Purpose.BROUGHT_FORWARD)) == 920_00
    found = db.session.execute(
        select(Lot.lot_no, Lot.ownership, Lot.split_basis_points, Location.code, GoodsReceipt.kind)
        .join(GoodsReceipt, GoodsReceipt.id == Lot.goods_receipt_id)
        .join(StockLevel, StockLevel.lot_id == Lot.id)
        .join(Location, Location.id == StockLevel.location_id)
        .order_by(Lot.lot_no)
    ).all()
    assert found[0] == ("A-1", "own", None, "SHOP", "opening")
    assert found[1] == ("B-2", "consigned", 7000, "STORE", "opening")
    assert found[2][1:4] == ("own", None, "STORE")


def test_what_is_wrong_is_said_by_column(manager: Actor) -> None:
    ready(manager)
    card = bring("stock", BAD, manager, DAY)
    assert faults(card, manager) == [
        (2, "code"),
        (3, "quantity"),
        (4, "unit"),
        (5, "producer"),
        (6, "producer"),
        (7, "total"),
        (8, "location"),
        (9, "split"),
        (10, "lot"),
    ]


def test_another_part_is_a_managers_to_agree(manager: Actor, accountant: Actor) -> None:
    ready(manager)
    assert faults(bring("stock", GOOD, accountant, DAY), accountant) == [(4, "split")]


def test_the_day_must_be_told_and_have_come(manager: Actor) -> None:
    ready(manager)
    with pytest.raises(DayMissing):
        bring("stock", GOOD, manager)
    with pytest.raises(OpeningInFuture):
        bring("stock", GOOD, manager, clock.today() + timedelta(days=1))


def test_a_lot_that_is_here_is_not_made_again(manager: Actor) -> None:
    ready(manager)
    take(bring("stock", GOOD, manager, DAY), manager)
    more = HEADINGS + "E001,5,,,,1,,,A-1,,\nE001,5,,,,1,,,A-3,,\nE001,5,,,,1,,,A-3,,\n"
    card = bring("stock", more, manager, DAY)
    assert verdicts(card, manager) == ["there", "new", "bad"]
    assert lines(card, manager)[2].told["faults"][0][2] == {"number": "A-3", "other": 3}


def test_a_table_goes_out_and_comes_in_as_the_same_facts(
    manager: Actor, other_centre: Centre
) -> None:
    ready(manager)
    take(bring("stock", GOOD, manager, DAY), manager)
    out = exported("stock", manager)
    assert set(verdicts(bring("stock", out, manager, DAY), manager)) == {"there"}
    empty = system_actor(other_centre)
    ready(empty)
    take(bring("stock", out, empty, DAY), empty)
    assert exported("stock", empty) == out


def test_what_is_no_longer_sold_may_still_lie_there(manager: Actor) -> None:
    take(bring("products", "รหัส,ชื่อ,หน่วย,ราคา,ขายอยู่\nE009,ไข่เป็ด,ฟอง,6,ไม่ใช่\n", manager), manager)
    card = bring("stock", "รหัสสินค้า,ชื่อสินค้า,จำนวน\nE009,,5\n,ไข่เป็ด,5\n", manager, DAY)
    assert verdicts(card, manager) == ["new", "bad"]
    assert take(card, manager).count("entered_lines") == 1
