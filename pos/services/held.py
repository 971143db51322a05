"""Baskets put aside: notes for a cashier, no document, no stock, no money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from core import clock
from core.actor import Actor
from core.db import db, serialise_on
from core.errors import N_, DomainError, NotFound
from members.services import access, users
from pos.models import HeldSale
from pos.services import tills

HELD_MAX = 100


class TooManyHeld(DomainError):
    """The shelf of held baskets is full; they are notes, not a store."""

    code, status, title = "too-many-held", 409, N_("Too many baskets are on hold")
    detail = N_("Recall or remove some, then hold this one.")


@dataclass(frozen=True, slots=True)
class HoldSale:
    """Put a basket aside; `content` is the counter's own picture of it."""

    id: UUID
    till_id: UUID
    label: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HeldDoc:
    """A basket put aside."""

    id: UUID
    till_id: UUID
    label: str
    content: dict[str, Any]
    held_at: datetime
    held_by: str


def keep(command: HoldSale, actor: Actor) -> HeldDoc:
    """Keep a basket; the same id again keeps the first. Raises TooManyHeld, NotFound."""
    access.require(actor, "hold.keep")
    tills.get(actor.centre_id, command.till_id)
    serialise_on(command.id)
    held = listing(actor, command.till_id)
    for one in held:
        if one.id == command.id:
            return one
    if _count(actor.centre_id) >= HELD_MAX:
        raise TooManyHeld
    db.session.execute(
        insert(HeldSale).values(
            centre_id=actor.centre_id,
            id=command.id,
            till_id=command.till_id,
            label=command.label,
            content=command.content,
            held_at=clock.now(),
            held_by=actor.user_id,
        )
    )
    return next(one for one in listing(actor, command.till_id) if one.id == command.id)


def listing(actor: Actor, till_id: UUID | None = None) -> list[HeldDoc]:
    """Return held baskets, oldest first, of one till or of all."""
    access.require(actor, "hold.keep")
    return _shelf(actor.centre_id, till_id)


def look_at(held_id: UUID, actor: Actor) -> HeldDoc:
    """Return a basket on hold without taking it off the shelf. Raises Forbidden, NotFound."""
    access.require(actor, "cashier_figures.read")
    for one in _shelf(actor.centre_id, None):
        if one.id == held_id:
            return one
    raise NotFound(what="held_sale")


def recall(held_id: UUID, actor: Actor) -> HeldDoc:
    """Take a basket back off the shelf and return it; raises NotFound when someone else did."""
    access.require(actor, "hold.keep")
    for one in listing(actor):
        if one.id == held_id:
            gone = db.session.execute(
                delete(HeldSale)
                .where(HeldSale.centre_id == actor.centre_id, HeldSale.id == held_id)
                .execution_options(synchronize_session=False)
            )
            if gone.rowcount:  # type: ignore[attr-defined]
                return one
    raise NotFound(what="held_sale")


def _shelf(centre_id: int, till_id: UUID | None) -> list[HeldDoc]:
    query = select(HeldSale).where(HeldSale.centre_id == centre_id).order_by(HeldSale.id)
    if till_id is not None:
        query = query.where(HeldSale.till_id == till_id)
    rows = list(db.session.scalars(query))
    names = users.names({row.held_by for row in rows if row.held_by is not None})
    return [
        HeldDoc(
            row.id,
            row.till_id,
            row.label,
            row.content,
            row.held_at,
            names.get(row.held_by, "") if row.held_by else "",
        )
        for row in rows
    ]


def _count(centre_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(HeldSale).where(HeldSale.centre_id == centre_id)
        )
        or 0
    )
