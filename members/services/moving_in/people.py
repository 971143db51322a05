"""People and members as a table: judged against the register, entered in bulk, written out.

What must stay true: a member number says who is meant, a likeness only hints; an empty cell never
takes away what is known; who was erased or merged is not woken by a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_
from core.table_forms import Fault, LineIn
from core.text import normalise
from members.models import Member, Person, Village
from members.rules import people_table
from members.rules.membership import parted
from members.rules.persons import FACTS, UNKNOWN, Birth, latest_day, sort_key
from members.services import enlisting, members, people, persons, registering, standing
from members.services.enlisting import Newcomer
from members.services.members import ChangeMember
from members.services.moving_in import reading, villages_in
from members.services.moving_in.likeness import Likeness
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
from members.services.registering import ChangePerson

IN_ONE_STATEMENT = 2000
"""Up to so many lines are looked up by number and name; for more the register is read whole."""
_FACTS = ("title", "first_name", "last_name", "nickname", "house_no", "village", "phone")
_WRITTEN = (*_FACTS, "birth", "note")
_OF_MEMBER = ("joined_on", "resigned_on")
_PLAIN = (*(name for name in _WRITTEN if name != "village"), "member_no")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the register, as the table writes them."""

    person_id: UUID
    member_id: UUID | None
    gone: bool
    values: Mapping[str, Any]


def judge(bringing: Bringing, lines: Sequence[LineIn], _actor: Actor) -> JudgePeople:
    """Return what judges lines of people against the register as it is now."""
    narrow = None if bringing.hints or len(lines) > IN_ONE_STATEMENT else lines
    known = [one for one in _register(bringing.centre_id, narrow)]
    found = JudgePeople(clock.today(), villages_in.by_name(bringing.centre_id), bringing.hints)
    entered = reading.entered(bringing, [one.person_id for one in known])
    for one in known:
        number = one.values["member_no"]
        if number:
            found.by_number[number] = one
        if not one.gone and one.person_id not in entered:
            found.by_facts.setdefault(_identity(one.values), []).append(one)
            if bringing.hints:
                found.likeness.learn(one.person_id, one.values, number)
    return found


@dataclass(slots=True)
class JudgePeople:
    """Judges the lines of one file, in their order."""

    today: date
    villages: Mapping[str, UUID]
    with_hints: bool = True
    by_number: dict[str, Known] = field(default_factory=dict)
    by_facts: dict[tuple[Any, ...], list[Known]] = field(default_factory=dict)
    likeness: Likeness = field(default_factory=Likeness)
    seen: dict[str, int] = field(default_factory=dict)

    def __call__(self, line: LineIn) -> Verdict:
        said = _said(line)
        number = line.text("member_no")
        faults = [*self._faults(line, said, number)]
        if faults:
            return bad(*faults)
        if number:
            self.seen[number] = line.number
        if number and (known := self.by_number.get(number)):
            return _against(known, said)
        if not number and (same := self.by_facts.get(_identity(said))):
            same_one = same.pop()
            if not same:
                del self.by_facts[_identity(said)]
            return Verdict(THERE, plan=same_one, row_id=same_one.person_id)
        return Verdict(
            NEW, hints=tuple(self._hints(line, said)) if self.with_hints else (), plan=said
        )

    def _faults(self, line: LineIn, said: Mapping[str, Any], number: str) -> Iterator[Fault]:
        if not said["first_name"] and number not in self.by_number:
            yield Fault("first_name", N_("Write the name."))
        if number in self.seen:
            words = N_("The number %(number)s stands on line %(other)s already.")
            yield Fault("member_no", words, {"number": number, "other": self.seen[number]})
        known = self.by_number.get(number) if number else None
        if known is not None and known.gone:
            words = N_("The number %(number)s was somebody's who was erased or merged.")
            yield Fault("member_no", words, {"number": number})
        if line.values.get("is_member") == "no" and (number or said["joined_on"]):
            words = N_("Who has a member number or a day of joining is a member.")
            yield Fault("is_member", words)
        yield from self._wrong_days(said, known)

    def _wrong_days(self, said: Mapping[str, Any], known: Known | None) -> Iterator[Fault]:
        for name in _OF_MEMBER:
            if said[name] is not None and said[name] > self.today:
                yield Fault(name, N_("This day is still to come."))
        joined = said["joined_on"] or (known.values["joined_on"] if known else self.today)
        if said["resigned_on"] is not None and joined and said["resigned_on"] < joined:
            yield Fault("resigned_on", N_("Nobody leaves before joining."))
        born = said["birth"]
        latest = latest_day(born)
        to_come = latest is not None and (
            latest > self.today if born.is_whole else latest.year > self.today.year
        )
        if to_come:
            yield Fault("birth", N_("This day is still to come."))

    def _hints(self, line: LineIn, said: Mapping[str, Any]) -> Iterator[Fault]:
        yield from self.likeness.hints(line.number, said)
        village = said["village"]
        if village and village not in self.villages:
            words = N_("The village %(village)s is new and will be added.")
            yield Fault("village", words, {"village": village})
        asked = {"member_no", "is_member", "joined_on"} & line.values.keys()
        if asked and not said["is_member"] and line.values.get("is_member") != "no":
            words = N_("Entered as a person only. For a member write yes under “Is a member”.")
            yield Fault("is_member", words)


