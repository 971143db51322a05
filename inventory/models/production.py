"""Tables of making: recipes, batches with what went in and came out, repacking, joint batches.

A batch is opened, goods and costs are put into it, it is finished once or cancelled once. Only a
recipe is ever changed; all else is added to. The goods in a batch lie at the place of kind work,
at cost in the account of work in progress.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
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

BATCH_KINDS = ("own", "joint", "repack")
"""The centre's own goods made; producers' goods worked on together; the same goods packed anew."""
BASES = ("weight", "value")
"""By what the cost is shared over the goods that came out: weight, or value at the shelf price."""
LOSS_RULES = ("spread", "expense")
"""What was lost raises the cost of the rest, or is written off."""
COST_KINDS = ("labour", "energy", "transport", "packing", "other", "water")
"""Water of our own source costs nothing here, but it weighs."""
OUTPUT_ROLES = ("main", "by_product", "waste")
SHARE_KINDS = ("own", "consigned", "home")
"""Ours; put on consignment for its producer; taken home by its producer."""


class Recipe(Base):
    """What usually goes into a batch and comes out; a template, never a rule."""

    __tablename__ = "recipe"
    __table_args__ = (
        one_of("kind", BATCH_KINDS),
        one_of("basis", BASES),
        one_of("loss_rule", LOSS_RULES),
        UniqueConstraint("centre_id", "name"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    basis: Mapped[str] = mapped_column(String(10), nullable=False)
    loss_rule: Mapped[str] = mapped_column(String(10), nullable=False)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, nullable=False)
    """What goes in (side in), costs (side cost) and comes out (side out), for one batch."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class ProductionBatch(Base):
    """A batch as it was opened; `planned` is the recipe as it stood then, if one was used."""

    __tablename__ = "production_batch"
    __table_args__ = (
        one_of("kind", BATCH_KINDS),
        one_of("basis", BASES),
        one_of("loss_rule", LOSS_RULES),
        UniqueConstraint("centre_id", "batch_no"),
        ForeignKeyConstraint(["centre_id", "recipe_id"], ["recipe.centre_id", "recipe.id"]),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        Index("ix_production_batch_recipe_id", "centre_id", "recipe_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    batch_no: Mapped[str] = mapped_column(String(30), nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    recipe_id: Mapped[UUID | None] = mapped_column(Uuid)
    planned: Mapped[list[dict[str, Any]]] = mapped_column(JSON, nullable=False)
    basis: Mapped[str] = mapped_column(String(10), nullable=False)
    loss_rule: Mapped[str] = mapped_column(String(10), nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """Where goods are taken from and put down."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class BatchIssue(Base):
    """Goods put into a batch at one time; its moves go to the place of kind work."""

    __tablename__ = "batch_issue"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["production_batch.centre_id", "production_batch.id"]
        ),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        Index("ix_batch_issue_batch_id", "centre_id", "batch_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class BatchIssueLine(Base):
    """A part of a lot put into a batch; `unit_grams` is what one unit adds to its weight."""

    __tablename__ = "batch_issue_line"
    __table_args__ = (
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("unit_grams >= 0 AND cost_satang >= 0", name="parts_natural"),
        ForeignKeyConstraint(
            ["centre_id", "issue_id"], ["batch_issue.centre_id", "batch_issue.id"]
        ),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        Index("ix_batch_issue_line_lot_id", "centre_id", "lot_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    issue_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    unit_grams: Mapped[int] = mapped_column(BigId, nullable=False)
    """Grams of one unit (1,000 thousandths); 0 for packaging and other things that weigh not."""
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)


class BatchCost(Base):
    """Work or another cost put into a batch, taken out of the expense it was booked under."""

    __tablename__ = "batch_cost"
    __table_args__ = (
        one_of("kind", COST_KINDS),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("rate_satang >= 0 AND amount_satang >= 0", name="money_natural"),
        CheckConstraint("grams >= 0", name="grams_natural"),
        CheckConstraint("(kind = 'water') = (grams > 0)", name="water_weighs"),
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["production_batch.centre_id", "production_batch.id"]
        ),
        Index("ix_batch_cost_batch_id", "centre_id", "batch_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    label: Mapped[str] = mapped_column(String(120), nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """Hours, pieces, units of the meter, litres: what the rate is for."""
    rate_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    grams: Mapped[int] = mapped_column(BigId, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class BatchFinish(Base):
    """That a batch is done: what its cost became. in_cost = good lots + loss + spent."""

    __tablename__ = "batch_finish"
    __table_args__ = (
        CheckConstraint(
            "in_cost_satang = out_cost_satang + loss_satang + spent_satang", name="cost_conserved"
        ),
        CheckConstraint(
            "out_cost_satang >= 0 AND loss_satang >= 0 AND spent_satang >= 0", name="parts_natural"
        ),
        CheckConstraint("in_grams >= 0 AND out_grams >= 0", name="grams_natural"),
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["production_batch.centre_id", "production_batch.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    in_cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    out_cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    loss_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    spent_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Materials of ours used up while working on producers' goods; the fee earns them back."""
    in_grams: Mapped[int] = mapped_column(BigId, nullable=False)
    out_grams: Mapped[int] = mapped_column(BigId, nullable=False)
    """What came out, waste that was weighed among it."""
    over_reason: Mapped[str] = mapped_column(Text, nullable=False, default="")
    """Why more came out than went in, said by who may let that pass."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class BatchOutput(Base):
    """A kind of goods that came out of a batch; of joint batches `kept_milli` is fee in kind."""

    __tablename__ = "batch_output"
    __table_args__ = (
        one_of("role", OUTPUT_ROLES),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("kept_milli BETWEEN 0 AND quantity_milli", name="kept_of_it"),
        CheckConstraint("(role = 'waste') = (product_id IS NULL)", name="waste_is_no_product"),
        CheckConstraint(
            "unit_grams >= 0 AND unit_value_satang >= 0 AND cost_satang >= 0", name="parts_natural"
        ),
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["batch_finish.centre_id", "batch_finish.batch_id"]
        ),
        ForeignKeyConstraint(["centre_id", "product_id"], ["product.centre_id", "product.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(10), nullable=False)
    product_id: Mapped[UUID | None] = mapped_column(Uuid)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    """Of waste: kilograms."""
    kept_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    unit_grams: Mapped[int] = mapped_column(BigId, nullable=False)
    unit_value_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The shelf price of main goods, the fixed value of a by-product, of what was kept as fee."""
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The part of the batch's cost that it carries."""
    expires_on: Mapped[date | None] = mapped_column(Date)


class BatchOutputLot(Base):
    """Who got how much of what came out: a lot here, or taken home."""

    __tablename__ = "batch_output_lot"
    __table_args__ = (
        one_of("kind", SHARE_KINDS),
        CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        CheckConstraint("(kind = 'home') = (lot_id IS NULL)", name="lot_stays_here"),
        CheckConstraint("cost_satang >= 0 AND (kind = 'own' OR cost_satang = 0)", name="cost_ours"),
        UniqueConstraint("centre_id", "lot_id"),
        ForeignKeyConstraint(
            ["centre_id", "batch_id", "line_no"],
            ["batch_output.centre_id", "batch_output.batch_id", "batch_output.line_no"],
        ),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    share_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    quantity_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    cost_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The book value the lot begins with: its part of the batch's cost, or the fee in kind."""
    lot_id: Mapped[UUID | None] = mapped_column(Uuid)


class BatchFee(Base):
    """A producer's part in a joint batch: the weight brought and the fee for working on it."""

    __tablename__ = "batch_fee"
    __table_args__ = (
        CheckConstraint("grams > 0 AND amount_satang >= 0", name="parts_natural"),
        CheckConstraint("(amount_satang = 0) = (advance_id IS NULL)", name="fee_is_owed"),
        UniqueConstraint("centre_id", "advance_id"),
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["batch_finish.centre_id", "batch_finish.batch_id"]
        ),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "advance_id"], ["advance.centre_id", "advance.id"]),
        ForeignKeyConstraint(
            ["centre_id", "repayment_id"], ["advance_repayment.centre_id", "advance_repayment.id"]
        ),
        Index("ix_batch_fee_producer_id", "centre_id", "producer_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    producer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    grams: Mapped[int] = mapped_column(BigId, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    advance_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The fee as it is owed: it is netted like an advance, out of settlements and payouts."""
    repayment_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The money, when it was paid at once."""


class BatchCancellation(Base):
    """A batch taken back whole: what it made is gone, what went in lies where it lay."""

    __tablename__ = "batch_cancellation"
    __table_args__ = (
        UniqueConstraint("centre_id", "batch_id"),
        ForeignKeyConstraint(
            ["centre_id", "batch_id"], ["production_batch.centre_id", "production_batch.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    work_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What was still in work: 0 when the batch was finished before."""
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class OwnProducer(Base):
    """Which row of the producers' register stands for the centre itself, as maker of its goods."""

    __tablename__ = "own_producer"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
