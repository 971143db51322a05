"""What the demo's goods are sold in, cost together and are licensed for, on the last day of trade.

After the trade, for the days before were sold piece by piece at one price; then a member of the
evening buys by all of it, without cash.
"""

from __future__ import annotations

import io
from datetime import time, timedelta
from uuid import UUID

from PIL import Image, ImageDraw

from core import clock
from core.actor import Actor
from core.db import in_transaction
from core.ids import uuid7
from inventory.services import catalogue, locations
from inventory.services.catalogue import (
    ProductDoc,
    ProductFacts,
    SaveProduct,
    categories,
    licences,
    pictures,
    scales,
    tiers,
    units,
)
from inventory.services.catalogue.categories import NameCategory
from inventory.services.catalogue.licences import LicenceFacts, SaveLicence
from inventory.services.catalogue.scales import PrefixFacts, SavePrefix
from inventory.services.catalogue.tiers import SaveTier, TierFacts
from inventory.services.catalogue.units import SaveUnit, UnitFacts
from pos.rules.tiers import allowed, base_quantity, gross_of, quantity_at
from pos.services import sale, selling, shift
from pos.services.demo.shop import Shop, Watch
from pos.services.demo.trade import FLOAT
from pos.services.sale import RecordPayment, RecordSale, RecordSaleLine
from pos.services.shift import CloseShift, OpenShift

UNITS = (
    ("RIC01", UnitFacts("ขีด", 100, 560, position=1)),
    ("RIC01", UnitFacts("ถัง", 15_000, 79_000, position=2)),
    ("EGG01", UnitFacts("โหล", 12_000, 5_700, position=1)),
    ("EGG01", UnitFacts("แผง", 30_000, 14_000, position=2, barcodes=("2000001003008",))),
    ("WAT01", UnitFacts("แพ็ค", 12_000, 7_800, position=1, barcodes=("8851234567805",))),
    ("SHR01", UnitFacts("ขีด", 100, 1_650, position=1)),
)
TIERS = (
    ("VEG03", TierFacts(3, 5_000)),
    ("CUR01", TierFacts(4, 10_000)),
    ("FSH02", TierFacts(2, 11_000)),
    ("HON01", TierFacts(1, 17_000, members_only=True)),
)
LICENCES = (
    ("HON01", "fda", "93-2-01568-6-0001", 40),
    ("WAT01", "water", "93-2-01568-2-0002", -6),
    ("RIC01", "gi", "สช 50100022", 500),
    ("FER01", "fertiliser", "ข.123/2567", 20),
    ("SOA01", "community", "มผช. 94/2552", 200),
)
"""Product, kind, number, days from today until it runs out."""
ENGLISH = {
    "ข้าว": "Rice",
    "ปัจจัยการผลิต": "Farm supplies",
    "เครื่องดื่ม": "Drinks",
    "อาหารแปรรูป": "Processed food",
    "งานฝีมือ": "Crafts",
}
DEARER, MORE = "RIC02", 200
"""The price of this goes up by so much."""
NUMBERED = ("RIC01", "101")
"""What the scale calls its rice."""
EVENING = time(19, 20)
BASKET = (
    ("EGG01", "แผง", 1000),
    ("HON01", "", 1000),
    ("VEG03", "", 4000),
    ("CUR01", "", 5000),
    ("FSH02", "", 3000),
)
"""Product, unit ('' its own) and how many: a tray, the member price, one more than a bundle."""
PRINTED = ("RIC01", 62_50)
"""What a label of the scale says of a bag of rice."""


