"""Tables of coupons a fund pays for at the till (a voucher of the books is something else).

What must stay true: no more is used of a coupon than it was made out for; its code can't be
guessed; what is left of coupons in force is kept back in their fund.
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
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId, Satang, UtcDateTime, Uuid, one_of

COUPON_RESTS = ("stays", "lapses")
COUPON_MOVES = ("sale", "refund", "lapsed", "cancelled")


class CouponIssue(Base):
    """Coupons made out together: of one fund, each of the same worth."""

    __tablename__ = "coupon_issue"
    __table_args__ = (
        one_of("rest", COUPON_RESTS),
        UniqueConstraint("centre_id", "issue_no"),
        ForeignKeyConstraint(["centre_id", "fund_id"], ["fund.centre_id", "fund.id"]),
        ForeignKeyConstraint(
            ["centre_id", "resolution_id"], ["resolution.centre_id", "resolution.id"]
        ),
        CheckConstraint("amount_satang > 0", name="amount_positive"),
        CheckConstraint("coupon_count BETWEEN 1 AND 1000", name="count_within"),
        CheckConstraint("length(name) > 0", name="named"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    issue_no: Mapped[str] = mapped_column(String(30), nullable=False)
    fund_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    """What the coupons are for, as they say it themselves."""
    coupon_count: Mapped[int] = mapped_column(Integer, nullable=False)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    valid_until: Mapped[date] = mapped_column(Date, nullable=False)
    rest: Mapped[str] = mapped_column(String(10), nullable=False)
    """What becomes of the rest when less than all is used: stays for later, or lapses."""
    categories: Mapped[list[str]] = mapped_column(JSON, nullable=False)
    """Categories of goods it pays for; none named: all."""
    resolution_id: Mapped[UUID | None] = mapped_column(Uuid)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)


class Coupon(Base):
    """One coupon; whoever is not named in it may be anyone who brings it."""

    __tablename__ = "coupon"
    __table_args__ = (
        UniqueConstraint("centre_id", "code"),
        UniqueConstraint("centre_id", "issue_id", "position"),
        ForeignKeyConstraint(
            ["centre_id", "issue_id"], ["coupon_issue.centre_id", "coupon_issue.id"]
        ),
        ForeignKeyConstraint(["centre_id", "member_id"], ["member.centre_id", "member.id"]),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    issue_id: Mapped[UUID] = mapped_column(Uuid, nullable=False)
    position: Mapped[int] = mapped_column(Integer, nullable=False)
    code: Mapped[str] = mapped_column(String(16), nullable=False)
    member_id: Mapped[UUID | None] = mapped_column(Uuid)


class CouponMove(Base):
    """What a document took off a coupon, or (below zero) gave back to it."""

    __tablename__ = "coupon_move"
    __table_args__ = (
        one_of("source_type", COUPON_MOVES),
        CheckConstraint("(source_type = 'refund') = (amount_satang < 0)", name="sign_of_source"),
        CheckConstraint("amount_satang <> 0", name="something"),
        CheckConstraint(
            "(source_type = 'cancelled') = (length(reason) > 0)", name="cancelled_with_reason"
        ),
        ForeignKeyConstraint(["centre_id", "coupon_id"], ["coupon.centre_id", "coupon.id"]),
        Index("ix_coupon_move_coupon", "centre_id", "coupon_id"),
    )

    centre_id: Mapped[int] = mapped_column(BigId, ForeignKey("centre.id"), primary_key=True)
    source_type: Mapped[str] = mapped_column(String(10), primary_key=True)
    source_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    coupon_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    amount_satang: Mapped[int] = mapped_column(Satang, nullable=False)
    reason: Mapped[str] = mapped_column(Text, nullable=False)
    business_date: Mapped[date] = mapped_column(Date, nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    recorded_by: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_name: Mapped[str] = mapped_column(String(120), nullable=False)
