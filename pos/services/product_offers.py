"""Promotions as the room below asks: of a product, of a category, at a producer's expense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select

from core import clock
from core.actor import Actor
from core.db import db
from inventory.services import catalogue
from inventory.services.catalogue.running_offers import OfferLine
from members.rules.roles import allowed
from members.services import users
from pos.models import DiscountReason, Promotion
from pos.rules.offers import Offer, covers, off_of
from pos.services.promotions import state_of

SHOWN = 20


def of_product(product_id: UUID, actor: Actor) -> list[OfferLine]:
    """Return the newest promotions that are about a product; none for who may not see them."""
    if not allowed(actor.roles, "promotion.read"):
        return []
    product = catalogue.get_doc(actor.centre_id, product_id)
    rows = db.session.scalars(
        select(Promotion)
        .where(
            Promotion.centre_id == actor.centre_id,
            or_(
                Promotion.product_id == product_id,
                Promotion.product_id.is_(None) & Promotion.category.in_(["", product.category]),
            ),
        )
        .order_by(Promotion.id.desc())
        .limit(SHOWN)
    ).all()
    people = users.names({row.created_by for row in rows if row.created_by})
    return [
        OfferLine(
            id=row.id,
            name_th=row.name_th,
            name_en=row.name_en,
            members_only=row.members_only,
            price_satang=product.price_satang - off_of(_offer(row), product.price_satang),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            state=state_of(row, clock.today()),
            by_name=people.get(row.created_by, "") if row.created_by else "",
        )
        for row in rows
    ]


def naming(centre_id: int, category: str) -> Iterator[str]:
    """Yield the names of promotions of a category that run or will."""
    for row in db.session.scalars(
        select(Promotion).where(Promotion.centre_id == centre_id, Promotion.category == category)
    ):
        if state_of(row, clock.today()) in ("running", "coming"):
            yield row.name_th


def at_producers_expense(actor: Actor, since_of: Mapping[UUID, date], until: date) -> Iterator[str]:
    """Yield somebody's promotions that a producer bears, begun while goods of theirs are settled.

    `since_of` is the first day settled of each product.
    """
    rows = db.session.scalars(
        select(Promotion)
        .join(
            DiscountReason,
            and_(
                DiscountReason.centre_id == Promotion.centre_id,
                DiscountReason.id == Promotion.reason_id,
            ),
        )
        .where(
            Promotion.centre_id == actor.centre_id,
            Promotion.created_by == actor.user_id,
            Promotion.valid_from.between(min(since_of.values()), until),
            DiscountReason.bearer != "centre",
        )
    ).all()
    goods = catalogue.names(actor.centre_id, since_of) if rows else {}
    for row in rows:
        if any(
            row.valid_from >= since_of[product_id]
            and covers(_offer(row), product_id, product.category)
            for product_id, product in goods.items()
        ):
            yield f"{row.name_th} {row.valid_from.isoformat()}"


def _offer(row: Promotion) -> Offer:
    return Offer(
        id=row.id,
        product_id=row.product_id,
        category=row.category,
        members_only=row.members_only,
        kind=row.kind,
        value=row.value,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
