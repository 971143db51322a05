"""Entering and changing a person as such, member or not.

What must stay true: a person's birth is a day there was and not one to come; a guardian is somebody
else of the register; who has a membership is seen changed there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DifferentContent, DomainError, NotFound
from members.models import Member, Person
from members.rules.persons import FACTS, UNKNOWN, Birth, is_real, latest_day
from members.services import people, persons, villages
from members.services.access import require
from members.services.people import PersonDetail

_MORE = ("birth", "note", "guardian_person_id")


class NotABirth(DomainError):
    """No such day, or one that has not come."""

    code, status, title = "not-a-birth", 422, N_("Nobody can be born on this day")
    detail = N_("The year alone is enough; write it as the house register has it.")


class OwnGuardian(DomainError):
    """A guardian looks after somebody else."""

    code, status, title = "own-guardian", 422, N_("Nobody is their own guardian")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody to write down, with the id made at the edge."""

    person_id: UUID
    first_name: str
    last_name: str = ""
    title: str = ""
    nickname: str = ""
    phone: str = ""
    house_no: str = ""
    village_id: UUID | None = None
    birth: Birth = UNKNOWN
    note: str = ""
    guardian_person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePerson(NewPerson):
    """What is known of a person now, made on a look at `version`."""

    version: int


def create(new: NewPerson, actor: Actor) -> PersonDetail:
    """Write a person down; the same id again changes nothing."""
    require(actor, "member.change")
    there = select(Person.id).where(Person.centre_id == actor.centre_id, Person.id == new.person_id)
    if db.session.execute(there).first() is not None:
        return _replay(new, people.get(new.person_id, actor))
    _check(new, actor.centre_id)
    persons.enter(actor.centre_id, _facts(new), person_id=new.person_id)
    audit.record(actor, "person.created", "person", new.person_id)
    return people.get(new.person_id, actor)


def change(command: ChangePerson, actor: Actor) -> PersonDetail:
    """Change what is known of a person, unless someone else did meanwhile."""
    require(actor, "member.change")
    before = people.get(command.person_id, actor)
    _check(command, actor.centre_id)
    held = db.session.execute(
        update(Person)
        .where(
            Person.centre_id == actor.centre_id,
            Person.id == command.person_id,
            Person.version == command.version,
            Person.merged_into_id.is_(None),
            Person.erased_at.is_(None),
        )
        .values(note=command.note)
        .execution_options(synchronize_session=False)
    )
    if held.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    persons.rewrite(actor.centre_id, command.person_id, _facts(command))
    if before.member_id is not None:
        db.session.execute(
            update(Member)
            .where(Member.centre_id == actor.centre_id, Member.id == before.member_id)
            .values(version=Member.version + 1)
            .execution_options(synchronize_session=False)
        )
    after = people.get(command.person_id, actor)
    changed = [n for n in (*FACTS, *_MORE) if getattr(before, n) != getattr(after, n)]
    audit.record(actor, "person.changed", "person", before.id, fields=changed)
    return after


def _replay(new: NewPerson, known: PersonDetail) -> PersonDetail:
    differs = [n for n in (*FACTS, *_MORE) if getattr(known, n) != getattr(new, n)]
    if differs:
        raise DifferentContent(differs=differs)
    return known


def _facts(source: NewPerson) -> dict[str, Any]:
    return {name: getattr(source, name) for name in (*FACTS, *_MORE)}


def _check(source: NewPerson, centre_id: int) -> None:
    villages.require_known(centre_id, source.village_id)
    latest = latest_day(source.birth)
    today = clock.today()
    to_come = latest is not None and (
        latest > today if source.birth.is_whole else latest.year > today.year
    )
    if not is_real(source.birth) or to_come:
        raise NotABirth(field="birth_year")
    if source.guardian_person_id is None:
        return
    if source.guardian_person_id == source.person_id:
        raise OwnGuardian(field="guardian_person_id")
    there = select(Person.id).where(
        Person.centre_id == centre_id, Person.id == source.guardian_person_id
    )
    if db.session.execute(there).first() is None:
        raise NotFound
