"""Tables of the old books: what was brought in, what was taken of it, what it left to be paid.

An import may be changed while it is looked over; once taken or dropped it stays as it is. What
producers are still to be paid from the old books stands in `opening_due`, each row backed by a line
of the opening entry, so that a payout can pay it like any other document.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
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

IMPORT_STATES = ("open", "taken", "dropped")
DUE_KINDS = ("consignment", "outright", "advance")


class OpeningImport(Base):
    """Tables of the old books as they were brought, not posted; `choices` say what was decided."""

    __tablename__ = "opening_import"
    __table_args__ = (
        one_of("state", IMPORT_STATES),
        UniqueConstraint("centre_id", "import_no"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    import_no: Mapped[str] = mapped_column(String(30), nullable=False)
    opening_on: Mapped[date] = mapped_column(Date, nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="open")
    tables: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """Table → its file's name, headings and rows as text, with their lines."""
    digests: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """Table → the SHA-256 of its content: what was taken once is not taken again."""
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    """Which of our accounts an account of the old books is, where someone chose it."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class OpeningTaking(Base):
    """That an import was taken: by whom, with which entry (none when it held no money)."""

    __tablename__ = "opening_taking"
    __table_args__ = (
        CheckConstraint("total_satang >= 0", name="total_natural"),
        CheckConstraint("(total_satang = 0) = (entry_id IS NULL)", name="money_has_entry"),
        ForeignKeyConstraint(
            ["centre_id", "import_id"], ["opening_import.centre_id", "opening_import.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "entry_id"], ["journal_entry.centre_id", "journal_entry.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    import_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    entry_id: Mapped[UUID | None] = mapped_column(Uuid)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    total_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    people: Mapped[int] = mapped_column(Integer, nullable=False)
    """How many producers and members were entered into the registers for it."""
    lots: Mapped[int] = mapped_column(Integer, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)


class OpeningDue(Base):
    """What was owed to a producer on the opening day; of kind advance it bears the advance's id."""

    __tablename__ = "opening_due"
    __table_args__ = (
        one_of("kind", DUE_KINDS),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        UniqueConstraint("centre_id", "import_id", "producer_id", "kind"),
        ForeignKeyConstraint(
            ["centre_id", "import_id"], ["opening_taking.centre_id", "opening_taking.import_id"]
        ),
        ForeignKeyConstraint(["centre_id", "producer_id"], ["producer.centre_id", "producer.id"]),
        Index("ix_opening_due_producer_id", "centre_id", "producer_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    import_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    producer_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(12), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
