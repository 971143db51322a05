"""A year of a village's centre, told twice at the same volumes: for its members, or for profit.

The figures are those of docs/welfare.md, where they are worked by hand. Money in satang.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from accounting.models import (
    MemberRun,
    SurplusAllocation,
    SurplusAllocationLine,
    SurplusApproval,
)
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import funds, ledger
from accounting.services.funds import NewFund
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services import reference_prices
from inventory.services.reference_prices import EnterReference
from members.services import members
from members.services.members import NewMember
from pos.services.sale import RecordPayment, RecordSaleLine
from pos.services.welfare.gathering import Days
from tests.closing import posts
from tests.resolving import resolve
from tests.shop import Shop, shop_in

YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))
QUARTERS = tuple(date(2026, month, 10) for month in (2, 5, 8, 11))
RICE_EACH, HONEY_EACH = 100_000, 10_000
"""Thousandths of a kilogram and of a jar sold each quarter."""
BROOMS = 10_000


USES = {
    Purpose.DIVIDENDS_PAYABLE: "dividend",
    Purpose.PATRONAGE_PAYABLE: "patronage",
    Purpose.WELFARE_FUND: "welfare",
    Purpose.LEGAL_RESERVE: "reserve",
    Purpose.BROUGHT_FORWARD: "retained",
}


@dataclass(frozen=True)
class Prices:
    """What a kilogram of rice costs and sells for, what a jar of honey sells for, its split."""

    rice_cost: int
    rice: int
    honey: int
    split: int


FOR_MEMBERS = Prices(14_00, 18_00, 150_00, 8_500)
FOR_PROFIT = Prices(10_00, 26_00, 210_00, 6_000)


@dataclass(frozen=True)
class Village:
    """The centre after its year."""

    shop: Shop
    rice: UUID
    honey: UUID
    broom: UUID
    member_id: UUID


def live(centre: Centre, manager: Actor, prices: Prices, references: bool = True) -> Village:
    """Let a year pass."""
    with clock.travel(lambda: noon(date(2026, 1, 5))):
        shop = shop_in(centre)
        rice = shop.product("ข้าว", prices.rice, by_weight=True)
        honey, broom = shop.product("น้ำผึ้ง", prices.honey), shop.product("ไม้กวาด", 50_00)
        member = in_transaction(members.create, NewMember(first_name="สมศรี"), manager)
        if references:
            refer(manager, rice, "farm_gate", 11_00, 12_00, 13_00)
            refer(manager, rice, "shelf", 20_00, 22_00, 24_00)
            refer(manager, honey, "farm_gate", 100_00, 110_00, 120_00)
            refer(manager, honey, "shelf", 170_00, 180_00, 190_00)
    village = Village(shop, rice, honey, broom, member.id)
    for place, day in enumerate(QUARTERS):
        with clock.travel(lambda day=day: noon(day)):
            if references and place:
                # A price holds 180 days: somebody looks again before it is too old.
                for kind, spread in (("farm_gate", (11, 12, 13)), ("shelf", (20, 22, 24))):
                    refer(manager, rice, kind, *(baht * 100 for baht in spread))
                for kind, spread in (("farm_gate", (100, 110, 120)), ("shelf", (170, 180, 190))):
                    refer(manager, honey, kind, *(baht * 100 for baht in spread))
            _quarter(village, prices, first=place == 0)
            posts(manager, day, Purpose.WAGES, Purpose.CASH_SAFE, 450_00)
            posts(manager, day, Purpose.UTILITIES, Purpose.CASH_SAFE, 50_00)
    return village


def _quarter(village: Village, prices: Prices, first: bool) -> None:
    shop = village.shop
    shop.buy(village.rice, RICE_EACH, unit_cost=prices.rice_cost)
    shop.consign(village.honey, HONEY_EACH, split=prices.split)
    shop.open(100_000)
    pay = (RecordPayment("cash", 10_000_00),)
    lines = [
        RecordSaleLine(village.rice, RICE_EACH, prices.rice),
        RecordSaleLine(village.honey, HONEY_EACH, prices.honey),
    ]
    taken = shop.sell(*lines, pay=pay, member_id=village.member_id).due_satang
    if first:
        shop.consign(village.broom, BROOMS, split=8_000)
        taken += shop.sell(RecordSaleLine(village.broom, BROOMS, 50_00), pay=pay).due_satang
    notes, rest = divmod(100_000 + taken, 1_000_00)
    shop.close((1_000_00, notes), (100_00, rest // 100_00))


def refer(actor: Actor, product_id: UUID, kind: str, low: int, price: int, high: int) -> UUID:
    """Enter a reference price of today."""
    command = EnterReference(
        id=uuid7(),
        product_id=product_id,
        kind=kind,
        price_satang=price,
        valid_from=clock.today(),
        place="ตลาดศรีนครินทร์",
        source="ป้ายราคาตลาด",
        low_satang=low,
        high_satang=high,
    )
    return in_transaction(reference_prices.enter, command, actor).id


def allocate(village: Village, manager: Actor, uses: dict[Purpose, int]) -> UUID:
    """Use the year's surplus as a meeting resolved in March: one entry, by purpose."""
    with clock.travel(lambda: noon(date(2027, 3, 9))):
        resolution_id = resolve(manager, "1/2570", on=date(2027, 3, 9))
        return in_transaction(_allocate, village, manager, uses, resolution_id)


