"""The register of persons: who somebody is, where they live, and in what standing they were.

What must stay true: a person's facts stand here once, whatever else the person is (member,
producer, neither); a standing follows from dated facts, which are withdrawn and never deleted.
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

FACT_KINDS = ("joined", "suspended", "reinstated", "resigned", "expelled", "died")


class Household(Base):
    """A house of a village, by its number; the people in it name it."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("centre_id", "village_id", "house_no"),
        ForeignKeyConstraint(["centre_id", "village_id"], ["village.centre_id", "village.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    village_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    house_no: Mapped[str] = mapped_column(String(20), nullable=False)


class Person(Base):
    """Someone the centre knows; `sort_key` orders Thai names, `search_key` forgives typing."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("centre_id", "national_id_hash"),
        ForeignKeyConstraint(["centre_id", "village_id"], ["village.centre_id", "village.id"]),
        ForeignKeyConstraint(
            ["centre_id", "household_id"], ["household.centre_id", "household.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "guardian_person_id"], ["person.centre_id", "person.id"]
        ),
        ForeignKeyConstraint(["centre_id", "merged_into_id"], ["person.centre_id", "person.id"]),
        CheckConstraint("birth_year BETWEEN 1850 AND 2200", name="birth_year_known"),
        CheckConstraint(
            "birth_month IS NULL OR (birth_year IS NOT NULL AND birth_month BETWEEN 1 AND 12)",
            name="birth_month_of_year",
        ),
        CheckConstraint(
            "birth_day IS NULL OR (birth_month IS NOT NULL AND birth_day BETWEEN 1 AND 31)",
            name="birth_day_of_month",
        ),
        CheckConstraint(
            "(national_id_cipher IS NULL) = (national_id_hash IS NULL)", name="national_id_whole"
        ),
        CheckConstraint("merged_into_id <> id", name="merged_elsewhere"),
        # Covers a search: in the order of names, without the rows themselves.
        Index("ix_person_search", "centre_id", "sort_key", "id", "search_key"),
        Index("ix_person_household_id", "centre_id", "household_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    title: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    first_name: Mapped[str] = mapped_column(String(80), nullable=False)
    last_name: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    nickname: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    phone: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    house_no: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    village_id: Mapped[UUID | None] = mapped_column(Uuid)
    household_id: Mapped[UUID | None] = mapped_column(Uuid)
    birth_year: Mapped[int | None] = mapped_column(Integer)
    """Of the Common Era; a year alone is enough, a month needs its year, a day its month."""
    birth_month: Mapped[int | None] = mapped_column(Integer)
    birth_day: Mapped[int | None] = mapped_column(Integer)
    national_id_cipher: Mapped[str | None] = mapped_column(Text)
    national_id_hash: Mapped[str | None] = mapped_column(String(64))
    """Keyed, so that a second person with the same number is noticed without reading any."""
    guardian_person_id: Mapped[UUID | None] = mapped_column(Uuid)
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    sort_key: Mapped[str] = mapped_column(Text, nullable=False)
    search_key: Mapped[str] = mapped_column(Text, nullable=False)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class StandingFact(Base):
    """What happened to a membership (or a producer) on a day; a wrong one is withdrawn."""

    __tablename__ = "standing_fact"
    __table_args__ = (
        one_of("kind", FACT_KINDS),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        CheckConstraint("(member_id IS NULL) <> (producer_id IS NULL)", name="of_one"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"
        ),
        Index("ix_standing_fact_member_id", "centre_id", "member_id", "on_date"),
        Index("ix_standing_fact_producer_id", "centre_id", "producer_id", "on_date"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    producer_id: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    on_date: Mapped[date] = mapped_column(Date, nullable=False)
    reason: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    withdrawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(300), nullable=False, default="")


class GroupMember(Base):
    """A person who belongs to a producer group from a day on, until another if it is over."""

    __tablename__ = "group_member"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        ForeignKeyConstraint(["centre_id", "person_id"], ["person.centre_id", "person.id"]),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="left_after_joining"),
        UniqueConstraint("centre_id", "producer_id", "person_id", "joined_on"),
        Index("ix_group_member_person_id", "centre_id", "person_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    person_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    joined_on: Mapped[date] = mapped_column(Date, nullable=False)
    left_on: Mapped[date | None] = mapped_column(Date)
