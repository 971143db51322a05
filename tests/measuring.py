"""A year's surplus to be shared in tests: members with shares, trade of a year, an allocation."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from accounting.models import SurplusAllocation, SurplusAllocationLine, SurplusOutcome
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.services import ledger
from accounting.services.shares import crediting, register, writing
from accounting.services.shares.crediting import ShareCredit
from accounting.services.shares.writing import Draft
from accounting.services.surplus import running, runs
from accounting.services.surplus.runs import ItemCard, MemberRunCard
from core import clock
from core.actor import Actor, Centre
from core.db import db, in_transaction
from core.ids import uuid7
from inventory.services import catalogue
from inventory.services.catalogue import ProductFacts, SaveProduct
from members.services import members, producers, standing
from members.services.members import NewMember
from members.services.producers import NewProducer
from members.services.standing import RecordFact
from pos.services.receipts import Receipt
from pos.services.sale import RecordPayment, RecordSaleLine
from tests.resolving import resolve
from tests.shop import Shop, shop_in

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
AFTER = datetime(2027, 1, 20, 3, tzinfo=UTC)
"""When the year is measured."""

RULES: dict[str, Any] = {
    "dividend": {"basis": "days", "cap_basis_points": None, "min_standing_days": 0},
    "patronage": {
        "purchase_share_basis_points": None,
        "purchase_weights": {},
        "delivery_weights": {},
        "default_weight": 10_000,
    },
    "eligibility": {
        "standings": ["member"],
        "on": "last_day",
        "min_shares_satang": 0,
        "exclude_defaulters": False,
    },
}


def rules(**parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the usual rules with some of them otherwise."""
    return {name: {**usual, **parts.get(name, {})} for name, usual in RULES.items()}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def on(day: date) -> Any:
    """Travel to noon of a day."""
    return clock.travel(lambda: noon(day))


def member(actor: Actor, number: str, name: str = "", joined: date = date(2020, 1, 1)) -> UUID:
    new = NewMember(first_name=name or f"คน {number}", member_no=number, joined_on=joined)
    return in_transaction(members.create, new, actor).id


def hold(actor: Actor, member_id: UUID, satang: int, day: date, source: UUID | None = None) -> UUID:
    """Let a member hold more shares from a day on, entered that day."""
    identity = source or uuid7()
    with on(day):
        in_transaction(
            crediting.credit,
            [ShareCredit(member_id, satang)],
            on=day,
            source_type="test",
            source_id=identity,
            actor=actor,
        )
    return identity


def owe(actor: Actor, member_id: UUID, satang: int, day: date) -> None:
    """Let a member owe the centre since a day."""
    lines = (
        NewLine(Purpose.MEMBER_RECEIVABLE, debit=satang, member_id=member_id),
        NewLine(Purpose.SALES, credit=satang),
    )
    with on(day):
        entry = NewEntry("opening", "opening", uuid7(), day, clock.now(), lines)
        in_transaction(ledger.post, entry, actor)


def maker(shop: Shop, member_id: UUID, name: str = "ผู้ผลิต") -> Shop:
    """Return the same shop with a producer who is a member."""
    new = NewProducer(name=name, member_id=member_id)
    made = in_transaction(producers.create, new, shop.actor)
    return replace(shop, producer_id=made.id)


def into_group(shop: Shop, product_id: UUID, group: str) -> None:
    """Put a product into a group of goods."""
    known = catalogue.get(product_id, shop.actor)
    facts = {name: getattr(known, name) for name in ProductFacts.__dataclass_fields__}
    changed = ProductFacts(**facts | {"category": group})
    in_transaction(catalogue.save, SaveProduct(product_id, changed, known.version), shop.actor)


