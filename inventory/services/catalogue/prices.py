"""The history of prices: what each was and became, when, by whom, through which door.

What must stay true: every change of a price adds its row in the same transaction; none is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, false, func, select

from core import clock
from core.actor import Actor
from core.db import db, insert_rows
from core.ids import uuid7, uuid_or_none
from core.paging import Page, Window, page_of
from core.sought import NOTHING, Sought, matching
from inventory.models import PriceChange, PriceTier
from members.services import access


@dataclass(frozen=True, slots=True)
class Changed:
    """A price that became another; None before the first, None after the last."""

    product_id: UUID
    label: str
    before_satang: int | None
    after_satang: int | None
    unit_id: UUID | None = None
    tier_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line of the history as people read it."""

    id: UUID
    product_id: UUID
    unit_id: UUID | None
    tier_id: UUID | None
    label: str
    before_satang: int | None
    after_satang: int | None
    at: datetime
    by_name: str
    source: str
    members_only: bool = False
    """The price is, or was, one for members."""


def record(changes: Sequence[Changed], actor: Actor, source: str) -> None:
    """Add to the history, one statement for all."""
    now = clock.now()
    insert_rows(
        PriceChange,
        [
            {
                "centre_id": actor.centre_id,
                "id": uuid7(),
                "product_id": one.product_id,
                "unit_id": one.unit_id,
                "tier_id": one.tier_id,
                "label": one.label,
                "before_satang": one.before_satang,
                "after_satang": one.after_satang,
                "at": now,
                "changed_by": actor.user_id,
                "by_name": actor.name,
                "source": source,
            }
            for one in changes
        ],
    )


def history(
    product_id: UUID, actor: Actor, window: Window, sought: Sought = NOTHING
) -> Page[PriceRow]:
    """Return the changes of a product's prices, the newest first."""
    access.require(actor, "product.read")
    of_tier = and_(
        PriceTier.centre_id == PriceChange.centre_id, PriceTier.id == PriceChange.tier_id
    )
    query = (
        select(PriceChange, func.coalesce(PriceTier.members_only, false()))
        .outerjoin(PriceTier, of_tier)
        .where(
            PriceChange.centre_id == actor.centre_id,
            PriceChange.product_id == product_id,
            *matching(sought, day=PriceChange.at, text=(PriceChange.label, PriceChange.by_name)),
        )
    )
    after = uuid_or_none(window.after)
    if after is not None:
        query = query.where(PriceChange.id < after)
    rows = [
        _row(change, bool(members_only))
        for change, members_only in db.session.execute(
            query.order_by(PriceChange.id.desc()).limit(window.limit + 1)
        )
    ]
    return page_of(rows, window, lambda row: str(row.id))


def of_own_unit(product_id: UUID, actor: Actor) -> list[tuple[datetime, int]]:
    """Return the moments the product's own price changed, oldest first, and what it became."""
    access.require(actor, "product.read")
    found = db.session.execute(
        select(PriceChange.at, PriceChange.after_satang)
        .where(
            PriceChange.centre_id == actor.centre_id,
            PriceChange.product_id == product_id,
            PriceChange.unit_id.is_(None),
            PriceChange.tier_id.is_(None),
        )
        .order_by(PriceChange.id)
    )
    return [(at, satang) for at, satang in found if satang is not None]


def _row(row: PriceChange, members_only: bool) -> PriceRow:
    own = [field.name for field in fields(PriceRow) if field.name != "members_only"]
    return PriceRow(**{name: getattr(row, name) for name in own}, members_only=members_only)
