"""By which rules a surplus is divided, and the scenarios drawn up before the meeting.

Rule sets are only ever added: a later day's row takes an earlier one's place. Scenarios are drafts
and may be changed or thrown away; what counts is the allocation made of one.
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
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from accounting.rules.surplus.law import TYPES
from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of


class AllocationRuleSet(Base):
    """A rule set of a centre, in force from a day on under its name."""

    __tablename__ = "allocation_rule_set"
    __table_args__ = (
        one_of("organisation_type", TYPES),
        ForeignKeyConstraint(
            ["centre_id", "resolution_id"], ["resolution.centre_id", "resolution.id"]
        ),
        UniqueConstraint("centre_id", "name", "valid_from"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    organisation_type: Mapped[str] = mapped_column(String(30), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """Everything else it says (accounting.rules.surplus.rule_set)."""
    resolution_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The meeting's word for it, where the by-laws ask for one."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class AllocationScenario(Base):
    """One way to use a year's surplus, drawn up before the meeting decides."""

    __tablename__ = "allocation_scenario"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "rule_set_id"],
            ["allocation_rule_set.centre_id", "allocation_rule_set.id"],
        ),
        CheckConstraint("expected_satang > 0", name="expected_positive"),
        UniqueConstraint("centre_id", "fiscal_year", "name"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(Integer, nullable=False)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    rule_set_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Empty: the rule set we ship for the centre's type."""
    expected_satang: Mapped[int | None] = mapped_column(Satang)
    """A surplus somebody expects, while the year is not closed; the books' own then counts."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """Its parts in millionths with their funds, and the part of each member's total retained."""
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    changed_by: Mapped[UUID | None] = mapped_column(Uuid)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
