"""What the association's goods fetch elsewhere, and a fund of each centre that trades.

So that its roll-ups have something to add up. Baskets have no reference, as in life.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from accounting.services.funds import contributing, register
from accounting.services.funds.contributing import Contribute
from accounting.services.funds.register import NewFund
from core.actor import Actor
from core.ids import uuid7
from inventory.rules.reference_prices import FARM_GATE, SHELF
from inventory.services import catalogue, reference_prices
from inventory.services.reference_prices import EnterReference

LOOKED_AGAIN = (0, 150, 300)
"""Days of the year on which somebody asked: a price holds half a year."""
SEEN: Mapping[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "RICE": ((2_900, 3_000, 3_100), (4_700, 4_900, 5_200)),
    "FERT": ((1_550, 1_650, 1_750), (2_600, 2_800, 3_000)),
    "WATER": ((450, 500, 550), (1_100, 1_200, 1_300)),
    "SILK": ((24_000, 25_000, 26_000), (37_000, 39_000, 42_000)),
}
"""By code: lowest, usual and highest price at the farm and on other shelves, in satang."""
PLACES = {
    FARM_GATE: ("จุดรับซื้อ (ตัวอย่าง)", "ถามจากผู้รับซื้อ"),
    SHELF: ("ตลาดสดเทศบาล (ตัวอย่าง)", "ป้ายราคาหน้าร้าน"),
}
MATCHED = 10_000_00


def give(actor: Actor, first: date) -> None:
    """Enter the year's reference prices of a centre, and what the network puts into its fund."""
    entries = [
        _entry(card.id, kind, spread, first + timedelta(days=days))
        for card in catalogue.shelf(actor.centre_id)
        for kind, spread in zip((FARM_GATE, SHELF), SEEN.get(card.code, ()), strict=False)
        for days in LOOKED_AGAIN
    ]
    reference_prices.enter_many(entries, actor)
    fund = register.create(
        NewFund(uuid7(), "WELFARE", "กองทุนสวัสดิการ (ตัวอย่าง)", "Welfare fund (example)"), actor
    )
    command = Contribute(
        uuid7(), fund.id, "network", MATCHED, "bank", giver_name="เครือข่าย (ตัวอย่าง)"
    )
    contributing.contribute(command, actor)


def _entry(product_id: UUID, kind: str, spread: tuple[int, int, int], day: date) -> EnterReference:
    low, price, high = spread
    place, source = PLACES[kind]
    return EnterReference(uuid7(), product_id, kind, price, day, place, source, low, high)
