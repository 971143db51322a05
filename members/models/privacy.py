"""What people agreed to, what they asked about their data, and who turned out to be one person.

Rows are only ever added: the latest word of a person on a purpose is the one that holds.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
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

from core.db import Base, BigId, UtcDateTime, Uuid, one_of

CONSENT_PURPOSES = ("photo", "line", "survey", "household_book", "public_name")
REQUEST_KINDS = ("access", "correction", "erasure", "objection")
REQUEST_OUTCOMES = ("done", "refused")
_PERSON = ("person.centre_id", "person.id")


class Consent(Base):
    """Someone agreed to a use of their data, or took the agreement back, on a day."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", CONSENT_PURPOSES),
        ForeignKeyConstraint(["centre_id", "person_id"], _PERSON),
        Index("ix_consent_person", "centre_id", "person_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    purpose: Mapped[str] = mapped_column(String(20), nullable=False)
    given: Mapped[bool] = mapped_column(Boolean, nullable=False)
    on_date: Mapped[date] = mapped_column(Date, nullable=False)
    by_guardian: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    """The guardian of a minor said it, as the law wants."""
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class DataRequest(Base):
    """What someone asked about their own data and what came of it; a refusal says why."""

    __tablename__ = "data_request"
    __table_args__ = (
        one_of("kind", REQUEST_KINDS),
        one_of("outcome", REQUEST_OUTCOMES),
        ForeignKeyConstraint(["centre_id", "person_id"], _PERSON),
        CheckConstraint("outcome = 'done' OR length(reason) > 0", name="refusal_with_reason"),
        Index("ix_data_request_person", "centre_id", "person_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    asked_on: Mapped[date] = mapped_column(Date, nullable=False)
    outcome: Mapped[str] = mapped_column(String(10), nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class PersonMerge(Base):
    """Two rows of the register were one person: which one stands now, and why."""

    __tablename__ = "person_merge"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "kept_id"], _PERSON),
        ForeignKeyConstraint(["centre_id", "merged_id"], _PERSON),
        UniqueConstraint("centre_id", "merged_id"),
        CheckConstraint("kept_id <> merged_id", name="of_two"),
        CheckConstraint("length(reason) > 0", name="with_reason"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kept_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    merged_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    merged_by: Mapped[UUID | None] = mapped_column(Uuid)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)


class NotTheSame(Base):
    """Two who look alike are two: they are not suggested again. The lower id comes first."""

    __tablename__ = "not_the_same"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "first_id"], _PERSON),
        ForeignKeyConstraint(["centre_id", "second_id"], _PERSON),
        CheckConstraint("first_id < second_id", name="in_order"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    first_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    second_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
