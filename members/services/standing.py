"""Who was a member, and in what standing, on any day.

What must stay true: standing follows from dated facts; what was true of a past day is not changed
by what is entered today, but by a fact of that day entered late. A wrong fact is withdrawn with a
reason and stays to be read. `joined_on` and `resigned_on` of a member are written only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.ids import uuid7
from members.models import Member, StandingFact
from members.rules import standing as rules
from members.rules.standing import Happening
from members.services.access import require

CHANGED_IN_REGISTER = N_("The register was changed")
_CONTENT = ("member_id", "kind", "on_date", "reason")


class FactDoesNotFit(DomainError):
    """With it, something that happened would change nothing: two things contradict each other."""

    code, status, title = "fact-does-not-fit", 409, N_("This does not fit with what is recorded")
    detail = N_(
        "Look at the days: a member is suspended before being reinstated, and joins before"
        " leaving. Withdraw what is wrong first, then record this."
    )


class FactInFuture(DomainError):
    """What happened, happened by today."""

    code, status, title = "fact-in-future", 422, N_("This day has not come yet")
    detail = N_("Record it on that day.")


class FactWithdrawn(DomainError):
    """It was withdrawn before."""

    code, status, title = "fact-withdrawn", 409, N_("This was withdrawn before")


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing on a day: member, suspended, resigned, expelled, died or not_yet."""

    state: str
    since: date
    """The day this standing began."""

    @property
    def is_member(self) -> bool:
        """Tell whether the person is a member then, suspended or not."""
        return self.state in (rules.MEMBER, rules.SUSPENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """Something that happened to a membership, on its own day, however late it is entered."""

    fact_id: UUID
    member_id: UUID
    kind: str
    on_date: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FactCard:
    """A recorded fact, as the timeline shows it."""

    id: UUID
    member_id: UUID
    kind: str
    on_date: date
    reason: str
    recorded_by: UUID | None
    recorded_at: datetime
    withdrawn_by: UUID | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


_CARD = tuple(getattr(StandingFact, name) for name in FactCard.__slots__)


# --- reading ---------------------------------------------------------------------------------


def on(centre_id: int, day: date) -> dict[UUID, Standing]:
    """Return every member's standing at the end of a day; one statement."""
    rows = db.session.execute(
        select(StandingFact.member_id, StandingFact.kind, StandingFact.on_date)
        .where(
            StandingFact.centre_id == centre_id,
            StandingFact.member_id.is_not(None),
            StandingFact.withdrawn_at.is_(None),
        )
        .order_by(StandingFact.member_id)
    )
    found: dict[UUID, Standing] = {}
    for member_id, facts in groupby(rows, lambda row: row.member_id):
        span = rules.on_day([Happening(kind, of) for _, kind, of in facts], day)
        if span is not None:
            found[member_id] = Standing(span.state, span.since)
    return found


def of(member_id: UUID, centre_id: int, day: date) -> Standing | None:
    """Return one member's standing at the end of a day."""
    span = rules.on_day(_happened(member_id, centre_id), day)
    return Standing(span.state, span.since) if span else None


def survivors(centre_id: int) -> dict[UUID, UUID]:
    """Return, for each membership merged into another, the one that stands for both now."""
    rows = db.session.execute(
        select(Member.id, Member.merged_into_id).where(
            Member.centre_id == centre_id, Member.merged_into_id.is_not(None)
        )
    )
    into: dict[UUID, UUID] = {one: other for one, other in rows if other is not None}
    found: dict[UUID, UUID] = {}
    for one in into:
        last, seen = one, {one}
        while last in into and into[last] not in seen:
            last = into[last]
            seen.add(last)
        found[one] = last
    return found


def timeline(member_id: UUID, actor: Actor) -> list[FactCard]:
    """Return all that was recorded of a membership, withdrawn or not, by day."""
    require(actor, "member.read")
    rows = db.session.execute(
        select(*_CARD)
        .where(StandingFact.centre_id == actor.centre_id, StandingFact.member_id == member_id)
        .order_by(StandingFact.on_date, StandingFact.recorded_at, StandingFact.id)
    )
    return [FactCard(*row) for row in rows]


# --- changing --------------------------------------------------------------------------------


def record(command: RecordFact, actor: Actor) -> FactCard:
    """Record what happened to a membership; the same id again changes nothing."""
    require(actor, "member.change")
    known = _find(command.fact_id, actor.centre_id)
    if known is not None:
        differs = [name for name in _CONTENT if getattr(known, name) != getattr(command, name)]
        if differs:
            raise DifferentContent(differs=differs)
        return known
    _hold(command.member_id, actor.centre_id)
    if command.on_date > clock.today():
        raise FactInFuture(field="on_date")
    happening = Happening(command.kind, command.on_date)
    if rules.first_idle([*_happened(command.member_id, actor.centre_id), happening]) is not None:
        raise FactDoesNotFit(field="on_date")
    _write(command, actor)
    _summarise(command.member_id, actor.centre_id)
    return _get(command.fact_id, actor.centre_id)


def withdraw(fact_id: UUID, reason: str, actor: Actor) -> FactCard:
    """Take back a fact that was wrong; it stays in the timeline with the reason."""
    require(actor, "member.change")
    fact = _get(fact_id, actor.centre_id)
    if fact.withdrawn_at is not None:
        raise FactWithdrawn
    _hold(fact.member_id, actor.centre_id)
    rest = _happened(fact.member_id, actor.centre_id)
    rest.remove(Happening(fact.kind, fact.on_date))
    if not rest or rules.first_idle(rest) is not None:
        raise FactDoesNotFit
    _mark_withdrawn(fact, reason, actor)
    _summarise(fact.member_id, actor.centre_id)
    return _get(fact_id, actor.centre_id)


def begin(member_ids: Sequence[UUID], joined_on: date, actor: Actor) -> None:
    """Note of new members, whose rows say the same, that they joined on a day."""
    moment = clock.now()
    insert_rows(
        StandingFact,
        [
            {
                "centre_id": actor.centre_id,
                "id": uuid7(),
                "member_id": member_id,
                "kind": "joined",
                "on_date": joined_on,
                "reason": "",
                "recorded_by": actor.user_id,
                "recorded_at": moment,
                "withdrawn_reason": "",
            }
            for member_id in member_ids
        ],
    )


def restate(member_id: UUID, joined_on: date, ended_on: date | None, actor: Actor) -> None:
    """Make the latest membership begin and end on these days (a register kept as two columns).

    What said otherwise is withdrawn; the new days are recorded as joining and resigning.
    """
    require(actor, "member.change")
    _hold(member_id, actor.centre_id)
    now = rules.summary(_happened(member_id, actor.centre_id))
    if now is not None and (now.joined_on, now.ended_on) == (joined_on, ended_on):
        return
    facts = [fact for fact in timeline(member_id, actor) if fact.withdrawn_at is None]
    if now is not None and now.ended_on != ended_on and now.ended_on is not None:
        _withdraw_those(facts, ("resigned", "expelled", "died"), now.ended_on, actor)
    if now is not None and now.joined_on != joined_on:
        _withdraw_those(facts, ("joined",), now.joined_on, actor)
    if now is None or now.joined_on != joined_on:
        _write(_said(member_id, "joined", joined_on), actor)
    if ended_on is not None and (now is None or now.ended_on != ended_on):
        _write(_said(member_id, "resigned", ended_on), actor)
    if rules.first_idle(_happened(member_id, actor.centre_id)) is not None:
        raise FactDoesNotFit(field="resigned_on")
    _summarise(member_id, actor.centre_id, versions=0)  # who calls counts the change


def _said(member_id: UUID, kind: str, day: date) -> RecordFact:
    return RecordFact(fact_id=uuid7(), member_id=member_id, kind=kind, on_date=day)


def _withdraw_those(
    facts: Sequence[FactCard], kinds: tuple[str, ...], day: date, actor: Actor
) -> None:
    for fact in facts:
        if fact.kind in kinds and fact.on_date == day:
            _mark_withdrawn(fact, CHANGED_IN_REGISTER, actor)


def _write(command: RecordFact, actor: Actor) -> None:
    values: dict[str, Any] = {
        "centre_id": actor.centre_id,
        "id": command.fact_id,
        "recorded_by": actor.user_id,
        "recorded_at": clock.now(),
        "withdrawn_reason": "",
        **{name: getattr(command, name) for name in _CONTENT},
    }
    insert_rows(StandingFact, [values])
    audit.record(
        actor,
        "member.standing_recorded",
        "member",
        command.member_id,
        kind=command.kind,
        on_date=command.on_date.isoformat(),
    )


def _mark_withdrawn(fact: FactCard, reason: str, actor: Actor) -> None:
    db.session.execute(
        update(StandingFact)
        .where(StandingFact.centre_id == actor.centre_id, StandingFact.id == fact.id)
        .values(withdrawn_by=actor.user_id, withdrawn_at=clock.now(), withdrawn_reason=reason)
        .execution_options(synchronize_session=False)
    )
    audit.record(
        actor,
        "member.standing_withdrawn",
        "member",
        fact.member_id,
        kind=fact.kind,
        on_date=fact.on_date.isoformat(),
    )


def _summarise(member_id: UUID, centre_id: int, versions: int = 1) -> None:
    """Write the two days the facts yield; a sale asks only for them."""
    found = rules.summary(_happened(member_id, centre_id))
    assert found is not None, "a membership without a joining"
    db.session.execute(
        update(Member)
        .where(Member.centre_id == centre_id, Member.id == member_id)
        .values(
            joined_on=found.joined_on, resigned_on=found.ended_on, version=Member.version + versions
        )
        .execution_options(synchronize_session=False)
    )


def _happened(member_id: UUID, centre_id: int) -> list[Happening]:
    rows = db.session.execute(
        select(StandingFact.kind, StandingFact.on_date).where(
            StandingFact.centre_id == centre_id,
            StandingFact.member_id == member_id,
            StandingFact.withdrawn_at.is_(None),
        )
    )
    return [Happening(kind, of) for kind, of in rows]


def _hold(member_id: UUID, centre_id: int) -> None:
    """Hold the member's row, so that two facts at once are entered one after the other."""
    there = db.session.execute(
        select(Member.id)
        .where(Member.centre_id == centre_id, Member.id == member_id)
        .with_for_update()
    ).first()
    if there is None:
        raise NotFound


def _get(fact_id: UUID, centre_id: int) -> FactCard:
    found = _find(fact_id, centre_id)
    if found is None:
        raise NotFound
    return found


def _find(fact_id: UUID, centre_id: int) -> FactCard | None:
    row = db.session.execute(
        select(*_CARD).where(
            StandingFact.centre_id == centre_id,
            StandingFact.id == fact_id,
            StandingFact.member_id.is_not(None),
        )
    ).one_or_none()
    return FactCard(*row) if row else None
