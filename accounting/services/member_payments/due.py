"""What members are still owed of posted allocations: each item less what left it.

What must stay true: an item is due once its allocation is posted and until that is reversed; what
is due of memberships merged into one is paid to the one that stands for them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from accounting.models import (
    MemberBatchLine,
    MemberItemMove,
    MemberRun,
    MemberRunItem,
    SurplusAllocation,
    SurplusOutcome,
)
from accounting.rules.member_payments import ItemKey, Parts
from core import clock
from core.db import db, sum_int
from members.services import standing


@dataclass(frozen=True, slots=True)
class DueItem:
    """What is open of one member's item of one year."""

    run_id: UUID
    member_id: UUID
    """Whose item it is; the payee may be who this membership was merged into."""
    allocation_id: UUID
    allocation_no: str
    fiscal_year: int
    due_since: date
    dividend_satang: int
    patronage_satang: int

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang

    @property
    def days(self) -> int:
        """How long it has been waiting."""
        return (clock.today() - self.due_since).days


def unpaid(centre_id: int) -> dict[ItemKey, Parts]:
    """Return what is open of every item: (run, member) → (dividend, patronage) in satang."""
    return {
        (item.run_id, item.member_id): (item.dividend_satang, item.patronage_satang)
        for item in items(centre_id)
    }


def anything_paid(centre_id: int, allocation_id: UUID) -> bool:
    """Tell whether money of an allocation left its items, or waits at the bank to be paid."""
    runs = db.session.scalars(
        select(MemberRun.id).where(
            MemberRun.centre_id == centre_id, MemberRun.allocation_id == allocation_id
        )
    ).all()
    gone = (
        select(MemberItemMove.member_id)
        .where(MemberItemMove.centre_id == centre_id, MemberItemMove.run_id.in_(runs))
        .group_by(MemberItemMove.member_id)
        .having(
            (func.sum(MemberItemMove.dividend_satang) != 0)
            | (func.sum(MemberItemMove.patronage_satang) != 0)
        )
        .limit(1)
    )
    if db.session.execute(gone).first() is not None:
        return True
    waiting = db.session.scalars(
        select(MemberBatchLine.items).where(
            MemberBatchLine.centre_id == centre_id, MemberBatchLine.state == "waiting"
        )
    )
    wanted = {str(run_id) for run_id in runs}
    return any(run_id in wanted for line in waiting for run_id, *_rest in line)


def items(
    centre_id: int,
    member_ids: Collection[UUID] | None = None,
    run_id: UUID | None = None,
) -> list[DueItem]:
    """Return open items, the oldest first; of some members, of one run."""
    moves = (
        select(
            MemberItemMove.run_id,
            MemberItemMove.member_id,
            sum_int(MemberItemMove.dividend_satang).label("dividend"),
            sum_int(MemberItemMove.patronage_satang).label("patronage"),
        )
        .where(MemberItemMove.centre_id == centre_id)
        .group_by(MemberItemMove.run_id, MemberItemMove.member_id)
    )
    if member_ids is not None:
        moves = moves.where(MemberItemMove.member_id.in_(member_ids))
    gone = moves.subquery()
    dividend = MemberRunItem.cash_dividend_satang - func.coalesce(gone.c.dividend, 0)
    patronage = MemberRunItem.cash_patronage_satang - func.coalesce(gone.c.patronage, 0)
    query = _standing_items(centre_id, dividend, patronage).outerjoin(
        gone,
        and_(gone.c.run_id == MemberRunItem.run_id, gone.c.member_id == MemberRunItem.member_id),
    )
    if member_ids is not None:
        query = query.where(MemberRunItem.member_id.in_(member_ids))
    if run_id is not None:
        query = query.where(MemberRunItem.run_id == run_id)
    query = query.where(dividend + patronage > 0).order_by(
        SurplusAllocation.fiscal_year, MemberRunItem.run_id, MemberRunItem.member_id
    )
    return [_due(*row) for row in db.session.execute(query)]


