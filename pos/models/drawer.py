"""The till and its drawer: tills, shifts, blind counts, money moved by hand.

A closed shift never changes; what was counted stays as it was told.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
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

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

MOVEMENT_KINDS = ("pay_in", "pay_out")
MOVEMENT_CATEGORIES = ("safe", "expense", "income")


class Till(Base):
    """A place where money is taken; it sells from one location under one receipt series."""

    __tablename__ = "till"
    __table_args__ = (
        UniqueConstraint("centre_id", "code"),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), nullable=False)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)


class Shift(Base):
    """One person's watch over one drawer, from a counted float to a blind count."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("centre_id", "shift_no"),
        ForeignKeyConstraint(["centre_id", "till_id"], ["till.centre_id", "till.id"]),
        CheckConstraint("float_satang >= 0", name="float_natural"),
        Index("ix_shift_business_date", "centre_id", "business_date", "id"),
        Index(
            "uq_shift_one_open",
            "centre_id",
            "till_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    shift_no: Mapped[str] = mapped_column(String(30), nullable=False)
    till_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    float_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)
    expected_satang: Mapped[int | None] = mapped_column(Satang)
    counted_satang: Mapped[int | None] = mapped_column(Satang)


class CashCount(Base):
    """How many of one denomination lay in the drawer at the blind count."""

    __tablename__ = "cash_count"
    __table_args__ = (
        CheckConstraint("pieces > 0", name="pieces_positive"),
        ForeignKeyConstraint(["centre_id", "shift_id"], ["shift.centre_id", "shift.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    shift_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    denomination_satang: Mapped[int] = mapped_column(Satang, primary_key=True, autoincrement=False)
    pieces: Mapped[int] = mapped_column(Integer, nullable=False)


class CashMovement(Base):
    """Cash put into or taken out of the drawer without a sale, with a reason."""

    __tablename__ = "cash_movement"
    __table_args__ = (
        one_of("kind", MOVEMENT_KINDS),
        one_of("category", MOVEMENT_CATEGORIES),
        UniqueConstraint("centre_id", "movement_no"),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        ForeignKeyConstraint(["centre_id", "shift_id"], ["shift.centre_id", "shift.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    movement_no: Mapped[str] = mapped_column(String(30), nullable=False)
    shift_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    category: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
