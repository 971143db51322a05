"""The close of a month: prepared and signed by two people, undone only by two people.

Rows are only ever added. `accounting_period.state` follows them: the guards let a month be locked
only under a close signed twice, and opened only under a reopening agreed by two.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, UtcDateTime, Uuid

_PERIOD = ("accounting_period.centre_id", "accounting_period.id")


class MonthClose(Base):
    """A month prepared for locking: what the checklist said, signed by the preparer."""

    __tablename__ = "month_close"
    __table_args__ = (ForeignKeyConstraint(["centre_id", "period_id"], _PERIOD),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    period_id: Mapped[int] = mapped_column(Integer, nullable=False)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    prepared_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """The checklist, tie-outs and trial balance, whole, as they were signed."""
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    """SHA-256 of the figures in `content`; the second signature is for the same figures."""


class MonthCloseApproval(Base):
    """The second signature under a prepared close; with it the month is locked."""

    __tablename__ = "month_close_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "close_id"], ["month_close.centre_id", "month_close.id"]
        ),
        CheckConstraint("signed_by <> prepared_by", name="two_people"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    close_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    prepared_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    signed_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    sealed_to: Mapped[int] = mapped_column(Integer, nullable=False)
    """The seal up to which the books were sealed when the month was locked."""
    seal_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    content_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    """SHA-256 over the seal and everything that was signed: printed on the month's paper."""


class MonthReopening(Base):
    """Someone asks, for a reason, that a locked month be opened again."""

    __tablename__ = "month_reopening"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "close_id"],
            ["month_close_approval.centre_id", "month_close_approval.close_id"],
        ),
        CheckConstraint("length(reason) > 0", name="with_reason"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    close_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    asked_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class MonthReopeningApproval(Base):
    """The second person agrees: the close is undone and the month open. One a close."""

    __tablename__ = "month_reopening_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_id", "reopening_id"], ["month_reopening.centre_id", "month_reopening.id"]
        ),
        UniqueConstraint("centre_id", "close_id"),
        CheckConstraint("agreed_by <> asked_by", name="two_people"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    reopening_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    close_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    asked_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    agreed_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class StepWaiver(Base):
    """A step of the checklist that a named person let pass for one month, with the reason."""

    __tablename__ = "step_waiver"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="with_reason"),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(String(30), primary_key=True)
    opened: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """How often the month had been opened again: a waiver serves one close only."""
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    waived_by: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    waived_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
