"""Reference prices: entered with their source and day, withdrawn when wrong, never changed.

What must stay true: a price without a place and a source is not taken; the same id with the same
words changes nothing; what is withdrawn counts nowhere and can still be read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, or_, select

from core import audit, clock
from core.actor import Actor
from core.db import db, insert_rows
from core.errors import N_, DifferentContent, DomainError, NotFound
from core.paging import Page, Window, page_of
from inventory.models import Product, ReferencePrice, ReferencePriceWithdrawal
from inventory.rules.reference_prices import Reference, ReferenceBook
from inventory.services import catalogue
from members.services import access

ASKED_MAX = 500


class ReferenceDiffers(DifferentContent):
    """The price's id came again with other words; the first ones stand."""

    code, title = "reference-differs", N_("This reference price was already entered otherwise")
    detail = N_("The first one is kept. Withdraw it if it is wrong, and enter a new one.")


class ReferenceInFuture(DomainError):
    """A price nobody can have seen yet."""

    code, status, title = "reference-in-future", 422, N_("This day has not come yet")
    detail = N_("A reference price is of the day it was seen: today or earlier.")


class SpreadDisordered(DomainError):
    """Low, price and high do not stand in this order."""

    code, status, title = "spread-disordered", 422, N_("The spread is not around the price")
    detail = N_("The lowest price is at most the price, and the highest at least the price.")


class ReferenceWithdrawn(DomainError):
    """The price was withdrawn before; that stands."""

    code, status, title = "reference-withdrawn", 409, N_("This price was withdrawn before")
    detail = N_("Enter the right price anew; what was withdrawn stays to be read.")


@dataclass(frozen=True, slots=True)
class EnterReference:
    """A price seen somewhere on a day; without low and high there was one price only."""

    id: UUID
    product_id: UUID
    kind: str
    price_satang: int
    valid_from: date
    place: str
    source: str
    low_satang: int | None = None
    high_satang: int | None = None
    note: str = ""

    @property
    def spread(self) -> tuple[int, int]:
        low = self.price_satang if self.low_satang is None else self.low_satang
        high = self.price_satang if self.high_satang is None else self.high_satang
        return low, high


@dataclass(frozen=True, slots=True)
class WithdrawReference:
    """Say that a price was wrong."""

    price_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReferenceCard:
    """A price as it is read; `withdrawn_reason` is empty while it counts."""

    id: UUID
    product_id: UUID
    code: str
    name_th: str
    name_en: str
    unit: str
    kind: str
    price_satang: int
    low_satang: int
    high_satang: int
    valid_from: date
    place: str
    source: str
    note: str
    entered_name: str
    entered_at: datetime
    withdrawn_reason: str
    withdrawn_name: str


def enter(command: EnterReference, actor: Actor) -> ReferenceCard:
    """Enter a price; the same command again changes nothing.

    Raises ReferenceDiffers, ReferenceInFuture, SpreadDisordered, NotFound, Forbidden.
    """
    access.require(actor, "reference_price.change")
    values = _values(command, actor)
    earlier = db.session.get(ReferencePrice, (actor.centre_id, command.id))
    if earlier is not None:
        said = [one.name for one in fields(command) if one.name in values]
        differs = [name for name in said if getattr(earlier, name) != values[name]]
        if differs:
            raise ReferenceDiffers(differs=differs)
        return get(command.id, actor)
    require_sound(command)
    catalogue.get_doc(actor.centre_id, command.product_id)
    db.session.execute(insert(ReferencePrice).values(**values))
    return get(command.id, actor)


def enter_many(commands: Collection[EnterReference], actor: Actor) -> int:
    """Enter sound prices of known goods at once; return how many were new."""
    access.require(actor, "reference_price.change")
    there = known(actor.centre_id, [one.id for one in commands])
    new = {one.id: one for one in commands if one.id not in there}
    for one in new.values():
        require_sound(one)
    rows = [_values(one, actor) for one in new.values()]
    if rows:
        insert_rows(ReferencePrice, rows)
        audit.record(actor, "reference_price.brought", "centre", actor.centre_id, lines=len(rows))
    return len(rows)


def known(centre_id: int, ids: Collection[UUID]) -> set[UUID]:
    """Return which of some prices are there already, withdrawn or not."""
    wanted = list(ids)
    found: set[UUID] = set()
    for start in range(0, len(wanted), ASKED_MAX):
        some = wanted[start : start + ASKED_MAX]
        query = select(ReferencePrice.id).where(
            ReferencePrice.centre_id == centre_id, ReferencePrice.id.in_(some)
        )
        found.update(db.session.scalars(query))
    return found


def require_sound(command: EnterReference) -> None:
    """Raise ReferenceInFuture or SpreadDisordered."""
    if command.valid_from > clock.today():
        raise ReferenceInFuture(field="valid_from")
    low, high = command.spread
    if not 0 < low <= command.price_satang <= high:
        raise SpreadDisordered(field="low")


