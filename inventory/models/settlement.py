"""Tables of the settlement: what was reckoned for each producer, who approved it, what it settled.

A statement is frozen when it is prepared; posting adds rows and changes none. A move of goods is
settled at most once: `settled_move` has the move's own key. What a returned sale takes back after
it was settled is recovered in parts, each named.
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

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

OUTCOMES = ("posted", "cancelled")


class ConsignmentPolicy(Base):
    """How a centre settles with its producers; a centre without a row has the defaults."""

    __tablename__ = "consignment_policy"
    __table_args__ = (
        CheckConstraint("hold_back_days BETWEEN 0 AND 90", name="hold_back_sane"),
        CheckConstraint("minimum_payout_satang >= 0", name="minimum_natural"),
        CheckConstraint("recovery_cap_basis_points BETWEEN 0 AND 10000", name="recovery_cap_part"),
        CheckConstraint("advance_cap_basis_points BETWEEN 0 AND 10000", name="advance_cap_part"),
        CheckConstraint("payout_day BETWEEN 1 AND 31", name="payout_day_of_month"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    hold_back_days: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    """Days after its sale before a sale is settled."""
    minimum_payout_satang: Mapped[int] = mapped_column(Satang, nullable=False, default=0)
    recovery_cap_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=5000)
    """The most of a payout that goods returned after their payout may take."""
    advance_cap_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=5000)
    payout_day: Mapped[int] = mapped_column(Integer, nullable=False, default=9)
    """The day of the month producers are paid; the last day in a shorter month."""
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class SettlementRun(Base):
    """A settlement as one person prepared it, for some or all producers, up to a day."""

    __tablename__ = "settlement_run"
    __table_args__ = (UniqueConstraint("centre_id", "run_no"),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    run_no: Mapped[str] = mapped_column(String(30), nullable=False)
    cut_off: Mapped[date] = mapped_column(Date, nullable=False)
    recipe: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The policy in force when it was prepared; with the same inputs it gives the same bytes."""
    producers: Mapped[int] = mapped_column(Integer, nullable=False)
    payout_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The command as it came."""


class Settlement(Base):
    """One producer's statement of a run: frozen, itemised in `content`."""

    __tablename__ = "settlement"
    __table_args__ = (
        UniqueConstraint("centre_id", "settlement_no"),
        UniqueConstraint("centre_id", "run_id", "producer_id"),
        CheckConstraint(
            "brought_forward_satang + earned_satang - recovered_satang - netted_satang"
            " = payout_satang + carried_satang",
            name="adds_up",
        ),
        CheckConstraint(
            "recovered_satang >= 0 AND netted_satang >= 0 AND payout_satang >= 0", name="natural"
        ),
        ForeignKeyConstraint(
            ["centre_id", "run_id"], ["settlement_run.centre_id", "settlement_run.id"]
        ),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_settlement_producer_id", "centre_id", "producer_id", "id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    settlement_no: Mapped[str] = mapped_column(String(30), nullable=False)
    run_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    brought_forward_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    earned_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The producer's part of the lines settled, returns of sales not settled before taken off."""
    recovered_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Taken for goods returned after their payout."""
    netted_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Taken for advances."""
    payout_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    carried_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """Too little to pay out: brought forward into the next settlement."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)


class SettlementApproval(Base):
    """A second person's word that a run is right; the waiver of a small centre is written down."""

    __tablename__ = "settlement_approval"
    __table_args__ = (
        CheckConstraint(
            "waiver <> '' OR (approved_by IS NOT NULL AND prepared_by IS NOT NULL"
            " AND approved_by <> prepared_by)",
            name="two_people",
        ),
        ForeignKeyConstraint(
            ["centre_id", "run_id"], ["settlement_run.centre_id", "settlement_run.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    approved_by: Mapped[UUID | None] = mapped_column(Uuid)
    approved_name: Mapped[str] = mapped_column(String(120), nullable=False)
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    waiver: Mapped[str] = mapped_column(Text, nullable=False, default="")
    """Why one person did both; empty when two did."""


class SettlementOutcome(Base):
    """What became of a run: posted or cancelled, once."""

    __tablename__ = "settlement_outcome"
    __table_args__ = (
        one_of("kind", OUTCOMES),
        ForeignKeyConstraint(
            ["centre_id", "run_id"], ["settlement_run.centre_id", "settlement_run.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text, nullable=False, default="")


class SettledMove(Base):
    """A move of goods that a posted settlement has paid for; its key makes it once only."""

    __tablename__ = "settled_move"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "source_type", "source_id", "move_no"],
            [
                "stock_move.centre_id",
                "stock_move.source_type",
                "stock_move.source_id",
                "stock_move.move_no",
            ],
        ),
        ForeignKeyConstraint(
            ["centre_id", "settlement_id"], ["settlement.centre_id", "settlement.id"]
        ),
        Index("ix_settled_move_settlement_id", "centre_id", "settlement_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    source_type: Mapped[str] = mapped_column(String(30), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    move_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    settlement_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)


class Recovery(Base):
    """A part of what a return after settlement takes back, taken by one document.

    The move is the return's; the document is a settlement, a payout that was not made yet when
    the goods came back, or an absorption, by which the centre bears it.
    """

    __tablename__ = "recovery"
    __table_args__ = (
        one_of("document_type", ("settlement", "payout", "absorption")),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        ForeignKeyConstraint(
            ["centre_id", "source_type", "source_id", "move_no"],
            [
                "stock_move.centre_id",
                "stock_move.source_type",
                "stock_move.source_id",
                "stock_move.move_no",
            ],
        ),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_recovery_producer_id", "centre_id", "producer_id"),
        Index("ix_recovery_move", "centre_id", "source_type", "source_id", "move_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    document_type: Mapped[str] = mapped_column(String(12), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source_type: Mapped[str] = mapped_column(String(30), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    move_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class Absorption(Base):
    """The centre's decision to bear what a producer would owe for returned goods."""

    __tablename__ = "absorption"
    __table_args__ = (
        UniqueConstraint("centre_id", "absorption_no"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_absorption_producer_id", "centre_id", "producer_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    absorption_no: Mapped[str] = mapped_column(String(30), nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
