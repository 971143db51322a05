"""A PIN at a till: counted before it is looked at, five wrong ones in a row shut it there.

What must stay true: a PIN is judged only for an enrolled device in an open session; the fifth wrong
one shuts that person's PIN on that device until the password is entered there; tries at the same
time can't slip past. The edge calls `reserve` (a transaction), `judge` (none: hashing takes time
the writers need), then `confirm` and what the PIN was for.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError
from core.ids import uuid7
from members.services import access, sessions, staff_pins
from members.services.sessions import Attempt, Browser
from members.services.staff_pins import TillPerson
from pos.models import PinTry
from pos.services import till_devices

TRIES = 5


class WrongPin(DomainError):
    """The PIN is not right; `left` says how many tries remain before it is shut here."""

    code, status, title = "wrong-pin", 403, N_("The PIN is not right")
    detail = N_("Tries left on this machine: %(left)s.")


class PinShut(DomainError):
    """Five wrong PINs in a row on this device: only the password opens it again."""

    code, status, title = "pin-shut", 409, N_("The PIN is locked on this machine")
    detail = N_("Enter the password of this person instead; then the PIN works again.")


class NoPin(DomainError):
    """The person has no PIN."""

    code, status, title = "no-pin", 409, N_("This person has no PIN yet")
    detail = N_("Enter the password here, or set a PIN under “My PIN” first.")


@dataclass(frozen=True, slots=True)
class Try:
    """A counted try of somebody at a device."""

    id: UUID
    device_id: UUID
    person: TillPerson
    pin_hash: str | None
    left: int
    """How many tries remain if this one is wrong."""


def reserve(till_id: UUID, key: str | None, user_id: UUID, actor: Actor, *, by_pin: bool) -> Try:
    """Count a try before it is judged; a password's is counted at the door instead.

    Raises NotEnrolled, PinShut, NoPin, NotFound (nobody who may sell here), Forbidden.
    """
    access.require(actor, "sale.record")
    device_id = till_devices.at(actor.centre_id, till_id, key)
    person = staff_pins.person(user_id, actor.centre_id)
    serialise_on(uuid5(NAMESPACE_OID, f"pin:{device_id}:{user_id}"))
    stored = staff_pins.pin_hash(user_id, actor.centre_id)
    wrong = _wrong_in_a_row(actor.centre_id, device_id, user_id)
    if by_pin and wrong >= TRIES:
        raise PinShut(user_id=str(user_id))
    if by_pin and stored is None:
        raise NoPin(user_id=str(user_id))
    made = Try(uuid7(), device_id, person, stored, TRIES - wrong - 1)
    if by_pin:
        _note(made, actor, succeeded=False)
        if made.left == 0:
            audit.record(actor, "staff_pin.last_try", "user", user_id, device=str(device_id))
    return made


def judge(made: Try, pin: str) -> None:
    """Look at the PIN of a counted try; raise `WrongPin`, or `PinShut` when it was the last."""
    if staff_pins.matches(made.pin_hash, pin):
        return
    if made.left:
        raise WrongPin(left=made.left, user_id=str(made.person.user_id))
    raise PinShut(user_id=str(made.person.user_id))


def confirm(made: Try, actor: Actor, *, by_pin: bool) -> None:
    """Note that a try was right: wrong ones before it no longer count."""
    if not by_pin:
        _note(made, actor, succeeded=True)
        return
    db.session.execute(
        update(PinTry)
        .where(PinTry.centre_id == actor.centre_id, PinTry.id == made.id)
        .values(succeeded=True)
        .execution_options(synchronize_session=False)
    )


def switch_by_pin(made: Try, old_token: str, browser: Browser, actor: Actor) -> str:
    """Hand the till on to somebody; return the new session's token.

    Raises SignInRequired when the present session has ended.
    """
    confirm(made, actor, by_pin=True)
    audit.record(
        actor,
        "till.handed_over",
        "user",
        made.person.user_id,
        device=str(made.device_id),
        name=made.person.name,
    )
    return sessions.take_over(made.person.user_id, actor.centre_id, old_token, browser)


def switch_by_password(made: Try, who: sessions.Recognised, browser: Browser, actor: Actor) -> str:
    """Sign somebody in at the till with the password, which opens a shut PIN again."""
    confirm(made, actor, by_pin=False)
    audit.record(
        actor,
        "till.handed_over",
        "user",
        made.person.user_id,
        device=str(made.device_id),
        name=made.person.name,
    )
    return sessions.open_session(who, browser)


def right_password(made: Try, attempt: Attempt, actor: Actor) -> None:
    """Note that a password, judged for an override, was right."""
    sessions.was_right(attempt)
    confirm(made, actor, by_pin=False)


def shut(centre_id: int, device_id: UUID, user_ids: set[UUID]) -> set[UUID]:
    """Return whose PIN is shut on a device."""
    return {one for one in user_ids if _wrong_in_a_row(centre_id, device_id, one) >= TRIES}


def _wrong_in_a_row(centre_id: int, device_id: UUID, user_id: UUID) -> int:
    latest = db.session.scalars(
        select(PinTry.succeeded)
        .where(
            PinTry.centre_id == centre_id,
            PinTry.device_id == device_id,
            PinTry.user_id == user_id,
        )
        .order_by(PinTry.id.desc())
        .limit(TRIES)
    ).all()
    wrong = 0
    for succeeded in latest:
        if succeeded:
            break
        wrong += 1
    return wrong


def _note(made: Try, actor: Actor, *, succeeded: bool) -> None:
    db.session.execute(
        insert(PinTry).values(
            centre_id=actor.centre_id,
            id=made.id,
            device_id=made.device_id,
            user_id=made.person.user_id,
            at=clock.now(),
            succeeded=succeeded,
        )
    )
