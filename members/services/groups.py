"""The people of a producer group: who belongs to it, from which day until which.

What must stay true: nobody belongs to a group twice on one day; who left stays to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, insert, or_, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from members.models import GroupMember, Person, Producer
from members.rules.membership import full_name
from members.services import persons
from members.services.access import require
from members.services.standing import FactInFuture


class NotAGroup(DomainError):
    """Only a group has people."""

    code, status, title = "not-a-group", 409, N_("This producer is one person, not a group")


class InGroupAlready(DomainError):
    """The person belongs to the group on that day."""

    code, status, title = "in-group-already", 409, N_("This person belongs to the group already")


class LeftBeforeJoining(DomainError):
    """Nobody leaves before having come, nor before it is known."""

    code, status, title = "left-before-joining", 422, N_("Nobody leaves before having joined")
    detail = N_("Write the day the person left: not before joining, and not after today.")


GROUPS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinGroup:
    """A person who belongs to a group from a day on; the id is made at the edge."""

    id: UUID
    producer_id: UUID
    person_id: UUID
    joined_on: date


@dataclass(frozen=True, slots=True)
class GroupCard:
    """Somebody of a group."""

    id: UUID
    person_id: UUID
    name: str
    nickname: str
    joined_on: date
    left_on: date | None


def all_groups(centre_id: int) -> list[tuple[UUID, str]]:
    """Return the groups that deliver now, by name."""
    rows = db.session.execute(
        select(Producer.id, Producer.name)
        .where(Producer.centre_id == centre_id, Producer.kind == "group", Producer.active)
        .order_by(Producer.sort_key, Producer.id)
        .limit(GROUPS_MAX)
    )
    return [(one, name) for one, name in rows]


def people_of(producer_id: UUID, actor: Actor) -> list[GroupCard]:
    """Return who belongs or belonged to a group: the present first, then by name."""
    require(actor, "producer.read")
    rows = db.session.execute(
        select(
            GroupMember.id,
            GroupMember.person_id,
            Person.title,
            Person.first_name,
            Person.last_name,
            Person.nickname,
            GroupMember.joined_on,
            GroupMember.left_on,
        )
        .join(
            Person,
            and_(Person.centre_id == GroupMember.centre_id, Person.id == GroupMember.person_id),
        )
        .where(
            GroupMember.centre_id == actor.centre_id,
            GroupMember.producer_id == producer_id,
            # Who was merged belongs under the one that stands.
            Person.merged_into_id.is_(None),
        )
        .order_by(GroupMember.left_on.is_not(None), Person.sort_key, GroupMember.joined_on)
    )
    return [
        GroupCard(
            row.id,
            row.person_id,
            full_name(row.title, row.first_name, row.last_name),
            row.nickname,
            row.joined_on,
            row.left_on,
        )
        for row in rows
    ]


def join(command: JoinGroup, actor: Actor) -> None:
    """Let a person belong to a group from a day on; the same id again changes nothing."""
    require(actor, "producer.change")
    kind = db.session.execute(
        select(Producer.kind)
        .where(Producer.centre_id == actor.centre_id, Producer.id == command.producer_id)
        .with_for_update()
    ).scalar_one_or_none()
    if kind is None:
        raise NotFound
    persons.require_there(actor.centre_id, command.person_id)
    if kind != "group":
        raise NotAGroup
    there = db.session.scalars(
        select(GroupMember.id).where(
            GroupMember.centre_id == actor.centre_id,
            GroupMember.producer_id == command.producer_id,
            GroupMember.person_id == command.person_id,
            or_(GroupMember.left_on.is_(None), GroupMember.left_on > command.joined_on),
        )
    ).all()
    if command.id in there:
        return
    if there:
        raise InGroupAlready(field="group_id")
    if command.joined_on > clock.today():
        raise FactInFuture(field="from_day")
    db.session.execute(
        insert(GroupMember).values(
            centre_id=actor.centre_id,
            id=command.id,
            producer_id=command.producer_id,
            person_id=command.person_id,
            joined_on=command.joined_on,
        )
    )
    audit.record(
        actor,
        "group.joined",
        "producer",
        command.producer_id,
        person_id=str(command.person_id),
        on_date=command.joined_on.isoformat(),
    )


def leave(group_member_id: UUID, left_on: date, actor: Actor) -> UUID:
    """Note that somebody left the group on a day; return the group."""
    require(actor, "producer.change")
    row = db.session.execute(
        select(GroupMember.producer_id, GroupMember.joined_on, GroupMember.left_on)
        .where(GroupMember.centre_id == actor.centre_id, GroupMember.id == group_member_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    if not row.joined_on <= left_on <= clock.today():
        raise LeftBeforeJoining(field="left_on")
    db.session.execute(
        update(GroupMember)
        .where(GroupMember.centre_id == actor.centre_id, GroupMember.id == group_member_id)
        .values(left_on=left_on)
    )
    audit.record(actor, "group.left", "producer", row.producer_id, left_on=left_on.isoformat())
    return row.producer_id
