"""What the demo's mill and bottling room make: rice of our own and of three farmers, water, bags.

Small on purpose: a few batches with different yields, so that their plot tells a story, and one
left in work. Every figure is written here, none is drawn by lot.
"""

from __future__ import annotations

from datetime import time
from uuid import UUID

from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import catalogue, intake, locations
from inventory.services.catalogue import ProductFacts, SaveProduct
from inventory.services.intake import RecordIntake, RecordIntakeLine
from inventory.services.production import batches, bringing, finishing, issuing, recipes, repacking
from inventory.services.production.batches import AddCost, OpenBatch
from inventory.services.production.bringing import Brought
from inventory.services.production.finishing import FinishBatch, OutputLine
from inventory.services.production.issuing import IssueGoods, IssueLine
from inventory.services.production.recipes import RecipeLine, SaveRecipe
from inventory.services.production.repacking import Repack
from pos.services.demo.shop import Shop, Watch

EVENING = time(18, 20)
GOODS = (
    ("PAD01", "ข้าวเปลือก", "Paddy", "weight", "กก.", 15_00),
    ("BRN01", "รำข้าว", "Rice bran", "weight", "กก.", 10_00),
    ("BRK01", "ปลายข้าว", "Broken rice", "weight", "กก.", 15_00),
    ("RIC50", "ข้าวสาร กระสอบ 50 กก.", "Milled rice 50 kg sack", "piece", "กระสอบ", 1_750_00),
    ("RICB1", "ข้าวสาร ถุง 1 กก.", "Milled rice 1 kg bag", "piece", "ถุง", 40_00),
    ("RICE1", "ข้าวสารสีเอง", "Rice milled here", "weight", "กก.", 38_00),
    ("BOT01", "ขวดเปล่า 600 มล.", "Empty bottle 600 ml", "piece", "ขวด", 3_00),
    ("WATM1", "น้ำดื่ม 600 มล.", "Drinking water 600 ml", "piece", "ขวด", 7_00),
    ("PEL01", "ปุ๋ยอัดเม็ด", "Fertiliser pellets", "weight", "กก.", 12_00),
    ("CAN01", "อ้อย", "Sugar cane", "weight", "กก.", 2_00),
    ("SUGM1", "น้ำตาลอ้อย", "Cane sugar", "weight", "กก.", 60_00),
)
OWN, JOINT, WATER, PELLETS, SUGAR = (
    "สีข้าวของศูนย์",
    "สีข้าวร่วมกัน",
    "น้ำดื่มบรรจุขวด",
    "ปุ๋ยอัดเม็ด",
    "น้ำตาลอ้อยและกากน้ำตาล",
)
MILLED = ((126_000, 16_000), (122_500, 17_000), (128_000, 15_500))
"""Rice and bran out of 200 kg of paddy, batch by batch."""


def play_day(shop: Shop, number: int, watch: Watch) -> None:
    """Play the mill's part of a day, in the first evenings."""
    watch.until(EVENING)
    if number == 0:
        _set_up(shop)
    if number < len(MILLED):
        _mill(shop, number)
    if number == 1:
        _mill_together(shop)
        _fill_bottles(shop)
        _pack_bags(shop)
        _press_and_boil(shop)
    if number == len(MILLED):
        # One is left in work over night: its paddy stands in work in progress.
        _put(shop, _open(shop, OWN), IssueLine(50_000, product_id=_product(shop, "PAD01")))


