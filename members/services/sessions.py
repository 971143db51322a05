"""Signing in, staying in, and being put out.

What must stay true: at most ten wrong guesses are evaluated per account in a quarter of an hour and
fifty per address; per phone number, which a mere PIN guards, five, and twenty in a day. They are
counted before the password is looked at, so that tries at the same time can't slip past; refused
tries don't count, so nobody is locked out for longer. An unknown name is treated exactly like a
known one. The edge calls `reserve` (a transaction), `judge` (no transaction: hashing
takes time the writers need), then `open_session` (a transaction).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import delete, func, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound, SignInRequired
from core.ids import new_secret, uuid7
from members.models import AppUser, SignInAttempt, UserSession
from members.rules.pins import phone_name, plain_pin
from members.services import personal_trail
from members.services.access import IDLE, require, token_hash
from members.services.grants import roles_of
from members.services.hashing import hash_password, needs_rehash, verify_password, waste_time
from members.services.passwords import WrongPassword, require_ours, store_password
from members.services.users import plain_username

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 50
TRIES_PER_PIN = 5
"""Wrong ones within the window shut a phone number for a window after the last of them."""
TRIES_PER_PIN_AND_DAY = 20
"""A million PINs at twenty a day: guessing takes lifetimes. A new PIN opens the door again."""
ATTEMPTS_KEPT = timedelta(days=1)
ENDED_KEPT = timedelta(days=90)
_MINUTES = int(WINDOW.total_seconds() // 60)
_PUBLIC_ID_LENGTH = 16


class SignInRefused(DomainError):
    """Name or password is wrong; never says which."""

    code, status, title = "sign-in-refused", 403, N_("Name or password is not right")
    detail = N_("Check both and try again.")


class TooManyTries(DomainError):
    """The account or the address was tried too often in a quarter of an hour."""

    code, status, title = "too-many-tries", 429, N_("Too many tries")
    detail = N_("Wait %(minutes)s minutes and try again.")


class PinLocked(DomainError):
    """A phone number was tried so often in a day that only a new PIN opens it sooner."""

    code, status, title = "pin-locked", 429, N_("Too many tries today")
    detail = N_("Try again tomorrow, or ask at the centre for a new PIN.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A counted try to sign in."""

    id: UUID
    username: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """Someone whose password was right; `new_hash` when it should be stored afresh."""

    attempt: Attempt
    user_id: UUID
    locale: str
    judged_hash: str
    new_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """What is noted of the place someone signs in from; `old_token` is the session it had."""

    address: str
    user_agent: str
    lasts: timedelta
    old_token: str | None = None


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session as its owner or a manager sees it."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    address: str
    user_agent: str
    is_current: bool = False


# --- in --------------------------------------------------------------------------------------


def reserve(username: str, address: str) -> Attempt:
    """Count a try before it is evaluated; raise `TooManyTries` when there were enough."""
    username, address = plain_username(username)[:60], address[:60]
    moment = clock.now()
    for name in sorted((f"account:{username}", f"address:{address}")):
        serialise_on(uuid5(NAMESPACE_OID, name))
    wrong = SignInAttempt.succeeded.is_(False) & (SignInAttempt.at > moment - WINDOW)
    for column, value, most in (
        (SignInAttempt.username, username, TRIES_PER_ACCOUNT),
        (SignInAttempt.address, address, TRIES_PER_ADDRESS),
    ):
        statement = select(func.count()).select_from(SignInAttempt).where(column == value, wrong)
        if db.session.execute(statement).scalar_one() >= most:
            raise TooManyTries(minutes=_MINUTES)
    if phone_name(username) == username:
        _limit_pin(username, moment)
    db.session.execute(
        delete(SignInAttempt)
        .where(SignInAttempt.at < moment - ATTEMPTS_KEPT)
        .execution_options(synchronize_session=False)
    )
    attempt = Attempt(uuid7(), username)
    db.session.execute(
        insert(SignInAttempt).values(
            id=attempt.id, username=username, address=address, at=moment, succeeded=False
        )
    )
    return attempt


def _limit_pin(phone: str, moment: datetime) -> None:
    """Refuse a phone number tried too often, known or not: a PIN has only six digits."""
    statement = (
        select(SignInAttempt.at)
        .where(
            SignInAttempt.username == phone,
            SignInAttempt.succeeded.is_(False),
            SignInAttempt.at > moment - ATTEMPTS_KEPT,
        )
        .order_by(SignInAttempt.at.desc())
        .limit(TRIES_PER_PIN_AND_DAY)
    )
    wrong = db.session.execute(statement).scalars().all()
    if len(wrong) >= TRIES_PER_PIN_AND_DAY:
        raise PinLocked
    if len(wrong) >= TRIES_PER_PIN:
        latest, first = wrong[0], wrong[TRIES_PER_PIN - 1]
        if latest - first < WINDOW and latest > moment - WINDOW:
            raise TooManyTries(minutes=_MINUTES)


def judge(attempt: Attempt, password: str) -> Recognised:
    """Look at the password of a counted try; raise `SignInRefused` when it is wrong."""
    found = db.session.execute(
        select(
            AppUser.id,
            AppUser.password_hash,
            AppUser.active,
            AppUser.locale,
            AppUser.by_pin,
        ).where(AppUser.username == attempt.username)
    ).one_or_none()
    if found is None:
        waste_time(password)
        raise SignInRefused
    if found.by_pin:
        password = plain_pin(password)
    if not verify_password(found.password_hash, password) or not found.active:
        raise SignInRefused
    fresh = hash_password(password) if needs_rehash(found.password_hash) else None
    return Recognised(attempt, found.id, found.locale, found.password_hash, fresh)


