"""Tables of the stock count: the sheet as it was printed, what people counted, what came of it.

Nothing here changes once written: a figure that was wrong is counted again in a later round, and a
sheet ends once, approved or cancelled.
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

from core.db import Base, BigId, Milli, UtcDateTime, Uuid, one_of

COUNT_OUTCOMES = ("approved", "cancelled")


class CountSheet(Base):
    """A blind sheet: what shall be counted at one location, of one producer or of all."""

    __tablename__ = "count_sheet"
    __table_args__ = (
        UniqueConstraint("centre_id", "sheet_no"),
        ForeignKeyConstraint(["centre_id", "location_id"], ["location.centre_id", "location.id"]),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sheet_no: Mapped[str] = mapped_column(String(30), nullable=False)
    location_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    producer_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Whose goods are counted; without one, everybody's."""
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    printed_by: Mapped[UUID | None] = mapped_column(Uuid)
    printed_name: Mapped[str] = mapped_column(String(120), nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The command as it came."""


class CountSheetLine(Base):
    """A lot on the sheet. What was expected is kept for the record, never shown to the counter."""

    __tablename__ = "count_sheet_line"
    __table_args__ = (
        UniqueConstraint("centre_id", "sheet_id", "lot_id"),
        ForeignKeyConstraint(
            ["centre_id", "sheet_id"], ["count_sheet.centre_id", "count_sheet.id"]
        ),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    expected_milli: Mapped[int] = mapped_column(Milli, nullable=False)


class CountEntry(Base):
    """What one person counted of a lot in a round; the last round counts."""

    __tablename__ = "count_entry"
    __table_args__ = (
        CheckConstraint("round_no BETWEEN 1 AND 9", name="round_sane"),
        CheckConstraint("counted_milli >= 0", name="counted_natural"),
        ForeignKeyConstraint(
            ["centre_id", "sheet_id"], ["count_sheet.centre_id", "count_sheet.id"]
        ),
        ForeignKeyConstraint(["centre_id", "lot_id"], ["lot.centre_id", "lot.id"]),
        Index("ix_count_entry_lot_id", "centre_id", "lot_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    counted_milli: Mapped[int] = mapped_column(Milli, nullable=False)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    """When it was counted at the shelf, not when it was typed in."""
    counted_by: Mapped[UUID | None] = mapped_column(Uuid)
    counted_name: Mapped[str] = mapped_column(String(120), nullable=False)


class CountOutcome(Base):
    """What became of a sheet, once: approved by a second person, or cancelled."""

    __tablename__ = "count_outcome"
    __table_args__ = (
        one_of("kind", COUNT_OUTCOMES),
        CheckConstraint(
            "kind = 'cancelled' OR waiver <> '' OR (recorded_by IS NOT NULL"
            " AND counted_by IS NOT NULL AND recorded_by <> counted_by)",
            name="two_people",
        ),
        ForeignKeyConstraint(
            ["centre_id", "sheet_id"], ["count_sheet.centre_id", "count_sheet.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    counted_by: Mapped[UUID | None] = mapped_column(Uuid)
    """One who counted: the approver when the approver counted, so that the CHECK above can see."""
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    waiver: Mapped[str] = mapped_column(Text, nullable=False, default="")
    """Why one person did both; empty when two did."""
    producer_signed: Mapped[str] = mapped_column(String(160), nullable=False, default="")
    """Who signed as the second signatory of a producer's goods."""
    reason: Mapped[str] = mapped_column(Text, nullable=False, default="")
    """Why it was cancelled, or why the producer did not sign."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The lines as they were approved: counted, expected, who bears what, and its value."""
