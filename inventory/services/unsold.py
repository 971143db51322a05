"""What lies here and does not sell, with what the rule of its category says about it today.

What must stay true: what is shown is the level rows a sale locks; a list decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, select

from core import clock
from core.actor import Actor
from core.db import db, sum_int
from core.quantity import price_of
from inventory.models import Location, Lot, Product, StockLevel
from inventory.rules import terms
from inventory.rules.unsold import STAGES, Rule, Standing, bearer_of, standing_of
from inventory.services import goods_rules
from inventory.services.holds import HOLD
from inventory.services.lots import LotCard
from members.services import access, producers


@dataclass(frozen=True, slots=True)
class UnsoldRow:
    """A lot that lies here, whose it is, what it is worth and how it stands."""

    lot_id: UUID
    lot_no: str
    product_id: UUID
    name_th: str
    name_en: str
    unit: str
    category: str
    producer_id: UUID
    producer_name: str
    ownership: str
    on_hand_milli: int
    held_milli: int
    price_satang: int
    value_satang: int
    """Own goods: their book value; consigned ones: the producer's part at today's price."""
    received_on: date
    expires_on: date | None
    standing: Standing


def listing(actor: Actor, stage: str | None = None) -> list[UnsoldRow]:
    """Return the lots that need a decision, or all of one stage; the gravest, most urgent first."""
    access.require(actor, "unsold.read")
    rows = _rows(actor.centre_id)
    return [
        row
        for row in rows
        if (row.standing.stage == stage if stage else row.standing.stage != "fresh")
    ]


def due_markdowns(actor: Actor) -> list[UnsoldRow]:
    """Return the lots whose schedule says that they should be sold cheaper by now.

    What is held is not for sale, so there is nothing to sell cheaper.
    """
    access.require(actor, "unsold.read")
    return [
        row
        for row in _rows(actor.centre_id)
        if row.standing.step is not None and row.on_hand_milli > row.held_milli
    ]


def counts(rows: Sequence[UnsoldRow]) -> Mapping[str, int]:
    """Return how many lots are in each stage."""
    return {stage: sum(row.standing.stage == stage for row in rows) for stage in STAGES}


def rule_bearer(centre_id: int, lot: LotCard, category: str) -> str | None:
    """Return who bears a loss of a lot today by the rule of its category; None without one."""
    rule = goods_rules.rule_for(centre_id, category)
    return bearer_of(rule, clock.business_date(lot.received_at), clock.today(), lot.ownership)


def _rows(centre_id: int) -> list[UnsoldRow]:
    found = db.session.execute(_lying(centre_id)).all()
    names = producers.names(centre_id, {row.producer_id for row in found})
    rules = goods_rules.rules_of(centre_id)
    today = clock.today()
    rows = [
        _row(row, goods_rules.chosen(rules, row.category), names[row.producer_id].name, today)
        for row in found
    ]
    return sorted(rows, key=_urgency)


def _row(row: Any, rule: Rule, producer_name: str, today: date) -> UnsoldRow:
    received_on = clock.business_date(row.received_at)
    value = row.value
    if row.split_basis_points is not None:
        base = price_of(row.quantity, row.price_satang)
        agreed = terms.terms_of(row.terms, row.split_basis_points)
        value = agreed.outcome(base, row.quantity).share_satang
    return UnsoldRow(
        lot_id=row.id,
        lot_no=row.lot_no,
        product_id=row.product_id,
        name_th=row.name_th,
        name_en=row.name_en,
        unit=row.unit,
        category=row.category,
        producer_id=row.producer_id,
        producer_name=producer_name,
        ownership=row.ownership,
        on_hand_milli=row.quantity,
        held_milli=row.held,
        price_satang=row.price_satang,
        value_satang=value,
        received_on=received_on,
        expires_on=row.expires_on,
        standing=standing_of(rule, received_on, row.expires_on, row.ownership, today),
    )


def _urgency(row: UnsoldRow) -> tuple[int, int, str]:
    left = [days for days in (row.standing.expiry_days, row.standing.term_days) if days is not None]
    return STAGES.index(row.standing.stage), min(left, default=0), row.lot_no


def _lying(centre_id: int) -> Any:
    """Select lots with something left: goods sold below zero are not goods that lie here."""
    quantity: Any = StockLevel.quantity_milli
    levels = (
        select(
            StockLevel.lot_id,
            sum_int(quantity).label("quantity"),
            sum_int(case((Location.code == HOLD, quantity), else_=0)).label("held"),
            sum_int(StockLevel.value_satang).label("value"),
        )
        .join(
            Location,
            and_(Location.centre_id == StockLevel.centre_id, Location.id == StockLevel.location_id),
        )
        .where(StockLevel.centre_id == centre_id, quantity > 0)
        .group_by(StockLevel.lot_id)
        .subquery()
    )
    return (
        select(
            Lot.id,
            Lot.lot_no,
            Lot.product_id,
            Lot.producer_id,
            Lot.ownership,
            Lot.split_basis_points,
            Lot.terms,
            Lot.expires_on,
            Lot.received_at,
            Product.name_th,
            Product.name_en,
            Product.unit,
            Product.category,
            Product.price_satang,
            levels.c.quantity,
            levels.c.held,
            levels.c.value,
        )
        .join(levels, levels.c.lot_id == Lot.id)
        .join(Product, and_(Product.centre_id == Lot.centre_id, Product.id == Lot.product_id))
        .where(Lot.centre_id == centre_id)
    )