def _allocate(
    village: Village, manager: Actor, uses: dict[Purpose, int], resolution_id: UUID
) -> UUID:
    allocation_id, whole = uuid7(), sum(uses.values())
    db.session.execute(
        insert(SurplusAllocation).values(
            centre_id=manager.centre_id,
            id=allocation_id,
            allocation_no="SA-2569-00001",
            fiscal_year=2569,
            first_day=YEAR.first,
            last_day=YEAR.last,
            surplus_satang=whole,
            retained_basis_points=0,
            resolution_id=resolution_id,
            rules={},
            digest="0" * 64,
            prepared_at=clock.now(),
        )
    )
    _approve(allocation_id, manager, uses)
    fund = NewFund(uuid7(), "SWD", "กองทุนสวัสดิการ", "Welfare fund")
    keys: dict[Purpose, dict[str, UUID]] = {
        Purpose.DIVIDENDS_PAYABLE: {"member_id": village.member_id},
        Purpose.PATRONAGE_PAYABLE: {"member_id": village.member_id},
    }
    if Purpose.WELFARE_FUND in uses:
        keys[Purpose.WELFARE_FUND] = {"fund_id": funds.create(fund, manager).id}
    lines = [
        NewLine(purpose, credit=amount, **keys.get(purpose, {})) for purpose, amount in uses.items()
    ]
    entry = NewEntry(
        "surplus_allocation",
        "surplus_allocation",
        allocation_id,
        clock.today(),
        clock.now(),
        (NewLine(Purpose.SURPLUS_OF_YEAR, debit=whole), *lines),
    )
    return ledger.post(entry, manager).id


def _approve(allocation_id: UUID, manager: Actor, uses: dict[Purpose, int]) -> None:
    """Put what the guards ask for before an allocation is posted: lines, a run, two people."""
    whose: dict[str, Any] = {"centre_id": manager.centre_id, "allocation_id": allocation_id}
    lines = [
        {"line_no": number, "use": USES[purpose], "amount_satang": amount, "memo": "", **whose}
        for number, (purpose, amount) in enumerate(uses.items(), start=1)
    ]
    db.session.execute(insert(SurplusAllocationLine), lines)
    done = {"id": uuid7(), "members": 0, "input_hash": "0" * 64, "result_hash": "0" * 64}
    run = {**whose, **done, "content": {}, "prepared_at": clock.now()}
    db.session.execute(insert(MemberRun).values(**run))
    for place in (1, 2):
        said = {"place": place, "approved_by": uuid7(), "approved_at": clock.now()}
        values = {**whose, **said, "digest": "1" * 64}
        db.session.execute(insert(SurplusApproval).values(**values))


def noon(day: date) -> datetime:
    """Return noon in Bangkok."""
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
