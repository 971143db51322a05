"""Table of a member's purse: money put in and taken out over the counter or by the bank.

What must stay true: a purse never holds less than nothing. What it holds is the ledger's 2160 of
the member; these documents, sales, refunds and payments of surplus explain it.
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
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

PURSE_KINDS = ("top_up", "withdrawal")
PURSE_PLACES = ("till", "safe", "awaited", "bank")
"""A drawer, the safe, a transfer the bank will show, or the bank itself (paid out)."""
PURSE_RECIPIENTS = ("member", "proxy", "heir")


class PurseMovement(Base):
    """A purse topped up, or money of it handed out."""

    __tablename__ = "purse_movement"
    __table_args__ = (
        one_of("kind", PURSE_KINDS),
        one_of("place", PURSE_PLACES),
        one_of("recipient_kind", PURSE_RECIPIENTS),
        UniqueConstraint("centre_id", "movement_no"),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("balance_satang >= 0", name="balance_natural"),
        CheckConstraint("(place = 'till') = (shift_id IS NOT NULL)", name="drawer_named"),
        CheckConstraint(
            "(recipient_kind = 'member') = (length(recipient_name) = 0)", name="recipient_named"
        ),
        Index("ix_purse_movement_member", "centre_id", "member_id"),
        Index("ix_purse_movement_shift", "centre_id", "shift_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    movement_no: Mapped[str] = mapped_column(String(30), nullable=False)
    member_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    place: Mapped[str] = mapped_column(String(10), nullable=False)
    till_id: Mapped[UUID | None] = mapped_column(Uuid)
    shift_id: Mapped[UUID | None] = mapped_column(Uuid)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    balance_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    """What the purse held afterwards, as the slip says."""
    recipient_kind: Mapped[str] = mapped_column(String(10), nullable=False)
    recipient_name: Mapped[str] = mapped_column(String(160), nullable=False)
    recipient_relation: Mapped[str] = mapped_column(String(80), nullable=False)
    reference: Mapped[str] = mapped_column(String(60), nullable=False)
    note: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