def _due(
    run_id: UUID,
    member_id: UUID,
    allocation_id: UUID,
    allocation_no: str,
    fiscal_year: int,
    posted_at: datetime,
    dividend: int,
    patronage: int,
) -> DueItem:
    since = clock.business_date(posted_at)
    return DueItem(
        run_id, member_id, allocation_id, allocation_no, fiscal_year, since, dividend, patronage
    )


def _standing_items(centre_id: int, dividend: Any, patronage: Any) -> Any:
    """Select the items of allocations that are posted and stand."""
    back = aliased(SurplusOutcome)
    return (
        select(
            MemberRunItem.run_id,
            MemberRunItem.member_id,
            SurplusAllocation.id,
            SurplusAllocation.allocation_no,
            SurplusAllocation.fiscal_year,
            SurplusOutcome.recorded_at,
            dividend,
            patronage,
        )
        .select_from(MemberRunItem)
        .join(
            MemberRun,
            and_(
                MemberRun.centre_id == MemberRunItem.centre_id,
                MemberRun.id == MemberRunItem.run_id,
            ),
        )
        .join(
            SurplusAllocation,
            and_(
                SurplusAllocation.centre_id == MemberRun.centre_id,
                SurplusAllocation.id == MemberRun.allocation_id,
            ),
        )
        .join(
            SurplusOutcome,
            and_(
                SurplusOutcome.centre_id == SurplusAllocation.centre_id,
                SurplusOutcome.allocation_id == SurplusAllocation.id,
                SurplusOutcome.kind == "posted",
            ),
        )
        .where(
            MemberRunItem.centre_id == centre_id,
            ~exists().where(
                back.centre_id == SurplusAllocation.centre_id,
                back.allocation_id == SurplusAllocation.id,
                back.kind == "reversed",
            ),
        )
    )


def runs(centre_id: int) -> set[UUID]:
    """Return every run of a centre: one a year."""
    return set(db.session.scalars(select(MemberRun.id).where(MemberRun.centre_id == centre_id)))


def allocations_of(centre_id: int, run_ids: Collection[UUID]) -> list[UUID]:
    """Return the allocations of some runs in the order in which they are locked."""
    rows = db.session.scalars(
        select(MemberRun.allocation_id).where(
            MemberRun.centre_id == centre_id, MemberRun.id.in_(run_ids)
        )
    )
    return sorted(rows)


# --- who is paid -----------------------------------------------------------------------------


def memberships(member_id: UUID, merged: Mapping[UUID, UUID]) -> set[UUID]:
    """Return a member and those merged into them; `merged` is `standing.survivors`."""
    return {member_id} | {gone for gone, stays in merged.items() if stays == member_id}


def of_member(centre_id: int, member_id: UUID) -> list[DueItem]:
    """Return what one member is paid, of merged memberships too."""
    merged = standing.survivors(centre_id)
    return items(centre_id, memberships(member_id, merged))


def by_payee(centre_id: int, run_id: UUID | None = None) -> dict[UUID, list[DueItem]]:
    """Return everything open by who is paid."""
    merged = standing.survivors(centre_id)
    found: dict[UUID, list[DueItem]] = {}
    for item in items(centre_id, run_id=run_id):
        found.setdefault(merged.get(item.member_id, item.member_id), []).append(item)
    return found


def waiting(centre_id: int, member_ids: Collection[UUID] | None = None) -> dict[UUID, UUID]:
    """Return the members who wait in a bank file → the file; of some members, or of all.

    Whoever a line is for waits, whoever that membership was merged into since, and everybody whose
    items the line pays.
    """
    merged = standing.survivors(centre_id)
    rows = db.session.execute(
        select(MemberBatchLine.member_id, MemberBatchLine.batch_id, MemberBatchLine.items).where(
            MemberBatchLine.centre_id == centre_id, MemberBatchLine.state == "waiting"
        )
    )
    found: dict[UUID, UUID] = {}
    for member_id, batch_id, paid in rows:
        of_items = (UUID(item_of) for _run_id, item_of, *_parts in paid)
        for one in (member_id, merged.get(member_id, member_id), *of_items):
            if member_ids is None or one in member_ids:
                found[one] = batch_id
    return found