def sell_to(
    shop: Shop, member_id: UUID | None, *lines: tuple[UUID, int, int], day: date | None = None
) -> Receipt:
    """Sell (product, thousandths, price) to a member."""
    sold = tuple(RecordSaleLine(*line) for line in lines)
    due = sum(milli * price // 1000 for _, milli, price in lines)
    with on(day) if day is not None else nullcontext():
        return shop.sell(*sold, pay=(RecordPayment("cash", due),), member_id=member_id)


def allocate(
    actor: Actor,
    dividend: int = 0,
    patronage: int = 0,
    wanted: Mapping[str, Any] | None = None,
    retained: int = 0,
    first: date = FIRST,
    last: date = LAST,
) -> UUID:
    """Put an allocation there, as preparing one would; return its id."""
    resolution_id = resolve(actor, f"{uuid7().hex[-6:]}/2570")
    return in_transaction(
        _allocate, actor, dividend, patronage, dict(wanted or RULES), retained, first, last,
        resolution_id,
    )  # fmt: skip


def _allocate(
    actor: Actor,
    dividend: int,
    patronage: int,
    wanted: dict[str, Any],
    retained: int,
    first: date,
    last: date,
    resolution_id: UUID,
) -> UUID:
    _withdraw_others(actor)
    allocation_id = uuid7()
    db.session.execute(
        insert(SurplusAllocation).values(
            centre_id=actor.centre_id,
            id=allocation_id,
            allocation_no=f"SA-{allocation_id.hex[-8:]}",
            fiscal_year=last.year + 543,
            first_day=first,
            last_day=last,
            surplus_satang=dividend + patronage + 1,
            retained_basis_points=retained,
            resolution_id=resolution_id,
            rules=wanted,
            digest="0" * 64,
            prepared_by=actor.user_id,
            prepared_at=clock.now(),
        )
    )
    for number, (use, satang) in enumerate(
        (("dividend", dividend), ("patronage", patronage)), start=1
    ):
        if satang:
            db.session.execute(
                insert(SurplusAllocationLine).values(
                    centre_id=actor.centre_id,
                    allocation_id=allocation_id,
                    line_no=number,
                    use=use,
                    amount_satang=satang,
                    memo="",
                )
            )
    return allocation_id


def _withdraw_others(actor: Actor) -> None:
    """A year has one living allocation."""
    over = select(SurplusOutcome.allocation_id)
    waiting = select(SurplusAllocation.id).where(
        SurplusAllocation.centre_id == actor.centre_id, SurplusAllocation.id.not_in(over)
    )
    for allocation_id in db.session.scalars(waiting).all():
        db.session.execute(
            insert(SurplusOutcome).values(
                centre_id=actor.centre_id,
                allocation_id=allocation_id,
                kind="withdrawn",
                reason="ทำใหม่",
                recorded_at=clock.now(),
            )
        )


# --- the example of docs/dividend.md ------------------------------------------------------------


@dataclass
class Village:
    """The example of the page: five people, their shares and a year's trade."""

    shop: Shop
    daeng: UUID
    kham: UUID
    mi: UUID
    noi: UUID
    som: UUID
    soap: UUID

    @property
    def actor(self) -> Actor:
        return self.shop.actor


def redeem(actor: Actor, member_id: UUID, satang: int, day: date) -> None:
    draft = Draft(
        id=uuid7(),
        kind="withdraw",
        on=day,
        deltas={member_id: -satang},
        amount_satang=satang,
        member_id=member_id,
    )
    with on(day):
        in_transaction(lambda: (register.lock(actor.centre_id), writing.write(draft, actor)))


def grouped(shop: Shop, name: str, price: int, group: str) -> UUID:
    product_id = shop.product(name, price)
    into_group(shop, product_id, group)
    return product_id


def village_in(centre: Centre) -> Village:
    """Let five people of the example hold shares, buy and deliver."""
    shop = shop_in(centre)
    actor = shop.actor
    daeng, kham, mi, noi = (member(actor, f"000{n}") for n in range(1, 5))
    som = member(actor, "0005")
    hold(actor, daeng, 500_000, date(2025, 6, 1))
    hold(actor, kham, 200_000, date(2026, 7, 1))
    hold(actor, mi, 300_000, date(2025, 6, 1))
    redeem(actor, mi, 300_000, date(2026, 4, 1))
    hold(actor, noi, 100_000, date(2026, 12, 31))
    with on(date(2026, 5, 5)):
        rice = grouped(shop, "ข้าวหอม", 12_000, "ข้าว")
        soap = grouped(shop, "สบู่", 5_000, "ของใช้")
        oil = grouped(shop, "น้ำมัน", 10_000, "ของสด")
        shop.buy(rice, 50_000, 8_000)
        shop.buy(soap, 50_000, 2_000)
        maker(shop, daeng, "ป้าแดง").consign(oil, 20_000)
        maker(shop, kham, "ลุงคำ").buy(rice, 10_000, 6_000)
        shop.open()
        sell_to(shop, daeng, (rice, 10_000, 12_000))  # 1,200 baht of rice
        sell_to(shop, kham, (soap, 16_000, 5_000))  # 800
        first = sell_to(shop, mi, (soap, 10_000, 5_000))  # 500
        shop.refund(first, (1, 2_000))  # 100 back
        sell_to(shop, None, (oil, 10_000, 10_000))  # nobody's, but Daeng's oil: 800 to her
        sell_to(shop, som, (soap, 2_000, 5_000))
        shop.close()
    return Village(shop, daeng, kham, mi, noi, som, soap)


def resign(village: Village, member_id: UUID, day: date) -> None:
    fact = RecordFact(fact_id=uuid7(), member_id=member_id, kind="resigned", on_date=day)
    in_transaction(standing.record, fact, village.actor)


def measure(actor: Actor, allocation_id: UUID, **rest: Any) -> MemberRunCard:
    return in_transaction(running.prepare_run, allocation_id, actor, **rest)


def run_of(village: Village, *pools: int, **rest: Any) -> tuple[UUID, list[ItemCard]]:
    """Allocate and measure in the January after; return the members' parts by number."""
    with clock.travel(lambda: AFTER):
        allocation_id = allocate(village.actor, *pools, **rest)
        card = measure(village.actor, allocation_id)
    return allocation_id, runs.items(village.actor.centre_id, card.id)
