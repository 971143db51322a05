"""Reading a members' run: its card, everybody's part by member number, and the hashes.

What must stay true: a hash is taken over canonical text in the order of the members' numbers, so
the same figures give the same hash on every database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import (
    MemberRun,
    MemberRunItem,
    SurplusAllocation,
    SurplusAllocationLine,
)
from accounting.rules.periods import Span
from accounting.rules.surplus.reckoning import Pools
from accounting.services.meetings import resolutions
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from members.services import access


@dataclass(frozen=True, slots=True)
class AllocationFacts:
    """As much of an allocation as its run needs."""

    id: UUID
    allocation_no: str
    fiscal_year: int
    first: date
    last: date
    resolved_on: date
    """The day of the meeting: what is kept as shares counts from then on."""
    retained_basis_points: int
    rules: dict[str, Any]
    digest: str
    dividend_satang: int
    patronage_satang: int

    @property
    def span(self) -> Span:
        return Span(self.first, self.last)

    @property
    def pools(self) -> Pools:
        return Pools(
            self.dividend_satang,
            self.patronage_satang,
            self.retained_basis_points,
            self.first,
            self.last,
        )


@dataclass(frozen=True, slots=True)
class MemberRunCard:
    """A run as its page shows it."""

    id: UUID
    allocation_id: UUID
    members: int
    input_hash: str
    result_hash: str
    content: dict[str, Any]
    prepared_by: UUID | None
    prepared_at: datetime


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One member's part."""

    member_id: UUID
    member_no: str
    eligible: bool
    why: str
    share_days: int
    purchase_satang: int
    delivery_satang: int
    purchase_weight: int
    delivery_weight: int
    dividend_satang: int
    purchase_refund_satang: int
    delivery_refund_satang: int
    cash_dividend_satang: int
    cash_patronage_satang: int
    retained_satang: int

    @property
    def refund_satang(self) -> int:
        return self.purchase_refund_satang + self.delivery_refund_satang

    @property
    def total_satang(self) -> int:
        return self.dividend_satang + self.refund_satang

    @property
    def cash_satang(self) -> int:
        return self.cash_dividend_satang + self.cash_patronage_satang


ITEM_COLUMNS = tuple(getattr(MemberRunItem, name) for name in ItemCard.__dataclass_fields__)
_CARD = tuple(getattr(MemberRun, name) for name in MemberRunCard.__dataclass_fields__)


def allocation(centre_id: int, allocation_id: UUID) -> AllocationFacts:
    """Return what a run needs of its allocation; raises NotFound."""
    mine = (SurplusAllocation.centre_id == centre_id, SurplusAllocation.id == allocation_id)
    row = db.session.execute(select(SurplusAllocation).where(*mine)).scalar_one_or_none()
    if row is None:
        raise NotFound(what="surplus_allocation")
    lines = db.session.execute(
        select(SurplusAllocationLine.use, SurplusAllocationLine.amount_satang).where(
            SurplusAllocationLine.centre_id == centre_id,
            SurplusAllocationLine.allocation_id == allocation_id,
        )
    ).all()
    return AllocationFacts(
        id=row.id,
        allocation_no=row.allocation_no,
        fiscal_year=row.fiscal_year,
        first=row.first_day,
        last=row.last_day,
        resolved_on=resolutions.card(centre_id, row.resolution_id).resolved_on,
        retained_basis_points=row.retained_basis_points,
        rules=row.rules,
        digest=row.digest,
        dividend_satang=sum(satang for use, satang in lines if use == "dividend"),
        patronage_satang=sum(satang for use, satang in lines if use == "patronage"),
    )


def find(centre_id: int, allocation_id: UUID) -> MemberRunCard | None:
    """Return the run of an allocation, if it was made."""
    row = db.session.execute(
        select(*_CARD).where(
            MemberRun.centre_id == centre_id, MemberRun.allocation_id == allocation_id
        )
    ).one_or_none()
    return None if row is None else MemberRunCard(*row)


def card(allocation_id: UUID, actor: Actor) -> MemberRunCard:
    """Return the run of an allocation; raises NotFound, Forbidden."""
    access.require(actor, "surplus.read")
    found = find(actor.centre_id, allocation_id)
    if found is None:
        raise NotFound(what="member_run")
    return found


def hash_of_items(centre_id: int, run_id: UUID) -> str:
    """Return the hash of the items as they stand, to hold against the run's own."""
    rows = db.session.execute(
        select(*ITEM_COLUMNS)
        .where(MemberRunItem.centre_id == centre_id, MemberRunItem.run_id == run_id)
        .order_by(MemberRunItem.member_no, MemberRunItem.member_id)
    )
    # A database may order text by its language; the run orders by the letters' numbers.
    return hash_of(sorted((tuple(row) for row in rows), key=lambda row: (row[1], row[0])))


def items(
    centre_id: int, run_id: UUID, after_no: str = "", limit: int = 50, why: str | None = None
) -> list[ItemCard]:
    """Return members' parts by member number, behind a number; `why` narrows to those left out."""
    query = (
        select(*ITEM_COLUMNS)
        .where(MemberRunItem.centre_id == centre_id, MemberRunItem.run_id == run_id)
        .order_by(MemberRunItem.member_no)
        .limit(limit)
    )
    if after_no:
        query = query.where(MemberRunItem.member_no > after_no)
    if why is not None:
        query = query.where(MemberRunItem.why == why)
    return [ItemCard(*row) for row in db.session.execute(query)]


def totals(centre_id: int, run_id: UUID) -> list[int]:
    """Return every member's sum above nothing, for the picture of how they are spread."""
    amount = (
        MemberRunItem.dividend_satang
        + MemberRunItem.purchase_refund_satang
        + MemberRunItem.delivery_refund_satang
    )
    return list(
        db.session.scalars(
            select(amount).where(
                MemberRunItem.centre_id == centre_id, MemberRunItem.run_id == run_id, amount > 0
            )
        )
    )


def items_of(centre_id: int, run_id: UUID, member_ids: Iterable[UUID]) -> list[ItemCard]:
    """Return the parts of some members."""
    query = (
        select(*ITEM_COLUMNS)
        .where(
            MemberRunItem.centre_id == centre_id,
            MemberRunItem.run_id == run_id,
            MemberRunItem.member_id.in_(sorted(member_ids)),
        )
        .order_by(MemberRunItem.member_no)
    )
    return [ItemCard(*row) for row in db.session.execute(query)]


def hash_of(rows: Iterable[Sequence[Any]]) -> str:
    """Return the SHA-256 over members' figures in the order of their numbers."""
    found = hashlib.sha256()
    for row in rows:
        plain = [str(row[0]), *(int(v) if isinstance(v, bool) else v for v in row[1:])]
        found.update(canonical(plain))
    return found.hexdigest()


def canonical(value: Any) -> bytes:
    """Return JSON data as the one text it is hashed as."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"
