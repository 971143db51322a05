"""The duty roster: times of work, who can be asked, when they can't, and who does what on a day.

A roster is a plan, no document: duties come and go until the day is over.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

TASKS = ("till", "stock", "production", "cleaning")
OFF_KINDS = ("leave", "unavailable", "wish")


class WorkTime(Base):
    """A time of work the centre plans by: morning, afternoon …; minutes after midnight."""

    __tablename__ = "work_time"
    __table_args__ = (
        CheckConstraint(
            "starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
            name="within_a_day",
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), nullable=False)
    starts_minute: Mapped[int] = mapped_column(Integer, nullable=False)
    ends_minute: Mapped[int] = mapped_column(Integer, nullable=False)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class Worker(Base):
    """Somebody who works at the centre, with what they can do; some sign in, some don't."""

    __tablename__ = "worker"
    __table_args__ = (
        UniqueConstraint("centre_id", "user_id"),
        CheckConstraint("hourly_satang >= 0", name="wage_natural"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    user_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("app_user.id"))
    tasks: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    """What they can do, of `TASKS`."""
    hourly_satang: Mapped[int] = mapped_column(Satang, nullable=False, default=0)
    """For the hint of wages only; 0 for volunteers."""
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class DayOff(Base):
    """Days on which somebody is on leave, can't come, or would rather not."""

    __tablename__ = "day_off"
    __table_args__ = (
        one_of("kind", OFF_KINDS),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        ForeignKeyConstraint(["centre_id", "worker_id"], ["worker.centre_id", "worker.id"]),
        Index("ix_day_off_last_day", "centre_id", "last_day"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    worker_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    first_day: Mapped[date] = mapped_column(Date, nullable=False)
    last_day: Mapped[date] = mapped_column(Date, nullable=False)
    note: Mapped[str] = mapped_column(String(200), nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)


class RosterWeek(Base):
    """A week's roster, which begins on a Monday; published, everybody sees their own duties."""

    __tablename__ = "roster_week"

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    monday: Mapped[date] = mapped_column(Date, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[UUID | None] = mapped_column(Uuid)
    no_cashier_reason: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    """Why days without a cashier were published all the same."""


class Duty(Base):
    """Somebody's work at one time of one day; nobody has two at once."""

    __tablename__ = "duty"
    __table_args__ = (
        one_of("task", TASKS),
        UniqueConstraint("centre_id", "worker_id", "on_date", "work_time_id"),
        ForeignKeyConstraint(
            ["centre_id", "monday"], ["roster_week.centre_id", "roster_week.monday"]
        ),
        ForeignKeyConstraint(["centre_id", "worker_id"], ["worker.centre_id", "worker.id"]),
        ForeignKeyConstraint(
            ["centre_id", "work_time_id"], ["work_time.centre_id", "work_time.id"]
        ),
        Index("ix_duty_on_date", "centre_id", "on_date"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    monday: Mapped[date] = mapped_column(Date, nullable=False)
    on_date: Mapped[date] = mapped_column(Date, nullable=False)
    worker_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    work_time_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    task: Mapped[str] = mapped_column(String(12), nullable=False)
    note: Mapped[str] = mapped_column(String(120), nullable=False, default="")
