"""A posted allocation in tests: what the meeting gave each member, written past the run.

The rows are those that a real run and posting leave; tests of paying need no year of trade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert

from accounting.models import (
    MemberRun,
    MemberRunItem,
    SurplusAllocation,
    SurplusAllocationLine,
    SurplusApproval,
    SurplusOutcome,
)
from accounting.rules.chart import Purpose
from accounting.rules.entry import NewEntry, NewLine
from accounting.rules.member_payments import PaidItem
from accounting.services import ledger
from accounting.services.member_payments import due, paying
from accounting.services.member_payments.documents import PaymentDoc
from accounting.services.member_payments.paying import PayMember
from accounting.services.surplus import reversing, runs
from accounting.services.surplus.reversing import ReverseAllocation
from accounting.services.surplus.runs import ItemCard
from core import clock
from core.actor import Actor
from core.db import db, in_transaction, insert_rows
from core.ids import uuid7
from members.services import members
from members.services.members import NewMember
from tests.closing import posts
from tests.resolving import resolve

Given = Mapping[UUID, tuple[int, int]]
"""member → (dividend, patronage) in satang."""


@dataclass(frozen=True, slots=True)
class Allocated:
    allocation_id: UUID
    run_id: UUID


def member(actor: Actor, first_name: str, **rest: str) -> UUID:
    return in_transaction(members.create, NewMember(first_name=first_name, **rest), actor).id  # type: ignore[arg-type]


def allocate(
    manager: Actor, accountant: Actor, given: Given, *, years_ago: int = 0, post: bool = True
) -> Allocated:
    """Let a meeting give members their parts, approved by two; posted if asked."""
    number = f"{uuid7().hex[-6:]}/2569"
    resolution_id = resolve(manager, number)
    total = sum(sum(parts) for parts in given.values())
    today = clock.today()
    posts(manager, today, Purpose.CASH_SAFE, Purpose.SURPLUS_OF_YEAR, total)
    return in_transaction(_allocate, manager, accountant, given, resolution_id, years_ago, post)


def _allocate(
    manager: Actor,
    accountant: Actor,
    given: Given,
    resolution_id: UUID,
    years_ago: int,
    post: bool,
) -> Allocated:
    centre_id, allocation_id, run_id = manager.centre_id, uuid7(), uuid7()
    at = clock.now() - timedelta(days=366 * years_ago)
    last = date(at.year - 1, 12, 31)
    dividend = sum(parts[0] for parts in given.values())
    patronage = sum(parts[1] for parts in given.values())
    db.session.execute(
        insert(SurplusAllocation).values(
            centre_id=centre_id,
            id=allocation_id,
            allocation_no=f"AL-{allocation_id.hex[-6:]}",
            fiscal_year=last.year + 543,
            first_day=date(last.year, 1, 1),
            last_day=last,
            surplus_satang=dividend + patronage,
            resolution_id=resolution_id,
            rules={},
            digest="0" * 64,
            prepared_by=accountant.user_id,
            prepared_at=at,
        )
    )
    pools = (("dividend", dividend), ("patronage", patronage))
    for line_no, (use, satang) in enumerate(pools, start=1):
        if satang:
            db.session.execute(
                insert(SurplusAllocationLine).values(
                    centre_id=centre_id,
                    allocation_id=allocation_id,
                    line_no=line_no,
                    use=use,
                    amount_satang=satang,
                )
            )
    _run(centre_id, allocation_id, run_id, given, at)
    if post:
        _post(manager, accountant, allocation_id, given, at)
    return Allocated(allocation_id, run_id)


def _run(centre_id: int, allocation_id: UUID, run_id: UUID, given: Given, at: datetime) -> None:
    numbers = members.names(centre_id, given)
    rows = [
        {
            "centre_id": centre_id,
            "run_id": run_id,
            "member_id": member_id,
            "eligible": True,
            "why": "",
            "share_days": dividend * 100,
            "purchase_satang": patronage * 10,
            "delivery_satang": 0,
            "purchase_weight": patronage * 100_000,
            "delivery_weight": 0,
            "dividend_satang": dividend,
            "purchase_refund_satang": patronage,
            "delivery_refund_satang": 0,
            "cash_dividend_satang": dividend,
            "cash_patronage_satang": patronage,
            "retained_satang": 0,
            "member_no": numbers[member_id].member_no,
            "detail": {},
        }
        for member_id, (dividend, patronage) in given.items()
    ]
    named = [tuple(row[name] for name in ItemCard.__dataclass_fields__) for row in rows]
    named.sort(key=lambda row: (row[1], row[0]))
    db.session.execute(
        insert(MemberRun).values(
            centre_id=centre_id,
            id=run_id,
            allocation_id=allocation_id,
            members=len(given),
            input_hash="1" * 64,
            result_hash=runs.hash_of(named),
            content={},
            prepared_at=at,
        )
    )
    insert_rows(MemberRunItem, rows)


def _post(
    manager: Actor, accountant: Actor, allocation_id: UUID, given: Given, at: datetime
) -> None:
    centre_id = manager.centre_id
    for place, who in enumerate((accountant, manager), start=1):
        db.session.execute(
            insert(SurplusApproval).values(
                centre_id=centre_id,
                allocation_id=allocation_id,
                place=place,
                approved_by=who.user_id,
                approved_at=at,
                digest="3" * 64,
            )
        )
    lines = [NewLine(Purpose.SURPLUS_OF_YEAR, debit=sum(sum(parts) for parts in given.values()))]
    for member_id, (dividend, patronage) in given.items():
        lines += [
            NewLine(purpose, credit=satang, member_id=member_id)
            for purpose, satang in (
                (Purpose.DIVIDENDS_PAYABLE, dividend),
                (Purpose.PATRONAGE_PAYABLE, patronage),
            )
            if satang
        ]
    ledger.post(
        NewEntry(
            kind="surplus_allocation",
            source_type="surplus_allocation",
            source_id=allocation_id,
            business_date=clock.today(),
            occurred_at=clock.now(),
            lines=tuple(lines),
        ),
        manager,
    )
    db.session.execute(
        insert(SurplusOutcome).values(
            centre_id=centre_id,
            allocation_id=allocation_id,
            kind="posted",
            reason="",
            recorded_by=manager.user_id,
            recorded_at=at,
        )
    )


def reverse(manager: Actor, allocated: Allocated) -> bool:
    """Take an allocation back as a whole, as its own service does."""
    command = ReverseAllocation(allocated.allocation_id, "มติถูกยกเลิก")
    return in_transaction(reversing.reverse, command, manager)


def all_due(actor: Actor, member_id: UUID) -> tuple[PaidItem, ...]:
    """Return everything open of a member, to be paid."""
    found = tuple(
        PaidItem(item.run_id, item.member_id, item.dividend_satang, item.patronage_satang)
        for item in due.of_member(actor.centre_id, member_id)
    )
    db.session.rollback()
    return found


def payment(actor: Actor, member_id: UUID, way: str = "cash", **rest: object) -> PayMember:
    """Return the command that pays a member everything."""
    places = {"cash": "safe", "shares": "shares", "purse": "purse"}
    given = {
        "id": uuid7(),
        "paid_from": places.get(way, "bank"),
        "items": all_due(actor, member_id),
    } | rest
    return PayMember(member_id=member_id, way=way, **given)  # type: ignore[arg-type]


def paid(actor: Actor, member_id: UUID, way: str = "cash", **rest: object) -> PaymentDoc:
    return in_transaction(paying.pay, payment(actor, member_id, way, **rest), actor)
