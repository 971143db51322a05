"""PINs of producers: given at the centre, shown once, good for the own account only.

What must stay true: whoever signs in by PIN has no role but producer, in one centre; a new PIN or
a withdrawn one ends every session of its owner; the trail says who gave it and never which it was.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import delete, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound
from core.ids import uuid7
from members.models import AppUser, RoleGrant, SignInAttempt
from members.rules.pins import PIN_LENGTH, is_guessable, phone_name
from members.rules.roles import Role
from members.rules.standing import DIED
from members.services import grants, producers, standing, users
from members.services.access import AnySelect, require
from members.services.delivering import ProducerInactive
from members.services.hashing import hash_password
from members.services.passwords import end_sessions
from members.services.producers import ProducerCard

NO_PIN = "-"
"""Stored in place of a hash: no PIN matches it."""


class PhoneNeeded(DomainError):
    """The producer has no phone number to sign in with."""

    code, status, title = "phone-needed", 409, N_("Enter the producer's phone number first")
    detail = N_("The producer signs in with it: ten digits for a mobile phone.")


class PhoneTaken(DomainError):
    """Somebody else signs in under this phone number."""

    code, status, title = "phone-taken", 409, N_("Somebody else signs in with this phone number")
    detail = N_("Check the number; each producer needs one of their own.")


class AccountClosed(DomainError):
    """A manager has shut the account this PIN would open."""

    code, status, title = "account-closed", 409, N_("A manager has disabled this account")
    detail = N_("The manager can let the person in again under Users and rights.")


@dataclass(frozen=True, slots=True)
class PinState:
    """Whether a producer can sign in by PIN, and under which number."""

    user_id: UUID
    phone: str


@dataclass(frozen=True, slots=True)
class NewPin:
    """A PIN as it is handed over: the one time it is seen."""

    producer: ProducerCard
    phone: str
    pin: str


def state(producer_id: UUID, actor: Actor) -> PinState | None:
    """Return how a producer signs in by PIN, None when they can't; raise `Forbidden`."""
    require(actor, "producer.read")
    found = db.session.execute(_owners(producer_id, actor)).first()
    return PinState(found.id, found.username) if found else None


def give(producer_id: UUID, actor: Actor) -> NewPin:
    """Give a producer a new PIN; one given before ends with its sessions.

    Who is suspended or has stopped still looks at what is owed. Raises Forbidden, NotFound,
    ProducerInactive of who has died, PhoneNeeded, PhoneTaken, AccountClosed.
    """
    require(actor, "pin.give")
    producer = producers.get(actor.centre_id, producer_id)
    phone = phone_name(producer.phone)
    if phone is None:
        raise PhoneNeeded
    now = standing.of_producer(producer_id, actor.centre_id, clock.today())
    if now is not None and now.state == DIED:
        raise ProducerInactive(producer_no=producer.producer_no)
    for key in (str(producer_id), f"account:{phone}"):
        serialise_on(uuid5(NAMESPACE_OID, key))
    user_id = _account(producer, phone, actor)
    pin = _draw(phone)
    db.session.execute(
        update(AppUser)
        .where(AppUser.id == user_id)
        .values(
            username=phone,
            display_name=producer.name[:120],
            password_hash=hash_password(pin),
            version=AppUser.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    end_sessions(user_id)
    before = grants.roles_of(user_id, actor.centre_id)
    grants.set_roles(user_id, before, (Role.PRODUCER.value,), producer_id, actor)
    _forgive(phone)
    audit.record(actor, "pin.given", "user", user_id, producer_no=producer.producer_no)
    return NewPin(producer, phone, pin)


def withdraw(producer_id: UUID, actor: Actor) -> None:
    """Take a producer's PIN back: signed out everywhere, no way in until a new one is given.

    Raises Forbidden, NotFound when there is none.
    """
    require(actor, "pin.give")
    producer = producers.get(actor.centre_id, producer_id)
    serialise_on(uuid5(NAMESPACE_OID, str(producer_id)))
    owner = db.session.execute(_owners(producer_id, actor)).first()
    if owner is None:
        raise NotFound
    _close(owner.id, producer, actor)


def forget(producer_id: UUID, actor: Actor) -> None:
    """Take the PIN back of a producer who is erased, if there is one; who calls has the right."""
    owner = db.session.execute(_owners(producer_id, actor)).first()
    if owner is not None:
        _close(owner.id, producers.get(actor.centre_id, producer_id), actor)


def _close(user_id: UUID, producer: ProducerCard, actor: Actor) -> None:
    db.session.execute(
        update(AppUser)
        .where(AppUser.id == user_id)
        .values(
            # The number is free again, for this producer or for whoever has it next.
            username=f"withdrawn-{user_id.hex}",
            display_name=producer.producer_no,
            password_hash=NO_PIN,
            version=AppUser.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    end_sessions(user_id)
    grants.drop(user_id, Role.PRODUCER, actor)
    audit.record(actor, "pin.withdrawn", "user", user_id, producer_no=producer.producer_no)


def _owners(producer_id: UUID, actor: Actor) -> AnySelect:
    return (
        select(AppUser.id, AppUser.username, AppUser.active)
        .join(RoleGrant, RoleGrant.user_id == AppUser.id)
        .where(
            AppUser.by_pin,
            RoleGrant.centre_id == actor.centre_id,
            RoleGrant.producer_id == producer_id,
        )
    )


def _account(producer: ProducerCard, phone: str, actor: Actor) -> UUID:
    """Find the account the producer has, or open one."""
    own = db.session.execute(_owners(producer.id, actor)).first()
    holder = users.find(phone)
    if holder is not None and (own is None or holder != own.id):
        raise PhoneTaken
    if own is None:
        return _open(producer, phone, actor)
    if not own.active:
        raise AccountClosed
    return own.id


def _open(producer: ProducerCard, phone: str, actor: Actor) -> UUID:
    user_id = uuid7()
    db.session.execute(
        insert(AppUser).values(
            id=user_id,
            username=phone,
            display_name=producer.name[:120],
            password_hash=NO_PIN,
            locale="th",
            active=True,
            by_pin=True,
            version=1,
        )
    )
    audit.record(actor, "user.created", "user", user_id, username=phone)
    return user_id


def _draw(phone: str) -> str:
    while True:
        pin = f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}d}"
        if not is_guessable(pin, phone):
            return pin


def _forgive(phone: str) -> None:
    """Forget wrong tries at the PIN before: its owner stands here and wants to come in."""
    db.session.execute(
        delete(SignInAttempt)
        .where(SignInAttempt.username == phone, SignInAttempt.succeeded.is_(False))
        .execution_options(synchronize_session=False)
    )
