"""Who is asking: a person by the session cookie, a machine by a bearer token.

What must stay true: this floor knows no users; `init_app` gets a `Gate` from the room that does.
A request is looked up once, with one query, and a centre the reader has nothing to do with answers
exactly like one that does not exist.

Every address with a `centre_id` in it is closed to strangers before its view or schema runs. A view
writes `actor = current_actor(centre_id)`; pages outside a centre write `person = current_person()`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, current_app, request
from flask_babel import refresh
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from core.actor import Actor
from core.config import Settings
from core.db import in_transaction
from core.errors import SignInRequired

log = logging.getLogger(__name__)

SESSION_COOKIE = "sunruam_session"
_TOKEN_LENGTH_MAX = 200
_ACTOR, _PERSON, _TOUCH = "sunruam.actor", "sunruam.person", "sunruam.touch"


class Place(Protocol):
    """A centre a person may enter, and as what."""

    @property
    def centre_id(self) -> int: ...
    @property
    def name_th(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...


class Person(Protocol):
    """A signed-in person outside of any centre: for choosing one, the profile, signing out."""

    @property
    def user_id(self) -> UUID: ...
    @property
    def username(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def places(self) -> Sequence[Place]: ...


class Loaded(Protocol):
    """What the gate found; `stale` asks for the session's time of last use to be renewed."""

    @property
    def stale(self) -> bool: ...


class LoadedActor(Loaded, Protocol):
    @property
    def actor(self) -> Actor: ...


class LoadedPerson(Loaded, Protocol):
    @property
    def person(self) -> Person: ...


@dataclass(frozen=True, slots=True)
class Gate:
    """What the room of users gives us (see `members.services.access`).

    `load_actor(kind, token, centre_id)` answers None for nobody and raises NotFound for a centre
    that is not the reader's; `kind` is `session` or `bearer`. `load_person(token)` likewise.
    `keep_alive(token)` renews a session's last use; it runs in its own transaction.
    """

    load_actor: Callable[[str, str, int], LoadedActor | None]
    load_person: Callable[[str], LoadedPerson | None]
    keep_alive: Callable[[str], None]
    allowed: Callable[[frozenset[str], str], bool]


def init_app(app: Flask, settings: Settings, gate: Gate) -> None:
    """Let requests of `app` be recognised through `gate`."""
    app.extensions["sunruam_gate"] = gate
    app.config["SUNRUAM_COOKIE_SECURE"] = settings.cookie_secure
    app.config["SUNRUAM_SESSION_SECONDS"] = settings.session_hours * 3600
    app.before_request(_recognise)
    app.after_request(_renew)


# --- who -------------------------------------------------------------------------------------


def current_actor(centre_id: int) -> Actor:
    """Return the reader as an actor in a centre.

    Raises `SignInRequired` (401; a page goes to sign-in) and `NotFound` (404) for a centre that is
    unknown or not the reader's.
    """
    known = known_actor()
    if known is not None and known.centre_id == centre_id:
        return known
    token = bearer_token()
    kind = "session" if token is None else "bearer"
    token = token if token is not None else session_token()
    loaded = _gate().load_actor(kind, token, centre_id) if token else None
    if loaded is None:
        raise SignInRequired
    request.environ[_ACTOR] = loaded.actor
    _remember(loaded)
    return loaded.actor


def current_person() -> Person:
    """Return the signed-in person, whatever the centre; machines have no page here."""
    known: Person | None = request.environ.get(_PERSON)
    if known is not None:
        return known
    token = None if bearer_token() is not None else session_token()
    loaded = _gate().load_person(token) if token else None
    if loaded is None:
        raise SignInRequired
    request.environ[_PERSON] = loaded.person
    _remember(loaded)
    return loaded.person


def _recognise() -> None:
    centre_id = (request.view_args or {}).get("centre_id")
    if centre_id is not None:
        current_actor(centre_id)


def _remember(loaded: Loaded) -> None:
    request.environ[_TOUCH] = loaded.stale
    refresh()  # the language may be this reader's own now


def known_actor() -> Actor | None:
    """Return the actor this request has already asked for, if any; never asks the database."""
    actor: Actor | None = request.environ.get(_ACTOR)
    return actor


def known_person() -> Person | None:
    """Return the person this request has already asked for, if any; never asks the database."""
    person: Person | None = request.environ.get(_PERSON)
    return person


def may(permission: str) -> bool:
    """Tell a page whether its reader has a right, to leave out what would be refused."""
    actor = known_actor()
    return actor is not None and _gate().allowed(actor.roles, permission)


def _gate() -> Gate:
    gate: Gate = current_app.extensions["sunruam_gate"]
    return gate


# --- credentials -----------------------------------------------------------------------------


def bearer_token() -> str | None:
    """Return the token of an `Authorization: Bearer` header; '' when it is there but unusable."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    token = token.strip()
    return token if kind.lower() == "bearer" and len(token) <= _TOKEN_LENGTH_MAX else ""


def session_token() -> str | None:
    """Return the token in the session cookie."""
    token = request.cookies.get(_cookie_name())
    return token if token and len(token) <= _TOKEN_LENGTH_MAX else None


def _cookie_name() -> str:
    return cookie_name(SESSION_COOKIE)


def cookie_name(name: str) -> str:
    """Return the name of a cookie of ours: `__Host-` binds it to this host, over HTTPS only."""
    return f"__Host-{name}" if current_app.config["SUNRUAM_COOKIE_SECURE"] else name


def set_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Set a cookie no script can read and no other site's form sends."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        secure=current_app.config["SUNRUAM_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def start_session(response: Response, token: str) -> None:
    """Give the browser its session."""
    set_cookie(response, SESSION_COOKIE, token, current_app.config["SUNRUAM_SESSION_SECONDS"])


def end_session(response: Response) -> None:
    """Take the session back from the browser."""
    response.delete_cookie(
        _cookie_name(),
        path="/",
        secure=current_app.config["SUNRUAM_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def safe_next(address: str | None, otherwise: str = "/") -> str:
    """Return an address of our own to go on to; anything that could leave this host is dropped."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    if "\\" in address or any(ord(char) < 0x20 or ord(char) == 0x7F for char in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def _renew(response: Response) -> Response:
    """Note the session's use, every few minutes at most; a busy database may say no."""
    token = session_token()
    if request.environ.pop(_TOUCH, False) and token is not None:
        try:
            in_transaction(_gate().keep_alive, token)
        except SQLAlchemyError:
            log.warning("A session's last use could not be noted")
    return response