def _set_up(shop: Shop) -> None:
    for code, name_th, name_en, sold_by, unit, price in GOODS:
        facts = ProductFacts(
            code=code,
            name_th=name_th,
            name_en=name_en,
            sold_by=sold_by,
            unit=unit,
            price_satang=price,
            category="ผลิตเอง",
        )
        in_transaction(catalogue.save, SaveProduct(uuid7(), facts), shop.staff["manager"])
    _buy(shop, "PAD01", 700_000, 12_00)
    _buy(shop, "BOT01", 500_000, 2_20)
    _buy(shop, "RIC50", 4_000, 1_450_00)
    _buy(shop, "CAN01", 300_000, 1_20)
    _recipe(
        shop,
        OWN,
        "own",
        RecipeLine("in", 200_000, _product(shop, "PAD01"), 1000),
        RecipeLine("cost", 2_000, kind="labour", label="คนสี 2 ชั่วโมง", rate_satang=50_00),
        RecipeLine("out", 128_000, _product(shop, "RICE1"), 1000, role="main"),
        RecipeLine("out", 16_000, _product(shop, "BRN01"), 1000, role="by_product",
                   unit_value_satang=8_00),
        RecipeLine("out", 56_000, unit_grams=1000, role="waste"),
    )  # fmt: skip
    _recipe(
        shop,
        JOINT,
        "joint",
        RecipeLine("in", 600_000, _product(shop, "PAD01"), 1000),
        RecipeLine("out", 384_000, _product(shop, "RICE1"), 1000, role="main"),
        RecipeLine("out", 48_000, _product(shop, "BRN01"), 1000, role="by_product",
                   unit_value_satang=8_00),
    )  # fmt: skip
    _recipe(
        shop,
        WATER,
        "own",
        RecipeLine("in", 240_000, _product(shop, "BOT01")),
        RecipeLine("cost", 150_000, unit_grams=1000, kind="water", label="น้ำบาดาล", rate_satang=15),
        RecipeLine("out", 240_000, _product(shop, "WATM1"), 600, role="main"),
    )


def _mill(shop: Shop, number: int) -> None:
    rice, bran = MILLED[number]
    batch_id = _open(shop, OWN)
    _put(shop, batch_id, IssueLine(200_000, product_id=_product(shop, "PAD01")))
    _cost(shop, batch_id, "labour", "คนสี 2 ชั่วโมง", 2_000, 50_00)
    _cost(shop, batch_id, "energy", "ค่าไฟตามมิเตอร์", 18_000, 4_50)
    _finish(
        shop,
        FinishBatch(
            batch_id,
            (
                OutputLine("main", rice, _product(shop, "RICE1")),
                OutputLine("by_product", bran, _product(shop, "BRN01"), unit_value_satang=8_00),
                OutputLine("by_product", 8_000, _product(shop, "BRK01"), unit_value_satang=10_00),
                OutputLine("waste", 40_000),
            ),
        ),
    )


def _mill_together(shop: Shop) -> None:
    """Three farmers bring 100, 200 and 300 kg; the bran stays as a part of the fee."""
    people = sorted({one.producer_id for one in shop.goods}, key=str)[:3]
    paddy = _product(shop, "PAD01")
    batch_id = _open(shop, JOINT, "joint")
    brought = tuple(
        Brought(who, paddy, kilograms * 1000)
        for who, kilograms in zip(people, (100, 200, 300), strict=True)
    )
    command = IssueGoods(uuid7(), batch_id, ())
    in_transaction(bringing.put_in, command, brought, shop.staff["stock"])
    _finish(
        shop,
        FinishBatch(
            batch_id,
            (
                OutputLine("main", 381_000, _product(shop, "RICE1")),
                OutputLine(
                    "by_product",
                    48_000,
                    _product(shop, "BRN01"),
                    unit_value_satang=8_00,
                    kept_milli=48_000,
                ),
                OutputLine("waste", 160_000),
            ),
            fee_rate_satang=50,
            taken_home=(people[1],),
        ),
    )


