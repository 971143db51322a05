"""What is owed to producers and sellers by its age, worked out from documents at any day.

What must stay true: what is paid settles the oldest first, so what is left is of the youngest
deliveries and sales; a producer's parts by age add up to what stands on the accounts 2110, 2120
and 2130. Who owes us is not listed. One statement, whatever the number of sales.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.sql import Subquery

from accounting.services import sub_ledgers
from core.actor import Actor
from core.db import db, sum_int
from core.ids import uuid_or_none
from core.paging import Page, Window, page_of
from inventory.services import control_accounts
from inventory.services.control_accounts import CONSIGNMENT, OUTRIGHT, UNCLAIMED
from members.services import access, producers
from members.services.producers import ProducerCard

OWED = (OUTRIGHT, CONSIGNMENT, UNCLAIMED)
EDGES = (30, 60, 90)
"""The last day, in days of age, of each part but the oldest."""


@dataclass(frozen=True, slots=True)
class Ages:
    """An amount by how many days it has stood, in satang."""

    to_30_satang: int = 0
    to_60_satang: int = 0
    to_90_satang: int = 0
    older_satang: int = 0

    @property
    def total_satang(self) -> int:
        """All of it."""
        return self.to_30_satang + self.to_60_satang + self.to_90_satang + self.older_satang


@dataclass(frozen=True, slots=True)
class AgedPayable:
    """What one producer is owed, since when, and by age."""

    producer: ProducerCard
    oldest: date
    ages: Ages


@dataclass(frozen=True, slots=True)
class AgedPage:
    """A page of payables, and what all of them come to."""

    page: Page[AgedPayable]
    ages: Ages
    count: int


def listing(actor: Actor, on: date, window: Window) -> AgedPage:
    """Return who is owed at the end of a day, the longest waiting first; raises Forbidden."""
    access.require(actor, "payout.read")
    return _listing(actor.centre_id, on, window.after, window)


def everybody(actor: Actor, on: date) -> tuple[AgedPayable, ...]:
    """Return all of them, for a file; raises Forbidden."""
    access.require(actor, "payout.read")
    return _listing(actor.centre_id, on, None, None).page.items


def owed(centre_id: int, on: date) -> Ages:
    """Return what is owed to all of them at the end of a day, by age."""
    return _listing(centre_id, on, None, None).ages


def older_than(centre_id: int, on: date, days: int) -> tuple[int, int]:
    """Return how many producers have waited longer than so many days, and for how much.

    The close asks this of a whole centre, so it reads the accounts, not every document.
    """
    edge = on - timedelta(days=days + 1)
    left: dict[UUID, int] = {}
    for control in OWED:
        standing = sub_ledgers.standing_since(centre_id, control.purpose, control.party, edge, on)
        for party_id, satang in standing.items():
            left[party_id] = left.get(party_id, 0) + satang
    return len(left), sum(left.values())


def _listing(centre_id: int, on: date, after: str | None, window: Window | None) -> AgedPage:
    found = _by_producer(_left(centre_id, on), on)
    everyone = [func.count().over(), *(_over_all(found.c[name]) for name in _AGES)]
    whole = select(*found.c, *(one.label(f"all_{n}") for n, one in enumerate(everyone))).subquery()
    query = select(whole).order_by(whole.c.oldest, whole.c.party_id)
    if after is not None and (place := _place(after)):
        oldest, party_id = place
        query = query.where(
            or_(
                whole.c.oldest > oldest,
                and_(whole.c.oldest == oldest, whole.c.party_id > party_id),
            )
        )
    if window is not None:
        query = query.limit(window.limit + 1)
    rows = db.session.execute(query).all()
    cards = producers.names(centre_id, {row.party_id for row in rows})
    items = [AgedPayable(cards[row.party_id], row.oldest, Ages(*row[2:6])) for row in rows]
    page = (
        Page(tuple(items))
        if window is None
        else page_of(items, window, lambda one: f"{one.oldest.isoformat()}_{one.producer.id}")
    )
    return AgedPage(page, Ages(*rows[0][7:11]) if rows else Ages(), rows[0][6] if rows else 0)


def _place(after: str) -> tuple[date, UUID] | None:
    """Read where the last page ended; None when it is not one of ours."""
    day, _, party = after.partition("_")
    party_id = uuid_or_none(party)
    try:
        return (date.fromisoformat(day), party_id) if party_id else None
    except ValueError:
        return None


# --- the statement ---------------------------------------------------------------------------

_AGES = ("to_30", "to_60", "to_90", "older")


def _left(centre_id: int, on: date) -> Subquery:
    """Select what is left unpaid of each producer's day: party_id, counted_on, satang."""
    parts: list[Any] = []
    for control in OWED:
        for effect in control_accounts.counted(centre_id, control, on):
            columns: tuple[Any, ...] = (effect.c.party_id, effect.c.counted_on, effect.c.satang)
            parts.append(select(literal(control.key).label("account"), *columns))
    every = union_all(*parts).subquery()
    owed = sum_int(case((every.c.satang < 0, -every.c.satang), else_=0))
    day = (
        select(
            every.c.account,
            every.c.party_id,
            every.c.counted_on,
            owed.label("owed"),
            sum_int(-every.c.satang).label("net"),
        )
        .where(every.c.party_id.is_not(None))
        .group_by(every.c.account, every.c.party_id, every.c.counted_on)
        .subquery()
    )
    whose = (day.c.account, day.c.party_id)
    since = func.sum(day.c.owed).over(partition_by=whose, order_by=day.c.counted_on.desc())
    balance = func.sum(day.c.net).over(partition_by=whose)
    run = select(
        day.c.party_id,
        day.c.counted_on,
        day.c.owed,
        # What the balance reaches back to this day, all younger days having been counted.
        (cast(balance, BigInteger) - cast(since, BigInteger) + day.c.owed).label("reach"),
    ).subquery()
    part = case((run.c.reach < run.c.owed, run.c.reach), else_=run.c.owed)
    return (
        select(run.c.party_id, run.c.counted_on, part.label("satang"))
        .where(run.c.owed > 0, run.c.reach > 0)
        .subquery()
    )


def _by_producer(left: Subquery, on: date) -> Subquery:
    """Select party_id, oldest and the four parts by age, a row a producer."""
    first, second, third = (on - timedelta(days=edge) for edge in EDGES)
    spans = (
        left.c.counted_on >= first,
        and_(left.c.counted_on < first, left.c.counted_on >= second),
        and_(left.c.counted_on < second, left.c.counted_on >= third),
        left.c.counted_on < third,
    )
    parts = (
        sum_int(case((span, left.c.satang), else_=0)).label(name)
        for span, name in zip(spans, _AGES, strict=True)
    )
    return (
        select(left.c.party_id, func.min(left.c.counted_on).label("oldest"), *parts)
        .group_by(left.c.party_id)
        .subquery()
    )


def _over_all(column: Any) -> Any:
    return cast(func.sum(column).over(), BigInteger)
