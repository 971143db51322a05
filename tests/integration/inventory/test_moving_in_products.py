"""Products brought from files: their units, barcodes and prices, and out again."""

from __future__ import annotations

import pytest

from core.actor import Actor, Centre, system_actor
from inventory.services import catalogue
from inventory.services.catalogue import prices, tiers, units
from tests.moving import bring, exported, faults, lines, take, verdicts

HEADINGS = "รหัสสินค้า,ชื่อสินค้า,หมวด,ขายแบบ,หน่วย,เท่ากับกี่หน่วยหลัก,ราคา,ราคายกชุด,บาร์โค้ด,ขายอยู่\n"
GOOD = (
    HEADINGS
    + "E001,ไข่ไก่,ของสด,ชิ้น,ฟอง,,๔.๕๐,10=40; สมาชิก 1=4,8850001112223 8850001112224,\n"
    + "E001,,,,แผง,๓๐,120,,8850001112230,\n"
    + "R001,ข้าวหอม,ข้าว,ชั่งน้ำหนัก,กก.,,45,,,\n"
    + "R001,,,,ขีด,0.1,4.50,,,ไม่ใช่\n"
)
BAD = (
    HEADINGS
    + "A1,น้ำ,,,ขวด,,,,,\n"
    + "A1,,,,แพ็ค,6,50,,,\n"
    + "A2,,,,,,10,,111,\n"
    + "ก๑,ส้ม,,,ลูก,,10,,,\n"
    + "A4,ส้ม,,,ลูก,,10,3=30,,\n"
    + "A5,ส้ม,,,ลูก,,-1,,,\n"
    + "A6,ส้ม,,,ลูก,,10,,222,\n"
    + "A7,ส้ม,,,ลูก,,10,,222,\n"
)


def test_products_come_with_units_barcodes_and_prices_for_many(manager: Actor) -> None:
    card = bring("products", GOOD, manager)
    assert verdicts(card, manager) == ["new"] * 4
    assert take(card, manager).count("entered_lines") == 4
    known = {one.code: one for one in catalogue.shelf(manager.centre_id)}
    eggs = catalogue.get(known["E001"].id, manager)
    assert (eggs.price_satang, eggs.category_th) == (450, "ของสด")
    assert eggs.barcodes == ("8850001112223", "8850001112224")
    [tray] = units.of(eggs.id, manager)
    assert (tray.label, tray.factor_milli, tray.price_satang) == ("แผง", 30_000, 120_00)
    assert tray.barcodes == ("8850001112230",)
    said = [(one.members_only, one.count, one.price_satang) for one in tiers.of(eggs.id, manager)]
    assert sorted(said) == [(False, 10, 4000), (True, 1, 400)]
    assert {at for at, _ in prices.of_own_unit(eggs.id, manager)}


def test_what_is_wrong_is_said_by_column(manager: Actor) -> None:
    card = bring("products", BAD, manager)
    assert faults(card, manager) == [
        (2, "price"),
        (3, "code"),
        (4, "name_th"),
        (4, "unit"),
        (5, "code"),
        (6, "tiers"),
        (7, "price"),
        (9, "barcodes"),
    ]


def test_a_price_is_changed_by_a_manager_alone(manager: Actor, stock_keeper: Actor) -> None:
    take(bring("products", GOOD, manager), manager)
    other = "รหัส,หน่วย,เท่ากับกี่หน่วยหลัก,ราคา\nE001,,,5\nE001,แผง,30,130\nE001,,,4.50\n"
    card = bring("products", other, stock_keeper)
    assert faults(card, stock_keeper) == [(2, "price"), (3, "price")]
    again = bring("products", other + "\nR001,,,46\n", manager)
    assert verdicts(again, manager) == ["changed", "changed", "bad", "changed"]
    assert lines(again, manager)[0].told["changes"] == {"price": ["4.50", "5.00"]}
    take(again, manager, change_known=True)
    known = {one.code: one for one in catalogue.shelf(manager.centre_id)}
    assert known["E001"].price_satang == 500
    assert units.of(known["E001"].id, manager)[0].price_satang == 130_00


def test_a_table_goes_out_and_comes_in_as_the_same_facts(
    manager: Actor, other_centre: Centre
) -> None:
    take(bring("products", GOOD, manager), manager)
    out = exported("products", manager)
    assert set(verdicts(bring("products", out, manager), manager)) == {"there"}
    empty = system_actor(other_centre)
    take(bring("products", out, empty), empty)
    assert exported("products", empty) == out


@pytest.mark.parametrize("code", ["8850001112223", "E001"])
def test_a_code_means_one_thing(manager: Actor, code: str) -> None:
    take(bring("products", GOOD, manager), manager)
    card = bring("products", f"รหัส,ชื่อ,หน่วย,ราคา,บาร์โค้ด\nZ1,ส้ม,ลูก,5,{code}\n", manager)
    assert faults(card, manager) == [(2, "barcodes")]
