"""Tables of entries people write: vouchers, their templates, and the papers kept with them.

What must stay true: a voucher changes while it is a draft and never after it was decided; the
guards let it be posted only with its entry, and above the limit only by a second person.
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
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

VOUCHER_KINDS = ("receive", "pay", "journal", "reversal")
VOUCHER_STATES = ("draft", "waiting", "posted", "refused", "discarded")
EVERY = ("", "month", "quarter", "year")


class VoucherTemplate(Base):
    """A voucher to be filled in again; with `every` it recurs, on a day of its months."""

    __tablename__ = "voucher_template"
    __table_args__ = (
        one_of("kind", VOUCHER_KINDS[:3]),
        one_of("every", EVERY),
        CheckConstraint("(every = '') = (next_due IS NULL)", name="recurs_from"),
        CheckConstraint("day_of_month BETWEEN 1 AND 31", name="day_of_month"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    every: Mapped[str] = mapped_column(String(10), nullable=False)
    day_of_month: Mapped[int] = mapped_column(Integer, nullable=False)
    next_due: Mapped[date | None] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False)


class Voucher(Base):
    """An entry as a person writes it, from the draft to the posted paper."""

    __tablename__ = "voucher"
    __table_args__ = (
        one_of("kind", VOUCHER_KINDS),
        one_of("state", VOUCHER_STATES),
        CheckConstraint("total_satang > 0", name="total_positive"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses"),
        CheckConstraint("reverse_on > business_date", name="reversed_later"),
        CheckConstraint("(state = 'posted') = (voucher_no IS NOT NULL)", name="posted_numbered"),
        CheckConstraint("state <> 'refused' OR length(reason) > 0", name="refused_with_reason"),
        UniqueConstraint("centre_id", "template_id", "due_on"),
        ForeignKeyConstraint(
            ["centre_id", "reverses_id"], ["journal_entry.centre_id", "journal_entry.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "corrects_id"], ["journal_entry.centre_id", "journal_entry.id"]
        ),
        ForeignKeyConstraint(
            ["centre_id", "template_id"], ["voucher_template.centre_id", "voucher_template.id"]
        ),
        # No row begins with a number, so no key of a row to insert: an index is enough.
        Index("ix_voucher_number", "centre_id", "voucher_no", unique=True),
        Index("ix_voucher_state", "centre_id", "state", "business_date", "id"),
        Index("ix_voucher_reverse_on", "centre_id", "reverse_on"),
        Index("ix_voucher_reverses_id", "centre_id", "reverses_id"),
        Index("ix_voucher_corrects_id", "centre_id", "corrects_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    state: Mapped[str] = mapped_column(String(10), nullable=False)
    voucher_no: Mapped[str | None] = mapped_column(String(30))
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    total_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    party: Mapped[str] = mapped_column(String(200), nullable=False)
    """Whom it was paid to or received from."""
    note: Mapped[str] = mapped_column(Text, nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    reverse_on: Mapped[date | None] = mapped_column(Date)
    """An accrual is reversed on this day by itself."""
    reverses_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The entry a voucher of kind `reversal` takes back."""
    corrects_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The entry this one stands in for, which a reversal takes back."""
    template_id: Mapped[UUID | None] = mapped_column(Uuid)
    due_on: Mapped[date | None] = mapped_column(Date)
    """The day of its template's schedule it was made for."""
    prepared_by: Mapped[UUID | None] = mapped_column(Uuid)
    prepared_name: Mapped[str] = mapped_column(String(120), nullable=False)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_name: Mapped[str] = mapped_column(String(120), nullable=False)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False)


class Attachment(Base):
    """A paper behind a voucher or an entry; the bytes lie in a file named by their SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="size_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        CheckConstraint("(voucher_id IS NULL) <> (entry_id IS NULL)", name="of_one"),
        ForeignKeyConstraint(["centre_id", "voucher_id"], ["voucher.centre_id", "voucher.id"]),
        ForeignKeyConstraint(
            ["centre_id", "entry_id"], ["journal_entry.centre_id", "journal_entry.id"]
        ),
        Index("ix_attachment_voucher_id", "centre_id", "voucher_id"),
        Index("ix_attachment_entry_id", "centre_id", "entry_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    voucher_id: Mapped[UUID | None] = mapped_column(Uuid)
    entry_id: Mapped[UUID | None] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False)
    media_type: Mapped[str] = mapped_column(String(40), nullable=False)
    size_bytes: Mapped[int] = mapped_column(Integer, nullable=False)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    added_by: Mapped[UUID | None] = mapped_column(Uuid)
    added_name: Mapped[str] = mapped_column(String(120), nullable=False)
