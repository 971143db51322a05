"""Tables of joint buying rounds: what is offered, who orders how much, and how it was shared out.

A round collects orders of members and groups, is bought as one purchase order, and is shared out
once when the goods are there. Offers and orders change while it collects; a sharing never changes.
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Milli, Satang, UtcDateTime, Uuid, one_of

ROUND_STATES = ("collecting", "ordered", "shared", "cancelled")
"""Collecting orders; closed and ordered from the supplier; shared out among those who ordered."""
EXTRA_BASES = ("cost", "quantity")
"""What transport and the like is shared by: the cost of the goods, or their quantity."""


class JointRound(Base):
    """One round: what is offered until when, from whom it is bought."""

    __tablename__ = "joint_round"
    __table_args__ = (
        one_of("state", ROUND_STATES),
        UniqueConstraint("centre_id", "round_no"),
        UniqueConstraint("centre_id", "purchase_order_id"),
        CheckConstraint(
            "state NOT IN ('ordered', 'shared') OR purchase_order_id IS NOT NULL",
            name="ordered_by_order",
        ),
        CheckConstraint("margin_basis_points BETWEEN 0 AND 5000", name="margin_bounded"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(
            ["centre_id", "purchase_order_id"], ["purchase_order.centre_id", "purchase_order.id"]
        ),
        Index("ix_joint_round_state", "centre_id", "state", "id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round_no: Mapped[str] = mapped_column(String(30), nullable=False)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="collecting")
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """The supplier it is bought from."""
    closes_on: Mapped[date] = mapped_column(Date, nullable=False)
    """The last day orders are taken."""
    expected_on: Mapped[date | None] = mapped_column(Date)
    margin_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    """What the centre adds for its work, in 1/10,000 of the cost; none when it is for welfare."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    purchase_order_id: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was cancelled, by whom and why."""
    ended_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    reason: Mapped[str] = mapped_column(Text, nullable=False, default="")
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class JointRoundItem(Base):
    """One thing that can be ordered in a round, in one unit, at the price expected of it."""

    __tablename__ = "joint_round_item"
    __table_args__ = (
        CheckConstraint("factor_milli > 0", name="factor_positive"),
        CheckConstraint("expected_price_satang >= 0", name="price_natural"),
        ForeignKeyConstraint(
            ["centre_id", "round_id"], ["joint_round.centre_id", "joint_round.id"]
        ),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    round_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    item_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    product_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The selling unit people order in; None is the product's own."""
    unit: Mapped[str] = mapped_column(String(20), nullable=False)
    factor_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    expected_price_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What one unit is expected to cost, told to those who order."""


class JointRoundOrder(Base):
    """What one member or group asks for. Withdrawn orders stay; they count for nothing."""

    __tablename__ = "joint_round_order"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (producer_id IS NULL)", name="one_buyer"),
        UniqueConstraint("centre_id", "order_no"),
        ForeignKeyConstraint(
            ["centre_id", "round_id"], ["joint_round.centre_id", "joint_round.id"]
        ),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index(
            "uq_joint_round_order_member",
            *("centre_id", "round_id", "member_id"),
            unique=True,
            postgresql_where=text("member_id IS NOT NULL AND withdrawn_at IS NULL"),
            sqlite_where=text("member_id IS NOT NULL AND withdrawn_at IS NULL"),
        ),
        Index(
            "uq_joint_round_order_group",
            *("centre_id", "round_id", "producer_id"),
            unique=True,
            postgresql_where=text("producer_id IS NOT NULL AND withdrawn_at IS NULL"),
            sqlite_where=text("producer_id IS NOT NULL AND withdrawn_at IS NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    order_no: Mapped[str] = mapped_column(String(30), nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    producer_id: Mapped[UUID | None] = mapped_column(Uuid)
    """A group of producers that orders together; a member orders as a member."""
    note: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class JointRoundOrderLine(Base):
    """How many units of one item an order asks for."""

    __tablename__ = "joint_round_order_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        ForeignKeyConstraint(
            ["centre_id", "order_id"], ["joint_round_order.centre_id", "joint_round_order.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    item_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """Thousandths of the item's unit."""


class JointRoundSharing(Base):
    """A round shared out: what came, what it cost, what was left. Once a round."""

    __tablename__ = "joint_round_sharing"
    __table_args__ = (
        one_of("extra_basis", EXTRA_BASES),
        UniqueConstraint("centre_id", "round_id"),
        CheckConstraint("goods_satang >= 0 AND extra_satang >= 0", name="costs_natural"),
        ForeignKeyConstraint(
            ["centre_id", "round_id"], ["joint_round.centre_id", "joint_round.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    goods_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What all that came cost, as it stands in the stock's book value."""
    extra_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Transport and the like, shared on top; paid by a voucher of its own."""
    extra_basis: Mapped[str] = mapped_column(String(10), nullable=False)
    extra_note: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class JointRoundShare(Base):
    """What one order gets of one item and owes for it; without an order, what is left for sale."""

    __tablename__ = "joint_round_share"
    __table_args__ = (
        CheckConstraint("asked_milli >= 0 AND given_milli >= 0", name="quantities_natural"),
        CheckConstraint("goods_satang >= 0 AND extra_satang >= 0", name="costs_natural"),
        CheckConstraint("order_id IS NOT NULL OR due_satang = 0", name="left_over_owes_nothing"),
        ForeignKeyConstraint(
            ["centre_id", "sharing_id"],
            ["joint_round_sharing.centre_id", "joint_round_sharing.id"],
        ),
        ForeignKeyConstraint(
            ["centre_id", "order_id"], ["joint_round_order.centre_id", "joint_round_order.id"]
        ),
        Index("ix_joint_round_share_order_id", "centre_id", "order_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sharing_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    share_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    item_no: Mapped[int] = mapped_column(Integer, nullable=False)
    order_id: Mapped[UUID | None] = mapped_column(Uuid)
    asked_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """Thousandths of the product's own unit, like what is given."""
    given_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    goods_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    extra_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    margin_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    tax_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Output VAT on top, when the centre is registered."""
    due_satang: Mapped[int] = mapped_column(Satang, nullable=False)
