"""The budget: what a centre means to earn and spend, line by line, every version kept.

What must stay true: a line is never changed; a new version stands above it, so what was decided
when, and by whom, can always be read.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid


class BudgetLine(Base):
    """One version of an account's (and activity's) budget, by the months of a fiscal year.

    Amounts are the way the account stands: income and costs both above zero, contra below.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "account_id"], ["account.centre_id", "account.id"]),
        UniqueConstraint(
            *("centre_id", "fiscal_year", "account_id", "activity_id", "version"),
            name="uq_budget_line_version",
        ),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("fiscal_year BETWEEN 2400 AND 2800", name="fiscal_year"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(Integer, nullable=False)
    """The Buddhist-era year in which the fiscal year ends."""
    account_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    activity_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    """`NO_ACTIVITY` for a line without one."""
    version: Mapped[int] = mapped_column(Integer, nullable=False)
    month_1: Mapped[int] = mapped_column(Satang, nullable=False)
    month_2: Mapped[int] = mapped_column(Satang, nullable=False)
    month_3: Mapped[int] = mapped_column(Satang, nullable=False)
    month_4: Mapped[int] = mapped_column(Satang, nullable=False)
    month_5: Mapped[int] = mapped_column(Satang, nullable=False)
    month_6: Mapped[int] = mapped_column(Satang, nullable=False)
    month_7: Mapped[int] = mapped_column(Satang, nullable=False)
    month_8: Mapped[int] = mapped_column(Satang, nullable=False)
    month_9: Mapped[int] = mapped_column(Satang, nullable=False)
    month_10: Mapped[int] = mapped_column(Satang, nullable=False)
    month_11: Mapped[int] = mapped_column(Satang, nullable=False)
    month_12: Mapped[int] = mapped_column(Satang, nullable=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    made_by: Mapped[UUID | None] = mapped_column(Uuid)
