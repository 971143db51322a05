"""Tables of the bank: files, the lines read from them, and what of the books each line is.

What must stay true: a line of a statement and a line of the books stand in at most one match that
counts; undoing a match keeps it and frees them. Lines and items of a match are written before its
header, whose insert is refused by the guards unless both sides are equal.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

LINE_KINDS = ("opening", "line")
MATCH_KINDS = ("direct", "transfer", "entry", "contra")
HOWS = ("certain", "person", "undo")


class BankMapping(Base):
    """Which column of a bank's file is what, as a person said it once for an account."""

    __tablename__ = "bank_mapping"
    __table_args__ = (
        ForeignKeyConstraint(["centre_id", "account_id"], ["account.centre_id", "account.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


class BankFile(Base):
    """A file as the bank gave it, kept byte by byte: the paper behind the statement."""

    __tablename__ = "bank_file"
    __table_args__ = (
        UniqueConstraint("centre_id", "account_id", "digest"),
        ForeignKeyConstraint(["centre_id", "account_id"], ["account.centre_id", "account.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    content: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    uploaded_by: Mapped[UUID | None] = mapped_column(Uuid)


class BankStatement(Base):
    """A file that was taken: its lines count until it is withdrawn."""

    __tablename__ = "bank_statement"
    __table_args__ = (
        CheckConstraint("live IS NULL OR live", name="live_or_null"),
        CheckConstraint("line_count > 0", name="not_empty"),
        UniqueConstraint("centre_id", "account_id", "digest", "live"),
        ForeignKeyConstraint(["centre_id", "account_id"], ["account.centre_id", "account.id"]),
        ForeignKeyConstraint(["centre_id", "file_id"], ["bank_file.centre_id", "bank_file.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    file_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    """Of the file's content: the same file is never taken twice."""
    first_day: Mapped[date] = mapped_column(Date, nullable=False)
    last_day: Mapped[date] = mapped_column(Date, nullable=False)
    opening_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    closing_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    line_count: Mapped[int] = mapped_column(Integer, nullable=False)
    known_count: Mapped[int] = mapped_column(Integer, nullable=False)
    """Lines of the file that were here already and were not taken again."""
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    imported_by: Mapped[UUID | None] = mapped_column(Uuid)
    imported_name: Mapped[str] = mapped_column(String(120), nullable=False)
    live: Mapped[bool | None] = mapped_column(Boolean)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[UUID | None] = mapped_column(Uuid)


class BankLine(Base):
    """A line of a statement; what came in is above zero. `position` is its place in the account."""

    __tablename__ = "bank_line"
    __table_args__ = (
        one_of("kind", LINE_KINDS),
        CheckConstraint("amount_satang <> 0", name="says_something"),
        UniqueConstraint("centre_id", "account_id", "position"),
        ForeignKeyConstraint(
            ["centre_id", "statement_id"], ["bank_statement.centre_id", "bank_statement.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False)
    statement_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    row_no: Mapped[int] = mapped_column(Integer, nullable=False)
    """The line of the file it was read from; 0 for the opening balance."""
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    day: Mapped[date] = mapped_column(Date, nullable=False)
    at: Mapped[str] = mapped_column(String(5), nullable=False)
    """The time of day in Bangkok (HH:MM) when the bank says it."""
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    balance_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reference: Mapped[str] = mapped_column(String(120), nullable=False)
    description: Mapped[str] = mapped_column(Text, nullable=False)


class BankMatch(Base):
    """Lines of a statement and lines of the books said to be the same money."""

    __tablename__ = "bank_match"
    __table_args__ = (
        one_of("kind", MATCH_KINDS),
        one_of("how", HOWS),
        CheckConstraint("live IS NULL OR live", name="live_or_null"),
        CheckConstraint("(live IS NULL) = (undone_at IS NOT NULL)", name="undone_when_not_live"),
        ForeignKeyConstraint(["centre_id", "account_id"], ["account.centre_id", "account.id"]),
        ForeignKeyConstraint(
            ["centre_id", "entry_id"], ["journal_entry.centre_id", "journal_entry.id"]
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    how: Mapped[str] = mapped_column(String(10), nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    entry_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The entry this match posted, when it posted one."""
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    matched_by: Mapped[UUID | None] = mapped_column(Uuid)
    matched_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    live: Mapped[bool | None] = mapped_column(Boolean)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[UUID | None] = mapped_column(Uuid)
    undone_name: Mapped[str | None] = mapped_column(String(120))


class BankMatchLine(Base):
    """A line of a statement in a match."""

    __tablename__ = "bank_match_line"
    __table_args__ = (
        CheckConstraint("live IS NULL OR live", name="live_or_null"),
        UniqueConstraint("centre_id", "line_id", "live"),
        ForeignKeyConstraint(
            ["centre_id", "match_id"],
            ["bank_match.centre_id", "bank_match.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(["centre_id", "line_id"], ["bank_line.centre_id", "bank_line.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    live: Mapped[bool | None] = mapped_column(Boolean)


class BankMatchItem(Base):
    """A line of the books in a match."""

    __tablename__ = "bank_match_item"
    __table_args__ = (
        CheckConstraint("live IS NULL OR live", name="live_or_null"),
        UniqueConstraint("centre_id", "entry_id", "line_no", "live"),
        ForeignKeyConstraint(
            ["centre_id", "match_id"],
            ["bank_match.centre_id", "bank_match.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(
            ["centre_id", "entry_id", "line_no"],
            ["journal_line.centre_id", "journal_line.entry_id", "journal_line.line_no"],
        ),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    live: Mapped[bool | None] = mapped_column(Boolean)
