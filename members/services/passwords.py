"""Changing passwords, and who may change whose.

What must stay true: a new password ends every other session and token of its owner; one centre's
manager never sets the password of a person who also works elsewhere.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from members.models import ApiToken, AppUser, RoleGrant, UserSession
from members.rules import passwords
from members.rules.roles import Role
from members.services.access import require
from members.services.grants import roles_of, signs_in_by_pin
from members.services.hashing import hash_password


class WorksElsewhere(DomainError):
    """The person also works in another centre, so this one can't rule over the account."""

    code, status, title = "works-elsewhere", 409, N_("This person also works for another centre")
    detail = N_("Take the roles here away, or ask the person who looks after the system.")


class HasPin(DomainError):
    """A producer who signs in with a PIN has no password to change."""

    code, status, title = "has-pin", 409, N_("This person signs in with a PIN")
    detail = N_("A new PIN is given at the centre, on the producer's page.")


class WrongPassword(DomainError):
    """The present password, asked for before a change, is not right."""

    code, status, title = "wrong-password", 403, N_("The present password is not right")


def set_password(user_id: UUID, password: str, actor: Actor) -> None:
    """Give a user of the actor's centre a new password; every session of theirs ends."""
    require(actor, "user.manage")
    if not roles_of(user_id, actor.centre_id):
        raise NotFound
    require_ours(user_id, actor)
    username = db.session.execute(
        select(AppUser.username).where(AppUser.id == user_id)
    ).scalar_one()
    store_password(user_id, username, password)
    audit.record(actor, "user.password_set", "user", user_id)


def end_sessions(user_id: UUID, except_hash: str | None = None) -> None:
    """End every session and token of a user at once."""
    ended = {"revoked_at": clock.now()}
    sessions = update(UserSession).where(
        UserSession.user_id == user_id, UserSession.revoked_at.is_(None)
    )
    if except_hash is not None:
        sessions = sessions.where(UserSession.token_hash != except_hash)
    tokens = update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    for statement in (sessions, tokens):
        db.session.execute(statement.values(**ended).execution_options(synchronize_session=False))


def require_ours(user_id: UUID, actor: Actor) -> None:
    """Refuse to rule over a person of two centres, or of a network: not one manager's."""
    if Role.SYSTEM in actor.roles:
        return
    elsewhere = db.session.execute(
        select(func.count())
        .select_from(RoleGrant)
        .where(RoleGrant.user_id == user_id, RoleGrant.centre_id != actor.centre_id)
    ).scalar_one()
    officer = db.session.execute(
        select(AppUser.officer_network_id).where(AppUser.id == user_id)
    ).scalar_one()
    if elsewhere or officer is not None:
        raise WorksElsewhere


def store_password(
    user_id: UUID, username: str, password: str, keep_session: str | None = None
) -> None:
    """Keep a new password; sessions (but the one of hash `keep_session`) and tokens end."""
    if signs_in_by_pin(user_id):
        raise HasPin
    passwords.check(password, username)
    db.session.execute(
        update(AppUser)
        .where(AppUser.id == user_id)
        .values(password_hash=hash_password(password), version=AppUser.version + 1)
        .execution_options(synchronize_session=False)
    )
    end_sessions(user_id, except_hash=keep_session)
