"""PINs of those who work at a till: six digits to take it over, chosen by their owner.

What must stay true: a PIN is set by its owner with the password in hand, never told to anybody, and
opens nothing but a till (`pos.services.till_pins` counts the tries); easy ones are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from members.models import AppUser, RoleGrant, StaffPin
from members.rules.pins import PIN_LENGTH, is_guessable, plain_pin
from members.rules.roles import Role, allowed
from members.services.access import require
from members.services.hashing import hash_password, verify_password
from members.services.sessions import Attempt, was_right
from members.services.users import username_of

AT_A_TILL = "sale.record"
"""Whoever may sell may have a PIN."""


class WeakPin(DomainError):
    """The PIN is not six digits, or among the first somebody would try."""

    code, status, title = "weak-pin", 422, N_("This PIN is too easy to guess")
    detail = N_("Choose six digits: no row like 123456, no pair or date repeated, no phone number.")


class PasswordWrong(DomainError):
    """A PIN is set with the password in hand."""

    code, status, title = "pin-password-wrong", 403, N_("The password is not right")
    detail = N_("Enter the password you sign in with.")


@dataclass(frozen=True, slots=True)
class TillPerson:
    """Somebody who may stand at a till of the centre."""

    user_id: UUID
    name: str
    roles: frozenset[str]
    has_pin: bool

    @property
    def gives_overrides(self) -> bool:
        return allowed(self.roles, "override.give")


def set_own(attempt: Attempt, password: str, pin: str, actor: Actor) -> None:
    """Keep the actor's PIN for this centre's tills; one before it is forgotten.

    The edge reserves the `attempt` first, as for signing in. Raises PasswordWrong, WeakPin.
    """
    require(actor, AT_A_TILL)
    assert actor.user_id is not None
    stored = db.session.execute(
        select(AppUser.password_hash).where(AppUser.id == actor.user_id)
    ).scalar_one()
    if not verify_password(stored, password):
        raise PasswordWrong(field="present_password")
    was_right(attempt)
    plain = plain_pin(pin)
    right_form = len(plain) == PIN_LENGTH and plain.isascii() and plain.isdigit()
    if not right_form or is_guessable(plain, username_of(actor.user_id)):
        raise WeakPin(field="pin_password")
    put(actor.user_id, plain, actor)


def put(user_id: UUID, pin: str, actor: Actor) -> None:
    """Store a PIN that was found good."""
    values = {"pin_hash": hash_password(pin), "set_at": clock.now()}
    done = db.session.execute(
        update(StaffPin)
        .where(StaffPin.centre_id == actor.centre_id, StaffPin.user_id == user_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            insert(StaffPin).values(centre_id=actor.centre_id, user_id=user_id, **values)
        )
    audit.record(actor, "staff_pin.set", "user", user_id)


def forget(user_id: UUID, actor: Actor) -> None:
    """Take a PIN away: one's own, or a colleague's by whoever manages users. Raises NotFound."""
    require(actor, AT_A_TILL if user_id == actor.user_id else "user.manage")
    done = db.session.execute(
        delete(StaffPin)
        .where(StaffPin.centre_id == actor.centre_id, StaffPin.user_id == user_id)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise NotFound(what="staff_pin")
    audit.record(actor, "staff_pin.forgotten", "user", user_id)


def has_pin(user_id: UUID | None, centre_id: int) -> bool:
    """Tell whether somebody has a PIN at a centre's tills."""
    return user_id is not None and pin_hash(user_id, centre_id) is not None


def pin_hash(user_id: UUID, centre_id: int) -> str | None:
    """Return what is stored of somebody's PIN."""
    return db.session.execute(
        select(StaffPin.pin_hash).where(
            StaffPin.centre_id == centre_id, StaffPin.user_id == user_id
        )
    ).scalar_one_or_none()


def matches(stored: str | None, pin: str) -> bool:
    """Tell whether a PIN is the stored one; takes the time of a hash."""
    return stored is not None and verify_password(stored, plain_pin(pin))


def people(centre_id: int) -> list[TillPerson]:
    """Return everybody who may sell at a centre and is let in, by name."""
    rows = db.session.execute(
        select(AppUser.id, AppUser.display_name, RoleGrant.role, StaffPin.set_at)
        .join(RoleGrant, RoleGrant.user_id == AppUser.id)
        .outerjoin(
            StaffPin,
            (StaffPin.centre_id == RoleGrant.centre_id) & (StaffPin.user_id == AppUser.id),
        )
        .where(
            RoleGrant.centre_id == centre_id,
            RoleGrant.role.in_((Role.CASHIER, Role.MANAGER)),
            AppUser.active,
        )
        .order_by(AppUser.display_name, AppUser.id)
    ).all()
    found: dict[UUID, TillPerson] = {}
    for row in rows:
        roles = frozenset({row.role}) | (found[row.id].roles if row.id in found else frozenset())
        found[row.id] = TillPerson(row.id, row.display_name, roles, row.set_at is not None)
    return list(found.values())


def person(user_id: UUID, centre_id: int) -> TillPerson:
    """Return one of them; raise NotFound for anybody else."""
    for one in people(centre_id):
        if one.user_id == user_id:
            return one
    raise NotFound(what="user")


def as_actor(one: TillPerson, actor: Actor) -> Actor:
    """Return somebody as an actor in the centre of `actor`, to act in their own name."""
    return Actor(actor.centre, one.user_id, one.name, one.roles, actor.locale)
