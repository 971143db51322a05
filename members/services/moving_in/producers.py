"""Producers as a table: judged against the register, entered in bulk, written out.

What must stay true: a producer number says who is meant; a member number joins a producer with that
very member of this centre; where money goes is checked as on its page, and changes leave a trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError
from core.table_forms import Fault, LineIn
from members.models import Member, Person, Producer, StandingFact, Village
from members.rules import producers_table
from members.services import bringing, payment_details, producers, standing
from members.services.bringing import SPLIT, Deliverer
from members.services.erasure import FORGOTTEN
from members.services.moving_in import reading, villages_in
from members.services.moving_in.tables import (
    CHANGED,
    NEW,
    THERE,
    Bringing,
    TableKind,
    Taken,
    ToTake,
    Verdict,
    bad,
    through_door,
)
from members.services.payment_details import PaymentDetails
from members.services.producers import ChangeProducer

_MONEY = tuple(PaymentDetails.__dataclass_fields__)
_TEXTS = ("name", "phone", "village", "member_no")
_COMPARED = ("kind", *_TEXTS, "split", *_MONEY, "active")


@dataclass(frozen=True, slots=True)
class Known:
    """A producer of the register, as the table writes them."""

    id: UUID
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MemberOf:
    """A member a producer may be: who it is, and whether they live and stand in the register."""

    id: UUID
    person_id: UUID
    gone: bool


def judge(bringing_: Bringing, _lines: Sequence[LineIn], _actor: Actor) -> JudgeProducers:
    """Return what judges lines of producers against the registers as they are now."""
    found = JudgeProducers(clock.today(), _members(bringing_.centre_id))
    known = [*_register(bringing_.centre_id)]
    entered = reading.entered(bringing_, [one.id for one in known])
    for one in known:
        found.by_number[one.values["producer_no"]] = one
        if one.id not in entered:
            found.by_facts.setdefault(_identity(one.values), one)
            found.by_name.setdefault(one.values["name"], one.values["producer_no"])
    return found


@dataclass(slots=True)
class JudgeProducers:
    """Judges the lines of one file, in their order."""

    today: date
    members: Mapping[str, MemberOf]
    by_number: dict[str, Known] = field(default_factory=dict)
    by_facts: dict[tuple[Any, ...], Known] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def __call__(self, line: LineIn) -> Verdict:
        number = line.text("producer_no")
        known = self.by_number.get(number) if number else None
        said, fault = _said(line)
        faults = [*([fault] if fault else []), *self._faults(line, said, number, known)]
        if faults:
            return bad(*faults)
        if number:
            self.seen[number] = line.number
        if known is not None:
            return _against(known, line, said)
        if not number and (same := self.by_facts.get(_identity(said))):
            return Verdict(THERE, plan=same, row_id=same.id)
        hints = []
        if alike := self.by_name.get(said["name"]):
            words = N_("Producer %(number)s has the same name. Nobody is joined by this.")
            hints.append(Fault("name", words, {"number": alike}))
        return Verdict(NEW, hints=tuple(hints), plan=(said, self.members.get(said["member_no"])))

    def _faults(
        self, line: LineIn, said: Mapping[str, Any], number: str, known: Known | None
    ) -> Iterator[Fault]:
        if not said["name"] and known is None:
            yield Fault("name", N_("Write the name."))
        if number in self.seen:
            words = N_("The number %(number)s stands on line %(other)s already.")
            yield Fault("producer_no", words, {"number": number, "other": self.seen[number]})
        if known is not None and known.values["name"] == FORGOTTEN:
            words = N_("The number %(number)s was somebody's who was erased or merged.")
            yield Fault("producer_no", words, {"number": number})
        member_no = said["member_no"]
        member = self.members.get(member_no)
        if member_no and (member is None or member.gone):
            words = N_("There is no member %(number)s here. Bring the members first.")
            yield Fault("member_no", words, {"number": member_no})
        if said["joined_on"] is not None and said["joined_on"] > self.today:
            yield Fault("joined_on", N_("This day is still to come."))


def _said(line: LineIn) -> tuple[dict[str, Any], Fault | None]:
    """Return what a line says of a producer, and why its way of paying can't be kept."""
    said: dict[str, Any] = {name: line.text(name) for name in (*_TEXTS, "producer_no", *_MONEY)}
    said["kind"] = line.values.get("kind") or "person"
    split = line.values.get("split")
    said["split"] = SPLIT if split is None else split
    said["joined_on"] = line.values.get("joined_on")
    said["active"] = line.values.get("active") or "yes"
    try:
        sound = payment_details.checked(PaymentDetails(*(said[name] for name in _MONEY)))
    except DomainError as refusal:
        return said, Fault(str(refusal.facts.get("field", "")), refusal.title)
    return said | {name: getattr(sound, name) for name in _MONEY}, None


def _against(known: Known, line: LineIn, said: Mapping[str, Any]) -> Verdict:
    """Compare with whoever has the number; an empty cell says nothing."""
    changes = {
        name: (known.values[name], said[name])
        for name in _COMPARED
        if line.said(name) and said[name] != known.values[name]
    }
    verdict = CHANGED if changes else THERE
    return Verdict(verdict, changes=changes, plan=known, row_id=known.id)