def _fill_bottles(shop: Shop) -> None:
    batch_id = _open(shop, WATER)
    _put(shop, batch_id, IssueLine(240_000, product_id=_product(shop, "BOT01"), unit_grams=0))
    water = AddCost(uuid7(), batch_id, "water", "น้ำบาดาล", 150_000, 15, 150_000)
    in_transaction(batches.add_cost, water, shop.staff["stock"])
    _cost(shop, batch_id, "labour", "คนบรรจุ", 3_000, 50_00)
    out = OutputLine("main", 238_000, _product(shop, "WATM1"), unit_grams=600)
    _finish(shop, FinishBatch(batch_id, (out,)))


def _pack_bags(shop: Shop) -> None:
    command = Repack(
        id=uuid7(),
        location_id=locations.shop(shop.centre.id).id,
        product_id=_product(shop, "RIC50"),
        quantity_milli=2_000,
        unit_grams=50_000,
        to_product_id=_product(shop, "RICB1"),
        to_quantity_milli=99_000,
        to_unit_grams=1_000,
        loss_rule="expense",
        name="แบ่งข้าวสารเป็นถุง",
    )
    in_transaction(repacking.repack, command, shop.staff["stock"])


def _press_and_boil(shop: Shop) -> None:
    """Compost becomes pellets; cane becomes sugar, and molasses by the way."""
    pellets = _open(shop, PELLETS)
    _put(shop, pellets, IssueLine(60_000, product_id=_product(shop, "FER02")))
    _cost(shop, pellets, "energy", "น้ำมันเครื่องอัด", 2_000, 35_00)
    out = OutputLine("main", 52_500, _product(shop, "PEL01"))
    _finish(shop, FinishBatch(pellets, (out, OutputLine("waste", 1_500))))
    sugar = _open(shop, SUGAR)
    _put(shop, sugar, IssueLine(300_000, product_id=_product(shop, "CAN01")))
    _cost(shop, sugar, "labour", "คนเคี่ยว", 6_000, 50_00)
    _finish(
        shop,
        FinishBatch(
            sugar,
            (
                OutputLine("main", 27_000, _product(shop, "SUGM1")),
                OutputLine("by_product", 10_500, _product(shop, "MOL01"), unit_value_satang=7_00),
            ),
        ),
    )


# --- parts -----------------------------------------------------------------------------------


def _open(shop: Shop, name: str, kind: str = "own") -> UUID:
    def open_batch(actor: Actor) -> UUID:
        known = {one.name: one.id for one in recipes.listing(actor)}
        place = locations.shop(actor.centre_id).id
        command = OpenBatch(uuid7(), kind, name, place, recipe_id=known.get(name))
        return batches.open_batch(command, actor)

    return in_transaction(open_batch, shop.staff["stock"])


def _put(shop: Shop, batch_id: UUID, *lines: IssueLine) -> None:
    in_transaction(issuing.issue, IssueGoods(uuid7(), batch_id, lines), shop.staff["stock"])


def _cost(shop: Shop, batch_id: UUID, kind: str, label: str, milli: int, rate_satang: int) -> None:
    command = AddCost(uuid7(), batch_id, kind, label, milli, rate_satang)
    in_transaction(batches.add_cost, command, shop.staff["stock"])


def _finish(shop: Shop, command: FinishBatch) -> None:
    in_transaction(finishing.finish, command, shop.staff["stock"])


def _buy(shop: Shop, code: str, milli: int, unit_cost_satang: int) -> None:
    line = RecordIntakeLine(_product(shop, code), milli, unit_cost_satang=unit_cost_satang)
    seller = min((one.producer_id for one in shop.goods if not one.consigned), key=str)
    command = RecordIntake(uuid7(), seller, "outright", (line,))
    in_transaction(intake.record, command, shop.staff["stock"])


def _recipe(shop: Shop, name: str, kind: str, *lines: RecipeLine) -> None:
    command = SaveRecipe(uuid7(), name, kind, "weight", "spread", lines)
    in_transaction(recipes.save, command, shop.staff["stock"])


def _product(shop: Shop, code: str) -> UUID:
    return next(one.id for one in catalogue.shelf(shop.centre.id) if one.code == code)
