"""Who was a member or a producer, and in what standing, on any day.

What must stay true: standing follows from dated facts; what was true of a past day is not changed
by what is entered today, but by a fact of that day entered late. A wrong fact is withdrawn with a
reason and stays to be read. `joined_on` and `resigned_on` of a member, and whether a producer
delivers, are written only from here. A death is a person's: it is noted of all they are here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, DifferentContent, DomainError
from core.ids import uuid7
from members.models import Member, Producer, StandingFact
from members.rules import standing as rules
from members.rules.standing import Happening
from members.services import standing_facts
from members.services.access import require
from members.services.standing_facts import FactCard, Holder

CHANGED_IN_REGISTER = N_("The register was changed")


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


class PersonHasDied(DomainError):
    """Nobody becomes a member or a producer after their death."""

    code, status, title = "person-has-died", 409, N_("Of this person a death is recorded")
    detail = N_("Choose who is meant. If they are alive, withdraw the record of the death first.")


class FactWithdrawn(DomainError):
    """It was withdrawn before."""

    code, status, title = "fact-withdrawn", 409, N_("This was withdrawn before")


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing on a day: member, suspended, resigned, expelled, died or not_yet."""

    state: str
    since: date
    """The day this standing began."""
    joined_on: date | None = field(default=None, compare=False)
    """The day the membership began, were it suspended since or not; None outside one."""

    @property
    def member_since(self) -> date:
        """The day from which somebody is a member without a break; outside, as `since`."""
        return self.joined_on or self.since

    @property
    def is_member(self) -> bool:
        """Tell whether somebody belongs to the centre then, suspended or not."""
        return self.state in (rules.MEMBER, rules.SUSPENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """Something that happened to a membership or to a producer (name one), on its own day."""

    fact_id: UUID
    member_id: UUID | None = None
    producer_id: UUID | None = None
    kind: str
    on_date: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact:
    """A fact of the wrong day: it is withdrawn, and recorded anew on the right one."""

    wrong_id: UUID
    fact_id: UUID
    on_date: date
    reason: str


_CONTENT = ("member_id", "producer_id", "kind", "on_date", "reason")


# --- reading ---------------------------------------------------------------------------------


def on(centre_id: int, day: date) -> dict[UUID, Standing]:
    """Return every member's standing at the end of a day; one statement."""
    return _on(centre_id, day, StandingFact.member_id)


def producers_on(centre_id: int, day: date) -> dict[UUID, Standing]:
    """Return every producer's standing at the end of a day; one statement."""
    return _on(centre_id, day, StandingFact.producer_id)


def _on(centre_id: int, day: date, owner: Any) -> dict[UUID, Standing]:
    rows = db.session.execute(
        select(owner, StandingFact.kind, StandingFact.on_date)
        .where(
            StandingFact.centre_id == centre_id,
            owner.is_not(None),
            StandingFact.withdrawn_at.is_(None),
        )
        .order_by(owner)
    )
    found: dict[UUID, Standing] = {}
    for one, facts in groupby(rows, lambda row: row[0]):
        standing = _after([Happening(kind, of) for _, kind, of in facts], day)
        if standing is not None:
            found[one] = standing
    return found


def _after(happened: Sequence[Happening], day: date) -> Standing | None:
    span = rules.on_day(happened, day)
    if span is None:
        return None
    return Standing(span.state, span.since, rules.member_since(happened, day))


def of(member_id: UUID, centre_id: int, day: date) -> Standing | None:
    """Return one member's standing at the end of a day."""
    return _of(Holder("member", member_id), centre_id, day)


def of_producer(producer_id: UUID, centre_id: int, day: date) -> Standing | None:
    """Return one producer's standing at the end of a day."""
    return _of(Holder("producer", producer_id), centre_id, day)


def _of(holder: Holder, centre_id: int, day: date) -> Standing | None:
    return _after(standing_facts.happened(holder, centre_id), day)


def has_died(centre_id: int, person_id: UUID) -> bool | None:
    """Tell whether a death is recorded of what the person is here; None of who is nothing yet."""
    today, found = clock.today(), list[Standing | None]()
    for model, kind in ((Member, "member"), (Producer, "producer")):
        wanted = select(model.id).where(model.centre_id == centre_id, model.person_id == person_id)
        ids = db.session.scalars(wanted).all()
        found += [_of(Holder(kind, one), centre_id, today) for one in ids]
    states = [now.state for now in found if now is not None]
    return rules.DIED in states if states else None


def require_living(centre_id: int, person_id: UUID | None) -> None:
    """Raise PersonHasDied of whom a death is recorded."""
    if person_id is not None and has_died(centre_id, person_id):
        raise PersonHasDied


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
    return standing_facts.every(Holder("member", member_id), actor.centre_id)


def producer_timeline(producer_id: UUID, actor: Actor) -> list[FactCard]:
    """Return all that was recorded of a producer, withdrawn or not, by day."""
    require(actor, "producer.read")
    return standing_facts.every(Holder("producer", producer_id), actor.centre_id)


# --- changing --------------------------------------------------------------------------------


def record(command: RecordFact, actor: Actor) -> FactCard:
    """Record what happened to a membership or a producer; the same id again changes nothing.

    Raises FactInFuture, FactDoesNotFit, DifferentContent, NotFound, Forbidden.
    """
    holder = _holder(command)
    require(actor, f"{holder.what}.change")
    known = standing_facts.find(command.fact_id, actor.centre_id)
    if known is not None:
        differs = [name for name in _CONTENT if getattr(known, name) != getattr(command, name)]
        if differs:
            raise DifferentContent(differs=differs)
        return known
    standing_facts.hold(holder, actor.centre_id)
    one = Happening(command.kind, command.on_date)
    _enter(holder, command.fact_id, one, command.reason, actor)
    return standing_facts.get(command.fact_id, actor.centre_id)


def withdraw(fact_id: UUID, reason: str, actor: Actor) -> FactCard:
    """Take back a fact that was wrong; it stays in the timeline with the reason.

    Raises FactWithdrawn, FactDoesNotFit, NotFound, Forbidden.
    """
    fact = _standing_fact(fact_id, actor)
    rest = standing_facts.happened(fact.holder, actor.centre_id)
    rest.remove(fact.happening)
    if not rest or rules.first_idle(rest) is not None:
        raise FactDoesNotFit
    _take_back(fact, reason, actor)
    return standing_facts.get(fact_id, actor.centre_id)


def correct(command: CorrectFact, actor: Actor) -> FactCard:
    """Put a fact on another day: the wrong one is withdrawn. The same id again changes nothing.

    Raises FactWithdrawn, FactInFuture, FactDoesNotFit, NotFound, Forbidden.
    """
    fact = standing_facts.get(command.wrong_id, actor.centre_id)
    require(actor, f"{fact.holder.what}.change")
    known = standing_facts.find(command.fact_id, actor.centre_id)
    if known is not None:
        if (known.holder, known.kind, known.on_date) != (fact.holder, fact.kind, command.on_date):
            raise DifferentContent(id=str(command.fact_id))
        return known
    fact = _standing_fact(command.wrong_id, actor)
    _take_back(fact, command.reason, actor, versions=0)
    one = Happening(fact.kind, command.on_date)
    _enter(fact.holder, command.fact_id, one, fact.reason, actor)
    return standing_facts.get(command.fact_id, actor.centre_id)


def _holder(command: RecordFact) -> Holder:
    assert (command.member_id is None) != (command.producer_id is None), "a fact is of one"
    if command.member_id is not None:
        return Holder("member", command.member_id)
    assert command.producer_id is not None
    return Holder("producer", command.producer_id)


def _standing_fact(fact_id: UUID, actor: Actor) -> FactCard:
    """Return a fact that is not withdrawn, its holder held; raises FactWithdrawn, NotFound."""
    fact = standing_facts.get(fact_id, actor.centre_id)
    require(actor, f"{fact.holder.what}.change")
    standing_facts.hold(fact.holder, actor.centre_id)
    fact = standing_facts.get(fact_id, actor.centre_id)
    if fact.withdrawn_at is not None:
        raise FactWithdrawn
    return fact


def _enter(holder: Holder, fact_id: UUID, one: Happening, reason: str, actor: Actor) -> None:
    """Write a fact that fits; a death is noted of all that the person is here."""
    if one.on_date > clock.today():
        raise FactInFuture(field="on_date")
    _require_fits(holder, one, actor.centre_id)
    standing_facts.put(holder, fact_id, one, reason, actor)
    standing_facts.summarise(holder, actor.centre_id)
    if one.kind != rules.DIED:
        return
    for other in standing_facts.others_of_person(holder, actor.centre_id):
        standing_facts.hold(other, actor.centre_id)
        before = standing_facts.happened(other, actor.centre_id)
        if not any(past.kind == rules.DIED for past in before):
            _require_fits(other, one, actor.centre_id)
            standing_facts.put(other, uuid5(fact_id, other.id.hex), one, reason, actor)
            standing_facts.summarise(other, actor.centre_id)


def _require_fits(holder: Holder, one: Happening, centre_id: int) -> None:
    if rules.first_idle([*standing_facts.happened(holder, centre_id), one]) is not None:
        raise FactDoesNotFit(field="on_date")


def _take_back(fact: FactCard, reason: str, actor: Actor, versions: int = 1) -> None:
    """Withdraw a fact, and the same death of whatever else the person is here."""
    standing_facts.mark_withdrawn(fact, reason, actor)
    if rules.spans(standing_facts.happened(fact.holder, actor.centre_id)):
        standing_facts.summarise(fact.holder, actor.centre_id, versions)
    if fact.kind != rules.DIED:
        return
    for other in standing_facts.others_of_person(fact.holder, actor.centre_id):
        standing_facts.hold(other, actor.centre_id)
        for same in standing_facts.every(other, actor.centre_id):
            if same.withdrawn_at is None and same.happening == fact.happening:
                standing_facts.mark_withdrawn(same, reason, actor)
                standing_facts.summarise(other, actor.centre_id)


# --- a register kept as two columns, or one --------------------------------------------------


def begin(ids: Sequence[UUID], joined_on: date, actor: Actor, what: str = "member") -> None:
    """Note of new members or producers, whose rows say the same, that they joined on a day."""
    joined = Happening("joined", joined_on)
    facts = [(uuid7(), one, joined, "") for one in ids]
    insert_rows(StandingFact, standing_facts.rows_of(what, facts, actor))


def restate(member_id: UUID, joined_on: date, ended_on: date | None, actor: Actor) -> None:
    """Make the latest membership begin and end on these days (a register kept as two columns).

    What said otherwise is withdrawn; the new days are recorded as joining and resigning.
    """
    require(actor, "member.change")
    who = Holder("member", member_id)
    standing_facts.hold(who, actor.centre_id)
    now = rules.summary(standing_facts.happened(who, actor.centre_id))
    if now is not None and (now.joined_on, now.ended_on) == (joined_on, ended_on):
        return
    if now is not None and now.ended_on != ended_on and now.ended_on is not None:
        _withdraw_those(who, ("resigned", "expelled", "died"), now.ended_on, actor)
    if now is not None and now.joined_on != joined_on:
        _withdraw_those(who, ("joined",), now.joined_on, actor)
    if now is None or now.joined_on != joined_on:
        standing_facts.put(who, uuid7(), Happening("joined", joined_on), "", actor)
    if ended_on is not None and (now is None or now.ended_on != ended_on):
        standing_facts.put(who, uuid7(), Happening("resigned", ended_on), "", actor)
    if rules.first_idle(standing_facts.happened(who, actor.centre_id)) is not None:
        raise FactDoesNotFit(field="resigned_on")
    standing_facts.summarise(who, actor.centre_id, versions=0)  # who calls counts the change


def switch(producer_id: UUID, delivers: bool, actor: Actor) -> None:
    """Let a producer deliver from today on, or not (a register kept as a tick).

    What was noted today is withdrawn instead of said again the other way round. Raises
    FactDoesNotFit of one who died, NotFound, Forbidden.
    """
    require(actor, "producer.change")
    who = Holder("producer", producer_id)
    standing_facts.hold(who, actor.centre_id)
    now = _of(who, actor.centre_id, clock.today())
    assert now is not None, "a producer without a joining"
    if (now.state == rules.MEMBER) is delivers:
        return
    if delivers and now.since == clock.today() and now.state != rules.DIED:
        _withdraw_those(who, (now.state,), now.since, actor)
    else:
        back = "joined" if now.state == "resigned" else "reinstated"
        one = Happening(back if delivers else "resigned", clock.today())
        _require_fits(who, one, actor.centre_id)
        standing_facts.put(who, uuid7(), one, "", actor)
    standing_facts.summarise(who, actor.centre_id, versions=0)  # who calls counts the change


def _withdraw_those(who: Holder, kinds: tuple[str, ...], day: date, actor: Actor) -> None:
    for fact in standing_facts.every(who, actor.centre_id):
        if fact.withdrawn_at is None and fact.kind in kinds and fact.on_date == day:
            _take_back(fact, CHANGED_IN_REGISTER, actor, versions=0)
