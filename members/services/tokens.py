"""Bearer tokens: how a machine of a centre speaks to the API in a user's name.

What must stay true: a token is shown once, when it is made; it opens one centre, never lasts longer
than a year, and can't do more than its user can there at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import new_secret, uuid7
from members.models import ApiToken, AppUser
from members.services.access import AnySelect, require, token_hash
from members.services.grants import roles_of

DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token for a machine that acts for `user_id` (by default whoever makes it)."""

    name: str
    days: int = 90
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TokenCard:
    """A token as the list shows it; `token` only in the answer to its making."""

    id: UUID
    name: str
    user_id: UUID
    user_name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    token: str | None = None


def create(new: NewToken, actor: Actor) -> TokenCard:
    """Make a token of the actor's centre; the card holds it in clear, this once."""
    require(actor, "token.manage")
    assert 1 <= new.days <= DAYS_MAX
    user_id = new.user_id or actor.user_id
    if user_id is None or not roles_of(user_id, actor.centre_id):
        raise NotFound
    secret, token_id, moment = new_secret(), uuid7(), clock.now()
    expires_at = moment + timedelta(days=new.days)
    db.session.execute(
        insert(ApiToken).values(
            centre_id=actor.centre_id,
            id=token_id,
            user_id=user_id,
            name=new.name,
            token_hash=token_hash(secret),
            created_at=moment,
            expires_at=expires_at,
        )
    )
    audit.record(actor, "token.created", "token", token_id, name=new.name, user_id=str(user_id))
    return replace(_card(token_id, actor), token=secret)


def listing(actor: Actor) -> list[TokenCard]:
    """Return the tokens of the actor's centre, latest first."""
    require(actor, "token.manage")
    rows = db.session.execute(_query(actor).order_by(ApiToken.id.desc()).limit(200))
    return [TokenCard(*row) for row in rows]


def revoke(token_id: UUID, actor: Actor) -> TokenCard:
    """End a token; one that has ended stays as it was."""
    require(actor, "token.manage")
    card = _card(token_id, actor)
    if card.revoked_at is None:
        db.session.execute(
            update(ApiToken)
            .where(ApiToken.centre_id == actor.centre_id, ApiToken.id == token_id)
            .values(revoked_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        audit.record(actor, "token.revoked", "token", token_id, name=card.name)
    return _card(token_id, actor)


def _card(token_id: UUID, actor: Actor) -> TokenCard:
    row = db.session.execute(_query(actor).where(ApiToken.id == token_id)).one_or_none()
    if row is None:
        raise NotFound
    return TokenCard(*row)


def _query(actor: Actor) -> AnySelect:
    return (
        select(
            ApiToken.id,
            ApiToken.name,
            ApiToken.user_id,
            AppUser.display_name,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.revoked_at,
        )
        .join(AppUser, AppUser.id == ApiToken.user_id)
        .where(ApiToken.centre_id == actor.centre_id)
    )
