"""People who sign in, as the centres they work in see them.

What must stay true: a manager rules over people of the own centre only, so whoever also works
elsewhere (or for a network) keeps name, password and account out of one centre's reach.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import insert, select, update

from core import audit
from core.actor import Actor
from core.db import db
from core.errors import N_, ChangedMeanwhile, DomainError, NotFound
from core.ids import uuid7
from core.text import normalise
from members.models import AppUser, RoleGrant
from members.rules import passwords
from members.rules.pins import phone_name
from members.services import personal_trail
from members.services.access import require
from members.services.grants import require_manager, set_roles
from members.services.hashing import hash_password
from members.services.passwords import end_sessions, require_ours


class UsernameTaken(DomainError):
    """Someone already signs in under this name."""

    code, status, title = "username-taken", 409, N_("This sign-in name is taken")
    detail = N_("Choose another one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A person to let in, with the roles in the actor's centre."""

    username: str
    display_name: str
    password: str
    roles: tuple[str, ...]
    producer_id: UUID | None = None
    locale: str = "th"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUser:
    """What a manager changes of a user, made on a look at `version`."""

    user_id: UUID
    version: int
    display_name: str
    roles: tuple[str, ...]
    producer_id: UUID | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class UserCard:
    """A user as a centre sees them."""

    id: UUID
    username: str
    display_name: str
    locale: str
    active: bool
    version: int
    roles: tuple[str, ...]
    producer_id: UUID | None = None


# --- reading ---------------------------------------------------------------------------------


def listing(actor: Actor) -> list[UserCard]:
    """Return everyone with a role in the actor's centre, by name."""
    require(actor, "user.read")
    return _cards(actor.centre_id)


def get(user_id: UUID, actor: Actor) -> UserCard:
    """Return a user of the actor's centre."""
    require(actor, "user.read")
    return _card(user_id, actor.centre_id)


def names(user_ids: set[UUID]) -> dict[UUID, str]:
    """Return display names, for documents that say who made them."""
    if not user_ids:
        return {}
    rows = db.session.execute(
        select(AppUser.id, AppUser.display_name).where(AppUser.id.in_(user_ids))
    )
    return dict(rows.all())


def username_of(user_id: UUID) -> str:
    """Return the name under which someone signs in."""
    return db.session.execute(select(AppUser.username).where(AppUser.id == user_id)).scalar_one()


def find(username: str) -> UUID | None:
    """Return the id of whoever signs in under a name."""
    return db.session.execute(
        select(AppUser.id).where(AppUser.username == plain_username(username))
    ).scalar_one_or_none()


def plain_username(username: str) -> str:
    """Return the one form of a sign-in name: a phone number's digits; else small letters."""
    return phone_name(username) or normalise(username).lower()


def _card(user_id: UUID, centre_id: int) -> UserCard:
    found = _cards(centre_id, user_id)
    if not found:
        raise NotFound
    return found[0]


def _cards(centre_id: int, user_id: UUID | None = None) -> list[UserCard]:
    statement = (
        select(
            AppUser.id,
            AppUser.username,
            AppUser.display_name,
            AppUser.locale,
            AppUser.active,
            AppUser.version,
            RoleGrant.role,
            RoleGrant.producer_id,
        )
        .join(RoleGrant, RoleGrant.user_id == AppUser.id)
        .where(RoleGrant.centre_id == centre_id)
        .order_by(AppUser.username, RoleGrant.role)
    )
    if user_id is not None:
        statement = statement.where(AppUser.id == user_id)
    people: dict[UUID, UserCard] = {}
    for row in db.session.execute(statement):
        known = people.get(row.id) or UserCard(*row[:6], roles=())
        roles = (*known.roles, row.role)
        people[row.id] = replace(
            known, roles=roles, producer_id=known.producer_id or row.producer_id
        )
    return list(people.values())


# --- changing --------------------------------------------------------------------------------


def create(new: NewUser, actor: Actor) -> UserCard:
    """Let a new person into the actor's centre."""
    require(actor, "user.manage")
    username = plain_username(new.username)
    passwords.check(new.password, username)
    if find(username) is not None:
        raise UsernameTaken(field="username")
    user_id = uuid7()
    db.session.execute(
        insert(AppUser).values(
            id=user_id,
            username=username,
            display_name=new.display_name,
            password_hash=hash_password(new.password),
            locale=new.locale,
            active=True,
            version=1,
        )
    )
    audit.record(actor, "user.created", "user", user_id, username=username)
    set_roles(user_id, (), new.roles, new.producer_id, actor)
    return _card(user_id, actor.centre_id)


def change(command: ChangeUser, actor: Actor) -> UserCard:
    """Change name, roles and whether a user of the actor's centre may sign in."""
    require(actor, "user.manage")
    before = _card(command.user_id, actor.centre_id)
    about_person = (command.display_name, command.active) != (before.display_name, before.active)
    if about_person:
        require_ours(command.user_id, actor)
    done = db.session.execute(
        update(AppUser)
        .where(AppUser.id == command.user_id, AppUser.version == command.version)
        .values(
            display_name=command.display_name,
            active=command.active,
            version=AppUser.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    if command.active != before.active:
        audit.record(
            actor, "user.enabled" if command.active else "user.disabled", "user", before.id
        )
    if not command.active:
        end_sessions(command.user_id)
    set_roles(command.user_id, before.roles, command.roles, command.producer_id, actor)
    require_manager(actor)
    return _card(command.user_id, actor.centre_id)


def set_own_locale(user_id: UUID, locale: str) -> None:
    """Let a person choose the own language."""
    db.session.execute(
        update(AppUser)
        .where(AppUser.id == user_id)
        .values(locale=locale)
        .execution_options(synchronize_session=False)
    )
    personal_trail.record(user_id, "user.language_chosen", locale=locale)
