"""What the goods of the demo fetch elsewhere, for the welfare report.

The crafts have no reference, as in life: nobody weaves the same cloth, and the report says so.
"""

from __future__ import annotations

from core import clock
from core.db import in_transaction
from core.ids import uuid7
from core.money import half_up_div
from inventory.services import catalogue, reference_prices
from inventory.services.reference_prices import EnterReference
from pos.services.demo.shop import Goods, Shop

FARM = ("ลานรับซื้อ ต.ลำสินธุ์", "ราคาที่พ่อค้ารับซื้อ ผู้จัดการไปถามเอง")
SHELVES = (
    ("ตลาดสดศรีนครินทร์", "ป้ายราคาหน้าร้าน"),
    ("ตลาดกลางพัทลุง", "ใบราคาของสำนักงานการค้าภายในจังหวัด"),
)
WITHOUT = "งานฝีมือ"
FARM_PERCENT, SHELF_PERCENT, SPREAD_PERCENT = 86, 114, 3
CONSIGNED_PERCENT = 80


def refer(shop: Shop) -> None:
    """Enter what the goods fetch elsewhere today, all but the crafts."""
    manager = shop.staff["manager"]
    known = catalogue.names(shop.centre.id, [one.id for one in shop.goods])
    entries: list[EnterReference] = []
    for number, one in enumerate(shop.goods):
        if known[one.id].category == WITHOUT:
            continue
        farm = half_up_div(_producers(one) * (FARM_PERCENT + number % 5), 100)
        shelf = half_up_div(one.price_satang * (SHELF_PERCENT + number % 7), 100)
        entries += [
            _entry(one, "farm_gate", farm, FARM),
            _entry(one, "shelf", shelf, SHELVES[number % len(SHELVES)]),
        ]
    in_transaction(reference_prices.enter_many, entries, manager)


def _producers(one: Goods) -> int:
    """Return about what a producer gets of a unit."""
    if one.consigned:
        return half_up_div(one.price_satang * CONSIGNED_PERCENT, 100)
    return one.unit_cost_satang


def _entry(one: Goods, kind: str, satang: int, where: tuple[str, str]) -> EnterReference:
    price = max(half_up_div(satang, 25), 2) * 25
    spread = half_up_div(price * SPREAD_PERCENT, 100)
    return EnterReference(
        id=uuid7(),
        product_id=one.id,
        kind=kind,
        price_satang=price,
        valid_from=clock.today(),
        place=where[0],
        source=where[1],
        low_satang=price - spread,
        high_satang=price + spread,
    )