def open_session(who: Recognised, browser: Browser) -> str:
    """Begin a session and return its token, the only time it is seen; an old one here ends.

    Raises SignInRefused when password or PIN changed since it was judged.
    """
    still = db.session.execute(
        select(AppUser.password_hash).where(AppUser.id == who.user_id).with_for_update()
    ).scalar_one()
    if still != who.judged_hash:
        raise SignInRefused
    was_right(who.attempt)
    if who.new_hash is not None:
        db.session.execute(
            update(AppUser)
            .where(AppUser.id == who.user_id)
            .values(password_hash=who.new_hash)
            .execution_options(synchronize_session=False)
        )
    if browser.old_token is not None:
        close(browser.old_token)
    token, moment = new_secret(), clock.now()
    db.session.execute(
        insert(UserSession).values(
            token_hash=token_hash(token),
            user_id=who.user_id,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + browser.lasts,
            address=browser.address[:60],
            user_agent=browser.user_agent[:200],
        )
    )
    personal_trail.record(who.user_id, "session.opened", address=browser.address[:60])
    return token


def take_over(user_id: UUID, centre_id: int, old_token: str, browser: Browser) -> str:
    """Begin a till's next session in place of the present one, by a PIN that was judged right.

    It is good for the counter of that centre alone and ends when the first one would have: a
    password opens the till, PINs only hand it on. Raises SignInRequired when that one has ended.
    """
    moment = clock.now()
    ends = db.session.execute(
        select(UserSession.expires_at).where(
            UserSession.token_hash == token_hash(old_token),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > moment,
        )
    ).scalar_one_or_none()
    if ends is None:
        raise SignInRequired
    close(old_token)
    token = new_secret()
    db.session.execute(
        insert(UserSession).values(
            token_hash=token_hash(token),
            user_id=user_id,
            created_at=moment,
            last_seen_at=moment,
            expires_at=ends,
            address=browser.address[:60],
            user_agent=browser.user_agent[:200],
            pin_centre_id=centre_id,
        )
    )
    personal_trail.record(user_id, "session.opened_by_pin", address=browser.address[:60])
    return token


def change_own_password(
    attempt: Attempt, user_id: UUID, present: str, password: str, kept_token: str | None = None
) -> None:
    """Let a person who knows the present password choose a new one; other sessions end.

    The edge reserves the `attempt` first, as for signing in: a stolen session is no place to guess.
    """
    stored = db.session.execute(
        select(AppUser.password_hash).where(AppUser.id == user_id)
    ).scalar_one()
    if not verify_password(stored, present):
        raise WrongPassword(field="present_password")
    was_right(attempt)
    store_password(
        user_id, attempt.username, password, token_hash(kept_token) if kept_token else None
    )
    personal_trail.record(user_id, "user.password_changed")


def was_right(attempt: Attempt) -> None:
    """Note that a counted try was right; who calls has judged it."""
    db.session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.id == attempt.id)
        .values(succeeded=True)
        .execution_options(synchronize_session=False)
    )


# --- staying, and out ------------------------------------------------------------------------


def keep_alive(token: str) -> None:
    """Note that a session is in use."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.token_hash == token_hash(token), UserSession.revoked_at.is_(None))
        .values(last_seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def close(token: str) -> None:
    """End a session; one that ended already stays as it was."""
    user_id = db.session.execute(
        update(UserSession)
        .where(UserSession.token_hash == token_hash(token), UserSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(UserSession.user_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if user_id is not None:
        personal_trail.record(user_id, "session.closed")


def of_user(
    user_id: UUID, current_token: str | None = None, idle: timedelta = IDLE
) -> list[SessionCard]:
    """Return a user's living sessions, latest first."""
    moment = clock.now()
    rows = db.session.execute(
        select(
            UserSession.token_hash,
            UserSession.created_at,
            UserSession.last_seen_at,
            UserSession.address,
            UserSession.user_agent,
        )
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > moment,
            UserSession.last_seen_at > moment - idle,
        )
        .order_by(UserSession.last_seen_at.desc())
        .limit(100)
    )
    current = token_hash(current_token) if current_token else None
    return [
        SessionCard(row[0][:_PUBLIC_ID_LENGTH], *row[1:], is_current=row[0] == current)
        for row in rows
    ]


def revoke(user_id: UUID, session_id: str) -> None:
    """End one of one's own sessions, named by its public id."""
    _end(user_id, session_id)
    personal_trail.record(user_id, "session.closed", session=session_id)


def _end(user_id: UUID, session_id: str) -> None:
    done = db.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            func.substr(UserSession.token_hash, 1, _PUBLIC_ID_LENGTH) == session_id,
        )
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound


def of_colleague(user_id: UUID, actor: Actor) -> list[SessionCard]:
    """Return the living sessions of a user of the actor's centre."""
    require(actor, "user.manage")
    _require_colleague(user_id, actor)
    return of_user(user_id)


def revoke_of_colleague(user_id: UUID, session_id: str, actor: Actor) -> None:
    """End one session of a user of the actor's centre."""
    require(actor, "user.manage")
    _require_colleague(user_id, actor)
    require_ours(user_id, actor)
    _end(user_id, session_id)
    audit.record(actor, "session.revoked", "user", user_id)


def _require_colleague(user_id: UUID, actor: Actor) -> None:
    if not roles_of(user_id, actor.centre_id):
        raise NotFound


def discard_old() -> None:
    """Forget sessions that ended long ago; the worker's upkeep calls it, in a transaction."""
    db.session.execute(
        delete(UserSession)
        .where(UserSession.expires_at < clock.now() - ENDED_KEPT)
        .execution_options(synchronize_session=False)
    )
