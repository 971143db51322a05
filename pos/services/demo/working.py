"""People at work at the demo centre: this week's roster, a waiver, what a manager let through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import clock
from core.db import in_transaction
from core.ids import uuid7
from members.rules.roster import monday_of
from members.services import centres, duties, staff_pins
from members.services.centres import SetLimits
from members.services.duties import RecordWaiver
from members.services.roster import planning, reading, staffing
from members.services.roster.planning import AddDuty
from members.services.roster.staffing import SaveTime, SaveWorker, TakeOff
from pos.services import held, overrides, receipts
from pos.services.demo.shop import Shop
from pos.services.held import HoldSale
from pos.services.overrides import GrantOverride

PIN = "274913"
"""The demo's PIN at the till, of the manager and both cashiers."""
TIMES = (("เช้า", 8 * 60, 12 * 60), ("บ่าย", 13 * 60, 17 * 60))
WORKERS = (
    ("cashier", ("till", "cleaning"), 4500),
    ("cashier2", ("till", "stock"), 4500),
    ("stock", ("stock", "production", "cleaning"), 5000),
)
HELPER = ("ลุงชม ช่วยแพ็ก", ("production", "cleaning"), 4000)
LET_THROUGH = (
    ("discount-above-limit", 3_000, "ผักใบเหี่ยว ลูกค้าเหมาหมด"),
    ("discount-above-limit", 4_500, "ขวดบุบ ลดให้หมด"),
    ("discount-above-limit", 2_500, "ลูกค้ารอนาน ผู้จัดการลดให้"),
)


def plan(shop: Shop) -> None:
    """Plan the week that begins, on the last day of trade."""
    manager = shop.staff["manager"]
    times = [SaveTime(uuid7(), *one) for one in TIMES]
    workers = [
        SaveWorker(uuid7(), shop.staff[name].name, tasks, shop.staff[name].user_id, hourly)
        for name, tasks, hourly in WORKERS
    ]
    workers.append(SaveWorker(uuid7(), HELPER[0], HELPER[1], None, HELPER[2]))
    for time in times:
        in_transaction(staffing.save_time, time, manager)
    for worker in workers:
        in_transaction(staffing.save_worker, worker, manager)
    monday = monday_of(clock.today() + timedelta(days=1))
    wish = TakeOff(uuid7(), workers[1].id, "wish", monday, monday, "ไปรับลูก")
    in_transaction(staffing.take_off, wish, manager)
    for n in range(6):
        day = monday + timedelta(days=n)
        first, second = workers[n % 2], workers[(n + 1) % 2]
        for worker, time, task in (
            (first, times[0], "till"),
            (second, times[1], "till"),
            (workers[2], times[0], "stock"),
            (workers[3], times[1], "production" if n % 2 else "cleaning"),
        ):
            in_transaction(planning.add, AddDuty(uuid7(), worker.id, day, time.id, task), manager)
    version = reading.week(monday, manager).version
    in_transaction(planning.publish, monday, version, "", manager)


def leave_to_look_at(shop: Shop) -> None:
    """Print a receipt again and leave a basket on hold: a manager looks at both the next day."""
    cashier, one = shop.staff["cashier"], shop.past[-2]
    for _ in range(2):
        in_transaction(receipts.count_print, one.id, cashier)
    weighed = {good.id for good in shop.goods if good.by_weight}
    # As the till itself writes a line (pos/static/counter/selling.js): it is recalled there.
    lines: list[dict[str, Any]] = [
        {
            "key": str(uuid7()),
            "product": {
                "id": str(line.product_id),
                "name_th": line.name_th,
                "name_en": line.name_en,
                "unit": line.unit,
                "sold_by": "weight" if line.product_id in weighed else "piece",
            },
            "unit_id": None if line.unit_id is None else str(line.unit_id),
            "factor_milli": line.unit_factor_milli,
            "unit_price_satang": line.unit_price_satang,
            "tiers": [],
            "offers": [],
            "quantity_milli": line.unit_quantity_milli,
            "printed_satang": None,
            "discount": None,
        }
        for line in one.lines
    ]
    basket = HoldSale(uuid7(), shop.till_id, "ป้าแดง ไปกดเงิน", {"lines": lines})
    in_transaction(held.keep, basket, cashier)


def oversee(shop: Shop) -> None:
    """Say how far a cashier goes alone, give PINs, record a waiver and a few overrides."""
    manager, cashier = shop.staff["manager"], shop.staff["cashier"]
    now = centres.get(shop.centre.id)
    assert now is not None
    limits = SetLimits(
        version=now.version,
        discount_limit_basis_points=1500,
        discount_limit_satang=20_000,
        refund_limit_satang=50_000,
    )
    in_transaction(centres.set_limits, limits, manager)
    for name in ("manager", "cashier", "cashier2"):
        owner = shop.staff[name]
        assert owner.user_id is not None
        in_transaction(staff_pins.put, owner.user_id, PIN, owner)
    today = clock.today()
    waiver = RecordWaiver(
        id=uuid7(),
        pairs=("count",),
        reason="วันหยุดมีเจ้าหน้าที่คลังคนเดียว",
        valid_from=today,
        valid_until=today + timedelta(days=180),
        resolution="กรรมการ 2/2569",
    )
    in_transaction(duties.record, waiver, manager)
    for receipt, (kind, asked, reason) in zip(shop.past[-3:], LET_THROUGH, strict=False):
        command = GrantOverride(
            id=uuid7(),
            kind=kind,
            document_id=receipt.id,
            till_id=shop.till_id,
            reason=reason,
            asked_satang=asked,
            limit_satang=20_000,
            facts={"about": receipt.receipt_no},
        )
        in_transaction(overrides.grant, command, manager, cashier)
