"""Roles in a centre: given, taken, and never left without a manager.

What must stay true: every right given or taken is in the audit trail; the role of producer names
whose rows it opens; only the command line makes someone an officer of a network.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from members.models import AppUser, Producer, RoleGrant
from members.rules.roles import Role
from members.services import personal_trail
from members.services.access import require


class LastManager(DomainError):
    """The centre would be left without a manager."""

    code, status, title = "last-manager", 409, N_("This is the centre's last manager")
    detail = N_("Make someone else manager first.")


class RoleNeeded(DomainError):
    """A user of a centre has at least one role in it."""

    code, status, title = "role-needed", 409, N_("A user needs at least one role")
    detail = N_("To keep someone out, disable the user instead.")


class ProducerNeeded(DomainError):
    """The role of producer opens one producer's rows, so it must name that producer."""

    code, status, title = "producer-needed", 422, N_("Say which producer this is")
    detail = N_("Choose the producer whose account this person may see.")


class OnlyProducer(DomainError):
    """Whoever signs in with a PIN sees the own account and nothing else: a PIN is weak."""

    code, status, title = "only-producer", 409, N_("This person signs in with a PIN")
    detail = N_("For other work they need a sign-in name and a password of their own.")


def give(user_id: UUID, role: str, actor: Actor, producer_id: UUID | None = None) -> None:
    """Give one more role in the actor's centre, also (command line) to people from elsewhere."""
    require(actor, "user.manage")
    before = roles_of(user_id, actor.centre_id)
    set_roles(user_id, before, (*before, role), producer_id, actor)


def take(user_id: UUID, role: str, actor: Actor) -> None:
    """Take one role in the actor's centre away."""
    require(actor, "user.manage")
    before = roles_of(user_id, actor.centre_id)
    if role not in before:
        raise NotFound
    _take(user_id, role, actor)
    audit.record(actor, "role.taken", "user", user_id, role=role)
    require_manager(actor)


def drop(user_id: UUID, role: str, actor: Actor) -> None:
    """Take a role in the actor's centre away; the caller has asked for the right to."""
    _take(user_id, role, actor)
    audit.record(actor, "role.taken", "user", user_id, role=role)


def roles_of(user_id: UUID, centre_id: int) -> tuple[str, ...]:
    """Return a user's roles in a centre."""
    found = db.session.execute(
        select(RoleGrant.role)
        .where(RoleGrant.centre_id == centre_id, RoleGrant.user_id == user_id)
        .order_by(RoleGrant.role)
    )
    return tuple(found.scalars())


def producers_of(user_id: UUID, centre_id: int) -> list[UUID]:
    """Return the producers of a centre whose accounts somebody's roles open: who they are."""
    found = db.session.scalars(
        select(RoleGrant.producer_id).where(
            RoleGrant.centre_id == centre_id,
            RoleGrant.user_id == user_id,
            RoleGrant.producer_id.is_not(None),
        )
    )
    return [one for one in found if one is not None]


def make_officer(user_id: UUID, network_id: int | None) -> None:
    """Let a person see a network's totals (or no longer); only the command line does this."""
    if network_id is not None and signs_in_by_pin(user_id):
        raise OnlyProducer
    db.session.execute(
        update(AppUser)
        .where(AppUser.id == user_id)
        .values(officer_network_id=network_id)
        .execution_options(synchronize_session=False)
    )
    personal_trail.record(user_id, "user.officer_set", network=network_id)


def signs_in_by_pin(user_id: UUID) -> bool:
    """Tell whether someone is a producer who signs in with a PIN."""
    return db.session.execute(select(AppUser.by_pin).where(AppUser.id == user_id)).scalar_one()


def set_roles(
    user_id: UUID,
    before: tuple[str, ...],
    wanted: tuple[str, ...],
    producer_id: UUID | None,
    actor: Actor,
) -> None:
    """Make `wanted` the roles of a user in the actor's centre."""
    if not wanted:
        raise RoleNeeded(field="roles")
    if set(wanted) != {Role.PRODUCER} and signs_in_by_pin(user_id):
        raise OnlyProducer(field="roles")
    _check_producer(wanted, producer_id, actor.centre_id)
    for role in sorted(set(before) - set(wanted)):
        _take(user_id, role, actor)
        audit.record(actor, "role.taken", "user", user_id, role=role)
    for role in sorted(set(wanted)):
        named = producer_id if role == Role.PRODUCER else None
        if role in before and named is None:
            continue
        _take(user_id, role, actor)
        db.session.execute(
            insert(RoleGrant).values(
                centre_id=actor.centre_id,
                id=uuid7(),
                user_id=user_id,
                role=role,
                producer_id=named,
            )
        )
        if role not in before:
            audit.record(actor, "role.given", "user", user_id, role=role)


def _take(user_id: UUID, role: str, actor: Actor) -> None:
    db.session.execute(
        delete(RoleGrant)
        .where(
            RoleGrant.centre_id == actor.centre_id,
            RoleGrant.user_id == user_id,
            RoleGrant.role == role,
        )
        .execution_options(synchronize_session=False)
    )


def _check_producer(roles: tuple[str, ...], producer_id: UUID | None, centre_id: int) -> None:
    if Role.PRODUCER not in roles:
        return
    if producer_id is None:
        raise ProducerNeeded(field="producer_id")
    known = db.session.execute(
        select(Producer.id).where(Producer.centre_id == centre_id, Producer.id == producer_id)
    ).first()
    if known is None:
        raise NotFound


def require_manager(actor: Actor) -> None:
    """Raise `LastManager` unless someone is left to manage the centre."""
    left = db.session.execute(
        select(func.count())
        .select_from(RoleGrant)
        .join(AppUser, AppUser.id == RoleGrant.user_id)
        .where(
            RoleGrant.centre_id == actor.centre_id,
            RoleGrant.role == Role.MANAGER,
            AppUser.active,
        )
    ).scalar_one()
    if left == 0 and Role.SYSTEM not in actor.roles:
        raise LastManager
