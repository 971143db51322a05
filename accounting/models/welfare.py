"""The village's own yardsticks for the welfare report, as its meeting resolved them.

A row never changes: a meeting that thinks otherwise adds one, and each report is judged by the row
in force on its last day.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, UtcDateTime, Uuid


class WelfareSettings(Base):
    """From a day on: what share of the gain serves members, what serves the centre."""

    __tablename__ = "welfare_settings"
    __table_args__ = (
        CheckConstraint(
            "centre_below_basis_points BETWEEN 0 AND members_from_basis_points"
            " AND members_from_basis_points <= 10000",
            name="thresholds_in_order",
        ),
        CheckConstraint("coverage_basis_points BETWEEN 0 AND 10000", name="coverage_part"),
        CheckConstraint("reference_days BETWEEN 1 AND 3660", name="reference_days_sane"),
        ForeignKeyConstraint(
            ["centre_id", "resolution_id"], ["resolution.centre_id", "resolution.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, nullable=False)
    members_from_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    """A welfare share of at least this serves the members."""
    centre_below_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    """A welfare share below this serves the centre; between the two it is balanced."""
    coverage_basis_points: Mapped[int] = mapped_column(Integer, nullable=False)
    """With references for less than this part of the sales nothing is said."""
    reference_days: Mapped[int] = mapped_column(Integer, nullable=False)
    """How many days a reference price holds after its own."""
    resolution_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
