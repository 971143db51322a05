"""The community's meetings: what was to be talked about, who came, what was resolved.

A resolution never changes once minuted; what came of it (done, dropped) is added beside it.
Documents that need the meeting's word (an allocation of surplus, a grant) name their resolution.
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
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, UtcDateTime, Uuid, one_of

MEETING_KINDS = ("monthly", "general", "committee")
_MEETING = ("meeting.centre_id", "meeting.id")


class Meeting(Base):
    """A meeting on a day: the monthly one on the 9th, the general meeting, the committee's."""

    __tablename__ = "meeting"
    __table_args__ = (
        one_of("kind", MEETING_KINDS),
        UniqueConstraint("centre_id", "kind", "held_on"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    held_on: Mapped[date] = mapped_column(Date, nullable=False)
    place: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class AgendaItem(Base):
    """One point of a meeting's agenda, in order."""

    __tablename__ = "agenda_item"
    __table_args__ = (ForeignKeyConstraint(["centre_id", "meeting_id"], _MEETING),)

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    item_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200), nullable=False)
    minutes: Mapped[str] = mapped_column(Text, nullable=False, default="")


class Attendance(Base):
    """Someone who came: a member, or a guest by name."""

    __tablename__ = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "meeting_id"], _MEETING),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        CheckConstraint("(member_id IS NULL) = (guest_name <> '')", name="member_or_guest"),
        UniqueConstraint("centre_id", "meeting_id", "member_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    guest_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class Resolution(Base):
    """What a meeting resolved, under its number: 3/2569. It never changes."""

    __tablename__ = "resolution"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "meeting_id"], _MEETING),
        UniqueConstraint("centre_id", "resolution_no"),
        Index("ix_resolution_meeting", "centre_id", "meeting_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    resolution_no: Mapped[str] = mapped_column(String(30), nullable=False)
    text: Mapped[str] = mapped_column(Text, nullable=False)
    owner_name: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    """Who sees to it."""
    due_on: Mapped[date | None] = mapped_column(Date)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class ResolutionOutcome(Base):
    """A resolution is done, or dropped by a later meeting; said once."""

    __tablename__ = "resolution_outcome"
    __table_args__ = (
        one_of("kind", ("done", "dropped")),
        ForeignKeyConstraint(
            ["centre_id", "resolution_id"], ["resolution.centre_id", "resolution.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    resolution_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
