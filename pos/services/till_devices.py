"""Browsers a manager made a till's own: only there do PINs and overrides work.

What must stay true: the key is seen once, by the browser that gets it in a cookie no script reads;
here stands its SHA-256. A device belongs to one till of one centre until it is taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import N_, DomainError, NotFound
from core.ids import new_secret, uuid7
from members.services import access, users
from pos.models import Till, TillDevice
from pos.services import tills

COOKIE = "sunruam_till"
"""What the cookie with the key is called."""


class NotEnrolled(DomainError):
    """This browser is no till's own (or was taken away), so no PIN works on it."""

    code, status, title = "till-not-enrolled", 409, N_("This machine is not set up for PINs")
    detail = N_("A manager signs in on it with the password and sets it up under “The till”.")


@dataclass(frozen=True, slots=True)
class Device:
    """A machine of a till; `revoked_at` once it was taken away."""

    id: UUID
    till_id: UUID
    till_code: str
    name: str
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None


def enrol(till_id: UUID, name: str, actor: Actor) -> tuple[UUID, str]:
    """Make the browser at hand a till's own; return its id and its key, seen this once."""
    access.require(actor, "till_device.manage")
    till = tills.get(actor.centre_id, till_id)
    device_id, key = uuid7(), new_secret()
    db.session.execute(
        insert(TillDevice).values(
            centre_id=actor.centre_id,
            id=device_id,
            till_id=till_id,
            name=name.strip() or till.name,
            token_hash=access.token_hash(key),
            enrolled_at=clock.now(),
            enrolled_by=actor.user_id,
        )
    )
    audit.record(actor, "till_device.enrolled", "till_device", device_id, till=till.code)
    return device_id, key


def revoke(device_id: UUID, actor: Actor) -> None:
    """Take a device away; at once no PIN works on it. Again changes nothing. Raises NotFound."""
    access.require(actor, "till_device.manage")
    known = (TillDevice.centre_id == actor.centre_id, TillDevice.id == device_id)
    if db.session.scalar(select(TillDevice.id).where(*known)) is None:
        raise NotFound(what="till_device")
    done = db.session.execute(
        update(TillDevice)
        .where(*known, TillDevice.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_by=actor.user_id)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        audit.record(actor, "till_device.revoked", "till_device", device_id)


def listing(actor: Actor) -> list[Device]:
    """Return the centre's devices, those in use first."""
    access.require(actor, "settings.read")
    rows = db.session.execute(
        select(TillDevice, Till.code)
        .join(Till, (Till.centre_id == TillDevice.centre_id) & (Till.id == TillDevice.till_id))
        .where(TillDevice.centre_id == actor.centre_id)
        .order_by(TillDevice.revoked_at.is_not(None), Till.code, TillDevice.id)
        .limit(200)
    ).all()
    names = users.names({row.TillDevice.enrolled_by for row in rows if row.TillDevice.enrolled_by})
    return [
        Device(
            device.id,
            device.till_id,
            code,
            device.name,
            device.enrolled_at,
            names.get(device.enrolled_by, "") if device.enrolled_by else "",
            device.revoked_at,
        )
        for device, code in rows
    ]


def at(centre_id: int, till_id: UUID, key: str | None) -> UUID:
    """Return the device a key belongs to, at its own till; raise `NotEnrolled`."""
    if key:
        found = db.session.scalar(
            select(TillDevice.id).where(
                TillDevice.centre_id == centre_id,
                TillDevice.till_id == till_id,
                TillDevice.token_hash == access.token_hash(key),
                TillDevice.revoked_at.is_(None),
            )
        )
        if found is not None:
            return found
    raise NotEnrolled


def known(centre_id: int, key: str | None) -> UUID | None:
    """Return the till this browser belongs to, if it is one's own."""
    if not key:
        return None
    return db.session.scalar(
        select(TillDevice.till_id).where(
            TillDevice.centre_id == centre_id,
            TillDevice.token_hash == access.token_hash(key),
            TillDevice.revoked_at.is_(None),
        )
    )
