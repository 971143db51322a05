"""Bills of members: written by a sale, open until moves have taken them off.

What must stay true: what is open of a bill is its amount less its moves; what a member owes beyond
bills came from opening balances and vouchers, and is the oldest of all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, func, select

from accounting.models import CreditCharge, CreditMove
from accounting.rules import credit as rules
from accounting.rules.chart import Purpose
from accounting.rules.credit import OpenBill
from accounting.services import ledger, rooms
from core import clock
from core.db import db, insert_rows, sum_int
from core.ids import uuid7

MERGE = "person_merge"


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill with what is open of it; `number` is its document's."""

    id: UUID
    member_id: UUID
    source_type: str
    source_id: UUID
    number: str
    business_date: date
    due_on: date
    amount_satang: int
    open_satang: int

    @property
    def overdue_days(self) -> int:
        """Days past its day; 0 when it is not due yet."""
        return max((clock.today() - self.due_on).days, 0)


def write(
    centre_id: int,
    member_id: UUID,
    source: tuple[str, UUID],
    satang: int,
    days: tuple[date, date],
    from_purse_satang: int = 0,
    bill_id: UUID | None = None,
) -> None:
    """Write a bill of a document; `days` are its own and the last on which it isn't overdue.

    A sale's bill has its sale's id; without a `bill_id` any other has a new one.
    """
    insert_rows(
        CreditCharge,
        [
            {
                "centre_id": centre_id,
                "id": source[1] if source[0] == "sale" else bill_id or uuid7(),
                "member_id": member_id,
                "source_type": source[0],
                "source_id": source[1],
                "amount_satang": satang,
                "from_purse_satang": from_purse_satang,
                "business_date": days[0],
                "due_on": days[1],
                "recorded_at": clock.now(),
            }
        ],
    )


def take_off(
    centre_id: int, source: tuple[str, UUID], parts: Sequence[tuple[UUID, int]], day: date
) -> None:
    """Take parts off bills by a document (below zero: put them back), with one statement."""
    insert_rows(
        CreditMove,
        [
            {
                "centre_id": centre_id,
                "source_type": source[0],
                "source_id": source[1],
                "charge_id": bill_id,
                "amount_satang": satang,
                "business_date": day,
            }
            for bill_id, satang in parts
        ],
    )


def moves_of(centre_id: int, source: tuple[str, UUID]) -> list[tuple[UUID, int]]:
    """Return what a document took off which bill."""
    rows = db.session.execute(
        select(CreditMove.charge_id, CreditMove.amount_satang).where(
            CreditMove.centre_id == centre_id,
            CreditMove.source_type == source[0],
            CreditMove.source_id == source[1],
        )
    )
    return [(bill_id, satang) for bill_id, satang in rows]


def open_of(centre_id: int, member_id: UUID) -> list[OpenBill]:
    """Return a member's open bills."""
    return [
        OpenBill(bill.id, bill.due_on, bill.open_satang)
        for bill in listing(centre_id, [member_id], numbered=False)
    ]


def of_sale(centre_id: int, sale_id: UUID) -> tuple[UUID | None, int]:
    """Return a sale's bill and what is open of it; none and 0 when it has none.

    Of a membership that was merged it is the bill written anew under who stands.
    """
    found = _rows(centre_id, CreditCharge.id == sale_id)
    if not found:
        return None, 0
    bill_id, last = sale_id, found[0]
    while (merge_id := _carried_by(centre_id, bill_id)) is not None:
        anew = carried_id(merge_id, bill_id)
        found = _rows(centre_id, CreditCharge.id == anew)
        if not found:
            break
        bill_id, last = anew, found[0]
    return bill_id, last[-1]


def carried_id(merge_id: UUID, bill_id: UUID) -> UUID:
    """Return the id a merge gives the bill it writes anew, so that it is found by the first one."""
    return uuid5(merge_id, bill_id.hex)


def older(centre_id: int, member_id: UUID) -> int:
    """Return what a member owes beyond bills (below zero: the centre owes it)."""
    owed = ledger.sub_ledger(centre_id, Purpose.MEMBER_RECEIVABLE, "member", [member_id])
    bills = sum(bill.open_satang for bill in open_of(centre_id, member_id))
    return owed.get(member_id, 0) - bills


def listing(
    centre_id: int, member_ids: Collection[UUID] | None = None, *, numbered: bool = True
) -> list[Bill]:
    """Return open bills, the oldest first; of some members when they are named."""
    where = [] if member_ids is None else [CreditCharge.member_id.in_(member_ids)]
    rows = [row for row in _rows(centre_id, *where) if row[-1]]
    numbers = {}
    if numbered:
        numbers = rooms.numbers_of(centre_id, {(row.source_type, row.source_id) for row in rows})
    return [
        Bill(
            row.id,
            row.member_id,
            row.source_type,
            row.source_id,
            numbers.get((row.source_type, row.source_id), ""),
            row.business_date,
            row.due_on,
            row.amount_satang,
            row[-1],
        )
        for row in rows
    ]


def of_sales(centre_id: int) -> dict[UUID, tuple[UUID, int, int]]:
    """Return the bill of every sale on account: whose, its amount, and what of it a purse was to
    pay; for the auditor."""
    rows = db.session.execute(
        select(
            CreditCharge.source_id,
            CreditCharge.member_id,
            CreditCharge.amount_satang,
            CreditCharge.from_purse_satang,
        ).where(CreditCharge.centre_id == centre_id, CreditCharge.source_type == "sale")
    )
    return {sale_id: (who, satang, purse) for sale_id, who, satang, purse in rows}


def by_age(bills: Collection[Bill], today: date) -> dict[str, int]:
    """Return what is open by how long it is overdue."""
    ages = dict.fromkeys(rules.AGES, 0)
    for bill in bills:
        ages[rules.age_of(bill.due_on, today)] += bill.open_satang
    return ages


def carry(merge_id: UUID, merged: UUID, kept: UUID, day: date, centre_id: int) -> None:
    """Write a merged membership's open bills anew under the one that stands, due as before."""
    known = listing(centre_id, [merged], numbered=False)
    if not known:
        return
    source = (MERGE, merge_id)
    take_off(centre_id, source, [(b.id, b.open_satang) for b in known], day)
    for bill in known:
        days = (bill.business_date, bill.due_on)
        anew = carried_id(merge_id, bill.id)
        write(centre_id, kept, source, bill.open_satang, days, bill_id=anew)


def _carried_by(centre_id: int, bill_id: UUID) -> UUID | None:
    return db.session.scalar(
        select(CreditMove.source_id).where(
            CreditMove.centre_id == centre_id,
            CreditMove.charge_id == bill_id,
            CreditMove.source_type == MERGE,
        )
    )


def _rows(centre_id: int, *where: Any) -> Sequence[Any]:
    charge: Any = CreditCharge
    left = charge.amount_satang - func.coalesce(sum_int(CreditMove.amount_satang), 0)
    columns: tuple[Any, ...] = (
        charge.id,
        charge.member_id,
        charge.source_type,
        charge.source_id,
        charge.business_date,
        charge.due_on,
        charge.amount_satang,
    )
    return db.session.execute(
        select(*columns, left.label("open_satang"))
        .outerjoin(
            CreditMove,
            and_(CreditMove.centre_id == charge.centre_id, CreditMove.charge_id == charge.id),
        )
        .where(charge.centre_id == centre_id, *where)
        .group_by(*columns)
        .order_by(charge.due_on, charge.business_date, charge.id)
    ).all()
