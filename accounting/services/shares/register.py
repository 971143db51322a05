"""What every member holds in paid-up shares, on any day, and every change of it.

What must stay true: what is held is the sum of the register's movements up to and including a day,
in satang; a change counts from its effective day on, so shares given back on a day no longer count
on it. Nobody holds less than nothing on any day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import and_, select

from accounting.models import ShareMovement, ShareTransaction
from core.db import db, serialise_on, sum_int

OF_TRANSACTION = and_(
    ShareTransaction.centre_id == ShareMovement.centre_id,
    ShareTransaction.id == ShareMovement.transaction_id,
)


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of one member's paid-up shares; it counts from `on`, and was entered later perhaps.

    Its document entered in a later month than `on` is late.
    """

    on: date
    delta_satang: int
    recorded_on: date
    document_no: str
    transaction_id: UUID | None = None

    @property
    def late(self) -> bool:
        """Tell whether it was entered after its own month."""
        return (self.on.year, self.on.month) < (self.recorded_on.year, self.recorded_on.month)


def movements(centre_id: int, until: date) -> dict[UUID, tuple[Movement, ...]]:
    """Return every member's changes that count by the end of a day, earliest first; one statement.

    What was reversed stands there with its reversal.
    """
    found: dict[UUID, list[Movement]] = {}
    query = _movements(centre_id).where(ShareMovement.effective_on <= until)
    for member_id, *facts in db.session.execute(query):
        found.setdefault(member_id, []).append(Movement(*facts))
    return {member_id: tuple(some) for member_id, some in found.items()}


def balances(
    centre_id: int, on: date | None = None, members: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """Return the paid-up satang of everyone who holds shares at the end of a day (or at all).

    `members` narrows it to some; who holds nothing is left out.
    """
    held = sum_int(ShareMovement.delta_satang)
    query = (
        select(ShareMovement.member_id, held)
        .where(ShareMovement.centre_id == centre_id)
        .group_by(ShareMovement.member_id)
        .having(held != 0)
    )
    if on is not None:
        query = query.where(ShareMovement.effective_on <= on)
    if members is not None:
        query = query.where(ShareMovement.member_id.in_(members))
    return {member_id: satang for member_id, satang in db.session.execute(query)}


def balance(centre_id: int, member_id: UUID, on: date | None = None) -> int:
    """Return one member's paid-up satang at the end of a day, or after every change entered."""
    return balances(centre_id, on, [member_id]).get(member_id, 0)


def lowest_by_member(
    centre_id: int, day: date, members: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """Return the least each member holds on any day from `day` on: what may be taken off then."""
    held = balances(centre_id, day, members)
    lowest = dict(held)
    query = _movements(centre_id).where(ShareMovement.effective_on > day)
    if members is not None:
        query = query.where(ShareMovement.member_id.in_(members))
    # A day's own changes are judged together, at its end.
    by_day: dict[tuple[UUID, date], int] = {}
    for member_id, on, delta, *_ in db.session.execute(query):
        by_day[member_id, on] = by_day.get((member_id, on), 0) + delta
    for (member_id, _on), delta in by_day.items():
        held[member_id] = held.get(member_id, 0) + delta
        lowest[member_id] = min(lowest.get(member_id, 0), held[member_id])
    return lowest


def lock(centre_id: int) -> None:
    """Make every change of this centre's register wait for the others until the transaction ends.

    The caps look at all members' shares at once, so two changes must never judge side by side.
    """
    serialise_on(uuid5(NAMESPACE_OID, f"share-register/{centre_id}"))


def _movements(centre_id: int) -> Any:
    return (
        select(
            ShareMovement.member_id,
            ShareMovement.effective_on,
            ShareMovement.delta_satang,
            ShareTransaction.recorded_on,
            ShareTransaction.transaction_no,
            ShareTransaction.id,
        )
        .join(ShareTransaction, OF_TRANSACTION)
        .where(ShareMovement.centre_id == centre_id)
        .order_by(
            ShareMovement.member_id,
            ShareMovement.effective_on,
            ShareTransaction.recorded_at,
            ShareTransaction.transaction_no,
        )
    )
