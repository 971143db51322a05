"""How a centre keeps its books: limits and warnings people set, changed with a trace."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang


class BookSettings(Base):
    """One row a centre; a centre without one has the defaults of `rules.book_settings`."""

    __tablename__ = "book_settings"
    __table_args__ = (
        CheckConstraint("approval_limit_satang >= 0", name="approval_limit"),
        CheckConstraint("turnover_limit_satang > 0", name="turnover_limit"),
        CheckConstraint("moved_percent BETWEEN 1 AND 1000", name="moved_percent"),
        CheckConstraint("cash_report_days BETWEEN 0 AND 31", name="cash_report_days"),
        CheckConstraint("aged_payable_days BETWEEN 1 AND 366", name="aged_payable_days"),
        CheckConstraint("meeting_day BETWEEN 0 AND 28", name="meeting_day"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    approval_limit_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """A manual entry above it needs a second person; 0: every one does."""
    turnover_limit_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """The 12-month turnover from which VAT registration is due."""
    moved_percent: Mapped[int] = mapped_column(Integer, nullable=False)
    """A figure that moved by more than this against last month is explained."""
    cash_report_days: Mapped[int] = mapped_column(Integer, nullable=False)
    """Working days within which a day's cash must be in the books (Notice 161: 3)."""
    aged_payable_days: Mapped[int] = mapped_column(Integer, nullable=False)
    """A payable older than this needs a person."""
    meeting_day: Mapped[int] = mapped_column(Integer, nullable=False, default=9, server_default="9")
    """The day of the monthly meeting; 0: none."""
    version: Mapped[int] = mapped_column(Integer, nullable=False)
