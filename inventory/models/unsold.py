"""Tables of goods that do not sell: the rule of each category, what was decided, held lots.

A rule is a row that changes, each change in the trail; what is decided is a document and stays.
A lot's own row never changes: its grade today is that of its last event.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of

DONATION_BEARERS = ("centre", "producer", "fund")
LOT_EVENTS = ("held", "regraded", "released")


class GoodsRule(Base):
    """How goods of a category are treated when they do not sell; category '' is all the others."""

    __tablename__ = "goods_rule"
    __table_args__ = (
        CheckConstraint("centre_bears_days BETWEEN 0 AND 3650", name="centre_bears_days_sane"),
        CheckConstraint("consignment_days BETWEEN 0 AND 3650", name="consignment_days_sane"),
        CheckConstraint("near_expiry_days BETWEEN 0 AND 365", name="near_expiry_days_sane"),
        CheckConstraint("weight_loss_basis_points BETWEEN 0 AND 10000", name="weight_loss_part"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(60), primary_key=True)
    centre_bears_days: Mapped[int | None] = mapped_column(Integer)
    """A loss up to so many days after intake is the centre's, later the producer's; None: no rule,
    decided case by case."""
    consignment_days: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    """How long consigned goods may stay; 0 is without limit."""
    near_expiry_days: Mapped[int] = mapped_column(Integer, nullable=False, default=3)
    weight_loss_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    """The part of a lot that fresh goods lose by drying: nobody's fault."""
    markdown_steps: Mapped[list[dict[str, int]]] = mapped_column(JSON, nullable=False)
    """Steps {after_days | days_before_expiry, percent_basis_points}."""
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class ProducerReturn(Base):
    """Consigned goods given back to their producer: no money moves."""

    __tablename__ = "producer_return"
    __table_args__ = (
        UniqueConstraint("centre_id", "return_no"),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        Index("ix_producer_return_lot_id", "centre_id", "lot_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    return_no: Mapped[str] = mapped_column(String(30), nullable=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class LotConversion(Base):
    """Consigned goods the centre bought: they leave as the producer's and come in as ours."""

    __tablename__ = "lot_conversion"
    __table_args__ = (
        UniqueConstraint("centre_id", "conversion_no"),
        UniqueConstraint("centre_id", "goods_receipt_id"),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("cost_satang > 0", name="cost_positive"),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(["centre_id", "new_lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        ForeignKeyConstraint(
            ["centre_id", "goods_receipt_id"], ["goods_receipt.centre_id", "goods_receipt.id"]
        ),
        Index("ix_lot_conversion_lot_id", "centre_id", "lot_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    conversion_no: Mapped[str] = mapped_column(String(30), nullable=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    unit_cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    goods_receipt_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """The intake that bought them: the entry in the books is that intake's."""
    new_lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class Donation(Base):
    """Goods given away: to whom, why, and who bears it."""

    __tablename__ = "donation"
    __table_args__ = (
        one_of("bearer", DONATION_BEARERS),
        UniqueConstraint("centre_id", "donation_no"),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("charge_satang >= 0", name="charge_natural"),
        CheckConstraint("(bearer = 'fund') = (fund_id IS NOT NULL)", name="fund_named"),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        ForeignKeyConstraint(["centre_id", "fund_id"], ["fund.centre_id", "fund.id"]),
        Index("ix_donation_lot_id", "centre_id", "lot_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    donation_no: Mapped[str] = mapped_column(String(30), nullable=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    recipient: Mapped[str] = mapped_column(String(120), nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    bearer: Mapped[str] = mapped_column(String(10), nullable=False)
    fund_id: Mapped[UUID | None] = mapped_column(Uuid)
    charge_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the centre or the fund bears: cost of own goods, the producer's share of consigned."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class LotEvent(Base):
    """What happened to a lot in a dispute over its grade: held, graded anew, released."""

    __tablename__ = "lot_event"
    __table_args__ = (
        one_of("kind", LOT_EVENTS),
        UniqueConstraint("centre_id", "lot_id", "event_no"),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    event_no: Mapped[int] = mapped_column(Integer, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    grade_before: Mapped[str] = mapped_column(String(20), nullable=False)
    grade_after: Mapped[str] = mapped_column(String(20), nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    witness: Mapped[str] = mapped_column(String(120), nullable=False)
    """Who agreed for the producer; empty while nobody did."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