def withdraw(command: WithdrawReference, actor: Actor) -> ReferenceCard:
    """Say that a price was wrong. Raises ReferenceWithdrawn, NotFound, Forbidden."""
    access.require(actor, "reference_price.change")
    found = get(command.price_id, actor)
    if found.withdrawn_reason:
        if found.withdrawn_reason == command.reason:
            return found
        raise ReferenceWithdrawn
    db.session.execute(
        insert(ReferencePriceWithdrawal).values(
            centre_id=actor.centre_id,
            price_id=command.price_id,
            reason=command.reason,
            withdrawn_by=actor.user_id,
            withdrawn_name=actor.name,
            withdrawn_at=clock.now(),
        )
    )
    audit.record(
        actor,
        "reference_price.withdrawn",
        "reference_price",
        command.price_id,
        reason=command.reason,
    )
    return get(command.price_id, actor)


def get(price_id: UUID, actor: Actor) -> ReferenceCard:
    """Return a price of the actor's centre. Raises NotFound, Forbidden."""
    access.require(actor, "reference_price.read")
    query = _cards(actor.centre_id).where(ReferencePrice.id == price_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound(what="reference_price")
    return ReferenceCard(*row)


def listing(
    actor: Actor, window: Window, *, product_id: UUID | None = None, kind: str = ""
) -> Page[ReferenceCard]:
    """Return prices, those of the latest day first."""
    access.require(actor, "reference_price.read")
    query = _cards(actor.centre_id)
    if product_id is not None:
        query = query.where(ReferencePrice.product_id == product_id)
    if kind:
        query = query.where(ReferencePrice.kind == kind)
    if window.after is not None:
        day, price_id = _place(window.after)
        query = query.where(
            or_(
                ReferencePrice.valid_from < day,
                and_(ReferencePrice.valid_from == day, ReferencePrice.id < price_id),
            )
        )
    query = query.order_by(ReferencePrice.valid_from.desc(), ReferencePrice.id.desc())
    rows = db.session.execute(query.limit(window.limit + 1))
    cards = [ReferenceCard(*row) for row in rows]
    return page_of(cards, window, key=lambda card: f"{card.valid_from.isoformat()}~{card.id}")


def book(centre_id: int, last: date, holds_days: int) -> ReferenceBook:
    """Return the prices that may hold on days up to `last`."""
    query = (
        select(
            ReferencePrice.id,
            ReferencePrice.product_id,
            ReferencePrice.kind,
            ReferencePrice.price_satang,
            ReferencePrice.low_satang,
            ReferencePrice.high_satang,
            ReferencePrice.valid_from,
            ReferencePrice.place,
            ReferencePrice.source,
        )
        .outerjoin(ReferencePriceWithdrawal, _WITHDRAWAL)
        .where(
            ReferencePrice.centre_id == centre_id,
            ReferencePrice.valid_from <= last,
            ReferencePriceWithdrawal.price_id.is_(None),
        )
        .order_by(ReferencePrice.entered_at, ReferencePrice.id)
    )
    return ReferenceBook((Reference(*row) for row in db.session.execute(query)), holds_days)


_WITHDRAWAL = and_(
    ReferencePriceWithdrawal.centre_id == ReferencePrice.centre_id,
    ReferencePriceWithdrawal.price_id == ReferencePrice.id,
)


def _cards(centre_id: int) -> access.AnySelect:
    return (
        select(
            ReferencePrice.id,
            ReferencePrice.product_id,
            Product.code,
            Product.name_th,
            Product.name_en,
            Product.unit,
            ReferencePrice.kind,
            ReferencePrice.price_satang,
            ReferencePrice.low_satang,
            ReferencePrice.high_satang,
            ReferencePrice.valid_from,
            ReferencePrice.place,
            ReferencePrice.source,
            ReferencePrice.note,
            ReferencePrice.entered_name,
            ReferencePrice.entered_at,
            func.coalesce(ReferencePriceWithdrawal.reason, ""),
            func.coalesce(ReferencePriceWithdrawal.withdrawn_name, ""),
        )
        .join(
            Product,
            and_(
                Product.centre_id == ReferencePrice.centre_id,
                Product.id == ReferencePrice.product_id,
            ),
        )
        .outerjoin(ReferencePriceWithdrawal, _WITHDRAWAL)
        .where(ReferencePrice.centre_id == centre_id)
    )


def _values(command: EnterReference, actor: Actor) -> dict[str, Any]:
    low, high = command.spread
    return {
        "centre_id": actor.centre_id,
        "id": command.id,
        "product_id": command.product_id,
        "kind": command.kind,
        "price_satang": command.price_satang,
        "low_satang": low,
        "high_satang": high,
        "valid_from": command.valid_from,
        "place": command.place,
        "source": command.source,
        "note": command.note,
        "entered_by": actor.user_id,
        "entered_name": actor.name,
        "entered_at": clock.now(),
    }


def _place(after: str) -> tuple[date, UUID]:
    day, _, price_id = after.partition("~")
    try:
        return date.fromisoformat(day), UUID(price_id)
    except ValueError:
        raise NotFound(what="page") from None
