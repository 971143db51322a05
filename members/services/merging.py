"""Make one person of two rows of the register; whatever either did stays under what it was.

What must stay true: no document is altered. The merged row points to the one that stands; its
membership too, and what it holds (shares, deposits) is carried over by a posted document of the
room that keeps it, in the same transaction or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.appointed import Appointed
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from members.models import GroupMember, Member, Person, PersonMerge, Producer
from members.rules.membership import uncovered
from members.services import national_ids, persons, standing
from members.services.access import require
from members.services.standing import RecordFact

Carry = Callable[[UUID, UUID, UUID, Actor], None]
"""(merge, member merged, member kept, actor): carry over what the merged one holds."""


class MergedBefore(DomainError):
    """One of the two was merged or erased before."""

    code, status, title = "merged-before", 409, N_("One of these two is not in the register now")
    detail = N_("Open the register and look who stands there.")


class DifferentPeople(DomainError):
    """Two national ids differ: these are two people, whatever their names."""

    code, status, title = "different-people", 409, N_("These are two people")
    detail = N_("Their national ids differ. Correct the wrong one first, if it is one.")


class OneHasDied(DomainError):
    """Of one a death is recorded, of the other none: as one person they contradict each other."""

    code, status, title = "one-has-died", 409, N_("Of one of these two a death is recorded")
    detail = N_("Record it of the other too, or withdraw it if it is wrong; then make them one.")


@dataclass(frozen=True, slots=True)
class MergePeople:
    """Make `merged_id` part of `kept_id`, for a reason."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
    reason: str


CARRIERS: Appointed[Carry] = Appointed()


def merge(command: MergePeople, actor: Actor) -> UUID:
    """Merge two people; return the one that stands. The same id again changes nothing.

    Raises NotFound, MergedBefore, DifferentPeople, Forbidden, and what a carrier refuses.
    """
    require(actor, "person.merge")
    centre_id = actor.centre_id
    done = db.session.execute(
        select(PersonMerge.kept_id).where(
            PersonMerge.centre_id == centre_id, PersonMerge.id == command.id
        )
    ).scalar_one_or_none()
    if done is not None:
        return done
    _check(centre_id, command)
    memberships = _memberships(centre_id, command)
    of_merged, of_kept = memberships.get(command.merged_id), memberships.get(command.kept_id)
    if of_merged is not None and of_kept is not None:
        _join_memberships(command, of_merged, of_kept, actor)
    elif of_merged is not None:
        _repoint_member(centre_id, of_merged, command.kept_id)
    _repoint(centre_id, command, of_merged if of_kept else None, of_kept)
    db.session.execute(
        insert(PersonMerge).values(
            centre_id=centre_id,
            id=command.id,
            kept_id=command.kept_id,
            merged_id=command.merged_id,
            reason=command.reason,
            merged_by=actor.user_id,
            merged_at=clock.now(),
        )
    )
    _point(centre_id, command)
    audit.record(
        actor,
        "person.merged",
        "person",
        command.kept_id,
        merged=str(command.merged_id),
    )
    return command.kept_id


def _check(centre_id: int, command: MergePeople) -> None:
    rows = db.session.execute(
        select(Person.id, Person.merged_into_id, Person.erased_at, Person.national_id_hash)
        .where(Person.centre_id == centre_id, Person.id.in_([command.kept_id, command.merged_id]))
        .order_by(Person.id)
        .with_for_update()
    ).all()
    if len(rows) != 2:
        raise NotFound(what="person")
    if any(row.merged_into_id is not None or row.erased_at is not None for row in rows):
        raise MergedBefore
    known = {row.national_id_hash for row in rows if row.national_id_hash}
    if len(known) == 2:
        raise DifferentPeople
    died = {standing.has_died(centre_id, one) for one in (command.kept_id, command.merged_id)}
    if died >= {True, False}:
        raise OneHasDied


def _memberships(centre_id: int, command: MergePeople) -> dict[UUID, UUID]:
    """Return the membership of each of the two, if there is one."""
    rows = db.session.execute(
        select(Member.person_id, Member.id).where(
            Member.centre_id == centre_id,
            Member.person_id.in_([command.kept_id, command.merged_id]),
        )
    )
    return {person_id: member_id for person_id, member_id in rows}