def dress(shop: Shop) -> None:
    """Enter units, prices for several, licences, scale prefixes, a picture and a dearer price."""
    manager = shop.staff["manager"]
    known = catalogue.names(shop.centre.id, [one.id for one in shop.goods])
    by_code = {one.code: one for one in known.values()}
    for code, unit in UNITS:
        in_transaction(units.save, SaveUnit(uuid7(), by_code[code].id, unit), manager)
    for code, tier in TIERS:
        in_transaction(tiers.save, SaveTier(uuid7(), by_code[code].id, tier), manager)
    for code, kind, number, left in LICENCES:
        facts = LicenceFacts(kind, number, expires_on=clock.today() + timedelta(days=left))
        in_transaction(licences.save, SaveLicence(uuid7(), by_code[code].id, facts), manager)
    for prefix, kind, decimals in (("21", "weight", 3), ("22", "price", 2)):
        sized = PrefixFacts(kind, item_digits=5, value_digits=5, decimals=decimals)
        in_transaction(scales.save, SavePrefix(prefix, sized), manager)
    for one in categories.in_order(shop.centre.id):
        named = NameCategory(one.id, one.name_th, ENGLISH.get(one.name_th, ""), one.version)
        in_transaction(categories.save, named, manager)
    dearer, numbered = by_code[DEARER], by_code[NUMBERED[0]]
    _change(dearer, manager, price_satang=dearer.price_satang + MORE)
    _change(numbered, manager, barcodes=(*numbered.barcodes, NUMBERED[1]))
    _draw_a_jar(by_code["HON01"].id, manager)


def sell(shop: Shop, watch: Watch) -> None:
    """Sell a member a tray, several together, at the member price, and by a label of the scale."""
    watch.until(EVENING)
    manager = shop.staff["manager"]
    opened = in_transaction(shift.open_shift, OpenShift(uuid7(), shop.till_id, FLOAT), manager)
    lines = _basket(shop.centre.id)
    if lines:
        due = sum(line.gross_satang or 0 for line in lines)
        command = RecordSale(
            *(uuid7(), shop.till_id, opened.id, clock.now(), tuple(lines)),
            *((RecordPayment("promptpay", due),), shop.members[0]),
        )
        in_transaction(sale.record, command, manager)
    in_transaction(shift.close_shift, CloseShift(opened.id, ((100, FLOAT // 100),)), manager)


def _basket(centre_id: int) -> list[RecordSaleLine]:
    """Return the lines as the counter sends them, of what lies there."""
    shelf = catalogue.shelf(centre_id, locations.shop(centre_id).id)
    there = {one.code: one for one in shelf}
    unit_ids = {(one.id, unit.label): unit.id for one in shelf for unit in one.units}
    goods = selling.for_sale(
        centre_id,
        [(there[code].id, unit_ids.get((there[code].id, unit))) for code, unit, _ in BASKET],
    )
    lines = []
    for code, unit, milli in BASKET:
        one = goods[there[code].id, unit_ids.get((there[code].id, unit))]
        if base_quantity(milli, one.factor_milli) <= there[code].on_hand_milli:
            gross = gross_of(milli, one.price_satang, allowed(one.tiers, member=True)).satang
            lines.append(
                RecordSaleLine(
                    *(there[code].id, milli, one.price_satang),
                    unit_id=one.unit_id,
                    gross_satang=gross,
                )
            )
    rice = there[PRINTED[0]]
    weight = quantity_at(PRINTED[1], rice.price_satang)
    if weight <= rice.on_hand_milli:
        label = RecordSaleLine(rice.id, weight, rice.price_satang, gross_satang=PRINTED[1])
        lines.append(label)
    return lines


def _change(product: ProductDoc, manager: Actor, **changed: object) -> None:
    names = ProductFacts.__dataclass_fields__
    facts = ProductFacts(**{name: getattr(product, name) for name in names} | changed)
    in_transaction(catalogue.save, SaveProduct(product.id, facts, product.version), manager)


def _draw_a_jar(product_id: UUID, manager: Actor) -> None:
    picture = Image.new("RGB", (480, 480), "#f4f1e6")
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((130, 130, 350, 430), 40, fill="#d98a1c", outline="#8a5410", width=8)
    pen.rectangle((150, 70, 330, 130), fill="#8a5410")
    pen.rectangle((130, 230, 350, 340), fill="#fdf6e0")
    pen.ellipse((205, 250, 275, 320), fill="#e9b44c")
    made = io.BytesIO()
    picture.save(made, "PNG")
    drawn = pictures.draw(made.getvalue())
    in_transaction(pictures.put, product_id, drawn, manager)
