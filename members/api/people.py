"""Users, sessions, tokens and the reader over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from core.actor import Actor
from core.db import in_transaction
from core.errors import Forbidden
from core.web.api import etag_of, require_version
from core.web.auth import current_actor, session_token
from members.api.blueprint import blueprint
from members.rules.roles import permissions_of
from members.schemas.people import (
    LocaleIn,
    MeOut,
    NewTokenOut,
    OwnPasswordIn,
    PasswordIn,
    SessionOut,
    TokenIn,
    TokenOut,
    UserChangeIn,
    UserIn,
    UserOut,
)
from members.services import passwords, sessions, tokens, users
from members.services.sessions import SessionCard
from members.services.tokens import NewToken, TokenCard
from members.services.users import ChangeUser, NewUser, UserCard

# --- users of the centre ---------------------------------------------------------------------


@blueprint.get("/users")
@blueprint.response(200, UserOut(many=True))
def list_users(centre_id: int) -> list[UserCard]:
    """Read everyone with a role in the centre."""
    return users.listing(current_actor(centre_id))


@blueprint.post("/users")
@blueprint.arguments(UserIn)
@blueprint.response(201, UserOut)
def add_user(data: dict[str, Any], centre_id: int) -> tuple[UserCard, dict[str, str]]:
    """Let a person in."""
    new = NewUser(**{**data, "roles": tuple(data["roles"])})
    user = in_transaction(users.create, new, current_actor(centre_id))
    return user, etag_of(user.version)


@blueprint.get("/users/<uuid:user_id>")
@blueprint.response(200, UserOut)
def get_user(centre_id: int, user_id: UUID) -> tuple[UserCard, dict[str, str]]:
    """Read one user."""
    user = users.get(user_id, current_actor(centre_id))
    return user, etag_of(user.version)


@blueprint.put("/users/<uuid:user_id>")
@blueprint.arguments(UserChangeIn)
@blueprint.response(200, UserOut)
def put_user(
    data: dict[str, Any], centre_id: int, user_id: UUID
) -> tuple[UserCard, dict[str, str]]:
    """Change name, roles, and whether the user may sign in (`If-Match`)."""
    actor = current_actor(centre_id)
    command = ChangeUser(
        user_id=user_id, version=require_version(), **{**data, "roles": tuple(data["roles"])}
    )
    user = in_transaction(users.change, command, actor)
    return user, etag_of(user.version)


@blueprint.put("/users/<uuid:user_id>/password")
@blueprint.arguments(PasswordIn)
@blueprint.response(204)
def put_user_password(data: dict[str, str], centre_id: int, user_id: UUID) -> None:
    """Give a user a new password; their sessions end."""
    in_transaction(passwords.set_password, user_id, data["password"], current_actor(centre_id))


@blueprint.get("/users/<uuid:user_id>/sessions")
@blueprint.response(200, SessionOut(many=True))
def list_user_sessions(centre_id: int, user_id: UUID) -> list[SessionCard]:
    """Read where a user is signed in."""
    return sessions.of_colleague(user_id, current_actor(centre_id))


@blueprint.delete("/users/<uuid:user_id>/sessions/<session_id>")
@blueprint.response(204)
def end_user_session(centre_id: int, user_id: UUID, session_id: str) -> None:
    """End one session of a user."""
    in_transaction(sessions.revoke_of_colleague, user_id, session_id, current_actor(centre_id))


# --- tokens ----------------------------------------------------------------------------------


@blueprint.get("/tokens")
@blueprint.response(200, TokenOut(many=True))
def list_tokens(centre_id: int) -> list[TokenCard]:
    """Read the tokens of the centre's machines."""
    return tokens.listing(current_actor(centre_id))


@blueprint.post("/tokens")
@blueprint.arguments(TokenIn)
@blueprint.response(201, NewTokenOut)
def add_token(data: dict[str, Any], centre_id: int) -> TokenCard:
    """Make a token; it is shown in this answer and never again."""
    return in_transaction(tokens.create, NewToken(**data), current_actor(centre_id))


@blueprint.delete("/tokens/<uuid:token_id>")
@blueprint.response(200, TokenOut)
def end_token(centre_id: int, token_id: UUID) -> TokenCard:
    """End a token."""
    return in_transaction(tokens.revoke, token_id, current_actor(centre_id))


# --- the reader ------------------------------------------------------------------------------


@blueprint.get("/me")
@blueprint.response(200, MeOut)
def get_me(centre_id: int) -> dict[str, Any]:
    """Read who you are here, and what you may do."""
    actor = current_actor(centre_id)
    return {
        "user_id": actor.user_id,
        "name": actor.name,
        "locale": actor.locale,
        "roles": sorted(actor.roles),
        "permissions": sorted(permissions_of(actor.roles)),
        "producer_id": actor.producer_id,
    }


@blueprint.put("/me/password")
@blueprint.arguments(OwnPasswordIn)
@blueprint.response(204)
def put_own_password(data: dict[str, str], centre_id: int) -> None:
    """Change your own password; your other sessions and all your tokens end."""
    user_id = _own_id(current_actor(centre_id))
    username = users.username_of(user_id)
    attempt = in_transaction(sessions.reserve, username, request.remote_addr or "")
    in_transaction(
        sessions.change_own_password,
        attempt,
        user_id,
        data["present_password"],
        data["password"],
        session_token(),
    )


@blueprint.put("/me/locale")
@blueprint.arguments(LocaleIn)
@blueprint.response(204)
def put_own_locale(data: dict[str, str], centre_id: int) -> None:
    """Choose your own language."""
    in_transaction(users.set_own_locale, _own_id(current_actor(centre_id)), data["locale"])


@blueprint.get("/me/sessions")
@blueprint.response(200, SessionOut(many=True))
def list_own_sessions(centre_id: int) -> list[SessionCard]:
    """Read where you are signed in."""
    return sessions.of_user(_own_id(current_actor(centre_id)), session_token())


@blueprint.delete("/me/sessions/<session_id>")
@blueprint.response(204)
def end_own_session(centre_id: int, session_id: str) -> None:
    """End one of your own sessions."""
    in_transaction(sessions.revoke, _own_id(current_actor(centre_id)), session_id)


def _own_id(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Forbidden(permission="me")
    return actor.user_id
