"""The rows of what happened to a membership or to a producer: read, written, withdrawn.

What must stay true: whoever writes holds the row the facts are of, and writes after them what
follows from them today (two days of a member, whether a producer delivers): nobody else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import null, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, DomainError, NotFound
from members.models import Member, Producer, StandingFact
from members.rules import standing as rules
from members.rules.standing import Happening

_TABLES: dict[str, Any] = {"member": Member, "producer": Producer}
_OWNERS: dict[str, Any] = {"member": StandingFact.member_id, "producer": StandingFact.producer_id}


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose standing it is: a membership's or a producer's."""

    what: str
    """Member or producer, as the trail and the permissions name it."""
    id: UUID


@dataclass(frozen=True, slots=True)
class FactCard:
    """A recorded fact, as the timeline shows it."""

    id: UUID
    member_id: UUID | None
    producer_id: UUID | None
    kind: str
    on_date: date
    reason: str
    recorded_by: UUID | None
    recorded_at: datetime
    withdrawn_by: UUID | None
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @property
    def holder(self) -> Holder:
        """Whose standing it tells of."""
        if self.member_id is not None:
            return Holder("member", self.member_id)
        assert self.producer_id is not None, "the database asks for one of the two"
        return Holder("producer", self.producer_id)

    @property
    def happening(self) -> Happening:
        """What happened, as the rules reckon with it."""
        return Happening(self.kind, self.on_date)


_CARD = tuple(getattr(StandingFact, name) for name in FactCard.__slots__)


class FactOfMerged(DomainError):
    """The membership is part of another one, of which things happen now."""

    code, status, title = "fact-of-merged", 409, N_("This membership was merged into another")
    detail = N_("Record it of the membership that stands for both.")


# --- reading ---------------------------------------------------------------------------------


def every(holder: Holder, centre_id: int) -> list[FactCard]:
    """Return all that was recorded, withdrawn or not, by day."""
    rows = db.session.execute(
        select(*_CARD)
        .where(StandingFact.centre_id == centre_id, _OWNERS[holder.what] == holder.id)
        .order_by(StandingFact.on_date, StandingFact.recorded_at, StandingFact.id)
    )
    return [FactCard(*row) for row in rows]


def happened(holder: Holder, centre_id: int) -> list[Happening]:
    """Return what happened, without what was withdrawn."""
    rows = db.session.execute(
        select(StandingFact.kind, StandingFact.on_date).where(
            StandingFact.centre_id == centre_id,
            _OWNERS[holder.what] == holder.id,
            StandingFact.withdrawn_at.is_(None),
        )
    )
    return [Happening(kind, of) for kind, of in rows]


def find(fact_id: UUID, centre_id: int) -> FactCard | None:
    """Return a fact of a centre, or None."""
    row = db.session.execute(
        select(*_CARD).where(StandingFact.centre_id == centre_id, StandingFact.id == fact_id)
    ).one_or_none()
    return FactCard(*row) if row else None


def get(fact_id: UUID, centre_id: int) -> FactCard:
    """Return a fact of a centre; raises NotFound."""
    found = find(fact_id, centre_id)
    if found is None:
        raise NotFound
    return found


def others_of_person(holder: Holder, centre_id: int) -> list[Holder]:
    """Return what else the same person is here: a member, a producer (more than one, perhaps)."""
    table = _TABLES[holder.what]
    person_id = db.session.scalar(
        select(table.person_id).where(table.centre_id == centre_id, table.id == holder.id)
    )
    if person_id is None:
        return []
    found = [
        Holder(what, one)
        for what, other in _TABLES.items()
        for one in db.session.scalars(
            select(other.id)
            .where(other.centre_id == centre_id, other.person_id == person_id)
            .order_by(other.id)
        )
    ]
    return [one for one in found if one != holder]


# --- writing ---------------------------------------------------------------------------------


def hold(holder: Holder, centre_id: int) -> None:
    """Hold the row, so that two facts at once are entered one after the other.

    Raises FactOfMerged, NotFound.
    """
    table = _TABLES[holder.what]
    merged = Member.merged_into_id if holder.what == "member" else null()
    there = db.session.execute(
        select(table.id, merged)
        .where(table.centre_id == centre_id, table.id == holder.id)
        .with_for_update()
    ).first()
    if there is None:
        raise NotFound
    if there[1] is not None:
        raise FactOfMerged


def rows_of(
    what: str, facts: Sequence[tuple[UUID, UUID, Happening, str]], actor: Actor
) -> list[dict[str, Any]]:
    """Return rows to insert: id, of whom, what happened, why."""
    moment = clock.now()
    return [
        {
            "centre_id": actor.centre_id,
            "id": fact_id,
            "member_id": None,
            "producer_id": None,
            f"{what}_id": owner,
            "kind": one.kind,
            "on_date": one.on_date,
            "reason": reason,
            "recorded_by": actor.user_id,
            "recorded_at": moment,
            "withdrawn_reason": "",
        }
        for fact_id, owner, one, reason in facts
    ]


def put(holder: Holder, fact_id: UUID, one: Happening, reason: str, actor: Actor) -> None:
    """Write a fact; the caller has seen that it fits."""
    insert_rows(StandingFact, rows_of(holder.what, [(fact_id, holder.id, one, reason)], actor))
    _note("recorded", holder, one, actor)


def mark_withdrawn(fact: FactCard, reason: str, actor: Actor) -> None:
    """Withdraw a fact; the caller has seen that the rest fits."""
    db.session.execute(
        update(StandingFact)
        .where(StandingFact.centre_id == actor.centre_id, StandingFact.id == fact.id)
        .values(withdrawn_by=actor.user_id, withdrawn_at=clock.now(), withdrawn_reason=reason)
        .execution_options(synchronize_session=False)
    )
    _note("withdrawn", fact.holder, fact.happening, actor)


def _note(done: str, holder: Holder, one: Happening, actor: Actor) -> None:
    audit.record(
        actor,
        f"{holder.what}.standing_{done}",
        holder.what,
        holder.id,
        kind=one.kind,
        on_date=one.on_date.isoformat(),
    )


def summarise(holder: Holder, centre_id: int, versions: int = 1) -> None:
    """Write what the facts yield today: a sale and an intake ask only for that."""
    facts = happened(holder, centre_id)
    table = _TABLES[holder.what]
    values: dict[str, Any]
    if holder.what == "member":
        found = rules.summary(facts)
        assert found is not None, "a membership without a joining"
        values = {"joined_on": found.joined_on, "resigned_on": found.ended_on}
    else:
        values = {"active": rules.delivers(facts)}
    db.session.execute(
        update(table)
        .where(table.centre_id == centre_id, table.id == holder.id)
        .values(**values, version=table.version + versions)
        .execution_options(synchronize_session=False)
    )
