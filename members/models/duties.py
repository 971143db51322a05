"""Duties kept apart: where a small centre lets one person do both, why, and each time it was used.

A waiver never changes: it ends by its day or by a row that says who ended it.
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
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, UtcDateTime, Uuid


class DutyWaiver(Base):
    """One person may do both of some pairs of duties, from a day until a day, for a reason."""

    __tablename__ = "duty_waiver"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="with_reason"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days_in_order"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pairs: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    """Keys of `members.rules.duties.PAIRS`."""
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    resolution: Mapped[str] = mapped_column(String(80), nullable=False)
    """The meeting's resolution as people name it; empty when there is none."""
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """The last day; only those carried over from older settings have none."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class DutyWaiverEnd(Base):
    """A waiver ended before its day."""

    __tablename__ = "duty_waiver_end"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "waiver_id"], ["duty_waiver.centre_id", "duty_waiver.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    waiver_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_name: Mapped[str] = mapped_column(String(120), nullable=False)


class DutyWaiverUse(Base):
    """One document in which one person did both, under which waiver."""

    __tablename__ = "duty_waiver_use"
    __table_args__ = (
        UniqueConstraint("centre_id", "pair", "document_type", "document_id", "used_by"),
        ForeignKeyConstraint(
            ["centre_id", "waiver_id"], ["duty_waiver.centre_id", "duty_waiver.id"]
        ),
        Index("ix_duty_waiver_use_waiver_id", "centre_id", "waiver_id", "id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    waiver_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    pair: Mapped[str] = mapped_column(String(30), nullable=False)
    document_type: Mapped[str] = mapped_column(String(40), nullable=False)
    document_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    document_no: Mapped[str] = mapped_column(String(60), nullable=False)
    facts: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    """What made it one person's work, in codes: prices changed, the producer concerned …"""
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    used_by: Mapped[UUID | None] = mapped_column(Uuid)
    used_name: Mapped[str] = mapped_column(String(120), nullable=False)