def _join_memberships(command: MergePeople, of_merged: UUID, of_kept: UUID, actor: Actor) -> None:
    """Carry over what is held, end the merged membership, and let it name the other."""
    for carry in CARRIERS:
        carry(command.id, of_merged, of_kept, actor)
    state = standing.on(actor.centre_id, clock.today()).get(of_merged)
    if state is not None and state.is_member:
        resigned = RecordFact(
            fact_id=command.id,
            member_id=of_merged,
            kind="resigned",
            on_date=clock.today(),
            reason=command.reason[:300],
        )
        standing.record(resigned, actor)
    _change(Member, actor.centre_id, Member.id == of_merged, merged_into_id=of_kept)


def _repoint_member(centre_id: int, member_id: UUID, person_id: UUID) -> None:
    _change(Member, centre_id, Member.id == member_id, person_id=person_id)


def _repoint(
    centre_id: int, command: MergePeople, gone_member: UUID | None, kept_member: UUID | None
) -> None:
    """Let producers, groups and wards of the merged person name the one that stands."""
    merged, kept = command.merged_id, command.kept_id
    _change(Producer, centre_id, Producer.person_id == merged, person_id=kept)
    if gone_member is not None:
        _change(Producer, centre_id, Producer.member_id == gone_member, member_id=kept_member)
    _join_groups(centre_id, merged, kept)
    _change(Person, centre_id, Person.guardian_person_id == merged, guardian_person_id=kept)
    own = and_(Person.id == kept, Person.guardian_person_id == kept)
    _change(Person, centre_id, own, guardian_person_id=None)


def _join_groups(centre_id: int, merged: UUID, kept: UUID) -> None:
    """Let the one that stands belong to the groups of the other, for as long and no day twice."""
    rows = db.session.execute(
        select(
            GroupMember.person_id,
            GroupMember.producer_id,
            GroupMember.joined_on,
            GroupMember.left_on,
        ).where(GroupMember.centre_id == centre_id, GroupMember.person_id.in_([merged, kept]))
    ).all()
    for row in rows:
        if row.person_id != merged:
            continue
        there = [
            (one.joined_on, one.left_on)
            for one in rows
            if (one.person_id, one.producer_id) == (kept, row.producer_id)
        ]
        for joined_on, left_on in uncovered((row.joined_on, row.left_on), there):
            values = {"producer_id": row.producer_id, "person_id": kept}
            db.session.execute(
                insert(GroupMember).values(
                    centre_id=centre_id,
                    id=uuid7(),
                    joined_on=joined_on,
                    left_on=left_on,
                    **values,
                )
            )


def _point(centre_id: int, command: MergePeople) -> None:
    """Take the merged row out of every search; what the kept one lacked is filled from it."""
    rows = {
        row.id: row
        for row in db.session.execute(
            select(
                Person.id,
                Person.nickname,
                Person.phone,
                Person.birth_year,
                Person.birth_month,
                Person.birth_day,
                Person.house_no,
                Person.village_id,
                Person.household_id,
                Person.guardian_person_id,
            ).where(
                Person.centre_id == centre_id,
                Person.id.in_([command.kept_id, command.merged_id]),
            )
        )
    }
    kept, merged = rows[command.kept_id], rows[command.merged_id]
    filled = {
        name: getattr(merged, name)
        for name in ("nickname", "phone")
        if not getattr(kept, name) and getattr(merged, name)
    }
    if kept.birth_year is None and merged.birth_year is not None:
        for name in ("birth_year", "birth_month", "birth_day"):
            filled[name] = getattr(merged, name)
    if not kept.house_no and kept.village_id is None:
        for name in ("house_no", "village_id", "household_id"):
            filled[name] = getattr(merged, name)
    if kept.guardian_person_id is None and merged.guardian_person_id != kept.id:
        filled["guardian_person_id"] = merged.guardian_person_id
    _change(
        Person,
        centre_id,
        Person.id == command.merged_id,
        merged_into_id=command.kept_id,
    )
    if filled:
        _change(Person, centre_id, Person.id == command.kept_id, **filled)
    national_ids.move(command.merged_id, command.kept_id, centre_id)
    for person_id in (command.kept_id, command.merged_id):
        persons.reindex(centre_id, person_id)


def _change(
    table: type[Person | Member | Producer],
    centre_id: int,
    which: object,
    **values: object,
) -> None:
    db.session.execute(
        update(table)
        .where(table.centre_id == centre_id, which)  # type: ignore[arg-type]
        .values(**values)
        .execution_options(synchronize_session=False)
    )
