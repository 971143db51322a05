"""Lists of money nobody fetched as people read them: all of them, and each one whole.

What must stay true: a list shows what it was made of, whatever was paid since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounting.models import UnclaimedLine, UnclaimedOutcome, UnclaimedTaking
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from members.services import access, members
from members.services.members import MemberCard


@dataclass(frozen=True, slots=True)
class TakingLine:
    """One member's item on a list."""

    member: MemberCard
    run_id: UUID
    due_since: date
    dividend_satang: int
    patronage_satang: int

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang


@dataclass(frozen=True, slots=True)
class Taking:
    """A list; `outcome` is empty while it waits for the second person."""

    id: UUID
    taking_no: str
    prepared_on: date
    dividend_satang: int
    patronage_satang: int
    prepared_by: UUID | None
    prepared_name: str
    prepared_at: datetime
    outcome: str
    decided_name: str
    decided_at: datetime | None
    reason: str
    lines: tuple[TakingLine, ...] = ()

    @property
    def satang(self) -> int:
        return self.dividend_satang + self.patronage_satang


def listing(actor: Actor) -> list[Taking]:
    """Return the lists there are, newest first, without their lines; raise Forbidden."""
    access.require(actor, "member_payment.read")
    rows = db.session.scalars(
        select(UnclaimedTaking)
        .where(UnclaimedTaking.centre_id == actor.centre_id)
        .order_by(UnclaimedTaking.taking_no.desc())
    ).all()
    outcomes = _outcomes(actor.centre_id)
    return [_taking(row, outcomes.get(row.id, [])) for row in rows]


def get(taking_id: UUID, actor: Actor) -> Taking:
    """Return a list with its lines; raise NotFound, Forbidden."""
    access.require(actor, "member_payment.read")
    return of_centre(actor.centre_id, taking_id)


def of_centre(centre_id: int, taking_id: UUID) -> Taking:
    """Return a list of a centre with its lines; raise NotFound."""
    row = db.session.get(UnclaimedTaking, (centre_id, taking_id))
    if row is None:
        raise NotFound(what="unclaimed_taking")
    lines = db.session.scalars(
        select(UnclaimedLine)
        .where(UnclaimedLine.centre_id == centre_id, UnclaimedLine.taking_id == taking_id)
        .order_by(UnclaimedLine.due_since, UnclaimedLine.run_id, UnclaimedLine.member_id)
    ).all()
    people = members.names(centre_id, {line.member_id for line in lines})
    parts = tuple(
        TakingLine(
            people[line.member_id],
            line.run_id,
            line.due_since,
            line.dividend_satang,
            line.patronage_satang,
        )
        for line in lines
    )
    return _taking(row, _outcomes(centre_id, taking_id).get(taking_id, []), parts)


def _outcomes(centre_id: int, taking_id: UUID | None = None) -> dict[UUID, list[Any]]:
    query = select(UnclaimedOutcome.__table__).where(UnclaimedOutcome.centre_id == centre_id)
    if taking_id is not None:
        query = query.where(UnclaimedOutcome.taking_id == taking_id)
    found: dict[UUID, list[Any]] = {}
    for row in db.session.execute(query.order_by(UnclaimedOutcome.recorded_at)):
        found.setdefault(row.taking_id, []).append(row)
    return found


def _taking(row: Any, outcomes: list[Any], lines: tuple[TakingLine, ...] = ()) -> Taking:
    last = outcomes[-1] if outcomes else None
    return Taking(
        row.id,
        row.taking_no,
        row.prepared_on,
        row.dividend_satang,
        row.patronage_satang,
        row.prepared_by,
        row.prepared_name,
        row.prepared_at,
        last.kind if last else "",
        last.recorded_name if last else "",
        last.recorded_at if last else None,
        last.reason if last else "",
        lines,
    )