def _identity(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(values[name] for name in ("kind", *_TEXTS))


# --- taking ----------------------------------------------------------------------------------


def take(some: Sequence[ToTake], bringing_: Bringing, actor: Actor) -> Taken:
    """Enter who is new, write over what is known where a line says otherwise."""
    rows: dict[int, UUID] = {}
    refused: dict[int, Fault] = {}
    new = [one for one in some if one.found.verdict == NEW]
    ids = bringing.enter_deliverers([_deliverer(*one.found.plan) for one in new], actor)
    for one, producer_id in zip(new, ids, strict=True):
        rows[one.line.number] = producer_id
        if one.found.plan[0]["active"] == "no":
            standing.switch(producer_id, False, actor)
    changed = [one for one in some if one.found.verdict == CHANGED]
    villages = villages_in.with_new(
        (one.found.changes["village"][1] for one in changed if "village" in one.found.changes),
        actor,
    )
    members = _members(bringing_.centre_id) if changed else {}
    for one in changed:
        work = partial(_change, one.found, villages, members, actor)
        if (fault := through_door(one.line, work, rows)) is not None:
            refused[one.line.number] = fault
    return Taken(rows, refused)


def _deliverer(said: Mapping[str, Any], member: MemberOf | None) -> Deliverer:
    return Deliverer(
        name=said["name"],
        joined_on=said["joined_on"] or clock.today(),
        kind=said["kind"],
        number=said["producer_no"],
        phone=said["phone"],
        village=said["village"],
        split_basis_points=said["split"],
        payment=PaymentDetails(*(said[name] for name in _MONEY)),
        member_id=member.id if member else None,
        person_id=member.person_id if member and said["kind"] == "person" else None,
    )


def _change(
    found: Verdict, villages: Mapping[str, UUID], members: Mapping[str, MemberOf], actor: Actor
) -> UUID:
    known: Known = found.plan
    now = {name: after for name, (_, after) in found.changes.items()}
    card = producers.get(actor.centre_id, known.id)
    if now.keys() - set(_MONEY):
        village = villages[now["village"]] if "village" in now else card.village_id
        member = members[now["member_no"]].id if "member_no" in now else card.member_id
        card = producers.change(
            ChangeProducer(
                producer_id=card.id,
                version=card.version,
                name=now.get("name", card.name),
                kind=now.get("kind", card.kind),
                phone=now.get("phone", card.phone),
                member_id=member,
                village_id=village,
                split_basis_points=now.get("split", card.split_basis_points),
                active=now["active"] == "yes" if "active" in now else None,
            ),
            actor,
        )
    if now.keys() & set(_MONEY):
        details, version = payment_details.get(card.id, actor)
        money = {name: now[name] for name in _MONEY if name in now}
        payment_details.save(card.id, replace(details, **money), version, actor)
    return card.id


# --- the register ----------------------------------------------------------------------------


def rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Return every producer who was not erased, by number."""
    known = [one for one in _register(actor.centre_id) if one.values["name"] != FORGOTTEN]
    for one in sorted(known, key=lambda one: _place(one.values["producer_no"])):
        yield one.values


def _place(number: str) -> str:
    return number.rjust(20) if number.isdigit() else number


def _register(centre_id: int) -> Iterator[Known]:
    begun = (
        select(StandingFact.producer_id, func.min(StandingFact.on_date).label("joined_on"))
        .where(
            StandingFact.centre_id == centre_id,
            StandingFact.producer_id.is_not(None),
            StandingFact.kind == "joined",
            StandingFact.withdrawn_at.is_(None),
        )
        .group_by(StandingFact.producer_id)
        .subquery()
    )
    statement = (
        select(
            Producer.id,
            Producer.producer_no,
            Producer.kind,
            Producer.name,
            Member.member_no,
            Producer.phone,
            Village.name.label("village"),
            Producer.split_basis_points.label("split"),
            *(getattr(Producer, name) for name in _MONEY),
            begun.c.joined_on,
            Producer.active,
        )
        .outerjoin(
            Village,
            and_(Village.centre_id == Producer.centre_id, Village.id == Producer.village_id),
        )
        .outerjoin(
            Member, and_(Member.centre_id == Producer.centre_id, Member.id == Producer.member_id)
        )
        .outerjoin(begun, begun.c.producer_id == Producer.id)
        .where(Producer.centre_id == centre_id)
    )
    for row in db.session.execute(statement).mappings():
        values: dict[str, Any] = dict(row)
        values["village"] = values["village"] or ""
        values["member_no"] = values["member_no"] or ""
        values["active"] = "yes" if values["active"] else "no"
        yield Known(values.pop("id"), values)


def _members(centre_id: int) -> dict[str, MemberOf]:
    died = select(StandingFact.member_id).where(
        StandingFact.centre_id == centre_id,
        StandingFact.kind == "died",
        StandingFact.member_id.is_not(None),
        StandingFact.withdrawn_at.is_(None),
    )
    found = db.session.execute(
        select(
            Member.member_no,
            Member.id,
            Member.person_id,
            Member.merged_into_id.is_not(None)
            | Person.erased_at.is_not(None)
            | Person.merged_into_id.is_not(None)
            | Member.id.in_(died),
        )
        .join(Person, and_(Person.centre_id == Member.centre_id, Person.id == Member.person_id))
        .where(Member.centre_id == centre_id)
    )
    return {row[0]: MemberOf(*row[1:]) for row in found}


TABLE = TableKind(
    form=producers_table.FORM, permission="producer.change", judge=judge, take=take, rows=rows
)
