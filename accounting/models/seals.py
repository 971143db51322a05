"""Seals: the hash chain over posted entries, and what each sealed month moved on each account.

A seal covers a run of entries of one fiscal year, by entry number without a gap; the next seal
carries its hash on. The months' sums grow in the very transaction that seals the entries.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid

NO_ACTIVITY = UUID(int=0)
"""Stands in `account_month` for lines that name no activity: a key has no NULL."""


class Seal(Base):
    """One link: the entries `first_no` to `last_no` of a fiscal year, hashed after `previous`."""

    __tablename__ = "seal"
    __table_args__ = (
        CheckConstraint("first_no >= 1 AND last_no >= first_no", name="run_of_entries"),
        CheckConstraint("entry_count = last_no - first_no + 1", name="whole_run"),
        UniqueConstraint("centre_id", "fiscal_year", "first_no"),
        UniqueConstraint("centre_id", "fiscal_year", "last_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """1 to n within the centre."""
    fiscal_year: Mapped[int] = mapped_column(Integer, nullable=False)
    first_no: Mapped[int] = mapped_column(BigId, nullable=False)
    last_no: Mapped[int] = mapped_column(BigId, nullable=False)
    entry_count: Mapped[int] = mapped_column(Integer, nullable=False)
    debit_total: Mapped[int] = mapped_column(Satang, nullable=False)
    previous: Mapped[str] = mapped_column(String(64), nullable=False)
    """The hash before it, in hexadecimal; 64 zeros before the first."""
    hash: Mapped[str] = mapped_column(String(64), nullable=False)
    marks: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    """The first 8 bytes of each entry's own hash, in order: they tell which entry was altered."""
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class AccountMonth(Base):
    """What sealed entries moved on an account in a month, by activity."""

    __tablename__ = "account_month"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "account_id"], ["account.centre_id", "account.id"]),
        ForeignKeyConstraint(
            ["centre_id", "period_id"], ["accounting_period.centre_id", "accounting_period.id"]
        ),
        CheckConstraint("debit >= 0 AND credit >= 0", name="sums"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    period_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    activity_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    """`NO_ACTIVITY` for lines without one."""
    closing: Mapped[bool] = mapped_column(primary_key=True)
    """Whether the entries closed (or reopened) a year: left out of an income statement."""
    debit: Mapped[int] = mapped_column(Satang, nullable=False)
    credit: Mapped[int] = mapped_column(Satang, nullable=False)
