"""The registers of members and of producers: a number and a relation to the centre each."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import (
    Boolean,
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

from core.db import Base, BigId, Uuid, one_of
from members.rules.membership import PRODUCER_KINDS


class Member(Base):
    """A person's membership of the centre; who the person is stands with the person."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("centre_id", "member_no"),
        UniqueConstraint("centre_id", "person_id"),
        ForeignKeyConstraint(["centre_id", "person_id"], ["person.centre_id", "person.id"]),
        ForeignKeyConstraint(["centre_id", "merged_into_id"], ["member.centre_id", "member.id"]),
        CheckConstraint("merged_into_id <> id", name="merged_elsewhere"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    member_no: Mapped[str] = mapped_column(String(20), nullable=False)
    joined_on: Mapped[date] = mapped_column(Date, nullable=False)
    """With `resigned_on` what the dated facts yield today; only `standing` writes them."""
    resigned_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)


class Producer(Base):
    """A person or group that delivers goods; a producer may also be a member."""

    __tablename__ = "producer"
    __table_args__ = (
        one_of("kind", PRODUCER_KINDS),
        UniqueConstraint("centre_id", "producer_no"),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        ForeignKeyConstraint(["centre_id", "village_id"], ["village.centre_id", "village.id"]),
        ForeignKeyConstraint(["centre_id", "person_id"], ["person.centre_id", "person.id"]),
        CheckConstraint("split_basis_points BETWEEN 0 AND 10000", name="split_within_whole"),
        Index("ix_producer_sort_key", "centre_id", "sort_key"),
        Index("ix_producer_person_id", "centre_id", "person_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    producer_no: Mapped[str] = mapped_column(String(20), nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    name: Mapped[str] = mapped_column(String(160), nullable=False)
    phone: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    person_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Who it is, of a producer of kind person; a group has its people in `group_member`."""
    member_id: Mapped[UUID | None] = mapped_column(Uuid)
    village_id: Mapped[UUID | None] = mapped_column(Uuid)
    split_basis_points: Mapped[int] = mapped_column(Integer, nullable=False, default=8000)
    """The producer's usual part of a consigned sale; frozen on each lot at intake."""
    promptpay_id: Mapped[str] = mapped_column(
        String(15), nullable=False, default="", server_default=""
    )
    bank_code: Mapped[str] = mapped_column(String(3), nullable=False, default="", server_default="")
    bank_account: Mapped[str] = mapped_column(
        String(15), nullable=False, default="", server_default=""
    )
    bank_account_name: Mapped[str] = mapped_column(
        String(160), nullable=False, default="", server_default=""
    )
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    sort_key: Mapped[str] = mapped_column(Text, nullable=False)
    search_key: Mapped[str] = mapped_column(Text, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