def _said(line: LineIn) -> dict[str, Any]:
    """Return what a line says of somebody, every fact of the table."""
    said: dict[str, Any] = {name: line.text(name) for name in (*_FACTS, "note")}
    whole = line.text("name") or ("" if "title" in line.values else said["first_name"])
    if whole:
        title, first, last = parted(whole)
        last = said["last_name"] or last
        said |= {"title": title, "first_name": first[:80], "last_name": last[:80]}
    said["birth"] = line.values.get("birth") or UNKNOWN
    for name in _OF_MEMBER:
        said[name] = line.values.get(name)
    said["member_no"] = line.text("member_no")
    yes = line.values.get("is_member") == "yes"
    said["is_member"] = bool(yes or said["member_no"] or said["joined_on"] or said["resigned_on"])
    return said


def _against(known: Known, said: Mapping[str, Any]) -> Verdict:
    """Compare with whoever has the number; an empty cell says nothing."""
    changes = {
        name: (known.values[name], said[name])
        for name in (*_WRITTEN, *_OF_MEMBER)
        if said[name] not in ("", None, UNKNOWN) and said[name] != known.values[name]
    }
    verdict = CHANGED if changes else THERE
    return Verdict(verdict, changes=changes, plan=known, row_id=known.person_id)


def _identity(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what must all be the same for somebody without a number to be here already."""
    return (*(values[name] for name in (*_FACTS, "birth")), values["is_member"])


# --- taking ----------------------------------------------------------------------------------


def take(some: Sequence[ToTake], _bringing: Bringing, actor: Actor) -> Taken:
    """Enter who is new, write over what is known where a line says otherwise."""
    rows: dict[int, UUID] = {}
    refused: dict[int, Fault] = {}
    villages = villages_in.with_new(
        [one.found.plan["village"] for one in some if one.found.verdict == NEW]
        + [one.found.changes["village"][1] for one in some if "village" in one.found.changes],
        actor,
    )
    _enter([one for one in some if one.found.verdict == NEW], villages, rows, actor)
    for one in some:
        if one.found.verdict == CHANGED:
            fault = through_door(one.line, partial(_change, one.found, villages, actor), rows)
            if fault is not None:
                refused[one.line.number] = fault
    return Taken(rows, refused)


def _enter(
    some: Sequence[ToTake], villages: Mapping[str, UUID], rows: dict[int, UUID], actor: Actor
) -> None:
    joining = [one for one in some if one.found.plan["is_member"]]
    others = [one for one in some if not one.found.plan["is_member"]]
    ids = enlisting.enlist([_newcomer(one.found.plan, villages) for one in joining], actor)
    of_members = {
        member_id: person_id
        for member_id, person_id in db.session.execute(
            select(Member.id, Member.person_id).where(
                Member.centre_id == actor.centre_id, Member.id.in_(ids)
            )
        )
    }
    for one, member_id in zip(joining, ids, strict=True):
        rows[one.line.number] = of_members[member_id]
        left = one.found.plan["resigned_on"]
        if left is not None:
            standing.restate(member_id, _newcomer(one.found.plan, villages).joined_on, left, actor)
    known = persons.enter_all(
        actor.centre_id,
        [(enlisting.facts_of(_newcomer(one.found.plan, villages)), ()) for one in others],
    )
    rows.update({one.line.number: row for one, row in zip(others, known, strict=True)})
    if known:
        audit.record(actor, "person.brought_in", "person", known[0], count=len(known))


def _newcomer(said: Mapping[str, Any], villages: Mapping[str, UUID]) -> Newcomer:
    joined = said["joined_on"] or min(clock.today(), said["resigned_on"] or clock.today())
    return Newcomer(
        village_id=villages.get(said["village"]),
        joined_on=joined,
        **{name: said[name] for name in _PLAIN},
    )


def _change(found: Verdict, villages: Mapping[str, UUID], actor: Actor) -> UUID:
    """Write what a line says over what is known, by the doors of the register."""
    known: Known = found.plan
    now = {name: after for name, (_, after) in found.changes.items()}
    if now.keys() & {*_WRITTEN}:
        before = people.get(known.person_id, actor)
        facts = {name: getattr(before, name) for name in (*FACTS, "birth", "note")}
        facts |= {name: now[name] for name in facts if name in now}
        if "village" in now:
            facts["village_id"] = villages[now["village"]]
        registering.change(
            ChangePerson(
                person_id=known.person_id,
                version=before.version,
                guardian_person_id=before.guardian_person_id,
                **facts,
            ),
            actor,
        )
    if now.keys() & {*_OF_MEMBER}:
        assert known.member_id is not None
        member = members.get(known.member_id, actor)
        members.change(
            ChangeMember(
                member_id=member.id,
                version=member.version,
                joined_on=now.get("joined_on", member.joined_on),
                resigned_on=now.get("resigned_on", member.resigned_on),
                **{name: getattr(member, name) for name in FACTS},
            ),
            actor,
        )
    return known.person_id


# --- the register ----------------------------------------------------------------------------


def rows(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Return everybody who stands in the register, by member number, then by name."""
    known = [one for one in _register(actor.centre_id, None) if not one.gone]
    for one in sorted(known, key=_place):
        yield {
            **one.values,
            "is_member": "yes" if one.member_id else "no",
            "birth": one.values["birth"] if one.values["birth"] != UNKNOWN else None,
        }


def _place(one: Known) -> tuple[Any, ...]:
    values = one.values
    names = sort_key(values["first_name"], values["last_name"])
    return (
        not values["member_no"],
        values["member_no"].rjust(20) if values["member_no"].isdigit() else values["member_no"],
        names,
        tuple(str(values[name]) for name in _FACTS),
        values["birth"].year or 0,
        one.person_id,
    )


def _register(centre_id: int, lines: Sequence[LineIn] | None) -> Iterator[Known]:
    """Return the register; with `lines` only whoever one of them may mean."""
    statement = (
        select(
            Person.id,
            Person.title,
            Person.first_name,
            Person.last_name,
            Person.nickname,
            Person.house_no,
            Village.name.label("village"),
            Person.phone,
            Person.birth_year,
            Person.birth_month,
            Person.birth_day,
            Person.note,
            or_(Person.erased_at.is_not(None), Person.merged_into_id.is_not(None)).label("gone"),
            Member.id.label("member_id"),
            Member.member_no,
            Member.joined_on,
            Member.resigned_on,
            Member.merged_into_id.label("merged"),
        )
        .select_from(Person)
        .outerjoin(
            Village, and_(Village.centre_id == Person.centre_id, Village.id == Person.village_id)
        )
        .outerjoin(
            Member, and_(Member.centre_id == Person.centre_id, Member.person_id == Person.id)
        )
        .where(Person.centre_id == centre_id)
    )
    if lines is not None:
        numbers = sorted({line.text("member_no") for line in lines} - {""})
        names = sorted({_key(line) for line in lines if not line.text("member_no")})
        statement = statement.where(or_(Member.member_no.in_(numbers), Person.sort_key.in_(names)))
    for row in db.session.execute(statement):
        yield _known(row)


def _key(line: LineIn) -> str:
    said = _said(line)
    return sort_key(said["first_name"], said["last_name"])


def _known(row: Any) -> Known:
    values = {name: getattr(row, name) for name in (*_FACTS, "note", *_OF_MEMBER)}
    values["village"] = values["village"] or ""
    values["note"] = normalise(values["note"])
    values["birth"] = Birth(row.birth_year, row.birth_month, row.birth_day)
    values["member_no"] = row.member_no or ""
    values["is_member"] = row.member_id is not None
    return Known(row.id, row.member_id, row.gone or row.merged is not None, values)


TABLE = TableKind(
    form=people_table.FORM, permission="member.change", judge=judge, take=take, rows=rows
)
